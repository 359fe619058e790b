/* `lockstep report`: builds a report and writes it in the form asked for. */
#include <string.h>
#include "base/date.h"
#include "cli/judging.h"
#include "cli/load.h"
#include "cli/output.h"
#include "io/file.h"
#include "io/terminal.h"
#include "report/report.h"

#define REPORT_MAX_BYTES (256u << 20)
#define REPORTS_MAX 32

static const struct option_def options[] = {
	{ "from", OPTION_DATE, "DATE", NULL, NULL, "first day of the period" },
	{ "to", OPTION_DATE, "DATE", NULL, NULL, "last day of the period" },
	{ "as-of", OPTION_DATE, "DATE", NULL, NULL, "as things stood on that day" },
	{ "known-at", OPTION_TIME, "TIME", NULL, NULL, "as the book knew it then" },
	OPTION_AGREEMENT,
	{ "by", OPTION_TEXT, "DIM", NULL, NULL, "break down by this instead: owner, source, month(created) …" },
	{ "format", OPTION_CHOICE, "FORMAT", "text|json|csv|html", NULL,
	  "how to write it (default: text; html with --all)" },
	{ "out", OPTION_FILE, "FILE", NULL, NULL, "write to this file; with --all, to this folder" },
	{ "all", OPTION_FLAG, NULL, NULL, NULL, "every report, as pages that link to each other" },
	{ 0 },
};

static const char *format_of(const struct invocation *in)
{
	const char *format = option_text(in, "format");

	return format ? format : "text";
}

static enum exit_code list_json(const struct invocation *in)
{
	json_t *root = json_array();

	for (size_t i = 0; report_at(i); i++) {
		json_t *item = json_object();

		json_object_set_new(item, "name", json_string(report_at(i)->name));
		json_object_set_new(item, "title", json_string(report_at(i)->title));
		json_object_set_new(item, "answers", json_string(report_at(i)->sentence));
		json_array_append_new(root, item);
	}
	return output_json(in, root);
}

static enum exit_code list(struct invocation *in)
{
	bool colour = terminal_colour(stdout);
	size_t wide = 0;
	struct buf out;
	enum exit_code code;

	if (!strcmp(format_of(in), "json"))
		return list_json(in);
	buf_init(&out, 1 << 20);
	for (size_t i = 0; report_at(i); i++) {
		size_t len = strlen(report_at(i)->name);

		wide = len > wide ? len : wide;
	}
	for (size_t i = 0; report_at(i); i++)
		output_entry(&out, report_at(i)->name, wide, str_of(report_at(i)->sentence), colour);
	code = output_bytes(in, buf_str(&out));
	buf_release(&out);
	return code;
}

static enum exit_code unknown(const struct invocation *in, const char *name)
{
	const char *names[REPORTS_MAX], *nearest;
	size_t count = 0;

	for (; report_at(count) && count < REPORTS_MAX; count++)
		names[count] = report_at(count)->name;
	nearest = str_nearest(str_of(name), names, count);
	if (nearest)
		return command_usage(in, "there is no report \"%s\"; did you mean \"%s\"?", name, nearest);
	return command_usage(in, "there is no report \"%s\"; `lockstep report` lists them", name);
}

/* The names of the reports that do take the option. */
static const char *others(struct invocation *in, bool by)
{
	const char *list = "";

	for (size_t i = 0; report_at(i); i++) {
		if (by ? !report_at(i)->no_by : !report_at(i)->no_period)
			list = arena_printf(&in->arena, "%s%s%s", list, *list ? ", " : "", report_at(i)->name);
	}
	return list;
}

static enum exit_code write_out(const struct invocation *in, struct str bytes)
{
	const char *path = option_text(in, "out");
	struct err err = ERR_INIT;

	if (!path)
		return !strcmp(format_of(in), "csv") ? output_plain(in, bytes) : output_bytes(in, bytes);
	if (file_write_whole(path, bytes, 0644, &err))
		return command_fail(in, &err);
	say(in, "wrote %s", path);
	return EXIT_DONE;
}

static enum exit_code tell(struct invocation *in, const struct report *report, const struct report_request *request)
{
	bool colour = !option_text(in, "out") && terminal_colour(stdout);
	struct page *page;
	struct err err = ERR_INIT;
	enum exit_code code;
	struct buf out;

	if (report_build(report, request, &page, &err))
		return command_fail(in, &err);
	buf_init(&out, REPORT_MAX_BYTES);
	code = report_write(page, format_of(in), colour, &out, &err) ? command_fail(in, &err)
								     : write_out(in, buf_str(&out));
	buf_release(&out);
	page_free(page);
	return code;
}

/* ---- all of them, in a folder ---- */

static int write_page(const struct page *page, const char *path, struct err *err)
{
	struct buf out;
	int result;

	buf_init(&out, REPORT_MAX_BYTES);
	result = report_html(page, true, &out, err);
	if (!result)
		result = file_write_whole(path, buf_str(&out), 0644, err);
	buf_release(&out);
	return result;
}

static int write_index(struct page *const *pages, size_t count, const char *path, struct err *err)
{
	struct buf out;
	int result;

	buf_init(&out, REPORT_MAX_BYTES);
	result = report_index_html(pages, count, &out, err);
	if (!result)
		result = file_write_whole(path, buf_str(&out), 0644, err);
	buf_release(&out);
	return result;
}

static enum exit_code tell_all(struct invocation *in, const struct report_request *request)
{
	const char *folder = option_text(in, "out");
	const char *index = arena_printf(&in->arena, "%s/index.html", folder);
	struct page *pages[REPORTS_MAX];
	struct err err = ERR_INIT;
	size_t count = 0;
	int result = file_make_parents(index, &err);

