/* Where the server listens, and the line that says so. */
#include "refusal.h"

#include <fcntl.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* A socket that holds a port of 127.0.0.1: 0 takes a free one. -1 where the port is taken. */
static int port_hold(int *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((in_port_t)*port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (struct sockaddr *)&address, size) || listen(fd, 1)) {
		close(fd);
		return -1;
	}
	getsockname(fd, (struct sockaddr *)&address, &size);
	*port = ntohs(address.sin_port);
	return fd;
}

/* Both the option and the variable, and each time no database is made. */
START_TEST(port_in_use_is_refused)
{
	char text[16], variable[32];
	int port = 0, fd = port_hold(&port);

	ck_assert_int_ge(fd, 0);
	snprintf(text, sizeof(text), "%d", port);
	snprintf(variable, sizeof(variable), "TODO_PORT=%d", port);
	refusal_expect(WORDS("--port", text), NULL, REFUSED_WORLD, text);
	refusal_expect(NO_WORDS, WORDS(variable), REFUSED_WORLD, text);
	ck_assert_int_eq(folder_count(), 0);
	ck_assert_msg(harness_start(&h, WORDS("--port", "0"), WORDS(variable)),
		"the option does not win over the variable");
	close(fd);
}
END_TEST

/* An empty file that waits for its server is still empty when the server could not start. */
START_TEST(empty_file_is_untouched)
{
	char text[16];
	struct stat about;
	int port = 0, fd = port_hold(&port);

	snprintf(text, sizeof(text), "%d", port);
	ck_assert_int_eq(close(creat(h.database, 0600)), 0);
	refusal_expect(WORDS("--port", text, "--db", h.database), NULL, REFUSED_WORLD, text);
	ck_assert_int_eq(stat(h.database, &about), 0);
	ck_assert_int_eq(about.st_size, 0);
	ck_assert_int_eq(folder_count(), 1);
	close(fd);
}
END_TEST

/* Whoever holds the port, this test or another program of the machine: it is the default. */
START_TEST(port_is_8888_by_default)
{
	int port = 8888, fd = port_hold(&port);

	refusal_expect(NO_WORDS, NULL, REFUSED_WORLD, "8888");
	close(fd);
}
END_TEST

START_TEST(port_is_taken_as_given)
{
	char text[16], line[64];
	int port = 0;

	close(port_hold(&port));
	snprintf(text, sizeof(text), "%d", port);
	snprintf(line, sizeof(line), "Listening on http://localhost:%d", port);
	for (int starts = 0; starts < 2; starts++) { /* the second finds what the first left */
		struct client client;
		struct reply reply;

		ck_assert(harness_start(&h, WORDS("--port", text), NULL));
		ck_assert_str_eq(h.line, line);
		ck_assert(client_open(&client, port));
		ck_assert(client_call(&client, &reply, "GET", "/api/v1", NULL, NULL, NULL));
		ck_assert_int_eq(reply.status, 200);
		reply_free(&reply);
		ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
		client_close(&client);
	}
}
END_TEST

static const struct place {
	const char *host, *said;
	const char *reached; /* an address at which it answers */
	const char *deaf;    /* one at which it does not, or NULL */
} places[] = {
	{ "127.0.0.1", "localhost", "127.0.0.1", "127.0.0.2" },
	{ "127.0.0.2", "127.0.0.2", "127.0.0.2", "127.0.0.1" },
	{ "::1", "localhost", "::1", "127.0.0.1" },
	{ "0.0.0.0", "0.0.0.0", "127.0.0.2", NULL },
	{ "::", "[::]", "::1", NULL },
};

/* Whether this machine has such an address at all: not every one speaks IPv6. */
static bool address_exists(const char *host)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6 };
	int fd;
	bool exists;

	if (!strchr(host, ':'))
		return true;
	inet_pton(AF_INET6, host, &address.sin6_addr);
	fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	exists = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
	close(fd);
	return exists;
}

static void place_check(const struct place *place)
{
	struct client client;
	struct reply reply;
	char line[128];

	snprintf(line, sizeof(line), "Listening on http://%s:%d", place->said, h.port);
	ck_assert_str_eq(h.line, line);
	ck_assert(client_connect(&client, place->reached, h.port));
	ck_assert(client_call(&client, &reply, "GET", "/api/v1", NULL, NULL, NULL));
	ck_assert_int_eq(reply.status, 200);
	reply_free(&reply);
	client_close(&client);
	if (place->deaf)
		ck_assert(!client_connect(&client, place->deaf, h.port));
}

START_TEST(host_is_listened_on)
{
	const struct place *place = &places[_i];
	const char *const arguments[] = { "--port", "0", "--host", place->host, NULL };
	char variable[64];

	snprintf(variable, sizeof(variable), "TODO_HOST=%s", place->host);
	if (!address_exists(place->host)) {
		refusal_expect(arguments, NULL, REFUSED_WORLD, place->host);
		return;
	}
	ck_assert(harness_start(&h, arguments, WORDS("TODO_HOST=127.0.0.3")));
	place_check(place);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	ck_assert(harness_start(&h, WORDS("--port", "0"), WORDS(variable)));
	place_check(place);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_test(test_case, port_in_use_is_refused);
	tcase_add_test(test_case, empty_file_is_untouched);
	tcase_add_test(test_case, port_is_8888_by_default);
	tcase_add_test(test_case, port_is_taken_as_given);
	tcase_add_loop_test(test_case, host_is_listened_on, 0, CHECK_COUNT(places));
}

int main(void)
{
	return check_main("start_listen", add);
}
