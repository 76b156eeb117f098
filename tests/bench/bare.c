/*
 * The floor that the benchmark measures against: evhttp on one loop thread that answers each known
 * path with a fixed body, and does nothing else. One thread.
 *
 *     bench_bare PATH STATUS BYTES [PATH STATUS BYTES ...]
 *
 * takes a free port on 127.0.0.1 and says on standard output which, in the words of the server.
 */
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS 3 /* arguments that make a page */
#define PAGES_MAX 8
#define BODY_MAX (1024 * 1024)

struct page {
	const char *path;
	int status;
	size_t size; /* bytes of the body */
};

static struct page pages[PAGES_MAX];
static int page_count;
static char body[BODY_MAX];

static const struct page *page_find(const char *path)
{
	for (int i = 0; i < page_count; i++)
		if (strcmp(pages[i].path, path) == 0)
			return &pages[i];
	return NULL;
}

static void request_answer(struct evhttp_request *request, void *unused)
{
	const struct page *page = page_find(evhttp_request_get_uri(request));

	(void)unused;
	if (!page) {
		evhttp_send_reply(request, HTTP_NOTFOUND, "Not Found", NULL);
		return;
	}
	evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type",
		"application/json; charset=\"utf-8\"");
	evbuffer_add(evhttp_request_get_output_buffer(request), body, page->size);
	evhttp_send_reply(request, page->status, page->status == 201 ? "Created" : "OK", NULL);
}

static bool pages_read(char **words, int count)
{
	if (count == 0 || count % FIELDS != 0 || count / FIELDS > PAGES_MAX)
		return false;
	for (int i = 0; i < count; i += FIELDS) {
		struct page page = { words[i], atoi(words[i + 1]),
			strtoul(words[i + 2], NULL, 10) };

		if (page.path[0] != '/' || page.status < 200 || page.size > BODY_MAX)
			return false;
		pages[page_count++] = page;
	}
	return true;
}

static struct event_base *loop_new(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base;

	/* What a careful program sets: without it each request costs four epoll_ctl calls. */
	event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
	base = event_base_new_with_config(config);
	event_config_free(config);
	return base;
}

static int port_of(struct evhttp_bound_socket *socket)
{
	struct sockaddr_in address;
	socklen_t length = sizeof(address);

	if (getsockname(evhttp_bound_socket_get_fd(socket), (struct sockaddr *)&address, &length))
		return 0;
	return ntohs(address.sin_port);
}

int main(int argc, char **argv)
{
	struct event_base *base;
	struct evhttp *http;
	struct evhttp_bound_socket *socket;

	if (!pages_read(argv + 1, argc - 1)) {
		fprintf(stderr, "usage: bench_bare PATH STATUS BYTES [PATH STATUS BYTES ...]\n");
		return 2;
	}
	memset(body, 'x', sizeof(body));
	base = loop_new();
	http = evhttp_new(base);
	evhttp_set_gencb(http, request_answer, NULL);
	socket = evhttp_bind_socket_with_handle(http, "127.0.0.1", 0);
	if (!socket) {
		perror("bench_bare");
		return 1;
	}
	printf("Listening on http://localhost:%d\n", port_of(socket));
	fflush(stdout);
	return event_base_dispatch(base) < 0;
}
