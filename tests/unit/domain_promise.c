#include "domain/promise.h"

#include <stdlib.h>

#include "tap.h"

/* Whole-hour cases against a judge that walks hour by hour and knows nothing of calendars' arithmetic. */

static const char text[] =
	"agreement: Promises\n"
	"between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}}\n"
	"in force: 2026-01-05\n"
	"calendar: {time zone: UTC, hours: {mon-fri: [\"08:00-12:00\", \"13:00-17:00\"]}}\n"
	"lead types: {any: {when: \"not won\", hand over: at once}}\n"
	"route: [{otherwise: [Sam]}]\n"
	"promises:\n"
	"  first: {party: sales, from: handed_off, until: first_response, within: 4 hours}\n"
	"  feedback: {party: sales, from: handed_off, until: accepted or rejected or working, within: 2 calendar days}\n"
	"  trying: {party: sales, from: handed_off, attempts: 3, until: reached or opted_out, within: 20 hours}\n"
	"  day: {party: sales, from: handed_off, until: accepted, within: 1 working day, at risk: 50 %}\n"
	"  half: {party: sales, from: handed_off, until: first_response, within: 4 hours, at risk: 50 %}\n"
	"reasons: {reject: [no need]}\n";

#define HOUR_MS INT64_C(3600000)
#define NO_HOUR INT64_MAX

static struct arena arena;
static struct agreement *agreement;
static struct zone *zone;
static struct calendar *calendar;

static int64_t instant(const char *local)
{
	int64_t ms = 0;
	bool date_only;

	if (!zone_parse(zone, str_of(local), &ms, &date_only))
		ok(false, "%s is no time", local);
	return ms;
}

struct scene {
	int64_t events[EVENT__COUNT], attempts[16];
	struct waiting waiting[4];
	struct episode episode;
	struct promise_words words;
};

static void clear(struct scene *scene)
{
	*scene = (struct scene){ .episode = { .attempt_count = 0 } };
	for (int i = 0; i < EVENT__COUNT; i++)
		scene->events[i] = EVENT_NEVER;
	scene->episode.events = scene->events;
	scene->episode.attempts_ms = scene->attempts;
	scene->episode.waiting = scene->waiting;
}

static void is_state(struct scene *scene, size_t promise, const char *now, enum promise_state wanted, const char *name)
{
	struct judged judged =
		promise_judge(&agreement->promises[promise], calendar, &scene->episode, scene->words, instant(now));

	is_str(promise_state_name(judged.state), promise_state_name(wanted), "%s", name);
}

static void test_by_hand(void)
{
	struct scene scene;

	clear(&scene);
	is_state(&scene, 0, "2026-03-02T10:00", PROMISE_NOT_OPEN, "nothing was handed over");
	scene.events[EVENT_HANDED_OFF] = instant("2026-03-02T10:00");
	is_state(&scene, 0, "2026-03-02T09:59", PROMISE_NOT_OPEN, "not yet");
	is_state(&scene, 0, "2026-03-02T10:00", PROMISE_RUNNING, "it runs");
	is_state(&scene, 0, "2026-03-02T13:59", PROMISE_RUNNING, "to three quarters of four working hours");
	is_state(&scene, 0, "2026-03-02T14:00", PROMISE_AT_RISK, "then it is at risk");
	is_state(&scene, 0, "2026-03-02T15:00", PROMISE_AT_RISK, "due, not yet broken");
	is_state(&scene, 0, "2026-03-02T15:01", PROMISE_BROKEN, "broken");
	scene.words.disputed = true;
	is_state(&scene, 0, "2026-03-03T15:01", PROMISE_DISPUTED, "disputed");
	scene.words.excused = true;
	is_state(&scene, 0, "2026-03-03T15:01", PROMISE_EXCUSED, "excused");
	scene.events[EVENT_FIRST_RESPONSE] = instant("2026-03-02T15:00");
	is_state(&scene, 0, "2026-03-03T15:01", PROMISE_MET, "late evidence: it was met");
	scene.events[EVENT_FIRST_RESPONSE]++;
	is_state(&scene, 0, "2026-03-03T15:01", PROMISE_EXCUSED, "a millisecond late is late");
	scene.episode.is_void = true;
	is_state(&scene, 0, "2026-03-03T15:01", PROMISE_VOID, "a duplicate");
	scene.episode.is_void = false;
	scene.events[EVENT_FIRST_RESPONSE] = EVENT_UNKNOWN;
	is_state(&scene, 0, "2026-03-03T15:01", PROMISE_VOID, "nobody wrote down when");
	is_state(&scene, 3, "2026-03-02T13:30", PROMISE_RUNNING, "a working day is half over at 14:00");
	is_state(&scene, 3, "2026-03-02T15:00", PROMISE_AT_RISK, "at risk");
	is_state(&scene, 3, "2026-03-03T10:00", PROMISE_AT_RISK, "due at the same time of the next day");
	is_state(&scene, 3, "2026-03-03T10:01", PROMISE_EXCUSED, "and past it");
}

