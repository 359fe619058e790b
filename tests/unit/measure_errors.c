/* What a person is told who wrote something that cannot be: the message, and the place it points at. */
#include "tap.h"

#include "base/date.h"
#include "facts/facts_builder.h"
#include "facts/measure.h"

static const struct {
	const char *of, *measure, *by, *where;
	int column;          /* of the caret, from 1, in the text at fault */
	const char *message; /* part of the message */
} cases[] = {
	/* ---- words ---- */
	{ "leads", "count(wonn)", NULL, NULL, 7, "leads have no column \"wonn\"; did you mean \"won\"?" },
	{ "leads", "count(qualifed) / count()", NULL, NULL, 7, "did you mean \"qualified\"?" },
	{ "leads", "cuont(won)", NULL, NULL, 1, "there is no function cuont(); did you mean count()?" },
	{ "leads", "count()", "ownr", NULL, 1, "did you mean \"owner\"?" },
	{ "leads", "count()", "source, sorce", NULL, 9, "did you mean \"source\"?" },
	{ "leads", "count()", NULL, "campain = x", 1, "did you mean \"campaign\"?" },
	{ "leads", "count(xyzzy)", NULL, NULL, 7, "leads have no column \"xyzzy\"" },
	{ "touches", "count(lead.ownr)", NULL, NULL, 12, "leads have no column \"ownr\"; did you mean \"owner\"?" },
	{ "touches", "count(campaign.owner)", NULL, NULL, 16, "\"campaign\" leads nowhere" },
	{ "touches", "count()", NULL, "lead = lead", 1, "a reference is compared with an id, as lead = \"L17\"" },
	{ "touches", "count()", NULL, "lead = campaign", 1, "or by a column behind it, like lead.key" },
	{ "touches", "count()", NULL, "lead < \"L17\"", 6, "names have no order" },
	{ "lead", "count()", NULL, NULL, 0, "there is no fact \"lead\"; did you mean \"leads\"?" },
	/* ---- brackets, commas, signs ---- */
	{ "leads", "count(", NULL, NULL, 7, "a value should stand here, but the text ends" },
	{ "leads", "count(won", NULL, NULL, 10, "a closing bracket is missing here" },
	{ "leads", "count(won))", NULL, NULL, 11, "this bracket closes nothing" },
	{ "leads", "(count(won) + 1", NULL, NULL, 16, "a closing bracket is missing here" },
	{ "leads", "count(won) /", NULL, NULL, 13, "a value should stand here, but the text ends" },
	{ "leads", "count(won) / / count()", NULL, NULL, 14, "a value should stand here" },
	{ "leads", "count(won) count()", NULL, NULL, 12, "this is too much" },
	{ "leads", "percentile(score, )", NULL, NULL, 19, "something must follow the comma" },
	{ "leads", "", NULL, NULL, 1, "a value should stand here, but the text ends" },
	{ "leads", "count(won) ? 1", NULL, NULL, 12, "the character ? has no meaning here" },
	{ "leads", "count(source = \"web)", NULL, NULL, 16, "this quote is not closed" },
	{ "leads", "count()", "source,", NULL, 8, "a value should stand here" },
	{ "leads", "count(lead.)", NULL, NULL, 12, "a name must follow the dot" },
	{ "leads", "count(score > 10a)", NULL, NULL, 17, "a number runs into a word" },
	{ "leads", "count(1 < score < 2)", NULL, NULL, 17, "comparisons do not chain" },
	{ "leads", "count(source in web)", NULL, NULL, 17, "a list in brackets must follow \"in\"" },
	{ "leads", "count(source in (web event))", NULL, NULL, 22, "a comma or a closing bracket is missing" },
	{ "leads", "count(won is gone)", NULL, NULL, 14, "\"is\" is followed by empty, set, known or unknown" },
	{ "leads", "count(score between 1)", NULL, NULL, 22, "\"and\" and the upper end must follow" },
	{ "leads", "count(created > 2017-02-30)", NULL, NULL, 17, "there is no day 2017-02-30" },
	{ "leads", "count(won - created > 3 months)", NULL, NULL, 25, "months and years differ in length" },
	{ "leads", "count(where)", NULL, NULL, 12, "a value should stand here" },
	{ "leads", "count() where and", NULL, NULL, 15, "a value is missing before this word" },
	/* ---- types ---- */
	{ "leads", "count(score and won)", NULL, NULL, 7, "a number is no condition" },
	{ "leads", "sum(source)", NULL, NULL, 5, "sum() cannot take a name" },
	{ "leads", "average(won)", NULL, NULL, 9, "average() cannot take a time" },
	{ "leads", "median(open)", NULL, NULL, 8, "median() cannot take a flag; use count()" },
	{ "leads", "count(source > web)", NULL, NULL, 14, "names have no order" },
	{ "leads", "count(score = \"ten\")", NULL, NULL, 15, "a number should stand here, without quotes" },
	{ "leads", "count(created > 5)", NULL, NULL, 17, "a time is compared with a time, not with a number" },
	{ "leads", "count(created > \"soon\")", NULL, NULL, 17, "this is no time" },
	{ "leads", "count(amount > won)", NULL, NULL, 14, "money cannot be compared with a time" },
	{ "leads", "count(score >= 4 hours)", NULL, NULL, 13, "a number cannot be compared with a duration" },
	{ "leads", "count(won - created > score * 2)", NULL, NULL, 21, "a duration cannot be compared with a number" },
	{ "leads", "sum(won + created)", NULL, NULL, 9, "a time cannot be added to a time" },
	{ "leads", "sum(amount * amount)", NULL, NULL, 12, "money cannot be multiplied with money" },
	{ "leads", "sum(score - source)", NULL, NULL, 11, "a name cannot be taken from a number" },
	{ "leads", "median(days(created, score))", NULL, NULL, 22, "days() takes times; this is a number" },
	{ "leads", "median(days(created))", NULL, NULL, 13, "one duration (like b - a), or two times" },
	{ "leads", "count(inbound = maybe)", NULL, NULL, 17, "a flag is yes or no" },
	{ "leads", "count(score is known)", NULL, NULL, 7, "only times are known or unknown" },
	{ "leads", "count(response_due)", NULL, "response_due", 1, "this time is no milestone" },
	{ "leads", "count(month(created) = \"March\")", NULL, NULL, 24, "this is no such period" },
	{ "leads", "sum(\"web\")", NULL, NULL, 5, "a text stands only to the right of" },
	/* ---- shapes ---- */
	{ "leads", "won", NULL, NULL, 1, "this is a value of each row" },
	{ "leads", "1 + 2", NULL, NULL, 1, "there is nothing counted here" },
	{ "leads", "count(count(won))", NULL, NULL, 7, "aggregates cannot stand inside one another" },
	{ "leads", "won and lost", NULL, NULL, 1, "a measure is a number; conditions go inside count()" },
	{ "leads", "percentile(score)", NULL, NULL, 1, "percentile() takes a value and a percentage" },
	{ "leads", "percentile(score, 101)", NULL, NULL, 19, "a number from 0 to 100" },
	{ "leads", "sum()", NULL, NULL, 1, "sum() takes one value" },
	{ "leads", "running(count())", NULL, NULL, 1, "running() needs exactly one dimension that has an order" },
	{ "leads", "running(count())", "source", NULL, 1, "running() needs exactly one dimension that has an order" },
	{ "leads", "running(median(score))", "score", NULL, 9, "running() takes a count, sum, average, min or max" },
	{ "leads", "count(won, from top)", NULL, NULL, 1, "\"from top\" is for running()" },
	{ "leads", "average(shared(amount, owner))", NULL, NULL, 9, "shared() stands alone inside sum()" },
	{ "leads", "sum(shared(amount, score))", NULL, NULL, 20, "the key is a reference or a name" },
	{ "leads", "count()", "top(0, source)", NULL, 5, "a whole number from 1 to 10000" },
	{ "leads", "count()", "top(source)", NULL, 1, "top() takes a number and a dimension" },
	{ "leads", "count()", "bucket(score, 0)", NULL, 15, "the width is a number above zero" },
	{ "leads", "count()", "bucket(source, 5)", NULL, 8, "bucket() takes a number; this is a name" },
	{ "leads", "count() on source", NULL, NULL, 12, "\"on\" takes a time of the same fact" },
	{ "leads", "sum(amount) + count()", NULL, NULL, 13, "money and a number do not go together here" },
	/* ---- several facts ---- */
	{ "leads", "sum(spend.amount) / count()", "owner", NULL, 1, "spend have no column \"owner\"" },
	{ "leads", "sum(spend.amount) / count(won)", NULL, "score > 3", 1, "spend have no column \"score\"" },
	{ "leads", "count(spend.clicks > leads.score)", NULL, NULL, 22, "one aggregate counts rows of one fact" },
};

