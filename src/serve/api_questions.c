/* Questions in the measure language: the one executor behind them is the command line's too. */
#include <string.h>

#include "base/date.h"
#include "facts/judged.h"
#include "facts/kpi.h"
#include "io/csv.h"
#include "report/answer_json.h"
#include "report/report.h"
#include "serve/endpoints.h"
#include "serve/journal.h"
#include "serve/report_members.h"
#include "serve/who.h"

enum { EXPRESSION_MOST = 4000, ROWS_MOST = 10000, ROWS_USUAL = 50, ROWS_CSV_BYTES = 64 << 20 };

#define ARGUMENT_OF                                                                                                    \
	{                                                                                                              \
		.name = "of", .type = MEMBER_TEXT, .sentence = "whose rows are counted: leads, opportunities …"      \
	}
#define ARGUMENT_WHERE                                                                                                 \
	{                                                                                                              \
		.name = "where", .type = MEMBER_TEXT, .most = EXPRESSION_MOST,                                         \
		.sentence = "only rows for which this condition holds"                                                 \
	}
#define ARGUMENT_BY                                                                                                    \
	{                                                                                                              \
		.name = "by", .type = MEMBER_TEXT, .most = EXPRESSION_MOST, .sentence = "one row for each of these"    \
	}
#define ARGUMENT_AS_OF                                                                                                 \
	{                                                                                                              \
		.name = "as_of", .type = MEMBER_DATE, .sentence = "as things stood at the end of that day"             \
	}
#define ARGUMENT_FROM                                                                                                  \
	{                                                                                                              \
		.name = "from", .type = MEMBER_DATE, .sentence = "first day of the period"                             \
	}
#define ARGUMENT_TO                                                                                                    \
	{                                                                                                              \
		.name = "to", .type = MEMBER_DATE, .sentence = "last day of the period"                                \
	}

/* Begins to ask of facts that are judged where one of the texts needs it. False after saying why not. */
static bool begin(struct call *call, struct office_view *view, const char *const *texts, size_t count)
{
	struct err err = ERR_INIT;
	bool judged = false;

	for (size_t i = 0; i < count; i++)
		judged |= judging_needed(texts[i]) != 0;
	if (office_begin(server_office(call->server), call->now_ms, judged, view, &err)) {
		call_error(call, &err);
		return false;
	}
	return true;
}

static void end(struct call *call)
{
	office_end(server_office(call->server));
}

static int32_t day_after(int32_t date)
{
	return date == DATE_NONE ? date : date + 1;
}

#define GIVEN(n, t, s)                                                                                                 \
	{                                                                                                              \
		.name = n, .type = t, .required = true, .sentence = s                                                  \
	}
#define NULLABLE(n, t, s)                                                                                              \
	{                                                                                                              \
		.name = n, .type = t, .required = true, .null = true, .sentence = s                                    \
	}

/* ---- facts ---- */

static const struct member column_members[] = {
	GIVEN("name", MEMBER_TEXT, "as questions say it"),
	{ .name = "type",
	  .type = MEMBER_CHOICE,
	  .required = true,
	  .choices = "time|name|number|money|flag|reference|key",
	  .sentence = "what stands in it" },
	NULLABLE("unit", MEMBER_TEXT, "what its numbers are"),
	NULLABLE("sentence", MEMBER_TEXT, "what it means"),
	{ .name = NULL },
};
static const struct member column_item = { .name = "", .type = MEMBER_OBJECT, .members = column_members };
static const struct member fact_members[] = {
	GIVEN("name", MEMBER_TEXT, "as questions say it: of …"),
	GIVEN("sentence", MEMBER_TEXT, "what a row is"),
	GIVEN("rows", MEMBER_WHOLE, "how many one may see"),
	{ .name = "columns",
	  .type = MEMBER_LIST,
	  .required = true,
	  .most = 5000,
	  .items = &column_item,
	  .sentence = "what is known of each" },
	{ .name = NULL },
};
static const struct member fact_item = { .name = "", .type = MEMBER_OBJECT, .members = fact_members };
static const struct member facts_members[] = {
	{ .name = "facts",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &fact_item,
	  .sentence = "what can be asked about" },
	{ .name = NULL },
};

