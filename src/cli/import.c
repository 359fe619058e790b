/* `lockstep import`: takes files in, takes an import back, drafts a map. */
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli/load.h"
#include "cli/output.h"
#include "desk/import.h"
#include "io/text.h"
#include "io/terminal.h"
#include "report/import_json.h"

enum { SHOWN_PROBLEMS = 10, WIDTH = 100 };

/* ---- options ---- */

static enum exit_code read_time(struct invocation *in, const struct book *book, int64_t *at_ms)
{
	const char *text = option_text(in, "exported-at");
	struct err err = ERR_INIT;
	struct zone *zone;
	bool date_only, good;

	*at_ms = INT64_MIN;
	if (!text)
		return EXIT_DONE;
	if (zone_load(&zone, book_settings(book)->zone, &err))
		return command_fail(in, &err);
	good = zone_parse(zone, str_of(text), at_ms, &date_only);
	zone_free(zone);
	return good ? EXIT_DONE
		    : command_usage(
			      in, "--exported-at takes a date or time like 2026-03-09 or 2026-03-09T14:05, not \"%s\"",
			      text);
}

static enum exit_code read_options(struct invocation *in, const struct book *book, struct import_options *options)
{
	const char *as = option_text(in, "as"), *dates = option_text(in, "dates"),
		   *numbers = option_text(in, "numbers");

	*options = (struct import_options){ .preset = option_text(in, "preset"),
					    .map_path = option_text(in, "map"),
					    .as = as ? object_by_plural(str_of(as)) : OBJECT_NONE,
					    .dry_run = option_flag(in, "dry-run"),
					    .strict = option_flag(in, "strict"),
					    .rejects_folder = option_text(in, "rejects"),
					    .now_ms = in->now_ms,
					    .actor = in->actor };
	if (dates && !(options->date_order = date_order_named(str_of(dates))))
		return command_usage(in, "--dates takes a format like dd.mm.yyyy, mm/dd/yyyy or excel, not \"%s\"",
				     dates);
	if (numbers && !(options->mark = mark_named(str_of(numbers))))
		return command_usage(in, "--numbers takes \"1,234.56\" or \"1.234,56\", not \"%s\"", numbers);
	if (options->preset && options->map_path)
		return command_usage(in, "--preset and --map exclude each other");
	return read_time(in, book, &options->exported_at_ms);
}

static enum exit_code print_json(const struct invocation *in, const struct import_summary *summary, bool dry_run)
{
	return output_json(in, import_json(summary, dry_run));
}

/* ---- text ---- */

struct page {
	struct buf buf;
	struct arena *arena;
	bool colour, terminal;
};

/* What stands in a file steers no terminal. */
static struct str shown(const struct page *page, struct str text)
{
	struct buf clean;

	if (!page->terminal)
		return text;
	buf_init(&clean, 3 * text.len + 1);
	text_for_terminal(text, &clean);
	text = arena_str(page->arena, buf_str(&clean));
	buf_release(&clean);
	return text;
}

static void prose(struct page *page, enum ink ink, const char *lead, struct str text)
{
	buf_add_text(&page->buf, ink_on(ink, page->colour));
	buf_add_text(&page->buf, lead);
	text_wrap(shown(page, text), utf8_width(str_of(lead)), utf8_width(str_of(lead)), WIDTH, &page->buf);
	buf_add_text(&page->buf, ink_off(page->colour && ink != INK_PLAIN));
	buf_add_char(&page->buf, '\n');
}

static void count_words(struct buf *out, uint64_t n, const char *words)
{
	char text[32];

	if (n)
		buf_addf(out, "%s%s %s", out->len ? ", " : "", count_text((int64_t)n, text), words);
}

