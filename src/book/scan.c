/* Reading all records at once: stretches of the sequence, each through a connection of its own, so that threads need not wait for each
 * other. What a record's only observation says is told as it is read; observations of the others are kept, without what is sealed,
 * until all are there, and folded then by the stretch in which their record begins. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include "base/cores.h"
#include "book/private.h"

enum { READERS_MAX = 64, DONE_STEP = 1024 };

/* An observation that waits for the others of its record. */
struct staged {
	uint64_t subject, seq;
	int64_t observed_ms;
	const char *bytes; /* in the arena: staged_write */
	uint32_t len;
	bool unknown; /* recorded too late to be known */
};

struct stretch {
	struct arena arena;
	struct staged *items; /* by subject, then sequence, once all are there */
	size_t count, capacity;
};

struct book_scan {
	struct book *book;
	int64_t known_at_ms;
	struct marks marks;
	uint64_t *repeated; /* a bit for each sequence number: the record that begins there has several observations */
	uint64_t repeated_count;
	uint64_t end, stretch_entries;
	struct stretch *stretches;
	size_t stretch_count;
	unsigned threads;
	pthread_mutex_t mutex;
	struct book *readers[READERS_MAX]; /* idle ones: the same book through connections of their own */
	unsigned idle;
	atomic_uint_fast64_t done;
};

/* ---- opening ---- */

static bool is_repeated(const struct book_scan *scan, uint64_t subject)
{
	return subject < scan->end && (scan->repeated[subject / 64] >> (subject % 64) & 1);
}

static int note_repeated(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct book_scan *scan = context;
	uint64_t subject = (uint64_t)columns[0].number;

	(void)count;
	(void)err;
	if (subject >= scan->end)
		return 0;
	scan->repeated[subject / 64] |= UINT64_C(1) << (subject % 64);
	scan->repeated_count++;
	return 0;
}

static int scan_prepare(struct book_scan *scan, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID) };
	struct book *book = scan->book;
	int64_t ms;
	int rc = marks_load(book, &scan->marks, scan->known_at_ms, err);

	/* Puts them in order, now that nobody else looks. */
	marks_confirmed(&scan->marks, 0, &ms);
	if (rc == 0)
		rc = book->ops->run(book->engine, STATEMENT_RECORDS_REPEATED, params, 1, note_repeated, scan, err);
	return rc;
}

int book_scan_open(struct book_scan **out, struct book *book, const struct reading *reading, uint64_t stretch,
		   struct err *err)
{
	struct book_scan *scan = must_calloc(1, sizeof(*scan));
	long cores = cores_count();

	scan->book = book;
	scan->known_at_ms = reading->known_at_ms;
	/* Within a transaction what is written is seen by its own connection alone. */
	scan->end = (book->in_transaction ? book->tip.seq : book->head.seq) + 1;
	scan->threads = cores < 1 || book->in_transaction || book->trial ? 1
			: cores > READERS_MAX                            ? READERS_MAX
									 : (unsigned)cores;
	scan->stretch_entries = stretch;
	scan->stretch_count = (size_t)((scan->end + stretch - 1) / stretch);
	scan->stretches = must_calloc(scan->stretch_count, sizeof(*scan->stretches));
	scan->repeated = must_calloc(scan->end / 64 + 1, sizeof(*scan->repeated));
	for (size_t i = 0; i < scan->stretch_count; i++)
		arena_init(&scan->stretches[i].arena);
	marks_init(&scan->marks);
	pthread_mutex_init(&scan->mutex, NULL);
	atomic_init(&scan->done, 0);
	int rc = scan_prepare(scan, err);
	if (rc != 0)
		book_scan_close(scan);
	else
		*out = scan;
	return rc;
}

void book_scan_close(struct book_scan *scan)
{
	for (unsigned i = 0; i < scan->idle; i++) {
		scan->readers[i]->ops->close(scan->readers[i]->engine);
		free(scan->readers[i]);
	}
	for (size_t i = 0; i < scan->stretch_count; i++) {
		arena_release(&scan->stretches[i].arena);
		free(scan->stretches[i].items);
	}
	marks_release(&scan->marks);
	pthread_mutex_destroy(&scan->mutex);
	free(scan->stretches);
	free(scan->repeated);
	free(scan);
}

size_t book_scan_stretches(const struct book_scan *scan)
{
	return scan->stretch_count;
}

unsigned book_scan_threads(const struct book_scan *scan)
{
	return scan->threads;
}

uint64_t book_scan_done(const struct book_scan *scan)
{
	return atomic_load(&scan->done);
}

