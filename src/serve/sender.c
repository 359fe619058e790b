#include "serve/sender.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "desk/news.h"
#include "report/answer_json.h"
#include "serve/daily.h"
#include "serve/sender_private.h"
#include "serve/waiting.h"

/* How long it waits at most before it looks again; has at its end; keeps what was sent. */
enum { LOOK_MS = 2000, GRACE_MS = 5000, DAILY_LOOK_MS = 30000 };
#define KEPT_MS (INT64_C(30) * 86400000)
/* Tries: the last is a day or so after the first. */
enum { TRIES_MOST = 12 };
#define PAUSE_MOST_MS (INT64_C(6) * 3600000)

/* ---- recording what became of them ---- */

static int64_t pause_ms(const struct sender *sender, int64_t tries)
{
	int64_t pause = server_ways_out(sender->server)->retry_ms;

	for (int64_t i = 0; i < tries && pause < PAUSE_MOST_MS; i++)
		pause *= 3;
	pause = pause < PAUSE_MOST_MS ? pause : PAUSE_MOST_MS;
	return pause - pause / 5 + (int64_t)randombytes_uniform((uint32_t)(pause / 5 * 2 + 1));
}

static int record(struct sender *sender, struct sending *s, struct lead_desk *desk, struct err *err)
{
	const char *id = s->message.id;
	struct book *book = desk->book;
	int64_t now_ms = desk->now_ms;

	if (s->result == RESULT_AGAIN && s->message.tries + 1 >= TRIES_MOST)
		s->result = RESULT_DEAD;
	switch (s->result) {
	case RESULT_WENT:
		sender->sent++;
		return news_went(desk, &s->message, err) ||
				       outbox_went(book, &s->message, now_ms, now_ms - KEPT_MS, err)
			       ? err->kind
			       : 0;
	case RESULT_HELD: return outbox_drop(book, id, err);
	case RESULT_DEAD: sender->dead++; return outbox_failed(book, id, OUTBOX_DEAD, now_ms, s->trouble, err);
	default:
		sender->failed++;
		return outbox_failed(book, id, OUTBOX_WAITING, now_ms + pause_ms(sender, s->message.tries), s->trouble,
				     err);
	}
}

static void log_result(struct sender *sender, const struct sending *s)
{
	static const char *const names[] = { [RESULT_WENT] = "sent",
					     [RESULT_HELD] = "held back",
					     [RESULT_AGAIN] = "failed",
					     [RESULT_DEAD] = "given up" };

	if (server_logs(sender->server))
		server_log(sender->server,
			   json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "level",
				     s->result == RESULT_DEAD ? "warning" : "info", "what", names[s->result], "message",
				     s->message.id, "way", outbox_way_name(s->message.way), "kind",
				     json_str(s->message.kind), "text", json_str(s->trouble)));
}

static int record_all(struct sender *sender, struct lead_desk *desk, struct err *err)
{
	bool any = false;
	int failed = 0;

	for (int i = 0; i < SENDINGS; i++)
		any |= sender->sendings[i].used && sender->sendings[i].result;
	if (!any)
		return 0;
	failed = book_begin(desk->book, err);
	if (failed)
		return failed;
	for (int i = 0; i < SENDINGS && !failed; i++)
		if (sender->sendings[i].used && sender->sendings[i].result)
			failed = record(sender, &sender->sendings[i], desk, err);
	if (failed)
		book_rollback(desk->book);
	else
		failed = book_commit(desk->book, err);
	for (int i = 0; i < SENDINGS && !failed; i++)
		if (sender->sendings[i].used && sender->sendings[i].result) {
			log_result(sender, &sender->sendings[i]);
			sending_release(&sender->sendings[i], sender);
		}
	return failed;
}

/* ---- taking up what is due ---- */

static bool under_way(const struct sender *sender, const struct outbox_message *message, bool *full)
{
	unsigned same = 0;

	for (int i = 0; i < SENDINGS; i++) {
		const struct sending *s = &sender->sendings[i];

		if (s->used && !strcmp(s->message.id, message->id))
			return true;
		same += s->used && s->message.way == message->way &&
			(message->way == OUTBOX_MAIL || str_eq(s->message.to, message->to));
	}
	*full = same >= PER_RECEIVER;
	return false;
}

static struct sending *free_place(struct sender *sender)
{
	for (int i = 0; i < SENDINGS; i++)
		if (!sender->sendings[i].used)
			return &sender->sendings[i];
	return NULL;
}

static int take_up(struct sender *sender, struct lead_desk *desk, struct err *err)
{
	struct outbox_message *due;
	struct sending *place;
	size_t count;
	bool full = false;

	if (outbox_due(desk->book, desk->now_ms, (size_t)SENDINGS * 8, &due, &count, desk->arena, err))
		return err->kind;
	for (size_t i = 0; i < count && (place = free_place(sender)); i++)
		if (!under_way(sender, &due[i], &full) && !full && sending_begin(place, sender, desk, &due[i], err))
			return err->kind;
	return 0;
}

/* Nobody stands long at the desk for nothing. */
static bool wanted(struct sender *sender)
{
	struct office *office = server_office(sender->server);
	uint64_t added;

	office_hold(office);
	added = outbox_added(server_book(sender->server));
	office_let_go(office);
	for (int i = 0; i < SENDINGS; i++)
		if (sender->sendings[i].used && sender->sendings[i].result)
			return true;
	if (added == sender->added && sender->next_ms > server_now_ms(sender->server) &&
	    sender->daily_ms > server_now_ms(sender->server))
		return false;
	sender->added = added;
	return true;
}