static void print_counts(struct page *page, const struct imported_file *file)
{
	struct buf what;
	char text[32];

	buf_init(&what, 4096);
	count_words(&what, file->accepted, "new");
	count_words(&what, file->changed, "changed");
	count_words(&what, file->unchanged, "unchanged");
	count_words(&what, file->older, "older than what stands (kept as history)");
	count_words(&what, file->superseded, "replaced by a later row of the file");
	count_words(&what, file->skipped_rows, "left out by the map");
	count_words(&what, file->rejected, "rejected");
	buf_addf(
		&page->buf, "  %s row%s: %s%s\n", count_text((int64_t)file->rows, text), file->rows == 1 ? "" : "s",
		what.len ? what.at : "nothing to take in",
		file->resumed
			? "; an import that was interrupted is now complete (what it had taken in before counts as unchanged)"
			: "");
	buf_clear(&what);
	count_words(&what, file->inner_headers, file->inner_headers == 1 ? "repeated header" : "repeated headers");
	count_words(&what, file->blank, file->blank == 1 ? "blank row" : "blank rows");
	if (what.len)
		buf_addf(&page->buf, "  passed over: %s\n", what.at);
	if (file->vanished)
		buf_addf(&page->buf, "  %s that an earlier file had %s not in this one; nothing was deleted\n",
			 count_text((int64_t)file->vanished, text), file->vanished == 1 ? "is" : "are");
	buf_release(&what);
}

static void print_file_problems(struct page *page, struct invocation *in, const struct imported_file *file)
{
	const struct problems *problems = &file->problems;

	for (size_t i = 0; i < problems->count && (i < SHOWN_PROBLEMS || file->refused); i++) {
		const struct problem *p = &problems->items[i];
		const char *where = "";

		if (p->line && p->field.len)
			where = arena_printf(&in->arena, "line %ld, %.*s: ", p->line, STR_ARG(p->field));
		else if (p->line)
			where = arena_printf(&in->arena, "line %ld: ", p->line);
		/* in the map */
		if (p->line && p->column && file->rows == 0)
			where = arena_printf(&in->arena, "%.*s:%ld:%ld: ", STR_ARG(p->file), p->line, p->column);
		prose(page, INK_PLAIN, "    ", str_of(arena_printf(&in->arena, "%s%.*s", where, STR_ARG(p->text))));
	}
	if (!file->refused && problems->count > SHOWN_PROBLEMS)
		buf_addf(&page->buf, "    …\n");
}

static const char *short_name(struct invocation *in, struct str path)
{
	const char *text = arena_cstr(&in->arena, path), *slash = strrchr(text, '/');

	return slash ? slash + 1 : text;
}

static void print_mapped(struct page *page, struct invocation *in, const struct imported_file *file)
{
	const char *unmapped = "";

	buf_add_text(&page->buf, "  columns\n");
	for (size_t i = 0; i < file->column_count; i++) {
		const struct mapped_column *c = &file->columns[i];

		if (c->field.len)
			prose(page, INK_PLAIN, "    ",
			      str_of(arena_printf(&in->arena, "%.*s → %.*s%s%.*s", STR_ARG(c->column),
						  STR_ARG(c->field), c->note.len ? ", " : "", STR_ARG(c->note))));
		else
			unmapped = arena_printf(&in->arena, "%s%s%.*s", unmapped, unmapped[0] ? ", " : "",
						STR_ARG(c->column));
	}
	if (unmapped[0])
		prose(page, INK_PLAIN, "    ", str_of(arena_printf(&in->arena, "not mapped: %s", unmapped)));
	buf_add_text(&page->buf, "  first rows as understood\n");
	for (size_t i = 0; i < file->preview_rows; i++)
		prose(page, INK_PLAIN, "    ", file->preview[i]);
}

static void print_rejects(struct page *page, struct invocation *in, const struct imported_file *file, bool dry_run)
{
	char text[32];

	if (!file->rejected || file->refused)
		return;
	prose(page, INK_BAD, "  ",
	      str_of(arena_printf(
		      &in->arena, "%s row%s %s not go in%s%.*s", count_text((int64_t)file->rejected, text),
		      file->rejected == 1 ? "" : "s", dry_run ? "would" : "did",
		      dry_run ? ":" : ". Mend and import: ", STR_ARG(dry_run ? STR_NONE : file->rejected_path))));
	print_file_problems(page, in, file);
}

