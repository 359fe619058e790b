/* New leads: one, or many at a time. */
#include <stddef.h>

#include "base/date.h"
#include "domain/email.h"
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/intake_line.h"
#include "serve/who.h"

enum { TEXT_MOST = 400, NOTE_MOST = 10000, LEADS_MOST = 1000 };

#define TEXT(n, s)                                                                                                     \
	{                                                                                                              \
		.name = n, .type = MEMBER_TEXT, .most = TEXT_MOST, .sentence = s                                       \
	}

/* clang-format off */
static const struct member new_members[] = {
	TEXT("id", "as you call it; a number unless given"),
	TEXT("name", "of the person, in full"), TEXT("first_name", NULL), TEXT("last_name", NULL),
	TEXT("email", NULL), TEXT("phone", NULL), TEXT("title", "position in the company"),
	TEXT("company", NULL), TEXT("industry", NULL),
	{ .name = "company_size", .type = MEMBER_WHOLE, .most = 10000000, .sentence = "people who work there" },
	TEXT("country", NULL), TEXT("region", NULL), TEXT("segment", NULL), TEXT("product", NULL),
	TEXT("source", "the channel it came through"), TEXT("campaign", NULL), TEXT("partner", NULL),
	{ .name = "created", .type = MEMBER_TIME, .sentence = "when it came in; now unless given" },
	{ .name = "note", .type = MEMBER_TEXT, .most = NOTE_MOST, .sentence = "kept sealed" },
	{ .name = NULL },
};
static const struct { const char *name; enum field code; } texts[] = {
	{ "name", FIELD_NAME }, { "first_name", FIELD_FIRST_NAME }, { "last_name", FIELD_LAST_NAME },
	{ "email", FIELD_EMAIL }, { "phone", FIELD_PHONE }, { "title", FIELD_TITLE }, { "company", FIELD_COMPANY },
	{ "industry", FIELD_INDUSTRY }, { "country", FIELD_COUNTRY }, { "region", FIELD_REGION },
	{ "segment", FIELD_SEGMENT }, { "product", FIELD_PRODUCT }, { "source", FIELD_SOURCE },
	{ "campaign", FIELD_CAMPAIGN }, { "partner", FIELD_PARTNER }, { "note", FIELD_NOTES },
};
/* clang-format on */

static const struct member created_members[] = {
	{ .name = "lead", .type = MEMBER_TEXT, .required = true, .sentence = "its id" },
	{ .name = "owner",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .null = true,
	  .sentence = "who has it: it passed the gate of the agreement and was handed over, or was known" },
	{ .name = "known",
	  .type = MEMBER_FLAG,
	  .required = true,
	  .sentence = "the person was an open lead already, which has one more touch now" },
	{ .name = NULL },
};

/* ---- reading ---- */

/* What is told of one lead, and what is wrong with it. */
struct told {
	struct call *call;
	const json_t *members;
	struct problems *problems;
};

static struct str text_of(const struct told *told, const char *name)
{
	const json_t *value = json_object_get(told->members, name);

	return json_is_string(value) ? (struct str){ json_string_value(value), json_string_length(value) } : STR_NONE;
}

/* When it came in: not in the time to come. */
static bool read_created(const struct told *told, int64_t *at_ms)
{
	struct call *call = told->call;
	struct str given = text_of(told, "created");
	bool date_only;

	*at_ms = call->now_ms - call->now_ms % 1000;
	if (given.len)
		zone_parse(server_zone(call->server), given, at_ms, &date_only);
	if (*at_ms <= call->now_ms)
		return true;
	problem_add(told->problems, STR_NONE, 0, 0, STR("created"), "has not come yet");
	return false;
}

/* Somebody must be meant. */
static bool names_somebody(const struct told *told)
{
	static const char *const any[] = { "name", "last_name", "email", "phone", "company" };

	for (size_t i = 0; i < sizeof(any) / sizeof(*any); i++)
		if (str_trim(text_of(told, any[i])).len)
			return true;
	problem_add(told->problems, STR_NONE, 0, 0, STR("name"),
		    "who is it? name, last_name, email, phone or company is needed");
	return false;
}

