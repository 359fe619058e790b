/* Random numbers that are the same everywhere: xoshiro256** (Blackman & Vigna 2018, public domain), its state filled by splitmix64
 * (Steele, Lea & Flood 2014). Everything drawn from it is integer arithmetic, so that a seed gives the same company with every
 * compiler, level of optimisation and C library.
 *
 * Draw once in an expression: C leaves open which of two arguments is computed first.
 * A stream belongs to (seed, purpose, number): any lead can be made alone.
 * Chances are in millionths (PERCENT), factors in thousandths, fixed-point numbers say their fraction bits in the name.
 */
#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PERCENT(n) ((uint32_t)((n)*10000))
#define CERTAIN 1000000u

struct random {
	uint64_t state[4];
};

void random_init(struct random *random, uint64_t seed, uint32_t purpose, uint64_t number);
uint64_t random_next(struct random *random);
/* 0 … n−1; n > 0. The bias is below n / 2^32. */
uint32_t random_below(struct random *random, uint32_t n);
/* low … high, both included. */
int64_t random_between(struct random *random, int64_t low, int64_t high);
bool random_chance(struct random *random, uint32_t millionths);

/* Standard normal with 16 fraction bits: the sum of twelve uniforms less six (Irwin–Hall); never beyond ±6. */
int32_t random_normal_q16(struct random *random);
/* exp(normal): its median, and sigma of the logarithm in thousandths. At most median × 64. */
int64_t random_lognormal(struct random *random, int64_t median, int sigma_thousandths);
/* Place in ascending running totals at which a draw below the last total falls. */
size_t random_pick(struct random *random, const uint64_t *totals, size_t count);

/* 2^x for x with 16 fraction bits, as a number with 16 fraction bits; x within ±20. */
uint64_t exp2_q16(int32_t x_q16);

/* chance × factor, kept below 95 %. */
uint32_t chance_times(uint32_t millionths, uint32_t factor_thousandths);

#endif
