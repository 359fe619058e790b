#include "base/decimal.h"
#include "tap.h"

static void reads(const char *text, char mark, const char *wanted, bool wanted_rounded)
{
	struct decimal d = { 0 };
	bool rounded = !wanted_rounded;
	char out[48] = "";

	if (!ok(decimal_parse(str_of(text), mark, &d, &rounded), "'%s' is a number", text))
		return;
	decimal_format(d, out);
	is_str(out, wanted, "'%s' is read", text);
	ok(rounded == wanted_rounded, "'%s' is %s", text, wanted_rounded ? "rounded" : "exact");
}

static void refuses(const char *text, char mark)
{
	struct decimal d;
	bool rounded;

	ok(!decimal_parse(str_of(text), mark, &d, &rounded), "'%s' is refused", text);
}

static void test_parse(void)
{
	reads("0", '.', "0", false);
	reads("-0.00", '.', "0", false);
	reads("0012.500", '.', "12.5", false);
	reads("-12,50", ',', "-12.5", false);
	reads("+7", '.', "7", false);
	reads("100", '.', "100", false);
	reads("3e4", '.', "30000", false);
	reads("1.5E-3", '.', "0.0015", false);
	reads(".5", '.', "0.5", false);
	reads("5.", '.', "5", false);
	reads("9223372036854775807", '.', "9223372036854775807", false);
	reads("-9223372036854775807", '.', "-9223372036854775807", false);
	reads("922337203685477580.65", '.', "922337203685477580.7", true);
	reads("922337203685477580.75", '.', "922337203685477581", true);
	reads("0.1234567890123456785", '.', "0.123456789012345679", true);
	reads("0.12345678901234567849", '.', "0.123456789012345678", true);
	reads("0.0000000000000000004", '.', "0", true);
	reads("0.0000000000000000005", '.', "0.000000000000000001", true);
	reads("-0.9999999999999999999", '.', "-1", true);
	reads("1.00000000000000000000000000000000000000000000000000", '.', "1", false);
	reads("1.00000000000000000000000000000000000000000000000001", '.', "1", true);
	reads("1e-99999999999", '.', "0", true);
	reads("0e99999999999", '.', "0", false);
	reads("10000000000000000000000e-20", '.', "100", false);

	refuses("", '.');
	refuses("-", '.');
	refuses(".", '.');
	refuses("1,5", '.');
	refuses("1.5", ',');
	refuses("1.2.3", '.');
	refuses("12 ", '.');
	refuses("1e", '.');
	refuses("1e5x", '.');
	refuses("e5", '.');
	refuses("--1", '.');
	refuses("0x10", '.');
	refuses("nan", '.');
	refuses("9223372036854775808", '.');
	refuses("9223372036854775807.5", '.');
	refuses("1e19", '.');
	refuses("99999999999999999999999", '.');
}

static void scales(const char *text, int digits, int64_t wanted, bool wanted_rounded)
{
	struct decimal d = { 0 };
	int64_t got = -1;
	bool rounded = false;

	decimal_parse(str_of(text), '.', &d, NULL);
	ok(decimal_scaled(d, digits, &got, &rounded) && rounded == wanted_rounded, "%s in %d digits", text, digits);
	is_int(got, wanted, "%s in %d digits is %lld", text, digits, (long long)wanted);
}

static void test_scaled(void)
{
	struct decimal big = { INT64_MAX, 0 };
	int64_t out;

	scales("12.5", 2, 1250, false);
	scales("2.345", 2, 235, true);
	scales("-2.345", 2, -235, true);
	scales("2.3449", 2, 234, true);
	scales("0.5", 0, 1, true);
	scales("-0.4", 0, 0, true);
	scales("1500", -3, 2, true);
	scales("0", 30, 0, false);
	scales("5", -30, 0, true);
	ok(!decimal_scaled(big, 1, &out, NULL), "what does not fit is refused");
	ok(!decimal_scaled((struct decimal){ 1, 0 }, 19, &out, NULL), "far too many digits too");
}

static void test_rest(void)
{
	struct decimal a = { 0 }, b = { 0 };

	decimal_parse(STR("1.10"), '.', &a, NULL);
	decimal_parse(STR("11e-1"), '.', &b, NULL);
	ok(decimal_eq(a, b), "equal numbers are equal");
	ok(decimal_eq(decimal_of(1100, 3), a), "made numbers are normalised");
	ok(decimal_double(a) == 1.1 && decimal_double((struct decimal){ -5, 1 }) == -0.5,
	   "as doubles they are nearest");
	ok(decimal_double((struct decimal){ 123456789012345678, 17 }) == 1.23456789012345678, "with many digits too");
}

int main(void)
{
	test_parse();
	test_scaled();
	test_rest();
	return done();
}
