/*
 * The memory that large bodies take, from when their bytes come until their requests are answered:
 * in all, and by account, so that one account leaves room to the others. Loop thread.
 */
#ifndef HTTP_BODY_SHARES_H
#define HTTP_BODY_SHARES_H

#include "http/connection_state.h"

#define BODY_NO_ROOM "Too many large bodies are on their way."

/* The limits for a process that may use so many bytes of memory. */
struct byte_limits connection_byte_limits(uint64_t memory);

/*
 * The bytes of a connection count for this account from now on, those of its earlier requests, perhaps
 * of another account, with the rest.
 */
void body_share_enter(struct connection *connection, int64_t account);

/* Whether so many bytes more are within the limits, in all and of the account. */
bool body_share_has_room(const struct connection *connection, uint64_t more);

/* Count bytes that have come for the account; false if that refuses the body. */
bool body_share_reserve(struct connection *connection, uint64_t more);

/* Give back the bytes of the connection, but for so many. */
void body_share_release(struct connection *connection, uint64_t kept);

#endif
