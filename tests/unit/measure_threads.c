/* Facts of several chunks: what whole chunks are left out for, what stands together, and how many threads there are must not be seen
 * in any answer. The expected numbers are counted here, row by row. */
#include "tap.h"

#include <math.h>
#include <string.h>

#include "base/date.h"
#include "facts/facts_builder.h"
#include "facts/measure.h"

enum { LEADS = 3 * 65536 + 4321, DAY = 86400, FIRST = 1500000000 };

static uint64_t state = 7;
static struct arena arena;
static uint32_t created[LEADS], won[LEADS];
static unsigned owner[LEADS];
static double size[LEADS];

static unsigned below(unsigned n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(state >> 33) % n;
}

/* Leads nearly in order of time, each with touches that stand together; `scattered`: they do not. */
static struct facts *build(bool scattered)
{
	struct book_settings settings = { .zone = "Europe/Vienna", .currency = "EUR", .fiscal_start_month = 1 };
	struct err err = ERR_INIT;
	struct facts *facts;
	struct column *of[8];
	char name[16];

	if (facts_builder_new(&facts, &settings, &err))
		BUG("%s", err.text);
	of[0] = builder_column(facts, FACT_LEADS, "created");
	of[1] = builder_column(facts, FACT_LEADS, "won");
	of[2] = builder_column(facts, FACT_LEADS, "owner");
	of[3] = builder_column(facts, FACT_LEADS, "score");
	of[4] = builder_column(facts, FACT_LEADS, "amount");
	of[5] = builder_column(facts, FACT_TOUCHES, "lead");
	of[6] = builder_column(facts, FACT_TOUCHES, "campaign");
	for (uint32_t i = 0; i < LEADS; i++) {
		uint32_t row = builder_row(facts, FACT_LEADS, STR_NONE);

		created[i] = FIRST + i * 300 + below(3 * DAY);
		won[i] = below(10) ? 0 : below(50) ? created[i] + below(90 * DAY) : TIME_UNKNOWN;
		owner[i] = below(40);
		size[i] = below(3) ? below(100) : below(100) / 7.0;
		builder_time(facts, of[0], row, created[i]);
		if (won[i])
			builder_time(facts, of[1], row, won[i]);
		snprintf(name, sizeof(name), "owner %u", owner[i]);
		builder_name(facts, of[2], row, str_of(name));
		builder_number(facts, of[3], row, size[i]);
		builder_money(facts, of[4], row, 100 + below(100000), "EUR");
	}
	for (uint32_t i = 0; i < LEADS; i++) {
		for (unsigned n = below(4); n > 0; n--) {
			uint32_t touch = builder_row(facts, FACT_TOUCHES, STR_NONE);

			builder_ref(facts, of[5], touch, scattered ? below(LEADS) : i);
			snprintf(name, sizeof(name), "campaign %u", below(30));
			builder_name(facts, of[6], touch, str_of(name));
		}
	}
	facts_finish(facts, DATE_NONE);
	return facts;
}

static const char *const asked[][4] = {
	/* measure, of, by, where */
	{ "count()", "leads", "owner", NULL },
	{ "count(won) / count()", "leads", "owner", "created >= 2018-03-01 and created < 2018-05-01" },
	{ "sum(amount where won)", "leads", "owner", "not (created < 2018-03-01)" },
	{ "average(score)", "leads", "owner, won is unknown", NULL },
	{ "sum(score)", "leads", "month(created)", "won" },
	{ "median(won - created)", "leads", "owner", NULL },
	{ "percentile(score, 90)", "leads", "bucket(score, 0.5)", "created <= 2018-12-31" },
	{ "distinct(owner)", "leads", "week(created)", NULL },
	{ "running(count(won), from top)", "leads", "score", NULL },
	{ "sum(shared(lead.amount, lead))", "touches", "campaign", "lead.won" },
	{ "sum(shared(lead.score, campaign))", "touches", "lead.owner", NULL },
	{ "count()", "leads", NULL, "created > 2030-01-01" },
};

static bool same_row(const struct answer_row *a, const struct answer_row *b, size_t labels)
{
	for (size_t d = 0; d < labels; d++) {
		if (!str_eq(a->by[d], b->by[d]))
			return false;
	}
	return a->type == b->type && !memcmp(&a->value, &b->value, sizeof(a->value)) && a->minor == b->minor &&
	       a->numerator == b->numerator && a->denominator == b->denominator && a->n == b->n &&
	       a->unknown_time == b->unknown_time && a->negative == b->negative;
}

static bool same_answer(const struct answer *a, const struct answer *b)
{
	if (a->row_count != b->row_count || a->type != b->type)
		return false;
	for (size_t i = 0; i < a->row_count; i++) {
		if (!same_row(&a->rows[i], &b->rows[i], a->by_count))
			return false;
	}
	return true;
}

static struct question question_of(const char *const text[4], unsigned threads)
{
	return (struct question){ .measure = text[0],
				  .of = text[1],
				  .by = text[2],
				  .where = text[3],
				  .as_of = DATE_NONE,
				  .scope = SCOPE_EVERYTHING,
				  .threads = threads };
}

