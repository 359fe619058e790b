/* Questions in the measure language from any bytes: first line the measure, then --by, --where and the fact. An answer, or an
 * error that points somewhere; and the canonical text of a measure means the same as what was typed. */
#include <stdio.h>
#include "base/date.h"
#include "base/err.h"
#include "facts/facts_builder.h"
#include "facts/measure.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DEALS = 12, DAY = 17000, ROWS_MAX = 4096 };

static struct facts *company(void)
{
	static const char *const owners[] = { "Anna", "Boris", "" }, *const stages[] = { "Engaging", "Won", "Lost" };
	struct book_settings settings = { .zone = "UTC", .currency = "EUR", .fiscal_start_month = 7 };
	struct err err = ERR_INIT;
	struct facts *facts;

	if (facts_builder_new(&facts, &settings, &err))
		BUG("%s", err.text);
	for (uint32_t i = 0; i < DEALS; i++) {
		char key[16];
		snprintf(key, sizeof(key), "D%u", i);

		uint32_t row = builder_row(facts, FACT_OPPORTUNITIES, str_of(key));
		uint32_t created = (DAY + i * 9) * DAY_SECONDS;

		builder_time(facts, builder_column(facts, FACT_OPPORTUNITIES, "created"), row, created);
		if (i % 3 == 1)
			builder_time(facts, builder_column(facts, FACT_OPPORTUNITIES, "won"), row,
				     i == 4 ? TIME_UNKNOWN : created + i * 40000);
		if (i % 3 == 2)
			builder_time(facts, builder_column(facts, FACT_OPPORTUNITIES, "lost"), row,
				     created + i * 90000);
		builder_name(facts, builder_column(facts, FACT_OPPORTUNITIES, "owner"), row, str_of(owners[i % 3]));
		builder_name(facts, builder_column(facts, FACT_OPPORTUNITIES, "stage"), row, str_of(stages[i % 3]));
		if (i % 4)
			builder_money(facts, builder_column(facts, FACT_OPPORTUNITIES, "amount"), row, i * 1000, "EUR");
	}
	facts_finish(facts, DATE_NONE);
	return facts;
}

static void ask_again(const struct facts *facts, const struct question *question, const struct answer *answer,
		      struct arena *arena)
{
	struct err err = ERR_INIT;
	struct question same = *question;
	struct answer again;

	same.measure = arena_cstr(arena, answer->measure);
	if (measure_ask(facts, &same, arena, &again, &err))
		BUG("\"%s\" was understood, \"%s\" was not: %s", question->measure, same.measure, err.text);
	if (!str_eq(again.measure, answer->measure) || again.row_count != answer->row_count ||
	    again.type != answer->type)
		BUG("\"%s\" and \"%s\" differ", question->measure, same.measure);
	for (size_t i = 0; i < again.row_count; i++)
		if (again.rows[i].n != answer->rows[i].n || again.rows[i].minor != answer->rows[i].minor ||
		    !str_eq(answer_text(&again, &again.rows[i], arena), answer_text(answer, &answer->rows[i], arena)))
			BUG("\"%s\" and \"%s\" differ in row %zu", question->measure, same.measure, i);
}

static const char *line(struct str *rest, struct arena *arena)
{
	struct str text = str_cut(rest, '\n');

	return text.len ? arena_cstr(arena, text) : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct facts *facts;
	struct str rest = { (const char *)data, size };
	struct err err = ERR_INIT;
	struct arena arena;
	struct answer answer;

	if (!facts)
		facts = company();
	arena_init(&arena);

	struct question question = { .measure = line(&rest, &arena), .as_of = DATE_NONE, .scope = SCOPE_EVERYTHING };

	question.by = line(&rest, &arena);
	question.where = line(&rest, &arena);
	question.of = line(&rest, &arena);
	if (!question.of)
		question.of = "opportunities";
	if (!question.measure)
		question.measure = "";
	if (measure_ask(facts, &question, &arena, &answer, &err)) {
		if (!err.text[0])
			BUG("refused without a word");
	} else if (answer.row_count <= ROWS_MAX) {
		ask_again(facts, &question, &answer, &arena);
	}
	arena_release(&arena);
	return 0;
}
