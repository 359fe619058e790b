/* `lockstep agreement VERB …`: the contract both sides sign. */
#include <stdio.h>
#include <string.h>

#include "cli/agreement.h"
#include "cli/agreement_file.h"
#include "cli/agreement_replay.h"
#include "cli/load.h"
#include "cli/options.h"
#include "cli/output.h"
#include "desk/agreement_check.h"
#include "domain/agreement_terms.h"
#include "io/file.h"
#include "io/terminal.h"
#include "report/contract.h"

enum { MAX_CONTRACT_BYTES = 64 << 20 };

/* ---- check ---- */

/* By what the book knows: its own fields, its teams. */
static enum exit_code check_by_book(struct invocation *in, const struct agreement *agreement, struct problems *problems,
				    struct problems *doubts)
{
	struct agreements agreements = { .count = 0 };
	struct err err = ERR_INIT;
	struct loaded loaded;
	enum exit_code code = load_facts(in, &loaded);

	if (code)
		return code;
	if (loaded.book && agreements_load(&agreements, loaded.book, &in->arena, &err)) {
		code = command_fail(in, &err);
	} else {
		agreement_check(agreement, in->arguments[1], &agreements.in_all, loaded.facts, problems, doubts,
				&in->arena);
		agreements_release(&agreements);
	}
	release_facts(&loaded);
	return code;
}

static enum exit_code check_alone(struct invocation *in, const struct agreement *agreement, struct problems *problems,
				  struct problems *doubts)
{
	const struct annexes none = { .day_count = 0 };
	struct err err = ERR_INIT;
	struct facts *facts;

	if (facts_of_nobody(&facts, &err))
		return command_fail(in, &err);
	agreement_check(agreement, in->arguments[1], &none, facts, problems, doubts, &in->arena);
	facts_free(facts);
	return EXIT_DONE;
}

static enum exit_code check_version(struct invocation *in, const struct agreement *a)
{
	bool book = in->book_given || file_exists(in->book_path);
	struct problems problems, doubts;
	enum exit_code code;

	problems_init(&problems, &in->arena);
	problems_init(&doubts, &in->arena);
	code = book ? check_by_book(in, a, &problems, &doubts) : check_alone(in, a, &problems, &doubts);
	if (code)
		return code;
	print_doubts(in, &doubts);
	if (problems.count) {
		print_problems(in, &problems);
		if (!book)
			say(in,
			    "Looked at without a book: a company's own fields (\"custom\" in its map) and teams are not known here; --book FILE names one");
		return EXIT_REFUSED;
	}
	say(in, "%s: nothing is wrong with it (lead types: %zu, routes: %zu, promises: %zu, stages: %zu, KPIs: %zu)%s",
	    in->arguments[1], a->type_count, a->route_count, a->promise_count, a->stage_count, a->kpi_count,
	    book ? "" : "; looked at without a book");
	return EXIT_DONE;
}

static enum exit_code check(struct invocation *in)
{
	struct agreements file;
	enum exit_code code = agreement_text_open(in, in->arguments[1], &file);

	if (!code)
		code = check_version(in, file.versions[0].agreement);
	agreements_release(&file);
	return code;
}

/* ---- show ---- */

static enum exit_code print_contract(struct invocation *in, const struct agreement_version *version)
{
	struct buf out;
	enum exit_code code;

	buf_init(&out, MAX_CONTRACT_BYTES);
	if (option_text(in, "as") && strcmp(option_text(in, "as"), "html") == 0)
		contract_html(version, &out);
	else
		contract_text(version, terminal_colour(stdout), &out);
	if (out.full)
		BUG("a contract longer than %d bytes", MAX_CONTRACT_BYTES);
	code = output_bytes(in, buf_str(&out));
	buf_release(&out);
	return code;
}

static enum exit_code show_file(struct invocation *in)
{
	struct agreements file;
	enum exit_code code = agreement_file_open(in, in->arguments[1], &file);

	if (!code)
		code = print_contract(in, &file.versions[0]);
	agreements_release(&file);
	return code;
}

/* NULL: no number was given. */
static const char *number_to_show(const struct invocation *in)
{
	return in->count == 2 ? in->arguments[1] : option_text(in, "version");
}

/* The version asked for; else what is in force, else what is proposed, else the last there was. */
static const struct agreement_version *version_to_show(struct invocation *in, const struct agreements *agreements)
{
	const struct agreement_version *version;

	if (number_to_show(in))
		return agreements_numbered(agreements, str_of(number_to_show(in)));
	version = agreements_at(agreements, in->now_ms);
	if (!version)
		version = agreements_proposed(agreements);
	return version || !agreements->count ? version : &agreements->versions[agreements->count - 1];
}

static enum exit_code show_of(struct invocation *in, const struct agreements *agreements)
{
	const struct agreement_version *version = version_to_show(in, agreements);

	if (version)
		return print_contract(in, version);
	if (!agreements->count)
		say(in, "The book has no agreement yet. Begin with: lockstep agreement propose FILE");
	else
		say(in, "There is no version %s; the last is %zu", number_to_show(in), agreements->count);
	return EXIT_REFUSED;
}

static enum exit_code show(struct invocation *in)
{
	const char *as = option_text(in, "as");
	struct agreements agreements;
	struct err err = ERR_INIT;
	struct book *book;
	enum exit_code code;

	if (as && strcmp(as, "html") != 0 && strcmp(as, "text") != 0)
		return command_usage(in, "show takes --as text or --as html, not \"%s\"", as);
	if (in->count == 2 && option_text(in, "version"))
		return command_usage(in, "--version is of those in the book; a file, or a number, is one text already");
	if (in->count == 2 && !agreement_text_is_version(in->arguments[1]))
		return show_file(in);
	code = open_book(in, BOOK_READ, &book);
	if (code)
		return code;
	if (agreements_load(&agreements, book, &in->arena, &err))
		code = command_fail(in, &err);
	else
		code = show_of(in, &agreements);
	agreements_release(&agreements);
	book_close(book);
	return code;
}

