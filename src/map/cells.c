#include "map/cells.h"

#include <limits.h>
#include "base/date.h"

/* ---- nothing ---- */

static const char *const error_words[] = { "#REF!",  "#N/A",  "#NA",     "#VALUE!", "#DIV/0!",       "#NAME?",
					   "#NULL!", "#NUM!", "#ERROR!", "#SPILL!", "#GETTING_DATA", "#CALC!" };
static const char *const empty_words[] = { "-",      "--",     "---", "—",       "–",       "n/a",    "n.a.", "null",
					   "(null)", "<null>", "\\N", "(blank)", "(empty)", "(none)", "nil" };
static const char *const typed_words[] = {
	"none",       "nan",        "nat",     "na", "unknown", "0000-00-00", "0000-00-00 00:00:00",
	"00/00/0000", "00.00.0000", "not set", "tbd"
};

static bool among(struct str cell, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq_fold(cell, str_of(words[i])))
			return true;
	return false;
}

#define AMONG(cell, words) among((cell), (words), sizeof(words) / sizeof((words)[0]))

/* "Select", "Select…", "-- Select one --", "Please select", "-- None --", "--None--", "- None -" */
static bool is_prompt(struct str cell)
{
	bool dashed = cell.len > 2 && cell.at[0] == '-' && cell.at[cell.len - 1] == '-';

	while (cell.len && (cell.at[0] == '-' || cell.at[0] == ' ' || cell.at[0] == '<'))
		cell.at++, cell.len--;
	while (cell.len && strchr("- .>:", cell.at[cell.len - 1]))
		cell.len--;
	if (str_ends(cell, "…"))
		cell.len -= strlen("…");
	if (dashed && str_eq_fold(cell, STR("none")))
		return true;
	return str_eq_fold(cell, STR("select")) || str_eq_fold(cell, STR("please select")) ||
	       str_eq_fold(cell, STR("select one")) || str_eq_fold(cell, STR("select an option")) ||
	       str_eq_fold(cell, STR("choose")) || str_eq_fold(cell, STR("please choose"));
}

enum nothing cell_nothing(struct str cell)
{
	if (cell.len == 0)
		return NOTHING_EMPTY;
	if (cell.len > 24)
		return NOTHING_NOT;
	switch (cell.at[0]) {
	case '#': return AMONG(cell, error_words) ? NOTHING_ERROR : NOTHING_NOT;
	case '-':
	case '<':
	case '(':
	case '\\':
	case 'n':
	case 'N':
	case '\xE2':
		if (AMONG(cell, empty_words))
			return NOTHING_EMPTY;
		break;
	case 's':
	case 'S':
	case 'p':
	case 'P':
	case 'c':
	case 'C': break;
	default: return NOTHING_NOT;
	}
	return is_prompt(cell) ? NOTHING_EMPTY : NOTHING_NOT;
}

bool cell_nothing_typed(struct str cell)
{
	return cell.len <= 19 && AMONG(cell, typed_words);
}

/* ---- dates ---- */

struct part {
	int64_t number;
	int digits; /* 0: a month's name, its number in `number` */
};

