/* Large bodies of all connections together have a limit, whoever sends them and however slowly; small ones always find room. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve/address.h"
#include "serve/http.h"
#include "tap.h"

enum { LARGE = 200 << 10, SMALL = 60 << 10, ANSWER = 4096 };

static enum http_outcome by_worker(void *context, const struct http_request *request, struct http_reply *reply)
{
	(void)context;
	reply->type = "text/plain";
	buf_addf(&reply->body, "%zu bytes\n", request->body.len);
	return HTTP_ANSWERED;
}

static enum http_outcome at_once(void *context, const struct http_request *request, struct http_reply *reply)
{
	(void)context;
	(void)request;
	(void)reply;
	return HTTP_BY_WORKER;
}

static void send_bytes(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		bytes += sent;
		len -= (size_t)sent;
	}
}

/* A connection that has announced `all` bytes of a body and sent the first of them. */
static int begin(const struct address *address, size_t all, size_t first)
{
	static char body[LARGE];
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char head[200];

	if (fd < 0 || connect(fd, (const struct sockaddr *)&address->at, address->len))
		bug_at(__FILE__, __LINE__, "cannot connect to %s", address->text);
	snprintf(head, sizeof(head), "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n",
		 all);
	send_bytes(fd, head, strlen(head));
	send_bytes(fd, body, first);
	return fd;
}

/* The rest of the body, and what comes back; the connection is closed. */
static const char *end(int fd, size_t rest)
{
	static char answer[ANSWER];
	static char body[LARGE];
	size_t len = 0;
	ssize_t got;

	send_bytes(fd, body, rest);
	while (len < sizeof(answer) - 1 && (got = recv(fd, answer + len, sizeof(answer) - 1 - len, 0)) > 0)
		len += (size_t)got;
	answer[len] = '\0';
	close(fd);
	return answer;
}

static bool says(const char *answer, const char *status, const char *text)
{
	bool so = strstr(answer, status) && strstr(answer, text);

	if (!so)
		printf("# got %.200s\n", answer);
	return so;
}

int main(void)
{
	const struct http_handlers handlers = { .at_once = at_once, .by_worker = by_worker };
	struct http_limits limits = HTTP_LIMITS;
	struct err err = ERR_INIT;
	struct address address;
	struct http *http;
	int fd, first, small = 0;

	limits.bodies = LARGE;
	if (address_parse("127.0.0.1:0", &address, &err) || address_listen(&address, &fd, &err) ||
	    http_open(&http, fd, &limits, NULL, &handlers, &err))
		bug_at(__FILE__, __LINE__, "%s", err.text);
	first = begin(&address, LARGE, LARGE - 1);
	/* One thread reads from all connections in turn: when these are answered all of the first is read. */
	for (int i = 0; i < 8; i++)
		small += says(end(begin(&address, SMALL, SMALL), 0), " 200 ", "61440 bytes");
	ok(small == 8, "small bodies find room");
	ok(says(end(begin(&address, LARGE, 0), LARGE), " 503 ", "Retry-After"), "a second large one does not");
	ok(says(end(first, 1), " 200 ", "204800 bytes"), "the first is answered");
	ok(says(end(begin(&address, LARGE, 0), LARGE), " 200 ", "204800 bytes"), "and then there is room again");
	http_close(http, 1000);
	return done();
}
