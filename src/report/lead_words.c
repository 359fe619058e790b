#include "report/lead_words.h"

#include <math.h>

#include "desk/hand_over.h"

#define MINUTE_MS INT64_C(60000)

static struct str text_of(const struct state *state, enum field code, struct arena *arena)
{
	const struct value *value = record_get(&state->record, code);

	return value && value->kind == VALUE_TEXT ? arena_str(arena, value->as.text) : STR_NONE;
}

struct reading_who {
	struct lead_facts *out;
	struct arena *arena;
};

static int take_who(void *context, const struct state *state, struct err *err)
{
	struct reading_who *r = context;
	const struct value *snoozed = record_get(&state->record, FIELD_SNOOZED);
	struct arena *arena = r->arena;

	(void)err;
	r->out->company = text_of(state, FIELD_COMPANY, arena);
	r->out->snoozed_ms = snoozed && snoozed->kind == VALUE_TIME ? snoozed->as.time_ms : CELL_UNKNOWN;
	r->out->name = text_of(state, FIELD_NAME, arena);
	if (!r->out->name.len)
		r->out->name = str_trim(
			str_of(arena_printf(arena, "%.*s %.*s", STR_ARG(text_of(state, FIELD_FIRST_NAME, arena)),
					    STR_ARG(text_of(state, FIELD_LAST_NAME, arena)))));
	return 0;
}

int lead_facts_read(struct lead_facts *out, struct lead_desk *desk, const struct lead_file *file, struct err *err)
{
	uint64_t subject = cells_subject(desk->facts, FACT_LEADS, file->row);
	struct reading reading = { INT64_MAX, true };
	struct reading_who r = { out, desk->arena };
	struct state state;
	bool found = false;

	*out = (struct lead_facts){ .snoozed_ms = CELL_UNKNOWN,
				    .created_ms = cell_time_ms(cells_of(desk->facts, FACT_LEADS, "created"), file->row),
				    .country = cell_name(cells_of(desk->facts, FACT_LEADS, "country"), file->row),
				    .source = cell_name(cells_of(desk->facts, FACT_LEADS, "source"), file->row),
				    .campaign = cell_name(cells_of(desk->facts, FACT_LEADS, "campaign"), file->row) };
	if (subject && book_state_at(desk->book, subject, &reading, take_who, &r, err))
		return err->kind;
	if (!subject &&
	    book_state_of(desk->book, OBJECT_LEAD, file->source, file->key, &reading, &state, &found, desk->arena, err))
		return err->kind;
	if (found)
		take_who(&r, &state, err);
	if (!out->company.len)
		out->company = cell_name(cells_of(desk->facts, FACT_LEADS, "account"), file->row);
	return 0;
}

/* Those that are not empty, with a mark between them. */
static struct str joined(struct arena *arena, const char *mark, const struct str *parts, size_t count)
{
	const char *text = "";

	for (size_t i = 0; i < count; i++)
		if (parts[i].len)
			text = arena_printf(arena, "%s%s%.*s", text, *text ? mark : "", STR_ARG(parts[i]));
	return str_of(text);
}

struct str lead_words_who(struct lead_desk *desk, const struct lead_file *file, const struct lead_facts *facts)
{
	const struct str parts[] = { facts->name, facts->company, facts->country };

	(void)file;
	return joined(desk->arena, ", ", parts, 3);
}

struct str lead_words_from(struct lead_desk *desk, const struct lead_file *file, const struct lead_facts *facts)
{
	const struct str parts[] = {
		facts->created_ms == CELL_NEVER ? STR_NONE
		: facts->created_ms == CELL_UNKNOWN
			? STR("Came in, nobody wrote down when")
			: str_of(arena_printf(desk->arena, "Came in %.*s",
					      STR_ARG(lead_desk_when(desk, facts->created_ms)))),
		facts->source,
		facts->campaign,
		str_of(arena_printf(desk->arena, "from %.*s", STR_ARG(file->source))),
	};

	return joined(desk->arena, " · ", parts, 4);
}

struct lead_mark lead_mark_of(const struct lead_desk *desk, const struct lead_file *file)
{
	const struct column *in = cells_of(desk->facts, FACT_LEADS, "sweet_spot");

	return (struct lead_mark){ .said = cell_yes(in, file->row) || cell_no(in, file->row),
				   .in = cell_yes(in, file->row),
				   .by = cell_name(cells_of(desk->facts, FACT_LEADS, "marked_by"), file->row),
				   .at_ms = cell_time_ms(cells_of(desk->facts, FACT_LEADS, "marked"), file->row) };
}

