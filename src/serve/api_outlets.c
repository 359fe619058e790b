/* Other programs and chats that are told what happens. */
#include "desk/outlet_desk.h"
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/reach.h"
#include "serve/webhook.h"
#include "serve/who.h"

enum { KINDS_MOST = 40 };

static const struct member kind_item = { .name = "", .type = MEMBER_TEXT, .most = 60 };

#define OUTLET_MEMBERS                                                                                                 \
	{ .name = "url",                                                                                               \
	  .type = MEMBER_TEXT,                                                                                         \
	  .required = true,                                                                                            \
	  .least = 1,                                                                                                  \
	  .most = OUTLET_URL_MAX,                                                                                      \
	  .sentence = "where it is told: https://HOST/PATH" },                                                         \
		{ .name = "way",                                                                                       \
		  .type = MEMBER_CHOICE,                                                                               \
		  .choices = "webhook|slack|teams",                                                                    \
		  .sentence = "how; webhook unless given" },                                                           \
		{ .name = "kinds",                                                                                     \
		  .type = MEMBER_LIST,                                                                                 \
		  .items = &kind_item,                                                                                 \
		  .most = KINDS_MOST,                                                                                  \
		  .sentence = "what: lead.*, promise.broken …; all where there are none" },                            \
	{                                                                                                              \
		.name = "off", .type = MEMBER_FLAG, .sentence = "it is told nothing for now"                           \
	}

static const struct member outlet_members[] = {
	{ .name = "id",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = OUTLET_ID_MAX,
	  .sentence = "by which it is called: /api/outlets/{id}" },
	OUTLET_MEMBERS,
	{ .name = "secret",
	  .type = MEMBER_TEXT,
	  .sentence = "of a webhook, when it is made: signatures are made with it" },
	{ .name = NULL },
};
static const struct member outlet_item = { .name = "", .type = MEMBER_OBJECT, .members = outlet_members };

static json_t *outlet_json(const struct outlet *outlet)
{
	json_t *kinds = json_array();
	struct str rest = outlet->kinds;

	while (rest.len)
		json_array_append_new(kinds, json_str(str_trim(str_cut(&rest, ','))));
	return json_pack("{s:o, s:o, s:s, s:o, s:b}", "id", json_str(outlet->id), "url", json_str(outlet->url), "way",
			 outbox_way_name(outlet->way), "kinds", kinds, "off", outlet->off);
}

static json_t *secret_json(const struct call *call, const struct outlet *outlet)
{
	unsigned char secret[OUTLET_SECRET_BYTES];
	char text[WEBHOOK_SECRET_TEXT];

	outlet_secret(call->desk->book, outlet->id, outlet->turn, secret);
	webhook_secret_text(secret, text);
	return json_string(text);
}

/* ---- list ---- */

static const struct member list_members[] = {
	{ .name = "outlets",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &outlet_item,
	  .sentence = "all there are" },
	{ .name = NULL },
};

static void list_outlets(struct call *call)
{
	const struct outlet *all;
	struct err err = ERR_INIT;
	json_t *list;
	size_t count;

	if (outlets(call->desk->book, &all, &count, &err)) {
		call_error(call, &err);
		return;
	}
	list = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, outlet_json(&all[i]));
	call_json(call, 200, json_pack("{s:o}", "outlets", list));
}

static const struct endpoint endpoint_list_outlets = {
	.method = HTTP_GET,
	.path = "/api/outlets",
	.name = "listOutlets",
	.tag = "ways out",
	.summary = "Which programs and chats are told what happens",
	.roles = ROLE(ADMIN),
	.desk = DESK_READS,
	.answer = list_members,
	.run = list_outlets,
};

/* ---- adding and changing ---- */

static struct outlet_desk desk_of(struct call *call)
{
	return (struct outlet_desk){ call->desk->book, call->now_ms, call->who.login, call->arena, &call->problems };
}

