/* Loading the facts that questions are asked of. */
#include "cli/load.h"

#include <stdio.h>
#include <string.h>
#include "base/date.h"
#include "cli/options.h"
#include "cli/output.h"
#include "desk/columns.h"
#include "facts/snapshot.h"
#include "io/terminal.h"

static void step(void *context, uint64_t done, uint64_t total)
{
	struct progress *progress = context;

	progress->total = total;
	progress_step(progress, done, done);
}

static void warn(void *context, const char *text)
{
	(void)context;
	fprintf(stderr, "lockstep: %s\n", text);
}

void close_written(struct invocation *in, struct book *book)
{
	struct err err = ERR_INIT;
	struct progress progress;
	struct facts_options options = { .progress = in->quiet ? NULL : step, .progress_context = &progress };

	progress_start(&progress, "writing the columns", "records", 0);
	if (columns_refresh(book, &options, &err))
		fprintf(stderr, "lockstep %s: the book is written, the columns beside it are not: %s\n",
			in->command->name, err.text);
	progress_end(&progress);
	book_close(book);
}

void close_filled(struct invocation *in, struct book *book, uint64_t entries_before)
{
	if (!columns_can_wait(entries_before, book_head(book).seq)) {
		close_written(in, book);
		return;
	}
	if (!in->quiet)
		fprintf(stderr,
			"lockstep %s: so much is new that the columns beside the book are left to the next command; a question "
			"reads the book first\n",
			in->command->name);
	book_close(book);
}

static int load_by(struct facts **facts, struct invocation *in, struct book *book, int64_t known_at_ms, bool from_book,
		   struct err *err)
{
	struct progress progress;
	struct zone *zone;
	int failed;

	if (zone_load(&zone, book_settings(book)->zone, err))
		return err->kind;
	if (!in->quiet)
		progress_start(&progress, "reading the book", "records", 0);
	struct facts_options options = {
		.known_at_ms = known_at_ms,
		.today = zone_date(zone, in->now_ms),
		.progress = in->quiet ? NULL : step,
		.progress_context = &progress,
		.from_book = from_book,
		.warn = warn,
	};
	failed = facts_load(facts, book, &options, err);
	if (!in->quiet)
		progress_end(&progress);
	zone_free(zone);
	return failed;
}

int load_from(struct facts **facts, struct invocation *in, struct book *book, int64_t known_at_ms, struct err *err)
{
	return load_by(facts, in, book, known_at_ms, false, err);
}

int load_stored(struct facts **facts, struct invocation *in, struct book *book, struct err *err)
{
	return load_by(facts, in, book, INT64_MAX, true, err);
}

/* --known-at, where the command has it: the last instant that counts. A date without time includes that day. */
static enum exit_code known_at(struct invocation *in, const struct book *book, int64_t *ms)
{
	const char *text = command_has(in->command, "known-at") ? option_text(in, "known-at") : NULL;
	struct err err = ERR_INIT;
	struct zone *zone;
	bool date_only, good;
	int32_t date;

	*ms = INT64_MAX;
	if (!text)
		return EXIT_DONE;
	if (zone_load(&zone, book_settings(book)->zone, &err))
		return command_fail(in, &err);
	good = zone_parse(zone, str_of(text), ms, &date_only);
	if (good && date_only && date_parse(str_of(text), &date))
		*ms = zone_day_start_ms(zone, date + 1) - 1;
	zone_free(zone);
	if (!good)
		return command_usage(in, "--known-at takes a date or a time like 2026-03-09T14:05, not \"%s\"", text);
	return EXIT_DONE;
}

/* Columns without a book, as simulate --facts-only makes them. */
static enum exit_code load_columns(struct invocation *in, struct facts **facts)
{
	struct snapshot_wanted wanted = { .today = DATE_NONE };
	char why[256];

	if (command_has(in->command, "known-at") && option_text(in, "known-at"))
		return command_usage(in, "%s holds columns alone, not what was known when", in->book_path);
	if (snapshot_read(facts, in->book_path, &wanted, why) == SNAPSHOT_GOOD)
		return EXIT_DONE;
	fprintf(stderr, "lockstep %s: the columns in %s cannot be used: %s\n", in->command->name, in->book_path, why);
	return EXIT_ERROR;
}

enum exit_code load_facts(struct invocation *in, struct loaded *loaded)
{
	struct err err = ERR_INIT;
	enum exit_code code;

	*loaded = (struct loaded){ .known_at_ms = INT64_MAX };
	if (snapshot_is(in->book_path))
		return load_columns(in, &loaded->facts);
	code = open_book(in, BOOK_READ, &loaded->book);
	if (code)
		return code;
	code = known_at(in, loaded->book, &loaded->known_at_ms);
	/* What was not over then cannot have been known to be late: it is asked as if it were that time. */
	if (loaded->known_at_ms < in->now_ms)
		in->now_ms = loaded->known_at_ms;
	if (!code && load_from(&loaded->facts, in, loaded->book, loaded->known_at_ms, &err))
		code = command_fail(in, &err);
	if (code)
		book_close(loaded->book);
	return code;
}

void release_facts(struct loaded *loaded)
{
	/* After the answer, for the next one. */
	fflush(stdout);
	if (loaded->book && loaded->known_at_ms == INT64_MAX)
		columns_keep(loaded->book, loaded->facts);
	facts_free(loaded->facts);
	book_close(loaded->book);
	agreements_release(&loaded->agreements);
}
