/* What the files of the event streams share. */
#ifndef SERVE_EVENTS_PRIVATE_H
#define SERVE_EVENTS_PRIVATE_H

#include <pthread.h>

#include "book/book.h"
#include "serve/events.h"

enum { EVENTS_KEPT = 8192, EVENTS_AT_ONCE = 500 };

/* Takes the number of the last entry. */
#define EVENT_MANY "data: {\"kind\":\"many\",\"lead\":null,\"seq\":%" PRIu64 "}\n\n"

struct event {
	uint64_t seq; /* of its entry */
	char *text;   /* owned; as it is sent */
	enum { SEEN_BY_ALL, SEEN_BY_ITS_OWN, SEEN_BY_OVERSEERS, SEEN_BY_LOSER } seen;
	uint32_t owner, team,
		partner; /* of its lead: events_name; SEEN_BY_LOSER: `owner` had it, and is not in that team */
};

struct seen_by {
	enum scope_kind kind;
	uint32_t name, team; /* events_name */
};

struct listening;

struct events {
	struct server *server;
	struct book *book; /* for reading; the thread's */
	pthread_t thread;
	bool running;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t wanted;
	bool woken, stopping;
	struct event kept[EVENTS_KEPT];
	uint64_t first, end; /* those kept, counted from the first ever */
	uint64_t seq, floor; /* all entries after `floor`, up to `seq`, are among those kept */
	struct listening *listeners;
	unsigned count;
	int64_t left_ms; /* monotonic: when the last listener left */
	char **names;
	uint32_t name_count;
};

/* With the lock. */
uint32_t events_name(struct events *events, struct str name); /* a number for it; 0: it is empty */
void events_add(struct events *events, struct event event);   /* takes its text */

/* ---- events_read.c ---- */

/* Adds what was committed since; `skip`: nobody wants to know. Lets go of the lock meanwhile. */
void events_look(struct events *events, bool skip);

#endif
