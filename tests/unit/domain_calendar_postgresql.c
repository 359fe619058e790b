/* The calendar against PostgreSQL, which reckons in SQL of its own with its own zones, asked only what a clock shows at an instant: over all
 * zones and every change of their clocks from 1990 to 2037. SKIP where there is no server. */
#include "base/date.h"
#include "book_help.h"
#include "calendar_help.h"
#include "postgresql_help.h"

enum { MAX_CHANGES = 1024, QUESTIONS = 100000, REACH = 1440 + 720, MAX_NAME = 64 };

struct script {
	FILE *weekly, *dated, *asked;
	long each; /* questions at each change */
	int questions;
};

static FILE *file_in(const char *name, const char *mode)
{
	char path[400];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", help_folder, name);
	file = fopen(path, mode);
	if (!file)
		bug_at(__FILE__, __LINE__, "cannot open %s", path);
	chmod(path, 0644);
	return file;
}

static void write_day(FILE *file, const char *zone, int64_t key, const struct working_day *day)
{
	for (int i = 0; i < day->count; i++)
		fprintf(file, "%s\t%lld\t%d\t%d\t%d\n", zone, (long long)key, i, day->ranges[i].open_s / 60,
			day->ranges[i].close_s / 60);
}

/* Of two for one date the later holds. */
static void write_week(struct script *script, const char *zone, const struct working_week *week)
{
	for (int i = 0; i < 7; i++)
		write_day(script->weekly, zone, i, &week->days[i]);
	for (size_t i = 0; i < week->dated_count; i++) {
		bool last = true;

		for (size_t j = i + 1; j < week->dated_count; j++)
			last = last && week->dated[j].date != week->dated[i].date;
		if (last && !week->dated[i].day.count)
			fprintf(script->dated, "%s\t%d\t0\t\\N\t\\N\n", zone, week->dated[i].date);
		if (last)
			write_day(script->dated, zone, week->dated[i].date, &week->dated[i].day);
	}
}

static void ask(struct script *script, const char *zone, const struct calendar *calendar, int64_t at)
{
	for (int i = 0; i < script->each; i++) {
		int64_t start = at - REACH + below(2 * REACH), amount = 1 + below(600), got_ms;
		char kind = "emd"[i % 3];

		if (kind == 'e') {
			amount = at - REACH + below(2 * REACH);
			got_ms = calendar_elapsed_ms(calendar, start * 60000, amount * 60000) / 60000;
		} else if (kind == 'm') {
			got_ms = calendar_due_ms(calendar, start * 60000,
						 (struct allowance){ ALLOW_WORKING_TIME, amount * 60000 });
		} else {
			amount = 1 + below(2);
			got_ms = calendar_due_ms(calendar, start * 60000,
						 (struct allowance){ ALLOW_WORKING_DAYS, amount });
		}
		fprintf(script->asked, "%d\t%s\t%lld\t%c\t%lld\t%lld\t%lld\n", script->questions++, zone, (long long)at,
			kind, (long long)start, (long long)amount, (long long)got_ms);
	}
}

static void ask_zone(struct script *script, const char *name, const int64_t *changes, size_t count)
{
	static struct dated_day dated[3 * MAX_CHANGES];
	struct calendar *calendar;
	struct working_week week;
	struct err err = ERR_INIT;
	struct arena arena;
	struct zone *zone;

	if (zone_load(&zone, name, &err) < 0) {
		ok(false, "%s", err.text);
		return;
	}
	arena_init(&arena);
	random_week(&week, dated, changes, count);
	calendar = calendar_build(&week, zone, &arena);
	write_week(script, name, &week);
	for (size_t i = 0; i < count; i++)
		ask(script, name, calendar, changes[i]);
	arena_release(&arena);
	zone_free(zone);
}

/* So many at each change that `wanted` are answered, though for one in some hundreds the days looked at end first. */
static long at_each_change(long wanted)
{
	FILE *file = file_in("changes", "r");
	long changes = 0;
	int c;

	while ((c = fgetc(file)) != EOF)
		changes += c == '\n';
	fclose(file);
	return changes ? wanted / changes * 21 / 20 + 2 : 1;
}

/* Each zone's changes, and a quiet time for each. */
static int ask_zones(struct script *script)
{
	static int64_t changes[MAX_CHANGES];
	FILE *file = file_in("changes", "r");
	char name[MAX_NAME], line[MAX_NAME + 32], before[MAX_NAME] = "";
	long long at;
	size_t count = 0;
	int zones = 0;

	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %lld", name, &at) != 2)
			bug_at(__FILE__, __LINE__, "PostgreSQL wrote: %s", line);
		if (strcmp(name, before) != 0 && zones++)
			ask_zone(script, before, changes, count);
		if (strcmp(name, before) != 0)
			count = 0;
		memcpy(before, name, sizeof(before));
		if (count < MAX_CHANGES)
			changes[count++] = at ? at : 10519200 + below(48 * 365) * DAY_MINUTES;
	}
	if (zones)
		ask_zone(script, before, changes, count);
	fclose(file);
	return zones;
}

static void compare(int zones, long wanted)
{
	FILE *file = file_in("answers", "r");
	long asked = 0, answered = 0, wrong = -1;
	char line[256];

	if (fscanf(file, "%ld|%ld|%ld\n", &asked, &answered, &wrong) != 3)
		note("PostgreSQL gave no answers");
	is_int(wrong, 0, "%ld questions over %d zones, each as PostgreSQL reckons", answered, zones);
	ok(answered >= wanted && answered > asked * 9 / 10,
	   "%ld were wanted; most of %ld were answered inside the days looked at", wanted, asked);
	while (fgets(line, sizeof(line), file))
		note("zone|kind|start|amount|ours, ms|PostgreSQL's, minutes: %s", line);
	fclose(file);
}

int main(void)
{
	struct script script = { .questions = 0 };
	const char *questions = getenv("QUESTIONS");
	long wanted = questions ? strtol(questions, NULL, 10) : QUESTIONS;
	int zones;

	help_folder_make();
	if (server_start(help_folder)) {
		is_int(server_run(help_folder, "tests/unit/calendar_changes.sql", "changes"), 0,
		       "PostgreSQL says when clocks changed");
		script.weekly = file_in("weekly", "w");
		script.dated = file_in("dated", "w");
		script.asked = file_in("asked", "w");
		script.each = at_each_change(wanted);
		zones = ask_zones(&script);
		fclose(script.weekly);
		fclose(script.dated);
		fclose(script.asked);
		is_int(server_run(help_folder, "tests/unit/calendar_answers.sql", "answers"), 0, "and answers");
		compare(zones, wanted);
		server_stop(help_folder);
	}
	help_folder_remove();
	return done();
}
