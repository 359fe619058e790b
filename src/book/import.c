/* Imports: begun, taken up again, finished, undone, listed. */
#include <stdlib.h>
#include "base/buf.h"
#include "book/private.h"

/* ---- their entries ---- */

static int add_entry(struct book *book, enum entry_kind kind, uint64_t import_seq, int64_t observed_ms,
		     const struct append_context *context, struct str payload, uint64_t *seq, struct err *err)
{
	struct entry entry = { .kind = kind,
			       .observed_ms = observed_ms,
			       .recorded_ms = context->now_ms,
			       .actor = str_of(context->actor),
			       .import_seq = import_seq,
			       .payload = payload };
	int rc = chain_append(book, &entry, err);

	if (rc == 0 && seq)
		*seq = entry.seq;
	return rc;
}

static void begun_write(struct buf *out, const struct import *import)
{
	buf_add_block(out, import->path.at, import->path.len);
	buf_add_block(out, import->file_hash, HASH_BYTES);
	buf_add_block(out, import->map.at, import->map.len);
	buf_add_u16(out, (uint16_t)import->object);
	buf_add_block(out, import->source.at, import->source.len);
	buf_add_block(out, import->map_text.at, import->map_text.len);
}

static bool begun_read(const struct entry *entry, struct import *import, struct arena *arena)
{
	struct cursor in = cursor_of(entry->payload.at, entry->payload.len);
	struct str hash;

	*import = (struct import){ .seq = entry->seq,
				   .began_ms = entry->recorded_ms,
				   .observed_ms = entry->observed_ms,
				   .state = IMPORT_UNFINISHED };
	import->path = arena_str(arena, cursor_block(&in));
	hash = cursor_block(&in);
	import->map = arena_str(arena, cursor_block(&in));
	import->object = (enum object)cursor_u16(&in);
	if (in.at < in.end) { /* older entries end here */
		import->source = arena_str(arena, cursor_block(&in));
		import->map_text = arena_str(arena, cursor_block(&in));
	}
	if (in.failed || hash.len != HASH_BYTES)
		return false;
	memcpy(import->file_hash, hash.at, HASH_BYTES);
	return true;
}

static void finished_write(struct buf *out, const struct import *import)
{
	buf_add_u64(out, import->rows);
	buf_add_u64(out, import->accepted);
	buf_add_u64(out, import->changed);
	buf_add_u64(out, import->unchanged);
	buf_add_u64(out, import->rejected);
	buf_add_block(out, import->rejected_path.at, import->rejected_path.len);
}

static bool finished_read(const struct entry *entry, struct import *import, struct arena *arena)
{
	struct cursor in = cursor_of(entry->payload.at, entry->payload.len);

	import->rows = cursor_u64(&in);
	import->accepted = cursor_u64(&in);
	import->changed = cursor_u64(&in);
	import->unchanged = cursor_u64(&in);
	import->rejected = cursor_u64(&in);
	import->rejected_path = arena_str(arena, cursor_block(&in));
	return !in.failed;
}

/* ---- listing ---- */

struct str import_file_name(const struct import *import)
{
	struct str name = import->path;

	for (size_t i = name.len; i--;)
		if (name.at[i] == '/')
			return (struct str){ name.at + i + 1, name.len - i - 1 };
	return name;
}

struct listing {
	struct book *book;
	struct arena *arena;
	struct import *items;
	size_t count, capacity;
};

static int unreadable(const struct book *book, const struct entry *entry, struct err *err)
{
	return err_set(err, ERR_DAMAGED, "%s: entry %llu cannot be read", book->path, (unsigned long long)entry->seq);
}

static int list_begun(void *context, const struct entry *entry, struct err *err)
{
	struct listing *list = context;

	ARENA_PUSH(list->arena, list->items, list->count, list->capacity);
	return begun_read(entry, &list->items[list->count++], list->arena) ? 0 : unreadable(list->book, entry, err);
}

static struct import *listed(struct listing *list, uint64_t seq)
{
	for (size_t i = list->count; i > 0; i--)
		if (list->items[i - 1].seq == seq)
			return &list->items[i - 1];
	return NULL;
}

static int list_finished(void *context, const struct entry *entry, struct err *err)
{
	struct listing *list = context;
	struct import *import = listed(list, entry->import_seq);

	if (!import || !finished_read(entry, import, list->arena))
		return unreadable(list->book, entry, err);
	import->state = IMPORT_FINISHED;
	return 0;
}

