#include "serve/server.h"

#include <stdlib.h>
#include <string.h>

#include "report/answer_json.h"
#include "serve/answer.h"

enum { GRACE_MS = 10000 };

struct server {
	struct server_options options;
	struct book *book;
	struct doors *doors;
	struct office *office;
	struct zone *zone;
	struct http *http;
	int64_t since_ms;
};

static enum http_outcome handle(void *context, const struct http_request *request, struct http_reply *reply)
{
	answer_call(context, request, reply);
	return HTTP_ANSWERED;
}

static int open_doors(struct server *server, const char *book_path, struct err *err)
{
	struct arena arena;
	int result;

	arena_init(&arena);
	result = doors_open(&server->doors, arena_printf(&arena, "%s" BOOK_DOORS, book_path), err);
	arena_release(&arena);
	return result;
}

static int listen_at(struct server *server, struct err *err)
{
	int fd;

	if (address_listen(&server->options.listen, &fd, err))
		return err->kind;
	return http_open(&server->http, fd, &server->options.limits, handle, server, err);
}

int server_open(struct server **out, const char *book_path, const struct server_options *options, struct err *err)
{
	struct server *server = must_calloc(1, sizeof(*server));

	server->options = *options;
	server->since_ms = server_now_ms(server);
	if (book_open(&server->book, book_path, BOOK_WRITE, err) ||
	    zone_load(&server->zone, book_settings(server->book)->zone, err) ||
	    office_open(&server->office, book_path, server->since_ms, err) || open_doors(server, book_path, err) ||
	    listen_at(server, err)) {
		server_close(server);
		return err->kind;
	}
	*out = server;
	return 0;
}

void server_close(struct server *server)
{
	if (server->http)
		http_close(server->http, GRACE_MS);
	if (*server->options.listen.path && server->http)
		remove(server->options.listen.path);
	if (server->office)
		office_close(server->office);
	doors_close(server->doors);
	zone_free(server->zone);
	book_close(server->book);
	free(server);
}

const char *server_address(const struct server *server)
{
	return server->options.listen.text;
}

struct book *server_book(struct server *server)
{
	return server->book;
}

struct doors *server_doors(struct server *server)
{
	return server->doors;
}

bool server_secure(const struct server *server)
{
	(void)server;
	return false;
}

struct office *server_office(struct server *server)
{
	return server->office;
}

const struct zone *server_zone(const struct server *server)
{
	return server->zone;
}

struct http_counts server_counts(struct server *server)
{
	return http_counts(server->http);
}

int64_t server_now_ms(const struct server *server)
{
	return server->options.now_ms(server->options.clock);
}

int64_t server_since_ms(const struct server *server)
{
	return server->since_ms;
}
