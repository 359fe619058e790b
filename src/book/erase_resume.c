/* Carrying out what an erasing entry says, also after a crash: the keys go, the state is folded again, old pages are written over. */
#include "base/buf.h"
#include "book/private.h"

static int copy_payload(void *context, const struct entry *entry, struct err *err)
{
	struct buf *out = context;

	(void)err;
	buf_add_str(out, entry->payload);
	return 0;
}

struct stored_row {
	const struct state_row *row;
	bool found, same;
};

static int compare_stored(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct stored_row *stored = context;
	struct state_row row;
	int rc = row_of_columns(&row, columns, count, err);

	stored->found = true;
	stored->same = rc == 0 && str_eq(row.payload, stored->row->payload) && str_eq(row.match, stored->row->match) &&
		       row.erased == stored->row->erased;
	return rc;
}

/* What a lost key had sealed goes from the state, and with it the match of the row. */
static int refold_row(void *context, const struct state_row *row, const struct observation *all, size_t count,
		      struct err *err)
{
	struct book *book = context;
	struct state_row fresh = *row;
	struct stored_row stored = { row, false, false };
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)row->subject) };

	(void)all;
	/* What stands in its one entry is sealed there, and has no match in the clear. */
	if (!row->erased || !row_needed(row, count))
		return 0;
	int rc = book->ops->run(book->engine, STATEMENT_STATE_ONE, params, 2, compare_stored, &stored, err);
	fresh.stored = stored.found;
	return rc == 0 && !stored.same ? row_write(book, &fresh, count, err) : rc;
}

static int refold_erased(struct book *book, struct err *err)
{
	int rc = book_begin(book, err);

	if (rc != 0)
		return rc;
	writer_forget(book);
	rc = marks_ready(book, err);
	if (rc == 0)
		rc = rows_fold(book, &book->marks, false, OBJECT_NONE, INT64_MAX, refold_row, book, err);
	if (rc == 0)
		return book_commit(book, err);
	book_rollback(book);
	return rc;
}

static int erasing_done(struct book *book, struct err *err)
{
	int rc = book_begin(book, err);

	if (rc != 0)
		return rc;
	rc = meta_set(book, "erasing", 0, err);
	if (rc == 0)
		return book_commit(book, err);
	book_rollback(book);
	return rc;
}

static int compact(struct book *book, struct err *err)
{
	int rc = book->ops->compact(book->engine, err);

	if (rc != ERR_STATE)
		return rc;
	return err_set(
		err, ERR_STATE,
		"%s: the keys are erased, but somebody is reading the book and holds on to its old pages; end what "
		"reads it: the next command that writes takes them away",
		book->path);
}

int erase_resume(struct book *book, struct err *err)
{
	int64_t seq = 0;
	bool found;
	struct buf payload;
	struct arena arena;
	uint64_t *people;
	size_t count;
	int rc = meta_get(book, "erasing", &seq, &found, err);

	if (rc != 0 || seq == 0)
		return rc;
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int(seq) };
	buf_init(&payload, PAYLOAD_MAX * 16);
	arena_init(&arena);
	rc = entries_run(book, STATEMENT_ENTRY_ONE, params, 2, copy_payload, &payload, err);
	if (rc == 0 && !erased_read(buf_str(&payload), &people, &count, &arena))
		rc = err_set(err, ERR_DAMAGED, "%s: entry %lld cannot be read", book->path, (long long)seq);
	if (rc == 0)
		rc = keys_erase(book->keys, people, count, err);
	if (rc == 0)
		rc = refold_erased(book, err);
	if (rc == 0)
		rc = compact(book, err);
	/* Last, so that a compacting that failed is repeated. */
	if (rc == 0)
		rc = erasing_done(book, err);
	arena_release(&arena);
	buf_release(&payload);
	return rc;
}