/* A cell taken apart: three parts of a date, or one number; then a time. */
struct parts {
	struct part part[3];
	int count;
	double fraction; /* of a single number */
	bool timed;
	bool zoned;
	int second_of_day, millisecond, offset_s;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static char low(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static void step(struct str *s, size_t n)
{
	s->at += n;
	s->len -= n;
}

static bool take_number(struct str *s, struct part *part)
{
	part->number = 0;
	part->digits = 0;
	while (s->len && is_digit(s->at[0]) && part->digits < 15) {
		part->number = part->number * 10 + (s->at[0] - '0');
		part->digits++;
		step(s, 1);
	}
	return part->digits > 0 && (s->len == 0 || !is_digit(s->at[0]));
}

/* English, German, French, Spanish and Portuguese months by their first letters. */
static const struct {
	char letters[6];
	int month;
} month_words[] = {
	{ "jan", 1 },  { "jän", 1 },  { "ene", 1 },  { "feb", 2 },  { "fev", 2 },  { "fév", 2 },  { "mar", 3 },
	{ "mär", 3 },  { "mrz", 3 },  { "apr", 4 },  { "avr", 4 },  { "abr", 4 },  { "may", 5 },  { "mai", 5 },
	{ "jun", 6 },  { "juin", 6 }, { "jul", 7 },  { "juil", 7 }, { "aug", 8 },  { "aoû", 8 },  { "ago", 8 },
	{ "sep", 9 },  { "set", 9 },  { "oct", 10 }, { "okt", 10 }, { "out", 10 }, { "nov", 11 }, { "dec", 12 },
	{ "dez", 12 }, { "déc", 12 }, { "dic", 12 },
};

static bool take_word(struct str *s, struct str *word)
{
	size_t n = 0;

	while (n < s->len && is_letter(s->at[n]))
		n++;
	*word = (struct str){ s->at, n };
	step(s, n);
	return n > 0;
}

static int month_of(struct str word)
{
	if (word.len < 3 || word.len > 12)
		return 0;
	for (size_t i = 0; i < sizeof(month_words) / sizeof(month_words[0]); i++) {
		size_t n = strlen(month_words[i].letters), at = 0;

		while (at < n && at < word.len && low(word.at[at]) == month_words[i].letters[at])
			at++;
		if (at == n)
			return month_words[i].month;
	}
	return 0;
}

static bool is_weekday(struct str word)
{
	static const char *const days[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun",
					    "mo",  "di",  "mi",  "do",  "fr",  "sa",  "so" };

	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		size_t n = strlen(days[i]);

		if (word.len >= n && str_eq_fold((struct str){ word.at, n }, str_of(days[i])) &&
		    (word.len == n || str_ends(word, "day") || word.len == 3))
			return true;
	}
	return false;
}

static void skip_blanks(struct str *s)
{
	while (s->len && s->at[0] == ' ')
		step(s, 1);
}

/* "Z", "UTC", "GMT", "+01:00", "+0100", "+01" */
static bool take_zone(struct str *s, struct parts *p)
{
	int sign = 0, minutes = 0;
	struct part hours, rest;

	skip_blanks(s);
	if (s->len == 0)
		return true;
	if (s->len >= 3 &&
	    (str_eq_fold((struct str){ s->at, 3 }, STR("UTC")) || str_eq_fold((struct str){ s->at, 3 }, STR("GMT")))) {
		step(s, 3);
		p->zoned = true;
		if (s->len == 0)
			return true;
	} else if (low(s->at[0]) == 'z') {
		step(s, 1);
		p->zoned = true;
		return s->len == 0;
	}
	sign = s->at[0] == '+' ? 1 : s->at[0] == '-' ? -1 : 0;
	if (!sign)
		return false;
	step(s, 1);
	if (!take_number(s, &hours))
		return false;
	if (hours.digits == 4) {
		minutes = (int)(hours.number % 100);
		hours.number /= 100;
	} else if (s->len && s->at[0] == ':') {
		step(s, 1);
		if (!take_number(s, &rest) || rest.digits != 2)
			return false;
		minutes = (int)rest.number;
	} else if (hours.digits > 2) {
		return false;
	}
	if (s->len || hours.number > 14 || minutes > 59)
		return false;
	p->offset_s = sign * ((int)hours.number * 3600 + minutes * 60);
	p->zoned = true;
	return true;
}

/* "14:05", "14:05:33.123", "2:05 PM", then a zone */
static bool take_time(struct str *s, struct parts *p)
{
	struct part hour, minute, second = { 0, 0 };

	if (!take_number(s, &hour) || hour.digits > 2 || s->len == 0 || (s->at[0] != ':' && s->at[0] != '.'))
		return false;
	step(s, 1);
	if (!take_number(s, &minute) || minute.digits != 2)
		return false;
	if (s->len && (s->at[0] == ':' || s->at[0] == '.')) {
		step(s, 1);
		if (!take_number(s, &second) || second.digits != 2)
			return false;
		if (s->len && (s->at[0] == '.' || s->at[0] == ',')) {
			int scale = 100;

			step(s, 1);
			while (s->len && is_digit(s->at[0])) {
				p->millisecond += scale * (s->at[0] - '0');
				scale /= 10;
				step(s, 1);
			}
		}
	}
	skip_blanks(s);
	if (s->len >= 2 && low(s->at[1]) == 'm' && (low(s->at[0]) == 'a' || low(s->at[0]) == 'p')) {
		if (hour.number < 1 || hour.number > 12)
			return false;
		hour.number = hour.number % 12 + (low(s->at[0]) == 'p' ? 12 : 0);
		step(s, 2);
	} else if (str_starts(*s, "Uhr")) {
		step(s, 3);
	}
	if (hour.number > 23 || minute.number > 59 || second.number > 60)
		return false;
	p->timed = true;
	p->second_of_day = (int)(hour.number * 3600 + minute.number * 60 + (second.number > 59 ? 59 : second.number));
	return take_zone(s, p);
}

static bool take_fraction(struct str *s, double *fraction)
{
	double place = 0.1;

	step(s, 1);
	if (s->len == 0)
		return false;
	for (; s->len && is_digit(s->at[0]); step(s, 1), place /= 10)
		*fraction += place * (s->at[0] - '0');
	return s->len == 0;
}

/* Everything as far as it can be told without knowing the order of the parts. */
static bool take_apart(struct str s, struct parts *p)
{
	struct str word;

	memset(p, 0, sizeof(*p));
	while (p->count < 3) {
		struct part *part = &p->part[p->count];

		if (s.len == 0)
			break;
		if (is_digit(s.at[0])) {
			if (!take_number(&s, part))
				return false;
			p->count++;
			if (p->count == 1 && (s.len == 0 || part->digits == 14))
				return s.len == 0;
			/* a serial with a time: 45123.5 */
			if (p->count == 1 && part->digits == 5 && (s.at[0] == '.' || s.at[0] == ','))
				return take_fraction(&s, &p->fraction);
			/* 20240131T140500, 20240131 14:05 */
			if (p->count == 1 && part->digits == 8)
				break;
			/* 3rd, 1st */
			if (s.len >= 2 && part->digits <= 2 && is_letter(s.at[0]) &&
			    (str_starts(s, "st") || str_starts(s, "nd") || str_starts(s, "rd") || str_starts(s, "th")))
				step(&s, 2);
		} else if (is_letter(s.at[0])) {
			if (!take_word(&s, &word))
				return false;
			part->number = month_of(word);
			part->digits = 0;
			if (part->number)
				p->count++;
			else if (p->count || !is_weekday(word))
				return false;
		} else {
			return false;
		}
		if (p->count < 3)
			while (s.len && strchr("-/., ", s.at[0]))
				step(&s, 1);
	}
	if (s.len == 0)
		return p->count == 3 || p->count == 1;
	if (s.at[0] == 'T' || s.at[0] == 't') {
		step(&s, 1);
	} else {
		if (s.at[0] != ' ' && s.at[0] != ',')
			return false;
		while (s.len && (s.at[0] == ' ' || s.at[0] == ','))
			step(&s, 1);
		if (str_starts(s, "at "))
			step(&s, 3);
		if (str_starts(s, "- "))
			step(&s, 2);
	}
	return s.len == 0 || take_time(&s, p);
}

static int full_year(const struct part *part)
{
	if (part->digits == 2)
		return (int)part->number + (part->number < 70 ? 2000 : 1900);
	return part->digits == 4 ? (int)part->number : -1;
}

static bool civil_of(const struct part *y, const struct part *m, const struct part *d, struct civil *out)
{
	if (full_year(y) < 0 || m->digits > 2 || d->digits > 2 || d->digits == 0 || y->digits == 0)
		return false;
	out->year = full_year(y);
	out->month = (int)m->number;
	out->day = (int)d->number;
	return civil_valid(*out);
}

/* The day by one order, where the parts fit it. */
static bool civil_by(const struct parts *p, unsigned order, struct civil *out)
{
	const struct part *a = &p->part[0], *b = &p->part[1], *c = &p->part[2];

	switch (order) {
	case DATE_DMY: return civil_of(c, b, a, out);
	case DATE_MDY: return civil_of(c, a, b, out);
	case DATE_YMD: return civil_of(a, b, c, out);
	default: return false;
	}
}

/* One number alone: yyyymmdd, a serial, or a count since 1970. */
static unsigned single_number(const struct parts *p, struct civil *civil)
{
	const struct part *a = &p->part[0];
	int64_t day = a->digits == 14 ? a->number / 1000000 : a->number;

	if (a->digits == 8 || a->digits == 14) {
		*civil = (struct civil){ (int)(day / 10000), (int)(day / 100 % 100), (int)(day % 100) };
		return civil_valid(*civil) && civil->year >= 1000 ? DATE_FIXED : 0;
	}
	if (p->timed)
		return 0;
	if (a->digits == 5)
		return a->number >= 18264 && a->number <= 91312 ? DATE_EXCEL : 0; /* 1950 … 2149 */
	if (a->digits == 13)
		return DATE_UNIX_MS;
	return a->digits == 10 ? DATE_UNIX : 0;
}

/* The order in which this cell certainly stands, when its own look tells; else 0. */
static unsigned own_order(const struct parts *p)
{
	const struct part *part = p->part;

	if (part[0].digits == 4)
		return DATE_YMD;
	if (part[0].digits == 0)
		return DATE_MDY;
	if (part[1].digits == 0)
		return part[2].digits == 4 || part[0].digits <= 2 ? DATE_DMY : DATE_YMD;
	return 0;
}

void date_look(struct str cell, struct date_look *look)
{
	struct parts p;
	struct civil a, b;
	unsigned own;

	*look = (struct date_look){ 0 };
	if (cell.len < 5 || cell.len > 64 || !take_apart(cell, &p))
		return;
	look->timed = p.timed || p.fraction > 0 || p.part[0].digits == 14;
	look->midnight = p.timed && p.second_of_day == 0 && p.millisecond == 0;
	look->zoned = p.zoned;
	if (p.count == 1) {
		look->orders = single_number(&p, &a);
		return;
	}
	own = own_order(&p);
	if (own) {
		look->orders = civil_by(&p, own, &a) ? DATE_FIXED : 0;
		return;
	}
	if (civil_by(&p, DATE_DMY, &a))
		look->orders |= DATE_DMY;
	if (civil_by(&p, DATE_MDY, &b))
		look->orders |= DATE_MDY;
	if (look->orders == (DATE_DMY | DATE_MDY) && a.day == b.day && a.month == b.month)
		look->orders = DATE_FIXED;
}

static enum cell_result in_range(int year)
{
	return year < 1900 || year > 2200 ? CELL_OUT_OF_RANGE : CELL_OK;
}

static enum cell_result put_time(int64_t ms, struct value *out)
{
	if (ms < -2208988800000 || ms > 7289654400000) /* 1900 … 2200 */
		return CELL_OUT_OF_RANGE;
	out->kind = VALUE_TIME;
	out->as.time_ms = ms;
	return CELL_OK;
}

static enum cell_result put_local(int32_t date, int64_t second, int ms, const struct parts *p, bool whole_days,
				  const struct zone *zone, struct value *out)
{
	int64_t local = (int64_t)date * DAY_SECONDS + second;

	if (whole_days) {
		out->kind = VALUE_DATE;
		out->as.date = date;
		return CELL_OK;
	}
	if (p->zoned)
		return put_time((local - p->offset_s) * 1000 + ms, out);
	return put_time(zone_utc_ms(zone, local) + ms, out);
}

enum { EXCEL_EPOCH = -25569 }; /* 1899-12-30: right for every day from 1900-03-01 */

static enum cell_result single_when(const struct parts *p, unsigned order, bool whole_days, const struct zone *zone,
				    struct value *out)
{
	const struct part *a = &p->part[0];
	struct civil civil = { 0, 0, 0 };
	unsigned look = single_number(p, &civil);

