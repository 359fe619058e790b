/* Records told over the API: a new one, a change of one, many at a time. */
#include <stdio.h>
#include <string.h>

#include "desk/record_tell.h"
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/listed.h"
#include "serve/records.h"
#include "serve/who.h"

enum { TEXT_MOST = 400, NOTE_MOST = 10000, ID_MOST = 200, ROWS_MOST = 1000, KINDS_MOST = 16 };

#define ROLES_SPEND (ROLE(MARKETING) | ROLE(ADMIN))

#define ROLES_PEOPLE (ROLE(SALES_MANAGER) | ROLE(ADMIN))
#define ROLES_PARTNERS (ROLE(MARKETING) | ROLE(SALES_MANAGER) | ROLE(ADMIN))

/* ---- what can be told: the table of fields says it ---- */

struct description {
	struct member told[RECORD_TOLD_FIELDS + 3];    /* of a new one */
	struct member changed[RECORD_TOLD_FIELDS + 2]; /* of a change: null says that it is empty */
	struct member row, many[2];
	struct member done, all[4];
};
static struct description described[KINDS_MOST];

static struct description *description_of(const struct record_kind *kind)
{
	size_t i = 0;

	while (record_kind_at(i) != kind)
		i++;
	return &described[i];
}

static struct member field_member(const struct field_def *def)
{
	static const enum member_type types[] = {
		[FIELD_TEXT] = MEMBER_TEXT,      [FIELD_NUMBER] = MEMBER_NUMBER, [FIELD_MONEY] = MEMBER_VALUE,
		[FIELD_WHEN] = MEMBER_TIME,      [FIELD_FLAG] = MEMBER_FLAG,     [FIELD_REF] = MEMBER_TEXT,
		[FIELD_MILESTONE] = MEMBER_TIME,
	};
	const char *choices = record_choices(def);
	struct member member = { .name = def->name,
				 .type = choices ? MEMBER_CHOICE : types[def->type],
				 .choices = choices,
				 .sentence = def->sentence };

	if (member.type == MEMBER_TEXT)
		member.most = def->code == FIELD_NOTES ? NOTE_MOST : TEXT_MOST;
	return member;
}

static bool is_needed(const struct record_kind *kind, enum field code)
{
	for (const enum field *f = kind->needed; *f; f++)
		if (*f == code)
			return true;
	return false;
}

static void describe_fields(const struct record_kind *kind, struct description *d)
{
	const struct field_def *fields[RECORD_TOLD_FIELDS];
	size_t count = record_kind_fields(kind, fields), told = 0, changed = 0;

	d->told[told++] = (struct member){ .name = "id",
					   .type = MEMBER_TEXT,
					   .least = 1,
					   .most = ID_MOST,
					   .sentence = "as you call it; unless given it gets one" };
	for (size_t i = 0; i < count; i++) {
		struct member member = field_member(fields[i]);

		member.required = is_needed(kind, fields[i]->code);
		d->told[told++] = member;
		member.null = !member.required;
		member.required = false;
		d->changed[changed++] = member;
	}
	if (record_kind_money(kind))
		d->told[told++] = d->changed[changed++] =
			(struct member){ .name = "currency",
					 .type = MEMBER_TEXT,
					 .least = 3,
					 .most = 3,
					 .sentence = "of its amounts; the book's unless given" };
	d->told[told] = d->changed[changed] = (struct member){ .name = NULL };
}

static const struct member wrong_members[] = {
	{ .name = "member",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .null = true,
	  .sentence = "which one is meant; null: the whole" },
	{ .name = "text",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .most = 4000,
	  .sentence = "what is wrong and what to do" },
	{ .name = NULL },
};
static const struct member wrong_item = { .name = "", .type = MEMBER_OBJECT, .members = wrong_members };

#define KEY_MEMBERS(no)                                                                                                \
	{ .name = "key", .type = MEMBER_TEXT, .required = true, .null = no, .sentence = "its id" },                    \
	{                                                                                                              \
		.name = "record_source", .type = MEMBER_TEXT, .required = true, .null = no,                            \
		.sentence = "whose id it is"                                                                           \
	}

