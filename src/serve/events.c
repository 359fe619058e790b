/* The last events, and who listens to them. What they say is worked out in events_read.c. */
#include "serve/events.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve/events_private.h"
#include "serve/waiting.h"
#include "serve/who.h"

/* `IDLE`: nobody listened for so long; who comes back then looks anew. */
enum { LOOK_MS = 50, LOOK_ANYWAY_MS = 1000, BEAT_MS = 20000, BEATS_AT_ONCE = 600, IDLE_MS = 120000, GREETING = 96 };

struct listening {
	struct events *events;
	struct http_stream *stream;
	struct listening *next, *previous;
	struct seen_by scope;
	int64_t beat_ms;     /* monotonic: the next sign of life */
	uint64_t place;      /* of the next event, as numbers of events_add go */
	uint32_t sent;       /* bytes of what is at hand */
	bool greeting, beat; /* are to be sent */
	bool over;
	int64_t account;
	enum pass_kind kind;
	char pass[PASS_TEXT];
	char hello[GREETING];
};

/* ---- events ---- */

uint32_t events_name(struct events *events, struct str name)
{
	if (!name.len)
		return 0;
	for (uint32_t i = 0; i < events->name_count; i++)
		if (str_is(name, events->names[i]))
			return i + 1;
	events->names = must_realloc(events->names, (events->name_count + 1) * sizeof(*events->names));
	events->names[events->name_count] = must_alloc(name.len + 1);
	memcpy(events->names[events->name_count], name.at, name.len);
	events->names[events->name_count][name.len] = '\0';
	return ++events->name_count;
}

static struct event *event_at(struct events *events, uint64_t place)
{
	return &events->kept[place % EVENTS_KEPT];
}

void events_add(struct events *events, struct event event)
{
	struct event *slot = event_at(events, events->end);

	if (events->end - events->first == EVENTS_KEPT) {
		events->floor = slot->seq;
		events->first++;
	}
	free(slot->text);
	*slot = event;
	events->end++;
}

static bool sees(const struct seen_by *scope, const struct event *event)
{
	if (event->seen == SEEN_BY_LOSER)
		return scope->kind == SCOPE_OWNER && scope->name == event->owner &&
		       !(scope->team && scope->team == event->team);
	if (scope->kind == SCOPE_ALL || event->seen == SEEN_BY_ALL)
		return scope->kind != SCOPE_NOTHING;
	if (event->seen != SEEN_BY_ITS_OWN || !scope->name)
		return false;
	return (scope->kind == SCOPE_OWNER &&
		(event->owner == scope->name || (scope->team && event->team == scope->team))) ||
	       (scope->kind == SCOPE_TEAM && event->team == scope->name) ||
	       (scope->kind == SCOPE_PARTNER && event->partner == scope->name);
}

/* ---- streams ---- */

static void begin(void *context, struct http_stream *stream)
{
	struct listening *l = context;

	pthread_mutex_lock(&l->events->lock);
	l->stream = stream;
	pthread_mutex_unlock(&l->events->lock);
}

/* As much of the text as there is room for; *whole: that was its end. */
static size_t copy(struct listening *l, const char *text, char *at, size_t room, bool *whole)
{
	size_t left = strlen(text) - l->sent, len = left < room ? left : room;

	memcpy(at, text + l->sent, len);
	*whole = len == left;
	l->sent = *whole ? 0 : l->sent + (uint32_t)len;
	return len;
}

static size_t copy_events(struct listening *l, char *at, size_t room)
{
	struct events *events = l->events;
	size_t len = 0;
	bool whole = true;

	while (l->place < events->end && whole && len < room) {
		const struct event *event = event_at(events, l->place);

		if (sees(&l->scope, event))
			len += copy(l, event->text, at + len, room - len, &whole);
		l->place += whole;
	}
	return len;
}

static ptrdiff_t read_next(void *context, char *at, size_t room)
{
	struct listening *l = context;
	struct events *events = l->events;
	ptrdiff_t len = 0;
	bool whole;

	pthread_mutex_lock(&events->lock);
	if (l->greeting) {
		len = (ptrdiff_t)copy(l, l->hello, at, room, &whole);
		l->greeting = !whole;
	} else if (l->over || events->stopping || l->place < events->first) {
		len = -1;
	} else {
		len = (ptrdiff_t)copy_events(l, at, room);
		if (!len && l->beat && room > 3) {
			memcpy(at, ":\n\n", 3);
			len = 3;
		}
		l->beat = false;
	}
	pthread_mutex_unlock(&events->lock);
	return len;
}

