/* A record that changes needs nothing of its history but what stands, as long as each change is the latest. Two books are told the same,
 * one of them always with the whole history at hand: answers and states are the same, whatever is told in whatever order. And a change
 * costs the same whatever was said before. */
#include "book/private.h"
#include "book_help.h"

#define BOOKS 60
#define STEPS 160

static uint64_t dice;

static unsigned roll(unsigned sides)
{
	dice = dice * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(dice >> 33) % sides;
}

static const char *const texts[] = { "", "one", "two" };
static const char *const mails[] = { "", "ann@example.com", "ben@example.com" };

/* The one that reads its history: somebody says that an import is replaced, which there is none of. */
static const uint64_t none = UINT64_MAX;
static struct append_context short_way = { .now_ms = 1000, .actor = "tester" };
static struct append_context long_way = { .now_ms = 1000, .actor = "tester", .replaces = &none, .replace_count = 1 };

static size_t fill(struct record_field *fields)
{
	size_t n = 0;

	if (roll(3) == 0)
		fields[n++] = text_field(FIELD_NAME, texts[roll(3)]);
	if (roll(3) == 0)
		fields[n++] = text_field(FIELD_EMAIL, mails[roll(3)]);
	if (roll(4) == 0)
		fields[n++] = text_field(FIELD_PHONE, roll(3) ? "030 123 456" : "");
	if (roll(2))
		fields[n++] = text_field(FIELD_REGION, texts[roll(3)]);
	if (roll(3) == 0) {
		fields[n] = (struct record_field){ .code = FIELD_SCORE };
		fields[n++].value = (struct value){ .kind = VALUE_NUMBER, .as.number = { (int64_t)roll(3), 0 } };
	}
	if (roll(4) == 0) {
		fields[n] = (struct record_field){ .code = FIELD_ACCOUNT };
		fields[n++].value =
			(struct value){ .kind = VALUE_REF,
					.as.ref = { str_of(roll(2) ? "a1" : mails[1 + roll(2)]), REF_BY_KEY } };
	}
	return n;
}

struct told {
	struct book *books[2];
	struct append_context *ways[2];
	unsigned differ, changed, unchanged;
	int64_t ms;
};

static void tell(struct told *t)
{
	struct record_field fields[8];
	char key[24];
	struct record record = { .object = roll(2) ? OBJECT_LEAD : OBJECT_CONTACT,
				 .source = STR("crm"),
				 .fields = fields };
	enum append_result results[2];

	snprintf(key, sizeof(key), "k%u", roll(5));
	record.key = str_of(roll(8) ? key : mails[1 + roll(2)]);
	record.count = fill(fields);
	/* Mostly later than all before, now and then at the same time or before. */
	t->ms += roll(4) > 0;
	record.observed_ms = roll(5) ? t->ms : t->ms - (int64_t)roll(12);
	for (int i = 0; i < 2; i++)
		MUST(book_append(t->books[i], &record, t->ways[i], &results[i], err));
	t->differ += results[0] != results[1];
	t->changed += results[0] == APPEND_CHANGED;
	t->unchanged += results[0] == APPEND_UNCHANGED;
}

/* Ends a transaction and begins another, one way or the other. */
static void turn(struct told *t)
{
	unsigned how = roll(8);

	for (int i = 0; i < 2; i++) {
		if (how < 4) {
			MUST(book_commit_next(t->books[i], err));
			continue;
		}
		if (how == 7)
			book_rollback(t->books[i]);
		else
			MUST(book_commit(t->books[i], err));
		MUST(book_begin(t->books[i], err));
	}
}

static struct import imports[2];

static void begin_import(struct told *t, unsigned number)
{
	for (int i = 0; i < 2; i++) {
		imports[i] = (struct import){
			.path = STR("/x"), .map = STR("m"), .object = OBJECT_CONTACT, .observed_ms = t->ms
		};
		memset(imports[i].file_hash, (int)number, HASH_BYTES);
		MUST(book_import_begin(t->books[i], &imports[i], t->ways[i], err));
		t->ways[i]->import_seq = imports[i].seq;
	}
}

static void end_import(struct told *t)
{
	for (int i = 0; i < 2; i++) {
		MUST(book_import_finish(t->books[i], &imports[i], t->ways[i], err));
		t->ways[i]->import_seq = 0;
	}
}

static void undo(struct told *t)
{
	uint64_t records;

	for (int i = 0; i < 2; i++)
		MUST(book_import_undo(t->books[i], imports[i].seq, t->ways[i], &records, err));
}

