/* `lockstep measure EXPR`: any question, in the measure language. */
#include "facts/measure.h"

#include "base/date.h"
#include "cli/answer.h"
#include "cli/judging.h"

static enum exit_code run(struct invocation *in)
{
	struct question question = {
		.measure = in->arguments[0],
		.of = option_text(in, "of"),
		.by = option_text(in, "by"),
		.where = option_text(in, "where"),
		.as_of = option_date(in, "as-of"),
		.scope = SCOPE_EVERYTHING,
	};
	struct answer answer = { 0 };
	struct loaded loaded;
	struct err err = ERR_INIT;
	enum exit_code code = load_facts(in, &loaded);

	if (code)
		return code;
	code = judge_asked(in, &loaded, question.as_of,
			   (const char *[]){ question.measure, question.of, question.by, question.where }, 4);
	if (code)
		;
	else if (measure_ask(loaded.facts, &question, &in->arena, &answer, &err))
		code = question_fail(in, &err);
	else
		code = print_answer(in, &loaded, &answer, NULL, DATE_NONE, DATE_NONE);
	release_facts(&loaded);
	return code;
}

static const struct option_def options[] = {
	OPTION_OF("leads"),
	OPTION_BY,
	OPTION_WHERE,
	OPTION_AS_OF,
	OPTION_KNOWN_AT,
	OPTION_AGREEMENT,
	{ "format", OPTION_CHOICE, NULL, "text|json|csv", "text", "how to print the answer" },
	{ .name = NULL },
};

const struct command command_measure = {
	.name = "measure",
	.arguments = "EXPR",
	.summary = "ask any question of the facts",
	.about =
		"Counts, sums, averages, medians, percentiles and their ratios. A milestone used as a condition means that it "
		"has happened, at a known time or not. lockstep facts lists what can be asked about; docs/measures.md has "
		"the whole language.",
	.examples = "lockstep measure \"count(won) / count(closed)\" --of opportunities --by owner\n"
		    "lockstep measure \"median(days(created, won))\" --of opportunities --by \"month(won)\"\n"
		    "lockstep measure \"sum(spend.amount) / count(leads.won)\" --by campaign\n"
		    "lockstep measure \"count()\" --where \"origin = 'marketing'\" --by source --format json",
	.least = 1,
	.most = 1,
	.options = options,
	.run = run,
};
