/* driver csv LEADS FOLDER       writes journey.csv and touch.csv
 * driver sqlite-make LEADS FILE  writes the same as an SQLite database
 * driver names                  the names in it: source, campaign, team, rep, each with all there are
 * driver leads-csv LEADS FILE    writes a lead file as a CRM would
 * driver start BOOK [book]       opens a book and loads its facts, from its entries alone where asked
 * driver sqlite-fill LEADS FILE  writes an SQLite database of leads alone
 * driver writes FILE CALLERS SECONDS  adds durable single rows to that
 * driver book-writes BOOK CALLERS SECONDS [person]  the same into a book, with an address of each person where asked
 * driver together BOOK CALLERS SECONDS UPDATES  changes old leads, then once more while questions are asked; 0 updates a second: all they can
 * driver load PORT TOKEN CLIENTS SECONDS [PATHS]  leads told to a server, or the paths of a file asked of it
 * driver streams PORT TOKEN COUNT  event streams that stay idle; slow PORT TOKEN COUNT: clients that send slowly
 * driver dues AGREEMENT COUNT    when promises are due
 * driver promised-csv LEADS FILE writes leads with a promise each
 * driver clock BOOK AGREEMENT    signs that in a book of those; which promise is next, a tick without breaches, one with
 * driver facts LEADS            then on standard input: ask N · time N · question N · evict · bandwidth BYTES · resident · threads
 * driver sqlite FILE            then on standard input: sql SELECT …
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "base/arena.h"
#include "base/err.h"

double bench_now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void bench_fail(const char *what, const char *why)
{
	printf("error\t%s: %s\n", what, why);
	fflush(stdout);
	exit(1);
}

/* ---- rows as text ---- */

static void put_time(FILE *out, uint32_t t)
{
	if (t)
		fprintf(out, "%" PRIu32, t);
	fputc(',', out);
}

static void put_lead(FILE *out, uint64_t number, const struct bench_lead *lead)
{
	const uint32_t times[] = { lead->created,      lead->qualified,      lead->handed_off,
				   lead->response_due, lead->first_response, lead->accepted,
				   lead->rejected,     lead->opportunity,    lead->won,
				   lead->lost };
	bool has_rep = lead->rep < BENCH_REPS;

	fprintf(out, "%" PRIu64 ",", number);
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++)
		put_time(out, times[i]);
	fprintf(out, "%s,%s,%s,%s,%u,", bench_source(lead->source), bench_campaign(lead->campaign),
		has_rep ? bench_team(lead->rep) : "", has_rep ? bench_rep(lead->rep) : "", lead->score);
	if (lead->amount_minor >= 0)
		fprintf(out, "%" PRId64, lead->amount_minor);
	fputc('\n', out);
}

static FILE *create(const char *folder, const char *name)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	if (!file)
		bench_fail(path, "cannot be written");
	return file;
}

static void write_csv(uint64_t leads, const char *folder)
{
	FILE *journey = create(folder, "journey.csv"), *touch = create(folder, "touch.csv");
	struct bench_rows rows;
	struct bench_lead lead;

	bench_rows_init(&rows, leads);
	for (uint64_t i = 0; i < leads; i++) {
		bench_rows_lead(&rows, i, &lead);
		put_lead(journey, i, &lead);
		for (unsigned t = 0; t < lead.touch_count; t++) {
			fprintf(touch, "%" PRIu64 ",%" PRIu32 ",%s\n", i, lead.touches[t].at,
				bench_campaign(lead.touches[t].campaign));
		}
	}
	if (fclose(journey) || fclose(touch))
		bench_fail(folder, "cannot be written");
}

static void write_names(void)
{
	struct bench_rows rows;

	bench_rows_init(&rows, 1);
	printf("source");
	for (unsigned i = 0; i < BENCH_SOURCES; i++)
		printf("\t%s", bench_source(i));
	printf("\ncampaign");
	for (unsigned i = 0; i < BENCH_CAMPAIGNS; i++)
		printf("\t%s", bench_campaign(i));
	printf("\nteam");
	for (unsigned i = 0; i < BENCH_TEAMS; i++)
		printf("\t%s", bench_team(i));
	printf("\nrep");
	for (unsigned i = 0; i < BENCH_REPS; i++)
		printf("\t%s", bench_rep(i));
	printf("\n");
}

/* ---- answers ---- */

static void put_answers(const struct bench_question *asked, const struct answer *answers)
{
	for (size_t f = 0; asked->figures[f]; f++) {
		for (size_t i = 0; i < answers[f].row_count; i++) {
			const struct answer_row *row = &answers[f].rows[i];

			printf("%zu", f);
			for (size_t d = 0; d < answers[f].by_count; d++)
				printf("\t%.*s", STR_ARG(row->by[d]));
			if (row->type == ANSWER_NONE)
				printf("\t\n");
			else
				printf("\t%.17g\n", row->value);
		}
	}
}

static void ask(const struct facts *facts, unsigned number, bool silent)
{
	struct answer answers[BENCH_FIGURES] = { 0 };
	struct arena arena;
	double seconds;

	if (number >= BENCH_QUESTIONS)
		bench_fail("ask", "there are five questions");
	arena_init(&arena);
	seconds = bench_ask(facts, number, &arena, answers);
	if (!silent)
		put_answers(&bench_questions[number], answers);
	arena_release(&arena);
	printf("done\t%.9f\t%" PRIu64 "\n", seconds, bench_bytes(facts, number));
}