static void end(void *context)
{
	struct listening *l = context;
	struct events *events = l->events;

	pthread_mutex_lock(&events->lock);
	if (l->next)
		l->next->previous = l->previous;
	if (l->previous)
		l->previous->next = l->next;
	else
		events->listeners = l->next;
	events->count--;
	events->left_ms = monotonic_ms();
	pthread_mutex_unlock(&events->lock);
	free(l);
}

/* Where to begin, and what to say first. */
static void place(struct listening *l, uint64_t after)
{
	struct events *events = l->events;
	bool known = after >= events->floor && after <= events->seq;

	l->place = events->end;
	while (after != EVENTS_FROM_NOW && known && l->place > events->first &&
	       event_at(events, l->place - 1)->seq > after)
		l->place--;
	if (after != EVENTS_FROM_NOW && !known)
		snprintf(l->hello, sizeof(l->hello), "retry: 2000\nid: %" PRIu64 "\n" EVENT_MANY, events->seq,
			 events->seq);
	else
		snprintf(l->hello, sizeof(l->hello), "retry: 2000\nid: %" PRIu64 "\n\n", known ? after : events->seq);
	l->greeting = true;
}

/* One account is not to have all connections there are. */
static bool has_room(const struct events *events, int64_t account)
{
	unsigned most = server_streams_per_account(events->server), count = 0;

	for (const struct listening *l = events->listeners; l && count < most; l = l->next)
		count += l->account == account;
	return count < most;
}

bool events_join(struct events *events, const struct listener *listener, uint64_t after, struct http_reply *reply)
{
	struct listening *l = must_calloc(1, sizeof(*l));

	l->events = events;
	l->account = listener->account;
	l->beat_ms = monotonic_ms() + BEAT_MS;
	l->kind = listener->kind;
	memcpy(l->pass, listener->pass.at,
	       listener->pass.len < sizeof(l->pass) ? listener->pass.len : sizeof(l->pass) - 1);
	pthread_mutex_lock(&events->lock);
	if (!has_room(events, listener->account)) {
		pthread_mutex_unlock(&events->lock);
		free(l);
		return false;
	}
	l->scope = (struct seen_by){ listener->scope.kind, events_name(events, listener->scope.name),
				     events_name(events, listener->scope.team) };
	place(l, after);
	l->next = events->listeners;
	if (l->next)
		l->next->previous = l;
	events->listeners = l;
	events->count++;
	pthread_mutex_unlock(&events->lock);
	reply->type = "text/event-stream";
	reply->stream = (struct http_streaming){ begin, read_next, end, l };
	return true;
}

unsigned events_listening(struct events *events)
{
	unsigned count;

	pthread_mutex_lock(&events->lock);
	count = events->count;
	pthread_mutex_unlock(&events->lock);
	return count;
}

/* ---- the thread ---- */

/* Whoever has something to read. */
static void wake_listeners(struct events *events, uint64_t from)
{
	for (struct listening *l = events->listeners; l; l = l->next) {
		bool something = false;

		if (!l->stream)
			continue;
		for (uint64_t i = from > l->place ? from : l->place; i < events->end && !something; i++)
			something = i < events->first || sees(&l->scope, event_at(events, i));
		if (something)
			http_stream_wake(l->stream);
		else if (l->place >= from)
			l->place = events->end;
	}
}

/* One whose sign of life is due. Without the lock the listening may be gone, and another stand in its place. */
struct due {
	const struct listening *listening;
	enum pass_kind kind;
	char pass[PASS_TEXT];
	bool looked; /* `scope` is what may be seen by it now */
	struct scope scope;
};

static size_t find_due(const struct events *events, int64_t now_ms, struct due due[BEATS_AT_ONCE])
{
	size_t count = 0;

	for (const struct listening *l = events->listeners; l && count < BEATS_AT_ONCE; l = l->next) {
		if (!l->stream || l->beat_ms > now_ms)
			continue;
		due[count] = (struct due){ .listening = l, .kind = l->kind };
		memcpy(due[count++].pass, l->pass, PASS_TEXT);
	}
	return count;
}

static void look_at_pass(const struct events *events, struct due *due, struct arena *arena)
{
	struct err err = ERR_INIT;
	struct account account;
	struct pass pass;
	bool found;

	due->looked = !doors_look_at(server_doors(events->server), due->kind, str_of(due->pass),
				     server_now_ms(events->server), &account, &pass, &found, arena, &err);
	due->scope = due->looked && found ? who_sees(&account) : (struct scope){ .kind = SCOPE_NOTHING };
}

