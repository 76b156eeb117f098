/*
 * Which names this server answers to: a page of another site whose name was made to lead here
 * (DNS rebinding) must not reach it. Any thread.
 */
#ifndef HTTP_HOST_H
#define HTTP_HOST_H

#include "base/text.h"

/*
 * Whether host ("name", "name:port", "192.0.2.1", "[::1]:80") is an IP address, localhost, or one
 * of the names in the list, which commas separate; a port does not matter.
 */
bool host_is_ours(struct text host, const char *names);

/*
 * Whether these are names that a request's Host can have, with commas between them: without scheme, port
 * and path, and at least one. IP addresses may be among them.
 */
bool host_names_are_valid(const char *names);

/*
 * Cut the port off such a host: what is left is its name, and *port is behind the colon, or empty.
 * False where that is no port.
 */
bool host_cut_port(struct text *host, struct text *port);

#endif
