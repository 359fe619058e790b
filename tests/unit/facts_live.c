/* Facts that follow a book are, after every commit, the facts that a fresh load gives: whatever was written, in whatever order, undone
 * or erased; and while others write, what must agree across facts always does. */
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include "base/date.h"
#include "book/writer.h"
#include "desk/columns.h"
#include "facts/live.h"
#include "facts/measure.h"
#include "facts/packed.h"
#include "records_help.h"

/* One thread needs no watching for races. */
#ifdef __SANITIZE_THREAD__
enum { BOOKS = 2, STEPS = 12, ROUNDS = 15 };
#elif defined(__SANITIZE_ADDRESS__)
enum { BOOKS = 6, STEPS = 30, ROUNDS = 30 };
#else
enum { BOOKS = 8, STEPS = 30, ROUNDS = 40 };
#endif

/* BOOKS=2 makes it short, for valgrind, which is slow. */
static unsigned books = BOOKS, rounds = ROUNDS;

static unsigned gone_on;
static struct arena arena;

/* ---- steps ---- */

static int64_t moment(void)
{
	return (int64_t)(19000 + roll(300)) * 86400000;
}

static void step_rows(struct book *book, bool rare)
{
	MUST(book_begin(book, err));
	for (unsigned i = 1 + roll(4); i > 0; i--)
		offer(book, random_object(rare), moment());
	MUST(book_commit(book, err));
}

/* A file read again confirms its rows, at a later time. */
static void step_import(struct book *book)
{
	struct import import = { .path = STR("/x"), .map = STR("m"), .object = OBJECT_LEAD, .observed_ms = moment() };
	unsigned file = roll(4), rows = 1 + roll(5);
	uint64_t was;

	memset(import.file_hash, (int)roll(200), HASH_BYTES);
	MUST(book_begin(book, err));
	MUST(book_import_begin(book, &import, &help_context, err));
	was = dice;
	dice = file * 7919u + 1;
	for (unsigned i = 0; i < rows; i++)
		offer(book, random_object(false), import.observed_ms);
	dice = was;
	if (roll(4))
		MUST(book_import_finish(book, &import, &help_context, err));
	else
		book_import_drop(book);
	MUST(book_commit(book, err));
}

static void step_undo(struct book *book)
{
	struct import *imports;
	struct arena own;
	uint64_t records;
	size_t count;

	arena_init(&own);
	MUST(book_imports(book, &imports, &count, &own, err));
	if (count && imports[count - 1].state != IMPORT_UNDONE) {
		MUST(book_begin(book, err));
		MUST(book_import_undo(book, imports[count - 1].seq, &help_context, &records, err));
		MUST(book_commit(book, err));
	}
	arena_release(&own);
}

static void step_erase(struct book *book)
{
	struct erase_match *matches;
	struct erase_report report;
	struct arena own;
	size_t count;

	arena_init(&own);
	MUST(book_find_person(book, str_of(mails[1 + roll(3)]), &matches, &count, &own, err));
	if (count)
		MUST(book_erase(book, matches, count, &help_context, &report, &own, err));
	arena_release(&own);
}

static void step(struct book *book)
{
	unsigned which = roll(kind == ANYTHING ? 20 : 12);

	if (which == 19)
		step_erase(book);
	else if (which == 18)
		step_undo(book);
	else if (which > 15)
		step_import(book);
	else
		step_rows(book, kind == ANYTHING);
}

/* ---- the same as loaded afresh ---- */

static struct facts_options options = { .known_at_ms = INT64_MAX, .today = 19500, .from_book = true };

static const char *const asked[][4] = {
	{ "count()", "leads", "source, owner", NULL },
	{ "count(won)", "leads", "month(created)", "created >= 2022-02-01 and created < 2022-05-01" },
	{ "sum(amount where currency = \"EUR\")", "opportunities", "stage", NULL },
	{ "count()", "stage_visits", "stage, outcome", "entered < 2022-06-01" },
	{ "sum(shared(lead.score, lead))", "touches", "campaign", NULL },
	{ "count(first_response)", "leads", NULL, "handed_off" },
	{ "count(lead.won)", "activities", "direction", NULL },
};

