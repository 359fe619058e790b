/* Dates and times of a cell. */
#include "base/date.h"
#include "map/cell_letters.h"
#include "map/cells.h"

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

static int64_t digits_of(const char *at, size_t count)
{
	int64_t number = 0;

	for (size_t i = 0; i < count; i++)
		number = number * 10 + (at[i] - '0');
	return number;
}

/* As machines write it: most cells of most exports. What it leaves alone is taken apart below. */
static bool take_iso(struct str s, struct parts *p)
{
	static const char shape[] = "0000-00-00T00:00:00Z";

	if (s.len != 10 && s.len != 19 && s.len != 20)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (shape[i] == '0' ? !is_digit(s.at[i]) : s.at[i] != shape[i] && !(i == 10 && s.at[i] == ' '))
			return false;
	p->part[0] = (struct part){ digits_of(s.at, 4), 4 };
	p->part[1] = (struct part){ digits_of(s.at + 5, 2), 2 };
	p->part[2] = (struct part){ digits_of(s.at + 8, 2), 2 };
	p->count = 3;
	if (s.len == 10)
		return true;
	int hour = (int)digits_of(s.at + 11, 2), minute = (int)digits_of(s.at + 14, 2),
	    second = (int)digits_of(s.at + 17, 2);
	p->timed = true;
	p->zoned = s.len == 20;
	p->second_of_day = hour * 3600 + minute * 60 + second;
	return hour <= 23 && minute <= 59 && second <= 59;
}

/* Everything as far as it can be told without knowing the order of the parts. */
static bool take_apart(struct str s, struct parts *p)
{
	struct str word;

	memset(p, 0, sizeof(*p));
	if (take_iso(s, p))
		return true;
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
