#include "base/decimal.h"

#include <stdio.h>

enum {
	MAX_DIGITS = 19,  /* of INT64_MAX */
	KEPT_DIGITS = 40, /* more than any mantissa takes, so that the first one dropped is known */
	MAX_EXPONENT = 1000000,
};

static int64_t power_of_ten(int n)
{
	int64_t p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

static struct decimal normalised(int64_t mantissa, int scale)
{
	while (scale > 0 && mantissa % 10 == 0) {
		mantissa /= 10;
		scale--;
	}
	return (struct decimal){ mantissa, scale };
}

/* The significant digits of a number as written: 0.d1d2d3… × 10^point. */
struct digits {
	unsigned char at[KEPT_DIGITS];
	int count;
	long point;
	bool cut; /* a digit other than 0 stood behind the last one kept */
};

static void add_digit(struct digits *d, int digit, bool behind_mark)
{
	if (d->count == 0 && digit == 0) {
		d->point -= behind_mark;
		return;
	}
	if (d->count < KEPT_DIGITS)
		d->at[d->count++] = (unsigned char)digit;
	else if (digit)
		d->cut = true;
	d->point += !behind_mark;
}

static bool is_digit(struct str s, size_t i)
{
	return i < s.len && s.at[i] >= '0' && s.at[i] <= '9';
}

static bool is_sign(struct str s, size_t i)
{
	return i < s.len && (s.at[i] == '-' || s.at[i] == '+');
}

/* "e4", "E-12" from `i` to the end. */
static bool read_exponent(struct str s, size_t i, long *out)
{
	long exponent = 0;

	if (s.at[i] != 'e' && s.at[i] != 'E')
		return false;
	i++;
	bool negative = is_sign(s, i) && s.at[i] == '-';

	i += is_sign(s, i);
	if (!is_digit(s, i))
		return false;
	for (; is_digit(s, i); i++)
		if (exponent < MAX_EXPONENT)
			exponent = exponent * 10 + (s.at[i] - '0');
	*out = negative ? -exponent : exponent;
	return i == s.len;
}

static bool read_digits(struct str s, char decimal_mark, struct digits *out)
{
	bool behind_mark = false, any = false;
	size_t i = is_sign(s, 0);

	for (; i < s.len; i++) {
		if (is_digit(s, i)) {
			add_digit(out, s.at[i] - '0', behind_mark);
			any = true;
		} else if (s.at[i] == decimal_mark && !behind_mark) {
			behind_mark = true;
		} else {
			break;
		}
	}
	if (!any)
		return false;
	if (i < s.len) {
		long exponent;

		if (!read_exponent(s, i, &exponent))
			return false;
		out->point += exponent;
	}
	while (out->count && out->at[out->count - 1] == 0 && !out->cut)
		out->count--;
	return true;
}

/* The first `take` digits (zeros behind the last) as a number, rounded half away from zero by the next one. */
static bool mantissa_of(const struct digits *d, long take, int64_t *out)
{
	uint64_t m = 0;

	for (long i = 0; i < take; i++)
		m = m * 10 + (i < d->count ? d->at[i] : 0);
	if (take >= 0 && take < d->count && d->at[take] >= 5)
		m++;
	*out = (int64_t)m;
	return m <= INT64_MAX;
}

bool decimal_parse(struct str text, char decimal_mark, struct decimal *out, bool *rounded)
{
	struct digits d = { 0 };
	int64_t mantissa = 0;

	if (!read_digits(text, decimal_mark, &d))
		return false;
	if (rounded)
		*rounded = false;
	if (d.count == 0) {
		*out = (struct decimal){ 0, 0 };
		return true;
	}
	if (d.point > MAX_DIGITS)
		return false;

	long scale = d.count - d.point;

	if (scale < 0)
		scale = 0;
	if (scale > DECIMAL_MAX_SCALE)
		scale = DECIMAL_MAX_SCALE;
	if (scale > MAX_DIGITS - d.point)
		scale = MAX_DIGITS - d.point;
	while (!mantissa_of(&d, d.point + scale, &mantissa))
		if (--scale < 0)
			return false;
	if (rounded)
		*rounded = d.cut || d.point + scale < d.count;
	*out = normalised(text.at[0] == '-' ? -mantissa : mantissa, (int)scale);
	return true;
}

struct decimal decimal_of(int64_t mantissa, int scale)
{
	return normalised(mantissa, scale);
}

double decimal_double(struct decimal d)
{
	/* Both sides are exact in a long double of 64 bits; only the division rounds. */
	return (double)((long double)d.mantissa / (long double)power_of_ten(d.scale));
}

bool decimal_scaled(struct decimal d, int digits, int64_t *out, bool *rounded)
{
	int shift = digits - d.scale;

	if (rounded)
		*rounded = false;
	if (d.mantissa == 0) {
		*out = 0;
		return true;
	}
	if (shift >= 0)
		return shift <= DECIMAL_MAX_SCALE && !__builtin_mul_overflow(d.mantissa, power_of_ten(shift), out);
	if (-shift > DECIMAL_MAX_SCALE) {
		*out = 0;
		if (rounded)
			*rounded = true;
		return true;
	}

	int64_t unit = power_of_ten(-shift), rest = d.mantissa % unit;

	*out = d.mantissa / unit;
	if ((rest < 0 ? -rest : rest) >= unit - unit / 2)
		*out += d.mantissa < 0 ? -1 : 1;
	if (rounded)
		*rounded = rest != 0;
	return true;
}

void decimal_format(struct decimal d, char out[48])
{
	uint64_t magnitude = d.mantissa < 0 ? 0 - (uint64_t)d.mantissa : (uint64_t)d.mantissa;
	uint64_t unit = (uint64_t)power_of_ten(d.scale);
	const char *sign = d.mantissa < 0 ? "-" : "";

	if (d.scale == 0)
		snprintf(out, 48, "%s%llu", sign, (unsigned long long)magnitude);
	else
		snprintf(out, 48, "%s%llu.%0*llu", sign, (unsigned long long)(magnitude / unit), d.scale,
			 (unsigned long long)(magnitude % unit));
}

bool decimal_eq(struct decimal a, struct decimal b)
{
	return a.mantissa == b.mantissa && a.scale == b.scale;
}
