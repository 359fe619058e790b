/* What a deal or an order is called is looked up by an index, and so is what was agreed: that costs the same however much the book holds.
 * Without the indexes all is the same, only slower. Counted by SQLite itself, not timed. */
#include <sqlite3.h>
#include "base/buf.h"
#include "base/date.h"
#include "book/statements.h"
#include "book_help.h"
#include "facts/live.h"

#define DEALS 20
#define LEADS 300
#define PAPERS 3

static long long walked; /* rows that a statement looked at because it had no index */

static int statement_ends(unsigned type, void *context, void *statement, void *ns)
{
	(void)type;
	(void)context;
	(void)ns;
	walked += sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
	return 0;
}

/* SQLite calls this for every connection that anybody opens. */
static int watch(sqlite3 *db)
{
	return sqlite3_trace_v2(db, SQLITE_TRACE_PROFILE, statement_ends, NULL);
}

static void fill(struct book *book)
{
	char key[32], name[32];

	MUST(book_begin(book, err));
	for (int i = 0; i < LEADS; i++) {
		struct record_field region = text_field(FIELD_REGION, "north");

		snprintf(key, sizeof(key), "L%d", i);
		help_append(book, OBJECT_LEAD, key, 1, &region, 1);
	}
	for (int i = 0; i < 2 * DEALS; i++) {
		struct record_field fields;

		snprintf(key, sizeof(key), "K%d", i % DEALS);
		snprintf(name, sizeof(name), "%s %d", i < DEALS ? "Deal" : "Order", i % DEALS);
		fields = text_field(FIELD_NAME, name);
		help_append(book, i < DEALS ? OBJECT_OPPORTUNITY : OBJECT_ORDER, key, 1, &fields, 1);
	}
	/* One that is renamed: its state is stored. */
	struct record_field renamed = text_field(FIELD_NAME, "Deal renamed");
	help_append(book, OBJECT_OPPORTUNITY, "K0", 2, &renamed, 1);
	for (int i = 0; i < PAPERS; i++) {
		struct record_field title = text_field(FIELD_NAME, "Sales and marketing");
		struct record_field party = text_field(FIELD_PARTY, "sales");

		snprintf(key, sizeof(key), "%d", i + 1);
		help_append(book, OBJECT_AGREEMENT, key, 1, &title, 1);
		help_append(book, OBJECT_SIGNATURE, key, 1, &party, 1);
	}
	struct record_field retitled = text_field(FIELD_NAME, "Marketing and sales");
	help_append(book, OBJECT_AGREEMENT, "2", 2, &retitled, 1);
	MUST(book_commit(book, err));
}

static int each_paper(void *context, const struct state *state, struct err *err)
{
	struct buf *told = context;
	const struct value *name = record_get(&state->record, FIELD_NAME);

	(void)err;
	buf_addf(told, "%.*s %.*s; ", STR_ARG(state->record.key), STR_ARG(name->as.text));
	return 0;
}

static void papers(const char *why)
{
	const struct reading all = READING_ALL;
	struct book *book = help_open(BOOK_READ);
	struct buf told;

	buf_init(&told, 1000);
	walked = 0;
	MUST(book_states(book, OBJECT_AGREEMENT, &all, each_paper, &told, err));
	is_str(told.at, "1 Sales and marketing; 2 Marketing and sales; 3 Sales and marketing; ", "%s", why);
	buf_release(&told);
	book_close(book);
}

/* How many of the names are right; `walked` is what they cost. */
static int name_all(void)
{
	const struct facts_options options = { .known_at_ms = INT64_MAX, .today = DATE_NONE, .from_book = true };
	struct book *book = help_open(BOOK_READ);
	struct facts *facts;
	struct arena arena;
	char expected[32];
	int right = 0;

	MUST(facts_load(&facts, book, &options, err));
	arena_init(&arena);
	walked = 0;
	for (int i = 0; i < 2 * DEALS; i++) {
		enum fact fact = i < DEALS ? FACT_OPPORTUNITIES : FACT_ORDERS;

		snprintf(expected, sizeof(expected), "%s %d", i < DEALS ? "Deal" : "Order", i % DEALS);
		right += str_is(facts_label(facts, fact, (uint32_t)(i % DEALS), &arena),
				i == 0 ? "Deal renamed" : expected);
	}
	arena_release(&arena);
	facts_free(facts);
	book_close(book);
	return right;
}

