/*
 * The rows of the second list follow the first one's in the same snapshot of the database.
 */
#include "list/whole.h"

#include "base/container_of.h"
#include "http/reply.h"
#include "request_state.h"

#include <stdio.h>
#include <string.h>

static void write_row(struct job *job, const struct value *row)
{
	struct request *request = container_of(job, struct request, job);

	request->reply.format->write(&job->out, row);
}

/* What goes out between the two lists. */
static struct text between(struct request *request)
{
	const char *name = request->route->endpoint->then;
	size_t size = strlen(name) + sizeof("],\"\":[");
	char *at = memory_keep(&request->kept, size);

	snprintf(at, size, "],\"%s\":[", name);
	return (struct text){ at, size - 1 };
}

static void add_rest(struct request *request)
{
	struct job_part *part = memory_keep(&request->kept, sizeof(*part));

	*part = (struct job_part){ .statements = &request->route->rest,
		.count = 1,
		.values = request->values,
		.before = between(request) };
	request->job.parts = part;
	request->job.part_count = 1;
}

void whole_prepare(struct request *request)
{
	const struct endpoint *endpoint = request->route->endpoint;
	struct job *job = &request->job;

	job->slow = endpoint->slow;
	if (request->reply.format != NULL)
		job->write = write_row;
	else if (endpoint->then != NULL)
		add_rest(request);
}

void request_write_as(struct request *request, const struct writing *writing)
{
	request->reply.format = writing;
}
