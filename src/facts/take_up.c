#include "facts/take_up.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "facts/graft.h"
#include "facts/load.h"
#include "facts/packed.h"

struct taking {
	struct facts *facts; /* that are there */
	struct finder *finder;
	struct book *book;
	struct book_head head;
	struct part part;     /* what changed, and what that refers to */
	struct loader loader; /* of the rows made of it */
	struct facts *made;
	bool *whole[FACT__COUNT]; /* by row made: it is a record's own, not a copy of what others refer to */
	uint32_t *to[FACT__COUNT];
	uint32_t rows[FACT__COUNT], capacity[FACT__COUNT];
	struct places copies[FACT__COUNT]; /* by row there + 1: row made + 1 */
	bool refused;                      /* this cannot be taken up alone */
	/* the record at hand */
	const struct change *change;
	bool found;
	uint64_t email;
};

/* ---- finding ---- */

void finder_release(struct finder *finder)
{
	places_release(&finder->leads);
	places_release(&finder->deals);
	*finder = (struct finder){ 0 };
}

static void look_at_rows(struct places *places, uint32_t *seen, const struct facts *facts, enum fact fact)
{
	uint32_t rows = facts_rows(facts, fact);
	struct key_walk walk;

	if (*seen == rows)
		return;
	key_walk_init(&walk, facts->tables[fact].columns[0]->at.keys);
	walk.next = *seen - *seen % KEY_BLOCK;
	while (walk.next < *seen)
		key_walk_next(&walk);
	for (; *seen < rows; ++*seen) {
		uint64_t key = text_hash(key_walk_next(&walk));

		if (key)
			places_put(places, places_hash(key, str_hash(facts_source(facts, fact, *seen))), *seen + 1,
				   false);
	}
	key_walk_release(&walk);
}

/* Row + 1, or 0. */
static uint32_t find_lead(struct taking *t, struct str source, uint64_t key)
{
	look_at_rows(&t->finder->leads, &t->finder->lead_rows, t->facts, FACT_LEADS);
	return places_get(&t->finder->leads, places_hash(key, str_hash(source)));
}

static uint32_t find_deal(struct taking *t, struct str source, uint64_t key)
{
	look_at_rows(&t->finder->deals, &t->finder->deal_rows, t->facts, FACT_OPPORTUNITIES);
	return places_get(&t->finder->deals, places_hash(key, str_hash(source)));
}

/* ---- rows made ---- */

static void note_row(struct taking *t, enum fact fact, uint32_t to, bool whole)
{
	uint32_t row = t->rows[fact]++;

	if (row == t->capacity[fact]) {
		t->capacity[fact] = row ? row * 2 : 256;
		t->to[fact] = must_realloc(t->to[fact], t->capacity[fact] * sizeof(uint32_t));
		t->whole[fact] = must_realloc(t->whole[fact], t->capacity[fact] * sizeof(bool));
	}
	t->to[fact][row] = to;
	t->whole[fact][row] = whole;
	if (to != REF_NONE)
		places_put(&t->copies[fact], places_hash(to, fact), row + 1, false);
}

static void copy_time(struct taking *t, enum fact fact, enum known_column name, uint32_t from, uint32_t row)
{
	const struct column *column = facts_known_column(t->facts, fact, t->part.columns[fact][name]->def.name);

	if (!column_empty(column, from))
		builder_time(t->part.facts, t->part.columns[fact][name], row, column_code(column, from));
}

/* A row that is there, with what others take from it. */
static uint32_t begin_copy(struct taking *t, enum fact fact, uint32_t from)
{
	const struct facts *facts = t->facts;
	struct arena arena;
	struct str key;
	uint32_t row;

	arena_init(&arena);
	key = key_list_at(facts->tables[fact].columns[0]->at.keys, from, &arena);
	row = builder_row(t->part.facts, fact, key);
	builder_source(t->part.facts, fact, row, facts_source(facts, fact, from));
	row_list_set(&t->part.keys[fact], row, text_hash(key));
	note_row(t, fact, from, false);
	arena_release(&arena);
	return row;
}

