#include "domain/value.h"

#include <stdio.h>

#include "base/date.h"
#include "base/err.h"

enum { CURRENCY_LETTERS = 3 };

int money_digits(const char *currency)
{
	static const struct {
		const char *codes;
		int digits;
	} unusual[] = {
		{ "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF", 0 },
		{ "BHD IQD JOD KWD LYD OMR TND", 3 },
		{ "CLF UYW", 4 },
	};

	for (size_t i = 0; i < sizeof(unusual) / sizeof(unusual[0]); i++)
		if (strlen(currency) == CURRENCY_LETTERS && strstr(unusual[i].codes, currency))
			return unusual[i].digits;
	return 2;
}

double money_scale(const char *currency)
{
	static const double scale[] = { 1, 10, 100, 1000, 10000 };

	return scale[money_digits(currency)];
}

static bool is_normalised(struct decimal d)
{
	return d.scale >= 0 && d.scale <= DECIMAL_MAX_SCALE && (d.scale == 0 || d.mantissa % 10 != 0);
}

/* What could not be read again must not get into a book. */
void value_write(struct buf *out, const struct value *value)
{
	buf_add_u8(out, (uint8_t)value->kind);
	switch (value->kind) {
	case VALUE_EMPTY:
	case VALUE_YES:
	case VALUE_NO: return;
	case VALUE_TEXT:
	case VALUE_SEALED: buf_add_block(out, value->as.text.at, value->as.text.len); return;
	case VALUE_NUMBER:
		if (!is_normalised(value->as.number))
			BUG("a number with zeros at the end of its fraction, which value_read refuses");
		buf_add_signed(out, value->as.number.mantissa);
		buf_add_u8(out, (uint8_t)value->as.number.scale);
		return;
	case VALUE_MONEY:
		buf_add_signed(out, value->as.money.minor);
		buf_add_block(out, value->as.money.currency, strnlen(value->as.money.currency, CURRENCY_LETTERS));
		return;
	case VALUE_DATE: buf_add_signed(out, value->as.date); return;
	case VALUE_TIME: buf_add_signed(out, value->as.time_ms); return;
	case VALUE_REF:
		buf_add_u8(out, (uint8_t)value->as.ref.by);
		buf_add_block(out, value->as.ref.key.at, value->as.ref.key.len);
		return;
	}
	BUG("a value of kind %d", (int)value->kind);
}

static bool read_number(struct cursor *in, struct decimal *out)
{
	int64_t mantissa = cursor_signed(in);
	int scale = cursor_u8(in);

	*out = (struct decimal){ mantissa, scale };
	return is_normalised(*out);
}

static bool read_money(struct cursor *in, struct value *out)
{
	out->as.money.minor = cursor_signed(in);

	struct str currency = cursor_block(in);

	if (currency.len > CURRENCY_LETTERS || (currency.len && memchr(currency.at, 0, currency.len)))
		return false;
	memset(out->as.money.currency, 0, sizeof(out->as.money.currency));
	if (currency.len)
		memcpy(out->as.money.currency, currency.at, currency.len);
	return true;
}

static bool read_date(struct cursor *in, int32_t *out)
{
	int64_t date = cursor_signed(in);

	*out = (int32_t)date;
	return *out == date;
}

static bool read_ref(struct cursor *in, struct value *out)
{
	uint8_t by = cursor_u8(in);

	out->as.ref.by = (enum ref_by)by;
	out->as.ref.key = cursor_block(in);
	return by <= REF_BY_NAME;
}

bool value_read(struct cursor *in, struct value *out)
{
	uint8_t kind = cursor_u8(in);
	bool good = true;

	memset(out, 0, sizeof(*out));
	if (kind > VALUE_SEALED)
		return false;
	out->kind = (enum value_kind)kind;
	switch (out->kind) {
	case VALUE_EMPTY:
	case VALUE_YES:
	case VALUE_NO: break;
	case VALUE_TEXT:
	case VALUE_SEALED: out->as.text = cursor_block(in); break;
	case VALUE_NUMBER: good = read_number(in, &out->as.number); break;
	case VALUE_MONEY: good = read_money(in, out); break;
	case VALUE_DATE: good = read_date(in, &out->as.date); break;
	case VALUE_TIME: out->as.time_ms = cursor_signed(in); break;
	case VALUE_REF: good = read_ref(in, out); break;
	}
	return good && !in->failed;
}

