/* Persons and companies of customers, one after another; and one of them, or one colleague, campaign, team, partner. */
#include "serve/listed.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/listing.h"
#include "serve/records.h"
#include "serve/who.h"

enum { NAME_MOST = 200, TEXT_MOST = 100000, KINDS = 7 };

static const enum object objects[KINDS] = { OBJECT_CONTACT, OBJECT_ACCOUNT, OBJECT_PERSON, OBJECT_CAMPAIGN,
					    OBJECT_TEAM,    OBJECT_PARTNER, OBJECT_STAGE };

/* ---- what they have ---- */

static struct description {
	struct member members[RECORD_TOLD_FIELDS + 4], item, list[4];
} described[KINDS];

static struct member field_member(const struct field_def *def)
{
	static const enum member_type types[] = {
		[FIELD_TEXT] = MEMBER_TEXT,      [FIELD_NUMBER] = MEMBER_NUMBER, [FIELD_MONEY] = MEMBER_TEXT,
		[FIELD_WHEN] = MEMBER_TIME,      [FIELD_FLAG] = MEMBER_FLAG,     [FIELD_REF] = MEMBER_TEXT,
		[FIELD_MILESTONE] = MEMBER_TIME,
	};

	return (struct member){ .name = def->name,
				.type = types[def->type],
				.required = true,
				.null = true,
				.most = types[def->type] == MEMBER_TEXT ? TEXT_MOST : 0,
				.sentence = def->sentence };
}

void listed_describe(void)
{
	static const struct member paging[] = { LIST_MEMBERS };

	for (size_t i = 0; i < KINDS; i++) {
		const struct record_kind *kind = record_kind_of(objects[i]);
		const struct field_def *fields[RECORD_TOLD_FIELDS];
		size_t fields_all = record_kind_fields(kind, fields), count = 0;
		struct description *d = &described[i];

		d->members[count++] = (struct member){ .name = "key",
						       .type = MEMBER_TEXT,
						       .required = true,
						       .most = TEXT_MOST,
						       .sentence = "its id in its source" };
		for (size_t f = 0; f < fields_all; f++)
			d->members[count++] = field_member(fields[f]);
		if (record_kind_money(kind))
			d->members[count++] = (struct member){ .name = "currency",
							       .type = MEMBER_TEXT,
							       .required = true,
							       .null = true,
							       .sentence = "of its amounts" };
		d->members[count++] = (struct member){
			.name = "record_source", .type = MEMBER_TEXT, .required = true, .sentence = "whose id it is"
		};
		d->item = (struct member){ .name = "", .type = MEMBER_OBJECT, .members = d->members };
		d->list[0] = (struct member){ .name = kind->plural,
					      .type = MEMBER_LIST,
					      .required = true,
					      .items = &d->item,
					      .sentence = "one after another" };
		d->list[1] = paging[0];
		d->list[2] = paging[1];
	}
}

/* ---- one ---- */

struct making {
	struct call *call;
	const struct record_kind *kind;
	json_t *item;
	uint64_t version; /* the last entry that speaks of it */
	struct str currency;
};

static json_t *money_json(const struct value *value)
{
	struct buf text;
	json_t *json;

	buf_init(&text, 64);
	money_plain(&text, value->as.money.minor, value->as.money.currency);
	json = json_str(buf_str(&text));
	buf_release(&text);
	return json;
}

static json_t *value_json(const struct call *call, const struct value *value)
{
	switch (value ? value->kind : VALUE_EMPTY) {
	case VALUE_TEXT: return json_str(value->as.text);
	case VALUE_NUMBER: return number_json(decimal_double(value->as.number));
	case VALUE_MONEY: return money_json(value);
	case VALUE_DATE: return json_date(value->as.date);
	case VALUE_TIME: return time_json(server_zone(call->server), value->as.time_ms);
	case VALUE_YES: return json_true();
	case VALUE_NO: return json_false();
	case VALUE_REF: return json_str(value->as.ref.key);
	default: return json_null();
	}
}

static int make(void *context, const struct state *state, struct err *err)
{
	struct making *m = context;
	const struct field_def *fields[RECORD_TOLD_FIELDS];
	size_t count = record_kind_fields(m->kind, fields);

	(void)err;
	m->item = json_object();
	m->version = state->last_seq;
	json_object_set_new(m->item, "key", json_str(state->record.key));
	for (size_t i = 0; i < count; i++) {
		const struct value *value = record_get(&state->record, fields[i]->code);

		json_object_set_new(m->item, fields[i]->name, value_json(m->call, value));
		if (value && value->kind == VALUE_MONEY)
			m->currency = str_of(arena_dup(m->call->arena, value->as.money.currency));
	}
	if (record_kind_money(m->kind))
		json_object_set_new(m->item, "currency", json_str_or_null(m->currency));
	json_object_set_new(m->item, "record_source", json_str(state->record.source));
	return 0;
}

