/* The agreement: its versions, who has signed; checking, comparing, proposing, signing. */
#include <stdlib.h>
#include <string.h>

#include "desk/agreement_check.h"
#include "domain/agreement_terms.h"
#include "report/answer_json.h"
#include "report/contract.h"
#include "serve/api_agreement.h"
#include "serve/who.h"

enum { CONTRACT_MOST = 64 << 20 };

/* ---- what is there ---- */

#define STATES "proposed|replaced|withdrawn|signed|in force|superseded"

static const struct member signature_members[] = {
	{ .name = "party",
	  .type = MEMBER_CHOICE,
	  .required = true,
	  .choices = PARTIES,
	  .sentence = "for which is signed" },
	GIVEN("who", MEMBER_TEXT, "who signs for it"),
	NULLABLE("at", MEMBER_TIME, "when; null: not yet"),
	{ .name = NULL },
};
static const struct member signature_item = { .name = "", .type = MEMBER_OBJECT, .members = signature_members };

#define VERSION_MEMBERS                                                                                                \
	GIVEN("number", MEMBER_WHOLE, "from 1"), GIVEN("title", MEMBER_TEXT, "what it is called"),                     \
		{ .name = "state",                                                                                     \
		  .type = MEMBER_CHOICE,                                                                               \
		  .required = true,                                                                                    \
		  .choices = STATES,                                                                                   \
		  .sentence = "how it stands" },                                                                       \
		GIVEN("by", MEMBER_TEXT, "who proposed it"), GIVEN("at", MEMBER_TIME, "when it was proposed"),         \
		GIVEN("hash", MEMBER_TEXT, "of the bytes that are signed"),                                            \
		NULLABLE("from", MEMBER_TIME, "in force from; null: not signed by all"),                               \
		NULLABLE("until", MEMBER_TIME, "in force until; null: no end is known"),                               \
		GIVEN("missing", MEMBER_WHOLE, "signatures that are missing"),                                         \
	{                                                                                                              \
		.name = "signatures", .type = MEMBER_LIST, .required = true, .items = &signature_item,                 \
		.sentence = "who has signed, and who has not"                                                          \
	}

static const struct member version_members[] = { VERSION_MEMBERS, { .name = NULL } };
static const struct member version_item = { .name = "", .type = MEMBER_OBJECT, .members = version_members };
static const struct member annex_members[] = {
	GIVEN("by", MEMBER_TEXT, "who recorded it"),
	GIVEN("at", MEMBER_TIME, "when it was recorded"),
	{ .name = "text", .type = MEMBER_TEXT, .required = true, .most = AGREEMENT_MAX_BYTES, .sentence = "as YAML" },
	{ .name = NULL },
};
static const struct member annex_item = { .name = "", .type = MEMBER_OBJECT, .members = annex_members };
static const struct member agreement_members[] = {
	NULLABLE("in_force", MEMBER_WHOLE, "the version in force now"),
	NULLABLE("proposed", MEMBER_WHOLE, "the version that is being signed"),
	{ .name = "versions",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &version_item,
	  .sentence = "oldest first" },
	{ .name = "annexes",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &annex_item,
	  .sentence = "recorded by themselves, oldest first" },
	{ .name = NULL },
};

static const char *state_of(const struct agreement_version *version, int64_t now_ms)
{
	enum version_state state = agreement_version_state(version, now_ms);

	return state == VERSION_REPLACED ? "replaced" : version_state_name(state);
}

static json_t *signatures_json(const struct agreement_version *version, const struct zone *zone)
{
	json_t *list = json_array();

	for (int p = 0; p < PARTY__COUNT; p++) {
		const struct names *signs = &version->agreement->parties[p].signs;

		for (size_t i = 0; i < signs->count; i++) {
			const struct agreement_signature *given =
				agreement_signature_of(version, (enum party)p, signs->items[i]);
			json_t *item = json_object();

			json_object_set_new(item, "party", json_string(party_name((enum party)p)));
			json_object_set_new(item, "who", json_str(signs->items[i]));
			json_object_set_new(item, "at", given ? time_json(zone, given->at_ms) : json_null());
			json_array_append_new(list, item);
		}
	}
	return list;
}

static json_t *version_json(const struct call *call, const struct agreement_version *version)
{
	const struct zone *zone = server_zone(call->server);
	json_t *item = json_object();

	json_object_set_new(item, "number", json_integer(version->number));
	json_object_set_new(item, "title", json_str(version->agreement->title));
	json_object_set_new(item, "state", json_string(state_of(version, call->now_ms)));
	json_object_set_new(item, "by", json_str(version->by));
	json_object_set_new(item, "at", time_json(zone, version->at_ms));
	json_object_set_new(item, "hash", json_string(version->hash));
	json_object_set_new(item, "from", time_json(zone, version->from_ms));
	json_object_set_new(item, "until", time_json(zone, version->until_ms));
	json_object_set_new(item, "missing", json_integer((json_int_t)version->missing));
	json_object_set_new(item, "signatures", signatures_json(version, zone));
	return item;
}

