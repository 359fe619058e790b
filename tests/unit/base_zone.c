#include "base/zone.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/date.h"
#include "base/tzfile.h"
#include "tap.h"

static struct zone *load(const char *name)
{
	struct zone *zone = NULL;
	struct err err = ERR_INIT;

	if (zone_load(&zone, name, &err) < 0)
		note("%s", err.text);
	return zone;
}

/* An instant of UTC, as text. */
static int64_t utc_ms(const char *text)
{
	struct zone *utc = load("UTC");
	int64_t ms = 0;
	bool date_only;

	if (!zone_parse(utc, str_of(text), &ms, &date_only))
		ok(false, "%s is no time", text);
	zone_free(utc);
	return ms;
}

static void shows(const struct zone *zone, const char *utc, const char *wanted)
{
	char text[40];

	zone_format(zone, utc_ms(utc), text);
	is_str(text, wanted, "%s is %s there", utc, wanted);
}

static void means(const struct zone *zone, const char *local, const char *utc)
{
	int64_t ms = 0;
	bool date_only = true;

	ok(zone_parse(zone, str_of(local), &ms, &date_only) && !date_only, "%s is a time", local);
	is_int(ms, utc_ms(utc), "%s there is %s", local, utc);
}

static void begins(const struct zone *zone, const char *day, const char *utc)
{
	int64_t ms = 0;
	bool date_only = false;

	ok(zone_parse(zone, str_of(day), &ms, &date_only) && date_only, "%s is a day", day);
	is_int(ms, utc_ms(utc), "%s begins at %s", day, utc);
}

static void test_berlin(void)
{
	struct zone *zone = load("Europe/Berlin");

	shows(zone, "2026-03-29T00:59:59Z", "2026-03-29T01:59:59+01:00");
	shows(zone, "2026-03-29T01:00:00Z", "2026-03-29T03:00:00+02:00");
	shows(zone, "2026-10-25T00:59:59Z", "2026-10-25T02:59:59+02:00");
	shows(zone, "2026-10-25T01:00:00Z", "2026-10-25T02:00:00+01:00");
	shows(zone, "1890-01-01T00:00:00Z", "1890-01-01T00:53:28+00:53:28");
	shows(zone, "2500-07-01T00:00:00Z", "2500-07-01T02:00:00+02:00");
	shows(zone, "9999-12-31T00:00:00Z", "9999-12-31T01:00:00+01:00");
	means(zone, "2026-03-29T02:30:00", "2026-03-29T01:30:00Z");
	means(zone, "2026-10-25 02:30", "2026-10-25T00:30:00Z");
	means(zone, "2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00Z");
	means(zone, "2500-07-01T02:00:00", "2500-07-01T00:00:00Z");
	begins(zone, "2026-03-29", "2026-03-28T23:00:00Z");
	begins(zone, "2026-10-26", "2026-10-25T23:00:00Z");
	is_int(zone_date(zone, utc_ms("2026-03-08T23:00:00Z")), date_of_civil((struct civil){ 2026, 3, 9 }),
	       "a day begins an hour before UTC's");
	is_int(zone_date(zone, INT64_MAX), INT32_MAX, "instants without a date get the last");
	is_int(zone_local_s(zone, -1), 3599, "milliseconds before 1970 go down");
	zone_free(zone);
}

