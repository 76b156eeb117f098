/*
 * Replies to throttled requests, and the check of a current password, which counts as a login does.
 */
#include "accounts/throttle.h"

#include "base/date.h"

bool is_throttled(struct request *request, const char *sentence)
{
	const struct value *wait = request_value(request, "wait");

	if (wait->type == VALUE_NULL)
		return false;
	time_t seconds = date_time(wait->text) - date_time(request_value(request, "now")->text);
	request_refuse_for(request, 429, (int)seconds, sentence);
	return true;
}

void current_password_verify(struct request *request, void (*next)(struct request *request))
{
	if (!is_throttled(request, LOGIN_THROTTLED) && request_reserve_hash(request))
		request_verify(request, request_value(request, "current_password")->text,
			request_value(request, "old_hash")->text, next);
}

static void current_password_failed(struct request *request)
{
	if (is_throttled(request, LOGIN_THROTTLED))
		return;
	request_fault(request, "current_password", "is not the password");
	request_refuse(request, 422, "Some members are not as they should be.");
}

bool current_password_is_right(struct request *request)
{
	if (request_verified(request))
		return true;
	request_exec(request, ALTERNATIVE_SQL, current_password_failed);
	return false;
}
