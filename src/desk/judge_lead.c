/* One lead judged: type, gate and points of each episode, and its promises. */
#include <string.h>

#include "desk/judge_inner.h"

struct judging {
	const struct judge *judge;
	struct arena *arena;
	struct course course;
	int64_t *events; /* of the whole life, in the arena */
	uint32_t owner;  /* of today: its code */
	struct rows_history owners;
	const struct judge_version *viewed; /* by whose words the touches are told */
	struct lead_touch *touches;
};

/* ---- what rules see ---- */

/* The touches as the version calls them: told once for all episodes under it that follow each other. */
static void tell_touches(struct judging *j, const struct judge_version *version, const struct version_view *words)
{
	const struct judge *judge = j->judge;
	uint32_t first = judge->touches.starts[j->course.row], end = judge->touches.starts[j->course.row + 1];

	if (j->viewed == version)
		return;
	j->viewed = version;
	j->touches = ARENA_ARRAY(j->arena, struct lead_touch, end - first + 1);
	for (uint32_t i = first; i < end; i++) {
		uint32_t touch = judge->touches.rows[i];

		j->touches[i - first] = (struct lead_touch){ cell_time_ms(judge->touch_at, touch),
							     words->kinds[rows_code(judge->touch_kind, touch)] };
	}
}

static struct lead_view view_of(struct judging *j, const struct judge_version *version)
{
	const struct judge *judge = j->judge;
	struct version_view *words = &judge->views[version - judge->terms.versions];
	uint32_t row = j->course.row;

	tell_touches(j, version, words);
	return (struct lead_view){ .lead = { .leaves = judge_leaves(judge, words, row),
					     .touches = j->touches,
					     .touch_count = judge->touches.starts[row + 1] - judge->touches.starts[row],
					     .type = -1 },
				   .answers = j->course.story.life.answers,
				   .answer_count = j->course.story.life.answer_count };
}

/* ---- the gate ---- */

/* From when the gate is asked. What comes back from sales, or came before there was an agreement, must do something first: it does not pass
 * by what it had when it was rejected, nor all old leads on the day that an agreement begins. */
static int64_t gate_from_ms(const struct judged_episode *episode)
{
	const struct lead_view *view = &episode->view;
	int64_t from_ms = episode->begin_ms, first_ms = EVENT_NEVER, milestone_ms;

	if (from_ms < episode->version->from_ms)
		from_ms = episode->version->from_ms;
	else if (episode->number == 1)
		return from_ms;
	milestone_ms = gate_milestone_ms(episode->version->agreement, view, from_ms);
	for (size_t i = view->lead.touch_count; i-- > 0 && view->lead.touches[i].at_ms > from_ms;)
		first_ms = view->lead.touches[i].at_ms;
	for (size_t i = episode->first_answer; i < view->answer_count; i++)
		if ((view->answers[i].at_ms > from_ms || from_ms == episode->begin_ms) &&
		    view->answers[i].at_ms < first_ms)
			first_ms = view->answers[i].at_ms;
	return milestone_ms < first_ms ? milestone_ms : first_ms;
}

static void judge_gate(const struct judging *j, struct judged_episode *episode)
{
	const struct agreement *agreement = episode->version->agreement;
	int64_t end_ms = episode->end_ms < j->course.now_ms ? episode->end_ms : j->course.now_ms;
	int64_t from_ms = gate_from_ms(episode), handed_ms = episode->events[EVENT_HANDED_OFF];

	if (from_ms <= end_ms)
		episode->passed_ms = gate_passed_ms(agreement, &episode->view, from_ms, end_ms, &episode->gate);
	episode->at_ms = event_known(handed_ms) && handed_ms <= j->course.now_ms ? handed_ms
			 : episode->passed_ms != EVENT_NEVER                     ? episode->passed_ms
										 : end_ms;
	if (episode->at_ms != episode->passed_ms)
		episode->gate = gate_at(agreement, &episode->view, episode->at_ms);
	episode->view.lead.type = episode->gate.type;
	episode->points = episode->recorded >= 0 ? episode->recorded : episode->gate.points;
}

/* ---- promises ---- */

/* Does the promise's rule hold when its clock starts? By the type that the lead had then. */
static bool is_for(const struct judged_episode *episode, const struct promise_def *promise, int64_t start_ms)
{
	struct lead_view view = episode->view;

	if (!promise->only.root)
		return true;
	if (start_ms != episode->at_ms)
		gate_at(episode->version->agreement, &view, start_ms);
	return rule_holds(&promise->only, &view.lead, start_ms);
}

/* A partner promises for the leads that are its own, sales for those that are not: who got the lead with the hand-over decides, where somebody
 * wrote that down; else whether the lead has a partner, and then sales answers for it too. */
static bool is_theirs(const struct judging *j, const struct judged_episode *episode, const struct promise_def *promise)
{
	struct str partner = cell_name(j->judge->partner, j->course.row);
	bool handed_to_partner = partner.len && str_eq(episode->handed_to, partner);

	if (promise->party == PARTY_PARTNER)
		return partner.len && (!episode->handed_to.len || handed_to_partner);
	return promise->party != PARTY_SALES || !handed_to_partner ||
	       (promise->from != EVENT_HANDED_OFF && promise->from != EVENT_ACCEPTED);
}

