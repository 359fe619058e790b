/* Promises of both sides as they stand now, and what is said of broken ones. */
#include <string.h>

#include "base/date.h"
#include "desk/promise_desk.h"
#include "domain/agreement_terms.h"
#include "facts/cells.h"
#include "facts/measure.h"
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/listing.h"
#include "serve/speaker.h"
#include "serve/who.h"

enum { NAME_MOST = 200, WHY_MOST = 400, EPISODES_MOST = 65535 };

#define PARTIES "marketing|sales|partner|executive"
#define STATES "running|at risk|waiting|met|broken|excused|disputed|void"
#define RUNNING "(state = \"running\" or state = \"at risk\" or state = \"waiting\")"

/* ---- one after another ---- */

static const struct member list_arguments[] = {
	{ .name = "party", .type = MEMBER_CHOICE, .choices = PARTIES, .sentence = "who promised it" },
	{ .name = "state", .type = MEMBER_CHOICE, .choices = STATES, .sentence = "how it stands" },
	{ .name = "promise", .type = MEMBER_TEXT, .most = NAME_MOST, .sentence = "its name in the agreement" },
	{ .name = "owner", .type = MEMBER_TEXT, .most = NAME_MOST, .sentence = "who is to keep it" },
	{ .name = "partner", .type = MEMBER_TEXT, .most = NAME_MOST, .sentence = "the lead's partner" },
	{ .name = "lead", .type = MEMBER_TEXT, .most = NAME_MOST, .sentence = "the lead's id" },
	{ .name = "open", .type = MEMBER_FLAG, .sentence = "true: only those whose clock runs" },
	{ .name = "where",
	  .type = MEMBER_TEXT,
	  .most = CONDITION_MOST,
	  .sentence = "only those for which this condition holds" },
	LIST_ARGUMENTS,
	{ .name = NULL },
};

#define NULLABLE(n, t, s)                                                                                              \
	{                                                                                                              \
		.name = n, .type = t, .required = true, .null = true, .sentence = s                                    \
	}
#define GIVEN(n, t, s)                                                                                                 \
	{                                                                                                              \
		.name = n, .type = t, .required = true, .sentence = s                                                  \
	}

static const struct member promise_members[] = {
	GIVEN("promise", MEMBER_TEXT, "its name in the agreement"),
	{ .name = "party", .type = MEMBER_CHOICE, .required = true, .choices = PARTIES, .sentence = "who promised it" },
	{ .name = "kind",
	  .type = MEMBER_CHOICE,
	  .required = true,
	  .choices = "clock|attempts|volume",
	  .sentence = "something done in time, tries to reach the lead, or a number in a period" },
	NULLABLE("lead", MEMBER_TEXT, "the lead's id; null where a number in a period was promised"),
	NULLABLE("source", MEMBER_TEXT, "whose id that is"),
	NULLABLE("episode", MEMBER_WHOLE, "which episode of the lead"),
	NULLABLE("version", MEMBER_WHOLE, "the version of the agreement it was opened under"),
	{ .name = "state", .type = MEMBER_CHOICE, .required = true, .choices = STATES, .sentence = "how it stands" },
	NULLABLE("owner", MEMBER_TEXT, "who is to keep it"),
	NULLABLE("team", MEMBER_TEXT, "the lead's"),
	NULLABLE("partner", MEMBER_TEXT, "the lead's"),
	NULLABLE("started", MEMBER_TIME, "when its clock started, or its period began"),
	NULLABLE("due", MEMBER_TIME, "by when it is to be kept, pauses added"),
	NULLABLE("at_risk_at", MEMBER_TIME, "from when it is at risk"),
	NULLABLE("stopped", MEMBER_TIME, "when what stops its clock happened"),
	GIVEN("owed", MEMBER_FLAG, "what stops its clock has not happened and still can, late or not"),
	GIVEN("recorded_late", MEMBER_FLAG, "recorded as broken until somebody recorded that it had been kept"),
	NULLABLE("attempts", MEMBER_NUMBER, "to reach the lead within the time"),
	NULLABLE("counted", MEMBER_NUMBER, "of a number in a period: what it came to"),
	NULLABLE("at_least", MEMBER_NUMBER, "of a number in a period: what was promised"),
	{ .name = NULL },
};
static const struct member promise_item = { .name = "", .type = MEMBER_OBJECT, .members = promise_members };
static const struct member list_members[] = {
	{ .name = "promises",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &promise_item,
	  .sentence = "the soonest due first" },
	LIST_MEMBERS,
	{ .name = NULL },
};

