/* What lies on whose desk, the queue of nurture, and the story of one lead: what the pages show beside the lead itself. */
#include "desk/due.h"
#include "report/answer_json.h"
#include "report/due_json.h"
#include "report/time_line.h"
#include "serve/endpoints.h"
#include "serve/lead_members.h"
#include "serve/lead_version.h"
#include "serve/who.h"

enum { LEADS_MOST = 200, QUEUE_USUAL = 100, QUEUE_MOST = 1000, OWNER_MOST = 200 };

static bool sees_row(const void *context, const struct facts *facts, uint32_t row)
{
	return who_sees_lead(context, facts, row);
}

static struct due_sees seen_by(const struct call *call)
{
	return (struct due_sees){ sees_row, &call->who };
}

static json_t *now_json(const struct call *call)
{
	char text[40];

	zone_format(call->desk->zone, call->now_ms, text);
	return json_string(text);
}

/* ---- lists ---- */

#define LIST_MEMBERS_OF(item)                                                                                          \
	{ .name = "now", .type = MEMBER_TEXT, .required = true, .sentence = "the server's clock" },                    \
		{ .name = "of",                                                                                        \
		  .type = MEMBER_TEXT,                                                                                 \
		  .required = true,                                                                                    \
		  .null = true,                                                                                        \
		  .sentence = "whose desk; of nurture's queue null" },                                                 \
		{ .name = "zones",                                                                                     \
		  .type = MEMBER_TEXT,                                                                                 \
		  .required = true,                                                                                    \
		  .null = true,                                                                                        \
		  .sentence = "what to know of the times where the agreement keeps its hours by another zone" },       \
		{ .name = "total",                                                                                     \
		  .type = MEMBER_WHOLE,                                                                                \
		  .required = true,                                                                                    \
		  .sentence = "with those that are not listed" },                                                      \
		{ .name = "ready",                                                                                     \
		  .type = MEMBER_WHOLE,                                                                                \
		  .required = true,                                                                                    \
		  .sentence = "of nurture's: good enough for sales" },                                                 \
		{ .name = "leads",                                                                                     \
		  .type = MEMBER_LIST,                                                                                 \
		  .required = true,                                                                                    \
		  .items = item,                                                                                       \
		  .sentence = "the most urgent first" },                                                               \
	{                                                                                                              \
		.name = "words", .type = MEMBER_OBJECT, .required = true, .members = words_members,                    \
		.sentence = "the reasons that the agreement in force knows"                                            \
	}

static const struct member desk_members[] = { LIST_MEMBERS_OF(&due_item), { .name = NULL } };
static const struct member queue_members[] = { LIST_MEMBERS_OF(&nurture_item), { .name = NULL } };

typedef int lead_json_fn(struct lead_desk *desk, const struct due_lead *lead, json_t **out, struct err *err);

static void say_list(struct call *call, const struct due_list *list, struct str of, lead_json_fn *lead_json)
{
	json_t *root = json_object(), *leads = json_array(), *item = NULL;
	struct lead_desk *desk = call->desk;
	struct err err = ERR_INIT;
	struct str zones =
		desk->terms.count ? lead_desk_zones(desk, &desk->terms.versions[desk->terms.count - 1]) : STR_NONE;
	int failed = 0;

	for (size_t i = 0; i < list->count && !failed; i++) {
		failed = lead_json(desk, &list->leads[i], &item, &err);
		if (failed)
			break;
		json_object_set_new(item, "version",
				    json_string(lead_version(desk->facts, &list->leads[i].file, call->arena)));
		json_array_append_new(leads, item);
	}
	json_object_set_new(root, "now", now_json(call));
	json_object_set_new(root, "of", json_str_or_null(of));
	json_object_set_new(root, "zones", json_str_or_null(zones));
	json_object_set_new(root, "total", json_integer((json_int_t)list->total));
	json_object_set_new(root, "ready", json_integer((json_int_t)list->ready));
	json_object_set_new(root, "leads", leads);
	json_object_set_new(root, "words", due_words_json(desk));
	if (failed) {
		json_decref(root);
		call_error(call, &err);
	} else {
		call_json(call, 200, root);
	}
}

static const struct member desk_arguments[] = {
	{ .name = "of",
	  .type = MEMBER_TEXT,
	  .most = OWNER_MOST,
	  .sentence = "whose desk, of those whose leads one may see; one's own unless given" },
	{ .name = NULL },
};

static void get_desk(struct call *call)
{
	struct str partner = call->who.roles & ROLE(PARTNER) ? call->who.partner : STR_NONE;
	const char *named = call_text(call, "of");
	struct str of = named ? str_of(named) : call->who.name;
	struct due_list list;

	if (!named && partner.len)
		of = partner;
	else
		partner = STR_NONE;
	due_for(call->desk, partner.len ? STR_NONE : of, partner, seen_by(call), LEADS_MOST, &list);
	say_list(call, &list, of, due_lead_json);
}

