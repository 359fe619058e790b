#include "facts/packed.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { LARGE_PAGE = 2 << 20 };

/* What is read from end to end stands in large pages where the system has them: at the end of each page processors stop reading ahead. */
static void *large_alloc(size_t bytes)
{
	void *at = NULL;

	if (bytes < LARGE_PAGE || posix_memalign(&at, LARGE_PAGE, bytes))
		return must_alloc(bytes);
	madvise(at, bytes / LARGE_PAGE * LARGE_PAGE, MADV_HUGEPAGE); /* refused: small ones do as well */
	return at;
}

static bool has_bases(const struct column *column)
{
	return column->def.type == COLUMN_REF && column->width < 4;
}

bool column_width_is(enum column_type type, unsigned width)
{
	size_t most = column_type_bytes(type);

	switch (type) {
	case COLUMN_NAME:
	case COLUMN_REF:
	case COLUMN_NUMBER: return width == 1 || width == 2 || width == most;
	case COLUMN_MONEY: return width == 4 || width == most;
	default: return width == most;
	}
}

uint64_t column_bytes(const struct column *column, uint32_t rows)
{
	uint64_t bytes = (uint64_t)rows * column->width;

	if (column->def.type == COLUMN_KEY || !column->at.any)
		return 0;
	if (has_bases(column))
		bytes += ref_blocks(rows) * sizeof(*column->bases);
	return bytes + (column->currency ? rows : 0);
}

/* Nothing at any width, from one place to another. */
static void fill_empty(struct column *column, uint32_t from, uint32_t to)
{
	size_t width = column->width;
	char *at = (char *)column->at.any + from * width;

	if (column->def.type == COLUMN_REF) {
		memset(at, 0xff, (to - from) * width);
	} else if (column->def.type == COLUMN_NUMBER && width == 8) {
		for (uint32_t i = from; i < to; i++)
			column->at.numbers[i] = NAN;
	} else if (column->def.type == COLUMN_MONEY) {
		for (uint32_t i = from; i < to; i++) {
			if (width == 8)
				column->at.moneys[i] = MONEY_NONE;
			else
				((int32_t *)column->at.any)[i] = MONEY4_NONE;
		}
	} else {
		memset(at, 0, (to - from) * width);
	}
	if (column->currency)
		memset(column->currency + from, column->one_currency, to - from);
}

/* ---- which width ---- */

static uint8_t width_of_codes(uint32_t count)
{
	return count <= 1u << 8 ? 1 : count <= 1u << 16 ? 2 : 4;
}

/* False for what is no whole number from 0 on, which includes minus zero. */
static bool whole(double number, uint32_t *out)
{
	double back;

	if (!(number >= 0 && number < UINT16_MAX))
		return false;
	*out = (uint32_t)number;
	back = *out;
	return !memcmp(&back, &number, sizeof(back));
}

static uint8_t width_of_numbers(const double *numbers, uint32_t rows)
{
	uint32_t most = 0, number;

	for (uint32_t i = 0; i < rows; i++) {
		if (isnan(numbers[i]))
			continue;
		if (!whole(numbers[i], &number))
			return 8;
		most = number > most ? number : most;
	}
	return most < UINT8_MAX ? 1 : 2;
}

static uint8_t width_of_moneys(const int64_t *moneys, uint32_t rows)
{
	for (uint32_t i = 0; i < rows; i++) {
		if (moneys[i] != MONEY_NONE && (moneys[i] <= MONEY4_NONE || moneys[i] > INT32_MAX))
			return 8;
	}
	return 4;
}

/* Least reference of a block, REF_NONE where it has none, and how far the greatest is from it. */
static uint32_t block_base(const uint32_t *refs, uint32_t count, uint32_t *span)
{
	uint32_t least = REF_NONE, most = 0;

	for (uint32_t i = 0; i < count; i++) {
		least = refs[i] < least ? refs[i] : least;
		most = refs[i] != REF_NONE && refs[i] > most ? refs[i] : most;
	}
	*span = most > least ? most - least : 0;
	return least;
}