static int list_undone(void *context, const struct entry *entry, struct err *err)
{
	struct listing *list = context;
	struct import *import = listed(list, entry->import_seq);

	if (!import)
		return unreadable(list->book, entry, err);
	import->state = IMPORT_UNDONE;
	return 0;
}

/* "/x/leads.csv" stands as "leads.csv" or "x/leads.csv" in the command. */
static bool names_file(struct str words, struct str path)
{
	const char *slash = path.len ? memrchr(path.at, '/', path.len) : NULL;
	struct str name = slash ? (struct str){ slash + 1, path.len - (size_t)(slash + 1 - path.at) } : path;

	while (words.len && name.len) {
		struct str word = str_cut(&words, '\0');

		if (word.len >= name.len && !memcmp(word.at + word.len - name.len, name.at, name.len) &&
		    (word.len == name.len || word.at[word.len - name.len - 1] == '/'))
			return true;
	}
	return false;
}

static void find_running(struct listing *list)
{
	struct str words = STR_NONE;
	long process = -1;

	for (size_t i = list->count; i-- > 0;) {
		struct import *import = &list->items[i];

		if (import->state != IMPORT_UNFINISHED)
			continue;
		if (process < 0)
			process = lock_holder(&words, list->book->path, list->arena);
		if (process > 0 && names_file(words, import->path))
			import->process = process;
	}
}

int book_imports(struct book *book, struct import **out, size_t *count, struct arena *arena, struct err *err)
{
	struct listing list = { .book = book, .arena = arena };
	int rc = entries_noted(book, ENTRY_IMPORT_BEGUN, list_begun, &list, err);

	if (rc == 0)
		rc = entries_noted(book, ENTRY_IMPORT_FINISHED, list_finished, &list, err);
	if (rc == 0)
		rc = entries_noted(book, ENTRY_IMPORT_UNDONE, list_undone, &list, err);
	if (rc == 0 && book->mode == BOOK_READ)
		find_running(&list);
	*out = list.items;
	*count = list.count;
	return rc;
}

/* ---- beginning ---- */

int book_import_find(struct book *book, struct import *import, bool *found, struct err *err)
{
	struct import *all;
	struct arena arena;
	size_t count;

	*found = false;
	import->seq = 0;
	import->again = false;
	arena_init(&arena);
	int rc = book_imports(book, &all, &count, &arena, err);
	for (size_t i = 0; i < count && rc == 0; i++) {
		if (memcmp(all[i].file_hash, import->file_hash, HASH_BYTES) != 0)
			continue;
		bool mapped = all[i].object == import->object && str_eq(all[i].map, import->map);

		import->observed_ms = *found ? import->observed_ms : all[i].observed_ms;
		*found = true;
		import->again |= mapped && all[i].state == IMPORT_FINISHED;
		if (mapped && all[i].state == IMPORT_UNFINISHED) {
			import->seq = all[i].seq;
			import->began_ms = all[i].began_ms;
			import->state = IMPORT_UNFINISHED;
		}
	}
	if (import->seq)
		import->again = false;
	arena_release(&arena);
	return rc;
}

static int begin(struct book *book, struct import *import, const struct append_context *context, struct err *err)
{
	struct buf payload;

	buf_init(&payload, PAYLOAD_MAX);
	begun_write(&payload, import);
	import->began_ms = context->now_ms;
	import->state = IMPORT_UNFINISHED;
	int rc = add_entry(book, ENTRY_IMPORT_BEGUN, 0, import->observed_ms, context, buf_str(&payload), &import->seq,
			   err);
	buf_release(&payload);
	return rc;
}

int book_import_announce(struct book *book, struct import *import, struct err *err)
{
	bool found;
	int rc = book_import_find(book, import, &found, err);

	if (rc == 0)
		book->announced = import;
	return rc;
}

void book_import_drop(struct book *book)
{
	book->announced = NULL;
	book->pending_count = 0;
	book->pending_news = false;
}

int book_import_begin(struct book *book, struct import *import, const struct append_context *context, struct err *err)
{
	int rc = book_import_announce(book, import, err);

	return rc == 0 && import->seq == 0 ? begin(book, import, context, err) : rc;
}

int import_begin_announced(struct book *book, const struct append_context *context, uint64_t *seq, struct err *err)
{
	struct import *import = book->announced;
	int rc = 0;

	if (!import || (context->import_seq != 0 && context->import_seq != import->seq))
		return 0;
	if (import->seq == 0)
		rc = begin(book, import, context, err);
	*seq = import->seq;
	return rc;
}

