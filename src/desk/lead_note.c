/* Contacts, the sweet spot, and taking a step back. */
#include "desk/lead_desk.h"

#define MINUTE_MS INT64_C(60000)

/* ---- contacts ---- */

/* A slip of the pen would be a kind of its own in every report. */
static bool known_kind(struct lead_desk *desk, struct str kind, struct problems *problems)
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

	if (!known_kind(desk, kind, problems) || !lead_desk_time_fits(desk, file, word->at_ms, problems))
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
		failed = book_begin(desk->book, err);
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
		failed = book_begin(desk->book, err);
	if (!failed)
		failed = lead_desk_commit(
			desk, lead_desk_offer(desk, OBJECT_LEAD, file->source, file->key, &fields, &news, err), err);
	return failed;
}

/* ---- taking back ---- */

/* The same record says from now on that it was taken back. */
static int take_back(struct lead_desk *desk, const struct told_step *step, const struct lead_word *word,
		     struct err *err)
{
	struct str key = cells_key(desk->facts, FACT_LEAD_STEPS, step->row, desk->arena);
	struct str source = cells_source(desk->facts, FACT_LEAD_STEPS, step->row);
	struct append_context context = { .now_ms = desk->now_ms, .actor = desk->actor };
	struct reading reading = READING_ALL;
	struct record_fields fields = { .count = 0 };
	struct record record = { .object = OBJECT_LEAD_STEP, .source = source, .key = key };
	enum append_result result;
	struct state state;
	bool found;

	if (book_state_of(desk->book, OBJECT_LEAD_STEP, source, key, &reading, &state, &found, desk->arena, err))
		return err->kind;
	/* Later than what it said, even within the same moment. */
	record.observed_ms =
		found && state.record.observed_ms >= desk->now_ms ? state.record.observed_ms + 1 : desk->now_ms;
	fields_text(&fields, FIELD_KIND, str_of(lead_step_name(LEAD_STEP_TAKEN_BACK)));
	fields_text(&fields, FIELD_BY, word->by);
	fields_text(&fields, FIELD_REASON, word->reason);
	record.fields = fields.items;
	record.count = fields.count;
	return book_append(desk->book, &record, &context, &result, err);
}

/* One word at the desk may be several steps. */
static bool told_with(enum lead_step last, enum lead_step step)
{
	switch (last) {
	case LEAD_STEP_RECYCLED: return step == last || step == LEAD_STEP_REJECTED;
	case LEAD_STEP_HANDED_OFF: return step == last || step == LEAD_STEP_OVERRIDDEN;
	case LEAD_STEP_ANSWERED: return step == last || step == LEAD_STEP_QUALIFIED;
	default: return step == last;
	}
}

static bool marked_since(const struct lead_desk *desk, const struct lead_file *file, int64_t at_ms)
{
	int64_t marked_ms = cell_time_ms(cells_of(desk->facts, FACT_LEADS, "marked"), file->row);

	return marked_ms != CELL_NEVER && marked_ms != CELL_UNKNOWN && marked_ms >= at_ms;
}

int lead_desk_undo(struct lead_desk *desk, const struct lead_file *file, const struct lead_word *word,
		   struct lead_told *told, struct problems *problems, struct err *err)
{
	const struct told_step *last = file->step_count ? &file->steps[file->step_count - 1] : NULL;
	int failed;

	*told = (struct lead_told){ .count = 0 };
	if (!last) {
		problem_add(
			problems, file->key, 0, 0, STR_NONE,
			"no step was told of this lead; what a file said is taken back with lockstep import --undo");
		return 1;
	}
	if (word->at_ms == EVENT_NEVER && marked_since(desk, file, last->at_ms)) {
		problem_add(
			problems, file->key, 0, 0, STR_NONE,
			"the last word was a mark of the sweet spot, which another mark mends; the step before, %s, is "
			"taken back with --at %.10sT%.5s",
			lead_step_said(last->step), lead_desk_when(desk, last->at_ms).at,
			lead_desk_when(desk, last->at_ms).at + 11);
		return 1;
	}
	if (word->at_ms != EVENT_NEVER && word->at_ms / MINUTE_MS != last->at_ms / MINUTE_MS) {
		problem_add(problems, STR("--at"), 0, 0, STR_NONE, "only the last step is taken back: %s at %.*s",
			    lead_step_said(last->step), STR_ARG(lead_desk_when(desk, last->at_ms)));
		return 1;
	}
	if (!lead_desk_wrote(desk, file, last)) {
		problem_add(problems, file->key, 0, 0, STR_NONE,
			    "the last step, %s at %.*s, came with a file: lockstep import --undo takes that back",
			    lead_step_said(last->step), STR_ARG(lead_desk_when(desk, last->at_ms)));
		return 1;
	}
	failed = book_begin(desk->book, err);
	if (failed)
		return failed;
	for (size_t i = file->step_count; !failed && i-- > 0 && file->steps[i].at_ms == last->at_ms;) {
		const struct told_step *step = &file->steps[i];

		if (!told_with(last->step, step->step) || !str_eq(step->by, last->by) ||
		    !lead_desk_wrote(desk, file, step))
			continue;
		failed = take_back(desk, step, word, err);
		if (!told->count || told->steps[told->count - 1] != step->step)
			told->steps[told->count++] = step->step;
	}
	return lead_desk_commit(desk, failed, err);
}