/* NULL after saying what went wrong. */
static json_t *read_one(struct listed_look *look, const struct listed *listed, struct making *m)
{
	struct err err = ERR_INIT;

	*m = (struct making){ .call = look->call, .kind = record_kind_of(listed->object) };
	if (directory_read(server_directory(look->call->server), listed, make, m, &err))
		call_error(look->call, &err);
	else if (!m->item)
		record_not_found(look->call);
	return m->item;
}

static const char *tag_of(const struct making *m)
{
	return arena_printf(m->call->arena, "\"%" PRIu64 "\"", m->version);
}

/* ---- looking ---- */

bool listed_begin(struct call *call, enum object object, const struct facts *facts, struct listed_look *look)
{
	const struct scope scope = who_sees(&call->who);
	struct err err = ERR_INIT;

	look->call = call;
	if (directory_begin(server_directory(call->server), object, &err)) {
		call_error(call, &err);
		return false;
	}
	directory_view_init(&look->view, server_directory(call->server), facts, &scope);
	return true;
}

void listed_end(struct listed_look *look)
{
	directory_view_release(&look->view);
	directory_end(server_directory(look->call->server));
}

static const struct listed *find(struct listed_look *look, enum object object, struct str source, struct str key)
{
	const struct listed *listed;

	return directory_find(look->view.directory, object, source, key, &listed) == 1 &&
			       directory_sees(&look->view, listed)
		       ? listed
		       : NULL;
}

bool listed_find(struct listed_look *look, struct record_told *told, const char **tag)
{
	const struct listed *listed = find(look, told->kind->object, told->source, told->key);
	struct making m = { .item = NULL };
	struct err err = ERR_INIT;

	if (!listed)
		return false;
	m.call = look->call;
	m.kind = told->kind;
	if (directory_read(server_directory(look->call->server), listed, make, &m, &err) || !m.item)
		return false;
	json_decref(m.item);
	told->key = arena_str(look->call->arena, listed->key);
	told->source = arena_str(look->call->arena, listed->source);
	told->currency = m.currency;
	*tag = tag_of(&m);
	return true;
}

bool listed_sees(void *context, enum object object, struct str source, struct str key)
{
	struct listed_look *look = context;
	const struct listed *listed = find(look, object, source, key);

	/* What a partner tells of is seen by it only if the company is its own. */
	return listed && (look->view.scope.kind != SCOPE_PARTNER || directory_owns(&look->view, listed));
}

/* ---- handlers ---- */

/* The first to ask has it read: nobody else should wait for that. */
bool listed_view_begin(struct call *call, enum object object, struct office_view *view, struct listed_look *look)
{
	struct err err = ERR_INIT;

	if (directory_begin(server_directory(call->server), object, &err)) {
		call_error(call, &err);
		return false;
	}
	directory_end(server_directory(call->server));
	if (!view_begin(call, false, view))
		return false;
	if (listed_begin(call, object, view->facts, look))
		return true;
	view_end(call);
	return false;
}

static void get(struct call *call, enum object object)
{
	struct office_view view;
	struct listed_look look;
	const struct listed *listed;
	struct making m;

	if (!listed_view_begin(call, object, &view, &look))
		return;
	listed = find(&look, object, http_argument(call->request, "source"), call_part(call, 0));
	if (!listed) {
		record_not_found(call);
	} else if (read_one(&look, listed, &m)) {
		http_reply_header(call->reply, "ETag", tag_of(&m));
		call_json(call, 200, m.item);
	}
	listed_end(&look);
	view_end(call);
}

/* The number behind which the page begins. False where the cursor is none of ours. */
static bool read_cursor(struct call *call, uint64_t *after)
{
	const char *text = call_text(call, "cursor");
	char *end;

	*after = 0;
	if (!text)
		return true;
	*after = strtoull(text, &end, 16);
	if (!*end && *text != '-' && *after)
		return true;
	problem_add(&call->problems, STR_NONE, 0, 0, STR("cursor"), "is none that a page gave");
	call_wrong(call);
	return false;
}

