/* What was committed since: for who derives something from the book and wants to go on from where it stands. */
#include <stdlib.h>
#include <string.h>
#include "book/private.h"

static int number_of(void *context, const struct engine_value *columns, int count, struct err *err)
{
	(void)count;
	(void)err;
	if (columns[0].type == ENGINE_INT)
		*(uint64_t *)context = (uint64_t)columns[0].number;
	return 0;
}

static int last_noted(struct book *book, enum entry_kind kind, uint64_t *seq, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)kind) };

	*seq = 0;
	return book->ops->run(book->engine, STATEMENT_NOTE_LAST, params, 2, number_of, seq, err);
}

/* What undone imports and rows met again say of every observation is read again when there is more of it. */
static int marks_renew(struct book *book, struct err *err)
{
	uint64_t undone = 0, confirmed = 0;
	int rc = 0;

	if (!book->marks_loaded)
		return 0;
	rc = last_noted(book, ENTRY_IMPORT_UNDONE, &undone, err);
	if (rc == 0)
		rc = last_noted(book, ENTRY_CONFIRMED, &confirmed, err);
	if (undone > book->marks_seq || confirmed > book->marks_seq) {
		marks_release(&book->marks);
		book->marks_loaded = false;
	}
	return rc;
}

/* Somebody was forgotten: the keys in memory are to be gone as well. */
static int forget_keys(struct book *book, uint64_t since, struct err *err)
{
	uint64_t erased = 0;
	int rc = last_noted(book, ENTRY_ERASED, &erased, err);

	return rc == 0 && erased > since ? keys_reread(book->keys, err) : rc;
}

int book_renew(struct book *book, struct err *err)
{
	int64_t version = 0, people = 0;
	const struct book_head before = book->head;
	bool found = false;

	if (book->mode != BOOK_READ)
		BUG("a book opened for writing is always up to date");
	int rc = book->ops->renew(book->engine, err);
	if (rc == 0)
		rc = chain_head(book, err);
	if (rc != 0 || book->head.seq == before.seq)
		return rc;
	rc = meta_get(book, "fold", &version, &found, err);
	book->stored_state = rc == 0 && found && version == (int64_t)book_fold_version();
	if (rc == 0)
		rc = meta_get(book, "people", &people, &found, err);
	if (rc == 0 && (uint64_t)people > keys_count(book->keys))
		rc = keys_renew(book->keys, err);
	if (rc == 0)
		rc = forget_keys(book, before.seq, err);
	if (rc == 0)
		rc = marks_renew(book, err);
	/* So that the next call does what this one could not. */
	if (rc != 0)
		book->head = book->tip = before;
	return rc;
}

void book_rest(struct book *book)
{
	book->ops->rest(book->engine);
}

static int compare_hash(void *context, const struct entry *entry, struct err *err)
{
	const unsigned char **hash = context;

	(void)err;
	if (memcmp(entry->hash, *hash, HASH_BYTES) == 0)
		*hash = NULL;
	return 0;
}

bool book_hold(struct book *book)
{
	uint64_t seq = book->head.seq;
	struct err err = ERR_INIT;
	int64_t erasing = 0;
	bool found = false;

	if (book->lock >= 0 || strstr(book->path, "://") || !lock_take_for_a_moment(&book->lock, book->path))
		return false;
	if (book_renew(book, &err) != 0 || book->head.seq != seq || !book->stored_state ||
	    meta_get(book, "erasing", &erasing, &found, &err) != 0 || erasing != 0)
		lock_release(&book->lock);
	book_rest(book);
	return book->lock >= 0;
}

void book_let_go(struct book *book)
{
	lock_release(&book->lock);
}

int book_has_head(struct book *book, const struct book_head *head, bool *has, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)head->seq) };
	const unsigned char *hash = head->hash;
	int rc = entries_run(book, STATEMENT_ENTRY_ONE, params, 2, compare_hash, &hash, err);

	*has = rc == 0 && hash == NULL;
	return rc;
}

/* ---- changes ---- */

#define ENOUGH 1

