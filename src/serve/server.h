/* The server: one process that holds the book and answers for it over HTTP.
 *
 * The book is held for writing as long as the server runs, so that nobody else changes it. Questions are asked of an office that
 * follows it (desk/office.h); who tells something stands at its desk, and the ticker records what falls due.
 *
 * Who holds several of these took them in this order: the book, so that it is not lent (server_enter); the turn at the desk (office_desk,
 * office_hold); the facts (office_begin); the directory; the events; the doors. All other locks are held for a few steps, and nothing else is
 * taken meanwhile. The thread of all connections takes none of them but the events', and the doors' where they are free.
 */
#ifndef SERVE_SERVER_H
#define SERVE_SERVER_H

#include <jansson.h>
#include "base/zone.h"
#include "book/book.h"
#include "book/doors.h"
#include "desk/office.h"
#include "serve/address.h"
#include "serve/http.h"
#include "serve/oidc.h"
#include "serve/way_in.h"

/* How what is in the outbox goes out. Texts live as long as the server. */
struct ways_out {
	const char *server;          /* "smtp://mail.example.com:587", "smtps://…"; NULL: no mail is sent */
	const char *from;            /* "Lockstep <lockstep@example.com>" */
	const char *user, *password; /* NULL: none */
	const char *ca;              /* a file of certificates that are trusted instead of the system's; NULL */
	const char *allow_internal;  /* hosts of our own network that may be called, with commas; NULL: none */
	int64_t retry_ms;            /* from the first try that fails to the second */
};

struct server_options {
	struct ways_out ways_out;
	struct address listen;
	struct http_limits limits;
	struct oidc_options oidc;
	struct way_in way_in;
	unsigned streams_per_account; /* of events */
	struct http_tls tls;          /* where way_in.tls */
	/* Only the command line reads the clock. From any thread. */
	int64_t (*now_ms)(void *context);
	void *clock;
	/* A line of the log, JSON without a line end; from any thread. NULL: nobody wants it. */
	void (*log)(void *context, const char *line);
	void *log_context;
};

struct directory;
struct again;
struct importer;
struct lend;
struct server;
struct limiter;

/* What may be done so often and no oftener (serve/limiter.h). */
enum server_limit {
	LIMIT_TRIES_FROM, /* passwords and codes, from one address */
	LIMIT_TRIES_FOR,  /* the same for one login */
	LIMIT_ARRIVALS,   /* by one form or hook, from one address */
	LIMIT_LETTERS,    /* to one address or login, that a stranger can have sent */
	LIMIT__COUNT
};
struct events;
struct intake_line;

/* Opens the book and listens. Returns owned. */
int server_open(struct server **out, const char *book_path, const struct server_options *options, struct err *err);
/* Answers what is under way, then ends. */
void server_close(struct server *server);
/* Where it listens: the port that was free, where none was asked for. */
const char *server_address(const struct server *server);

/* ---- for handlers ---- */

/* For who stands at the office's desk, and nobody else. */
struct book *server_book(struct server *server);
struct doors *server_doors(struct server *server);
/* Is it reached over TLS? */
bool server_secure(const struct server *server);
const struct way_in *server_way_in(const struct server *server);
/* NULL: there is no provider. */
struct oidc *server_oidc(struct server *server);
const char *server_oidc_name(const struct server *server);
struct office *server_office(struct server *server);
struct directory *server_directory(struct server *server);
struct intake_line *server_line(struct server *server);
struct again *server_again(struct server *server);
struct events *server_events(struct server *server);
unsigned server_streams_per_account(const struct server *server);
const struct zone *server_zone(const struct server *server);
struct http_counts server_counts(struct server *server);
int64_t server_now_ms(const struct server *server);
const struct ways_out *server_ways_out(const struct server *server);
/* Of the sender (serve/sender.h). */
void server_sends(struct server *server, uint64_t *sent, uint64_t *failed, uint64_t *dead);
/* It ends: who has to wait for the book is told to come again. */
bool server_stops(const struct server *server);
/* Around whatever is done with the book: between them it is not lent to a command (serve/lend.h). False: a command has it. */
bool server_enter(struct server *server);
void server_leave(struct server *server);
struct lend *server_lend(struct server *server);
struct importer *server_importer(struct server *server);
/* Something was told and is committed. */
void server_told(struct server *server);
/* Something was noted for the journal. */
void server_noted(struct server *server);
struct limiter *server_limiter(struct server *server, enum server_limit limit);
/* Where people reach it, for links: "https://lockstep.example.com". */
const char *server_url(const struct server *server);
/* Of the ticker (serve/ticker.h). */
void server_ticks(struct server *server, uint64_t *recorded, uint64_t *failed);
/* Does anybody want a log? */
bool server_logs(const struct server *server);
/* A line of the log; takes the object and adds when it is. */
void server_log(struct server *server, json_t *line);
/* What went wrong that nobody asked for: `what` failed. */
void server_log_error(struct server *server, const char *what, const struct err *err);
/* Somebody did not come in: a wrong `what`. */
void server_log_refused(struct server *server, const char *client, struct str login, const char *what);
int64_t server_since_ms(const struct server *server); /* when it was opened */

#endif
