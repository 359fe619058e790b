/* Imports: taken up again, the same file twice, an older file later, undone and read again. */
#include "book_help.h"

static struct import import_of(unsigned char file, int64_t observed_ms)
{
	struct import import = {
		.path = STR("/data/leads.csv"), .map = STR("own"), .object = OBJECT_LEAD, .observed_ms = observed_ms
	};

	memset(import.file_hash, file, HASH_BYTES);
	return import;
}

struct told {
	enum append_result results[4];
	struct import import;
	uint64_t entries;
};

/* Reads "files" of up to four rows: key a…d, region by number, 0 = no such row. */
static struct told read_file(struct book *book, unsigned char file, int64_t observed_ms, const char *regions,
			     bool finish)
{
	struct told told = { .import = import_of(file, observed_ms), .entries = book_head(book).seq };

	MUST(book_begin(book, err));
	MUST(book_import_announce(book, &told.import, err));
	for (int i = 0; regions[i]; i++) {
		char key[2] = { (char)('a' + i), 0 }, region[2] = { regions[i], 0 };
		struct record_field fields[] = { text_field(FIELD_REGION, region), text_field(FIELD_SEGMENT, "s") };

		if (regions[i] != '0')
			told.results[i] = help_append(book, OBJECT_LEAD, key, told.import.observed_ms, fields, 2);
	}
	if (finish)
		MUST(book_import_finish(book, &told.import, &help_context, err));
	MUST(book_commit(book, err));
	told.entries = book_head(book).seq - told.entries;
	return told;
}

static int see(void *context, const struct state *state, struct err *err)
{
	const struct value *region = record_get(&state->record, FIELD_REGION);

	(void)err;
	buf_addf(context, "%.*s%.*s ", STR_ARG(state->record.key), STR_ARG(region ? region->as.text : STR("-")));
	return 0;
}

static void is_state(struct book *book, const char *want, const char *name)
{
	struct reading reading = READING_ALL;
	struct buf buf;

	buf_init(&buf, 4096);
	MUST(book_states(book, OBJECT_LEAD, &reading, see, &buf, err));
	is_str(buf.len ? buf.at : "", want, "%s", name);
	buf_release(&buf);
}

static enum import_state state_of(struct book *book, uint64_t seq)
{
	struct arena arena;
	struct import *all;
	size_t count;
	enum import_state state = IMPORT_FINISHED;

	arena_init(&arena);
	MUST(book_imports(book, &all, &count, &arena, err));
	for (size_t i = 0; i < count; i++)
		if (all[i].seq == seq)
			state = all[i].state;
	arena_release(&arena);
	return state;
}

static void undo(struct book *book, uint64_t seq, uint64_t want)
{
	uint64_t records = 0;

	MUST(book_begin(book, err));
	MUST(book_import_undo(book, seq, &help_context, &records, err));
	MUST(book_commit(book, err));
	is_int((long long)records, (long long)want, "undoing changes %d records", (int)want);
}

static void test_again(void)
{
	struct book *book = help_fresh();
	struct told t = read_file(book, 1, 100, "12", true);

	is_int((long long)t.entries, 4, "two rows, begun and finished");
	is_int(state_of(book, t.import.seq), IMPORT_FINISHED, "the import is finished");
	t = read_file(book, 1, 900, "12", true);
	is_int((long long)t.entries, 0, "the same file again leaves no entry");
	is_int(t.import.observed_ms, 100, "and speaks of its own day");
	ok(t.import.again && t.import.seq == 0, "and is known");
	t = read_file(book, 2, 200, "13", true);
	is_int(t.results[0], APPEND_UNCHANGED, "a newer file: one row as it was");
	is_int(t.results[1], APPEND_CHANGED, "the other changed");
	is_state(book, "a1 b3 ", "the newer file stands");
	t = read_file(book, 1, 999, "12", true);
	is_int((long long)t.entries, 0, "the older file read later changes nothing");
	is_state(book, "a1 b3 ", "and does not undo newer work");
	t = read_file(book, 3, 150, "22", true);
	is_int(t.results[0], APPEND_OLDER, "a file from between: older than what was seen again since");
	is_int(t.results[1], APPEND_UNCHANGED, "a row known already");
	is_state(book, "a1 b3 ", "and the state stays");
	t = read_file(book, 4, 300, "12", true);
	is_int(t.results[1], APPEND_CHANGED, "a row that went back is a change");
	is_state(book, "a1 b2 ", "and stands");
	book_close(book);
	help_sound("after many files");
	book = help_open(BOOK_WRITE);
	t = read_file(book, 4, 300, "12", true);
	is_int((long long)t.entries, 0, "opened again, the same file leaves no entry");
	t = read_file(book, 5, 250, "42", true);
	is_int(t.results[0], APPEND_OLDER, "what was seen again is remembered after opening");
	is_state(book, "a1 b2 ", "and stands");
	book_close(book);
}