struct collecting {
	struct book *book;
	struct changes *out;
	struct arena *arena;
	size_t capacity, most;
	struct marks confirmed;
};

static int add_change(struct collecting *c, enum object object, uint64_t subject, uint64_t seq)
{
	struct changes *out = c->out;

	if (out->count == c->most) {
		out->all = true;
		return ENOUGH;
	}
	ARENA_PUSH(c->arena, out->items, out->count, c->capacity);
	out->items[out->count++] = (struct change){ object, subject, seq };
	return 0;
}

static int each_since(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct collecting *c = context;
	enum entry_kind kind = (enum entry_kind)columns[1].number;

	(void)count;
	(void)err;
	switch (kind) {
	case ENTRY_OBSERVATION:
		return add_change(c, (enum object)columns[2].number, (uint64_t)columns[3].number,
				  (uint64_t)columns[0].number);
	case ENTRY_IMPORT_BEGUN:
	case ENTRY_IMPORT_FINISHED: c->out->imports = true; return 0;
	case ENTRY_CONFIRMED: marks_confirm(&c->confirmed, (uint64_t)columns[0].number, 0); return 0;
	case ENTRY_JOURNAL:
	case ENTRY_FILE_NOTED: return 0;
	default: c->out->all = true; return ENOUGH;
	}
}

static int each_confirming(void *context, const struct entry *entry, struct err *err)
{
	if (!confirms_read(entry->payload, entry->observed_ms, context))
		return err_set(err, ERR_DAMAGED, "entry %llu cannot be read", (unsigned long long)entry->seq);
	return 0;
}

static int each_confirmed(void *context, const struct entry *entry, struct err *err)
{
	struct collecting *c = context;

	(void)err;
	return add_change(c, entry->object, entry->subject, c->book->head.seq);
}

static int entry_at(struct book *book, uint64_t seq, entry_fn *each, void *context, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)seq) };

	return entries_run(book, STATEMENT_ENTRY_ONE, params, 2, each, context, err);
}

/* An observation met again is newer than it was: of what was told otherwise in between it may be the last word now. */
static int add_confirmed(struct collecting *c, struct err *err)
{
	struct marks met;
	int rc = 0;

	marks_init(&met);
	for (size_t i = 0; i < c->confirmed.confirm_count && rc == 0; i++)
		rc = entry_at(c->book, c->confirmed.confirms[i].seq, each_confirming, &met, err);
	for (size_t i = 0; i < met.confirm_count && rc == 0; i++)
		rc = entry_at(c->book, met.confirms[i].seq, each_confirmed, c, err);
	marks_release(&met);
	return rc;
}

static int compare_changes(const void *left, const void *right)
{
	const struct change *a = left, *b = right;

	if (a->object != b->object)
		return a->object < b->object ? -1 : 1;
	return a->subject < b->subject ? -1 : a->subject > b->subject;
}

static void sort_changes(struct changes *out)
{
	size_t n = 0;

	if (out->count > 0)
		qsort(out->items, out->count, sizeof(*out->items), compare_changes);
	for (size_t i = 0; i < out->count; i++) {
		if (n == 0 || compare_changes(&out->items[n - 1], &out->items[i]) != 0)
			out->items[n++] = out->items[i];
		else if (out->items[n - 1].seq < out->items[i].seq)
			out->items[n - 1].seq = out->items[i].seq;
	}
	out->count = n;
}

int book_changes(struct book *book, uint64_t after, size_t most, struct changes *out, struct arena *arena,
		 struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)after) };
	struct collecting c = { .book = book, .out = out, .arena = arena, .most = most };

	*out = (struct changes){ .all = !book->stored_state };
	if (out->all)
		return 0;
	marks_init(&c.confirmed);
	int rc = book->ops->run(book->engine, STATEMENT_ENTRIES_SINCE, params, 2, each_since, &c, err);
	if (rc == 0)
		rc = add_confirmed(&c, err);
	marks_release(&c.confirmed);
	sort_changes(out);
	return rc == ENOUGH ? 0 : rc;
}
