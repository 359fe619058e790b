/* What holds of facts as a whole, once all rows are there: order of histories, what columns follow from others, their days, narrow values. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/cores.h"
#include "base/date.h"
#include "facts/facts_builder.h"
#include "facts/packed.h"
#include "facts/threads.h"

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
	long cores = cores_count();
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

/* All that follows from the rows, but for what takes time to make small. */
static void follow(struct facts *facts)
{
	for (enum fact f = 0; f < FACT__COUNT; f++)
		fill_currencies(facts, f);
	fill_margins(facts);
	if (facts->stage_count)
		qsort(facts->stages, facts->stage_count, sizeof(*facts->stages), compare_stages);
	each_column(facts, note_column);
}

void facts_finish(struct facts *facts, int32_t today)
{
	follow(facts);
	facts_settle(facts, today);
	seal_tables(facts);
}

void facts_finish_few(struct facts *facts)
{
	follow(facts);
	facts_resettle(facts, DATE_NONE);
}