/* ---- diff ---- */

static void print_changes(const struct term_change *changes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!i || changes[i].chapter != changes[i - 1].chapter)
			printf("%s%s\n", i ? "\n" : "", term_chapter_title(changes[i].chapter));
		printf("  %.*s\n", STR_ARG(changes[i].text));
	}
}

static enum exit_code diff(struct invocation *in)
{
	struct agreements a, b = { .count = 0 };
	enum exit_code code = agreement_text_open(in, in->arguments[1], &a);
	size_t count = 0;

	if (!code)
		code = agreement_text_open(in, in->arguments[2], &b);
	if (!code) {
		const struct term_change *changes =
			agreement_diff(a.versions[0].agreement, b.versions[0].agreement, &count, &in->arena);

		print_changes(changes, count);
		if (!count)
			say(in, "both say the same%s",
			    str_eq(a.versions[0].agreement->signed_text, b.versions[0].agreement->signed_text)
				    ? ""
				    : "; only spaces, comments or their order differ");
	}
	agreements_release(&a);
	agreements_release(&b);
	return code;
}

/* ---- the verbs ---- */

static const struct {
	const char *name;
	int least, most; /* arguments, without the verb */
	enum exit_code (*run)(struct invocation *in);
	const char *takes; /* of the options */
} verbs[] = {
	{ "check", 1, 1, check, "" },
	{ "show", 0, 1, show, "as version" },
	{ "diff", 2, 2, diff, "" },
	{ "propose", 1, 1, agreement_verb_propose, "" },
	{ "sign", 0, 0, agreement_verb_sign, "as" },
	{ "withdraw", 0, 0, agreement_verb_withdraw, "" },
	{ "annex", 1, 1, agreement_verb_annex, "" },
	{ "status", 0, 0, agreement_verb_status, "format" },
	{ "history", 0, 0, agreement_verb_history, "format" },
	{ "replay", 1, 1, agreement_replay, "format from to against" },
};

enum { VERBS = sizeof(verbs) / sizeof(verbs[0]) };

static enum exit_code run_verb(struct invocation *in, int verb)
{
	int given = in->count - 1, least = verbs[verb].least, most = verbs[verb].most;
	enum exit_code code;

	if (given > most || given < least)
		return command_usage(in, "%s takes %s", verbs[verb].name,
				     most == 0   ? "no arguments"
				     : most == 2 ? "two texts: files, or numbers of the book's versions"
				     : least     ? "one file"
						 : "one file, or none for what stands in the book");
	code = options_for(in, verbs[verb].name, verbs[verb].takes);
	return code ? code : verbs[verb].run(in);
}

static enum exit_code run(struct invocation *in)
{
	const char *names[VERBS], *near;

	for (int i = 0; i < VERBS; i++) {
		names[i] = verbs[i].name;
		if (strcmp(in->arguments[0], verbs[i].name) == 0)
			return run_verb(in, i);
	}
	near = str_nearest(str_of(in->arguments[0]), names, VERBS);
	return near ? command_usage(in, "knows no \"%s\"; did you mean \"%s\"?", in->arguments[0], near)
		    : command_usage(in, "knows no \"%s\"", in->arguments[0]);
}

static const struct option_def options[] = {
	{ "as", OPTION_TEXT, "PERSON", NULL, NULL, "sign: who signs; show: text or html, for signature" },
	{ "version", OPTION_NUMBER, "N", NULL, NULL, "show: that version of the book's" },
	{ "format", OPTION_CHOICE, NULL, "text|json|csv|html", "text", "replay, status, history: how to print it" },
	{ "from", OPTION_DATE, "DATE", NULL, NULL, "replay: first day" },
	{ "to", OPTION_DATE, "DATE", NULL, NULL, "replay: last day" },
	{ "against", OPTION_FILE, "FILE", NULL, NULL,
	  "replay: another text, or a version of the book (2), side by side" },
	{ .name = NULL },
};

const struct command command_agreement = {
	.name = "agreement",
	.arguments = "VERB [FILE…]",
	.verbs = "check|show|diff|propose|sign|withdraw|annex|status|history|replay",
	.summary = "the contract both sides sign: read, propose, sign, look at it",
	.about =
		"check FILE: is the text an agreement? What is wrong or can never work is named with line and column, and what to write "
		"instead; what is most often a slip is a warning, with a book also touches, stages, people and words that it has not.\n"
		"show [FILE]: as a contract, from a file or from the book; a number is that version of the book's.\n"
		"diff A B: in words, what changed from A to B: files, or numbers of the book's versions.\n"
		"propose FILE: puts a text into the book to be signed; another text voids the signatures given so far.\n"
		"sign --as PERSON: as one of the people it names. Once all have signed it is in force from its day, and the one "
		"before is superseded.\n"
		"withdraw: takes back what is proposed.\n"
		"annex FILE: records holidays, absences and teams, which need no signature.\n"
		"status: what is in force, who has signed, what is missing.\n"
		"history: all versions, their signatures and the annexes.\n"
		"replay FILE: what an agreement would have done with what is in the book, which it does not change; --against B puts another text "
		"beside it. Either may be the number of a version of the book's.",
	.examples = "lockstep agreement check agreement.yaml\n"
		    "lockstep agreement propose agreement.yaml\n"
		    "lockstep agreement sign --as \"Dana Ruiz\"\n"
		    "lockstep agreement status",
	.least = 1,
	.most = 3,
	.options = options,
	.run = run,
};
