/* `lockstep agreement replay FILE`: runs an agreement over what is in the book, and changes nothing. */
#include "cli/agreement_replay.h"

#include <string.h>

#include "base/date.h"
#include "cli/agreement_file.h"
#include "cli/judging.h"
#include "cli/output.h"
#include "io/terminal.h"
#include "report/replay.h"

enum { REPLAY_MAX_BYTES = 64 << 20 };

struct replay {
	struct invocation *in;
	struct loaded loaded;
	struct agreements text, against;
};

static int judge_by(void *context, const struct agreements *by, struct err *err)
{
	struct replay *replay = context;
	struct judge_terms terms = judge_terms_of(by, &replay->in->arena);

	return judge_facts(replay->in, replay->loaded.facts, &terms, DATE_NONE, err);
}

static enum exit_code print(struct replay *replay)
{
	struct invocation *in = replay->in;
	const char *format = option_text(in, "format");
	struct report_request request = { .facts = replay->loaded.facts,
					  .scope = SCOPE_EVERYTHING,
					  .from = option_date(in, "from"),
					  .to = option_date(in, "to"),
					  .as_of = DATE_NONE,
					  .book_name = facts_settings(replay->loaded.facts)->name,
					  .book_path = in->book_given ? in->book_path : NULL,
					  .agreements = &replay->text,
					  .against = option_text(in, "against") ? &replay->against : NULL,
					  .judge = judge_by,
					  .judge_context = replay };
	struct err err = ERR_INIT;
	enum exit_code code;
	struct page *page;
	struct buf out;

	if (request.to != DATE_NONE)
		request.to++;
	if (report_build(&report_replay, &request, &page, &err))
		return command_fail(in, &err);
	buf_init(&out, REPLAY_MAX_BYTES);
	if (report_write(page, format, terminal_colour(stdout), &out, &err))
		code = command_fail(in, &err);
	else
		code = strcmp(format, "csv") ? output_bytes(in, buf_str(&out)) : output_plain(in, buf_str(&out));
	buf_release(&out);
	page_free(page);
	return code;
}

static enum exit_code check(struct invocation *in)
{
	int32_t from = option_date(in, "from"), to = option_date(in, "to");

	if (from != DATE_NONE && to != DATE_NONE && from > to)
		return command_usage(in, "--from must not lie after --to");
	/* A page of HTML shows the rows behind its figures, which are those of one text. */
	if (option_text(in, "against") && !strcmp(option_text(in, "format"), "html"))
		return command_usage(in, "--against is written as text, json or csv");
	return EXIT_DONE;
}

enum exit_code agreement_replay(struct invocation *in)
{
	struct replay replay = { .in = in };
	struct err err = ERR_INIT;
	enum exit_code code = check(in);

	if (!code)
		code = agreement_text_open(in, in->arguments[1], &replay.text);
	if (!code && option_text(in, "against"))
		code = agreement_text_open(in, option_text(in, "against"), &replay.against);
	if (!code)
		code = load_facts(in, &replay.loaded);
	if (!code) {
		code = judge_by(&replay, &replay.text, &err) ? command_fail(in, &err) : print(&replay);
		release_facts(&replay.loaded);
	}
	agreements_release(&replay.text);
	agreements_release(&replay.against);
	return code;
}
