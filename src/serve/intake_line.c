#include "serve/intake_line.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "serve/answer.h"
#include "serve/asking.h"

/* Leads in one commit, so that nobody waits long for others; one request may have more. */
enum { LEADS_AT_ONCE = 512 };

struct intake_line {
	struct server *server;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wanted;
	struct intake_told *first, **last;
	bool closing;
};

/* Those that go to the desk together. */
struct group {
	struct intake_told *first, **last;
	size_t leads;
};

static void group_add(struct group *group, struct intake_told *told)
{
	told->next = NULL;
	*group->last = told;
	group->last = &told->next;
	group->leads += told->count;
}

/* ---- at the desk ---- */

/* Whoever asks the same a second time in this commit asks again after it. */
static bool same_key_before(const struct group *group, const struct intake_told *told)
{
	for (const struct intake_told *t = group->first; t; t = t->next)
		if (t->asking.keyed && told->asking.keyed &&
		    memcmp(t->asking.key, told->asking.key, sizeof(told->asking.key)) == 0)
			return true;
	return false;
}

static int take_one(struct intake_told *told, const struct intake_room *room, struct err *err)
{
	struct call *call = told->call;

	told->say(call, told->leads, told->count);
	return call->reply->status < 300 ? asking_keep(call, &told->asking, room->book, err) : 0;
}

/* All in one transaction. */
static int take_all(struct group *group, const struct intake_room *room, struct err *err)
{
	struct intake_lead *leads = ARENA_ARRAY(room->arena, struct intake_lead, group->leads + 1);
	size_t count = 0;
	int failed = 0;

	for (struct intake_told *t = group->first; t && !failed; t = t->next) {
		failed = asking_before(t->call, &t->asking, room->book, &t->again, err);
		if (failed || t->again)
			continue;
		memcpy(leads + count, t->leads, t->count * sizeof(*leads));
		count += t->count;
	}
	if (!failed)
		failed = intake_leads(room, leads, count, err);
	count = 0;
	for (struct intake_told *t = group->first; t && !failed; t = t->next) {
		if (t->again)
			continue;
		memcpy(t->leads, leads + count, t->count * sizeof(*leads));
		count += t->count;
		failed = take_one(t, room, err);
	}
	return failed;
}

static int to_the_desk(struct intake_line *line, struct group *group, struct arena *arena, struct err *err)
{
	struct office *office = server_office(line->server);
	struct intake_room room;
	int failed = office_intake(office, server_book(line->server), server_now_ms(line->server), arena, &room, err);

	if (failed)
		return failed;
	failed = book_begin(room.book, err);
	if (!failed) {
		failed = take_all(group, &room, err);
		if (failed)
			book_rollback(room.book);
		else
			failed = book_commit(room.book, err);
	}
	office_intake_end(office, &room, !failed);
	return failed;
}

/* ---- telling them ---- */

static void answer(struct group *group, int failed, const struct err *err)
{
	/* A call is gone once it is told. */
	for (struct intake_told *t = group->first, *next; t; t = next) {
		next = t->next;
		if (failed) {
			t->call->reply->header_count = 0;
			call_error(t->call, err);
		}
		answer_later(t->call);
	}
}

/* What befalls one alone is no reason to refuse the others. */
static void serve(struct intake_line *line, struct group *group)
{
	struct err err = ERR_INIT;
	struct arena arena;
	int failed;

	/* Where a command has the book, they wait for it. */
	while (!server_enter(line->server))
		continue;
	arena_init(&arena);
	failed = to_the_desk(line, group, &arena, &err);
	arena_release(&arena);
	server_leave(line->server);
	if (failed && group->first->next) {
		for (struct intake_told *t = group->first, *next; t; t = next) {
			struct group one = { .first = NULL };

			next = t->next;
			t->call->reply->header_count = 0;
			one.last = &one.first;
			group_add(&one, t);
			serve(line, &one);
		}
		return;
	}
	if (!failed)
		server_told(line->server);
	answer(group, failed, &err);
}

/* ---- the line ---- */

/* With the lock. Those in front, as many as go together. */
static struct group take_up(struct intake_line *line)
{
	struct group group = { .first = NULL };

	group.last = &group.first;
	while (line->first && (!group.leads || group.leads + line->first->count <= LEADS_AT_ONCE) &&
	       !same_key_before(&group, line->first)) {
		struct intake_told *told = line->first;

		line->first = told->next;
		group_add(&group, told);
	}
	if (!line->first)
		line->last = &line->first;
	return group;
}

static void *run(void *context)
{
	struct intake_line *line = context;

	pthread_mutex_lock(&line->lock);
	for (;;) {
		struct group group;

		while (!line->first && !line->closing)
			pthread_cond_wait(&line->wanted, &line->lock);
		if (!line->first)
			break;
		group = take_up(line);
		pthread_mutex_unlock(&line->lock);
		serve(line, &group);
		pthread_mutex_lock(&line->lock);
	}
	pthread_mutex_unlock(&line->lock);
	return NULL;
}

static void stand_in_line(struct call *call)
{
	struct intake_line *line = server_line(call->server);
	struct intake_told *told = call->kept;

	pthread_mutex_lock(&line->lock);
	*line->last = told;
	line->last = &told->next;
	pthread_cond_signal(&line->wanted);
	pthread_mutex_unlock(&line->lock);
}

bool intake_line_add(struct intake_told *told)
{
	struct call *call = told->call;

	if (!asking_read(call, &told->asking))
		return false;
	told->next = NULL;
	call->kept = told;
	call->later = stand_in_line;
	return true;
}

int intake_line_open(struct intake_line **out, struct server *server, struct err *err)
{
	struct intake_line *line = must_calloc(1, sizeof(*line));

	line->server = server;
	line->last = &line->first;
	pthread_mutex_init(&line->lock, NULL);
	pthread_cond_init(&line->wanted, NULL);
	errno = pthread_create(&line->thread, NULL, run, line);
	if (errno) {
		free(line);
		return err_system(err, "cannot start a thread");
	}
	*out = line;
	return 0;
}

void intake_line_close(struct intake_line *line)
{
	if (!line)
		return;
	pthread_mutex_lock(&line->lock);
	line->closing = true;
	pthread_cond_signal(&line->wanted);
	pthread_mutex_unlock(&line->lock);
	pthread_join(line->thread, NULL);
	pthread_cond_destroy(&line->wanted);
	pthread_mutex_destroy(&line->lock);
	free(line);
}
