/* Values at every width: what is packed, set and asked must be what was put in, whatever it takes. */
#include "tap.h"

#include <math.h>
#include <stdlib.h>

#include "base/date.h"
#include "facts/facts_builder.h"
#include "facts/measure.h"
#include "facts/packed.h"

static uint64_t state = 5;
static struct arena arena;

static uint32_t below(uint32_t n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33) % n;
}

static struct facts *begin(void)
{
	struct book_settings settings = { .zone = "UTC", .currency = "EUR", .fiscal_start_month = 1 };
	struct err err = ERR_INIT;
	struct facts *facts;

	if (facts_builder_new(&facts, &settings, &err))
		BUG("%s", err.text);
	return facts;
}

static struct column *column_of(struct facts *facts, const char *name)
{
	return facts_known_column(facts, FACT_LEADS, name);
}

/* ---- what is packed ---- */

static void names(uint32_t count, unsigned width)
{
	enum { ROWS = 140000 };
	struct facts *facts = begin();
	struct column *column = column_of(facts, "campaign");
	const struct question question = { .measure = "count()",
					   .of = "leads",
					   .by = "campaign",
					   .where = "campaign is not empty",
					   .as_of = DATE_NONE,
					   .scope = SCOPE_EVERYTHING };
	struct err err = ERR_INIT;
	struct answer answer;
	bool same = true;
	char name[16];

	for (uint32_t i = 0; i < ROWS; i++) {
		builder_row(facts, FACT_LEADS, STR_NONE);
		if (i % (count + 1) == count)
			continue;
		snprintf(name, sizeof(name), "%u", (unsigned)(i % (count + 1)));
		builder_name(facts, column, i, str_of(name));
	}
	facts_finish(facts, DATE_NONE);
	is_int(column->width, width, "%u names and the empty one: %u bytes", (unsigned)count, width);
	for (uint32_t i = 0; i < ROWS; i++) {
		uint32_t number = i % (count + 1);

		same = same && column_code(column, i) == (number == count ? 0 : number + 1);
	}
	ok(same, "each row has its own");
	if (measure_ask(facts, &question, &arena, &answer, &err))
		BUG("%s", err.text);
	is_int((int64_t)answer.row_count, count, "as many groups");
	for (size_t i = 0; i < answer.row_count; i++) {
		long number = strtol(answer.rows[i].by[0].at, NULL, 10);

		same = same && answer.rows[i].n == (ROWS - number + (long)count) / ((long)count + 1);
	}
	ok(same, "with as many rows each");
	facts_free(facts);
}

static void numbers(double most, unsigned width)
{
	enum { ROWS = 9000 };
	static double wanted[ROWS];
	struct facts *facts = begin();
	struct column *column = column_of(facts, "score");
	const char *const measures[] = { "sum(score)", "count(score >= 100)", "max(score)", "count(score is empty)" };
	const struct question question = { .of = "leads", .as_of = DATE_NONE, .scope = SCOPE_EVERYTHING };
	struct answer answers[4];
	struct err err = ERR_INIT;
	double sum = 0, greatest = 0;
	int64_t hundred = 0, empty = 0;
	bool same = true;

	for (uint32_t i = 0; i < ROWS; i++) {
		bool is_empty = below(4) == 0;

		builder_row(facts, FACT_LEADS, STR_NONE);
		wanted[i] = i == 77 ? most : i == 78 ? 0 : is_empty ? NAN : (double)below(120);
		if (!isnan(wanted[i]))
			builder_number(facts, column, i, wanted[i]);
		sum += isnan(wanted[i]) ? 0 : wanted[i];
		greatest = fmax(greatest, wanted[i]);
		hundred += wanted[i] >= 100;
		empty += isnan(wanted[i]);
	}
	facts_finish(facts, DATE_NONE);
	is_int(column->width, width, "numbers up to %g: %u bytes", most, width);
	for (uint32_t i = 0; i < ROWS; i++) {
		double number = column_number(column, i);

		same = same && (isnan(wanted[i]) ? isnan(number) : number == wanted[i]);
	}
	ok(same, "each row has its own");
	if (measure_ask_many(facts, &question, measures, 4, &arena, answers, &err))
		BUG("%s", err.text);
	ok(answers[0].rows[0].value == sum && answers[2].rows[0].value == greatest, "their sum and greatest");
	is_int(answers[1].rows[0].n, hundred, "those of 100 and more");
	is_int(answers[3].rows[0].n, empty, "the empty ones");
	facts_free(facts);
}