static void give_beat(struct events *events, struct listening *l, const struct due *due, int64_t now_ms)
{
	if (due->looked)
		l->over = due->scope.kind != l->scope.kind || events_name(events, due->scope.name) != l->scope.name ||
			  events_name(events, due->scope.team) != l->scope.team;
	l->beat_ms = now_ms + BEAT_MS;
	l->beat = true;
	http_stream_wake(l->stream);
}

/* May they still listen? And so that who is gone is noticed. A few at a time, and without the lock, which the thread of all connections needs:
 * the doors may be busy. */
static void beat(struct events *events)
{
	int64_t now_ms = monotonic_ms();
	size_t count, at = 0;
	struct arena arena;
	struct due *due;

	arena_init(&arena);
	due = ARENA_ARRAY(&arena, struct due, BEATS_AT_ONCE);
	count = find_due(events, now_ms, due);
	pthread_mutex_unlock(&events->lock);
	for (size_t i = 0; i < count; i++)
		look_at_pass(events, &due[i], &arena);
	pthread_mutex_lock(&events->lock);
	/* They stand in the same order; some are gone, and others have come. */
	for (struct listening *l = events->listeners; l && at < count; l = l->next) {
		size_t i = at;

		while (i < count && due[i].listening != l)
			i++;
		if (i == count)
			continue;
		at = i + 1;
		if (!strcmp(due[i].pass, l->pass))
			give_beat(events, l, &due[i], now_ms);
	}
	arena_release(&arena);
}

/* Waits until something was told, but a moment at least: many things told in it are one look. */
static void wait_for_more(struct events *events)
{
	int64_t now_ms = monotonic_ms();

	while (!events->stopping && !waiting_until(&events->wanted, &events->lock, now_ms + LOOK_MS))
		;
	while (!events->stopping && !events->woken &&
	       !waiting_until(&events->wanted, &events->lock, now_ms + LOOK_ANYWAY_MS))
		;
	events->woken = false;
}

/* Does somebody listen, or may come back? */
static bool wanted(const struct events *events)
{
	return events->count || monotonic_ms() - events->left_ms < IDLE_MS;
}

static void *run(void *context)
{
	struct events *events = context;

	pthread_mutex_lock(&events->lock);
	while (!events->stopping) {
		uint64_t from = events->end;

		events_look(events, !wanted(events));
		wake_listeners(events, from);
		beat(events);
		wait_for_more(events);
	}
	for (struct listening *l = events->listeners; l; l = l->next)
		if (l->stream)
			http_stream_wake(l->stream);
	pthread_mutex_unlock(&events->lock);
	return NULL;
}

void events_wake(struct events *events)
{
	pthread_mutex_lock(&events->lock);
	if (wanted(events)) {
		events->woken = true;
		pthread_cond_signal(&events->wanted);
	}
	pthread_mutex_unlock(&events->lock);
}

/* ---- opening and closing ---- */

int events_open(struct events **out, struct server *server, const char *book_path, struct err *err)
{
	struct events *events = must_calloc(1, sizeof(*events));

	events->server = server;
	events->left_ms = monotonic_ms() - IDLE_MS;
	pthread_mutex_init(&events->lock, NULL);
	waiting_init(&events->wanted);
	if (book_open(&events->book, book_path, BOOK_READ, err)) {
		events_close(events);
		return err->kind;
	}
	events->seq = events->floor = book_head(events->book).seq;
	errno = pthread_create(&events->thread, NULL, run, events);
	if (errno) {
		err_system(err, "cannot start a thread");
		events_close(events);
		return err->kind;
	}
	events->running = true;
	*out = events;
	return 0;
}

void events_stop(struct events *events)
{
	if (!events || !events->running)
		return;
	pthread_mutex_lock(&events->lock);
	events->stopping = true;
	pthread_cond_signal(&events->wanted);
	pthread_mutex_unlock(&events->lock);
	pthread_join(events->thread, NULL);
	events->running = false;
}

void events_close(struct events *events)
{
	if (!events)
		return;
	events_stop(events);
	for (size_t i = 0; i < EVENTS_KEPT; i++)
		free(events->kept[i].text);
	for (uint32_t i = 0; i < events->name_count; i++)
		free(events->names[i]);
	free(events->names);
	book_close(events->book);
	pthread_cond_destroy(&events->wanted);
	pthread_mutex_destroy(&events->lock);
	free(events);
}
