#include "facts/load.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "facts/snapshot.h"

/* ---- finding ---- */

static struct str lookup_key(enum object object, struct str source, struct str key, char *space, size_t size,
			     struct arena *arena)
{
	size_t len = 1 + source.len + 1 + key.len;
	char *out = len <= size ? space : arena_alloc(arena, len);

	out[0] = (char)object;
	if (source.len)
		memcpy(out + 1, source.at, source.len);
	out[1 + source.len] = '\0';
	if (key.len)
		memcpy(out + 2 + source.len, key.at, key.len);
	return (struct str){ out, len };
}

void load_remember_as(struct loader *l, struct table *table, enum object object, struct str source, struct str key,
		      uint64_t place)
{
	char space[256];
	bool is_new;
	uint64_t *slot;

	if (!key.len)
		return;
	slot = table_put(table, lookup_key(object, source, key, space, sizeof(space), &l->arena), &is_new);
	if (is_new)
		*slot = place;
	else if (table == &l->names && *slot != place)
		*slot = UINT64_MAX;
}

void load_remember_email(struct loader *l, const struct record *record, uint64_t place)
{
	struct str email = load_text(record, FIELD_EMAIL_MATCH);

	load_remember_as(l, &l->emails, record->object, record->source, email, place);
	load_remember_as(l, &l->emails, record->object, STR_NONE, email, place);
}

void load_remember(struct loader *l, enum object object, struct str source, struct str key, uint64_t place)
{
	load_remember_as(l, &l->keys, object, source, key, place);
}

static uint64_t look_up(const struct table *table, enum object object, struct str source, struct str key,
			struct arena *arena)
{
	char space[256];
	const uint64_t *place = table_get(table, lookup_key(object, source, key, space, sizeof(space), arena));

	return place && *place != UINT64_MAX ? *place : 0;
}

uint64_t load_find(struct loader *l, enum object object, struct str source, const struct value *ref,
		   struct column *column)
{
	const struct table *tables[] = {
		[REF_BY_KEY] = &l->keys, [REF_BY_EMAIL] = &l->emails, [REF_BY_NAME] = &l->names
	};
	struct str key = STR_NONE;
	uint64_t place = 0;

	if (!ref)
		return 0;
	if (ref->kind == VALUE_REF)
		key = ref->as.ref.key;
	else if (ref->kind == VALUE_TEXT)
		key = ref->as.text;
	if (!key.len)
		return 0;
	place = look_up(ref->kind == VALUE_REF ? tables[ref->as.ref.by] : &l->keys, object, source, key, &l->arena);
	/* An address is the same person wherever it stands. */
	if (!place && ref->kind == VALUE_REF && ref->as.ref.by == REF_BY_EMAIL)
		place = look_up(&l->emails, object, STR_NONE, key, &l->arena);
	/* Many exports write a company's name where its id could stand. */
	if (!place && (ref->kind != VALUE_REF || ref->as.ref.by == REF_BY_KEY))
		place = look_up(&l->names, object, source, key, &l->arena);
	if (!place && column)
		builder_unresolved(column);
	return place;
}

const struct colleague *load_colleague(const struct loader *l, struct str source, struct str who)
{
	struct arena scratch;
	uint64_t place;

	if (!who.len)
		return NULL;
	arena_init(&scratch);
	place = look_up(&l->keys, OBJECT_PERSON, source, who, &scratch);
	if (!place)
		place = look_up(&l->names, OBJECT_PERSON, source, who, &scratch);
	/* Colleagues are ours, whichever source names them. */
	if (!place)
		place = look_up(&l->names, OBJECT_PERSON, STR_NONE, who, &scratch);
	arena_release(&scratch);
	return place ? &l->colleagues[place - 1] : NULL;
}

struct str load_keep(struct loader *l, struct str text)
{
	return text.len ? arena_str(&l->arena, text) : STR_NONE;
}

struct str load_text(const struct record *record, enum field field)
{
	const struct value *value = record_get(record, field);

	return value && value->kind == VALUE_TEXT ? str_trim(value->as.text) : STR_NONE;
}

