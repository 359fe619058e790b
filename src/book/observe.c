/* From entries to observations, and from the observations of one record to its row of the state. */
#include <stdio.h>
#include "base/buf.h"
#include "book/private.h"

struct str seal_context(enum object object, char out[16])
{
	int n = snprintf(out, 16, "%d", (int)object);

	return (struct str){ out, (size_t)n };
}

static void take_match(struct book *book, const struct value *value, struct observation *out, struct arena *arena)
{
	struct value plain = *value;

	out->has_match = true;
	if (value->kind == VALUE_SEALED) {
		out->person = keys_sealed_person(value->as.text);
		out->has_match = open_value(book, out->object, (enum field)FIELD_OWN_MATCH, value, &plain, arena);
	}
	if (out->has_match && plain.kind == VALUE_TEXT && plain.as.text.len == MATCH_BYTES)
		memcpy(out->match, plain.as.text.at, MATCH_BYTES);
	else
		out->has_match = false;
}

/* Whether and since when it counts is for the marks to say. */
static int observation_read(struct book *book, const struct entry *entry, struct observation *out, struct arena *arena,
			    struct err *err)
{
	size_t n = 0;

	*out = (struct observation){ .seq = entry->seq,
				     .import_seq = entry->import_seq,
				     .object = entry->object,
				     .observed_ms = entry->observed_ms,
				     .effective_ms = entry->observed_ms,
				     .recorded_ms = entry->recorded_ms };
	if (!payload_read(entry->payload, &out->fields, &out->count, arena))
		return err_set(err, ERR_DAMAGED, "%s: entry %llu cannot be read", book->path,
			       (unsigned long long)entry->seq);
	for (size_t i = 0; i < out->count; i++) {
		struct record_field *field = &out->fields[i];

		if (field->code == (enum field)FIELD_OWN_MATCH) {
			take_match(book, &field->value, out, arena);
			continue;
		}
		if (field->value.kind == VALUE_SEALED &&
		    !keys_has(book->keys, keys_sealed_person(field->value.as.text))) {
			out->erased = true;
			field->value = (struct value){ .kind = VALUE_EMPTY };
		}
		out->fields[n++] = *field;
	}
	out->count = n;
	return 0;
}

int observation_of(struct book *book, struct marks *marks, const struct entry *entry, struct observation *out,
		   struct arena *arena, struct err *err)
{
	int64_t again;
	int rc = observation_read(book, entry, out, arena, err);

	if (rc != 0)
		return rc;
	out->counts = !entry->import_seq || !marks_undone(marks, entry->import_seq);
	if (marks_confirmed(marks, entry->seq, &again)) {
		if (!out->counts || again > out->effective_ms)
			out->effective_ms = again;
		out->counts = true;
	}
	return 0;
}

struct gather {
	struct book *book;
	struct arena *arena;
	struct observation *items;
	size_t count, capacity;
};

static int gather_one(void *context, const struct entry *entry, struct err *err)
{
	struct gather *g = context;
	struct entry copy = entry_copy(g->arena, entry);

	ARENA_PUSH(g->arena, g->items, g->count, g->capacity);
	return observation_of(g->book, &g->book->marks, &copy, &g->items[g->count++], g->arena, err);
}

int observations_of_subject(struct book *book, uint64_t subject, struct observation **out, size_t *count,
			    struct arena *arena, struct err *err)
{
	struct gather g = { book, arena, NULL, 0, 0 };
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)subject) };
	int rc = marks_ready(book, err);

	if (rc == 0)
		rc = entries_run(book, STATEMENT_ENTRY_FIRST, params, 2, gather_one, &g, err);
	if (rc == 0)
		rc = entries_run(book, STATEMENT_ENTRIES_LATER, params, 2, gather_one, &g, err);
	*out = g.items;
	*count = g.count;
	return rc;
}

void row_of_folded(struct state_row *row, const struct folded *folded, struct buf *payload)
{
	buf_clear(payload);
	payload_write(payload, folded->fields, folded->count);
	row->first_seq = folded->first_seq;
	row->last_seq = folded->last_seq;
	row->versions = folded->versions;
	row->person = folded->person;
	row->erased = folded->erased;
	row->observed_ms = folded->standing ? folded->standing->observed_ms : 0;
	row->standing_seq = folded->standing ? folded->standing->seq : 0;
	row->match = STR("");
	if (folded->standing && folded->standing->has_match)
		row->match = (struct str){ (const char *)folded->standing->match, MATCH_BYTES };
	row->payload = payload->full ? STR_NONE : buf_str(payload);
}

