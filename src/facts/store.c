#include "facts/store.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/date.h"
#include "base/table.h"
#include "facts/packed.h"

#define HASH_PART 0xFFFFFFFF00000000u

void dict_init(struct dict *dict)
{
	*dict = (struct dict){ 0 };
	arena_init(&dict->names_arena);
	dict->capacity = 16;
	dict->names = must_calloc(dict->capacity, sizeof(*dict->names));
	dict->count = 1;
}

void dict_release(struct dict *dict)
{
	free(dict->places);
	arena_release(&dict->names_arena);
	free(dict->names);
	if (!dict->borrowed)
		free(dict->text);
}

/* The place that holds `name`, or the free one where it belongs. There is always a free one. */
static uint64_t *place_of(const struct dict *dict, struct str name, uint64_t hash)
{
	uint32_t mask = dict->place_count - 1, i = (uint32_t)(hash >> 32) & mask;

	for (; dict->places[i]; i = (i + 1) & mask) {
		if (((dict->places[i] ^ hash) & HASH_PART) == 0 && str_eq(dict->names[(uint32_t)dict->places[i]], name))
			break;
	}
	return &dict->places[i];
}

static void more_places(struct dict *dict)
{
	uint32_t old_count = dict->place_count, mask;
	uint64_t *old = dict->places;

	dict->place_count = old_count ? old_count * 2 : 64;
	dict->places = must_calloc(dict->place_count, sizeof(*dict->places));
	mask = dict->place_count - 1;
	for (uint32_t i = 0; i < old_count; i++) {
		uint32_t at = (uint32_t)(old[i] >> 32) & mask;

		while (old[i] && dict->places[at])
			at = (at + 1) & mask;
		if (old[i])
			dict->places[at] = old[i];
	}
	free(old);
}

static uint32_t *recent_of(struct dict *dict, struct str name)
{
	unsigned first = (unsigned char)name.at[0], last = (unsigned char)name.at[name.len - 1];
	size_t count = sizeof(dict->recent) / sizeof(*dict->recent);

	return &dict->recent[(first * 5 + last * 3 + name.len) % count];
}

static uint32_t new_code(struct dict *dict, struct str name)
{
	if (dict->count == dict->capacity) {
		dict->capacity *= 2;
		dict->names = must_realloc(dict->names, dict->capacity * sizeof(*dict->names));
	}
	dict->names[dict->count] = arena_str(&dict->names_arena, name);
	return dict->count++;
}

uint32_t dict_code(struct dict *dict, struct str name)
{
	uint32_t *recent, code;
	uint64_t hash, *place;

	if (!name.len)
		return 0;
	recent = recent_of(dict, name);
	if (*recent && str_eq(dict->names[*recent], name))
		return *recent;
	if (dict->sealed)
		BUG("a new name for facts that are finished");
	if (dict->count >= dict->place_count / 4 * 3)
		more_places(dict);
	hash = str_hash(name);
	place = place_of(dict, name, hash);
	code = *place ? (uint32_t)*place : new_code(dict, name);
	*place = (hash & HASH_PART) | code;
	return *recent = code;
}

void dict_codes(struct dict *dict, const struct str *names, size_t count, uint32_t *codes)
{
	enum { AT_ONCE = 16 };
	uint64_t hashes[AT_ONCE], *place;

	if (dict->sealed)
		BUG("new names for facts that are finished");
	for (size_t from = 0, n; from < count; from += n) {
		n = count - from < AT_ONCE ? count - from : AT_ONCE;
		while (dict->count + n >= dict->place_count / 4 * 3)
			more_places(dict);
		for (size_t i = 0; i < n; i++) {
			hashes[i] = str_hash(names[from + i]);
			__builtin_prefetch(&dict->places[(uint32_t)(hashes[i] >> 32) & (dict->place_count - 1)], 1);
		}
		for (size_t i = 0; i < n; i++) {
			place = place_of(dict, names[from + i], hashes[i]);
			if (!*place)
				*place = (hashes[i] & HASH_PART) | new_code(dict, names[from + i]);
			codes[from + i] = (uint32_t)*place;
		}
	}
}

uint32_t dict_find(const struct dict *dict, struct str name)
{
	if (!name.len)
		return 0;
	if (!dict->sealed) {
		uint64_t place = dict->places ? *place_of(dict, name, str_hash(name)) : 0;

		return place ? (uint32_t)place : UINT32_MAX;
	}
	/* A question looks for few names: a table of all would cost more than it saves. */
	for (uint32_t i = 1; i < dict->count; i++) {
		if (str_eq(dict->names[i], name))
			return i;
	}
	return UINT32_MAX;
}

