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
#define DIGITS_MIN 6
#define LONG_KEY 12 /* with digits and no blank: an id that nothing else is */

enum word_kind { WORD_EMAIL, WORD_PHONE, WORD_NAME, WORD_NAMES, WORD_KEY };

struct scrub_word {
	enum word_kind kind;
	enum object object;
	struct str text, other; /* folded */
};

/* A row as it is looked at: its cells as they were, and the text with letters folded. */
struct looked {
	struct str row, text;
	char sign;         /* between cells */
	size_t key_column; /* SIZE_MAX: not known */
	enum object object;
};

void scrub_init(struct scrub_words *words, struct arena *arena)
{
	*words = (struct scrub_words){ .arena = arena };
}

/* Letters in lower case and without accents, all else as it is; never longer than it was. */
static struct str folded(struct str text, char *out)
{
	size_t n = 0;

	while (text.len > 0) {
		const char *from = text.at;
		uint32_t code = utf8_next(&text);
		size_t len = (size_t)(text.at - from), more = 0;

		if (code >= 0x300 && code < 0x370)
			continue; /* the accent of the letter before */
		if (code >= 0x80)
			more = str_fold_name((struct str){ from, len }, out + n, len);
		if (more == 0) {
			memmove(out + n, from, len);
			if (code < 0x80)
				out[n] = (char)tolower((unsigned char)out[n]);
			more = len;
		}
		n += more;
	}
	return (struct str){ out, n };
}

static struct str fold_word(struct arena *arena, struct str text)
{
	text = str_trim(text);
	return text.len ? folded(text, arena_alloc(arena, text.len)) : STR("");
}

static void add(struct scrub_words *words, enum word_kind kind, enum object object, struct str text, struct str other)
{
	ARENA_PUSH(words->arena, words->items, words->count, words->capacity);
	words->items[words->count++] =
		(struct scrub_word){ kind, object, fold_word(words->arena, text), fold_word(words->arena, other) };
}

void scrub_email(struct scrub_words *words, struct str email)
{
	if (memchr(email.len ? email.at : "", '@', email.len))
		add(words, WORD_EMAIL, OBJECT_NONE, email, STR(""));
}

void scrub_phone(struct scrub_words *words, struct str digits)
{
	if (digits.len >= DIGITS_MIN)
		add(words, WORD_PHONE, OBJECT_NONE, digits, STR(""));
}

void scrub_name(struct scrub_words *words, struct str name)
{
	if (str_trim(name).len > 0)
		add(words, WORD_NAME, OBJECT_NONE, name, STR(""));
}

void scrub_key(struct scrub_words *words, enum object object, struct str key)
{
	if (str_trim(key).len > 0)
		add(words, WORD_KEY, object, key, STR(""));
}

void scrub_names(struct scrub_words *words, struct str first, struct str last)
{
	if (str_trim(first).len > 0 && str_trim(last).len > 0)
		add(words, WORD_NAMES, OBJECT_NONE, first, last);
}

static bool goes_on(struct str row, size_t at)
{
	return at < row.len &&
	       (isalnum((unsigned char)row.at[at]) || (unsigned char)row.at[at] >= 0x80 || strchr("_-+%", row.at[at]));
}

