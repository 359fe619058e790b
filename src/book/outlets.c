#include "book/outlets.h"

#include <sodium.h>

#include "book/private.h"

/* ---- outlets ---- */

static int take(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct book *book = context;
	struct arena *arena = &book->outlet_arena;
	struct outlet *grown = arena_array(arena, sizeof(*grown), book->outlet_count + 1);

	(void)count;
	if (columns[1].number <= OUTBOX_MAIL || columns[1].number >= OUTBOX_WAY__COUNT)
		return err_set(err, ERR_DAMAGED, "an outlet goes by way %lld", (long long)columns[1].number);
	if (book->outlet_count)
		memcpy(grown, book->outlets, book->outlet_count * sizeof(*grown));
	grown[book->outlet_count++] = (struct outlet){ .id = arena_str(arena, columns[0].bytes),
						       .way = (enum outbox_way)columns[1].number,
						       .url = arena_str(arena, columns[2].bytes),
						       .kinds = arena_str(arena, columns[3].bytes),
						       .turn = columns[4].number,
						       .off = columns[5].number != 0 };
	book->outlets = grown;
	return 0;
}

void outlets_forget(struct book *book)
{
	arena_release(&book->outlet_arena);
	arena_init(&book->outlet_arena);
	book->outlets = NULL;
	book->outlet_count = 0;
	book->outlets_known = book->mail_known = false;
}

int outlets(struct book *book, const struct outlet **out, size_t *count, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID) };

	/* Only who writes is told of every change. */
	if (!book->outlets_known || book->mode == BOOK_READ) {
		outlets_forget(book);
		if (book->ops->run(book->engine, STATEMENT_OUTLETS, params, 1, take, book, err))
			return err->kind;
		book->outlets_known = true;
	}
	*out = book->outlets;
	*count = book->outlet_count;
	return 0;
}

bool outlet_wants(const struct outlet *outlet, struct str kind)
{
	struct str rest = outlet->kinds;

	if (outlet->off)
		return false;
	if (!str_trim(rest).len)
		return true;
	while (rest.len) {
		struct str one = str_trim(str_cut(&rest, ','));

		if (str_eq(one, kind))
			return true;
		if (str_ends(one, ".*") && kind.len >= one.len && !memcmp(kind.at, one.at, one.len - 1))
			return true;
	}
	return false;
}

bool outlet_id_fits(struct str id)
{
	for (size_t i = 0; i < id.len; i++)
		if (!((id.at[i] >= 'a' && id.at[i] <= 'z') || (id.at[i] >= '0' && id.at[i] <= '9') ||
		      (id.at[i] == '-' && i > 0)))
			return false;
	return id.len > 0 && id.len <= OUTLET_ID_MAX;
}

static int change(struct book *book, enum statement statement, const struct engine_value *params, int count,
		  struct err *err)
{
	if (!book->in_transaction)
		BUG("an outlet is changed outside a transaction");
	outlets_forget(book);
	return book->ops->run(book->engine, (int)statement, params, count, NULL, NULL, err);
}

int outlet_add(struct book *book, const struct outlet *o, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_text(o->id),    engine_int(o->way),
					       engine_text(o->url), engine_text(o->kinds), engine_int(o->turn),
					       engine_int(o->off) };

	return change(book, STATEMENT_OUTLET_ADD, params, 7, err);
}

int outlet_change(struct book *book, const struct outlet *o, struct err *err)
{
	const struct engine_value params[] = { engine_int(o->way),  engine_text(o->url), engine_text(o->kinds),
					       engine_int(o->turn), engine_int(o->off),  engine_int(BOOK_ID),
					       engine_text(o->id) };

	return change(book, STATEMENT_OUTLET_SET, params, 7, err);
}

int outlet_drop(struct book *book, struct str id, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_text(id) };

	return change(book, STATEMENT_OUTLET_DROP, params, 2, err);
}

void outlet_secret(const struct book *book, struct str id, int64_t turn, unsigned char out[OUTLET_SECRET_BYTES])
{
	struct buf what;

	buf_init(&what, 4096);
	buf_add_text(&what, "outlet");
	buf_add_block(&what, id.at, id.len);
	buf_add_u64(&what, (uint64_t)turn);
	keys_secret(book->keys, buf_str(&what), out, OUTLET_SECRET_BYTES);
	buf_release(&what);
}

/* ---- wishes ---- */

static const char *const wish_names[WISH__COUNT] = {
	[WISH_ASSIGNMENT] = "assignment", [WISH_AT_RISK] = "at-risk", [WISH_BREACH] = "breach",
	[WISH_DIGEST] = "digest",         [WISH_WEEKLY] = "weekly",
};

const char *wish_name(enum wish_of of)
{
	return wish_names[of];
}

struct wishing {
	struct wish *items;
	size_t count, capacity;
	struct arena *arena;
};

static int take_wish(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct wishing *w = context;

	(void)count;
	(void)err;
	ARENA_PUSH(w->arena, w->items, w->count, w->capacity);
	w->items[w->count++] = (struct wish){ .login = arena_str(w->arena, columns[0].bytes),
					      .quiet = (unsigned)columns[1].number,
					      .feed = columns[2].number,
					      .digest_day = (int32_t)columns[3].number,
					      .weekly_day = (int32_t)columns[4].number };
	return 0;
}

int wishes(struct book *book, struct wish **out, size_t *count, struct arena *arena, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID) };
	struct wishing wishing = { .arena = arena };
	int failed = book->ops->run(book->engine, STATEMENT_WISHES, params, 1, take_wish, &wishing, err);

	*out = wishing.items;
	*count = wishing.count;
	return failed;
}

int wish_find(struct book *book, struct str login, struct wish *out, struct arena *arena, struct err *err)
{
	struct wish *all;
	size_t count;

	*out = (struct wish){ .login = login };
	if (wishes(book, &all, &count, arena, err))
		return err->kind;
	for (size_t i = 0; i < count; i++)
		if (str_eq(all[i].login, login))
			*out = all[i];
	return 0;
}

int wish_set(struct book *book, const struct wish *wish, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID),          engine_text(wish->login),
					       engine_int(wish->quiet),      engine_int(wish->feed),
					       engine_int(wish->digest_day), engine_int(wish->weekly_day) };

	if (!book->in_transaction)
		BUG("a wish is changed outside a transaction");
	return book->ops->run(book->engine, STATEMENT_WISH_SET, params, 6, NULL, NULL, err);
}