/* ---- filling ---- */

static const struct {
	enum object object;
	enum fact fact;
} fact_of[] = {
	{ OBJECT_LEAD, FACT_LEADS },          { OBJECT_OPPORTUNITY, FACT_OPPORTUNITIES },
	{ OBJECT_ACTIVITY, FACT_ACTIVITIES }, { OBJECT_TOUCH, FACT_TOUCHES },
	{ OBJECT_SPEND, FACT_SPEND },         { OBJECT_ORDER, FACT_ORDERS },
};

/* Fields and columns share their names, but for these. */
static const char *column_name(const struct field_def *def)
{
	switch (def->code) {
	case FIELD_REPORTED_LEADS: return "leads";
	case FIELD_REPORTED_CONVERSIONS: return "conversions";
	case FIELD_CLOSED:
	case FIELD_NAME:
	case FIELD_CONTACT: return NULL; /* worked out, not copied */
	default: return def->name;
	}
}

static void prepare_filling(struct loader *l, enum object object)
{
	size_t count = 0;
	const struct field_def *const *fields = object_fields(object, &count);

	memset(&l->filling, 0, sizeof(l->filling));
	l->filling.object = object;
	l->filling.fact = FACT__COUNT;
	for (size_t i = 0; i < sizeof(fact_of) / sizeof(*fact_of); i++) {
		if (fact_of[i].object == object)
			l->filling.fact = fact_of[i].fact;
	}
	for (size_t i = 0; l->filling.fact != FACT__COUNT && i < count; i++) {
		const char *name = column_name(fields[i]);
		struct column *column = name ? facts_column(l->facts, l->filling.fact, str_of(name)) : NULL;

		if (column && !column->def.derived && column->def.type != COLUMN_REF)
			l->filling.columns[fields[i]->code] = column;
	}
}

uint32_t load_seconds(const struct loader *l, const struct value *value)
{
	int64_t ms;

	if (!value)
		return TIME_NOT_REACHED;
	switch (value->kind) {
	case VALUE_DATE:
		if (value->as.date < 0 || value->as.date > (int32_t)(UINT32_MAX / DAY_SECONDS))
			return TIME_UNKNOWN;
		ms = zone_day_start_ms(l->facts->zone, value->as.date);
		break;
	case VALUE_TIME: ms = value->as.time_ms; break;
	case VALUE_YES: return TIME_UNKNOWN;
	default: return TIME_NOT_REACHED;
	}
	ms = floor_div(ms, 1000);
	return ms <= 0 || ms >= (int64_t)UINT32_MAX ? TIME_UNKNOWN : (uint32_t)ms;
}

struct str load_name_of(struct loader *l, const struct value *value)
{
	char number[48];

	switch (value->kind) {
	case VALUE_TEXT: return str_trim(value->as.text);
	case VALUE_REF: return value->as.ref.by == REF_BY_EMAIL ? STR_NONE : value->as.ref.key;
	case VALUE_NUMBER: decimal_format(value->as.number, number); return str_of(arena_dup(&l->arena, number));
	case VALUE_YES: return STR("yes");
	case VALUE_NO: return STR("no");
	case VALUE_DATE: date_format(value->as.date, number); return str_of(arena_dup(&l->arena, number));
	default: return STR_NONE;
	}
}

static void fill_number(struct loader *l, struct column *column, uint32_t row, const struct value *value)
{
	if (value->kind == VALUE_NUMBER)
		builder_number(l->facts, column, row, decimal_double(value->as.number));
	else if (value->kind == VALUE_YES || value->kind == VALUE_NO)
		builder_number(l->facts, column, row, value->kind == VALUE_YES);
}

