#include "serve/journal.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "serve/me.h"
#include "serve/waiting.h"

/* What comes within the first is taken over with it. */
enum { GATHER_MS = 100, LOOK_EVERY_MS = 5000 };

struct journal {
	struct server *server;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wanted;
	bool noted, ending;
};

static void settle(struct journal *journal)
{
	struct server *server = journal->server;
	struct err err = ERR_INIT;
	size_t moved;

	/* A command has the book: then later. */
	if (!server_enter(server))
		return;
	office_hold(server_office(server));
	if (accounts_settle(server_doors(server), server_book(server), server_now_ms(server), &moved, &err))
		server_log_error(server, "the journal", &err);
	office_let_go(server_office(server));
	server_leave(server);
}

/* True: it ends. */
static bool wait_for(struct journal *journal)
{
	int64_t until_ms = monotonic_ms() + LOOK_EVERY_MS;
	bool late = false, ending;

	pthread_mutex_lock(&journal->lock);
	while (!journal->ending && !journal->noted && !late)
		late = waiting_until(&journal->wanted, &journal->lock, until_ms);
	until_ms = monotonic_ms() + GATHER_MS;
	for (late = false; !journal->ending && !late;)
		late = waiting_until(&journal->wanted, &journal->lock, until_ms);
	journal->noted = false;
	ending = journal->ending;
	pthread_mutex_unlock(&journal->lock);
	return ending;
}

static void *run(void *context)
{
	struct journal *journal = context;

	while (!wait_for(journal))
		settle(journal);
	settle(journal);
	return NULL;
}

int journal_open(struct journal **out, struct server *server, struct err *err)
{
	struct journal *journal = must_calloc(1, sizeof(*journal));

	journal->server = server;
	journal->noted = true;
	pthread_mutex_init(&journal->lock, NULL);
	waiting_init(&journal->wanted);
	errno = pthread_create(&journal->thread, NULL, run, journal);
	if (errno) {
		free(journal);
		return err_system(err, "cannot start a thread");
	}
	*out = journal;
	return 0;
}

void journal_close(struct journal *journal)
{
	if (!journal)
		return;
	pthread_mutex_lock(&journal->lock);
	journal->ending = true;
	pthread_cond_signal(&journal->wanted);
	pthread_mutex_unlock(&journal->lock);
	pthread_join(journal->thread, NULL);
	pthread_cond_destroy(&journal->wanted);
	pthread_mutex_destroy(&journal->lock);
	free(journal);
}

void journal_wake(struct journal *journal)
{
	pthread_mutex_lock(&journal->lock);
	journal->noted = true;
	pthread_cond_signal(&journal->wanted);
	pthread_mutex_unlock(&journal->lock);
}

bool journal_export(struct call *call, const char *what)
{
	struct accounts desk = accounts_of_call(call);
	struct err err = ERR_INIT;

	if (accounts_export(&desk, str_of(what), &err)) {
		call_error(call, &err);
		return false;
	}
	server_noted(call->server);
	return true;
}
