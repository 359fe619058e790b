#include "desk/hand_over.h"

#include <math.h>
#include <stdlib.h>

#include "desk/people.h"

/* "35", "12.5" */
static struct str points_text(struct arena *arena, int64_t hundredths)
{
	char text[48];

	decimal_format(decimal_of(hundredths, 2), text);
	return str_of(arena_dup(arena, text));
}

/* ---- does it pass? ---- */

/* A lead that came back passes by what was heard of it since, not by what it was rejected with. */
static bool has_news(const struct judged_episode *episode, int64_t at_ms)
{
	const struct lead_view *view = &episode->view;
	bool news = episode->number == 1 ||
		    gate_milestone_ms(episode->version->agreement, view, episode->begin_ms) <= at_ms;

	for (size_t i = view->lead.touch_count; i-- > 0 && !news;)
		news = view->lead.touches[i].at_ms > episode->begin_ms && view->lead.touches[i].at_ms <= at_ms;
	if (episode->first_answer < view->answer_count)
		news |= view->answers[episode->first_answer].at_ms <= at_ms;
	return news;
}

/* Points fade: a lead that crossed the bar under the agreement stays good enough until it is handed over. What somebody called qualified before
 * there was an agreement crossed another bar. */
static bool has_crossed(const struct judged_episode *episode, int64_t at_ms)
{
	int64_t qualified_ms = episode->events[EVENT_QUALIFIED];

	return (qualified_ms <= at_ms && qualified_ms >= episode->version->from_ms) || episode->passed_ms <= at_ms;
}

bool hand_over_passes(const struct judged_episode *episode, int64_t at_ms, struct gate *gate)
{
	struct lead_view view = episode->view;

	*gate = gate_at(episode->version->agreement, &view, at_ms);
	return has_news(episode, at_ms) && (gate->outcome == GATE_PASSES || has_crossed(episode, at_ms));
}

/* ---- what is missing ---- */

static struct str unasked(struct lead_desk *desk, const struct judged_episode *episode)
{
	const struct scoring *scoring = &episode->version->agreement->scoring;
	const char *text = "";

	for (int question = 0; question < BANT__COUNT; question++) {
		bool asked = false;

		for (size_t i = 0; i < episode->view.answer_count; i++)
			asked |= (int)episode->view.answers[i].question == question;
		if (!asked && scoring->answers[question] > 0)
			text = arena_printf(desk->arena, "%s%s%s (%g)", text, *text ? ", " : "",
					    bant_name((enum bant)question), scoring->answers[question]);
	}
	return str_of(text);
}

static void say_below(struct lead_desk *desk, const struct lead_file *file, const struct judged_episode *episode,
		      const struct gate *gate, struct problems *problems)
{
	struct str ask = unasked(desk, episode);

	problem_add(problems, file->key, 0, 0, STR_NONE,
		    "has %.*s of the %.*s points a lead of type \"%.*s\" needs: %.*s are missing%s%.*s",
		    STR_ARG(points_text(desk->arena, gate->points)), STR_ARG(points_text(desk->arena, gate->bar)),
		    STR_ARG(episode->version->agreement->types[gate->type].name),
		    STR_ARG(points_text(desk->arena, gate->bar - gate->points)), ask.len ? ". Not asked yet: " : "",
		    STR_ARG(ask));
}

static void say_no_type(struct lead_desk *desk, const struct lead_file *file, const struct agreement *agreement,
			struct problems *problems)
{
	const char *text = "";

	for (size_t i = 0; i < agreement->type_count; i++)
		text = arena_printf(desk->arena, "%s%s%.*s (%.*s)", text, i ? ", " : "",
				    STR_ARG(agreement->types[i].name), STR_ARG(agreement->types[i].when.text));
	problem_add(problems, file->key, 0, 0, STR_NONE, "is of no type of the agreement: %s", text);
}

