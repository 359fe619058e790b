/* Where to listen: "127.0.0.1:8377", "[::1]:8377", ":8377" (every address), "unix:/run/lockstep.sock". */
#ifndef SERVE_ADDRESS_H
#define SERVE_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>
#include "base/err.h"

struct address {
	struct sockaddr_storage at;
	socklen_t len;
	char text[128]; /* as people write it */
	char path[108]; /* of a Unix socket; empty otherwise */
	bool local;     /* nobody outside this machine reaches it: loopback or a Unix socket */
};

/* Names of hosts are not looked up: addresses only. ERR_INPUT says what was expected. */
int address_parse(const char *text, struct address *out, struct err *err);
/* A listening socket, not blocking, closed on exec. A Unix socket that nobody listens on any more is taken away first; it is its owner's alone.
 * *fd is the caller's; with port 0, `address` gets the port that was free. */
int address_listen(struct address *address, int *fd, struct err *err);

#endif
