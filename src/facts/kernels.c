#include "facts/kernels.h"

#include <math.h>
#include <string.h>

/* Functions chosen at start do not go together with sanitizers, which are not ready by then. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#endif
/* Clang before 18 gives such functions another name than those who call them from other files look for. */
#if defined(__x86_64__) && !defined(SANITIZED) && (!defined(__clang__) || __clang_major__ >= 18)
#define VECTOR __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define VECTOR
#endif

VECTOR void kernel_reached(uint8_t *restrict out, const uint32_t *restrict times, uint32_t count, uint32_t end)
{
	if (end == UINT32_MAX) {
		for (uint32_t i = 0; i < count; i++)
			out[i] = times[i] != TIME_NOT_REACHED;
		return;
	}
	/* t − 1 turns "not reached" into the greatest, "unknown" into the one below. */
	for (uint32_t i = 0; i < count; i++)
		out[i] = (times[i] - 1 < end - 1) | (times[i] == TIME_UNKNOWN);
}

VECTOR void kernel_between(uint8_t *restrict out, const uint32_t *restrict times, uint32_t count, uint32_t low,
			   uint32_t high)
{
	uint32_t width = high > low ? high - low : 0;

	for (uint32_t i = 0; i < count; i++)
		out[i] = times[i] - low < width;
}

VECTOR void kernel_equals(uint8_t *restrict out, const uint32_t *restrict codes, uint32_t count, uint32_t code)
{
	for (uint32_t i = 0; i < count; i++)
		out[i] = codes[i] == code;
}

#define BOTH_KNOWN(a, b) (((a) + 1 > 1) & ((b) + 1 > 1)) /* neither 0 nor UINT32_MAX */

VECTOR void kernel_compare_times(uint8_t *restrict out, const uint32_t *restrict a, const uint32_t *restrict b,
				 uint32_t count, enum compare compare)
{
	switch (compare) {
	case COMPARE_EQ:
		for (uint32_t i = 0; i < count; i++)
			out[i] = BOTH_KNOWN(a[i], b[i]) & (a[i] == b[i]);
		break;
	case COMPARE_NE:
		for (uint32_t i = 0; i < count; i++)
			out[i] = BOTH_KNOWN(a[i], b[i]) & (a[i] != b[i]);
		break;
	case COMPARE_LT:
		for (uint32_t i = 0; i < count; i++)
			out[i] = BOTH_KNOWN(a[i], b[i]) & (a[i] < b[i]);
		break;
	case COMPARE_LE:
		for (uint32_t i = 0; i < count; i++)
			out[i] = BOTH_KNOWN(a[i], b[i]) & (a[i] <= b[i]);
		break;
	case COMPARE_GT:
		for (uint32_t i = 0; i < count; i++)
			out[i] = BOTH_KNOWN(a[i], b[i]) & (a[i] > b[i]);
		break;
	case COMPARE_GE:
		for (uint32_t i = 0; i < count; i++)
			out[i] = BOTH_KNOWN(a[i], b[i]) & (a[i] >= b[i]);
	}
}

VECTOR void kernel_cut(uint32_t *restrict out, const uint32_t *restrict times, uint32_t count, uint32_t end)
{
	for (uint32_t i = 0; i < count; i++)
		out[i] = ((times[i] < end) | (times[i] == TIME_UNKNOWN)) ? times[i] : TIME_NOT_REACHED;
}

static inline uint64_t bits_of(double x)
{
	uint64_t bits;

	memcpy(&bits, &x, sizeof(bits));
	return bits;
}

static inline double of_bits(uint64_t bits)
{
	double x;

	memcpy(&x, &bits, sizeof(x));
	return x;
}

/* All bits where it holds, else none: choices between doubles become vectors in this form only. */
#define MASK(condition) (-(uint64_t)(condition))

VECTOR void kernel_elapsed(double *restrict out, const uint32_t *restrict a, const uint32_t *restrict b, uint32_t count)
{
	const uint64_t nan_bits = bits_of(NAN), unknown_bits = bits_of(DURATION_UNKNOWN);

	for (uint32_t i = 0; i < count; i++) {
		uint64_t from = a[i], to = b[i], seconds = bits_of((double)to - (double)from);
		uint64_t empty = MASK(from == TIME_NOT_REACHED) | MASK(to == TIME_NOT_REACHED);
		uint64_t unknown = (MASK(from == TIME_UNKNOWN) | MASK(to == TIME_UNKNOWN)) & ~empty;

		out[i] = of_bits((seconds & ~(empty | unknown)) | (unknown_bits & unknown) | (nan_bits & empty));
	}
}

