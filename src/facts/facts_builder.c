#include "facts/facts_builder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "facts/packed.h"

static struct column *add_column(struct facts *facts, enum fact fact, const struct column_def *def)
{
	struct fact_table *table = &facts->tables[fact];
	struct column *column = must_calloc(1, sizeof(*column));

	if (table->column_count == table->column_capacity) {
		table->column_capacity = table->column_capacity ? table->column_capacity * 2 : 64;
		table->columns = must_realloc(table->columns, table->column_capacity * sizeof(struct column *));
		table->defs = must_realloc(table->defs, table->column_capacity * sizeof(struct column_def *));
	}
	column->def = *def;
	column->fact = fact;
	column->first_time = UINT32_MAX;
	column->width = (uint8_t)column_type_bytes(def->type);
	if (def->type == COLUMN_NAME) {
		column->dict = must_alloc(sizeof(*column->dict));
		dict_init(column->dict);
	}
	if (def->type == COLUMN_KEY) {
		column->at.keys = must_alloc(sizeof(*column->at.keys));
		key_list_init(column->at.keys);
	}
	table->defs[table->column_count] = &column->def;
	table->columns[table->column_count++] = column;
	return column;
}

static struct facts *make(const struct book_settings *settings, struct zone *zone)
{
	struct facts *facts = must_calloc(1, sizeof(*facts));

	arena_init(&facts->arena);
	arena_init(&facts->imports_arena);
	facts->zone = zone;
	facts->settings = *settings;
	facts->first_day = facts->last_day = facts->as_of = DATE_NONE;
	facts->known_at_ms = INT64_MAX;
	memcpy(facts->currencies[0], settings->currency, sizeof(facts->currencies[0]));
	facts->currency_count = 1;
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		dict_init(&facts->tables[f].source_names);
		for (const struct column_def *def = catalogue_of(f); def->name; def++)
			add_column(facts, f, def);
	}
	return facts;
}

int facts_builder_new(struct facts **out, const struct book_settings *settings, struct err *err)
{
	struct zone *zone;
	int failed = zone_load(&zone, settings->zone, err);

	if (!failed)
		*out = make(settings, zone);
	return failed;
}

struct facts *builder_part_new(const struct facts *like)
{
	return make(&like->settings, like->zone);
}

void builder_part_free(struct facts *facts)
{
	facts->zone = NULL;
	facts_free(facts);
}

struct column *builder_column(struct facts *facts, enum fact fact, const char *name)
{
	return facts_known_column(facts, fact, name);
}

struct column *builder_custom(struct facts *facts, enum fact fact, struct str name, enum column_type type,
			      struct str sentence)
{
	struct column *column = facts_column(facts, fact, name);

	if (column)
		return column->def.type == type && !column->def.derived && !column->def.judged ? column : NULL;

	struct column_def def = { .type = type, .unit = type == COLUMN_MONEY ? "money" : "", .custom = true };

	def.name = arena_cstr(&facts->arena, name);
	def.sentence = sentence.len ? arena_cstr(&facts->arena, sentence) : "a field of your own";
	return add_column(facts, fact, &def);
}

static void fill_empty(struct column *column, uint32_t from, uint32_t to)
{
	switch (column->def.type) {
	case COLUMN_NUMBER:
		for (uint32_t i = from; i < to; i++)
			column->at.numbers[i] = NAN;
		break;
	case COLUMN_MONEY:
		for (uint32_t i = from; i < to; i++)
			column->at.moneys[i] = MONEY_NONE;
		memset(column->currency + from, 0, to - from);
		break;
	case COLUMN_REF:
		for (uint32_t i = from; i < to; i++)
			column->at.refs[i] = REF_NONE;
		break;
	default:
		memset((char *)column->at.any + from * column_type_bytes(column->def.type), 0,
		       (to - from) * column_type_bytes(column->def.type));
	}
}

