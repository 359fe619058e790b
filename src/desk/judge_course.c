/* One lead's life as it is judged: its episodes, each under its version, with the contacts and pauses that clocks look at. */
#include <math.h>
#include <string.h>

#include "desk/judge_inner.h"

/* ---- episodes ---- */

static bool is_among(const struct names *names, struct str name)
{
	for (size_t i = 0; i < names->count; i++)
		if (str_eq(names->items[i], name))
			return true;
	return false;
}

/* What began before there was an agreement falls under the first. */
static const struct judge_version *version_of(const struct judge *judge, int64_t begin_ms, int64_t now_ms)
{
	const struct judge_version *version = judge_version_at(judge, begin_ms);
	const struct judge_terms *terms = &judge->terms;

	if (!version && terms->count && terms->versions[0].from_ms <= now_ms)
		version = &terms->versions[0];
	return version;
}

/* Clocks pause in the states that the agreement names, and nowhere else; once for several at a time. */
static void place_waits(struct judged_episode *episode, const struct lead_life *life, const struct life_episode *lived,
			struct arena *arena)
{
	const struct life_wait *waits;
	struct waiting *waiting;
	size_t count = 0;

	if (!lived->wait_count || !episode->version)
		return;
	waits = life->waits + lived->first_wait;
	waiting = ARENA_ARRAY(arena, struct waiting, lived->wait_count);
	for (size_t i = 0; i < lived->wait_count; i++)
		if ((!count || waiting[count - 1].to_ms <= waits[i].from_ms) &&
		    is_among(&episode->version->agreement->waiting_states, waits[i].reason))
			waiting[count++] = (struct waiting){ waits[i].from_ms, waits[i].to_ms };
	episode->episode.waiting = waiting;
	episode->episode.waiting_count = count;
}

static void place_episode(const struct judge *judge, const struct course *course, size_t at,
			  struct judged_episode *episode, struct arena *arena)
{
	const struct lead_life *life = &course->story.life;
	const struct life_episode *lived = &life->episodes[at];
	const struct told_step *handed = lived->handed_over;

	*episode = (struct judged_episode){ .number = (unsigned)at + 1,
					    .begin_ms = lived->begin_ms,
					    .end_ms = lived->end_ms,
					    .contacts_end_ms = lived->contacts_end_ms,
					    .first_answer = lived->first_answer,
					    .passed_ms = EVENT_NEVER,
					    .recorded =
						    handed && !isnan(handed->score) ? llround(handed->score * 100) : -1,
					    .handed_to = handed ? handed->owner : STR_NONE,
					    .version = version_of(judge, lived->begin_ms, course->now_ms) };
	memcpy(episode->events, lived->events, sizeof(episode->events));
	episode->episode.events = episode->events;
	episode->episode.is_void = life->is_void;
	place_waits(episode, life, lived, arena);
}

/* ---- contacts ---- */

struct contacts {
	int64_t *at_ms;
	bool *talk;
	size_t count;
};

static struct contacts read_contacts(const struct judge *judge, uint32_t row, struct arena *arena)
{
	uint32_t first = judge->activities.starts[row], end = judge->activities.starts[row + 1];
	struct contacts contacts = { .count = 0 };

	if (first == end)
		return contacts;
	contacts.at_ms = ARENA_ARRAY(arena, int64_t, end - first);
	contacts.talk = ARENA_ARRAY(arena, bool, end - first);
	for (uint32_t i = first; i < end; i++) {
		enum contact_kind kind = contact_of(&judge->contacts, judge->activities.rows[i]);

		if (kind == CONTACT_NONE)
			continue;
		contacts.at_ms[contacts.count] = cell_time_ms(judge->activity_at, judge->activities.rows[i]);
		contacts.talk[contacts.count++] = kind == CONTACT_TALK;
	}
	return contacts;
}

/* The first of something. */
static void note_first(int64_t *first_ms, int64_t at_ms)
{
	if (*first_ms == EVENT_UNKNOWN || at_ms < *first_ms)
		*first_ms = at_ms;
}

/* First response and conversation after the hand-over; of an episode without one, after it began. *next: the first contact that no episode
 * before has. */
static void place_contacts(struct judged_episode *episode, const struct contacts *contacts, size_t *next)
{
	int64_t from_ms = episode->events[EVENT_HANDED_OFF];
	size_t first = *next, end;

	if (!event_known(from_ms))
		from_ms = episode->begin_ms;
	while (first < contacts->count && contacts->at_ms[first] < episode->begin_ms)
		first++;
	for (end = first; end < contacts->count && contacts->at_ms[end] < episode->contacts_end_ms; end++) {
		if (contacts->at_ms[end] < from_ms)
			continue;
		note_first(&episode->events[EVENT_FIRST_RESPONSE], contacts->at_ms[end]);
		if (contacts->talk[end])
			note_first(&episode->events[EVENT_REACHED], contacts->at_ms[end]);
	}
	episode->episode.attempts_ms = end > first ? contacts->at_ms + first : NULL;
	episode->episode.attempt_count = end - first;
	*next = end;
}

/* What a source itself says of the first response goes before what contacts tell. */
static void place_first_response(struct judged_episode *episode, int64_t at_ms)
{
	if (at_ms == EVENT_UNKNOWN || (event_known(at_ms) && at_ms < episode->contacts_end_ms))
		episode->events[EVENT_FIRST_RESPONSE] = at_ms;
}

/* ---- the whole ---- */

static int64_t first_touch_ms(const struct judge *judge, uint32_t row)
{
	uint32_t first = judge->touches.starts[row];

	if (first == judge->touches.starts[row + 1])
		return EVENT_NEVER;
	return cell_time_ms(judge->touch_at, judge->touches.rows[first]);
}

void course_of(const struct judge *judge, uint32_t row, int64_t now_ms, struct course *course, struct arena *arena)
{
	struct contacts contacts;
	size_t next = 0;

	*course = (struct course){ .row = row, .now_ms = now_ms };
	lead_story_read(judge->files, row, first_touch_ms(judge, row), now_ms, &course->story, arena);
	contacts = read_contacts(judge, row, arena);
	course->count = course->story.life.episode_count;
	course->episodes = ARENA_ARRAY(arena, struct judged_episode, course->count);
	for (size_t i = 0; i < course->count; i++) {
		place_episode(judge, course, i, &course->episodes[i], arena);
		place_contacts(&course->episodes[i], &contacts, &next);
	}
	place_first_response(&course->episodes[0], course->story.events[EVENT_FIRST_RESPONSE]);
	for (size_t i = 0; i < contacts.count; i++)
		if (contacts.talk[i])
			note_first(&course->story.events[EVENT_REACHED], contacts.at_ms[i]);
}