static json_t *annexes_json(const struct call *call, const struct agreements *agreements)
{
	json_t *list = json_array();

	for (size_t i = 0; i < agreements->annex_count; i++) {
		const struct agreement_annex *annex = &agreements->annexes[i];

		json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "by", json_str(annex->by), "at",
						      time_json(server_zone(call->server), annex->at_ms), "text",
						      json_str(annex->text)));
	}
	return list;
}

const char *agreement_tag(struct call *call, const struct agreements *agreements)
{
	const struct agreement_version *last = agreements->count ? &agreements->versions[agreements->count - 1] : NULL;

	return arena_printf(call->arena, "\"%zu.%zu.%d.%zu\"", agreements->count, last ? last->signature_count : 0,
			    last && last->withdrawn, agreements->annex_count);
}

static void get_agreement(struct call *call)
{
	const struct agreement_version *now, *proposed;
	json_t *root = json_object(), *list = json_array();
	struct office_view view;

	if (!view_begin(call, false, &view))
		return;
	now = agreements_at(view.agreements, call->now_ms);
	proposed = agreements_proposed(view.agreements);
	for (size_t i = 0; i < view.agreements->count; i++)
		json_array_append_new(list, version_json(call, &view.agreements->versions[i]));
	json_object_set_new(root, "in_force", now ? json_integer(now->number) : json_null());
	json_object_set_new(root, "proposed", proposed ? json_integer(proposed->number) : json_null());
	json_object_set_new(root, "versions", list);
	json_object_set_new(root, "annexes", annexes_json(call, view.agreements));
	call_json(call, 200, root);
	http_reply_header(call->reply, "ETag", agreement_tag(call, view.agreements));
	view_end(call);
}

static const struct endpoint endpoint_get_agreement = {
	.method = HTTP_GET,
	.path = "/api/agreement",
	.name = "getAgreement",
	.tag = "agreement",
	.roles = ROLES_INSIDE,
	.versioned = true,
	.summary = "The versions of the agreement, and who has signed them",
	.answer = agreement_members,
	.run = get_agreement,
};

/* ---- one version ---- */

static const struct member term_members[] = {
	GIVEN("chapter", MEMBER_TEXT, "under which it stands"),
	{ .name = "party",
	  .type = MEMBER_CHOICE,
	  .required = true,
	  .null = true,
	  .choices = PARTIES,
	  .sentence = "whose promise it is" },
	GIVEN("subject", MEMBER_TEXT, "what it is about: a promise, a type of lead, a person"),
	GIVEN("what", MEMBER_TEXT, "empty: the subject itself"),
	{ .name = "value",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .most = AGREEMENT_MAX_BYTES,
	  .sentence = "what is agreed, in words" },
	{ .name = NULL },
};
static const struct member term_item = { .name = "", .type = MEMBER_OBJECT, .members = term_members };
static const struct member whole_members[] = {
	VERSION_MEMBERS,
	TEXT_MEMBER("text", true),
	{ .name = "terms",
	  .type = MEMBER_LIST,
	  .required = true,
	  .most = 100000,
	  .items = &term_item,
	  .sentence = "in plain words, in the order people read a contract" },
	{ .name = NULL },
};

static json_t *terms_json(const struct agreement *agreement, struct arena *arena)
{
	struct terms terms = agreement_terms(agreement, arena);
	json_t *list = json_array();

	for (size_t i = 0; i < terms.count; i++) {
		const struct term *t = &terms.items[i];
		bool of_party = t->chapter == TERM_PROMISES || t->chapter == TERM_PARTIES;
		json_t *item = json_object();

		json_object_set_new(item, "chapter", json_string(term_chapter_title(t->chapter)));
		json_object_set_new(item, "party", of_party ? json_string(party_name(t->party)) : json_null());
		json_object_set_new(item, "subject", json_str(t->subject));
		json_object_set_new(item, "what", json_string(t->what ? t->what : ""));
		json_object_set_new(item, "value", json_str(t->value));
		json_array_append_new(list, item);
	}
	return list;
}

/* The version the path names; NULL after saying that there is none. */
static const struct agreement_version *version_asked(struct call *call, const struct agreements *agreements)
{
	const struct agreement_version *version = agreements_numbered(agreements, call_part(call, 0));

	if (!version)
		call_not_found(call, "There is no version of this number; /api/agreement lists them.");
	return version;
}

