/* Records one after another: opportunities, touches, activities, spend, orders; and what there is by campaign, partner, team and person. */
#include "serve/records.h"

#include <string.h>

#include "base/date.h"
#include "facts/cells.h"
#include "facts/measure.h"
#include "facts/packed.h"
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/listed.h"
#include "serve/who.h"

enum { COLUMNS_MOST = 48, NAME_MOST = 200, TEXT_MOST = 100000 };

#define GIVEN(n, t, s)                                                                                                 \
	{                                                                                                              \
		.name = n, .type = t, .required = true, .sentence = s                                                  \
	}
#define NULLABLE(n, t, s)                                                                                              \
	{                                                                                                              \
		.name = n, .type = t, .required = true, .null = true, .sentence = s                                    \
	}

static const struct member list_arguments[] = {
	{ .name = "where",
	  .type = MEMBER_TEXT,
	  .most = CONDITION_MOST,
	  .sentence = "only those for which this condition holds, in the measure language" },
	{ .name = "order", .type = MEMBER_TEXT, .most = NAME_MOST, .sentence = "by which column: amount desc" },
	LIST_ARGUMENTS,
};
enum { LIST_ARGUMENTS_ALL = sizeof(list_arguments) / sizeof(*list_arguments) };
static const struct member lead_argument = {
	.name = "lead", .type = MEMBER_TEXT, .most = NAME_MOST, .sentence = "only those of the lead of this id"
};
static const struct member opportunity_argument = {
	.name = "opportunity", .type = MEMBER_TEXT, .most = NAME_MOST, .sentence = "only those of the deal of this id"
};
static const struct member one_arguments[] = {
	{ .name = "source",
	  .type = MEMBER_TEXT,
	  .most = NAME_MOST,
	  .sentence = "whose id it is, where several have it" },
	{ .name = NULL },
};

/* ---- what they have: the catalogue of facts says it ---- */

static const enum fact kinds[] = { FACT_OPPORTUNITIES, FACT_TOUCHES, FACT_ACTIVITIES, FACT_SPEND, FACT_ORDERS };
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

static struct description {
	struct member columns[COLUMNS_MOST + 2], item, list[4], one[COLUMNS_MOST + 4],
		arguments[LIST_ARGUMENTS_ALL + 3];
} described[KINDS];

/* Those of every company that records themselves tell; others are asked for by /api/rows. */
static bool is_told(const struct column_def *column)
{
	return !column->judged && !column->derived;
}

/* Of deals and orders: others are not found so quickly. */
static bool has_sealed(enum fact fact)
{
	return fact == FACT_OPPORTUNITIES || fact == FACT_ORDERS;
}

/* Returns how many. */
static size_t describe_columns(struct member *out, const struct column_def *columns)
{
	static const enum member_type types[] = {
		[COLUMN_TIME] = MEMBER_TIME,  [COLUMN_NAME] = MEMBER_TEXT, [COLUMN_NUMBER] = MEMBER_NUMBER,
		[COLUMN_MONEY] = MEMBER_TEXT, [COLUMN_FLAG] = MEMBER_FLAG, [COLUMN_REF] = MEMBER_TEXT,
		[COLUMN_KEY] = MEMBER_TEXT,
	};
	size_t count = 0;

	for (; columns->name; columns++) {
		if (!is_told(columns))
			continue;
		if (count == COLUMNS_MOST)
			BUG("more columns than a record has");
		out[count++] = (struct member){ .name = columns->name,
						.type = types[columns->type],
						.required = true,
						.null = columns->type != COLUMN_KEY,
						.most = types[columns->type] == MEMBER_TEXT ? TEXT_MOST : 0,
						.sentence = columns->sentence };
	}
	out[count++] = (struct member)GIVEN("record_source", MEMBER_TEXT, "whose id it is");
	return count;
}

/* One alone has what is sealed, too. */
static void describe_one(struct description *d, enum fact fact, size_t count)
{
	memcpy(d->one, d->columns, count * sizeof(*d->one));
	if (!has_sealed(fact))
		return;
	d->one[count++] = (struct member)NULLABLE("name", MEMBER_TEXT, "what it is called");
	d->one[count] = (struct member)NULLABLE("notes", MEMBER_TEXT, "what was noted, opened");
	d->one[count - 1].most = d->one[count].most = TEXT_MOST;
}

