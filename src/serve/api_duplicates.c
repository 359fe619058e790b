/* Leads that may be of one person, and what merging them would move. Merging itself is a step (api_leads.c). */
#include "desk/duplicates.h"
#include "report/answer_json.h"
#include "report/lead_words.h"
#include "serve/endpoints.h"
#include "serve/listing.h"
#include "serve/who.h"

enum { PAIRS_USUAL = 50, PAIRS_MOST = 200, KEY_MOST = 400, AMONG = 20000 };

static const struct member reason_item = { .name = "", .type = MEMBER_TEXT };

static json_t *reasons_json(unsigned reasons)
{
	json_t *list = json_array();

	for (int r = 0; r < MATCH_REASON__COUNT; r++)
		if (reasons >> r & 1)
			json_array_append_new(list, json_string(match_reason_name((enum match_reason)r)));
	return list;
}

/* The lead of that id, among those that who asks may see. */
static bool sees(struct call *call, struct str key, struct lead_file *out)
{
	struct problems none;

	problems_init(&none, call->arena);
	return lead_desk_find(call->desk, key, out, &none) && who_sees_lead(&call->who, call->desk->facts, out->row);
}

/* The one of the path. False after saying that there is none. */
static bool find(struct call *call, struct lead_file *out)
{
	if (sees(call, call_part(call, 0), out))
		return true;
	call_not_found(call, "There is no such lead, or several have this id: SOURCE:ID says which.");
	return false;
}

/* ---- of one lead ---- */

/* By which people tell two of a name apart. */
#define MEMBERS_OF_WHO                                                                                                 \
	{ .name = "lead", .type = MEMBER_TEXT, .required = true, .sentence = "its id" },                               \
		{ .name = "source", .type = MEMBER_TEXT, .required = true, .sentence = "whose id that is" },           \
		{ .name = "name", .type = MEMBER_TEXT, .required = true, .null = true, .sentence = "the person's" },   \
		{ .name = "company",                                                                                   \
		  .type = MEMBER_TEXT,                                                                                 \
		  .required = true,                                                                                    \
		  .null = true,                                                                                        \
		  .sentence = "where that person works" },                                                             \
		{ .name = "owner", .type = MEMBER_TEXT, .required = true, .null = true, .sentence = "who has it" },    \
		{ .name = "life", .type = MEMBER_TEXT, .required = true, .sentence = "where it stands" },              \
	{                                                                                                              \
		.name = "created", .type = MEMBER_TEXT, .required = true, .null = true, .sentence = "when it came in"  \
	}

static const struct member duplicate_members[] = {
	MEMBERS_OF_WHO,
	{ .name = "score", .type = MEMBER_WHOLE, .required = true, .most = 100, .sentence = "how likely; of 100" },
	{ .name = "reasons", .type = MEMBER_LIST, .required = true, .items = &reason_item, .sentence = "why" },
	{ .name = NULL },
};
static const struct member duplicate_item = { .name = "", .type = MEMBER_OBJECT, .members = duplicate_members };
static const struct member duplicates_members[] = {
	{ .name = "duplicates",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &duplicate_item,
	  .sentence = "the likeliest first" },
	{ .name = NULL },
};

static int who_json(struct call *call, const struct lead_file *file, json_t **out, struct err *err)
{
	struct lead_facts facts;

	if (lead_facts_read(&facts, call->desk, file, err))
		return err->kind;
	*out = json_object();
	json_object_set_new(*out, "lead", json_str(file->key));
	json_object_set_new(*out, "source", json_str(file->source));
	json_object_set_new(*out, "name", json_str_or_null(facts.name));
	json_object_set_new(*out, "company", json_str_or_null(facts.company));
	json_object_set_new(*out, "owner", json_str_or_null(file->owner));
	json_object_set_new(*out, "life", json_string(life_name(file->life.life)));
	json_object_set_new(*out, "created", time_json(call->desk->zone, facts.created_ms));
	return 0;
}

