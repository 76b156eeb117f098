/* The product's own rows without their statements, so that routes can be had without a store. */
#ifndef TESTS_FUZZ_TABLES_H
#define TESTS_FUZZ_TABLES_H

#include "src/endpoint/route/route.h"

/* The rows, behind each other; the last one has no path. Made once, and never freed. */
const struct endpoint *tables_rows(void);

/* A router of them; made once, and never freed. */
const struct router *tables_router(void);

#endif