static uint8_t width_of_refs(const uint32_t *refs, uint32_t rows)
{
	uint32_t widest = 0, span;

	for (uint32_t at = 0; at < rows; at += REF_BLOCK) {
		block_base(refs + at, rows - at < REF_BLOCK ? rows - at : REF_BLOCK, &span);
		widest = span > widest ? span : widest;
	}
	return widest < UINT8_MAX ? 1 : widest < UINT16_MAX ? 2 : 4;
}

static uint8_t narrowest(const struct column *column, uint32_t rows)
{
	switch (column->def.type) {
	case COLUMN_NAME: return width_of_codes(column->dict->count);
	case COLUMN_NUMBER: return width_of_numbers(column->at.numbers, rows);
	case COLUMN_MONEY: return width_of_moneys(column->at.moneys, rows);
	case COLUMN_REF: return width_of_refs(column->at.refs, rows);
	default: return column->width;
	}
}

/* ---- packing ---- */

static void put_code(void *codes, unsigned width, uint32_t i, uint32_t code)
{
	if (width == 1)
		((uint8_t *)codes)[i] = (uint8_t)code;
	else if (width == 2)
		((uint16_t *)codes)[i] = (uint16_t)code;
	else
		((uint32_t *)codes)[i] = code;
}

static void put_money(struct column *column, uint32_t i, int64_t minor)
{
	if (column->width == 8)
		column->at.moneys[i] = minor;
	else
		((int32_t *)column->at.any)[i] = minor == MONEY_NONE ? MONEY4_NONE : (int32_t)minor;
}

static void pack_refs(struct column *column, const uint32_t *refs, uint32_t rows)
{
	column->bases = must_alloc(ref_blocks(rows) * sizeof(*column->bases));
	for (uint32_t i = 0; i < rows; i++) {
		uint32_t *base = &column->bases[i / REF_BLOCK], span;

		if (i % REF_BLOCK == 0)
			*base = block_base(refs + i, rows - i < REF_BLOCK ? rows - i : REF_BLOCK, &span);
		put_code(column->at.any, column->width, i, refs[i] == REF_NONE ? UINT32_MAX : refs[i] - *base);
	}
}

/* From full width, in `wide`, into the new array. */
static void pack_values(struct column *column, const void *wide, uint32_t rows)
{
	const double *numbers = wide;
	const uint32_t *codes = wide;
	const int64_t *moneys = wide;

	switch (column->def.type) {
	case COLUMN_REF: pack_refs(column, codes, rows); break;
	case COLUMN_MONEY:
		for (uint32_t i = 0; i < rows; i++)
			put_money(column, i, moneys[i]);
		break;
	case COLUMN_NUMBER:
		for (uint32_t i = 0; i < rows; i++)
			put_code(column->at.any, column->width, i, isnan(numbers[i]) ? 0 : (uint32_t)numbers[i] + 1);
		break;
	default:
		for (uint32_t i = 0; i < rows; i++)
			put_code(column->at.any, column->width, i, codes[i]);
	}
}

/* Where all amounts are in one currency it is noted once. */
static void pack_currencies(struct column *column, uint32_t rows)
{
	uint32_t i = 0, other;

	while (i < rows && column_money(column, i) == MONEY_NONE)
		i++;
	column->one_currency = i < rows ? column->currency[i] : 0;
	for (other = i; other < rows; other++) {
		if (column->currency[other] != column->one_currency && column_money(column, other) != MONEY_NONE)
			break;
	}
	if (other < rows) {
		column->currency = must_realloc(column->currency, rows);
		return;
	}
	free(column->currency);
	column->currency = NULL;
}

void column_pack(struct column *column, uint32_t rows)
{
	void *wide = column->at.any;
	uint8_t width;

	if (column->def.type == COLUMN_KEY)
		return;
	column->capacity = rows;
	/* Or it is packed already. */
	if (!wide || !rows || column->borrowed || column->width != column_type_bytes(column->def.type))
		return;
	if (column->currency)
		pack_currencies(column, rows);
	width = narrowest(column, rows);
	column->at.any = large_alloc((size_t)rows * width);
	if (width == column->width) {
		memcpy(column->at.any, wide, (size_t)rows * width);
	} else {
		column->width = width;
		pack_values(column, wide, rows);
	}
	free(wide);
}

