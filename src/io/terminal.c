#include "io/terminal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include "base/err.h"
#include "io/text.h"

enum { WIDTH_UNKNOWN = 100, WIDTH_LEAST = 20, STEP_MS = 100, FIRST_MS = 500, LINE_MAX_BYTES = 1024 };

bool terminal_colour(FILE *stream)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(fileno(stream)) && !(no && *no) && !(term && !strcmp(term, "dumb"));
}

int terminal_width(FILE *stream)
{
	struct winsize size;

	if (!isatty(fileno(stream)) || ioctl(fileno(stream), TIOCGWINSZ, &size) || size.ws_col < WIDTH_LEAST)
		return WIDTH_UNKNOWN;
	return size.ws_col;
}

const char *ink_on(enum ink ink, bool colour)
{
	static const char *const codes[INK__COUNT] = {
		[INK_PLAIN] = "",        [INK_BOLD] = "\033[1m",  [INK_DIM] = "\033[2m",
		[INK_GOOD] = "\033[32m", [INK_WARN] = "\033[33m", [INK_BAD] = "\033[31m",
	};

	return colour ? codes[ink] : "";
}

const char *ink_off(bool colour)
{
	return colour ? "\033[0m" : "";
}

const char *count_text(int64_t n, char out[32])
{
	char digits[24];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
	char *at = out;

	if (n < 0)
		*at++ = '-';
	for (size_t i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			*at++ = ',';
		*at++ = digits[i];
	}
	*at = '\0';
	return out;
}

/* ---- progress ---- */

static int64_t monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_start(struct progress *p, const char *what, const char *unit, uint64_t total)
{
	*p = (struct progress){ .what = what, .unit = unit, .total = total };
	p->started_ms = p->last_ms = monotonic_ms();
}

/* "  42 %  1,204,000 rows  131,000/s  0:07 left" */
static void compose(const struct progress *p, uint64_t done, uint64_t units, int64_t spent_ms, struct buf *out)
{
	char text[32];

	if (p->total)
		buf_addf(out, "  %3.0f %%", 100.0 * (double)(done < p->total ? done : p->total) / (double)p->total);
	buf_addf(out, "  %s %s", count_text((int64_t)units, text), p->unit);
	if (spent_ms >= 1000)
		buf_addf(out, "  %s/s", count_text((int64_t)((double)units * 1000 / (double)spent_ms), text));
	if (spent_ms >= 1000 && done && done < p->total) {
		int64_t left_s = (int64_t)((double)spent_ms / 1000 * (double)(p->total - done) / (double)done + 0.5);

		buf_addf(out, "  %" PRId64 ":%02d left", left_s / 60, (int)(left_s % 60));
	}
}

void progress_step(struct progress *p, uint64_t done, uint64_t units)
{
	int64_t now_ms = monotonic_ms();
	struct arena arena;
	struct buf numbers;
	struct str what;
	size_t width;

	if (now_ms - p->last_ms < STEP_MS || now_ms - p->started_ms < FIRST_MS || !isatty(STDERR_FILENO))
		return;
	p->last_ms = now_ms;
	p->shown = true;
	arena_init(&arena);
	buf_init(&numbers, LINE_MAX_BYTES);
	compose(p, done, units, now_ms - p->started_ms, &numbers);
	width = (size_t)terminal_width(stderr) - 1;
	what = text_cut(str_of(p->what), width > numbers.len ? width - numbers.len : 0, &arena);
	fprintf(stderr, "\r\033[K%.*s%s", STR_ARG(what), numbers.at);
	fflush(stderr);
	buf_release(&numbers);
	arena_release(&arena);
}

void progress_end(struct progress *p)
{
	if (!p->shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	p->shown = false;
}