/* Not as the end or the beginning of a longer address: jimbob@x.example is not bob@x.example. A full stop may end a sentence. */
static bool holds_email(struct str row, struct str email)
{
	for (size_t at = 0; at + email.len <= row.len; at++) {
		size_t end = at + email.len;

		if (memcmp(row.at + at, email.at, email.len) != 0)
			continue;
		if (at > 0 && (goes_on(row, at - 1) || (row.at[at - 1] == '.' && at > 1 && goes_on(row, at - 2))))
			continue;
		if (goes_on(row, end) || (end < row.len && row.at[end] == '.' && goes_on(row, end + 1)))
			continue;
		return true;
	}
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

/* Not in the first cell, which is the number of the line. */
static bool holds_cell(struct str row, struct str text)
{
	struct str cell;
	size_t at = 0;

	next_cell(row, &at, &cell);
	while (next_cell(row, &at, &cell))
		if (str_eq(cell, text))
			return true;
	return false;
}

/* The cell in that column, without the quotes around it. */
static struct str cell_at(struct str row, char sign, size_t column)
{
	bool quoted = false;
	size_t from = 0, at;

	for (at = 0; at < row.len; at++) {
		if (row.at[at] == '"')
			quoted = !quoted;
		if (quoted || row.at[at] != sign)
			continue;
		if (column-- == 0)
			break;
		from = at + 1;
	}
	if (at == row.len && column > 0)
		return STR_NONE;
	struct str cell = str_trim((struct str){ row.at + from, at - from });
	if (cell.len >= 2 && cell.at[0] == '"')
		cell = (struct str){ cell.at + 1, cell.len - 2 };
	return str_trim(cell);
}

static bool long_key(struct str key)
{
	bool digits = false;

	for (size_t i = 0; i < key.len; i++) {
		if (isspace((unsigned char)key.at[i]))
			return false;
		digits |= isdigit((unsigned char)key.at[i]) != 0;
	}
	return digits && key.len >= LONG_KEY;
}

static bool holds_key(const struct looked *looked, const struct scrub_word *word)
{
	if (long_key(word->text))
		return holds_cell(looked->text, word->text);
	return looked->object == word->object && looked->key_column != SIZE_MAX &&
	       str_eq_fold(cell_at(looked->row, looked->sign, looked->key_column), word->text);
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

static bool about_person(const struct looked *looked, const struct scrub_words *words)
{
	for (size_t i = 0; i < words->count; i++) {
		const struct scrub_word *word = &words->items[i];
		bool about = false;

		switch (word->kind) {
		case WORD_EMAIL: about = holds_email(looked->text, word->text); break;
		case WORD_PHONE: about = holds_digits(looked->text, word->text); break;
		case WORD_NAME: about = holds_cell(looked->text, word->text); break;
		case WORD_NAMES:
			about = holds_cell(looked->text, word->text) && holds_cell(looked->text, word->other);
			break;
		case WORD_KEY: about = holds_key(looked, word); break;
		}
		if (about)
			return true;
	}
	return false;
}

/* "id", "Lead ID", "deal_id", "ContactId", "key", "Nr". */
static bool names_key(struct str name)
{
	struct str end = { name.at + name.len - 2, 2 };

	if (name.len < 2)
		return false;
	if (str_eq_fold(name, STR("id")) || str_eq_fold(name, STR("key")) || str_eq_fold(name, STR("nr")) ||
	    str_eq_fold(name, STR("number")))
		return true;
	return name.len > 2 && str_eq_fold(end, STR("id")) &&
	       (!isalnum((unsigned char)end.at[-1]) || (islower((unsigned char)end.at[-1]) && end.at[0] == 'I'));
}

/* Behind the line, the column and the reason: the first column that is called an id, else the first. */
static void read_header(struct looked *looked, struct str header)
{
	size_t first = 0, columns = 1;

	header = str_trim(header);
	looked->sign = header.len > 4 && strchr(";\t", header.at[4]) ? header.at[4] : ',';
	for (size_t i = 0; i < header.len; i++)
		columns += header.at[i] == looked->sign;
	while (first < 3 && first < columns) {
		struct str name = cell_at(header, looked->sign, first);

		if (!str_is(name, "line") && !str_is(name, "column") && !str_is(name, "reason"))
			break;
		first++;
	}
	looked->key_column = first < columns ? first : SIZE_MAX;
	for (size_t i = first; i < columns; i++) {
		if (names_key(cell_at(header, looked->sign, i))) {
			looked->key_column = i;
			return;
		}
	}
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

enum scrub_result scrub_file(const char *path, const struct scrub_words *words, enum object object, bool look)
{
	struct looked looked = { .object = object, .key_column = SIZE_MAX };
	size_t len, kept = 0;
	mode_t mode;
	char *text = read_all(path, &len, &mode);

	if (!text)
		return SCRUB_UNREACHABLE;
	struct str rest = { text, len };
	char *row_text = must_alloc(len + 1);
	bool first = true;
	while (rest.len > 0) {
		looked.row = next_row(&rest);
		looked.text = folded(unquoted(looked.row, row_text), row_text);
		if (first)
			read_header(&looked, looked.row);
		if (first || !about_person(&looked, words)) {
			memmove(text + kept, looked.row.at, looked.row.len);
			kept += looked.row.len;
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