struct column *column_blank(const struct column *column, uint32_t rows, struct arena *arena)
{
	struct column *blank = ARENA_NEW(arena, struct column);

	*blank = *column;
	blank->width = (uint8_t)column_type_bytes(column->def.type);
	blank->ranges = NULL;
	blank->bases = NULL;
	blank->longest_run = 0;
	blank->currency = NULL;
	blank->capacity = rows;
	blank->at.any = arena_alloc(arena, (rows ? rows : 1) * (size_t)blank->width);
	if (column->def.type == COLUMN_MONEY)
		blank->currency = arena_alloc(arena, rows ? rows : 1);
	fill_empty(blank, 0, rows);
	return blank;
}

/* ---- going on ---- */

static void *copied(const void *from, size_t bytes)
{
	void *to = must_alloc(bytes ? bytes : 1);

	if (bytes)
		memcpy(to, from, bytes);
	return to;
}

/* No longer the file's. */
void column_own(struct column *column)
{
	uint32_t rows = column->capacity;

	if (!column->borrowed)
		return;
	column->borrowed = false;
	if (column->at.any)
		column->at.any = copied(column->at.any, (size_t)rows * column->width);
	if (column->bases)
		column->bases = copied(column->bases, ref_blocks(rows) * sizeof(*column->bases));
	if (column->currency)
		column->currency = copied(column->currency, rows);
	if (column->versions)
		column->versions = copied(column->versions, column->version_count * sizeof(*column->versions));
}

static void grow_ranges(struct column *column, uint32_t capacity)
{
	uint32_t chunks = column->capacity / FACT_CHUNK + 1, more = capacity / FACT_CHUNK + 1;

	if (!column->ranges)
		return;
	column->ranges = must_realloc(column->ranges, more * sizeof(*column->ranges));
	for (uint32_t chunk = chunks; chunk < more; chunk++)
		column->ranges[chunk] = (struct chunk_range){ UINT32_MAX, 0, true, false };
	for (uint32_t chunk = column->capacity / FACT_CHUNK; chunk < chunks; chunk++)
		column->ranges[chunk].empty = true;
}

void column_grow(struct column *column, uint32_t capacity)
{
	uint32_t from = column->capacity;

	if (capacity <= from || column->def.type == COLUMN_KEY)
		return;
	column_own(column);
	grow_ranges(column, capacity);
	column->capacity = capacity;
	if (!column->at.any)
		return;
	column->at.any = must_realloc(column->at.any, (size_t)capacity * column->width);
	if (column->currency)
		column->currency = must_realloc(column->currency, capacity);
	if (has_bases(column)) {
		column->bases = must_realloc(column->bases, ref_blocks(capacity) * sizeof(*column->bases));
		for (uint32_t block = ref_blocks(from); block < ref_blocks(capacity); block++)
			column->bases[block] = REF_NONE;
	}
	fill_empty(column, from, capacity);
}

/* The array is made when the first value comes. */
static void begin(struct column *column)
{
	column_own(column);
	if (column->at.any)
		return;
	if (column->def.type == COLUMN_NAME || column->def.type == COLUMN_NUMBER)
		column->width = 1;
	else if (column->def.type == COLUMN_MONEY)
		column->width = 4;
	column->at.any = must_alloc((size_t)column->capacity * column->width);
	fill_empty(column, 0, column->capacity);
}

/* Nothing that is there changes its value. */
static void widen(struct column *column, uint8_t width)
{
	struct column old = *column;

	column->width = width;
	column->at.any = must_alloc((size_t)column->capacity * width);
	for (uint32_t i = 0; i < column->capacity; i++) {
		if (column->def.type == COLUMN_NUMBER && width == 8)
			column->at.numbers[i] = column_number(&old, i);
		else if (column->def.type == COLUMN_MONEY)
			column->at.moneys[i] = column_money(&old, i);
		else if (column->def.type == COLUMN_REF)
			column->at.refs[i] = column_ref(&old, i);
		else
			put_code(column->at.any, width, i, column_code(&old, i));
	}
	free(old.at.any);
	free(old.bases);
	column->bases = NULL;
}

