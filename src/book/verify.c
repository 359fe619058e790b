/* Checks a whole book from the bytes up: storage, chain, keys, notes, state, and a head that was printed earlier. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "book/private.h"

struct checking {
	struct book *book;
	const struct verify_options *options;
	struct verify_result *result;
	struct arena arena;
	uint64_t notes[ENTRY_KIND__COUNT]; /* entries other than observations, by kind */
	struct missing {
		uint64_t person, seq; /* where it is first needed */
	} * missing;
	size_t missing_count, missing_capacity;
	uint64_t *gone; /* people whom an entry says are erased */
	size_t gone_count, gone_capacity;
};

__attribute__((format(printf, 4, 5))) static void found(struct checking *c, enum verify_fault fault, uint64_t seq,
							const char *fmt, ...)
{
	va_list args;

	if (c->result->fault != VERIFY_SOUND)
		return;
	c->result->fault = fault;
	c->result->seq = seq;
	va_start(args, fmt);
	vsnprintf(c->result->text, sizeof(c->result->text), fmt, args);
	va_end(args);
}

/* ---- entries ---- */

static void note_missing(struct checking *c, uint64_t person, uint64_t seq)
{
	/* One record's fields share a person. */
	if (c->missing_count > 0 && c->missing[c->missing_count - 1].person == person)
		return;
	ARENA_PUSH(&c->arena, c->missing, c->missing_count, c->missing_capacity);
	c->missing[c->missing_count++] = (struct missing){ person, seq };
}

static bool is_among(const struct record_field *fields, size_t count, enum field code)
{
	for (size_t i = 0; i < count; i++)
		if (fields[i].code == code)
			return true;
	return false;
}

static void check_sealed(struct checking *c, const struct entry *entry)
{
	struct arena *arena = &c->book->scratch;
	struct record_field *fields, *opened = NULL;
	struct str last = STR_NONE;
	size_t count, opened_count = 0;

	arena_reset(arena);
	if (!payload_read(entry->payload, &fields, &count, arena)) {
		found(c, VERIFY_CHAIN, entry->seq, "entry %llu cannot be read", (unsigned long long)entry->seq);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		struct str sealed = fields[i].value.as.text;

		if (fields[i].value.kind != VALUE_SEALED)
			continue;
		if (keys_sealed_person(sealed) > keys_count(c->book->keys))
			found(c, VERIFY_KEYS, entry->seq,
			      "entry %llu needs the key of person %llu, and the keys file has %llu: it is older than the book",
			      (unsigned long long)entry->seq, (unsigned long long)keys_sealed_person(sealed),
			      (unsigned long long)keys_count(c->book->keys));
		if (!keys_has(c->book->keys, keys_sealed_person(sealed))) {
			note_missing(c, keys_sealed_person(sealed), entry->seq);
			continue;
		}
		/* Sealed in one piece: opened once. */
		if (!last.at || !str_eq(last, sealed)) {
			opened_count = 0;
			last = sealed;
			if (!open_fields(c->book, entry->object, sealed, &opened, &opened_count, arena))
				opened_count = 0;
		}
		if (!is_among(opened, opened_count, fields[i].code))
			found(c, VERIFY_KEYS, entry->seq,
			      "the keys do not open the personal fields of entry %llu: the keys file belongs to another book",
			      (unsigned long long)entry->seq);
	}
}

static int check_entry(void *context, const struct entry *entry, struct err *err)
{
	struct checking *c = context;
	struct verify_result *result = c->result;
	const struct book_head *expect = c->options->expect;

	(void)err;
	result->entries++;
	result->head.seq = entry->seq;
	memcpy(result->head.hash, entry->hash, HASH_BYTES);
	if (expect && expect->seq == entry->seq && memcmp(expect->hash, entry->hash, HASH_BYTES) != 0)
		found(c, VERIFY_HEAD, entry->seq, "entry %llu is another than the one whose head was printed",
		      (unsigned long long)entry->seq);
	if (entry->kind == ENTRY_OBSERVATION) {
		check_sealed(c, entry);
		return 0;
	}
	if (entry->kind > 0 && entry->kind < ENTRY_KIND__COUNT)
		c->notes[entry->kind]++;
	if (entry->kind == ENTRY_SETTINGS && !settings_fit(entry->payload, c->book->keys))
		found(c, VERIFY_KEYS, entry->seq, "%s.keys: these keys belong to another book", c->book->path);
	if (entry->kind == ENTRY_ERASED) {
		uint64_t *people;
		size_t count;

		if (!erased_read(entry->payload, &people, &count, &c->arena))
			return 0;
		for (size_t i = 0; i < count; i++) {
			ARENA_PUSH(&c->arena, c->gone, c->gone_count, c->gone_capacity);
			c->gone[c->gone_count++] = people[i];
		}
	}
	return 0;
}