/* None is given, or it is one. */
static bool email_is_one(const struct told *told)
{
	struct str email = str_trim(text_of(told, "email"));

	if (!email.len || email_fits(email))
		return true;
	problem_add(told->problems, STR_NONE, 0, 0, STR("email"),
		    "\"%.*s\" is no e-mail address: name@example.com is one", STR_ARG(email));
	return false;
}

/* False where it is wrong. */
static bool read_lead(const struct told *told, struct intake_lead *lead)
{
	struct call *call = told->call;
	struct record_fields *fields = ARENA_NEW(call->arena, struct record_fields);
	const json_t *size = json_object_get(told->members, "company_size");
	bool partner = !(call->who.roles & ~ROLE(PARTNER)), good = names_somebody(told);
	int64_t created_ms;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		fields_text(fields, texts[i].code,
			    partner && texts[i].code == FIELD_PARTNER ? call->who.partner
								      : text_of(told, texts[i].name));
	if (size)
		fields_number(fields, FIELD_COMPANY_SIZE, json_integer_value(size), 0);
	good &= email_is_one(told);
	good &= read_created(told, &created_ms);
	fields_time(fields, FIELD_CREATED, created_ms);
	*lead = (struct intake_lead){ .fields = fields,
				      .id = text_of(told, "id"),
				      .alone = who_sees(&call->who).kind != SCOPE_ALL,
				      .actor = arena_cstr(call->arena, call->who.login) };
	return good;
}

static json_t *lead_json(const struct intake_lead *lead)
{
	json_t *root = json_object();

	json_object_set_new(root, "lead", json_str(lead->key));
	json_object_set_new(root, "owner", json_str_or_null(lead->owner));
	json_object_set_new(root, "known", json_boolean(lead->known));
	return root;
}

static void say_known(struct problems *problems)
{
	problem_add(problems, STR_NONE, 0, 0, STR("id"), "there is a lead of this id already");
}

/* ---- one ---- */

static void say_created(struct call *call, const struct intake_lead *lead, size_t count)
{
	(void)count;
	if (lead->refused) {
		struct err none = ERR_INIT;

		say_known(&call->problems);
		(void)call_went_well(call, 1, &none);
		return;
	}
	http_reply_header(call->reply, "Location", http_path(call->arena, "/api/leads/", lead->key));
	call_json(call, 201, lead_json(lead));
}

static void create_lead(struct call *call)
{
	struct told told = { call, call->body, &call->problems };
	struct intake_told *line = ARENA_NEW(call->arena, struct intake_told);

	line->call = call;
	line->leads = ARENA_NEW(call->arena, struct intake_lead);
	line->count = 1;
	line->say = say_created;
	if (read_lead(&told, line->leads))
		intake_line_add(line);
	else
		call_wrong(call);
}

static const struct endpoint endpoint_create_lead = {
	.method = HTTP_POST,
	.path = "/api/leads",
	.name = "createLead",
	.tag = "leads",
	.roles = ROLES_WORK,
	.grant = GRANT_INTAKE,
	.desk = DESK_LINE,
	.status = 201,
	.summary = "A new lead: judged by the agreement, and handed over at once where it passes the gate",
	.members = new_members,
	.answer = created_members,
	.example = "{\"name\": \"Anna Berg\", \"email\": \"anna.berg@example.com\", \"company\": \"Berg Software\"}",
	.run = create_lead,
};

/* ---- many ---- */

