/*
 * A small blocking HTTP/1.1 client on a raw socket. It sends exactly the bytes it is given and
 * hides nothing of what comes back, so that a test can say wrong things on purpose and see every
 * header of the answer. Nothing here waits longer than the client's deadline.
 *
 * A client and its replies belong to one thread at a time; there is no state beside them.
 */
#ifndef TESTS_CLIENT_H
#define TESTS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#define CLIENT_DEADLINE_MS 20000

struct client {
	int fd;		 /* -1 when not connected */
	int port;	 /* for the Host header */
	int deadline_ms; /* for one client_send or client_read as a whole; may be changed */
	bool closed;	 /* the server has closed, or reset, its side */
	char *input;	 /* bytes that came and belong to no reply yet */
	size_t used, size;
};

struct reply {
	int status;    /* 0 when no reply came */
	bool complete; /* the body came whole */
	char *head;    /* status line and headers as they were sent, up to the empty line */
	size_t head_size;
	char *body; /* decoded from chunks; never NULL once read, a NUL follows it */
	size_t body_size;
	char *value; /* private: room for the last reply_find_header() */
};

/* Connects to an address of this machine ("127.0.0.1", "::1"). false: refused, or the deadline. */
bool client_connect(struct client *client, const char *address, int port);

/* client_connect to 127.0.0.1. */
bool client_open(struct client *client, int port);

/*
 * client_open from 127.0.N.N of this machine's loopback addresses, N from 1 to 254: to the server
 * a host of its own.
 */
bool client_open_from(struct client *client, int n, int port);

void client_close(struct client *client);

/*
 * Sends the bytes, taking in what comes meanwhile. false: the server closed before it had taken
 * them all (what it answered can still be read), or the deadline passed.
 */
bool client_send(struct client *client, const void *bytes, size_t size);

/*
 * Reads one reply to a request of that method (HEAD has no body), passing over 1xx. The reply is
 * filled in either case and has to be freed. false: nothing, or not all of it, came before the
 * server closed or the deadline passed; status and complete tell how far it got.
 */
bool client_read(struct client *client, const char *method, struct reply *reply);

/*
 * One exchange: `headers` are further lines, each with its \r\n, or NULL; `token` is sent as a
 * bearer token, or NULL; `body` is a JSON text, or NULL for none.
 */
bool client_call(struct client *client, struct reply *reply, const char *method, const char *path,
	const char *headers, const char *token, const char *body);

/* Waits for more input, until the point in time. false: the server closed, or nothing came. */
bool client_fill(struct client *client, long deadline);

/*
 * Takes in everything that comes until the server closes or the client's deadline passes: true
 * when it closed. What came is in client->input (client->used bytes, and a NUL after them).
 */
bool client_drain(struct client *client);

/* The first header of that name whatever its case, trimmed, until the next call; NULL: absent. */
const char *reply_find_header(struct reply *reply, const char *name);

size_t reply_count_header(const struct reply *reply, const char *name);

/* The reply as text, to be freed, without its Date: that differs by the moment. */
char *reply_undated(const struct reply *reply);

void reply_free(struct reply *reply);

#endif