static void add_lead(json_t *item, const struct facts *facts, uint32_t row, struct arena *arena)
{
	uint32_t lead = cell_ref(cells_of(facts, FACT_PROMISES, "lead"), row);
	bool any = lead != REF_NONE;

	json_object_set_new(item, "lead", any ? json_str(cells_key(facts, FACT_LEADS, lead, arena)) : json_null());
	json_object_set_new(item, "source", any ? json_str(cells_source(facts, FACT_LEADS, lead)) : json_null());
}

static json_t *promise_json(const struct facts *facts, uint32_t row, const struct zone *zone, struct arena *arena)
{
	static const char *const names[] = { "promise", "party", "kind", "state", "owner", "team", "partner" };
	static const char *const numbers[] = { "episode", "version", "attempts", "counted", "at_least" };
	static const char *const times[] = { "started", "due", "at_risk_at", "stopped" };
	static const char *const flags[] = { "owed", "recorded_late" };
	json_t *item = json_object();

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		json_object_set_new(item, names[i],
				    json_str_or_null(cell_name(cells_of(facts, FACT_PROMISES, names[i]), row)));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		json_object_set_new(item, numbers[i],
				    number_json(cells_number(cells_of(facts, FACT_PROMISES, numbers[i]), row)));
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++)
		json_object_set_new(item, times[i],
				    time_json(zone, cell_time_ms(cells_of(facts, FACT_PROMISES, times[i]), row)));
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		json_object_set_new(item, flags[i],
				    json_boolean(cell_yes(cells_of(facts, FACT_PROMISES, flags[i]), row)));
	add_lead(item, facts, row, arena);
	return item;
}

static const char *condition_of(struct call *call)
{
	static const char *const names[] = { "party", "state", "promise", "owner", "partner" };
	struct buf condition;
	const char *text;

	buf_init(&condition, 4 * CONDITION_MOST);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		condition_is(&condition, names[i], http_argument(call->request, names[i]));
	condition_is(&condition, "lead.key", http_argument(call->request, "lead"));
	if (call_flag(call, "open"))
		condition_and(&condition, RUNNING);
	condition_and(&condition, call_text(call, "where"));
	text = condition_text(&condition, call->arena);
	buf_release(&condition);
	return text;
}

static void list_promises(struct call *call)
{
	struct office_view view;
	struct rows_page page;
	json_t *list;

	if (!view_begin(call, true, &view))
		return;
	if (rows_read(call, view.facts, "promises", condition_of(call), "due", &page)) {
		list = json_array();
		for (size_t i = page.before; i < page.listing.count; i++)
			json_array_append_new(list, promise_json(view.facts, page.listing.rows[i],
								 server_zone(call->server), call->arena));
		call_json(call, 200, rows_json(&page, "promises", list));
	}
	view_end(call);
}

static const struct endpoint endpoint_list_promises = {
	.method = HTTP_GET,
	.path = "/api/promises",
	.name = "listPromises",
	.tag = "promises",
	.roles = ROLES_ALL,
	.summary = "The promises, the soonest due first",
	.arguments = list_arguments,
	.answer = list_members,
	.run = list_promises,
};

/* ---- both sides beside each other ---- */

static const struct member sides_arguments[] = {
	{ .name = "from", .type = MEMBER_DATE, .sentence = "due on that day or later" },
	{ .name = "to", .type = MEMBER_DATE, .sentence = "due on that day or before" },
	{ .name = NULL },
};