/* Stages that nobody declared stand in the order in which they were met. */
static bool has_row(const struct answer *answer, const struct answer_row *row)
{
	for (size_t r = 0; r < answer->row_count; r++) {
		const struct answer_row *other = &answer->rows[r];

		if (row->n == other->n && row->minor == other->minor &&
		    str_eq(row->by ? row->by[0] : STR_NONE, other->by ? other->by[0] : STR_NONE))
			return true;
	}
	return false;
}

static bool same_answers(const struct facts *a, const struct facts *b)
{
	bool same = true;

	arena_reset(&arena);
	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked) && same; i++) {
		struct question question = { .measure = asked[i][0],
					     .of = asked[i][1],
					     .by = asked[i][2],
					     .where = asked[i][3],
					     .as_of = DATE_NONE,
					     .scope = SCOPE_EVERYTHING };
		struct answer one, other;

		MUST(measure_ask(a, &question, &arena, &one, err));
		MUST(measure_ask(b, &question, &arena, &other, err));
		same = one.row_count == other.row_count;
		for (size_t r = 0; same && r < one.row_count; r++)
			same = has_row(&other, &one.rows[r]);
		if (!same)
			printf("# %s by %s differs\n", asked[i][0], asked[i][2] ? asked[i][2] : "nothing");
	}
	return same;
}

static bool same_links(const struct facts *a, const struct facts *b)
{
	const struct column_def **columns;

	for (enum fact f = 0; f < FACT__COUNT; f++) {
		for (size_t i = 0; i < facts_columns(a, f, &columns); i++) {
			struct str name = str_of(columns[i]->name);

			if (facts_unresolved(a, f, name) != facts_unresolved(b, f, name)) {
				printf("# links of %s.%s: %llu, not %llu\n", fact_name(f), columns[i]->name,
				       (unsigned long long)facts_unresolved(a, f, name),
				       (unsigned long long)facts_unresolved(b, f, name));
				return false;
			}
		}
	}
	return true;
}

static bool same_value(const struct column *a, const struct column *b, uint32_t row)
{
	if (column_empty(a, row) || column_empty(b, row))
		return column_empty(a, row) == column_empty(b, row);
	switch (a->def.type) {
	case COLUMN_NAME: return str_eq(a->dict->names[column_code(a, row)], b->dict->names[column_code(b, row)]);
	case COLUMN_NUMBER: return column_number(a, row) == column_number(b, row);
	case COLUMN_MONEY: return column_money(a, row) == column_money(b, row);
	case COLUMN_REF: return column_ref(a, row) == column_ref(b, row);
	default: return column_code(a, row) == column_code(b, row);
	}
}

/* Where the digest differs. */
static void say_difference(const struct facts *a, const struct facts *b)
{
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		uint32_t rows = facts_rows(a, f);

		if (rows != facts_rows(b, f))
			printf("# %s: not as many rows\n", fact_name(f));
		for (size_t i = 1; i < a->tables[f].column_count && rows == facts_rows(b, f); i++) {
			const struct column *one = a->tables[f].columns[i];
			const struct column *other = facts_column(b, f, str_of(one->def.name));

			if (!other) {
				printf("# no %s.%s\n", fact_name(f), one->def.name);
				continue;
			}
			for (uint32_t row = 0; row < rows; row++) {
				if (!same_value(one, other, row))
					printf("# %s.%s of row %u of %u\n", fact_name(f), one->def.name, row, rows);
			}
			if (one->version_count != other->version_count)
				printf("# %s.%s: versions\n", fact_name(f), one->def.name);
		}
	}
}

static bool same_facts(const struct facts *facts, const struct facts *fresh)
{
	unsigned char here[HASH_BYTES], there[HASH_BYTES];

	facts_digest(facts, here);
	facts_digest(fresh, there);
	if (memcmp(here, there, HASH_BYTES) != 0)
		say_difference(facts, fresh);
	if (facts_first_day(facts) != facts_first_day(fresh) || facts_last_day(facts) != facts_last_day(fresh) ||
	    facts_as_of(facts) != facts_as_of(fresh))
		printf("# the days differ\n");
	return !memcmp(here, there, HASH_BYTES) && facts_head(facts).seq == facts_head(fresh).seq &&
	       facts_first_day(facts) == facts_first_day(fresh) && facts_last_day(facts) == facts_last_day(fresh) &&
	       facts_as_of(facts) == facts_as_of(fresh) && same_links(facts, fresh) && same_answers(facts, fresh);
}

