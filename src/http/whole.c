/*
 * The rows of the second list follow the first one's in the same snapshot of the database.
 */
#include "whole.h"

#include "base/json.h"
#include "reply.h"

static void write_row(struct job *job, const struct value *row)
{
	struct request *request = (struct request *)(void *)job;

	request->writing->write(&job->out, row);
}

/* On the store's thread, behind the first list. */
static enum onward add_rest(struct job *job)
{
	struct request *request = (struct request *)(void *)job;

	if (request->rest)
		return ONWARD_END;
	request->rest = true;
	buffer_add_text(&job->out, TEXT("],"));
	json_write_text(&job->out, text_of(request->route->endpoint->then));
	buffer_add_text(&job->out, TEXT(":["));
	job->written = false;
	job->statements = &request->route->rest;
	job->count = 1;
	job->step = NULL;
	return ONWARD_RUN;
}

void whole_prepare(struct request *request)
{
	const struct endpoint *endpoint = request->route->endpoint;
	struct job *job = &request->job;

	job->slow = endpoint->slow;
	if (request->writing != NULL)
		job->write = write_row;
	else if (endpoint->then != NULL)
		job->onward = add_rest;
}

void request_write_as(struct request *request, const struct writing *writing)
{
	request->writing = writing;
}