void column_widen(struct column *column, unsigned width)
{
	unsigned most = (unsigned)column_type_bytes(column->def.type);

	while (!column_width_is(column->def.type, width) && width < most)
		width++;
	if (!column->at.any || column->width >= width || width > most)
		return;
	column_own(column);
	if (column->def.type == COLUMN_REF)
		width = most;
	widen(column, (uint8_t)width);
}

static void widen_range(struct column *column, uint32_t row, uint32_t t)
{
	struct chunk_range *range = column->ranges ? &column->ranges[row / FACT_CHUNK] : NULL;
	bool known = t != TIME_NOT_REACHED && t != TIME_UNKNOWN;

	if (known && t > column->last_time)
		column->last_time = t;
	if (known && t < column->first_time)
		column->first_time = t;
	if (!range)
		return;
	range->empty |= t == TIME_NOT_REACHED;
	range->unknown |= t == TIME_UNKNOWN;
	range->least = known && t < range->least ? t : range->least;
	range->most = known && t > range->most ? t : range->most;
}

void column_set_code(struct column *column, uint32_t row, uint32_t code)
{
	if (!column->at.any && !code)
		return;
	begin(column);
	if (column->def.type == COLUMN_TIME)
		widen_range(column, row, code);
	else if (column->width < width_of_codes(code + 1))
		widen(column, width_of_codes(code + 1));
	put_code(column->at.any, column->width, row, code);
}

/* References still ascend when what is set lies between its neighbours; how many then stand together is looked at anew. */
static void note_run(struct column *column, uint32_t row, uint32_t ref)
{
	uint32_t first = row, last = row;

	if (!column->longest_run)
		return;
	if ((row && column_ref(column, row - 1) > ref) ||
	    (row + 1 < column->capacity && column_ref(column, row + 1) < ref)) {
		column->longest_run = 0;
		return;
	}
	while (ref != REF_NONE && first && column_ref(column, first - 1) == ref)
		first--;
	while (ref != REF_NONE && last + 1 < column->capacity && column_ref(column, last + 1) == ref)
		last++;
	if (last - first + 1 > column->longest_run)
		column->longest_run = last - first + 1;
}

void column_set_ref(struct column *column, uint32_t row, uint32_t ref)
{
	uint32_t none = column->width == 1 ? UINT8_MAX : UINT16_MAX;

	if (!column->at.any && ref == REF_NONE)
		return;
	begin(column);
	if (has_bases(column)) {
		uint32_t *base = &column->bases[row / REF_BLOCK];

		if (*base == REF_NONE && ref != REF_NONE)
			*base = ref;
		if (ref == REF_NONE || (ref >= *base && ref - *base < none)) {
			put_code(column->at.any, column->width, row, ref == REF_NONE ? none : ref - *base);
			note_run(column, row, ref);
			return;
		}
		widen(column, 4);
	}
	column->at.refs[row] = ref;
	note_run(column, row, ref);
}

void column_set_number(struct column *column, uint32_t row, double number)
{
	uint32_t code = 0;

	if (!column->at.any && isnan(number))
		return;
	begin(column);
	if (column->width < 8 && !isnan(number)) {
		if (!whole(number, &code))
			widen(column, 8);
		else if (++code > UINT8_MAX && column->width == 1)
			widen(column, 2);
	}
	if (column->width == 8)
		column->at.numbers[row] = isnan(number) ? NAN : number;
	else
		put_code(column->at.any, column->width, row, code);
}

void column_set_money(struct column *column, uint32_t row, int64_t minor, uint8_t currency)
{
	bool fits = minor == MONEY_NONE || (minor > MONEY4_NONE && minor <= INT32_MAX);

	if (!column->at.any) {
		if (minor == MONEY_NONE)
			return;
		column->one_currency = currency;
	}
	begin(column);
	if (column->width == 4 && !fits)
		widen(column, 8);
	if (!column->currency && currency != column->one_currency && minor != MONEY_NONE) {
		column->currency = must_alloc(column->capacity);
		memset(column->currency, column->one_currency, column->capacity);
	}
	put_money(column, row, minor);
	if (column->currency)
		column->currency[row] = currency;
}