static uint32_t copy_lead(struct taking *t, uint32_t from)
{
	uint32_t row = places_get(&t->copies[FACT_LEADS], places_hash(from, FACT_LEADS));

	if (row)
		return row - 1;
	row = begin_copy(t, FACT_LEADS, from);
	copy_time(t, FACT_LEADS, COL_CREATED, from, row);
	copy_time(t, FACT_LEADS, COL_HANDED_OFF, from, row);
	copy_time(t, FACT_LEADS, COL_FIRST_RESPONSE, from, row);
	return row;
}

static uint32_t copy_deal(struct taking *t, uint32_t from)
{
	const struct column *lead = facts_known_column(t->facts, FACT_OPPORTUNITIES, "lead");
	const struct column *amount = facts_known_column(t->facts, FACT_OPPORTUNITIES, "amount");
	uint32_t row = places_get(&t->copies[FACT_OPPORTUNITIES], places_hash(from, FACT_OPPORTUNITIES));

	if (row)
		return row - 1;
	row = begin_copy(t, FACT_OPPORTUNITIES, from);
	*LIST_ADD(&t->part.deals) = (struct deal_told){ .ended = true };
	copy_time(t, FACT_OPPORTUNITIES, COL_CREATED, from, row);
	copy_time(t, FACT_OPPORTUNITIES, COL_WON, from, row);
	copy_time(t, FACT_OPPORTUNITIES, COL_LOST, from, row);
	copy_time(t, FACT_OPPORTUNITIES, COL_DISCONTINUED, from, row);
	if (!column_empty(amount, from))
		builder_money(t->part.facts, t->part.columns[FACT_OPPORTUNITIES][COL_AMOUNT], row,
			      column_money(amount, from), t->facts->currencies[column_currency(amount, from)]);
	if (!column_empty(lead, from))
		builder_ref(t->part.facts, t->part.columns[FACT_OPPORTUNITIES][COL_LEAD], row,
			    copy_lead(t, column_ref(lead, from)));
	return row;
}

static void copy_activity(struct taking *t, uint32_t from, uint32_t lead)
{
	const struct column *automatic = facts_known_column(t->facts, FACT_ACTIVITIES, "automatic");
	const struct column *direction = facts_known_column(t->facts, FACT_ACTIVITIES, "direction");
	uint32_t row = builder_row(t->part.facts, FACT_ACTIVITIES, STR_NONE);

	builder_source(t->part.facts, FACT_ACTIVITIES, row, facts_source(t->facts, FACT_ACTIVITIES, from));
	note_row(t, FACT_ACTIVITIES, from, false);
	copy_time(t, FACT_ACTIVITIES, COL_AT, from, row);
	builder_ref(t->part.facts, t->part.columns[FACT_ACTIVITIES][COL_LEAD], row, lead);
	if (!column_empty(automatic, from))
		builder_flag(t->part.facts, t->part.columns[FACT_ACTIVITIES][COL_AUTOMATIC], row,
			     column_code(automatic, from) == FLAG_YES);
	if (!column_empty(direction, from))
		builder_name(t->part.facts, t->part.columns[FACT_ACTIVITIES][COL_DIRECTION], row,
			     direction->dict->names[column_code(direction, from)]);
}

/* ---- records ---- */

static bool says(const struct record *record, enum field code)
{
	const struct value *value = record_get(record, code);

	return value && value->kind != VALUE_EMPTY;
}

/* What the record refers to, by key alone, is copied. */
static bool bring_links(struct taking *t, const struct record *record)
{
	uint64_t lead = part_ref(record_get(record, FIELD_LEAD)),
		 deal = part_ref(record_get(record, FIELD_OPPORTUNITY_REF));
	uint32_t row;

	if (says(record, FIELD_CONTACT) || says(record, FIELD_ACCOUNT) || (lead & 3) != REF_BY_KEY ||
	    (deal & 3) != REF_BY_KEY)
		return false;
	row = lead ? find_lead(t, record->source, lead & ~UINT64_C(3)) : 0;
	if (row)
		copy_lead(t, row - 1);
	row = deal ? find_deal(t, record->source, deal & ~UINT64_C(3)) : 0;
	if (row)
		copy_deal(t, row - 1);
	return true;
}

