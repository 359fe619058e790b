/* Taking a step back. */
#include "desk/lead_desk.h"
#include "desk/news.h"
#include "facts/rows.h"

#define MINUTE_MS INT64_C(60000)

enum { TOGETHER_MAX = 16 };

/* What one word at the desk wrote. */
struct together {
	const struct told_step *steps[TOGETHER_MAX]; /* the last first, then what came of it */
	size_t count;
};

/* ---- which steps ---- */

/* Nobody tells that a lead crossed the bar: it is reckoned, and would be again. */
static bool is_reckoned(struct lead_desk *desk, const struct lead_file *file, const struct told_step *step)
{
	return step->step == LEAD_STEP_QUALIFIED && lead_desk_wrote(desk, file, step);
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

static void add_together(struct lead_desk *desk, const struct lead_file *file, const struct told_step *last,
			 const struct told_step *step, struct together *out)
{
	if (told_with(last->step, step->step) && str_eq(step->by, last->by) && lead_desk_wrote(desk, file, step) &&
	    out->count < TOGETHER_MAX)
		out->steps[out->count++] = step;
}

static void find_together(struct lead_desk *desk, const struct lead_file *file, const struct told_step *last,
			  struct together *out)
{
	const struct told_step *end = file->steps + file->step_count;

	out->count = 0;
	for (const struct told_step *step = last + 1; step-- > file->steps && step->at_ms == last->at_ms;)
		add_together(desk, file, last, step, out);
	for (const struct told_step *step = last + 1; step < end && step->at_ms == last->at_ms; step++)
		add_together(desk, file, last, step, out);
}

static bool goes(const struct together *gone, const struct told_step *step)
{
	for (size_t i = 0; i < gone->count; i++)
		if (gone->steps[i] == step)
			return true;
	return false;
}

/* ---- may they go? ---- */

static bool refuse(struct lead_desk *desk, const struct lead_file *file, const struct told_step *step, const char *why,
		   struct problems *problems)
{
	problem_add(problems, file->key, 0, 0, STR_NONE, "the last step, %s at %.*s, %s", lead_step_said(step->step),
		    STR_ARG(lead_desk_when(desk, step->at_ms)), why);
	return false;
}

/* What was reckoned since may rest on it: by its points, or because it could follow nothing else. */
static bool rests_on_it(struct lead_desk *desk, const struct lead_file *file, const struct told_step *last,
			const struct together *gone, struct problems *problems)
{
	const struct told_step *end = file->steps + file->step_count, *next = last + 1, *against;

	while (next < end && goes(gone, next))
		next++;
	if (next == end)
		return false;
	against = last->step == LEAD_STEP_ANSWERED
			  ? next
			  : lead_file_against(desk->files, file, gone->steps, gone->count, desk->arena);
	if (!against)
		return false;
	problem_add(problems, file->key, 0, 0, STR_NONE, "%s at %.*s stays: %s at %.*s %s", lead_step_said(last->step),
		    STR_ARG(lead_desk_when(desk, last->at_ms)), lead_step_said(against->step),
		    STR_ARG(lead_desk_when(desk, against->at_ms)),
		    last->step == LEAD_STEP_ANSWERED ? "counts its points; another answer to the same question mends it"
						     : "could not follow without it");
	return true;
}

struct later_word {
	const char *what, *mended;
	int64_t at_ms;
};

static void find_mark(const struct lead_desk *desk, const struct lead_file *file, struct later_word *out)
{
	int64_t marked_ms = cell_time_ms(cells_of(desk->facts, FACT_LEADS, "marked"), file->row);

	if (marked_ms != CELL_NEVER && marked_ms != CELL_UNKNOWN && marked_ms >= out->at_ms)
		*out = (struct later_word){ "mark of the sweet spot", "another mark mends", marked_ms };
}

/* Of people: what a machine sent is no word about the lead. */
static void find_contact(const struct lead_desk *desk, const struct lead_file *file, struct later_word *out)
{
	const struct column *lead = cells_of(desk->facts, FACT_ACTIVITIES, "lead");
	const struct column *at = cells_of(desk->facts, FACT_ACTIVITIES, "at");
	const struct column *kind = cells_of(desk->facts, FACT_ACTIVITIES, "kind");
	struct contact_words words;

	contact_words_init(&words, desk->facts);
	for (uint32_t row = 0; row < facts_rows(desk->facts, FACT_ACTIVITIES); row++) {
		int64_t at_ms;

		if (cell_ref(lead, row) != file->row)
			continue;
		at_ms = cell_time_ms(at, row);
		if (at_ms != CELL_NEVER && at_ms != CELL_UNKNOWN && at_ms >= out->at_ms && at_ms <= desk->now_ms &&
		    contact_of(&words, row) != CONTACT_NONE)
			*out = (struct later_word){ arena_cstr(desk->arena, cell_name(kind, row)), "stays in the book",
						    at_ms };
	}
	contact_words_release(&words);
}

/* Undo is for what was told last. Where that is no step, the step before it is named. */
static bool is_last_word(struct lead_desk *desk, const struct lead_file *file, const struct told_step *last,
			 int64_t named_ms, struct problems *problems)
{
	struct later_word later = { .what = NULL, .at_ms = last->at_ms };
	struct str when = lead_desk_when(desk, last->at_ms);

	if (named_ms != EVENT_NEVER && named_ms / MINUTE_MS != last->at_ms / MINUTE_MS) {
		problem_add(problems, STR("--at"), 0, 0, STR_NONE, "only the last step is taken back: %s at %.*s",
			    lead_step_said(last->step), STR_ARG(when));
		return false;
	}
	if (named_ms != EVENT_NEVER)
		return true;
	find_mark(desk, file, &later);
	find_contact(desk, file, &later);
	if (!later.what)
		return true;
	problem_add(problems, file->key, 0, 0, STR_NONE,
		    "the last word was a %s at %.*s, which %s; the step before, %s, is taken back with --at %.10sT%.5s",
		    *later.what ? later.what : "contact", STR_ARG(lead_desk_when(desk, later.at_ms)), later.mended,
		    lead_step_said(last->step), when.at, when.at + 11);
	return false;
}

/* NULL: none, and `problems` says why. */
static const struct told_step *last_told(struct lead_desk *desk, const struct lead_file *file, int64_t named_ms,
					 struct problems *problems)
{
	size_t count = file->step_count;
	const struct told_step *last;

	while (count && is_reckoned(desk, file, &file->steps[count - 1]))
		count--;
	if (!count && file->step_count) {
		refuse(desk, file, &file->steps[0],
		       "was told by nobody: its touches and answers say so, and the next clock would record it again",
		       problems);
		return NULL;
	}
	if (!count) {
		problem_add(
			problems, file->key, 0, 0, STR_NONE,
			"no step was told of this lead; what a file said is taken back with lockstep import --undo");
		return NULL;
	}
	last = &file->steps[count - 1];
	if (!is_last_word(desk, file, last, named_ms, problems))
		return NULL;
	if (lead_desk_wrote(desk, file, last))
		return last;
	refuse(desk, file, last, "came with a file: lockstep import --undo takes that back", problems);
	return NULL;
}

/* ---- writing ---- */

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

static int tell_others(struct lead_desk *desk, const struct lead_file *file, const struct lead_word *word,
		       const struct lead_told *told, struct err *err)
{
	const char *steps = "";

	for (size_t i = 0; i < told->count; i++)
		steps = arena_printf(desk->arena, "%s%s%s", steps, i ? ", " : "", lead_step_name(told->steps[i]));
	return news_of_undo(desk, file, str_of(steps), word, err);
}

int lead_desk_undo(struct lead_desk *desk, const struct lead_file *file, const struct lead_word *word,
		   struct lead_told *told, struct problems *problems, struct err *err)
{
	const struct told_step *last = last_told(desk, file, word->at_ms, problems);
	struct together gone;
	int failed;

	*told = (struct lead_told){ .count = 0 };
	if (!last)
		return 1;
	find_together(desk, file, last, &gone);
	if (rests_on_it(desk, file, last, &gone, problems))
		return 1;
	failed = lead_desk_begin(desk, err);
	if (failed)
		return failed;
	for (size_t i = 0; !failed && i < gone.count; i++) {
		enum lead_step step = gone.steps[i]->step;

		failed = take_back(desk, gone.steps[i], word, err);
		if (!told->count || told->steps[told->count - 1] != step)
			told->steps[told->count++] = step;
	}
	told->life = lead_file_without(desk->files, file, gone.steps, gone.count, desk->arena);
	if (!failed)
		failed = tell_others(desk, file, word, told, err);
	return lead_desk_commit(desk, failed, err);
}