/* clang-format off */
static const struct member any_lead = { .name = "", .type = MEMBER_OBJECT, .sentence = "as createLead takes it" };
static const struct member many_members[] = {
	{ .name = "leads", .type = MEMBER_LIST, .required = true, .most = LEADS_MOST, .items = &any_lead, .sentence = "each as createLead takes it" },
	{ .name = NULL },
};
static const struct member wrong_items[] = {
	{ .name = "member", .type = MEMBER_TEXT, .required = true, .null = true, .sentence = "which one is meant" },
	{ .name = "text", .type = MEMBER_TEXT, .required = true, .sentence = "what is wrong and what to do" },
	{ .name = NULL },
};
static const struct member wrong_item = { .name = "", .type = MEMBER_OBJECT, .members = wrong_items };
static const struct member one_members[] = {
	{ .name = "lead", .type = MEMBER_TEXT, .required = true, .null = true, .sentence = "its id; null: it was refused" },
	{ .name = "owner", .type = MEMBER_TEXT, .required = true, .null = true, .sentence = "who has it already" },
	{ .name = "known", .type = MEMBER_FLAG, .sentence = "the person was an open lead already, which has one more touch now" },
	{ .name = "problems", .type = MEMBER_LIST, .items = &wrong_item, .sentence = "why it was refused" },
	{ .name = NULL },
};
static const struct member one_of_many = { .name = "", .type = MEMBER_OBJECT, .members = one_members };
static const struct member many_answer[] = {
	{ .name = "taken", .type = MEMBER_WHOLE, .required = true, .sentence = "how many were taken in" },
	{ .name = "refused", .type = MEMBER_WHOLE, .required = true, .sentence = "how many were not" },
	{ .name = "leads", .type = MEMBER_LIST, .required = true, .most = LEADS_MOST, .items = &one_of_many,
	  .sentence = "one by one, in their order" },
	{ .name = NULL },
};
/* clang-format on */

/* Of those that are well told, what became of them comes from the desk. */
struct many {
	struct problems *problems; /* by lead as it was sent */
	struct intake_told line;
	size_t count;
};

static const struct many *many_of(const struct call *call)
{
	return (const struct many *)((const char *)call->kept - offsetof(struct many, line));
}

static json_t *refused_json(const struct problems *problems)
{
	json_t *list = json_array();

	for (size_t i = 0; i < problems->count; i++)
		json_array_append_new(list,
				      json_pack("{s:o, s:o}", "member", json_str_or_null(problems->items[i].field),
						"text", json_str(problems->items[i].text)));
	return json_pack("{s:n, s:n, s:o}", "lead", "owner", "problems", list);
}

static void say_many(struct call *call, const struct intake_lead *leads, size_t count)
{
	const struct many *many = many_of(call);
	json_t *list = json_array();
	size_t taken = 0, at = 0;

	(void)count;
	for (size_t i = 0; i < many->count; i++) {
		struct problems problems = many->problems[i];

		if (!problems.count && leads[at++].refused)
			say_known(&problems);
		taken += !problems.count;
		json_array_append_new(list, problems.count ? refused_json(&problems) : lead_json(&leads[at - 1]));
	}
	call_json(call, 200,
		  json_pack("{s:I, s:I, s:o}", "taken", (json_int_t)taken, "refused", (json_int_t)(many->count - taken),
			    "leads", list));
}

static void create_many(struct call *call)
{
	const json_t *leads = json_object_get(call->body, "leads");
	struct many *many = ARENA_NEW(call->arena, struct many);

	many->count = json_array_size(leads);
	many->problems = ARENA_ARRAY(call->arena, struct problems, many->count + 1);
	many->line.call = call;
	many->line.leads = ARENA_ARRAY(call->arena, struct intake_lead, many->count + 1);
	many->line.say = say_many;
	for (size_t i = 0; i < many->count; i++) {
		struct problems *problems = &many->problems[i];
		struct told told = { call, json_array_get(leads, i), problems };

		problems_init(problems, call->arena);
		members_check(new_members, told.members, server_zone(call->server), problems, call->arena);
		if (!problems->count && read_lead(&told, &many->line.leads[many->line.count]))
			many->line.count++;
	}
	intake_line_add(&many->line);
}

static const struct endpoint endpoint_create_many = {
	.method = HTTP_POST,
	.path = "/api/leads/bulk",
	.name = "createLeads",
	.tag = "leads",
	.roles = ROLES_WORK,
	.grant = GRANT_INTAKE,
	.desk = DESK_LINE,
	.summary = "New leads, up to a thousand, each judged and answered by itself, in one commit",
	.members = many_members,
	.answer = many_answer,
	.run = create_many,
};

const struct endpoint *const endpoints_new_leads[] = {
	&endpoint_create_lead,
	&endpoint_create_many,
	NULL,
};