static struct arena arena;

/* The caret's column in the last line; the two spaces before the text do not count. 0 when there is none. */
static int caret_column(const char *text)
{
	const char *line = strrchr(text, '\n'), *caret = line ? strchr(line, '^') : NULL;

	return caret ? (int)(caret - line) - 2 : 0;
}

static void check(const struct facts *facts, size_t i)
{
	struct question question = { .measure = cases[i].measure,
				     .of = cases[i].of,
				     .by = cases[i].by,
				     .where = cases[i].where,
				     .as_of = DATE_NONE,
				     .scope = SCOPE_EVERYTHING };
	struct answer answer;
	struct err err = ERR_INIT;
	int failed = measure_ask(facts, &question, &arena, &answer, &err);

	ok(failed == ERR_INPUT && strstr(err.text, cases[i].message) && caret_column(err.text) == cases[i].column,
	   "%s%s%s%s%s", cases[i].measure, cases[i].by ? " by " : "", cases[i].by ? cases[i].by : "",
	   cases[i].where ? " where " : "", cases[i].where ? cases[i].where : "");
	if (failed != ERR_INPUT || !strstr(err.text, cases[i].message) || caret_column(err.text) != cases[i].column) {
		note("wanted column %d: %s", cases[i].column, cases[i].message);
		tap_show("got", err.text, strlen(err.text));
	}
}

