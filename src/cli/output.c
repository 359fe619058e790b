#include "cli/output.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/date.h"

enum { MINOR_PER_MAJOR = 100, JSON_DIGITS = 15 };

/* ---- standard output ---- */

enum exit_code output_flush(const struct invocation *in)
{
	if (!fflush(stdout) && !ferror(stdout))
		return EXIT_DONE;
	fprintf(stderr, "lockstep%s%s: the output could not be written: %s\n", in->command ? " " : "",
		in->command ? in->command->name : "", strerror(errno));
	return EXIT_ERROR;
}

enum exit_code output_json(const struct invocation *in, json_t *root)
{
	int failed = json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(JSON_DIGITS));

	json_decref(root);
	if (!failed)
		fputc('\n', stdout);
	return output_flush(in);
}

enum exit_code output_bytes(const struct invocation *in, struct str bytes)
{
	fwrite(bytes.at, 1, bytes.len, stdout);
	return output_flush(in);
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

json_t *json_str(struct str text)
{
	struct buf clean;
	struct str rest = text;
	json_t *out;

	if (utf8_valid(text))
		return json_stringn(text.at ? text.at : "", text.len);
	buf_init(&clean, text.len * 3 + 1);
	while (rest.len) {
		char bytes[4];
		size_t len = utf8_put(utf8_next(&rest), bytes);

		buf_add(&clean, bytes, len);
	}
	out = json_stringn(buf_str(&clean).at, clean.len);
	buf_release(&clean);
	return out;
}

json_t *json_str_or_null(struct str text)
{
	return text.len ? json_str(text) : json_null();
}

json_t *json_time(const struct zone *zone, int64_t utc_ms)
{
	char text[40];

	if (utc_ms == INT64_MIN)
		return json_null();
	zone_format(zone, utc_ms, text);
	return json_string(text);
}

json_t *json_date(int32_t date)
{
	char text[16];

	if (date == DATE_NONE)
		return json_null();
	date_format(date, text);
	return json_string(text);
}

json_t *json_money(int64_t minor)
{
	if (minor % MINOR_PER_MAJOR == 0)
		return json_integer(minor / MINOR_PER_MAJOR);
	return json_real((double)minor / MINOR_PER_MAJOR);
}

json_t *json_number(double value)
{
	if (!isfinite(value))
		return json_null();
	if (fabs(value) < 1e15 && floor(value) == value)
		return json_integer((json_int_t)value);
	return json_real(value);
}

json_t *json_head(const struct book_head *head)
{
	char text[HEAD_TEXT_BYTES];

	head_format(head, text);
	return json_string(text);
}

/* ---- messages ---- */

void say(const struct invocation *in, const char *fmt, ...)
{
	va_list args;

	if (in->quiet)
		return;
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
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
