/*
 * The API's description for people, as a page.
 */
#ifndef ENDPOINT_DOCS_H
#define ENDPOINT_DOCS_H

#include "base/buffer.h"

struct router;

/* The page's text, which is the caller's. Loop thread. */
struct buffer docs_write(const struct router *router);

#endif