static void test_waiting(void)
{
	struct scene scene;

	clear(&scene);
	scene.events[EVENT_HANDED_OFF] = instant("2026-03-02T10:00");
	scene.waiting[0] = (struct waiting){ instant("2026-03-02T11:00"), EVENT_NEVER };
	scene.episode.waiting_count = 1;
	is_state(&scene, 0, "2026-03-02T10:30", PROMISE_RUNNING, "before it waits");
	is_state(&scene, 0, "2026-05-02T10:30", PROMISE_WAITING, "waiting without end");
	scene.waiting[0].to_ms = instant("2026-03-04T08:00");
	is_state(&scene, 0, "2026-03-04T11:00", PROMISE_AT_RISK, "three hours are left after it, to 11:00");
	is_state(&scene, 0, "2026-03-04T11:01", PROMISE_BROKEN, "broken then");
	scene.waiting[0] = (struct waiting){ instant("2026-03-02T16:00"), instant("2026-03-04T08:00") };
	is_state(&scene, 0, "2026-03-02T16:30", PROMISE_BROKEN, "waiting that begins after due changes nothing");
	scene.waiting[0] = (struct waiting){ instant("2026-03-02T11:00"), instant("2026-03-02T13:30") };
	scene.waiting[1] = (struct waiting){ instant("2026-03-02T14:00"), instant("2026-03-02T14:30") };
	scene.episode.waiting_count = 2;
	is_state(&scene, 0, "2026-03-02T12:00", PROMISE_WAITING, "waiting now, whatever waits later");
	scene.events[EVENT_HANDED_OFF] = instant("2026-03-05T07:00");
	scene.events[EVENT_ACCEPTED] = instant("2026-03-06T18:00");
	scene.waiting[0] = (struct waiting){ instant("2026-03-06T02:00"), instant("2026-03-06T20:00") };
	scene.episode.waiting_count = 1;
	is_state(&scene, 3, "2026-03-06T19:00", PROMISE_MET, "stopped while it waited");
	is_state(&scene, 3, "2026-03-06T21:00", PROMISE_MET, "is met when the waiting is over, too");
}

static void is_due(struct scene *scene, const char *now, const char *wanted, const char *name)
{
	struct judged judged =
		promise_judge(&agreement->promises[0], calendar, &scene->episode, scene->words, instant(now));

	is_int(judged.due_ms, wanted ? instant(wanted) : EVENT_NEVER, "%s", name);
}

static void test_waiting_too_late(void)
{
	struct scene scene;

	clear(&scene);
	scene.events[EVENT_HANDED_OFF] = instant("2026-03-02T10:00");
	scene.waiting[0] = (struct waiting){ instant("2026-03-02T14:00"), EVENT_NEVER };
	scene.episode.waiting_count = 1;
	is_due(&scene, "2026-03-02T16:00", NULL, "it waits: nobody knows when it is due");
	scene.events[EVENT_FIRST_RESPONSE] = instant("2026-03-02T11:00");
	is_due(&scene, "2026-03-02T16:00", "2026-03-02T15:00", "waiting that begins after it was kept moves nothing");
	is_state(&scene, 0, "2026-03-02T14:30", PROMISE_MET, "and it stays met");
	scene.waiting[0].to_ms = instant("2026-03-05T14:00");
	is_due(&scene, "2026-03-06T16:00", "2026-03-02T15:00", "nor once the waiting is over");
	scene.events[EVENT_FIRST_RESPONSE] = instant("2026-03-02T14:30");
	is_due(&scene, "2026-03-06T16:00", "2026-03-02T15:30", "kept while it waited: moved up to then");
	scene.events[EVENT_FIRST_RESPONSE] = instant("2026-03-03T08:00");
	scene.waiting[0].from_ms = instant("2026-03-02T15:00");
	is_due(&scene, "2026-03-06T16:00", "2026-03-02T15:00", "waiting that begins when it is due moves nothing");
	is_state(&scene, 0, "2026-03-06T16:00", PROMISE_BROKEN, "and it stays broken");
}