/* Whose promise it was: who had the lead when it stopped, or else was due; whoever got it after the episode promised nothing. */
static uint32_t owner_of(const struct judging *j, const struct judged_episode *episode, const struct judged *judged)
{
	int64_t at_ms = judged->due_ms < episode->end_ms ? judged->due_ms : episode->end_ms - 1;

	if (at_ms < judged->start_ms)
		at_ms = judged->start_ms;
	if (event_known(judged->stop_ms) && judged->stop_ms < at_ms)
		at_ms = judged->stop_ms;
	if (at_ms >= j->course.now_ms || at_ms < 0)
		return j->owner;
	return rows_history_code(j->owners, (uint32_t)(at_ms / 1000), j->owner);
}

struct str judge_keeper(const struct agreement *agreement, enum party party, struct str owner)
{
	const struct names *signs = &agreement->parties[party].signs;

	if (party == PARTY_SALES || party == PARTY_PARTNER)
		return owner;
	return signs->count ? signs->items[0] : STR_NONE;
}

static void judge_promise(const struct judging *j, struct judged_episode *episode, const struct promise_def *promise)
{
	int64_t start_ms = episode->events[promise->from];
	struct promise_said said;
	struct judged judged;
	uint32_t owner;

	if (!episode->version->number && judge_untold(promise, j->judge->known) != UNTOLD_NOTHING)
		return;
	if (promise->kind == PROMISE_VOLUME || !event_known(start_ms) || start_ms > j->course.now_ms ||
	    start_ms < episode->version->from_ms || !is_theirs(j, episode, promise) ||
	    !is_for(episode, promise, start_ms))
		return;
	said = promise_said(j->course.story.words, j->course.story.word_count, promise->name, episode->number, start_ms,
			    j->course.now_ms);
	judged = promise_judge(promise, episode->version->calendar, &episode->episode, said.words, j->course.now_ms);
	if (judged.state == PROMISE_NOT_OPEN)
		return;
	owner = owner_of(j, episode, &judged);
	episode->promises[episode->promise_count++] =
		(struct judged_promise){ .promise = promise,
					 .judged = judged,
					 .said = said,
					 .recorded_late = said.was_broken && judged.state == PROMISE_MET,
					 .owner = judge_keeper(episode->version->agreement, promise->party,
							       rows_name(j->judge->owner, owner)),
					 .owner_code = owner };
}

static void judge_promises(const struct judging *j, struct judged_episode *episode)
{
	const struct agreement *agreement = episode->version->agreement;

	episode->promises = ARENA_ARRAY(j->arena, struct judged_promise, agreement->promise_count + 1);
	episode->promise_count = 0;
	for (size_t i = 0; i < agreement->promise_count; i++)
		judge_promise(j, episode, &agreement->promises[i]);
}

static void judge_episode(struct judging *j, struct judged_episode *episode)
{
	if (!episode->version)
		return;
	episode->view = view_of(j, episode->version);
	episode->view.lead.events = j->events;
	judge_gate(j, episode);
	judge_promises(j, episode);
}

static struct judging judging_of(const struct judge *judge, uint32_t row, struct arena *arena)
{
	return (struct judging){ .judge = judge,
				 .arena = arena,
				 .owner = rows_code(judge->owner, row),
				 .owners = rows_history(judge->owner, row) };
}

void judge_lead(const struct judge *judge, uint32_t row, int64_t now_ms, struct judged_lead *out, struct arena *arena)
{
	struct judging j = judging_of(judge, row, arena);

	course_of(judge, row, now_ms, &j.course, arena);
	j.events = ARENA_ARRAY(arena, int64_t, EVENT__COUNT);
	memcpy(j.events, j.course.story.events, sizeof(j.course.story.events));
	for (size_t i = 0; i < j.course.count; i++)
		judge_episode(&j, &j.course.episodes[i]);
	*out = (struct judged_lead){ row, j.course.story, j.course.episodes, j.course.count };
}

int64_t judge_ended_ms(const struct judged_lead *lead, const struct judged_episode *episode)
{
	static const enum lead_event ends[] = { EVENT_DISQUALIFIED, EVENT_WON, EVENT_LOST, EVENT_DISCONTINUED };
	int64_t first_ms = episode->end_ms;

	if (first_ms == EVENT_NEVER && life_open(lead->story.life.now.life))
		return EVENT_NEVER;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (episode->events[ends[i]] < first_ms)
			first_ms = episode->events[ends[i]];
	return first_ms;
}

bool judge_owed(const struct judged_lead *lead, const struct judged_episode *episode, const struct judged *judged)
{
	bool counts = judged->state == PROMISE_RUNNING || judged->state == PROMISE_AT_RISK ||
		      judged->state == PROMISE_WAITING || judged->state == PROMISE_BROKEN;

	return counts && judged->stop_ms == EVENT_NEVER && judge_ended_ms(lead, episode) == EVENT_NEVER;
}

void judge_as_qualified(const struct judge *judge, const struct judged_lead *lead, int64_t now_ms,
			struct judged_episode *episode, struct arena *arena)
{
	struct judging j = judging_of(judge, lead->row, arena);

	j.course.row = lead->row;
	j.course.now_ms = now_ms;
	j.course.story = lead->story;
	if (episode->passed_ms < episode->events[EVENT_QUALIFIED])
		episode->events[EVENT_QUALIFIED] = episode->passed_ms;
	judge_promises(&j, episode);
}