static void fill_value(struct loader *l, struct column *column, uint32_t row, const struct value *value)
{
	struct str name;
	uint32_t t;

	switch (column->def.type) {
	case COLUMN_TIME:
		t = load_seconds(l, value);
		if (t != TIME_NOT_REACHED)
			builder_time(l->facts, column, row, t);
		break;
	case COLUMN_NAME:
		name = load_name_of(l, value);
		if (name.len)
			builder_name(l->facts, column, row, name);
		break;
	case COLUMN_NUMBER: fill_number(l, column, row, value); break;
	case COLUMN_MONEY:
		if (value->kind == VALUE_MONEY)
			builder_money(l->facts, column, row, value->as.money.minor, value->as.money.currency);
		break;
	case COLUMN_FLAG:
		if (value->kind == VALUE_YES || value->kind == VALUE_NO)
			builder_flag(l->facts, column, row, value->kind == VALUE_YES);
		break;
	default: break;
	}
}

/* A field's name as a name of the language: other characters become "_". */
static struct str language_name(struct loader *l, struct str name)
{
	char *out = arena_alloc(&l->arena, name.len + 2);
	size_t len = 0;

	if (name.len && name.at[0] >= '0' && name.at[0] <= '9')
		out[len++] = '_';
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];
		bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    (unsigned char)c >= 0x80;

		out[len++] = fine ? c : '_';
	}
	return (struct str){ out, len };
}

static struct column *custom_column(struct loader *l, enum fact fact, struct str name, enum column_type type,
				    struct str sentence)
{
	struct str known = language_name(l, name);
	struct column *column = known.len ? builder_custom(l->facts, fact, known, type, sentence) : NULL;

	/* The name is taken by a column of another kind. */
	if (!column && known.len)
		column = builder_custom(l->facts, fact, str_of(arena_printf(&l->arena, "own_%.*s", STR_ARG(known))),
					type, sentence);
	return column;
}

static void fill_custom(struct loader *l, uint32_t row, const struct record_field *field)
{
	static const enum column_type types[] = {
		[VALUE_TEXT] = COLUMN_NAME, [VALUE_NUMBER] = COLUMN_NUMBER, [VALUE_MONEY] = COLUMN_MONEY,
		[VALUE_DATE] = COLUMN_TIME, [VALUE_TIME] = COLUMN_TIME,     [VALUE_YES] = COLUMN_FLAG,
		[VALUE_NO] = COLUMN_FLAG,
	};
	struct str known = language_name(l, field->name);
	struct column *column = facts_column(l->facts, l->filling.fact, known);

	if (!column && field->value.kind >= VALUE_TEXT && field->value.kind <= VALUE_NO)
		column = custom_column(l, l->filling.fact, field->name, types[field->value.kind], STR_NONE);
	if (column && column->def.custom)
		fill_value(l, column, row, &field->value);
}

void load_fill(struct loader *l, uint32_t row, const struct record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct record_field *field = &record->fields[i];

		if (field->code == FIELD_CUSTOM)
			fill_custom(l, row, field);
		else if ((int)field->code < LOAD_FIELDS && l->filling.columns[field->code])
			fill_value(l, l->filling.columns[field->code], row, &field->value);
	}
	builder_source(l->facts, l->filling.fact, row, record->source);
}

/* ---- defaults ---- */

struct str load_name_at(const struct loader *l, enum fact fact, const char *column, uint32_t row)
{
	const struct column *names = facts_known_column(l->facts, fact, column);

	return names->at.any ? names->dict->names[names->at.codes[row]] : STR_NONE;
}

bool load_is_empty(const struct loader *l, enum fact fact, const char *column, uint32_t row)
{
	const struct column *values = facts_known_column(l->facts, fact, column);

	if (!values->at.any)
		return true;
	switch (values->def.type) {
	case COLUMN_NUMBER: return isnan(values->at.numbers[row]);
	case COLUMN_MONEY: return values->at.moneys[row] == MONEY_NONE;
	case COLUMN_FLAG: return values->at.flags[row] == FLAG_EMPTY;
	case COLUMN_REF: return values->at.refs[row] == REF_NONE;
	default: return values->at.codes[row] == 0;
	}
}

void load_default(struct loader *l, enum fact fact, const char *column, uint32_t row, struct str name)
{
	if (name.len && load_is_empty(l, fact, column, row))
		builder_name(l->facts, facts_known_column(l->facts, fact, column), row, name);
}

