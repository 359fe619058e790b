/* Erasing a person: who belongs, which keys die, and what follows from that. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/table.h"
#include "book/erase.h"
#include "book/private.h"
#include "book/scrub.h"
#include "io/file.h"

/* ---- the entry ---- */

bool erased_read(struct str payload, uint64_t **people, size_t *count, struct arena *arena)
{
	struct cursor in = cursor_of(payload.at, payload.len);

	cursor_u64(&in); /* records: for the reader of the history */
	uint64_t n = cursor_u64(&in);
	if (in.failed || n > payload.len / 8)
		return false;
	*people = ARENA_ARRAY(arena, uint64_t, n + 1);
	for (uint64_t i = 0; i < n; i++)
		(*people)[i] = cursor_u64(&in);
	*count = n;
	return !in.failed;
}

int erased_append(struct book *book, const uint64_t *people, size_t count, uint64_t records,
		  const struct append_context *context, uint64_t *seq, struct err *err)
{
	struct buf payload;

	buf_init(&payload, PAYLOAD_MAX * 16);
	buf_add_u64(&payload, records);
	buf_add_u64(&payload, count);
	for (size_t i = 0; i < count; i++)
		buf_add_u64(&payload, people[i]);
	struct entry entry = { .kind = ENTRY_ERASED,
			       .observed_ms = context->now_ms,
			       .recorded_ms = context->now_ms,
			       .actor = str_of(context->actor),
			       .payload = buf_str(&payload) };
	int rc = payload.full ? err_set(err, ERR_LIMIT, "too many people to erase at once")
			      : chain_append(book, &entry, err);
	buf_release(&payload);
	*seq = entry.seq;
	return rc;
}

/* ---- sets of numbers ---- */

static bool has(const struct table *set, uint64_t n)
{
	return table_get(set, (struct str){ (const char *)&n, sizeof(n) }) != NULL;
}

static bool put(struct table *set, uint64_t n)
{
	bool is_new = false;

	if (n != 0)
		*table_put(set, (struct str){ (const char *)&n, sizeof(n) }, &is_new) = n;
	return is_new;
}

/* N of "anon-N", or 0. */
static uint64_t anonym_number(struct str s)
{
	uint64_t n = 0;

	if (!str_starts(s, "anon-"))
		return 0;
	for (size_t i = 5; i < s.len; i++) {
		if (!isdigit((unsigned char)s.at[i]) || n > UINT32_MAX)
			return 0;
		n = n * 10 + (uint64_t)(s.at[i] - '0');
	}
	return n;
}

/* ---- who belongs ---- */

struct search {
	struct book *book;
	struct arena *arena;
	/* who is looked for */
	struct str who;
	uint64_t email, key_number, phone;
	enum object object;
	struct str source, key;
	/* found so far */
	struct table people, subjects, contacts; /* contacts: identity of contacts and leads found */
	bool grew;
	struct erase_match *matches;
	size_t count, capacity;
};

static struct str plain_text(struct book *book, enum object object, const struct record_field *field,
			     struct arena *arena)
{
	struct value value = field->value;

	if (value.kind == VALUE_SEALED && !open_value(book, object, field->code, &field->value, &value, arena))
		return STR_NONE;
	return value.kind == VALUE_TEXT ? str_trim(value.as.text) : STR_NONE;
}

static struct str text_of(struct book *book, enum object object, const struct observation *o, enum field code,
			  struct arena *arena)
{
	for (size_t i = 0; i < o->count; i++)
		if (o->fields[i].code == code)
			return plain_text(book, object, &o->fields[i], arena);
	return STR_NONE;
}

static struct str full_name(struct book *book, enum object object, const struct observation *o, struct arena *arena)
{
	struct str name = text_of(book, object, o, FIELD_NAME, arena);
	struct str first, last;