static void tell_progress(void *context, uint64_t done)
{
	struct checking *c = context;

	if (c->options->progress)
		c->options->progress(c->options->context, done, c->book->head.seq);
}

static int check_chain(struct checking *c, struct err *err)
{
	char fault[256];
	uint64_t seq = 0;
	int rc = chain_check(c->book, tell_progress, c, check_entry, c, &seq, fault, sizeof(fault), err);

	if (rc == 0 && fault[0]) {
		c->result->fault = VERIFY_SOUND; /* whatever else was seen on the way follows from this */
		found(c, VERIFY_CHAIN, seq, "%s", fault);
	}
	if (rc == 0 && c->result->entries == 0)
		found(c, VERIFY_CHAIN, 1, "the book has no entries, not even its settings");
	return rc;
}

static int compare_numbers(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

static void check_keys(struct checking *c)
{
	if (c->gone_count > 0)
		qsort(c->gone, c->gone_count, sizeof(*c->gone), compare_numbers);
	for (size_t i = 0; i < c->missing_count; i++) {
		const struct missing *m = &c->missing[i];

		if (c->gone_count == 0 ||
		    !bsearch(&m->person, c->gone, c->gone_count, sizeof(*c->gone), compare_numbers))
			found(c, VERIFY_KEYS, m->seq,
			      "the key of person %llu, needed by entry %llu, is missing, and no entry erased it",
			      (unsigned long long)m->person, (unsigned long long)m->seq);
	}
	for (size_t i = 0; i < c->gone_count; i++)
		if (keys_has(c->book->keys, c->gone[i]))
			found(c, VERIFY_KEYS, 0,
			      "person %llu is said to be erased, but the keys file still has the key",
			      (unsigned long long)c->gone[i]);
}

struct noted {
	enum entry_kind kind;
	uint64_t count, others; /* of that kind; of another */
};

static int count_noted(void *context, const struct entry *entry, struct err *err)
{
	struct noted *noted = context;

	(void)err;
	if (entry->kind == noted->kind)
		noted->count++;
	else
		noted->others++;
	return 0;
}

/* Cut short, keys and state disagree until it is carried out: no damage, but not done either. */
static int check_erasing(struct checking *c, struct err *err)
{
	int64_t seq = 0;
	bool pending;
	int rc = meta_get(c->book, "erasing", &seq, &pending, err);

	if (rc == 0 && pending && seq != 0)
		found(c, VERIFY_STATE, (uint64_t)seq,
		      "a person is being erased (entry %lld) and it was not finished: any command that writes finishes it, or erase again",
		      (long long)seq);
	return rc;
}

static int check_notes(struct checking *c, struct err *err)
{
	for (int kind = 1; kind < ENTRY_KIND__COUNT; kind++) {
		struct noted noted = { .kind = (enum entry_kind)kind };

		if (kind == ENTRY_OBSERVATION)
			continue;
		int rc = entries_noted(c->book, noted.kind, count_noted, &noted, err);
		if (rc != 0)
			return rc;
		if (noted.count != c->notes[kind] || noted.others > 0)
			found(c, VERIFY_STATE, 0,
			      "the list of entries of kind %d has %llu and %llu others, the book has %llu", kind,
			      (unsigned long long)noted.count, (unsigned long long)noted.others,
			      (unsigned long long)c->notes[kind]);
	}
	return 0;
}

/* ---- state ---- */

struct stored {
	struct arena *arena;
	struct state_row row;
	bool found;
	uint64_t count;
};

static int take_stored(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct stored *stored = context;
	int rc = row_of_columns(&stored->row, columns, count, err);

	if (rc != 0)
		return rc;
	stored->row.match = arena_str(stored->arena, stored->row.match);
	stored->row.payload = arena_str(stored->arena, stored->row.payload);
	stored->found = true;
	return 0;
}

static const char *field_name(enum object object, const struct record_field *field, char *out, size_t size)
{
	const struct field_def *def = field->code == FIELD_CUSTOM ? NULL : field_by_code(object, field->code);

	if (def)
		snprintf(out, size, "%s", def->name);
	else if (field->code == FIELD_CUSTOM)
		snprintf(out, size, "%.*s", STR_ARG(field->name));
	else
		snprintf(out, size, "field %d", (int)field->code);
	return out;
}

/* The first field that differs, or NULL. */
static const char *field_differs(enum object object, struct str left, struct str right, char *out, size_t size,
				 struct arena *arena)
{
	struct record_field *a, *b;
	size_t a_count, b_count, i = 0, k = 0;

	if (str_eq(left, right))
		return NULL;
	if (!payload_read(left, &a, &a_count, arena) || !payload_read(right, &b, &b_count, arena))
		return "all fields (unreadable)";
	while (i < a_count && k < b_count) {
		int order = field_order(&a[i], &b[k]);

		if (order != 0)
			return field_name(object, order < 0 ? &a[i] : &b[k], out, size);
		if (!value_eq(&a[i].value, &b[k].value))
			return field_name(object, &a[i], out, size);
		i++;
		k++;
	}
	if (i == a_count && k == b_count)
		return "all fields (order)";
	return field_name(object, i < a_count ? &a[i] : &b[k], out, size);
}

static const char *row_differs(const struct state_row *entries, const struct state_row *stored, char *out, size_t size,
			       struct arena *arena)
{
	const char *field = field_differs(entries->object, entries->payload, stored->payload, out, size, arena);
	if (field)
		return field;
	if (entries->observed_ms != stored->observed_ms)
		return "observed time";
	if (entries->standing_seq != stored->standing_seq || entries->first_seq != stored->first_seq ||
	    entries->last_seq != stored->last_seq)
		return "entry numbers";
	if (entries->versions != stored->versions)
		return "number of versions";
	if (entries->person != stored->person || entries->erased != stored->erased)
		return "person";
	return str_eq(entries->match, stored->match) ? NULL : "row match";
}

#define ENOUGH 1

static int compare_row(void *context, const struct state_row *row, const struct observation *all, size_t count,
		       struct err *err)
{
	struct checking *c = context;
	struct arena *arena = &c->book->scratch;
	struct stored stored = { .arena = arena };
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)row->subject) };
	const char *name = object_singular(row->object), *differs;
	char field[64];

	(void)all;
	arena_reset(arena);
	int rc = c->book->ops->run(c->book->engine, STATEMENT_STATE_ONE, params, 2, take_stored, &stored, err);
	if (rc != 0)
		return rc;
	c->result->records += row->versions > 0;
	if (!row_needed(row, count)) {
		if (stored.found)
			found(c, VERIFY_STATE, row->subject,
			      "the state has a row of %s %.*s (record %llu), which stands in its one entry",
			      name ? name : "record", STR_ARG(row->key), (unsigned long long)row->subject);
		return stored.found ? ENOUGH : 0;
	}
	if (!stored.found) {
		found(c, VERIFY_STATE, row->subject, "the state lacks %s %.*s (record %llu)", name ? name : "record",
		      STR_ARG(row->key), (unsigned long long)row->subject);
		return ENOUGH;
	}
	differs = row_differs(row, &stored.row, field, sizeof(field), arena);
	if (!differs)
		return 0;
	found(c, VERIFY_STATE, row->subject, "the state of %s %.*s (record %llu) differs from its entries in: %s",
	      name ? name : "record", STR_ARG(row->key), (unsigned long long)row->subject, differs);
	return ENOUGH;
}

