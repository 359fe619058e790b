/* What people tell singly is found on the disk, and what is not read is not missed: two books are told the same, one knows all its records
 * by heart, the other is opened anew again and again and asks for the few it needs. Answers, states and whose key seals what are the
 * same. And it costs the same however much the book holds: counted by SQLite itself, not timed. */
#include <sqlite3.h>
#include "base/buf.h"
#include "book/private.h"
#include "book_help.h"

#define BOOKS 8
#define ROUNDS 60
#define LEADS 6
#define MANY 3000

static uint64_t dice;
static long long walked;  /* rows that a statement looked at because it had no index */
static long long planned; /* times that a statement was planned again */

static unsigned roll(unsigned sides)
{
	dice = dice * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(dice >> 33) % sides;
}

static int statement_ends(unsigned type, void *context, void *statement, void *ns)
{
	(void)type;
	(void)context;
	(void)ns;
	walked += sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
	planned += sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_REPREPARE, 1);
	return 0;
}

static int watch(sqlite3 *db)
{
	return sqlite3_trace_v2(db, SQLITE_TRACE_PROFILE, statement_ends, NULL);
}

static struct record_field lead_field(const char *key)
{
	return (struct record_field){ .code = FIELD_LEAD,
				      .value = { .kind = VALUE_REF, .as.ref = { str_of(key), REF_BY_KEY } } };
}

/* ---- two books that are told the same ---- */

struct pair {
	char paths[2][320];
	struct book *books[2];         /* the second asks for few */
	struct append_context context; /* of both: they give the same numbers */
	struct import imports[2];
	uint64_t leads[LEADS]; /* their numbers, 0: there is none yet */
	unsigned differ, singly, old;
	int64_t ms;
};

static const char *const notes[] = { "", "called at home", "asks for Ann" };
static const char *const mails[] = { "", "ann@example.com", "ben@example.com" };
static const enum object told[] = { OBJECT_ACTIVITY,     OBJECT_ACTIVITY,  OBJECT_LEAD_STEP,
				    OBJECT_PROMISE_WORD, OBJECT_AGREEMENT, OBJECT_LEAD };

static size_t fill(struct record_field *fields, enum object object, const char *lead)
{
	size_t n = 0;

	if (object == OBJECT_LEAD || object == OBJECT_AGREEMENT) {
		fields[n++] = text_field(FIELD_NAME, notes[roll(3)]);
		if (object == OBJECT_LEAD && roll(2))
			fields[n++] = text_field(FIELD_EMAIL, mails[roll(3)]);
		return n;
	}
	fields[n++] = lead_field(lead);
	fields[n++] = text_field(FIELD_KIND, roll(2) ? "call" : "mail");
	if (object != OBJECT_PROMISE_WORD && roll(2))
		fields[n++] = text_field(FIELD_NOTES, notes[roll(3)]);
	return n;
}

/* No two at one time: these are ordered by their keyed hash, and each book has a secret of its own. */
static int64_t some_time(struct pair *p)
{
	p->ms += 1000;
	return roll(4) ? p->ms : p->ms - 5000 - ++p->old;
}

static void offer(struct pair *p)
{
	enum object object = told[roll(6)];
	unsigned number = roll(LEADS);
	bool expected = roll(4) > 0;
	struct record_field fields[4];
	struct record record = { .object = object, .source = STR("crm"), .fields = fields };
	enum append_result results[2];
	uint64_t recalled = p->books[1]->recalled;
	char lead[16], key[32];

	snprintf(lead, sizeof(lead), "L%u", number);
	if (object == OBJECT_LEAD)
		snprintf(key, sizeof(key), "%s", lead);
	else
		snprintf(key, sizeof(key), "%s%c%u", roll(20) ? lead : mails[1 + roll(2)], roll(8) ? '#' : '.',
			 roll(3));
	record.key = str_of(key);
	record.observed_ms = some_time(p);
	record.count = fill(fields, object, lead);
	MUST(index_ready(p->books[0], err));
	for (int i = 0; i < 2; i++) {
		if (expected)
			MUST(book_expect(p->books[i], p->leads[number], err));
		MUST(book_append(p->books[i], &record, &p->context, &results[i], err));
	}
	p->singly += p->books[1]->recalled > recalled && !p->books[1]->index_loaded;
	p->differ += results[0] != results[1] || p->books[0]->tip.seq != p->books[1]->tip.seq;
	if (object == OBJECT_LEAD && results[0] == APPEND_NEW && !p->leads[number])
		p->leads[number] = p->books[0]->tip.seq;
}

