/* Clients that do not behave. */
#ifndef TESTS_ROUGH_H
#define TESTS_ROUGH_H

#include "user.h"

/* Close with a reset, whatever is still to be read or sent. */
void rough_reset(struct client *client);

/*
 * Connect with so small a window that the server's machine soon holds what is not read. The
 * client's own calls work as always.
 */
bool rough_open_narrow(struct client *client, int port);

/*
 * Send the bytes again and again, reading nothing, until that many are sent, the server closes, or
 * it takes none for a second. How many it took.
 */
size_t rough_push(struct client *client, const void *bytes, size_t size, size_t most);

/*
 * Read on until the connection ends: 0 where it ends cleanly, else the error (ECONNRESET), or -1
 * where it does not end by the client's deadline. How many bytes came is added to *size.
 */
int rough_read_end(struct client *client, size_t *size);

/* Give an account that many tasks with long notes; a list of them is so many times 60,000 bytes. */
void rough_fill(const struct harness *h, const struct user *user, int tasks);

#endif