	if (name.len > 0)
		return name;
	first = text_of(book, object, o, FIELD_FIRST_NAME, arena);
	last = text_of(book, object, o, FIELD_LAST_NAME, arena);
	if (first.len == 0 || last.len == 0)
		return first.len ? first : last;
	return str_of(arena_printf(arena, "%.*s %.*s", STR_ARG(first), STR_ARG(last)));
}

static bool holds_personal(const struct state_row *row, const struct observation *all, size_t count)
{
	if (anonym_number(row->key))
		return true;
	for (size_t i = 0; i < count; i++)
		if (all[i].person)
			return true;
	return false;
}

/* Is it the one that was asked for? */
static bool asked(struct search *s, const struct state_row *row, const struct observation *all, size_t count)
{
	uint64_t key = anonym_number(row->key);

	if (key && key == s->key_number)
		return true;
	if (str_eq(row->key, s->key) && (s->object == OBJECT_NONE || row->object == s->object) &&
	    (s->source.len == 0 || str_eq(row->source, s->source)))
		return true;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < all[i].count; k++) {
			const struct record_field *f = &all[i].fields[k];
			uint64_t n = f->value.kind == VALUE_TEXT ? anonym_number(f->value.as.text) : 0;

			if (n && ((f->code == FIELD_EMAIL_MATCH && n == s->email) ||
				  (f->code == FIELD_PHONE_MATCH && n == s->phone)))
				return true;
		}
		if (is_contact(row->object) && s->who.len > 0 && all[i].person &&
		    str_eq_fold(full_name(s->book, row->object, &all[i], &s->book->scratch), s->who))
			return true;
	}
	return false;
}

/* Does it share a person or a contact with one found? */
static bool related(struct search *s, const struct state_row *row, const struct observation *all, size_t count)
{
	if (has(&s->people, anonym_number(row->key)))
		return true;
	for (size_t i = 0; i < count; i++) {
		if (has(&s->people, all[i].person))
			return true;
		for (size_t k = 0; k < all[i].count; k++) {
			const struct record_field *f = &all[i].fields[k];
			const struct field_def *def;
			unsigned char id[IDENTITY_BYTES];

			if (f->code == FIELD_EMAIL_MATCH && has(&s->people, anonym_number(f->value.as.text)))
				return true;
			if (f->value.kind != VALUE_REF || !(def = field_by_code(row->object, f->code)) ||
			    !is_contact(def->target))
				continue;
			if (f->value.as.ref.by == REF_BY_EMAIL && has(&s->people, anonym_number(f->value.as.ref.key)))
				return true;
			identity_of(def->target, row->source, f->value.as.ref.key, id);
			if (f->value.as.ref.by == REF_BY_KEY &&
			    table_get(&s->contacts, (struct str){ (char *)id, sizeof(id) }))
				return true;
		}
	}
	return false;
}

/* A deal or a call that was found by its contact leads on to nobody: it may have been another contact's before. */
static void take(struct search *s, const struct state_row *row, const struct observation *all, size_t count,
		 bool leads_on)
{
	struct erase_match match = { .object = row->object,
				     .source = arena_str(s->arena, row->source),
				     .key = arena_str(s->arena, row->key),
				     .subject = row->subject };
	unsigned char id[IDENTITY_BYTES];

	put(&s->subjects, row->subject);
	put(&s->people, anonym_number(row->key));
	for (size_t i = 0; i < count; i++) {
		struct str name = full_name(s->book, row->object, &all[i], &s->book->scratch);
		struct str email = text_of(s->book, row->object, &all[i], FIELD_EMAIL, &s->book->scratch);

		if (leads_on)
			put(&s->people, all[i].person);
		match.name = name.len ? arena_str(s->arena, name) : match.name;
		match.email = email.len ? arena_str(s->arena, email) : match.email;
		for (size_t k = 0; k < all[i].count; k++)
			if (all[i].fields[k].code == FIELD_EMAIL_MATCH && all[i].fields[k].value.kind == VALUE_TEXT)
				put(&s->people, anonym_number(all[i].fields[k].value.as.text));
	}
	if (is_contact(row->object)) {
		identity_of(row->object, row->source, row->key, id);
		table_put(&s->contacts, (struct str){ (char *)id, sizeof(id) }, NULL);
	}
	ARENA_PUSH(s->arena, s->matches, s->count, s->capacity);
	s->matches[s->count++] = match;
	s->grew = true;
}

