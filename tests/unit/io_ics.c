/* Calendar files as programs write them: the days they close, what is passed over with a word, and what is refused. */
#include "io/ics.h"

#include "base/buf.h"
#include "base/date.h"
#include "tap.h"

/* As calendars come: with a zone's own rules, and alarms. */
#define ZONE                                                                                                           \
	"BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:DAYLIGHT\r\nTZOFFSETFROM:+0100\r\n"                            \
	"TZOFFSETTO:+0200\r\nTZNAME:CEST\r\nDTSTART:19700329T020000\r\n"                                               \
	"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\nBEGIN:STANDARD\r\n"                                 \
	"TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\nDTSTART:19701025T030000\r\n"                          \
	"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
#define ALARM "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:soon\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\n"
#define CALENDAR(events)                                                                                               \
	"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nMETHOD:PUBLISH\r\n"                                \
	"X-WR-TIMEZONE:Europe/Berlin\r\n" ZONE events "END:VCALENDAR\r\n"
#define EVENT(lines) "BEGIN:VEVENT\r\nUID:1@example\r\nDTSTAMP:20260101T000000Z\r\n" lines ALARM "END:VEVENT\r\n"

static const struct {
	const char *what, *file, *days; /* of 2025 to 2028, with the year's last two digits */
	size_t notes;
} good[] = {
	{ "a day", CALENDAR(EVENT("DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261226\r\nSUMMARY:X\r\n")),
	  "26-12-25", 0 },
	{ "without DTEND", CALENDAR(EVENT("DTSTART;VALUE=DATE:20261225\r\n")), "26-12-25", 0 },
	{ "each year", CALENDAR(EVENT("DTSTART;VALUE=DATE:20201225\r\nRRULE:FREQ=YEARLY\r\n")),
	  "25-12-25 26-12-25 27-12-25 28-12-25", 0 },
	{ "the fourth Thursday, so often",
	  CALENDAR(EVENT("DTSTART;VALUE=DATE:20251127\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=3\r\n")),
	  "25-11-27 26-11-26 27-11-25", 0 },
	{ "the last Monday, until",
	  CALENDAR(EVENT("DTSTART;VALUE=DATE:20200525\r\nRRULE:FREQ=YEARLY;UNTIL=20270101;BYMONTH=5;BYDAY=-1MO\r\n")),
	  "25-05-26 26-05-25", 0 },
	{ "less what is excepted, two in a line",
	  CALENDAR(
		  EVENT("DTSTART;VALUE=DATE:20200501\r\nRRULE:FREQ=YEARLY\r\nEXDATE;VALUE=DATE:20260501,20270501\r\n")),
	  "25-05-01 28-05-01", 0 },
	{ "excepted by time",
	  CALENDAR(EVENT("DTSTART;VALUE=DATE:20200501\r\nRRULE:FREQ=YEARLY\r\nEXDATE:20260501T000000\r\n")),
	  "25-05-01 27-05-01 28-05-01", 0 },
	{ "dates named one by one",
	  CALENDAR(EVENT("DTSTART;VALUE=DATE:20260101\r\nRDATE;VALUE=DATE:20270101,20280103\r\n")),
	  "26-01-01 27-01-01 28-01-03", 0 },
	{ "several days by DURATION", CALENDAR(EVENT("DTSTART;VALUE=DATE:20261230\r\nDURATION:P4D\r\n")),
	  "26-12-30 26-12-31 27-01-01 27-01-02", 0 },
	{ "a week of them", CALENDAR(EVENT("DTSTART;VALUE=DATE:20260601\r\nDURATION:P1W\r\n")),
	  "26-06-01 26-06-02 26-06-03 26-06-04 26-06-05 26-06-06 26-06-07", 0 },
	{ "from midnight to midnight of a zone",
	  CALENDAR(EVENT("DTSTART;TZID=Europe/Berlin:20261003T000000\r\nDTEND;TZID=Europe/Berlin:20261005T000000\r\n")),
	  "26-10-03 26-10-04", 0 },
	{ "midnights of a zone that the file does not explain",
	  CALENDAR(EVENT(
		  "DTSTART;TZID=W. Europe Standard Time:20261003T000000\r\nDTEND;TZID=W. Europe Standard Time:20261004T000000\r\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE\r\n")),
	  "26-10-03", 0 },
	{ "24 hours from midnight", CALENDAR(EVENT("DTSTART:20261003T000000\r\nDURATION:PT24H\r\n")), "26-10-03", 0 },
	{ "one of a row moved, one cancelled",
	  CALENDAR(
		  EVENT("DTSTART;VALUE=DATE:20250501\r\nRRULE:FREQ=YEARLY\r\n") EVENT(
			  "RECURRENCE-ID;VALUE=DATE:20260501\r\nDTSTART;VALUE=DATE:20260504\r\n")
			  EVENT("RECURRENCE-ID;VALUE=DATE:20270501\r\nDTSTART;VALUE=DATE:20270501\r\nSTATUS:CANCELLED\r\n")),
	  "25-05-01 28-05-01 26-05-04", 0 },
	{ "a half day is passed over, the others hold",
	  CALENDAR(EVENT(
		  "DTSTART;TZID=Europe/Berlin:20261224T120000\r\nDTEND;TZID=Europe/Berlin:20261224T180000\r\nSUMMARY:Half day\r\n")
			   EVENT("DTSTART:20261224T230000Z\r\nDTEND:20261225T230000Z\r\nRRULE:FREQ=MINUTELY\r\n")
				   EVENT("DTSTART;VALUE=DATE:20261225\r\n")),
	  "26-12-25", 2 },
	{ "no event at all", CALENDAR(""), "", 0 },
	{ "two calendars in one file",
	  CALENDAR(EVENT("DTSTART;VALUE=DATE:20261225\r\n")) CALENDAR(EVENT("DTSTART;VALUE=DATE:20261226\r\n")),
	  "26-12-25 26-12-26", 0 },
};

