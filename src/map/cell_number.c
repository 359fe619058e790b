/* Numbers and amounts of a cell. */
#include "map/cell_letters.h"
#include "map/cells.h"

static const struct {
	char sign[8], code[4];
} currency_signs[] = {
	{ "R$", "BRL" },  { "US$", "USD" },  { "A$", "AUD" },   { "C$", "CAD" },   { "HK$", "HKD" }, { "S$", "SGD" },
	{ "NZ$", "NZD" }, { "$", "USD" },    { "€", "EUR" },    { "£", "GBP" },    { "¥", "JPY" },   { "₹", "INR" },
	{ "Rs.", "INR" }, { "Rs", "INR" },   { "₩", "KRW" },    { "₽", "RUB" },  { "₺", "TRY" },   { "₪", "ILS" },
	{ "zł", "PLN" },  { "Kč", "CZK" },   { "₴", "UAH" },    { "₫", "VND" },    { "฿", "THB" },   { "₱", "PHP" },
	{ "Fr.", "CHF" }, { "SFr.", "CHF" }, { "EURO", "EUR" }, { "Euro", "EUR" },
};

static const char currency_codes[] =
	"AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP "
	"CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR "
	"ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN "
	"MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD "
	"SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL ";

bool currency_code(struct str text, char out[4])
{
	char code[5] = "";

	text = str_trim(text);
	for (size_t i = 0; i < sizeof(currency_signs) / sizeof(currency_signs[0]); i++)
		if (str_is(text, currency_signs[i].sign)) {
			memcpy(out, currency_signs[i].code, 4);
			return true;
		}
	if (text.len != 3)
		return false;
	for (size_t i = 0; i < 3; i++)
		code[i] = (char)(text.at[i] >= 'a' && text.at[i] <= 'z' ? text.at[i] - 32 : text.at[i]);
	code[3] = ' ';
	if (!is_letter(code[0]) || !is_letter(code[1]) || !is_letter(code[2]) || !strstr(currency_codes, code))
		return false;
	memcpy(out, code, 3);
	out[3] = 0;
	return true;
}

/* A number without its dress: sign, digits and marks. */
struct bare {
	struct str digits; /* digits, marks, blanks, exponent */
	bool negative;
	char currency[4]; /* "" = none stood there */
	bool dollar;      /* the sign was a plain $, which many currencies use */
};

static bool blank_at(struct str s, size_t i, size_t *len)
{
	if (s.at[i] == ' ' || s.at[i] == '\t')
		*len = 1;
	else if (s.len - i >= 2 && !memcmp(s.at + i, "\u00A0", 2))
		*len = 2;
	else if (s.len - i >= 3 && (!memcmp(s.at + i, "\u202F", 3) || !memcmp(s.at + i, "\u2009", 3)))
		*len = 3;
	else
		return false;
	return true;
}

static struct str trim_blanks(struct str s)
{
	size_t n;

	s = str_trim(s);
	while (s.len && blank_at(s, 0, &n))
		step(&s, n);
	return s;
}

static bool take_currency(struct str *s, struct bare *bare)
{
	size_t head = 0, tail = s->len;
	char code[4];
	bool found = false;

	while (head < s->len && !is_digit(s->at[head]) && !strchr("+-(.,", s->at[head]))
		head++;
	/* "Rs." and "Fr." end in a mark */
	if (head && head < s->len && s->at[head] == '.' && is_letter(s->at[head - 1]))
		head++;
	while (tail > head && !is_digit(s->at[tail - 1]) && !strchr(")-.,", s->at[tail - 1]))
		tail--;
	if (head) {
		if (!currency_code((struct str){ s->at, head }, code))
			return false;
		bare->dollar = str_is(trim_blanks((struct str){ s->at, head }), "$");
		found = true;
	}
	if (tail < s->len) {
		struct str rest = trim_blanks((struct str){ s->at + tail, s->len - tail });

		if (found || !currency_code(rest, code)) {
			if (rest.len)
				return false;
		} else {
			bare->dollar = str_is(rest, "$");
			found = true;
		}
	}
	if (found) {
		if (bare->currency[0] && strcmp(bare->currency, code) != 0)
			return false;
		memcpy(bare->currency, code, 4);
	}
	*s = trim_blanks((struct str){ s->at + head, tail - head });
	return true;
}