/* A row of the state without any entry. */
static int tell_stray(void *context, const struct engine_value *columns, int count, struct err *err)
{
	(void)count;
	(void)err;
	found(context, VERIFY_STATE, (uint64_t)columns[0].number,
	      "the state has a record %lld of which no entry speaks", (long long)columns[0].number);
	return ENOUGH;
}

static int check_state(struct checking *c, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID) };
	struct marks marks;

	marks_init(&marks);
	int rc = marks_load(c->book, &marks, INT64_MAX, err);
	if (rc == 0)
		rc = rows_fold(c->book, &marks, false, OBJECT_NONE, INT64_MAX, compare_row, c, err);
	if (rc == 0 && c->result->fault == VERIFY_SOUND)
		rc = c->book->ops->run(c->book->engine, STATEMENT_STATE_STRAY, params, 1, tell_stray, c, err);
	marks_release(&marks);
	return rc == ENOUGH ? 0 : rc;
}

static int check_imports(struct checking *c, struct err *err)
{
	struct import *all;
	size_t count;
	int rc = book_imports(c->book, &all, &count, &c->arena, err);

	for (size_t i = 0; i < count && rc == 0; i++)
		c->result->unfinished_imports += all[i].state == IMPORT_UNFINISHED && !all[i].process;
	return rc;
}

/* ---- all of it ---- */

