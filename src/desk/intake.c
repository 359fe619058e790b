#include "desk/intake.h"

#include <inttypes.h>

#include "desk/news.h"
#include "facts/newcomers.h"

/* Who hands it over: nobody did, the agreement says so. */
#define BY_ITSELF "lockstep"

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
	return news_of_lead(room->book, record->source, record->key, room->now_ms, err);
}

/* Those that are good enough go on to sales. `rows`: those of the facts that are no more than these leads. */
static int hand_over(const struct intake_room *room, struct facts *facts, struct intake_lead *const *rows, size_t count,
		     struct err *err)
{
	struct lead_word word = { .at_ms = room->now_ms - room->now_ms % 1000, .by = STR(BY_ITSELF) };
	struct lead_desk desk;
	int failed = lead_desk_open_shared(&desk, room->book, facts, room->agreements, room->now_ms, BY_ITSELF,
					   room->arena, err);

	if (failed)
		return failed;
	for (size_t i = 0; i < count && !failed; i++) {
		struct hand_over over;
		bool handed;

		desk.actor = rows[i]->actor;
		failed = hand_over_if_it_waits(&desk, (uint32_t)i, &word, &room->routing, &over, &handed, err);
		if (!failed && handed)
			rows[i]->owner = arena_str(room->arena, over.choice.owner);
	}
	lead_desk_close(&desk);
	return failed;
}

int intake_leads(const struct intake_room *room, struct intake_lead *leads, size_t count, struct err *err)
{
	struct record *records = ARENA_ARRAY(room->arena, struct record, count + 1);
	struct intake_lead **taken = ARENA_ARRAY(room->arena, struct intake_lead *, count + 1);
	uint64_t number = book_head(room->book).seq + 1;
	struct facts *facts;
	size_t rows = 0;
	int failed = 0;

	for (size_t i = 0; i < count && !failed; i++) {
		failed = name_lead(room, &leads[i], &number, err);
		if (failed || leads[i].refused)
			continue;
		failed = write_lead(room, &leads[i], &records[rows], err);
		taken[rows++] = &leads[i];
	}
	if (failed || !rows || !room->agreements->count)
		return failed;
	facts = newcomers_facts(room->facts, records, rows);
	failed = hand_over(room, facts, taken, rows, err);
	newcomers_free(facts);
	return failed;
}

/* ---- one ---- */

int intake_lead(struct lead_desk *desk, const struct record_fields *fields, struct str key, struct str *out,
		struct problems *problems, struct err *err)
{
	struct routings routings = { .desk = desk };
	struct intake_room room = { desk->book,   desk->facts, &desk->agreements, { routings_opened, &routings },
				    desk->now_ms, desk->arena };
	struct intake_lead lead = { .fields = fields, .id = key, .actor = desk->actor };
	int failed = lead_desk_begin(desk, err);

	if (failed)
		return failed;
	failed = intake_leads(&room, &lead, 1, err);
	if (!failed && lead.refused) {
		problem_add(problems, STR_NONE, 0, 0, STR("id"), "there is a lead of this id already");
		failed = 1;
	}
	*out = lead.key;
	return lead_desk_commit(desk, failed, err);
}