static const struct {
	const char *what, *file, *wanted;
	long line;
} bad[] = {
	{ "no day", CALENDAR(EVENT("SUMMARY:Never\r\n")), "event \"Never\": it has no day", 23 },
	{ "the second event ends first",
	  CALENDAR(EVENT("DTSTART;VALUE=DATE:20261225\r\n")
			   EVENT("DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261220\r\nSUMMARY:Back\r\n")),
	  "event \"Back\": it ends before it begins", 33 },
	{ "ends within a day", CALENDAR(EVENT("DTSTART;VALUE=DATE:20261225\r\nDTEND:20261226T120000\r\n")),
	  "event \"\": it ends before it begins, or not at the end of a day", 23 },
	{ "each second", CALENDAR(EVENT("DTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=SECONDLY\r\n")),
	  "event \"\": its RRULE cannot be followed", 23 },
	{ "something else", "BEGIN:VCARD\r\nEND:VCARD\r\n", "this is no calendar file", 1 },
	{ "nothing", "", "this is no calendar file", 1 },
};

static struct arena arena;

static struct ics_day *read_days(const char *file, size_t *count, struct problems *problems)
{
	struct ics_day *days;

	problems_init(problems, &arena);
	ics_days(&days, count, str_of(file), "t.ics", date_of_civil((struct civil){ 2025, 1, 1 }),
		 date_of_civil((struct civil){ 2028, 12, 31 }), problems, &arena);
	return days;
}

static void test_good(void)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct problems problems;
		size_t count;
		struct ics_day *days = read_days(good[i].file, &count, &problems);
		struct buf out;

		buf_init(&out, 4096);
		for (size_t k = 0; k < count; k++) {
			struct civil day = civil_of_date(days[k].date);

			buf_addf(&out, "%s%02d-%02d-%02d", k ? " " : "", day.year % 100, day.month, day.day);
		}
		is_bytes(buf_str(&out), good[i].days, "%s", good[i].what);
		is_int(problems.count, 0, "nothing is wrong with it%s%.*s", problems.count ? ": " : "",
		       problems.count ? (int)problems.items[0].text.len : 0,
		       problems.count ? problems.items[0].text.at : "");
		is_int(problems.note_count, good[i].notes, "and passed over is what has times of day");
		buf_release(&out);
	}
}

static void test_bad(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct problems problems;
		size_t count;

		read_days(bad[i].file, &count, &problems);
		is_int(problems.count, 1, "refused: %s", bad[i].what);
		ok(problems.count && str_starts(problems.items[0].text, bad[i].wanted), "and says so: %.*s",
		   problems.count ? (int)problems.items[0].text.len : 0,
		   problems.count ? problems.items[0].text.at : "");
		is_int(problems.count ? problems.items[0].line : 0, bad[i].line, "with its line");
	}
}

/* Lines folded anywhere, with a tab or a blank, ended by LF alone; a mark of the byte order; escapes. */
static void test_text(void)
{
	static const char file[] =
		"\xEF\xBB\xBF"
		"BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=D\n ATE:20261224\n"
		"DTEND;VALUE=DATE:2026\n\t1225\nSUMMARY:Heiligabend\\, gr\xC3\n \xB6\xC3\x9F\n\ter\nEND:VEVENT\nEND:VCALENDAR\n";
	struct problems problems;
	size_t count;
	struct ics_day *days = read_days(file, &count, &problems);

	is_int(problems.count, 0, "a file may be folded in the middle of a letter");
	is_int(count, 1, "has its day");
	is_bytes(count ? days[0].name : STR_NONE,
		 "Heiligabend, gr\xC3\xB6\xC3\x9F"
		 "er",
		 "and the name is whole again");
}

/* Somebody's whole diary: the holidays in it are taken, the meetings are not told one by one. */
static void test_diary(void)
{
	struct problems problems;
	struct ics_day *days;
	struct buf file;
	size_t count;

	buf_init(&file, 1 << 20);
	buf_addf(&file, "BEGIN:VCALENDAR\nVERSION:2.0\n");
	for (int i = 0; i < 500; i++)
		buf_addf(&file, "BEGIN:VEVENT\nUID:%d\nDTSTART:20260%d%02dT090000Z\nSUMMARY:Meeting %d\nEND:VEVENT\n",
			 i, 1 + i % 9, 1 + i % 28, i + 1);
	buf_addf(&file, "BEGIN:VEVENT\nUID:x\nDTSTART;VALUE=DATE:20261225\nEND:VEVENT\nEND:VCALENDAR\n");
	problems_init(&problems, &arena);
	days = read_days(arena_cstr(&arena, buf_str(&file)), &count, &problems);
	ok(count == 1 && days[0].date == date_of_civil((struct civil){ 2026, 12, 25 }), "the whole day in it holds");
	is_int(problems.note_count, 11, "some meetings are named");
	is_bytes(problems.notes[10].text, "490 more events with times of day were passed over.",
		 "the others are counted");
	buf_release(&file);
}

int main(void)
{
	arena_init(&arena);
	test_good();
	test_bad();
	test_text();
	test_diary();
	arena_release(&arena);
	return done();
}
