#include "serve/listing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "facts/cells.h"
#include "facts/measure.h"
#include "report/answer_json.h"
#include "serve/who.h"

bool view_begin(struct call *call, bool judged, struct office_view *view)
{
	struct err err = ERR_INIT;

	if (!office_begin(server_office(call->server), call->now_ms, judged, view, &err))
		return true;
	call_error(call, &err);
	return false;
}

void view_end(struct call *call)
{
	office_end(server_office(call->server));
}

/* ---- conditions ---- */

void condition_is(struct buf *condition, const char *column, struct str text)
{
	if (!text.len)
		return;
	buf_addf(condition, "%s%s = \"", condition->len ? " and " : "", column);
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '"')
			buf_add_char(condition, '"');
		buf_add_char(condition, text.at[i]);
	}
	buf_add_char(condition, '"');
}

void condition_and(struct buf *condition, const char *text)
{
	if (text)
		buf_addf(condition, "%s(%s)", condition->len ? " and " : "", text);
}

const char *condition_text(const struct buf *condition, struct arena *arena)
{
	return condition->len ? arena_cstr(arena, buf_str(condition)) : NULL;
}

/* ---- pages ---- */

/* How many came on the pages before. False where the cursor is none of ours. */
static bool read_cursor(struct call *call, size_t *before)
{
	const char *text = call_text(call, "cursor");
	unsigned long long number;
	char *end;

	*before = 0;
	if (!text)
		return true;
	number = strtoull(text, &end, 16);
	if (*end || *text == '-' || number > LIST_FAR_MOST) {
		problem_add(&call->problems, STR_NONE, 0, 0, STR("cursor"), "is none that a page gave");
		call_wrong(call);
		return false;
	}
	*before = (size_t)number;
	return true;
}

static json_t *cursor_json(uint64_t total, size_t end)
{
	char text[24];

	if (end >= total || end > LIST_FAR_MOST)
		return json_null();
	snprintf(text, sizeof(text), "%zx", end);
	return json_string(text);
}

bool rows_read_most(struct call *call, const struct facts *facts, const char *of, const char *where, const char *order,
		    size_t most, struct rows_page *page)
{
	struct question question = { .of = of, .where = where, .as_of = DATE_NONE, .scope = who_sees(&call->who) };
	struct err err = ERR_INIT;

	*page = (struct rows_page){ .before = 0 };
	if (!read_cursor(call, &page->before))
		return false;
	if (!measure_list(facts, &question, "key", order, page->before + most, call->arena, &page->listing, &err))
		return true;
	call_error(call, &err);
	return false;
}

bool rows_read(struct call *call, const struct facts *facts, const char *of, const char *where, const char *order,
	       struct rows_page *page)
{
	return rows_read_most(call, facts, of, where, order, (size_t)call_whole(call, "limit", LIST_USUAL), page);
}

const char *rows_next(const struct rows_page *page, struct arena *arena)
{
	size_t end = page->listing.count;

	return end >= page->listing.total || end > LIST_FAR_MOST ? NULL : arena_printf(arena, "%zx", end);
}

json_t *rows_json(const struct rows_page *page, const char *name, json_t *list)
{
	json_t *root = json_object();

	json_object_set_new(root, "total", json_integer((json_int_t)page->listing.total));
	json_object_set_new(root, name, list);
	json_object_set_new(root, "next", cursor_json(page->listing.total, page->listing.count));
	return root;
}

bool range_read(struct call *call, size_t total, size_t *begin, size_t *count)
{
	size_t most = (size_t)call_whole(call, "limit", LIST_USUAL);

	if (!read_cursor(call, begin))
		return false;
	*begin = *begin < total ? *begin : total;
	*count = total - *begin < most ? total - *begin : most;
	return true;
}

json_t *range_json(size_t total, size_t end, const char *name, json_t *list)
{
	json_t *root = json_object();

	json_object_set_new(root, "total", json_integer((json_int_t)total));
	json_object_set_new(root, name, list);
	json_object_set_new(root, "next", cursor_json(total, end));
	return root;
}

/* ---- values ---- */

json_t *time_json(const struct zone *zone, int64_t at_ms)
{
	char text[40];

	if (at_ms == CELL_NEVER || at_ms == CELL_UNKNOWN)
		return json_null();
	zone_format(zone, at_ms, text);
	return json_string(text);
}

json_t *number_json(double number)
{
	if (isnan(number))
		return json_null();
	return number == floor(number) && fabs(number) < 1e15 ? json_integer((json_int_t)number) : json_real(number);
}
