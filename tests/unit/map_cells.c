#include "map/cells.h"

#include <stdlib.h>
#include "base/buf.h"
#include "base/date.h"
#include "base/err.h"
#include "tap.h"

static struct zone *berlin;

static const char *read_as(struct value *value, enum cell_result result)
{
	static struct buf text;

	if (result != CELL_OK) {
		static const char *const names[] = { [CELL_BAD] = "bad",
						     [CELL_NO_SUCH_DAY] = "no such day",
						     [CELL_OUT_OF_RANGE] = "out of range",
						     [CELL_TWO_WAYS] = "two ways",
						     [CELL_CURRENCY] = "currency" };

		return names[result];
	}
	buf_release(&text);
	buf_init(&text, 4096);
	value_format(&text, value);
	return text.at;
}

static void when(const char *cell, unsigned order, const char *wanted)
{
	struct value value;

	is_str(read_as(&value, cell_when(str_of(cell), order, false, berlin, &value)), wanted, "date %s", cell);
}

static void test_dates(void)
{
	when("2024-01-31", 0, "2024-01-31");
	when("2024/1/5", 0, "2024-01-05");
	when("31.01.2024", 0, "2024-01-31");
	when("01/31/2024", 0, "2024-01-31");
	when("01/02/2024", 0, "two ways");
	when("01/02/2024", DATE_DMY, "2024-02-01");
	when("01/02/2024", DATE_MDY, "2024-01-02");
	when("3/3/2024", 0, "2024-03-03");
	when("31.12.99", 0, "1999-12-31");
	when("24-01-02", DATE_YMD, "2024-01-02");
	when("Jan 5, 2024", 0, "2024-01-05");
	when("5 January 2024", 0, "2024-01-05");
	when("5. März 2024", 0, "2024-03-05");
	when("05-Jan-24", 0, "2024-01-05");
	when("Mon, 5 Jan 2024", 0, "2024-01-05");
	when("5th Jan 2024", 0, "2024-01-05");
	when("20240131", 0, "2024-01-31");
	when("45322", 0, "2024-01-31");
	when("45322.5", 0, "2024-01-31T11:00:00Z");
	when("1706700000", 0, "2024-01-31T11:20:00Z");
	when("1706700000000", 0, "2024-01-31T11:20:00Z");
	when("2023-01-31 14:05", 0, "2023-01-31T13:05:00Z");
	when("2023-07-31 14:05", 0, "2023-07-31T12:05:00Z");
	when("2023-01-31T14:05:06.789Z", 0, "2023-01-31T14:05:06Z");
	when("2023-01-31T14:05:06+05:30", 0, "2023-01-31T08:35:06Z");
	when("2023-01-31T14:05:06.000+0000", 0, "2023-01-31T14:05:06Z");
	when("31.01.2023 2:05 PM", 0, "2023-01-31T13:05:00Z");
	when("31.01.2023 12:05 AM", 0, "2023-01-30T23:05:00Z");
	when("20240131140506", 0, "2024-01-31T13:05:06Z");
	when("2024-02-30", 0, "no such day");
	when("30.02.2024", 0, "no such day");
	when("1850-01-01", 0, "out of range");
	when("2300-01-01", 0, "out of range");
	when("soon", 0, "bad");
	when("1.5", 0, "bad");
	when("2024-01-31x", 0, "bad");
	when("45322", DATE_DMY, "2024-01-31");
}

static void money(const char *cell, char mark, const char *currency, const char *wanted)
{
	struct value value;
	bool rounded = false;

	is_str(read_as(&value, cell_money(str_of(cell), mark, currency, &value, &rounded)), wanted, "amount %s", cell);
}

static void test_money(void)
{
	money("2900.0", 0, "EUR", "2,900.00 EUR");
	money("€ 2.900,00", 0, "EUR", "2,900.00 EUR");
	money("2.900,00 €", 0, "EUR", "2,900.00 EUR");
	money("$1,234.50", 0, "USD", "1,234.50 USD");
	money("$1,234.50", 0, "CAD", "1,234.50 CAD");
	money("$1,234.50", 0, "EUR", "currency");
	money("(1,200.00)", 0, "USD", "-1,200.00 USD");
	money("-5", 0, "USD", "-5.00 USD");
	money("5-", 0, "USD", "-5.00 USD");
	money("\u22125", 0, "USD", "-5.00 USD");
	money("--5", 0, "USD", "bad");
	money("USD 1 200", 0, "", "1,200.00 USD");
	money("1 200,50 kr", 0, "SEK", "bad");
	money("1\u00A0200,50", 0, "SEK", "1,200.50 SEK");
	money("1'200.50", 0, "CHF", "1,200.50 CHF");
	money("CHF 1'200.50", 0, "CHF", "1,200.50 CHF");
	money("12,34,567", 0, "INR", "1,234,567.00 INR");
	money("Rs. 12,34,567.50", 0, "INR", "1,234,567.50 INR");
	money("1.234", 0, "EUR", "two ways");
	money("1.234", ',', "EUR", "1,234.00 EUR");
	money("1.234", '.', "EUR", "1.23 EUR");
	money("0.125", 0, "EUR", "0.13 EUR");
	money("1.429999948", 0, "USD", "1.43 USD");
	money("2.900,-", 0, "EUR", "2,900.00 EUR");
	money("1.2E+5", 0, "EUR", "120,000.00 EUR");
	money("500", 0, "JPY", "500 JPY");
	money("5.1234", 0, "KWD", "5.123 KWD");
	money("1.2k", 0, "EUR", "bad");
	money("R$ 10,50", 0, "BRL", "10.50 BRL");
}

