/* Where we may connect to when somebody says where over the API: not into our own network, unless whoever started the server allowed that host.
 *
 * A name is resolved once, by what connects; each address it comes to is looked at right before the connection (reach_outside), so a name
 * that points inside, or one that points elsewhere the second time, leads nowhere. However an address is written, what counts is the
 * address.
 */
#ifndef SERVE_REACH_H
#define SERVE_REACH_H

#include <stdbool.h>
#include <sys/socket.h>
#include "base/err.h"
#include "base/str.h"

/* Is it an address of the open network? Not of this machine, a private network, a link, a group, documentation, or IPv6 that stands for
 * such an IPv4 address. (IANA's special-purpose registries, as of 2024.) */
bool reach_outside(const struct sockaddr *at);

/* Is the host of the URL named in `allowed`: hosts with commas, or NULL? ERR_INPUT where the URL is none we would call: https (http only
 * to hosts that are allowed), a host, no name and password, no address of our own network. */
int reach_check(struct str url, const char *allowed, bool *is_allowed, struct err *err);

#endif