static void wide_characters(const struct facts *facts)
{
	struct question question = { .measure = "count(source = \"Größe\" and x)",
				     .of = "leads",
				     .as_of = DATE_NONE,
				     .scope = SCOPE_EVERYTHING };
	struct answer answer;
	struct err err = ERR_INIT;

	measure_ask(facts, &question, &arena, &answer, &err);
	is_str(strrchr(err.text, '\n'), "\n                             ^", "the caret counts characters, not bytes");
}

static void long_text(const struct facts *facts)
{
	char text[3001];
	struct question question = { .measure = text, .of = "leads", .as_of = DATE_NONE, .scope = SCOPE_EVERYTHING };
	struct answer answer;
	struct err err = ERR_INIT;
	size_t len = 0;

	while (len < 2900)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "1 + 2 + ");
	snprintf(text + len, sizeof(text) - len, "count(wno) + count()");
	measure_ask(facts, &question, &arena, &answer, &err);
	ok(strlen(err.text) < 400 && strstr(err.text, "count(wno)"),
	   "of a long text the part around the mistake is shown");
	memset(text, '(', 3000);
	text[3000] = '\0';
	ok(measure_ask(facts, &question, &arena, &answer, &err) == ERR_INPUT && strstr(err.text, "nested too deep"),
	   "brackets without end are refused");
}

static void currencies(struct facts *facts)
{
	struct question question = {
		.measure = "sum(amount)", .of = "opportunities", .as_of = DATE_NONE, .scope = SCOPE_EVERYTHING
	};
	struct answer answer;
	struct err err = ERR_INIT;

	ok(measure_ask(facts, &question, &arena, &answer, &err) == ERR_CURRENCY && strstr(err.text, "(EUR, USD)") &&
		   strstr(err.text, "where currency = EUR"),
	   "sums over currencies are refused, with a way out");
	question.where = "currency = USD";
	ok(!measure_ask(facts, &question, &arena, &answer, &err) && answer.rows[0].minor == 500, "which works");
}

/* One absurd amount takes the answer away where it counts, and nowhere else; and it is said. */
static void too_large(struct facts *facts)
{
	static const struct {
		const char *measure, *where;
		enum answer_type type;
		int64_t minor;
		bool said;
	} asked[] = {
		{ "sum(amount)", "owner = Big", ANSWER_NONE, 0, true },
		{ "sum(amount)", "owner = Small", ANSWER_MONEY, 700, false },
		{ "sum(amount)", "owner in (Big, Small)", ANSWER_NONE, 0, true },
		{ "sum(amount * 99999999999999999)", "owner = Small", ANSWER_NONE, 0, true },
		{ "sum(amount * -99999999999999999)", "owner = Small", ANSWER_NONE, 0, true },
		{ "sum(amount * 99999999999999999 - amount)", "owner = Small", ANSWER_NONE, 0, true },
		{ "average(amount * 99999999999999999)", "owner = Small", ANSWER_NONE, 0, true },
		{ "max(amount * 99999999999999999)", "owner = Small", ANSWER_NONE, 0, true },
		{ "sum(amount) + sum(amount)", "owner = Half", ANSWER_NONE, 0, true },
		{ "sum(amount)", "owner = Twice", ANSWER_NONE, 0, true },
		{ "sum(amount) - sum(amount)", "owner = Half", ANSWER_MONEY, 0, false },
		{ "min(amount)", "owner in (Half, Small)", ANSWER_MONEY, 700, false },
	};

	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++) {
		struct question question = { .measure = asked[i].measure,
					     .of = "opportunities",
					     .where = asked[i].where,
					     .as_of = DATE_NONE,
					     .scope = SCOPE_EVERYTHING };
		struct answer answer = { 0 };
		struct err err = ERR_INIT;

		is_int(measure_ask(facts, &question, &arena, &answer, &err), 0, "%s where %s: %s", asked[i].measure,
		       asked[i].where, err.text);
		is_int(answer.rows[0].type, asked[i].type, "has an answer or none");
		is_int(answer.rows[0].minor, asked[i].minor, "which is right");
		ok((strstr(answer.hint.len ? answer.hint.at : "", "larger than") != NULL) == asked[i].said,
		   "and says so when there is none");
	}
}