/* (5), -5, 5-, +5: once. */
static bool take_sign(struct str *s, struct bare *bare)
{
	struct str was = *s;

	if (s->len > 2 && s->at[0] == '(' && s->at[s->len - 1] == ')') {
		bare->negative = true;
		*s = (struct str){ s->at + 1, s->len - 2 };
	} else if (s->len > 3 && !memcmp(s->at, "\u2212", 3)) {
		bare->negative = true;
		step(s, 3);
	} else if (s->len > 1 && (s->at[0] == '-' || s->at[0] == '+')) {
		bare->negative = s->at[0] == '-';
		step(s, 1);
	} else if (s->len > 1 && s->at[s->len - 1] == '-' && is_digit(s->at[s->len - 2])) {
		bare->negative = true;
		s->len--;
	}
	*s = trim_blanks(*s);
	return s->len != was.len;
}

static bool undress(struct str s, bool money, struct bare *bare)
{
	bool is_signed;

	*bare = (struct bare){ 0 };
	s = trim_blanks(s);
	is_signed = take_sign(&s, bare);
	if (money && !take_currency(&s, bare))
		return false;
	if (money && !is_signed)
		take_sign(&s, bare);
	/* 2.900,- and 2.900,-- */
	while (money && s.len > 2 && s.at[s.len - 1] == '-' && strchr(",.-", s.at[s.len - 2]))
		s.len--;
	bare->digits = s;
	return s.len > 0 && s.len <= 60;
}

/* What stands between the digits. */
struct marks {
	int dots, commas, blanks;
	bool exponent, grouped_dot, grouped_comma, leading_zero;
	size_t digits;
};

static bool apostrophe_at(struct str s, size_t i, size_t *len)
{
	if (s.at[i] == '\'')
		*len = 1;
	else if (s.len - i >= 3 && !memcmp(s.at + i, "\u2019", 3))
		*len = 3;
	else
		return false;
	return true;
}

static bool marks_of(struct str s, struct marks *m)
{
	size_t n;
	int group = 0;
	bool grouped = true; /* every group so far has two (India) or three digits, the first one to three */
	int groups = 0;
	char last = 0;

	*m = (struct marks){ .grouped_dot = true, .grouped_comma = true };
	m->leading_zero = s.len > 1 && s.at[0] == '0' && !is_digit(s.at[1]);
	for (size_t i = 0; i < s.len; i += n) {
		n = 1;
		if (is_digit(s.at[i])) {
			m->digits++;
			group++;
			continue;
		}
		if (m->digits && (s.at[i] == 'e' || s.at[i] == 'E')) {
			size_t at = i + 1 + (i + 1 < s.len && strchr("+-", s.at[i + 1]));

			if (at >= s.len)
				return false;
			for (; at < s.len; at++)
				if (!is_digit(s.at[at]))
					return false;
			m->exponent = true;
			break;
		}
		if (s.at[i] == '.')
			m->dots++;
		else if (s.at[i] == ',')
			m->commas++;
		else if (blank_at(s, i, &n) || apostrophe_at(s, i, &n))
			m->blanks++;
		else
			return false;
		if (groups == 0 ? group < 1 || group > 3 : group != 3 && group != 2)
			grouped = false;
		if (last == '.' && !grouped)
			m->grouped_dot = false;
		if (last == ',' && !grouped)
			m->grouped_comma = false;
		if (!grouped) {
			m->grouped_dot &= s.at[i] != '.';
			m->grouped_comma &= s.at[i] != ',';
		}
		last = s.at[i];
		groups++;
		group = 0;
	}
	/* the last group must be whole where its mark groups */
	if (last == '.' && group != 3)
		m->grouped_dot = false;
	if (last == ',' && group != 3)
		m->grouped_comma = false;
	if (last != '.' && last != ',' && last && group != 3)
		return false;
	return m->digits > 0;
}

static enum number_look look_of(struct str digits)
{
	struct marks m;

	if (!marks_of(digits, &m))
		return NUMBER_NONE;
	if (m.dots == 0 && m.commas == 0)
		return NUMBER_SAME;
	if (m.exponent && m.dots + m.commas > 1)
		return NUMBER_NONE;
	if (m.dots && m.commas) {
		size_t dot = 0, comma = 0;

		for (size_t i = 0; i < digits.len; i++) {
			if (digits.at[i] == '.')
				dot = i;
			if (digits.at[i] == ',')
				comma = i;
		}
		if (dot > comma)
			return m.dots == 1 && m.grouped_comma ? NUMBER_DOT : NUMBER_NONE;
		return m.commas == 1 && m.grouped_dot ? NUMBER_COMMA : NUMBER_NONE;
	}
	if (m.dots > 1)
		return m.grouped_dot ? NUMBER_COMMA : NUMBER_NONE;
	if (m.commas > 1)
		return m.grouped_comma ? NUMBER_DOT : NUMBER_NONE;
	/* one mark: a group of three could be either, unless something else groups or the number begins with 0 */
	if (m.dots)
		return !m.grouped_dot || m.blanks || m.leading_zero || m.exponent ? NUMBER_DOT : NUMBER_EITHER;
	return !m.grouped_comma || m.blanks || m.leading_zero || m.exponent ? NUMBER_COMMA : NUMBER_EITHER;
}