static bool leads_missed(const struct facts *facts)
{
	static const enum fact refer[] = { FACT_OPPORTUNITIES, FACT_TOUCHES, FACT_ACTIVITIES, FACT_ORDERS };

	for (size_t i = 0; i < sizeof(refer) / sizeof(*refer); i++) {
		if (facts_known_column(facts, refer[i], "lead")->unresolved)
			return true;
	}
	return false;
}

/* A new lead may be one that others spoke of before; an old one must stay who it is. */
static bool lead_fits(struct taking *t, const struct record *record, bool fresh, uint32_t *to)
{
	uint32_t row;

	t->email = text_hash(part_text(record, FIELD_EMAIL_MATCH));
	*to = REF_NONE;
	if (says(record, FIELD_CONTACT) || says(record, FIELD_ACCOUNT))
		return false;
	if (fresh)
		return !leads_missed(t->facts) && !(t->email && t->facts->leads_by_email);
	row = find_lead(t, record->source, text_hash(record->key));
	*to = row - 1;
	return row != 0;
}

static int each_state(void *context, const struct state *state, struct err *err)
{
	struct taking *t = context;
	bool fresh = state->subject > t->facts->head.seq;
	const struct record *record = &state->record;
	enum fact fact = fact_of_object(record->object);
	uint32_t to = REF_NONE;

	(void)err;
	t->found = true;
	if (record->object == OBJECT_LEAD)
		t->refused |= !lead_fits(t, record, fresh, &to);
	else
		t->refused |= !fresh;
	if (t->refused)
		return 0;
	part_begin(&t->part, record);
	note_row(t, fact, to, true);
	part_rest(&t->part, record, false);
	return 0;
}

/* Behind the rows of the kind itself, as these are told in order. */
static int each_links(void *context, const struct state *state, struct err *err)
{
	struct taking *t = context;

	(void)err;
	t->refused |= !bring_links(t, &state->record);
	return 0;
}

static int each_version(void *context, const struct state *state, struct err *err)
{
	struct taking *t = context;
	const struct record *record = &state->record;

	(void)err;
	if (record->object == OBJECT_LEAD) {
		uint64_t email = text_hash(part_text(record, FIELD_EMAIL_MATCH));

		t->refused |= says(record, FIELD_CONTACT) || says(record, FIELD_ACCOUNT) ||
			      (email != t->email && t->facts->leads_by_email);
	}
	part_version(&t->part, record);
	return 0;
}

static bool taken_alone(enum object object)
{
	return object == OBJECT_LEAD || object == OBJECT_TOUCH || object == OBJECT_ACTIVITY || object == OBJECT_SPEND;
}

static int read_changes(struct taking *t, const struct changes *changes, struct err *err)
{
	const struct reading reading = READING_ALL;
	int failed = 0;

	for (size_t i = 0; i < changes->count; i++)
		t->refused |= !taken_alone(changes->items[i].object);
	for (size_t i = 0; i < changes->count && !failed && !t->refused; i++) {
		const struct change *change = &changes->items[i];

		t->found = false;
		failed = book_state_at(t->book, change->subject, &reading, each_state, t, err);
		/* What counted before and counts no more leaves a gap. */
		if (!failed && !t->found && change->subject <= t->facts->head.seq)
			t->refused = true;
		if (!failed && !t->refused && t->found && change->object == OBJECT_LEAD)
			failed = book_history_at(t->book, change->subject, &reading, each_version, t, err);
	}
	for (size_t i = 0; i < changes->count && !failed && !t->refused; i++) {
		const struct change *change = &changes->items[i];

		if (change->object == OBJECT_TOUCH || change->object == OBJECT_ACTIVITY)
			failed = book_state_at(t->book, change->subject, &reading, each_links, t, err);
	}
	return failed;
}

/* ---- what follows for a lead from its deals and activities ---- */

