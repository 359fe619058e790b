#include "desk/intake.h"

#include <inttypes.h>

#include "desk/news.h"
#include "facts/newcomers.h"

/* ---- ids ---- */

/* Entries are numbered, and a lead is one: short enough to be said aloud, never given twice, and in the order of time. */
static int next_number(const struct intake_room *room, uint64_t *number, struct str *key, struct err *err)
{
	bool known = true;
	int failed = 0;

	for (; known && !failed; ++*number) {
		*key = str_of(arena_printf(room->arena, "%" PRIu64, *number));
		failed = book_knows(room->book, OBJECT_LEAD, STR(INTAKE_SOURCE), *key, &known, err);
	}
	return failed;
}

static int name_lead(const struct intake_room *room, struct intake_lead *lead, uint64_t *number, struct err *err)
{
	lead->key = lead->id;
	lead->owner = STR_NONE;
	lead->refused = false;
	return lead->id.len ? book_knows(room->book, OBJECT_LEAD, STR(INTAKE_SOURCE), lead->id, &lead->refused, err)
			    : next_number(room, number, &lead->key, err);
}

/* ---- who is there already ---- */

static struct match_person person_of(const struct intake_room *room, const struct intake_lead *lead)
{
	const struct record record = { .object = OBJECT_LEAD,
				       .fields = (struct record_field *)lead->fields->items,
				       .count = lead->fields->count };

	return match_person_of(&record, room->arena);
}

/* Is there still something to do? One that came in since the facts were read is new. *created_ms stays where it is not known. */
static bool is_open(const struct intake_room *room, const struct match *match, int64_t *created_ms)
{
	static const char *const ends[] = { "voided", "won", "lost", "discontinued", "disqualified" };
	uint32_t row;

	if (!cells_find(room->facts, FACT_LEADS, match->source, match->key, &row, 1))
		return true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (cell_time_ms(cells_of(room->facts, FACT_LEADS, ends[i]), row) != CELL_NEVER)
			return false;
	if (cell_time_ms(cells_of(room->facts, FACT_LEADS, "created"), row) < room->now_ms)
		*created_ms = cell_time_ms(cells_of(room->facts, FACT_LEADS, "created"), row);
	return true;
}

static int write_touch(const struct intake_room *room, const struct intake_lead *lead, struct str key, int64_t at_ms,
		       const struct record_fields *from, struct err *err)
{
	static const enum field told[] = { FIELD_SOURCE, FIELD_CAMPAIGN, FIELD_NOTES };
	struct append_context context = { .now_ms = room->now_ms, .actor = lead->actor };
	struct record_fields fields = { .count = 0 };
	struct record record = { .object = OBJECT_TOUCH,
				 .source = lead->source,
				 .key = key,
				 .observed_ms = room->now_ms,
				 .fields = fields.items };
	enum append_result result;

	fields_ref(&fields, FIELD_LEAD, lead->key);
	fields_time(&fields, FIELD_AT, at_ms - at_ms % 1000);
	fields_text(&fields, FIELD_KIND, STR("inquiry"));
	for (size_t i = 0; from && i < from->count; i++)
		for (size_t k = 0; k < sizeof(told) / sizeof(*told); k++)
			if (from->items[i].code == told[k])
				fields_text(&fields, told[k], from->items[i].value.as.text);
	record.count = fields.count;
	return book_append(room->book, &record, &context, &result, err);
}

/* The touch by which it came in is noted once there is another: before that it would say nothing that the lead does not. */
static int write_touches(const struct intake_room *room, const struct intake_lead *lead, uint64_t number,
			 int64_t created_ms, struct err *err)
{
	struct str first = str_of(arena_printf(room->arena, "%.*s" INTAKE_FIRST_TOUCH, STR_ARG(lead->key)));
	struct str next = str_of(arena_printf(room->arena, "%.*s#inquiry.%" PRIu64, STR_ARG(lead->key), number));
	bool known = !str_is(lead->source, INTAKE_SOURCE);

	if (!known && book_knows(room->book, OBJECT_TOUCH, lead->source, first, &known, err))
		return err->kind;
	if (!known && write_touch(room, lead, first, created_ms, NULL, err))
		return err->kind;
	return write_touch(room, lead, next, room->now_ms, lead->fields, err);
}

static struct str owner_of(const struct intake_room *room, const struct intake_lead *lead)
{
	uint32_t row;

	if (!cells_find(room->facts, FACT_LEADS, lead->source, lead->key, &row, 1))
		return STR_NONE;
	return arena_str(room->arena, cell_name(cells_of(room->facts, FACT_LEADS, "owner"), row));
}

/* `number`: one that no other touch of this moment has. */
static int meet(const struct intake_room *room, struct intake_lead *lead, uint64_t number, struct err *err)
{
	enum { SAME_MOST = 8 };
	struct match same[SAME_MOST];
	struct match_person person;
	int64_t created_ms = room->now_ms;
	size_t count;

	lead->known = false;
	if (!room->matches || lead->id.len || lead->alone)
		return 0;
	person = person_of(room, lead);
	count = matches_same(room->matches, &person, same, SAME_MOST);
	for (size_t i = 0; i < count && !lead->known; i++) {
		lead->known = is_open(room, &same[i], &created_ms);
		lead->key = arena_str(room->arena, same[i].key);
		lead->source = arena_str(room->arena, same[i].source);
	}
	lead->owner = lead->known ? owner_of(room, lead) : STR_NONE;
	lead->refused = false;
	return lead->known ? write_touches(room, lead, number, created_ms, err) : 0;
}

static void remember(const struct intake_room *room, const struct intake_lead *lead)
{
	struct match_person person;

	if (!room->matches)
		return;
	person = person_of(room, lead);
	matches_add(room->matches, lead->source, lead->key, &person);
}

