/*
 * evhttp as it is, listening, to compare its reading with the strict parser's. One at a time.
 */
#ifndef TESTS_EVHTTP_ORACLE_H
#define TESTS_EVHTTP_ORACLE_H

#include "base/text.h"

void evhttp_oracle_open(void);
void evhttp_oracle_close(void);

/*
 * Check that evhttp, given what the strict parser lets pass of a stream of so many whole requests,
 * sees as many, with the same content, and sends no reply of its own.
 */
void evhttp_oracle_check(struct text stream, unsigned requests);

#endif