static struct answer ask(const struct facts *facts, const struct question *question)
{
	struct err err = ERR_INIT;
	struct answer answer;

	if (measure_ask(facts, question, &arena, &answer, &err))
		BUG("%s", err.text);
	return answer;
}

static void any_threads(const struct facts *facts, const char *what)
{
	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++) {
		struct question question = question_of(asked[i], 1);
		struct answer one = ask(facts, &question);
		bool same = true;

		for (unsigned threads = 2; threads <= 5; threads++) {
			struct answer other;

			question.threads = threads;
			other = ask(facts, &question);
			same = same && same_answer(&one, &other);
		}
		ok(same, "%s: %s by %s is the same on 1 to 5 threads", what, asked[i][0],
		   asked[i][2] ? asked[i][2] : "nothing");
	}
}

static void counted(const struct facts *facts)
{
	int64_t rows = 0, wins = 0, unknown = 0, early = 0;
	double first = 0, sum = 0;
	struct question question =
		question_of((const char *const[4]){ "count(won) / count()", "leads", NULL, NULL }, 2);
	struct answer answer;

	/* 00:00 and 01:00 of universal time */
	question.where = "created >= \"2017-10-22T02:00\" and created < \"2017-12-21T01:00\"";
	for (uint32_t i = 0; i < LEADS; i++) {
		if (created[i] >= 1508630400 && created[i] < 1513814400) {
			rows++;
			wins += won[i] != 0;
		}
		unknown += won[i] == TIME_UNKNOWN;
		early += created[i] < 1512082800; /* midnight in Vienna */
		first += size[i] >= 50;
		sum += size[i];
	}
	answer = ask(facts, &question);
	is_int(answer.rows[0].numerator, wins, "won ones of two months");
	is_int(answer.rows[0].denominator, rows, "of those that came in then");
	ok(rows > 1000 && rows < LEADS / 2, "which are some, not all");
	question = question_of((const char *const[4]){ "count() on won", "leads", NULL, NULL }, 3);
	question.from = date_of_civil((struct civil){ 2017, 1, 1 });
	question.to = date_of_civil((struct civil){ 2030, 1, 1 });
	answer = ask(facts, &question);
	is_int(answer.rows[0].unknown_time, unknown, "won at times nobody knows");
	question = question_of((const char *const[4]){ "count(score >= 50)", "leads", NULL, NULL }, 2);
	is_int(ask(facts, &question).rows[0].n, (int64_t)first, "scores of 50 and more");
	question = question_of((const char *const[4]){ "sum(score)", "leads", NULL, NULL }, 2);
	ok(fabs(ask(facts, &question).rows[0].value - sum) < 1e-6 * sum, "sum of scores");
	/* No range of a chunk tells that the last ones have none of these. */
	question = question_of(
		(const char *const[4]){ "sum(score) / count()", "leads", NULL, "days(created, 2017-12-01) > 0" }, 1);
	is_int(ask(facts, &question).rows[0].n, early, "the first ones, and none in the last rows");
}

static void together(const struct facts *facts)
{
	const char *const measures[] = { "count()",
					 "count(won)",
					 "sum(amount where won)",
					 "median(won - created)",
					 "percentile(won - created, 90)",
					 "count(touches)",
					 "average(amount where won) / count(won)" };
	enum { MEASURES = sizeof(measures) / sizeof(*measures) };
	struct question question = question_of((const char *const[4]){ NULL, "leads", NULL, NULL }, 2);
	struct answer answers[MEASURES];
	struct err err = ERR_INIT;
	int failed;

	failed = measure_ask_many(facts, &question, measures, MEASURES, &arena, answers, &err);
	is_int(failed, 0, "several measures at once");
	for (size_t i = 0; i < MEASURES; i++) {
		struct answer alone;

		question.measure = measures[i];
		alone = ask(facts, &question);
		ok(same_answer(&answers[i], &alone) && str_eq(answers[i].measure, alone.measure),
		   "%s answers as if asked alone", measures[i]);
	}
	question.by = "owner";
	failed = measure_ask_many(facts, &question, measures, 5, &arena, answers, &err);
	is_int(failed, 0, "several measures by owner");
	for (size_t i = 0; i < 5; i++) {
		struct answer alone;

		question.measure = measures[i];
		alone = ask(facts, &question);
		ok(same_answer(&answers[i], &alone), "%s by owner answers as if asked alone", measures[i]);
	}
	failed = measure_ask_many(facts, &question, (const char *const[]){ "count()", "count(wonn)" }, 2, &arena,
				  answers, &err);
	is_int(failed, ERR_INPUT, "one wrong measure refuses them all");
	ok(strstr(err.text, "wonn") != NULL, "and the message names it");
}

int main(void)
{
	struct facts *facts, *scattered;

	arena_init(&arena);
	facts = build(false);
	any_threads(facts, "touches by lead");
	counted(facts);
	together(facts);
	facts_free(facts);
	scattered = build(true);
	any_threads(scattered, "touches in any order");
	facts_free(scattered);
	arena_release(&arena);
	return done();
}