static int search_row(void *context, const struct state_row *row, const struct observation *all, size_t count,
		      struct err *err)
{
	struct search *s = context;

	(void)err;
	arena_reset(&s->book->scratch);
	if (has(&s->subjects, row->subject) || !holds_personal(row, all, count))
		return 0;
	bool direct = asked(s, row, all, count);
	if (direct || related(s, row, all, count))
		take(s, row, all, count, direct || is_contact(row->object));
	return 0;
}

static void search_begin(struct search *s, struct str who)
{
	struct book *book = s->book;
	struct str email = email_normal(who, s->arena), phone = phone_normal(who, s->arena);
	struct str rest = who, object = str_cut(&rest, ':');

	table_init(&s->people);
	table_init(&s->subjects);
	table_init(&s->contacts);
	s->who = str_trim(who);
	s->key = s->who;
	for (int i = 1; i < OBJECT__COUNT; i++) {
		const char *plural = object_plural((enum object)i), *singular = object_singular((enum object)i);

		if (rest.len > 0 && ((plural && str_is(object, plural)) || (singular && str_is(object, singular))))
			s->object = (enum object)i;
	}
	if (s->object != OBJECT_NONE) {
		s->source = str_cut(&rest, ':');
		s->key = rest;
		email = email_normal(rest, s->arena);
		phone = STR("");
		s->who = STR("");
	}
	s->key_number = keys_find(book->keys, PURPOSE_KEY, email);
	s->email = s->object == OBJECT_NONE ? keys_find(book->keys, PURPOSE_EMAIL, email) : 0;
	s->phone = phone.len >= 6 ? keys_find(book->keys, PURPOSE_PHONE, phone) : 0;
}

static void search_end(struct search *s)
{
	table_release(&s->people);
	table_release(&s->subjects);
	table_release(&s->contacts);
}

int book_find_person(struct book *book, struct str who, struct erase_match **out, size_t *count, struct arena *arena,
		     struct err *err)
{
	struct search s = { .book = book, .arena = arena };
	struct marks marks;

	search_begin(&s, who);
	marks_init(&marks);
	int rc = str_trim(who).len ? marks_load(book, &marks, INT64_MAX, err)
				   : err_set(err, ERR_INPUT, "whom? give an address");
	do {
		s.grew = false;
		if (rc == 0)
			rc = rows_fold(book, &marks, false, OBJECT_NONE, INT64_MAX, search_row, &s, err);
	} while (rc == 0 && s.grew);
	marks_release(&marks);
	search_end(&s);
	*out = s.matches;
	*count = s.count;
	return rc;
}

/* ---- erasing ---- */

/* A file of rejected rows that is without the person now, and what it holds. */
struct rewritten {
	struct str path;
	unsigned char contents[NOTED_BYTES];
};

struct erasing {
	struct book *book;
	struct arena *arena;
	struct table people, subjects;
	struct table
		shared; /* telephone numbers, and keys of deals and calls: spared when another person's record has them too */
	struct scrub_words words;
	uint64_t *list;
	size_t count, capacity;
	struct str *files;
	size_t file_count, file_capacity;
	struct rewritten *rewritten;
	size_t rewritten_count, rewritten_capacity;
};

static void kill_person(struct erasing *e, uint64_t person)
{
	if (!put(&e->people, person))
		return;
	ARENA_PUSH(e->arena, e->list, e->count, e->capacity);
	e->list[e->count++] = person;
}

static void take_person(struct erasing *e, enum object object, uint64_t person)
{
	if (is_contact(object))
		kill_person(e, person);
	else
		put(&e->shared, person);
}

