/* A server on the file of an earlier version. */
#include "check_main.h"
#include "version.h"

#include <stdio.h>
#include <string.h>

#define ANNS_TOKEN "td_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" /* in each of the files */

void version_user(struct user *user, const char *name, const char *token)
{
	snprintf(user->name, sizeof(user->name), "%s", name);
	snprintf(user->token, sizeof(user->token), "%s", token);
	snprintf(user->tasks, sizeof(user->tasks), "/api/v1/accounts/%s/tasks", name);
}

void version_serve(struct past *past, struct user *ann, const char *sql_name)
{
	*past = (struct past){ .h = { .out = -1 }, .client = { .fd = -1 } };
	ck_assert(harness_folder(&past->h));
	version_make(past->h.database, sql_name, "", true);
	past_start(past);
	ck_assert_int_eq(sqlite3_open(past->h.database, &past->file), SQLITE_OK);
	version_user(ann, "ann", ANNS_TOKEN);
}

void version_expect_said(const struct past *past, const char *said)
{
	char *log = harness_log(&past->h);

	ck_assert_msg(strncmp(log, said, strlen(said)) == 0, "it said: %s", log);
	ck_assert_msg(*said != '\0' || strstr(log, "version") == NULL, "it said: %s", log);
	free(log);
}
