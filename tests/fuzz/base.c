/* Dates, decimals and texts from any bytes: never a crash, and what is accepted comes back the same when it is written. */
#include "base/date.h"
#include "base/decimal.h"
#include "base/err.h"
#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_decimal(struct str text, char mark)
{
	struct decimal number, again;
	bool rounded = false;
	char out[48];

	if (!decimal_parse(text, mark, &number, &rounded))
		return;
	decimal_format(number, out);
	if (!decimal_parse(str_of(out), '.', &again, &rounded) || !decimal_eq(number, again))
		BUG("\"%.*s\" became %s and does not read back", STR_ARG(text), out);
	for (int digits = 0; digits <= 4; digits++) {
		int64_t scaled;
		(void)decimal_scaled(number, digits, &scaled, &rounded);
	}
}

static void check_date(struct str text)
{
	int32_t date;
	int year, week;
	char out[16];

	if (!date_parse(text, &date))
		return;
	date_format(date, out);
	if (!str_is(text, out))
		BUG("\"%.*s\" became %s", STR_ARG(text), out);
	date_iso_week(date, &year, &week);
	if (date_of_iso_week(year, week) > date || date_of_iso_week(year, week) + 6 < date)
		BUG("%s is not in ISO week %d of %d", out, week, year);
	if (date_quarter_start(date) > date)
		BUG("%s begins after itself", out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size }, rest = text;
	char folded[256];

	check_decimal(text, '.');
	check_decimal(text, ',');
	check_date(text);
	if (str_trim(text).len > size || str_fold_name(text, folded, sizeof(folded)) > sizeof(folded))
		BUG("text grew");
	while (rest.len)
		str_cut(&rest, ',');
	(void)utf8_valid(text);
	(void)utf8_width(text);
	return 0;
}