/* Another file may have in one cell what this one has in two, and the other way round. */
static void learn_name(struct erasing *e, struct str name)
{
	size_t cut = name.len;

	while (cut > 0 && name.at[cut - 1] != ' ')
		cut--;
	if (cut == 0)
		return;
	scrub_name(&e->words, name);
	scrub_names(&e->words, str_trim((struct str){ name.at, cut }), (struct str){ name.at + cut, name.len - cut });
}

/* What the person's rows in files can be known by. */
static void learn_words(struct erasing *e, const struct observation *o)
{
	struct book *book = e->book;
	struct str name = full_name(book, o->object, o, e->arena);

	for (size_t i = 0; i < o->count; i++) {
		const struct record_field *f = &o->fields[i];

		if (f->value.kind != VALUE_SEALED)
			continue;
		struct str text = plain_text(book, o->object, f, e->arena);
		if (f->code == FIELD_PHONE)
			scrub_phone(&e->words, phone_normal(text, e->arena));
		else if (f->code == FIELD_EMAIL)
			scrub_email(&e->words, text);
	}
	if (!is_contact(o->object))
		return;
	learn_name(e, name);
	scrub_names(&e->words, text_of(book, o->object, o, FIELD_FIRST_NAME, e->arena),
		    text_of(book, o->object, o, FIELD_LAST_NAME, e->arena));
	kill_person(e, keys_find(book->keys, PURPOSE_NAME, name));
}

static int gather_match(struct erasing *e, const struct erase_match *match, struct err *err)
{
	struct observation *all;
	size_t count;
	int rc = observations_of_subject(e->book, match->subject, &all, &count, e->arena, err);

	put(&e->subjects, match->subject);
	kill_person(e, anonym_number(match->key));
	for (size_t i = 0; i < count && rc == 0; i++) {
		take_person(e, match->object, all[i].person);
		learn_words(e, &all[i]);
		for (size_t k = 0; k < all[i].count; k++) {
			const struct record_field *f = &all[i].fields[k];

			if (f->value.kind == VALUE_SEALED)
				take_person(e, match->object, keys_sealed_person(f->value.as.text));
			if (f->code == FIELD_EMAIL_MATCH && f->value.kind == VALUE_TEXT)
				kill_person(e, anonym_number(f->value.as.text));
			if (f->code == FIELD_PHONE_MATCH && f->value.kind == VALUE_TEXT)
				put(&e->shared, anonym_number(f->value.as.text));
		}
	}
	if (!anonym_number(match->key))
		scrub_key(&e->words, match->object, match->key);
	return rc;
}

static void spare(struct erasing *e, uint64_t number)
{
	uint64_t *shared = table_get(&e->shared, (struct str){ (const char *)&number, sizeof(number) });

	if (shared)
		*shared = 0;
}

/* A number that others share (a switchboard) goes on joining them; a deal that was another contact's before may stand under that
 * contact's key. */
static int elsewhere(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct erasing *e = context;
	struct state_row row;
	struct observation only;
	struct record_field *fields;
	size_t n;
	int rc = row_of_columns(&row, columns, count, err);

	if (rc != 0 || has(&e->subjects, row.subject))
		return rc;
	arena_reset(&e->book->scratch);
	if (!row.stored)
		rc = row_open(e->book, &row, &only, &e->book->scratch, err);
	if (rc != 0)
		return rc;
	if (is_contact(row.object))
		spare(e, row.person);
	if (!payload_read(row.payload, &fields, &n, &e->book->scratch))
		return 0;
	for (size_t i = 0; i < n; i++)
		if (fields[i].code == FIELD_PHONE_MATCH)
			spare(e, anonym_number(fields[i].value.as.text));
	return 0;
}

static int gather_shared(struct erasing *e, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int(OBJECT_NONE) };
	struct str key;
	uint64_t number;
	size_t at = 0;

	if (e->shared.count == 0)
		return 0;
	int rc = e->book->ops->run(e->book->engine, STATEMENT_RECORDS, params, 2, elsewhere, e, err);
	while (rc == 0 && table_next(&e->shared, &at, &key, &number))
		kill_person(e, number);
	return rc;
}