static void moneys(int64_t extreme, const char *other, unsigned width)
{
	enum { ROWS = 9000 };
	static int64_t wanted[ROWS];
	struct facts *facts = begin();
	struct column *column = column_of(facts, "amount");
	const struct question question = {
		.measure = "sum(amount)", .of = "leads", .by = "currency", .as_of = DATE_NONE, .scope = SCOPE_EVERYTHING
	};
	struct answer answer;
	struct err err = ERR_INIT;
	int64_t sums[2] = { 0 };
	bool same = true;

	for (uint32_t i = 0; i < ROWS; i++) {
		bool is_other = other && i % 3 == 1;

		builder_row(facts, FACT_LEADS, STR_NONE);
		wanted[i] = i == 99 ? extreme : below(3) ? (int64_t)below(1u << 30) - (1 << 29) : MONEY_NONE;
		if (wanted[i] == MONEY_NONE)
			continue;
		builder_money(facts, column, i, wanted[i], is_other ? other : "EUR");
		sums[is_other] += wanted[i];
	}
	facts_finish(facts, DATE_NONE);
	is_int(column->width, width, "money up to %" PRId64 ": %u bytes", extreme, width);
	is_int(column->currency != NULL, other != NULL, "currencies beside it only where there are several");
	for (uint32_t i = 0; i < ROWS; i++) {
		uint8_t currency = other && i % 3 == 1;

		same = same && column_money(column, i) == wanted[i] &&
		       (wanted[i] == MONEY_NONE || column_currency(column, i) == currency);
	}
	ok(same, "each row has its own");
	if (measure_ask(facts, &question, &arena, &answer, &err))
		BUG("%s", err.text);
	for (size_t i = 0; i < answer.row_count; i++) {
		bool is_other = !str_is(answer.rows[i].by[0], "EUR");

		if (answer.rows[i].by[0].len)
			is_int(answer.rows[i].minor, sums[is_other], "sum of %s", is_other ? other : "EUR");
	}
	facts_free(facts);
}

static void links(uint32_t gap, unsigned width)
{
	enum { ROWS = 20000 };
	static uint32_t wanted[ROWS];
	struct facts *facts = begin();
	struct column *column = facts_known_column(facts, FACT_TOUCHES, "lead");
	struct column *score = column_of(facts, "score");
	const struct question question = {
		.measure = "sum(lead.score)", .of = "touches", .as_of = DATE_NONE, .scope = SCOPE_EVERYTHING
	};
	struct answer answer;
	struct err err = ERR_INIT;
	uint32_t leads = 3 * ROWS + gap, at = 0;
	double sum = 0;
	bool same = true;

	for (uint32_t i = 0; i < leads; i++) {
		builder_row(facts, FACT_LEADS, STR_NONE);
		builder_number(facts, score, i, i % 50);
	}
	for (uint32_t i = 0; i < ROWS; i++) {
		at += i == 777 ? gap : below(3);
		builder_row(facts, FACT_TOUCHES, STR_NONE);
		wanted[i] = below(9) ? at : REF_NONE;
		if (wanted[i] == REF_NONE)
			continue;
		builder_ref(facts, column, i, at);
		sum += at % 50;
	}
	facts_finish(facts, DATE_NONE);
	is_int(column->width, width, "links with a gap of %u: %u bytes", (unsigned)gap, width);
	for (uint32_t i = 0; i < ROWS; i++)
		same = same && column_ref(column, i) == wanted[i];
	ok(same, "each row has its own");
	if (measure_ask(facts, &question, &arena, &answer, &err))
		BUG("%s", err.text);
	ok(answer.rows[0].value == sum, "what stands behind them adds up");
	facts_free(facts);
}

/* ---- what is set afterwards ---- */

struct cell {
	double number;
	int64_t minor;
	uint32_t time, code, ref;
	uint8_t currency;
};

