/* Opening: what agreements ask of leads' columns is asked once, for all leads. */
#include "desk/judge.h"

#include <stdlib.h>

#include "base/date.h"
#include "desk/judge_inner.h"

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

static int mark_leaves(struct judge *judge, const struct judge_version *version, struct version_view *view,
		       struct err *err)
{
	const struct rule_words *words = &version->agreement->words_of_rules;
	int32_t as_of = zone_date(facts_zone(judge->facts), judge->options.now_ms);

	view->words = (words->leaf_count + 63) / 64;
	view->leaves = ARENA_ARRAY(&judge->arena, uint64_t, view->words * judge_leads(judge) + 1);
	for (size_t i = 0; i < words->leaf_count; i++) {
		struct question question = { .where = arena_cstr(&judge->arena, words->leaves[i]),
					     .as_of = as_of,
					     .from = DATE_NONE,
					     .to = DATE_NONE,
					     .scope = SCOPE_EVERYTHING };
		int failed = rows_mark(judge->facts, &question, view->leaves, view->words, (unsigned)i, err);

		if (failed)
			return failed;
	}
	return 0;
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
		failed = mark_leaves(judge, &terms->versions[v], &judge->views[v], err);
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