static void check_head(struct checking *c)
{
	const struct book_head *expect = c->options->expect;

	if (expect && (expect->seq > c->result->head.seq || expect->seq == 0))
		found(c, VERIFY_HEAD, c->result->head.seq,
		      "the book ends with entry %llu, but a head of entry %llu was printed: its end was cut off",
		      (unsigned long long)c->result->head.seq, (unsigned long long)expect->seq);
}

/* The file is damaged, as `err` says. Which entry does that hurt? The first that is another, or behind the last that can be read: where a
 * page hides its last ones, only a head that was printed tells that there were more. */
static int name_damaged(struct checking *c, const struct err *err)
{
	struct verify_result *result = c->result;
	struct err why = ERR_INIT;
	const struct book_head *expect = c->options->expect;
	int rc = check_chain(c, &why);

	if (rc == ERR_DAMAGED || (rc == 0 && expect && expect->seq > result->head.seq))
		found(c, VERIFY_STORAGE, result->head.seq + 1, "entry %llu cannot be read: %s",
		      (unsigned long long)result->head.seq + 1, err->text);
	if (rc == 0)
		found(c, VERIFY_STORAGE, 0, "%s; %llu entries can be read, and are as they were written", err->text,
		      (unsigned long long)result->entries);
	found(c, VERIFY_STORAGE, 0, "%s", err->text);
	return 0;
}

static int check_all(struct checking *c, bool chain_only, struct err *err)
{
	struct book *book = c->book;
	struct err damage = ERR_INIT;
	bool sound_chain;
	int rc = book->ops->check(book->engine, &damage);

	if (rc == ERR_DAMAGED)
		return name_damaged(c, &damage);
	rc = rc == 0 ? check_chain(c, err) : err_set(err, damage.kind, "%s", damage.text);
	sound_chain = c->result->fault != VERIFY_CHAIN;
	if (rc == 0 && sound_chain)
		check_head(c);
	if (rc != 0 || chain_only || c->result->fault != VERIFY_SOUND)
		return rc;
	rc = check_erasing(c, err);
	if (rc != 0)
		return rc;
	check_keys(c);
	if (c->result->fault != VERIFY_SOUND)
		return 0;
	rc = book_contents(book, err);
	if (rc == 0)
		rc = check_notes(c, err);
	/* A state of another fold is made anew when the book is next written. */
	if (rc == 0 && c->result->fault == VERIFY_SOUND && book->stored_state)
		rc = check_state(c, err);
	if (rc == 0)
		rc = check_imports(c, err);
	return rc;
}

static int open_both(struct checking *c, const char *keys_path, struct err *err)
{
	struct book *book = c->book;
	struct err why = ERR_INIT;

	book->ops = engine_for(book->path, err);
	if (!book->ops)
		return err->kind;
	int rc = book->ops->open(&book->engine, book->path, false, err);
	if (rc == 0 && (keys_open(&book->keys, keys_path, false, &why) != 0 || keys_check(book->keys, &why) != 0)) {
		if (why.kind == ERR_SYSTEM)
			rc = err_set(err, why.kind, "%s", why.text);
		else
			found(c, VERIFY_KEYS, 0, "%s", why.text);
	}
	return rc;
}

int verify_with_keys(const char *path, const char *keys_path, bool chain_only, const struct verify_options *options,
		     struct verify_result *result, struct err *err)
{
	struct checking c = { .options = options, .result = result };
	struct err why = ERR_INIT;

	*result = (struct verify_result){ .fault = VERIFY_SOUND };
	arena_init(&c.arena);
	c.book = book_alloc(path, BOOK_READ);
	int rc = open_both(&c, keys_path, &why);
	if (rc == 0 && result->fault == VERIFY_SOUND) {
		rc = chain_head(c.book, &why);
		if (rc == ERR_DAMAGED)
			rc = name_damaged(&c, &why);
		else if (rc == 0)
			rc = check_all(&c, chain_only, &why);
	}
	/* Damage met on the way is a finding, not a failure to look. */
	if (rc == ERR_DAMAGED) {
		found(&c, VERIFY_STORAGE, result->head.seq, "%s", why.text);
		rc = 0;
	}
	if (rc != 0)
		err_set(err, why.kind, "%s", why.text);
	book_close(c.book);
	arena_release(&c.arena);
	return rc;
}

int book_verify(const char *path, const struct verify_options *options, struct verify_result *result, struct err *err)
{
	char *real = file_canonical(path), *keys = file_beside(real, ".keys");
	int rc = verify_with_keys(path, keys, false, options, result, err);

	free(keys);
	free(real);
	return rc;
}