static void test_others(void)
{
	struct zone *zone = load("America/Sao_Paulo");

	begins(zone, "2017-10-15", "2017-10-15T03:00:00Z");
	shows(zone, "2017-10-15T03:00:00Z", "2017-10-15T01:00:00-02:00");
	means(zone, "2017-10-15T00:00:00", "2017-10-15T03:00:00Z");
	begins(zone, "2018-02-18", "2018-02-18T03:00:00Z");
	begins(zone, "2026-10-15", "2026-10-15T03:00:00Z");
	zone_free(zone);

	zone = load("Australia/Lord_Howe");
	shows(zone, "2026-04-04T14:59:59Z", "2026-04-05T01:59:59+11:00");
	shows(zone, "2026-04-04T15:00:00Z", "2026-04-05T01:30:00+10:30");
	means(zone, "2026-10-04T02:15:00", "2026-10-03T15:45:00Z");
	zone_free(zone);

	zone = load("Asia/Kolkata");
	shows(zone, "2026-06-01T00:00:00Z", "2026-06-01T05:30:00+05:30");
	zone_free(zone);

	zone = load("Africa/Casablanca"); /* standard time during Ramadan only */
	shows(zone, "2026-01-15T12:00:00Z", "2026-01-15T13:00:00+01:00");
	shows(zone, "2026-03-01T12:00:00Z", "2026-03-01T12:00:00+00:00");
	zone_free(zone);

	zone = load("America/Chicago");
	shows(zone, "2037-07-01T12:00:00Z", "2037-07-01T07:00:00-05:00");
	shows(zone, "2038-07-01T12:00:00Z", "2038-07-01T07:00:00-05:00");
	shows(zone, "2038-12-01T12:00:00Z", "2038-12-01T06:00:00-06:00");
	zone_free(zone);

	zone = load("Pacific/Apia"); /* 2011-12-30 was left out */
	begins(zone, "2011-12-30", "2011-12-30T10:00:00Z");
	begins(zone, "2011-12-31", "2011-12-30T10:00:00Z");
	zone_free(zone);
}

static void test_parse(void)
{
	static const char *const bad[] = {
		"",
		"2026-03-09T",
		"2026-03-09T14",
		"2026-03-09T24:01",
		"2026-03-09T14:60",
		"2026-03-09T14:05:60",
		"2026-03-09T14:05:00+",
		"2026-03-09T14:05:00+1",
		"2026-03-09T14:05:00.",
		"2026-03-09T14:05:00ZZ",
		"2026-02-30T14:05:00",
		"2026-03-09x14:05",
		"2026-03-09T14:05:00+99:00",
	};
	struct zone *zone = load("UTC");
	int64_t ms;
	bool date_only;

	means(zone, "2026-03-09T14:05:00.1239Z", "2026-03-09T14:05:00.123Z");
	means(zone, "2026-03-09T14:05:00,5", "2026-03-09T14:05:00.500Z");
	means(zone, "2026-03-09T14:05:00-0330", "2026-03-09T17:35:00Z");
	means(zone, "2026-03-09T14:05+01", "2026-03-09T13:05:00Z");
	means(zone, "2026-03-09T24:00:00", "2026-03-10T00:00:00Z");
	is_int(utc_ms("1969-12-31T23:59:59.999Z"), -1, "the last millisecond before 1970");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!zone_parse(zone, str_of(bad[i]), &ms, &date_only), "'%s' is no time", bad[i]);
	zone_free(zone);
}

static void refused(const char *name, const char *said)
{
	struct zone *zone = NULL;
	struct err err = ERR_INIT;

	is_int(zone_load(&zone, name, &err), ERR_INPUT, "'%s' is no zone", name);
	ok(strstr(err.text, said), "which says: %s", err.text);
}

/* A link that leads to itself can be opened by nobody, root included. */
static void test_unreadable(void)
{
	char folder[] = "/tmp/lockstep-zones-XXXXXX", path[64];
	struct zone *zone = NULL;
	struct err err = ERR_INIT;

	if (!mkdtemp(folder))
		BUG("mkdtemp");
	snprintf(path, sizeof(path), "%s/Berlin", folder);
	if (symlink("Berlin", path))
		BUG("symlink");
	setenv("TZDIR", folder, 1);
	is_int(zone_load(&zone, "Berlin", &err), ERR_SYSTEM,
	       "a zone file that cannot be opened is not a zone that is missing");
	ok(strstr(err.text, path), "which says: %s", err.text);
	unsetenv("TZDIR");
	unlink(path);
	rmdir(folder);
}

