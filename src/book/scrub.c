#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/buf.h"
#include "book/files.h"
#include "book/scrub.h"

#define FILE_MAX ((size_t)1 << 30)
#define TEXT_MIN 4 /* shorter texts would take out other people's rows */
#define DIGITS_MIN 6

enum word_kind { WORD_TEXT, WORD_PHONE, WORD_CELL, WORD_NAMES };

struct scrub_word {
	enum word_kind kind;
	struct str text, other;
};

void scrub_init(struct scrub_words *words, struct arena *arena)
{
	*words = (struct scrub_words){ .arena = arena };
}

static void add(struct scrub_words *words, enum word_kind kind, struct str text, struct str other)
{
	ARENA_PUSH(words->arena, words->items, words->count, words->capacity);
	words->items[words->count++] =
		(struct scrub_word){ kind, arena_str(words->arena, text), arena_str(words->arena, other) };
}

void scrub_text(struct scrub_words *words, struct str text)
{
	if (str_trim(text).len >= TEXT_MIN)
		add(words, WORD_TEXT, str_trim(text), STR(""));
}

void scrub_phone(struct scrub_words *words, struct str digits)
{
	if (digits.len >= DIGITS_MIN)
		add(words, WORD_PHONE, digits, STR(""));
}

void scrub_key(struct scrub_words *words, struct str key)
{
	if (str_trim(key).len > 0)
		add(words, WORD_CELL, str_trim(key), STR(""));
}

void scrub_names(struct scrub_words *words, struct str first, struct str last)
{
	if (first.len > 0 && last.len > 0)
		add(words, WORD_NAMES, str_trim(first), str_trim(last));
}

/* `row` has its doubled quotes taken out, as the cells had them. */
static bool holds(struct str row, struct str text)
{
	for (size_t at = 0; at + text.len <= row.len; at++)
		if (str_eq_fold((struct str){ row.at + at, text.len }, text))
			return true;
	return false;
}

static bool next_cell(struct str row, size_t *at, struct str *cell)
{
	size_t from = *at;

	if (from > row.len)
		return false;
	while (*at < row.len && !strchr(",;\t\"\r\n", row.at[*at]))
		++*at;
	*cell = str_trim((struct str){ row.at + from, *at - from });
	++*at;
	return true;
}

/* Not in the first cell, which is the number of the line: ids are often small numbers too. */
static bool holds_cell(struct str row, struct str text)
{
	struct str cell;
	size_t at = 0;

	next_cell(row, &at, &cell);
	while (next_cell(row, &at, &cell))
		if (str_eq_fold(cell, text))
			return true;
	return false;
}

static bool holds_digits(struct str row, struct str digits)
{
	char found[32];
	struct str cell;
	size_t at = 0;

	while (next_cell(row, &at, &cell)) {
		size_t n = 0;

		for (size_t i = 0; i < cell.len && n < sizeof(found); i++)
			if (isdigit((unsigned char)cell.at[i]))
				found[n++] = cell.at[i];
		if (str_eq((struct str){ found, n }, digits))
			return true;
	}
	return false;
}

static bool about_person(struct str row, const struct scrub_words *words)
{
	for (size_t i = 0; i < words->count; i++) {
		const struct scrub_word *word = &words->items[i];

		switch (word->kind) {
		case WORD_TEXT:
			if (holds(row, word->text))
				return true;
			break;
		case WORD_PHONE:
			if (holds_digits(row, word->text))
				return true;
			break;
		case WORD_CELL:
			if (holds_cell(row, word->text))
				return true;
			break;
		case WORD_NAMES:
			if (holds_cell(row, word->text) && holds_cell(row, word->other))
				return true;
			break;
		}
	}
	return false;
}

/* Up to the line end outside quotes. A quote that never closes takes the rest, so nothing is missed. */
static struct str next_row(struct str *rest)
{
	bool quoted = false;
	size_t n = 0;

	while (n < rest->len) {
		char c = rest->at[n++];

		if (c == '"')
			quoted = !quoted;
		if (!quoted && (c == '\n' || (c == '\r' && !(n < rest->len && rest->at[n] == '\n'))))
			break;
	}
	struct str row = { rest->at, n };
	rest->at += n;
	rest->len -= n;
	return row;
}

static struct str unquoted(struct str row, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < row.len; i++) {
		out[n++] = row.at[i];
		if (row.at[i] == '"' && i + 1 < row.len && row.at[i + 1] == '"')
			i++;
	}
	return (struct str){ out, n };
}

static char *read_all(const char *path, size_t *len, mode_t *mode)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	char *text = NULL;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (size_t)st.st_size <= FILE_MAX) {
		text = must_alloc((size_t)st.st_size + 1);
		ssize_t n = 0;
		*len = 0;
		while (*len < (size_t)st.st_size && (n = read(fd, text + *len, (size_t)st.st_size - *len)) > 0)
			*len += (size_t)n;
		*mode = st.st_mode & 0777;
		if (*len != (size_t)st.st_size) {
			free(text);
			text = NULL;
		}
	}
	if (fd >= 0)
		close(fd);
	return text;
}

static bool write_fully(int fd, const char *text, size_t len)
{
	size_t at = 0;

	while (at < len) {
		ssize_t n = pwrite(fd, text + at, len - at, (off_t)at);

		if (n <= 0)
			return false;
		at += (size_t)n;
	}
	return fsync(fd) == 0;
}

/* The old file is kept open while the new one takes its name, and then filled with zeros: neither a crash leaves half a file, nor
 * free space the old bytes (as far as the file system writes in place). */
static bool replace(const char *path, const char *text, size_t len, size_t old_len, mode_t mode)
{
	char *fresh = file_beside(path, ".new"), *zeros = must_calloc(1, old_len + 1);
	int old = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	int fd = open(fresh, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, mode);
	struct err err = ERR_INIT;
	bool written = old >= 0 && fd >= 0 && write_fully(fd, text, len) && rename(fresh, path) == 0;

	if (written)
		written = folder_sync(path, &err) == 0 && write_fully(old, zeros, old_len);
	else if (fd >= 0)
		unlink(fresh);
	if (old >= 0)
		close(old);
	if (fd >= 0)
		close(fd);
	free(zeros);
	free(fresh);
	return written;
}

enum scrub_result scrub_file(const char *path, const struct scrub_words *words, bool look)
{
	size_t len, kept = 0;
	mode_t mode;
	char *text = read_all(path, &len, &mode);

	if (!text)
		return SCRUB_UNREACHABLE;
	struct str rest = { text, len };
	char *row_text = must_alloc(len + 1);
	bool first = true;
	while (rest.len > 0) {
		struct str row = next_row(&rest);

		if (first || !about_person(unquoted(row, row_text), words)) {
			memmove(text + kept, row.at, row.len);
			kept += row.len;
		}
		first = false;
	}
	enum scrub_result result = SCRUB_CLEAN;
	if (kept < len)
		result = look || replace(path, text, kept, len, mode) ? SCRUB_DONE : SCRUB_UNREACHABLE;
	free(row_text);
	free(text);
	return result;
}