void hand_over_missing(struct lead_desk *desk, const struct lead_file *file, const struct judged_episode *episode,
		       const struct gate *gate, int64_t at_ms, struct problems *problems)
{
	const struct agreement *agreement = episode->version->agreement;

	if (gate->outcome == GATE_NO_TYPE)
		say_no_type(desk, file, agreement, problems);
	for (size_t i = 0; gate->outcome == GATE_UNFIT && i < agreement->criterion_count; i++)
		if (!rule_holds(&agreement->criteria[i].when, &episode->view.lead, at_ms))
			problem_add(problems, file->key, 0, 0, STR_NONE,
				    "is not pre-qualified: \"%.*s\" does not hold (%.*s)",
				    STR_ARG(agreement->criteria[i].ask), STR_ARG(agreement->criteria[i].when.text));
	if (gate->outcome == GATE_BELOW_BAR)
		say_below(desk, file, episode, gate, problems);
	if (gate->outcome == GATE_PASSES && !has_news(episode, at_ms))
		problem_add(problems, file->key, 0, 0, STR_NONE,
			    "came back to nurture at %.*s, and nothing was heard of it since: no touch, no answer",
			    STR_ARG(lead_desk_when(desk, episode->begin_ms)));
}

/* ---- who may override ---- */

/* Somebody's manager as the book knows it, or who signs the agreement; else says so. */
static int may_override(struct lead_desk *desk, const struct agreement *agreement, struct str who, bool *may,
			struct problems *problems, struct err *err)
{
	struct names managers;
	struct people people;

	if (people_read(&people, desk->book, desk->arena, err))
		return err->kind;
	managers = people_managers(&people, agreement, desk->arena);
	*may = names_have(&managers, who);
	if (!*may)
		problem_add(problems, STR("--by"), 0, 0, STR_NONE,
			    "only a manager lets pass what the agreement holds back, and \"%.*s\" is none: %.*s",
			    STR_ARG(who), STR_ARG(names_joined(&managers, desk->arena)));
	return 0;
}

/* ---- writing ---- */

static int write_step(struct lead_desk *desk, const struct lead_file *file, const struct step_record *step,
		      struct err *err)
{
	bool news;

	return lead_desk_write(desk, file, step, &news, err);
}

/* That it passed the gate is recorded with the hand-over, where nobody recorded it before: when it crossed the bar, or now where it passes by
 * what it had before the agreement began. */
static int write_qualified(struct lead_desk *desk, const struct lead_file *file, const struct judged_episode *episode,
			   struct step_record step, struct err *err)
{
	const struct told_step *against;
	struct lifecycle life;
	struct gate gate;
	struct lead_view view = episode->view;

	if (episode->events[EVENT_QUALIFIED] != EVENT_NEVER)
		return 0;
	step.step = LEAD_STEP_QUALIFIED;
	if (episode->passed_ms < step.at_ms)
		step.at_ms = episode->passed_ms;
	if (!lead_file_fits(desk->files, file, step.step, step.at_ms, &life, &against, desk->arena))
		return 0;
	gate = gate_at(episode->version->agreement, &view, step.at_ms);
	step.score = (double)gate.points / 100;
	step.reason = gate.type >= 0 ? episode->version->agreement->types[gate.type].name : STR_NONE;
	step.owner = step.outcome = STR_NONE;
	return write_step(desk, file, &step, err);
}

static int write_all(struct lead_desk *desk, const struct lead_file *file, const struct judged_episode *episode,
		     const struct lead_word *word, struct str override, const struct hand_over *out, struct err *err)
{
	struct step_record step = { .step = LEAD_STEP_HANDED_OFF,
				    .at_ms = word->at_ms,
				    .episode = out->episode,
				    .version = out->version->number,
				    .by = word->by,
				    .owner = out->choice.owner,
				    .reason = out->choice.why,
				    .outcome = out->choice.pool,
				    .score = (double)out->gate.points / 100 };
	struct step_record overridden = step;

	if (!out->held_back.len && write_qualified(desk, file, episode, step, err))
		return err->kind;
	overridden.step = LEAD_STEP_OVERRIDDEN;
	overridden.reason = override;
	overridden.outcome = out->held_back;
	overridden.owner = STR_NONE;
	if (out->held_back.len && write_step(desk, file, &overridden, err))
		return err->kind;
	step.notes = word->notes;
	return write_step(desk, file, &step, err);
}

/* ---- one ---- */