uint64_t book_scan_total(const struct book_scan *scan)
{
	return scan->end - 1 + scan->repeated_count;
}

/* ---- connections ---- */

/* The book itself when nobody else reads, else the same through another connection. */
static int reader_take(struct book_scan *scan, struct book **out, struct err *err)
{
	struct book *reader = NULL;
	int rc = 0;

	*out = scan->book;
	if (scan->threads == 1)
		return 0;
	pthread_mutex_lock(&scan->mutex);
	if (scan->idle)
		reader = scan->readers[--scan->idle];
	pthread_mutex_unlock(&scan->mutex);
	if (!reader) {
		reader = must_alloc(sizeof(*reader));
		*reader = *scan->book;
		/* A writing book's own way is for writers. */
		reader->ops = engine_for(reader->path, err);
		rc = !reader->ops ? err->kind : reader->ops->open(&reader->engine, reader->path, false, err);
	}
	if (rc != 0)
		free(reader);
	else
		*out = reader;
	return rc;
}

static void reader_give_back(struct book_scan *scan, struct book *reader)
{
	if (reader == scan->book)
		return;
	pthread_mutex_lock(&scan->mutex);
	if (scan->idle == READERS_MAX)
		BUG("more than %d threads read a book", READERS_MAX);
	scan->readers[scan->idle++] = reader;
	pthread_mutex_unlock(&scan->mutex);
}

/* ---- the first pass ---- */

/* One thread's work on one stretch. */
struct pass {
	struct book_scan *scan;
	struct book *reader;
	struct stretch *stretch;
	state_fn *each, *version;
	void *context;
	struct arena arena; /* one record */
	struct buf bytes;
	struct record_field fields[PAYLOAD_FIELDS_MAX];
	uint64_t seen;
};

static void pass_init(struct pass *pass)
{
	arena_init(&pass->arena);
	buf_init(&pass->bytes, 2 * PAYLOAD_MAX);
}

static void pass_release(struct pass *pass)
{
	arena_release(&pass->arena);
	buf_release(&pass->bytes);
}

static int damaged(const struct pass *pass, uint64_t seq, struct err *err)
{
	return err_set(err, ERR_DAMAGED, "%s: entry %llu cannot be read; run lockstep verify", pass->scan->book->path,
		       (unsigned long long)seq);
}

/* An observation as STATEMENT_ENTRIES_SCAN gives it. */
enum {
	SCAN_SEQ,
	SCAN_OBJECT,
	SCAN_SOURCE,
	SCAN_KEY,
	SCAN_SUBJECT,
	SCAN_OBSERVED,
	SCAN_PAYLOAD,
	SCAN_RECORDED, /* not of STATEMENT_ENTRIES_SCAN_ALL, as the next */
	SCAN_IMPORT,
	SCAN__COLUMNS
};

static int entry_of_scan(const struct pass *pass, const struct engine_value *columns, int count, struct entry *entry,
			 struct err *err)
{
	*entry = (struct entry){
		.seq = (uint64_t)columns[SCAN_SEQ].number,
		.kind = ENTRY_OBSERVATION,
		.object = (enum object)columns[SCAN_OBJECT].number,
		.source = columns[SCAN_SOURCE].bytes,
		.key = columns[SCAN_KEY].bytes,
		.subject = (uint64_t)columns[SCAN_SUBJECT].number,
		.observed_ms = columns[SCAN_OBSERVED].number,
		.recorded_ms = count == SCAN__COLUMNS ? columns[SCAN_RECORDED].number : 0,
		.import_seq = count == SCAN__COLUMNS ? (uint64_t)columns[SCAN_IMPORT].number : 0,
		.payload = columns[SCAN_PAYLOAD].bytes,
	};
	if (columns[SCAN_PAYLOAD].type != ENGINE_BYTES || columns[SCAN_KEY].type != ENGINE_TEXT ||
	    columns[SCAN_SOURCE].type != ENGINE_TEXT || columns[SCAN_OBJECT].number <= 0 ||
	    columns[SCAN_OBJECT].number >= OBJECT__COUNT)
		return damaged(pass, entry->seq, err);
	return 0;
}

/* The only observation of a record counts unless its import was undone, and no other import has met it since. */
static bool only_one_counts(struct book_scan *scan, const struct entry *entry)
{
	int64_t again;

	return entry->recorded_ms <= scan->known_at_ms &&
	       (!entry->import_seq || !marks_undone(&scan->marks, entry->import_seq) ||
		marks_confirmed(&scan->marks, entry->seq, &again));
}

