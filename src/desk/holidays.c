#include "desk/holidays.h"

#include "base/date.h"
#include "io/file.h"
#include "io/ics.h"

enum { MAX_ICS_BYTES = 1 << 20 };

/* A text that somebody else wrote opens no file but those it came with. */
static bool leads_away(struct str name)
{
	bool away = name.len && name.at[0] == '/';

	while (name.len && !away)
		away = str_is(str_cut(&name, '/'), "..");
	return away;
}

/* "a/agreement.yaml", "holidays.ics" → "a/holidays.ics" */
static const char *beside(const char *path, struct str name, struct arena *arena)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return arena_cstr(arena, name);
	return arena_printf(arena, "%.*s/%.*s", (int)(slash - path), path, STR_ARG(name));
}

static void take_in(struct annexes *annexes, const char *path, struct str text, struct problems *problems,
		    struct arena *arena)
{
	struct annex_day *days;
	struct ics_day *found;
	size_t count;

	ics_days(&found, &count, text, path, date_of_civil((struct civil){ CALENDAR_FIRST_YEAR, 1, 1 }),
		 date_of_civil((struct civil){ CALENDAR_LAST_YEAR, 12, 31 }), problems, arena);
	days = ARENA_ARRAY(arena, struct annex_day, count + 1);
	for (size_t i = 0; i < count; i++)
		days[i] = (struct annex_day){ .date = found[i].date, .name = found[i].name };
	annexes_add_file(annexes, days, count, arena);
}

void holidays_take_in(struct annexes *annexes, const char *path, bool sent, struct problems *problems,
		      struct arena *arena)
{
	for (size_t i = annexes->file_count; i--;) {
		const struct holiday_file *file = &annexes->files[i];
		const char *name = beside(path, file->path, arena);
		struct err err = ERR_INIT;
		struct str text;

		if (sent)
			problem_add(problems, str_of(path), file->line, file->column, STR("holidays"),
				    "a text that is sent has no files beside it: write the days themselves");
		else if (leads_away(file->path))
			problem_add(
				problems, str_of(path), file->line, file->column, STR("holidays"),
				"a calendar file lies beside the text that names it, or in a folder there: no / in front, no ..");
		else if (file_read(&text, name, MAX_ICS_BYTES, arena, &err))
			problem_add(problems, str_of(path), file->line, file->column, STR("holidays"), "%s", err.text);
		else
			take_in(annexes, name, text, problems, arena);
	}
	annexes->file_count = 0;
}