static int see(void *context, const struct state *state, struct err *err)
{
	struct buf *out = context;

	(void)err;
	buf_addf(out, "%llu %d %.*s %u%s:", (unsigned long long)state->subject, (int)state->record.object,
		 STR_ARG(state->record.key), state->versions, state->erased ? ", erased" : "");
	for (size_t i = 0; i < state->record.count; i++) {
		const struct value *value = &state->record.fields[i].value;

		if (value->kind == VALUE_SEALED)
			buf_addf(out, " for %llu", (unsigned long long)keys_sealed_person(value->as.text));
		else
			value_format(out, value);
	}
	buf_add_char(out, '\n');
	return 0;
}

static bool same_states(struct pair *p)
{
	const struct reading all = READING_ALL;
	struct buf out[2];
	bool same;

	for (int i = 0; i < 2; i++) {
		buf_init(&out[i], 1 << 20);
		MUST(book_states(p->books[i], OBJECT_NONE, &all, see, &out[i], err));
	}
	same = out[0].len > 0 && str_eq(buf_str(&out[0]), buf_str(&out[1]));
	buf_release(&out[0]);
	buf_release(&out[1]);
	return same;
}

/* An import of some rows, most often taken back: what it said is there and does not count. */
static void import_some(struct pair *p)
{
	uint64_t records;

	for (int i = 0; i < 2; i++) {
		p->context.import_seq = 0;
		p->imports[i] = (struct import){
			.path = STR("/x"), .map = STR("m"), .object = OBJECT_ACTIVITY, .observed_ms = p->ms
		};
		memcpy(p->imports[i].file_hash, &dice, sizeof(dice));
		MUST(book_import_begin(p->books[i], &p->imports[i], &p->context, err));
	}
	p->context.import_seq = p->imports[0].seq;
	for (unsigned i = roll(6); i > 0; i--)
		offer(p);
	for (int i = 0; i < 2; i++)
		MUST(book_import_finish(p->books[i], &p->imports[i], &p->context, err));
	p->context.import_seq = 0;
	for (int i = 0; i < 2 && dice % 4; i++)
		MUST(book_import_undo(p->books[i], p->imports[i].seq, &p->context, &records, err));
}

static void round_of(struct pair *p)
{
	bool anew = roll(2);

	if (anew) {
		book_close(p->books[1]);
		MUST(book_open(&p->books[1], p->paths[1], BOOK_WRITE, err));
	}
	for (int i = 0; i < 2; i++)
		MUST(book_begin(p->books[i], err));
	if (roll(12) == 0)
		import_some(p);
	for (unsigned i = 1 + roll(3); i > 0; i--)
		offer(p);
	for (int i = 0; i < 2; i++)
		MUST(book_commit(p->books[i], err));
}

static void two_books(uint64_t seed, unsigned *different, unsigned *singly)
{
	struct pair p = { .context = { .now_ms = 1000, .actor = "tester" }, .ms = 1000000 };
	struct verify_options options = { 0 };
	struct verify_result result;

	dice = seed;
	help_folder_empty();
	for (int i = 0; i < 2; i++) {
		snprintf(p.paths[i], sizeof(p.paths[i]), "%s%d", help_path, i);
		MUST(book_create(p.paths[i], &help_settings, 500, err));
		MUST(book_open(&p.books[i], p.paths[i], BOOK_WRITE, err));
	}
	for (int i = 0; i < ROUNDS; i++)
		round_of(&p);
	*different += p.differ > 0 || !same_states(&p);
	*singly += p.singly;
	for (int i = 0; i < 2; i++) {
		book_close(p.books[i]);
		MUST(book_verify(p.paths[i], &options, &result, err));
		*different += result.fault != VERIFY_SOUND;
	}
}

/* ---- what it costs ---- */

