/* Long bodies to a running server. */
#include "large_body.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void send_text(struct client *client, const char *text)
{
	client_send(client, text, strlen(text));
}

static void send_head(struct client *client, const struct user *user, const char *method,
	const char *path, const char *headers)
{
	char head[1024];

	snprintf(head, sizeof(head),
		"%s %s HTTP/1.1\r\nHost: localhost:%d\r\nAuthorization: Bearer %s\r\n"
		"Content-Type: application/json\r\n%s\r\n",
		method, path, client->port, user->token, headers);
	send_text(client, head);
}

void large_body_head(struct client *client, const struct user *user, const char *method,
	const char *path, size_t length, const char *headers)
{
	char all[256];

	snprintf(all, sizeof(all), "Content-Length: %zu\r\n%s", length, headers);
	send_head(client, user, method, path, all);
}

void large_body_chunked(struct client *client, const struct user *user, const char *path)
{
	send_head(client, user, "POST", path, "Transfer-Encoding: chunked\r\n");
}

void large_body_piece(struct client *client, size_t length, bool first, bool last)
{
	char *piece = malloc(length);

	if (!piece)
		abort();
	memset(piece, ' ', length);
	if (first)
		piece[0] = '{';
	if (last)
		piece[length - 1] = '}';
	client_send(client, piece, length);
	free(piece);
}

void large_body_chunk(struct client *client, size_t length, bool first, bool last)
{
	large_body_size(client, length);
	large_body_piece(client, length, first, last);
	send_text(client, "\r\n");
}

void large_body_size(struct client *client, size_t length)
{
	char size[32];

	snprintf(size, sizeof(size), "%zx\r\n", length);
	send_text(client, size);
}