static int see(void *context, const struct state *state, struct err *err)
{
	struct buf *out = context;

	(void)err;
	buf_addf(out, "%llu %d %.*s at %lld, %llu to %llu, %u times%s:", (unsigned long long)state->subject,
		 (int)state->record.object, STR_ARG(state->record.key), (long long)state->record.observed_ms,
		 (unsigned long long)state->first_seq, (unsigned long long)state->last_seq, state->versions,
		 state->erased ? ", erased" : "");
	for (size_t i = 0; i < state->record.count; i++) {
		buf_addf(out, " %d=", (int)state->record.fields[i].code);
		value_format(out, &state->record.fields[i].value);
	}
	buf_add_char(out, '\n');
	return 0;
}

static void states_of(struct book *book, struct buf *out)
{
	const struct reading all = { INT64_MAX, true };

	MUST(book_states(book, OBJECT_NONE, &all, see, out, err));
}

static bool sound(const char *path)
{
	struct verify_options options = { 0 };
	struct verify_result result;

	MUST(book_verify(path, &options, &result, err));
	if (result.fault != VERIFY_SOUND)
		printf("# %s\n", result.text);
	return result.fault == VERIFY_SOUND;
}

static void erase(struct told *t)
{
	for (int i = 0; i < 2; i++) {
		struct arena arena;
		struct erase_match *matches;
		struct erase_report report;
		size_t count;

		MUST(book_commit(t->books[i], err));
		arena_init(&arena);
		MUST(book_find_person(t->books[i], str_of(mails[1]), &matches, &count, &arena, err));
		if (count > 0)
			MUST(book_erase(t->books[i], matches, count, &help_context, &report, &arena, err));
		arena_release(&arena);
		MUST(book_begin(t->books[i], err));
	}
}

/* Rows at one time are ordered by their keyed hash: both books have one secret. */
static void copy(const char *from, const char *to, const char *suffix)
{
	char names[2][340], bytes[1 << 12];

	snprintf(names[0], sizeof(names[0]), "%s%s", from, suffix);
	snprintf(names[1], sizeof(names[1]), "%s%s", to, suffix);
	FILE *in = fopen(names[0], "rb"), *out = fopen(names[1], "wb");
	bool good = in && out;
	for (size_t size; good && (size = fread(bytes, 1, sizeof(bytes), in)) > 0;)
		good = fwrite(bytes, 1, size, out) == size;
	if (!good || ferror(in) || fclose(out) != 0)
		bug_at(__FILE__, __LINE__, "a new book cannot be copied");
	fclose(in);
}

static void make_books(char paths[2][320])
{
	help_folder_empty();
	for (int i = 0; i < 2; i++)
		snprintf(paths[i], 320, "%s%d", help_path, i);
	MUST(book_create(paths[0], &help_settings, 500, err));
	copy(paths[0], paths[1], "");
	copy(paths[0], paths[1], ".keys");
}

static unsigned changed, unchanged;

static bool same_both_ways(int number)
{
	char paths[2][320];
	struct told t = { .ways = { &short_way, &long_way }, .ms = 100 };
	struct buf states[2];
	bool importing = false;

	make_books(paths);
	dice = (uint64_t)number * 17 + 3;
	for (int i = 0; i < 2; i++) {
		MUST(book_open(&t.books[i], paths[i], BOOK_WRITE, err));
		MUST(book_begin(t.books[i], err));
	}
	for (int step = 0; step < STEPS; step++) {
		unsigned what = importing ? roll(36) : roll(40);

		if (what == 38 && !importing) {
			begin_import(&t, (unsigned)step);
			importing = true;
		} else if (what == 35 && importing) {
			end_import(&t);
			importing = false;
			if (roll(2))
				undo(&t);
		} else if (what == 39) {
			erase(&t);
		} else if (what > 30 && !importing) {
			turn(&t);
		} else {
			tell(&t);
		}
	}
	if (importing)
		end_import(&t);
	for (int i = 0; i < 2; i++) {
		MUST(book_commit(t.books[i], err));
		buf_init(&states[i], 1 << 20);
		states_of(t.books[i], &states[i]);
		book_close(t.books[i]);
	}
	bool same =
		t.differ == 0 && str_eq(buf_str(&states[0]), buf_str(&states[1])) && sound(paths[0]) && sound(paths[1]);
	if (!same)
		printf("# book %d: %u answers differ\n# %.*s# otherwise\n# %.*s", number, t.differ,
		       STR_ARG(buf_str(&states[0])), STR_ARG(buf_str(&states[1])));
	buf_release(&states[0]);
	buf_release(&states[1]);
	changed += t.changed;
	unchanged += t.unchanged;
	return same;
}

