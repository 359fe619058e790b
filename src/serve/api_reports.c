/* The reports: the same pages as on the command line. */
#include <string.h>

#include "base/date.h"
#include "facts/judged.h"
#include "report/report.h"
#include "serve/endpoints.h"
#include "serve/journal.h"
#include "serve/report_members.h"
#include "serve/who.h"

static const struct member one_members[] = {
	{ .name = "name", .type = MEMBER_TEXT, .required = true, .sentence = "in its address: /api/reports/{name}" },
	{ .name = "title", .type = MEMBER_TEXT, .required = true, .sentence = "for people" },
	{ .name = "answers", .type = MEMBER_TEXT, .required = true, .sentence = "the question that it answers" },
	{ .name = "by", .type = MEMBER_FLAG, .required = true, .sentence = "it can be broken down by something else" },
	{ .name = "period",
	  .type = MEMBER_FLAG,
	  .required = true,
	  .sentence = "it is about a period; else about how things stand on a day" },
	{ .name = NULL },
};
static const struct member one_item = { .name = "", .type = MEMBER_OBJECT, .members = one_members };
static const struct member list_members[] = {
	{ .name = "reports", .type = MEMBER_LIST, .required = true, .items = &one_item, .sentence = "all there are" },
	{ .name = NULL },
};

static void list_reports(struct call *call)
{
	json_t *root = json_object(), *list = json_array();

	for (size_t i = 0; report_at(i); i++) {
		json_t *item = json_object();

		json_object_set_new(item, "name", json_string(report_at(i)->name));
		json_object_set_new(item, "title", json_string(report_at(i)->title));
		json_object_set_new(item, "answers", json_string(report_at(i)->sentence));
		json_object_set_new(item, "by", json_boolean(!report_at(i)->no_by));
		json_object_set_new(item, "period", json_boolean(!report_at(i)->no_period));
		json_array_append_new(list, item);
	}
	json_object_set_new(root, "reports", list);
	call_json(call, 200, root);
}

static const struct endpoint endpoint_list_reports = {
	.method = HTTP_GET,
	.path = "/api/reports",
	.name = "listReports",
	.tag = "reports",
	.roles = ROLES_ALL,
	.summary = "The reports and the question each answers",
	.answer = list_members,
	.run = list_reports,
};

/* ---- one ---- */

static const struct member report_arguments[] = {
	{ .name = "from", .type = MEMBER_DATE, .sentence = "first day of the period" },
	{ .name = "to", .type = MEMBER_DATE, .sentence = "last day of the period" },
	{ .name = "as_of", .type = MEMBER_DATE, .sentence = "as things stood on that day" },
	{ .name = "by", .type = MEMBER_TEXT, .sentence = "broken down by this instead" },
	{ .name = "format",
	  .type = MEMBER_CHOICE,
	  .choices = "json|html|csv|text|page",
	  .sentence = "how it is written; json unless given. page: JSON of what people read, in its order" },
	{ .name = NULL },
};

static int write_html(const struct page *page, struct buf *out, struct err *err)
{
	return report_html(page, false, out, err);
}

static int write_text(const struct page *page, struct buf *out, struct err *err)
{
	return report_text(page, false, out, err);
}

static const struct {
	const char *name, *type;
	int (*write)(const struct page *page, struct buf *out, struct err *err);
} forms[] = {
	{ "json", "application/json", report_json },      { "html", "text/html; charset=utf-8", write_html },
	{ "csv", "text/csv; charset=utf-8", report_csv }, { "text", "text/plain; charset=utf-8", write_text },
	{ "page", "application/json", report_page_json },
};

static void write_page(struct call *call, const struct page *page)
{
	const char *wanted = call_text(call, "format");
	struct err err = ERR_INIT;
	size_t form = 0;

	for (size_t i = 0; wanted && i < sizeof(forms) / sizeof(*forms); i++)
		if (!strcmp(forms[i].name, wanted))
			form = i;
	if (!strcmp(forms[form].name, "csv") &&
	    !journal_export(call, arena_printf(call->arena, "report %.*s as CSV", STR_ARG(call_part(call, 0)))))
		return;
	call->reply->type = forms[form].type;
	if (forms[form].write(page, &call->reply->body, &err))
		call_error(call, &err);
}

static void build(struct call *call, const struct report *report)
{
	struct report_request request = {
		.scope = who_sees(&call->who),
		.from = call_date(call, "from"),
		.to = call_date(call, "to") == DATE_NONE ? DATE_NONE : call_date(call, "to") + 1,
		.as_of = call_date(call, "as_of"),
		.by = call_text(call, "by"),
	};
	bool judged = report->judged || judging_needed(request.by);
	struct err err = ERR_INIT;
	struct office_view view;
	struct page *page;

	if (office_begin(server_office(call->server), call->now_ms, judged, &view, &err)) {
		call_error(call, &err);
		return;
	}
	request.facts = view.facts;
	request.agreements = view.agreements;
	request.standings = view.standings;
	request.imports = view.imports;
	request.import_count = view.import_count;
	if (report_build(report, &request, &page, &err)) {
		call_error(call, &err);
	} else {
		write_page(call, page);
		page_free(page);
	}
	office_end(server_office(call->server));
}

static void get_report(struct call *call)
{
	const struct report *report = report_find(call_part(call, 0));
	bool period = call_date(call, "from") != DATE_NONE || call_date(call, "to") != DATE_NONE;

	if (!report) {
		call_not_found(call, "There is no report of this name; /api/reports lists them.");
		return;
	}
	if (report->no_by && call_text(call, "by"))
		problem_add(&call->problems, STR_NONE, 0, 0, STR("by"), "this report has no breakdown to replace");
	if (report->no_period && period)
		problem_add(&call->problems, STR_NONE, 0, 0, STR("from"),
			    "this report tells how things stand on a day: as_of");
	if (call_date(call, "from") != DATE_NONE && call_date(call, "to") != DATE_NONE &&
	    call_date(call, "from") > call_date(call, "to"))
		problem_add(&call->problems, STR_NONE, 0, 0, STR("from"), "must not lie after to");
	if (call->problems.count)
		call_wrong(call);
	else
		build(call, report);
}

static const struct endpoint endpoint_get_report = {
	.method = HTTP_GET,
	.path = "/api/reports/{name}",
	.name = "getReport",
	.tag = "reports",
	.roles = ROLES_ALL,
	.summary = "One report",
	.arguments = report_arguments,
	.answer = report_members,
	.or_answer = page_members,
	.type = "text/html|text/csv|text/plain",
	.run = get_report,
};

const struct endpoint *const endpoints_reports[] = {
	&endpoint_list_reports,
	&endpoint_get_report,
	NULL,
};
