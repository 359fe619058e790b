/* The faults that are planted are found, and nobody is accused who is not at fault: simulated companies, each by seed with and without
 * a slow rep, a junk campaign and a leaking stage, written into a book, loaded, and reported on. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tap.h"
#include "base/date.h"
#include "desk/simulate.h"
#include "facts/facts.h"
#include "report/page.h"

enum { SLOW, JUNK, LEAK, KINDS };
static const char *const kinds[KINDS] = { "slow_rep", "junk_campaign", "leaking_stage" };

/* What a process tells of one company. */
struct told {
	int seed;
	bool failed, has[KINDS], found[KINDS], wrong[KINDS];
	char text[200]; /* whom it accused wrongly, or what failed */
};

static const char *planted(const struct sim_truth *truth, int kind)
{
	return kind == SLOW ? truth->slow_rep : kind == JUNK ? truth->junk_campaign : truth->leaking_stage;
}

static void judge(struct told *told, const struct page *page, const struct sim_truth *truth)
{
	for (size_t i = 0; i < page->finding_count; i++) {
		const struct finding *finding = &page->findings[i];

		for (int kind = 0; kind < KINDS; kind++) {
			if (strcmp(finding->kind, kinds[kind]))
				continue;
			if (*planted(truth, kind) && str_is(finding->subject, planted(truth, kind))) {
				told->found[kind] = true;
				continue;
			}
			told->wrong[kind] = true;
			snprintf(told->text, sizeof(told->text), "%s: %.*s", kinds[kind], STR_ARG(finding->subject));
		}
	}
}

static int ask(struct told *told, const struct facts *facts, const struct sim_truth *truth, struct err *err)
{
	static const char *const names[] = { "reps", "campaigns", "stages" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct report_request request = { .facts = facts,
							.from = DATE_NONE,
							.to = DATE_NONE,
							.as_of = DATE_NONE,
							.scope = SCOPE_EVERYTHING };
		const struct report *report = report_find(str_of(names[i]));
		struct page *page;
		int rc;

		if (!report)
			return err_set(err, ERR_INPUT, "there is no report %s", names[i]);
		rc = report_build(report, &request, &page, err);
		if (rc)
			return rc;
		judge(told, page, truth);
		page_free(page);
	}
	return 0;
}

static int load_and_ask(struct told *told, const char *path, const struct sim_story *story,
			const struct sim_truth *truth, struct err *err)
{
	const struct facts_options options = { .known_at_ms = INT64_MAX, .today = story->last_day };
	struct facts *facts;
	struct book *book;
	int rc = book_open(&book, path, BOOK_READ, err);

	if (rc)
		return rc;
	rc = facts_load(&facts, book, &options, err);
	if (!rc) {
		rc = ask(told, facts, truth, err);
		facts_free(facts);
	}
	book_close(book);
	return rc;
}

static int try_company(struct told *told, const char *folder, struct err *err)
{
	const struct book_settings settings = { "Europe/Berlin", "EUR", 1, "Hollin Filters" };
	const struct simulate_options options = { .actor = "tester" };
	struct simulate_summary summary;
	struct sim_story story;
	char path[300], story_path[320];
	struct book *book;
	struct str word;
	int rc;

	sim_story_default(&story);
	story.seed = (uint64_t)told->seed;
	story.touches_per_lead_thousandths = 4000;
	story.history = false;
	sim_story_plant(&story, STR("random"), &word);
	snprintf(path, sizeof(path), "%s/%d", folder, told->seed);
	snprintf(story_path, sizeof(story_path), "%s.story.yaml", path);
	rc = book_create(path, &settings, 0, err);
	if (rc || (rc = book_open(&book, path, BOOK_WRITE, err)))
		return rc;
	rc = simulate_book(book, &story, story_path, &options, &summary, err);
	book_close(book);
	if (!rc)
		rc = load_and_ask(told, path, &story, &summary.truth, err);
	for (int kind = 0; kind < KINDS; kind++)
		told->has[kind] = *planted(&summary.truth, kind);
	return rc;
}

static void remove_company(const char *folder, int seed)
{
	static const char *const ends[] = { "", "-wal", "-shm", ".keys", ".lock", ".story.yaml" };
	char path[320];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(path, sizeof(path), "%s/%d%s", folder, seed, ends[i]);
		unlink(path);
	}
}

/* Every `step`th seed from `first` on, told through the pipe. */
static void work(int out, const char *folder, int first, int step, int last)
{
	for (int seed = first; seed <= last; seed += step) {
		struct told told = { .seed = seed };
		struct err err = ERR_INIT;

		told.failed = try_company(&told, folder, &err) != 0;
		if (told.failed)
			snprintf(told.text, sizeof(told.text), "%.150s", err.text);
		remove_company(folder, seed);
		if (write(out, &told, sizeof(told)) != sizeof(told))
			exit(1);
	}
	exit(0);
}

struct sums {
	int companies, failed, has[KINDS], found[KINDS], accused[KINDS];
};

static void add(struct sums *sums, const struct told *told)
{
	sums->companies++;
	sums->failed += told->failed;
	if (*told->text)
		note("seed %d: %s", told->seed, told->text);
	for (int kind = 0; kind < KINDS; kind++) {
		sums->has[kind] += told->has[kind];
		sums->found[kind] += told->has[kind] && told->found[kind];
		sums->accused[kind] += !told->has[kind] && told->wrong[kind];
		if (told->has[kind] && !told->found[kind])
			note("seed %d: %s missed", told->seed, kinds[kind]);
	}
}

/* Fewer where each takes long: under the sanitizers and valgrind. */
static int companies(void)
{
	const char *preload = getenv("LD_PRELOAD");

#if defined(__SANITIZE_ADDRESS__)
	return 4;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
	return 4;
#endif
#endif
	return preload && strstr(preload, "vgpreload") ? 2 : 100;
}

int main(void)
{
	int pipes[2], workers = sysconf(_SC_NPROCESSORS_ONLN) > 1 ? 2 : 1, count = companies();
	const char *tmp = getenv("TMPDIR");
	char folder[256];
	struct sums sums = { 0 };
	struct told told;

	/* Nothing here is to last: in memory where that can be. */
	snprintf(folder, sizeof(folder), "%s/lockstep-planted-XXXXXX",
		 tmp                        ? tmp
		 : access("/dev/shm", W_OK) ? "/tmp"
					    : "/dev/shm");
	if (!mkdtemp(folder) || pipe(pipes))
		bug_at(__FILE__, __LINE__, "no folder for the test");
	for (int i = 0; i < workers; i++)
		if (fork() == 0)
			work(pipes[1], folder, i + 1, workers, count);
	close(pipes[1]);
	while (read(pipes[0], &told, sizeof(told)) == sizeof(told))
		add(&sums, &told);
	while (wait(NULL) > 0)
		;
	rmdir(folder);
	is_int(sums.companies, count, "%d companies were tried", count);
	is_int(sums.failed, 0, "and all could be reported on");
	for (int kind = 0; kind < KINDS; kind++) {
		int clean = sums.companies - sums.has[kind];

		ok(sums.found[kind] * 100 >= 95 * sums.has[kind] && (sums.has[kind] || count < 100),
		   "%s is found in %d of %d companies that have one", kinds[kind], sums.found[kind], sums.has[kind]);
		ok(sums.accused[kind] * 100 <= 5 * clean && (clean || count < 100),
		   "%s is alleged in %d of %d companies that have none", kinds[kind], sums.accused[kind], clean);
	}
	return done();
}
