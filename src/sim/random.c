#include "sim/random.h"

static uint64_t splitmix(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

void random_init(struct random *random, uint64_t seed, uint32_t purpose, uint64_t number)
{
	uint64_t state = seed;

	/* Each part goes through the mixer before the next comes in, so that neighbouring seeds and numbers share nothing. */
	state = splitmix(&state) ^ purpose;
	state = splitmix(&state) ^ number;
	for (int i = 0; i < 4; i++)
		random->state[i] = splitmix(&state);
}

static uint64_t rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

uint64_t random_next(struct random *random)
{
	uint64_t *s = random->state;
	uint64_t out = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return out;
}

uint32_t random_below(struct random *random, uint32_t n)
{
	return (uint32_t)((random_next(random) >> 32) * n >> 32);
}

int64_t random_between(struct random *random, int64_t low, int64_t high)
{
	return low + random_below(random, (uint32_t)(high - low + 1));
}

bool random_chance(struct random *random, uint32_t millionths)
{
	return random_below(random, CERTAIN) < millionths;
}

int32_t random_normal_q16(struct random *random)
{
	int32_t sum = 0;

	for (int i = 0; i < 3; i++) {
		uint64_t bits = random_next(random);

		for (int j = 0; j < 4; j++, bits >>= 16)
			sum += (int32_t)(bits & 0xffff);
	}
	return sum - 6 * 65536;
}

uint64_t exp2_q16(int32_t x_q16)
{
	/* 2^(1/2), 2^(1/4), … with 31 fraction bits. */
	static const uint32_t roots[16] = {
		3037000500, 2553802834, 2341847524, 2242560872, 2194507417, 2170868212, 2159144272, 2153306067,
		2150392887, 2148937775, 2148210589, 2147847087, 2147665360, 2147574502, 2147529075, 2147506361,
	};
	int32_t whole = x_q16 >= 0 ? x_q16 / 65536 : -((-x_q16 + 65535) / 65536);
	uint32_t fraction = (uint32_t)(x_q16 - whole * 65536);
	uint64_t out = (uint64_t)1 << 31;

	for (int i = 0; i < 16; i++)
		if (fraction & 0x8000u >> i)
			out = out * roots[i] >> 31;
	return whole >= 0 ? out >> 15 << whole : out >> 15 >> -whole;
}

int64_t random_lognormal(struct random *random, int64_t median, int sigma_thousandths)
{
	/* e^(sigma z) = 2^(sigma z / ln 2); 1/ln 2 = 94548 / 65536. */
	int64_t x = (int64_t)random_normal_q16(random) * sigma_thousandths / 1000 * 94548 / 65536;

	if (x > 6 * 65536)
		x = 6 * 65536;
	if (x < -20 * 65536)
		x = -20 * 65536;
	return (int64_t)((uint64_t)median * exp2_q16((int32_t)x) >> 16);
}

size_t random_pick(struct random *random, const uint64_t *totals, size_t count)
{
	uint64_t at = (random_next(random) >> 32) * totals[count - 1] >> 32;
	size_t low = 0, high = count - 1;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (totals[middle] > at)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

uint32_t chance_times(uint32_t millionths, uint32_t factor_thousandths)
{
	uint64_t out = (uint64_t)millionths * factor_thousandths / 1000;

	return out > PERCENT(95) ? PERCENT(95) : (uint32_t)out;
}