static struct facts *fresh_facts(void)
{
	struct book *book = help_open(BOOK_READ);
	struct facts *facts;

	MUST(facts_load(&facts, book, &options, err));
	facts->book = NULL;
	book_close(book);
	return facts;
}

/* What the columns beside the book hold, with what was said since. */
static bool snapshot_goes_on(const struct facts *fresh)
{
	struct facts_options all = options;
	struct book *book = help_open(BOOK_READ);
	struct facts *facts;
	bool same;

	all.from_book = false;
	MUST(facts_load(&facts, book, &all, err));
	same = same_facts(facts, fresh);
	gone_on += facts->map != NULL;
	facts_free(facts);
	book_close(book);
	if (!same)
		printf("# the snapshot with what was said since differs\n");
	return same;
}

static bool follows(struct live *live)
{
	struct facts *fresh = fresh_facts();
	const struct facts *facts;
	bool same;

	MUST(live_begin(live, options.today, &facts, err));
	same = same_facts(facts, fresh);
	live_end(live);
	same = snapshot_goes_on(fresh) && same;
	facts_free(fresh);
	return same;
}

static void random_books(enum kind which, const char *what)
{
	unsigned wrong = 0, first = 0;
	uint64_t records = 0, loads = 0;

	kind = which;
	for (unsigned n = 1; n <= books; n++) {
		struct book *book = help_fresh();
		struct live *live;
		bool good = true;

		dice = n * 7919u + which;
		for (int i = 0; i < 5; i++)
			step_rows(book, true);
		MUST(live_open(&live, help_path, &options, err));
		for (int i = 0; i < STEPS && good; i++) {
			options.today = 19150 + i * 5; /* days pass */
			step(book);
			if (i % 4 == 0)
				MUST(columns_refresh(book, &options, err));
			good = follows(live);
			if (!good)
				printf("# book %u, step %d\n", n, i);
		}
		wrong += !good;
		first = !good && !first ? n : first;
		records += live_counts(live).records;
		loads += live_counts(live).loads;
		live_close(live);
		book_close(book);
	}
	printf("# %llu records taken up one by one, %llu loads\n", (unsigned long long)records,
	       (unsigned long long)loads);
	ok(!wrong, "%s: after every commit the facts are those of a fresh load (%u books wrong, first %u)", what, wrong,
	   first);
	if (which <= KEYED)
		ok(records > loads && gone_on > STEPS / 2,
		   "and most of it is taken up one by one, from a snapshot too (%u)", gone_on);
}

/* More rows than a commit mostly has. */
static void many_at_once(void)
{
	enum { TOUCHES = 90 };
	struct book *book = help_fresh();
	struct live *live;

	kind = PLAIN;
	step_rows(book, false);
	MUST(live_open(&live, help_path, &options, err));
	MUST(book_begin(book, err));
	for (int i = 0; i < TOUCHES; i++)
		offer(book, OBJECT_TOUCH, moment());
	MUST(book_commit(book, err));
	ok(follows(live), "%d touches at once: the facts are those of a fresh load", TOUCHES);
	is_int((long long)live_counts(live).records, TOUCHES, "each taken up by itself");
	live_close(live);
	book_close(book);
}

static void say(struct book *book, enum object object, const char *key, struct record_field *fields, size_t count)
{
	MUST(book_begin(book, err));
	help_append(book, object, key, moment(), fields, count);
	MUST(book_commit(book, err));
}

