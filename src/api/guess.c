/*
 * What login and the routes with a current_password have in common.
 */
#include "guess.h"

bool guess_waits(struct request *request)
{
	const struct value *wait = request_value(request, "wait");

	if (wait->type == VALUE_NULL)
		return false;
	request_refuse_for(request, 429, (int)wait->integer,
		"There were too many failed logins. Try again later.");
	return true;
}

void guess_verify(struct request *request, void (*next)(struct request *request))
{
	if (!guess_waits(request) && request_reserve_hash(request))
		request_verify(request, request_value(request, "current_password")->text,
			request_value(request, "old_hash")->text, next);
}

static void guess_failed(struct request *request)
{
	if (guess_waits(request))
		return;
	request_fault(request, "current_password", "is not the password");
	request_refuse(request, 422, "Some members are not as they should be.");
}

bool guess_was_right(struct request *request)
{
	if (request_verified(request))
		return true;
	request_exec(request, OTHER, guess_failed);
	return false;
}
