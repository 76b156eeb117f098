/*
 * The host names that this server answers to. Any other is refused, since a page of another site
 * could point its own name here (DNS rebinding). Any thread.
 */
#ifndef HTTP_HOST_H
#define HTTP_HOST_H

#include "base/text.h"

/*
 * Whether host ("name", "name:port", "192.0.2.1", "[::1]:80") is an IP address, localhost, or one
 * of names, a list with commas. The port does not matter.
 */
bool host_is_allowed(struct text host, const char *names);

/*
 * Whether names is a list, with commas, of one or more host names or IP addresses, each without
 * scheme, port and path.
 */
bool host_names_are_valid(const char *names);

/*
 * Cut the port off a host: *host becomes its name, and *port the digits after the colon, or empty.
 * False if that is no port.
 */
bool host_cut_port(struct text *host, struct text *port);

#endif
