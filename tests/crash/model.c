/* The steps of an account. */
#include "model.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void step_add(struct model *model, struct step step)
{
	model->steps = realloc(model->steps, (model->count + 1) * sizeof(*model->steps));
	if (!model->steps)
		abort();
	model->steps[model->count++] = step;
}

void model_begin(struct model *model, const char *username)
{
	*model = (struct model){ 0 };
	snprintf(model->username, sizeof(model->username), "%s", username);
	step_add(model, (struct step){ .after.revision = -1, .what = "nothing" });
}

void model_end(struct model *model)
{
	free(model->steps);
	*model = (struct model){ 0 };
}

void model_ask(struct model *model, const char *what, uint64_t now, struct state after)
{
	after.digest = 0;
	step_add(model, (struct step){ now, NEVER, after, what });
}

void model_told(struct model *model, uint64_t now)
{
	model->steps[model->count - 1].acked = now;
}

void model_seen(struct model *model, uint64_t digest)
{
	model->steps[model->count - 1].after.digest = digest;
}

const struct state *model_state(const struct model *model)
{
	return &model->steps[model->count - 1].after;
}

/* The last step that had been acknowledged; the first one always has. */
static size_t last_acked(const struct model *model, uint64_t point)
{
	size_t at = model->count - 1;

	while (at > 0 && (model->steps[at].acked == NEVER || model->steps[at].acked > point))
		at--;
	return at;
}

bool model_allows(
	const struct model *model, const struct state *found, uint64_t point, char why[256])
{
	size_t from = last_acked(model, point);

	for (size_t at = from; at < model->count && model->steps[at].begun <= point; at++)
		if (state_equal(&model->steps[at].after, found))
			return true;
	snprintf(why, 256,
		"%s: step %zu (%s) was acknowledged at revision %" PRId64 ", %" PRId64
		" sessions; found revision %" PRId64 ", %" PRId64 " sessions%s",
		model->username, from, model->steps[from].what, model->steps[from].after.revision,
		model->steps[from].after.sessions, found->revision, found->sessions,
		model->steps[from].after.revision == found->revision ? ", other tasks" : "");
	return false;
}

void model_settle(struct model *model, const struct state *found)
{
	struct step *last = &model->steps[model->count - 1];

	if (last->acked == NEVER && !state_equal(&last->after, found)) {
		model->count--;
		return;
	}
	last->acked = last->begun;
	last->after = *found;
}