static struct state state_of_entry(const struct entry *entry)
{
	return (struct state){ .record = { .object = entry->object,
					   .source = entry->source,
					   .key = entry->key,
					   .observed_ms = entry->observed_ms },
			       .subject = entry->subject,
			       .first_seq = entry->seq,
			       .last_seq = entry->seq };
}

/* Leaves out what is empty, what is sealed, and what is the book's own. */
static void drop_private(struct record *record)
{
	size_t n = 0;

	for (size_t i = 0; i < record->count; i++) {
		const struct record_field *field = &record->fields[i];

		if (field->code == (enum field)FIELD_OWN_GENERATED)
			record->generated_key = true;
		if (field->code < (enum field)FIELD_OWN_MATCH && field->value.kind != VALUE_EMPTY &&
		    field->value.kind != VALUE_SEALED)
			record->fields[n++] = *field;
	}
	record->count = n;
}

/* payload_read and drop_private in one, without the sealed parts: this is done for every record. */
static bool read_told(struct pass *pass, struct str payload, struct record *record)
{
	struct cursor in = cursor_of(payload.at, payload.len);
	size_t count = cursor_u16(&in);
	enum field last = 0;

	record->fields = pass->fields;
	record->count = 0;
	if (count > PAYLOAD_FIELDS_MAX)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct record_field *field = &pass->fields[record->count];
		enum field code = read_code(&in);

		field->code = code;
		if (code == FIELD_CUSTOM)
			field->name = cursor_block(&in);
		if (!value_read(&in, &field->value) || code < last || (i > 0 && code == last && code != FIELD_CUSTOM))
			return false;
		last = code;
		if (code == FIELD_OWN_GENERATED)
			record->generated_key = true;
		record->count +=
			code < FIELD_OWN_MATCH && field->value.kind != VALUE_EMPTY && field->value.kind != VALUE_SEALED;
	}
	return !in.failed && in.at == in.end;
}

static int tell_only_one(struct pass *pass, const struct entry *entry, struct err *err)
{
	struct state state = state_of_entry(entry);

	state.versions = 1;
	if (!read_told(pass, entry->payload, &state.record))
		return damaged(pass, entry->seq, err);
	return pass->each(pass->context, &state, err);
}

/* The fields that are the book's alone are left out; what is sealed clears like what is empty, and takes no room. */
static bool staged_fields(struct buf *out, struct str payload)
{
	struct cursor in = cursor_of(payload.at, payload.len);
	uint16_t count = cursor_u16(&in), kept = 0;
	size_t place = out->len;
	struct value value;

	buf_add_u16(out, 0);
	for (uint16_t i = 0; i < count && !in.failed; i++) {
		const unsigned char *from = in.at, *to;
		enum field code = read_code(&in);

		if (code == FIELD_CUSTOM)
			cursor_block(&in);
		to = in.at;
		if (!value_read(&in, &value))
			return false;
		if (code >= FIELD_OWN_MATCH)
			continue;
		buf_add(out, from, (size_t)((value.kind == VALUE_SEALED ? to : in.at) - from));
		if (value.kind == VALUE_SEALED)
			buf_add_u8(out, VALUE_EMPTY);
		kept++;
	}
	if (in.failed || in.at != in.end || out->full)
		return false;
	out->at[place] = (char)(kept & 0xff);
	out->at[place + 1] = (char)(kept >> 8);
	return true;
}

static bool staged_write(struct pass *pass, const struct entry *entry)
{
	bool first = entry->seq == entry->subject;

	buf_clear(&pass->bytes);
	buf_add_u64(&pass->bytes, entry->import_seq);
	buf_add_u8(&pass->bytes, (uint8_t)entry->object);
	buf_add_block(&pass->bytes, entry->source.at, first ? entry->source.len : 0);
	buf_add_block(&pass->bytes, entry->key.at, first ? entry->key.len : 0);
	return staged_fields(&pass->bytes, entry->payload);
}

static int stage(struct pass *pass, const struct entry *entry, struct err *err)
{
	struct stretch *stretch = pass->stretch;

	if (!staged_write(pass, entry))
		return damaged(pass, entry->seq, err);
	if (stretch->count == stretch->capacity) {
		size_t more = stretch->capacity ? stretch->capacity * 2 : 256;

		stretch->items = must_realloc(stretch->items, more * sizeof(*stretch->items));
		stretch->capacity = more;
	}
	stretch->items[stretch->count++] =
		(struct staged){ .subject = entry->subject,
				 .seq = entry->seq,
				 .observed_ms = entry->observed_ms,
				 .bytes = arena_str(&stretch->arena, buf_str(&pass->bytes)).at,
				 .len = (uint32_t)pass->bytes.len,
				 .unknown = entry->recorded_ms > pass->scan->known_at_ms };
	return 0;
}