struct str lead_words_mark(struct lead_desk *desk, const struct lead_mark *mark)
{
	bool dated = mark->at_ms != CELL_NEVER && mark->at_ms != CELL_UNKNOWN;
	const char *when =
		dated ? arena_printf(desk->arena, ": marked %.*s", STR_ARG(lead_desk_when(desk, mark->at_ms))) : "";

	return str_of(arena_printf(desk->arena, "%s the sweet spot%s%s%.*s", mark->in ? "In" : "Out of", when,
				   mark->by.len ? ", by " : "", STR_ARG(mark->by)));
}

struct str lead_words_stands(struct lead_desk *desk, const struct lead_file *file, const struct judged_lead *judged)
{
	const struct judged_episode *episode = &judged->episodes[judged->count - 1];
	struct str type = episode->version && episode->gate.type >= 0
				  ? episode->version->agreement->types[episode->gate.type].name
				  : STR_NONE;
	enum life life = file->life.life;
	bool sales = life == LIFE_HANDED_OFF || life == LIFE_ACCEPTED || life == LIFE_OPPORTUNITY;
	const struct str parts[] = {
		type,
		file->is_void ? STR("void: a duplicate or a test") : str_of(life_name(file->life.life)),
		file->life.on_hold ? STR("waiting") : STR_NONE,
		lead_opted_out(file, desk->now_ms) ? STR("opted out") : STR_NONE,
		file->owner.len
			? str_of(arena_printf(desk->arena, "%s %.*s", sales ? "with" : "owner", STR_ARG(file->owner)))
			: STR_NONE,
		file->life.episode > 1 ? str_of(arena_printf(desk->arena, "episode %u", file->life.episode)) : STR_NONE,
	};

	return joined(desk->arena, " · ", parts, sizeof(parts) / sizeof(*parts));
}

/* ---- points ---- */

struct str lead_words_points(struct arena *arena, int64_t hundredths)
{
	char text[48];

	decimal_format(decimal_of(hundredths, 2), text);
	return str_of(arena_dup(arena, text));
}

static bool handed_over(const struct judged_episode *episode)
{
	return episode->events[EVENT_HANDED_OFF] != EVENT_NEVER;
}

/* When sales took it without a hand-over; EVENT_NEVER: it did not. */
static int64_t taken_ms(const struct judged_episode *episode)
{
	static const enum lead_event taken[] = { EVENT_ACCEPTED, EVENT_OPPORTUNITY, EVENT_WON, EVENT_LOST };
	int64_t first_ms = EVENT_NEVER;

	for (size_t i = 0; !handed_over(episode) && i < sizeof(taken) / sizeof(*taken); i++)
		if (episode->events[taken[i]] != EVENT_UNKNOWN && episode->events[taken[i]] < first_ms)
			first_ms = episode->events[taken[i]];
	return first_ms;
}

bool lead_words_settle(struct lead_desk *desk, struct judged_episode *episode)
{
	int64_t at_ms = taken_ms(episode);
	bool passes;

	if (handed_over(episode))
		return true;
	passes = hand_over_passes(episode, at_ms == EVENT_NEVER ? desk->now_ms : at_ms, &episode->gate);
	if (at_ms == EVENT_NEVER && passes && episode->passed_ms <= desk->now_ms)
		at_ms = episode->passed_ms;
	episode->at_ms = at_ms == EVENT_NEVER ? desk->now_ms : at_ms;
	episode->gate = gate_at(episode->version->agreement, &episode->view, episode->at_ms);
	episode->points = episode->gate.points;
	return passes || taken_ms(episode) != EVENT_NEVER;
}

static const struct told_step *overridden(const struct lead_file *file)
{
	for (size_t i = file->step_count; i-- > 0;)
		if (file->steps[i].step == LEAD_STEP_OVERRIDDEN && file->steps[i].episode == file->life.episode)
			return &file->steps[i];
	return NULL;
}

