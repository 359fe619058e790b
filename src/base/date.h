/* Calendar arithmetic without zones. A date is days since 1970-01-01 (proleptic Gregorian).
 * A local time is seconds since 1970-01-01T00:00 as read off a wall clock. */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/str.h"

#define DATE_NONE INT32_MIN
#define DAY_SECONDS 86400

struct civil {
	int year, month, day; /* month 1…12, day 1…31 */
};

bool civil_valid(struct civil c); /* a day there is, in the years 1…9999 */
int32_t date_of_civil(struct civil c);
struct civil civil_of_date(int32_t date);
int date_weekday(int32_t date);                         /* 0 Monday … 6 Sunday */
void date_iso_week(int32_t date, int *year, int *week); /* ISO 8601 week and the year it belongs to */
int32_t date_of_iso_week(int year, int week);           /* its Monday */
int32_t date_add_months(int32_t date, int months);      /* day clipped to the month's last */
int32_t date_quarter_start(int32_t date);
/* Fiscal year that starts on the 1st of `start_month`; named by the calendar year in which it ends. */
int date_fiscal_year(int32_t date, int start_month);
int date_fiscal_quarter(int32_t date, int start_month); /* 1…4 */

/* "2026-03-09". False when it is not exactly that, or no such day. */
bool date_parse(struct str text, int32_t *date);
/* Writes "YYYY-MM-DD" and a NUL. */
void date_format(int32_t date, char out[16]);

int64_t floor_div(int64_t a, int64_t b);

#endif