static void print_file(struct page *page, struct invocation *in, const struct imported_file *file, bool dry_run)
{
	const char *name = short_name(in, file->path);

	if (file->skipped.len) {
		if (in->quiet)
			return;
		prose(page, INK_DIM, "",
		      str_of(arena_printf(&in->arena,
					  file->map_name.len ? "%s: left out by the map, \"%.*s\""
							     : "%s: passed over, %.*s",
					  name, STR_ARG(file->skipped))));
		return;
	}
	if (file->refused) {
		prose(page, INK_BAD, "", str_of(arena_printf(&in->arena, "%s: refused, nothing of it went in", name)));
		print_file_problems(page, in, file);
		return;
	}
	if (in->quiet) {
		if (file->rejected)
			print_rejects(page, in, file, dry_run);
		return;
	}
	buf_addf(&page->buf, "%s%.*s%s → %s (map %.*s%s)\n", ink_on(INK_BOLD, page->colour),
		 STR_ARG(shown(page, str_of(name))), ink_off(page->colour), object_plural(file->as),
		 STR_ARG(shown(page, file->map_name)), dry_run ? "; dry run, nothing was written" : "");
	print_counts(page, file);
	print_rejects(page, in, file, dry_run);
	for (size_t i = 0; i < file->note_count; i++)
		prose(page, INK_PLAIN, "  · ", file->notes[i]);
	if (file->elsewhere && file->accepted)
		prose(page, INK_PLAIN, "  · ",
		      str_of(arena_printf(
			      page->arena,
			      "%llu of these ids are in the book as leads of the source \"%.*s\": if it is the same system, give the map that `source:`, else each is a second lead.",
			      (unsigned long long)file->elsewhere, STR_ARG(file->elsewhere_source))));
	if (dry_run)
		print_mapped(page, in, file);
	else if (file->import_seq)
		buf_addf(&page->buf, "  import %llu; to take it back: lockstep import --undo %llu\n",
			 (unsigned long long)file->import_seq, (unsigned long long)file->import_seq);
}

static void print_list(struct page *page, const char *title, const struct str *items, size_t count)
{
	if (!count)
		return;
	buf_addf(&page->buf, "\n%s%s%s\n", ink_on(INK_BOLD, page->colour), title, ink_off(page->colour));
	for (size_t i = 0; i < count; i++)
		prose(page, INK_PLAIN, "  · ", items[i]);
}

static enum exit_code print_text(struct invocation *in, const struct import_summary *summary, bool dry_run)
{
	struct page page = { .arena = &in->arena,
			     .colour = terminal_colour(stdout),
			     .terminal = isatty(STDOUT_FILENO) };
	enum exit_code code;
	bool read = false;

	buf_init(&page.buf, 1 << 26);
	for (size_t i = 0; i < summary->count; i++)
		print_file(&page, in, &summary->files[i], dry_run);
	for (size_t i = 0; i < summary->count; i++)
		read |= !summary->files[i].refused && !summary->files[i].skipped.len;
	if (!in->quiet && read) {
		print_list(&page, "What Lockstep knows now", summary->known, summary->known_count);
		print_list(&page, "What it does not know", summary->unknown, summary->unknown_count);
	}
	code = output_bytes(in, buf_str(&page.buf));
	buf_release(&page.buf);
	return code;
}

/* ---- progress ---- */

struct showing {
	struct invocation *in;
	struct progress progress;
	const char *path;
	bool begun;
};

static void show_progress(void *context, const char *path, uint64_t bytes, uint64_t total, uint64_t rows)
{
	struct showing *showing = context;

	if (!showing->begun || strcmp(showing->path, path) != 0) {
		if (showing->begun)
			progress_end(&showing->progress);
		showing->begun = true;
		showing->path = path;
		progress_start(&showing->progress,
			       arena_printf(&showing->in->arena, "importing %s", short_name(showing->in, str_of(path))),
			       "rows", total);
	}
	progress_step(&showing->progress, bytes, rows);
}

/* ---- the three things it does ---- */

static enum exit_code draft(struct invocation *in)
{
	const char *as = option_text(in, "as");
	struct err err = ERR_INIT;
	struct buf text;
	enum exit_code code;

