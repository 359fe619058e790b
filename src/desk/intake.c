#include "desk/intake.h"

#include <inttypes.h>

/* Entries are numbered, and a lead is one: short enough to be said aloud, never given twice, and in the order of time. */
static struct str next_key(struct lead_desk *desk)
{
	uint64_t number = book_head(desk->book).seq + 1;
	uint32_t row;

	while (cells_find(desk->facts, FACT_LEADS, STR(INTAKE_SOURCE),
			  str_of(arena_printf(desk->arena, "%" PRIu64, number)), &row, 1))
		number++;
	return str_of(arena_printf(desk->arena, "%" PRIu64, number));
}

int intake_lead(struct lead_desk *desk, const struct record_fields *fields, struct str key, struct str *out,
		struct problems *problems, struct err *err)
{
	uint32_t row;
	bool news;
	int failed;

	if (key.len && cells_find(desk->facts, FACT_LEADS, STR(INTAKE_SOURCE), key, &row, 1)) {
		problem_add(problems, STR_NONE, 0, 0, STR("id"), "there is a lead of this id already");
		return 1;
	}
	if (!key.len)
		key = next_key(desk);
	failed = lead_desk_begin(desk, err);
	if (failed)
		return failed;
	failed = lead_desk_offer(desk, OBJECT_LEAD, STR(INTAKE_SOURCE), key, fields, &news, err);
	if (!failed)
		*out = arena_str(desk->arena, book_last_key(desk->book));
	return lead_desk_commit(desk, failed, err);
}
