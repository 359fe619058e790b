/* Exact decimal numbers: mantissa / 10^scale, scale 0…18, normalised (no zeros at the end of the fraction), so that equal numbers
 * are equal structs. Wherever `rounded` is asked for it may be NULL. */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>
#include "base/str.h"

#define DECIMAL_MAX_SCALE 18

struct decimal {
	int64_t mantissa;
	int scale;
};

/* Plain form only: "-12.50", "3e4". `decimal_mark` is '.' or ','; the other one is not accepted. More digits than fit are
 * rounded half away from zero and *rounded is set; false when it is no number or too large. */
bool decimal_parse(struct str text, char decimal_mark, struct decimal *out, bool *rounded);
struct decimal decimal_of(int64_t mantissa, int scale); /* normalises */
double decimal_double(struct decimal d);
/* d × 10^digits, rounded half away from zero; false when it does not fit. *rounded tells whether anything was cut. */
bool decimal_scaled(struct decimal d, int digits, int64_t *out, bool *rounded);
void decimal_format(struct decimal d, char out[48]);
bool decimal_eq(struct decimal a, struct decimal b);

#endif
