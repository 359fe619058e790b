#include "cli/judging.h"

#include "cli/agreement_file.h"
#include "cli/output.h"
#include "facts/judged.h"
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

static enum exit_code judge_by_file(struct invocation *in, struct facts *facts, const char *path, int32_t as_of)
{
	struct agreement_file file;
	struct err err = ERR_INIT;
	enum exit_code code = agreement_file_open(in, path, &file);

	if (!code) {
		struct judge_version version = {
			.from_ms = INT64_MIN, .agreement = file.agreement, .calendar = file.calendar, .zone = file.zone
		};
		struct judge_terms terms = { &version, 1 };

		if (judge_facts(in, facts, &terms, as_of, &err))
			code = command_fail(in, &err);
	}
	agreement_file_release(&file);
	return code;
}

enum exit_code judge_asked(struct invocation *in, struct loaded *loaded, int32_t as_of, const char *const *texts,
			   size_t count)
{
	const char *path = option_text(in, "agreement");
	bool asked = path != NULL;

	for (size_t i = 0; i < count && !asked; i++)
		asked = asks_for_judging(texts[i]);
	if (!asked)
		return EXIT_DONE;
	if (path)
		return judge_by_file(in, loaded->facts, path, as_of);
	say(in, "no agreement is in force in this book, so nothing was promised; --agreement FILE judges by a text");
	return EXIT_DONE;
}
