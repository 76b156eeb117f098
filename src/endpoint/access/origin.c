/*
 * Two hosts are equal where their names and their ports are. Without a port it is that of the
 * scheme, unless a trusted proxy has named one.
 */
#include "access/origin.h"

#include "base/log.h"
#include "base/monotonic.h"
#include "http/host.h"
#include "state/request_state.h"
#include "state/server_state.h"

#include <stdio.h>
#include <string.h>

#define SHOWN_MOST 128	   /* bytes of a header in a sentence */
#define SENTENCE_SIZE 1024 /* terminated */
#define TOLD_SECONDS 60	   /* between two lines in the log */

struct place {
	struct text name;
	int64_t port;
};

static bool is_https(struct text scheme)
{
	return text_equal_nocase(scheme, TEXT("https"));
}

/* Of "name" or "name:port"; otherwise: the port of a name alone. */
static bool read_place(struct text host, int64_t otherwise, struct place *place)
{
	struct text port;

	if (!host_cut_port(&host, &port))
		return false;
	*place = (struct place){ host, otherwise };
	return port.length == 0 || text_to_integer(port, &place->port);
}

/* The host that the client asked for, as far as it is known here. */
static struct text own_host(const struct request *request)
{
	return request->client.forwarded_host.length > 0 ? request->client.forwarded_host
							 : request->target.host;
}

/*
 * Whether an Origin ("http://host:port") is what was asked: its host, its port, and its scheme
 * where that is known.
 */
static bool is_own_origin(const struct request *request, const char *origin)
{
	const char *mark = strstr(origin, "://");
	struct place theirs, own;

	if (mark == NULL)
		return false;
	struct text scheme = { origin, (size_t)(mark - origin) };
	bool https = is_https(scheme);
	int64_t usual = https ? 443 : 80;
	if (!https && !text_equal_nocase(scheme, TEXT("http")))
		return false;
	if (request->client.scheme != SCHEME_UNKNOWN &&
		https != (request->client.scheme == SCHEME_HTTPS))
		return false;
	int64_t said = request->client.forwarded_port != 0 ? request->client.forwarded_port : usual;
	return read_place(text_of(mark + 3), usual, &theirs) &&
	       read_place(own_host(request), said, &own) && own.name.length > 0 &&
	       theirs.port == own.port && text_equal_nocase(theirs.name, own.name);
}

void origin_read(struct request *request)
{
	const char *site = request->header[HEADER_SEC_FETCH_SITE];
	const char *origin = request->header[HEADER_ORIGIN];

	if (site != NULL)
		request->session.same_origin =
			strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0;
	if (origin != NULL)
		request->session.same_origin |= is_own_origin(request, origin);
	request->session.cross_site =
		(site != NULL || origin != NULL) && !request->session.same_origin;
}

/* Text of a header as it can be shown anywhere. */
static void show(struct text text, char shown[SHOWN_MOST + 1])
{
	size_t i = 0;

	for (; i < text.length && i < SHOWN_MOST; i++)
		shown[i] = text.data[i] > ' ' && text.data[i] <= '~' ? text.data[i] : '?';
	shown[i] = '\0';
}

/* The other site, and the header that names it. */
static void show_theirs(
	const struct request *request, char shown[SHOWN_MOST + 1], const char **name)
{
	const char *origin = request->header[HEADER_ORIGIN];
	const char *site = request->header[HEADER_SEC_FETCH_SITE];

	*name = origin != NULL ? "Origin" : "Sec-Fetch-Site";
	show(text_of(origin != NULL ? origin : site != NULL ? site : ""), shown);
}

static void tell(struct server *server, const char *sentence)
{
	time_t now = monotonic_seconds();

	if (server->cookie_refused != 0 && now - server->cookie_refused < TOLD_SECONDS)
		return;
	server->cookie_refused = now;
	log_warning("a browser's login: %s", sentence);
}

const char *origin_refuse_cookie(struct request *request)
{
	bool forwarded = request->client.forwarded_host.length > 0;
	char theirs[SHOWN_MOST + 1], own[SHOWN_MOST + 1], port[32] = "";
	char *sentence = arena_alloc(&request->arena, SENTENCE_SIZE);
	const char *said_by;

	show_theirs(request, theirs, &said_by);
	show(own_host(request), own);
	if (request->client.forwarded_port != 0)
		snprintf(port, sizeof(port), ", X-Forwarded-Port %d",
			(int)request->client.forwarded_port);
	snprintf(sentence, SENTENCE_SIZE,
		"No cookie was set: the page that asks is of %s (%s), and this server was asked as"
		" %s (%s%s). A proxy between them has to pass on the host with its port.",
		theirs, said_by, own, forwarded ? "X-Forwarded-Host" : "Host", port);
	tell(request->server, sentence);
	return sentence;
}
