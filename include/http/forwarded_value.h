/*
 * The values of X-Forwarded-For and X-Forwarded-Prefix, as proxies write them: no standard defines
 * them. Any thread.
 */
#ifndef HTTP_FORWARDED_VALUE_H
#define HTTP_FORWARDED_VALUE_H

#include "base/network.h"

/*
 * Read one value of X-Forwarded-For: an address. It may have a port, and then brackets if it is of
 * IPv6; it may be quoted; and an interface may follow a percent sign. False if it is none of that:
 * *address is undefined then.
 */
bool forwarded_read_node(struct text text, struct address *address);

/*
 * The prefix that a proxy has taken off the path, without a slash at its end. Empty if there is
 * none, or if it is not an absolute path of ordinary segments, since it is written into headers and
 * links.
 */
struct text forwarded_read_prefix(struct text path);

#endif
