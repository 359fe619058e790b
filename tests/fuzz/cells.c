/* Cells of dates, numbers, money and flags from any bytes. The two passes of an import must agree: what the look at a column says a
 * cell is, its reading gives; and what was read comes back the same when it is written and read again. */
#include "base/date.h"
#include "base/err.h"
#include "map/formats.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FIRST_DAY = -25567, LAST_DAY = 84371 }; /* 1900-01-01, 2200-12-31 */

static struct zone *zone;

static void check_range(struct str cell, const struct value *value)
{
	int32_t day = value->kind == VALUE_DATE ? value->as.date : zone_date(zone, value->as.time_ms);

	if ((value->kind != VALUE_DATE && value->kind != VALUE_TIME) || day < FIRST_DAY - 1 || day > LAST_DAY + 1)
		BUG("\"%.*s\" became kind %d of day %d", STR_ARG(cell), (int)value->kind, day);
}

/* Written the one way that cannot be misread. */
static void check_date_again(struct str cell, const struct value *value)
{
	struct value again = { 0 };
	char text[40];

	if (value->kind == VALUE_DATE)
		date_format(value->as.date, text);
	else
		zone_format(zone, value->as.time_ms, text);
	/* Fractions of a second are not written, nor is a second of an offset that has some, long ago. */
	if (cell_when(str_of(text), DATE_MDY, false, zone, &again) != CELL_OK)
		return;
	if (value->kind == VALUE_DATE ? again.kind != VALUE_DATE || again.as.date != value->as.date
				      : again.kind != VALUE_TIME)
		BUG("\"%.*s\" became %s, which reads otherwise", STR_ARG(cell), text);
}

static void check_date(struct str cell)
{
	static const unsigned orders[] = { DATE_DMY, DATE_MDY, DATE_YMD, DATE_EXCEL, DATE_UNIX, DATE_UNIX_MS };
	struct value first = { 0 }, value = { 0 };
	enum cell_result before = CELL_BAD;
	struct date_look look;

	date_look(cell, &look);
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		enum cell_result result = cell_when(cell, orders[i], false, zone, &value);

		if ((look.orders & orders[i] || (look.orders == DATE_FIXED && i < 2)) && result == CELL_NO_SUCH_DAY)
			BUG("\"%.*s\" looks like orders %u, and by %u there is no such day", STR_ARG(cell), look.orders,
			    orders[i]);
		if (i > 0 && i < 2 && look.orders == DATE_FIXED &&
		    (result != before || (result == CELL_OK && !value_eq(&value, &first))))
			BUG("\"%.*s\" has one reading, and two were made of it", STR_ARG(cell));
		before = result;
		if (result != CELL_OK)
			continue;
		first = value;
		check_range(cell, &value);
		check_date_again(cell, &value);
		if (cell_when(cell, orders[i], true, zone, &value) == CELL_OK && orders[i] <= DATE_YMD && look.orders &&
		    look.orders <= DATE_YMD && value.kind != VALUE_DATE && cell.len != 10 && cell.len != 13)
			BUG("\"%.*s\" was to be a whole day", STR_ARG(cell));
	}
}

static void check_number(struct str cell)
{
	enum number_look look = number_look(cell);
	struct value dot = { 0 }, comma = { 0 };
	bool rounded = false;
	enum cell_result by_dot = cell_money(cell, '.', "", &dot, &rounded);
	enum cell_result by_comma = cell_money(cell, ',', "", &comma, &rounded);

	if (look == NUMBER_NONE && (by_dot == CELL_OK || by_comma == CELL_OK))
		BUG("\"%.*s\" is no number, and was read as one", STR_ARG(cell));
	if (look != NUMBER_NONE && (by_dot == CELL_BAD || by_comma == CELL_BAD))
		BUG("\"%.*s\" looks like a number, and is none", STR_ARG(cell));
	if (look == NUMBER_EITHER && cell_money(cell, 0, "", &dot, &rounded) != CELL_TWO_WAYS)
		BUG("\"%.*s\" reads two ways, and was read", STR_ARG(cell));
	if (look != NUMBER_EITHER && look != NUMBER_NONE &&
	    (by_dot != by_comma || (by_dot == CELL_OK && !value_eq(&dot, &comma))))
		BUG("\"%.*s\" has one reading, and two were made of it", STR_ARG(cell));
	if (cell_number(cell, '.', &dot, &rounded) == CELL_OK) {
		char text[48];

		decimal_format(dot.as.number, text);
		if (cell_number(str_of(text), '.', &comma, &rounded) != CELL_OK || !value_eq(&dot, &comma))
			BUG("\"%.*s\" became %s, which reads otherwise", STR_ARG(cell), text);
	}
}

static void check_time(struct str text)
{
	int64_t ms, again;
	bool date_only;
	char out[40];

	if (!zone_parse(zone, text, &ms, &date_only) || ms < INT64_C(-2208988800000) || ms > INT64_C(7289654400000))
		return;
	zone_format(zone, ms, out);
	if (!zone_parse(zone, str_of(out), &again, &date_only) || again / 60000 != ms / 60000)
		BUG("\"%.*s\" became %s, which reads otherwise", STR_ARG(text), out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = { (const char *)data, size };
	struct date_evidence dates = { 0 };
	struct number_evidence numbers = { 0 };
	struct err err = ERR_INIT;
	bool unclear;

	if (!zone && zone_load(&zone, "Europe/Berlin", &err))
		BUG("%s", err.text);
	for (long line = 1; rest.len; line++) {
		struct str cell = str_trim(str_cut(&rest, '\n'));
		struct value value;

		if (!cell.len)
			continue;
		check_date(cell);
		check_number(cell);
		check_time(cell);
		(void)cell_nothing(cell);
		(void)cell_nothing_typed(cell);
		(void)cell_flag(cell, &value);
		date_evidence_add(&dates, cell, line);
		number_evidence_add(&numbers, cell, line);
	}
	(void)date_evidence_order(&dates, &unclear);
	(void)number_evidence_mark(&numbers, &unclear);
	return 0;
}
