/* An account whose list is longer than the sockets between a server and its client hold. */
#ifndef TESTS_BULK_H
#define TESTS_BULK_H

#include "user.h"

#define BULK_TASKS 200
#define BULK_NOTE ((size_t)60000) /* bytes of each one's note */

/* Makes the tasks; a test where that fails ends. */
void bulk_fill(const struct harness *h, const struct user *user);

#endif