static json_t *cursor_json(struct call *call, uint64_t after)
{
	return json_string(arena_printf(call->arena, "%" PRIx64, after));
}

/* In the order of first appearance, from the number on: what comes meanwhile stands behind. */
static void list(struct call *call, enum object object)
{
	size_t most = (size_t)call_whole(call, "limit", LIST_USUAL), total = 0, count = 0;
	json_t *items = json_array();
	struct office_view view;
	struct listed_look look;
	uint64_t after, last = 0;
	bool good = true;
	struct making m;

	if (!read_cursor(call, &after) || !listed_view_begin(call, object, &view, &look)) {
		json_decref(items);
		return;
	}
	for (const struct listed *l = NULL;
	     good && (l = directory_next(look.view.directory, object, l ? l->subject : 0));) {
		if (!directory_sees(&look.view, l))
			continue;
		total++;
		if (l->subject <= after)
			continue;
		if (count++ < most) {
			good = read_one(&look, l, &m) != NULL;
			if (good)
				json_array_append_new(items, m.item);
			last = l->subject;
		}
	}
	if (good)
		call_json(call, 200,
			  json_pack("{s:I, s:o, s:o}", "total", (json_int_t)total, record_kind_of(object)->plural,
				    items, "next", count > most ? cursor_json(call, last) : json_null()));
	else
		json_decref(items);
	listed_end(&look);
	view_end(call);
}

static const struct member list_arguments[] = { LIST_ARGUMENTS, { .name = NULL } };
static const struct member one_arguments[] = {
	{ .name = "source",
	  .type = MEMBER_TEXT,
	  .most = NAME_MOST,
	  .sentence = "whose id it is, where several have it" },
	{ .name = NULL },
};

#define ONE(what, place, plural, One, words)                                                                           \
	static void get_##plural(struct call *call)                                                                    \
	{                                                                                                              \
		get(call, what);                                                                                       \
	}                                                                                                              \
	static const struct endpoint endpoint_get_##plural = {                                                         \
		.method = HTTP_GET,                                                                                    \
		.path = "/api/" #plural "/{key}",                                                                      \
		.name = "get" One,                                                                                     \
		.tag = "records",                                                                                      \
		.roles = ROLES_ALL,                                                                                    \
		.versioned = true,                                                                                     \
		.summary = words,                                                                                      \
		.arguments = one_arguments,                                                                            \
		.answer = described[place].members,                                                                    \
		.run = get_##plural,                                                                                   \
	}
#define ALL(what, place, plural, Many, words)                                                                          \
	static void list_##plural(struct call *call)                                                                   \
	{                                                                                                              \
		list(call, what);                                                                                      \
	}                                                                                                              \
	static const struct endpoint endpoint_list_##plural = {                                                        \
		.method = HTTP_GET,                                                                                    \
		.path = "/api/" #plural,                                                                               \
		.name = "list" Many,                                                                                   \
		.tag = "records",                                                                                      \
		.roles = ROLES_ALL,                                                                                    \
		.summary = words,                                                                                      \
		.arguments = list_arguments,                                                                           \
		.answer = described[place].list,                                                                       \
		.run = list_##plural,                                                                                  \
	}

ALL(OBJECT_CONTACT, 0, contacts, "Contacts", "Persons at customers, the oldest record first");
ONE(OBJECT_CONTACT, 0, contacts, "Contact", "A person at a customer");
ALL(OBJECT_ACCOUNT, 1, companies, "Companies", "Companies of customers, the oldest record first");
ONE(OBJECT_ACCOUNT, 1, companies, "Company", "A company of customers");
ALL(OBJECT_STAGE, 6, stages, "Stages", "The stages of deals, and what they mean");
ONE(OBJECT_STAGE, 6, stages, "Stage", "A stage of deals");
ONE(OBJECT_PERSON, 2, people, "Person", "A colleague");
ONE(OBJECT_CAMPAIGN, 3, campaigns, "Campaign", "What was told of a campaign");
ONE(OBJECT_TEAM, 4, teams, "Team", "What was told of a team");
ONE(OBJECT_PARTNER, 5, partners, "Partner", "What was told of a partner");

const struct endpoint *const endpoints_directory[] = {
	&endpoint_list_contacts,
	&endpoint_get_contacts,
	&endpoint_list_companies,
	&endpoint_get_companies,
	&endpoint_list_stages,
	&endpoint_get_stages,
	&endpoint_get_people,
	&endpoint_get_campaigns,
	&endpoint_get_teams,
	&endpoint_get_partners,
	NULL,
};