enum number_look number_look(struct str cell)
{
	struct bare bare;

	return undress(cell, true, &bare) ? look_of(bare.digits) : NUMBER_NONE;
}

static enum cell_result read_number(const struct bare *bare, char mark, struct decimal *out, bool *rounded)
{
	enum number_look look = look_of(bare->digits);
	char plain[64];
	size_t len = 0;

	switch (look) {
	case NUMBER_NONE: return CELL_BAD;
	case NUMBER_DOT: mark = '.'; break;
	case NUMBER_COMMA: mark = ','; break;
	case NUMBER_EITHER:
		if (!mark)
			return CELL_TWO_WAYS;
		break;
	case NUMBER_SAME: break;
	}
	if (bare->negative)
		plain[len++] = '-';
	for (size_t i = 0; i < bare->digits.len; i++) {
		char c = bare->digits.at[i];

		if (is_digit(c) || c == 'e' || c == 'E' || c == '+' || c == '-')
			plain[len++] = c;
		else if (c == mark)
			plain[len++] = '.';
	}
	if (len > 1 && plain[len - 1] == '.')
		len--;
	return decimal_parse((struct str){ plain, len }, '.', out, rounded) ? CELL_OK : CELL_OUT_OF_RANGE;
}

enum cell_result cell_number(struct str cell, char mark, struct value *out, bool *rounded)
{
	struct bare bare;

	if (cell.len > 1 && cell.at[cell.len - 1] == '%')
		cell = str_trim((struct str){ cell.at, cell.len - 1 });
	if (!undress(cell, false, &bare))
		return CELL_BAD;
	out->kind = VALUE_NUMBER;
	return read_number(&bare, mark, &out->as.number, rounded);
}

/* Up to six digits, in the parts behind the first below 60. */
static bool clock_part(struct str part, bool first, int64_t *out)
{
	*out = 0;
	if (!part.len || part.len > (first ? 6 : 2))
		return false;
	for (size_t i = 0; i < part.len; i++) {
		if (part.at[i] < '0' || part.at[i] > '9')
			return false;
		*out = *out * 10 + (part.at[i] - '0');
	}
	return first || (part.len == 2 && *out < 60);
}

enum cell_result cell_clock(struct str cell, char two, struct value *out)
{
	int64_t part[3] = { 0 }, seconds;
	struct str rest = cell;
	int count = 0;

	for (; count < 3 && rest.len; count++)
		if (!clock_part(str_cut(&rest, ':'), !count, &part[count]))
			return CELL_BAD;
	if (count < 2 || rest.len || cell.at[cell.len - 1] == ':')
		return CELL_BAD;
	if (count == 2 && !two)
		return CELL_TWO_WAYS;
	seconds =
		count == 3 ? (part[0] * 60 + part[1]) * 60 + part[2] : (part[0] * 60 + part[1]) * (two == 'h' ? 60 : 1);
	*out = (struct value){ .kind = VALUE_NUMBER, .as.number = decimal_of((seconds * 100 + 30) / 60, 2) };
	return CELL_OK;
}

enum cell_result cell_money(struct str cell, char mark, const char *currency, struct value *out, bool *rounded)
{
	struct bare bare;
	struct decimal number;
	enum cell_result result;
	bool cut = false;

	if (!undress(cell, true, &bare))
		return CELL_BAD;
	/* a $ is the row's own dollar, whichever that is */
	if (bare.dollar && currency[0] && (currency[2] == 'D' || strstr("MXN CLP COP ARS UYU BRL", currency)))
		bare.currency[0] = 0;
	if (bare.currency[0] && currency[0] && strcmp(bare.currency, currency) != 0)
		return CELL_CURRENCY;
	if (!bare.currency[0])
		memcpy(bare.currency, currency, strnlen(currency, 3) + 1);
	result = read_number(&bare, mark, &number, &cut);
	if (result != CELL_OK)
		return result;
	out->kind = VALUE_MONEY;
	memcpy(out->as.money.currency, bare.currency, 4);
	if (!decimal_scaled(number, money_digits(bare.currency), &out->as.money.minor, rounded))
		return CELL_OUT_OF_RANGE;
	if (out->as.money.minor > MONEY_MINOR_MAX || out->as.money.minor < -MONEY_MINOR_MAX)
		return CELL_OUT_OF_RANGE;
	*rounded |= cut;
	return CELL_OK;
}