/* Lists of what belongs to leads and deals can be asked for those of one. */
static void describe_arguments(struct description *d, const struct column_def *columns)
{
	size_t count = LIST_ARGUMENTS_ALL;

	memcpy(d->arguments, list_arguments, sizeof(list_arguments));
	for (; columns->name; columns++) {
		if (columns->type == COLUMN_REF && columns->target == FACT_LEADS)
			d->arguments[count++] = lead_argument;
		else if (columns->type == COLUMN_REF && columns->target == FACT_OPPORTUNITIES)
			d->arguments[count++] = opportunity_argument;
	}
	d->arguments[count] = (struct member){ .name = NULL };
}

void records_describe(void)
{
	static const struct member paging[] = { LIST_MEMBERS };

	for (size_t i = 0; i < KINDS; i++) {
		struct description *d = &described[i];

		describe_one(d, kinds[i], describe_columns(d->columns, catalogue_of(kinds[i])));
		describe_arguments(d, catalogue_of(kinds[i]));
		d->item = (struct member){ .name = "", .type = MEMBER_OBJECT, .members = d->columns };
		d->list[0] = (struct member){ .name = fact_name(kinds[i]),
					      .type = MEMBER_LIST,
					      .required = true,
					      .sentence = "one after another",
					      .items = &d->item };
		memcpy(&d->list[1], paging, sizeof(paging));
	}
}

/* ---- one row ---- */

static json_t *money_json(const struct facts *facts, enum fact fact, const struct column *column, uint32_t row)
{
	int64_t minor = column->at.any ? column_money(column, row) : MONEY_NONE;
	char currency[8];
	struct buf text;
	json_t *json;

	if (minor == MONEY_NONE || money_too_large(minor))
		return json_null();
	snprintf(currency, sizeof(currency), "%.*s", STR_ARG(cell_name(cells_of(facts, fact, "currency"), row)));
	buf_init(&text, 64);
	money_plain(&text, minor, currency);
	json = json_str(buf_str(&text));
	buf_release(&text);
	return json;
}

static json_t *cell_json(const struct facts *facts, enum fact fact, const struct column_def *def, uint32_t row,
			 const struct zone *zone, struct arena *arena)
{
	const struct column *column = cells_of(facts, fact, def->name);
	uint32_t target;

	switch (def->type) {
	case COLUMN_TIME: return time_json(zone, cell_time_ms(column, row));
	case COLUMN_NAME: return json_str_or_null(cell_name(column, row));
	case COLUMN_NUMBER: return number_json(cells_number(column, row));
	case COLUMN_MONEY: return money_json(facts, fact, column, row);
	case COLUMN_FLAG:
		return cell_yes(column, row) ? json_true() : cell_no(column, row) ? json_false() : json_null();
	case COLUMN_REF:
		target = cell_ref(column, row);
		return target == REF_NONE ? json_null() : json_str(cells_key(facts, def->target, target, arena));
	default: return json_str(cells_key(facts, fact, row, arena));
	}
}

static json_t *row_json(struct call *call, const struct facts *facts, enum fact fact, uint32_t row)
{
	json_t *item = json_object();

	for (const struct column_def *def = catalogue_of(fact); def->name; def++)
		if (is_told(def))
			json_object_set_new(item, def->name,
					    cell_json(facts, fact, def, row, server_zone(call->server), call->arena));
	json_object_set_new(item, "record_source", json_str(cells_source(facts, fact, row)));
	return item;
}

static json_t *sealed_json(const struct state *state, bool found, enum field code)
{
	const struct value *value = found ? record_get(&state->record, code) : NULL;

	return value && value->kind == VALUE_TEXT ? json_str(value->as.text) : json_null();
}

json_t *record_json(struct call *call, const struct facts *facts, enum fact fact, uint32_t row)
{
	enum object object = fact == FACT_ORDERS ? OBJECT_ORDER : OBJECT_OPPORTUNITY;
	struct directory *directory = server_directory(call->server);
	json_t *item = row_json(call, facts, fact, row);
	struct err err = ERR_INIT;
	struct state state;
	bool found = false;

	if (!has_sealed(fact))
		return item;
	if (directory_begin(directory, OBJECT_NONE, &err) == 0) {
		if (!directory_state(directory, object, cells_source(facts, fact, row),
				     cells_key(facts, fact, row, call->arena), &state, &found, call->arena, &err)) {
			json_object_set_new(item, "name", sealed_json(&state, found, FIELD_NAME));
			json_object_set_new(item, "notes", sealed_json(&state, found, FIELD_NOTES));
		}
		directory_end(directory);
	}
	if (!err.kind)
		return item;
	json_decref(item);
	call_error(call, &err);
	return NULL;
}