#define COUNTS                                                                                                         \
	GIVEN("running", MEMBER_WHOLE, "their clock runs"), GIVEN("at_risk", MEMBER_WHOLE, "their time is nearly up"), \
		GIVEN("waiting", MEMBER_WHOLE, "their clock stands still"), GIVEN("met", MEMBER_WHOLE, "were kept"),   \
		GIVEN("broken", MEMBER_WHOLE, "were not kept in time"),                                                \
		GIVEN("excused", MEMBER_WHOLE, "were not kept, for an agreed reason"),                                 \
		GIVEN("disputed", MEMBER_WHOLE, "somebody says that it was otherwise"),                                \
		GIVEN("void", MEMBER_WHOLE, "of leads that count nowhere, or whose promise ended")

static const struct member count_members[] = { COUNTS, { .name = NULL } };
static const struct member side_promise_members[] = {
	GIVEN("promise", MEMBER_TEXT, "its name in the agreement"),
	NULLABLE("sentence", MEMBER_TEXT, "what it says, as the agreement has it now"),
	NULLABLE("agreed_share", MEMBER_NUMBER, "of what falls due, 0 to 1"),
	{ .name = "counts",
	  .type = MEMBER_OBJECT,
	  .required = true,
	  .members = count_members,
	  .sentence = "of this one, by state" },
	{ .name = NULL },
};
static const struct member side_promise = { .name = "", .type = MEMBER_OBJECT, .members = side_promise_members };
static const struct member side_members[] = {
	{ .name = "party", .type = MEMBER_CHOICE, .required = true, .choices = PARTIES, .sentence = "who promised" },
	{ .name = "counts",
	  .type = MEMBER_OBJECT,
	  .required = true,
	  .members = count_members,
	  .sentence = "of all its promises; on time is met of met and broken" },
	{ .name = "promises", .type = MEMBER_LIST, .required = true, .items = &side_promise, .sentence = "one by one" },
	{ .name = NULL },
};
static const struct member side_item = { .name = "", .type = MEMBER_OBJECT, .members = side_members };
static const struct member sides_members[] = {
	GIVEN("now", MEMBER_TIME, "of this answer"),
	NULLABLE("version", MEMBER_WHOLE, "of the agreement in force, or else of the one that will be"),
	NULLABLE("from", MEMBER_TIME, "from when that is in force"),
	{ .name = "parties",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &side_item,
	  .sentence = "each side's, beside each other" },
	{ .name = NULL },
};

static json_t *no_counts(void)
{
	json_t *counts = json_object();

	for (const struct member *m = count_members; m->name; m++)
		json_object_set_new(counts, m->name, json_integer(0));
	return counts;
}

/* Of a member's name: "at risk" is at_risk. */
static void count(json_t *counts, struct str state, double rows, struct arena *arena)
{
	char *name = arena_cstr(arena, state);

	for (char *c = name; *c; c++)
		*c = *c == ' ' ? '_' : *c;
	json_object_set_new(counts, name,
			    json_integer(json_integer_value(json_object_get(counts, name)) + (json_int_t)rows));
}

/* In the list, the one whose `member` is `name`; NULL: none yet. */
static json_t *named(const json_t *list, const char *member, struct str name)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		const json_t *text = json_object_get(item, member);

		if (str_eq(name, (struct str){ json_string_value(text), json_string_length(text) }))
			return item;
	}
	return NULL;
}

static void add_terms(json_t *item, const struct agreement_version *version, struct str name, struct arena *arena)
{
	json_t *sentence = NULL, *share = NULL;

	for (size_t i = 0; version && i < version->agreement->promise_count; i++) {
		const struct promise_def *p = &version->agreement->promises[i];

		if (!str_eq(p->name, name))
			continue;
		sentence = json_str(promise_sentence(p, arena));
		share = p->keep.share > 0 ? json_real(p->keep.share) : NULL;
	}
	json_object_set_new(item, "sentence", sentence ? sentence : json_null());
	json_object_set_new(item, "agreed_share", share ? share : json_null());
}

