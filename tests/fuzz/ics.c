/* A calendar file from any bytes: refused and passed over with a word and a line, days in the time asked for, names that can be shown. */
#include "io/ics.h"
#include "base/date.h"
#include "base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_told(const struct problem *told, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (told[i].line < 1 || told[i].column < 1 || !told[i].text.len)
			BUG("told without a place or a word: %.*s", STR_ARG(told[i].text));
}

static void check_days(const struct ics_day *days, size_t count, int32_t first, int32_t last)
{
	for (size_t i = 0; i < count; i++) {
		if (days[i].date < first || days[i].date > last)
			BUG("a day that nobody asked for: %d", days[i].date);
		if (!utf8_valid(days[i].name))
			BUG("a name that cannot be shown");
		for (size_t k = 0; k < days[i].name.len; k++)
			if ((unsigned char)days[i].name.at[k] < ' ')
				BUG("a name with control characters");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int32_t first = date_of_civil((struct civil){ 1970, 1, 1 }),
		last = date_of_civil((struct civil){ 2099, 12, 31 });
	struct problems problems;
	struct ics_day *days;
	struct arena arena;
	size_t count;

	arena_init(&arena);
	problems_init(&problems, &arena);
	ics_days(&days, &count, (struct str){ (const char *)data, size }, "fuzz.ics", first, last, &problems, &arena);
	check_told(problems.items, problems.count);
	check_told(problems.notes, problems.note_count);
	check_days(days, count, first, last);
	arena_release(&arena);
	return 0;
}