const char *record_tag(struct call *call, const struct facts *facts, enum fact fact, uint32_t row)
{
	json_t *item = record_json(call, facts, fact, row);
	const char *tag;
	struct buf text;

	if (!item)
		return NULL;
	buf_init(&text, 1 << 20);
	json_print(item, 0, &text);
	json_decref(item);
	tag = arena_printf(call->arena, "\"%016llx\"", (unsigned long long)str_hash(buf_str(&text)));
	buf_release(&text);
	return tag;
}

void record_not_found(struct call *call)
{
	call_not_found(call, "There is none of this id, or several have it: ?source= says which.");
}

static void list(struct call *call, enum fact fact)
{
	struct office_view view;
	struct rows_page page;
	struct buf condition;
	const char *where;
	json_t *rows;

	if (!view_begin(call, false, &view))
		return;
	buf_init(&condition, 2 * CONDITION_MOST);
	condition_and(&condition, call_text(call, "where"));
	condition_is(&condition, "lead.key", http_argument(call->request, "lead"));
	condition_is(&condition, "opportunity.key", http_argument(call->request, "opportunity"));
	where = condition_text(&condition, call->arena);
	buf_release(&condition);
	if (rows_read(call, view.facts, fact_name(fact), where, call_text(call, "order"), &page)) {
		rows = json_array();
		for (size_t i = page.before; i < page.listing.count; i++)
			json_array_append_new(rows, row_json(call, view.facts, fact, page.listing.rows[i]));
		call_json(call, 200, rows_json(&page, fact_name(fact), rows));
	}
	view_end(call);
}

/* Of that key, among those that who asks may see: 0, 1, or more. */
static size_t find(struct call *call, const struct facts *facts, enum fact fact, uint32_t *row)
{
	struct str source = http_argument(call->request, "source");
	struct question question = { .of = fact_name(fact), .as_of = DATE_NONE, .scope = who_sees(&call->who) };
	struct listing listing;
	struct err err = ERR_INIT;
	struct buf condition;
	size_t found = 0;

	buf_init(&condition, CONDITION_MOST);
	condition_is(&condition, "key", call_part(call, 0));
	question.where = condition_text(&condition, call->arena);
	buf_release(&condition);
	if (measure_list(facts, &question, "key", NULL, 8, call->arena, &listing, &err))
		return 0;
	for (size_t i = 0; i < listing.count; i++)
		if (!source.len || str_eq(source, cells_source(facts, fact, listing.rows[i]))) {
			*row = listing.rows[i];
			found++;
		}
	return found;
}

static void get(struct call *call, enum fact fact)
{
	struct office_view view;
	uint32_t row;

	if (!view_begin(call, false, &view))
		return;
	if (find(call, view.facts, fact, &row) == 1) {
		const char *tag = record_tag(call, view.facts, fact, row);
		json_t *item = tag ? record_json(call, view.facts, fact, row) : NULL;

		if (item) {
			call_json(call, 200, item);
			http_reply_header(call->reply, "ETag", tag);
		}
	} else {
		record_not_found(call);
	}
	view_end(call);
}

#define RECORDS(fact, place, plural, One, Many, words)                                                                 \
	static void list_##plural(struct call *call)                                                                   \
	{                                                                                                              \
		list(call, fact);                                                                                      \
	}                                                                                                              \
	static void get_##plural(struct call *call)                                                                    \
	{                                                                                                              \
		get(call, fact);                                                                                       \
	}                                                                                                              \
	static const struct endpoint endpoint_list_##plural = {                                                        \
		.method = HTTP_GET,                                                                                    \
		.path = "/api/" #plural,                                                                               \
		.name = "list" Many,                                                                                   \
		.tag = "records",                                                                                      \
		.roles = ROLES_ALL,                                                                                    \
		.summary = words,                                                                                      \
		.arguments = described[place].arguments,                                                               \
		.answer = described[place].list,                                                                       \
		.run = list_##plural,                                                                                  \
	};                                                                                                             \
	static const struct endpoint endpoint_get_##plural = {                                                         \
		.method = HTTP_GET,                                                                                    \
		.path = "/api/" #plural "/{key}",                                                                      \
		.name = "get" One,                                                                                     \
		.tag = "records",                                                                                      \
		.roles = ROLES_ALL,                                                                                    \
		.versioned = true,                                                                                     \
		.summary = words ": one of them",                                                                      \
		.arguments = one_arguments,                                                                            \
		.answer = described[place].one,                                                                        \
		.run = get_##plural,                                                                                   \
	}

