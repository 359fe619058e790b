/* The measuring driver's parts. It is no part of the product; it links with it and may look behind its headers.
 *
 * One command a line on standard input, one answer on standard output: lines of fields with tabs, the last one "done …" or "error …".
 * Times are those between command and answer inside this process.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "facts/measure.h"
#include "rows.h"

/* Seconds of a clock that only goes forward. */
double bench_now_s(void);
_Noreturn void bench_fail(const char *what, const char *why);

/* ---- ask.c: the five questions to Lockstep ---- */
enum { BENCH_QUESTIONS = 5, BENCH_FIGURES = 10 };

struct bench_question {
	const char *name, *of, *by, *where;
	int32_t from, to;                       /* as in struct question */
	const char *figures[BENCH_FIGURES + 1]; /* measures; all of one question are asked together */
	const char *columns[BENCH_FIGURES + 4]; /* that have to be read, for bytes a second */
	bool created_bounds;                    /* only chunks of the quarter have to be read */
};
extern const struct bench_question bench_questions[BENCH_QUESTIONS];

struct facts *bench_facts(uint64_t leads);
/* Every figure of question `number` (from 0), in the arena. Returns seconds. */
double bench_ask(const struct facts *facts, unsigned number, struct arena *arena, struct answer *answers);
/* Bytes that its columns take as they stand in memory, of the chunks that the question cannot leave out. */
uint64_t bench_bytes(const struct facts *facts, unsigned number);

/* ---- memory.c ---- */
extern volatile uint64_t bench_sink;
/* How many threads a question runs on. */
unsigned bench_threads(void);
/* Pushes everything else out of the caches of all cores. */
void bench_evict(void);
/* Bytes a second when `bytes` are read from memory by that many threads, best of `runs`. They stay for the next time. */
double bench_bandwidth(uint64_t bytes, unsigned threads, unsigned runs);
uint64_t bench_resident_bytes(void);

/* ---- sqlite.c ---- */
/* A table of leads alone, as bench_writes wants it. */
void bench_sqlite_fill(const char *path, uint64_t leads);
/* The same rows as two tables with the indexes that the questions want. */
void bench_sqlite_make(const char *path, uint64_t leads);
struct sqlite3;
struct sqlite3_stmt;
void bench_sqlite_run(struct sqlite3 *db, const char *sql);
struct sqlite3 *bench_sqlite_durable(const char *path, struct sqlite3_stmt **insert);
#define BENCH_NEXT UINT64_MAX /* a lead's number: the next free one */
void bench_sqlite_lead(struct sqlite3 *db, struct sqlite3_stmt *insert, uint64_t number, const struct bench_lead *lead);
void bench_sqlite_end(struct sqlite3 *db, struct sqlite3_stmt *insert);
struct sqlite3 *bench_sqlite_open(const char *path);
/* Runs one SELECT and writes its rows; returns seconds. */
double bench_sqlite_ask(struct sqlite3 *db, const char *sql, FILE *out);

/* ---- leads_csv.c · start.c · writes.c ---- */
/* Twenty columns, with a header in Lockstep's own names. */
void bench_leads_csv(const char *path, uint64_t leads);
/* Opens the book (or columns that have none) and loads its facts, from the columns snapshot unless `from_book`; writes for each fact its rows and the bytes of values,
 * names, history and keys, then seconds and memory. */
void bench_start(const char *path, bool from_book);
/* Durable single rows a second by that many callers into bare SQLite: the file of bench_sqlite_fill. */
double bench_writes(const char *path, unsigned callers, double seconds);
/* ---- book_writes.c: the same into a book that is there ---- */
double bench_book_writes(const char *path, unsigned callers, double seconds, bool personal);
/* ---- together.c: changes of old leads, alone and while the questions are asked ---- */
/* Writes "done" with updates a second alone and together, rounds of questions, the median milliseconds of a round and of catching up before it,
 * records taken up, whole loads, and how often totals did not agree. */
void bench_together(const char *path, unsigned callers, double seconds, double updates_a_second);

/* ---- load.c: a server on this machine, over kept connections ---- */
/* New leads, or where a file of paths is given these in turn; writes answers a second, how many were good and how many refused, and the 50th,
 * 95th, 99th percentile and the greatest of their milliseconds. */
void bench_load(unsigned port, const char *token, unsigned clients, double seconds, const char *paths);
/* Event streams, or clients that send slowly in four ways; writes "done" when they are there. Until standard input ends. */
void bench_streams(unsigned port, const char *token, unsigned count);
void bench_slow(unsigned port, const char *token, unsigned count);

/* ---- promises.c ---- */
/* Writes seconds for so many due dates of the agreement in working hours and in working days. */
void bench_dues(const char *agreement, uint64_t count);
/* Leads with a promise each. */
void bench_promised_csv(const char *path, uint64_t leads);
/* Signs the agreement in a book of those; writes seconds to look at all leads, how many promises run, seconds to see which is due next, for
 * a tick in which none is, and for one that breaks a tenth of them, durably, and how many those were. */
void bench_clock(const char *path, const char *agreement);

#endif
