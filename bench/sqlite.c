/* SQLite, which has no parallel or columnar way: each question gets the covering index that serves it best. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

void bench_sqlite_run(sqlite3 *db, const char *sql)
{
	char *message = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
		bench_fail(sql, message ? message : "failed");
}

static sqlite3_stmt *prepared(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		bench_fail(sql, sqlite3_errmsg(db));
	return statement;
}

static void bind_time(sqlite3_stmt *statement, int place, uint32_t t)
{
	if (t)
		sqlite3_bind_int64(statement, place, t);
	else
		sqlite3_bind_null(statement, place);
}

static void step(sqlite3 *db, sqlite3_stmt *statement)
{
	if (sqlite3_step(statement) != SQLITE_DONE)
		bench_fail("insert", sqlite3_errmsg(db));
	sqlite3_reset(statement);
}

void bench_sqlite_lead(sqlite3 *db, sqlite3_stmt *statement, uint64_t number, const struct bench_lead *lead)
{
	const uint32_t times[] = { lead->created,      lead->qualified,      lead->handed_off,
				   lead->response_due, lead->first_response, lead->accepted,
				   lead->rejected,     lead->opportunity,    lead->won,
				   lead->lost };
	bool has_rep = lead->rep < BENCH_REPS;
	int place = 1;

	/* The next one after those that are there. */
	if (number == BENCH_NEXT)
		sqlite3_bind_null(statement, place++);
	else
		sqlite3_bind_int64(statement, place++, (sqlite3_int64)number);
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++)
		bind_time(statement, place++, times[i]);
	sqlite3_bind_text(statement, place++, bench_source(lead->source), -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, place++, bench_campaign(lead->campaign), -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, place++, has_rep ? bench_team(lead->rep) : NULL, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, place++, has_rep ? bench_rep(lead->rep) : NULL, -1, SQLITE_STATIC);
	sqlite3_bind_int(statement, place++, (int)lead->score);
	if (lead->amount_minor >= 0)
		sqlite3_bind_int64(statement, place, lead->amount_minor);
	else
		sqlite3_bind_null(statement, place);
	step(db, statement);
}

static void insert_touches(sqlite3 *db, sqlite3_stmt *statement, uint64_t number, const struct bench_lead *lead)
{
	for (unsigned i = 0; i < lead->touch_count; i++) {
		sqlite3_bind_int64(statement, 1, (sqlite3_int64)number);
		sqlite3_bind_int64(statement, 2, lead->touches[i].at);
		sqlite3_bind_text(statement, 3, bench_campaign(lead->touches[i].campaign), -1, SQLITE_STATIC);
		step(db, statement);
	}
}

#define JOURNEY                                                                                                        \
	"CREATE TABLE journey (lead_id INTEGER PRIMARY KEY, created INTEGER, qualified INTEGER, handed_off INTEGER,"   \
	" response_due INTEGER, first_response INTEGER, accepted INTEGER, rejected INTEGER, opportunity INTEGER,"      \
	" won INTEGER, lost INTEGER, source TEXT, campaign TEXT, team TEXT, rep TEXT, score INTEGER, amount INTEGER);"
#define INSERT_JOURNEY "INSERT INTO journey VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"

/* As the book does it: a write-ahead log, and fsync before a commit returns. */
sqlite3 *bench_sqlite_durable(const char *path, sqlite3_stmt **insert)
{
	sqlite3 *db;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		bench_fail(path, sqlite3_errmsg(db));
	bench_sqlite_run(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
	*insert = prepared(db, INSERT_JOURNEY);
	return db;
}

void bench_sqlite_end(sqlite3 *db, sqlite3_stmt *insert)
{
	sqlite3_finalize(insert);
	sqlite3_close(db);
}

void bench_sqlite_fill(const char *path, uint64_t leads)
{
	sqlite3 *db;
	sqlite3_stmt *statement;
	struct bench_rows rows;
	struct bench_lead lead;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		bench_fail(path, sqlite3_errmsg(db));
	bench_sqlite_run(db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;" JOURNEY);
	statement = prepared(db, INSERT_JOURNEY);
	bench_rows_init(&rows, leads);
	for (uint64_t i = 0; i < leads; i++) {
		bench_rows_lead(&rows, i, &lead);
		bench_sqlite_lead(db, statement, i, &lead);
	}
	sqlite3_finalize(statement);
	bench_sqlite_run(db, "COMMIT");
	sqlite3_close(db);
}

void bench_sqlite_make(const char *path, uint64_t leads)
{
	sqlite3 *db;
	sqlite3_stmt *lead_statement, *touch_statement;
	struct bench_rows rows;
	struct bench_lead lead;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		bench_fail(path, sqlite3_errmsg(db));
	bench_sqlite_run(
		db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; BEGIN;" JOURNEY
		    "CREATE TABLE touch (lead_id INTEGER, ts INTEGER, campaign TEXT)");
	lead_statement = prepared(db, INSERT_JOURNEY);
	touch_statement = prepared(db, "INSERT INTO touch VALUES (?,?,?)");
	bench_rows_init(&rows, leads);
	for (uint64_t i = 0; i < leads; i++) {
		bench_rows_lead(&rows, i, &lead);
		bench_sqlite_lead(db, lead_statement, i, &lead);
		insert_touches(db, touch_statement, i, &lead);
	}
	sqlite3_finalize(lead_statement);
	sqlite3_finalize(touch_statement);
	bench_sqlite_run(
		db,
		"CREATE INDEX by_quarter ON journey (created, source, qualified, handed_off, first_response, accepted, rejected,"
		" opportunity, won, lost, amount);"
		"CREATE INDEX by_hand_over ON journey (handed_off, rep, first_response, response_due);"
		"CREATE INDEX by_rep ON journey (team, rep, accepted, opportunity, won) WHERE accepted IS NOT NULL;"
		"CREATE INDEX by_score ON journey (score, opportunity);"
		"CREATE INDEX by_won ON journey (lead_id, opportunity, amount, won) WHERE won IS NOT NULL;"
		"CREATE INDEX by_lead ON touch (lead_id, ts, campaign);"
		"COMMIT; ANALYZE");
	sqlite3_close(db);
}

sqlite3 *bench_sqlite_open(const char *path)
{
	sqlite3 *db;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		bench_fail(path, sqlite3_errmsg(db));
	bench_sqlite_run(db,
			 "PRAGMA mmap_size = 17179869184; PRAGMA cache_size = -2000000; PRAGMA temp_store = MEMORY");
	return db;
}

double bench_sqlite_ask(sqlite3 *db, const char *sql, FILE *out)
{
	double start = bench_now_s(), seconds;
	sqlite3_stmt *statement = prepared(db, sql);
	int columns = sqlite3_column_count(statement), rc;

	while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
		for (int i = 0; i < columns; i++) {
			const unsigned char *text = sqlite3_column_text(statement, i);

			if (sqlite3_column_type(statement, i) == SQLITE_FLOAT)
				fprintf(out, "%s%.17g", i ? "\t" : "", sqlite3_column_double(statement, i));
			else
				fprintf(out, "%s%s", i ? "\t" : "", text ? (const char *)text : "");
		}
		fputc('\n', out);
	}
	if (rc != SQLITE_DONE)
		bench_fail(sql, sqlite3_errmsg(db));
	seconds = bench_now_s() - start;
	sqlite3_finalize(statement);
	return seconds;
}