static const struct cell nothing = { NAN, MONEY_NONE, TIME_NOT_REACHED, 0, REF_NONE, 0 };

/* Now and then one that is wider than all before. */
static struct cell random_value(uint32_t step)
{
	struct cell value = nothing;
	uint32_t wide = step > 6000 ? 3 : step > 3000 ? 2 : 1;

	if (below(5) == 0)
		return value;
	value.number = below(40) || wide < 3 ? below(wide > 1 ? 60000 : 200) : below(1000) / 8.0 - 3;
	value.minor = ((int64_t)below(1u << 30) - (1 << 29)) * (wide > 2 ? 1000 : 1);
	value.currency = wide > 1 && below(9) == 0 ? 3 : 1;
	value.time = below(10) ? 1500000000 + below(1u << 20) : TIME_UNKNOWN;
	value.code = below(wide > 2 ? 70000 : wide > 1 ? 3000 : 200);
	value.ref = step % 100 + (wide > 2 ? below(1u << 20) : below(100));
	return value;
}

static void set_values(void)
{
	enum { STEPS = 9000, MOST = 200000 };
	static struct cell wanted[MOST];
	struct facts *facts = begin();
	struct column *number = column_of(facts, "score"), *money = column_of(facts, "amount");
	struct column *time = column_of(facts, "qualified"), *name = column_of(facts, "source");
	struct column *ref = facts_known_column(facts, FACT_TOUCHES, "lead"),
		      *all[] = { number, money, time, name, ref };
	uint32_t rows = 100;
	bool same = true, within = true;

	for (uint32_t i = 0; i < rows; i++) {
		wanted[i] = nothing;
		builder_row(facts, FACT_LEADS, STR_NONE);
		builder_row(facts, FACT_TOUCHES, STR_NONE);
	}
	builder_time(facts, time, 5, wanted[5].time = 1500000000);
	builder_ref(facts, ref, 5, wanted[5].ref = 3);
	facts_finish(facts, DATE_NONE);
	for (uint32_t step = 0; step < STEPS; step++) {
		struct cell value = random_value(step);
		uint32_t row = below(rows);

		if (step % 1000 == 999) {
			for (uint32_t i = rows; i < rows * 2; i++)
				wanted[i] = nothing;
			rows *= 2;
			for (size_t i = 0; i < 5; i++)
				column_grow(all[i], rows);
		}
		wanted[row] = value;
		column_set_number(number, row, value.number);
		column_set_money(money, row, value.minor, value.currency);
		column_set_code(time, row, value.time);
		column_set_code(name, row, value.code);
		column_set_ref(ref, row, value.ref);
	}
	for (uint32_t i = 0; i < rows; i++) {
		struct cell *v = &wanted[i];
		const struct chunk_range *range = &time->ranges[i / FACT_CHUNK];
		double got = column_number(number, i);

		same = same && (isnan(v->number) ? isnan(got) : v->number == got) &&
		       column_money(money, i) == v->minor && column_code(time, i) == v->time &&
		       column_code(name, i) == v->code && column_ref(ref, i) == v->ref &&
		       (v->minor == MONEY_NONE || column_currency(money, i) == v->currency);
		within = within && (v->time == TIME_NOT_REACHED ? range->empty
				    : v->time == TIME_UNKNOWN   ? range->unknown
								: range->least <= v->time && range->most >= v->time);
	}
	ok(same, "what was set last is what is there");
	ok(within, "and lies in the range of its chunk");
	is_int(number->width, 8, "the numbers are doubles by now");
	is_int(money->width, 8, "the amounts 64 bits");
	is_int(name->width, 4, "the names 4 bytes");
	is_int(ref->width, 4, "the links too");
	facts_free(facts);
}

static void new_names(void)
{
	struct facts *facts = begin();
	struct dict *dict = column_of(facts, "source")->dict;
	char name[16];
	bool same = true;

	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "name %d", i);
		dict_code(dict, str_of(name));
	}
	facts_finish(facts, DATE_NONE);
	for (int round = 0; round < 2; round++) {
		dict_reopen(dict);
		for (int i = 40 + 40 * round; i > 0; i--) {
			snprintf(name, sizeof(name), "name %d", i - 1);
			same = same && (i > 20 || dict_code(dict, str_of(name)) == (uint32_t)i);
			dict_code(dict, str_of(name));
		}
		dict_seal(dict);
	}
	ok(same, "names keep their codes when others come");
	is_int(dict->count, 81, "and no name comes twice");
	ok(str_is(dict->names[20], "name 19") && dict_find(dict, STR("name 79")) != UINT32_MAX, "all are found");
	facts_free(facts);
}