	if ((order == DATE_EXCEL && a->digits <= 6) || look == DATE_EXCEL) {
		int64_t second = (int64_t)(p->fraction * DAY_SECONDS + 0.5);

		if (a->number < 61 || a->number > 109938)
			return CELL_OUT_OF_RANGE;
		return put_local(EXCEL_EPOCH + (int32_t)a->number, second, 0, p, whole_days || p->fraction == 0, zone,
				 out);
	}
	if (order == DATE_UNIX_MS || look == DATE_UNIX_MS)
		return put_time(a->number, out);
	if (order == DATE_UNIX || look == DATE_UNIX)
		return put_time(a->number * 1000, out);
	if (look != DATE_FIXED)
		return a->digits == 8 || a->digits == 14 ? CELL_NO_SUCH_DAY : CELL_BAD;
	if (in_range(civil.year) != CELL_OK)
		return CELL_OUT_OF_RANGE;
	if (a->digits == 14) {
		int64_t clock = a->number % 1000000;

		if (clock / 10000 > 23 || clock / 100 % 100 > 59 || clock % 100 > 59)
			return CELL_BAD;
		return put_local(date_of_civil(civil), clock / 10000 * 3600 + clock / 100 % 100 * 60 + clock % 100, 0,
				 p, whole_days, zone, out);
	}
	return put_local(date_of_civil(civil), p->second_of_day, p->millisecond, p, whole_days || !p->timed, zone, out);
}

enum cell_result cell_when(struct str cell, unsigned order, bool whole_days, const struct zone *zone, struct value *out)
{
	struct parts p;
	struct civil civil;
	unsigned own;

