/* What is known by heart of the records: of all, when many are offered, or of the few that are spoken of. */
#include <string.h>
#include "book/private.h"

enum {
	FEW = 64,      /* records are always asked for one by one */
	ASK_COSTS = 4, /* entries that could be read meanwhile: 1 to 3 µs, each 0.8 */
};

void writer_forget(struct book *book)
{
	index_release(&book->index);
	book->index_loaded = false;
	marks_release(&book->marks);
	book->marks_loaded = false;
	book->pending_count = 0;
	book->pending_news = false;
}

void slot_of_row(struct index_slot *slot, const struct state_row *row, int64_t effective_ms, uint64_t changed_seq)
{
	slot->changed_seq = changed_seq;
	slot->subject = row->subject;
	slot->stored = row->stored;
	slot->versions = (uint32_t)row->versions;
	slot->standing_seq = row->standing_seq;
	slot->standing_ms = effective_ms;
	slot->person = row->person;
	slot->erased = row->erased;
	slot->has_match = row->match.len == MATCH_BYTES;
	if (slot->has_match)
		memcpy(slot->match, row->match.at, MATCH_BYTES);
}

struct taken_back {
	const struct book *book;
	bool so;
};

static int see_taken_back(void *context, const struct entry *entry, struct err *err)
{
	struct taken_back *t = context;

	(void)err;
	t->so = entry->import_seq != 0 && marks_undone(&t->book->marks, entry->import_seq);
	return 0;
}

/* When its source last said what stands. What an older export said again is older once its own import was taken back. */
static int standing_time(struct book *book, struct index_slot *slot, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)slot->standing_seq) };
	struct taken_back taken_back = { book, false };
	int64_t again;
	int rc = 0;

	if (!marks_confirmed(&book->marks, slot->standing_seq, &again))
		return 0;
	if (again < slot->standing_ms && book->marks.undone_count > 0)
		rc = entries_run(book, STATEMENT_ENTRY_ONE, params, 2, see_taken_back, &taken_back, err);
	if (again > slot->standing_ms || taken_back.so)
		slot->standing_ms = again;
	return rc;
}

static int index_row(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct book *book = context;
	struct state_row row;
	struct observation only;
	unsigned char id[IDENTITY_BYTES];
	int rc = row_of_columns(&row, columns, count, err);

	arena_reset(&book->scratch);
	if (rc == 0 && !row.stored)
		rc = row_open(book, &row, &only, &book->scratch, err);
	if (rc != 0)
		return rc;
	identity_of(row.object, row.source, row.key, id);
	struct index_slot *slot = index_add(&book->index, id);
	slot_of_row(slot, &row, row.observed_ms, book->tip.seq);
	return standing_time(book, slot, err);
}

int index_ready(struct book *book, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int(OBJECT_NONE) };

	if (book->index_loaded)
		return 0;
	int rc = marks_ready(book, err);
	/* The few there are would stand twice. */
	index_release(&book->index);
	if (rc == 0)
		rc = book->ops->run(book->engine, STATEMENT_RECORDS, params, 2, index_row, book, err);
	book->index_loaded = rc == 0;
	return rc;
}

/* ---- a few ---- */

static bool by_heart(const struct book *book, enum object object, struct str source, struct str key)
{
	unsigned char id[IDENTITY_BYTES];

	identity_of(object, source, key, id);
	return index_find(&book->index, id) != NULL;
}

static int asked_row(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct book *book = context;

	if (by_heart(book, (enum object)columns[RECORD_OBJECT].number, columns[RECORD_SOURCE].bytes,
		     columns[RECORD_KEY].bytes))
		return 0;
	return index_row(context, columns, count, err);
}

bool found_by(enum object object, struct str key, enum statement *statement)
{
	*statement = object_is_few(object) ? STATEMENT_PAPER_BY_KEY : STATEMENT_TOLD_BY_KEY;
	if (object_is_few(object))
		return true;
	/* The database compares no further than a byte of nought. */
	return (object == OBJECT_ACTIVITY || object == OBJECT_TOUCH || object == OBJECT_LEAD_STEP ||
		object == OBJECT_PROMISE_WORD) &&
	       key.len > 0 && memchr(key.at, '#', key.len) && !memchr(key.at, '\0', key.len);
}

/* Is asking for so many, one by one, cheaper than reading all? */
static bool few(const struct book *book, uint64_t records)
{
	return records <= FEW || records < book->tip.seq / ASK_COSTS;
}

int book_expect_many(struct book *book, uint64_t records, struct err *err)
{
	return few(book, book->recalled + records) ? 0 : index_ready(book, err);
}

int recall_key(struct book *book, enum object object, struct str source, struct str key, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)object), engine_text(source),
					       engine_text(key) };
	enum statement statement;

	if (book->index_loaded || by_heart(book, object, source, key))
		return 0;
	if (!found_by(object, key, &statement) || !few(book, ++book->recalled))
		return index_ready(book, err);
	int rc = marks_ready(book, err);
	return rc == 0 ? book->ops->run(book->engine, (int)statement, params, 4, asked_row, book, err) : rc;
}

int book_expect(struct book *book, uint64_t subject, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)subject) };

	if (book->index_loaded || subject == 0)
		return 0;
	int rc = marks_ready(book, err);
	return rc == 0 ? book->ops->run(book->engine, STATEMENT_RECORD, params, 2, asked_row, book, err) : rc;
}

/* As it is offered it is written: other ones are not looked for here. */
static bool written_so(struct book *book, enum object object, struct str key)
{
	struct err ignored = ERR_INIT;
	struct str written;

	return key_written(book, object, key, false, &written, &book->scratch, &ignored) == 0 && str_eq(written, key);
}

/* Whose key seals it is asked of the lead it speaks of, when anything in it is personal; of a contact more is asked. */
static bool refs_by_heart(struct book *book, const struct record *record)
{
	bool sealed = record_personal(record);

	for (size_t i = 0; i < record->count; i++) {
		const struct value *value = &record->fields[i].value;

		if (value->kind != VALUE_REF)
			continue;
		if (record->fields[i].code != FIELD_LEAD || value->as.ref.by != REF_BY_KEY)
			return false;
		if (sealed && (!written_so(book, OBJECT_LEAD, value->as.ref.key) ||
			       !by_heart(book, OBJECT_LEAD, record->source, value->as.ref.key)))
			return false;
	}
	return true;
}

int book_knows(struct book *book, enum object object, struct str source, struct str key, bool *known, struct err *err)
{
	struct str written;
	int rc;

	arena_reset(&book->scratch);
	*known = false;
	/* An address that nobody was called by yet is known as nothing. */
	rc = key_written(book, object, key, false, &written, &book->scratch, err);
	if (rc == 0 && written.len)
		rc = recall_key(book, object, source, written, err);
	if (rc == 0 && written.len)
		*known = by_heart(book, object, source, written);
	return rc;
}

int recall_record(struct book *book, const struct record *record, struct err *err)
{
	if (book->index_loaded)
		return 0;
	if (key_personal(record) || !written_so(book, record->object, record->key) || !refs_by_heart(book, record))
		return index_ready(book, err);
	return recall_key(book, record->object, record->source, record->key, err);
}
