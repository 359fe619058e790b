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

static enum exit_code print(struct invocation *in, const struct facts *facts)
{
	const char *format = option_text(in, "format");
	struct report_request request = { .facts = facts,
					  .scope = SCOPE_EVERYTHING,
					  .from = option_date(in, "from"),
					  .to = option_date(in, "to"),
					  .as_of = DATE_NONE,
					  .book_name = facts_settings(facts)->name,
					  .book_path = in->book_given ? in->book_path : NULL };
	struct err err = ERR_INIT;
	enum exit_code code;
	struct page *page;
	struct buf out;
	int failed;

	if (request.to != DATE_NONE)
		request.to++;
	if (report_build(&report_replay, &request, &page, &err))
		return command_fail(in, &err);
	buf_init(&out, REPLAY_MAX_BYTES);
	if (!strcmp(format, "json"))
		failed = report_json(page, &out, &err);
	else if (!strcmp(format, "csv"))
		failed = report_csv(page, &out, &err);
	else if (!strcmp(format, "html"))
		failed = report_html(page, false, &out, &err);
	else
		failed = report_text(page, terminal_colour(stdout), &out, &err);
	code = failed ? command_fail(in, &err) : output_bytes(in, buf_str(&out));
	buf_release(&out);
	page_free(page);
	return code;
}

enum exit_code agreement_replay(struct invocation *in)
{
	struct agreements file;
	struct err err = ERR_INIT;
	struct loaded loaded;
	enum exit_code code = agreement_file_open(in, in->arguments[1], &file);

	if (!code)
		code = load_facts(in, &loaded);
	if (!code) {
		struct judge_terms terms = judge_terms_of(&file, &in->arena);

		code = judge_facts(in, loaded.facts, &terms, DATE_NONE, &err) ? command_fail(in, &err)
									      : print(in, loaded.facts);
		release_facts(&loaded);
	}
	agreements_release(&file);
	return code;
}