	if (cell.len > 64 || cell.len == 0 || !take_apart(cell, &p))
		return CELL_BAD;
	if (p.count == 1)
		return single_when(&p, order, whole_days, zone, out);
	own = own_order(&p);
	if (own) {
		order = own;
	} else if (order != DATE_DMY && order != DATE_MDY && order != DATE_YMD) {
		struct date_look look;

		/* nothing stated: only a cell that has one reading is read */
		date_look(cell, &look);
		if (look.orders == (DATE_DMY | DATE_MDY))
			return CELL_TWO_WAYS;
		order = look.orders == DATE_MDY ? DATE_MDY : DATE_DMY;
	}
	if (!civil_by(&p, order, &civil))
		return p.part[0].digits <= 4 && p.part[2].digits <= 4 ? CELL_NO_SUCH_DAY : CELL_BAD;
	if (in_range(civil.year) != CELL_OK)
		return CELL_OUT_OF_RANGE;
	return put_local(date_of_civil(civil), p.second_of_day, p.millisecond, &p, whole_days || !p.timed, zone, out);
}

/* ---- numbers ---- */

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
	int after_dot, after_comma; /* digits after the last one */
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
	if (last == '.')
		m->after_dot = group;
	if (last == ',')
		m->after_comma = group;
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
		memcpy(bare.currency, currency, 4);
	result = read_number(&bare, mark, &number, &cut);
	if (result != CELL_OK)
		return result;
	out->kind = VALUE_MONEY;
	memcpy(out->as.money.currency, bare.currency, 4);
	if (!decimal_scaled(number, money_digits(bare.currency), &out->as.money.minor, rounded))
		return CELL_OUT_OF_RANGE;
	*rounded |= cut;
	return CELL_OK;
}

/* ---- flags ---- */

enum cell_result cell_flag(struct str cell, struct value *out)
{
	static const char *const yes[] = { "1",  "yes", "y", "true", "t",    "x",  "ja", "j",    "oui",     "si",
					   "sí", "sim", "✓", "✔",    "wahr", "on", "da", "vrai", "checked", "1.0" };
	static const char *const no[] = { "0",   "no",     "n",   "false", "f",    "nein", "non",       "não",
					  "nao", "falsch", "off", "net",   "faux", "✗",    "unchecked", "0.0" };

	if (cell.len > 10)
		return CELL_BAD;
	if (AMONG(cell, yes))
		out->kind = VALUE_YES;
	else if (AMONG(cell, no))
		out->kind = VALUE_NO;
	else
		return CELL_BAD;
	return CELL_OK;
}