static int see_operation(void *context, int count, char **columns, char **names)
{
	(void)names;
	*(bool *)context |= count > 1 && strstr(columns[1], "Ephemeral");
	return 0;
}

/* Whether a statement makes a table of its own each time it runs, as a list after IN does: half of what an insert costs. */
static bool makes_tables(enum statement statement)
{
	bool so = false;
	sqlite3 *db;
	char *sql = sqlite3_mprintf("EXPLAIN %s", statement_sql[statement]);

	if (sqlite3_open(help_path, &db) != SQLITE_OK || sqlite3_exec(db, sql, see_operation, &so, NULL) != SQLITE_OK)
		bug_at(__FILE__, __LINE__, "not explained: %s", sqlite3_errmsg(db));
	sqlite3_free(sql);
	sqlite3_close(db);
	return so;
}

static void change_file(const char *sql)
{
	sqlite3 *db;

	if (sqlite3_open(help_path, &db) != SQLITE_OK || sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		bug_at(__FILE__, __LINE__, "%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* A lead that something is done with is read again by its number, which the facts keep: leads are in no index. */
static void step_of_a_lead(void)
{
	const struct facts_options options = { .known_at_ms = INT64_MAX, .today = DATE_NONE, .from_book = true };
	struct record_field step[] = { text_field(FIELD_KIND, "accepted"),
				       { .code = FIELD_LEAD,
					 .value = { .kind = VALUE_REF, .as.ref = { STR("L7"), REF_BY_KEY } } } };
	const struct facts *facts;
	struct live *live;
	struct book *book = help_open(BOOK_WRITE);

	MUST(live_open(&live, help_path, &options, err));
	MUST(book_begin(book, err));
	help_append(book, OBJECT_LEAD_STEP, "L7#1", 1, step, 2);
	MUST(book_commit(book, err));
	walked = 0;
	MUST(live_begin(live, DATE_NONE, &facts, err));
	is_int(facts_rows(facts, FACT_LEAD_STEPS), 1, "a step of a lead is followed");
	live_end(live);
	is_int((long long)live_counts(live).loads, 0, "without loading all anew");
	ok(walked < LEADS / 10, "nor walking over the book to find the lead: %lld rows", walked);
	live_close(live);
	book_close(book);
}

int main(void)
{
	struct book *book;

	help_folder_make();
	if (sqlite3_auto_extension((void (*)(void))watch) != SQLITE_OK)
		bug_at(__FILE__, __LINE__, "nobody counts");
	book = help_fresh();
	fill(book);
	book_close(book);
	is_int(name_all(), 2 * DEALS, "every deal and every order has its name");
	is_int(walked, 0, "and none walked over the book for it");
	papers("what was agreed is told in its order");
	ok(walked < 2 * PAPERS, "by an index: %lld rows", walked);

	ok(!makes_tables(STATEMENT_ENTRY_ADD), "adding an entry makes no table in memory");
	ok(!makes_tables(STATEMENT_STATE_ADD) && !makes_tables(STATEMENT_STATE_SET), "nor does changing a state");

	step_of_a_lead();

	change_file("DROP INDEX entry_called; DROP INDEX entry_paper");
	is_int(name_all(), 2 * DEALS, "without the indexes they have the same names");
	ok(walked >= 2 * DEALS * LEADS, "walking over the whole book for each: %lld rows", walked);
	papers("what was agreed too");
	ok(walked >= LEADS, "walking over the whole book: %lld rows", walked);
	change_file("CREATE INDEX entry_listed ON entry (book_id, object, source, key) "
		    "WHERE kind = 2 AND subject = rowid AND object IN (3, 4, 9)");
	ok(makes_tables(STATEMENT_ENTRY_ADD), "an index over a list makes one for every entry");
	help_folder_remove();
	return done();
}
