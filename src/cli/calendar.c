/* `lockstep calendar due|elapsed AGREEMENT`: working time by an agreement's hours, line by line from standard input. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/agreement_file.h"
#include "cli/output.h"

enum { LINE_BYTES = 256 };

struct line {
	struct invocation *in;
	const struct agreement_version *agreement;
	long number;
	enum exit_code code; /* EXIT_REFUSED once a line was no good */
};

static void wrong(struct line *line, const char *text)
{
	fprintf(stderr, "lockstep calendar: standard input:%ld: %s\n", line->number, text);
	line->code = EXIT_REFUSED;
}

/* ISO 8601 with or without an offset: without one it is the agreement's own time. `day`: a date alone will do; NULL: it will not. */
static bool read_instant(struct line *line, struct str text, int64_t *ms, bool *day)
{
	bool date_only;

	if (zone_parse(line->agreement->zone, text, ms, &date_only) && (day || !date_only)) {
		if (day)
			*day = date_only;
		return true;
	}
	wrong(line,
	      "a time like 2026-03-27T16:30:00-05:00 should stand here; without an offset it is the agreement's own");
	return false;
}

static void answer_due(struct line *line, struct str text)
{
	struct str allowed = text, start = str_cut(&allowed, ' ');
	struct allowance allowance;
	int64_t start_ms, due_ms;
	const char *problem;
	char shown[40];
	bool day;

	if (!read_instant(line, start, &start_ms, &day))
		return;
	problem = allowance_parse(allowed, &allowance);
	if (problem) {
		wrong(line, problem);
		return;
	}
	due_ms = day ? calendar_due_of_day_ms(line->agreement->calendar, start_ms, allowance)
		     : calendar_due_ms(line->agreement->calendar, start_ms, allowance);
	if (due_ms == CALENDAR_NEVER) {
		puts("never");
		return;
	}
	zone_format(line->agreement->zone, due_ms, shown);
	puts(shown);
}

static void answer_elapsed(struct line *line, struct str text)
{
	struct str end = text, start = str_cut(&end, ' ');
	int64_t from_ms, to_ms;

	if (!read_instant(line, start, &from_ms, NULL) || !read_instant(line, str_trim(end), &to_ms, NULL))
		return;
	printf("%lld\n", (long long)(calendar_elapsed_ms(line->agreement->calendar, from_ms, to_ms) / 1000));
}

static enum exit_code answer_lines(struct invocation *in, const struct agreement_version *agreement,
				   void (*answer)(struct line *line, struct str text))
{
	struct line line = { .in = in, .agreement = agreement };
	char bytes[LINE_BYTES];

	while (fgets(bytes, sizeof(bytes), stdin)) {
		struct str text = str_trim(str_of(bytes));

		line.number++;
		if (!strchr(bytes, '\n') && !feof(stdin)) {
			wrong(&line, "a line is at most 254 characters; nothing after it was read");
			break;
		}
		if (text.len)
			answer(&line, text);
	}
	if (ferror(stdin))
		wrong(&line, "cannot be read further");
	return line.code;
}

static enum exit_code run(struct invocation *in)
{
	bool due = strcmp(in->arguments[0], "due") == 0;
	struct agreements file;
	enum exit_code code;

	if (!due && strcmp(in->arguments[0], "elapsed") != 0)
		return command_usage(in, "knows \"due\" and \"elapsed\", not \"%s\"", in->arguments[0]);
	code = agreement_text_open(in, in->arguments[1], &file);
	if (!code)
		code = answer_lines(in, &file.versions[0], due ? answer_due : answer_elapsed);
	agreements_release(&file);
	return code;
}

static const struct option_def options[] = {
	{ .name = NULL },
};

const struct command command_calendar = {
	.name = "calendar",
	.arguments = "due|elapsed AGREEMENT",
	.verbs = "due|elapsed",
	.summary = "count working time by an agreement's hours",
	.about =
		"AGREEMENT is a file, or a version of the book, as 2, with all annexes recorded since. Reads lines from standard input and answers each with a line. due: START ALLOWED, where ALLOWED is like "
		"\"8 working hours\", \"2 working days\" or \"14 calendar days\"; prints when that is due; a day alone as START is one whose time nobody wrote down. elapsed: START END; "
		"prints the seconds of working time between them, negative when END comes first. Empty lines are passed over. "
		"Lines that make no sense are named on standard error, and the exit code is 1.",
	.examples = "echo \"2026-03-27T16:30:00-05:00 8 working hours\" | lockstep calendar due agreement.yaml\n"
		    "echo \"2026-03-27T16:30 2026-03-30T10:00\" | lockstep calendar elapsed agreement.yaml",
	.least = 2,
	.most = 2,
	.options = options,
	.run = run,
};