static int first_row(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct pass *pass = context;
	struct book_scan *scan = pass->scan;
	struct entry entry;
	int rc = entry_of_scan(pass, columns, count, &entry, err);

	if (rc != 0)
		return rc;
	if (++pass->seen % DONE_STEP == 0)
		atomic_fetch_add(&scan->done, DONE_STEP);
	if (is_repeated(scan, entry.subject)) {
		struct state state = state_of_entry(&entry);

		rc = stage(pass, &entry, err);
		if (rc == 0 && entry.seq == entry.subject)
			rc = pass->each(pass->context, &state, err);
	} else if (entry.seq == entry.subject && only_one_counts(scan, &entry)) {
		rc = tell_only_one(pass, &entry, err);
	}
	arena_reset(&pass->arena);
	return rc;
}

static int by_subject(const void *left, const void *right)
{
	const struct staged *a = left, *b = right;

	if (a->subject != b->subject)
		return a->subject < b->subject ? -1 : 1;
	return a->seq < b->seq ? -1 : a->seq > b->seq;
}

int book_scan_first(struct book_scan *scan, size_t stretch, state_fn *each, void *context, struct err *err)
{
	struct pass pass = { .scan = scan, .stretch = &scan->stretches[stretch], .each = each, .context = context };
	const uint64_t first = stretch * scan->stretch_entries, past = first + scan->stretch_entries;
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)first),
					       engine_int((int64_t)(past < scan->end ? past : scan->end)) };
	/* Where all that was said counts, nobody asks when it was recorded, or by which import. */
	bool all = scan->known_at_ms == INT64_MAX && scan->marks.undone_count == 0;
	int statement = all ? STATEMENT_ENTRIES_SCAN_ALL : STATEMENT_ENTRIES_SCAN;
	int rc = reader_take(scan, &pass.reader, err);

	if (rc != 0)
		return rc;
	pass_init(&pass);
	rc = pass.reader->ops->run(pass.reader->engine, statement, params, 3, first_row, &pass, err);
	if (pass.stretch->count)
		qsort(pass.stretch->items, pass.stretch->count, sizeof(*pass.stretch->items), by_subject);
	atomic_fetch_add(&scan->done, pass.seen % DONE_STEP);
	pass_release(&pass);
	reader_give_back(scan, pass.reader);
	return rc;
}

/* ---- the second pass ---- */

/* The first item of that subject or a later one. */
static size_t first_of(const struct stretch *stretch, uint64_t subject)
{
	size_t low = 0, high = stretch->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (stretch->items[middle].subject < subject)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* All observations of the records that begin in a stretch, by record. */
static struct staged *gather(const struct book_scan *scan, size_t stretch, size_t *count)
{
	uint64_t first = stretch * scan->stretch_entries, past = first + scan->stretch_entries;
	struct staged *all;
	size_t n = 0;

	*count = 0;
	for (size_t i = stretch; i < scan->stretch_count; i++)
		*count += first_of(&scan->stretches[i], past) - first_of(&scan->stretches[i], first);
	all = must_alloc((*count + 1) * sizeof(*all));
	for (size_t i = stretch; i < scan->stretch_count; i++) {
		const struct stretch *from = &scan->stretches[i];
		size_t at = first_of(from, first), items = first_of(from, past) - at;

		if (items)
			memcpy(all + n, from->items + at, items * sizeof(*all));
		n += items;
	}
	if (n)
		qsort(all, n, sizeof(*all), by_subject);
	return all;
}

static bool observation_of_staged(struct book_scan *scan, const struct staged *item, struct state_row *row,
				  struct observation *out, struct arena *arena)
{
	struct cursor in = cursor_of(item->bytes, item->len);
	uint64_t import_seq = cursor_u64(&in);
	enum object object = (enum object)cursor_u8(&in);
	struct str source = cursor_block(&in), key = cursor_block(&in);
	struct str payload = { (const char *)in.at, (size_t)(in.end - in.at) };
	int64_t again;

	if (item->seq == item->subject)
		*row = (struct state_row){ .subject = item->subject, .object = object, .source = source, .key = key };
	*out = (struct observation){ .seq = item->seq,
				     .import_seq = import_seq,
				     .object = object,
				     .observed_ms = item->observed_ms,
				     .effective_ms = item->observed_ms };
	if (in.failed || !payload_read(payload, &out->fields, &out->count, arena))
		return false;
	out->counts = !item->unknown && (!import_seq || !marks_undone(&scan->marks, import_seq));
	if (!item->unknown && marks_confirmed(&scan->marks, item->seq, &again)) {
		if (!out->counts || again > out->effective_ms)
			out->effective_ms = again;
		out->counts = true;
	}
	return true;
}

struct exact {
	struct pass *pass;
	struct observation *items;
	size_t count, capacity;
};

static int exact_one(void *context, const struct entry *entry, struct err *err)
{
	struct exact *exact = context;
	struct arena *arena = &exact->pass->arena;
	struct book_scan *scan = exact->pass->scan;

	/* A reader's own connection may see later commits than the scan began with. */
	if (entry->seq >= scan->end || entry->recorded_ms > scan->known_at_ms)
		return 0;
	struct entry copy = entry_copy(arena, entry);
	ARENA_PUSH(arena, exact->items, exact->count, exact->capacity);
	return observation_of(exact->pass->reader, &scan->marks, &copy, &exact->items[exact->count++], arena, err);
}

/* Which of two observations came later is told by what is sealed in them: they are read again, whole. */
static int fold_exactly(struct pass *pass, const struct state_row *row, struct exact *exact, struct folded *folded,
			struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)row->subject) };
	int rc = entries_run(pass->reader, STATEMENT_ENTRY_FIRST, params, 2, exact_one, exact, err);

	if (rc == 0)
		rc = entries_run(pass->reader, STATEMENT_ENTRIES_LATER, params, 2, exact_one, exact, err);
	if (rc == 0)
		fold(row->object, exact->items, exact->count, folded, &pass->arena);
	return rc;
}

