/* Clients that do not behave. */
#include "rough.h"

#include "base/buffer.h"
#include "check_main.h"
#include "deadline.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WINDOW 8192
#define PUSH_BLOCK ((size_t)64 << 10)
#define NOTE 60000
#define BATCH 60 /* tasks: below 4 MiB */

void rough_reset(struct client *client)
{
	struct linger now = { .l_onoff = 1 };

	setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	client_close(client);
}

bool rough_open_narrow(struct client *client, int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int window = WINDOW;

	*client = (struct client){ .port = port, .deadline_ms = CLIENT_DEADLINE_MS };
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client->fd < 0 ||
		setsockopt(client->fd, SOL_SOCKET, SO_RCVBUF, &window, sizeof(window)) != 0 ||
		connect(client->fd, (struct sockaddr *)(void *)&to, sizeof(to)) != 0)
		return false;
	return fcntl(client->fd, F_SETFL, O_NONBLOCK) == 0;
}

int rough_read_end(struct client *client, size_t *size)
{
	static char block[PUSH_BLOCK];
	long until = deadline_in(client->deadline_ms);

	while (deadline_poll(client->fd, POLLIN, until)) {
		ssize_t n = recv(client->fd, block, sizeof(block), MSG_DONTWAIT);

		if (n == 0)
			return 0;
		if (n > 0)
			*size += (size_t)n;
		else if (errno != EAGAIN && errno != EINTR)
			return errno;
	}
	return -1;
}

/* As many copies as fit, so that each call sends much. */
static size_t copy_often(char *block, const void *bytes, size_t size)
{
	size_t length = 0;

	for (; length + size <= PUSH_BLOCK; length += size)
		memcpy(block + length, bytes, size);
	return length;
}

size_t rough_push(struct client *client, const void *bytes, size_t size, size_t most)
{
	static char block[PUSH_BLOCK];
	size_t sent = 0, length = copy_often(block, bytes, size);

	while (sent < most && deadline_poll(client->fd, POLLOUT, deadline_in(1000))) {
		size_t at = sent % length;
		ssize_t n = send(client->fd, block + at, length - at, MSG_NOSIGNAL);

		if (n < 0 && errno == EAGAIN)
			continue;
		if (n < 0)
			break;
		sent += (size_t)n;
	}
	return sent;
}

static void add_tasks(struct buffer *body, int count)
{
	static char note[NOTE + 1];

	memset(note, 'n', NOTE);
	buffer_add_text(body, TEXT("{\"items\":["));
	for (int i = 0; i < count; i++)
		buffer_add_format(body,
			"%s{\"op\":\"create\",\"task\":{\"name\":\"%d\",\"note\":\"%s\"}}",
			i > 0 ? "," : "", i, note);
	buffer_add(body, "]}", 3);
}

void rough_fill(const struct harness *h, const struct user *user, int tasks)
{
	char path[sizeof(user->tasks) + 8];
	struct client client;

	snprintf(path, sizeof(path), "%s/batch", user->tasks);
	ck_assert(client_open(&client, h->port));
	for (int done = 0; done < tasks; done += BATCH) {
		struct buffer body = { 0 };

		add_tasks(&body, tasks - done < BATCH ? tasks - done : BATCH);
		ck_assert(user_send(&client, user, "POST", path, body.data));
		ck_assert_int_eq(user_read_status(&client, "POST"), 200);
		buffer_free(&body);
	}
	client_close(&client);
}