static void column_resize(struct column *column, uint32_t from, uint32_t capacity)
{
	column->at.any = must_realloc(column->at.any, capacity * column_type_bytes(column->def.type));
	if (column->def.type == COLUMN_MONEY)
		column->currency = must_realloc(column->currency, capacity);
	fill_empty(column, from, capacity);
}

/* The array is made when the first value comes. */
void builder_writable(struct facts *facts, struct column *column)
{
	if (!column->at.any)
		column_resize(column, 0, facts->tables[column->fact].capacity);
}

static void sources_resize(struct fact_table *table, uint32_t from, uint32_t capacity)
{
	table->sources = must_realloc(table->sources, capacity * sizeof(*table->sources));
	for (uint32_t i = from; i < capacity; i++)
		table->sources[i] = table->source;
}

static void subjects_resize(struct fact_table *table, uint32_t from, uint32_t capacity)
{
	table->subjects = must_realloc(table->subjects, capacity * sizeof(*table->subjects));
	memset(table->subjects + from, 0, (capacity - from) * sizeof(*table->subjects));
}

/* Twice as many while that is little; then a quarter more, so that tables of millions of rows never hold much room that is empty. The
 * system moves large arrays by their pages: growing often costs little. */
static uint32_t more_rows(uint32_t capacity)
{
	return capacity < 1024 ? 1024 : capacity < 16 * FACT_CHUNK ? capacity * 2 : capacity + capacity / 4;
}

static void table_resize(struct facts *facts, enum fact fact, uint32_t capacity)
{
	struct fact_table *table = &facts->tables[fact];

	if (capacity > UINT32_MAX / 2)
		BUG("%s: more than 2^31 rows", fact_name(fact));
	for (size_t i = 0; i < table->column_count; i++) {
		struct column *column = table->columns[i];

		if (column->at.any && column->def.type != COLUMN_KEY)
			column_resize(column, table->capacity, capacity);
	}
	if (table->sources)
		sources_resize(table, table->capacity, capacity);
	if (table->subjects)
		subjects_resize(table, table->capacity, capacity);
	table->capacity = capacity;
}

void builder_rows(struct facts *facts, enum fact fact, uint32_t rows)
{
	struct fact_table *table = &facts->tables[fact];

	/* Exactly as many when all come at once. */
	if (rows > table->capacity)
		table_resize(facts, fact,
			     table->capacity && rows < more_rows(table->capacity) ? more_rows(table->capacity) : rows);
	table->rows = rows;
}

uint32_t builder_row(struct facts *facts, enum fact fact, struct str key)
{
	struct fact_table *table = &facts->tables[fact];

	if (table->rows == table->capacity)
		table_resize(facts, fact, more_rows(table->capacity));
	key_list_add(table->columns[0]->at.keys, key);
	return table->rows++;
}

void builder_source(struct facts *facts, enum fact fact, uint32_t row, struct str source)
{
	struct fact_table *table = &facts->tables[fact];
	bool same = table->source_names.count > 1 && str_eq(source, table->source_names.names[table->source]);
	uint32_t code = same ? table->source : dict_code(&table->source_names, source);

	if (row == 0)
		table->source = code;
	if (!table->sources && code == table->source)
		return;
	if (!table->sources)
		sources_resize(table, 0, table->capacity);
	table->sources[row] = code;
}

void builder_subject(struct facts *facts, enum fact fact, uint32_t row, uint64_t subject)
{
	struct fact_table *table = &facts->tables[fact];

	if (!subject || subject > UINT32_MAX)
		return;
	if (!table->subjects)
		subjects_resize(table, 0, table->capacity);
	table->subjects[row] = (uint32_t)subject;
}

void builder_time(struct facts *facts, struct column *column, uint32_t row, uint32_t seconds)
{
	builder_writable(facts, column);
	column->at.times[row] = seconds;
}