/* Of a record with one entry: what folding that gives. */
static void row_of_only(struct state_row *row, const struct engine_value *columns)
{
	row->observed_ms = columns[RECORD_OBSERVED].number;
	row->standing_seq = row->first_seq = row->last_seq = row->subject;
	row->versions = 1;
}

int row_of_columns(struct state_row *row, const struct engine_value *columns, int count, struct err *err)
{
	if (count != STATE__COLUMNS && count != RECORD__COLUMNS)
		BUG("a state of %d columns", count);
	*row = (struct state_row){
		.subject = (uint64_t)columns[STATE_SUBJECT].number,
		.stored = columns[STATE_STANDING].type != ENGINE_NULL,
		.observed_ms = columns[STATE_OBSERVED].number,
		.standing_seq = (uint64_t)columns[STATE_STANDING].number,
		.first_seq = (uint64_t)columns[STATE_FIRST].number,
		.last_seq = (uint64_t)columns[STATE_LAST].number,
		.versions = (uint64_t)columns[STATE_VERSIONS].number,
		.person = (uint64_t)columns[STATE_PERSON].number,
		.erased = columns[STATE_ERASED].number != 0,
		.match = columns[STATE_MATCH].bytes,
		.payload = columns[STATE_PAYLOAD].bytes,
	};
	if (count == STATE__COLUMNS)
		return 0;
	row->object = (enum object)columns[RECORD_OBJECT].number;
	row->source = columns[RECORD_SOURCE].bytes;
	row->key = columns[RECORD_KEY].bytes;
	if (!row->stored)
		row_of_only(row, columns);
	if (columns[RECORD_OBJECT].number <= 0 || columns[RECORD_OBJECT].number >= OBJECT__COUNT)
		return err_set(err, ERR_DAMAGED, "record %llu has no object", (unsigned long long)row->subject);
	return 0;
}

int row_open(struct book *book, struct state_row *row, struct observation *out, struct arena *arena, struct err *err)
{
	struct entry entry = { .seq = row->subject, .object = row->object, .payload = row->payload };
	int rc = observation_read(book, &entry, out, arena, err);

	if (rc != 0)
		return rc;
	row->person = out->person;
	row->erased = out->erased;
	if (out->has_match)
		row->match = (struct str){ (const char *)out->match, MATCH_BYTES };
	return 0;
}

static int row_drop(struct book *book, const struct state_row *row, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)row->subject) };

	return book->ops->run(book->engine, STATEMENT_STATE_DROP, params, 2, NULL, NULL, err);
}

int row_write(struct book *book, struct state_row *row, size_t observations, struct err *err)
{
	struct engine_value p[STATE__COLUMNS + 1];
	bool add = !row->stored;
	int n = 0;

	if (!row_needed(row, observations)) {
		row->stored = false;
		return add ? 0 : row_drop(book, row, err);
	}
	if (!row->payload.at)
		return err_set(err, ERR_LIMIT,
			       "%s: what was said of record %llu takes more than %zu bytes or %d fields", book->path,
			       (unsigned long long)row->subject, PAYLOAD_MAX, UINT16_MAX);
	row->stored = true;
	if (add) {
		p[n++] = engine_int(BOOK_ID);
		p[n++] = engine_int((int64_t)row->subject);
	}
	p[n++] = engine_int(row->observed_ms);
	p[n++] = engine_int((int64_t)row->standing_seq);
	p[n++] = engine_int((int64_t)row->first_seq);
	p[n++] = engine_int((int64_t)row->last_seq);
	p[n++] = engine_int((int64_t)row->versions);
	p[n++] = engine_int((int64_t)row->person);
	p[n++] = engine_int(row->erased);
	p[n++] = engine_bytes(row->match.at, row->match.len);
	p[n++] = engine_bytes(row->payload.at, row->payload.len);
	if (!add) {
		p[n++] = engine_int(BOOK_ID);
		p[n++] = engine_int((int64_t)row->subject);
	}
	return book->ops->run(book->engine, add ? STATEMENT_STATE_ADD : STATEMENT_STATE_SET, p, n, NULL, NULL, err);
}