/* Copies of all that belongs to the leads that changed. */
static void bring_belongings(struct taking *t)
{
	const struct column *deal_lead = facts_known_column(t->facts, FACT_OPPORTUNITIES, "lead");
	const struct column *activity_lead = facts_known_column(t->facts, FACT_ACTIVITIES, "lead");
	uint32_t leads = facts_rows(t->facts, FACT_LEADS), made = t->rows[FACT_LEADS];
	uint32_t *row = must_calloc(leads + 1, sizeof(*row));

	for (uint32_t i = 0; i < made; i++) {
		if (t->whole[FACT_LEADS][i] && t->to[FACT_LEADS][i] != REF_NONE)
			row[t->to[FACT_LEADS][i]] = i + 1;
	}
	for (uint32_t i = 0; deal_lead->at.any && i < facts_rows(t->facts, FACT_OPPORTUNITIES); i++) {
		uint32_t lead = column_ref(deal_lead, i);

		if (lead != REF_NONE && row[lead])
			copy_deal(t, i);
	}
	for (uint32_t i = 0; activity_lead->at.any && i < facts_rows(t->facts, FACT_ACTIVITIES); i++) {
		uint32_t lead = column_ref(activity_lead, i);

		if (lead != REF_NONE && row[lead])
			copy_activity(t, i, row[lead] - 1);
	}
	free(row);
}

/* Would the lead lend its deals and orders anything else than before? */
static bool lends_otherwise(const struct taking *t, uint32_t row)
{
	static const char *const lent[] = { "source",  "campaign", "origin",   "segment", "region",
					    "product", "partner",  "industry", "account", "inbound" };
	uint32_t to = t->to[FACT_LEADS][row];

	for (size_t i = 0; i < sizeof(lent) / sizeof(*lent); i++) {
		const struct column *was = facts_known_column(t->facts, FACT_LEADS, lent[i]);
		const struct column *is = facts_known_column(t->made, FACT_LEADS, lent[i]);
		uint32_t before = column_empty(was, to) ? 0 : column_code(was, to);
		uint32_t now = column_empty(is, row) ? 0 : column_code(is, row);

		if (!before != !now ||
		    (before && (is->dict ? !str_eq(was->dict->names[before], is->dict->names[now]) : before != now)))
			return true;
	}
	return false;
}

/* Of those to whom others owe nothing it does not matter. */
static bool lends_as_before(const struct taking *t)
{
	static const enum fact borrow[] = { FACT_OPPORTUNITIES, FACT_ORDERS };
	uint8_t *otherwise = must_calloc(facts_rows(t->facts, FACT_LEADS) + 1, 1);
	bool as_before = true, some = false;

	for (uint32_t i = 0; i < t->rows[FACT_LEADS]; i++) {
		if (!t->whole[FACT_LEADS][i] || t->to[FACT_LEADS][i] == REF_NONE || !lends_otherwise(t, i))
			continue;
		otherwise[t->to[FACT_LEADS][i]] = 1;
		some = true;
	}
	for (size_t k = 0; k < sizeof(borrow) / sizeof(*borrow) && some; k++) {
		const struct column *lead = facts_known_column(t->facts, borrow[k], "lead");

		for (uint32_t i = 0; lead->at.any && i < facts_rows(t->facts, borrow[k]); i++) {
			uint32_t row = column_ref(lead, i);

			as_before &= row == REF_NONE || !otherwise[row];
		}
	}
	free(otherwise);
	return as_before;
}

/* A new activity that came before the response known so far: whether that was told by the lead itself nobody knows here. */
static bool responses_fit(const struct taking *t)
{
	const struct column *lead = facts_known_column(t->made, FACT_ACTIVITIES, "lead");
	const struct column *at = facts_known_column(t->made, FACT_ACTIVITIES, "at");
	const struct column *first = facts_known_column(t->facts, FACT_LEADS, "first_response");

	for (uint32_t i = 0; i < t->rows[FACT_ACTIVITIES] && lead->at.any; i++) {
		uint32_t row = column_ref(lead, i), to;

		if (!t->whole[FACT_ACTIVITIES][i] || row == REF_NONE || t->whole[FACT_LEADS][row])
			continue;
		to = t->to[FACT_LEADS][row];
		if (!column_empty(first, to) && column_code(at, i) < column_code(first, to))
			return false;
	}
	return true;
}

/* ---- the whole ---- */