RECORDS(FACT_OPPORTUNITIES, 0, opportunities, "Opportunity", "Opportunities", "The deals");
RECORDS(FACT_TOUCHES, 1, touches, "Touch", "Touches", "What people did that marketing saw: forms, clicks, webinars");
RECORDS(FACT_ACTIVITIES, 2, activities, "Activity", "Activities", "Contacts by sellers: calls, mails, meetings");
RECORDS(FACT_SPEND, 3, spend, "SpendLine", "Spend", "What marketing spent");
RECORDS(FACT_ORDERS, 4, orders, "Order", "Orders", "The booked sales");

/* ---- by campaign, partner, team, person ---- */

#define COUNTED(n, s) GIVEN(n, MEMBER_WHOLE, s)
#define COUNTS                                                                                                         \
	COUNTED("leads", "all of them"), COUNTED("qualified", "good enough for sales"),                                \
		COUNTED("handed_off", "to sales"), COUNTED("accepted", "by sales"), COUNTED("rejected", "by sales"),   \
		COUNTED("opportunity", "became one"), COUNTED("won", "became customers")

static const struct member group_arguments[] = { LIST_ARGUMENTS, { .name = NULL } };

static const char *const counts[] = {
	"leads", "qualified", "handed_off", "accepted", "rejected", "opportunity", "won"
};
static const char *const measures[] = { "count()",         "count(qualified)",   "count(handed_off)", "count(accepted)",
					"count(rejected)", "count(opportunity)", "count(won)" };
enum { COUNTS_ALL = sizeof(counts) / sizeof(*counts) };

/* What is listed: leads by `column`; what was told of `object`; `add` puts more into an item, and may be NULL. */
struct grouping {
	const char *column, *name, *plural;
	enum object object;
	void (*add)(json_t *item, const struct office_view *view, struct str of, const struct zone *zone);
};

/* Those that leads have, the most first, then those that were told of and have none. Returns how many. */
static size_t group_names(struct call *call, const struct grouping *g, struct listed_look *look,
			  const struct answer *answer, struct str **out)
{
	size_t told = directory_count(look->view.directory, g->object), count = 0;
	struct str *names = ARENA_ARRAY(call->arena, struct str, answer->row_count + told + 1);

	for (; count < answer->row_count; count++)
		names[count] = answer->rows[count].by[0];
	for (const struct listed *l = NULL;
	     (l = directory_next(look->view.directory, g->object, l ? l->subject : 0));) {
		bool known = !l->name.len;

		for (size_t i = 0; i < count && !known; i++)
			known = str_eq(names[i], l->name);
		if (!known && directory_sees(&look->view, l))
			names[count++] = l->name;
	}
	*out = names;
	return count;
}

static json_t *group_json(const struct grouping *g, const struct answer *answers, struct str of,
			  const struct office_view *view, const struct zone *zone)
{
	json_t *item = json_object();

	json_object_set_new(item, g->name, json_str(of));
	for (size_t c = 0; c < COUNTS_ALL; c++) {
		json_int_t number = 0;

		for (size_t r = 0; r < answers[c].row_count; r++)
			if (str_eq(answers[c].rows[r].by[0], of))
				number = (json_int_t)answers[c].rows[r].value;
		json_object_set_new(item, counts[c], json_integer(number));
	}
	if (g->add)
		g->add(item, view, of, zone);
	return item;
}