static int take_file(void *context, const struct entry *entry, struct err *err)
{
	struct erasing *e = context;
	struct cursor in = cursor_of(entry->payload.at, entry->payload.len);
	struct str path = cursor_block(&in);

	(void)err;
	for (size_t i = 0; i < e->file_count; i++)
		if (str_eq(e->files[i], path))
			return 0;
	ARENA_PUSH(e->arena, e->files, e->file_count, e->file_capacity);
	e->files[e->file_count++] = arena_str(e->arena, path);
	return 0;
}

/* What the rows of a noted file are, as the import said that wrote it. */
static enum object object_of_file(const struct import *imports, size_t count, struct str path)
{
	while (count-- > 0)
		if (str_eq(imports[count].rejected_path, path))
			return imports[count].object;
	return OBJECT_NONE;
}

static int contents_of(struct erasing *e, const char *path, unsigned char contents[NOTED_BYTES],
		       unsigned char hash[HASH_BYTES])
{
	struct file_facts facts;
	struct err none = ERR_INIT;

	if (file_facts(&facts, path, &none))
		return -1;
	memcpy(hash, facts.hash, HASH_BYTES);
	book_row_hash(e->book, (struct str){ (const char *)hash, HASH_BYTES }, contents);
	return 0;
}

/* Is what the file holds ours to replace: as the book noted it, or taken in as an import since? */
static int file_is_ours(struct erasing *e, const char *path, const struct import *imports, size_t count, bool *ours,
			struct err *err)
{
	unsigned char contents[NOTED_BYTES], hash[HASH_BYTES];

	*ours = false;
	if (contents_of(e, path, contents, hash))
		return 0;
	for (size_t i = 0; i < count && !*ours; i++)
		*ours = imports[i].state == IMPORT_FINISHED && !memcmp(imports[i].file_hash, hash, HASH_BYTES);
	return *ours ? 0 : book_file_noted(e->book, str_of(path), contents, ours, err);
}

/* A file that was as the book knew it is so again: the next import may replace it. One that somebody mended stays theirs. */
static void rewritten(struct erasing *e, const char *path)
{
	struct rewritten file = { .path = str_of(path) };
	unsigned char hash[HASH_BYTES];

	if (contents_of(e, path, file.contents, hash))
		return;
	ARENA_PUSH(e->arena, e->rewritten, e->rewritten_count, e->rewritten_capacity);
	e->rewritten[e->rewritten_count++] = file;
}

static int scrub_files(struct erasing *e, bool look, struct erase_report *report, struct err *err)
{
	struct import *imports;
	size_t capacity = 0, lost = 0, import_count;
	int rc = book_imports(e->book, &imports, &import_count, e->arena, err);

	if (rc == 0)
		rc = entries_noted(e->book, ENTRY_FILE_NOTED, take_file, e, err);

	for (size_t i = 0; i < e->file_count && rc == 0; i++) {
		const char *path = arena_cstr(e->arena, e->files[i]);
		bool ours = false;

		rc = file_is_ours(e, path, imports, import_count, &ours, err);
		if (rc != 0)
			break;
		enum scrub_result result =
			scrub_file(path, &e->words, object_of_file(imports, import_count, e->files[i]), look);

		if (result == SCRUB_DONE) {
			if (ours && !look)
				rewritten(e, path);
			ARENA_PUSH(e->arena, report->scrubbed, report->scrubbed_count, capacity);
			report->scrubbed[report->scrubbed_count++] = e->files[i];
		} else if (result == SCRUB_UNREACHABLE) {
			ARENA_PUSH(e->arena, report->unreachable, report->unreachable_count, lost);
			report->unreachable[report->unreachable_count++] = e->files[i];
		}
	}
	return rc;
}