static int at_the_desk(struct sender *sender, struct arena *arena, struct err *err)
{
	struct office *office = server_office(sender->server);
	int64_t now_ms = server_now_ms(sender->server), counts[OUTBOX_STATE__COUNT];
	struct lead_desk desk;
	int failed;

	if (office_desk(office, server_book(sender->server), now_ms, "sender", arena, &desk, err))
		return err->kind;
	failed = record_all(sender, &desk, err);
	if (!failed && now_ms >= sender->daily_ms) {
		failed = daily_write(server_doors(sender->server), &desk, err);
		sender->daily_ms = now_ms + DAILY_LOOK_MS;
	}
	if (!failed && !sender->ending)
		failed = take_up(sender, &desk, err);
	if (!failed)
		failed = outbox_counts(desk.book, counts, &sender->next_ms, err);
	office_desk_end(office, &desk);
	return failed;
}

/* ---- the round ---- */

static bool start_all(struct sender *sender)
{
	bool decided = false;

	for (int i = 0; i < SENDINGS; i++) {
		struct sending *s = &sender->sendings[i];

		if (s->used && !s->result && !s->running)
			sending_start(s, sender);
		decided |= s->used && s->result;
	}
	return decided;
}

/* True: something has ended. */
static bool go_on(struct sender *sender)
{
	bool ended = false;
	CURLMsg *said;
	int left;

	curl_multi_perform(sender->multi, &left);
	while ((said = curl_multi_info_read(sender->multi, &left))) {
		struct sending *s = NULL;

		if (said->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(said->easy_handle, CURLINFO_PRIVATE, (char **)&s);
		sending_finish(s, sender, said->data.result);
		ended = true;
	}
	return ended;
}

static bool any_running(const struct sender *sender)
{
	for (int i = 0; i < SENDINGS; i++)
		if (sender->sendings[i].running)
			return true;
	return false;
}

static void *run(void *context)
{
	struct sender *sender = context;
	int64_t look_ms = 0, until_ms = 0;
	bool ended = false;
	struct arena arena;

	arena_init(&arena);
	do {
		struct err err = ERR_INIT;
		int64_t now_ms = monotonic_ms(), wait_ms;

		if (atomic_exchange(&sender->woken, false) || ended || now_ms >= look_ms) {
			/* A command has the book: then later. */
			if (server_enter(sender->server)) {
				if (wanted(sender) && at_the_desk(sender, &arena, &err)) {
					server_log_error(sender->server, "the sender", &err);
					sender->next_ms = server_now_ms(sender->server) + LOOK_MS;
				}
				server_leave(sender->server);
			}
			arena_reset(&arena);
			wait_ms = sender->next_ms - server_now_ms(sender->server);
			look_ms = now_ms + (wait_ms < 50 ? 50 : wait_ms > LOOK_MS ? LOOK_MS : wait_ms);
		}
		ended = start_all(sender);
		ended |= go_on(sender);
		if (!ended)
			curl_multi_poll(sender->multi, NULL, 0, (int)(look_ms > now_ms ? look_ms - now_ms : 1), NULL);
		if (sender->ending && !until_ms)
			until_ms = now_ms + GRACE_MS;
	} while (!sender->ending || ended || (any_running(sender) && monotonic_ms() < until_ms));
	arena_release(&arena);
	return NULL;
}

/* ---- opening and closing ---- */

/* Who writes without a server (the command line) knows by this whether mail is sent; and what came at risk is told from now on. */
static int say_mail(struct book *book, bool is_on, int64_t now_ms, struct err *err)
{
	int64_t warned_ms;
	bool on;

	if (outbox_mail_on(book, &on, err) || outbox_warned(book, &warned_ms, err))
		return err->kind;
	if (on == is_on && warned_ms != INT64_MAX)
		return 0;
	if (book_begin(book, err))
		return err->kind;
	if (outbox_mail_set(book, is_on, err) || (warned_ms == INT64_MAX && outbox_warned_set(book, now_ms, err))) {
		book_rollback(book);
		return err->kind;
	}
	return book_commit(book, err);
}

int sender_open(struct sender **out, struct server *server, struct err *err)
{
	struct sender *sender = must_calloc(1, sizeof(*sender));
	int failed;

	sender->server = server;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	sender->multi = curl_multi_init();
	if (!sender->multi)
		out_of_memory(sizeof(*sender));
	office_hold(server_office(server));
	failed = say_mail(server_book(server), server_ways_out(server)->server != NULL, server_now_ms(server), err);
	office_let_go(server_office(server));
	if (failed) {
		curl_multi_cleanup(sender->multi);
		free(sender);
		return err->kind;
	}
	*out = sender;
	return 0;
}

int sender_start(struct sender *sender, struct err *err)
{
	errno = pthread_create(&sender->thread, NULL, run, sender);
	if (errno)
		return err_system(err, "cannot start a thread");
	sender->started = true;
	return 0;
}

void sender_close(struct sender *sender)
{
	if (!sender)
		return;
	sender->ending = true;
	curl_multi_wakeup(sender->multi);
	if (sender->started)
		pthread_join(sender->thread, NULL);
	for (int i = 0; i < SENDINGS; i++)
		if (sender->sendings[i].used)
			sending_release(&sender->sendings[i], sender);
	curl_multi_cleanup(sender->multi);
	free(sender);
}

void sender_wake(struct sender *sender)
{
	if (sender && !atomic_exchange(&sender->woken, true))
		curl_multi_wakeup(sender->multi);
}

void sender_counts(struct sender *sender, uint64_t *sent, uint64_t *failed, uint64_t *dead)
{
	*sent = sender->sent;
	*failed = sender->failed;
	*dead = sender->dead;
}
