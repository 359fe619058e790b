#include "io/terminal.h"

#include <stdlib.h>

#include "tap.h"

static void counts(int64_t n, const char *wanted)
{
	char text[32];

	is_str(count_text(n, text), wanted, "%s is written with commas", wanted);
}

int main(void)
{
	struct progress p;
	FILE *file = tmpfile();

	counts(0, "0");
	counts(999, "999");
	counts(1000, "1,000");
	counts(-1204000, "-1,204,000");
	counts(INT64_MIN, "-9,223,372,036,854,775,808");

	ok(!terminal_colour(file), "a file has no colours");
	is_int(terminal_width(file), 100, "and is 100 columns wide");
	is_str(ink_on(INK_BAD, false), "", "no ink without colour");
	is_str(ink_on(INK_BAD, true), "\x1b[31m", "ink with colour");
	is_str(ink_off(true), "\x1b[0m", "and off again");

	if (freopen("/dev/null", "w", stderr)) {
		progress_start(&p, "importing", "rows", 10);
		progress_step(&p, 5, 5);
		ok(!p.shown, "no progress where no terminal is");
		progress_end(&p);
	}
	fclose(file);
	return done();
}
