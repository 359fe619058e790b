/* `lockstep rows`: the rows behind a figure. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/date.h"
#include "cli/answer.h"
#include "cli/judging.h"
#include "cli/output.h"
#include "io/csv.h"
#include "io/terminal.h"
#include "io/text_table.h"

enum { WIDTH = 100, OUTPUT_MAX = 1 << 30, SHOWN_COLUMNS = 7 };

/* What is worth seeing, whatever the fact: of these, those that it has. */
static const char *const worth_seeing[] = {
	"promise", "step",     "state",   "owner",   "stage",   "kind",   "amount",  "created", "won",    "lost",
	"source",  "campaign", "outcome", "reason",  "at",      "by",     "entered", "left",    "booked", "paid",
	"due",     "day",      "clicks",  "product", "account", "region", "team",    "status"
};

static bool has_column(const struct facts *facts, enum fact fact, const char *name)
{
	const struct column_def **columns;
	size_t count = facts_columns(facts, fact, &columns);

	for (size_t i = 0; i < count; i++) {
		if (!strcmp(columns[i]->name, name))
			return true;
	}
	return false;
}

static const char *usual_columns(struct invocation *in, const struct facts *facts, enum fact fact)
{
	struct buf list;
	bool of_lead = fact == FACT_LEAD_STEPS || fact == FACT_PROMISE_WORDS; /* whose own keys say nothing */
	const char *first = fact == FACT_PROMISES ? "lead, promise, started, due" : of_lead ? "lead" : "key", *text;

	buf_init(&list, 4096);
	buf_add_text(&list, first);
	/* All rows that there are, those of tests and duplicates too; with a condition only what is counted. */
	if (fact == FACT_LEADS && !option_text(in, "where"))
		buf_add_text(&list, ", voided");
	for (size_t i = 0; i < sizeof(worth_seeing) / sizeof(*worth_seeing); i++) {
		if (has_column(facts, fact, worth_seeing[i]) && !strstr(first, worth_seeing[i]))
			buf_addf(&list, ", %s", worth_seeing[i]);
	}
	text = arena_dup(&in->arena, list.at);
	buf_release(&list);
	return text;
}

static enum exit_code print_json(const struct invocation *in, const struct question *question, int32_t as_of,
				 const struct listing *listing)
{
	json_t *root = json_object(), *columns = json_array(), *rows = json_array();

	for (size_t c = 0; c < listing->columns; c++)
		json_array_append_new(columns, json_str(listing->header[c]));
	for (size_t r = 0; r < listing->count; r++) {
		json_t *row = json_array();

		for (size_t c = 0; c < listing->columns; c++)
			json_array_append_new(row, json_str_or_null(listing->cells[r][c]));
		json_array_append_new(rows, row);
	}
	json_object_set_new(root, "of", json_string(question->of));
	json_object_set_new(root, "where", json_str_or_null(str_of(question->where)));
	json_object_set_new(root, "as_of", json_date(as_of));
	json_object_set_new(root, "total", json_integer((json_int_t)listing->total));
	json_object_set_new(root, "columns", columns);
	json_object_set_new(root, "rows", rows);
	return output_json(in, root);
}

static enum exit_code print_csv(const struct invocation *in, const struct listing *listing)
{
	struct buf out;
	enum exit_code code;

	buf_init(&out, OUTPUT_MAX);
	csv_write_plain_row(&out, listing->header, listing->columns);
	for (size_t r = 0; r < listing->count; r++)
		csv_write_plain_row(&out, listing->cells[r], listing->columns);
	code = output_plain(in, buf_str(&out));
	buf_release(&out);
	return code;
}

/* Leaves out columns of which no row has anything, and what is more than a page has room for. */
static void leave_out_empty(struct listing *listing)
{
	size_t kept = 0;

	for (size_t c = 0; c < listing->columns && kept < SHOWN_COLUMNS; c++) {
		bool any = false;

		for (size_t r = 0; r < listing->count && !any; r++)
			any = listing->cells[r][c].len > 0;
		if (!any && listing->count)
			continue;
		for (size_t r = 0; r < listing->count; r++)
			listing->cells[r][kept] = listing->cells[r][c];
		listing->header[kept++] = listing->header[c];
	}
	listing->columns = kept;
}

/* A column whose cells all look like numbers is set to the right. */
static bool looks_numeric(const struct listing *listing, size_t column)
{
	bool any = false;

	for (size_t r = 0; r < listing->count; r++) {
		struct str cell = listing->cells[r][column];

		if (!cell.len || str_is(cell, "–"))
			continue;
		any = true;
		if ((cell.at[0] < '0' || cell.at[0] > '9') && cell.at[0] != '-')
			return false;
		for (size_t i = 1; i < cell.len; i++) {
			if (cell.at[i] == '-' || cell.at[i] == ':') /* a date, a time */
				return false;
		}
	}
	return any;
}

