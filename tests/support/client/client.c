/* The raw HTTP client: a connection, bytes out and bytes in. */
#include "client.h"
#include "deadline.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool client_finish_connect(struct client *client)
{
	int error = 0, on = 1;
	socklen_t size = sizeof(error);

	if (!deadline_poll(client->fd, POLLOUT, deadline_in(client->deadline_ms)))
		return false;
	if (getsockopt(client->fd, SOL_SOCKET, SO_ERROR, &error, &size) || error)
		return false;
	return !setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/* Connects, from that address where one is given. */
static bool client_start(
	struct client *client, const struct addrinfo *to, const struct sockaddr *from)
{
	client->fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (client->fd < 0 || (from && bind(client->fd, from, sizeof(struct sockaddr_in))))
		return false;
	if (connect(client->fd, to->ai_addr, to->ai_addrlen) && errno != EINPROGRESS)
		return false;
	return client_finish_connect(client);
}

static bool client_connect_from(
	struct client *client, const char *address, int port, const struct sockaddr *from)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM };
	struct addrinfo *to;
	char service[16];
	bool started;

	*client = (struct client){ .fd = -1, .port = port, .deadline_ms = CLIENT_DEADLINE_MS };
	snprintf(service, sizeof(service), "%d", port);
	if (getaddrinfo(address, service, &hints, &to))
		return false;
	started = client_start(client, to, from);
	freeaddrinfo(to);
	if (!started)
		client_close(client);
	return started;
}

bool client_connect(struct client *client, const char *address, int port)
{
	return client_connect_from(client, address, port, NULL);
}

bool client_open(struct client *client, int port)
{
	return client_connect(client, "127.0.0.1", port);
}

bool client_open_from(struct client *client, int n, int port)
{
	struct sockaddr_in from = { .sin_family = AF_INET };

	from.sin_addr.s_addr = htonl(0x7f000000u + (uint32_t)n * 0x101u);
	return client_connect_from(client, "127.0.0.1", port, (const struct sockaddr *)&from);
}

void client_close(struct client *client)
{
	if (client->fd >= 0)
		close(client->fd);
	free(client->input);
	*client = (struct client){ .fd = -1, .closed = true };
}

/* Reads what is there without waiting; false when there is nothing more to come. */
static bool client_take(struct client *client)
{
	ssize_t n;

	if (client->size - client->used < 16384) {
		client->size = client->size ? client->size * 2 : 32768;
		client->input = realloc(client->input, client->size);
		if (!client->input)
			abort();
	}
	n = recv(client->fd, client->input + client->used, client->size - client->used - 1, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n <= 0) {
		client->closed = true;
		return false;
	}
	client->used += (size_t)n;
	client->input[client->used] = '\0';
	return true;
}

bool client_fill(struct client *client, long until)
{
	return !client->closed && deadline_poll(client->fd, POLLIN, until) && client_take(client);
}

bool client_send(struct client *client, const void *bytes, size_t size)
{
	long until = deadline_in(client->deadline_ms);
	const char *from = bytes;

	while (size && !client->closed) {
		int ready = deadline_poll(client->fd, POLLIN | POLLOUT, until);
		ssize_t n;

		if (!ready)
			return false;
		if (ready & POLLIN && !client_take(client))
			return false;
		if (!(ready & (POLLOUT | POLLERR | POLLHUP)))
			continue;
		n = send(client->fd, from, size, MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		if (n > 0) {
			from += n;
			size -= (size_t)n;
		}
	}
	return !size;
}

bool client_call(struct client *client, struct reply *reply, const char *method, const char *path,
	const char *headers, const char *token, const char *body)
{
	char *request, length[96] = "";
	int size;

	if (body)
		snprintf(length, sizeof(length),
			"Content-Type: application/json\r\nContent-Length: %zu\r\n", strlen(body));
	size = asprintf(&request, "%s %s HTTP/1.1\r\nHost: localhost:%d\r\n%s%s%s%s%s\r\n%s",
		method, path, client->port, headers ? headers : "",
		token ? "Authorization: Bearer " : "", token ? token : "", token ? "\r\n" : "",
		length, body ? body : "");
	if (size < 0)
		abort();
	/* A server that refuses early closes early: what it said counts, not that it listened. */
	client_send(client, request, (size_t)size);
	free(request);
	return client_read(client, method, reply);
}

bool client_drain(struct client *client)
{
	long until = deadline_in(client->deadline_ms);

	while (client_fill(client, until))
		;
	return client->closed;
}
