/* Random measures over random facts, against an evaluator that knows no columns: it keeps rows, looks at one at a time, and has
 * nothing in common with the executor but the meaning of the language. It writes the expression it evaluates, so the parser is on
 * trial too. Runs are told apart by their seed alone. */
#include "tap.h"

#include <math.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/zone.h"
#include "facts/facts_builder.h"
#include "facts/measure.h"
#include "facts/packed.h"

enum { TIMES = 5, NAMES = 4, MAX_GROUPS = 4000 };

static const char *const time_names[TIMES] = { "created", "qualified", "handed_off", "won", "lost" };
static const char *const names[NAMES] = { "", "alpha", "beta", "gamma" };

struct row {
	uint32_t time[TIMES];
	double score;
	int64_t amount;
	int source, owner, inbound;
};

struct touch {
	int lead;
	uint32_t at;
	int campaign;
};

static struct row *rows;
static struct touch *touches;
static int row_count, touch_count;
static uint64_t state;
static struct zone *zone;
static uint32_t end;
static int32_t as_of;
static struct arena arena;

static uint64_t next(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static int below(int n)
{
	return (int)(next() % (uint64_t)n);
}

/* ---- conditions ---- */

enum kind {
	REACHED,
	UNKNOWN,
	SCORE,
	SOURCE,
	SOURCE_IN,
	SOURCE_EMPTY,
	INBOUND,
	DAYS,
	HOURS,
	SINCE,
	BEFORE_LEAD,
	LEAVES,
	NOT = LEAVES,
	AND,
	OR
};

struct condition {
	enum kind kind;
	int a, b, c;
	struct condition *x, *y;
};

/* In touches everything is seen through the lead. */
static bool of_touches;

static struct condition *random_condition(int depth)
{
	struct condition *c = ARENA_NEW(&arena, struct condition);

	c->kind = (enum kind)below(depth > 0 ? OR + 1 : LEAVES);
	if (c->kind == BEFORE_LEAD && !of_touches)
		c->kind = REACHED;
	c->a = below(TIMES);
	c->b = below(TIMES);
	c->c = below(60);
	if (c->kind >= NOT)
		c->x = random_condition(depth - 1);
	if (c->kind > NOT)
		c->y = random_condition(depth - 1);
	return c;
}

static const char *written(const struct condition *c)
{
	const char *lead = of_touches ? "lead." : "";

	switch (c->kind) {
	case REACHED: return arena_printf(&arena, "%s%s", lead, time_names[c->a]);
	case UNKNOWN: return arena_printf(&arena, "%s%s is unknown", lead, time_names[c->a]);
	case SCORE: return arena_printf(&arena, "%sscore %s %d", lead, c->a % 2 ? ">" : "<=", c->c);
	case SOURCE: return arena_printf(&arena, "%ssource %s %s", lead, c->b % 2 ? "=" : "!=", names[1 + c->a % 3]);
	case SOURCE_IN: return arena_printf(&arena, "%ssource in (%s, \"gamma\")", lead, names[1 + c->a % 2]);
	case SOURCE_EMPTY: return arena_printf(&arena, "%ssource is %sempty", lead, c->a % 2 ? "not " : "");
	case INBOUND: return arena_printf(&arena, "%sinbound%s", lead, c->a % 3 == 0 ? " = no" : "");
	case DAYS:
		return arena_printf(&arena, "days(%s%s, %s%s) > %d", lead, time_names[c->a], lead, time_names[c->b],
				    c->c - 20);
	case HOURS:
		return arena_printf(&arena, "%s%s - %s%s <= %d hours", lead, time_names[c->b], lead, time_names[c->a],
				    c->c * 7);
	case SINCE:
		return arena_printf(&arena, "%s%s %s 2017-0%d-15", lead, time_names[c->a],
				    c->b % 2 ? ">=" : "<=", 1 + c->c % 6);
	case BEFORE_LEAD: return arena_printf(&arena, "at < lead.%s", time_names[c->a]);
	case NOT: return arena_printf(&arena, "not (%s)", written(c->x));
	case AND: return arena_printf(&arena, "(%s and %s)", written(c->x), written(c->y));
	default: return arena_printf(&arena, "(%s or %s)", written(c->x), written(c->y));
	}
}

static uint32_t seen(const struct row *row, int time)
{
	uint32_t t = row ? row->time[time] : 0;

	return t != TIME_UNKNOWN && t >= end ? 0 : t;
}

/* Score and owner come from history, which these facts have none of: for a past day they are known of closed leads only. */
static bool past;

static bool kept_history(const struct row *row)
{
	return row && (!past || seen(row, 3) || seen(row, 4));
}

static double score_of(const struct row *row)
{
	return kept_history(row) ? row->score : NAN;
}

static int owner_of(const struct row *row)
{
	return kept_history(row) ? row->owner : 0;
}

static bool dated(uint32_t t)
{
	return t && t != TIME_UNKNOWN;
}

static double days_between(uint32_t a, uint32_t b)
{
	return zone_date(zone, (int64_t)b * 1000) - zone_date(zone, (int64_t)a * 1000);
}

static bool since(uint32_t t, const struct condition *c)
{
	struct civil civil = { 2017, 1 + c->c % 6, 15 };
	int32_t day = date_of_civil(civil), is;

	if (!dated(t))
		return false;
	is = zone_date(zone, (int64_t)t * 1000);
	return c->b % 2 ? is >= day : is <= day;
}

static bool holds(const struct condition *c, const struct row *row, const struct touch *touch)
{
	uint32_t a = seen(row, c->a), b = seen(row, c->b);
	int source = row ? row->source : 0;

	switch (c->kind) {
	case REACHED: return a != 0;
	case UNKNOWN: return a == TIME_UNKNOWN;
	case SCORE: return !isnan(score_of(row)) && (c->a % 2 ? score_of(row) > c->c : score_of(row) <= c->c);
	case SOURCE: return (source == 1 + c->a % 3) == (c->b % 2 == 1);
	case SOURCE_IN: return source == 1 + c->a % 2 || source == 3;
	case SOURCE_EMPTY: return (source != 0) == (c->a % 2 == 1);
	case INBOUND: return row && row->inbound == (c->a % 3 == 0 ? 1 : 2);
	case DAYS: return dated(a) && dated(b) && days_between(a, b) > c->c - 20;
	case HOURS: return dated(a) && dated(b) && (double)b - (double)a <= c->c * 7 * 3600.0;
	case SINCE: return since(a, c);
	case BEFORE_LEAD: return dated(touch->at) && dated(a) && touch->at < a;
	case NOT: return !holds(c->x, row, touch);
	case AND: return holds(c->x, row, touch) && holds(c->y, row, touch);
	default: return holds(c->x, row, touch) || holds(c->y, row, touch);
	}
}

/* ---- measures ---- */

enum shape { COUNT, RATIO, SUM, AVERAGE, MIN, MAX, PERCENTILE, CYCLE, MONEY, DISTINCT, SHARED, SHAPES };

struct measure {
	enum shape shape;
	struct condition *x, *y, *where;
	int p, dimensions[2], dimension_count;
};

enum { BY_SOURCE, BY_OWNER, BY_INBOUND, BY_SCORE, BY_BUCKET, BY_MONTH, BY_WEEK, BYS };

static const char *measure_text(const struct measure *m)
{
	const char *lead = of_touches ? "lead." : "", *x = written(m->x);

	switch (m->shape) {
	case COUNT: return arena_printf(&arena, "count(%s)", x);
	case RATIO: return arena_printf(&arena, "count(%s) / count(%s)", x, written(m->y));
	case SUM: return arena_printf(&arena, "sum(%sscore where %s)", lead, x);
	case AVERAGE: return arena_printf(&arena, "avg(%sscore) where %s", lead, x);
	case MIN: return arena_printf(&arena, "min(%sscore where %s)", lead, x);
	case MAX: return arena_printf(&arena, "max(%sscore where %s)", lead, x);
	case PERCENTILE: return arena_printf(&arena, "percentile(%sscore, %d where %s)", lead, m->p, x);
	case CYCLE: return arena_printf(&arena, "median(days(%screated, %swon) where %s)", lead, lead, x);
	case MONEY: return arena_printf(&arena, "sum(%samount where %s)", lead, x);
	case DISTINCT: return arena_printf(&arena, "distinct(%sowner where %s)", lead, x);
	default: return arena_printf(&arena, "sum(shared(%sscore, %sowner) where %s)", lead, lead, x);
	}
}

static const char *by_text(const struct measure *m)
{
	static const char *const texts[2][BYS] = {
		{ "source", "owner", "inbound", "score", "bucket(score, 10)", "month(created)", "week(won)" },
		{ "lead.source", "lead.owner", "lead.inbound", "lead.score", "bucket(lead.score, 10)",
		  "month(lead.created)", "week(lead.won)" },
	};

	if (!m->dimension_count)
		return NULL;
	if (m->dimension_count == 1)
		return texts[of_touches][m->dimensions[0]];
	return arena_printf(&arena, "%s, %s", texts[of_touches][m->dimensions[0]], texts[of_touches][m->dimensions[1]]);
}

static const char *label_of(int dimension, const struct row *row)
{
	static const char *const flags[] = { "", "no", "yes" };
	uint32_t t = seen(row, dimension == BY_MONTH ? 0 : 3);
	struct civil civil;
	int year, week;

	if (!row)
		return "";
	switch (dimension) {
	case BY_SOURCE: return names[row->source];
	case BY_OWNER: return names[owner_of(row)];
	case BY_INBOUND: return flags[row->inbound];
	case BY_SCORE: return isnan(score_of(row)) ? "" : arena_printf(&arena, "%g", score_of(row));
	case BY_BUCKET:
		return isnan(score_of(row)) ? "" : arena_printf(&arena, "%d", (int)(floor(score_of(row) / 10) * 10));
	default: break;
	}
	if (!dated(t))
		return "";
	if (dimension == BY_MONTH) {
		civil = civil_of_date(zone_date(zone, (int64_t)t * 1000));
		return arena_printf(&arena, "%04d-%02d", civil.year, civil.month);
	}
	date_iso_week(zone_date(zone, (int64_t)t * 1000), &year, &week);
	return arena_printf(&arena, "%04d-W%02d", year, week);
}

struct group {
	const char *label[2];
	double *values;
	int *owners;
	int count, capacity, rows;
	int64_t hits, of, unknown;
};

static struct group groups[MAX_GROUPS];
static int group_count;

static struct group *group_for(const struct measure *m, const struct row *row)
{
	const char *label[2] = { "", "" };

	for (int d = 0; d < m->dimension_count; d++)
		label[d] = label_of(m->dimensions[d], row);
	for (int i = 0; i < group_count; i++) {
		if (!strcmp(groups[i].label[0], label[0]) && !strcmp(groups[i].label[1], label[1]))
			return &groups[i];
	}
	if (group_count == MAX_GROUPS)
		BUG("too many groups");
	groups[group_count] = (struct group){ .label = { label[0], label[1] } };
	return &groups[group_count++];
}

static void keep_value(struct group *group, double value)
{
	if (group->count == group->capacity) {
		group->values = arena_grow(&arena, group->values, (size_t)group->capacity * sizeof(double),
					   (size_t)(group->capacity * 2 + 8) * sizeof(double));
		group->capacity = group->capacity * 2 + 8;
	}
	group->values[group->count++] = value;
}

static void take(const struct measure *m, struct group *group, const struct row *row, const int *shares)
{
	uint32_t created = seen(row, 0), won = seen(row, 3);

	group->rows++;
	switch (m->shape) {
	case CYCLE:
		if (dated(created) && dated(won))
			keep_value(group, days_between(created, won));
		else if (created && won)
			group->unknown++;
		break;
	case MONEY:
		if (row && row->amount != MONEY_NONE)
			keep_value(group, (double)row->amount);
		break;
	case DISTINCT:
		if (owner_of(row))
			keep_value(group, owner_of(row));
		break;
	case SHARED:
		if (owner_of(row) && !isnan(score_of(row)))
			keep_value(group, score_of(row) / shares[owner_of(row)]);
		break;
	default:
		if (!isnan(score_of(row)))
			keep_value(group, score_of(row));
	}
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double worked_out(const struct measure *m, struct group *g)
{
	double sum = 0, rank = m->shape == CYCLE ? 0.5 : m->p / 100.0;
	int distinct = 0, low;

	if (m->shape == COUNT)
		return (double)g->hits;
	if (m->shape == RATIO)
		return g->of ? (double)g->hits / (double)g->of : NAN;
	if (g->count)
		qsort(g->values, (size_t)g->count, sizeof(double), compare_doubles);
	for (int i = 0; i < g->count; i++) {
		sum += g->values[i];
		distinct += !i || g->values[i] != g->values[i - 1];
	}
	if (m->shape == DISTINCT)
		return distinct;
	if (!g->count)
		return (m->shape == SUM || m->shape == MONEY || m->shape == SHARED) && !g->rows ? 0 : NAN;
	switch (m->shape) {
	case SUM:
	case MONEY:
	case SHARED: return sum;
	case AVERAGE: return sum / g->count;
	case MIN: return g->values[0];
	case MAX: return g->values[g->count - 1];
	default: break;
	}
	rank *= g->count - 1;
	low = (int)rank;
	return low + 1 < g->count ? g->values[low] + (rank - low) * (g->values[low + 1] - g->values[low])
				  : g->values[low];
}

/* Every row that exists on the day and meets `where`. */
static void each_row(const struct measure *m,
		     void (*each)(const struct measure *m, const struct row *row, const struct touch *touch,
				  int *shares),
		     int *shares)
{
	for (int i = 0; i < (of_touches ? touch_count : row_count); i++) {
		const struct touch *touch = of_touches ? &touches[i] : NULL;
		const struct row *row = touch ? (touch->lead < 0 ? NULL : &rows[touch->lead]) : &rows[i];
		uint32_t own = touch ? touch->at : row->time[0];

		if (own != TIME_UNKNOWN && own >= end)
			continue;
		if (!m->where || holds(m->where, row, touch))
			each(m, row, touch, shares);
	}
}

static void count_share(const struct measure *m, const struct row *row, const struct touch *touch, int *shares)
{
	if (row && holds(m->x, row, touch))
		shares[owner_of(row)]++;
}

static void one_row(const struct measure *m, const struct row *row, const struct touch *touch, int *shares)
{
	struct group *group = group_for(m, row);
	bool x = holds(m->x, row, touch);

	group->hits += x;
	group->of += m->y && holds(m->y, row, touch);
	if (m->shape > RATIO && x)
		take(m, group, row, shares);
}

static void naive(const struct measure *m)
{
	int shares[NAMES] = { 0 };

	group_count = 0;
	each_row(m, count_share, shares);
	each_row(m, one_row, shares);
	if (!m->dimension_count && !group_count)
		groups[group_count++] = (struct group){ .label = { "", "" } };
}

/* ---- facts ---- */

static uint32_t random_time(void)
{
	int which = below(10);

	if (which < 3)
		return TIME_NOT_REACHED;
	if (which == 3)
		return TIME_UNKNOWN;
	return 1483228800u + (uint32_t)(next() % (200u * 86400u));
}

/* `kind`: whole scores or not, amounts of 32 bits or of more. */
static void make_rows(int count, int kind)
{
	double parts = kind & 1 ? 4 : 1;
	int64_t times = kind & 2 ? 12345 : 1;

	row_count = count;
	touch_count = count ? count * 2 : 0;
	rows = ARENA_ARRAY(&arena, struct row, (size_t)count + 1);
	touches = ARENA_ARRAY(&arena, struct touch, (size_t)touch_count + 1);
	for (int i = 0; i < count; i++) {
		for (int t = 0; t < TIMES; t++)
			rows[i].time[t] = random_time();
		if (!rows[i].time[0])
			rows[i].time[0] = TIME_UNKNOWN;
		rows[i].score = below(8) ? below((int)(100 * parts)) / parts : NAN;
		rows[i].amount = below(3) ? ((int64_t)below(1000000) - 1000) * times : MONEY_NONE;
		rows[i].source = below(NAMES);
		rows[i].owner = below(NAMES);
		rows[i].inbound = below(3);
	}
	for (int i = 0; i < touch_count; i++)
		touches[i] = (struct touch){ below(6) ? below(count) : -1, random_time(), below(NAMES) };
}

static void build_lead(struct facts *facts, const struct row *from)
{
	uint32_t row = builder_row(facts, FACT_LEADS, STR("k"));

	for (int t = 0; t < TIMES; t++)
		builder_time(facts, builder_column(facts, FACT_LEADS, time_names[t]), row, from->time[t]);
	if (!isnan(from->score))
		builder_number(facts, builder_column(facts, FACT_LEADS, "score"), row, from->score);
	if (from->amount != MONEY_NONE)
		builder_money(facts, builder_column(facts, FACT_LEADS, "amount"), row, from->amount, "EUR");
	builder_name(facts, builder_column(facts, FACT_LEADS, "source"), row, str_of(names[from->source]));
	builder_name(facts, builder_column(facts, FACT_LEADS, "owner"), row, str_of(names[from->owner]));
	if (from->inbound)
		builder_flag(facts, builder_column(facts, FACT_LEADS, "inbound"), row, from->inbound == 2);
}

static struct facts *build(const char *zone_of)
{
	struct book_settings settings = { .currency = "EUR", .fiscal_start_month = 1 };
	struct err err = ERR_INIT;
	struct facts *facts;

	snprintf(settings.zone, sizeof(settings.zone), "%s", zone_of);
	if (facts_builder_new(&facts, &settings, &err))
		BUG("%s", err.text);
	for (int i = 0; i < row_count; i++)
		build_lead(facts, &rows[i]);
	for (int i = 0; i < touch_count; i++) {
		uint32_t row = builder_row(facts, FACT_TOUCHES, STR("t"));

		builder_time(facts, builder_column(facts, FACT_TOUCHES, "at"), row, touches[i].at);
		if (touches[i].lead >= 0)
			builder_ref(facts, builder_column(facts, FACT_TOUCHES, "lead"), row, (uint32_t)touches[i].lead);
	}
	facts_finish(facts, DATE_NONE);
	return facts;
}

/* ---- comparing ---- */

static bool near(double a, double b)
{
	if (isnan(a) || isnan(b))
		return isnan(a) && isnan(b);
	return fabs(a - b) <= 1e-9 * (1 + fabs(a) + fabs(b));
}

static bool void_group(const struct measure *m, const struct group *g)
{
	bool period = false;

	for (int d = 0; d < m->dimension_count; d++)
		period |= m->dimensions[d] >= BY_MONTH && !*g->label[d];
	return period && !g->unknown && (m->shape <= RATIO ? !g->hits && !g->of : !g->count);
}

static bool same_row(const struct measure *m, const struct answer_row *row, struct group *g)
{
	double wanted = worked_out(m, g), got = row->type == ANSWER_NONE ? NAN : row->value;

	/* Money is whole minor units. */
	if (!near(wanted, got))
		return note("%s|%s: got %.12g, wanted %.12g", g->label[0], g->label[1], got, wanted), false;
	if (row->unknown_time != g->unknown)
		return note("unknown times: got %d, wanted %d", (int)row->unknown_time, (int)g->unknown), false;
	if (m->shape == RATIO)
		return row->numerator == g->hits && row->denominator == g->of && row->n == g->of;
	return row->n == (m->shape == COUNT ? g->hits : g->count);
}

static bool compare(const struct measure *m, const struct answer *answer)
{
	size_t wanted = 0;

	for (int i = 0; i < group_count; i++)
		wanted += !void_group(m, &groups[i]);
	if (wanted != answer->row_count)
		return note("got %zu rows, wanted %zu", answer->row_count, wanted), false;
	for (size_t r = 0; r < answer->row_count; r++) {
		struct group *found = NULL;

		for (int i = 0; i < group_count; i++) {
			bool same = true;

			for (int d = 0; d < m->dimension_count; d++)
				same &= str_is(answer->rows[r].by[d], groups[i].label[d]);
			if (same)
				found = &groups[i];
		}
		if (!found || !same_row(m, &answer->rows[r], found))
			return false;
	}
	return true;
}

static bool one_measure(const struct facts *facts)
{
	struct measure m = { .shape = (enum shape)below(SHAPES), .p = below(101), .dimension_count = below(3) };
	struct question question = { .as_of = as_of, .scope = SCOPE_EVERYTHING };
	struct answer answer;
	struct err err = ERR_INIT;

	of_touches = below(3) == 0;
	m.x = random_condition(2);
	m.y = m.shape == RATIO ? random_condition(2) : NULL;
	m.where = below(2) ? random_condition(2) : NULL;
	m.dimensions[0] = below(BYS);
	m.dimensions[1] = (m.dimensions[0] + 1 + below(BYS - 1)) % BYS;
	question.of = of_touches ? "touches" : "leads";
	question.measure = measure_text(&m);
	question.by = by_text(&m);
	question.where = m.where ? written(m.where) : NULL;
	naive(&m);
	if (measure_ask(facts, &question, &arena, &answer, &err)) {
		note("%s", err.text);
	} else if (compare(&m, &answer)) {
		return true;
	}
	note("of %s: %s by %s where %s", question.of, question.measure, question.by ? question.by : "-",
	     question.where ? question.where : "-");
	return false;
}

/* How values stand must not be seen in any answer: as narrow as they can, at two bytes where they would fit one, or in full. */
static void widen(struct facts *facts, unsigned width)
{
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		for (size_t i = 0; i < facts->tables[f].column_count; i++)
			column_widen(facts->tables[f].columns[i], width);
	}
}

static void run(uint64_t seed, int count, int measures)
{
	static const char *const zones[] = { "UTC", "Europe/Berlin", "America/New_York" };
	const char *zone_of;
	struct err err = ERR_INIT;
	struct facts *facts;
	int good = 0;

	arena_reset(&arena);
	state = seed;
	zone_of = zones[below(3)];
	if (zone_load(&zone, zone_of, &err))
		BUG("%s", err.text);
	make_rows(count, (int)(seed / 3 % 4));
	facts = build(zone_of);
	widen(facts, (const unsigned[]){ 1, 2, 8 }[seed % 3]);
	as_of = date_of_civil((struct civil){ 2017, 2 + below(7), 1 + below(28) });
	end = (uint32_t)(zone_day_start_ms(zone, as_of + 1) / 1000);
	past = as_of < facts_last_day(facts);
	for (int i = 0; i < measures; i++)
		good += one_measure(facts);
	is_int(good, measures, "seed %d: %d rows, %s", (int)seed, count, zone_of);
	facts_free(facts);
	zone_free(zone);
}

int main(void)
{
	arena_init(&arena);
	for (uint64_t seed = 1; seed <= 60; seed++)
		run(seed, seed == 1 ? 0 : 1 + (int)(seed * 7 % 90), 60);
	for (uint64_t seed = 99; seed < 105; seed++)
		run(seed, 9000, 6); /* more than a batch */
	run(111, 70000, 4);         /* more than a chunk */
	arena_release(&arena);
	return done();
}
