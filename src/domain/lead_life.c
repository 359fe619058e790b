#include "domain/lead_life.h"

#include <math.h>
#include <stdlib.h>

struct folding {
	struct lead_life *life;
	struct arena *arena;
	size_t episode_capacity, wait_capacity, answer_capacity;
	enum lead_step
		ended_by; /* what ended the episode before; LEAD_STEP__COUNT: another hand-over, or it is the first */
};

struct told_step told_step_of(enum lead_step step, int64_t at_ms)
{
	return (struct told_step){ .step = step, .event = lead_step_event(step), .at_ms = at_ms, .score = NAN };
}

static enum lead_step step_of(enum lead_event event)
{
	int step = 0;

	while (step < LEAD_STEP__COUNT && lead_step_event((enum lead_step)step) != event)
		step++;
	return (enum lead_step)step;
}

struct told_step told_milestone(enum lead_event event, int64_t at_ms)
{
	return (struct told_step){
		.step = step_of(event), .event = event, .at_ms = at_ms, .milestone = true, .score = NAN
	};
}

/* ---- order ---- */

/* Things of one instant follow in the order of a life: deals come of what was accepted. */
static int rank_of(const struct told_step *told)
{
	enum { ROOM = EVENT_DISCONTINUED - EVENT_OPPORTUNITY + 2 };

	if (told->step != LEAD_STEP__COUNT)
		return ROOM * (int)told->step;
	return ROOM * LEAD_STEP_ACCEPTED + 1 + (int)(told->event - EVENT_OPPORTUNITY);
}

/* Only what moves a lead stands for a place in its life; words beside it do not. */
static bool moves(const struct told_step *told)
{
	return told->event != EVENT__COUNT || told->step == LEAD_STEP_RECYCLED || told->step == LEAD_STEP_REOPENED;
}

static void place(struct told_step *told, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		told[i].place_ms = told[i].at_ms;
		if (told[i].at_ms != EVENT_UNKNOWN)
			continue;
		told[i].place_ms = INT64_MAX;
		for (size_t k = 0; k < count; k++)
			if (told[k].at_ms != EVENT_UNKNOWN && moves(&told[k]) &&
			    rank_of(&told[k]) > rank_of(&told[i]) && told[k].at_ms < told[i].place_ms)
				told[i].place_ms = told[k].at_ms;
	}
}

static int compare_scores(double a, double b)
{
	if (isnan(a) || isnan(b))
		return isnan(b) - isnan(a);
	return (a > b) - (a < b);
}

static int compare_texts(const struct told_step *a, const struct told_step *b)
{
	int order = str_cmp(a->question, b->question);

	order = order ? order : str_cmp(a->reason, b->reason);
	order = order ? order : str_cmp(a->outcome, b->outcome);
	order = order ? order : str_cmp(a->owner, b->owner);
	order = order ? order : str_cmp(a->by, b->by);
	return order ? order : compare_scores(a->score, b->score);
}

/* A milestone stands behind the step that it repeats. */
static int compare(const void *left, const void *right)
{
	const struct told_step *a = left, *b = right;
	int ranks = rank_of(a) - rank_of(b);

	if (a->place_ms != b->place_ms)
		return a->place_ms < b->place_ms ? -1 : 1;
	if (ranks)
		return ranks;
	if (a->milestone != b->milestone)
		return a->milestone ? 1 : -1;
	if (a->tried != b->tried)
		return a->tried ? 1 : -1;
	if (a->at_ms != b->at_ms)
		return a->at_ms < b->at_ms ? -1 : 1;
	return compare_texts(a, b);
}

/* Mostly few, and nearly in order. */
static void sort(struct told_step *told, size_t count)
{
	if (count > 32) {
		qsort(told, count, sizeof(*told), compare);
		return;
	}
	for (size_t i = 1; i < count; i++) {
		struct told_step item;
		size_t at = i;

		if (compare(&told[i - 1], &told[i]) <= 0)
			continue;
		item = told[i];
		for (; at && compare(&item, &told[at - 1]) < 0; at--)
			told[at] = told[at - 1];
		told[at] = item;
	}
}