/* ---- writing ---- */

static int write_lead(const struct intake_room *room, struct intake_lead *lead, struct record *record, struct err *err)
{
	struct append_context context = { .now_ms = room->now_ms, .actor = lead->actor };
	enum append_result result;

	*record = (struct record){ .object = OBJECT_LEAD,
				   .source = STR(INTAKE_SOURCE),
				   .key = lead->key,
				   .observed_ms = room->now_ms,
				   .fields = (struct record_field *)lead->fields->items,
				   .count = lead->fields->count };
	if (book_append(room->book, record, &context, &result, err))
		return err->kind;
	record->key = lead->key = arena_str(room->arena, book_last_key(room->book));
	lead->source = STR(INTAKE_SOURCE);
	return news_of_lead(room->book, record->source, record->key, room->now_ms, err);
}

/* What it came in by counts when it is judged: who asks for a demo is one who asks. */
static int write_first_touch(const struct intake_room *room, const struct intake_lead *lead, struct record *record,
			     struct err *err)
{
	struct append_context context = { .now_ms = room->now_ms, .actor = lead->actor };
	struct record_fields *fields = ARENA_NEW(room->arena, struct record_fields);
	enum append_result result;

	fields_ref(fields, FIELD_LEAD, lead->key);
	for (size_t i = 0; i < lead->touch->count; i++)
		fields->items[fields->count++] = lead->touch->items[i];
	*record = (struct record){ .object = OBJECT_TOUCH,
				   .source = lead->source,
				   .key = str_of(
					   arena_printf(room->arena, "%.*s" INTAKE_FIRST_TOUCH, STR_ARG(lead->key))),
				   .observed_ms = room->now_ms,
				   .fields = fields->items,
				   .count = fields->count };
	return book_append(room->book, record, &context, &result, err);
}

static void meanwhile(const struct intake_room *room)
{
	if (room->meanwhile)
		room->meanwhile(room->context);
}

/* Those that are good enough go on to sales. `rows`: those of the facts that are no more than these leads. */
static int hand_over(const struct intake_room *room, struct facts *facts, struct intake_lead *const *rows, size_t count,
		     struct err *err)
{
	struct lead_word word = { .at_ms = room->now_ms - room->now_ms % 1000, .by = STR(INTAKE_BY) };
	struct lead_desk desk;
	int failed = lead_desk_open_shared(&desk, room->book, facts, room->agreements, room->now_ms, INTAKE_BY,
					   room->arena, err);

	if (failed)
		return failed;
	for (size_t i = 0; i < count && !failed; i++) {
		struct hand_over over;
		bool handed;

		meanwhile(room);
		desk.actor = rows[i]->actor;
		failed = hand_over_if_it_waits(&desk, (uint32_t)i, &word, &room->routing, &over, &handed, err);
		if (!failed && handed)
			rows[i]->owner = arena_str(room->arena, over.choice.owner);
	}
	lead_desk_close(&desk);
	return failed;
}

static int judge(const struct intake_room *room, const struct record *records, size_t count,
		 struct intake_lead *const *rows, size_t leads, struct err *err)
{
	struct facts *facts;
	int failed;

	if (!room->agreements->count)
		return 0;
	facts = newcomers_facts(room->facts, records, count);
	failed = hand_over(room, facts, rows, leads, err);
	newcomers_free(facts);
	return failed;
}

int intake_leads(const struct intake_room *room, struct intake_lead *leads, size_t count, struct err *err)
{
	struct record *records = ARENA_ARRAY(room->arena, struct record, 2 * count + 1);
	struct intake_lead **taken = ARENA_ARRAY(room->arena, struct intake_lead *, count + 1);
	uint64_t number = book_next_seq(room->book);
	size_t rows = 0, told = 0;
	int failed = 0;

	for (size_t i = 0; i < count && !failed; i++) {
		meanwhile(room);
		failed = meet(room, &leads[i], book_next_seq(room->book), err);
		if (failed || leads[i].known)
			continue;
		failed = name_lead(room, &leads[i], &number, err);
		if (failed || leads[i].refused)
			continue;
		failed = write_lead(room, &leads[i], &records[told++], err);
		if (!failed && leads[i].touch)
			failed = write_first_touch(room, &leads[i], &records[told++], err);
		if (!failed)
			remember(room, &leads[i]);
		taken[rows++] = &leads[i];
	}
	if (failed || !rows)
		return failed;
	return judge(room, records, told, taken, rows, err);
}

/* ---- one ---- */

static struct intake_room room_at(struct lead_desk *desk, struct routings *routings)
{
	return (struct intake_room){ .book = desk->book,
				     .facts = desk->facts,
				     .agreements = &desk->agreements,
				     .routing = { routings_opened, routings },
				     .now_ms = desk->now_ms,
				     .arena = desk->arena };
}

int intake_lead(struct lead_desk *desk, struct intake_lead *lead, struct problems *problems, struct err *err)
{
	struct routings routings = { .desk = desk };
	struct intake_room room = room_at(desk, &routings);
	int failed = lead_desk_begin(desk, err);

	if (failed)
		return failed;
	lead->actor = desk->actor;
	failed = intake_leads(&room, lead, 1, err);
	if (!failed && lead->refused) {
		problem_add(problems, STR_NONE, 0, 0, STR("id"), "there is a lead of this id already");
		failed = 1;
	}
	return lead_desk_commit(desk, failed, err);
}

int intake_judge(struct lead_desk *desk, const struct record *records, size_t count, struct str lead, struct err *err)
{
	struct routings routings = { .desk = desk };
	const struct intake_room room = room_at(desk, &routings);
	struct intake_lead one = { .key = lead, .actor = desk->actor }, *row = &one;

	return judge(&room, records, count, &row, 1, err);
}
