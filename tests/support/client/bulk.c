/* Tasks with long notes. */
#include "bulk.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void bulk_fill(const struct harness *h, const struct user *user)
{
	char *body = malloc(BULK_NOTE + 64);
	struct client client;

	ck_assert_ptr_nonnull(body);
	int before = sprintf(body, "{\"name\":\"long\",\"note\":\"");

	memset(body + before, 'n', BULK_NOTE);
	strcpy(body + (size_t)before + BULK_NOTE, "\"}");
	ck_assert(client_open(&client, h->port));
	for (int i = 0; i < BULK_TASKS; i++) {
		ck_assert(user_send(&client, user, "POST", user->tasks, body));
		ck_assert_int_eq(user_read_status(&client, "POST"), 201);
	}
	client_close(&client);
	free(body);
}
