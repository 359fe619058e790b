/* A bar that is planted too high or too low is found, and one that is right is not accused: simulated companies, each seed three times (and
 * with the other faults or without), straight into columns, and asked by `goldilocks`. With an agreement whose bars are by type of lead, or
 * without one. */
#ifndef PLANTED_BAR_HELP_H
#define PLANTED_BAR_HELP_H

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tap.h"
#include "base/date.h"
#include "desk/judge.h"
#include "desk/simulate.h"
#include "report/page.h"

enum bar_planted { BAR_RIGHT, BAR_HIGH, BAR_LOW, BAR__COUNT };

struct told {
	int seed;
	enum bar_planted planted;
	bool failed, too_high, too_low;
	char text[200];
};

/* ---- the agreement ----
 *
 * Points are the score, five by five, and ten more for a large company, so that the bars differ by type. Who qualified below the bar asked to
 * be called, and that is a type of its own. Where the bar is too high they have to pass it like all others, and none is. */

static inline struct str agreement_text(enum bar_planted planted, struct arena *arena)
{
	int bar = planted == BAR_HIGH ? 70 : planted == BAR_LOW ? 45 : 60;
	const char *text = arena_printf(
		arena,
		"agreement: Test\n"
		"between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}}\n"
		"in force: 2020-01-01\n"
		"calendar: {time zone: Europe/Berlin, hours: {mon-fri: [\"08:00-17:00\"]}}\n"
		"lead types:\n"
		"  called: {means: asks to be called, when: \"qualified and score < %d\", hand over: at once}\n"
		"  large: {means: large, when: \"company_size >= 110\", hand over: score >= %d}\n"
		"  small: {means: small, when: created, hand over: score >= %d}\n"
		"route: [{otherwise: [Sam]}]\n"
		"promises: {}\n"
		"reasons: {reject: [no need]}\n"
		"score:\n"
		"  fit:\n"
		"    - {points: 10, when: \"company_size >= 110\"}\n",
		bar, bar + 10, bar);

	for (int score = 5; score < 100; score += 5)
		text = arena_printf(arena, "%s    - {points: 5, when: \"score >= %d\"}\n", text, score);
	return str_of(text);
}

/* As a text that is tried. */
static inline int judge_by(struct facts *facts, struct agreement_version *version, int64_t now_ms, struct err *err)
{
	const struct judge_version tried = { .from_ms = INT64_MIN,
					     .agreement = version->agreement,
					     .calendar = version->calendar,
					     .zone = version->zone };
	const struct judge_terms terms = { &tried, 1 };
	const struct judge_options options = { .now_ms = now_ms, .threads = 1 };
	struct judge *judge;
	int rc = judge_open(&judge, facts, &terms, &options, err);

	if (rc)
		return rc;
	rc = judge_all(judge, err);
	judge_close(judge);
	return rc;
}

static inline int read_version(struct agreement_version *version, struct str text, const struct zone *zone,
			       struct arena *arena, struct err *err)
{
	struct problems problems;
	struct agreement *agreement;

	problems_init(&problems, arena);
	if (agreement_read(&agreement, text, "test", &problems, arena, err))
		return err->kind;
	if (problems.count)
		return err_set(err, ERR_INPUT, "%.*s", STR_ARG(problems.items[0].text));
	*version = (struct agreement_version){ .from_ms = INT64_MIN,
					       .until_ms = INT64_MAX,
					       .agreement = agreement,
					       .calendar = agreement_calendar(agreement, zone, arena),
					       .zone = zone };
	return 0;
}

/* ---- one company ---- */

static inline int ask(struct told *told, const struct facts *facts, const struct agreements *agreements,
		      struct err *err)
{
	const struct report_request request = { .facts = facts,
						.from = DATE_NONE,
						.to = DATE_NONE,
						.as_of = DATE_NONE,
						.scope = SCOPE_EVERYTHING,
						.agreements = agreements };
	struct page *page;
	int rc = report_build(report_find(STR("goldilocks")), &request, &page, err);

	if (rc)
		return rc;
	for (size_t i = 0; i < page->finding_count; i++) {
		const struct finding *finding = &page->findings[i];

		/* With an agreement it is the bar of a type. */
		if (str_is(finding->subject, "the bar") != !agreements)
			return err_set(err, ERR_STATE, "of another bar: %.*s", STR_ARG(finding->subject));
		told->too_high = told->too_high || !strcmp(finding->kind, "over_qualification");
		told->too_low = told->too_low || !strcmp(finding->kind, "under_qualification");
		snprintf(told->text, sizeof(told->text), "%.*s", STR_ARG(finding->sentence->text));
	}
	page_free(page);
	return 0;
}

static inline int ask_by_agreement(struct told *told, struct facts *facts, const struct sim_story *story,
				   struct err *err)
{
	struct agreement_version version;
	struct agreements agreements = { .versions = &version, .count = 1 };
	struct arena arena;
	struct zone *zone;
	int rc = zone_load(&zone, story->zone, err);

