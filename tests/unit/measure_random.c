/* Expressions nobody meant: words thrown together, and good ones with a piece cut out, doubled or swapped. Each is answered or refused
 * with a message; none stops the program, and none that is refused leaves the caller without a word. */
#include "tap.h"

#include "base/date.h"
#include "facts/facts_builder.h"
#include "facts/kpi.h"
#include "facts/measure.h"

static uint64_t state = 42;
static struct arena arena;

static unsigned below(unsigned n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(state >> 33) % n;
}

static const char *const words[] = {
	"count",      "sum",
	"median",     "percentile",
	"distinct",   "running",
	"shared",     "days",
	"hours",      "month",
	"bucket",     "top",
	"won",        "lost",
	"created",    "score",
	"amount",     "source",
	"owner",      "lead",
	"lead.owner", "spend.amount",
	"leads.won",  "opportunities",
	"open",       "age",
	"stagnant",   "closed",
	"as_of",      "inbound",
	"stage",      "key",
	"and",        "or",
	"not",        "in",
	"is",         "empty",
	"unknown",    "between",
	"where",      "on",
	"from",       "(",
	"(",          "(",
	")",          ")",
	")",          ",",
	",",          ".",
	"+",          "-",
	"*",          "/",
	"%",          "=",
	"!=",         "<",
	"<=",         ">",
	"1",          "30",
	"0",          "2017-03-01",
	"4 hours",    "90",
	"\"web\"",    "'x",
	"é",          "\xff",
	"\t",         "#",
	"1e9",        "99999999999999999999",
};

static const char *soup(void)
{
	char *text = arena_alloc(&arena, 4000);
	size_t len = 0;

	for (unsigned i = 0, count = 1 + below(24); i < count; i++)
		len += (size_t)snprintf(text + len, 4000 - len, "%s%s", words[below(sizeof(words) / sizeof(*words))],
					below(3) ? " " : "");
	return text;
}

/* A KPI's measure with one stretch of it cut, doubled or swapped for a word. */
static const char *mutant(const char **of)
{
	const struct kpi *kpi;
	size_t kpis = 0;
	const char *measure;
	unsigned len, at, cut;

	while (kpi_at(kpis))
		kpis++;
	kpi = kpi_at(below((unsigned)kpis));
	measure = kpi->measure;
	*of = kpi->of;
	len = (unsigned)strlen(measure);
	at = below(len);
	cut = 1 + below(6);
	if (at + cut > len)
		cut = len - at;
	switch (below(4)) {
	case 0: return arena_dup(&arena, measure);
	case 3: return arena_printf(&arena, "%.*s%s", (int)at, measure, measure + at + cut);
	case 1:
		return arena_printf(&arena, "%.*s%.*s%s", (int)(at + cut), measure, (int)cut, measure + at,
				    measure + at);
	default:
		return arena_printf(&arena, "%.*s %s %s", (int)at, measure,
				    words[below(sizeof(words) / sizeof(*words))], measure + at + cut);
	}
}

static struct facts *company(void)
{
	struct book_settings settings = { .zone = "Europe/Berlin", .currency = "EUR", .fiscal_start_month = 4 };
	struct err err = ERR_INIT;
	struct facts *facts;

	if (facts_builder_new(&facts, &settings, &err))
		BUG("%s", err.text);
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		for (unsigned i = 0; i < 40; i++) {
			const struct column_def **defs;
			uint32_t row = builder_row(facts, f, STR("key"));
			size_t columns = facts_columns(facts, f, &defs);

			for (size_t c = 0; c < columns; c++) {
				struct column *column = builder_column(facts, f, defs[c]->name);

				if (defs[c]->derived || below(3) == 0)
					continue;
				if (defs[c]->type == COLUMN_TIME)
					builder_time(facts, column, row,
						     below(5) ? 1488326400u + below(10000000) : TIME_UNKNOWN);
				else if (defs[c]->type == COLUMN_NAME)
					builder_name(facts, column, row, below(2) ? STR("web") : STR("event"));
				else if (defs[c]->type == COLUMN_NUMBER)
					builder_number(facts, column, row, below(100));
				else if (defs[c]->type == COLUMN_MONEY)
					builder_money(facts, column, row, below(100000), "EUR");
				else if (defs[c]->type == COLUMN_FLAG)
					builder_flag(facts, column, row, below(2));
				else if (defs[c]->type == COLUMN_REF && facts_rows(facts, defs[c]->target))
					builder_ref(facts, column, row, below(facts_rows(facts, defs[c]->target)));
			}
		}
	}
	facts_finish(facts, DATE_NONE);
	return facts;
}

static bool asks(const struct facts *facts, const char *of, const char *measure, const char *by, const char *where,
		 int *answered)
{
	struct question question = { .measure = measure,
				     .of = of,
				     .by = by,
				     .where = where,
				     .as_of = below(2) ? DATE_NONE : 17200 + (int32_t)below(300),
				     .scope = { .kind = (enum scope_kind)below(5), .name = STR("web") } };
	struct answer answer;
	struct err err = ERR_INIT;
	int failed = measure_ask(facts, &question, &arena, &answer, &err);

	if (failed)
		return failed == err.kind && err.text[0];
	(*answered)++;
	for (size_t i = 0; i < answer.row_count; i++)
		answer_text(&answer, &answer.rows[i], &arena);
	return err.kind == ERR_NONE;
}

int main(void)
{
	struct facts *facts;
	int answered = 0, good = 0;

	arena_init(&arena);
	facts = company();
	for (int i = 0; i < 6000; i++) {
		const char *of, *text = mutant(&of);

		good += asks(facts, fact_name((enum fact)below(FACT__COUNT)), soup(), below(3) ? NULL : soup(),
			     below(3) ? NULL : soup(), &answered);
		good += asks(facts, of, text, below(2) ? NULL : "month", below(4) ? NULL : soup(), &answered);
		arena_reset(&arena);
	}
	is_int(good, 12000, "each of 12,000 is answered or refused with a message");
	ok(answered > 200, "some of them made sense (%d)", answered);
	for (size_t i = 0; kpi_at(i); i++) {
		const struct kpi *kpi = kpi_at(i);
		struct answer answer;
		struct err err = ERR_INIT;

		ok(!kpi_ask(facts, kpi, kpi->period ? "month" : NULL, NULL, 17226, 17500, DATE_NONE, SCOPE_EVERYTHING,
			    &arena, &answer, &err),
		   "kpi %s %s", kpi->name, err.text);
	}
	facts_free(facts);
	arena_release(&arena);
	return done();
}
