#include "cli/at_desk.h"

#include "cli/options.h"

static struct str text_of(const struct invocation *in, const char *option)
{
	return str_of(command_has(in->command, option) ? option_text(in, option) : NULL);
}

/* --at: an instant in the book's zone; now unless given. Whole seconds, as steps are kept. */
enum exit_code at_desk_word(struct at_desk *at, struct lead_word *word)
{
	struct invocation *in = at->in;
	struct str by = text_of(in, "by"), when = text_of(in, "at");
	struct err err = ERR_INIT;
	bool date_only = false;

	*word = (struct lead_word){ .at_ms = in->now_ms,
				    .by = by.len ? by : str_of(in->actor),
				    .reason = text_of(in, "reason"),
				    .owner = text_of(in, "to"),
				    .notes = text_of(in, "note") };
	if (when.len && (!zone_parse(at->desk.zone, when, &word->at_ms, &date_only) || date_only))
		return command_usage(in, "--at takes a time like 2026-03-09T14:05, not \"%s\"", when.at);
	word->at_ms -= word->at_ms % 1000;
	return by.len ? at_desk_ended(at, lead_desk_known(&at->desk, by, &at->problems, &err), &err) : EXIT_DONE;
}

enum exit_code at_desk_own_second(struct at_desk *at, struct lead_file *file, struct lead_word *word)
{
	const struct told_step *last = file->step_count ? &file->steps[file->step_count - 1] : NULL;
	struct invocation *in = at->in;
	struct lead_desk later;
	struct err err = ERR_INIT;

	if (text_of(in, "at").len || !last || last->at_ms / 1000 != word->at_ms / 1000 ||
	    !command_wait(in, word->at_ms + 1000))
		return EXIT_DONE;
	if (lead_desk_open(&later, at->loaded.book, at->loaded.facts, in->now_ms, in->actor, &in->arena, &err))
		return command_fail(in, &err);
	lead_desk_close(&at->desk);
	at->desk = later;
	word->at_ms = in->now_ms - in->now_ms % 1000;
	lead_file_read(at->desk.files, file->row, file, &in->arena);
	return EXIT_DONE;
}

int at_desk_anew(struct at_desk *at, struct err *err)
{
	struct invocation *in = at->in;
	struct facts *facts;
	struct lead_desk later;

	if (load_from(&facts, in, at->loaded.book, INT64_MAX, err))
		return err->kind;
	if (lead_desk_open(&later, at->loaded.book, facts, in->now_ms, in->actor, &in->arena, err)) {
		facts_free(facts);
		return err->kind;
	}
	lead_desk_close(&at->desk);
	facts_free(at->loaded.facts);
	at->desk = later;
	at->loaded.facts = facts;
	return 0;
}

enum exit_code at_desk_ended(struct at_desk *at, int failed, const struct err *err)
{
	if (failed > 0)
		return print_problems(at->in, &at->problems);
	return failed ? command_fail(at->in, err) : EXIT_DONE;
}

static enum exit_code open_desk(struct at_desk *at, enum exit_code (*run)(struct at_desk *at, void *context),
				void *context)
{
	struct invocation *in = at->in;
	struct err err = ERR_INIT;
	enum exit_code code;

	if (lead_desk_open(&at->desk, at->loaded.book, at->loaded.facts, in->now_ms, in->actor, &in->arena, &err))
		return command_fail(in, &err);
	code = run(at, context);
	lead_desk_close(&at->desk);
	return code;
}

static enum exit_code run_reading(struct at_desk *at, enum exit_code (*run)(struct at_desk *at, void *context),
				  void *context)
{
	enum exit_code code = load_facts(at->in, &at->loaded);

	if (code)
		return code;
	code = at->loaded.book ? open_desk(at, run, context)
			       : command_usage(at->in, "%s holds columns alone, no book", at->in->book_path);
	release_facts(&at->loaded);
	return code;
}

static enum exit_code run_writing(struct at_desk *at, enum exit_code (*run)(struct at_desk *at, void *context),
				  void *context)
{
	struct err err = ERR_INIT;
	enum exit_code code = open_book(at->in, BOOK_WRITE, &at->loaded.book);

	if (code)
		return code;
	if (load_from(&at->loaded.facts, at->in, at->loaded.book, INT64_MAX, &err))
		code = command_fail(at->in, &err);
	else
		code = open_desk(at, run, context);
	facts_free(at->loaded.facts);
	close_written(at->in, at->loaded.book);
	return code;
}

enum exit_code at_desk_run(struct invocation *in, bool writes, enum exit_code (*run)(struct at_desk *at, void *context),
			   void *context)
{
	struct at_desk at = { .in = in };

	problems_init(&at.problems, &in->arena);
	return writes ? run_writing(&at, run, context) : run_reading(&at, run, context);
}
