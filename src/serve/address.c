#include "serve/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/str.h"

enum { BACKLOG = 1024 };

/* ---- reading ---- */

static int wrong(const char *text, struct err *err)
{
	return err_set(err, ERR_INPUT,
		       "\"%s\" is no address to listen on; write 127.0.0.1:8377, [::1]:8377 or unix:/path/of/socket",
		       text);
}

static int parse_unix(const char *text, const char *path, struct address *out, struct err *err)
{
	struct sockaddr_un *un = (struct sockaddr_un *)&out->at;
	size_t len = strlen(path);

	if (!len || len >= sizeof(un->sun_path))
		return err_set(err, ERR_INPUT, "the path of the socket \"%s\" must have 1 to %zu bytes", text,
			       sizeof(un->sun_path) - 1);
	un->sun_family = AF_UNIX;
	memcpy(un->sun_path, path, len + 1);
	memcpy(out->path, path, len + 1);
	out->len = sizeof(*un);
	out->local = true;
	return 0;
}

static bool parse_port(const char *text, in_port_t *port)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || value > 65535)
		return false;
	*port = htons((uint16_t)value);
	return true;
}

static bool parse_host(struct str host, in_port_t port, struct address *out)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)&out->at;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&out->at;
	char name[INET6_ADDRSTRLEN];
	bool bracketed = host.len >= 2 && host.at[0] == '[' && host.at[host.len - 1] == ']';

	if (bracketed) {
		host.at++;
		host.len -= 2;
	}
	if (host.len >= sizeof(name))
		return false;
	memcpy(name, host.at, host.len);
	name[host.len] = 0;
	if (bracketed || !host.len) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = port;
		out->len = sizeof(*v6);
		if (!host.len)
			v6->sin6_addr = in6addr_any;
		else if (inet_pton(AF_INET6, name, &v6->sin6_addr) != 1)
			return false;
		out->local = IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
		return true;
	}
	v4->sin_family = AF_INET;
	v4->sin_port = port;
	out->len = sizeof(*v4);
	if (inet_pton(AF_INET, name, &v4->sin_addr) != 1)
		return false;
	out->local = ntohl(v4->sin_addr.s_addr) >> 24 == 127;
	return true;
}

int address_parse(const char *text, struct address *out, struct err *err)
{
	const char *colon = strrchr(text, ':');
	in_port_t port;

	*out = (struct address){ .local = false };
	snprintf(out->text, sizeof(out->text), "%s", text);
	if (!strncmp(text, "unix:", 5))
		return parse_unix(text, text + 5, out, err);
	if (!colon || !parse_port(colon + 1, &port) ||
	    !parse_host((struct str){ text, (size_t)(colon - text) }, port, out))
		return wrong(text, err);
	return 0;
}

/* ---- listening ---- */

/* One that a process left behind which did not end by itself; never one that answers, and never a file that is no socket. */
static int clear_path(const struct address *address, struct err *err)
{
	struct stat there;
	int fd, answered;

	if (!*address->path || lstat(address->path, &there))
		return 0;
	if (!S_ISSOCK(there.st_mode))
		return err_set(err, ERR_STATE, "%s is there and is no socket", address->path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_system(err, "no socket to be had");
	answered = !connect(fd, (const struct sockaddr *)&address->at, address->len);
	close(fd);
	if (answered)
		return err_set(err, ERR_STATE, "another process listens on %s", address->path);
	if (unlink(address->path))
		return err_system(err, "cannot take away the old socket %s", address->path);
	return 0;
}

/* The port that the system chose, where none was asked for. */
static void learn_port(struct address *address, int fd)
{
	struct sockaddr_storage bound;
	socklen_t len = sizeof(bound);
	char host[INET6_ADDRSTRLEN];

	if (*address->path || getsockname(fd, (struct sockaddr *)&bound, &len))
		return;
	if (bound.ss_family == AF_INET) {
		const struct sockaddr_in *v4 = (const struct sockaddr_in *)&bound;

		inet_ntop(AF_INET, &v4->sin_addr, host, sizeof(host));
		snprintf(address->text, sizeof(address->text), "%s:%u", host, ntohs(v4->sin_port));
	} else {
		const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&bound;

		inet_ntop(AF_INET6, &v6->sin6_addr, host, sizeof(host));
		snprintf(address->text, sizeof(address->text), "[%s]:%u", host, ntohs(v6->sin6_port));
	}
	memcpy(&address->at, &bound, len);
}

static int bind_to(const struct address *address, int fd)
{
	int yes = 1;
	mode_t mask;
	int failed;

	if (!*address->path) {
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
		return bind(fd, (const struct sockaddr *)&address->at, address->len);
	}
	mask = umask(0177);
	failed = bind(fd, (const struct sockaddr *)&address->at, address->len);
	umask(mask);
	return failed;
}

int address_listen(struct address *address, int *fd, struct err *err)
{
	if (clear_path(address, err))
		return err->kind;
	*fd = socket(address->at.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*fd < 0)
		return err_system(err, "no socket to be had");
	if (bind_to(address, *fd) || listen(*fd, BACKLOG)) {
		int why = errno;

		close(*fd);
		errno = why;
		return err_system(err, "cannot listen on %s", address->text);
	}
	learn_port(address, *fd);
	return 0;
}
