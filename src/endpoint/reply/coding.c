/*
 * Which replies are coded, and where. Short ones are not: at 4 KiB the coding takes 20 us and saves
 * 3 KiB. A read's reply is coded by the thread that reads it, piece by piece, and that of a change
 * afterwards by a thread that reads, so that no other change waits for it. At most so many are in
 * the middle of their coding as there are such threads.
 */
#include "reply/coding.h"

#include "base/container_of.h"
#include "http/gzip.h"
#include "http/media_type.h"
#include "reply/rows.h"
#include "state/request_state.h"
#include "state/server_state.h"

#define PIECE ((size_t)16 << 10)      /* coded bytes that go to the client at once, or more */
#define BRIEF_MAX ((size_t)320 << 10) /* bytes of rows that take no longer than a short read */

/*
 * A reply with a new token is not coded, whatever its length: its length would depend on the secret
 * and on what the client sent.
 */
static bool may_code(const struct request *request)
{
	return request->header[HEADER_ACCEPT_ENCODING] != NULL &&
	       request->session.new_token[0] == '\0' && !request->route->endpoint->no_row;
}

static bool is_accepted(const struct request *request)
{
	return accept_allows_gzip(request->header[HEADER_ACCEPT_ENCODING]);
}

static void begin(struct request *request)
{
	struct coding_state *coding = &request->coding;
	struct buffer opening = { 0 };

	coding->applied = true;
	coding->gzip = gzip_new();
	reply_open_rows(request, &opening);
	gzip_add(
		coding->gzip, (struct text){ opening.data, opening.length }, false, &coding->coded);
	buffer_free(&opening);
}

/*
 * Code the rows that are in out, and with the last ones the end. What comes of them replaces them.
 */
static void code_rows(struct request *request, bool last)
{
	struct coding_state *coding = &request->coding;
	struct buffer *out = &request->job.out;

	if (last)
		reply_close_rows(request, out);
	gzip_add(coding->gzip, (struct text){ out->data, out->length }, last, &coding->coded);
	out->length = 0;
}

static void hand_over(struct request *request, bool last)
{
	struct coding_state *coding = &request->coding;
	struct buffer coded = coding->coded;

	coding->coded = request->job.out;
	request->job.out = coded;
	if (!last)
		return;
	buffer_free(&coding->coded);
	gzip_free(coding->gzip);
	coding->gzip = NULL;
}

/* Of struct job: on the store's thread. */
static bool encode(struct job *job, bool last)
{
	struct request *request = container_of(job, struct request, job);
	struct coding_state *coding = &request->coding;

	if (!coding->applied) {
		if (job->out.length < CODING_LEAST || !is_accepted(request)) {
			job->encode = NULL;
			return true;
		}
		begin(request);
	}
	code_rows(request, last);
	if (!last && coding->coded.length < PIECE)
		return false;
	hand_over(request, last);
	return true;
}

void coding_prepare(struct request *request)
{
	/* Conditions on the row are asked after it was read, and 412 shows it as it is. */
	bool asked_later =
		request->route->endpoint->etag == ETAG_ROW &&
		(request->precondition.if_match.given || request->precondition.if_none_match.given);

	if (!asked_later && may_code(request))
		request->job.encode = encode;
}

/* ---- of a change ---- */

static void encode_all(struct job *job)
{
	encode(job, true);
}

/* Coded, or as it is where the store takes no job any more: what was done is told. */
static void coding_done(struct work *work)
{
	struct request *request = container_of(work, struct request, job.work);

	request->next(request);
}

bool coding_begin(struct request *request, void (*next)(struct request *request))
{
	struct coding_state *coding = &request->coding;
	struct job *job = &request->job;
	size_t length = job->out.length;

	if (coding->applied || coding->tried || !may_code(request) ||
		!is_accepted(request) || request->server->closed)
		return false;
	coding->tried = true;
	request_begin_job(request, next);
	job->out.length = length;
	job->work.done = coding_done;
	job->aside = encode_all;
	job->long_running = length > BRIEF_MAX;
	request_hand_over(request);
	return true;
}
