/*
 * Long replies, which are sent in pieces while the store still reads. Loop thread.
 */
#ifndef ENDPOINT_STREAM_H
#define ENDPOINT_STREAM_H

struct request;

/* A piece has come from the store. */
void stream_piece(struct request *request);

/* The last piece has come; or the store gave up: abort the reply. The request is freed. */
void stream_end(struct request *request);
void stream_break(struct request *request);

/* End the streams that wait for their clients, since the store needs their snapshots to end. */
void streams_relieve(void *server);

#endif
