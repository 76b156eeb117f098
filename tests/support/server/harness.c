/* Servers of the real binary: a folder, a process, and what it says. */
#include "deadline.h"
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ARGUMENTS_MAX 32
#define LOG_NAME "stderr.log"

extern char **environ;

bool harness_folder(struct harness *h)
{
	char made[sizeof(h->folder)] = "/tmp/todo-test-XXXXXX";

	if (*h->folder)
		return true;
	if (!mkdtemp(made))
		return false;
	memcpy(h->folder, made, sizeof(made));
	snprintf(h->database, sizeof(h->database), "%s/todo.sqlite", made);
	return true;
}

/* `added`, and this process's environment without what the server would take as its options. */
static char **environment_make(const char *const *added)
{
	size_t room = 1, used = 0;
	char **made;

	for (char **e = environ; *e; e++)
		room++;
	for (const char *const *a = added; a && *a; a++)
		room++;
	made = calloc(room, sizeof(*made));
	if (!made)
		abort();
	for (const char *const *a = added; a && *a; a++)
		made[used++] = (char *)(uintptr_t)*a;
	for (char **e = environ; *e; e++)
		if (strncmp(*e, "TODO_", 5) != 0 && strncmp(*e, "DATABASE_URL=", 13) != 0)
			made[used++] = *e;
	return made;
}

/* Standard error is a file: it cannot fill up and stop a server that nobody reads from. */
static int actions_make(posix_spawn_file_actions_t *actions, const struct harness *h, int out)
{
	char log[sizeof(h->folder) + sizeof(LOG_NAME)];

	snprintf(log, sizeof(log), "%s/" LOG_NAME, h->folder);
	return posix_spawn_file_actions_init(actions) ||
	       posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0) ||
	       posix_spawn_file_actions_adddup2(actions, out, 1) ||
	       posix_spawn_file_actions_addopen(
		       actions, 2, log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600) ||
	       posix_spawn_file_actions_addchdir_np(actions, h->folder);
}

/* What is started: the binary, or what HARNESS_BINARY names instead. */
static const char *binary_path(void)
{
	const char *other = getenv("HARNESS_BINARY");

	return other != NULL ? other : TODO_BINARY;
}

/* Starts the binary in the folder with `out` as its standard output: 0, or an errno. */
static int harness_spawn(
	struct harness *h, const char *const *arguments, const char *const *environment, int out)
{
	const char *binary = binary_path();
	const char *argv[ARGUMENTS_MAX + 2] = { binary };
	posix_spawn_file_actions_t actions;
	char **envp;
	int failed;

	for (size_t n = 0; arguments && arguments[n]; n++) {
		if (n == ARGUMENTS_MAX)
			return E2BIG;
		argv[n + 1] = arguments[n];
	}
	if (actions_make(&actions, h, out))
		return ENOMEM;
	envp = environment_make(environment);
	failed = posix_spawn(&h->pid, binary, &actions, NULL, (char *const *)(uintptr_t)argv, envp);
	if (failed)
		h->pid = 0;
	free(envp);
	posix_spawn_file_actions_destroy(&actions);
	return failed;
}

/* Starts the binary and keeps the reading end of its standard output in h->out. */
static bool harness_launch(
	struct harness *h, const char *const *arguments, const char *const *environment)
{
	int ends[2], failed;

	if (h->pid || !harness_folder(h) || pipe2(ends, O_CLOEXEC))
		return false;
	failed = harness_spawn(h, arguments, environment, ends[1]);
	close(ends[1]);
	h->out = ends[0];
	if (!failed)
		return true;
	fprintf(stderr, "%s: %s\n", binary_path(), strerror(failed));
	close(h->out);
	h->out = -1;
	return false;
}

/* Reads one line without its end; false when the output ended or the deadline passed before. */
static bool harness_read_line(struct harness *h)
{
	long until = deadline_in(HARNESS_DEADLINE_MS);
	size_t used = 0;

	while (used < sizeof(h->line) - 1 && deadline_poll(h->out, POLLIN, until)) {
		if (read(h->out, h->line + used, 1) != 1)
			break;
		if (h->line[used] == '\n') {
			h->line[used] = '\0';
			return true;
		}
		used++;
	}
	h->line[used] = '\0';
	return false;
}

