#include "desk/reasons.h"

#include <stdlib.h>

#include "desk/people.h"
#include "domain/lead_step.h"
#include "facts/cells.h"
#include "facts/rows.h"
#include "io/terminal.h"

enum { MOST_WORDS = 4096, WORDS_SHOWN = 5 };

static const struct {
	const char *one, *many;
} ends[REASON_OF__COUNT] = {
	[REASON_OF_REJECTION] = { "rejection", "rejections" },
	[REASON_OF_DISQUALIFICATION] = { "disqualification", "disqualifications" },
	[REASON_OF_LOSS] = { "lost deal", "lost deals" },
};

void reasons_init(struct reasons *reasons, const struct agreement *agreement)
{
	*reasons = (struct reasons){ .agreement = agreement };
	for (int of = 0; of < REASON_OF__COUNT; of++)
		table_init(&reasons->words[of]);
}

void reasons_release(struct reasons *reasons)
{
	for (int of = 0; of < REASON_OF__COUNT; of++)
		table_release(&reasons->words[of]);
}

static const struct names *agreed_of(const struct agreement *agreement, enum reason_of of)
{
	switch (of) {
	case REASON_OF_REJECTION: return &agreement->reject;
	case REASON_OF_DISQUALIFICATION: return &agreement->disqualify;
	default: return &agreement->lose;
	}
}

/* Where nothing is agreed, nothing differs. */
static void see(struct reasons *reasons, enum reason_of of, struct str reason, uint64_t times)
{
	const struct names *agreed = agreed_of(reasons->agreement, of);

	if (!reason.len || !agreed->count || names_have(agreed, reason))
		return;
	reasons->odd[of] += times;
	if (reasons->words[of].count < MOST_WORDS || table_get(&reasons->words[of], reason))
		*table_put(&reasons->words[of], reason, NULL) += times;
}

/* ---- of a file ---- */

static struct str text_of(const struct record *record, enum field code)
{
	const struct value *value = record_get(record, code);

	return value && value->kind == VALUE_TEXT ? value->as.text : STR_NONE;
}

static bool reached(const struct record *record, enum field code)
{
	const struct value *value = record_get(record, code);

	return value && (value->kind == VALUE_DATE || value->kind == VALUE_TIME || value->kind == VALUE_YES);
}

static bool step_end(struct str kind, enum reason_of *of)
{
	*of = str_is(kind, lead_step_name(LEAD_STEP_REJECTED)) ? REASON_OF_REJECTION : REASON_OF_DISQUALIFICATION;
	return *of == REASON_OF_REJECTION || str_is(kind, lead_step_name(LEAD_STEP_DISQUALIFIED));
}

void reasons_see(struct reasons *reasons, const struct record *record)
{
	struct str reason = reasons->agreement ? text_of(record, FIELD_REASON) : STR_NONE;
	enum reason_of of;

	if (!reason.len)
		return;
	if (record->object == OBJECT_LEAD_STEP && step_end(text_of(record, FIELD_KIND), &of))
		see(reasons, of, reason, 1);
	if (record->object == OBJECT_OPPORTUNITY && !reached(record, FIELD_WON) && !reached(record, FIELD_DISCONTINUED))
		see(reasons, REASON_OF_LOSS, reason, 1);
	if (record->object == OBJECT_LEAD && reached(record, FIELD_DISQUALIFIED))
		see(reasons, REASON_OF_DISQUALIFICATION, reason, 1);
	else if (record->object == OBJECT_LEAD && reached(record, FIELD_REJECTED))
		see(reasons, REASON_OF_REJECTION, reason, 1);
}

/* ---- of the book ---- */

/* `told`: the leads of which a step says why they ended. */
static void see_steps(struct reasons *reasons, const struct facts *facts, bool *told)
{
	const struct column *step = cells_of(facts, FACT_LEAD_STEPS, "step");
	const struct column *reason = cells_of(facts, FACT_LEAD_STEPS, "reason");
	const struct column *lead = cells_of(facts, FACT_LEAD_STEPS, "lead");
	enum reason_of of;

	for (uint32_t row = 0; row < facts_rows(facts, FACT_LEAD_STEPS); row++) {
		if (!rows_code(reason, row) || !step_end(cell_name(step, row), &of))
			continue;
		see(reasons, of, cell_name(reason, row), 1);
		if (cell_ref(lead, row) != REF_NONE)
			told[cell_ref(lead, row)] = true;
	}
}

