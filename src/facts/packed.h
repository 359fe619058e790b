/* How values stand in a finished column: as narrow as all of them allow. Private to src/facts.
 *
 *   names    codes of 1, 2 or 4 bytes
 *   numbers  8 bytes: doubles; 1 or 2 bytes where all are whole and from 0 on: the number plus 1, 0 is empty
 *   money    8 bytes, or 4 with MONEY4_NONE for empty; no array of currencies where all are in one
 *   refs     4 bytes, or 1 or 2 to be added to the base of their REF_BLOCK rows, all bits set for REF_NONE
 *   times    4 bytes; flags 1 byte
 *
 * So an empty name, time, flag or packed number is 0 at any width. Facts are made at full width and packed when they are finished;
 * afterwards single values can be set: what does not fit widens its whole column.
 */
#ifndef FACTS_PACKED_H
#define FACTS_PACKED_H

#include <math.h>
#include "facts/store.h"

#define REF_BLOCK 64u
static inline uint32_t ref_blocks(uint32_t rows)
{
	return rows / REF_BLOCK + (rows % REF_BLOCK != 0);
}
#define MONEY4_NONE INT32_MIN

/* ---- one value; the column has an array (`at.any`) ---- */

/* Names, times and flags. */
static inline uint32_t code_at(const void *codes, unsigned width, uint32_t i)
{
	return width == 1   ? ((const uint8_t *)codes)[i]
	       : width == 2 ? ((const uint16_t *)codes)[i]
			    : ((const uint32_t *)codes)[i];
}

static inline int64_t money_at(const void *moneys, unsigned width, uint32_t i)
{
	int32_t narrow;

	if (width == 8)
		return ((const int64_t *)moneys)[i];
	narrow = ((const int32_t *)moneys)[i];
	return narrow == MONEY4_NONE ? MONEY_NONE : narrow;
}

static inline uint32_t column_code(const struct column *column, uint32_t row)
{
	return code_at(column->at.any, column->width, row);
}

static inline uint32_t column_ref(const struct column *column, uint32_t row)
{
	uint32_t code;

	if (column->width == 4)
		return column->at.refs[row];
	code = code_at(column->at.any, column->width, row);
	return code == (column->width == 1 ? UINT8_MAX : UINT16_MAX) ? REF_NONE : column->bases[row / REF_BLOCK] + code;
}

static inline double column_number(const struct column *column, uint32_t row)
{
	uint32_t code;

	if (column->width == 8)
		return column->at.numbers[row];
	code = code_at(column->at.any, column->width, row);
	return code ? (double)(code - 1) : NAN;
}

static inline int64_t column_money(const struct column *column, uint32_t row)
{
	return money_at(column->at.any, column->width, row);
}

static inline uint8_t column_currency(const struct column *column, uint32_t row)
{
	return column->currency ? column->currency[row] : column->one_currency;
}

/* Not of keys. */
static inline bool column_empty(const struct column *column, uint32_t row)
{
	if (!column->at.any)
		return true;
	switch (column->def.type) {
	case COLUMN_NUMBER: return isnan(column_number(column, row));
	case COLUMN_MONEY: return column_money(column, row) == MONEY_NONE;
	case COLUMN_REF: return column_ref(column, row) == REF_NONE;
	default: return column_code(column, row) == 0;
	}
}

/* ---- the whole ---- */

/* Can values of that type stand at that width? */
bool column_width_is(enum column_type type, unsigned width);
/* What the arrays take for that many rows. */
uint64_t column_bytes(const struct column *column, uint32_t rows);
/* From full width to the narrowest; gives back what was kept for more rows. */
void column_pack(struct column *column, uint32_t rows);
/* A copy of the column for other values of its own, all empty, at full width, in the arena. It borrows the dictionary. */
struct column *column_blank(const struct column *column, uint32_t rows, struct arena *arena);

/* ---- finished columns that go on ----
 * By one thread, and nobody reads meanwhile. What the file holds is copied before it is changed. The ranges of a time stay true;
 * of a reference only whether it ascends does. New names: dict_reopen. */

/* Its arrays are its own, no longer a file's. */
void column_own(struct column *column);
/* At least that wide; the values stay. */
void column_widen(struct column *column, unsigned width);
/* Room for that many rows; those from the last room on are empty. */
void column_grow(struct column *column, uint32_t capacity);
/* One value of a row that there is room for. 0, REF_NONE, NAN, MONEY_NONE empty it. */
void column_set_code(struct column *column, uint32_t row, uint32_t code); /* names, times, flags */
void column_set_ref(struct column *column, uint32_t row, uint32_t ref);
void column_set_number(struct column *column, uint32_t row, double number);
void column_set_money(struct column *column, uint32_t row, int64_t minor, uint8_t currency);

#endif