/* Nor has what else is asked of the same amounts at the same time. */
static void too_large_beside(struct facts *facts)
{
	const char *const measures[] = { "sum(amount)", "sum(amount) / 2" };
	const struct question question = {
		.of = "opportunities", .where = "owner = Twice", .as_of = DATE_NONE, .scope = SCOPE_EVERYTHING
	};
	struct answer answers[2];
	struct err err = ERR_INIT;

	is_int(measure_ask_many(facts, &question, measures, 2, &arena, answers, &err), 0, "two measures: %s", err.text);
	for (size_t i = 0; i < 2; i++) {
		is_int(answers[i].rows[0].type, ANSWER_NONE, "%s has no answer", measures[i]);
		ok(strstr(answers[i].hint.len ? answers[i].hint.at : "", "larger than"), "and says why");
	}
}

/* A name that no row has any more does not hide those that are spelled otherwise. */
static void replaced_name(struct facts *facts)
{
	const struct question question = { .measure = "count()",
					   .of = "opportunities",
					   .where = "owner = small",
					   .as_of = DATE_NONE,
					   .scope = SCOPE_EVERYTHING };
	struct answer answer;
	struct err err = ERR_INIT;

	is_int(measure_ask(facts, &question, &arena, &answer, &err), 0, "an owner of other case: %s", err.text);
	is_int(answer.rows[0].n, 1, "is found, though a row had that name exactly before");
}

static void big_deals(struct facts *facts)
{
	static const struct {
		const char *owner;
		int64_t minor;
	} deals[] = { { "Big", INT64_MAX },
		      { "Small", 700 },
		      { "Half", INT64_MAX / 4 * 3 },
		      { "Twice", INT64_MAX / 4 * 3 },
		      { "Twice", INT64_MAX / 4 * 3 } };

	for (size_t i = 0; i < sizeof(deals) / sizeof(*deals); i++) {
		uint32_t row = builder_row(facts, FACT_OPPORTUNITIES, STR("B"));

		builder_money(facts, builder_column(facts, FACT_OPPORTUNITIES, "amount"), row, deals[i].minor, "EUR");
		builder_name(facts, builder_column(facts, FACT_OPPORTUNITIES, "owner"), row, STR("small"));
		builder_name(facts, builder_column(facts, FACT_OPPORTUNITIES, "owner"), row, str_of(deals[i].owner));
	}
}

/* What an answer says is its own, and stays when the facts have gone. */
static void outlives(struct facts *facts)
{
	static const char *const by[] = { "owner", "key" };
	struct question question = {
		.measure = "count()", .of = "opportunities", .where = "owner = Half", .scope = SCOPE_EVERYTHING
	};
	struct answer answers[2];
	struct err err = ERR_INIT;

	question.as_of = DATE_NONE;
	for (size_t i = 0; i < 2; i++) {
		question.by = by[i];
		is_int(measure_ask(facts, &question, &arena, &answers[i], &err), 0, "by %s: %s", by[i], err.text);
	}
	facts_free(facts);
	is_bytes(answers[0].rows[0].by[0], "Half", "the name of a group");
	is_bytes(answers[1].rows[0].by[0], "B", "the key of a row");
}

int main(void)
{
	struct book_settings settings = { .zone = "UTC", .currency = "EUR", .fiscal_start_month = 1 };
	struct err err = ERR_INIT;
	struct facts *facts;

	arena_init(&arena);
	if (facts_builder_new(&facts, &settings, &err))
		BUG("%s", err.text);
	for (unsigned i = 0; i < 2; i++) {
		uint32_t row = builder_row(facts, FACT_OPPORTUNITIES, STR("D"));

		builder_money(facts, builder_column(facts, FACT_OPPORTUNITIES, "amount"), row, 500, i ? "USD" : "EUR");
	}
	big_deals(facts);
	facts_finish(facts, DATE_NONE);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check(facts, i);
	wide_characters(facts);
	long_text(facts);
	currencies(facts);
	too_large(facts);
	too_large_beside(facts);
	replaced_name(facts);
	outlives(facts);
	arena_release(&arena);
	return done();
}