/* Keys of all lengths, with as much in common as there may be. */
static void keys(void)
{
	enum { KEYS = 5000, LONGEST = 300 };
	struct key_list list;
	struct key_walk walk;
	char *texts = arena_alloc(&arena, (size_t)KEYS * LONGEST), *text;
	size_t lens[KEYS];
	bool same = true, walked = true;

	key_list_init(&list);
	for (uint32_t i = 0; i < KEYS; i++) {
		size_t shared = i ? below((uint32_t)lens[i - 1] + 1) : 0, rest = below(below(3) ? 10 : 200);

		shared = shared < LONGEST - 200 ? shared : LONGEST - 200;
		text = texts + (size_t)i * LONGEST;
		if (shared)
			memcpy(text, text - LONGEST, shared);
		for (size_t k = 0; k < rest; k++)
			text[shared + k] = (char)('a' + below(26));
		lens[i] = shared + rest;
		key_list_add(&list, (struct str){ text, lens[i] });
	}
	key_list_seal(&list);
	key_walk_init(&walk, &list);
	for (uint32_t i = 0; i < KEYS; i++) {
		struct str wanted = { texts + (size_t)i * LONGEST, lens[i] };

		same = same && str_eq(key_list_at(&list, i, &arena), wanted);
		walked = walked && str_eq(key_walk_next(&walk), wanted);
	}
	ok(same, "each key is found by its row");
	ok(walked, "and in turn");
	key_walk_release(&walk);
	key_list_release(&list);
}

/* Numbers that count up take a byte each; what looks like that and is not is told in full. */
static void keys_in_turn(void)
{
	enum { KEYS = 1000 };
	static const char *const odd[] = { "9",
					   ":",
					   "a1",
					   "a2",
					   "a3b",
					   "a4",
					   "abcdefghijklmnopqrstuvwxyz01234",
					   "abcdefghijklmnopqrstuvwxyz0123",
					   "abcdefghijklmnopqrstuvwxyz0124",
					   "",
					   "1",
					   "2" };
	enum { ODD = sizeof(odd) / sizeof(*odd) };
	struct key_list list;
	bool same = true;

	key_list_init(&list);
	for (unsigned i = 0; i < KEYS; i++)
		key_list_add(&list, str_of(arena_printf(&arena, "T%u-%u", i / 5, 1 + i % 5)));
	ok(list.len < 2 * KEYS, "keys that count up take less than two bytes (%u)", (unsigned)list.len);
	for (unsigned i = 0; i < ODD; i++)
		key_list_add(&list, str_of(odd[i]));
	key_list_seal(&list);
	for (unsigned i = 0; i < KEYS; i++)
		same = same && str_is(key_list_at(&list, i, &arena), arena_printf(&arena, "T%u-%u", i / 5, 1 + i % 5));
	ok(same, "and are found");
	for (unsigned i = 0; i < ODD; i++)
		ok(str_is(key_list_at(&list, KEYS + i, &arena), odd[i]), "as is \"%s\"", odd[i]);
	key_list_release(&list);
}

int main(void)
{
	arena_init(&arena);
	keys();
	keys_in_turn();
	new_names();
	names(254, 1);
	names(255, 1);
	names(256, 2);
	names(65535, 2);
	names(65536, 4);
	numbers(200, 1);
	numbers(254, 1);
	numbers(255, 2);
	numbers(65534, 2);
	numbers(65535, 8);
	numbers(99.5, 8);
	moneys(INT32_MAX, NULL, 4);
	moneys(-(int64_t)INT32_MAX, "USD", 4);
	moneys(INT32_MIN, NULL, 8);
	moneys((int64_t)INT32_MAX + 1, "USD", 8);
	links(100, 1);
	links(1000, 2);
	links(70000, 4);
	set_values();
	arena_release(&arena);
	return done();
}
