/* What one cell of a file means: dates, numbers, money, yes and no, and the many ways of writing nothing.
 *
 * Pure functions over borrowed text; nothing is allocated. A cell comes trimmed (str_trim). Which of two readings a whole column takes
 * (dd/mm or mm/dd, 1.234 or 1,234) is for formats.h to find out; here it is a parameter. */
#ifndef MAP_CELLS_H
#define MAP_CELLS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/str.h"
#include "base/zone.h"
#include "domain/value.h"

/* Ways of writing nothing. */
enum nothing {
	NOTHING_NOT,   /* the cell says something */
	NOTHING_EMPTY, /* "", "-", "N/A", "null", "Select…", "-- None --" */
	NOTHING_ERROR, /* "#REF!", "#N/A": a spreadsheet's error, read as empty and counted */
};
enum nothing cell_nothing(struct str cell);
/* More of them, which could be a word in a text ("None", "NaN", "0000-00-00"), but not in a date, a number or a flag. */
bool cell_nothing_typed(struct str cell);

/* Orders in which the parts of a date can stand. Bits, since a cell can fit several. */
enum date_order {
	DATE_FIXED = 1, /* one reading only: 2024-01-31, 31 Jan 2024, 20240131, 3/3/2024 */
	DATE_DMY = 2,
	DATE_MDY = 4,
	DATE_YMD = 8,     /* two-digit years first; never found out, only stated */
	DATE_EXCEL = 16,  /* days since 1899-12-30 */
	DATE_UNIX = 32,   /* seconds since 1970 */
	DATE_UNIX_MS = 64 /* milliseconds since 1970 */
};

struct date_look {
	unsigned orders; /* those that give a day that exists; 0: no date at all */
	bool timed;      /* has a time of day */
	bool midnight;   /* … which is 00:00:00 */
	bool zoned;      /* … with a zone */
};
void date_look(struct str cell, struct date_look *look);

enum cell_result {
	CELL_OK,
	CELL_BAD,          /* not this type at all */
	CELL_NO_SUCH_DAY,  /* 31 February */
	CELL_OUT_OF_RANGE, /* a year before 1900 or after 2200, or a number too large */
	CELL_TWO_WAYS,     /* 1.234 where nothing tells which mark is which */
	CELL_CURRENCY,     /* a currency sign that is not the given currency */
	CELL__COUNT
};

/* `order`: one of enum date_order, for cells that need it. VALUE_DATE, or VALUE_TIME where there is a time of day; `whole_days` drops
 * the time (a column in which every time is midnight). Times without zone are in `zone`. */
enum cell_result cell_when(struct str cell, unsigned order, bool whole_days, const struct zone *zone,
			   struct value *out);

/* How the decimal mark of a number can be read. */
enum number_look {
	NUMBER_NONE,   /* no number */
	NUMBER_SAME,   /* 1234: no mark */
	NUMBER_DOT,    /* 1,234.50 or 2900.0 */
	NUMBER_COMMA,  /* 2.900,00 */
	NUMBER_EITHER, /* 1.234 or 1,234 */
};
enum number_look number_look(struct str cell);

/* `mark`: '.', ',' or 0 where it is not known (then only NUMBER_EITHER cells are refused). Currency signs are not accepted. */
enum cell_result cell_number(struct str cell, char mark, struct value *out, bool *rounded);

/* A duration as a clock shows it: "0:04:31" is hours, minutes and seconds. Of two parts alone `two` says what they are: 'h' hours and
 * minutes, 'm' minutes and seconds, 0 not known (CELL_TWO_WAYS). In minutes, to two digits. CELL_BAD where it is not written so. */
enum cell_result cell_clock(struct str cell, char two, struct value *out);

/* `currency`: of the row; a sign or code in the cell that contradicts it is CELL_CURRENCY; where it is "" the cell's own counts. */
enum cell_result cell_money(struct str cell, char mark, const char *currency, struct value *out, bool *rounded);

/* yes/no/true/false/1/0/x/ja/nein…: VALUE_YES or VALUE_NO. */
enum cell_result cell_flag(struct str cell, struct value *out);

/* An ISO 4217 code in any case, or a sign: "eur", "€". False when it is none. */
bool currency_code(struct str text, char out[4]);

/* "1,23E+18": many ids have become this one, and none can be had back. */
bool cell_shortened(struct str key);
/* "+1 555 0100", "(555) 010-0199". Of digits alone nobody knows whether they are an id. */
bool cell_like_phone(struct str key);

#endif
