/* Opening; and what agreements ask of leads' columns, once for each lead. */
#include "desk/judge.h"

#include <stdlib.h>

#include "base/date.h"
#include "desk/judge_inner.h"

/* Going over so many one by one costs as much as over a hundred times as many at once. */
enum { FEW_LEADS = 2000 };

int64_t judge_now_ms(const struct facts *facts, int32_t as_of, int64_t now_ms)
{
	int32_t day = as_of != DATE_NONE ? as_of : facts_as_of(facts);
	int64_t end_ms;

	if (day == DATE_NONE || day == INT32_MAX)
		return now_ms;
	end_ms = zone_day_start_ms(facts_zone(facts), day + 1) - 1;
	return end_ms < now_ms ? end_ms : now_ms;
}

struct judge_terms judge_terms_of(const struct agreements *agreements, struct arena *arena)
{
	struct judge_version *versions = ARENA_ARRAY(arena, struct judge_version, agreements->count + 1);
	struct judge_terms terms = { versions, 0 };

	for (size_t i = 0; i < agreements->count; i++) {
		const struct agreement_version *version = &agreements->versions[i];

		if (version->from_ms < version->until_ms)
			versions[terms.count++] = (struct judge_version){ .number = version->number,
									  .from_ms = version->from_ms,
									  .agreement = version->agreement,
									  .calendar = version->calendar,
									  .zone = version->zone };
	}
	return terms;
}

/* ---- what rules ask ---- */

static struct question leaf_question(const struct judge *judge, const char *leaf)
{
	return (struct question){ .where = leaf,
				  .as_of = zone_date(facts_zone(judge->facts), judge->options.now_ms),
				  .from = DATE_NONE,
				  .to = DATE_NONE,
				  .scope = SCOPE_EVERYTHING };
}

static int open_leaves(struct judge *judge, const struct judge_version *version, struct version_view *view,
		       struct err *err)
{
	const struct rule_words *words = &version->agreement->words_of_rules;

	view->words = (words->leaf_count + 63) / 64;
	view->leaves = ARENA_ARRAY(&judge->arena, uint64_t, view->words * judge_leads(judge) + 1);
	view->marked = ARENA_ARRAY(&judge->arena, uint64_t, (size_t)judge_leads(judge) / 64 + 1);
	view->conditions = ARENA_ARRAY(&judge->arena, struct rows_condition *, words->leaf_count + 1);
	for (size_t i = 0; i < words->leaf_count; i++) {
		struct question question = leaf_question(judge, arena_cstr(&judge->arena, words->leaves[i]));
		int failed = rows_condition_open(&view->conditions[i], judge->facts, &question, err);

		if (failed)
			return failed;
	}
	return 0;
}

static void close_leaves(struct version_view *view)
{
	for (size_t i = 0; view->conditions && view->conditions[i]; i++)
		rows_condition_close(view->conditions[i]);
}

static int mark_all(const struct judge *judge, const struct judge_version *version, struct version_view *view,
		    struct err *err)
{
	const struct rule_words *words = &version->agreement->words_of_rules;
	struct arena arena;
	int failed = 0;

	arena_init(&arena);
	for (size_t i = 0; i < words->leaf_count && !failed && !view->all; i++) {
		struct question question = leaf_question(judge, arena_cstr(&arena, words->leaves[i]));

		failed = rows_mark(judge->facts, &question, view->leaves, view->words, (unsigned)i, err);
	}
	arena_release(&arena);
	view->all = !failed;
	return failed;
}

int judge_mark_all(const struct judge *judge, struct err *err)
{
	int failed = 0;

	for (size_t v = 0; v < judge->terms.count && !failed; v++)
		failed = mark_all(judge, &judge->terms.versions[v], &judge->views[v], err);
	return failed;
}

static void mark_one(struct version_view *view, uint32_t row)
{
	for (size_t i = 0; view->conditions[i]; i++)
		if (rows_condition_holds(view->conditions[i], row))
			view->leaves[row * view->words + i / 64] |= UINT64_C(1) << i % 64;
	view->marked[row / 64] |= UINT64_C(1) << row % 64;
	view->marked_count++;
}

