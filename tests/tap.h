/* Test Anything Protocol for unit programs. One program is one file of tests/unit:
 *
 *	#include "tap.h"
 *	int main(void)
 *	{
 *		ok(1 + 1 == 2, "adds");
 *		is_int(date_of_civil(c), 20521, "2026-%02d-09", 3);
 *		is_str(text, "2026-03-09", "formats");
 *		skip("no tzdata here");
 *		return done();
 *	}
 *
 * Every check takes a printf-style name. A failed one says on standard error, where prove lets it through, where it stands,
 * what came and what was wanted; the program goes on. done() prints the plan and is what main returns; plan(n) before it makes
 * a program that stops early fail with its number of checks.
 */
#ifndef TAP_H
#define TAP_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include "base/str.h"

static int tap_count, tap_failed, tap_planned;

/* Announces how many checks there will be. Optional; without it done() says so. */
static inline void plan(int count)
{
	tap_planned = count;
	printf("1..%d\n", count);
}

__attribute__((format(printf, 4, 5))) static inline bool tap_check(bool passed, const char *file, int line,
								   const char *name, ...)
{
	va_list args;

	printf("%sok %d - ", passed ? "" : "not ", ++tap_count);
	va_start(args, name);
	vprintf(name, args);
	va_end(args);
	putchar('\n');
	if (!passed) {
		tap_failed++;
		fflush(stdout);
		fprintf(stderr, "#   at %s:%d\n", file, line);
	}
	fflush(stdout);
	return passed;
}

/* A value in a diagnostic: line ends escaped, so that each line stays a comment. */
static inline void tap_show(const char *what, const char *text, size_t len)
{
	fprintf(stderr, "#   %s ", what);
	if (!text) {
		fputs("NULL\n", stderr);
		return;
	}
	putc('"', stderr);
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n')
			fputs("\\n", stderr);
		else if (text[i] == '\r')
			fputs("\\r", stderr);
		else
			putc(text[i], stderr);
	}
	fputs("\"\n", stderr);
}

#define ok(condition, ...) tap_check((condition), __FILE__, __LINE__, __VA_ARGS__)

#define is_int(got, wanted, ...)                                                                                       \
	do {                                                                                                           \
		intmax_t tap_got = (intmax_t)(got), tap_wanted = (intmax_t)(wanted);                                   \
		if (!tap_check(tap_got == tap_wanted, __FILE__, __LINE__, __VA_ARGS__))                                \
			fprintf(stderr, "#   got %" PRIdMAX ", wanted %" PRIdMAX "\n", tap_got, tap_wanted);           \
	} while (0)

/* NUL-terminated texts; NULL equals NULL only. */
#define is_str(got, wanted, ...)                                                                                       \
	do {                                                                                                           \
		const char *tap_got = (got), *tap_wanted = (wanted);                                                   \
		bool tap_same = tap_got && tap_wanted ? !strcmp(tap_got, tap_wanted) : tap_got == tap_wanted;          \
		if (!tap_check(tap_same, __FILE__, __LINE__, __VA_ARGS__)) {                                           \
			tap_show("got   ", tap_got, tap_got ? strlen(tap_got) : 0);                                    \
			tap_show("wanted", tap_wanted, tap_wanted ? strlen(tap_wanted) : 0);                           \
		}                                                                                                      \
	} while (0)

/* A struct str against a NUL-terminated text. */
#define is_bytes(got, wanted, ...)                                                                                     \
	do {                                                                                                           \
		struct str tap_got = (got);                                                                            \
		const char *tap_wanted = (wanted);                                                                     \
		if (!tap_check(str_is(tap_got, tap_wanted), __FILE__, __LINE__, __VA_ARGS__)) {                        \
			tap_show("got   ", tap_got.at, tap_got.len);                                                   \
			tap_show("wanted", tap_wanted, strlen(tap_wanted));                                            \
		}                                                                                                      \
	} while (0)

/* Counts as one check that passed, and says why it did not run. */
static inline void skip(const char *why)
{
	printf("ok %d # SKIP %s\n", ++tap_count, why);
}

/* A line for the reader of a failure. */
__attribute__((format(printf, 1, 2))) static inline void note(const char *fmt, ...)
{
	va_list args;

	fputs("# ", stdout);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
}

static inline int done(void)
{
	if (!tap_planned)
		printf("1..%d\n", tap_count);
	else if (tap_planned != tap_count)
		printf("# planned %d checks, ran %d\n", tap_planned, tap_count);
	return tap_failed || (tap_planned && tap_planned != tap_count) || !tap_count;
}

#endif
