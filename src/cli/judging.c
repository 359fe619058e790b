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

/* The text that --agreement names, else what the book has. Columns without a book have none. */
static enum exit_code terms_asked(struct invocation *in, struct loaded *loaded, struct agreements *out)
{
	const char *path = option_text(in, "agreement");
	struct err err = ERR_INIT;

	*out = (struct agreements){ .count = 0 };
	if (path)
		return agreement_file_open(in, path, out);
	if (loaded->book && agreements_load(out, loaded->book, &in->arena, &err))
		return command_fail(in, &err);
	return EXIT_DONE;
}

static enum exit_code judge_loaded(struct invocation *in, struct loaded *loaded, int32_t as_of)
{
	struct agreements agreements;
	struct err err = ERR_INIT;
	enum exit_code code = terms_asked(in, loaded, &agreements);

	if (!code) {
		struct judge_terms terms = judge_terms_of(&agreements, &in->arena);

		if (!terms.count)
			say(in,
			    "no agreement was ever in force in this book, so nothing was promised; --agreement FILE judges by a text");
		else if (judge_facts(in, loaded->facts, &terms, as_of, &err))
			code = command_fail(in, &err);
	}
	agreements_release(&agreements);
	return code;
}

enum exit_code judge_asked(struct invocation *in, struct loaded *loaded, int32_t as_of, const char *const *texts,
			   size_t count)
{
	bool asked = option_text(in, "agreement") != NULL;

	for (size_t i = 0; i < count && !asked; i++)
		asked = asks_for_judging(texts[i]);
	return asked ? judge_loaded(in, loaded, as_of) : EXIT_DONE;
}