	if (in->count != 1)
		return command_usage(in, "--draft-map takes one file");
	buf_init(&text, 1 << 22);
	if (map_draft(&text, in->arguments[0], as ? object_by_plural(str_of(as)) : OBJECT_NONE, &err)) {
		/* As an import refuses a file that it cannot read. */
		command_fail(in, &err);
		code = EXIT_REFUSED;
	} else {
		code = output_bytes(in, buf_str(&text));
	}
	buf_release(&text);
	return code;
}

static int undo_seq(struct invocation *in, struct book *book, const char *what, uint64_t *seq, struct err *err)
{
	struct import *imports;
	size_t count;
	char *end;
	int rc;

	*seq = strtoull(what, &end, 10);
	if (*end == 0 && *seq)
		return 0;
	if (strcmp(what, "last") != 0)
		return err_set(err, ERR_INPUT,
			       "--undo takes an import's number (lockstep imports lists them) or last, not \"%s\"",
			       what);
	rc = book_imports(book, &imports, &count, &in->arena, err);
	while (rc == 0 && count && imports[count - 1].state == IMPORT_UNDONE)
		count--;
	if (rc == 0 && !count)
		return err_set(err, ERR_STATE, "there is no import to take back");
	if (rc == 0)
		*seq = imports[count - 1].seq;
	return rc;
}

static enum exit_code undo(struct invocation *in, struct book *book, const char *what)
{
	struct append_context context = { .now_ms = in->now_ms, .actor = in->actor };
	struct err err = ERR_INIT;
	uint64_t seq, records = 0;
	char text[32];

	if (in->count)
		return command_usage(in, "--undo takes no files");
	if (undo_seq(in, book, what, &seq, &err) || book_begin(book, &err))
		return command_fail(in, &err);
	if (book_import_undo(book, seq, &context, &records, &err) || book_commit(book, &err)) {
		book_rollback(book);
		return command_fail(in, &err);
	}
	if (wants_json(in)) {
		json_t *root = json_object();

		json_object_set_new(root, "undone", json_integer((json_int_t)seq));
		json_object_set_new(root, "records", json_integer((json_int_t)records));
		return output_json(in, root);
	}
	printf("Import %llu is taken back: %s record%s changed. Importing the file again brings it back.\n",
	       (unsigned long long)seq, count_text((int64_t)records, text), records == 1 ? "" : "s");
	return EXIT_DONE;
}

/* The signal that came, to whichever thread. A second one ends it at once. */
static atomic_int interrupted;
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "told from within a signal handler");

static void interrupt(int number)
{
	interrupted = number;
}

/* Where it is to take no notice, as in the background of a script, it takes none. */
static void heed(int number)
{
	struct sigaction action = { .sa_handler = interrupt, .sa_flags = SA_RESTART | (int)SA_RESETHAND }, before;

	sigemptyset(&action.sa_mask);
	if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
		sigaction(number, &action, NULL);
}

/* Whoever waits for this program is told what ended it, as by one that takes no notice of signals. */
static enum exit_code ended(enum exit_code code)
{
	if (interrupted)
		raise(interrupted);
	return code;
}

static enum exit_code take_in(struct invocation *in, struct book *book)
{
	struct import_options options;
	struct import_summary summary;
	struct showing showing = { .in = in };
	struct err err = ERR_INIT;
	enum exit_code code = read_options(in, book, &options);
	int rc;

	if (code)
		return code;
	if (!in->count)
		return command_usage(in, "name the files to take in, or --undo N");
	if (!in->quiet) {
		options.progress = show_progress;
		options.progress_context = &showing;
	}
	options.interrupted = &interrupted;
	heed(SIGINT);
	heed(SIGTERM);
	rc = import_files(book, in->arguments, (size_t)in->count, &options, &in->arena, &summary, &err);
	if (showing.begun)
		progress_end(&showing.progress);
	if (rc)
		return command_fail(in, &err);
	interrupted = 0; /* it was done before */
	code = wants_json(in) ? print_json(in, &summary, options.dry_run) : print_text(in, &summary, options.dry_run);
	return code ? code : summary.refused ? EXIT_REFUSED : EXIT_DONE;
}

