#include "serve/server.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/answer_json.h"
#include "serve/again.h"
#include "serve/answer.h"
#include "serve/intake_line.h"
#include "serve/importer.h"
#include "serve/journal.h"
#include "serve/limiter.h"
#include "serve/events.h"
#include "serve/sender.h"
#include "serve/lend.h"
#include "serve/listed.h"
#include "serve/records.h"
#include "serve/ticker.h"

enum { GRACE_MS = 10000, LOG_LINE_MAX = 1 << 14 };

struct server {
	struct server_options options;
	struct book *book;
	struct doors *doors;
	struct office *office;
	struct directory *directory;
	struct zone *zone;
	struct http *http;
	struct ticker *ticker;
	struct sender *sender;
	struct journal *journal;
	struct oidc *oidc;
	struct limiter *limiters[LIMIT__COUNT];
	struct events *events;
	struct intake_line *line;
	struct again *again;
	atomic_bool stops;
	char url[300];
	struct lend *lend;
	struct importer *importer;
	int64_t since_ms;
};

static const struct limiter_rate rates[LIMIT__COUNT] = {
	[LIMIT_TRIES_FROM] = { .at_once = 30, .every_ms = 10000 },
	[LIMIT_ARRIVALS] = { .at_once = 60, .every_ms = 5000 },
	[LIMIT_TRIES_FOR] = { .at_once = 10, .every_ms = 30000 },
	[LIMIT_LETTERS] = { .at_once = 3, .every_ms = 600000 },
};

static enum http_outcome at_once(void *context, const struct http_request *request, struct http_reply *reply)
{
	return answer_at_once(context, request, reply);
}

static enum http_outcome by_worker(void *context, const struct http_request *request, struct http_reply *reply)
{
	return answer_call(context, request, reply);
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
	struct http_handlers handlers = { at_once, by_worker, server };
	int fd;

	if (address_listen(&server->options.listen, &fd, err))
		return err->kind;
	return http_open(&server->http, fd, &server->options.limits,
			 server->options.way_in.tls ? &server->options.tls : NULL, &handlers, err);
}

int server_open(struct server **out, const char *book_path, const struct server_options *options, struct err *err)
{
	struct server *server = must_calloc(1, sizeof(*server));

	records_describe();
	record_writing_describe();
	listed_describe();
	server->options = *options;
	server->since_ms = server_now_ms(server);
	for (int i = 0; i < LIMIT__COUNT; i++)
		server->limiters[i] = limiter_new(rates[i]);
	if (options->oidc.issuer)
		server->oidc = oidc_new(&server->options.oidc);
	if (book_open(&server->book, book_path, BOOK_WRITE, err) ||
	    zone_load(&server->zone, book_settings(server->book)->zone, err) ||
	    office_open(&server->office, book_path, server->since_ms, err) ||
	    directory_open(&server->directory, book_path, err) || open_doors(server, book_path, err) ||
	    lend_open(&server->lend, server, book_path, err) || intake_line_open(&server->line, server, err) ||
	    again_open(&server->again, server, err) || events_open(&server->events, server, book_path, err) ||
	    sender_open(&server->sender, server, err) || ticker_open(&server->ticker, server, err) ||
	    journal_open(&server->journal, server, err) || listen_at(server, err)) {
		server_close(server);
		return err->kind;
	}
	if (options->way_in.url)
		snprintf(server->url, sizeof(server->url), "%s", options->way_in.url);
	else
		snprintf(server->url, sizeof(server->url), "%s://%s", options->way_in.tls ? "https" : "http",
			 *options->listen.path ? "localhost" : server->options.listen.text);
	if (sender_start(server->sender, err) || importer_open(&server->importer, server, err) ||
	    lend_start(server->lend, err)) {
		server_close(server);
		return err->kind;
	}
	*out = server;
	return 0;
}

void server_close(struct server *server)
{
	server->stops = true;
	events_stop(server->events);
	if (server->http)
		http_close(server->http, GRACE_MS);
	if (*server->options.listen.path && server->http)
		remove(server->options.listen.path);
	intake_line_close(server->line);
	again_close(server->again);
	sender_close(server->sender);
	ticker_close(server->ticker);
	journal_close(server->journal);
	importer_close(server->importer);
	lend_close(server->lend);
	events_close(server->events);
	if (server->office)
		office_close(server->office);
	directory_close(server->directory);
	doors_close(server->doors);
	zone_free(server->zone);
	book_close(server->book);
	for (int i = 0; i < LIMIT__COUNT; i++)
		limiter_free(server->limiters[i]);
	oidc_free(server->oidc);
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
	return way_in_secure(&server->options.way_in);
}

struct oidc *server_oidc(struct server *server)
{
	return server->oidc;
}

const char *server_oidc_name(const struct server *server)
{
	return server->options.oidc.name;
}

const struct way_in *server_way_in(const struct server *server)
{
	return &server->options.way_in;
}

struct directory *server_directory(struct server *server)
{
	return server->directory;
}

struct office *server_office(struct server *server)
{
	return server->office;
}

struct intake_line *server_line(struct server *server)
{
	return server->line;
}

struct again *server_again(struct server *server)
{
	return server->again;
}

struct events *server_events(struct server *server)
{
	return server->events;
}

unsigned server_streams_per_account(const struct server *server)
{
	return server->options.streams_per_account;
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

bool server_stops(const struct server *server)
{
	return server->stops;
}

bool server_enter(struct server *server)
{
	return lend_enter(server->lend);
}

void server_leave(struct server *server)
{
	lend_leave(server->lend);
}

struct lend *server_lend(struct server *server)
{
	return server->lend;
}

struct importer *server_importer(struct server *server)
{
	return server->importer;
}

void server_told(struct server *server)
{
	ticker_wake(server->ticker);
	events_wake(server->events);
	sender_wake(server->sender);
}

const struct ways_out *server_ways_out(const struct server *server)
{
	return &server->options.ways_out;
}

void server_sends(struct server *server, uint64_t *sent, uint64_t *failed, uint64_t *dead)
{
	sender_counts(server->sender, sent, failed, dead);
}

void server_noted(struct server *server)
{
	journal_wake(server->journal);
}

struct limiter *server_limiter(struct server *server, enum server_limit limit)
{
	return server->limiters[limit];
}

const char *server_url(const struct server *server)
{
	return server->url;
}

void server_ticks(struct server *server, uint64_t *recorded, uint64_t *failed)
{
	ticker_counts(server->ticker, recorded, failed);
}

bool server_logs(const struct server *server)
{
	return server->options.log != NULL;
}

void server_log(struct server *server, json_t *line)
{
	struct buf text;
	char at[40];

	if (server->options.log) {
		zone_format(server->zone, server_now_ms(server), at);
		json_object_set_new(line, "at", json_string(at));
		buf_init(&text, LOG_LINE_MAX);
		json_print(line, 0, &text);
		server->options.log(server->options.log_context, buf_str(&text).at);
		buf_release(&text);
	}
	json_decref(line);
}

void server_log_error(struct server *server, const char *what, const struct err *err)
{
	server_log(server,
		   json_pack("{s:s, s:s, s:o}", "level", "error", "what", what, "text", json_str(str_of(err->text))));
}

void server_log_refused(struct server *server, const char *client, struct str login, const char *what)
{
	server_log(server, json_pack("{s:s, s:s, s:s, s:o, s:s}", "level", "warning", "what", "sign-in refused",
				     "client", client, "login", json_str(login), "wrong", what));
}