/* A manager who knows better says why. */
static void say_opted_out(struct lead_desk *desk, const struct lead_file *file, struct problems *problems)
{
	int64_t at_ms = file->story.events[EVENT_OPTED_OUT];
	struct str when = event_known(at_ms) ? lead_desk_when(desk, at_ms) : STR_NONE;

	problem_add(
		problems, file->key, 0, 0, STR_NONE,
		"opted out%s%.*s: sales is to leave it alone. If that was a slip: lockstep lead undo; if it asks for "
		"sales again: --override REASON",
		when.len ? " at " : "", STR_ARG(when));
}

/* Recorded with the override: what is known of the lead later may say another thing. */
static struct str held_back(const struct gate *gate, bool opted_out)
{
	if (opted_out)
		return STR("opted out");
	switch (gate->outcome) {
	case GATE_NO_TYPE: return STR("of no type");
	case GATE_UNFIT: return STR("not pre-qualified");
	case GATE_BELOW_BAR: return STR("below the bar");
	default: return STR("not heard of since it came back");
	}
}

static int refused_by_gate(struct lead_desk *desk, const struct lead_file *file, const struct judged_episode *episode,
			   const struct lead_word *word, struct str override, struct hand_over *out,
			   struct problems *problems, struct err *err)
{
	bool may = true, passes = hand_over_passes(episode, word->at_ms, &out->gate),
	     opted_out = lead_opted_out(file, word->at_ms);

	if (passes && !opted_out)
		return 0;
	if (!override.len) {
		if (opted_out)
			say_opted_out(desk, file, problems);
		if (!passes)
			hand_over_missing(desk, file, episode, &out->gate, word->at_ms, problems);
		return 1;
	}
	if (may_override(desk, out->version->agreement, word->by, &may, problems, err))
		return err->kind;
	out->held_back = held_back(&out->gate, opted_out);
	return may ? 0 : 1;
}

static struct routing_lead routing_lead_of(const struct lead_desk *desk, const struct lead_file *file)
{
	return (struct routing_lead){ file->key, cell_name(cells_of(desk->facts, FACT_LEADS, "partner"), file->row),
				      file->owner };
}

static int choose(struct lead_desk *desk, const struct lead_file *file, const struct judged_episode *episode,
		  const struct lead_word *word, struct hand_over *out, struct err *err)
{
	struct routing_lead whose = routing_lead_of(desk, file);
	struct lead_view view = episode->view;
	struct routing *routing = NULL;

	if (word->owner.len) {
		out->choice = (struct routing_choice){ word->owner, STR_NONE, STR("named by who handed it over") };
		return 0;
	}
	if (routing_open(&routing, desk, out->version, err))
		return err->kind;
	view.lead.type = out->gate.type;
	routing_choose(routing, &whose, &view.lead, word->at_ms, &out->choice, desk->arena);
	return 0;
}

int hand_over_lead(struct lead_desk *desk, const struct lead_file *file, const struct lead_word *word,
		   struct str override, struct hand_over *out, struct problems *problems, struct err *err)
{
	const struct judged_episode *episode;
	struct judged_lead judged;
	struct lifecycle life;
	int failed;

	*out = (struct hand_over){ .version = NULL };
	if (!lead_desk_time_fits(desk, file, word->at_ms, problems) ||
	    !lead_desk_follows(desk, file, LEAD_STEP_HANDED_OFF, word->at_ms,
			       "only a lead that is open and that sales does not have yet can be handed over", &life,
			       problems))
		return 1;
	judge_lead(desk->judge, file->row, desk->now_ms, &judged, desk->arena);
	episode = &judged.episodes[judged.count - 1];
	out->version = episode->version;
	out->episode = life.episode;
	if (!out->version) {
		problem_add(problems, file->key, 0, 0, STR_NONE,
			    "no agreement is in force that says when a lead is good enough and who gets it: lockstep "
			    "agreement propose FILE, then sign");
		return 1;
	}
	if (word->owner.len && !lead_desk_colleague(desk, out->version->agreement, word->owner, problems))
		return 1;
	failed = refused_by_gate(desk, file, episode, word, override, out, problems, err);
	if (!failed)
		failed = choose(desk, file, episode, word, out, err);
	if (!failed)
		failed = lead_desk_begin(desk, err);
	if (failed)
		return failed;
	return lead_desk_commit(desk, write_all(desk, file, episode, word, override, out, err), err);
}

