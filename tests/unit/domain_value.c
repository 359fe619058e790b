#include "domain/value.h"
#include "tap.h"

static const struct value samples[] = {
	{ .kind = VALUE_EMPTY },
	{ .kind = VALUE_TEXT, .as.text = { "a\0b", 3 } },
	{ .kind = VALUE_TEXT },
	{ .kind = VALUE_NUMBER, .as.number = { -125, 1 } },
	{ .kind = VALUE_NUMBER, .as.number = { INT64_MAX, 0 } },
	{ .kind = VALUE_NUMBER, .as.number = { INT64_MIN, 0 } },
	{ .kind = VALUE_MONEY, .as.money = { 105400, "EUR" } },
	{ .kind = VALUE_MONEY, .as.money = { 105400, "" } },
	{ .kind = VALUE_MONEY, .as.money = { -105400, "EUR" } },
	{ .kind = VALUE_DATE, .as.date = 17226 },
	{ .kind = VALUE_DATE, .as.date = -1 },
	{ .kind = VALUE_DATE, .as.date = INT32_MIN },
	{ .kind = VALUE_TIME, .as.time_ms = 1488357000999 },
	{ .kind = VALUE_TIME, .as.time_ms = -1 },
	{ .kind = VALUE_YES },
	{ .kind = VALUE_NO },
	{ .kind = VALUE_REF, .as.ref = { { "003X", 4 }, REF_BY_KEY } },
	{ .kind = VALUE_REF, .as.ref = { { "003X", 4 }, REF_BY_NAME } },
	{ .kind = VALUE_SEALED, .as.text = { "a\0b", 3 } },
};
enum { SAMPLES = sizeof(samples) / sizeof(samples[0]) };

static void test_bytes(void)
{
	struct buf buf;
	struct arena arena;
	struct value back;

	buf_init(&buf, 1 << 16);
	arena_init(&arena);
	for (size_t i = 0; i < SAMPLES; i++) {
		buf_clear(&buf);
		value_write(&buf, &samples[i]);
		struct cursor c = cursor_of(buf.at, buf.len);

		ok(value_read(&c, &back) && c.at == c.end && value_eq(&back, &samples[i]), "value %zu is read back", i);

		struct value copy = value_copy(&arena, &back);

		ok(value_eq(&copy, &samples[i]), "value %zu is copied", i);
		for (size_t j = 0; j < SAMPLES; j++)
			if (value_eq(&samples[i], &samples[j]) != (i == j))
				ok(false, "values %zu and %zu", i, j);
		for (size_t len = 0; len < buf.len; len++) {
			c = cursor_of(buf.at, len);
			if (value_read(&c, &back))
				ok(false, "value %zu is read from its first %zu bytes", i, len);
		}
	}
	arena_release(&arena);
	buf_release(&buf);
}

static void test_bad_bytes(void)
{
	static const struct {
		const char *bytes, *what;
		size_t len;
	} bad[] = {
		{ "\x0A", "an unknown kind", 1 },
		{ "\x02\x14\x01", "1.0 that is not normalised", 3 },
		{ "\x02\x16\x13", "a scale of 19", 3 },
		{ "\x02\x96\0\0", "a number written with a byte too many", 4 },
		{ "\x03\0\x04"
		  "EURO",
		  "a currency of four letters", 7 },
		{ "\x03\0\x03"
		  "E\0R",
		  "a NUL in a currency", 6 },
		{ "\x04\x80\x80\x80\x80\x10", "a day beyond 32 bits", 6 },
		{ "\x08\x03\0", "an unknown way to refer", 3 },
		{ "\x01\xFF\x7Fx", "a text longer than the bytes", 4 },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct cursor c = cursor_of(bad[i].bytes, bad[i].len);
		struct value value;

		ok(!value_read(&c, &value), "%s is refused", bad[i].what);
	}
}

static void prints(struct value value, const char *wanted)
{
	struct buf buf;

	buf_init(&buf, 1000);
	value_format(&buf, &value);
	is_str(buf.at, wanted, "prints as '%s'", wanted);
	buf_release(&buf);
}

static void test_format(void)
{
	prints((struct value){ .kind = VALUE_EMPTY }, "");
	prints((struct value){ .kind = VALUE_NUMBER, .as.number = { -125, 1 } }, "-12.5");
	prints((struct value){ .kind = VALUE_MONEY, .as.money = { 105400, "EUR" } }, "1,054.00 EUR");
	prints((struct value){ .kind = VALUE_MONEY, .as.money = { -5, "" } }, "-0.05");
	prints((struct value){ .kind = VALUE_MONEY, .as.money = { 1234567, "JPY" } }, "1,234,567 JPY");
	prints((struct value){ .kind = VALUE_MONEY, .as.money = { 1234567, "KWD" } }, "1,234.567 KWD");
	prints((struct value){ .kind = VALUE_MONEY, .as.money = { INT64_MIN, "EUR" } },
	       "-92,233,720,368,547,758.08 EUR");
	prints((struct value){ .kind = VALUE_DATE, .as.date = 17226 }, "2017-03-01");
	prints((struct value){ .kind = VALUE_TIME, .as.time_ms = 1488357000999 }, "2017-03-01T08:30:00Z");
	prints((struct value){ .kind = VALUE_TIME, .as.time_ms = -1 }, "1969-12-31T23:59:59Z");
	prints((struct value){ .kind = VALUE_YES }, "yes");
	prints((struct value){ .kind = VALUE_NO }, "no");
	prints((struct value){ .kind = VALUE_REF, .as.ref = { STR("003X"), REF_BY_KEY } }, "003X");
	prints((struct value){ .kind = VALUE_SEALED, .as.text = STR("secret") }, "(sealed)");
	is_int(money_digits("EUR"), 2, "cents");
	is_int(money_digits("P X"), 2, "only whole codes count");
}

int main(void)
{
	test_bytes();
	test_bad_bytes();
	test_format();
	return done();
}