static const struct endpoint endpoint_get_desk = {
	.method = HTTP_GET,
	.path = "/api/desk",
	.name = "getDesk",
	.tag = "desk",
	.roles = ROLES_ALL,
	.desk = DESK_READS,
	.summary = "What lies on somebody's desk, by clock",
	.arguments = desk_arguments,
	.answer = desk_members,
	.run = get_desk,
};

static const struct member nurture_arguments[] = {
	{ .name = "limit", .type = MEMBER_WHOLE, .least = 1, .most = QUEUE_MOST, .sentence = "at most so many; 100" },
	{ .name = NULL },
};

static void get_nurture(struct call *call)
{
	struct due_list list;

	due_in_nurture(call->desk, seen_by(call), QUEUE_MOST, (size_t)call_whole(call, "limit", QUEUE_USUAL), &list);
	say_list(call, &list, STR_NONE, due_nurture_json);
}

static const struct endpoint endpoint_get_nurture = {
	.method = HTTP_GET,
	.path = "/api/nurture",
	.name = "getNurture",
	.tag = "desk",
	.roles = ROLES_ALL,
	.desk = DESK_READS,
	.summary = "The queue of nurture: who may be handed over, and what the others lack",
	.arguments = nurture_arguments,
	.answer = queue_members,
	.run = get_nurture,
};

/* ---- one lead ---- */

static bool find(struct call *call, struct lead_file *file)
{
	struct problems none;

	problems_init(&none, call->arena);
	if (lead_desk_find(call->desk, call_part(call, 0), file, &none) &&
	    who_sees_lead(&call->who, call->desk->facts, file->row))
		return true;
	call_not_found(call, "There is no such lead, or several have this id: SOURCE:ID says which.");
	return false;
}

static const struct member story_members[] = {
	{ .name = "now", .type = MEMBER_TEXT, .required = true, .sentence = "the server's clock" },
	{ .name = "person",
	  .type = MEMBER_OBJECT,
	  .required = true,
	  .members = person_members,
	  .sentence = "who it is, opened" },
	{ .name = "line",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &happening_item,
	  .sentence = "steps, touches, contacts and broken promises, oldest first" },
	{ .name = "owners",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &owner_item,
	  .sentence = "who had it, since when and why" },
	{ .name = "words",
	  .type = MEMBER_OBJECT,
	  .required = true,
	  .members = words_members,
	  .sentence = "the reasons that the agreement in force knows" },
	{ .name = NULL },
};

static void get_story(struct call *call)
{
	struct err err = ERR_INIT;
	struct lead_file file;
	json_t *body;

	if (!find(call, &file))
		return;
	if (time_line_json(call->desk, &file, &body, &err)) {
		call_error(call, &err);
		return;
	}
	json_object_set_new(body, "now", now_json(call));
	json_object_set_new(body, "words", due_words_json(call->desk));
	call_json(call, 200, body);
}

static const struct endpoint endpoint_get_story = {
	.method = HTTP_GET,
	.path = "/api/leads/{key}/story",
	.name = "getStory",
	.tag = "leads",
	.roles = ROLES_ALL,
	.desk = DESK_READS,
	.summary = "Who a lead is, and all that was done, said and sent on one line of time",
	.answer = story_members,
	.run = get_story,
};

static const struct member snooze_members[] = {
	{ .name = "until",
	  .type = MEMBER_TIME,
	  .null = true,
	  .required = true,
	  .sentence = "when it comes back, in 90 days at most; null: now" },
	{ .name = NULL },
};

static void snooze(struct call *call)
{
	struct str until = call_member(call, "until");
	int64_t until_ms = call->now_ms;
	struct err err = ERR_INIT;
	struct lead_file file;
	bool date_only;

	if (!find(call, &file))
		return;
	if (until.len)
		zone_parse(server_zone(call->server), until, &until_ms, &date_only);
	if (call_went_well(call, lead_desk_snooze(call->desk, &file, until_ms, &call->problems, &err), &err))
		call_nothing(call);
}

static const struct endpoint endpoint_snooze = {
	.method = HTTP_PUT,
	.path = "/api/leads/{key}/snooze",
	.name = "snooze",
	.tag = "leads",
	.roles = ROLES_WORK,
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.status = 204,
	.summary = "Put a lead aside until then; its promises run on",
	.members = snooze_members,
	.run = snooze,
};

const struct endpoint *const endpoints_desk[] = {
	&endpoint_get_desk, &endpoint_get_nurture, &endpoint_get_story, &endpoint_snooze, NULL,
};