static int duplicate_json(struct call *call, const struct duplicate *one, json_t **out, struct err *err)
{
	if (who_json(call, &one->file, out, err))
		return err->kind;
	json_object_set_new(*out, "score", json_integer(one->score));
	json_object_set_new(*out, "reasons", reasons_json(one->reasons));
	return 0;
}

static void list_duplicates(struct call *call)
{
	struct err err = ERR_INIT;
	struct lead_file file;
	struct duplicate *found;
	json_t *list, *item = NULL;
	size_t count;
	int failed;

	if (!find(call, &file))
		return;
	failed = duplicates_of(call->desk, &file, &found, &count, &err);
	list = json_array();
	for (size_t i = 0; i < count && !failed; i++) {
		if (!who_sees_lead(&call->who, call->desk->facts, found[i].file.row))
			continue;
		failed = duplicate_json(call, &found[i], &item, &err);
		if (!failed)
			json_array_append_new(list, item);
	}
	if (!failed) {
		call_json(call, 200, json_pack("{s:o}", "duplicates", list));
		return;
	}
	json_decref(list);
	call_error(call, &err);
}

static const struct endpoint endpoint_of_lead = {
	.method = HTTP_GET,
	.path = "/api/leads/{key}/duplicates",
	.name = "listDuplicates",
	.tag = "duplicates",
	.roles = ROLES_WORK,
	.desk = DESK_READS,
	.summary = "Leads that may be of the same person, likeliest first",
	.answer = duplicates_members,
	.run = list_duplicates,
};

/* ---- all ---- */

static const struct member who_members[] = { MEMBERS_OF_WHO, { .name = NULL } };
static const struct member pair_members[] = {
	{ .name = "later",
	  .type = MEMBER_OBJECT,
	  .required = true,
	  .members = who_members,
	  .sentence = "who came in later" },
	{ .name = "earlier",
	  .type = MEMBER_OBJECT,
	  .required = true,
	  .members = who_members,
	  .sentence = "who was there before" },
	{ .name = "score", .type = MEMBER_WHOLE, .required = true, .most = 100, .sentence = "how likely; of 100" },
	{ .name = "reasons", .type = MEMBER_LIST, .required = true, .items = &reason_item, .sentence = "why" },
	{ .name = NULL },
};
static const struct member pair_item = { .name = "", .type = MEMBER_OBJECT, .members = pair_members };
static const struct member pairs_members[] = {
	{ .name = "pairs",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &pair_item,
	  .sentence = "the likeliest first" },
	{ .name = NULL },
};
static const struct member pairs_arguments[] = {
	{ .name = "limit", .type = MEMBER_WHOLE, .least = 1, .most = PAIRS_MOST, .sentence = "at most so many; 50" },
	{ .name = NULL },
};

static int pair_json(struct call *call, const struct duplicate_pair *pair, json_t **out, struct err *err)
{
	json_t *later, *earlier;

	if (who_json(call, &pair->file, &later, err))
		return err->kind;
	if (who_json(call, &pair->other.file, &earlier, err)) {
		json_decref(later);
		return err->kind;
	}
	*out = json_object();
	json_object_set_new(*out, "later", later);
	json_object_set_new(*out, "earlier", earlier);
	json_object_set_new(*out, "score", json_integer(pair->other.score));
	json_object_set_new(*out, "reasons", reasons_json(pair->other.reasons));
	return 0;
}

static void list_pairs(struct call *call)
{
	struct duplicate_pair *pairs;
	struct err err = ERR_INIT;
	json_t *list, *item = NULL;
	size_t count;
	int failed;

	failed =
		duplicates_all(call->desk, AMONG, (size_t)call_whole(call, "limit", PAIRS_USUAL), &pairs, &count, &err);
	list = json_array();
	for (size_t i = 0; !failed && i < count; i++) {
		failed = pair_json(call, &pairs[i], &item, &err);
		if (!failed)
			json_array_append_new(list, item);
	}
	if (!failed) {
		call_json(call, 200, json_pack("{s:o}", "pairs", list));
		return;
	}
	json_decref(list);
	call_error(call, &err);
}

