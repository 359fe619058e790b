/* A lead's life: what happened to it, in order, cut into episodes. */
#include <math.h>

#include "desk/judge_inner.h"
#include "domain/lead_step.h"

/* Something that happened. Of the same second the lesser rank comes first, then the lesser detail, so that the order of arrival plays no
 * part. */
struct happened {
	int64_t at_ms;
	int rank;
	enum lead_event event;         /* EVENT__COUNT: none */
	int step;                      /* enum lead_step; −1: a milestone of the columns that is none */
	uint32_t row;                  /* of the step; REF_NONE: a milestone */
	struct str detail, and_detail; /* of the step: its question or reason, and its outcome */
};

enum {
	/* Milestones that are also steps rank with them; what comes of deals comes last. */
	RANK_FIRST = -1,
	RANK_LAST = LEAD_STEP__COUNT,
};

struct telling {
	const struct judge *judge;
	struct arena *arena;
	struct course *course;
	struct happened *items;
	size_t count, capacity;
	size_t episode_capacity;
	struct waiting *waiting; /* of the episode at hand */
	size_t waiting_count, waiting_capacity;
	size_t answer_capacity;
};

static void happens(struct telling *t, struct happened item)
{
	/* What lies ahead has not happened yet. */
	if (item.at_ms > t->course->now_ms)
		return;
	ARENA_PUSH(t->arena, t->items, t->count, t->capacity);
	t->items[t->count++] = item;
}

static int rank_of(enum lead_event event)
{
	for (int step = 0; step < LEAD_STEP__COUNT; step++)
		if (lead_step_event((enum lead_step)step) == event)
			return step;
	return event == EVENT_CREATED ? RANK_FIRST : RANK_LAST + (int)event;
}

/* ---- what the columns say ---- */

static void read_milestones(struct telling *t)
{
	struct course *course = t->course;

	for (int event = 0; event < EVENT__COUNT; event++)
		course->events[event] =
			t->judge->times[event] ? cell_time_ms(t->judge->times[event], course->row) : EVENT_NEVER;
	course->is_void = cell_time_ms(t->judge->voided, course->row) <= course->now_ms;
}

static bool is_known(int64_t at_ms)
{
	return at_ms != EVENT_NEVER && at_ms != EVENT_UNKNOWN;
}

static bool is_among(const struct names *names, struct str name)
{
	for (size_t i = 0; i < names->count; i++)
		if (str_eq(names->items[i], name))
			return true;
	return false;
}

/* The first of something. */
static void note_first(int64_t *first_ms, int64_t at_ms)
{
	if (*first_ms == EVENT_UNKNOWN || at_ms < *first_ms)
		*first_ms = at_ms;
}

/* Milestones have the first of their steps: that is told already. */
static void tell_milestone(struct telling *t, struct happened item)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->items[i].at_ms == item.at_ms && t->items[i].rank == item.rank)
			return;
	happens(t, item);
}

static void tell_milestones(struct telling *t)
{
	int64_t recycled_ms = cell_time_ms(t->judge->recycled, t->course->row);

	for (int event = 0; event < EVENT__COUNT; event++) {
		int64_t at_ms = t->course->events[event];

		if (event != EVENT_CREATED && event != EVENT_FIRST_RESPONSE && is_known(at_ms))
			tell_milestone(t, (struct happened){ .at_ms = at_ms,
							     .rank = rank_of((enum lead_event)event),
							     .event = (enum lead_event)event,
							     .step = -1,
							     .row = REF_NONE });
	}
	if (is_known(recycled_ms))
		tell_milestone(t, (struct happened){ .at_ms = recycled_ms,
						     .rank = LEAD_STEP_RECYCLED,
						     .event = EVENT__COUNT,
						     .step = LEAD_STEP_RECYCLED,
						     .row = REF_NONE });
}

/* ---- what people recorded ---- */