static json_t *columns_json(const struct facts *facts, enum fact fact)
{
	static const char *const types[] = {
		[COLUMN_TIME] = "time",   [COLUMN_NAME] = "name", [COLUMN_NUMBER] = "number",
		[COLUMN_MONEY] = "money", [COLUMN_FLAG] = "flag", [COLUMN_REF] = "reference",
		[COLUMN_KEY] = "key",
	};
	const struct column_def **columns;
	size_t count = facts_columns(facts, fact, &columns);
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *item = json_object();

		json_object_set_new(item, "name", json_string(columns[i]->name));
		json_object_set_new(item, "type", json_string(types[columns[i]->type]));
		json_object_set_new(item, "unit", json_str_or_null(str_of(columns[i]->unit)));
		json_object_set_new(item, "sentence", json_str_or_null(str_of(columns[i]->sentence)));
		json_array_append_new(list, item);
	}
	return list;
}

/* How many rows who asks may see. */
static json_int_t rows_seen(struct call *call, const struct facts *facts, enum fact fact)
{
	struct question question = {
		.measure = "count()", .of = fact_name(fact), .as_of = DATE_NONE, .scope = who_sees(&call->who)
	};
	struct err err = ERR_INIT;
	struct answer answer;

	if (question.scope.kind == SCOPE_ALL)
		return facts_rows(facts, fact);
	if (measure_ask(facts, &question, call->arena, &answer, &err) || !answer.row_count)
		return 0;
	return answer.rows[0].n;
}

static void list_facts(struct call *call)
{
	static const char *const judged[] = { "promises" };
	json_t *root = json_object(), *list = json_array();
	struct office_view view;

	if (!begin(call, &view, judged, 1))
		return;
	for (int f = 0; f < FACT__COUNT; f++) {
		enum fact fact = (enum fact)f;
		json_t *item = json_object();

		json_object_set_new(item, "name", json_string(fact_name(fact)));
		json_object_set_new(item, "sentence", json_string(fact_sentence(fact)));
		json_object_set_new(item, "rows", json_integer(rows_seen(call, view.facts, fact)));
		json_object_set_new(item, "columns", columns_json(view.facts, fact));
		json_array_append_new(list, item);
	}
	end(call);
	json_object_set_new(root, "facts", list);
	call_json(call, 200, root);
}

static const struct endpoint endpoint_list_facts = {
	.method = HTTP_GET,
	.path = "/api/facts",
	.name = "listFacts",
	.tag = "questions",
	.roles = ROLES_ALL,
	.summary = "What can be asked about, with every column's meaning",
	.answer = facts_members,
	.run = list_facts,
};

/* ---- measures ---- */

static const struct member measure_arguments[] = {
	{ .name = "measure",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = EXPRESSION_MOST,
	  .sentence = "like count(won) / count(closed)" },
	ARGUMENT_OF,
	ARGUMENT_BY,
	ARGUMENT_WHERE,
	ARGUMENT_FROM,
	ARGUMENT_TO,
	ARGUMENT_AS_OF,
	{ .name = NULL },
};

static void ask_measure(struct call *call)
{
	struct question question = {
		.measure = call_text(call, "measure"),
		.of = call_text(call, "of"),
		.by = call_text(call, "by"),
		.where = call_text(call, "where"),
		.from = call_date(call, "from"),
		.to = day_after(call_date(call, "to")),
		.as_of = call_date(call, "as_of"),
		.scope = who_sees(&call->who),
	};
	struct office_view view;
	struct answer answer;
	struct err err = ERR_INIT;
	json_t *body = NULL;

	if (!begin(call, &view, (const char *[]){ question.measure, question.of, question.by, question.where }, 4))
		return;
	if (!measure_ask(view.facts, &question, call->arena, &answer, &err))
		body = answer_json(&answer, server_zone(call->server));
	end(call);
	if (body)
		call_json(call, 200, body);
	else
		call_error(call, &err);
}

static const struct endpoint endpoint_ask_measure = {
	.method = HTTP_GET,
	.path = "/api/measures",
	.name = "askMeasure",
	.tag = "questions",
	.roles = ROLES_ALL,
	.summary = "Ask a question in the measure language",
	.arguments = measure_arguments,
	.answer = measured_members,
	.run = ask_measure,
};

/* ---- rows ---- */

static const struct member row_arguments[] = {
	ARGUMENT_OF,
	ARGUMENT_WHERE,
	{ .name = "columns",
	  .type = MEMBER_TEXT,
	  .least = 1,
	  .most = EXPRESSION_MOST,
	  .sentence = "which columns: key, owner, lead.source; unless given those that reports show" },
	{ .name = "order", .type = MEMBER_TEXT, .sentence = "by which column: amount desc" },
	{ .name = "limit", .type = MEMBER_WHOLE, .least = 1, .most = ROWS_MOST, .sentence = "at most so many rows" },
	ARGUMENT_AS_OF,
	{ .name = "format",
	  .type = MEMBER_CHOICE,
	  .choices = "json|csv",
	  .sentence = "how it is written; json unless given" },
	{ .name = NULL },
};