static const struct endpoint endpoint_all = {
	.method = HTTP_GET,
	.path = "/api/duplicates",
	.name = "listPairs",
	.tag = "duplicates",
	.roles = ROLE(MARKETING) | ROLE(SALES_MANAGER) | ROLE(NURTURE) | ROLE(ADMIN),
	.desk = DESK_READS,
	.summary =
		"Pairs of leads that may be of one person, likeliest first: the latest 20,000 leads with any before them",
	.arguments = pairs_arguments,
	.answer = pairs_members,
	.run = list_pairs,
};

/* ---- merging ---- */

static const struct member merge_arguments[] = {
	{ .name = "into", .type = MEMBER_TEXT, .required = true, .most = KEY_MOST, .sentence = "the lead that stays" },
	{ .name = NULL },
};
static const struct member merge_members[] = {
	{ .name = "lead", .type = MEMBER_TEXT, .required = true, .sentence = "the lead that goes" },
	{ .name = "into", .type = MEMBER_TEXT, .required = true, .sentence = "the lead that stays" },
	{ .name = "touches", .type = MEMBER_WHOLE, .required = true, .sentence = "so many move" },
	{ .name = "contacts", .type = MEMBER_WHOLE, .required = true, .sentence = "so many move" },
	{ .name = "opportunities", .type = MEMBER_WHOLE, .required = true, .sentence = "so many move" },
	{ .name = "orders", .type = MEMBER_WHOLE, .required = true, .sentence = "so many move" },
	{ .name = "promises_void",
	  .type = MEMBER_WHOLE,
	  .required = true,
	  .sentence = "open ones about the lead that goes" },
	{ .name = "points",
	  .type = MEMBER_NUMBER,
	  .required = true,
	  .null = true,
	  .sentence = "of the lead that goes, now" },
	{ .name = "into_points",
	  .type = MEMBER_NUMBER,
	  .required = true,
	  .null = true,
	  .sentence = "of the one that stays" },
	{ .name = NULL },
};

static void preview(struct call *call)
{
	struct lead_file file, into;
	struct merge_preview look;
	json_t *root;

	if (!find(call, &file))
		return;
	if (!sees(call, http_argument(call->request, "into"), &into)) {
		problem_add(&call->problems, STR_NONE, 0, 0, STR("into"),
			    "there is no such lead, or several have this id: SOURCE:ID says which");
		call_wrong(call);
		return;
	}
	if (!call_went_well(call, merge_look(call->desk, &file, &into, &look, &call->problems), NULL))
		return;
	root = json_object();
	json_object_set_new(root, "lead", json_str(file.key));
	json_object_set_new(root, "into", json_str(into.key));
	json_object_set_new(root, "touches", json_integer((json_int_t)look.touches));
	json_object_set_new(root, "contacts", json_integer((json_int_t)look.contacts));
	json_object_set_new(root, "opportunities", json_integer((json_int_t)look.opportunities));
	json_object_set_new(root, "orders", json_integer((json_int_t)look.orders));
	json_object_set_new(root, "promises_void", json_integer((json_int_t)look.promises));
	json_object_set_new(root, "points", look.judged ? json_real((double)look.points / 100) : json_null());
	json_object_set_new(root, "into_points", look.judged ? json_real((double)look.into_points / 100) : json_null());
	call_json(call, 200, root);
}

static const struct endpoint endpoint_preview = {
	.method = HTTP_GET,
	.path = "/api/leads/{key}/merge",
	.name = "previewMerge",
	.tag = "duplicates",
	.roles = ROLES_WORK,
	.desk = DESK_READS,
	.summary = "What would move if the lead were merged into another",
	.arguments = merge_arguments,
	.answer = merge_members,
	.run = preview,
};

const struct endpoint *const endpoints_duplicates[] = {
	&endpoint_of_lead,
	&endpoint_all,
	&endpoint_preview,
	NULL,
};