bool value_eq(const struct value *a, const struct value *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case VALUE_EMPTY:
	case VALUE_YES:
	case VALUE_NO: return true;
	case VALUE_TEXT:
	case VALUE_SEALED: return str_eq(a->as.text, b->as.text);
	case VALUE_NUMBER: return decimal_eq(a->as.number, b->as.number);
	case VALUE_MONEY:
		return a->as.money.minor == b->as.money.minor && !strcmp(a->as.money.currency, b->as.money.currency);
	case VALUE_DATE: return a->as.date == b->as.date;
	case VALUE_TIME: return a->as.time_ms == b->as.time_ms;
	case VALUE_REF: return a->as.ref.by == b->as.ref.by && str_eq(a->as.ref.key, b->as.ref.key);
	}
	BUG("a value of kind %d", (int)a->kind);
}

void money_plain(struct buf *out, int64_t minor, const char *currency)
{
	char text[48];

	decimal_format((struct decimal){ minor, money_digits(currency) }, text);
	buf_add_text(out, text);
}

/* 105400 EUR → "1,054.00 EUR"; no currency, no letters. */
static void money_format(struct buf *out, int64_t minor, const char *currency)
{
	uint64_t magnitude = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor, unit = 1;
	int digits = money_digits(currency);
	char whole[32];

	for (int i = 0; i < digits; i++)
		unit *= 10;

	int len = snprintf(whole, sizeof(whole), "%llu", (unsigned long long)(magnitude / unit));

	if (minor < 0)
		buf_add_char(out, '-');
	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			buf_add_char(out, ',');
		buf_add_char(out, whole[i]);
	}
	if (digits)
		buf_addf(out, ".%0*llu", digits, (unsigned long long)(magnitude % unit));
	if (currency[0])
		buf_addf(out, " %s", currency);
}

static void format_time(struct buf *out, int64_t utc_ms)
{
	int64_t seconds = floor_div(utc_ms, 1000), day = floor_div(seconds, DAY_SECONDS);
	int of_day = (int)(seconds - day * DAY_SECONDS);
	char date[16];

	date_format((int32_t)day, date);
	buf_addf(out, "%sT%02d:%02d:%02dZ", date, of_day / 3600, of_day / 60 % 60, of_day % 60);
}

void value_format(struct buf *out, const struct value *value)
{
	char text[48];

	switch (value->kind) {
	case VALUE_EMPTY: return;
	case VALUE_TEXT: buf_add_str(out, value->as.text); return;
	case VALUE_NUMBER:
		decimal_format(value->as.number, text);
		buf_add_text(out, text);
		return;
	case VALUE_MONEY: money_format(out, value->as.money.minor, value->as.money.currency); return;
	case VALUE_DATE:
		date_format(value->as.date, text);
		buf_add_text(out, text);
		return;
	case VALUE_TIME: format_time(out, value->as.time_ms); return;
	case VALUE_YES: buf_add_text(out, "yes"); return;
	case VALUE_NO: buf_add_text(out, "no"); return;
	case VALUE_REF: buf_add_str(out, value->as.ref.key); return;
	case VALUE_SEALED: buf_add_text(out, "(sealed)"); return;
	}
	BUG("a value of kind %d", (int)value->kind);
}

struct value value_copy(struct arena *arena, const struct value *value)
{
	struct value copy = *value;

	if (value->kind == VALUE_TEXT || value->kind == VALUE_SEALED)
		copy.as.text = arena_str(arena, value->as.text);
	else if (value->kind == VALUE_REF)
		copy.as.ref.key = arena_str(arena, value->as.ref.key);
	return copy;
}