static json_t *party_json(struct str party)
{
	json_t *side = json_object();

	json_object_set_new(side, "party", json_str(party));
	json_object_set_new(side, "counts", no_counts());
	json_object_set_new(side, "promises", json_array());
	return side;
}

/* Both are made where they are not there yet. */
static json_t *side_of(json_t *parties, struct str party)
{
	json_t *side = named(parties, "party", party);

	if (!side)
		json_array_append_new(parties, side = party_json(party));
	return side;
}

static json_t *promise_of(json_t *side, struct str name, const struct agreement_version *version, struct arena *arena)
{
	json_t *promises = json_object_get(side, "promises"), *promise = named(promises, "promise", name);

	if (promise)
		return promise;
	promise = json_object();
	json_object_set_new(promise, "promise", json_str(name));
	add_terms(promise, version, name, arena);
	json_object_set_new(promise, "counts", no_counts());
	json_array_append_new(promises, promise);
	return promise;
}

/* What was promised stands there from the first day on, whether it began or not. A partner sees what partners promised. */
static void add_promised(struct call *call, json_t *parties, const struct agreement_version *version)
{
	bool inside = call->who.roles & ROLES_INSIDE;

	for (size_t i = 0; version && i < version->agreement->promise_count; i++) {
		const struct promise_def *p = &version->agreement->promises[i];

		if (inside || p->party == PARTY_PARTNER)
			promise_of(side_of(parties, str_of(party_name(p->party))), p->name, version, call->arena);
	}
}

/* The one in force, else the first that both sides have signed and that will be. NULL: none. */
static const struct agreement_version *version_of(const struct agreements *agreements, int64_t now_ms)
{
	const struct agreement_version *version = agreements_at(agreements, now_ms);

	for (size_t i = 0; !version && i < agreements->count; i++)
		if (agreements->versions[i].from_ms != INT64_MAX && agreements->versions[i].from_ms > now_ms)
			version = &agreements->versions[i];
	return version;
}

/* Rows by party, promise and state. */
static json_t *sides_json(struct call *call, const struct answer *answer, const struct agreement_version *version)
{
	json_t *root = json_object(), *parties = json_array();

	add_promised(call, parties, version);
	for (size_t i = 0; i < answer->row_count; i++) {
		const struct answer_row *row = &answer->rows[i];
		json_t *side = side_of(parties, row->by[0]);
		json_t *promise = promise_of(side, row->by[1], version, call->arena);

		count(json_object_get(side, "counts"), row->by[2], row->value, call->arena);
		count(json_object_get(promise, "counts"), row->by[2], row->value, call->arena);
	}
	json_object_set_new(root, "now", time_json(server_zone(call->server), call->now_ms));
	json_object_set_new(root, "version", version ? json_integer(version->number) : json_null());
	json_object_set_new(root, "from",
			    version ? time_json(server_zone(call->server), version->from_ms) : json_null());
	json_object_set_new(root, "parties", parties);
	return root;
}

static const char *due_between(struct call *call)
{
	int32_t from = call_date(call, "from"), to = call_date(call, "to");
	char first[16], after[16];

	if (from != DATE_NONE)
		date_format(from, first);
	if (to != DATE_NONE)
		date_format(to + 1, after);
	if (from == DATE_NONE && to == DATE_NONE)
		return NULL;
	return from == DATE_NONE ? arena_printf(call->arena, "due < %s", after)
	       : to == DATE_NONE ? arena_printf(call->arena, "due >= %s", first)
				 : arena_printf(call->arena, "due >= %s and due < %s", first, after);
}

static void get_sides(struct call *call)
{
	struct question question = { .measure = "count()",
				     .of = "promises",
				     .by = "party, promise, state",
				     .where = due_between(call),
				     .as_of = DATE_NONE,
				     .from = DATE_NONE,
				     .to = DATE_NONE,
				     .scope = who_sees(&call->who) };
	struct err err = ERR_INIT;
	struct office_view view;
	struct answer answer;

	if (!view_begin(call, true, &view))
		return;
	if (measure_ask(view.facts, &question, call->arena, &answer, &err))
		call_error(call, &err);
	else
		call_json(call, 200, sides_json(call, &answer, version_of(view.agreements, call->now_ms)));
	view_end(call);
}