/* ---- all that wait ---- */

struct waiting_lead {
	int64_t passed_ms;
	uint32_t row;
};

static int longest_first(const void *a, const void *b)
{
	const struct waiting_lead *x = a, *y = b;

	if (x->passed_ms != y->passed_ms)
		return x->passed_ms < y->passed_ms ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

static bool sales_may_get_it(const struct lead_file *file)
{
	enum life life = file->life.life;

	return !file->is_void && !file->life.on_hold &&
	       (life == LIFE_NEW || life == LIFE_PREQUALIFIED || life == LIFE_NURTURING || life == LIFE_QUALIFIED);
}

/* Is it good enough, and not handed over? */
static bool waits(struct lead_desk *desk, uint32_t row, int64_t at_ms, struct waiting_lead *out, struct arena *arena)
{
	const struct judged_episode *episode;
	struct judged_lead judged;
	struct lead_file file;
	struct gate gate;

	lead_file_read(desk->files, row, &file, arena);
	if (!sales_may_get_it(&file) || lead_opted_out(&file, at_ms))
		return false;
	judge_lead(desk->judge, row, desk->now_ms, &judged, arena);
	episode = &judged.episodes[judged.count - 1];
	if (!episode->version)
		return false;
	*out = (struct waiting_lead){ episode->passed_ms, row };
	return hand_over_passes(episode, at_ms, &gate);
}

struct routing *routings_opened(void *context, const struct judge_version *version, struct err *err)
{
	struct routings *routings = context;
	struct lead_desk *desk = routings->desk;
	size_t at = 0;

	/* It may be another desk's, of the same agreements. */
	while (at < desk->terms.count && desk->terms.versions[at].number != version->number)
		at++;
	if (at == desk->terms.count)
		BUG("version %d is none of this desk's", version->number);
	if (!routings->opened)
		routings->opened = ARENA_ARRAY(desk->arena, struct routing *, desk->terms.count + 1);
	if (!routings->opened[at])
		(void)routing_open(&routings->opened[at], desk, &desk->terms.versions[at], err);
	return routings->opened[at];
}

static void count_owner(struct lead_desk *desk, struct hand_over_all *out, size_t *capacity, struct str owner)
{
	size_t i = 0;

	while (i < out->owner_count && !str_eq(out->owners[i].owner, owner))
		i++;
	if (i == out->owner_count) {
		ARENA_PUSH(desk->arena, out->owners, out->owner_count, *capacity);
		out->owners[out->owner_count++] = (struct routing_count){ owner, 0 };
	}
	out->owners[i].leads++;
}

static int most_first(const void *a, const void *b)
{
	const struct routing_count *x = a, *y = b;

	if (x->leads != y->leads)
		return x->leads > y->leads ? -1 : 1;
	return str_cmp(x->owner, y->owner);
}

/* Written; it passes. */
static int give(struct lead_desk *desk, const struct lead_file *file, const struct judged_episode *episode,
		const struct lead_word *word, const struct routing_finder *find, struct hand_over *over,
		struct err *err)
{
	struct routing_lead whose = routing_lead_of(desk, file);
	struct lead_view view = episode->view;
	struct routing *routing;

	*over = (struct hand_over){ .version = episode->version, .episode = file->life.episode };
	over->gate = gate_at(episode->version->agreement, &view, word->at_ms);
	routing = find->of(find->context, episode->version, err);
	if (!routing)
		return err->kind;
	routing_choose(routing, &whose, &view.lead, word->at_ms, &over->choice, desk->arena);
	return write_all(desk, file, episode, word, STR_NONE, over, err);
}

static int hand_over_next(struct lead_desk *desk, uint32_t row, const struct lead_word *word,
			  const struct routing_finder *find, struct hand_over *over, struct arena *arena,
			  struct err *err)
{
	struct judged_lead judged;
	struct lead_file file;

	lead_file_read(desk->files, row, &file, arena);
	judge_lead(desk->judge, row, desk->now_ms, &judged, arena);
	return give(desk, &file, &judged.episodes[judged.count - 1], word, find, over, err);
}

int hand_over_if_it_waits(struct lead_desk *desk, uint32_t row, const struct lead_word *word,
			  const struct routing_finder *find, struct hand_over *over, bool *handed, struct err *err)
{
	struct waiting_lead waiting;

	*handed = waits(desk, row, word->at_ms, &waiting, desk->arena);
	return *handed ? hand_over_next(desk, row, word, find, over, desk->arena, err) : 0;
}

static void add_touch(struct lead_desk *desk, struct judged_episode *episode, struct str kind, int64_t at_ms)
{
	const struct rule_words *words = &episode->version->agreement->words_of_rules;
	struct rule_lead *lead = &episode->view.lead;
	struct lead_touch *touches = ARENA_ARRAY(desk->arena, struct lead_touch, lead->touch_count + 1);
	uint16_t code = 0;

	while (code < words->kind_count && !str_eq(words->kinds[code], kind))
		code++;
	for (size_t i = 0; i < lead->touch_count; i++)
		touches[i] = lead->touches[i];
	touches[lead->touch_count++] = (struct lead_touch){ at_ms, code < words->kind_count ? code : TOUCH_OTHER };
	lead->touches = touches;
}

int hand_over_touched(struct lead_desk *desk, uint32_t row, struct str kind, const struct lead_word *word,
		      struct hand_over *over, bool *handed, struct err *err)
{
	struct routings routings = { .desk = desk };
	const struct routing_finder find = { routings_opened, &routings };
	struct judged_episode episode;
	struct judged_lead judged;
	struct lead_view view;
	struct lead_file file;

	*handed = false;
	lead_file_read(desk->files, row, &file, desk->arena);
	if (!sales_may_get_it(&file) || lead_opted_out(&file, word->at_ms))
		return 0;
	judge_lead(desk->judge, row, desk->now_ms, &judged, desk->arena);
	episode = judged.episodes[judged.count - 1];
	if (!episode.version)
		return 0;
	add_touch(desk, &episode, kind, word->at_ms);
	view = episode.view;
	*handed = gate_at(episode.version->agreement, &view, word->at_ms).outcome == GATE_PASSES;
	return *handed ? give(desk, &file, &episode, word, &find, over, err) : 0;
}

int hand_over_waiting(struct lead_desk *desk, const struct lead_word *word,
		      void (*progress)(void *context, uint64_t done, uint64_t total), void *context,
		      struct hand_over_all *out, struct err *err)
{
	uint32_t leads = facts_rows(desk->facts, FACT_LEADS);
	struct waiting_lead *waiting = must_calloc(leads + 1, sizeof(*waiting));
	struct routings routings = { .desk = desk };
	struct routing_finder find = { routings_opened, &routings };
	size_t count = 0, capacity = 0;
	struct arena arena;
	int failed;

	*out = (struct hand_over_all){ .handed = 0 };
	arena_init(&arena);
	for (uint32_t row = 0; row < leads; row++) {
		count += waits(desk, row, word->at_ms, &waiting[count], &arena);
		arena_reset(&arena);
	}
	qsort(waiting, count, sizeof(*waiting), longest_first);
	failed = count ? lead_desk_begin(desk, err) : 0;
	for (size_t i = 0; i < count && !failed; i++) {
		struct hand_over over;

		failed = hand_over_next(desk, waiting[i].row, word, &find, &over, &arena, err);
		arena_reset(&arena);
		if (failed)
			break;
		count_owner(desk, out, &capacity, over.choice.owner);
		out->nobody_there += str_is(over.choice.pool, "nobody there");
		out->handed++;
		if (progress && i % 256 == 0)
			progress(context, i, count);
	}
	arena_release(&arena);
	free(waiting);
	if (count)
		failed = lead_desk_commit(desk, failed, err);
	if (!failed && out->owner_count)
		qsort(out->owners, out->owner_count, sizeof(*out->owners), most_first);
	return failed;
}