static void get_version(struct call *call)
{
	const struct agreement_version *version;
	struct office_view view;
	json_t *body;

	if (!view_begin(call, false, &view))
		return;
	version = version_asked(call, view.agreements);
	if (version) {
		body = version_json(call, version);
		json_object_set_new(body, "text", json_str(version->agreement->text));
		json_object_set_new(body, "terms", terms_json(version->agreement, call->arena));
		call_json(call, 200, body);
	}
	view_end(call);
}

static const struct endpoint endpoint_get_version = {
	.method = HTTP_GET,
	.path = "/api/agreement/versions/{number}",
	.name = "getVersion",
	.tag = "agreement",
	.roles = ROLES_INSIDE,
	.summary = "One version: its text, and its terms in plain words",
	.answer = whole_members,
	.run = get_version,
};

static const struct member contract_arguments[] = {
	{ .name = "format", .type = MEMBER_CHOICE, .choices = "html|text", .sentence = "how it is written; html" },
	{ .name = NULL },
};

static void get_contract(struct call *call)
{
	bool text = str_is(http_argument(call->request, "format"), "text");
	const struct agreement_version *version;
	struct office_view view;
	struct buf out;

	if (!view_begin(call, false, &view))
		return;
	version = version_asked(call, view.agreements);
	if (version) {
		buf_init(&out, CONTRACT_MOST);
		if (text)
			contract_text(version, false, &out);
		else
			contract_html(version, &out);
		call_bytes(call, 200, text ? "text/plain; charset=utf-8" : "text/html; charset=utf-8", buf_str(&out));
		buf_release(&out);
	}
	view_end(call);
}

static const struct endpoint endpoint_get_contract = {
	.method = HTTP_GET,
	.path = "/api/agreement/versions/{number}/contract",
	.name = "getContract",
	.tag = "agreement",
	.roles = ROLES_INSIDE,
	.summary = "One version as a contract to read and print",
	.arguments = contract_arguments,
	.type = "text/html|text/plain",
	.run = get_contract,
};

/* ---- texts that are sent ---- */

void agreement_problem(const struct err *err, struct problems *problems)
{
	const char *text = err->text;
	long line = 0, column = 0;
	char *end;

	if (!strncmp(text, TEXT_NAME ":", sizeof(TEXT_NAME))) {
		line = strtol(text + sizeof(TEXT_NAME), &end, 10);
		column = *end == ':' ? strtol(end + 1, &end, 10) : 0;
		text = !strncmp(end, ": ", 2) ? end + 2 : end;
	}
	problem_add(problems, STR_NONE, line, column, STR_NONE, "%s", text);
}

bool agreement_text(struct call *call, struct str text, struct agreements *out, struct problems *problems, bool *failed)
{
	struct err err = ERR_INIT;
	int result = agreements_of_text(out, text, TEXT_NAME, problems, call->arena, &err);

	*failed = false;
	if (result == ERR_INPUT || result == ERR_LIMIT) {
		agreement_problem(&err, problems);
	} else if (result) {
		call_error(call, &err);
		*failed = true;
	}
	return !result && !problems->count;
}

/* ---- check ---- */

const struct member agreement_text_members[] = { TEXT_MEMBER("text", true), { .name = NULL } };
static const struct member place_members[] = {
	{ .name = "line", .type = MEMBER_WHOLE, .sentence = "from 1" },
	{ .name = "column", .type = MEMBER_WHOLE, .sentence = "character of the line, from 1" },
	{ .name = "member", .type = MEMBER_TEXT, .sentence = "the key it is about" },
	{ .name = "about", .type = MEMBER_TEXT, .sentence = "the text" },
	GIVEN("text", MEMBER_TEXT, "what is wrong, and what to write"),
	{ .name = NULL },
};
const struct member agreement_place = { .name = "", .type = MEMBER_OBJECT, .members = place_members };
static const struct member checked_members[] = {
	GIVEN("good", MEMBER_FLAG, "it can be proposed"),
	{ .name = "problems",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &agreement_place,
	  .sentence = "what is wrong, and where; none: it is an agreement" },
	WARNINGS,
	{ .name = NULL },
};

static void check(struct call *call)
{
	struct problems problems, doubts;
	struct agreements read;
	struct office_view view;
	bool failed;

	problems_init(&problems, call->arena);
	problems_init(&doubts, call->arena);
	if (agreement_text(call, call_member(call, "text"), &read, &problems, &failed)) {
		failed = !view_begin(call, false, &view);
		if (!failed) {
			agreement_check(read.versions[0].agreement, TEXT_NAME, &view.agreements->in_all, view.facts,
					&problems, &doubts, call->arena);
			view_end(call);
		}
	}
	if (!failed)
		call_json(call, 200,
			  json_pack("{s:b, s:o, s:o}", "good", problems.count == 0, "problems",
				    call_problems_json(&problems), "warnings", call_problems_json(&doubts)));
	agreements_release(&read);
}