/* A lead's own column says it where no step does; of a lead that was lost it says why that was. */
static void see_leads(struct reasons *reasons, const struct facts *facts, const bool *told)
{
	const struct column *reason = cells_of(facts, FACT_LEADS, "reason");
	const struct column *lost = cells_of(facts, FACT_LEADS, "lost");
	const struct column *given_up = cells_of(facts, FACT_LEADS, "discontinued");
	const struct column *disqualified = cells_of(facts, FACT_LEADS, "disqualified");
	const struct column *rejected = cells_of(facts, FACT_LEADS, "rejected");

	for (uint32_t row = 0; row < facts_rows(facts, FACT_LEADS); row++) {
		if (!rows_code(reason, row) || told[row] || cell_time_ms(lost, row) != CELL_NEVER ||
		    cell_time_ms(given_up, row) != CELL_NEVER)
			continue;
		if (cell_time_ms(disqualified, row) != CELL_NEVER)
			see(reasons, REASON_OF_DISQUALIFICATION, cell_name(reason, row), 1);
		else if (cell_time_ms(rejected, row) != CELL_NEVER)
			see(reasons, REASON_OF_REJECTION, cell_name(reason, row), 1);
	}
}

static void see_deals(struct reasons *reasons, const struct facts *facts)
{
	const struct column *lost = cells_of(facts, FACT_OPPORTUNITIES, "lost");
	const struct column *reason = cells_of(facts, FACT_OPPORTUNITIES, "reason");

	for (uint32_t row = 0; row < facts_rows(facts, FACT_OPPORTUNITIES); row++)
		if (rows_code(reason, row) && cell_time_ms(lost, row) != CELL_NEVER)
			see(reasons, REASON_OF_LOSS, cell_name(reason, row), 1);
}

void reasons_see_facts(struct reasons *reasons, const struct facts *facts)
{
	bool *told = must_calloc((size_t)facts_rows(facts, FACT_LEADS) + 1, sizeof(*told));

	see_steps(reasons, facts, told);
	see_leads(reasons, facts, told);
	see_deals(reasons, facts);
	free(told);
}

/* ---- in words ---- */

struct word {
	struct str text;
	uint64_t times;
};

static int most_first(const void *left, const void *right)
{
	const struct word *a = left, *b = right;

	if (a->times != b->times)
		return a->times > b->times ? -1 : 1;
	return str_cmp(a->text, b->text);
}

struct str reasons_sentence(const struct reasons *reasons, enum reason_of of, struct arena *arena)
{
	const struct table *words = &reasons->words[of];
	struct word *list = ARENA_ARRAY(arena, struct word, words->count + 1);
	char all[32], times[32];
	const char *text;
	size_t count = 0;

	if (!reasons->odd[of])
		return STR_NONE;
	for (size_t at = 0; table_next(words, &at, &list[count].text, &list[count].times);)
		count++;
	qsort(list, count, sizeof(*list), most_first);
	text = arena_printf(arena,
			    "%s %s that the agreement does not know:", count_text((int64_t)reasons->odd[of], all),
			    reasons->odd[of] == 1 ? arena_printf(arena, "%s gives a reason", ends[of].one)
						  : arena_printf(arena, "%s give reasons", ends[of].many));
	for (size_t i = 0; i < count && i < WORDS_SHOWN; i++)
		text = arena_printf(arena, "%s%s \"%.*s\" (%s)", text, i ? "," : "", STR_ARG(list[i].text),
				    count_text((int64_t)list[i].times, times));
	return str_of(count > WORDS_SHOWN ? arena_printf(arena, "%s and %zu more", text, count - WORDS_SHOWN) : text);
}