/* What the body says of it. False after saying what is wrong with the address. */
static bool read_outlet(struct call *call, struct outlet *outlet)
{
	const json_t *kinds = json_object_get(call->body, "kinds"), *off = json_object_get(call->body, "off");
	struct err err = ERR_INIT;
	bool allowed;

	if (json_object_get(call->body, "url"))
		outlet->url = call_member(call, "url");
	if (call_member(call, "way").len)
		outlet_way_by_name(call_member(call, "way"), &outlet->way);
	if (off)
		outlet->off = json_is_true(off);
	if (kinds)
		outlet->kinds = STR("");
	for (size_t i = 0; i < json_array_size(kinds); i++)
		outlet->kinds = str_of(arena_printf(call->arena, "%.*s%s%s", STR_ARG(outlet->kinds), i ? "," : "",
						    json_string_value(json_array_get(kinds, i))));
	if (!reach_check(outlet->url, server_ways_out(call->server)->allow_internal, &allowed, &err))
		return true;
	problem_add(&call->problems, STR_NONE, 0, 0, STR("url"), "%s", err.text);
	call_wrong(call);
	return false;
}

/* What was wrong names members: 422 rather than 409. */
static bool went_well(struct call *call, int failed, const struct err *err)
{
	if (failed > 0)
		call_wrong(call);
	else if (failed)
		call_error(call, err);
	return !failed;
}

static const struct member new_members[] = {
	{ .name = "id",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = OUTLET_ID_MAX,
	  .sentence = "what it is called: small letters, digits and dashes" },
	OUTLET_MEMBERS,
	{ .name = NULL },
};

static void add_outlet(struct call *call)
{
	struct outlet outlet = { .id = call_member(call, "id"), .way = OUTBOX_WEBHOOK };
	struct outlet_desk desk = desk_of(call);
	struct err err = ERR_INIT;
	json_t *body;
	int failed;

	if (!read_outlet(call, &outlet))
		return;
	failed = lead_desk_begin(call->desk, &err);
	if (!failed)
		failed = outlet_desk_add(&desk, &outlet, &err);
	if (!went_well(call, failed, &err))
		return;
	body = outlet_json(&outlet);
	if (outlet.way == OUTBOX_WEBHOOK)
		json_object_set_new(body, "secret", secret_json(call, &outlet));
	call_json(call, 201, body);
}

static const struct endpoint endpoint_add_outlet = {
	.method = HTTP_POST,
	.path = "/api/outlets",
	.name = "addOutlet",
	.tag = "ways out",
	.summary = "Another program or chat is told what happens",
	.roles = ROLE(ADMIN),
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.in_person = true,
	.status = 201,
	.members = new_members,
	.answer = outlet_members,
	.example = "{\"id\": \"crm\", \"url\": \"https://crm.example.com/hooks/lockstep\", \"kinds\": [\"lead.*\"]}",
	.run = add_outlet,
};

/* The one that the path names. False after saying that there is none. */
static bool find(struct call *call, struct outlet *out)
{
	struct err err = ERR_INIT;
	bool found = false;

	if (outlet_find(call->desk->book, call_part(call, 0), out, &found, &err))
		call_error(call, &err);
	else if (!found)
		call_not_found(call, "There is no outlet of this id; /api/outlets lists them.");
	if (!found)
		return false;
	out->id = arena_str(call->arena, out->id);
	out->url = arena_str(call->arena, out->url);
	out->kinds = arena_str(call->arena, out->kinds);
	return true;
}

static const struct member change_members[] = {
	{ .name = "url", .type = MEMBER_TEXT, .least = 1, .most = OUTLET_URL_MAX, .sentence = "where it is told" },
	{ .name = "way", .type = MEMBER_CHOICE, .choices = "webhook|slack|teams", .sentence = "how" },
	{ .name = "kinds", .type = MEMBER_LIST, .items = &kind_item, .most = KINDS_MOST, .sentence = "what" },
	{ .name = "off", .type = MEMBER_FLAG, .sentence = "it is told nothing for now" },
	{ .name = NULL },
};

