#include "domain/lead_life.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* Deals come of what was accepted. */
static int rank_of(const struct told_step *told)
{
	enum { ROOM = EVENT_DISCONTINUED - EVENT_OPPORTUNITY + 2 };

	if (told->step != LEAD_STEP__COUNT)
		return ROOM * lead_step_rank(told->step);
	return ROOM * lead_step_rank(LEAD_STEP_ACCEPTED) + 1 + (int)(told->event - EVENT_OPPORTUNITY);
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

/* By time, then rank: bring_next() makes the order of it. A milestone stands behind the step that it repeats. */
static int compare(const void *left, const void *right)
{
	const struct told_step *a = left, *b = right;
	int ranks = rank_of(a) - rank_of(b);

	if (a->place_ms != b->place_ms)
		return a->place_ms < b->place_ms ? -1 : 1;
	if (ranks)
		return ranks;
	if (!moves(a) && a->said != b->said)
		return a->said < b->said ? -1 : 1;
	if (a->milestone != b->milestone)
		return a->milestone ? 1 : -1;
	if (a->tried != b->tried)
		return a->tried ? 1 : -1;
	if (a->at_ms != b->at_ms)
		return a->at_ms < b->at_ms ? -1 : 1;
	if (a->said != b->said)
		return a->said < b->said ? -1 : 1;
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

	if (life->episode_count) {
		last(f)->end_ms = at_ms;
		last(f)->contacts_end_ms = at_ms + (ended_by != LEAD_STEP__COUNT);
	}
	ARENA_PUSH(f->arena, life->episodes, life->episode_count, f->episode_capacity);
	episode = &life->episodes[life->episode_count++];
	*episode = (struct life_episode){ .begin_ms = at_ms,
					  .end_ms = EVENT_NEVER,
					  .contacts_end_ms = EVENT_NEVER,
					  .first_wait = life->wait_count,
					  .first_answer = life->answer_count };
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

/* ---- what comes next at one instant ---- */

static size_t same_instant(const struct told_step *told, size_t count)
{
	size_t end = 1;

	while (end < count && told[end].place_ms == told->place_ms)
		end++;
	return end;
}

/* That it is back in nurture stands beside its rejection. */
static int kind_of(const struct told_step *told)
{
	struct told_step rejected = { .step = LEAD_STEP_REJECTED };

	return rank_of(told->step == LEAD_STEP_RECYCLED ? &rejected : told);
}

/* How many stand together: what says the same; of words beside the way, of one episode. */
static size_t same_kind(const struct told_step *told, size_t count)
{
	size_t end = 1;

	while (end < count && kind_of(&told[end]) == kind_of(told) && (moves(told) || told[end].said == told->said))
		end++;
	return end;
}

/* A rejection ends an episode though nobody wrote down how it came to sales. What has no time stands where it was put. */
static bool fits(const struct folding *f, const struct told_step *told)
{
	struct lifecycle life = f->life->now;

	return told->at_ms == EVENT_UNKNOWN || follow(&life, told) ||
	       (told->step == LEAD_STEP_REJECTED && life_open(life.life));
}

/* Of `count` things at one instant, by rank, brings those to the front that come next, and returns how many they are. */
static size_t bring_next(const struct folding *f, struct told_step *told, size_t count)
{
	enum { NOT, OF_LATER, NOW } best = NOT;
	struct told_step *moved;
	size_t next = 0, size;

	if (count == 1)
		return 1;
	for (size_t i = 0; i < count && best != NOW; i += same_kind(told + i, count - i)) {
		if (fits(f, &told[i]) && told[i].said <= f->life->now.episode) {
			best = NOW;
			next = i;
		} else if (best == NOT && fits(f, &told[i])) {
			best = OF_LATER;
			next = i;
		}
	}
	size = same_kind(told + next, count - next);
	if (!next)
		return size;
	moved = ARENA_ARRAY(f->arena, struct told_step, size);
	memcpy(moved, told + next, size * sizeof(*told));
	memmove(told + size, told, next * sizeof(*told));
	memcpy(told, moved, size * sizeof(*told));
	return size;
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
	for (size_t i = 0, next = 0; i < count; i++) {
		if (i == next)
			next += bring_next(&f, told + i, same_instant(told + i, count - i));
		take(&f, &told[i], i ? &told[i - 1] : NULL);
	}
}

/* ---- one step more ---- */

static bool followed_before(const struct lead_life *before, uint32_t row)
{
	for (size_t i = 0; i < before->told_count; i++)
		if (!before->told[i].milestone && before->told[i].row == row)
			return before->told[i].followed;
	return false;
}

const struct told_step *lead_life_against(const struct lead_life *before, const struct lead_life *after)
{
	for (size_t i = 0; i < after->told_count; i++) {
		const struct told_step *told = &after->told[i];

		if (!told->milestone && !told->tried && !told->followed && followed_before(before, told->row))
			return told;
	}
	return NULL;
}

/* How the lead stands right after all that is told of that instant. */
static struct lifecycle stands_at(const struct lead_life *life, int64_t at_ms)
{
	struct lifecycle stands = LIFECYCLE_INIT;

	for (size_t i = 0; i < life->told_count && life->told[i].place_ms <= at_ms; i++)
		stands = life->told[i].after;
	return stands;
}

static bool try_in(const struct lead_life *before, struct told_step one, int64_t came_ms, int64_t now_ms,
		   struct lead_trial *out, struct arena *arena)
{
	size_t count = before->told_count, at = 0;
	struct told_step *told = ARENA_ARRAY(arena, struct told_step, count + 1);
	struct lead_life life;

	if (count)
		memcpy(told, before->told, count * sizeof(*told));
	told[count] = one;
	told[count].tried = true;
	lead_life_fold(&life, told, count + 1, came_ms, EVENT_NEVER, now_ms, arena);
	while (!told[at].tried)
		at++;
	out->stands = told[at].followed ? told[at].after : at ? told[at - 1].after : LIFECYCLE_INIT;
	out->against = told[at].followed ? lead_life_against(before, &life) : NULL;
	return told[at].followed && !out->against;
}

bool lead_life_try(const struct lead_life *before, struct told_step one, int64_t came_ms, int64_t now_ms,
		   struct lead_trial *out, struct arena *arena)
{
	struct lifecycle stands = stands_at(before, one.at_ms);
	struct lead_trial earlier;

	*out = (struct lead_trial){ stands, NULL };
	one.said = stands.episode;
	if (!moves(&one) && !follow(&stands, &one))
		return false;
	if (try_in(before, one, came_ms, now_ms, out, arena))
		return true;
	one.said = 0;
	if (!moves(&one) || !try_in(before, one, came_ms, now_ms, &earlier, arena))
		return false;
	*out = earlier;
	return true;
}
