/*
 * What one account has asked for and been told, step by step. It has one client, which waits for
 * each reply: so the account is at the step that was acknowledged last, or at the one behind it.
 */
#ifndef TESTS_CRASH_MODEL_H
#define TESTS_CRASH_MODEL_H

#include "sound.h"

#define NEVER UINT64_MAX

struct step {
	uint64_t begun; /* operations of the disk that had begun when it was asked for */
	uint64_t acked; /* and when its reply had come whole; NEVER: it did not */
	struct state after;
	const char *what;
};

struct model {
	char username[64];
	struct step *steps; /* the first one: there is no such account */
	size_t count;
};

void model_begin(struct model *model, const char *username);
void model_end(struct model *model);

/* A change is asked for, and should lead there. */
void model_ask(struct model *model, const char *what, uint64_t now, struct state after);

/* The reply to the last one is here; so are the tasks as they are now. */
void model_told(struct model *model, uint64_t now);
void model_seen(struct model *model, uint64_t digest);

/* The state behind the last step. */
const struct state *model_state(const struct model *model);

/*
 * Whether the account may be like this when the disk stopped after so many operations (NEVER: all
 * that there were): no step that was acknowledged is missing, and none is there that was not begun.
 */
bool model_allows(
	const struct model *model, const struct state *found, uint64_t point, char why[256]);

/* What was in flight is settled by what was found: the one step or the other. */
void model_settle(struct model *model, const struct state *found);

#endif