/* |x| below infinity: false for NaN too */
#define BOTH_FINITE(a, b) ((fabs(a) < HUGE_VAL) & (fabs(b) < HUGE_VAL))

VECTOR void kernel_compare(uint8_t *restrict out, const double *restrict a, const double *restrict b, uint32_t count,
			   enum compare compare)
{
	switch (compare) {
	case COMPARE_EQ:
		for (uint32_t i = 0; i < count; i++)
			out[i] = BOTH_FINITE(a[i], b[i]) & (a[i] == b[i]);
		break;
	case COMPARE_NE:
		for (uint32_t i = 0; i < count; i++)
			out[i] = BOTH_FINITE(a[i], b[i]) & (a[i] != b[i]);
		break;
	case COMPARE_LT:
		for (uint32_t i = 0; i < count; i++)
			out[i] = BOTH_FINITE(a[i], b[i]) & (a[i] < b[i]);
		break;
	case COMPARE_LE:
		for (uint32_t i = 0; i < count; i++)
			out[i] = BOTH_FINITE(a[i], b[i]) & (a[i] <= b[i]);
		break;
	case COMPARE_GT:
		for (uint32_t i = 0; i < count; i++)
			out[i] = BOTH_FINITE(a[i], b[i]) & (a[i] > b[i]);
		break;
	case COMPARE_GE:
		for (uint32_t i = 0; i < count; i++)
			out[i] = BOTH_FINITE(a[i], b[i]) & (a[i] >= b[i]);
	}
}

VECTOR bool kernel_finite(uint8_t *restrict out, const double *restrict numbers, uint32_t count)
{
	const uint64_t infinite = bits_of(HUGE_VAL);
	uint64_t any = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint64_t size = bits_of(numbers[i]) & INT64_MAX;

		any |= MASK(size == infinite);
		out[i] = size < infinite;
	}
	return any != 0;
}

VECTOR bool kernel_small_codes(uint32_t *restrict out, const double *restrict numbers, uint32_t count)
{
	/* Added to 2^52, a whole number stands in the lowest bits. */
	const double shift = 0x1p52;
	const uint64_t infinite = bits_of(HUGE_VAL);
	uint64_t others = 0;

	for (uint32_t i = 0; i < count; i++) {
		double shifted = numbers[i] + shift;
		uint64_t whole = bits_of(shifted) - bits_of(shift), x = bits_of(numbers[i]);
		uint64_t small = MASK(bits_of(shifted - shift) == x) & MASK(whole < SMALL_NUMBERS);

		others |= ~small & MASK((x & infinite) != infinite);
		out[i] = (uint32_t)((whole + 1) & small);
	}
	return !others;
}

VECTOR void kernel_and(uint8_t *out, const uint8_t *a, const uint8_t *b, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		out[i] = a[i] & b[i];
}

VECTOR void kernel_or(uint8_t *restrict out, const uint8_t *restrict a, const uint8_t *restrict b, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		out[i] = a[i] | b[i];
}

VECTOR void kernel_byte_is(uint8_t *restrict out, const uint8_t *restrict bytes, uint32_t count, uint8_t byte)
{
	for (uint32_t i = 0; i < count; i++)
		out[i] = bytes[i] == byte;
}

VECTOR void kernel_money_filled(uint8_t *restrict out, const void *restrict moneys, unsigned width, uint32_t count)
{
	const int64_t *wide = moneys;
	const int32_t *narrow = moneys;

	if (width == 8) {
		for (uint32_t i = 0; i < count; i++)
			out[i] = wide[i] != MONEY_NONE;
	} else {
		for (uint32_t i = 0; i < count; i++)
			out[i] = narrow[i] != MONEY4_NONE;
	}
}

VECTOR uint32_t kernel_count(const uint8_t *bits, uint32_t count)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < count; i++)
		sum += bits[i];
	return sum;
}

/* Sixty-four bytes 0 or 1 as the bits of a word. */
static uint64_t packed_bits(const uint8_t *bits)
{
	uint64_t word = 0;

	for (unsigned k = 0; k < 8; k++) {
		uint64_t eight = 0;

		for (unsigned b = 0; b < 8; b++)
			eight |= (uint64_t)bits[8 * k + b] << 8 * b;
		/* the product's highest byte has the lowest bits of all eight, the first of them lowest */
		word |= (eight * UINT64_C(0x0102040810204080) >> 56) << 8 * k;
	}
	return word;
}