int confirms_flush(struct book *book, struct err *err)
{
	const struct append_context *context = &book->pending_context;
	uint64_t import_seq = book->announced ? book->announced->seq : context->import_seq;
	int64_t latest = INT64_MIN;
	struct buf payload;

	if (book->pending_count == 0 || import_seq == 0)
		return 0;
	for (size_t i = 0; i < book->pending_count; i++)
		if (book->pending[i].ms > latest)
			latest = book->pending[i].ms;
	buf_init(&payload, PAYLOAD_MAX * 16);
	confirms_write(&payload, book->pending, book->pending_count, latest);
	int rc = payload.full
			 ? err_set(err, ERR_LIMIT, "%s: too many rows in one transaction", book->path)
			 : add_entry(book, ENTRY_CONFIRMED, import_seq, latest, context, buf_str(&payload), NULL, err);
	buf_release(&payload);
	book->pending_count = 0;
	book->pending_news = false;
	return rc;
}

int book_import_finish(struct book *book, const struct import *import, const struct append_context *context,
		       struct err *err)
{
	uint64_t seq = import->seq;
	struct buf payload;
	int rc = 0;

	/* Nothing was written, but rows were seen again at a later time: that is worth an import. */
	if (seq == 0 && book->announced == import && book->pending_news)
		rc = import_begin_announced(book, context, &seq, err);
	if (rc == 0 && seq == 0) {
		book->announced = NULL;
		writer_forget(book);
		return 0;
	}
	if (rc == 0)
		rc = confirms_flush(book, err);
	buf_init(&payload, PAYLOAD_MAX);
	finished_write(&payload, import);
	if (rc == 0)
		rc = add_entry(book, ENTRY_IMPORT_FINISHED, seq, import->observed_ms, context, buf_str(&payload), NULL,
			       err);
	buf_release(&payload);
	book->announced = NULL;
	return rc;
}

/* ---- undoing ---- */

struct touched {
	uint64_t *subjects;
	size_t count, capacity;
	struct book *book;
	struct marks confirmed;
};

static void touch(struct touched *t, uint64_t subject)
{
	if (t->count == t->capacity) {
		t->capacity = t->capacity ? t->capacity * 2 : 256;
		t->subjects = must_realloc(t->subjects, t->capacity * sizeof(*t->subjects));
	}
	t->subjects[t->count++] = subject;
}

static int touch_entry(void *context, const struct entry *entry, struct err *err)
{
	struct touched *t = context;

	if (entry->kind == ENTRY_OBSERVATION)
		touch(t, entry->subject);
	if (entry->kind == ENTRY_CONFIRMED && !confirms_read(entry->payload, entry->observed_ms, &t->confirmed))
		return unreadable(t->book, entry, err);
	return 0;
}

static int touch_confirmed(void *context, const struct entry *entry, struct err *err)
{
	(void)err;
	touch(context, entry->subject);
	return 0;
}

static int compare_numbers(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

/* Every record the import said something about. */
static int touched_find(struct touched *t, uint64_t seq, struct err *err)
{
	struct book *book = t->book;
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)seq),
					       engine_int((int64_t)seq) };
	int rc = entries_run(book, STATEMENT_ENTRIES_OF_IMPORT, params, 3, touch_entry, t, err);
	size_t n = 0;

	for (size_t i = 0; i < t->confirmed.confirm_count && rc == 0; i++) {
		const struct engine_value one[] = { engine_int(BOOK_ID),
						    engine_int((int64_t)t->confirmed.confirms[i].seq) };

		rc = entries_run(book, STATEMENT_ENTRY_ONE, one, 2, touch_confirmed, t, err);
	}
	if (t->count > 0)
		qsort(t->subjects, t->count, sizeof(*t->subjects), compare_numbers);
	for (size_t i = 0; i < t->count; i++)
		if (n == 0 || t->subjects[n - 1] != t->subjects[i])
			t->subjects[n++] = t->subjects[i];
	t->count = n;
	return rc;
}

struct before {
	const struct state_row *row;
	bool stored, same;
};

static int compare_before(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct before *before = context;
	struct state_row was;
	int rc = row_of_columns(&was, columns, count, err);

	if (rc != 0)
		return rc;
	before->stored = true;
	before->same = str_eq(was.payload, before->row->payload) && (was.versions > 0) == (before->row->versions > 0);
	return 0;
}

