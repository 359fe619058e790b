/* One value of one field, as observed, and its canonical bytes.
 *
 * A milestone ("won") holds VALUE_DATE or VALUE_TIME when it is known when, VALUE_YES when it happened at an unknown time,
 * VALUE_NO when the source says it did not happen, VALUE_EMPTY when the source says nothing.
 */
#ifndef DOMAIN_VALUE_H
#define DOMAIN_VALUE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/decimal.h"
#include "base/str.h"

/* Written into entries: never renumber. */
enum value_kind {
	VALUE_EMPTY = 0,
	VALUE_TEXT = 1,
	VALUE_NUMBER = 2,
	VALUE_MONEY = 3,
	VALUE_DATE = 4, /* a calendar date of the book's zone; stays a date */
	VALUE_TIME = 5, /* UTC milliseconds */
	VALUE_YES = 6,
	VALUE_NO = 7,
	VALUE_REF = 8,   /* another record of the same source */
	VALUE_SEALED = 9 /* encrypted personal text; opened by book/ */
};

/* How a VALUE_REF names its target. Never renumber. */
enum ref_by {
	REF_BY_KEY = 0,   /* the other file's key */
	REF_BY_EMAIL = 1, /* an address when offered, "anon-N" once written (book/keys.h) */
	REF_BY_NAME = 2,  /* the other record's name, exact after trimming; ambiguous names resolve to none */
};

struct value {
	enum value_kind kind;
	union {
		struct str text; /* TEXT, SEALED (bytes) */
		struct decimal number;
		struct {
			int64_t minor;
			char currency[4]; /* "EUR", NUL-terminated; "" = the book's */
		} money;
		int32_t date;
		int64_t time_ms;
		struct {
			struct str key;
			enum ref_by by;
		} ref;
	} as;
};

/* The largest amount that is taken in, either way: 10^15 minor units, ten million million EUR. Larger ones are slips, and one of them would
 * take the answer from every sum. 9,000 of the largest, or ten million amounts of 9 thousand million EUR each, add up in 64 bits; a sum
 * that does not has no answer (facts/measure.h). Every such amount is exact in a double too. */
#define MONEY_MINOR_MAX INT64_C(1000000000000000)

/* Digits behind the mark of an ISO 4217 currency: 2, but 0 for JPY, 3 for KWD … */
int money_digits(const char *currency);
double money_scale(const char *currency); /* 10^digits: minor units in one of the currency */
/* 105400 EUR → "1054.00", for programs. */
void money_plain(struct buf *out, int64_t minor, const char *currency);

void value_write(struct buf *out, const struct value *value);
/* Texts borrow from the bytes under the cursor. False when the bytes make no value, or are not the ones value_write makes. */
bool value_read(struct cursor *in, struct value *out);
bool value_eq(const struct value *a, const struct value *b);
/* For people: "2017-03-01", "2017-03-01T08:30:00Z", "1,054.00 EUR", "yes". Sealed prints as "(sealed)". */
void value_format(struct buf *out, const struct value *value);
struct value value_copy(struct arena *arena, const struct value *value);

#endif