uint32_t kernel_positions(uint32_t *restrict out, const uint8_t *restrict bits, uint32_t count)
{
	uint32_t found = 0, i = 0;

	/* One branch that is guessed wrong for 64 rows, not one for each eight. */
	for (; i + 64 <= count; i += 64) {
		for (uint64_t word = packed_bits(bits + i); word; word &= word - 1)
			out[found++] = i + (uint32_t)__builtin_ctzll(word);
	}
	for (; i < count; i++) {
		out[found] = i;
		found += bits[i];
	}
	return found;
}

void kernel_gather_numbers(double *restrict out, const double *restrict values, const uint32_t *restrict rows,
			   uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		out[i] = rows[i] == REF_NONE ? NAN : values[rows[i]];
}

void kernel_gather_moneys(int64_t *restrict out, const int64_t *restrict values, const uint32_t *restrict rows,
			  uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		out[i] = rows[i] == REF_NONE ? MONEY_NONE : values[rows[i]];
}

VECTOR void kernel_add_bit(uint8_t *restrict into, const uint8_t *restrict bits, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		into[i] = (uint8_t)(into[i] * 2 + bits[i]);
}

VECTOR void kernel_cells(uint32_t *restrict out, const uint32_t *restrict groups, const uint8_t *restrict low,
			 uint32_t count, unsigned shift)
{
	for (uint32_t i = 0; i < count; i++)
		out[i] = groups[i] << shift | low[i];
}

VECTOR void kernel_byte_cells(uint16_t *restrict out, const uint8_t *restrict groups, const uint8_t *restrict low,
			      uint32_t count, unsigned shift)
{
	for (uint32_t i = 0; i < count; i++)
		out[i] = (uint16_t)(groups[i] << shift | low[i]);
}

VECTOR void kernel_select_words(uint32_t *restrict cells, const uint8_t *restrict bits, uint32_t count, uint32_t other)
{
	for (uint32_t i = 0; i < count; i++)
		cells[i] = bits[i] ? cells[i] : other + i % 8;
}

VECTOR void kernel_select_halves(uint16_t *restrict cells, const uint8_t *restrict bits, uint32_t count, uint16_t other)
{
	for (uint32_t i = 0; i < count; i++)
		cells[i] = bits[i] ? cells[i] : (uint16_t)(other + i % 8);
}

/* ---- codes of each width ---- */

#define CODE uint8_t
#define OF(name) name##_1
#include "facts/kernels_codes.inc"
#define CODE uint16_t
#define OF(name) name##_2
#include "facts/kernels_codes.inc"
#define CODE uint32_t
#define OF(name) name##_4
#include "facts/kernels_codes.inc"

/* The one for that width. */
#define BY_WIDTH(width, name, out, codes, ...)                                                                         \
	do {                                                                                                           \
		if ((width) == 1)                                                                                      \
			name##_1(out, (const uint8_t *)(codes), __VA_ARGS__);                                          \
		else if ((width) == 2)                                                                                 \
			name##_2(out, (const uint16_t *)(codes), __VA_ARGS__);                                         \
		else                                                                                                   \
			name##_4(out, (const uint32_t *)(codes), __VA_ARGS__);                                         \
	} while (0)

void kernel_filled(uint8_t *out, const void *codes, unsigned width, uint32_t count)
{
	BY_WIDTH(width, filled, out, codes, count);
}

void kernel_in(uint8_t *out, const void *codes, unsigned width, uint32_t count, const uint8_t *set)
{
	BY_WIDTH(width, in_set, out, codes, count, set);
}

void kernel_numbers(double *out, const void *codes, unsigned width, uint32_t count)
{
	BY_WIDTH(width, numbers, out, codes, count);
}

void kernel_add_codes(uint32_t *into, const void *codes, unsigned width, uint32_t count, uint32_t stride)
{
	BY_WIDTH(width, add_codes, into, codes, count, stride);
}

void kernel_widen(uint32_t *out, const void *codes, unsigned width, uint32_t count)
{
	BY_WIDTH(width, widen, out, codes, count);
}

void kernel_refs(uint32_t *out, const void *offsets, unsigned width, const uint32_t *bases, uint32_t start,
		 uint32_t count)
{
	BY_WIDTH(width, refs, out, offsets, bases, start, count);
}

void kernel_gather(void *out, const void *values, unsigned width, const uint32_t *rows, uint32_t count, uint32_t none)
{
	if (width == 1)
		gather_1(out, values, rows, count, (uint8_t)none);
	else if (width == 2)
		gather_2(out, values, rows, count, (uint16_t)none);
	else
		gather_4(out, values, rows, count, none);
}
