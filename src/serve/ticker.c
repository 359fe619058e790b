#include "serve/ticker.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "desk/clock.h"
#include "serve/events.h"
#include "serve/server.h"
#include "serve/waiting.h"

/* At least and at most between two looks; and at least so many times as long as the last one took, since it goes over all leads. */
enum { LEAST_MS = 100, MOST_MS = 60000, ROUNDS = 2, REST = 20 };

struct ticker {
	struct server *server;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wanted;
	bool told, ending;
	uint64_t recorded, failed;
};

/* Without the desk, at which others wait: is anything due? */
static int look_first(struct server *server, int64_t *next_ms, bool *due, struct arena *arena, struct err *err)
{
	int64_t now_ms = server_now_ms(server);
	struct clock *clock;
	struct lead_desk desk;
	int failed;

	if (office_look(server_office(server), now_ms, arena, &desk, err))
		return err->kind;
	failed = clock_open(&clock, &desk, err);
	if (!failed) {
		*next_ms = clock_next_ms(clock);
		*due = clock_has_due(clock, now_ms);
		clock_close(clock);
	}
	office_look_end(server_office(server), &desk);
	return failed;
}

/* One look: what is due is recorded. *again: leads crossed the bar, and promised numbers are to be counted anew. */
static int tick_once(struct server *server, int64_t *next_ms, uint64_t *recorded, bool *again, struct arena *arena,
		     struct err *err)
{
	struct clock_tick tick = { .written = 0 };
	int64_t now_ms = server_now_ms(server);
	struct clock *clock;
	struct lead_desk desk;
	int failed;

	if (office_desk(server_office(server), server_book(server), now_ms, "clock", arena, &desk, err))
		return err->kind;
	failed = clock_open(&clock, &desk, err);
	if (!failed) {
		failed = clock_tick(clock, now_ms, &tick, err);
		*next_ms = clock_next_ms(clock);
		*again = !failed && clock_recounts(clock);
		clock_close(clock);
	}
	office_desk_end(server_office(server), &desk);
	*recorded += tick.written;
	return failed;
}

/* When to look again. */
static int64_t look(struct ticker *ticker)
{
	struct err err = ERR_INIT;
	int64_t next_ms = INT64_MAX, wait_ms;
	uint64_t recorded = 0;
	struct arena arena;
	bool again = true;
	int failed = 0;

	/* A command has the book, and is about to change what is due. */
	if (!server_enter(ticker->server))
		return LEAST_MS;
	arena_init(&arena);
	failed = look_first(ticker->server, &next_ms, &again, &arena, &err);
	for (int i = 0; i < ROUNDS && again && !failed; i++)
		failed = tick_once(ticker->server, &next_ms, &recorded, &again, &arena, &err);
	arena_release(&arena);
	server_leave(ticker->server);
	if (failed)
		server_log_error(ticker->server, "the clock", &err);
	if (recorded)
		events_wake(server_events(ticker->server));
	pthread_mutex_lock(&ticker->lock);
	ticker->recorded += recorded;
	ticker->failed += failed != 0;
	pthread_mutex_unlock(&ticker->lock);
	wait_ms = next_ms == INT64_MAX || failed ? MOST_MS : next_ms - server_now_ms(ticker->server);
	return wait_ms < LEAST_MS ? LEAST_MS : wait_ms > MOST_MS ? MOST_MS : wait_ms;
}

/* Has the lock. True: it ends. */
static bool wait_for(struct ticker *ticker, int64_t wait_ms, int64_t rest_ms)
{
	int64_t now_ms = monotonic_ms();
	bool late = false;

	while (!ticker->ending && !late)
		late = waiting_until(&ticker->wanted, &ticker->lock, now_ms + (rest_ms < wait_ms ? rest_ms : wait_ms));
	late = false;
	while (!ticker->ending && !ticker->told && !late)
		late = waiting_until(&ticker->wanted, &ticker->lock, now_ms + wait_ms);
	ticker->told = false;
	return ticker->ending;
}

static void *run(void *context)
{
	struct ticker *ticker = context;
	bool ending;

	do {
		int64_t began_ms = monotonic_ms(), wait_ms = look(ticker);
		int64_t rest_ms = (monotonic_ms() - began_ms) * REST;

		pthread_mutex_lock(&ticker->lock);
		ending = wait_for(ticker, wait_ms, rest_ms);
		pthread_mutex_unlock(&ticker->lock);
	} while (!ending);
	return NULL;
}

int ticker_open(struct ticker **out, struct server *server, struct err *err)
{
	struct ticker *ticker = must_calloc(1, sizeof(*ticker));

	ticker->server = server;
	pthread_mutex_init(&ticker->lock, NULL);
	waiting_init(&ticker->wanted);
	errno = pthread_create(&ticker->thread, NULL, run, ticker);
	if (errno) {
		free(ticker);
		return err_system(err, "cannot start a thread");
	}
	*out = ticker;
	return 0;
}

void ticker_close(struct ticker *ticker)
{
	if (!ticker)
		return;
	pthread_mutex_lock(&ticker->lock);
	ticker->ending = true;
	pthread_cond_signal(&ticker->wanted);
	pthread_mutex_unlock(&ticker->lock);
	pthread_join(ticker->thread, NULL);
	pthread_cond_destroy(&ticker->wanted);
	pthread_mutex_destroy(&ticker->lock);
	free(ticker);
}

void ticker_wake(struct ticker *ticker)
{
	pthread_mutex_lock(&ticker->lock);
	ticker->told = true;
	pthread_cond_signal(&ticker->wanted);
	pthread_mutex_unlock(&ticker->lock);
}

void ticker_counts(struct ticker *ticker, uint64_t *recorded, uint64_t *failed)
{
	pthread_mutex_lock(&ticker->lock);
	*recorded = ticker->recorded;
	*failed = ticker->failed;
	pthread_mutex_unlock(&ticker->lock);
}