static enum exit_code print_text(struct invocation *in, const struct question *question, const struct listing *listing)
{
	bool colour = terminal_colour(stdout);
	struct text_table table;
	struct buf out;
	enum exit_code code;
	char shown[32], total[32];

	text_table_init(&table, &in->arena);
	for (size_t c = 0; c < listing->columns; c++)
		text_table_column(&table, listing->header[c], looks_numeric(listing, c) ? TEXT_RIGHT : TEXT_LEFT);
	for (size_t r = 0; r < listing->count; r++) {
		struct text_cell *cells = text_table_row(&table);

		for (size_t c = 0; c < listing->columns; c++)
			cells[c].text = listing->cells[r][c].len ? listing->cells[r][c] : STR("–");
	}
	buf_init(&out, OUTPUT_MAX);
	text_table_print(&table, 0, WIDTH, colour, &out);
	code = output_bytes(in, buf_str(&out));
	buf_release(&out);
	count_text((int64_t)listing->count, shown);
	count_text((int64_t)listing->total, total);
	if (listing->count < listing->total)
		say(in, "%s of %s %s; all of them: --limit %" PRIu64, shown, total, question->of, listing->total);
	else
		say(in, "%s %s", total, question->of);
	return code;
}

static enum exit_code list(struct invocation *in, const struct loaded *loaded)
{
	struct question question = {
		.of = option_text(in, "of"),
		.where = option_text(in, "where"),
		.as_of = option_date(in, "as-of"),
		.scope = SCOPE_EVERYTHING,
	};
	const char *columns = option_text(in, "columns");
	int64_t limit = option_number(in, "limit", 50);
	struct listing listing = { 0 };
	struct err err = ERR_INIT;
	enum fact fact;

	if (!fact_by_name(str_of(question.of), &fact))
		return command_usage(in, "there are no facts called \"%s\"; lockstep facts lists them", question.of);
	if (limit < 1)
		return command_usage(in, "--limit takes a number from 1 on");
	if (!columns)
		columns = usual_columns(in, loaded->facts, fact);
	if (measure_list(loaded->facts, &question, columns, option_text(in, "order"), (size_t)limit, &in->arena,
			 &listing, &err))
		return question_fail(in, &err);
	warn_unfinished(in, loaded);
	if (listing.hint.len)
		say(in, "%.*s", STR_ARG(listing.hint));
	if (wants_json(in))
		return print_json(in, &question,
				  question.as_of == DATE_NONE ? facts_as_of(loaded->facts) : question.as_of, &listing);
	if (wants_csv(in))
		return print_csv(in, &listing);
	if (!option_text(in, "columns"))
		leave_out_empty(&listing);
	return print_text(in, &question, &listing);
}

static enum exit_code run(struct invocation *in)
{
	struct loaded loaded;
	enum exit_code code = load_facts(in, &loaded);

	if (code)
		return code;
	code = judge_asked(in, &loaded, option_date(in, "as-of"),
			   (const char *[]){ option_text(in, "of"), option_text(in, "where"),
					     option_text(in, "columns"), option_text(in, "order") },
			   4);
	if (!code)
		code = list(in, &loaded);
	release_facts(&loaded);
	return code;
}

static const struct option_def options[] = {
	OPTION_OF("leads"),
	OPTION_WHERE,
	{ "columns", OPTION_TEXT, "NAME,…", NULL, NULL, "which columns, like \"key, owner, lead.source\"" },
	{ "order", OPTION_TEXT, "COLUMN", NULL, NULL, "by which column, like \"amount desc\"; else as they came in" },
	{ "limit", OPTION_NUMBER, "N", NULL, "50", "at most so many rows" },
	OPTION_AS_OF,
	OPTION_KNOWN_AT,
	OPTION_AGREEMENT,
	{ "format", OPTION_CHOICE, NULL, "text|json|csv", "text", "how to print the rows" },
	{ .name = NULL },
};

const struct command command_rows = {
	.name = "rows",
	.arguments = "",
	.summary = "list the rows behind a figure",
	.examples =
		"lockstep rows --of opportunities --where \"open and days(created, as_of) > 138\" --order \"amount desc\"\n"
		"lockstep rows --of leads --where \"source = 'fair'\" --columns \"key, owner, created, won\"",
	.least = 0,
	.most = 0,
	.options = options,
	.run = run,
};
