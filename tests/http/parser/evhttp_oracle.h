/*
 * evhttp as it is, listening, to be shown what the strict reader lets pass. One of it at a time.
 */
#ifndef TESTS_EVHTTP_ORACLE_H
#define TESTS_EVHTTP_ORACLE_H

#include "base/text.h"

void wire_hall_open(void);
void wire_hall_close(void);

/*
 * Of this stream of so many whole requests evhttp, getting what the strict reader lets go on, sees as many,
 * and the same in them; it has not a word of its own to say.
 */
void wire_hall_check(struct text stream, unsigned requests);

#endif
