/* The loops in which a question spends its time: one type, one operation, one array after another. Private to src/facts.
 *
 * None has a branch that depends on a value, so that the compiler turns each into vector instructions (`make vectors` shows where it
 * does). On x86-64 each is compiled for AVX-512, AVX2 and any processor, and the fitting one is chosen when the program starts;
 * elsewhere there is one. Arrays do not overlap. Bits are bytes 0 or 1.
 */
#ifndef FACTS_KERNELS_H
#define FACTS_KERNELS_H

#include <stdbool.h>
#include <stdint.h>
#include "facts/plan.h"

/* ---- times → bits ---- */
/* Reached at all, and before `end` where that is not UINT32_MAX (an unknown time counts as before). */
void kernel_reached(uint8_t *out, const uint32_t *times, uint32_t count, uint32_t end);
/* low ≤ t < high */
void kernel_between(uint8_t *out, const uint32_t *times, uint32_t count, uint32_t low, uint32_t high);
void kernel_equals(uint8_t *out, const uint32_t *codes, uint32_t count, uint32_t code);
/* False where either is not reached or unknown. */
void kernel_compare_times(uint8_t *out, const uint32_t *a, const uint32_t *b, uint32_t count, enum compare compare);

/* ---- codes of 1, 2 or 4 bytes (packed.h) ---- */
/* Not 0. */
void kernel_filled(uint8_t *out, const void *codes, unsigned width, uint32_t count);
void kernel_in(uint8_t *out, const void *codes, unsigned width, uint32_t count, const uint8_t *set);
/* Packed numbers as doubles. */
void kernel_numbers(double *out, const void *codes, unsigned width, uint32_t count);
void kernel_widen(uint32_t *out, const void *codes, unsigned width, uint32_t count);
/* Packed references as rows; `offsets` are those from the row `start` on. */
void kernel_refs(uint32_t *out, const void *offsets, unsigned width, const uint32_t *bases, uint32_t start,
		 uint32_t count);

/* ---- times → times, durations ---- */
/* Milestones from `end` on are not reached. */
void kernel_cut(uint32_t *out, const uint32_t *times, uint32_t count, uint32_t end);
/* b − a in seconds; NaN where either is not reached, DURATION_UNKNOWN where either is unknown. */
void kernel_elapsed(double *out, const uint32_t *a, const uint32_t *b, uint32_t count);

/* ---- doubles ---- */
/* False where either is not finite. */
void kernel_compare(uint8_t *out, const double *a, const double *b, uint32_t count, enum compare compare);
/* Which are finite. True when some are infinite. */
bool kernel_finite(uint8_t *out, const double *numbers, uint32_t count);
/* Whole numbers from 0 to SMALL_NUMBERS − 1 become themselves + 1, what is not finite 0. False when there are others. */
#define SMALL_NUMBERS 65535 /* all that fit two bytes */
bool kernel_small_codes(uint32_t *out, const double *numbers, uint32_t count);

/* ---- bits ---- */
/* `out` may be one of them. */
void kernel_and(uint8_t *out, const uint8_t *a, const uint8_t *b, uint32_t count);
void kernel_or(uint8_t *out, const uint8_t *a, const uint8_t *b, uint32_t count);
void kernel_byte_is(uint8_t *out, const uint8_t *bytes, uint32_t count, uint8_t byte);
void kernel_money_filled(uint8_t *out, const void *moneys, unsigned width, uint32_t count);
uint32_t kernel_count(const uint8_t *bits, uint32_t count);

/* ---- rows ---- */
/* Where bits are set; `out` has room for `count`. Returns how many. */
uint32_t kernel_positions(uint32_t *out, const uint8_t *bits, uint32_t count);
/* Values of some rows; `none` where the row is REF_NONE. */
void kernel_gather(void *out, const void *values, unsigned width, const uint32_t *rows, uint32_t count, uint32_t none);
void kernel_gather_numbers(double *out, const double *values, const uint32_t *rows, uint32_t count);
void kernel_gather_moneys(int64_t *out, const int64_t *values, const uint32_t *rows, uint32_t count);

/* ---- groups ---- */
/* into[i] += codes[i] × stride */
void kernel_add_codes(uint32_t *into, const void *codes, unsigned width, uint32_t count, uint32_t stride);
/* into[i] = into[i] × 2 + bits[i] */
void kernel_add_bit(uint8_t *into, const uint8_t *bits, uint32_t count);
/* out[i] = groups[i] << shift | low[i] */
void kernel_cells(uint32_t *out, const uint32_t *groups, const uint8_t *low, uint32_t count, unsigned shift);
void kernel_byte_cells(uint16_t *out, const uint8_t *groups, const uint8_t *low, uint32_t count, unsigned shift);
/* Where the bit is not set one of `other` … `other` + 7, in turn: a row need not wait for the one before. */
void kernel_select_words(uint32_t *cells, const uint8_t *bits, uint32_t count, uint32_t other);
void kernel_select_halves(uint16_t *cells, const uint8_t *bits, uint32_t count, uint16_t other);

#endif