/* One source may say more of a record, bit by bit, than fits into one observation. */
static void test_many_fields(void)
{
	static struct record_field fields[400];
	static char names[800][16];
	struct buf states;

	help_folder_empty();
	MUST(book_create(help_path, &help_settings, 500, err));
	struct book *book = help_open(BOOK_WRITE);
	MUST(book_begin(book, err));
	for (int i = 0; i < 800; i++) {
		snprintf(names[i], sizeof(names[i]), "field %d", i);
		fields[i % 400] = text_field(FIELD_CUSTOM, "said");
		fields[i % 400].name = str_of(names[i]);
		if (i % 400 == 399)
			help_append(book, OBJECT_LEAD, "wide", i, fields, 400);
	}
	MUST(book_commit(book, err));
	buf_init(&states, 1 << 20);
	states_of(book, &states);
	size_t said = 0;
	for (const char *at = states.at; at && (at = strstr(at, "=said")); at++)
		said++;
	is_int((long long)said, 800, "a record of 800 fields, said in two parts, can be read");
	buf_release(&states);
	book_close(book);
	help_sound("a record of many fields");
}

/* What stands must fit into a payload, or nobody can read the book any more. */
static void test_too_much(void)
{
	enum { PARTS = 5, BYTES = (int)(PAYLOAD_MAX / 4) - 1024 };
	char *text = must_alloc(BYTES + 1), names[PARTS][16];
	struct book *book = help_fresh();
	struct err why = ERR_INIT;
	struct buf states;
	int said = 0;

	memset(text, 'x', BYTES);
	text[BYTES] = '\0';
	for (int i = 0, rc = 0; i < PARTS && rc == 0; i++) {
		struct record_field field = text_field(FIELD_CUSTOM, text);
		struct record record = { .object = OBJECT_LEAD, .source = STR("crm"), .key = STR("wide") };
		enum append_result result;

		snprintf(names[i], sizeof(names[i]), "part %d", i);
		field.name = str_of(names[i]);
		record.observed_ms = i;
		record.fields = &field;
		record.count = 1;
		MUST(book_begin(book, err));
		rc = book_append(book, &record, &help_context, &result, &why);
		if (rc == 0)
			MUST(book_commit(book, err));
		else
			book_rollback(book);
		said += rc == 0;
	}
	is_int(why.kind, ERR_LIMIT, "what would make a record larger than can be read is refused: %s", why.text);
	ok(said > 2, "the %d before it are not", said);
	buf_init(&states, PAYLOAD_MAX * 2);
	states_of(book, &states);
	ok(states.len > (size_t)said * BYTES, "and stand");
	buf_release(&states);
	book_close(book);
	free(text);
	help_sound("a record as large as it may be");
}

/* Nor more fields than its payload counts. */
static void test_too_many(void)
{
	enum { FIELDS = 500, ROWS = UINT16_MAX / FIELDS + 1 };
	static struct record_field fields[FIELDS];
	static char names[FIELDS][16];
	struct record record = {
		.object = OBJECT_LEAD, .source = STR("crm"), .key = STR("wide"), .fields = fields, .count = FIELDS
	};
	struct book *book = help_fresh();
	struct err why = ERR_INIT;
	enum append_result result;
	struct buf states;
	int said = 0;

	for (int rc = 0; rc == 0 && said <= ROWS; said += rc == 0) {
		for (int i = 0; i < FIELDS; i++) {
			snprintf(names[i], sizeof(names[i]), "%d.%03d", said, i);
			fields[i] = text_field(FIELD_CUSTOM, "x");
			fields[i].name = str_of(names[i]);
		}
		record.observed_ms = said;
		MUST(book_begin(book, err));
		rc = book_append(book, &record, &help_context, &result, &why);
		if (rc == 0)
			MUST(book_commit(book, err));
		else
			book_rollback(book);
	}
	is_int(why.kind, ERR_LIMIT, "more fields than can be counted are refused: %s", why.text);
	is_int(said, ROWS - 1, "all rows before are not");
	buf_init(&states, PAYLOAD_MAX);
	states_of(book, &states);
	ok(states.len > (size_t)said * FIELDS, "and stand");
	buf_release(&states);
	book_close(book);
	help_sound("a record of as many fields as there may be");
}

int main(void)
{
	int bad = 0;

	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 1);
	help_folder_make();
	test_many_fields();
	test_too_much();
	test_too_many();
	for (int i = 0; i < BOOKS && bad < 3; i++)
		bad += !same_both_ways(i);
	is_int(bad, 0, "%d books of %d random steps: answers and states are those of the whole history", BOOKS, STEPS);
	ok(changed > BOOKS * 10 && unchanged > BOOKS, "and much has changed (%u), some not (%u)", changed, unchanged);
	help_folder_remove();
	return done();
}
