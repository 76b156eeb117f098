/* What the parts of a random request share. */
#ifndef TESTS_FUZZ_API_PARTS_H
#define TESTS_FUZZ_API_PARTS_H

#include "api_request.h"
#include "check_main.h"

static inline unsigned api_below(struct api_client *client, unsigned limit)
{
	return (unsigned)(check_random(&client->random) % limit);
}

static inline bool api_chance(struct api_client *client, unsigned percent)
{
	return api_below(client, 100) < percent;
}

#define PICK(client, list) ((list)[api_below(client, (unsigned)CHECK_COUNT(list))])

/* The inputs of a row that come from there, as pairs of a form or a query. */
void api_add_form(struct api_client *client, struct buffer *out, const struct endpoint *row,
	enum source source);

/* A body, and what it is said to be. */
const char *api_make_body(
	struct api_client *client, struct buffer *body, const struct endpoint *row);

#endif