static void change_outlet(struct call *call)
{
	struct outlet_desk desk = desk_of(call);
	struct err err = ERR_INIT;
	struct outlet outlet;
	int failed;

	if (!find(call, &outlet) || !read_outlet(call, &outlet))
		return;
	failed = lead_desk_begin(call->desk, &err);
	if (!failed)
		failed = outlet_desk_change(&desk, &outlet, false, &err);
	if (went_well(call, failed, &err))
		call_json(call, 200, outlet_json(&outlet));
}

static const struct endpoint endpoint_change_outlet = {
	.method = HTTP_PATCH,
	.path = "/api/outlets/{id}",
	.name = "changeOutlet",
	.tag = "ways out",
	.summary = "Where it is told, how and what",
	.roles = ROLE(ADMIN),
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.in_person = true,
	.members = change_members,
	.answer = outlet_members,
	.run = change_outlet,
};

static void drop_outlet(struct call *call)
{
	struct outlet_desk desk = desk_of(call);
	struct err err = ERR_INIT;
	struct outlet outlet;
	int failed;

	if (!find(call, &outlet))
		return;
	failed = lead_desk_begin(call->desk, &err);
	if (!failed)
		failed = outlet_desk_drop(&desk, outlet.id, &err);
	if (went_well(call, failed, &err))
		call_nothing(call);
}

static const struct endpoint endpoint_drop_outlet = {
	.method = HTTP_DELETE,
	.path = "/api/outlets/{id}",
	.name = "dropOutlet",
	.tag = "ways out",
	.summary = "It is told nothing more",
	.roles = ROLE(ADMIN),
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.in_person = true,
	.status = 204,
	.run = drop_outlet,
};

/* ---- the secret ---- */

static const struct member secret_members[] = {
	{ .name = "secret", .type = MEMBER_TEXT, .required = true, .sentence = "whsec_…: signatures are made with it" },
	{ .name = NULL },
};

static void get_secret(struct call *call)
{
	struct outlet outlet;

	if (find(call, &outlet))
		call_json(call, 200, json_pack("{s:o}", "secret", secret_json(call, &outlet)));
}

static const struct endpoint endpoint_get_secret = {
	.method = HTTP_GET,
	.path = "/api/outlets/{id}/secret",
	.name = "getOutletSecret",
	.tag = "ways out",
	.summary = "What its signatures are made with",
	.roles = ROLE(ADMIN),
	.desk = DESK_READS,
	.in_person = true,
	.answer = secret_members,
	.run = get_secret,
};

static void renew_secret(struct call *call)
{
	struct outlet_desk desk = desk_of(call);
	struct err err = ERR_INIT;
	struct outlet outlet;
	int failed;

	if (!find(call, &outlet))
		return;
	failed = lead_desk_begin(call->desk, &err);
	if (!failed)
		failed = outlet_desk_change(&desk, &outlet, true, &err);
	if (went_well(call, failed, &err))
		call_json(call, 200, json_pack("{s:o}", "secret", secret_json(call, &outlet)));
}

static const struct endpoint endpoint_renew_secret = {
	.method = HTTP_POST,
	.path = "/api/outlets/{id}/secret",
	.name = "renewOutletSecret",
	.tag = "ways out",
	.summary = "A new secret; the one until now is worth nothing",
	.roles = ROLE(ADMIN),
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.in_person = true,
	.answer = secret_members,
	.run = renew_secret,
};

const struct endpoint *const endpoints_outlets[] = {
	&endpoint_list_outlets,
	&endpoint_add_outlet,
	&endpoint_change_outlet,
	&endpoint_drop_outlet,
	&endpoint_get_secret,
	&endpoint_renew_secret,
	NULL,
};
