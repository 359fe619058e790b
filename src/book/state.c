/* The current state: reading it, and making it anew from the entries. */
#include <stdlib.h>
#include "book/private.h"

struct number {
	int64_t value;
	bool found;
};

static int number_row(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct number *number = context;

	(void)count;
	(void)err;
	number->value = columns[0].number;
	number->found = columns[0].type == ENGINE_INT;
	return 0;
}

int meta_get(struct book *book, const char *name, int64_t *value, bool *found, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_text(str_of(name)) };
	struct number number = { 0, false };
	int rc = book->ops->run(book->engine, STATEMENT_META_GET, params, 2, number_row, &number, err);

	*value = number.value;
	*found = number.found;
	return rc;
}

int meta_set(struct book *book, const char *name, int64_t value, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_text(str_of(name)), engine_int(value) };

	return book->ops->run(book->engine, STATEMENT_META_SET, params, 3, NULL, NULL, err);
}

static int rebuild_row(void *context, const struct state_row *row, const struct observation *all, size_t count,
		       struct err *err)
{
	struct state_row fresh = *row;

	(void)all;
	return row_write(context, &fresh, count, err);
}

static int rebuild_note(void *context, const struct entry *entry, struct err *err)
{
	struct book *book = context;
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)entry->kind),
					       engine_int((int64_t)entry->seq) };

	if (entry->kind == ENTRY_OBSERVATION)
		return 0;
	return book->ops->run(book->engine, STATEMENT_NOTE_ADD, params, 3, NULL, NULL, err);
}

static int rebuild(struct book *book, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID) };
	int rc = book->ops->run(book->engine, STATEMENT_STATE_CLEAR, params, 1, NULL, NULL, err);

	if (rc == 0)
		rc = book->ops->run(book->engine, STATEMENT_NOTE_CLEAR, params, 1, NULL, NULL, err);
	if (rc == 0)
		rc = entries_run(book, STATEMENT_ENTRIES, params, 1, rebuild_note, book, err);
	writer_forget(book);
	if (rc == 0)
		rc = marks_ready(book, err);
	if (rc == 0)
		rc = rows_fold(book, &book->marks, false, OBJECT_NONE, INT64_MAX, rebuild_row, book, err);
	return rc == 0 ? meta_set(book, "fold", FOLD_VERSION, err) : rc;
}

int state_rebuild(struct book *book, struct err *err)
{
	int rc = book_begin(book, err);

	if (rc != 0)
		return rc;
	rc = rebuild(book, err);
	if (rc == 0)
		rc = book_commit(book, err);
	else
		book_rollback(book);
	book->stored_state = rc == 0;
	return rc;
}

bool open_fields(struct book *book, enum object object, struct str sealed, struct record_field **fields, size_t *count,
		 struct arena *arena)
{
	char context[16];
	struct str plain;

	return keys_open_sealed(book->keys, sealed, seal_context(object, context), &plain, arena) &&
	       payload_read(plain, fields, count, arena);
}

bool open_value(struct book *book, enum object object, enum field code, const struct value *sealed, struct value *out,
		struct arena *arena)
{
	struct record_field *fields;
	size_t count;

	if (!open_fields(book, object, sealed->as.text, &fields, &count, arena))
		return false;
	for (size_t i = 0; i < count; i++)
		if (fields[i].code == code) {
			*out = fields[i].value;
			return true;
		}
	return false;
}

/* Takes out what is the book's own, and opens what is sealed. */
static void finish_record(struct book *book, bool open_personal, struct record *record, bool *erased,
			  struct arena *arena)
{
	size_t n = 0;

	for (size_t i = 0; i < record->count; i++) {
		struct record_field field = record->fields[i];

		if (field.code == (enum field)FIELD_OWN_GENERATED)
			record->generated_key = true;
		if (field.code >= (enum field)FIELD_OWN_MATCH)
			continue;
		if (field.value.kind == VALUE_SEALED &&
		    !keys_has(book->keys, keys_sealed_person(field.value.as.text))) {
			field.value = (struct value){ .kind = VALUE_EMPTY };
			*erased = true;
		}
		if (field.value.kind == VALUE_SEALED && open_personal &&
		    !open_value(book, record->object, field.code, &field.value, &field.value, arena)) {
			field.value = (struct value){ .kind = VALUE_EMPTY };
			*erased = true;
		}
		if (field.value.kind != VALUE_EMPTY)
			record->fields[n++] = field;
	}
	record->count = n;
}

int state_of_row(struct book *book, const struct state_row *row, bool open_personal, struct state *out,
		 struct arena *arena, struct err *err)
{
	*out = (struct state){
		.record = { .object = row->object,
			    .source = row->source,
			    .key = row->key,
			    .observed_ms = row->observed_ms },
		.subject = row->subject,
		.first_seq = row->first_seq,
		.last_seq = row->last_seq,
		.versions = (unsigned)row->versions,
		.erased = row->erased,
	};
	if (!payload_read(row->payload, &out->record.fields, &out->record.count, arena))
		return err_set(err, ERR_DAMAGED, "%s: the state of record %llu cannot be read; run lockstep verify",
			       book->path, (unsigned long long)row->subject);
	finish_record(book, open_personal, &out->record, &out->erased, arena);
	return 0;
}