static const struct member done_members[] = {
	KEY_MEMBERS(true),
	{ .name = "result",
	  .type = MEMBER_CHOICE,
	  .required = true,
	  .choices = "new|changed|unchanged|refused",
	  .sentence = "what became of it: one whose id is known was changed, as by a file" },
	{ .name = "problems", .type = MEMBER_LIST, .items = &wrong_item, .sentence = "why it was refused" },
	{ .name = NULL },
};
static const struct member told_members[] = {
	KEY_MEMBERS(false),
	{ .name = "result",
	  .type = MEMBER_CHOICE,
	  .required = true,
	  .choices = "new|changed|unchanged",
	  .sentence = "unchanged: it said exactly this already, and nothing was written" },
	{ .name = NULL },
};

void record_writing_describe(void)
{
	const struct record_kind *kind;

	for (size_t i = 0; (kind = record_kind_at(i)); i++) {
		struct description *d = &described[i];

		if (i == KINDS_MOST)
			BUG("more kinds of records than are described");
		describe_fields(kind, d);
		d->row = (struct member){ .name = "", .type = MEMBER_OBJECT };
		d->many[0] = (struct member){ .name = kind->plural,
					      .type = MEMBER_LIST,
					      .required = true,
					      .most = ROWS_MOST,
					      .items = &d->row,
					      .sentence = "each as one alone is told" };
		d->done = (struct member){ .name = "", .type = MEMBER_OBJECT, .members = done_members };
		d->all[0] = (struct member){
			.name = "taken", .type = MEMBER_WHOLE, .required = true, .sentence = "written, or known already"
		};
		d->all[1] = (struct member){ .name = "refused",
					     .type = MEMBER_WHOLE,
					     .required = true,
					     .sentence = "those with something wrong in them" };
		d->all[2] = (struct member){ .name = kind->plural,
					     .type = MEMBER_LIST,
					     .required = true,
					     .most = ROWS_MOST,
					     .items = &d->done,
					     .sentence = "one by one, in their order" };
	}
}

/* ---- reading ---- */

static struct str field_text(const json_t *value, struct arena *arena)
{
	switch (json_typeof(value)) {
	case JSON_STRING: return (struct str){ json_string_value(value), json_string_length(value) };
	case JSON_INTEGER: return str_of(arena_printf(arena, "%lld", (long long)json_integer_value(value)));
	case JSON_REAL: return str_of(arena_printf(arena, "%.15g", json_real_value(value)));
	case JSON_TRUE: return STR("yes");
	case JSON_FALSE: return STR("no");
	default: return STR("");
	}
}

static void read_told(struct call *call, const struct record_kind *kind, const json_t *body, struct record_told *told)
{
	struct told_field *fields = ARENA_ARRAY(call->arena, struct told_field, json_object_size(body) + 1);
	const char *name;
	json_t *value;

	*told = (struct record_told){
		.kind = kind, .fields = fields, .scope = who_sees(&call->who), .by = call->who.name
	};
	json_object_foreach((json_t *)body, name, value)
	{
		if (strcmp(name, "id") != 0)
			fields[told->count++] = (struct told_field){ str_of(name), field_text(value, call->arena) };
		else
			told->key = str_trim(field_text(value, call->arena));
	}
}

static const char *result_name(const struct record_told *told)
{
	if (!told->change)
		return "new";
	return told->known ? "unchanged" : "changed";
}

static json_t *told_json(const struct record_told *told)
{
	return json_pack("{s:o, s:o, s:s}", "key", json_str(told->key), "record_source", json_str(told->source),
			 "result", result_name(told));
}

/* ---- one ---- */

static const char *place_of(struct call *call, const struct record_told *told)
{
	const char *path = arena_printf(call->arena, "/api/%s/", told->kind->plural);

	return http_path(call->arena, path, told->key);
}

/* Around what is told: of what has no rows more must be looked up. */
struct telling {
	struct call *call;
	const struct record_kind *kind;
	struct listed_look look;
	struct record_rows *ids, *deals; /* of many: their own, and those they speak of; NULL: it is one */
};