/* Ann's name is Ben, and somebody else's id is Ben: what a deal lends is looked up once. */
static void named_like_another(void)
{
	struct record_field ben[] = { text_field(FIELD_NAME, "Ben") }, cleo[] = { text_field(FIELD_NAME, "Cleo") };
	struct record_field ann[] = { text_field(FIELD_OWNER, "Ann") };
	struct record_field of = { .code = FIELD_OPPORTUNITY_REF,
				   .value = { .kind = VALUE_REF, .as.ref.key = STR("o1") } };
	struct record_field order[] = { of, text_field(FIELD_PRODUCT, "a") };
	struct book *book = help_fresh();
	struct live *live;

	say(book, OBJECT_PERSON, "Ann", ben, 1);
	say(book, OBJECT_PERSON, "Ben", cleo, 1);
	say(book, OBJECT_OPPORTUNITY, "o1", ann, 1);
	MUST(live_open(&live, help_path, &options, err));
	say(book, OBJECT_ORDER, "r1", order, 2);
	ok(follows(live), "an order is the colleague's whose deal it is of");
	is_int((long long)live_counts(live).loads, 0, "and taken up by itself");
	live_close(live);
	book_close(book);
}

static void change_file(const char *sql)
{
	sqlite3 *db;

	if (sqlite3_open(help_path, &db) != SQLITE_OK || sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		bug_at(__FILE__, __LINE__, "%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static size_t unfinished(struct live *live)
{
	const struct import *imports;
	const struct facts *facts;

	MUST(live_begin(live, options.today, &facts, err));
	size_t count = facts_unfinished_imports(facts, &imports);
	live_end(live);
	return count;
}

/* What cannot be read is read when somebody asks again, and nothing of that commit is taken for read before: the list of finished imports
 * names an entry of another kind meanwhile. */
static void asked_again(void)
{
	struct import import = { .path = STR("/x"), .map = STR("m"), .object = OBJECT_LEAD, .observed_ms = 1 };
	struct book *book = help_fresh();
	const struct facts *facts;
	struct err why = ERR_INIT;
	struct live *live;

	MUST(book_begin(book, err));
	MUST(book_import_begin(book, &import, &help_context, err));
	book_import_drop(book);
	MUST(book_commit(book, err));
	MUST(live_open(&live, help_path, &options, err));
	is_int((long long)unfinished(live), 1, "an import was begun");
	MUST(book_begin(book, err));
	MUST(book_import_begin(book, &import, &help_context, err));
	MUST(book_import_finish(book, &import, &help_context, err));
	MUST(book_commit(book, err));
	book_close(book);
	change_file("UPDATE note SET seq = -seq WHERE kind = 4; INSERT INTO note VALUES (1, 4, 1)");
	ok(live_begin(live, options.today, &facts, &why) != 0, "its end cannot be read: %s", why.text);
	change_file("DELETE FROM note WHERE kind = 4 AND seq = 1; UPDATE note SET seq = -seq WHERE kind = 4");
	is_int((long long)unfinished(live), 0, "asked again, it is finished");
	live_close(live);
}

/* ---- while others write ---- */

enum { CALLERS = 4, LEADS = 200 };

struct writing {
	pthread_t id;
	struct writer *writer;
	unsigned number;
	uint64_t dice;
	atomic_bool *stop;
};

/* A lead, and its deal with the same amount: both or none. */
static void write_pair(struct writing *w, unsigned number)
{
	struct draft d[2] = { { .count = 0 }, { .count = 0 } };
	struct value amount = { .kind = VALUE_MONEY }, won = { .kind = VALUE_TIME, .as.time_ms = 1650000000000 };
	struct value lead = { .kind = VALUE_REF };
	struct record records[2];
	enum append_result results[2];
	char key[2][16];

	w->dice = w->dice * 6364136223846793005u + 1442695040888963407u;
	amount.as.money.minor = (int64_t)(w->dice >> 40);
	memcpy(amount.as.money.currency, "EUR", 4);
	for (int i = 0; i < 2; i++) {
		snprintf(key[i], sizeof(key[i]), "%c%u", i ? 'o' : 'l', number);
		add(&d[i], FIELD_CREATED, won);
		add(&d[i], FIELD_AMOUNT, amount);
		add(&d[i], FIELD_WON, won);
	}
	lead.as.ref.key = str_of(key[0]);
	add(&d[1], FIELD_LEAD, lead);
	for (int i = 0; i < 2; i++)
		records[i] = (struct record){ .object = i ? OBJECT_OPPORTUNITY : OBJECT_LEAD,
					      .source = STR("crm"),
					      .key = str_of(key[i]),
					      .observed_ms = (int64_t)(w->dice >> 24),
					      .fields = d[i].fields,
					      .count = d[i].count };
	MUST(writer_append(w->writer, records, 2, &help_context, results, err));
}

static void *write_on(void *context)
{
	struct writing *w = context;

	for (unsigned i = 0; !atomic_load(w->stop); i++)
		write_pair(w, (w->number + CALLERS * i * 7) % LEADS);
	return NULL;
}

static int64_t ask(const struct facts *facts, const char *of, const char *measure)
{
	struct question question = {
		.measure = measure, .of = of, .as_of = DATE_NONE, .scope = SCOPE_EVERYTHING, .threads = 2
	};
	struct answer answer;
	struct arena own;
	int64_t value;

	arena_init(&own);
	MUST(measure_ask(facts, &question, &own, &answer, err));
	value = answer.type == ANSWER_MONEY ? answer.rows[0].minor : (int64_t)answer.rows[0].value;
	arena_release(&own);
	return value;
}

struct asking {
	pthread_t id;
	struct live *live;
	unsigned wrong, times;
};

static void *ask_on(void *context)
{
	struct asking *a = context;
	const struct facts *facts;

	for (; a->times < rounds; a->times++) {
		MUST(live_begin(a->live, options.today, &facts, err));
		a->wrong += ask(facts, "leads", "count()") != ask(facts, "opportunities", "count()");
		a->wrong += ask(facts, "leads", "count(opportunity)") != ask(facts, "opportunities", "distinct(lead)");
		a->wrong += ask(facts, "leads", "sum(amount)") != ask(facts, "opportunities", "sum(amount)");
		live_end(a->live);
	}
	return NULL;
}

static void while_written(void)
{
	struct writing writing[CALLERS];
	struct asking asking[2];
	struct book *book = help_fresh();
	struct writer *writer;
	struct live *live;
	atomic_bool stop = false;
	struct writing first = { .dice = 5 };

	MUST(writer_open(&writer, book, err));
	first.writer = writer;
	for (unsigned i = 0; i < LEADS; i++)
		write_pair(&first, i);
	MUST(live_open(&live, help_path, &options, err));
	for (unsigned i = 0; i < CALLERS; i++) {
		writing[i] = (struct writing){ .writer = writer, .number = i, .dice = i, .stop = &stop };
		pthread_create(&writing[i].id, NULL, write_on, &writing[i]);
	}
	for (int i = 0; i < 2; i++) {
		asking[i] = (struct asking){ .live = live };
		pthread_create(&asking[i].id, NULL, ask_on, &asking[i]);
	}
	for (int i = 0; i < 2; i++) {
		pthread_join(asking[i].id, NULL);
		is_int(asking[i].wrong, 0, "totals of leads and of deals agree, %u times asked while %d write",
		       asking[i].times, CALLERS);
	}
	atomic_store(&stop, true);
	for (unsigned i = 0; i < CALLERS; i++)
		pthread_join(writing[i].id, NULL);
	printf("# %llu records written meanwhile, %llu taken up one by one\n",
	       (unsigned long long)writer_counts(writer).records, (unsigned long long)live_counts(live).records);
	writer_close(writer);
	ok(follows(live), "and in the end the facts are those of a fresh load");
	live_close(live);
	book_close(book);
}

int main(void)
{
	const char *short_of = getenv("BOOKS");

	if (short_of) {
		books = (unsigned)strtoul(short_of, NULL, 10);
		rounds = 5 * books;
	}
	/* What a disk does is tried elsewhere; here are thousands of commits. */
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 0);
	help_folder_make();
	arena_init(&arena);
	random_books(PLAIN, "leads and what happens to them");
	random_books(KEYED, "what changes every day");
	random_books(DAILY, "and by addresses and names");
	random_books(ANYTHING, "whatever is written");
	many_at_once();
	named_like_another();
	asked_again();
	while_written();
	arena_release(&arena);
	help_folder_remove();
	return done();
}
