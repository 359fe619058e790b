#include "domain/standing.h"

#include <stdlib.h>

#define DAY_MS INT64_C(86400000)

static const char *const names[STANDING__COUNT] = {
	[STANDING_GOOD] = "good",
	[STANDING_PROBATION] = "on probation",
	[STANDING_SUSPENDED] = "suspended",
};

const char *standing_name(enum standing standing)
{
	return names[standing];
}

bool standing_by_name(struct str name, enum standing *out)
{
	for (int i = 0; i < STANDING__COUNT; i++)
		if (str_is(name, names[i])) {
			*out = (enum standing)i;
			return true;
		}
	return false;
}

/* What happens to a case, by time: it falls due, or it is answered. */
struct moment {
	int64_t at_ms;
	const struct standing_case *of;
	bool due;
};

struct judging {
	const struct promise_def *promise;
	struct arena *arena;
	struct standing_history out;
	size_t capacity;
	int64_t since_ms; /* only what began then or later counts */
	int answered;     /* late, while suspended */
	struct moment *moments;
	size_t moment_count;
};

static int compare(const void *a, const void *b)
{
	const struct moment *x = a, *y = b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	if (x->of->start_ms != y->of->start_ms)
		return x->of->start_ms < y->of->start_ms ? -1 : 1;
	if (x->of->due_ms != y->of->due_ms)
		return x->of->due_ms < y->of->due_ms ? -1 : 1;
	return (x->due && !y->due) ? -1 : (y->due && !x->due);
}

static bool kept(const struct standing_case *c)
{
	return c->stop_ms <= c->due_ms;
}

/* When it weighs on the way back no more. */
static int64_t answered_ms(const struct standing_case *c)
{
	int64_t ended_ms = c->ended_ms < c->due_ms ? c->due_ms : c->ended_ms;

	return kept(c) || c->stop_ms < ended_ms ? c->stop_ms : ended_ms;
}

static void change(struct judging *j, int64_t at_ms, enum standing to, int late, int due)
{
	ARENA_PUSH(j->arena, j->out.changes, j->out.count, j->capacity);
	j->out.changes[j->out.count++] = (struct standing_change){ at_ms, to, late, due };
	j->out.now = to;
}

/* How far back the agreed share looks. */
static int64_t window_ms(const struct keep *keep)
{
	static const int days[EVERY__COUNT] = {
		[EVERY_DAY] = 1, [EVERY_WEEK] = 7, [EVERY_MONTH] = 30, [EVERY_QUARTER] = 91, [EVERY_YEAR] = 365,
	};

	return (keep->in_days ? keep->in_days : days[keep->each]) * DAY_MS;
}

static void come_back(struct judging *j, int64_t at_ms)
{
	bool probation = j->promise->back_in_a_row > 0;

	j->since_ms = at_ms;
	j->out.row = 0;
	change(j, at_ms, probation ? STANDING_PROBATION : STANDING_GOOD, j->answered, 0);
}

/* Promises broke at the moment: were too many of the time before? With nothing left to answer, as all of it ended, it is back at once. */
static void look_back(struct judging *j, size_t end)
{
	const struct keep *keep = &j->promise->keep;
	int64_t at_ms = j->moments[end].at_ms;
	int late = 0, due = 0;

	for (size_t i = end + 1; i-- > 0 && j->moments[i].at_ms > at_ms - window_ms(keep);) {
		const struct moment *m = &j->moments[i];

		if (!m->due || m->of->start_ms < j->since_ms)
			continue;
		due++;
		late += !kept(m->of);
	}
	if (due < keep->of_at_least || keeps_share(keep->share, due - late, due))
		return;
	change(j, at_ms, STANDING_SUSPENDED, late, due);
	j->answered = j->out.overdue ? 0 : late;
	if (!j->out.overdue && j->promise->back_when_answered)
		come_back(j, at_ms);
}

static void fell_due_late(struct judging *j, const struct moment *m)
{
	j->out.overdue++;
	if (j->out.now == STANDING_PROBATION && m->of->start_ms >= j->since_ms)
		j->out.row = 0;
}

static void answered(struct judging *j, const struct moment *m)
{
	if (!kept(m->of)) {
		j->out.overdue--;
		j->answered++;
		if (j->out.now == STANDING_SUSPENDED && j->promise->back_when_answered && !j->out.overdue)
			come_back(j, m->at_ms);
	} else if (j->out.now == STANDING_PROBATION && m->of->start_ms >= j->since_ms &&
		   ++j->out.row >= j->promise->back_in_a_row) {
		change(j, m->at_ms, STANDING_GOOD, 0, j->out.row);
	}
}

struct standing_history standing_judge(const struct promise_def *promise, const struct standing_case *cases,
				       size_t count, int64_t now_ms, struct arena *arena)
{
	struct judging j = { .promise = promise, .arena = arena, .since_ms = INT64_MIN };
	bool broke = false;

	j.moments = ARENA_ARRAY(arena, struct moment, 2 * count + 1);
	for (size_t i = 0; i < count; i++) {
		if (cases[i].due_ms < now_ms)
			j.moments[j.moment_count++] = (struct moment){ cases[i].due_ms, &cases[i], true };
		if (answered_ms(&cases[i]) <= now_ms && (kept(&cases[i]) || cases[i].due_ms < now_ms))
			j.moments[j.moment_count++] = (struct moment){ answered_ms(&cases[i]), &cases[i], false };
	}
	if (j.moment_count)
		qsort(j.moments, j.moment_count, sizeof(*j.moments), compare);
	for (size_t i = 0; i < j.moment_count; i++) {
		const struct moment *m = &j.moments[i];
		bool late = m->due && !kept(m->of);

		if (late)
			fell_due_late(&j, m);
		else if (!m->due)
			answered(&j, m);
		/* What falls due together is looked at together. */
		broke |= late;
		if (i + 1 < j.moment_count && j.moments[i + 1].at_ms == m->at_ms)
			continue;
		if (broke && j.out.now != STANDING_SUSPENDED)
			look_back(&j, i);
		broke = false;
	}
	return j.out;
}
