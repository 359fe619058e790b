/* A bar that is planted too high is found, and one that is right is not accused: simulated companies, each seed once with it and once
 * without (and with the other faults or without), straight into columns, and asked by `goldilocks`. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tap.h"
#include "base/date.h"
#include "desk/simulate.h"
#include "facts/facts.h"
#include "report/page.h"

struct told {
	int seed;
	bool failed, has, found, too_low;
	char text[200];
};

static int ask(struct told *told, const struct facts *facts, struct err *err)
{
	const struct report_request request = {
		.facts = facts, .from = DATE_NONE, .to = DATE_NONE, .as_of = DATE_NONE, .scope = SCOPE_EVERYTHING
	};
	struct page *page;
	int rc = report_build(report_find(STR("goldilocks")), &request, &page, err);

	if (rc)
		return rc;
	for (size_t i = 0; i < page->finding_count; i++) {
		told->found = told->found || !strcmp(page->findings[i].kind, "over_qualification");
		told->too_low = told->too_low || !strcmp(page->findings[i].kind, "under_qualification");
		snprintf(told->text, sizeof(told->text), "%.*s", STR_ARG(page->findings[i].sentence->text));
	}
	page_free(page);
	return 0;
}

static int try_company(struct told *told, struct err *err)
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
	story.plant[SIM_OVER_QUALIFICATION] = told->has;
	rc = simulate_facts(&facts, &story, &options, &summary, err);
	if (rc)
		return rc;
	rc = ask(told, facts, err);
	facts_free(facts);
	return rc;
}

/* Every `step`th from `first` on, told through the pipe. */
static void work(int out, int first, int step, int last)
{
	for (int i = first; i < 2 * last; i += step) {
		struct told told = { .seed = i / 2 + 1, .has = i % 2 };
		struct err err = ERR_INIT;

		told.failed = try_company(&told, &err) != 0;
		if (told.failed)
			snprintf(told.text, sizeof(told.text), "%.150s", err.text);
		if (write(out, &told, sizeof(told)) != sizeof(told))
			exit(1);
	}
	exit(0);
}

/* Fewer where each takes long: under the sanitizers and valgrind. */
static int companies(void)
{
	const char *preload = getenv("LD_PRELOAD");

#if defined(__SANITIZE_ADDRESS__)
	return 6;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
	return 6;
#endif
#endif
	return preload && strstr(preload, "vgpreload") ? 2 : 100;
}

int main(void)
{
	int pipes[2], workers = sysconf(_SC_NPROCESSORS_ONLN) > 1 ? 2 : 1, count = companies();
	int tried = 0, failed = 0, has = 0, found = 0, accused = 0, too_low = 0;
	struct told told;

	if (pipe(pipes))
		bug_at(__FILE__, __LINE__, "no pipe for the test");
	for (int i = 0; i < workers; i++)
		if (fork() == 0)
			work(pipes[1], i, workers, count);
	close(pipes[1]);
	while (read(pipes[0], &told, sizeof(told)) == sizeof(told)) {
		tried++;
		failed += told.failed;
		has += told.has;
		found += told.has && told.found;
		accused += !told.has && told.found;
		too_low += told.too_low;
		if (told.failed || told.has != told.found || told.too_low)
			note("seed %d: %s: %s", told.seed, told.has ? "planted" : "right", told.text);
	}
	while (wait(NULL) > 0)
		;
	is_int(tried, 2 * count, "%d companies were tried", 2 * count);
	is_int(has, count, "half of them with too high a bar");
	is_int(failed, 0, "and all could be reported on");
	ok(found * 100 >= 95 * has && has, "too high a bar is found in %d of %d companies that have one", found, has);
	ok(accused * 100 <= 5 * (tried - has), "and alleged in %d of %d companies that have none", accused,
	   tried - has);
	ok(too_low * 100 <= 5 * tried, "too low a bar, which nobody has, is alleged in %d", too_low);
	return done();
}