static void test_names(void)
{
	char name[64];

	refused("Europe/Berlim", "did you mean 'Europe/Berlin'");
	refused("berlin", "did you mean 'Europe/Berlin'");
	refused("../../../etc/passwd", "there is no time zone");
	refused("/etc/localtime", "there is no time zone");
	refused("Europe", "there is no time zone");
	refused("zone.tab", "there is no time zone");
	refused("", "there is no time zone ''");

	setenv("TZ", ":America/Chicago", 1);
	is_str(zone_of_machine(name, sizeof(name)), "America/Chicago", "TZ names the machine's zone");
	setenv("TZ", "/usr/share/zoneinfo/Asia/Kolkata", 1);
	is_str(zone_of_machine(name, sizeof(name)), "Asia/Kolkata", "also as a file");
	setenv("TZ", "CST6CDT,M3.2.0,M11.1.0", 1);
	struct zone *zone = load(zone_of_machine(name, sizeof(name)));

	ok(zone, "a TZ that names none leaves the machine's: %s", name);
	zone_free(zone);
	unsetenv("TZ");

	setenv("TZDIR", "/nonexistent", 1);
	zone = load("UTC");
	ok(zone, "UTC needs no tzdata");
	zone_free(zone);
	refused("Europe/Berlin", "in /nonexistent");
	unsetenv("TZDIR");
	test_unreadable();
}

/* A file of version 2 with one type (UTC+1) and the footer given. */
static size_t make_file(char *out, const char *footer)
{
	static const char header[] = "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				     "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\x04";
	static const char types[] = "\0\0\x0E\x10\0\0CET";
	size_t len = 0;

	for (int block = 0; block < 2; block++) {
		memcpy(out + len, header, 44);
		memcpy(out + len + 44, types, 10);
		len += 54;
	}
	return len + (size_t)snprintf(out + len, 100, "\n%s\n", footer);
}

static bool reads(const char *footer)
{
	struct tz_ranges ranges;
	char file[400];
	bool good = tz_ranges_read(&ranges, (struct str){ file, make_file(file, footer) });

	free(ranges.items);
	return good;
}

static void test_files(void)
{
	static const char *const bad[] = { "CE",
					   "CET",
					   "CET-1CEST",
					   "CET-1CEST,M13.1.0,M10.5.0",
					   "CET-1CEST,M3.0.0,M10.5.0",
					   "CET-1CEST,M3.5.7,M10.5.0",
					   "CET-1CEST,M3.5.0",
					   "CET-1CEST,M3.5.0,M10.5.0x",
					   "CET-999",
					   "CET-1CEST,J366,J1",
					   "<CET" };
	struct tz_ranges ranges;
	char file[400];

	ok(reads("CET-1") && reads("CET-1CEST,M3.5.0,M10.5.0/3") && reads("<+01>-1<+02>,J60/-1:30,300/26") && reads(""),
	   "good footers are read");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!reads(bad[i]), "'%s' is no footer", bad[i]);

	size_t whole = make_file(file, "CET-1CEST,M3.5.0,M10.5.0/3"), read = 0;

	for (size_t len = 0; len < whole; len++) {
		char *copy = malloc(len + 1); /* so that reading past the end is seen */

		memcpy(copy, file, len);
		read += tz_ranges_read(&ranges, (struct str){ copy, len });
		free(ranges.items);
		free(copy);
	}
	is_int(read, 0, "a file that was cut is refused");

	unsigned seed = 1;
	for (int i = 0; i < 20000; i++) {
		char broken[400];

		memcpy(broken, file, whole);
		for (int j = 0; j < 3; j++) {
			seed = seed * 1103515245 + 12345;
			broken[(seed >> 8) % whole] = (char)(seed >> 24);
		}
		read += tz_ranges_read(&ranges, (struct str){ broken, whole });
		free(ranges.items);
	}
	ok(read > 100 && read < 19000, "of 20,000 damaged files %zu were read", read);
}

int main(void)
{
	if (access("/usr/share/zoneinfo/Europe/Berlin", R_OK) != 0) {
		skip("no tzdata here");
		return done();
	}
	unsetenv("TZDIR");
	test_berlin();
	test_others();
	test_parse();
	test_names();
	test_files();
	return done();
}
