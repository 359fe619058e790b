/* Contacts, the sweet spot, and what is put aside. */
#include "desk/lead_desk.h"

/* ---- contacts ---- */

/* A slip of the pen would be a kind of its own in every report. */
bool lead_desk_contact_kind(struct lead_desk *desk, struct str kind, struct problems *problems)
{
	static const char *const always[] = { "call", "mail", "meeting", "demo" };
	enum { ALWAYS = sizeof(always) / sizeof(*always) };
	const struct column *kinds = cells_of(desk->facts, FACT_ACTIVITIES, "kind");
	uint32_t codes = rows_codes(kinds);
	const char **names = ARENA_ARRAY(desk->arena, const char *, codes + ALWAYS), *near;
	size_t count = 0;

	for (size_t i = 0; i < ALWAYS; i++)
		names[count++] = always[i];
	for (uint32_t code = 1; code < codes; code++)
		names[count++] = arena_cstr(desk->arena, rows_name(kinds, code));
	for (size_t i = 0; i < count; i++)
		if (str_is(kind, names[i]))
			return true;
	near = str_nearest(kind, names, count);
	problem_add(
		problems, STR("--kind"), 0, 0, STR_NONE,
		"\"%.*s\" is no kind of contact%s%s%s: call, mail, meeting and demo are, and what the book has already",
		STR_ARG(kind), near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	return false;
}

int lead_desk_contact(struct lead_desk *desk, const struct lead_file *file, struct str kind, struct str outcome,
		      const struct lead_word *word, struct problems *problems, struct err *err)
{
	struct record_fields fields = { .count = 0 };
	struct str key = str_of(arena_printf(desk->arena, "%.*s#%lld.%.*s", STR_ARG(file->key),
					     (long long)(word->at_ms / 1000), STR_ARG(kind)));
	bool news;
	int failed;

	if (!lead_desk_contact_kind(desk, kind, problems) || !lead_desk_time_fits(desk, file, word->at_ms, problems))
		return 1;
	fields_ref(&fields, FIELD_LEAD, file->key);
	fields_time(&fields, FIELD_AT, word->at_ms);
	fields_text(&fields, FIELD_KIND, kind);
	fields_text(&fields, FIELD_DIRECTION, STR("out"));
	fields_text(&fields, FIELD_OUTCOME, outcome);
	fields_text(&fields, FIELD_OWNER, word->by);
	fields_text(&fields, FIELD_NOTES, word->notes);
	failed = lead_desk_expect(desk, file, err);
	if (!failed)
		failed = lead_desk_begin(desk, err);
	if (!failed)
		failed = lead_desk_commit(
			desk, lead_desk_offer(desk, OBJECT_ACTIVITY, file->source, key, &fields, &news, err), err);
	return failed;
}

/* ---- the sweet spot ---- */

int lead_desk_mark(struct lead_desk *desk, const struct lead_file *file, bool in, const struct lead_word *word,
		   struct problems *problems, struct err *err)
{
	struct record_fields fields = { .count = 0 };
	bool news;
	int failed;

	if (!lead_desk_time_fits(desk, file, word->at_ms, problems))
		return 1;
	fields_flag(&fields, FIELD_SWEET_SPOT, in);
	fields_time(&fields, FIELD_MARKED, word->at_ms);
	fields_text(&fields, FIELD_MARKED_BY, word->by);
	failed = lead_desk_expect(desk, file, err);
	if (!failed)
		failed = lead_desk_begin(desk, err);
	if (!failed)
		failed = lead_desk_commit(
			desk, lead_desk_offer(desk, OBJECT_LEAD, file->source, file->key, &fields, &news, err), err);
	return failed;
}

/* ---- put aside ---- */

#define SNOOZE_MOST_MS (INT64_C(90) * 24 * 3600 * 1000)

int lead_desk_snooze(struct lead_desk *desk, const struct lead_file *file, int64_t until_ms, struct problems *problems,
		     struct err *err)
{
	struct record_fields fields = { .count = 0 };
	bool news;
	int failed;

	if (until_ms > desk->now_ms + SNOOZE_MOST_MS) {
		problem_add(problems, STR_NONE, 0, 0, STR("until"),
			    "is more than 90 days away; tell what it waits for instead");
		return 1;
	}
	fields_time(&fields, FIELD_SNOOZED, until_ms - until_ms % 1000);
	failed = lead_desk_expect(desk, file, err);
	if (!failed)
		failed = lead_desk_begin(desk, err);
	if (!failed)
		failed = lead_desk_commit(
			desk, lead_desk_offer(desk, OBJECT_LEAD, file->source, file->key, &fields, &news, err), err);
	return failed;
}