struct str lead_words_verdict(struct lead_desk *desk, const struct lead_file *file,
			      const struct judged_episode *episode, bool passed)
{
	const struct agreement *agreement = episode->version->agreement;
	const struct told_step *override = overridden(file);
	struct arena *arena = desk->arena;
	const char *points = arena_cstr(arena, lead_words_points(arena, episode->points));
	const char *bar = arena_cstr(arena, lead_words_points(arena, episode->gate.bar));
	const char *type = episode->gate.type >= 0 ? arena_cstr(arena, agreement->types[episode->gate.type].name) : "";
	int version = episode->version->number;

	if (override)
		return str_of(arena_printf(arena, "Let pass by %.*s%s%.*s: %.*s (%s of %s points, version %d).",
					   STR_ARG(override->by), override->outcome.len ? ", " : "",
					   STR_ARG(override->outcome), STR_ARG(override->reason), points, bar,
					   version));
	if (handed_over(episode))
		return str_of(arena_printf(arena, "Handed over with %s points (version %d).", points, version));
	if (taken_ms(episode) != EVENT_NEVER)
		return str_of(arena_printf(arena,
					   "Sales took it without a hand-over; it had %s points then (version %d).",
					   points, version));
	if (!passed)
		return str_of(arena_printf(arena, "Not yet (version %d).", version));
	if (!episode->gate.bar)
		return str_of(arena_printf(arena, "Yes: a lead of type \"%s\" is handed over at once (version %d).",
					   type, version));
	return str_of(arena_printf(arena, "Yes, since %.*s: %s points; a lead of type \"%s\" needs %s (version %d).",
				   STR_ARG(lead_desk_when(desk, episode->at_ms)), points, type, bar, version));
}

struct str lead_words_score_item(const struct agreement *agreement, const struct score_line *line)
{
	switch (line->kind) {
	case SCORE_FIT: return agreement->scoring.fit[line->item].when.text;
	case SCORE_TOUCH: return agreement->words_of_rules.kinds[agreement->scoring.engagement[line->item].touch];
	default: return str_of(bant_name((enum bant)line->item));
	}
}

/* Hours alone, or days and hours of the clock on the wall. */
static struct str duration(struct arena *arena, int64_t ms, bool days)
{
	int64_t minutes = ms / MINUTE_MS, hours = minutes / 60;

	minutes %= 60;
	if (days && hours >= 48)
		return str_of(arena_printf(arena, "%lld days", (long long)(hours / 24)));
	if (hours >= 100 || (hours && !minutes))
		return str_of(arena_printf(arena, "%lld h", (long long)hours));
	if (hours)
		return str_of(arena_printf(arena, "%lld h %lld min", (long long)hours, (long long)minutes));
	return minutes ? str_of(arena_printf(arena, "%lld min", (long long)minutes)) : STR("under a minute");
}

static struct str touch_line(struct lead_desk *desk, const struct agreement *agreement, const struct score_line *line,
			     int64_t at_ms)
{
	const struct engagement_points *kind = &agreement->scoring.engagement[line->item];
	struct arena *arena = desk->arena;
	const char *text = arena_printf(arena, "%.*s, %.*s", STR_ARG(lead_words_score_item(agreement, line)),
					STR_ARG(lead_desk_when(desk, line->at_ms)));

	if (line->faded != line->full)
		text = arena_printf(arena, "%s: %.*s faded to %.*s in %.*s", text,
				    STR_ARG(lead_words_points(arena, line->full)),
				    STR_ARG(lead_words_points(arena, line->faded)),
				    STR_ARG(duration(arena, at_ms - line->at_ms, true)));
	if (line->counted != line->faded)
		text = arena_printf(arena, "%s; all of its kind count %g at most", text, kind->most);
	return str_of(text);
}

struct str lead_words_score_line(struct lead_desk *desk, const struct agreement *agreement,
				 const struct score_line *line, int64_t at_ms)
{
	if (line->kind == SCORE_FIT)
		return lead_words_score_item(agreement, line);
	if (line->kind == SCORE_TOUCH)
		return touch_line(desk, agreement, line, at_ms);
	return str_of(arena_printf(desk->arena, "%.*s: yes, %.*s", STR_ARG(lead_words_score_item(agreement, line)),
				   STR_ARG(lead_desk_when(desk, line->at_ms))));
}

struct str lead_words_sum(struct lead_desk *desk, const struct judged_episode *episode, int64_t points)
{
	struct arena *arena = desk->arena;

	if (handed_over(episode) && episode->points != points)
		return str_of(arena_printf(arena, "as known today; %.*s were frozen at the hand-over",
					   STR_ARG(lead_words_points(arena, episode->points))));
	if (handed_over(episode))
		return STR("at the hand-over");
	if (!episode->gate.bar || taken_ms(episode) != EVENT_NEVER)
		return STR_NONE;
	return str_of(arena_printf(arena, "of %.*s", STR_ARG(lead_words_points(arena, episode->gate.bar))));
}