const uint64_t *judge_leaves(const struct judge *judge, struct version_view *view, uint32_t row)
{
	struct err none = ERR_INIT;

	if (view->marked_count == FEW_LEADS && !view->all &&
	    mark_all(judge, &judge->terms.versions[view - judge->views], view, &none))
		BUG("a rule that could be asked of one lead cannot be asked of all: %s", none.text);
	if (!view->all && !(view->marked[row / 64] >> row % 64 & 1))
		mark_one(view, row);
	return view->leaves + (size_t)row * view->words;
}

/* Exactly so called; where no touch is, without regard to case, as measures compare names. */
static uint32_t find_kind(const struct column *kinds, struct str name, bool fold)
{
	for (uint32_t code = 1; code < rows_codes(kinds); code++)
		if (fold ? str_eq_fold(rows_name(kinds, code), name) : str_eq(rows_name(kinds, code), name))
			return code;
	return 0;
}

static void find_kinds(struct judge *judge, const struct judge_version *version, struct version_view *view)
{
	const struct rule_words *words = &version->agreement->words_of_rules;
	uint32_t codes = rows_codes(judge->touch_kind);

	view->kinds = ARENA_ARRAY(&judge->arena, uint16_t, codes + 1);
	for (uint32_t code = 0; code < codes; code++)
		view->kinds[code] = TOUCH_OTHER;
	for (size_t i = 0; i < words->kind_count; i++) {
		bool fold = !find_kind(judge->touch_kind, words->kinds[i], false);

		for (uint32_t code = 1; code < codes; code++) {
			struct str name = rows_name(judge->touch_kind, code);

			if (fold ? str_eq_fold(name, words->kinds[i]) : str_eq(name, words->kinds[i]))
				view->kinds[code] = (uint16_t)i;
		}
	}
}

/* ---- the facts that are gone through ---- */

static void find_columns(struct judge *judge)
{
	const struct facts *facts = judge->facts;

	judge->owner = cells_of(facts, FACT_LEADS, "owner");
	judge->partner = cells_of(facts, FACT_LEADS, "partner");
	judge->touch_at = cells_of(facts, FACT_TOUCHES, "at");
	judge->touch_kind = cells_of(facts, FACT_TOUCHES, "kind");
	judge->activity_at = cells_of(facts, FACT_ACTIVITIES, "at");
}

static struct judge *make(struct facts *facts, const struct judge_terms *terms, const struct judge_options *options)
{
	struct judge *judge = must_calloc(1, sizeof(*judge));

	judge->facts = facts;
	judge->terms = *terms;
	judge->options = *options;
	arena_init(&judge->arena);
	find_columns(judge);
	judge->files = lead_files_new(facts, options->now_ms);
	rows_by_init(&judge->touches, facts, FACT_TOUCHES, "lead", "at", "kind");
	rows_by_init(&judge->activities, facts, FACT_ACTIVITIES, "lead", "at", NULL);
	contact_words_init(&judge->contacts, facts);
	judge->views = ARENA_ARRAY(&judge->arena, struct version_view, terms->count + 1);
	return judge;
}

int judge_open(struct judge **out, struct facts *facts, const struct judge_terms *terms,
	       const struct judge_options *options, struct err *err)
{
	struct judge *judge = make(facts, terms, options);
	int failed = 0;

	if (!options->limits_stand)
		judge_stage_limits(facts, terms, options->now_ms);
	for (size_t v = 0; v < terms->count && !failed; v++) {
		if (!terms->versions[v].number)
			judge->known = judge_known(facts);
		find_kinds(judge, &terms->versions[v], &judge->views[v]);
		failed = open_leaves(judge, &terms->versions[v], &judge->views[v], err);
	}
	if (failed)
		judge_close(judge);
	else
		*out = judge;
	return failed;
}

void judge_close(struct judge *judge)
{
	if (!judge)
		return;
	contact_words_release(&judge->contacts);
	rows_by_release(&judge->touches);
	rows_by_release(&judge->activities);
	lead_files_free(judge->files);
	for (size_t v = 0; v < judge->terms.count; v++)
		close_leaves(&judge->views[v]);
	arena_release(&judge->arena);
	free(judge);
}

const struct lead_files *judge_files(const struct judge *judge)
{
	return judge->files;
}

const struct judge_version *judge_version_at(const struct judge *judge, int64_t at_ms)
{
	const struct judge_version *last = NULL;

	for (size_t i = 0; i < judge->terms.count && judge->terms.versions[i].from_ms <= at_ms; i++)
		last = &judge->terms.versions[i];
	return last;
}