void load_owner(struct loader *l, enum fact fact, uint32_t row, struct str source)
{
	const struct colleague *colleague = load_colleague(l, source, load_name_at(l, fact, "owner", row));

	if (!colleague)
		return;
	if (colleague->name.len)
		builder_name(l->facts, facts_known_column(l->facts, fact, "owner"), row, colleague->name);
	load_default(l, fact, "team", row, colleague->team);
	if (fact != FACT_ACTIVITIES) {
		load_default(l, fact, "region", row, colleague->region);
		load_default(l, fact, "partner", row, colleague->partner);
	}
}

void load_copy_names(struct loader *l, enum fact from, enum fact to, const char *ref, const char *const *columns,
		     size_t count)
{
	const struct column *refs = facts_known_column(l->facts, to, ref);

	for (size_t i = 0; refs->at.any && i < count; i++) {
		const struct column *in = facts_known_column(l->facts, from, columns[i]);
		struct column *out = facts_known_column(l->facts, to, columns[i]);
		uint32_t *codes;

		if (!in->at.any)
			continue;
		codes = ARENA_ARRAY(&l->arena, uint32_t, in->dict->count);
		for (uint32_t row = l->first[to]; row < facts_rows(l->facts, to); row++) {
			uint32_t code = refs->at.refs[row] == REF_NONE ? 0 : in->at.codes[refs->at.refs[row]];

			if (!code || (out->at.any && out->at.codes[row]))
				continue;
			if (!codes[code])
				codes[code] = dict_code(out->dict, in->dict->names[code]);
			if (!out->at.any)
				builder_name(l->facts, out, row, in->dict->names[code]);
			out->at.codes[row] = codes[code];
		}
	}
}

/* ---- the whole ---- */

static size_t without_empty(struct record *record, struct arena *arena)
{
	struct record_field *fields = ARENA_ARRAY(arena, struct record_field, record->count + 1);
	size_t count = 0;

	for (size_t i = 0; i < record->count; i++) {
		if (record->fields[i].value.kind != VALUE_EMPTY)
			fields[count++] = record->fields[i];
	}
	record->fields = fields;
	return count;
}

struct telling {
	struct loader *l;
	state_fn *each;
};

static int each_state(void *context, const struct state *state, struct err *err)
{
	struct telling *telling = context;
	struct loader *l = telling->l;

	if (++l->done % 4096 == 0 && l->options->progress)
		l->options->progress(l->options->progress_context, l->done, 0);
	return telling->each(l, state, err);
}

/* As the book tells it: the state without empty fields; each version with them. */
static int tell_fed(struct loader *l, enum object object, bool history, state_fn *each)
{
	const struct fed_list *list = &l->feed[object];
	int failed = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct fed *fed = &list->items[i];

		for (size_t k = history ? 0 : fed->count - 1; k < fed->count && (!history || fed->count > 1); k++) {
			struct state state = { .record = fed->told[k], .versions = (unsigned)fed->count };

			if (!history)
				state.record.count = without_empty(&state.record, &l->arena);
			failed = each(l, &state, l->err);
			if (failed)
				return failed;
		}
	}
	return 0;
}

int load_states(struct loader *l, enum object object, state_fn *each)
{
	struct telling telling = { l, each };

	prepare_filling(l, object);
	if (l->feed)
		return tell_fed(l, object, false, each);
	return book_states(l->book, object, &l->reading, each_state, &telling, l->err);
}

int load_history(struct loader *l, enum object object, state_fn *each)
{
	if (l->feed)
		return tell_fed(l, object, true, each);
	return book_history(l->book, object, &l->reading, each, l, l->err);
}

