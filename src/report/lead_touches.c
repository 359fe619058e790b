#include "report/lead_touches.h"

#include <stdlib.h>
#include <string.h>

struct str lead_touch_joined(struct lead_desk *desk, struct str a, struct str b)
{
	if (!a.len || !b.len || str_eq(a, b))
		return a.len ? a : b;
	return str_of(arena_printf(desk->arena, "%.*s · %.*s", STR_ARG(a), STR_ARG(b)));
}

int lead_note_of(struct lead_desk *desk, enum fact fact, enum object object, uint32_t row, struct str *out,
		 struct err *err)
{
	struct str key = cells_key(desk->facts, fact, row, desk->arena);
	struct reading reading = { INT64_MAX, true };
	const struct value *value;
	struct state state;
	bool found;

	*out = STR_NONE;
	if (!memchr(key.at, '#', key.len))
		return 0;
	if (book_state_of(desk->book, object, cells_source(desk->facts, fact, row), key, &reading, &state, &found,
			  desk->arena, err))
		return err->kind;
	value = found ? record_get(&state.record, FIELD_NOTES) : NULL;
	if (value && value->kind == VALUE_TEXT)
		*out = value->as.text;
	return 0;
}

static int by_time(const void *a, const void *b)
{
	const struct lead_touch_told *x = a, *y = b;

	return (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms);
}

int lead_touches(struct lead_desk *desk, const struct lead_file *file, struct lead_touch_told **out, size_t *count,
		 struct err *err)
{
	const struct column *lead = cells_of(desk->facts, FACT_TOUCHES, "lead");
	const struct column *at = cells_of(desk->facts, FACT_TOUCHES, "at");
	const struct column *kind = cells_of(desk->facts, FACT_TOUCHES, "kind");
	const struct column *form = cells_of(desk->facts, FACT_TOUCHES, "form");
	const struct column *campaign = cells_of(desk->facts, FACT_TOUCHES, "campaign");
	const struct column *outcome = cells_of(desk->facts, FACT_TOUCHES, "outcome");
	struct lead_touch_told *list = NULL;
	size_t capacity = 0;

	*count = 0;
	for (uint32_t row = 0; row < facts_rows(desk->facts, FACT_TOUCHES); row++) {
		struct lead_touch_told touch = { .at_ms = cell_time_ms(at, row) };

		if (cell_ref(lead, row) != file->row || touch.at_ms == CELL_NEVER || touch.at_ms == CELL_UNKNOWN)
			continue;
		if (lead_note_of(desk, FACT_TOUCHES, OBJECT_TOUCH, row, &touch.note, err))
			return err->kind;
		touch.kind = cell_name(kind, row).len ? cell_name(kind, row) : STR("touch");
		touch.form = cell_name(form, row);
		touch.about = lead_touch_joined(desk, cell_name(outcome, row), cell_name(campaign, row));
		ARENA_PUSH(desk->arena, list, *count, capacity);
		list[(*count)++] = touch;
	}
	if (*count)
		qsort(list, *count, sizeof(*list), by_time);
	*out = list;
	return 0;
}
