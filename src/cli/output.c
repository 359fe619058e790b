#include "cli/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "io/terminal.h"
#include "io/text.h"

enum { WIDTH = 100 };

/* ---- standard output ---- */

enum exit_code output_flush(const struct invocation *in)
{
	static bool told; /* main asks once more at the end */

	if (!fflush(stdout) && !ferror(stdout))
		return EXIT_DONE;
	if (told)
		return EXIT_ERROR;
	told = true;
	fprintf(stderr, "lockstep%s%s: the output could not be written: %s\n", in->command ? " " : "",
		in->command ? in->command->name : "", strerror(errno));
	return EXIT_ERROR;
}

enum exit_code output_json(const struct invocation *in, json_t *root)
{
	struct buf out;

	buf_init(&out, SIZE_MAX);
	json_print(root, 2, &out);
	buf_add_char(&out, '\n');
	json_decref(root);
	fwrite(out.at, 1, out.len, stdout);
	buf_release(&out);
	return output_flush(in);
}

enum exit_code output_bytes(const struct invocation *in, struct str bytes)
{
	fwrite(bytes.at, 1, bytes.len, stdout);
	return output_flush(in);
}

enum exit_code output_plain(const struct invocation *in, struct str bytes)
{
	struct buf clean;
	enum exit_code code;

	if (!isatty(STDOUT_FILENO))
		return output_bytes(in, bytes);
	buf_init(&clean, 3 * bytes.len + 1);
	text_for_terminal(bytes, &clean);
	code = output_bytes(in, buf_str(&clean));
	buf_release(&clean);
	return code;
}

void output_entry(struct buf *out, const char *name, size_t wide, struct str text, bool colour)
{
	size_t len = utf8_width(str_of(name));

	buf_addf(out, "%s%s%s%*s  ", ink_on(INK_BOLD, colour), name, ink_off(colour),
		 (int)(wide > len ? wide - len : 0), "");
	text_wrap(text, wide + 2, wide + 2, WIDTH, out);
	buf_add_char(out, '\n');
}

const char *minute_text(const struct zone *zone, int64_t utc_ms, struct arena *arena)
{
	char text[40];

	zone_format(zone, utc_ms, text);
	text[16] = '\0';
	text[10] = ' ';
	return arena_dup(arena, text);
}

bool wants_json(const struct invocation *in)
{
	return !strcmp(option_text(in, "format"), "json");
}

bool wants_csv(const struct invocation *in)
{
	return !strcmp(option_text(in, "format"), "csv");
}

/* ---- JSON values ---- */

json_t *json_time(const struct zone *zone, int64_t utc_ms)
{
	char text[40];

	if (utc_ms == INT64_MIN)
		return json_null();
	zone_format(zone, utc_ms, text);
	return json_string(text);
}

json_t *json_head(const struct book_head *head)
{
	char text[HEAD_TEXT_BYTES];

	head_format(head, text);
	return json_string(text);
}

/* ---- messages ---- */

void message(const char *fmt, va_list args)
{
	struct arena arena;
	struct str text;
	struct buf clean;

	arena_init(&arena);
	text = str_of(arena_vprintf(&arena, fmt, args));
	buf_init(&clean, 3 * text.len + 1);
	if (isatty(STDERR_FILENO))
		text_for_terminal(text, &clean);
	else
		buf_add_str(&clean, text);
	fwrite(clean.at, 1, clean.len, stderr);
	buf_release(&clean);
	arena_release(&arena);
}

void say(const struct invocation *in, const char *fmt, ...)
{
	va_list args;

	if (in->quiet)
		return;
	va_start(args, fmt);
	message(fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

void head_format(const struct book_head *head, char out[HEAD_TEXT_BYTES])
{
	int len = snprintf(out, HEAD_TEXT_BYTES, "%llu:", (unsigned long long)head->seq);

	for (size_t i = 0; i < HASH_BYTES; i++)
		len += snprintf(out + len, HEAD_TEXT_BYTES - (size_t)len, "%02x", head->hash[i]);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool head_parse(const char *text, struct book_head *head)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	head->seq = strtoull(text, &end, 10);
	if (errno || *end++ != ':' || strlen(end) != HASH_BYTES * 2)
		return false;
	for (size_t i = 0; i < HASH_BYTES; i++) {
		int high = hex_digit(end[i * 2]), low = hex_digit(end[i * 2 + 1]);

		if (high < 0 || low < 0)
			return false;
		head->hash[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

/* One line, safe for a terminal. */
static void message_of(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	message(fmt, args);
	va_end(args);
}

static void print_each(const struct invocation *in, const struct problems *problems, const char *what)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *p = &problems->items[i];
		char place[48] = "";

		if (p->line)
			snprintf(place, sizeof(place), ":%ld:%ld", p->line, p->column);
		message_of("lockstep %s: %.*s%s%s%s%.*s%s%.*s\n", in->command->name, STR_ARG(p->file), place,
			   p->file.len || *place ? ": " : "", what, STR_ARG(p->field), p->field.len ? ": " : "",
			   STR_ARG(p->text));
	}
}

enum exit_code print_problems(const struct invocation *in, const struct problems *problems)
{
	print_each(in, problems, "");
	return EXIT_REFUSED;
}

void print_doubts(const struct invocation *in, const struct problems *doubts)
{
	print_each(in, doubts, "warning: ");
}

void print_passed_over(const struct invocation *in, const struct problems *problems)
{
	const struct problems notes = { .items = problems->notes, .count = problems->note_count };

	if (!in->quiet)
		print_each(in, &notes, "");
}