static void is_at_risk_from(struct scene *scene, size_t promise, const char *wanted, const char *name)
{
	struct judged judged = promise_judge(&agreement->promises[promise], calendar, &scene->episode, scene->words,
					     instant("2026-03-09T17:00"));

	is_int(judged.at_risk_ms, instant(wanted), "%s", name);
}

/* The share is of the time that was allowed: what was waited is no part of it, before it or behind. */
static void test_at_risk(void)
{
	struct scene scene;

	clear(&scene);
	scene.events[EVENT_HANDED_OFF] = instant("2026-03-02T09:00");
	is_at_risk_from(&scene, 4, "2026-03-02T11:00", "half of four working hours");
	scene.episode.waiting_count = 1;
	scene.waiting[0] = (struct waiting){ instant("2026-03-02T09:10"), instant("2026-03-03T10:00") };
	is_at_risk_from(&scene, 4, "2026-03-03T11:50", "ten minutes before it waited, the rest of two hours behind");
	scene.waiting[0] = (struct waiting){ instant("2026-03-02T11:30"), instant("2026-03-03T10:00") };
	is_at_risk_from(&scene, 4, "2026-03-02T11:00", "it was before it waited");
	scene.waiting[0].from_ms = instant("2026-03-02T11:00");
	is_at_risk_from(&scene, 4, "2026-03-02T11:00", "or when it began to");
	scene.waiting[0] = (struct waiting){ instant("2026-03-02T08:00"), instant("2026-03-02T18:00") };
	is_at_risk_from(&scene, 4, "2026-03-03T10:00", "it waited from the first");
	scene.waiting[0] = (struct waiting){ instant("2026-03-02T10:00"), instant("2026-03-02T10:30") };
	scene.waiting[1] = (struct waiting){ instant("2026-03-02T11:15"), instant("2026-03-02T13:15") };
	scene.episode.waiting_count = 2;
	is_at_risk_from(&scene, 4, "2026-03-02T13:30", "twice");
	scene.waiting[0] = (struct waiting){ instant("2026-03-03T08:00"), instant("2026-03-03T14:00") };
	scene.episode.waiting_count = 1;
	is_at_risk_from(&scene, 1, "2026-03-04T03:00", "three quarters of two calendar days, six hours waited");
}

/* Promise 1 allows two calendar days. */
static void test_days(void)
{
	struct scene scene;

	clear(&scene);
	scene.events[EVENT_HANDED_OFF] = instant("2026-03-02");
	scene.events[EVENT_ACCEPTED] = instant("2026-03-04T23:59");
	is_state(&scene, 1, "2026-03-09", PROMISE_MET, "two days from a day last to the end of the second");
	scene.events[EVENT_ACCEPTED] = instant("2026-03-05");
	is_state(&scene, 1, "2026-03-09", PROMISE_BROKEN, "the day behind it is late");
	scene.events[EVENT_HANDED_OFF] = instant("2026-03-02T00:01");
	scene.events[EVENT_ACCEPTED] = instant("2026-03-04T00:01");
	is_state(&scene, 1, "2026-03-09", PROMISE_MET, "from a time they last to the same time");
	scene.events[EVENT_ACCEPTED] += 1000;
	is_state(&scene, 1, "2026-03-09", PROMISE_BROKEN, "and no longer");
	scene.events[EVENT_HANDED_OFF] = instant("2026-03-02");
	is_state(&scene, 3, "2026-03-03T08:00", PROMISE_AT_RISK, "a working day from a day: to the next one's opening");
	is_state(&scene, 3, "2026-03-03T08:01", PROMISE_BROKEN, "as from any time outside hours");
}