	while (!result && report_at(count) && count < REPORTS_MAX) {
		result = report_build(report_at(count), request, &pages[count], &err);
		if (result)
			break;
		result = write_page(pages[count],
				    arena_printf(&in->arena, "%s/%s.html", folder, report_at(count)->name), &err);
		count++;
	}
	if (!result)
		result = write_index(pages, count, index, &err);
	for (size_t i = 0; i < count; i++)
		page_free(pages[i]);
	if (result)
		return command_fail(in, &err);
	say(in, "wrote %zu reports; begin at %s", count, index);
	return EXIT_DONE;
}

/* EXIT_DONE where --all can be done as it was asked for. */
static enum exit_code check_all(const struct invocation *in)
{
	if (in->count)
		return command_usage(in, "--all takes no NAME: it writes every report");
	if (!option_text(in, "out"))
		return command_usage(in, "--all needs --out FOLDER");
	if (option_text(in, "format") && strcmp(option_text(in, "format"), "html") != 0)
		return command_usage(in, "--all writes HTML; ask for one report by its name for --format %s",
				     option_text(in, "format"));
	if (option_text(in, "by"))
		return command_usage(in, "--by goes with one report; not every report knows it");
	return EXIT_DONE;
}

/* Of the book as it stands: an earlier time knew less, and is not asked for them. */
static enum exit_code know_imports(struct invocation *in, const struct loaded *loaded, struct report_request *request)
{
	struct err err = ERR_INIT;
	struct import *imports;

	if (!loaded->book || option_text(in, "known-at"))
		return EXIT_DONE;
	if (book_imports(loaded->book, &imports, &request->import_count, &in->arena, &err))
		return command_fail(in, &err);
	request->imports = imports;
	return EXIT_DONE;
}

/* As it was recorded by the day asked about, which is not for a text that is only tried. */
static enum exit_code know_standings(struct invocation *in, const struct loaded *loaded, struct report_request *request,
				     struct standings *standings)
{
	struct err err = ERR_INIT;

	if (!loaded->book || option_text(in, "agreement"))
		return EXIT_DONE;
	if (standings_read(standings, loaded->book, judge_now_ms(loaded->facts, request->as_of, in->now_ms),
			   loaded->known_at_ms, &in->arena, &err))
		return command_fail(in, &err);
	request->standings = standings;
	return EXIT_DONE;
}

/* Every page names the agreement; what asks of promises has them judged first, and says by itself where nothing was agreed. */
static enum exit_code judge_for(struct invocation *in, struct loaded *loaded, struct report_request *request,
				const struct report *report)
{
	bool judged = report && report->judged, lived = report && report->lived, any;
	enum exit_code code = limits_asked(in, loaded, request->as_of);

	request->agreements = &loaded->agreements;
	for (size_t i = 0; !report && report_at(i); i++) {
		judged |= report_at(i)->judged;
		lived |= report_at(i)->lived;
	}
	if (!code && judged)
		return judge_loaded(in, loaded, request->as_of, lived ? JUDGING_LIFE : JUDGING_AGREEMENT, &any);
	return code ? code : judge_asked(in, loaded, request->as_of, &request->by, 1);
}

static const char *basename_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static enum exit_code run(struct invocation *in)
{
	int32_t to = option_date(in, "to");
	struct report_request request = {
		.scope = SCOPE_EVERYTHING,
		.from = option_date(in, "from"),
		.to = to == DATE_NONE ? to : to + 1,
		.as_of = option_date(in, "as-of"),
		.by = option_text(in, "by"),
	};
	const struct report *report;
	struct standings standings;
	struct loaded loaded;
	bool all = option_flag(in, "all");
	enum exit_code code;

	if (all && (code = check_all(in)))
		return code;
	if (!all && !in->count)
		return list(in);
	report = all ? NULL : report_find(str_of(in->arguments[0]));
	if (!all && !report)
		return unknown(in, in->arguments[0]);
	if (report && request.by && report->no_by)
		return command_usage(in, "report %s has no breakdown; --by is for %s", report->name, others(in, true));
	if (report && (request.from != DATE_NONE || request.to != DATE_NONE) && report->no_period)
		return command_usage(in,
				     "report %s tells how things stand on a day (--as-of); --from and --to are for %s",
				     report->name, others(in, false));
	if (request.from != DATE_NONE && request.to != DATE_NONE && request.from >= request.to)
		return command_usage(in, "--from must not lie after --to");
	code = load_facts(in, &loaded);
	if (code)
		return code;
	request.facts = loaded.facts;
	code = know_imports(in, &loaded, &request);
	if (!code)
		code = know_standings(in, &loaded, &request, &standings);
	if (!code)
		code = judge_for(in, &loaded, &request, report);
	if (!facts_settings(loaded.facts)->name[0])
		request.book_name = basename_of(in->book_path);
	if (in->book_given)
		request.book_path = in->book_path;
	if (!code)
		code = all ? tell_all(in, &request) : tell(in, report, &request);
	release_facts(&loaded);
	return code;
}

const struct command command_report = {
	.name = "report",
	.arguments = "[NAME]",
	.summary = "tell what happened, in sentences with the numbers behind them",
	.about =
		"Without NAME, lists the reports and the question each one answers. Every figure keeps its counts and its definition; the "
		"HTML form is one file that also holds the first rows behind each figure, and needs nothing else to be read.",
	.examples =
		"lockstep report weekly                                # the one page both teams read\n"
		"lockstep report stuck --as-of 2017-12-31              # the deals that have stood too long, one by one\n"
		"lockstep report sources --format html --out page.html # to send around\n"
		"lockstep report --all --out pages                     # all of them: begin at pages/index.html",
	.most = 1,
	.options = options,
	.run = run,
};
