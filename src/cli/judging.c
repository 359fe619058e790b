#include "cli/judging.h"

#include "io/terminal.h"

static void step(void *context, uint64_t done, uint64_t total)
{
	struct progress *progress = context;

	progress->total = total;
	progress_step(progress, done, done);
}

int judge_facts(struct invocation *in, struct facts *facts, const struct judge_terms *terms, int32_t as_of,
		struct err *err)
{
	struct progress progress;
	struct judge_options options = { .now_ms = judge_now_ms(facts, as_of, in->now_ms),
					 .progress = in->quiet ? NULL : step,
					 .progress_context = &progress };
	struct judge *judge;
	int failed = judge_open(&judge, facts, terms, &options, err);

	if (failed)
		return failed;
	if (!in->quiet)
		progress_start(&progress, "judging leads", "leads", 0);
	failed = judge_all(judge, err);
	if (!in->quiet)
		progress_end(&progress);
	judge_close(judge);
	return failed;
}
