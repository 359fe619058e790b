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

/* Columns without a book have none. */
enum exit_code agreements_asked(struct invocation *in, struct loaded *loaded)
{
	const char *path = option_text(in, "agreement");
	struct err err = ERR_INIT;

	if (loaded->agreements_read)
		return EXIT_DONE;
	loaded->agreements_read = true;
	if (path)
		return agreement_text_open(in, path, &loaded->agreements);
	if (loaded->book &&
	    agreements_load_known(&loaded->agreements, loaded->book, loaded->known_at_ms, &in->arena, &err))
		return command_fail(in, &err);
	return EXIT_DONE;
}

enum exit_code limits_asked(struct invocation *in, struct loaded *loaded, int32_t as_of)
{
	enum exit_code code = agreements_asked(in, loaded);
	struct judge_terms terms;

	if (code)
		return code;
	terms = judge_terms_of(&loaded->agreements, &in->arena);
	judge_stage_limits(loaded->facts, &terms, judge_now_ms(loaded->facts, as_of, in->now_ms));
	return EXIT_DONE;
}

enum exit_code judge_loaded(struct invocation *in, struct loaded *loaded, int32_t as_of, unsigned need, bool *any)
{
	struct err err = ERR_INIT;
	enum exit_code code = agreements_asked(in, loaded);
	struct judge_terms terms;

	*any = false;
	if (code)
		return code;
	terms = judge_terms_of(&loaded->agreements, &in->arena);
	*any = terms.count > 0;
	if ((*any || need & JUDGING_LIFE) && judge_facts(in, loaded->facts, &terms, as_of, &err))
		return command_fail(in, &err);
	return EXIT_DONE;
}

enum exit_code judge_asked(struct invocation *in, struct loaded *loaded, int32_t as_of, const char *const *texts,
			   size_t count)
{
	unsigned need = option_text(in, "agreement") ? JUDGING_AGREEMENT : 0;
	enum exit_code code;
	bool any, limits = false;

	for (size_t i = 0; i < count; i++) {
		need |= judging_needed(texts[i]);
		limits |= limits_needed(texts[i]);
	}
	if (limits && (code = limits_asked(in, loaded, as_of)))
		return code;
	if (!need)
		return EXIT_DONE;
	code = judge_loaded(in, loaded, as_of, need, &any);
	if (!code && !any && need & JUDGING_AGREEMENT)
		say(in,
		    "no agreement was ever in force in this book, so nothing was promised; --agreement FILE judges by a text");
	return code;
}