/* How a question is put: fact, dimensions, condition; then its measures. */
static void put_question(unsigned number)
{
	const struct bench_question *asked;

	if (number >= BENCH_QUESTIONS)
		bench_fail("question", "there are five");
	asked = &bench_questions[number];
	printf("%s\t%s\t%s\t%s\n", asked->of ? asked->of : "leads", asked->by, asked->where ? asked->where : "",
	       asked->from != asked->to ? "2025-07-01 to 2025-09-30" : "");
	for (size_t i = 0; asked->figures[i]; i++)
		printf("%s\n", asked->figures[i]);
	printf("done\n");
}

static void serve(const char *command, char *rest, const struct facts *facts, struct sqlite3 *db)
{
	if (!strcmp(command, "ask") && facts)
		ask(facts, (unsigned)strtoul(rest, NULL, 10), false);
	else if (!strcmp(command, "time") && facts)
		ask(facts, (unsigned)strtoul(rest, NULL, 10), true);
	else if (!strcmp(command, "question"))
		put_question((unsigned)strtoul(rest, NULL, 10));
	else if (!strcmp(command, "sql") && db)
		printf("done\t%.9f\n", bench_sqlite_ask(db, rest, stdout));
	else if (!strcmp(command, "evict"))
		bench_evict(), printf("done\n");
	else if (!strcmp(command, "bandwidth"))
		printf("done\t%.0f\n", bench_bandwidth(strtoull(rest, NULL, 10), bench_threads(), 3));
	else if (!strcmp(command, "resident"))
		printf("done\t%" PRIu64 "\n", bench_resident_bytes());
	else if (!strcmp(command, "threads"))
		printf("done\t%u\n", bench_threads());
	else
		printf("error\tno command %s\n", command);
	fflush(stdout);
}

static void serve_all(const struct facts *facts, struct sqlite3 *db)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while ((len = getline(&line, &size, stdin)) > 0) {
		char *rest = strchr(line, ' ');

		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		if (rest)
			*rest++ = '\0';
		serve(line, rest ? rest : line + strlen(line), facts, db);
	}
	free(line);
}

static void serve_facts(uint64_t leads)
{
	uint64_t before = bench_resident_bytes();
	double start = bench_now_s();
	struct facts *facts = bench_facts(leads);

	printf("done\t%.3f\t%" PRIu64 "\t%u\t%u\n", bench_now_s() - start, bench_resident_bytes() - before,
	       facts_rows(facts, FACT_LEADS), facts_rows(facts, FACT_TOUCHES));
	fflush(stdout);
	serve_all(facts, NULL);
	facts_free(facts);
}

/* To a server: what the commands that begin so have in common. False: it is another command. */
static bool ask_server(int argc, char **argv)
{
	unsigned port = argc >= 5 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
	unsigned count = argc >= 5 ? (unsigned)strtoul(argv[4], NULL, 10) : 0;

	if (argc >= 6 && !strcmp(argv[1], "load"))
		bench_load(port, argv[3], count, strtod(argv[5], NULL), argv[6]);
	else if (argc == 5 && !strcmp(argv[1], "streams"))
		bench_streams(port, argv[3], count);
	else if (argc == 5 && !strcmp(argv[1], "slow"))
		bench_slow(port, argv[3], count);
	else
		return false;
	return true;
}

int main(int argc, char **argv)
{
	uint64_t leads = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;

	if (ask_server(argc, argv)) {
		return 0;
	} else if (argc == 4 && !strcmp(argv[1], "csv") && leads) {
		write_csv(leads, argv[3]);
	} else if (argc == 2 && !strcmp(argv[1], "names")) {
		write_names();
	} else if (argc == 4 && !strcmp(argv[1], "sqlite-make") && leads) {
		bench_sqlite_make(argv[3], leads);
	} else if (argc == 4 && !strcmp(argv[1], "leads-csv") && leads) {
		bench_leads_csv(argv[3], leads);
	} else if (argc == 4 && !strcmp(argv[1], "sqlite-fill") && leads) {
		bench_sqlite_fill(argv[3], leads);
	} else if (argc >= 3 && !strcmp(argv[1], "start")) {
		bench_start(argv[2], argc > 3);
	} else if (argc >= 5 && !strcmp(argv[1], "book-writes")) {
		printf("done\t%.0f\n", bench_book_writes(argv[2], (unsigned)strtoul(argv[3], NULL, 10),
							 strtod(argv[4], NULL), argc > 5));
	} else if (argc == 5 && !strcmp(argv[1], "writes")) {
		printf("done\t%.1f\n",
		       bench_writes(argv[2], (unsigned)strtoul(argv[3], NULL, 10), strtod(argv[4], NULL)));
	} else if (argc == 6 && !strcmp(argv[1], "together")) {
		bench_together(argv[2], (unsigned)strtoul(argv[3], NULL, 10), strtod(argv[4], NULL),
			       strtod(argv[5], NULL));
	} else if (argc == 4 && !strcmp(argv[1], "dues")) {
		bench_dues(argv[2], strtoull(argv[3], NULL, 10));
	} else if (argc == 4 && !strcmp(argv[1], "promised-csv") && leads) {
		bench_promised_csv(argv[3], leads);
	} else if (argc == 4 && !strcmp(argv[1], "clock")) {
		bench_clock(argv[2], argv[3]);
	} else if (argc == 3 && !strcmp(argv[1], "facts") && leads) {
		serve_facts(leads);
	} else if (argc == 3 && !strcmp(argv[1], "sqlite")) {
		serve_all(NULL, bench_sqlite_open(argv[2]));
	} else {
		fprintf(stderr, "see the first lines of bench/driver.c\n");
		return 2;
	}
	return 0;
}