/* The port is behind the line's last colon: an IPv6 address has colons of its own. */
static bool harness_read_port(struct harness *h)
{
	static const char said[] = "Listening on http";
	char *colon, *end;

	if (!harness_read_line(h) || strncmp(h->line, said, sizeof(said) - 1) != 0)
		return false;
	colon = strrchr(h->line, ':');
	h->port = (int)strtol(colon + 1, &end, 10);
	return end != colon + 1 && !*end && h->port > 0 && h->port < 65536;
}

bool harness_start(struct harness *h, const char *const *arguments, const char *const *environment)
{
	const char *const usual[] = { "--port", "0", "--db", h->database, NULL };
	char *log;

	if (!harness_folder(h))
		return false;
	if (!harness_launch(h, arguments ? arguments : usual, environment))
		return false;
	if (harness_read_port(h))
		return true;
	h->refused = harness_stop(h, 0);
	log = harness_log(h);
	fprintf(stderr, "the server did not start; it said '%s' and logged:\n%s\n", h->line, log);
	free(log);
	return false;
}

/* Waits for the end without reaping anybody else's child, and kills when the deadline passes. */
static int harness_reap(struct harness *h)
{
	long until = deadline_in(HARNESS_DEADLINE_MS);
	const struct timespec pause = { .tv_nsec = 2000000 };
	bool killed = false;
	int status;

	while (waitpid(h->pid, &status, killed ? 0 : WNOHANG) != h->pid) {
		if (deadline_in(0) > until && !killed)
			killed = !kill(h->pid, SIGKILL);
		nanosleep(&pause, NULL);
	}
	h->pid = 0;
	if (killed)
		return -1;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int harness_stop(struct harness *h, int signal)
{
	int status;

	if (!h->pid)
		return -1;
	if (signal)
		kill(h->pid, signal);
	status = harness_reap(h);
	close(h->out);
	h->out = -1;
	return status;
}

/* All that can be read until the end, or until the deadline; `fd` is closed. */
static char *text_read(int fd)
{
	long until = deadline_in(HARNESS_DEADLINE_MS);
	size_t size = 0, used = 0;
	char *text = NULL;
	ssize_t n;

	do {
		if (size - used < 2) {
			size = size ? size * 2 : 4096;
			text = realloc(text, size);
			if (!text)
				abort();
		}
		n = deadline_poll(fd, POLLIN, until) ? read(fd, text + used, size - used - 1) : 0;
		used += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	text[used] = '\0';
	if (fd >= 0)
		close(fd);
	return text;
}

char *harness_log(const struct harness *h)
{
	char path[sizeof(h->folder) + sizeof(LOG_NAME)];

	snprintf(path, sizeof(path), "%s/" LOG_NAME, h->folder);
	return text_read(open(path, O_RDONLY | O_CLOEXEC));
}

static int entry_remove(const char *path, const struct stat *about, int type, struct FTW *where)
{
	(void)about;
	(void)type;
	(void)where;
	return remove(path);
}

void harness_remove(struct harness *h)
{
	harness_stop(h, SIGKILL);
	if (*h->folder)
		nftw(h->folder, entry_remove, 8, FTW_DEPTH | FTW_PHYS);
	*h = (struct harness){ .out = -1 };
}

struct harness_result harness_run(
	struct harness *h, const char *const *arguments, const char *const *environment)
{
	struct harness_result result = { .status = -1 };

	if (!harness_launch(h, arguments, environment))
		return result;
	result.out = text_read(dup(h->out));
	result.status = harness_stop(h, 0);
	result.err = harness_log(h);
	return result;
}

void harness_result_free(struct harness_result *result)
{
	free(result->out);
	free(result->err);
	*result = (struct harness_result){ 0 };
}

bool harness_register(const struct harness *h, const char *username, char token[HARNESS_TOKEN_SIZE])
{
	struct client client;
	struct reply reply;
	char body[512];
	json_t *registered;
	const char *got = NULL;

	if (!client_open(&client, h->port))
		return false;
	snprintf(body, sizeof(body), "{\"username\":\"%s\",\"password\":\"%s\"}", username,
		HARNESS_PASSWORD);
	client_call(&client, &reply, "POST", "/api/v1/accounts", NULL, NULL, body);
	registered = json_loads(reply.body, 0, NULL);
	if (reply.status == 201)
		got = json_string_value(json_object_get(registered, "token"));
	if (got)
		snprintf(token, HARNESS_TOKEN_SIZE, "%s", got);
	json_decref(registered);
	reply_free(&reply);
	client_close(&client);
	return got;
}
