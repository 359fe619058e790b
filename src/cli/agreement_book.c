/* `lockstep agreement propose|sign|withdraw|annex`: each writes one thing into the book and says what follows from it. */
#include "cli/agreement.h"
#include "cli/load.h"
#include "cli/output.h"
#include "desk/signing.h"
#include "io/file.h"

/* Opens the book to write, has `write` done in it, and closes it with its columns. */
static enum exit_code with_book(struct invocation *in,
				enum exit_code (*write)(struct invocation *in, const struct signing *signing))
{
	struct signing signing = { .now_ms = in->now_ms, .actor = in->actor, .by = in->actor, .arena = &in->arena };
	enum exit_code code = open_book(in, BOOK_WRITE, &signing.book);

	if (code)
		return code;
	code = write(in, &signing);
	close_written(in, signing.book);
	return code;
}

static const char *signatures(struct invocation *in, size_t count)
{
	return arena_printf(&in->arena, "%zu signature%s", count, count == 1 ? "" : "s");
}

/* ---- propose ---- */

static void tell_same(struct invocation *in, const struct proposed *proposed)
{
	say(in, "Version %d says exactly this: nothing is proposed anew", proposed->version);
	if (proposed->annexes)
		say(in, "Below the line annexes: it differs. That needs no signature: lockstep agreement annex %s",
		    in->arguments[1]);
}

static enum exit_code propose(struct invocation *in, const struct signing *signing)
{
	const char *path = in->arguments[1];
	struct problems problems;
	struct proposed proposed;
	struct agreements read;
	struct err err = ERR_INIT;
	struct facts *facts = NULL;
	int failed;

	problems_init(&problems, &in->arena);
	failed = agreements_of_file(&read, path, &problems, &in->arena, &err);
	if (!failed && read.count)
		failed = load_from(&facts, in, signing->book, INT64_MAX, &err);
	if (!failed && read.count)
		failed = agreement_propose(signing, &read, path, facts, &problems, &proposed, &err);
	facts_free(facts);
	agreements_release(&read);
	if (failed)
		return command_fail(in, &err);
	if (problems.count)
		return print_problems(in, &problems);
	print_doubts(in, &proposed.doubts);
	print_passed_over(in, &problems);
	if (proposed.same) {
		tell_same(in, &proposed);
		return EXIT_DONE;
	}
	say(in, "Version %d is proposed", proposed.version);
	if (proposed.voided)
		say(in, "It voids %s given to version %d: what was signed is no longer what is proposed",
		    signatures(in, proposed.voided), proposed.voided_of);
	say(in, "Who has to sign: lockstep agreement status");
	return EXIT_DONE;
}

enum exit_code agreement_verb_propose(struct invocation *in)
{
	return with_book(in, propose);
}

/* ---- sign ---- */

/* In the agreement's own zone, as `agreement status` tells it. Should its file not be had just now, the signature is given all the
 * same: then in UTC. */
static const char *time_of(struct invocation *in, const struct signed_as *done)
{
	struct err err = ERR_INIT;
	struct zone *zone;
	const char *text;
	bool own = !zone_load(&zone, done->zone, &err);

	if (!own && zone_load(&zone, "UTC", &err))
		BUG("%s", err.text);
	text = minute_text(zone, done->from_ms, &in->arena);
	zone_free(zone);
	return own ? text : arena_printf(&in->arena, "%s UTC", text);
}

static enum exit_code sign(struct invocation *in, const struct signing *signing)
{
	struct str who = str_of(option_text(in, "as"));
	struct signed_as done;
	struct err err = ERR_INIT;

	if (agreement_sign(signing, who, &done, &err))
		return command_fail(in, &err);
	for (size_t i = 0; i < done.party_count; i++)
		say(in, "%.*s has signed version %d for %s", STR_ARG(who), done.version, party_name(done.parties[i]));
	if (done.missing)
		say(in, "%s missing: lockstep agreement status",
		    arena_printf(&in->arena, "%s %s", signatures(in, done.missing), done.missing == 1 ? "is" : "are"));
	else
		say(in, "All have signed. Version %d is in force from %s", done.version, time_of(in, &done));
	return EXIT_DONE;
}

enum exit_code agreement_verb_sign(struct invocation *in)
{
	if (!option_text(in, "as"))
		return command_usage(in, "sign needs --as PERSON: who signs?");
	return with_book(in, sign);
}

/* ---- withdraw ---- */

static enum exit_code withdraw(struct invocation *in, const struct signing *signing)
{
	struct err err = ERR_INIT;
	size_t voided;
	int version;

	if (agreement_withdraw(signing, &version, &voided, &err))
		return command_fail(in, &err);
	say(in, "Version %d is taken back%s%s", version, voided ? ", and with it " : "",
	    voided ? signatures(in, voided) : "");
	return EXIT_DONE;
}

enum exit_code agreement_verb_withdraw(struct invocation *in)
{
	return with_book(in, withdraw);
}

/* ---- annex ---- */

static enum exit_code annex(struct invocation *in, const struct signing *signing)
{
	struct problems problems, doubts;
	struct annexes annexes;
	struct err err = ERR_INIT;
	struct facts *facts = NULL;
	struct str text;
	int failed = load_from(&facts, in, signing->book, INT64_MAX, &err);

	problems_init(&problems, &in->arena);
	problems_init(&doubts, &in->arena);
	if (!failed)
		failed = file_read(&text, in->arguments[1], AGREEMENT_MAX_BYTES, &in->arena, &err);
	if (!failed)
		failed = agreement_annex(signing, text, in->arguments[1], false, facts, &problems, &doubts, &annexes,
					 &err);
	facts_free(facts);
	if (failed)
		return command_fail(in, &err);
	if (problems.count)
		return print_problems(in, &problems);
	print_doubts(in, &doubts);
	print_passed_over(in, &problems);
	say(in, "Annexes are recorded: %s. They hold for every version", annexes_summary(&annexes, &in->arena));
	return EXIT_DONE;
}

enum exit_code agreement_verb_annex(struct invocation *in)
{
	return with_book(in, annex);
}
