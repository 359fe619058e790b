#include "book/outbox.h"

#include <sodium.h>

#include "book/private.h"

static const char *const ways[OUTBOX_WAY__COUNT] = {
	[OUTBOX_MAIL] = "mail",
	[OUTBOX_WEBHOOK] = "webhook",
	[OUTBOX_SLACK] = "slack",
	[OUTBOX_TEAMS] = "teams",
};
static const char *const states[OUTBOX_STATE__COUNT] = {
	[OUTBOX_WAITING] = "waiting",
	[OUTBOX_DEAD] = "dead",
	[OUTBOX_SENT] = "sent",
};

const char *outbox_way_name(enum outbox_way way)
{
	return ways[way];
}

const char *outbox_state_name(enum outbox_state state)
{
	return states[state];
}

void outbox_say(struct outbox_message *message, const char *name, struct str value)
{
	if (message->fact_count == OUTBOX_FACTS)
		BUG("a message of more than %d facts", OUTBOX_FACTS);
	message->facts[message->fact_count++] = (struct outbox_fact){ str_of(name), value };
}

struct str outbox_fact(const struct outbox_message *message, const char *name)
{
	for (size_t i = 0; i < message->fact_count; i++)
		if (str_is(message->facts[i].name, name))
			return message->facts[i].value;
	return STR_NONE;
}

/* ---- writing ---- */

static int run(struct book *book, enum statement statement, const struct engine_value *params, int count,
	       struct err *err)
{
	if (!book->in_transaction)
		BUG("the outbox is changed outside a transaction");
	return book->ops->run(book->engine, (int)statement, params, count, NULL, NULL, err);
}

static void make_id(char out[OUTBOX_ID])
{
	unsigned char random[18];
	char text[OUTBOX_ID];

	randombytes_buf(random, sizeof(random));
	sodium_bin2base64(text, sizeof(text), random, sizeof(random), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	snprintf(out, OUTBOX_ID, "msg_%.24s", text);
}

int outbox_add(struct book *book, struct outbox_message *message, struct err *err)
{
	struct buf body;
	int failed;

	if (!*message->id)
		make_id(message->id);
	buf_init(&body, OUTBOX_BODY_MAX);
	for (size_t i = 0; i < message->fact_count; i++) {
		buf_add_block(&body, message->facts[i].name.at, message->facts[i].name.len);
		buf_add_block(&body, message->facts[i].value.at, message->facts[i].value.len);
	}
	const struct engine_value params[] = { engine_int(BOOK_ID),
					       engine_text(str_of(message->id)),
					       engine_int((int64_t)message->way),
					       engine_text(message->kind),
					       engine_text(message->to),
					       engine_bytes(buf_str(&body).at, body.len),
					       engine_int(message->made_ms),
					       engine_int(message->due_ms) };
	failed = body.full ? err_set(err, ERR_LIMIT, "a message of more than %d bytes", OUTBOX_BODY_MAX)
			   : run(book, STATEMENT_OUTBOX_ADD, params, 8, err);
	buf_release(&body);
	if (!failed)
		atomic_fetch_add(&book->outbox_added, 1);
	return failed;
}

uint64_t outbox_added(const struct book *book)
{
	return atomic_load(&book->outbox_added);
}

static int set(struct book *book, const char *id, enum outbox_state state, int64_t due_ms, int64_t tried,
	       struct str trouble, struct err *err)
{
	const struct engine_value params[] = {
		engine_int((int64_t)state), engine_int(due_ms),  engine_int(tried),
		engine_text(trouble),       engine_int(BOOK_ID), engine_text(str_of(id))
	};

	return run(book, STATEMENT_OUTBOX_SET, params, 6, err);
}

int outbox_went(struct book *book, const struct outbox_message *message, int64_t now_ms, int64_t drop_before_ms,
		struct err *err)
{
	const struct engine_value old[] = { engine_int(BOOK_ID), engine_int(OUTBOX_SENT), engine_int(drop_before_ms) };

	if (message->way != OUTBOX_MAIL)
		return outbox_drop(book, message->id, err);
	if (run(book, STATEMENT_OUTBOX_DROP_OLD, old, 3, err))
		return err->kind;
	return set(book, message->id, OUTBOX_SENT, now_ms, 1, STR(""), err);
}

int outbox_failed(struct book *book, const char *id, enum outbox_state state, int64_t due_ms, struct str trouble,
		  struct err *err)
{
	return set(book, id, state, due_ms, 1, trouble, err);
}

int outbox_again(struct book *book, const char *id, int64_t now_ms, struct err *err)
{
	atomic_fetch_add(&book->outbox_added, 1);
	return set(book, id, OUTBOX_WAITING, now_ms, 0, STR(""), err);
}

int outbox_drop(struct book *book, const char *id, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_text(str_of(id)) };

	return run(book, STATEMENT_OUTBOX_DROP, params, 2, err);
}

/* ---- asking ---- */