static void test_looks(void)
{
	is_int(number_look(STR("1234")), NUMBER_SAME, "1234 reads one way");
	is_int(number_look(STR("1.234")), NUMBER_EITHER, "1.234 reads two ways");
	is_int(number_look(STR("1,234")), NUMBER_EITHER, "1,234 reads two ways");
	is_int(number_look(STR("1.5")), NUMBER_DOT, "1.5 has a dot");
	is_int(number_look(STR("1.234.567")), NUMBER_COMMA, "1.234.567 groups with dots");
	is_int(number_look(STR("1,234,567")), NUMBER_DOT, "1,234,567 groups with commas");
	is_int(number_look(STR("0,125")), NUMBER_COMMA, "0,125 cannot group");
	is_int(number_look(STR("12.3456")), NUMBER_DOT, "12.3456 cannot group");
	is_int(number_look(STR("1234.567")), NUMBER_DOT, "1234.567 cannot group");
	is_int(number_look(STR("1,23,4")), NUMBER_NONE, "1,23,4 is none");
	is_int(number_look(STR("a1")), NUMBER_NONE, "a1 is none");
}

static void test_nothing(void)
{
	static const char *const empty[] = {
		"",       "-",       "--",         "N/A",      "n/a",           "null",
		"Select", "Select…", "-- None --", "--None--", "Please select", "(blank)"
	};
	static const char *const error[] = { "#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?" };
	static const char *const words[] = {
		"Nora", "Selection Ltd", "- 5", "#1", "None", "0", "Norway", "(none of it)"
	};

	for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++)
		is_int(cell_nothing(str_of(empty[i])), NOTHING_EMPTY, "\"%s\" is nothing", empty[i]);
	for (size_t i = 0; i < sizeof(error) / sizeof(error[0]); i++)
		is_int(cell_nothing(str_of(error[i])), NOTHING_ERROR, "\"%s\" is an error", error[i]);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		is_int(cell_nothing(str_of(words[i])), NOTHING_NOT, "\"%s\" is something", words[i]);
	ok(cell_nothing_typed(STR("0000-00-00")), "0000-00-00 is no date but nothing");
}

static void test_flags(void)
{
	struct value value;

	ok(cell_flag(STR("TRUE"), &value) == CELL_OK && value.kind == VALUE_YES, "TRUE is yes");
	ok(cell_flag(STR("x"), &value) == CELL_OK && value.kind == VALUE_YES, "x is yes");
	ok(cell_flag(STR("Nein"), &value) == CELL_OK && value.kind == VALUE_NO, "Nein is no");
	ok(cell_flag(STR("0"), &value) == CELL_OK && value.kind == VALUE_NO, "0 is no");
	ok(cell_flag(STR("maybe"), &value) == CELL_BAD, "maybe is neither");
}

/* No cell of any bytes may crash a reader. */
static void test_noise(void)
{
	static const char letters[] = "0123456789.,-/: TZ+()$€%eEJan#\xC3\xA4\xFF";
	unsigned state = 12345;
	size_t read = 0;

	for (int i = 0; i < 200000; i++) {
		char cell[24];
		size_t len = 0;
		struct value value;
		bool rounded;

		state = state * 1103515245u + 12345u;
		for (size_t n = state >> 16 & 15; len < n; len++) {
			state = state * 1103515245u + 12345u;
			cell[len] = letters[(state >> 16) % (sizeof(letters) - 1)];
		}
		struct str s = { cell, len };
		read += cell_when(s, DATE_DMY, false, berlin, &value) == CELL_OK;
		read += cell_money(s, '.', "EUR", &value, &rounded) == CELL_OK;
		read += cell_number(s, ',', &value, &rounded) == CELL_OK;
		read += cell_nothing(s) == NOTHING_ERROR;
	}
	ok(read > 100, "some noise reads as a value (%zu), none of it crashes", read);
}

static void clock_is(const char *cell, char two, const char *wanted)
{
	struct value value;
	char text[48];

	if (cell_clock(str_of(cell), two, &value) != CELL_OK) {
		ok(false, "%s is no duration", cell);
		return;
	}
	decimal_format(value.as.number, text);
	is_str(text, wanted, "%s in minutes", cell);
}

static void test_clocks(void)
{
	static const char *const none[] = { "",      ":",     "1",          "1:",    ":31",  "4:60:00",
					    "4:31:", "4:3:1", "1:00:00:00", "-1:00", "a:00", "1234567:00:00" };
	struct value value;

	clock_is("0:04:31", 0, "4.52");
	clock_is("00:00:00", 0, "0");
	clock_is("12:00:03", 'm', "720.05");
	clock_is("4:31", 'm', "4.52");
	clock_is("4:31", 'h', "271");
	clock_is("75:09", 'm', "75.15");
	is_int(cell_clock(STR("4:31"), 0, &value), CELL_TWO_WAYS, "4:31 alone reads two ways");
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		is_int(cell_clock(str_of(none[i]), 'm', &value), CELL_BAD, "\"%s\" is no duration", none[i]);
}

int main(void)
{
	struct err err = ERR_INIT;

	if (zone_load(&berlin, "Europe/Berlin", &err)) {
		skip("no tzdata here");
		return done();
	}
	test_dates();
	test_money();
	test_looks();
	test_nothing();
	test_flags();
	test_noise();
	zone_free(berlin);
	test_clocks();
	return done();
}