/* Whoever only looks waits for nobody and leaves nothing behind. */
static enum exit_code try_in(struct invocation *in)
{
	struct err err = ERR_INIT;
	struct book *book;
	enum exit_code code = need_book(in);

	if (code)
		return code;
	if (book_open_trial(&book, in->book_path, &err))
		return command_fail(in, &err);
	code = take_in(in, book);
	book_close(book);
	return ended(code);
}

static enum exit_code run(struct invocation *in)
{
	const char *what = option_text(in, "undo");
	struct book *book;
	enum exit_code code;

	if (option_flag(in, "draft-map"))
		return draft(in);
	if (what && option_flag(in, "dry-run"))
		return command_usage(
			in, "--undo cannot be tried: what it takes back, importing the file again brings back");
	if (option_flag(in, "dry-run"))
		return try_in(in);
	code = open_book(in, BOOK_WRITE, &book);
	if (code)
		return code;
	uint64_t before = book_head(book).seq;
	code = what ? undo(in, book, what) : take_in(in, book);
	/* Where the disk is full, or somebody wants it to end, the columns are left to the next question. */
	if (code == EXIT_ERROR || interrupted)
		book_close(book);
	else
		close_filled(in, book, before);
	return ended(code);
}

static const struct option_def options[] = {
	{ "preset", OPTION_TEXT, "NAME", NULL, NULL,
	  "salesforce, hubspot, odoo, pipedrive or lockstep; else recognised from the header" },
	{ "map", OPTION_FILE, "FILE", NULL, NULL,
	  "a mapping file of your own: which column is which field (docs/maps.md)" },
	{ "as", OPTION_CHOICE, NULL,
	  "leads|contacts|accounts|opportunities|stage-history|activities|touches|spend|orders|people|lead-history",
	  NULL, "what each row is; else the map says" },
	{ "dry-run", OPTION_FLAG, NULL, NULL, NULL, "show what would happen, and write nothing" },
	{ "strict", OPTION_FLAG, NULL, NULL, NULL, "take a file in only when every row of it is good" },
	{ "exported-at", OPTION_TEXT, "TIME", NULL, NULL,
	  "when the files were exported, where rows do not say when they changed" },
	{ "dates", OPTION_TEXT, "FORMAT", NULL, NULL,
	  "how dates are written, where the map does not say: dd/mm/yyyy, mm/dd/yyyy, excel" },
	{ "numbers", OPTION_TEXT, "FORMAT", NULL, NULL, "how numbers are written, likewise: 1,234.56 or 1.234,56" },
	{ "rejects", OPTION_FILE, "FOLDER", NULL, NULL, "where files of rejected rows go; else beside each file" },
	{ "undo", OPTION_TEXT, "N", NULL, NULL, "take import N back, or the last one; lockstep imports lists them" },
	{ "draft-map", OPTION_FLAG, NULL, NULL, NULL, "print a first map for the file, to be mended by hand" },
	{ "format", OPTION_CHOICE, NULL, "text|json", "text", "how to print the summary" },
	{ .name = NULL },
};

const struct command command_import = {
	.name = "import",
	.arguments = "FILE…",
	.summary = "take in what a CRM or a marketing tool exported",
	.about =
		"Good rows go in; each bad row goes to FILE.rejected.csv with its line, the column and the reason, and can be mended and "
		"imported from there. A file that cannot be read as a whole goes in not at all. Reading a file again changes nothing; a "
		"changed row becomes a new entry; an older export read later does not undo newer work. An import that was interrupted, or found the "
		"disk full, says how many rows are in; it is completed by running it again.",
	.examples = "lockstep import contacts.csv deals.csv          # the preset is recognised from the header\n"
		    "lockstep import --map crm.yaml --dry-run *.csv  # what would happen\n"
		    "lockstep import --draft-map export.csv > crm.yaml\n"
		    "lockstep import --undo last",
	.least = 0,
	.most = -1,
	.options = options,
	.run = run,
};
