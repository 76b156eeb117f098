/* A file through a format and back: what was read, written and read again is the same. */
#ifndef TESTS_FUZZ_TURN_H
#define TESTS_FUZZ_TURN_H

#include "src/api/transfer/format.h"

/* Read any bytes; write the tasks that an import would take of them, and read those again. */
void turn_check(const struct format *format, struct text text);

#endif