static void test_attempts(void)
{
	struct scene scene;

	clear(&scene);
	scene.events[EVENT_HANDED_OFF] = instant("2026-03-02T10:00");
	scene.attempts[0] = instant("2026-03-01T10:00");
	scene.attempts[1] = instant("2026-03-02T10:00");
	scene.attempts[2] = instant("2026-03-03T10:00");
	scene.episode.attempt_count = 3;
	is_state(&scene, 2, "2026-03-03T10:00", PROMISE_RUNNING, "what was before does not count");
	scene.attempts[3] = instant("2026-03-04T13:00");
	scene.episode.attempt_count = 4;
	is_state(&scene, 2, "2026-03-09T10:00", PROMISE_MET, "three");
	scene.episode.attempt_count = 3;
	is_state(&scene, 2, "2026-03-09T10:00", PROMISE_BROKEN, "two are too few");
	is_int(promise_judge(&agreement->promises[2], calendar, &scene.episode, scene.words,
			     instant("2026-03-02T11:00"))
		       .attempts,
	       1, "what comes later is not counted yet");
	scene.events[EVENT_REACHED] = instant("2026-03-04T10:00");
	is_state(&scene, 2, "2026-03-09T10:00", PROMISE_MET, "unless the lead is reached");
}

/* ---- at random ---- */

static bool works(int64_t hour)
{
	int64_t day = hour / 24, of_day = hour % 24;
	int64_t weekday = (day + 3) % 7; /* 1970-01-01 was a Thursday */

	return weekday < 5 && ((of_day >= 8 && of_day < 12) || (of_day >= 13 && of_day < 17));
}

/* Does it stand still in this hour, for all that is known at `now`? Nobody knows yet when a waiting ends that has not ended. */
static bool waits(const struct scene *scene, int64_t hour, int64_t now)
{
	for (size_t i = 0; i < scene->episode.waiting_count; i++) {
		int64_t from = scene->waiting[i].from_ms / HOUR_MS, to = scene->waiting[i].to_ms / HOUR_MS;
		int64_t stop_ms = scene->events[EVENT_FIRST_RESPONSE];

		if (stop_ms <= now * HOUR_MS && stop_ms / HOUR_MS < to)
			to = stop_ms / HOUR_MS;
		if (from < to && from <= now && from <= hour && (hour < to || to > now))
			return true;
	}
	return false;
}

/* So many working hours from `hour`, waiting left out; to the end of the last of them. NO_HOUR: nobody knows yet. */
static int64_t slow_due(const struct scene *scene, int64_t hour, int hours, int64_t now)
{
	int64_t last = hour + 2000;

	for (; hours && hour < last; hour++)
		hours -= works(hour) && !waits(scene, hour, now);
	return hours ? NO_HOUR : hour;
}

static enum promise_state slow_state(const struct scene *scene, int64_t due, int64_t now)
{
	int64_t stop_ms = scene->events[EVENT_FIRST_RESPONSE];

	if (scene->episode.is_void)
		return PROMISE_VOID;
	if (stop_ms <= now * HOUR_MS && stop_ms / HOUR_MS <= due)
		return PROMISE_MET;
	if (due >= now)
		return PROMISE_RUNNING;
	return scene->words.excused ? PROMISE_EXCUSED : scene->words.disputed ? PROMISE_DISPUTED : PROMISE_BROKEN;
}

static void random_scene(struct scene *scene, int64_t start)
{
	int64_t at = start + random() % 20 - 3;

	clear(scene);
	scene->events[EVENT_HANDED_OFF] = start * HOUR_MS;
	if (random() % 3)
		scene->events[EVENT_FIRST_RESPONSE] = (start + random() % 100) * HOUR_MS;
	scene->episode.waiting_count = (size_t)(random() % 3);
	for (size_t i = 0; i < scene->episode.waiting_count; i++) {
		scene->waiting[i].from_ms = (at += random() % 9) * HOUR_MS;
		scene->waiting[i].to_ms = (at += 1 + random() % 40) * HOUR_MS;
	}
	scene->words = (struct promise_words){ random() % 4 == 0, random() % 4 == 0 };
	scene->episode.is_void = random() % 16 == 0;
}

