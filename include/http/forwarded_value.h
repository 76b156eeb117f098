/*
 * What proxies write into the values of X-Forwarded-For and X-Forwarded-Prefix, which no standard
 * has. Any thread.
 */
#ifndef HTTP_FORWARDED_VALUE_H
#define HTTP_FORWARDED_VALUE_H

#include "base/network.h"

/*
 * One value of X-Forwarded-For: an address; some proxies write a port behind it, and put one of
 * IPv6 into brackets then, or quotes around it. A link-local one may have its interface behind a
 * percent sign. False where it is none of that, and *address is any then.
 */
bool forwarded_read_node(struct text text, struct address *address);

/*
 * The prefix that a proxy has taken off the path, without the slash at its end; empty where there is
 * none, or where what is there is no absolute path of ordinary segments: it will stand in headers
 * and before our own paths.
 */
struct text forwarded_read_prefix(struct text path);

#endif