struct telling {
	struct book *book;
	const struct reading *reading;
	enum object object;
	state_fn *each;
	void *context;
	struct arena arena;
};

static int tell(struct telling *t, const struct state_row *row, struct err *err)
{
	struct state state;

	if (row->versions == 0)
		return 0;
	int rc = state_of_row(t->book, row, t->reading->open_personal, &state, &t->arena, err);
	if (rc == 0)
		rc = t->each(t->context, &state, err);
	arena_reset(&t->arena);
	return rc;
}

static int tell_stored(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct state_row row;
	int rc = row_of_columns(&row, columns, count, err);

	return rc == 0 ? tell(context, &row, err) : rc;
}

static int tell_folded(void *context, const struct state_row *row, const struct observation *all, size_t count,
		       struct err *err)
{
	(void)all;
	(void)count;
	return tell(context, row, err);
}

/* Folds from the entries what was known at a time, or what another version of the fold has stored. */
static int fold_for(struct book *book, bool repeated, enum object object, const struct reading *reading, row_fn *each,
		    void *context, struct err *err)
{
	struct marks marks;

	marks_init(&marks);
	int rc = marks_load(book, &marks, reading->known_at_ms, err);
	if (rc == 0)
		rc = rows_fold(book, &marks, repeated, object, reading->known_at_ms, each, context, err);
	marks_release(&marks);
	return rc;
}

static bool from_store(const struct book *book, const struct reading *reading)
{
	return book->stored_state && reading->known_at_ms == INT64_MAX;
}

int book_states(struct book *book, enum object object, const struct reading *reading, state_fn *each, void *context,
		struct err *err)
{
	struct telling t = { .book = book, .reading = reading, .object = object, .each = each, .context = context };
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)object) };
	int rc;

	arena_init(&t.arena);
	if (from_store(book, reading))
		rc = book->ops->run(book->engine, object_is_few(object) ? STATEMENT_PAPERS : STATEMENT_RECORDS, params,
				    2, tell_stored, &t, err);
	else
		rc = fold_for(book, false, object, reading, tell_folded, &t, err);
	arena_release(&t.arena);
	return rc;
}

static int by_time(const void *left, const void *right)
{
	const struct observation *a = left, *b = right;

	if (a->effective_ms != b->effective_ms)
		return a->effective_ms < b->effective_ms ? -1 : 1;
	return a->seq < b->seq ? -1 : a->seq > b->seq;
}

size_t observations_spread(struct observation *items, const struct observation *all, size_t count)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		bool between = false;

		if (!all[i].counts)
			continue;
		for (size_t k = 0; k < count && all[i].effective_ms > all[i].observed_ms; k++)
			between |= all[k].counts && all[k].seq != all[i].seq &&
				   all[k].effective_ms > all[i].observed_ms &&
				   all[k].effective_ms < all[i].effective_ms;
		items[n] = all[i];
		items[n++].effective_ms = all[i].observed_ms;
		if (between)
			items[n++] = all[i];
	}
	qsort(items, n, sizeof(*items), by_time);
	return n;
}

static int tell_history(void *context, const struct state_row *row, const struct observation *all, size_t count,
			struct err *err)
{
	struct telling *t = context;
	int rc = 0;

	if (row->versions < 2)
		return 0;
	struct observation *items = ARENA_ARRAY(&t->arena, struct observation, count * 2);
	size_t n = observations_spread(items, all, count);
	for (size_t i = 0; i < n && rc == 0; i++) {
		struct state state = {
			.record = { .object = row->object,
				    .source = row->source,
				    .key = row->key,
				    .observed_ms = items[i].effective_ms,
				    .count = items[i].count },
			.subject = row->subject,
			.first_seq = items[i].seq,
			.last_seq = items[i].seq,
			.versions = (unsigned)row->versions,
			.erased = items[i].erased,
		};
		state.record.fields = ARENA_ARRAY(&t->arena, struct record_field, items[i].count + 1);
		memcpy(state.record.fields, items[i].fields, sizeof(*items[i].fields) * items[i].count);
		finish_record(t->book, t->reading->open_personal, &state.record, &state.erased, &t->arena);
		rc = t->each(t->context, &state, err);
	}
	arena_reset(&t->arena);
	return rc;
}

int book_history(struct book *book, enum object object, const struct reading *reading, state_fn *each, void *context,
		 struct err *err)
{
	struct telling t = { .book = book, .reading = reading, .object = object, .each = each, .context = context };

	arena_init(&t.arena);
	int rc = fold_for(book, from_store(book, reading), object, reading, tell_history, &t, err);
	arena_release(&t.arena);
	return rc;
}