/* `titles`: ",>Value,Reason", those with '>' at the right; NULL: the columns' own names. */
static const struct member name_item = { .name = "", .type = MEMBER_TEXT };
static const struct member cell_item = { .name = "", .type = MEMBER_TEXT, .null = true, .most = 100000 };
static const struct member row_item = { .name = "", .type = MEMBER_LIST, .items = &cell_item };
static const struct member rows_members[] = {
	GIVEN("total", MEMBER_WHOLE, "of all rows that there are"),
	{ .name = "columns",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &name_item,
	  .sentence = "names of the columns" },
	{ .name = "titles", .type = MEMBER_LIST, .items = &name_item, .sentence = "for people" },
	{ .name = "rows",
	  .type = MEMBER_LIST,
	  .required = true,
	  .most = ROWS_MOST,
	  .items = &row_item,
	  .sentence = "cells as texts; null: nothing is known" },
	{ .name = NULL },
};

static json_t *listing_json(const struct listing *listing, const char *titles)
{
	json_t *root = json_object(), *columns = json_array(), *heads = json_array(), *rows = json_array();
	struct str rest = str_of(titles);

	for (size_t c = 0; c < listing->columns; c++) {
		struct str title = titles ? str_cut(&rest, ',') : listing->header[c];

		json_array_append_new(columns, json_str(listing->header[c]));
		json_array_append_new(heads, json_str(title));
	}
	for (size_t r = 0; r < listing->count; r++) {
		json_t *row = json_array();

		for (size_t c = 0; c < listing->columns; c++)
			json_array_append_new(row, json_str_or_null(listing->cells[r][c]));
		json_array_append_new(rows, row);
	}
	json_object_set_new(root, "total", json_integer((json_int_t)listing->total));
	json_object_set_new(root, "columns", columns);
	json_object_set_new(root, "titles", heads);
	json_object_set_new(root, "rows", rows);
	return root;
}

static void say_csv(struct call *call, const struct listing *listing)
{
	struct buf out;

	buf_init(&out, ROWS_CSV_BYTES);
	csv_write_plain_row(&out, listing->header, listing->columns);
	for (size_t r = 0; r < listing->count; r++)
		csv_write_plain_row(&out, listing->cells[r], listing->columns);
	/* Half of the rows would look like all of them. */
	if (out.full)
		call_problem(call, 413, "Too much", "These rows are too many bytes for one file; ask for fewer.");
	else
		call_bytes(call, 200, "text/csv; charset=utf-8", buf_str(&out));
	buf_release(&out);
}

static bool wants_csv(const struct call *call)
{
	const char *format = call_text(call, "format");

	return format && !strcmp(format, "csv");
}

static void list_rows(struct call *call)
{
	struct question question = {
		.of = call_text(call, "of"),
		.where = call_text(call, "where"),
		.as_of = call_date(call, "as_of"),
		.scope = who_sees(&call->who),
	};
	struct row_columns usual = row_columns(question.of ? str_of(question.of) : STR("leads"));
	const char *given = call_text(call, "columns"), *order = call_text(call, "order");
	const char *columns = given ? given : usual.columns ? usual.columns : "key";
	size_t limit = (size_t)call_whole(call, "limit", ROWS_USUAL);
	struct listing listing = { .count = 0 };
	struct office_view view;
	struct err err = ERR_INIT;
	bool failed;

	if ((wants_csv(call) && !journal_export(call, "rows as CSV")) ||
	    !begin(call, &view, (const char *[]){ question.of, question.where, columns, order }, 4))
		return;
	failed = measure_list(view.facts, &question, columns, order, limit, call->arena, &listing, &err);
	if (!failed && wants_csv(call))
		say_csv(call, &listing);
	else if (!failed)
		call_json(call, 200, listing_json(&listing, given ? NULL : usual.header));
	end(call);
	if (failed)
		call_error(call, &err);
}

static const struct endpoint endpoint_list_rows = {
	.method = HTTP_GET,
	.path = "/api/rows",
	.name = "listRows",
	.tag = "questions",
	.roles = ROLES_ALL,
	.summary = "The rows behind a figure",
	.arguments = row_arguments,
	.answer = rows_members,
	.type = "text/csv",
	.run = list_rows,
};

