#include "domain/promise.h"

static const char *const names[PROMISE_STATE__COUNT] = {
	[PROMISE_NOT_OPEN] = "not open", [PROMISE_RUNNING] = "running",   [PROMISE_AT_RISK] = "at risk",
	[PROMISE_WAITING] = "waiting",   [PROMISE_MET] = "met",           [PROMISE_BROKEN] = "broken",
	[PROMISE_EXCUSED] = "excused",   [PROMISE_DISPUTED] = "disputed", [PROMISE_VOID] = "void",
};

const char *promise_state_name(enum promise_state state)
{
	return names[state];
}

static bool is_working(struct allowance allowed)
{
	return allowed.kind == ALLOW_WORKING_TIME || allowed.kind == ALLOW_WORKING_DAYS;
}

/* `at_ms` moved by the time from `from_ms` to `to_ms`. */
static int64_t moved_ms(const struct calendar *calendar, struct allowance allowed, int64_t at_ms, int64_t from_ms,
			int64_t to_ms)
{
	int64_t waited_ms = is_working(allowed) ? calendar_elapsed_ms(calendar, from_ms, to_ms) : to_ms - from_ms;

	if (waited_ms <= 0)
		return at_ms;
	return calendar_due_ms(
		calendar, at_ms,
		(struct allowance){ is_working(allowed) ? ALLOW_WORKING_TIME : ALLOW_CALENDAR_TIME, waited_ms });
}

/* An instant that a clock begun at `start_ms` reaches after `allowed`, waiting not counted. *waits: it stands still at `now_ms`, and nobody
 * knows yet until when. Once it has stopped, at `stop_ms`, there is nothing left to wait for. */
static int64_t reached_ms(const struct calendar *calendar, const struct episode *episode, int64_t start_ms,
			  struct allowance allowed, int64_t stop_ms, int64_t now_ms, bool *waits)
{
	int64_t due_ms = calendar_due_of_day_ms(calendar, start_ms, allowed);

	*waits = false;
	for (size_t i = 0; i < episode->waiting_count && due_ms != CALENDAR_NEVER; i++) {
		int64_t from_ms = episode->waiting[i].from_ms, to_ms = episode->waiting[i].to_ms;

		if (from_ms < start_ms)
			from_ms = start_ms;
		if (to_ms > stop_ms)
			to_ms = stop_ms;
		if (from_ms >= due_ms || to_ms <= from_ms || from_ms > now_ms)
			continue;
		*waits = to_ms > now_ms;
		if (*waits)
			return EVENT_NEVER;
		due_ms = moved_ms(calendar, allowed, due_ms, from_ms, to_ms);
		/* Working days may be due at an opening: moved by a working day, that is the closing before. */
		if (due_ms < to_ms)
			due_ms = to_ms;
	}
	return due_ms;
}

/* The first of the events that stop the clock; one at an unknown time is before none that is known to be in time. */
static int64_t stopped_ms(const struct promise_def *promise, const struct episode *episode)
{
	int64_t first_ms = EVENT_NEVER;
	bool unknown = false;

	for (int event = 0; event < EVENT__COUNT; event++) {
		int64_t at_ms = episode->events[event];

		if (!(promise->until >> event & 1))
			continue;
		if (at_ms == EVENT_UNKNOWN)
			unknown = true;
		else if (at_ms < first_ms)
			first_ms = at_ms;
	}
	return first_ms == EVENT_NEVER && unknown ? EVENT_UNKNOWN : first_ms;
}

/* The instant of the last attempt that was promised, EVENT_NEVER while there are fewer up to `end_ms`. */
static int64_t enough_attempts_ms(const struct promise_def *promise, const struct episode *episode, int64_t start_ms,
				  int64_t end_ms, int *attempts)
{
	for (size_t i = 0; i < episode->attempt_count; i++) {
		if (episode->attempts_ms[i] < start_ms)
			continue;
		if (episode->attempts_ms[i] > end_ms)
			break;
		if (++*attempts == promise->attempts)
			return episode->attempts_ms[i];
	}
	return EVENT_NEVER;
}

/* Due at the share of the time allowed after which it is at risk. Days are too coarse for a share: of the time between start and due. */
static int64_t at_risk_ms(const struct promise_def *promise, const struct calendar *calendar, const struct judged *j)
{
	int64_t whole_ms;

	if (j->due_ms == EVENT_NEVER || !(promise->at_risk < 1))
		return j->due_ms;
	if (!is_working(promise->within))
		return j->start_ms + (int64_t)((double)(j->due_ms - j->start_ms) * promise->at_risk);
	whole_ms = (int64_t)((double)calendar_elapsed_ms(calendar, j->start_ms, j->due_ms) * promise->at_risk);
	return whole_ms <= 0
		       ? j->start_ms
		       : calendar_due_ms(calendar, j->start_ms, (struct allowance){ ALLOW_WORKING_TIME, whole_ms });
}

static enum promise_state state_of(const struct judged *j, const struct episode *episode, struct promise_words words,
				   bool waits, int64_t now_ms)
{
	if (episode->is_void || j->stop_ms == EVENT_UNKNOWN)
		return PROMISE_VOID;
	if (j->stop_ms != EVENT_NEVER && j->stop_ms <= j->due_ms)
		return PROMISE_MET;
	if (j->due_ms >= now_ms)
		return waits ? PROMISE_WAITING : now_ms >= j->at_risk_ms ? PROMISE_AT_RISK : PROMISE_RUNNING;
	if (words.excused)
		return PROMISE_EXCUSED;
	return words.disputed ? PROMISE_DISPUTED : PROMISE_BROKEN;
}

struct judged promise_judge(const struct promise_def *promise, const struct calendar *calendar,
			    const struct episode *episode, struct promise_words words, int64_t now_ms)
{
	struct judged j = { .start_ms = episode->events[promise->from], .stop_ms = EVENT_NEVER };
	bool waits;

	if (j.start_ms == EVENT_NEVER || j.start_ms == EVENT_UNKNOWN || j.start_ms > now_ms)
		return j;
	j.due_ms = reached_ms(calendar, episode, j.start_ms, promise->within, EVENT_NEVER, now_ms, &waits);
	j.stop_ms = stopped_ms(promise, episode);
	if (promise->kind == PROMISE_ATTEMPTS) {
		int64_t end_ms = j.due_ms < now_ms ? j.due_ms : now_ms;
		int64_t enough_ms = enough_attempts_ms(promise, episode, j.start_ms, end_ms, &j.attempts);

		if (enough_ms != EVENT_NEVER && (j.stop_ms == EVENT_UNKNOWN || enough_ms < j.stop_ms))
			j.stop_ms = enough_ms;
	}
	/* What happens after now has not happened yet. */
	if (j.stop_ms != EVENT_UNKNOWN && j.stop_ms > now_ms)
		j.stop_ms = EVENT_NEVER;
	if (event_known(j.stop_ms) && episode->waiting_count)
		j.due_ms = reached_ms(calendar, episode, j.start_ms, promise->within, j.stop_ms, now_ms, &waits);
	j.at_risk_ms = at_risk_ms(promise, calendar, &j);
	j.state = state_of(&j, episode, words, waits, now_ms);
	return j;
}
