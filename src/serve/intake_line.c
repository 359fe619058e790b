#include "serve/intake_line.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "serve/answer.h"
#include "serve/asking.h"

/* Leads in one commit, so that nobody waits long for others; one request may have more. And commits before others come to the desk. */
enum { LEADS_AT_ONCE = 512, ROUNDS = 16 };

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
	struct intake_told *first, *end;
	size_t leads;
};

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
	*group = (struct group){ .first = NULL };
}

/* ---- the line ---- */

/* Those in front, as many as go together; none where nobody waits. */
static struct group take_up(struct intake_line *line)
{
	struct group group = { .first = NULL };

	pthread_mutex_lock(&line->lock);
	while (line->first && (!group.leads || group.leads + line->first->count <= LEADS_AT_ONCE) &&
	       !same_key_before(&group, line->first)) {
		struct intake_told *told = line->first;

		line->first = told->next;
		told->next = NULL;
		group.leads += told->count;
		if (group.end)
			group.end->next = told;
		else
			group.first = told;
		group.end = told;
	}
	if (!line->first)
		line->last = &line->first;
	pthread_mutex_unlock(&line->lock);
	return group;
}

/* ---- one turn at the desk ---- */

/* A group whose commit is under way. */
struct flying {
	struct book *book;
	struct group group;
};

/* They are told as soon as it is durable, and come again while the next group is put together. */
static void answer_landed(void *context)
{
	struct flying *flying = context;
	struct err none = ERR_INIT;

	if (flying->group.first && book_landed(flying->book))
		answer(&flying->group, book_wait(flying->book, &none), &none);
}

static int land(struct flying *flying, struct err *err)
{
	struct err own = ERR_INIT;
	int failed = flying->group.first ? book_wait(flying->book, &own) : 0;

	answer(&flying->group, failed, &own);
	if (failed)
		*err = own;
	return failed;
}

/* While one group's commit is under way the next is put together. On an error what is in the transaction is to be taken back. */
static int take_and_commit(struct group *group, struct flying *flying, const struct intake_room *room, struct err *err)
{
	struct err before = ERR_INIT;
	int failed = take_all(group, room, err), landed = land(flying, &before);

	if (landed && !failed)
		*err = before;
	if (landed || failed)
		return failed ? failed : landed;
	return book_commit_next(room->book, err);
}

/* Everybody who waits, group after group; *group: who could not be taken in. */
static int take_turns(struct intake_line *line, struct group *group, struct intake_room *room, struct err *err)
{
	struct flying flying = { .book = room->book };
	struct err before = ERR_INIT;
	int failed = book_begin(room->book, err), landed;

	room->meanwhile = answer_landed;
	room->context = &flying;
	for (int round = 0; group->first && !failed; round++) {
		room->now_ms = server_now_ms(line->server);
		failed = take_and_commit(group, &flying, room, err);
		if (failed)
			break;
		flying.group = *group;
		*group = round + 1 < ROUNDS ? take_up(line) : (struct group){ .first = NULL };
	}
	landed = land(&flying, &before);
	if (landed && !failed) {
		*err = before;
		failed = landed;
	}
	/* What is committed here is nothing more. */
	if (failed)
		book_rollback(room->book);
	else
		failed = book_commit(room->book, err);
	return failed;
}

static int to_the_desk(struct intake_line *line, struct group *group, struct err *err)
{
	struct office *office = server_office(line->server);
	struct intake_room room;
	struct arena arena;
	int failed;

	/* Where a command has the book, they wait for it; but who stops cannot wait with them. */
	while (!server_enter(line->server))
		if (server_stops(line->server))
			return err_set(err, ERR_SYSTEM, "the server stops; ask again in a moment");
	arena_init(&arena);
	failed = office_intake(office, server_book(line->server), server_now_ms(line->server), &arena, &room, err);
	if (!failed) {
		failed = take_turns(line, group, &room, err);
		office_intake_end(office, &room, !failed);
	}
	arena_release(&arena);
	server_leave(line->server);
	server_told(line->server);
	return failed;
}

/* What befalls one alone is no reason to refuse the others. */
static void serve(struct intake_line *line, struct group group)
{
	struct err err = ERR_INIT;
	int failed = to_the_desk(line, &group, &err);

	if (!failed || !group.first)
		return;
	if (!group.first->next || server_stops(line->server)) {
		answer(&group, failed, &err);
		return;
	}
	for (struct intake_told *t = group.first, *next; t; t = next) {
		next = t->next;
		t->next = NULL;
		t->call->reply->header_count = 0;
		serve(line, (struct group){ t, t, t->count });
	}
}

static void *run(void *context)
{
	struct intake_line *line = context;
	bool more = true;

	while (more) {
		struct group group;

		pthread_mutex_lock(&line->lock);
		while (!line->first && !line->closing)
			pthread_cond_wait(&line->wanted, &line->lock);
		more = line->first != NULL;
		pthread_mutex_unlock(&line->lock);
		group = take_up(line);
		if (group.first)
			serve(line, group);
	}
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
