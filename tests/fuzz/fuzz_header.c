/*
 * What headers say: of the body's media type, of the host, and of who asks. None of it depends on
 * case where HTTP says that it does not, on what stands beside it, or on a port.
 */
#include "src/endpoint/access/session.h"
#include "src/endpoint/request.h"
#include "base/buffer.h"
#include "support/fuzz.h"
#include "http/host.h"
#include "http/media_type.h"

#include <stdarg.h>

#define NAMES "todo.example, a.b"

/* To be freed. */
static char *text_make(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	CHECK_THAT(vasprintf(&text, format, arguments) >= 0, "no memory");
	va_end(arguments);
	return text;
}

static char *swap_case(const char *text)
{
	char *swapped = strdup(text);

	for (char *c = swapped; *c != '\0'; c++)
		if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z'))
			*c ^= 0x20;
	return swapped;
}

static void check_media(const char *header)
{
	static const char list[] = "text/csv text/calendar";
	char *swapped = swap_case(header);
	char *in_utf8 = text_make("%s; charset=\"UTF-8\"", header);
	char *in_other = text_make("%s;charset=latin1", header);
	enum media media = media_type_read(header);
	bool listed = media_type_is_listed(header, list);

	CHECK_THAT(media <= MEDIA_OTHER, "no such media");
	CHECK_THAT(media_type_read(swapped) == media, "case matters: %s", header);
	CHECK_THAT(media_type_read(in_utf8) == media, "saying UTF-8 matters: %s", header);
	CHECK_THAT(media_type_read(in_other) == MEDIA_OTHER, "another charset is taken: %s", header);
	CHECK_THAT(media_type_is_listed(swapped, list) == listed, "case matters: %s", header);
	CHECK_THAT(media_type_is_listed(in_utf8, list) == listed, "saying UTF-8 matters: %s", header);
	CHECK_THAT(!media_type_is_listed(in_other, list), "another charset is taken: %s", header);
	free(swapped);
	free(in_utf8);
	free(in_other);
}

static void check_host(const char *host)
{
	char *swapped = swap_case(host), *with_port = text_make("%s:8888", host);
	char *above = text_make("x%s", host);
	const char *bracket = strrchr(host, ']');
	bool has_port = strchr(bracket != NULL ? bracket : host, ':') != NULL;
	bool ours = host_is_allowed(text_of(host), NAMES);

	CHECK_THAT(host_is_allowed(text_of(swapped), NAMES) == ours, "case matters: %s", host);
	CHECK_THAT(has_port || host_is_allowed(text_of(with_port), NAMES) == ours,
		"a port matters: %s", host);
	CHECK_THAT(!ours || *host == '[' || strchr("0123456789aAlLtT", *host) != NULL,
		"ours is none of ours: %s", host);
	CHECK_THAT(!host_is_allowed(text_of(above), NAMES), "the end of a name is taken: %s", above);
	free(swapped);
	free(with_port);
	free(above);
}

static void ask(struct request *request, const char *authorization, const char *cookies)
{
	memset(request, 0, sizeof(*request));
	request->header[HEADER_AUTHORIZATION] = authorization;
	request->header[HEADER_COOKIE] = cookies;
	session_read(request);
}

/* Cookies of others beside ours are no matter; a second one of ours leaves none. */
static void check_cookies(const char *cookies)
{
	static struct request request, again;
	char *beside = text_make("theirs=1; %s; x_todo_session=2", cookies);
	char *twice = text_make("%s; todo_session=z", cookies);

	ask(&request, NULL, cookies);
	ask(&again, NULL, beside);
	CHECK_THAT(again.session.credentials == request.session.credentials &&
			   memcmp(again.session.token, request.session.token,
				   sizeof(request.session.token)) == 0,
		"cookies beside ours matter: %s", cookies);
	ask(&again, NULL, twice);
	CHECK_THAT(request.session.credentials == CREDENTIALS_NONE ||
			   again.session.credentials == CREDENTIALS_NONE,
		"one of two is taken: %s", cookies);
	ask(&again, "Bearer x", cookies);
	CHECK_THAT(again.session.credentials == CREDENTIALS_BEARER,
		"a token has less weight than a cookie");
	free(beside);
	free(twice);
}

/* White space around a token is no part of it. */
static void check_token(const char *token)
{
	static struct request request, again;
	char *header = text_make("Bearer %s", token), *padded = text_make("BEARER \t%s ", token);

	ask(&request, header, NULL);
	ask(&again, padded, "todo_session=a");
	CHECK_THAT(request.session.credentials == CREDENTIALS_BEARER &&
			   again.session.credentials == CREDENTIALS_BEARER,
		"not taken as a token: %s", token);
	if (text_is_utf8(text_of(token)))
		CHECK_THAT(memcmp(again.session.token, request.session.token,
				   sizeof(request.session.token)) == 0,
			"white space matters: %s", token);
	free(header);
	free(padded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const checks[])(
		const char *) = { check_media, check_host, check_cookies, check_token };
	struct text text = fuzz_text(data, size);
	unsigned choice = fuzz_byte(&text) % CHECK_COUNT(checks);
	char *header = strndup(text.data, text.length);

	checks[choice](header);
	free(header);
	return 0;
}