/* ---- episodes ---- */

static struct life_episode *last(const struct folding *f)
{
	return &f->life->episodes[f->life->episode_count - 1];
}

static void begin(struct folding *f, int64_t at_ms, enum lead_step ended_by)
{
	struct lead_life *life = f->life;
	struct life_episode *episode;

	if (life->episode_count)
		last(f)->end_ms = at_ms;
	ARENA_PUSH(f->arena, life->episodes, life->episode_count, f->episode_capacity);
	episode = &life->episodes[life->episode_count++];
	*episode = (struct life_episode){ .begin_ms = at_ms, .end_ms = EVENT_NEVER, .first_wait = life->wait_count };
	for (int event = 0; event < EVENT__COUNT; event++)
		episode->events[event] = EVENT_NEVER;
	f->ended_by = ended_by;
}

static void note(struct life_episode *episode, const struct told_step *told)
{
	int64_t *first_ms;

	if (told->event == EVENT__COUNT)
		return;
	first_ms = &episode->events[told->event];
	if (*first_ms == EVENT_NEVER || (*first_ms == EVENT_UNKNOWN && told->at_ms != EVENT_UNKNOWN))
		*first_ms = told->at_ms;
}

/* ---- waits ---- */

static void wait(struct folding *f, const struct told_step *told)
{
	struct lead_life *life = f->life;

	ARENA_PUSH(f->arena, life->waits, life->wait_count, f->wait_capacity);
	life->waits[life->wait_count++] = (struct life_wait){ told->at_ms, EVENT_NEVER, told->reason };
	last(f)->wait_count++;
}

static void end_waits(const struct folding *f, int64_t at_ms)
{
	for (size_t i = f->life->wait_count; i-- > 0 && f->life->waits[i].to_ms == EVENT_NEVER;)
		f->life->waits[i].to_ms = at_ms;
}

/* ---- what a thing does ---- */

static bool follow(struct lifecycle *life, const struct told_step *told)
{
	if (told->step != LEAD_STEP__COUNT)
		return lead_step_follow(life, told->step);
	switch (told->event) {
	case EVENT_OPPORTUNITY: return lifecycle_step(life, STEP_OPPORTUNITY);
	case EVENT_WON: return lifecycle_step(life, STEP_WIN);
	case EVENT_LOST: return lifecycle_step(life, STEP_LOSE);
	default: return lifecycle_step(life, STEP_DISCONTINUE);
	}
}

enum turn { TURN_NONE, TURN_ENDS, TURN_BEGINS };

/* Does it end its episode, or begin one? By what is believed of it, which may be more than may be told at the desk. */
static enum turn turn_of(const struct folding *f, const struct lifecycle *before, const struct told_step *told)
{
	int64_t handed_ms = last(f)->events[EVENT_HANDED_OFF];
	bool came_back = before->life == LIFE_NURTURING && f->ended_by != LEAD_STEP_REOPENED;

	switch (told->step) {
	case LEAD_STEP_REJECTED: return life_open(before->life) && !came_back ? TURN_ENDS : TURN_NONE;
	case LEAD_STEP_REOPENED: return told->followed ? TURN_ENDS : TURN_NONE;
	case LEAD_STEP_RECYCLED:
		return life_open(before->life) && before->life != LIFE_NURTURING ? TURN_BEGINS : TURN_NONE;
	case LEAD_STEP_HANDED_OFF:
		return handed_ms != EVENT_NEVER && handed_ms != told->at_ms ? TURN_BEGINS : TURN_NONE;
	default: return TURN_NONE;
	}
}

/* A rejection of a lead that is back already belongs to the episode that ended; that it was recycled told it before. */
static bool looks_back(const struct folding *f, const struct lifecycle *before, const struct told_step *told)
{
	return told->step == LEAD_STEP_REJECTED && f->life->episode_count > 1 && before->life == LIFE_NURTURING &&
	       f->ended_by != LEAD_STEP_REOPENED;
}