static uint32_t seconds_of_ms(int64_t ms)
{
	int64_t seconds = floor_div(ms, 1000);

	return seconds <= 0 || seconds >= (int64_t)UINT32_MAX ? TIME_UNKNOWN : (uint32_t)seconds;
}

void builder_time_ms(struct facts *facts, struct column *column, uint32_t row, int64_t ms)
{
	builder_time(facts, column, row, seconds_of_ms(ms));
}

void builder_name(struct facts *facts, struct column *column, uint32_t row, struct str name)
{
	builder_writable(facts, column);
	column->at.codes[row] = dict_code(column->dict, name);
}

void builder_number(struct facts *facts, struct column *column, uint32_t row, double number)
{
	builder_writable(facts, column);
	column->at.numbers[row] = number;
}

uint8_t builder_currency(struct facts *facts, const char *currency)
{
	if (!currency || !*currency)
		return 0;
	for (unsigned i = 0; i < facts->currency_count; i++) {
		if (!strcmp(facts->currencies[i], currency))
			return (uint8_t)i;
	}
	if (facts->currency_count == MAX_CURRENCIES)
		BUG("more than %d currencies", MAX_CURRENCIES);
	memcpy(facts->currencies[facts->currency_count], currency, strnlen(currency, 3));
	return (uint8_t)facts->currency_count++;
}

void builder_money(struct facts *facts, struct column *column, uint32_t row, int64_t minor, const char *currency)
{
	builder_writable(facts, column);
	column->at.moneys[row] = minor;
	column->currency[row] = builder_currency(facts, currency);
}

void builder_flag(struct facts *facts, struct column *column, uint32_t row, bool yes)
{
	builder_writable(facts, column);
	column->at.flags[row] = yes ? FLAG_YES : FLAG_NO;
}

void builder_ref(struct facts *facts, struct column *column, uint32_t row, uint32_t target)
{
	builder_writable(facts, column);
	column->at.refs[row] = target;
}

void builder_stage(struct facts *facts, const struct stage_def *stage)
{
	facts->stages = must_realloc(facts->stages, (facts->stage_count + 1) * sizeof(*stage));
	facts->stages[facts->stage_count] = *stage;
	facts->stages[facts->stage_count].name = arena_str(&facts->arena, stage->name);
	facts->stages[facts->stage_count].means = arena_dup(&facts->arena, stage->means ? stage->means : "open");
	facts->stage_count++;
}

static struct version *add_version(struct column *column, uint32_t row, uint32_t from)
{
	if (column->version_count == column->version_capacity) {
		size_t held = column->version_capacity;

		column->version_capacity = held < 256 ? 256 : held < 16 * FACT_CHUNK ? held * 2 : held + held / 4;
		column->versions = must_realloc(column->versions, column->version_capacity * sizeof(struct version));
	}

	struct version *version = &column->versions[column->version_count++];

	*version = (struct version){ .row = row, .from = from, .order = (uint32_t)column->version_count };
	version->value.minor = 0;
	return version;
}

void builder_version(struct column *column, uint32_t row, uint32_t from, const struct version *value)
{
	struct version *version = add_version(column, row, from);

	version->value = value->value;
	version->currency = value->currency;
}

void builder_version_name(struct facts *facts, struct column *column, uint32_t row, uint32_t from, struct str name)
{
	(void)facts;
	add_version(column, row, from)->value.code = dict_code(column->dict, name);
}

void builder_version_money(struct facts *facts, struct column *column, uint32_t row, uint32_t from, int64_t minor,
			   const char *currency)
{
	struct version *version = add_version(column, row, from);

	version->value.minor = minor;
	version->currency = builder_currency(facts, currency);
}

void builder_version_number(struct column *column, uint32_t row, uint32_t from, double number)
{
	add_version(column, row, from)->value.number = number;
}

void builder_version_time(struct column *column, uint32_t row, uint32_t from, uint32_t time)
{
	add_version(column, row, from)->value.time = time;
}
