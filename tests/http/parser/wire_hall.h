/*
 * evhttp as it is, listening, to be shown what the strict reader lets pass. One of it at a time.
 */
#ifndef TESTS_WIRE_HALL_H
#define TESTS_WIRE_HALL_H

#include "base/text.h"

void wire_hall_open(void);
void wire_hall_close(void);

/* Of this stream evhttp sees so many requests, and has not a word of its own to say. */
void wire_hall_check(struct text stream, unsigned requests);

#endif