static const struct endpoint endpoint_check = {
	.method = HTTP_POST,
	.path = "/api/agreement/check",
	.name = "checkAgreement",
	.tag = "agreement",
	.roles = ROLES_INSIDE,
	.summary = "Is a text an agreement? What is wrong, with line and column",
	.members = agreement_text_members,
	.answer = checked_members,
	.run = check,
};

/* ---- compare ---- */

#define VERSION_MEMBER(n)                                                                                              \
	{                                                                                                              \
		.name = n, .type = MEMBER_WHOLE, .least = 1, .most = 100000, .sentence = "a version of the book's"     \
	}

static const struct member compare_members[] = {
	VERSION_MEMBER("from_version"),
	TEXT_MEMBER("from_text", false),
	VERSION_MEMBER("to_version"),
	TEXT_MEMBER("to_text", false),
	{ .name = NULL },
};
static const struct member change_members[] = {
	GIVEN("chapter", MEMBER_TEXT, "under which it stands"),
	{ .name = "text",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .most = AGREEMENT_MAX_BYTES,
	  .sentence = "the difference" },
	{ .name = NULL },
};
static const struct member change_item = { .name = "", .type = MEMBER_OBJECT, .members = change_members };
static const struct member compared_members[] = {
	GIVEN("same", MEMBER_FLAG, "both say the same"),
	{ .name = "changes",
	  .type = MEMBER_LIST,
	  .required = true,
	  .most = 100000,
	  .items = &change_item,
	  .sentence = "what is new, gone or different" },
	{ .name = NULL },
};

/* One text of a request: a version of the book's, or one that is sent. */
struct chosen {
	const char *version, *text; /* names of the members */
	struct agreements read;
	const struct agreement_version *found; /* NULL: none, and it was said why */
};

/* False after saying that not just one of the two is given. */
static bool one_given(struct call *call, const struct chosen *chosen)
{
	bool version = json_object_get(call->body, chosen->version), text = call_member(call, chosen->text).len;

	if (version == text)
		problem_add(&call->problems, STR_NONE, 0, 0, str_of(chosen->text), "give either this or %s",
			    chosen->version);
	return version != text;
}

/* Of those of the view, or read. False after saying why not. */
static bool choose(struct call *call, const struct agreements *agreements, struct chosen *chosen)
{
	struct str text = call_member(call, chosen->text);
	json_int_t number = json_integer_value(json_object_get(call->body, chosen->version));
	bool failed = false;

	if (text.len) {
		chosen->found = agreement_text(call, text, &chosen->read, &call->problems, &failed)
					? &chosen->read.versions[0]
					: NULL;
	} else {
		chosen->found =
			agreements_numbered(agreements, str_of(arena_printf(call->arena, "%lld", (long long)number)));
		if (!chosen->found)
			problem_add(&call->problems, STR_NONE, 0, 0, str_of(chosen->version),
				    "there is no such version; the last is %zu", agreements->count);
	}
	if (!chosen->found && !failed)
		call_wrong(call);
	return chosen->found;
}

static json_t *changes_json(const struct agreement *a, const struct agreement *b, struct arena *arena)
{
	size_t count;
	const struct term_change *changes = agreement_diff(a, b, &count, arena);
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_pack("{s:s, s:o}", "chapter", term_chapter_title(changes[i].chapter),
						      "text", json_str(changes[i].text)));
	return json_pack("{s:b, s:o}", "same", count == 0, "changes", list);
}

static void compare(struct call *call)
{
	struct chosen from = { .version = "from_version", .text = "from_text" },
		      to = { .version = "to_version", .text = "to_text" };
	bool from_given = one_given(call, &from), given = one_given(call, &to) && from_given;
	struct office_view view;

	if (!given) {
		call_wrong(call);
	} else if (view_begin(call, false, &view)) {
		if (choose(call, view.agreements, &from) && choose(call, view.agreements, &to))
			call_json(call, 200, changes_json(from.found->agreement, to.found->agreement, call->arena));
		view_end(call);
	}
	agreements_release(&from.read);
	agreements_release(&to.read);
}

static const struct endpoint endpoint_compare = {
	.method = HTTP_POST,
	.path = "/api/agreement/compare",
	.name = "compareAgreements",
	.tag = "agreement",
	.roles = ROLES_INSIDE,
	.summary = "What changed from one text to another, in words",
	.members = compare_members,
	.answer = compared_members,
	.run = compare,
};

const struct endpoint *const endpoints_agreement[] = {
	&endpoint_get_agreement, &endpoint_get_version, &endpoint_get_contract,
	&endpoint_check,         &endpoint_compare,     NULL,
};