/* What every load begins with: who our colleagues are, what stages mean, which fields of their own companies keep. */
static void bring_lasting(struct taking *t)
{
	const struct facts *facts = t->facts;

	for (size_t i = 0; i < facts->colleague_count; i++) {
		const struct facts_colleague *c = &facts->colleagues[i];

		*LIST_ADD(&t->part.colleagues) = (struct colleague){ .key = c->key,
								     .source = c->source,
								     .name = part_word(&t->part, c->name),
								     .team = part_word(&t->part, c->team),
								     .region = part_word(&t->part, c->region),
								     .partner = part_word(&t->part, c->partner) };
	}
	for (size_t i = 0; i < facts->stage_count; i++)
		builder_stage(t->made, &facts->stages[i]);
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		for (size_t i = 0; i < facts->tables[f].column_count; i++) {
			const struct column_def *def = &facts->tables[f].columns[i]->def;

			if (def->custom)
				builder_custom(t->made, f, str_of(def->name), def->type, str_of(def->sentence));
		}
	}
}

static bool same_columns(const struct taking *t)
{
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		if (t->made->tables[f].column_count != t->facts->tables[f].column_count)
			return false;
	}
	return true;
}

static void make_rows(struct taking *t)
{
	load_parts(&t->loader, &t->part, 1);
	load_leads_follow(&t->loader);
	facts_finish(t->made, DATE_NONE);
	t->refused |= !same_columns(t) || !lends_as_before(t) || !responses_fit(t);
}

int take_up_prepare(struct taking **out, struct facts *facts, struct finder *finder, struct book *book,
		    const struct changes *changes, struct err *err)
{
	struct taking *t = must_calloc(1, sizeof(*t));
	int failed;

	*t = (struct taking){ .facts = facts,
			      .finder = finder,
			      .book = book,
			      .head = book_head(book),
			      .made = builder_part_new(facts),
			      .refused = changes->all };
	part_init(&t->part, facts);
	loader_init(&t->loader, t->made, 1);
	bring_lasting(t);
	failed = read_changes(t, changes, err);
	if (!failed && !t->refused) {
		bring_belongings(t);
		make_rows(t);
	}
	*out = failed || t->refused ? NULL : t;
	if (!*out)
		take_up_free(t);
	return failed;
}

size_t take_up_most(const struct facts *facts)
{
	enum { PART_OF_ROWS = 10, FEW = 100, MOST = 1 << 20 };
	uint64_t rows = 0;

	for (enum fact f = 0; f < FACT__COUNT; f++)
		rows += facts_rows(facts, f);
	return rows / PART_OF_ROWS < MOST ? (size_t)(rows / PART_OF_ROWS) + FEW : MOST;
}

static void place_rows(struct taking *t, struct graft *graft)
{
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		for (uint32_t i = 0; i < t->rows[f]; i++)
			graft_place(graft, f, i, t->to[f][i]);
	}
}

void take_up_apply(struct taking *t, int32_t today)
{
	static const enum fact refer[] = { FACT_TOUCHES, FACT_ACTIVITIES };
	static const char *const links[] = { "lead", "opportunity" };
	struct graft graft;

	graft_init(&graft, t->facts, t->made);
	place_rows(t, &graft);
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		for (uint32_t i = 0; i < t->rows[f]; i++) {
			if (t->whole[f][i])
				graft_row(&graft, f, i);
			else if (f == FACT_LEADS)
				graft_value(&graft, f, i, "first_response");
		}
	}
	for (size_t i = 0; i < sizeof(refer) / sizeof(*refer); i++) {
		for (size_t k = 0; k < sizeof(links) / sizeof(*links); k++)
			facts_known_column(t->facts, refer[i], links[k])->unresolved +=
				facts_known_column(t->made, refer[i], links[k])->unresolved;
	}
	graft_finish(&graft, t->whole, today);
	t->facts->head = t->head;
	graft_release(&graft);
}

void take_up_free(struct taking *t)
{
	if (!t)
		return;
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		free(t->whole[f]);
		free(t->to[f]);
		places_release(&t->copies[f]);
	}
	builder_part_free(t->part.facts);
	part_release(&t->part);
	loader_release(&t->loader);
	builder_part_free(t->made);
	free(t);
}
