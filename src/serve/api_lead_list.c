/* Leads one after another. */
#include <stdlib.h>

#include "base/date.h"
#include "facts/judged.h"
#include "facts/measure.h"
#include "report/answer_json.h"
#include "report/lead_words.h"
#include "serve/endpoints.h"
#include "serve/who.h"

enum { PAGE_MOST = 200, PAGE_USUAL = 50, FAR_MOST = 100000, EXPRESSION_MOST = 4000 };

/* ---- listing ---- */

static const struct member list_arguments[] = {
	{ .name = "where",
	  .type = MEMBER_TEXT,
	  .most = EXPRESSION_MOST,
	  .sentence = "only those for which this condition holds: owner = \"Seller One\" and not accepted" },
	{ .name = "limit", .type = MEMBER_WHOLE, .least = 1, .most = PAGE_MOST, .sentence = "at most so many; 50" },
	{ .name = "cursor", .type = MEMBER_TEXT, .sentence = "the `next` of the page before" },
	{ .name = NULL },
};

static const struct member listed_members[] = {
	{ .name = "lead", .type = MEMBER_TEXT, .required = true, .sentence = "its id" },
	{ .name = "source", .type = MEMBER_TEXT, .required = true, .sentence = "whose id that is" },
	{ .name = "name", .type = MEMBER_TEXT, .required = true, .null = true },
	{ .name = "company", .type = MEMBER_TEXT, .required = true, .null = true },
	{ .name = "owner", .type = MEMBER_TEXT, .required = true, .null = true },
	{ .name = "life", .type = MEMBER_TEXT, .required = true, .sentence = "where it stands" },
	{ .name = "created", .type = MEMBER_TEXT, .required = true, .null = true },
	{ .name = NULL },
};
static const struct member listed = { .name = "", .type = MEMBER_OBJECT, .members = listed_members };
static const struct member list_members[] = {
	{ .name = "total", .type = MEMBER_WHOLE, .required = true, .sentence = "on all pages" },
	{ .name = "leads", .type = MEMBER_LIST, .required = true, .items = &listed },
	{ .name = "next", .type = MEMBER_TEXT, .required = true, .null = true, .sentence = "cursor of the next page" },
	{ .name = NULL },
};

static int lead_json(struct call *call, uint32_t row, json_t **out, struct err *err)
{
	struct lead_desk *desk = call->desk;
	struct lead_file file;
	struct lead_facts facts;
	char created[40] = "";

	lead_file_read(desk->files, row, &file, desk->arena);
	if (lead_facts_read(&facts, desk, &file, err))
		return err->kind;
	if (facts.created_ms != CELL_NEVER && facts.created_ms != CELL_UNKNOWN)
		zone_format(desk->zone, facts.created_ms, created);
	*out = json_object();
	json_object_set_new(*out, "lead", json_str(file.key));
	json_object_set_new(*out, "source", json_str(file.source));
	json_object_set_new(*out, "name", json_str_or_null(facts.name));
	json_object_set_new(*out, "company", json_str_or_null(facts.company));
	json_object_set_new(*out, "owner", json_str_or_null(file.owner));
	json_object_set_new(*out, "life", json_string(life_name(file.life.life)));
	json_object_set_new(*out, "created", json_str_or_null(str_of(created)));
	return 0;
}

/* How many came on the pages before. False where the cursor is none of ours. */
static bool read_cursor(struct call *call, size_t *before)
{
	const char *text = call_text(call, "cursor");
	unsigned long long number;
	char *end;

	*before = 0;
	if (!text)
		return true;
	number = strtoull(text, &end, 16);
	if (*end || number > FAR_MOST) {
		problem_add(&call->problems, STR_NONE, 0, 0, STR("cursor"), "is none that a page gave");
		call_wrong(call);
		return false;
	}
	*before = (size_t)number;
	return true;
}

static void say_page(struct call *call, const struct listing *listing, size_t before)
{
	json_t *root = json_object(), *list = json_array(), *item = NULL;
	struct err err = ERR_INIT;
	int failed = 0;

	for (size_t i = before; i < listing->count && !failed; i++) {
		failed = lead_json(call, listing->rows[i], &item, &err);
		if (!failed)
			json_array_append_new(list, item);
	}
	json_object_set_new(root, "total", json_integer((json_int_t)listing->total));
	json_object_set_new(root, "leads", list);
	json_object_set_new(root, "next",
			    listing->count < listing->total && listing->count <= FAR_MOST
				    ? json_string(arena_printf(call->arena, "%zx", listing->count))
				    : json_null());
	if (failed) {
		json_decref(root);
		call_error(call, &err);
	} else {
		call_json(call, 200, root);
	}
}

static void list_leads(struct call *call)
{
	struct question question = {
		.of = "leads", .where = call_text(call, "where"), .as_of = DATE_NONE, .scope = who_sees(&call->who)
	};
	struct listing listing = { .count = 0 };
	struct err err = ERR_INIT;
	size_t before;

	if (!read_cursor(call, &before))
		return;
	if (judging_needed(question.where)) {
		problem_add(&call->problems, STR_NONE, 0, 0, STR("where"),
			    "asks for what judging tells; /api/rows answers such questions");
		call_wrong(call);
	} else if (measure_list(call->desk->facts, &question, "key", NULL,
				before + (size_t)call_whole(call, "limit", PAGE_USUAL), call->arena, &listing, &err)) {
		call_error(call, &err);
	} else {
		say_page(call, &listing, before);
	}
}

static const struct endpoint endpoint_list_leads = {
	.method = HTTP_GET,
	.path = "/api/leads",
	.name = "listLeads",
	.tag = "leads",
	.roles = ROLES_ALL,
	.desk = DESK_READS,
	.summary = "The leads, oldest first",
	.arguments = list_arguments,
	.answer = list_members,
	.run = list_leads,
};

const struct endpoint *const endpoints_lead_list[] = {
	&endpoint_list_leads,
	NULL,
};