/* False after saying why not. */
static bool telling_begin(struct call *call, enum object object, struct telling *t)
{
	*t = (struct telling){ .call = call, .kind = record_kind_of(object) };
	return t->kind->fact != FACT__COUNT || listed_begin(call, object, call->desk->facts, &t->look);
}

static void telling_end(struct telling *t)
{
	record_rows_free(t->ids);
	record_rows_free(t->deals);
	if (t->kind->fact == FACT__COUNT)
		listed_end(&t->look);
}

static void read_one(struct telling *t, const json_t *body, struct record_told *told)
{
	read_told(t->call, t->kind, body, told);
	told->rows[0] = t->ids;
	told->rows[1] = t->deals;
	if (t->kind->fact == FACT__COUNT) {
		told->sees = listed_sees;
		told->context = &t->look;
	}
}

/* The record that is to be changed, and its version. */
static bool find(struct telling *t, struct record_told *told, const char **tag)
{
	struct call *call = t->call;
	struct err none = ERR_INIT;
	bool found;
	uint32_t row;

	if (t->kind->fact == FACT__COUNT)
		return listed_find(&t->look, told, tag);
	/* Of what has rows nothing is asked that can fail. */
	if (record_find(call->desk, told, &row, &found, &none) || !found)
		return false;
	*tag = http_header(call->request, "If-Match").at ? record_tag(call, call->desk->facts, t->kind->fact, row) : "";
	return true;
}

static void tell(struct call *call, struct record_told *told, int status)
{
	struct err err = ERR_INIT;
	int failed = record_tell(call->desk, told, &call->problems, &err);

	if (failed > 0 && !told->taken) {
		call_wrong(call);
	} else if (call_went_well(call, failed, &err)) {
		if (!told->change)
			http_reply_header(call->reply, "Location", place_of(call, told));
		call_json(call, status, told_json(told));
	}
}

static void create(struct call *call, enum object object)
{
	struct record_told told;
	struct telling t;

	if (!telling_begin(call, object, &t))
		return;
	read_one(&t, call->body, &told);
	tell(call, &told, 201);
	telling_end(&t);
}

static void change(struct call *call, enum object object)
{
	struct record_told told;
	struct telling t;
	const char *tag;

	if (!telling_begin(call, object, &t))
		return;
	read_one(&t, call->body, &told);
	told.change = true;
	told.key = call_part(call, 0);
	told.source = http_argument(call->request, "source");
	if (!find(&t, &told, &tag))
		record_not_found(call);
	else if (tag && call_unchanged(call, tag, "this record"))
		tell(call, &told, 200);
	telling_end(&t);
}

/* ---- many ---- */

static json_t *refused_json(const struct problems *problems)
{
	json_t *list = json_array();

	for (size_t i = 0; i < problems->count; i++)
		json_array_append_new(list,
				      json_pack("{s:o, s:o}", "member", json_str_or_null(problems->items[i].field),
						"text", json_str(problems->items[i].text)));
	return json_pack("{s:n, s:n, s:s, s:o}", "key", "record_source", "result", "refused", "problems", list);
}

/* What became of one of them; NULL: an error. */
static json_t *one_of_many(struct telling *t, const json_t *body, size_t *taken, struct err *err)
{
	struct call *call = t->call;
	struct record_told told;
	struct problems problems;
	const char *tag;
	int failed = 1;

	problems_init(&problems, call->arena);
	members_check(description_of(t->kind)->told, body, server_zone(call->server), &problems, call->arena);
	if (!problems.count) {
		read_one(t, body, &told);
		told.change = told.key.len && find(t, &told, &tag);
		failed = record_tell(call->desk, &told, &problems, err);
	}
	if (failed)
		return failed > 0 ? refused_json(&problems) : NULL;
	++*taken;
	return told_json(&told);
}

static struct str text_of(const json_t *body, const char *name)
{
	const json_t *value = json_object_get(body, name);

	return json_is_string(value) ? str_trim((struct str){ json_string_value(value), json_string_length(value) })
				     : STR_NONE;
}