static int each_custom_field(void *context, const struct state *state, struct err *err)
{
	static const struct {
		const char *name;
		enum column_type type;
	} types[] = { { "text", COLUMN_NAME }, { "number", COLUMN_NUMBER }, { "money", COLUMN_MONEY },
		      { "when", COLUMN_TIME }, { "date", COLUMN_TIME },     { "flag", COLUMN_FLAG } };
	struct loader *l = context;
	struct str of = load_text(&state->record, FIELD_OF_OBJECT), type = load_text(&state->record, FIELD_VALUE_TYPE);

	(void)err;
	for (size_t i = 0; i < sizeof(fact_of) / sizeof(*fact_of); i++) {
		if (!str_is(of, object_plural(fact_of[i].object)) && !str_is(of, object_singular(fact_of[i].object)))
			continue;
		for (size_t t = 0; t < sizeof(types) / sizeof(*types); t++) {
			if (str_is(type, types[t].name))
				custom_column(l, fact_of[i].fact, load_text(&state->record, FIELD_NAME), types[t].type,
					      load_text(&state->record, FIELD_SENTENCE));
		}
	}
	return 0;
}

static int load_imports(struct facts *facts, struct book *book, struct err *err)
{
	struct import *all;
	size_t count;
	int failed = book_imports(book, &all, &count, &facts->arena, err);

	if (failed)
		return failed;
	facts->unfinished = ARENA_ARRAY(&facts->arena, struct import, count + 1);
	for (size_t i = 0; i < count; i++) {
		if (all[i].state == IMPORT_UNFINISHED)
			facts->unfinished[facts->unfinished_count++] = all[i];
	}
	return 0;
}

int load_records(struct loader *l)
{
	int failed = load_states(l, OBJECT_CUSTOM_FIELD, each_custom_field);

	if (!failed)
		failed = load_people(l);
	if (!failed)
		failed = load_leads(l);
	if (!failed)
		failed = load_opportunities(l);
	if (!failed)
		failed = load_visits(l);
	if (!failed)
		failed = load_others(l);
	return failed;
}

static int load_all(struct loader *l)
{
	int failed = load_records(l);

	if (!failed)
		failed = load_imports(l->facts, l->book, l->err);
	if (!failed)
		load_leads_follow(l);
	return failed;
}

/* False when there is none of this head; what is damaged is said once, and made anew by who writes next. */
static bool load_snapshot(struct facts **out, struct book *book, const struct facts_options *options)
{
	struct book_head head = book_head(book);
	struct snapshot_wanted wanted = { &head, book_settings(book), options->today };
	char *path = snapshot_path(book_path(book)), why[256];
	char text[1024];
	enum snapshot_state state;

	if (!path)
		return false;
	state = snapshot_read(out, path, &wanted, why);
	if (state == SNAPSHOT_DAMAGED && options->warn) {
		snprintf(text, sizeof(text), "%.600s is damaged (%s) and not used; delete it, it is made again", path,
			 why);
		options->warn(options->progress_context, text);
	}
	free(path);
	if (state == SNAPSHOT_GOOD)
		(*out)->book = book;
	return state == SNAPSHOT_GOOD;
}

static int load_from_book(struct facts **out, struct book *book, const struct facts_options *options, struct err *err)
{
	struct loader l = { .book = book, .reading = { options->known_at_ms, false }, .err = err, .options = options };
	int failed = facts_builder_new(&l.facts, book_settings(book), err);

	if (failed)
		return failed;
	arena_init(&l.arena);
	table_init(&l.keys);
	table_init(&l.emails);
	table_init(&l.names);
	l.facts->book = book;
	l.facts->head = book_head(book);
	l.facts->known_at_ms = options->known_at_ms;
	failed = load_all(&l);
	if (!failed)
		facts_finish(l.facts, options->today);
	table_release(&l.keys);
	table_release(&l.emails);
	table_release(&l.names);
	arena_release(&l.arena);
	if (failed)
		facts_free(l.facts);
	else
		*out = l.facts;
	return failed;
}

int facts_load(struct facts **out, struct book *book, const struct facts_options *options, struct err *err)
{
	int failed;

	if (options->from_book || options->known_at_ms != INT64_MAX || !load_snapshot(out, book, options))
		return load_from_book(out, book, options, err);
	failed = load_imports(*out, book, err);
	if (failed)
		facts_free(*out);
	return failed;
}