struct found {
	struct outbox_message *items;
	size_t count, capacity;
	struct arena *arena;
};

static int take(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct found *found = context;
	struct outbox_message message = { .way = (enum outbox_way)columns[1].number,
					  .kind = arena_str(found->arena, columns[2].bytes),
					  .to = arena_str(found->arena, columns[3].bytes),
					  .made_ms = columns[5].number,
					  .due_ms = columns[6].number,
					  .state = (enum outbox_state)columns[7].number,
					  .tries = columns[8].number,
					  .trouble = arena_str(found->arena, columns[9].bytes) };
	struct str body = arena_str(found->arena, columns[4].bytes);
	struct cursor in = cursor_of(body.at, body.len);

	(void)count;
	if (columns[0].bytes.len >= OUTBOX_ID || message.way >= OUTBOX_WAY__COUNT ||
	    message.state >= OUTBOX_STATE__COUNT)
		return err_set(err, ERR_DAMAGED, "a message of the outbox cannot be read");
	memcpy(message.id, columns[0].bytes.at, columns[0].bytes.len);
	while (in.at < in.end && !in.failed && message.fact_count < OUTBOX_FACTS) {
		struct str name = cursor_block(&in), value = cursor_block(&in);

		message.facts[message.fact_count++] = (struct outbox_fact){ name, value };
	}
	if (in.failed)
		return err_set(err, ERR_DAMAGED, "message %s of the outbox cannot be read", message.id);
	ARENA_PUSH(found->arena, found->items, found->count, found->capacity);
	found->items[found->count++] = message;
	return 0;
}

static int ask(struct book *book, enum statement statement, const struct engine_value *params, int count,
	       struct found *found, struct err *err)
{
	return book->ops->run(book->engine, (int)statement, params, count, take, found, err);
}

int outbox_due(struct book *book, int64_t now_ms, size_t most, struct outbox_message **out, size_t *count,
	       struct arena *arena, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int(OUTBOX_WAITING), engine_int(now_ms),
					       engine_int((int64_t)most) };
	struct found found = { .arena = arena };
	int failed = ask(book, STATEMENT_OUTBOX_DUE, params, 4, &found, err);

	*out = found.items;
	*count = found.count;
	return failed;
}

int outbox_list(struct book *book, enum outbox_state state, int64_t before_ms, size_t most, struct outbox_message **out,
		size_t *count, struct arena *arena, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)state), engine_int(before_ms),
					       engine_int((int64_t)most) };
	struct found found = { .arena = arena };
	int failed = ask(book, STATEMENT_OUTBOX_LIST, params, 4, &found, err);

	*out = found.items;
	*count = found.count;
	return failed;
}

int outbox_find(struct book *book, struct str id, struct outbox_message *out, bool *is_there, struct arena *arena,
		struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_text(id) };
	struct found found = { .arena = arena };
	int failed = ask(book, STATEMENT_OUTBOX_ONE, params, 2, &found, err);

	*is_there = found.count > 0;
	if (*is_there)
		*out = found.items[0];
	return failed;
}

struct counting {
	int64_t *counts, *next_ms;
};

static int count_state(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct counting *counting = context;

	(void)count;
	(void)err;
	if (columns[0].number >= 0 && columns[0].number < OUTBOX_STATE__COUNT)
		counting->counts[columns[0].number] = columns[1].number;
	if (columns[0].number == OUTBOX_WAITING)
		*counting->next_ms = columns[2].number;
	return 0;
}

int outbox_counts(struct book *book, int64_t counts[OUTBOX_STATE__COUNT], int64_t *next_ms, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID) };
	struct counting counting = { counts, next_ms };

	*next_ms = INT64_MAX;
	for (int i = 0; i < OUTBOX_STATE__COUNT; i++)
		counts[i] = 0;
	return book->ops->run(book->engine, STATEMENT_OUTBOX_COUNT, params, 1, count_state, &counting, err);
}

/* ---- is there anybody who sends mail? ---- */

int outbox_mail_set(struct book *book, bool on, struct err *err)
{
	book->mail_known = false;
	return meta_set(book, "mail", on, err);
}

int outbox_mail_on(struct book *book, bool *on, struct err *err)
{
	int64_t value = 0;
	bool found;

	if (!book->mail_known) {
		if (meta_get(book, "mail", &value, &found, err))
			return err->kind;
		book->mail_on = found && value;
		book->mail_known = book->mode == BOOK_WRITE;
	}
	*on = book->mail_on;
	return 0;
}

int outbox_warned_set(struct book *book, int64_t until_ms, struct err *err)
{
	return meta_set(book, "warned", until_ms, err);
}

int outbox_warned(struct book *book, int64_t *until_ms, struct err *err)
{
	bool found;
	int failed = meta_get(book, "warned", until_ms, &found, err);

	if (!failed && !found)
		*until_ms = INT64_MAX;
	return failed;
}