/* All ids at once: that of each row, and of the deal it speaks of. Leads are found by an index. */
static void look_up(struct telling *t, const json_t *rows)
{
	const struct facts *facts = t->call->desk->facts;

	if (t->kind->fact == FACT__COUNT)
		return;
	t->ids = record_rows_new(facts, t->kind->fact);
	t->deals = record_rows_new(facts, FACT_OPPORTUNITIES);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		record_rows_want(t->ids, text_of(json_array_get(rows, i), "id"));
		record_rows_want(t->deals, text_of(json_array_get(rows, i), "opportunity"));
	}
	record_rows_look(t->ids);
	record_rows_look(t->deals);
}

/* The list of what became of each; NULL: an error. */
static json_t *each_of_many(struct telling *t, const json_t *rows, size_t *taken, struct err *err)
{
	json_t *list = json_array();

	for (size_t i = 0; i < json_array_size(rows); i++) {
		json_t *one = one_of_many(t, json_array_get(rows, i), taken, err);

		if (!one) {
			json_decref(list);
			return NULL;
		}
		json_array_append_new(list, one);
	}
	return list;
}

static void create_many(struct call *call, enum object object)
{
	struct err err = ERR_INIT;
	const json_t *rows;
	struct telling t;
	size_t taken = 0;
	json_t *list;

	if (!telling_begin(call, object, &t))
		return;
	rows = json_object_get(call->body, t.kind->plural);
	look_up(&t, rows);
	list = each_of_many(&t, rows, &taken, &err);
	if (list)
		call_json(call, 200,
			  json_pack("{s:I, s:I, s:o}", "taken", (json_int_t)taken, "refused",
				    (json_int_t)(json_array_size(rows) - taken), t.kind->plural, list));
	else
		call_error(call, &err);
	telling_end(&t);
}

/* ---- the endpoints ---- */

static const struct member change_arguments[] = {
	{ .name = "source", .type = MEMBER_TEXT, .most = ID_MOST, .sentence = "whose id it is, where several have it" },
	{ .name = NULL },
};

/* `place`: in the table of what is told singly. */
#define WRITING(what, place, plural, One, Many, who, words, new_example, change_example)                               \
	static void create_##plural(struct call *call)                                                                 \
	{                                                                                                              \
		create(call, what);                                                                                    \
	}                                                                                                              \
	static void change_##plural(struct call *call)                                                                 \
	{                                                                                                              \
		change(call, what);                                                                                    \
	}                                                                                                              \
	static void create_many_##plural(struct call *call)                                                            \
	{                                                                                                              \
		create_many(call, what);                                                                               \
	}                                                                                                              \
	static const struct endpoint endpoint_create_##plural = {                                                      \
		.method = HTTP_POST,                                                                                   \
		.path = "/api/" #plural,                                                                               \
		.name = "create" One,                                                                                  \
		.tag = "records",                                                                                      \
		.roles = who,                                                                                          \
		.grant = GRANT_WRITE,                                                                                  \
		.desk = DESK_TELLS,                                                                                    \
		.status = 201,                                                                                         \
		.summary = words,                                                                                      \
		.members = described[place].told,                                                                      \
		.answer = told_members,                                                                                \
		new_example,                                                                                           \
		.run = create_##plural,                                                                                \
	};                                                                                                             \
	static const struct endpoint endpoint_change_##plural = {                                                      \
		.method = HTTP_PATCH,                                                                                  \
		.path = "/api/" #plural "/{key}",                                                                      \
		.name = "change" One,                                                                                  \
		.tag = "records",                                                                                      \
		.roles = who,                                                                                          \
		.grant = GRANT_WRITE,                                                                                  \
		.desk = DESK_TELLS,                                                                                    \
		.versioned = true,                                                                                     \
		.summary = words ": what is given is said anew",                                                       \
		.arguments = change_arguments,                                                                         \
		.members = described[place].changed,                                                                   \
		.answer = told_members,                                                                                \
		change_example,                                                                                        \
		.run = change_##plural,                                                                                \
	};                                                                                                             \
	static const struct endpoint endpoint_create_many_##plural = {                                                 \
		.method = HTTP_POST,                                                                                   \
		.path = "/api/" #plural "/bulk",                                                                       \
		.name = "create" Many,                                                                                 \
		.tag = "records",                                                                                      \
		.roles = who,                                                                                          \
		.grant = GRANT_WRITE,                                                                                  \
		.desk = DESK_TELLS,                                                                                    \
		.summary = words ": up to a thousand, each answered by itself, in one commit",                         \
		.members = described[place].many,                                                                      \
		.answer = described[place].all,                                                                        \
		.run = create_many_##plural,                                                                           \
	}