	if (rc)
		return rc;
	arena_init(&arena);
	rc = read_version(&version, agreement_text(told->planted, &arena), zone, &arena, err);
	if (!rc)
		rc = judge_by(facts, &version, zone_day_start_ms(zone, story->last_day + 1), err);
	if (!rc)
		rc = ask(told, facts, &agreements, err);
	arena_release(&arena);
	zone_free(zone);
	return rc;
}

static inline int try_company(struct told *told, bool agreed, struct err *err)
{
	const struct simulate_options options = { .actor = "tester" };
	struct simulate_summary summary;
	struct sim_story story;
	struct facts *facts;
	struct str word;
	int rc;

	sim_story_default(&story);
	story.seed = (uint64_t)told->seed;
	story.touches_per_lead_thousandths = 4000;
	story.history = story.activities = false;
	sim_story_plant(&story, STR("random"), &word);
	story.plant[SIM_OVER_QUALIFICATION] = told->planted == BAR_HIGH;
	story.plant[SIM_UNDER_QUALIFICATION] = told->planted == BAR_LOW;
	rc = simulate_facts(&facts, &story, &options, &summary, err);
	if (rc)
		return rc;
	rc = agreed ? ask_by_agreement(told, facts, &story, err) : ask(told, facts, NULL, err);
	facts_free(facts);
	return rc;
}

/* ---- all of them ---- */

/* Every `step`th from `first` on, told through the pipe. */
static inline void work(int out, int first, int step, int seeds, bool agreed)
{
	for (int i = first; i < BAR__COUNT * seeds; i += step) {
		struct told told = { .seed = i / BAR__COUNT + 1, .planted = (enum bar_planted)(i % BAR__COUNT) };
		struct err err = ERR_INIT;

		told.failed = try_company(&told, agreed, &err) != 0;
		if (told.failed)
			snprintf(told.text, sizeof(told.text), "%.150s", err.text);
		if (write(out, &told, sizeof(told)) != sizeof(told))
			exit(1);
	}
	exit(0);
}

/* Fewer where each takes long: under the sanitizers and valgrind. */
static inline int seeds_to_try(void)
{
	const char *preload = getenv("LD_PRELOAD");

#if defined(__SANITIZE_ADDRESS__)
	return 6;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
	return 6;
#endif
#endif
	return preload && strstr(preload, "vgpreload") ? 1 : 100;
}

struct bar_tally {
	int tried, failed, too_high[BAR__COUNT], too_low[BAR__COUNT];
};

static inline struct bar_tally try_all(int seeds, bool agreed)
{
	int pipes[2], workers = sysconf(_SC_NPROCESSORS_ONLN) > 1 ? 2 : 1;
	struct bar_tally tally = { 0 };
	struct told told;

	if (pipe(pipes))
		bug_at(__FILE__, __LINE__, "no pipe for the test");
	for (int i = 0; i < workers; i++)
		if (fork() == 0)
			work(pipes[1], i, workers, seeds, agreed);
	close(pipes[1]);
	while (read(pipes[0], &told, sizeof(told)) == sizeof(told)) {
		static const char *const names[BAR__COUNT] = { "right", "too high", "too low" };

		tally.tried++;
		tally.failed += told.failed;
		tally.too_high[told.planted] += told.too_high;
		tally.too_low[told.planted] += told.too_low;
		if (told.failed || told.too_high != (told.planted == BAR_HIGH) ||
		    told.too_low != (told.planted == BAR_LOW))
			note("seed %d, %s: %s", told.seed, names[told.planted], told.text);
	}
	while (wait(NULL) > 0)
		;
	return tally;
}

static inline int planted_bars(bool agreed)
{
	int seeds = seeds_to_try();
	struct bar_tally tally = try_all(seeds, agreed);
	int high = tally.too_high[BAR_HIGH], low = tally.too_low[BAR_LOW];

	is_int(tally.tried, BAR__COUNT * seeds,
	       "%d companies with a right bar, as many with too high and too low a one", seeds);
	is_int(tally.failed, 0, "and all could be reported on");
	ok(high * 100 >= 95 * seeds, "too high a bar is found in %d of %d companies that have one", high, seeds);
	ok(low * 100 >= 95 * seeds, "too low a bar is found in %d of %d companies that have one", low, seeds);
	for (int i = 0; i < BAR__COUNT; i++) {
		static const char *const of[BAR__COUNT] = { "is right", "is too high", "is too low" };

		if (i != BAR_HIGH)
			ok(tally.too_high[i] * 100 <= 5 * seeds, "too high a bar is alleged in %d of %d whose bar %s",
			   tally.too_high[i], seeds, of[i]);
		if (i != BAR_LOW)
			ok(tally.too_low[i] * 100 <= 5 * seeds, "too low a bar is alleged in %d of %d whose bar %s",
			   tally.too_low[i], seeds, of[i]);
	}
	return done();
}

#endif
