/* Steps of leads, and what leads take from them: the first time of each milestone, who has the lead, and why it was given back. */
#include <stdlib.h>
#include <string.h>

#include "domain/lead_step.h"
#include "facts/load.h"
#include "facts/packed.h"

/* ---- milestones ---- */

/* By code of the steps' names: the milestone of leads that is called so; of those that make a lead none, `voided`. */
static struct column **milestones(const struct loader *l, const struct column *steps)
{
	struct column **of = must_calloc(steps->dict->count, sizeof(*of));

	for (uint32_t code = 1; code < steps->dict->count; code++) {
		struct str name = steps->dict->names[code];
		enum lead_step step;
		struct column *column;

		if (!lead_step_by_name(name, &step))
			continue;
		column = facts_column(l->whole.facts, FACT_LEADS, lead_step_voids(step) ? STR("voided") : name);
		if (column && column->def.milestone && !column->def.derived)
			of[code] = column;
	}
	return of;
}

static void reach(struct loader *l, struct column *milestone, uint32_t lead, uint32_t t)
{
	uint32_t known = milestone->at.any ? milestone->at.times[lead] : TIME_NOT_REACHED;

	/* TIME_UNKNOWN is the greatest: a known time goes before. */
	if (t != TIME_NOT_REACHED && (known == TIME_NOT_REACHED || t < known))
		builder_time(l->whole.facts, milestone, lead, t);
}

/* ---- owners ---- */

/* Somebody got the lead. */
struct passing {
	uint32_t lead, from;
	enum lead_step step;
	struct str owner;
};
struct passings {
	struct passing *items; /* by lead, then time */
	size_t count, capacity;
};

static void pass_on(struct passings *passings, const struct column *steps, const struct column *owners, uint32_t row,
		    uint32_t lead, uint32_t t)
{
	uint32_t owner = owners->at.any ? column_code(owners, row) : 0;
	enum lead_step step;

	if (!owner || t == TIME_UNKNOWN || !lead_step_by_name(steps->dict->names[column_code(steps, row)], &step) ||
	    (step != LEAD_STEP_HANDED_OFF && step != LEAD_STEP_ASSIGNED))
		return;
	*LIST_ADD(passings) = (struct passing){ lead, t, step, owners->dict->names[owner] };
}

/* Of equal times the order of arrival plays no part. */
static int compare(const void *left, const void *right)
{
	const struct passing *a = left, *b = right;

	if (a->lead != b->lead)
		return a->lead < b->lead ? -1 : 1;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->step != b->step)
		return a->step < b->step ? -1 : 1;
	return str_cmp(a->owner, b->owner);
}

/* What the lead's own record says of its owner counts beside its steps as far as it is news: another than it said before, or said before
 * the first of them. Versions of a lead stand together, in order of time. `first`: by lead, its first passing + 1. */
static void drop_repeated(struct column *owner, const struct passings *passings, const uint32_t *first)
{
	uint32_t row = REF_NONE, code = 0;
	size_t kept = 0;

	for (size_t i = 0; i < owner->version_count; i++) {
		const struct version version = owner->versions[i];
		bool news = version.row == row ? version.value.code != code : true;

		if (first[version.row] && version.row != row)
			news = version.from <= passings->items[first[version.row] - 1].from;
		row = version.row;
		code = version.value.code;
		if (news || !first[row])
			owner->versions[kept++] = version;
	}
	owner->version_count = kept;
}

static void set_latest(struct loader *l, struct column *owner, const uint32_t *first)
{
	uint32_t leads = facts_rows(l->whole.facts, FACT_LEADS), *from = must_calloc(leads + 1, sizeof(*from));

	builder_writable(l->whole.facts, owner);
	for (size_t i = 0; i < owner->version_count; i++) {
		const struct version *version = &owner->versions[i];

		if (!first[version->row] || version->from < from[version->row])
			continue;
		from[version->row] = version->from;
		owner->at.codes[version->row] = version->value.code;
	}
	free(from);
}

