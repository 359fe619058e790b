/* The manual page lockstep(1), from the tables of the commands. */
#include "cli/help.h"

#include <string.h>
#include "base/version.h"
#include "cli/options.h"

/* Text with what roff would take for itself made harmless. */
static void roff(const char *text, FILE *out)
{
	bool fresh = true;

	for (; *text; text++) {
		if (fresh && (*text == '.' || *text == '\''))
			fputs("\\&", out);
		fresh = *text == '\n';
		if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '-')
			fputs("\\-", out);
		else
			fputc(*text, out);
	}
}

static void roff_line(const char *before, const char *text, const char *after, FILE *out)
{
	fputs(before, out);
	roff(text, out);
	fputs(after, out);
	fputc('\n', out);
}

/* Line by line; a lone full stop at the start of a line would be a request; empty lines begin paragraphs. */
static void roff_prose(const char *text, FILE *out)
{
	bool fresh = true;

	while (*text) {
		size_t len = strcspn(text, "\n");
		char line[1024];

		snprintf(line, sizeof(line), "%.*s", (int)len, text);
		if (len)
			roff_line(fresh ? "" : ".br\n", line, "", out);
		else
			fputs(".PP\n", out);
		fresh = !len;
		text += len + (text[len] == '\n');
	}
}

static void man_options(const struct option_def *options, FILE *out)
{
	for (; options && options->name; options++) {
		const char *value = option_value_text(options);

		fputs(".TP\n\\fB\\-\\-", out);
		roff(options->name, out);
		fputs("\\fR", out);
		if (value) {
			fputs(" \\fI", out);
			roff(value, out);
			fputs("\\fR", out);
		}
		fputc('\n', out);
		roff(options->help, out);
		if (options->fallback) {
			fputs(" (default: ", out);
			roff(options->fallback, out);
			fputc(')', out);
		}
		fputs(".\n", out);
	}
}

static void man_command(const struct command *command, FILE *out)
{
	fputs(".SS \"", out);
	roff(command->name, out);
	if (*command->arguments) {
		fputc(' ', out);
		roff(command->arguments, out);
	}
	fputs("\"\n", out);
	roff_prose(command->summary, out);
	if (command->about) {
		fputs(".PP\n", out);
		roff_prose(command->about, out);
	}
	man_options(command->options, out);
	if (command->examples) {
		fputs(".PP\n.nf\n.RS\n", out);
		roff_prose(command->examples, out);
		fputs(".RE\n.fi\n", out);
	}
}

static const char before[] =
	".SH NAME\nlockstep \\- the book of record that sales and marketing share\n"
	".SH SYNOPSIS\n.B lockstep\n.I COMMAND\n[\\fIOPTIONS\\fR] [\\fIARGUMENTS\\fR]\n"
	".SH DESCRIPTION\n"
	"Lockstep keeps what a company knows about its leads and deals in one append\\-only book, takes in exports of the\n"
	"systems people already have, and says in plain English what came in, what converted, what leaked and what is\n"
	"stuck, each number with the rows behind it.\n";

static const char after[] =
	".SH EXIT STATUS\n"
	".TP\n0\ndone\n.TP\n1\nrefused, with the reasons\n.TP\n2\nwrong usage\n.TP\n3\nan error of the system or damaged data\n"
	".SH ENVIRONMENT\n"
	".TP\nLOCKSTEP_BOOK\nthe book to use where \\-\\-book is not given\n"
	".TP\nLOCKSTEP_NOW\na time like 2026\\-03\\-09T14:05 that stands for now; in the zone of the book, unless it ends in Z or an offset\n"
	".TP\nNO_COLOR\nno colour on a terminal\n"
	".SH FILES\n"
	".TP\n~/.local/share/lockstep/book.lockstep\nthe book where nothing else is said\n"
	".TP\nBOOK.keys\nthe keys of the people in the book: back them up apart from it\n";

void man_page(FILE *out)
{
	fprintf(out, ".TH LOCKSTEP 1 \"\" \"lockstep %s\" \"User Commands\"\n", LOCKSTEP_VERSION);
	fputs(before, out);
	fputs(".SH OPTIONS OF EVERY COMMAND\n", out);
	man_options(common_options, out);
	fputs(".SH COMMANDS\n", out);
	for (const struct command_group *group = command_groups; group->title; group++) {
		for (size_t i = 0; group->items[i]; i++)
			man_command(group->items[i], out);
	}
	fputs(after, out);
}