/* ---- named measures ---- */

static const struct member kpi_members[] = {
	GIVEN("name", MEMBER_TEXT, "in its address: /api/kpis/{name}"),
	GIVEN("title", MEMBER_TEXT, "for people"),
	GIVEN("sentence", MEMBER_TEXT, "what it means"),
	GIVEN("measure", MEMBER_TEXT, "what is asked"),
	NULLABLE("of", MEMBER_TEXT, "of which rows"),
	NULLABLE("where", MEMBER_TEXT, "only of rows for which this holds"),
	NULLABLE("period", MEMBER_TEXT, "which time puts a row into a period"),
	{ .name = "better",
	  .type = MEMBER_NUMBER,
	  .required = true,
	  .sentence = "1: more is better, −1: less, 0: neither" },
	{ .name = NULL },
};
static const struct member kpi_item = { .name = "", .type = MEMBER_OBJECT, .members = kpi_members };
static const struct member kpis_members[] = {
	{ .name = "kpis", .type = MEMBER_LIST, .required = true, .items = &kpi_item, .sentence = "all there are" },
	{ .name = NULL },
};

static json_t *kpi_json(const struct kpi *kpi)
{
	json_t *item = json_object();

	json_object_set_new(item, "name", json_string(kpi->name));
	json_object_set_new(item, "title", json_string(kpi->title));
	json_object_set_new(item, "sentence", json_string(kpi->sentence));
	json_object_set_new(item, "measure", json_string(kpi->measure));
	json_object_set_new(item, "of", json_str_or_null(str_of(kpi->of)));
	json_object_set_new(item, "where", json_str_or_null(str_of(kpi->where)));
	json_object_set_new(item, "period", json_str_or_null(str_of(kpi->period)));
	json_object_set_new(item, "better", json_integer(kpi->better));
	return item;
}

static void list_kpis(struct call *call)
{
	json_t *root = json_object(), *list = json_array();

	for (size_t i = 0; kpi_at(i); i++)
		json_array_append_new(list, kpi_json(kpi_at(i)));
	json_object_set_new(root, "kpis", list);
	call_json(call, 200, root);
}

static const struct endpoint endpoint_list_kpis = {
	.method = HTTP_GET,
	.path = "/api/kpis",
	.name = "listKpis",
	.tag = "questions",
	.roles = ROLES_ALL,
	.summary = "The named measures",
	.answer = kpis_members,
	.run = list_kpis,
};

static const struct member kpi_arguments[] = {
	ARGUMENT_BY, ARGUMENT_WHERE, ARGUMENT_FROM, ARGUMENT_TO, ARGUMENT_AS_OF, { .name = NULL },
};

static const struct member kpi_asked_members[] = {
	MEASURED,
	{ .name = "kpi",
	  .type = MEMBER_OBJECT,
	  .required = true,
	  .members = kpi_members,
	  .sentence = "what the named measure is" },
	{ .name = NULL },
};

static void ask_kpi(struct call *call)
{
	const struct kpi *kpi = kpi_find(call_part(call, 0));
	const char *by = call_text(call, "by"), *where = call_text(call, "where");
	struct office_view view;
	struct answer answer;
	struct err err = ERR_INIT;
	json_t *body = NULL;

	if (!kpi) {
		call_not_found(call, "There is no KPI of this name; /api/kpis lists them.");
		return;
	}
	if (!begin(call, &view, (const char *[]){ kpi->measure, kpi->of, kpi->where, by, where }, 5))
		return;
	if (!kpi_ask(view.facts, kpi, by, where, call_date(call, "from"), day_after(call_date(call, "to")),
		     call_date(call, "as_of"), who_sees(&call->who), call->arena, &answer, &err)) {
		body = answer_json(&answer, server_zone(call->server));
		json_object_set_new(body, "kpi", kpi_json(kpi));
	}
	end(call);
	if (body)
		call_json(call, 200, body);
	else
		call_error(call, &err);
}

static const struct endpoint endpoint_ask_kpi = {
	.method = HTTP_GET,
	.path = "/api/kpis/{name}",
	.name = "askKpi",
	.tag = "questions",
	.roles = ROLES_ALL,
	.summary = "Ask a named measure",
	.arguments = kpi_arguments,
	.answer = kpi_asked_members,
	.run = ask_kpi,
};

const struct endpoint *const endpoints_questions[] = {
	&endpoint_list_facts, &endpoint_ask_measure, &endpoint_list_rows, &endpoint_list_kpis, &endpoint_ask_kpi, NULL,
};