/* Each is a version of the lead's owner; the latest of all has it. */
static void take_owners(struct loader *l, struct passings *passings)
{
	struct column *owner = load_column(l, FACT_LEADS, COL_OWNER);
	uint32_t *first = must_calloc(facts_rows(l->whole.facts, FACT_LEADS) + 1, sizeof(*first));

	qsort(passings->items, passings->count, sizeof(*passings->items), compare);
	for (size_t i = passings->count; i-- > 0;)
		first[passings->items[i].lead] = (uint32_t)i + 1;
	drop_repeated(owner, passings, first);
	for (size_t i = 0; i < passings->count; i++) {
		const struct passing *p = &passings->items[i];

		builder_version_name(l->whole.facts, owner, p->lead, p->from, p->owner);
	}
	set_latest(l, owner, first);
	free(first);
}

/* ---- why it ended ---- */

static struct str reason_of(const struct loader *l, uint32_t row)
{
	const struct column *reason = load_column(l, FACT_LEAD_STEPS, COL_REASON);

	return reason->dict->names[column_code(reason, row)];
}

/* The latest rejection or disqualification of a lead that gives a reason, by lead: place + 1. Undated ones come first; of equal times the
 * order of arrival plays no part. */
static void end(const struct loader *l, uint32_t row, uint32_t lead, uint32_t *latest)
{
	const struct column *at = load_column(l, FACT_LEAD_STEPS, COL_AT);
	uint32_t t = column_code(at, row), before = latest[lead] ? column_code(at, latest[lead] - 1) : 0;

	t = t == TIME_UNKNOWN ? TIME_NOT_REACHED : t;
	before = before == TIME_UNKNOWN ? TIME_NOT_REACHED : before;
	if (!latest[lead] || before < t ||
	    (before == t && str_cmp(reason_of(l, latest[lead] - 1), reason_of(l, row)) < 0))
		latest[lead] = row + 1;
}

static bool ends(struct str step)
{
	return str_is(step, lead_step_name(LEAD_STEP_REJECTED)) || str_is(step, lead_step_name(LEAD_STEP_DISQUALIFIED));
}

/* What the lead's own record gives as reason is older news, unless it tells of a deal that was lost or given up. */
static void set_reason(struct loader *l, uint32_t lead, uint32_t row)
{
	if (load_time(l, FACT_LEADS, COL_LOST, lead) == TIME_NOT_REACHED &&
	    load_time(l, FACT_LEADS, COL_DISCONTINUED, lead) == TIME_NOT_REACHED)
		builder_name(l->whole.facts, load_column(l, FACT_LEADS, COL_REASON), lead, reason_of(l, row));
}

static void take_reasons(struct loader *l)
{
	const struct column *steps = load_column(l, FACT_LEAD_STEPS, COL_STEP);
	const struct column *leads = load_column(l, FACT_LEAD_STEPS, COL_LEAD);
	const struct column *reason = load_column(l, FACT_LEAD_STEPS, COL_REASON);
	uint32_t rows = facts_rows(l->whole.facts, FACT_LEAD_STEPS);
	uint32_t all = facts_rows(l->whole.facts, FACT_LEADS), *latest;

	if (!reason->at.any || !load_column(l, FACT_LEAD_STEPS, COL_AT)->at.any)
		return;
	latest = must_calloc(all + 1, sizeof(*latest));
	for (uint32_t row = l->first[FACT_LEAD_STEPS]; row < rows; row++)
		if (column_ref(leads, row) != REF_NONE && column_code(reason, row) &&
		    ends(steps->dict->names[column_code(steps, row)]))
			end(l, row, column_ref(leads, row), latest);
	for (uint32_t lead = 0; lead < all; lead++)
		if (latest[lead])
			set_reason(l, lead, latest[lead] - 1);
	free(latest);
}

/* ---- merged ones ---- */