void dict_translate(const struct dict *from, const struct dict *to, uint32_t *codes)
{
	struct table table;
	const uint64_t *code;

	table_init(&table);
	for (uint32_t i = 1; i < to->count; i++)
		*table_put(&table, to->names[i], NULL) = i;
	for (uint32_t i = 0; i < from->count; i++) {
		code = i ? table_get(&table, from->names[i]) : NULL;
		codes[i] = code ? (uint32_t)*code : i ? UINT32_MAX : 0;
	}
	table_release(&table);
}

void dict_seal(struct dict *dict)
{
	char *old = dict->borrowed ? NULL : dict->text;
	size_t bytes = 0, at = 0;

	if (dict->sealed)
		return;
	for (uint32_t i = 1; i < dict->count; i++)
		bytes += dict->names[i].len + 1;
	dict->text = must_alloc(bytes + 1);
	for (uint32_t i = 1; i < dict->count; i++) {
		size_t len = dict->names[i].len;

		memcpy(dict->text + at, dict->names[i].at, len);
		dict->text[at + len] = '\0';
		dict->names[i].at = dict->text + at;
		at += len + 1;
	}
	dict->names = must_realloc(dict->names, dict->count * sizeof(*dict->names));
	dict->capacity = dict->count;
	free(dict->places);
	dict->places = NULL;
	dict->place_count = 0;
	arena_release(&dict->names_arena);
	arena_init(&dict->names_arena);
	free(old);
	dict->borrowed = false;
	dict->sealed = true;
}

void dict_reopen(struct dict *dict)
{
	if (!dict->sealed)
		return;
	while (dict->count >= dict->place_count / 4 * 3)
		more_places(dict);
	for (uint32_t i = 1; i < dict->count; i++) {
		uint64_t hash = str_hash(dict->names[i]);

		*place_of(dict, dict->names[i], hash) = (hash & HASH_PART) | i;
	}
	dict->sealed = false;
}

static void column_free(struct column *column)
{
	if (column->dict) {
		dict_release(column->dict);
		free(column->dict);
	}
	if (column->def.type == COLUMN_KEY && column->at.keys) {
		key_list_release(column->at.keys);
		free(column->at.keys);
	} else if (!column->borrowed) {
		free(column->at.any);
	}
	if (!column->borrowed) {
		free(column->bases);
		free(column->currency);
		free(column->versions);
	}
	free(column->ranges);
	free(column);
}

void facts_free(struct facts *facts)
{
	if (!facts)
		return;
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		struct fact_table *table = &facts->tables[f];

		for (size_t i = 0; i < table->column_count; i++)
			column_free(table->columns[i]);
		free(table->columns);
		free(table->defs);
		dict_release(&table->source_names);
		if (!table->borrowed) {
			free(table->sources);
			free(table->subjects);
		}
	}
	if (facts->map)
		munmap(facts->map, facts->map_bytes);
	free(facts->ties.items);
	free(facts->ties.moves);
	free(facts->ties.names);
	free(facts->offsets);
	free(facts->events);
	free(facts->stages);
	zone_free(facts->zone);
	arena_release(&facts->arena);
	arena_release(&facts->imports_arena);
	free(facts);
}

struct column *facts_column(const struct facts *facts, enum fact fact, struct str name)
{
	const struct fact_table *table = &facts->tables[fact];

	for (size_t i = 0; i < table->column_count; i++) {
		if (str_is(name, table->columns[i]->def.name))
			return table->columns[i];
	}
	return NULL;
}

struct column *facts_known_column(const struct facts *facts, enum fact fact, const char *name)
{
	struct column *column = facts_column(facts, fact, str_of(name));

	if (!column)
		BUG("no column %s in %s", name, fact_name(fact));
	return column;
}

uint32_t facts_rows(const struct facts *facts, enum fact fact)
{
	return facts->tables[fact].rows;
}

size_t facts_columns(const struct facts *facts, enum fact fact, const struct column_def ***out)
{
	*out = facts->tables[fact].defs;
	return facts->tables[fact].column_count;
}

uint64_t facts_unresolved(const struct facts *facts, enum fact fact, struct str column_name)
{
	const struct column *column = facts_column(facts, fact, column_name);

	return column ? column->unresolved : 0;
}

struct str facts_source(const struct facts *facts, enum fact fact, uint32_t row)
{
	const struct fact_table *table = &facts->tables[fact];

	return table->source_names.names[table->sources ? table->sources[row] : table->source];
}

