/* What was told, to whoever listens: server-sent events (GET /api/events).
 *
 * One thread follows the book's entries and keeps the last few thousand of them as texts; a stream is a place among these. So who listens
 * costs nothing but memory, and who takes too slowly, until what comes next for it is gone, is dropped.
 *
 * - A stream tells of leads that its account may see (who_sees), as they are now, and of what is about no lead to who sees all.
 * - Who had a lead and sees it no more, since it was given to somebody else, hears of that: kind "gone".
 * - Events have the number of their entry as id, in order. Who comes back with the last it saw (Last-Event-ID) gets what came after; where
 *   that is not known any more, or too much happened at once, one event of kind "many" says: look anew at everything.
 * - Where the pass is over, or the account sees others than before, the stream ends.
 */
#ifndef SERVE_EVENTS_H
#define SERVE_EVENTS_H

#include "book/doors.h"
#include "facts/measure.h"
#include "serve/http.h"
#include "serve/server.h"

struct events;

/* Returns owned. */
int events_open(struct events **out, struct server *server, const char *book_path, struct err *err);
/* Ends all streams. */
void events_stop(struct events *events);
/* Nobody listens any more. */
void events_close(struct events *events);
/* Something was committed. From any thread. */
void events_wake(struct events *events);
unsigned events_listening(struct events *events);

/* Who listens: the account's scope, and the pass by which it came in. */
struct listener {
	struct scope scope;
	int64_t account;
	enum pass_kind kind;
	struct str pass;
};
#define EVENTS_FROM_NOW UINT64_MAX
/* Makes the reply a stream of what comes after the entry of that number. False: the account has as many streams as it may. */
bool events_join(struct events *events, const struct listener *listener, uint64_t after, struct http_reply *reply);

#endif