static void tell_steps(struct telling *t)
{
	const struct judge *judge = t->judge;
	uint32_t end = judge->steps.starts[t->course->row + 1];

	for (uint32_t i = judge->steps.starts[t->course->row]; i < end; i++) {
		uint32_t row = judge->steps.rows[i];
		int step = judge->step.named[rows_code(judge->step.step, row)];

		if (step < 0 || step == LEAD_STEP_TAKEN_BACK)
			continue;
		happens(t, (struct happened){
				   .at_ms = cell_time_ms(judge->step.at, row),
				   .rank = step,
				   .event = lead_step_event((enum lead_step)step),
				   .step = step,
				   .row = row,
				   .detail = cell_name(
					   step == LEAD_STEP_ANSWERED ? judge->step.question : judge->step.reason, row),
				   .and_detail = cell_name(judge->step.outcome, row),
			   });
	}
}

static bool comes_before(const struct happened *a, const struct happened *b)
{
	int order;

	if (a->at_ms != b->at_ms)
		return a->at_ms < b->at_ms;
	if (a->rank != b->rank)
		return a->rank < b->rank;
	order = str_cmp(a->detail, b->detail);
	return order ? order < 0 : str_cmp(a->and_detail, b->and_detail) < 0;
}

static void sort(struct happened *items, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct happened item = items[i];
		size_t at = i;

		for (; at && comes_before(&item, &items[at - 1]); at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
}

/* ---- episodes ---- */

/* What began before there was an agreement falls under the first. */
static const struct judge_version *version_of(const struct telling *t, int64_t begin_ms)
{
	const struct judge_version *version = judge_version_at(t->judge, begin_ms);
	const struct judge_terms *terms = &t->judge->terms;

	if (!version && terms->count && terms->versions[0].from_ms <= t->course->now_ms)
		version = &terms->versions[0];
	return version;
}

static struct judged_episode *begin(struct telling *t, int64_t at_ms)
{
	struct course *course = t->course;
	struct judged_episode *episode;

	if (course->count)
		course->episodes[course->count - 1].end_ms = at_ms;
	ARENA_PUSH(t->arena, course->episodes, course->count, t->episode_capacity);
	episode = &course->episodes[course->count++];
	*episode = (struct judged_episode){ .number = (unsigned)course->count,
					    .begin_ms = at_ms,
					    .end_ms = EVENT_NEVER,
					    .passed_ms = EVENT_NEVER,
					    .recorded = -1,
					    .version = version_of(t, at_ms) };
	t->waiting = NULL;
	t->waiting_count = t->waiting_capacity = 0;
	for (int event = 0; event < EVENT__COUNT; event++)
		episode->events[event] = EVENT_NEVER;
	return episode;
}

/* Does what happened begin an episode, or end the one it belongs to? */
static bool begins_one(const struct judged_episode *episode, const struct happened *item)
{
	if (item->step == LEAD_STEP_RECYCLED)
		return episode->events[EVENT_HANDED_OFF] != EVENT_NEVER;
	return item->event == EVENT_HANDED_OFF && episode->events[EVENT_HANDED_OFF] != EVENT_NEVER &&
	       episode->events[EVENT_HANDED_OFF] != item->at_ms;
}

static bool ends_one(const struct happened *item)
{
	return item->event == EVENT_REJECTED || item->step == LEAD_STEP_REOPENED;
}

static bool waits(const struct telling *t)
{
	return t->waiting_count && t->waiting[t->waiting_count - 1].to_ms == EVENT_NEVER;
}

/* A lead that goes on waits no more (domain/lifecycle.h), whether or not somebody says so. */
static bool ends_waiting(const struct happened *item)
{
	return item->step == LEAD_STEP_RESUMED ||
	       (item->event != EVENT__COUNT && item->event != EVENT_WORKING && item->event != EVENT_OPTED_OUT);
}

/* Clocks pause in the states that the agreement names, and nowhere else. */
static void wait(struct telling *t, struct judged_episode *episode, const struct happened *item)
{
	if (waits(t) || !episode->version || !is_among(&episode->version->agreement->waiting_states, item->detail))
		return;
	ARENA_PUSH(t->arena, t->waiting, t->waiting_count, t->waiting_capacity);
	t->waiting[t->waiting_count++] = (struct waiting){ item->at_ms, EVENT_NEVER };
	episode->episode.waiting = t->waiting;
	episode->episode.waiting_count = t->waiting_count;
}

static void answer(struct telling *t, const struct happened *item)
{
	struct course *course = t->course;

	for (int question = 0; question < BANT__COUNT; question++) {
		if (!str_is(item->detail, bant_name((enum bant)question)))
			continue;
		ARENA_PUSH(t->arena, course->answers, course->answer_count, t->answer_capacity);
		course->answers[course->answer_count++] =
			(struct bant_answer){ item->at_ms, (enum bant)question,
					      str_is(item->and_detail, "yes") ? ANSWER_YES : ANSWER_NO };
	}
}

/* What a step says besides that it happened. */
static void take_in(struct telling *t, struct judged_episode *episode, const struct happened *item)
{
	switch (item->step) {
	case LEAD_STEP_WAITING: wait(t, episode, item); break;
	case LEAD_STEP_ANSWERED: answer(t, item); break;
	case LEAD_STEP_HANDED_OFF: {
		double score = cells_number(t->judge->step.score, item->row);

		episode->recorded = isnan(score) ? -1 : llround(score * 100);
		episode->handed_to = cell_name(t->judge->step.owner, item->row);
		break;
	}
	default: break;
	}
}

static bool is_told_again(const struct telling *t, size_t i)
{
	return i && t->items[i].event != EVENT__COUNT && t->items[i].event == t->items[i - 1].event &&
	       t->items[i].at_ms == t->items[i - 1].at_ms;
}

static void cut(struct telling *t)
{
	struct judged_episode *episode = &t->course->episodes[0];

	for (size_t i = 0; i < t->count; i++) {
		const struct happened *item = &t->items[i];

		if (is_told_again(t, i))
			continue;
		if (waits(t) && ends_waiting(item))
			t->waiting[t->waiting_count - 1].to_ms = item->at_ms;
		if (begins_one(episode, item))
			episode = begin(t, item->at_ms);
		if (item->event != EVENT__COUNT)
			note_first(&episode->events[item->event], item->at_ms);
		take_in(t, episode, item);
		if (ends_one(item))
			episode = begin(t, item->at_ms);
	}
}

/* When the lead came, else when it was first heard of. */
static int64_t begin_ms(const struct telling *t)
{
	const struct judge *judge = t->judge;
	uint32_t touch = judge->touches.starts[t->course->row];
	int64_t at_ms = t->course->events[EVENT_CREATED];

	if (is_known(at_ms))
		return at_ms;
	at_ms = t->count ? t->items[0].at_ms : t->course->now_ms;
	if (touch < judge->touches.starts[t->course->row + 1]) {
		int64_t touched_ms = cell_time_ms(judge->touch_at, judge->touches.rows[touch]);

		at_ms = touched_ms < at_ms ? touched_ms : at_ms;
	}
	return at_ms;
}

/* ---- contacts ---- */

struct contacts {
	int64_t *at_ms;
	bool *talk;
	size_t count;
};

static struct contacts read_contacts(const struct telling *t)
{
	const struct judge *judge = t->judge;
	uint32_t first = judge->activities.starts[t->course->row], end = judge->activities.starts[t->course->row + 1];
	struct contacts contacts = { .count = 0 };

	if (first == end)
		return contacts;
	contacts.at_ms = ARENA_ARRAY(t->arena, int64_t, end - first);
	contacts.talk = ARENA_ARRAY(t->arena, bool, end - first);
	for (uint32_t i = first; i < end; i++) {
		enum contact_kind kind = contact_of(&judge->contacts, judge->activities.rows[i]);

		if (kind == CONTACT_NONE)
			continue;
		contacts.at_ms[contacts.count] = cell_time_ms(judge->activity_at, judge->activities.rows[i]);
		contacts.talk[contacts.count++] = kind == CONTACT_TALK;
	}
	return contacts;
}

/* First response and conversation after the hand-over; of an episode without one, after it began. *next: the first contact that no episode
 * before has. */
static void place_contacts(struct judged_episode *episode, const struct contacts *contacts, size_t *next)
{
	int64_t from_ms = episode->events[EVENT_HANDED_OFF];
	size_t first = *next, end;

	if (!is_known(from_ms))
		from_ms = episode->begin_ms;
	while (first < contacts->count && contacts->at_ms[first] < episode->begin_ms)
		first++;
	for (end = first; end < contacts->count && contacts->at_ms[end] < episode->end_ms; end++) {
		if (contacts->at_ms[end] < from_ms)
			continue;
		note_first(&episode->events[EVENT_FIRST_RESPONSE], contacts->at_ms[end]);
		if (contacts->talk[end])
			note_first(&episode->events[EVENT_REACHED], contacts->at_ms[end]);
	}
	episode->episode.attempts_ms = contacts->at_ms + first;
	episode->episode.attempt_count = end - first;
	*next = end;
}

/* What a source itself says of the first response goes before what contacts tell. */
static void place_first_response(struct judged_episode *episode, int64_t at_ms)
{
	if (at_ms == EVENT_UNKNOWN || (is_known(at_ms) && at_ms < episode->end_ms))
		episode->events[EVENT_FIRST_RESPONSE] = at_ms;
}

/* ---- the whole ---- */

static void place_unknown(struct course *course)
{
	for (int event = 0; event < EVENT__COUNT; event++)
		if (course->events[event] == EVENT_UNKNOWN && course->episodes[0].events[event] == EVENT_NEVER)
			course->episodes[0].events[event] = EVENT_UNKNOWN;
}

/* How far it came in its last episode; what happened at an unknown time did so last. */
static enum life life_of(const struct course *course)
{
	static const struct {
		enum lead_event event;
		enum life life;
	} far[] = {
		{ EVENT_DISQUALIFIED, LIFE_DISQUALIFIED },
		{ EVENT_WON, LIFE_WON },
		{ EVENT_LOST, LIFE_LOST },
		{ EVENT_DISCONTINUED, LIFE_DISCONTINUED },
		{ EVENT_REJECTED, LIFE_NURTURING },
		{ EVENT_OPPORTUNITY, LIFE_OPPORTUNITY },
		{ EVENT_ACCEPTED, LIFE_ACCEPTED },
		{ EVENT_HANDED_OFF, LIFE_HANDED_OFF },
		{ EVENT_QUALIFIED, LIFE_QUALIFIED },
		{ EVENT_PREQUALIFIED, LIFE_PREQUALIFIED },
	};
	const int64_t *events = course->episodes[course->count - 1].events;

	for (size_t i = 0; i < sizeof(far) / sizeof(*far); i++)
		if (events[far[i].event] != EVENT_NEVER || course->episodes[0].events[far[i].event] == EVENT_UNKNOWN)
			return far[i].life;
	return course->count > 1 ? LIFE_NURTURING : LIFE_NEW;
}

void course_of(const struct judge *judge, uint32_t row, int64_t now_ms, struct course *course, struct arena *arena)
{
	struct telling t = { .judge = judge, .arena = arena, .course = course };
	struct contacts contacts;
	size_t next = 0;

	*course = (struct course){ .row = row, .now_ms = now_ms };
	read_milestones(&t);
	tell_steps(&t);
	for (size_t i = 0; i < t.count; i++)
		if (t.items[i].event != EVENT__COUNT)
			note_first(&course->events[t.items[i].event], t.items[i].at_ms);
	tell_milestones(&t);
	sort(t.items, t.count);
	begin(&t, begin_ms(&t));
	course->episodes[0].events[EVENT_CREATED] = course->events[EVENT_CREATED];
	cut(&t);
	place_unknown(course);
	contacts = read_contacts(&t);
	for (size_t i = 0; i < course->count; i++)
		place_contacts(&course->episodes[i], &contacts, &next);
	place_first_response(&course->episodes[0], course->events[EVENT_FIRST_RESPONSE]);
	for (size_t i = 0; i < contacts.count; i++)
		if (contacts.talk[i])
			note_first(&course->events[EVENT_REACHED], contacts.at_ms[i]);
	for (size_t i = 0; i < course->count; i++) {
		course->episodes[i].episode.events = course->episodes[i].events;
		course->episodes[i].episode.is_void = course->is_void;
	}
	course->life = life_of(course);
}