static void list_by(struct call *call, const struct grouping *g)
{
	struct question question = { .of = "leads",
				     .by = g->column,
				     .where = arena_printf(call->arena, "%s is not empty", g->column),
				     .as_of = DATE_NONE,
				     .from = DATE_NONE,
				     .to = DATE_NONE,
				     .scope = who_sees(&call->who) };
	struct answer answers[COUNTS_ALL];
	struct listed_look look;
	struct office_view view;
	struct err err = ERR_INIT;
	size_t begin, count, all;
	struct str *names;
	json_t *rows;

	if (!listed_view_begin(call, g->object, &view, &look))
		return;
	if (measure_ask_many(view.facts, &question, measures, COUNTS_ALL, call->arena, answers, &err)) {
		call_error(call, &err);
	} else if (all = group_names(call, g, &look, &answers[0], &names), range_read(call, all, &begin, &count)) {
		rows = json_array();
		for (size_t i = begin; i < begin + count; i++)
			json_array_append_new(rows, group_json(g, answers, names[i], &view, server_zone(call->server)));
		call_json(call, 200, range_json(all, begin + count, g->plural, rows));
	}
	listed_end(&look);
	view_end(call);
}

static void add_standing(json_t *item, const struct office_view *view, struct str of, const struct zone *zone)
{
	const struct partner_standing *standing = standings_of(view->standings, of);

	json_object_set_new(item, "standing",
			    json_string(standing_name(standing ? standing->standing : STANDING_GOOD)));
	json_object_set_new(item, "since", standing ? time_json(zone, standing->at_ms) : json_null());
	json_object_set_new(item, "reason", json_str_or_null(standing ? standing->reason : STR_NONE));
}

#define GROUPS(plural, what, column, singular, Many, words, add, ...)                                                  \
	static const struct member plural##_members[] = {                                                              \
		GIVEN(singular, MEMBER_TEXT, "its name; empty: leads of none"), COUNTS, __VA_ARGS__                    \
	};                                                                                                             \
	static const struct member plural##_item = { .name = "", .type = MEMBER_OBJECT, .members = plural##_members }; \
	static const struct member plural##_list[] = {                                                                 \
		{ .name = #plural,                                                                                     \
		  .type = MEMBER_LIST,                                                                                 \
		  .required = true,                                                                                    \
		  .items = &plural##_item,                                                                             \
		  .sentence = words },                                                                                 \
		LIST_MEMBERS,                                                                                          \
		{ .name = NULL },                                                                                      \
	};                                                                                                             \
	static void list_##plural(struct call *call)                                                                   \
	{                                                                                                              \
		static const struct grouping grouping = { column, singular, #plural, what, add };                      \
		list_by(call, &grouping);                                                                              \
	}                                                                                                              \
	static const struct endpoint endpoint_list_##plural = {                                                        \
		.method = HTTP_GET,                                                                                    \
		.path = "/api/" #plural,                                                                               \
		.name = "list" Many,                                                                                   \
		.tag = #plural,                                                                                        \
		.roles = ROLES_ALL,                                                                                    \
		.summary = words,                                                                                      \
		.arguments = group_arguments,                                                                          \
		.answer = plural##_list,                                                                               \
		.run = list_##plural,                                                                                  \
	}

GROUPS(campaigns, OBJECT_CAMPAIGN, "campaign", "campaign", "Campaigns", "Campaigns, and what became of their leads",
       NULL, { .name = NULL });
GROUPS(teams, OBJECT_TEAM, "team", "team", "Teams", "Teams, and what became of their leads", NULL, { .name = NULL });
GROUPS(people, OBJECT_PERSON, "owner", "person", "People", "Who has leads, and what became of them", NULL,
       { .name = NULL });
GROUPS(partners, OBJECT_PARTNER, "partner", "partner", "Partners",
       "Partners, how they stand, and what became of their leads", add_standing,
       GIVEN("standing", MEMBER_TEXT, "good, on probation or suspended"),
       NULLABLE("since", MEMBER_TIME, "since when it stands so"), NULLABLE("reason", MEMBER_TEXT, "the evidence"),
       { .name = NULL });

const struct endpoint *const endpoints_records[] = {
	&endpoint_list_opportunities, &endpoint_get_opportunities, &endpoint_list_touches,
	&endpoint_get_touches,        &endpoint_list_activities,   &endpoint_get_activities,
	&endpoint_list_spend,         &endpoint_get_spend,         &endpoint_list_orders,
	&endpoint_get_orders,         &endpoint_list_campaigns,    &endpoint_list_teams,
	&endpoint_list_people,        &endpoint_list_partners,     NULL,
};
