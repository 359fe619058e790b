/* Loaded before the server (LD_PRELOAD), decides what names come to, and keeps every connection on this machine.
 *
 *	NAMES=FILE   lines of a name and its addresses: "crm.test 9.9.9.9 127.0.0.1"; the file is read anew each time a name is asked for
 *
 * A connection to an address that is not of this machine is refused, as if nobody listened there. */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int (*next_getaddrinfo)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
static int (*next_connect)(int, __CONST_SOCKADDR_ARG, socklen_t);

__attribute__((constructor)) static void find(void)
{
	*(void **)&next_getaddrinfo = dlsym(RTLD_NEXT, "getaddrinfo");
	*(void **)&next_connect = dlsym(RTLD_NEXT, "connect");
}

/* The line of the name, without it; false: it has none. */
static bool line_of(const char *name, char *line, int size)
{
	const char *path = getenv("NAMES");
	FILE *file = path ? fopen(path, "re") : NULL;
	bool found = false;

	while (file && !found && fgets(line, size, file)) {
		size_t len = strlen(name);

		found = !strncmp(line, name, len) && line[len] == ' ';
		if (found)
			memset(line, ' ', len);
	}
	if (file)
		fclose(file);
	return found;
}

int getaddrinfo(const char *restrict name, const char *restrict service, const struct addrinfo *restrict hints,
		struct addrinfo **restrict list)
{
	char line[300], *rest;

	if (!name || !line_of(name, line, sizeof(line)))
		return next_getaddrinfo(name, service, hints, list);
	*list = NULL;
	for (char *at = strtok_r(line, " \n", &rest); at; at = strtok_r(NULL, " \n", &rest)) {
		struct addrinfo **end = list;
		int failed;

		while (*end)
			end = &(*end)->ai_next;
		failed = next_getaddrinfo(at, service, hints, end);
		if (failed)
			return failed;
	}
	return *list ? 0 : EAI_NONAME;
}

static bool of_this_machine(const struct sockaddr *at)
{
	const struct in6_addr *six = &((const struct sockaddr_in6 *)(const void *)at)->sin6_addr;

	if (at->sa_family == AF_INET)
		return ntohl(((const struct sockaddr_in *)(const void *)at)->sin_addr.s_addr) >> 24 == 127;
	if (at->sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(six) || (IN6_IS_ADDR_V4MAPPED(six) && six->s6_addr[12] == 127);
	return true;
}

int connect(int fd, __CONST_SOCKADDR_ARG to, socklen_t size)
{
	if (of_this_machine(to.__sockaddr__))
		return next_connect(fd, to, size);
	errno = ECONNREFUSED;
	return -1;
}
