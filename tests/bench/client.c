/*
 * The client of the benchmarks: requests that are the same in every run, on one kept-alive
 * connection, and moments that a shell cannot measure.
 *
 *     bench_client send PORT TOKEN STATUS FIRST COUNT METHOD PATH [BODY]
 *
 * sends so many requests, each after the reply to the one before it. In the path and the body "%d"
 * is the number of the request, from FIRST. Every reply must have that status. STATUS 304 makes the
 * requests conditional on the ETag of a first reply.
 *
 *     bench_client first PORT TOKEN COUNT PATH        a reply: to its first byte, and to its end
 *     bench_client start TOKEN COUNT PATH COMMAND...  a server: from its start to its first reply
 *     bench_client sync FOLDER COUNT                  one fdatasync of a block written before
 *
 * print medians in microseconds, "first" also the longest time to the end, and that of all replies.
 *
 *     bench_client hold PORT COUNT PATH
 *
 * opens so many connections, has one reply on each, says "held", and keeps them until standard
 * input ends.
 */
#include "client.h"
#include "deadline.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DEADLINE_MS 60000 /* for one exchange: under valgrind a long list takes seconds */
#define TEXT_MAX 8192
#define HEADER_MAX 256
#define BLOCK 4096
#define COUNT_MAX 10000

static int64_t microseconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * INT64_C(1000000) + time.tv_nsec / 1000;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static long long median(int64_t *times, long count)
{
	qsort(times, (size_t)count, sizeof(times[0]), compare);
	return (long long)times[count / 2];
}

static int fail(const char *what)
{
	perror(what);
	return 1;
}

static long count_of(const char *word)
{
	long count = atol(word);

	return count < 1 ? 1 : count > COUNT_MAX ? COUNT_MAX : count;
}

/* ---- requests ---- */

/* The template with each "%d" replaced by the number. */
static void fill_in(char text[TEXT_MAX], const char *template, long number)
{
	size_t used = 0;

	for (const char *at = template; *at != '\0' && used + 24 < TEXT_MAX; at++) {
		if (at[0] == '%' && at[1] == 'd') {
			used += (size_t)snprintf(text + used, TEXT_MAX - used, "%ld", number);
			at++;
		} else {
			text[used++] = *at;
		}
	}
	text[used] = '\0';
}

/* One exchange; the value is the reply's status, 0 if there was none. */
static int exchange(struct client *client, const char *const *request, const char *token,
	const char *headers, long number, struct reply *reply)
{
	char path[TEXT_MAX], body[TEXT_MAX];

	fill_in(path, request[1], number);
	if (request[2] != NULL)
		fill_in(body, request[2], number);
	if (!client_call(client, reply, request[0], path, headers, token,
		    request[2] != NULL ? body : NULL))
		return 0;
	return reply->status;
}

/* The header that makes a request conditional on the ETag of this reply. */
static bool condition_of(struct reply *reply, char header[HEADER_MAX])
{
	const char *etag = reply_find_header(reply, "ETag");

	if (etag == NULL)
		return false;
	snprintf(header, HEADER_MAX, "If-None-Match: %s\r\n", etag);
	return true;
}

static int send_requests(int count, char **words)
{
	struct client client;
	struct reply reply;
	char condition[HEADER_MAX] = "";

	if (count < 7)
		return 2;
	const char *token = words[1][0] != '\0' ? words[1] : NULL;
	int wanted = atoi(words[2]);
	long first = atol(words[3]), total = atol(words[4]);
	const char *request[] = { words[5], words[6], count > 7 ? words[7] : NULL };
	if (!client_open(&client, atoi(words[0])))
		return fail("bench_client: connect");
	client.deadline_ms = DEADLINE_MS;
	int status = wanted;
	if (wanted == 304) {
		exchange(&client, request, token, NULL, first, &reply);
		status = condition_of(&reply, condition) ? wanted : reply.status;
		reply_free(&reply);
	}
	for (long i = 0; i < total && status == wanted; i++) {
		status = exchange(&client, request, token, condition, first + i, &reply);
		if (status != wanted)
			fprintf(stderr, "bench_client: %s %s, number %ld: %d\n%s\n%s\n", request[0],
				request[1], first + i, status, reply.head ? reply.head : "",
				reply.body ? reply.body : "");
		reply_free(&reply);
	}
	client_close(&client);
	return status != wanted;
}

/* ---- moments ---- */

/* Sends a GET; when the first byte of the reply came, and when all of it was there. */
static bool fetch(
	struct client *client, const char *path, const char *token, int64_t *first, int64_t *whole)
{
	char request[TEXT_MAX];
	struct reply reply;
	int length = snprintf(request, sizeof(request),
		"GET %s HTTP/1.1\r\nHost: localhost:%d\r\nAuthorization: Bearer %s\r\n\r\n", path,
		client->port, token);