static void fill_many(struct book *book)
{
	MUST(book_begin(book, err));
	for (int i = 0; i < MANY; i++) {
		struct record_field fields[] = { text_field(FIELD_NAME, "Ann"), lead_field("L7") };
		char key[32];

		snprintf(key, sizeof(key), "L%d", i);
		help_append(book, OBJECT_LEAD, key, 1, fields, 1);
		snprintf(key, sizeof(key), "a%d", i);
		help_append(book, OBJECT_ACTIVITY, key, 1, &fields[1], 1);
	}
	MUST(book_commit(book, err));
}

/* Rows walked over to tell one activity of lead `number`, and what came of it. */
static enum append_result tell_one(const char *key, uint64_t number, bool *loaded)
{
	struct record_field fields[] = { lead_field("L0"), text_field(FIELD_NOTES, "called at home") };
	struct book *book = help_open(BOOK_WRITE);
	enum append_result result;

	MUST(book_begin(book, err));
	walked = 0;
	MUST(book_expect(book, number, err));
	result = help_append(book, OBJECT_ACTIVITY, key, 1, fields, 2);
	MUST(book_commit(book, err));
	*loaded = book->index_loaded;
	book_close(book);
	return result;
}

static void costs(void)
{
	struct book *book = help_fresh();
	uint64_t first = book_head(book).seq + 1;
	bool loaded;

	fill_many(book);
	book_close(book);
	is_int(tell_one("L0#1.call", first, &loaded), APPEND_NEW, "a call is told of a lead");
	ok(!loaded && walked < 100, "without reading what else there is: %lld rows", walked);
	is_int(tell_one("L0#1.call", first, &loaded), APPEND_UNCHANGED, "told again it is known");
	ok(!loaded && walked < 100, "and found: %lld rows", walked);
	ok(tell_one("a7", first, &loaded) != APPEND_NEW, "one that a file called by an id is known too");
	ok(loaded, "for which all are read");
	is_int(tell_one("L0#1.call", 0, &loaded), APPEND_UNCHANGED, "as they are for a lead whose number nobody knows");
	ok(loaded, "and whose key may be asked for");
	help_sound("a book that was told singly");
}

/* So many calls are told; asked for one by one, or found when all was read. */
static void many(uint64_t announced, int count, const char *name, uint64_t *asked, bool *loaded)
{
	struct record_field field = lead_field("L0");
	struct book *book = help_open(BOOK_WRITE);
	char key[32];

	MUST(book_begin(book, err));
	MUST(book_expect_many(book, announced, err));
	for (int i = 0; i < count; i++) {
		snprintf(key, sizeof(key), "L%d#%s", i, name);
		help_append(book, OBJECT_ACTIVITY, key, 1, &field, 1);
	}
	MUST(book_commit(book, err));
	*asked = book->recalled;
	*loaded = book->index_loaded;
	book_close(book);
}

static void many_or_few(void)
{
	struct book *book = help_fresh();
	uint64_t asked;
	bool loaded;

	fill_many(book);
	book_close(book);
	planned = 0;
	many(1000, 1000, "a", &asked, &loaded);
	ok(asked == 1000 && !loaded, "a thousand among %d are asked for one by one: %d", 2 * MANY, (int)asked);
	is_int(planned, 0, "by one statement that is planned once");
	many(MANY, 10, "b", &asked, &loaded);
	ok(asked == 0 && loaded, "for half as many as there are all is read first: %d asked for", (int)asked);
	many(0, MANY, "c", &asked, &loaded);
	ok(asked < MANY && loaded, "or when so many came without a word: %d asked for", (int)asked);
	help_sound("a book that was told many");
}

int main(void)
{
	unsigned different = 0, singly = 0;

	help_folder_make();
	if (sqlite3_auto_extension((void (*)(void))watch) != SQLITE_OK)
		bug_at(__FILE__, __LINE__, "nobody counts");
	for (uint64_t seed = 1; seed <= BOOKS; seed++)
		two_books(seed, &different, &singly);
	is_int(different, 0, "%d books that know all and %d that ask are told the same and hold the same", BOOKS,
	       BOOKS);
	ok(singly > BOOKS * 10, "%u records were asked for singly", singly);
	costs();
	many_or_few();
	help_folder_remove();
	return done();
}
