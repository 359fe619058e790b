#include "facts/facts_builder.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "facts/load.h"
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

void builder_date(struct facts *facts, struct column *column, uint32_t row, int32_t date)
{
	/* Out of range by far: zone arithmetic is not needed to know. */
	if (date < 0 || date > (int32_t)(UINT32_MAX / DAY_SECONDS))
		builder_time(facts, column, row, TIME_UNKNOWN);
	else
		builder_time_ms(facts, column, row, zone_day_start_ms(facts->zone, date));
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

void builder_unresolved(struct column *column)
{
	column->unresolved++;
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

/* ---- finishing ---- */

bool column_shows_extent(const struct column *column)
{
	return column->def.type == COLUMN_TIME && (column->def.milestone || !strcmp(column->def.name, "day"));
}

static void fill_offsets(struct facts *facts, uint32_t first, uint32_t last)
{
	uint32_t count = last / DAY_SECONDS - first / DAY_SECONDS + 2;

	if (facts->offsets && facts->offset_day == (int32_t)(first / DAY_SECONDS) && facts->offset_count == count)
		return;
	free(facts->offsets);
	facts->offset_day = (int32_t)(first / DAY_SECONDS);
	facts->offset_count = count;
	facts->offsets = must_alloc(facts->offset_count * sizeof(*facts->offsets));
	for (uint32_t i = 0; i < facts->offset_count; i++) {
		int64_t start = ((int64_t)facts->offset_day + i) * DAY_SECONDS;

		facts->offsets[i] = (int32_t)(zone_local_s(facts->zone, start * 1000) - start);
	}
}

static void fill_currencies(struct facts *facts, enum fact fact)
{
	struct column *amount = facts_column(facts, fact, STR("amount"));
	struct column *names = facts_column(facts, fact, STR("currency"));

	if (!amount || !names || !amount->at.any)
		return;
	for (uint32_t i = 0; i < facts->tables[fact].rows; i++) {
		if (amount->at.moneys[i] != MONEY_NONE)
			builder_name(facts, names, i, str_of(facts->currencies[amount->currency[i]]));
	}
}

/* Without price and cost of goods nothing is known of the margin; freight and other cost that are not there count as none. */
static void fill_margins(struct facts *facts)
{
	static const char *const names[] = { "cost", "freight", "other_cost" };
	struct column *amount = facts_known_column(facts, FACT_ORDERS, "amount");
	struct column *margin = facts_known_column(facts, FACT_ORDERS, "margin");

	for (uint32_t i = 0; amount->at.any && i < facts->tables[FACT_ORDERS].rows; i++) {
		int64_t minor = amount->at.moneys[i];
		bool known = minor != MONEY_NONE;

		for (size_t k = 0; known && k < 3; k++) {
			const struct column *cost = facts_known_column(facts, FACT_ORDERS, names[k]);

			if (!cost->at.any || cost->at.moneys[i] == MONEY_NONE)
				known = k > 0; /* names[0] is the cost of goods */
			else                   /* costs in another currency cannot be taken off */
				known = cost->currency[i] == amount->currency[i] &&
					!__builtin_sub_overflow(minor, cost->at.moneys[i], &minor);
		}
		if (known)
			builder_money(facts, margin, i, minor, facts->currencies[amount->currency[i]]);
	}
}

static int compare_versions(const void *a, const void *b)
{
	const struct version *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* A version that says what the one before said tells nothing: most records are told again for another field. */
static void drop_repeated(struct column *column)
{
	size_t kept = 0;

	for (size_t i = 0; i < column->version_count; i++) {
		const struct version *now = &column->versions[i], *last = kept ? &column->versions[kept - 1] : NULL;

		if (!last || last->row != now->row || last->value.minor != now->value.minor ||
		    last->currency != now->currency)
			column->versions[kept++] = *now;
	}
	column->version_count = kept;
}

static int compare_stages(const void *a, const void *b)
{
	const struct stage_def *x = a, *y = b;
	/* Stages that stand nowhere come last. */
	int place_x = x->position ? x->position : INT32_MAX, place_y = y->position ? y->position : INT32_MAX;

	if (place_x != place_y)
		return place_x < place_y ? -1 : 1;
	return str_cmp(x->name, y->name);
}

static void *shrunk(void *items, size_t bytes)
{
	return items && bytes ? must_realloc(items, bytes) : items;
}

static void sort_versions(struct column *column)
{
	size_t sorted = 1;

	while (sorted < column->version_count &&
	       compare_versions(&column->versions[sorted - 1], &column->versions[sorted]) < 0)
		sorted++;
	if (sorted < column->version_count)
		qsort(column->versions, column->version_count, sizeof(struct version), compare_versions);
	drop_repeated(column);
}

/* ---- column by column, by as many threads as there are cores ---- */

struct columns {
	struct facts *facts;
	struct column **items;
	size_t count;
	pthread_mutex_t mutex;
};

static void each_column(struct facts *facts, work_fn *work)
{
	struct columns all = { .facts = facts };
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	uint32_t most = 0;
	struct err none = ERR_INIT;

	for (enum fact f = 0; f < FACT__COUNT; f++) {
		all.count += facts->tables[f].column_count;
		most = facts->tables[f].rows > most ? facts->tables[f].rows : most;
	}
	all.items = must_alloc(all.count * sizeof(struct column *));
	all.count = 0;
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		for (size_t i = 0; i < facts->tables[f].column_count; i++)
			all.items[all.count++] = facts->tables[f].columns[i];
	}
	pthread_mutex_init(&all.mutex, NULL);
	/* Few rows are sooner done than threads are started. */
	load_each(most < FACT_CHUNK || cores < 1 ? 1 : (unsigned)cores, all.count, work, &all, NULL, &none);
	pthread_mutex_destroy(&all.mutex);
	free(all.items);
}

static int note_column(void *context, size_t item, struct err *err)
{
	const struct columns *all = context;
	struct column *column = all->items[item];

	(void)err;
	sort_versions(column);
	column_note(column, all->facts->tables[column->fact].rows);
	return 0;
}

/* Nothing is added any more: what was kept for more rows and names is given back. */
static int seal_column(void *context, size_t item, struct err *err)
{
	const struct columns *all = context;
	struct column *column = all->items[item];

	(void)err;
	if (column->dict)
		dict_seal(column->dict);
	if (column->def.type == COLUMN_KEY)
		key_list_seal(column->at.keys);
	column_pack(column, all->facts->tables[column->fact].rows);
	column->versions = shrunk(column->versions, column->version_count * sizeof(*column->versions));
	column->version_capacity = column->version_count;
	return 0;
}

static void seal_tables(struct facts *facts)
{
	each_column(facts, seal_column);
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		struct fact_table *table = &facts->tables[f];

		dict_seal(&table->source_names);
		table->sources = shrunk(table->sources, table->rows * sizeof(*table->sources));
		table->subjects = shrunk(table->subjects, table->rows * sizeof(*table->subjects));
		table->capacity = table->rows;
	}
}

static void set_as_of(struct facts *facts, int32_t today)
{
	facts->as_of = facts->last_day;
	if (today != DATE_NONE && (facts->as_of == DATE_NONE || facts->last_day >= today - 7))
		facts->as_of = today;
}

enum { STRAGGLERS = 4, STRAGGLER_GAP_DAYS = 60, STRAGGLER_OTHERS = 100 };

/* The local day; days before 1970 count as its first. */
static uint32_t event_day(const struct facts *facts, uint32_t t)
{
	int32_t date = facts_date(facts, t);

	return date > 0 ? (uint32_t)date : 0;
}

static void events_reach(struct facts *facts, uint32_t days)
{
	if (days <= facts->event_days)
		return;
	facts->events = must_realloc(facts->events, days * sizeof(*facts->events));
	memset(facts->events + facts->event_days, 0, (days - facts->event_days) * sizeof(*facts->events));
	facts->event_days = days;
}

void facts_event(struct facts *facts, uint32_t t, int by)
{
	uint32_t day;

	if (t == TIME_NOT_REACHED || t == TIME_UNKNOWN)
		return;
	day = event_day(facts, t);
	if (day >= facts->event_days)
		events_reach(facts, day + 366);
	facts->events[day] += (uint32_t)by;
}

static int count_events_of(void *context, size_t item, struct err *err)
{
	struct columns *all = context;
	const struct column *column = all->items[item];
	uint32_t days, *events;

	(void)err;
	if (!column->last_time || !column_shows_extent(column))
		return 0;
	/* One more: where clocks go back over midnight, a later instant can lie on an earlier date. */
	days = event_day(all->facts, column->last_time) + 2;
	events = must_calloc(days, sizeof(*events));
	for (uint32_t i = 0; i < all->facts->tables[column->fact].rows; i++) {
		uint32_t t = column->at.times[i];

		if (t != TIME_NOT_REACHED && t != TIME_UNKNOWN)
			events[event_day(all->facts, t)]++;
	}
	pthread_mutex_lock(&all->mutex);
	events_reach(all->facts, days);
	for (uint32_t day = 0; day < days; day++)
		all->facts->events[day] += events[day];
	pthread_mutex_unlock(&all->mutex);
	free(events);
	return 0;
}

static void count_events(struct facts *facts)
{
	free(facts->events);
	facts->events = NULL;
	facts->event_days = 0;
	each_column(facts, count_events_of);
}

/* A mistyped year must not move the last day (facts.h has the rule). `last` is the last event of all. */
static int32_t last_day_without_stragglers(const struct facts *facts, uint32_t last)
{
	int32_t last_kept = facts_date(facts, last);
	uint32_t next = facts->event_days;
	const uint32_t *events = facts->events;
	uint64_t total = 0, after = 0;

	for (uint32_t day = 0; day < facts->event_days; day++)
		total += events[day];
	for (uint32_t day = facts->event_days; day-- > 0 && after <= STRAGGLERS;) {
		if (!events[day])
			continue;
		if (after && next - day > STRAGGLER_GAP_DAYS && total - after >= STRAGGLER_OTHERS)
			last_kept = (int32_t)day;
		after += events[day];
		next = day;
	}
	return last_kept;
}

struct extent {
	uint32_t least, most; /* of all times: what the zone's offsets must span */
	uint32_t first, last; /* of those that show how far the data go */
};

static struct extent extent_of(const struct facts *facts)
{
	struct extent e = { .least = UINT32_MAX, .first = UINT32_MAX };

	for (enum fact f = 0; f < FACT__COUNT; f++) {
		for (size_t i = 0; i < facts->tables[f].column_count; i++) {
			const struct column *column = facts->tables[f].columns[i];

			if (!column->last_time)
				continue;
			e.most = column->last_time > e.most ? column->last_time : e.most;
			e.least = column->first_time < e.least ? column->first_time : e.least;
			if (!column_shows_extent(column))
				continue;
			e.last = column->last_time > e.last ? column->last_time : e.last;
			e.first = column->first_time < e.first ? column->first_time : e.first;
		}
	}
	return e;
}

void facts_settle(struct facts *facts, int32_t today)
{
	struct extent e = extent_of(facts);

	/* The events' days are told by the offsets. */
	if (e.most)
		fill_offsets(facts, e.least, e.most);
	count_events(facts);
	facts_resettle(facts, today);
}

void facts_resettle(struct facts *facts, int32_t today)
{
	struct extent e = extent_of(facts);

	if (e.most)
		fill_offsets(facts, e.least, e.most);
	facts->first_day = facts->last_day = DATE_NONE;
	if (e.last) {
		facts->first_day = facts_date(facts, e.first);
		facts->last_day = last_day_without_stragglers(facts, e.last);
		if (today != DATE_NONE && facts->last_day > today)
			facts->last_day = today > facts->first_day ? today : facts->first_day;
	}
	set_as_of(facts, today);
}

void facts_finish(struct facts *facts, int32_t today)
{
	for (enum fact f = 0; f < FACT__COUNT; f++)
		fill_currencies(facts, f);
	fill_margins(facts);
	if (facts->stage_count)
		qsort(facts->stages, facts->stage_count, sizeof(*facts->stages), compare_stages);
	each_column(facts, note_column);
	facts_settle(facts, today);
	seal_tables(facts);
}