static int note_rewritten(struct erasing *e, const struct append_context *context, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < e->rewritten_count && rc == 0; i++)
		rc = book_note_file(e->book, e->rewritten[i].path, e->rewritten[i].contents, context, err);
	return rc;
}

static int append_entry(struct erasing *e, uint64_t records, const struct append_context *context, struct err *err)
{
	struct book *book = e->book;
	uint64_t seq;
	int rc = book_begin(book, err);

	if (rc != 0)
		return rc;
	rc = note_rewritten(e, context, err);
	if (rc == 0)
		rc = erased_append(book, e->list, e->count, records, context, &seq, err);
	if (rc == 0)
		rc = meta_set(book, "erasing", (int64_t)seq, err);
	if (rc == 0)
		return book_commit(book, err);
	book_rollback(book);
	return rc;
}

static int remove_beside(const struct book *book, const char *suffix, struct err *err)
{
	char *path = file_beside(book->path, suffix);
	int rc = unlink(path) != 0 && errno != ENOENT
			 ? err_system(err, "%s cannot be removed, so nobody was erased", path)
			 : 0;

	free(path);
	return rc;
}

/* What was derived from the book is made anew without the person, by who wants it next. */
static int columns_remove(const struct book *book, struct err *err)
{
	int rc;

	if (strstr(book->path, "://"))
		return 0;
	rc = remove_beside(book, BOOK_COLUMNS, err);
	if (rc == 0)
		rc = remove_beside(book, BOOK_COLUMNS ".new", err);
	return rc == 0 ? folder_sync(book->path, err) : rc;
}

int book_erase(struct book *book, const struct erase_match *matches, size_t count, const struct append_context *context,
	       struct erase_report *report, struct arena *arena, struct err *err)
{
	struct erasing e = { .book = book, .arena = arena };
	int rc = 0;

	if (book->mode != BOOK_WRITE || book->in_transaction)
		BUG("erasing needs a book opened for writing, outside a transaction");
	*report = (struct erase_report){ .records = count };
	table_init(&e.people);
	table_init(&e.subjects);
	table_init(&e.shared);
	scrub_init(&e.words, arena);
	for (size_t i = 0; i < count && rc == 0; i++)
		rc = gather_match(&e, &matches[i], err);
	if (rc == 0)
		rc = gather_shared(&e, err);
	report->people = e.count;
	/* Files first: once the keys are gone nobody knows what to look for in them. */
	if (rc == 0)
		rc = scrub_files(&e, false, report, err);
	if (rc == 0)
		rc = columns_remove(book, err);
	if (rc == 0)
		rc = append_entry(&e, count, context, err);
	if (rc == 0)
		rc = erase_resume(book, err);
	table_release(&e.people);
	table_release(&e.subjects);
	table_release(&e.shared);
	return rc;
}

/* Of someone without a record nothing is known but what was asked: an address, a number, or a name of two words. */
int book_erase_rejected(struct book *book, struct str who, bool look, const struct append_context *context,
			struct erase_report *report, struct arena *arena, struct err *err)
{
	struct erasing e = { .book = book, .arena = arena };
	struct str text = str_trim(who);
	bool letters = false;

	*report = (struct erase_report){ 0 };
	scrub_init(&e.words, arena);
	for (size_t i = 0; i < text.len; i++)
		letters |= !strchr("0123456789+-/(). ", text.at[i]);
	if (memchr(text.at, '@', text.len))
		scrub_email(&e.words, text);
	else if (!letters)
		scrub_phone(&e.words, phone_normal(text, arena));
	else
		learn_name(&e, text);

	int rc = e.words.count > 0 ? scrub_files(&e, look, report, err) : 0;

	if (rc != 0 || e.rewritten_count == 0)
		return rc;
	rc = book_begin(book, err);
	if (rc != 0)
		return rc;
	rc = note_rewritten(&e, context, err);
	if (rc == 0)
		return book_commit(book, err);
	book_rollback(book);
	return rc;
}