	client->deadline_ms = DEADLINE_MS;
	if (!client_send(client, request, (size_t)length))
		return false;
	while (client->used == 0)
		if (!client_fill(client, deadline_in(DEADLINE_MS)))
			return false;
	*first = microseconds();
	bool read = client_read(client, "GET", &reply) && reply.status == 200;
	*whole = microseconds();
	reply_free(&reply);
	return read;
}

static int first_bytes(int count, char **words)
{
	static int64_t firsts[COUNT_MAX], wholes[COUNT_MAX];
	struct client client;

	if (count != 4)
		return 2;
	long total = count_of(words[2]);
	if (!client_open(&client, atoi(words[0])))
		return fail("bench_client: connect");
	int64_t start = microseconds();
	for (long i = 0; i < total; i++) {
		int64_t begun = microseconds();

		if (!fetch(&client, words[3], words[1], &firsts[i], &wholes[i]))
			return fail("bench_client: no reply");
		firsts[i] -= begun;
		wholes[i] -= begun;
	}
	client_close(&client);
	long long all = microseconds() - start, half = median(wholes, total);
	printf("%lld %lld %lld %lld\n", median(firsts, total), half, (long long)wholes[total - 1],
		all);
	return 0;
}

/* Starts the command; the port that its first line ends with, 0 if there is none. */
static int start_server(char **command, pid_t *pid, int *out)
{
	int ends[2], port = 0;
	char line[256] = "";
	size_t used = 0;
	ssize_t n = 0;

	if (pipe(ends) != 0 || (*pid = fork()) < 0)
		return 0;
	if (*pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execvp(command[0], command);
		_exit(127);
	}
	close(ends[1]);
	*out = ends[0];
	while (strchr(line, '\n') == NULL && used < sizeof(line) - 1 &&
		(n = read(ends[0], line + used, sizeof(line) - 1 - used)) > 0)
		used += (size_t)n;
	if (strrchr(line, ':') != NULL)
		port = atoi(strrchr(line, ':') + 1);
	return port;
}

static int starts(int count, char **words)
{
	static int64_t times[COUNT_MAX];

	if (count < 4)
		return 2;
	long total = count_of(words[1]);
	for (long i = 0; i < total; i++) {
		int64_t begun = microseconds(), first = 0, whole = 0;
		struct client client;
		pid_t pid = -1;
		int out = -1, port = start_server(words + 3, &pid, &out);
		bool replied = port > 0 && client_open(&client, port) &&
			       fetch(&client, words[2], words[0], &first, &whole);

		times[i] = first - begun;
		if (port > 0)
			client_close(&client);
		if (pid > 0) {
			kill(pid, SIGTERM);
			waitpid(pid, NULL, 0);
		}
		close(out);
		if (!replied)
			return fail("bench_client: the server does not start");
	}
	printf("%lld\n", median(times, total));
	return 0;
}

static int syncs(int count, char **words)
{
	static const char block[BLOCK] = "x";
	static int64_t times[COUNT_MAX];
	char path[TEXT_MAX];

	if (count != 2)
		return 2;
	long total = count_of(words[1]);
	snprintf(path, sizeof(path), "%s/sync", words[0]);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, block, BLOCK) != BLOCK || fsync(fd) != 0)
		return fail(path);
	for (long i = 0; i < total; i++) {
		int64_t begun = microseconds();

		if (pwrite(fd, block, BLOCK, 0) != BLOCK || fdatasync(fd) != 0)
			return fail(path);
		times[i] = microseconds() - begun;
	}
	close(fd);
	unlink(path);
	printf("%lld\n", median(times, total));
	return 0;
}

/* ---- connections that idle ---- */

static int hold(int count, char **words)
{
	struct reply reply;

	if (count != 3)
		return 2;
	long total = count_of(words[1]);
	struct client *clients = calloc((size_t)total, sizeof(*clients));
	if (clients == NULL)
		abort();
	for (long i = 0; i < total; i++) {
		if (!client_open(&clients[i], atoi(words[0])))
			return fail("bench_client: connect");
		client_call(&clients[i], &reply, "GET", words[2], NULL, NULL, NULL);
		if (reply.status != 200)
			return fail("bench_client: no reply");
		reply_free(&reply);
	}
	printf("held\n");
	fflush(stdout);
	while (getchar() != EOF)
		;
	for (long i = 0; i < total; i++)
		client_close(&clients[i]);
	free(clients);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(int count, char **words); /* exit status; 2: the words are wrong */
} commands[] = {
	{ "send", send_requests },
	{ "first", first_bytes },
	{ "start", starts },
	{ "sync", syncs },
	{ "hold", hold },
};

int main(int argc, char **argv)
{
	int status = 2;

	for (size_t i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			status = commands[i].run(argc - 2, argv + 2);
	if (status == 2)
		fprintf(stderr,
			"bench_client: see the head of tests/bench/client.c for its words\n");
	return status;
}
