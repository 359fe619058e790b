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

/* A clock that began at `start_ms`; once it has stopped, at `stop_ms`, there is nothing left to wait for. */
struct promise_clock {
	const struct calendar *calendar;
	const struct episode *episode;
	struct allowance allowed;
	int64_t start_ms, stop_ms, now_ms;
};

static int64_t time_between(const struct promise_clock *c, int64_t from_ms, int64_t to_ms)
{
	return is_working(c->allowed) ? calendar_elapsed_ms(c->calendar, from_ms, to_ms) : to_ms - from_ms;
}

static int64_t later(const struct promise_clock *c, int64_t at_ms, int64_t by_ms)
{
	if (by_ms <= 0)
		return at_ms;
	return calendar_due_ms(
		c->calendar, at_ms,
		(struct allowance){ is_working(c->allowed) ? ALLOW_WORKING_TIME : ALLOW_CALENDAR_TIME, by_ms });
}

/* Where it stood still before `before_ms`, as far as is known now. */
static bool paused(const struct promise_clock *c, size_t i, int64_t before_ms, struct waiting *out)
{
	*out = c->episode->waiting[i];
	if (out->from_ms < c->start_ms)
		out->from_ms = c->start_ms;
	if (out->to_ms > c->stop_ms)
		out->to_ms = c->stop_ms;
	return out->from_ms < before_ms && out->from_ms < out->to_ms && out->from_ms <= c->now_ms;
}

/* When it is due, waiting not counted. *waits: it stands still now, and nobody knows yet until when. */
static int64_t due_ms_of(const struct promise_clock *c, bool *waits)
{
	int64_t due_ms = calendar_due_of_day_ms(c->calendar, c->start_ms, c->allowed);
	struct waiting pause;

	*waits = false;
	for (size_t i = 0; i < c->episode->waiting_count && due_ms != CALENDAR_NEVER; i++) {
		if (!paused(c, i, due_ms, &pause))
			continue;
		*waits = pause.to_ms > c->now_ms;
		if (*waits)
			return EVENT_NEVER;
		due_ms = later(c, due_ms, time_between(c, pause.from_ms, pause.to_ms));
		/* Working days may be due at an opening: moved by a working day, that is the closing before. */
		if (due_ms < pause.to_ms)
			due_ms = pause.to_ms;
	}
	return due_ms;
}

/* When the share of the time allowed has run after which it is at risk, waiting not counted. Days are too coarse for a share: of the time
 * between start and due. */
static int64_t at_risk_ms_of(const struct promise_clock *c, double share, int64_t due_ms)
{
	int64_t left_ms, at_ms, from_ms = c->start_ms;
	struct waiting pause;

	if (due_ms == EVENT_NEVER || !(share < 1))
		return due_ms;
	left_ms = time_between(c, c->start_ms, due_ms);
	for (size_t i = 0; i < c->episode->waiting_count; i++)
		if (paused(c, i, due_ms, &pause))
			left_ms -= time_between(c, pause.from_ms, pause.to_ms);
	left_ms = (int64_t)((double)left_ms * share);
	at_ms = later(c, from_ms, left_ms);
	for (size_t i = 0; i < c->episode->waiting_count; i++) {
		if (!paused(c, i, at_ms, &pause))
			continue;
		left_ms -= time_between(c, from_ms, pause.from_ms);
		from_ms = pause.to_ms;
		at_ms = later(c, from_ms, left_ms);
	}
	return at_ms;
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
	struct promise_clock clock = { calendar, episode, promise->within, j.start_ms, EVENT_NEVER, now_ms };
	bool waits;

	if (j.start_ms == EVENT_NEVER || j.start_ms == EVENT_UNKNOWN || j.start_ms > now_ms)
		return j;
	j.due_ms = due_ms_of(&clock, &waits);
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
	if (event_known(j.stop_ms) && episode->waiting_count) {
		clock.stop_ms = j.stop_ms;
		j.due_ms = due_ms_of(&clock, &waits);
	}
	j.at_risk_ms = at_risk_ms_of(&clock, promise->at_risk, j.due_ms);
	j.state = state_of(&j, episode, words, waits, now_ms);
	return j;
}