int subject_refold(struct book *book, uint64_t subject, bool *changed, struct err *err)
{
	struct observation *all;
	size_t count;
	struct folded folded;
	struct state_row row = { .subject = subject };
	struct before before = { &row, false, false };
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)subject) };

	arena_reset(&book->scratch);
	int rc = observations_of_subject(book, subject, &all, &count, &book->scratch, err);
	if (rc != 0 || count == 0)
		return rc;
	fold(all[0].object, all, count, &folded, &book->scratch);
	row_of_folded(&row, &folded, &book->payload);
	rc = book->ops->run(book->engine, STATEMENT_STATE_ONE, params, 2, compare_before, &before, err);
	/* One that was not stored had one observation, which counted. */
	*changed = before.stored ? !before.same : row.versions == 0;
	row.stored = before.stored;
	return rc == 0 ? row_write(book, &row, count, err) : rc;
}

static int import_row(struct book *book, uint64_t seq, struct import *out, struct err *err)
{
	struct import *all;
	struct arena arena;
	size_t count;

	out->seq = 0;
	arena_init(&arena);
	int rc = book_imports(book, &all, &count, &arena, err);
	for (size_t i = 0; i < count && rc == 0; i++)
		if (all[i].seq == seq)
			*out = all[i];
	arena_release(&arena);
	return rc;
}

static int check_undoable(struct book *book, uint64_t seq, struct err *err)
{
	struct import import;
	int rc = import_row(book, seq, &import, err);

	if (rc == 0 && import.seq == 0)
		return err_set(err, ERR_STATE, "there is no import %llu; lockstep imports names them",
			       (unsigned long long)seq);
	if (rc == 0 && import.state == IMPORT_UNDONE)
		return err_set(err, ERR_STATE, "import %llu is undone already", (unsigned long long)seq);
	return rc;
}

int book_import_undo(struct book *book, uint64_t seq, const struct append_context *context, uint64_t *records,
		     struct err *err)
{
	struct touched t = { .book = book };
	int rc = check_undoable(book, seq, err);

	if (rc == 0)
		rc = add_entry(book, ENTRY_IMPORT_UNDONE, seq, context->now_ms, context, STR(""), NULL, err);
	if (rc == 0)
		rc = touched_find(&t, seq, err);
	writer_forget(book);
	*records = 0;
	for (size_t i = 0; i < t.count && rc == 0; i++) {
		bool changed = false;

		rc = subject_refold(book, t.subjects[i], &changed, err);
		*records += changed;
	}
	marks_release(&t.confirmed);
	free(t.subjects);
	return rc;
}

void book_row_hash(const struct book *book, struct str bytes, unsigned char out[16])
{
	keys_hash(book->keys, PURPOSE_ROW, bytes, out);
}

struct noted {
	struct str path, contents; /* contents: empty = any */
	bool found;
};

static int same_file(void *context, const struct entry *entry, struct err *err)
{
	struct noted *noted = context;
	struct cursor in = cursor_of(entry->payload.at, entry->payload.len);
	bool path = str_eq(cursor_block(&in), noted->path);

	(void)err;
	noted->found |= path && (!noted->contents.len || str_eq(cursor_block(&in), noted->contents));
	return 0;
}

int book_file_noted(struct book *book, struct str path, const unsigned char contents[NOTED_BYTES], bool *noted,
		    struct err *err)
{
	struct noted look = { .path = path };

	if (contents)
		look.contents = (struct str){ (const char *)contents, NOTED_BYTES };
	int rc = entries_noted(book, ENTRY_FILE_NOTED, same_file, &look, err);
	*noted = look.found;
	return rc;
}

/* Once is enough: reading a file again must write nothing. */
int book_note_file(struct book *book, struct str path, const unsigned char contents[NOTED_BYTES],
		   const struct append_context *context, struct err *err)
{
	struct buf payload;
	bool noted;
	int rc = book_file_noted(book, path, contents, &noted, err);

	if (rc != 0 || noted)
		return rc;
	buf_init(&payload, PAYLOAD_MAX);
	buf_add_block(&payload, path.at, path.len);
	if (contents)
		buf_add_block(&payload, contents, NOTED_BYTES);
	rc = add_entry(book, ENTRY_FILE_NOTED, context->import_seq, context->now_ms, context, buf_str(&payload), NULL,
		       err);
	buf_release(&payload);
	return rc;
}