static void test_random(void)
{
	long wrong_due = 0, wrong_state = 0, wrong_risk = 0, seen[PROMISE_STATE__COUNT] = { 0 };

	srandom(5);
	for (int round = 0; round < 200000; round++) {
		int64_t start = instant("2026-03-02T00:00") / HOUR_MS + random() % 2000, now = start + random() % 200;
		struct judged judged;
		struct scene scene;
		int64_t due;

		random_scene(&scene, start);
		due = slow_due(&scene, start, 4, now);
		judged = promise_judge(&agreement->promises[0], calendar, &scene.episode, scene.words, now * HOUR_MS);
		wrong_due += judged.due_ms != (due == NO_HOUR ? EVENT_NEVER : due * HOUR_MS);
		wrong_risk +=
			judged.at_risk_ms != (due == NO_HOUR ? EVENT_NEVER : slow_due(&scene, start, 3, now) * HOUR_MS);
		seen[judged.state]++;
		if (judged.state == PROMISE_AT_RISK || judged.state == PROMISE_WAITING)
			judged.state = PROMISE_RUNNING;
		wrong_state += judged.state != slow_state(&scene, due, now);
	}
	is_int(wrong_due, 0, "200,000 random episodes: due as hour by hour");
	is_int(wrong_risk, 0, "at risk after three of the four hours, waiting left out");
	is_int(wrong_state, 0, "and the same state");
	for (int state = PROMISE_RUNNING; state < PROMISE_STATE__COUNT; state++)
		ok(seen[state] > 100, "%s came up: %ld", promise_state_name((enum promise_state)state), seen[state]);
}

static bool runs(enum promise_state state)
{
	return state == PROMISE_RUNNING || state == PROMISE_AT_RISK || state == PROMISE_WAITING;
}

/* As the days go by a promise opens once, runs, and ends once: what was met is never broken, nor the other way; and of those opened each
 * is in one state. */
static void test_going_by(void)
{
	long wrong = 0, opened = 0, counted = 0;

	for (int round = 0; round < 5000; round++) {
		int64_t start = instant("2026-03-02T00:00") / HOUR_MS + random() % 2000;
		enum promise_state before = PROMISE_NOT_OPEN;
		size_t promise = (size_t)random() % 4;
		struct scene scene;

		random_scene(&scene, start);
		scene.events[EVENT_ACCEPTED] = scene.events[EVENT_FIRST_RESPONSE];
		for (; scene.episode.attempt_count < 5; scene.episode.attempt_count++)
			scene.attempts[scene.episode.attempt_count] =
				(start + (int64_t)scene.episode.attempt_count * (1 + random() % 3)) * HOUR_MS;
		for (int64_t now = start - 3; now < start + 400; now++) {
			struct judged judged = promise_judge(&agreement->promises[promise], calendar, &scene.episode,
							     scene.words, now * HOUR_MS);

			wrong += (judged.state == PROMISE_NOT_OPEN) != (now < start);
			wrong += before != PROMISE_NOT_OPEN && !runs(before) && judged.state != before;
			wrong += judged.state == PROMISE_MET && judged.stop_ms > judged.due_ms;
			wrong += (judged.state == PROMISE_BROKEN || judged.state == PROMISE_EXCUSED) &&
				 judged.stop_ms <= judged.due_ms;
			opened += now >= start;
			counted += runs(judged.state) || judged.state == PROMISE_MET ||
				   judged.state == PROMISE_BROKEN || judged.state == PROMISE_EXCUSED ||
				   judged.state == PROMISE_DISPUTED || judged.state == PROMISE_VOID;
			before = judged.state;
		}
	}
	is_int(wrong, 0, "5,000 promises hour by hour: none is both met and broken");
	is_int(counted, opened, "and the states add up to those opened");
}

int main(void)
{
	struct problems problems;
	struct err err = ERR_INIT;

	arena_init(&arena);
	problems_init(&problems, &arena);
	if (agreement_read(&agreement, str_of(text), "text", &problems, &arena, &err) < 0 || problems.count ||
	    zone_load(&zone, "UTC", &err) < 0) {
		note("%s%s", err.text, problems.count ? problems.items[0].text.at : "");
		return 1;
	}
	calendar = agreement_calendar(agreement, zone, &arena);
	test_by_hand();
	test_waiting();
	test_waiting_too_late();
	test_at_risk();
	test_days();
	test_attempts();
	test_random();
	test_going_by();
	zone_free(zone);
	arena_release(&arena);
	return done();
}