int book_state_at(struct book *book, uint64_t subject, const struct reading *reading, state_fn *each, void *context,
		  struct err *err)
{
	struct telling t = { .book = book, .reading = reading, .each = each, .context = context };
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)subject) };

	if (!from_store(book, reading))
		BUG("one state of a book whose states are not stored");
	arena_init(&t.arena);
	int rc = book->ops->run(book->engine, STATEMENT_RECORD, params, 2, tell_stored, &t, err);
	arena_release(&t.arena);
	return rc;
}

struct one_history {
	struct telling *t;
	struct state_row row;
	struct observation *items;
	size_t count, capacity;
};

static int gather_history(void *context, const struct entry *entry, struct err *err)
{
	struct one_history *h = context;
	struct arena *arena = &h->t->arena;
	struct entry copy = entry_copy(arena, entry);
	struct observation *item;

	ARENA_PUSH(arena, h->items, h->count, h->capacity);
	item = &h->items[h->count++];
	h->row.object = copy.object;
	h->row.source = copy.source;
	h->row.key = copy.key;
	int rc = observation_of(h->t->book, &h->t->book->marks, &copy, item, arena, err);
	h->row.versions += rc == 0 && item->counts;
	return rc;
}

int book_history_at(struct book *book, uint64_t subject, const struct reading *reading, state_fn *each, void *context,
		    struct err *err)
{
	struct telling t = { .book = book, .reading = reading, .each = each, .context = context };
	struct one_history h = { .t = &t, .row = { .subject = subject } };
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)subject) };
	int rc = marks_ready(book, err);

	arena_init(&t.arena);
	if (rc == 0)
		rc = entries_run(book, STATEMENT_ENTRY_FIRST, params, 2, gather_history, &h, err);
	if (rc == 0)
		rc = entries_run(book, STATEMENT_ENTRIES_LATER, params, 2, gather_history, &h, err);
	if (rc == 0)
		rc = tell_history(&t, &h.row, h.items, h.count, err);
	arena_release(&t.arena);
	return rc;
}

struct seeking {
	struct book *book;
	struct str source, key;
	const struct reading *reading;
	struct state *out;
	bool *found;
	struct arena *arena;
};

static int seek_row(struct seeking *s, const struct state_row *row, struct err *err)
{
	struct state_row copy = *row;

	if (row->versions == 0 || !str_eq(row->source, s->source) || !str_eq(row->key, s->key))
		return 0;
	copy.source = arena_str(s->arena, row->source);
	copy.key = arena_str(s->arena, row->key);
	copy.payload = arena_str(s->arena, row->payload);
	*s->found = true;
	return state_of_row(s->book, &copy, s->reading->open_personal, s->out, s->arena, err);
}

static int seek_stored(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct state_row row;
	int rc = row_of_columns(&row, columns, count, err);

	return rc == 0 ? seek_row(context, &row, err) : rc;
}

static int seek_folded(void *context, const struct state_row *row, const struct observation *all, size_t count,
		       struct err *err)
{
	(void)all;
	(void)count;
	return seek_row(context, row, err);
}

/* Who writes has the identities at hand, or soon will. */
static int seek_indexed(struct seeking *s, enum object object, struct err *err)
{
	unsigned char id[IDENTITY_BYTES];
	const struct index_slot *slot;
	int rc = recall_key(s->book, object, s->source, s->key, err);

	if (rc != 0)
		return rc;
	identity_of(object, s->source, s->key, id);
	slot = index_find(&s->book->index, id);
	if (!slot)
		return 0;
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)slot->subject) };

	return s->book->ops->run(s->book->engine, STATEMENT_RECORD, params, 2, seek_stored, s, err);
}

int book_state_of(struct book *book, enum object object, struct str source, struct str key,
		  const struct reading *reading, struct state *out, bool *found, struct arena *arena, struct err *err)
{
	struct seeking s = { book, source, STR_NONE, reading, out, found, arena };
	bool named = object == OBJECT_ACCOUNT || object == OBJECT_OPPORTUNITY || object == OBJECT_ORDER;
	enum statement statement;
	int rc = key_written(book, object, key, false, &s.key, arena, err);

	*found = false;
	if (rc != 0 || !s.key.at)
		return rc;
	if (!found_by(object, s.key, &statement))
		statement = named ? STATEMENT_NAMED_BY_KEY : STATEMENT_RECORD_BY_KEY;
	if (from_store(book, reading) && book->in_transaction)
		return seek_indexed(&s, object, err);
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)object), engine_text(source),
					       engine_text(s.key) };
	if (from_store(book, reading))
		return book->ops->run(book->engine, (int)statement, params, 4, seek_stored, &s, err);
	return fold_for(book, false, object, reading, seek_folded, &s, err);
}

struct range {
	int64_t *first, *last;
};

static int range_row(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct range *range = context;

	(void)count;
	(void)err;
	*range->first = columns[0].number;
	*range->last = columns[1].number;
	return 0;
}

int book_recorded_range(struct book *book, int64_t *first_ms, int64_t *last_ms, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID) };
	struct range range = { first_ms, last_ms };

	return book->ops->run(book->engine, STATEMENT_RECORDED_RANGE, params, 1, range_row, &range, err);
}
