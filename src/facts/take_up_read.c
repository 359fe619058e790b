/* Which rows are made, and of what: records read from the book, rows that they refer to from the facts. */
#include <stdlib.h>
#include <string.h>

#include "facts/packed.h"
#include "facts/taking.h"

static const char *const lead_lends[] = { LEAD_LENDS };
static const char *const deal_lends[] = { DEAL_LENDS };
static const char *const contact_says[] = { "direction", "outcome" };
static const char *const step_says[] = { "step", "owner", "outcome", "reason" };
static const char *const merged[] = { "merged_into" };

#define WALKS_MOST 4u            /* over the keys of a fact; to note them all takes about eight times as long */
#define NOWHERE (UINT32_MAX - 1) /* row + 1 of what was looked for and is not there */
#define WALKED_ENTRIES_MOST (UINT64_C(1) << 20) /* about what a third of a second reads */

/* ---- finding ---- */

void finder_release(struct finder *finder)
{
	for (enum fact f = 0; f < FACT__COUNT; f++)
		places_release(&finder->keys[f]);
	places_release(&finder->names);
	*finder = (struct finder){ 0 };
}

static void look_at_rows(struct places *places, uint32_t *seen, const struct facts *facts, enum fact fact)
{
	uint32_t rows = facts_rows(facts, fact);
	struct key_walk walk;

	if (*seen == rows)
		return;
	places_reserve(places, rows);
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

static uint32_t walk_to(const struct facts *facts, enum fact fact, struct str source, uint64_t key)
{
	uint32_t rows = facts_rows(facts, fact), row;
	struct key_walk walk;

	key_walk_init(&walk, facts->tables[fact].columns[0]->at.keys);
	for (row = 0; row < rows; row++) {
		if (text_hash(key_walk_next(&walk)) == key && str_eq(facts_source(facts, fact, row), source))
			break;
	}
	key_walk_release(&walk);
	return row < rows ? row + 1 : NOWHERE;
}

/* Row + 1, or 0. For the first few keys the rows are walked over; who asks for more, or again and again, has all of them noted. */
static uint32_t find_row(struct taking *t, enum fact fact, struct str source, uint64_t key)
{
	uint64_t hash = places_hash(key, str_hash(source));
	uint32_t row = places_get(&t->walked[fact], hash);

	if (!row && t->finder->walks[fact] < WALKS_MOST) {
		t->finder->walks[fact]++;
		row = walk_to(t->facts, fact, source, key);
		places_put(&t->walked[fact], hash, row, false);
	}
	if (row)
		return row == NOWHERE ? 0 : row;
	look_at_rows(&t->finder->keys[fact], &t->finder->rows[fact], t->facts, fact);
	return places_get(&t->finder->keys[fact], hash);
}

static bool is_a_name(struct taking *t, uint64_t name)
{
	const struct ties *ties = &t->facts->ties;

	for (; t->finder->name_count < ties->name_count; t->finder->name_count++)
		places_put(&t->finder->names, places_hash(ties->names[t->finder->name_count], 0), 1, false);
	return places_get(&t->finder->names, places_hash(name, 0)) != 0;
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

static void copy_names(struct taking *t, enum fact fact, const char *const *names, size_t count, uint32_t from,
		       uint32_t row)
{
	for (size_t i = 0; i < count; i++) {
		const struct column *column = facts_known_column(t->facts, fact, names[i]);

		if (!column_empty(column, from))
			builder_name(t->part.facts, facts_known_column(t->part.facts, fact, names[i]), row,
				     column->dict->names[column_code(column, from)]);
	}
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
	const struct column *inbound = facts_known_column(t->facts, FACT_LEADS, "inbound");
	uint32_t row = places_get(&t->copies[FACT_LEADS], places_hash(from, FACT_LEADS));

	if (row)
		return row - 1;
	row = begin_copy(t, FACT_LEADS, from);
	copy_time(t, FACT_LEADS, COL_CREATED, from, row);
	copy_time(t, FACT_LEADS, COL_HANDED_OFF, from, row);
	copy_time(t, FACT_LEADS, COL_FIRST_RESPONSE, from, row);
	copy_names(t, FACT_LEADS, lead_lends, COUNT(lead_lends), from, row);
	copy_names(t, FACT_LEADS, merged, COUNT(merged), from, row);
	if (!column_empty(inbound, from))
		builder_flag(t->part.facts, t->part.columns[FACT_LEADS][COL_INBOUND], row,
			     column_code(inbound, from) == FLAG_YES);
	return row;
}

/* The lead, and those that count instead where it was merged. */
static void copy_survivors(struct taking *t, uint32_t from)
{
	enum { STEPS_MOST = 16 };
	const struct column *into = facts_known_column(t->facts, FACT_LEADS, "merged_into");
	uint32_t place = from + 1;

	for (int i = 0; place && i <= STEPS_MOST; i++) {
		struct str key = into->at.any ? into->dict->names[column_code(into, place - 1)] : STR_NONE;
		struct str source = str_cut(&key, ':');

		copy_lead(t, place - 1);
		place = source.len ? find_row(t, FACT_LEADS, source, text_hash(key)) : 0;
	}
}

static uint32_t copy_deal(struct taking *t, uint32_t from)
{
	const struct column *lead = facts_known_column(t->facts, FACT_OPPORTUNITIES, "lead");
	const struct column *amount = facts_known_column(t->facts, FACT_OPPORTUNITIES, "amount");
	uint32_t row = places_get(&t->copies[FACT_OPPORTUNITIES], places_hash(from, FACT_OPPORTUNITIES));

	if (row)
		return row - 1;
	row = begin_copy(t, FACT_OPPORTUNITIES, from);
	*LIST_ADD(&t->part.deals) = (struct deal_told){ .finished = true };
	copy_time(t, FACT_OPPORTUNITIES, COL_CREATED, from, row);
	copy_time(t, FACT_OPPORTUNITIES, COL_WON, from, row);
	copy_time(t, FACT_OPPORTUNITIES, COL_LOST, from, row);
	copy_time(t, FACT_OPPORTUNITIES, COL_DISCONTINUED, from, row);
	copy_names(t, FACT_OPPORTUNITIES, deal_lends, COUNT(deal_lends), from, row);
	if (!column_empty(amount, from))
		builder_money(t->part.facts, t->part.columns[FACT_OPPORTUNITIES][COL_AMOUNT], row,
			      column_money(amount, from), t->facts->currencies[column_currency(amount, from)]);
	if (!column_empty(lead, from))
		builder_ref(t->part.facts, t->part.columns[FACT_OPPORTUNITIES][COL_LEAD], row,
			    copy_lead(t, column_ref(lead, from)));
	return row;
}

/* An activity or a step, of a lead that is made. */
static void copy_event(struct taking *t, enum fact fact, uint32_t from, uint32_t lead)
{
	const struct column *automatic = facts_column(t->facts, fact, STR("automatic"));
	uint32_t row;

	if (places_get(&t->copies[fact], places_hash(from, fact)))
		return;
	row = builder_row(t->part.facts, fact, STR_NONE);
	builder_source(t->part.facts, fact, row, facts_source(t->facts, fact, from));
	note_row(t, fact, from, false);
	copy_time(t, fact, COL_AT, from, row);
	builder_ref(t->part.facts, t->part.columns[fact][COL_LEAD], row, lead);
	if (automatic && !column_empty(automatic, from))
		builder_flag(t->part.facts, t->part.columns[fact][COL_AUTOMATIC], row,
			     column_code(automatic, from) == FLAG_YES);
	if (fact == FACT_ACTIVITIES)
		copy_names(t, fact, contact_says, COUNT(contact_says), from, row);
	else
		copy_names(t, fact, step_says, COUNT(step_says), from, row);
}

/* ---- what is to be made ---- */

void want(struct taking *t, enum object object, uint32_t row)
{
	const uint32_t *subjects = t->facts->tables[fact_of_object(object)].subjects;
	uint64_t hash = places_hash(row, object);

	if (row >= facts_rows(t->facts, fact_of_object(object)) || places_get(&t->wanted[object], hash))
		return;
	places_put(&t->wanted[object], hash, 1, false);
	*LIST_ADD(&t->items[object]) = (struct item){ row, subjects ? subjects[row] : 0 };
	t->again = true;
}

static int compare_items(const void *left, const void *right)
{
	const struct item *a = left, *b = right;

	if (a->row != REF_NONE && b->row != REF_NONE)
		return a->row < b->row ? -1 : a->row > b->row;
	if (a->subject && b->subject)
		return a->subject < b->subject ? -1 : a->subject > b->subject;
	return a->row == REF_NONE ? 1 : -1;
}

static bool says(const struct record *record, enum field code)
{
	const struct value *value = record_get(record, code);

	return value && value->kind != VALUE_EMPTY;
}

/* The account it names is read when all rows are. */
static void bring_account(struct taking *t, const struct record *record)
{
	const struct value *value = record_get(record, FIELD_ACCOUNT);
	uint64_t told = part_ref(value), hash = places_hash(told, str_hash(record->source));
	struct str key;

	t->refused |= (told & 3) != REF_BY_KEY;
	if (!told || t->refused || places_get(&t->accounts_seen, hash))
		return;
	key = value->kind == VALUE_REF ? value->as.ref.key : value->as.text;
	places_put(&t->accounts_seen, hash, 1, false);
	*LIST_ADD(&t->accounts) = (struct named){ arena_str(&t->arena, record->source), arena_str(&t->arena, key) };
}

/* What the record refers to, by key alone, is copied. Leads are read before deals, and these before all others. */
static void bring_links(struct taking *t, const struct record *record)
{
	uint64_t lead = part_ref(record_get(record, FIELD_LEAD)),
		 deal = part_ref(record_get(record, FIELD_OPPORTUNITY_REF));
	uint32_t row;

	t->refused |= says(record, FIELD_CONTACT) || (lead & 3) != REF_BY_KEY || (deal & 3) != REF_BY_KEY;
	if (t->refused)
		return;
	row = lead ? find_row(t, FACT_LEADS, record->source, lead & ~UINT64_C(3)) : 0;
	if (row)
		copy_survivors(t, row - 1);
	row = deal ? find_row(t, FACT_OPPORTUNITIES, record->source, deal & ~UINT64_C(3)) : 0;
	if (row)
		copy_deal(t, row - 1);
	bring_account(t, record);
}

static void meet(struct taking *t, enum object object, uint64_t hash)
{
	if (hash)
		places_put(&t->newcomers, places_hash(hash, object), 1, false);
}

/* The row of the record at hand, when it has one. */
static void look_for_row(struct taking *t, const struct state *state)
{
	const struct record *record = &state->record;
	uint64_t key = text_hash(record->key);
	uint32_t row;

	t->item->subject = state->subject;
	if (state->subject > t->facts->head.seq) {
		meet(t, record->object, key);
		return;
	}
	if (t->item->row != REF_NONE)
		return;
	row = find_row(t, fact_of_object(record->object), record->source, key);
	t->refused |= !row;
	t->item->row = row - 1;
	places_put(&t->wanted[record->object], places_hash(row - 1, record->object), 1, false);
}

static int each_state(void *context, const struct state *state, struct err *err)
{
	struct taking *t = context;
	const struct record *record = &state->record;

	(void)err;
	t->found = true;
	t->versions = state->versions;
	t->part.subject = state->subject;
	t->email = text_hash(part_text(record, FIELD_EMAIL_MATCH));
	look_for_row(t, state);
	/* A new lead may be one that others spoke of before by its address. */
	if (record->object == OBJECT_LEAD && t->item->row == REF_NONE && t->email && t->facts->leads_by_email)
		t->refused = true;
	if (!t->refused)
		bring_links(t, record);
	if (t->refused)
		return 0;
	part_begin(&t->part, record);
	note_row(t, fact_of_object(record->object), t->item->row, true);
	part_rest(&t->part, record, false);
	return 0;
}

static int each_version(void *context, const struct state *state, struct err *err)
{
	struct taking *t = context;
	const struct record *record = &state->record;

	(void)err;
	/* Whose lead a contact is must stay as it is. */
	if (record->object == OBJECT_LEAD)
		t->refused |= says(record, FIELD_CONTACT) ||
			      (text_hash(part_text(record, FIELD_EMAIL_MATCH)) != t->email && t->facts->leads_by_email);
	if (!t->refused)
		part_version(&t->part, record);
	return 0;
}

static int read_state(struct taking *t, enum object object, struct err *err)
{
	const struct reading reading = READING_ALL;
	enum fact fact = fact_of_object(object);
	struct state state;
	struct arena arena;
	struct str key;
	bool found;
	int failed;

	if (t->item->subject)
		return book_state_at(t->book, t->item->subject, &reading, each_state, t, err);
	/* By key: touches, contacts and steps are in no index, so that each costs a walk over all entries. A few, or loading all is sooner done. */
	if (object != OBJECT_OPPORTUNITY && object != OBJECT_ORDER &&
	    ++t->walks * t->facts->head.seq > WALKED_ENTRIES_MOST && t->walks > 1) {
		t->refused = true;
		return 0;
	}
	arena_init(&arena);
	key = key_list_at(t->facts->tables[fact].columns[0]->at.keys, t->item->row, &arena);
	failed = book_state_of(t->book, object, facts_source(t->facts, fact, t->item->row), key, &reading, &state,
			       &found, &arena, err);
	if (!failed && found)
		failed = each_state(t, &state, err);
	arena_release(&arena);
	return failed;
}

static int read_items(struct taking *t, enum object object, struct err *err)
{
	const struct reading reading = READING_ALL;
	int failed = 0;

	if (t->items[object].count)
		qsort(t->items[object].items, t->items[object].count, sizeof(struct item), compare_items);
	for (size_t i = 0; i < t->items[object].count && !failed && !t->refused; i++) {
		t->item = &t->items[object].items[i];
		t->found = false;
		failed = read_state(t, object, err);
		/* What counted before and counts no more leaves a gap. */
		if (!failed && !t->found && t->item->subject <= t->facts->head.seq)
			t->refused = true;
		if (!failed && !t->refused && t->found && t->versions > 1 &&
		    (object == OBJECT_LEAD || object == OBJECT_OPPORTUNITY))
			failed = book_history_at(t->book, t->item->subject, &reading, each_version, t, err);
	}
	return failed;
}

/* ---- stage changes ---- */

/* Its deal is there and not made: of another source than the made one of that key, or made in the next try. */
static bool is_of_other_deal(struct taking *t, const struct record *record)
{
	uint64_t told = part_ref(record_get(record, FIELD_OPPORTUNITY_REF));
	uint32_t row = told ? find_row(t, FACT_OPPORTUNITIES, record->source, told & ~UINT64_C(3)) : 0, made;

	if (!row)
		return false;
	made = places_get(&t->copies[FACT_OPPORTUNITIES], places_hash(row - 1, FACT_OPPORTUNITIES));
	return !made || !t->whole[FACT_OPPORTUNITIES][made - 1];
}

static int each_move(void *context, const struct state *state, struct err *err)
{
	struct taking *t = context;

	(void)err;
	if (is_of_other_deal(t, &state->record))
		return 0;
	t->part.subject = state->subject;
	part_record(&t->part, &state->record);
	return 0;
}

static void note_deal(struct taking *t, struct str source, uint64_t told)
{
	uint32_t row = told ? find_row(t, FACT_OPPORTUNITIES, source, told & ~UINT64_C(3)) : 0;

	if (row)
		*LIST_ADD(&t->moved) = row - 1;
}

static int compare_moves(const void *left, const void *right)
{
	const struct told_move *a = left, *b = right;

	return a->subject < b->subject ? -1 : a->subject > b->subject;
}

struct told_move *move_before(const struct ties *ties, uint64_t subject)
{
	const struct told_move key = { .subject = subject };

	return ties->move_count ? bsearch(&key, ties->moves, ties->move_count, sizeof(key), compare_moves) : NULL;
}

/* The deal that a changed move is of, and the one it was of. */
static int each_changed_move(void *context, const struct state *state, struct err *err)
{
	struct taking *t = context;
	const struct told_move *before = move_before(&t->facts->ties, state->subject);

	(void)err;
	t->found = true;
	note_deal(t, state->record.source, part_ref(record_get(&state->record, FIELD_OPPORTUNITY_REF)));
	if (before)
		note_deal(t, state->record.source, before->told);
	return 0;
}

static int compare_numbers(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

/* All moves of the deals that are made, and those that changed, in the order in which they came. */
static int read_moves(struct taking *t, struct err *err)
{
	const struct ties *ties = &t->facts->ties;
	const struct reading reading = READING_ALL;
	struct places deals = { 0 };
	LIST(uint64_t) subjects = { 0 };
	int failed = 0;

	for (uint32_t i = 0; i < t->rows[FACT_OPPORTUNITIES]; i++) {
		if (t->whole[FACT_OPPORTUNITIES][i])
			places_put(&deals, places_hash(row_list_at(&t->part.keys[FACT_OPPORTUNITIES], i), 0), 1, false);
	}
	for (size_t i = 0; i < ties->move_count && deals.count; i++) {
		if (places_get(&deals, places_hash(ties->moves[i].told, 0)))
			*LIST_ADD(&subjects) = ties->moves[i].subject;
	}
	for (size_t i = 0; i < t->moves.count; i++)
		*LIST_ADD(&subjects) = t->moves.items[i];
	if (subjects.count)
		qsort(subjects.items, subjects.count, sizeof(uint64_t), compare_numbers);
	for (size_t i = 0; i < subjects.count && !failed; i++) {
		if (!i || subjects.items[i] != subjects.items[i - 1])
			failed = book_state_at(t->book, subjects.items[i], &reading, each_move, t, err);
	}
	places_release(&deals);
	free(subjects.items);
	return failed;
}

/* ---- accounts and contacts ---- */

static int each_newcomer(void *context, const struct state *state, struct err *err)
{
	struct taking *t = context;
	const struct record *record = &state->record;
	struct str name = part_text(record, FIELD_NAME);
	uint64_t key = text_hash(record->key);

	(void)err;
	meet(t, record->object, key);
	if (record->object == OBJECT_ACCOUNT) {
		meet(t, OBJECT_ACCOUNT, text_hash(name));
		*LIST_ADD(&t->names) = name.len ? text_hash(name) : key;
		t->refused |= t->facts->ties.persons != 0;
	} else {
		meet(t, OBJECT_CONTACT, text_hash(part_text(record, FIELD_EMAIL_MATCH)));
		t->persons++;
	}
	return 0;
}

static int read_accounts(struct taking *t, struct err *err)
{
	const struct reading reading = READING_ALL;
	struct arena arena;
	int failed = 0;

	arena_init(&arena);
	for (size_t i = 0; i < t->accounts.count && !failed; i++) {
		const struct named *named = &t->accounts.items[i];
		struct state state;
		bool found;

		failed = book_state_of(t->book, OBJECT_ACCOUNT, named->source, named->key, &reading, &state, &found,
				       &arena, err);
		if (!failed && found)
			part_record(&t->part, &state.record);
		else if (!failed) /* its name could stand where the key should */
			t->refused |= is_a_name(t, text_hash(named->key)) ||
				      places_get(&t->newcomers, places_hash(text_hash(named->key), OBJECT_ACCOUNT));
		arena_reset(&arena);
	}
	arena_release(&arena);
	return failed;
}

/* ---- the changes ---- */

static int note_change(struct taking *t, const struct change *change, struct err *err)
{
	const struct reading reading = READING_ALL;
	bool fresh = change->subject > t->facts->head.seq;
	int failed = 0;

	if (fact_of_object(change->object) != FACT__COUNT) {
		*LIST_ADD(&t->items[change->object]) = (struct item){ REF_NONE, change->subject };
	} else if (change->object == OBJECT_STAGE_CHANGE) {
		*LIST_ADD(&t->moves) = change->subject;
		t->found = false;
		failed = book_state_at(t->book, change->subject, &reading, each_changed_move, t, err);
		t->refused |= !failed && !t->found && !fresh;
	} else if ((change->object == OBJECT_ACCOUNT || change->object == OBJECT_CONTACT) && fresh) {
		failed = book_state_at(t->book, change->subject, &reading, each_newcomer, t, err);
	} else {
		t->refused |= !object_is_paper(change->object);
	}
	return failed;
}

int note_changes(struct taking *t, const struct changes *changes, struct err *err)
{
	int failed = 0;

	for (size_t i = 0; i < changes->count && !failed && !t->refused; i++)
		failed = note_change(t, &changes->items[i], err);
	return failed;
}

int read_all(struct taking *t, struct err *err)
{
	static const enum object order[] = { OBJECT_LEAD,  OBJECT_OPPORTUNITY, OBJECT_TOUCH,     OBJECT_ACTIVITY,
					     OBJECT_SPEND, OBJECT_ORDER,       OBJECT_LEAD_STEP, OBJECT_PROMISE_WORD };
	int failed = 0;

	for (size_t i = 0; i < COUNT(order) && !failed && !t->refused; i++) {
		failed = read_items(t, order[i], err);
		if (!failed && !t->refused && order[i] == OBJECT_OPPORTUNITY)
			failed = read_moves(t, err);
	}
	return failed || t->refused ? failed : read_accounts(t, err);
}

/* `row`: by lead, its row made + 1. */
static void bring_events(struct taking *t, enum fact fact, const uint32_t *row)
{
	const struct column *of = facts_known_column(t->facts, fact, "lead");

	for (uint32_t i = 0; of->at.any && i < facts_rows(t->facts, fact); i++) {
		uint32_t lead = column_ref(of, i);

		if (lead != REF_NONE && row[lead])
			copy_event(t, fact, i, row[lead] - 1);
	}
}

/* Copies of all that belongs to the leads that are made, but for what is made itself. */
void bring_belongings(struct taking *t)
{
	const struct column *deal_lead = facts_known_column(t->facts, FACT_OPPORTUNITIES, "lead");
	uint32_t made = t->rows[FACT_LEADS], *row = NULL;

	for (uint32_t i = 0; i < made; i++) {
		if (!t->whole[FACT_LEADS][i] || t->to[FACT_LEADS][i] == REF_NONE)
			continue;
		row = row ? row : must_calloc(facts_rows(t->facts, FACT_LEADS), sizeof(*row));
		row[t->to[FACT_LEADS][i]] = i + 1;
	}
	/* What is only new, or only tells of leads, brings nothing with it. */
	if (!row)
		return;
	for (uint32_t i = 0; deal_lead->at.any && i < facts_rows(t->facts, FACT_OPPORTUNITIES); i++) {
		uint32_t lead = column_ref(deal_lead, i);

		if (lead != REF_NONE && row[lead])
			copy_deal(t, i);
	}
	bring_events(t, FACT_LEAD_STEPS, row);
	bring_events(t, FACT_ACTIVITIES, row);
	free(row);
}