static const struct endpoint endpoint_get_sides = {
	.method = HTTP_GET,
	.path = "/api/promises/sides",
	.name = "getSides",
	.tag = "promises",
	.roles = ROLES_ALL,
	.summary = "Both sides beside each other: how many promises stand how",
	.arguments = sides_arguments,
	.answer = sides_members,
	.run = get_sides,
};

/* ---- what is said of a broken one ---- */

static const struct {
	const char *name;
	enum promise_verb verb;
} verbs[] = {
	{ "excuse", PROMISE_EXCUSE },
	{ "dispute", PROMISE_DISPUTE },
	{ "uphold", PROMISE_UPHOLD },
	{ "drop", PROMISE_DROP },
};

static const struct member say_members[] = {
	{ .name = "promise",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = NAME_MOST,
	  .sentence = "its name in the agreement" },
	{ .name = "say",
	  .type = MEMBER_CHOICE,
	  .required = true,
	  .choices = "excuse|dispute|uphold|drop",
	  .sentence = "excuse it, dispute it, or settle a dispute: uphold (it is excused) or drop (it stays broken)" },
	{ .name = "reason",
	  .type = MEMBER_TEXT,
	  .most = WHY_MOST,
	  .sentence = "why; to excuse, one of the agreement's" },
	{ .name = "episode",
	  .type = MEMBER_WHOLE,
	  .least = 1,
	  .most = EPISODES_MOST,
	  .sentence = "in which it broke, where that was not the last" },
	{ .name = "by", .type = MEMBER_TEXT, .most = NAME_MOST, .sentence = "who says so; you unless given" },
	{ .name = "at", .type = MEMBER_TIME, .sentence = "when it was said; now unless given" },
	{ .name = NULL },
};
static const struct member said_members[] = {
	GIVEN("lead", MEMBER_TEXT, "its id"),
	GIVEN("promise", MEMBER_TEXT, "its name in the agreement"),
	GIVEN("episode", MEMBER_WHOLE, "of the lead's life"),
	GIVEN("said", MEMBER_TEXT, "what was written down"),
	{ .name = NULL },
};

static enum promise_verb verb_of(struct str name)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (str_is(name, verbs[i].name))
			return verbs[i].verb;
	BUG("of a promise nobody says %.*s", STR_ARG(name));
}

static void say(struct call *call)
{
	struct str promise = call_member(call, "promise"), said = call_member(call, "say");
	unsigned episode = (unsigned)json_integer_value(json_object_get(call->body, "episode"));
	struct err err = ERR_INIT;
	struct lead_file file;
	struct lead_word word;

	if (!lead_found(call, &file) || !lead_word_read(call, &word))
		return;
	if (!promise_desk_of_lead(call->desk, promise, &call->problems)) {
		call_went_well(call, 1, &err);
		return;
	}
	if (call_went_well(call,
			   promise_desk_tell(call->desk, &file, promise, verb_of(said), &word, &episode,
					     &call->problems, &err),
			   &err))
		call_json(call, 200,
			  json_pack("{s:o, s:o, s:I, s:o}", "lead", json_str(file.key), "promise", json_str(promise),
				    "episode", (json_int_t)episode, "said", json_str(said)));
}

static const struct endpoint endpoint_say = {
	.method = HTTP_POST,
	.path = "/api/leads/{key}/promises",
	.name = "sayOfPromise",
	.tag = "promises",
	.roles = ROLES_WORK,
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.summary = "Excuse a broken promise, dispute it, or settle the dispute",
	.members = say_members,
	.answer = said_members,
	.run = say,
};

const struct endpoint *const endpoints_promises[] = {
	&endpoint_list_promises,
	&endpoint_get_sides,
	&endpoint_say,
	NULL,
};
