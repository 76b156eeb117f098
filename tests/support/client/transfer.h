/*
 * Files of tasks out of an account and into one. Each thread brings its own client.
 */
#ifndef TESTS_TRANSFER_H
#define TESTS_TRANSFER_H

#include "exchange.h"

/* The account's tasks as a file, to be freed; NULL unless it is a whole 200. */
char *transfer_export(struct exchange *exchange, const char *format);

/* Sends an import and leaves its reply to client_read(). */
bool transfer_send(const struct exchange *exchange, const char *format, const char *file);

/* Imports the file and gives the reply's JSON, to be freed; NULL where none came whole. */
json_t *transfer_import(struct exchange *exchange, const char *format, const char *file);

#endif