WRITING(OBJECT_TOUCH, 0, touches, "Touch", "Touches", ROLES_WORK, "What a person did that marketing saw",
	.example = "{\"lead\": \"L17\", \"kind\": \"webinar\", \"campaign\": \"spring\"}",
	.example = "{\"outcome\": \"stayed to the end\"}");
WRITING(OBJECT_ACTIVITY, 1, activities, "Activity", "Activities", ROLES_WORK, "A contact by a seller",
	.example = "{\"lead\": \"L17\", \"kind\": \"call\", \"outcome\": \"reached\"}",
	.example = "{\"outcome\": \"no answer\"}");
WRITING(OBJECT_OPPORTUNITY, 2, opportunities, "Opportunity", "Opportunities", ROLES_WORK,
	"A deal, and the stage it is in", .example = "{\"stage\": \"Quote\", \"amount\": \"12000.00\"}",
	.example = "{\"amount\": \"15000.00\"}");
WRITING(OBJECT_ORDER, 3, orders, "Order", "Orders", ROLES_WORK, "A booked sale",
	.example = "{\"amount\": \"12000.00\"}", .example = "{\"status\": \"shipped\"}");
WRITING(OBJECT_SPEND, 4, spend, "SpendLine", "SpendLines", ROLES_SPEND, "What marketing spent on a day",
	.example = "{\"day\": \"2026-03-02\", \"campaign\": \"spring\", \"amount\": \"350.00\"}",
	.example = "{\"amount\": \"360.00\"}");

WRITING(OBJECT_CONTACT, 5, contacts, "Contact", "Contacts", ROLES_WORK, "A person at a customer",
	.example = "{\"name\": \"Anna Berg\", \"email\": \"anna.berg@example.com\"}",
	.example = "{\"title\": \"Head of IT\"}");
WRITING(OBJECT_ACCOUNT, 6, companies, "Company", "Companies", ROLES_WORK, "A company of customers",
	.example = "{\"name\": \"Berg Software\", \"industry\": \"software\"}", .example = "{\"company_size\": 120}");
WRITING(OBJECT_PERSON, 7, people, "Person", "People", ROLES_PEOPLE, "A colleague",
	.example = "{\"name\": \"Ona Rep\", \"team\": \"north\", \"role\": \"seller\"}",
	.example = "{\"team\": \"south\"}");
WRITING(OBJECT_STAGE, 8, stages, "Stage", "Stages", ROLES_PEOPLE, "A stage of deals, and what it means",
	.example = "{\"name\": \"Won\", \"means\": \"won\"}", .example = "{\"limit_days\": 30}");
WRITING(OBJECT_CAMPAIGN, 9, campaigns, "Campaign", "Campaigns", ROLES_SPEND, "A campaign",
	.example = "{\"name\": \"spring\", \"begins\": \"2026-03-01\", \"budget\": \"5000.00\"}",
	.example = "{\"status\": \"ended\"}");
WRITING(OBJECT_TEAM, 10, teams, "Team", "Teams", ROLES_PEOPLE, "A team of ours",
	.example = "{\"name\": \"north\", \"manager\": \"Ona Rep\"}", .example = "{\"region\": \"North\"}");
WRITING(OBJECT_PARTNER, 11, partners, "Partner", "Partners", ROLES_PARTNERS, "A partner firm",
	.example = "{\"name\": \"Acme\", \"country\": \"Germany\"}", .example = "{\"status\": \"active\"}");

#define THREE(plural) &endpoint_create_##plural, &endpoint_change_##plural, &endpoint_create_many_##plural

const struct endpoint *const endpoints_record_writing[] = {
	THREE(touches),
	THREE(activities),
	THREE(opportunities),
	THREE(orders),
	THREE(spend),
	THREE(contacts),
	THREE(companies),
	THREE(people),
	THREE(campaigns),
	THREE(teams),
	THREE(partners),
	THREE(stages),
	NULL,
};