static int tell_versions(struct pass *pass, const struct state *state, const struct observation *all, size_t count,
			 struct err *err)
{
	struct observation *items = ARENA_ARRAY(&pass->arena, struct observation, count * 2);
	size_t n = observations_spread(items, all, count);
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		struct state version = *state;

		version.first_seq = version.last_seq = items[i].seq;
		version.record.observed_ms = items[i].effective_ms;
		version.record.fields = ARENA_ARRAY(&pass->arena, struct record_field, items[i].count + 1);
		memcpy(version.record.fields, items[i].fields, sizeof(*items[i].fields) * items[i].count);
		version.record.count = items[i].count;
		drop_private(&version.record);
		rc = pass->version(pass->context, &version, err);
	}
	return rc;
}

/* The observations of one record. */
static int tell_repeated(struct pass *pass, const struct staged *staged, size_t count, struct err *err)
{
	struct exact all = { pass, ARENA_ARRAY(&pass->arena, struct observation, count), count, count };
	struct state_row row = { 0 };
	struct folded folded;
	int rc = 0;

	for (size_t i = 0; i < count; i++)
		if (!observation_of_staged(pass->scan, &staged[i], &row, &all.items[i], &pass->arena))
			return damaged(pass, staged[i].seq, err);
	/* A record of the stored state that has no first entry: none that was told of. */
	if (row.subject == 0)
		return damaged(pass, staged[0].subject, err);
	fold(row.object, all.items, all.count, &folded, &pass->arena);
	if (folded.tied) {
		all.items = NULL;
		all.count = all.capacity = 0;
		rc = fold_exactly(pass, &row, &all, &folded, err);
	}
	if (rc != 0)
		return rc;
	struct state state = { .record = { .object = row.object,
					   .source = row.source,
					   .key = row.key,
					   .observed_ms = folded.standing ? folded.standing->observed_ms : 0,
					   .fields = folded.fields,
					   .count = folded.count },
			       .subject = row.subject,
			       .first_seq = folded.first_seq,
			       .last_seq = folded.last_seq,
			       .versions = (unsigned)folded.versions };
	drop_private(&state.record);
	rc = pass->each(pass->context, &state, err);
	if (rc == 0 && folded.versions > 1)
		rc = tell_versions(pass, &state, all.items, all.count, err);
	return rc;
}

int book_scan_repeated(struct book_scan *scan, size_t stretch, state_fn *each, state_fn *version, void *context,
		       struct err *err)
{
	struct pass pass = { .scan = scan, .each = each, .version = version, .context = context };
	size_t count, past;
	struct staged *all;
	int rc = reader_take(scan, &pass.reader, err);

	if (rc != 0)
		return rc;
	all = gather(scan, stretch, &count);
	pass_init(&pass);
	for (size_t i = 0; i < count && rc == 0; i = past) {
		for (past = i + 1; past < count && all[past].subject == all[i].subject; past++)
			;
		rc = tell_repeated(&pass, all + i, past - i, err);
		atomic_fetch_add(&scan->done, 1);
		arena_reset(&pass.arena);
	}
	pass_release(&pass);
	free(all);
	reader_give_back(scan, pass.reader);
	return rc;
}
