/*
 * Which conditions a request has, and whether they hold (RFC 9110, 13).
 */
#include "access/precondition.h"

#include "http/media_type.h"
#include "http/reply.h"
#include "state/faults.h"
#include "state/request_state.h"

void precondition_read(struct request *request)
{
	const char *none = request->header[HEADER_IF_NONE_MATCH];

	if (request->route->endpoint->etag == ETAG_NONE)
		return;
	if (!condition_read(&request->precondition.if_match, request->header[HEADER_IF_MATCH]))
		input_fault(request, 400, "If-Match is neither * nor a list of entity tags.");
	if (!condition_read(&request->precondition.if_none_match, none))
		request->precondition.if_none_match.given = false;
	if (request->precondition.no_etag)
		request->precondition.if_match.given = request->precondition.if_none_match.given =
			false;
}

void request_set_etag(struct request *request, bool has_etag)
{
	request->precondition.waits = !has_etag;
}

/* RFC 9110, 13.2.2; there are no conditions by date. */
int precondition_check_tag(const struct request *request, struct text tag)
{
	bool reads = request->route->is_safe;

	if (request->precondition.if_match.given &&
		!condition_has_tag(&request->precondition.if_match, tag))
		return 412;
	if (request->precondition.if_none_match.given &&
		condition_has_tag(&request->precondition.if_none_match, tag))
		return reads ? 304 : 412;
	return 0;
}

int precondition_check(const struct request *request, int64_t revision)
{
	char tag[ETAG_SIZE];

	return precondition_check_tag(request, reply_unquoted_tag(revision, tag));
}

bool precondition_keeps_weak(const struct request *request, struct text tag)
{
	return accept_allows_gzip(request->header[HEADER_ACCEPT_ENCODING]) &&
	       condition_is_weak(&request->precondition.if_none_match, tag);
}