static void test_undo(void)
{
	struct book *book = help_fresh();
	struct told one = read_file(book, 1, 100, "11", true);
	struct told two = read_file(book, 2, 200, "21", true);
	struct err refusal = ERR_INIT;
	uint64_t records;

	is_state(book, "a2 b1 ", "before");
	undo(book, two.import.seq, 1);
	is_state(book, "a1 b1 ", "the second file is taken back");
	is_int(state_of(book, two.import.seq), IMPORT_UNDONE, "and listed as undone");
	MUST(book_begin(book, err));
	is_int(book_import_undo(book, two.import.seq, &help_context, &records, &refusal), ERR_STATE, "not twice");
	is_int(book_import_undo(book, 999, &help_context, &records, &refusal), ERR_STATE, "nor one that is not there");
	book_rollback(book);
	two = read_file(book, 2, 900, "21", true);
	is_int(two.results[0], APPEND_CHANGED, "read again it counts again");
	is_int(two.import.observed_ms, 200, "for its own day");
	is_state(book, "a2 b1 ", "as before");
	undo(book, one.import.seq, 0);
	is_state(book, "a2 b1 ", "the first file undone: the second had said b1 too");
	undo(book, two.import.seq, 2);
	is_state(book, "", "both undone: nothing is left");
	one = read_file(book, 1, 100, "11", true);
	is_int(one.results[0], APPEND_NEW, "what is read then is new");
	is_state(book, "a1 b1 ", "and stands");
	book_close(book);
	help_sound("after undoing");
}

static void test_unfinished(void)
{
	struct book *book = help_fresh();
	struct told t = read_file(book, 1, 100, "12", false);
	uint64_t seq = t.import.seq;

	book_close(book);
	book = help_open(BOOK_READ);
	is_int(state_of(book, seq), IMPORT_UNFINISHED, "an import that was cut off is unfinished");
	book_close(book);
	struct verify_options options = { 0 };
	struct verify_result result;
	MUST(book_verify(help_path, &options, &result, err));
	is_int((long long)result.unfinished_imports, 1, "verify counts it");
	is_int(result.fault, VERIFY_SOUND, "and finds nothing else");
	book = help_open(BOOK_WRITE);
	t = read_file(book, 1, 700, "1234", true);
	is_int((long long)t.import.seq, (long long)seq, "running it again takes it up");
	is_int(t.import.observed_ms, 100, "for the same day");
	is_int(t.results[0], APPEND_UNCHANGED, "what was there is unchanged");
	is_int(t.results[3], APPEND_NEW, "the rest is new");
	is_int(state_of(book, seq), IMPORT_FINISHED, "and it is finished");
	is_state(book, "a1 b2 c3 d4 ", "all rows are there");
	book_close(book);
	help_sound("after taking up");
}

/* What is offered after a rollback belongs to no import that was announced before it. */
static void test_taken_back(void)
{
	struct book *book = help_fresh();
	struct import import = import_of(1, 10), *all;
	struct record_field field = text_field(FIELD_REGION, "north");
	struct arena arena;
	size_t count;

	MUST(book_begin(book, err));
	MUST(book_import_announce(book, &import, err));
	help_append(book, OBJECT_LEAD, "a", 10, &field, 1);
	ok(import.seq > 0, "a record begins the import");
	book_rollback(book);
	is_int((long long)import.seq, 0, "taken back, it has not begun");
	MUST(book_begin(book, err));
	help_append(book, OBJECT_LEAD, "b", 10, &field, 1);
	MUST(book_commit(book, err));
	is_int((long long)book_head(book).seq, 2, "and what comes after it is an entry of its own");
	arena_init(&arena);
	MUST(book_imports(book, &all, &count, &arena, err));
	is_int((long long)count, 0, "of no import");
	arena_release(&arena);
	book_close(book);
	help_sound("after an import that was taken back");
}

/* What only an older export still says was last said by that one: who says it again is news, also to who opens the book later. */
static void test_older_alone(void)
{
	struct book *book = help_fresh();
	struct told newer = read_file(book, 1, 100, "1", true);
	uint64_t records;

	is_int(read_file(book, 2, 50, "13", true).results[0], APPEND_UNCHANGED, "an older export says the same");
	MUST(book_begin(book, err));
	MUST(book_import_undo(book, newer.import.seq, &help_context, &records, err));
	MUST(book_commit(book, err));
	book_close(book);
	book = help_open(BOOK_WRITE);
	struct told again = read_file(book, 3, 70, "1", true);
	is_int(again.results[0], APPEND_UNCHANGED, "the newer one is taken back, a third says it again");
	ok(again.import.seq != 0, "which is news");
	is_int(read_file(book, 4, 60, "2", true).results[0], APPEND_OLDER, "so what was said before that is older");
	is_state(book, "a1 b3 ", "and what was said last stands");
	book_close(book);
	help_sound("an older export alone");
}

int main(void)
{
	help_folder_make();
	test_older_alone();
	test_taken_back();
	test_again();
	test_undo();
	test_unfinished();
	help_folder_remove();
	return done();
}
