/*
 * Who asks, and what for, where a proxy stands in between. Loop thread.
 */
#ifndef HTTP_FORWARDED_H
#define HTTP_FORWARDED_H

struct request;

/*
 * Sets the request's address, and where a trusted proxy has sent it, what that says of the client:
 * X-Forwarded-For, X-Forwarded-Proto and X-Forwarded-Host. Of everybody else they are ignored.
 */
void forwarded_read(struct request *request);

#endif