static void answer(struct folding *f, const struct told_step *told)
{
	struct lead_life *life = f->life;

	for (int question = 0; question < BANT__COUNT; question++) {
		if (!str_is(told->question, bant_name((enum bant)question)))
			continue;
		ARENA_PUSH(f->arena, life->answers, life->answer_count, f->answer_capacity);
		life->answers[life->answer_count++] =
			(struct bant_answer){ told->at_ms, (enum bant)question,
					      str_is(told->outcome, "yes") ? ANSWER_YES : ANSWER_NO };
	}
}

static void take_turn(struct folding *f, struct told_step *told, enum turn turn)
{
	struct lead_life *life = f->life;
	bool known = told->at_ms != EVENT_UNKNOWN;

	life->now.on_hold = false;
	if (turn == TURN_ENDS || told->step == LEAD_STEP_RECYCLED)
		life->now.life = LIFE_NURTURING;
	else
		life->now.life = LIFE_HANDED_OFF;
	if (turn == TURN_BEGINS && known)
		begin(f, told->at_ms, told->step == LEAD_STEP_RECYCLED ? told->step : LEAD_STEP__COUNT);
	told->episode = (unsigned)life->episode_count;
	note(last(f), told);
	if (turn == TURN_ENDS && known)
		begin(f, told->at_ms, told->step);
	life->now.episode = (unsigned)life->episode_count;
}

/* The second of two that say the same: a milestone that is one of its steps, a step that two sources tell. */
static bool is_told_again(const struct told_step *before, const struct told_step *told)
{
	return before->at_ms == told->at_ms && before->step == told->step && before->event == told->event &&
	       moves(told);
}

static void take(struct folding *f, struct told_step *told, const struct told_step *previous)
{
	struct lead_life *life = f->life;
	struct lifecycle before = life->now;
	bool again = previous && is_told_again(previous, told);
	enum turn turn;

	told->followed = follow(&life->now, told);
	told->episode = (unsigned)life->episode_count;
	turn = again ? TURN_NONE : turn_of(f, &before, told);
	if (again) {
		life->now = before;
		told->episode = previous->episode;
	} else if (turn != TURN_NONE) {
		take_turn(f, told, turn);
	} else if (looks_back(f, &before, told)) {
		told->episode--;
		note(&life->episodes[told->episode - 1], told);
	} else {
		note(last(f), told);
	}
	if (!life->now.on_hold)
		end_waits(f, told->place_ms);
	if (told->step == LEAD_STEP_WAITING && life->now.on_hold)
		wait(f, told);
	if (told->step == LEAD_STEP_HANDED_OFF && !told->milestone && !last(f)->handed_over)
		last(f)->handed_over = told;
	if (told->step == LEAD_STEP_ANSWERED)
		answer(f, told);
	life->is_void |= told->step != LEAD_STEP__COUNT && lead_step_voids(told->step);
	told->after = life->now;
}

/* ---- the whole ---- */

static int64_t begins_ms(const struct told_step *told, size_t count, int64_t came_ms, int64_t heard_ms, int64_t now_ms)
{
	if (event_known(came_ms))
		return came_ms;
	for (size_t i = 0; i < count; i++)
		if (told[i].at_ms != EVENT_UNKNOWN)
			return told[i].at_ms < heard_ms ? told[i].at_ms : heard_ms;
	return event_known(heard_ms) && heard_ms < now_ms ? heard_ms : now_ms;
}

void lead_life_fold(struct lead_life *life, struct told_step *told, size_t count, int64_t came_ms, int64_t heard_ms,
		    int64_t now_ms, struct arena *arena)
{
	struct folding f = { .life = life, .arena = arena };

	*life = (struct lead_life){ .now = LIFECYCLE_INIT, .told = told, .told_count = count };
	place(told, count);
	sort(told, count);
	begin(&f, begins_ms(told, count, came_ms, heard_ms, now_ms), LEAD_STEP__COUNT);
	last(&f)->events[EVENT_CREATED] = came_ms;
	for (size_t i = 0; i < count; i++)
		take(&f, &told[i], i ? &told[i - 1] : NULL);
}