/* ---- steps and clocks ---- */

struct str lead_words_event(enum lead_event event)
{
	static const char *const said[EVENT__COUNT] = {
		[EVENT_CREATED] = "came in",
		[EVENT_PREQUALIFIED] = "pre-qualified",
		[EVENT_QUALIFIED] = "qualified",
		[EVENT_HANDED_OFF] = "handed over",
		[EVENT_FIRST_RESPONSE] = "first contact",
		[EVENT_REACHED] = "reached",
		[EVENT_WORKING] = "being worked",
		[EVENT_ACCEPTED] = "accepted",
		[EVENT_REJECTED] = "rejected",
		[EVENT_DISQUALIFIED] = "disqualified",
		[EVENT_OPTED_OUT] = "opted out",
		[EVENT_OPPORTUNITY] = "became an opportunity",
		[EVENT_WON] = "won",
		[EVENT_LOST] = "lost",
		[EVENT_DISCONTINUED] = "discontinued",
	};

	return str_of(said[event]);
}

struct str lead_words_step(struct lead_desk *desk, const struct told_step *step)
{
	struct arena *arena = desk->arena;
	const char *said = lead_step_said(step->step);

	switch (step->step) {
	case LEAD_STEP_ANSWERED:
		return str_of(arena_printf(arena, "%.*s: %.*s", STR_ARG(step->question), STR_ARG(step->outcome)));
	case LEAD_STEP_HANDED_OFF:
	case LEAD_STEP_ASSIGNED:
		if (step->owner.len)
			return str_of(arena_printf(arena, "%s to %.*s", said, STR_ARG(step->owner)));
		return str_of(said);
	case LEAD_STEP_OVERRIDDEN:
		return str_of(
			arena_printf(arena, "%s%s%.*s", said, step->outcome.len ? ", " : "", STR_ARG(step->outcome)));
	case LEAD_STEP_QUALIFIED:
		if (!isnan(step->score))
			return str_of(arena_printf(arena, "%s with %g points", said, step->score));
		return str_of(said);
	default: return str_of(said);
	}
}

/* Working time where the promise is in working time, as the agreement writes hours. */
static struct str span(struct lead_desk *desk, const struct judged_episode *episode, const struct promise_def *promise,
		       int64_t from_ms, int64_t to_ms)
{
	bool working = promise->within.kind == ALLOW_WORKING_TIME || promise->within.kind == ALLOW_WORKING_DAYS;
	int64_t ms = working ? calendar_elapsed_ms(episode->version->calendar, from_ms, to_ms) : to_ms - from_ms;

	return duration(desk->arena, ms, !working);
}

static const char *attempts(struct lead_desk *desk, const struct judged_promise *p)
{
	if (p->promise->kind != PROMISE_ATTEMPTS)
		return "";
	return arena_printf(desk->arena, "%d of %d attempts, ", p->judged.attempts, p->promise->attempts);
}

struct str lead_words_clock(struct lead_desk *desk, const struct judged_episode *episode,
			    const struct judged_promise *promise)
{
	const struct judged *j = &promise->judged;
	bool stopped = j->stop_ms != EVENT_NEVER && j->stop_ms != EVENT_UNKNOWN;
	struct arena *arena = desk->arena;

	switch (j->state) {
	case PROMISE_RUNNING:
	case PROMISE_AT_RISK:
		return str_of(arena_printf(arena, "%s%.*s left", attempts(desk, promise),
					   STR_ARG(span(desk, episode, promise->promise, desk->now_ms, j->due_ms))));
	case PROMISE_MET:
		return str_of(arena_printf(arena, "kept %.*s%s", STR_ARG(lead_desk_when(desk, j->stop_ms)),
					   promise->recorded_late ? ", told late" : ""));
	case PROMISE_BROKEN:
	case PROMISE_EXCUSED:
	case PROMISE_DISPUTED:
		if (!stopped)
			return str_of(
				arena_printf(arena, "%sopen, %.*s late", attempts(desk, promise),
					     STR_ARG(span(desk, episode, promise->promise, j->due_ms, desk->now_ms))));
		return str_of(arena_printf(arena, "done %.*s, %.*s late", STR_ARG(lead_desk_when(desk, j->stop_ms)),
					   STR_ARG(span(desk, episode, promise->promise, j->due_ms, j->stop_ms))));
	case PROMISE_WAITING: return STR("stands still while the lead waits");
	default: return STR("");
	}
}