struct walk {
	struct book *book;
	struct marks *marks;
	int64_t known_at_ms;
	row_fn *each;
	void *context;
	struct arena arena; /* one record */
	struct buf payload;
	struct state_row row;
	struct observation *items;
	size_t count, capacity;
};

static int walk_end_record(struct walk *walk, struct err *err)
{
	struct folded folded;

	if (walk->row.subject == 0)
		return 0;
	fold(walk->row.object, walk->items, walk->count, &folded, &walk->arena);
	row_of_folded(&walk->row, &folded, &walk->payload);
	int rc = walk->each(walk->context, &walk->row, walk->items, walk->count, err);
	arena_reset(&walk->arena);
	walk->row = (struct state_row){ 0 };
	walk->items = NULL;
	walk->count = walk->capacity = 0;
	return rc;
}

static int walk_entry(void *context, const struct entry *entry, struct err *err)
{
	struct walk *walk = context;
	int rc = 0;

	if (entry->recorded_ms > walk->known_at_ms)
		return 0;
	if (entry->subject != walk->row.subject)
		rc = walk_end_record(walk, err);
	if (rc != 0)
		return rc;
	struct entry copy = entry_copy(&walk->arena, entry);
	if (walk->row.subject == 0)
		walk->row = (struct state_row){
			.subject = copy.subject, .object = copy.object, .source = copy.source, .key = copy.key
		};
	ARENA_PUSH(&walk->arena, walk->items, walk->count, walk->capacity);
	return observation_of(walk->book, walk->marks, &copy, &walk->items[walk->count++], &walk->arena, err);
}

int rows_fold(struct book *book, struct marks *marks, bool repeated, enum object object, int64_t known_at_ms,
	      row_fn *each, void *context, struct err *err)
{
	struct walk walk = {
		.book = book, .marks = marks, .known_at_ms = known_at_ms, .each = each, .context = context
	};
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)object) };

	arena_init(&walk.arena);
	buf_init(&walk.payload, PAYLOAD_MAX);
	int rc = entries_run(book, repeated ? STATEMENT_ENTRIES_REPEATED : STATEMENT_ENTRIES_BY_SUBJECT, params, 2,
			     walk_entry, &walk, err);
	if (rc == 0)
		rc = walk_end_record(&walk, err);
	buf_release(&walk.payload);
	arena_release(&walk.arena);
	return rc;
}

struct marking {
	struct book *book;
	struct marks *marks;
	int64_t known_at_ms;
};

static int mark_undone(void *context, const struct entry *entry, struct err *err)
{
	struct marking *m = context;

	(void)err;
	if (entry->recorded_ms <= m->known_at_ms && !marks_undone(m->marks, entry->import_seq))
		marks_undo(m->marks, entry->import_seq);
	return 0;
}

static int mark_confirmed(void *context, const struct entry *entry, struct err *err)
{
	struct marking *m = context;

	if (entry->recorded_ms > m->known_at_ms || marks_undone(m->marks, entry->import_seq))
		return 0;
	if (!confirms_read(entry->payload, entry->observed_ms, m->marks))
		return err_set(err, ERR_DAMAGED, "%s: entry %llu cannot be read", m->book->path,
			       (unsigned long long)entry->seq);
	return 0;
}

int marks_load(struct book *book, struct marks *marks, int64_t known_at_ms, struct err *err)
{
	struct marking m = { book, marks, known_at_ms };

	marks_release(marks);
	int rc = entries_noted(book, ENTRY_IMPORT_UNDONE, mark_undone, &m, err);
	if (rc == 0)
		rc = entries_noted(book, ENTRY_CONFIRMED, mark_confirmed, &m, err);
	return rc;
}

int marks_ready(struct book *book, struct err *err)
{
	if (book->marks_loaded)
		return 0;
	int rc = marks_load(book, &book->marks, INT64_MAX, err);
	book->marks_loaded = rc == 0;
	book->marks_seq = book->head.seq;
	return rc;
}