/* The step in which a lead was merged into another, by lead: place + 1. The latest counts; of equal times the order of arrival plays no part. */
static void merge(struct loader *l, uint32_t row, uint32_t lead, uint32_t *latest)
{
	const struct column *at = load_column(l, FACT_LEAD_STEPS, COL_AT);
	const struct column *into = load_column(l, FACT_LEAD_STEPS, COL_OUTCOME);
	struct str name = into->dict->names[column_code(into, row)];
	uint32_t before = latest[lead];

	if (before && (column_code(at, before - 1) > column_code(at, row) ||
		       (column_code(at, before - 1) == column_code(at, row) &&
			str_cmp(into->dict->names[column_code(into, before - 1)], name) > 0)))
		return;
	latest[lead] = row + 1;
	builder_name(l->whole.facts, load_column(l, FACT_LEADS, COL_MERGED_INTO), lead, name);
}

static void merge_all(struct loader *l)
{
	const struct column *steps = load_column(l, FACT_LEAD_STEPS, COL_STEP);
	const struct column *leads = load_column(l, FACT_LEAD_STEPS, COL_LEAD);
	const struct column *into = load_column(l, FACT_LEAD_STEPS, COL_OUTCOME);
	uint32_t rows = facts_rows(l->whole.facts, FACT_LEAD_STEPS), duplicate = 0;
	uint32_t *latest = NULL;

	for (uint32_t code = 1; code < steps->dict->count && !duplicate; code++)
		duplicate = str_is(steps->dict->names[code], lead_step_name(LEAD_STEP_DUPLICATE)) ? code : 0;
	for (uint32_t row = l->first[FACT_LEAD_STEPS]; duplicate && into->at.any && row < rows; row++) {
		uint32_t lead = column_ref(leads, row);

		if (column_code(steps, row) != duplicate || !column_code(into, row) || lead == REF_NONE)
			continue;
		if (!latest)
			latest = must_calloc(facts_rows(l->whole.facts, FACT_LEADS) + 1, sizeof(*latest));
		merge(l, row, lead, latest);
	}
	free(latest);
}

uint32_t load_survivor(const struct loader *l, uint32_t lead)
{
	enum { STEPS_MOST = 16 }; /* merged in a ring, they stay where they are */
	const struct column *into = load_column(l, FACT_LEADS, COL_MERGED_INTO);
	uint32_t at = lead;

	for (int i = 0; into->at.any && i < STEPS_MOST; i++) {
		struct str key = into->dict->names[column_code(into, at)], source = str_cut(&key, ':');
		uint32_t place = load_find(l, OBJECT_LEAD, str_hash(source), text_hash(key) | REF_BY_KEY, NULL);

		if (!source.len || !place)
			return at;
		at = place - 1;
	}
	return lead;
}

/* ---- all steps ---- */

void load_steps(struct loader *l)
{
	const struct column *steps = load_column(l, FACT_LEAD_STEPS, COL_STEP);
	const struct column *leads = load_column(l, FACT_LEAD_STEPS, COL_LEAD);
	const struct column *at = load_column(l, FACT_LEAD_STEPS, COL_AT);
	struct passings passings = { 0 };
	struct column **of;

	load_linked(l, FACT_LEAD_STEPS);
	load_linked(l, FACT_PROMISE_WORDS);
	if (!steps->at.any || !leads->at.any)
		return;
	of = milestones(l, steps);
	for (uint32_t row = l->first[FACT_LEAD_STEPS]; row < facts_rows(l->whole.facts, FACT_LEAD_STEPS); row++) {
		uint32_t lead = column_ref(leads, row), code = column_code(steps, row), t = column_code(at, row);

		if (lead == REF_NONE)
			continue;
		if (of[code])
			reach(l, of[code], lead, t);
		pass_on(&passings, steps, load_column(l, FACT_LEAD_STEPS, COL_OWNER), row, lead, t);
	}
	if (passings.count)
		take_owners(l, &passings);
	take_reasons(l);
	merge_all(l);
	free(passings.items);
	free(of);
}