size_t column_type_bytes(enum column_type type)
{
	static const size_t bytes[] = {
		[COLUMN_TIME] = sizeof(uint32_t),
		[COLUMN_NAME] = sizeof(uint32_t),
		[COLUMN_NUMBER] = sizeof(double),
		[COLUMN_MONEY] = sizeof(int64_t),
		[COLUMN_FLAG] = sizeof(uint8_t),
		[COLUMN_REF] = sizeof(uint32_t),
		[COLUMN_KEY] = 0, /* key_list.h */
	};

	return bytes[type];
}

static uint64_t dict_bytes(const struct dict *dict)
{
	uint64_t bytes = 0;

	for (uint32_t i = 1; i < dict->count; i++)
		bytes += dict->names[i].len + 1;
	return bytes + dict->capacity * sizeof(*dict->names);
}

struct facts_memory facts_memory(const struct facts *facts, enum fact fact)
{
	const struct fact_table *table = &facts->tables[fact];
	const uint64_t kept = table->rows * sizeof(uint32_t);
	struct facts_memory sum = { .values = (table->sources ? kept : 0) + (table->subjects ? kept : 0) };

	for (size_t i = 0; i < table->column_count; i++) {
		const struct column *column = table->columns[i];

		if (column->def.type == COLUMN_KEY) {
			sum.keys += column->at.keys->len + key_list_blocks(table->rows) * sizeof(uint64_t);
			continue;
		}
		sum.values += column_bytes(column, table->rows);
		if (column->dict)
			sum.names += dict_bytes(column->dict);
		sum.history += column->version_count * sizeof(struct version);
	}
	return sum;
}

const struct zone *facts_zone(const struct facts *facts)
{
	return facts->zone;
}

const struct book_settings *facts_settings(const struct facts *facts)
{
	return &facts->settings;
}

struct book_head facts_head(const struct facts *facts)
{
	return facts->head;
}

int32_t facts_first_day(const struct facts *facts)
{
	return facts->first_day;
}

int32_t facts_last_day(const struct facts *facts)
{
	return facts->last_day;
}

int32_t facts_as_of(const struct facts *facts)
{
	return facts->as_of;
}

size_t facts_stages(const struct facts *facts, const struct stage_def **out)
{
	*out = facts->stages;
	return facts->stage_count;
}

const struct stage_def *facts_stage(const struct facts *facts, struct str name)
{
	for (size_t i = 0; i < facts->stage_count; i++) {
		if (str_eq(facts->stages[i].name, name))
			return &facts->stages[i];
	}
	return NULL;
}

void facts_agree_limits(struct facts *facts, const struct agreed_limit *limits, size_t count,
			const struct calendar *calendar)
{
	facts->agreed = ARENA_ARRAY(&facts->arena, struct agreed_limit, count + 1);
	facts->agreed_count = count;
	facts->calendar = calendar;
	for (size_t i = 0; i < count; i++)
		facts->agreed[i] = (struct agreed_limit){ arena_str(&facts->arena, limits[i].stage), limits[i].limit };
}

const struct agreed_limit *facts_agreed_limit(const struct facts *facts, struct str stage)
{
	for (size_t i = 0; i < facts->agreed_count; i++) {
		if (str_eq_fold(facts->agreed[i].stage, stage))
			return &facts->agreed[i];
	}
	return NULL;
}

size_t facts_unfinished_imports(const struct facts *facts, const struct import **out)
{
	*out = facts->unfinished;
	return facts->unfinished_count;
}

int32_t facts_date(const struct facts *facts, uint32_t t)
{
	int32_t day = (int32_t)(t / DAY_SECONDS);
	int64_t place = (int64_t)day - facts->offset_day;

	if (place >= 0 && place + 1 < facts->offset_count && facts->offsets[place] == facts->offsets[place + 1])
		return (int32_t)floor_div((int64_t)t + facts->offsets[place], DAY_SECONDS);
	return zone_date(facts->zone, (int64_t)t * 1000);
}

uint32_t facts_day_start(const struct facts *facts, int32_t date)
{
	int64_t seconds;

	/* Far from any time there is: no zone needed to clamp. */
	if (date < -1)
		return 1;
	if (date > (int32_t)(UINT32_MAX / DAY_SECONDS) + 1)
		return UINT32_MAX - 1;
	seconds = floor_div(zone_day_start_ms(facts->zone, date), 1000);
	if (seconds < 1)
		return 1;
	return seconds >= (int64_t)UINT32_MAX ? UINT32_MAX - 1 : (uint32_t)seconds;
}
