/* Small things the tests of the book share: a book in a folder of its own, and records in one line. */
#ifndef BOOK_HELP_H
#define BOOK_HELP_H

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>
#include "book/backup.h"
#include "book/book.h"
#include "book/erase.h"
#include "book/verify.h"
#include "tap.h"

static char help_folder[256], help_path[300];
static const struct book_settings help_settings = { "Europe/Berlin", "EUR", 4, "Acme" };
static struct append_context help_context = { .now_ms = 1000, .actor = "tester" };

static inline void help_folder_make(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(help_folder, sizeof(help_folder), "%s/lockstep-book-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(help_folder))
		bug_at(__FILE__, __LINE__, "no folder for the test");
	snprintf(help_path, sizeof(help_path), "%s/book", help_folder);
}

static inline void help_folder_empty(void)
{
	DIR *dir = opendir(help_folder);
	struct dirent *e;

	while (dir && (e = readdir(dir)))
		if (e->d_name[0] != '.')
			unlinkat(dirfd(dir), e->d_name, 0);
	if (dir)
		closedir(dir);
}

static inline void help_folder_remove(void)
{
	help_folder_empty();
	rmdir(help_folder);
}

/* For calls that must work. */
#define MUST(call)                                                                                                     \
	do {                                                                                                           \
		struct err must_err = ERR_INIT, *err = &must_err;                                                      \
		if ((call) != 0)                                                                                       \
			bug_at(__FILE__, __LINE__, "%s: %s", #call, must_err.text);                                    \
	} while (0)

static inline struct book *help_open(enum book_mode mode)
{
	struct book *book;

	MUST(book_open(&book, help_path, mode, err));
	return book;
}

static inline struct book *help_fresh(void)
{
	help_folder_empty();
	MUST(book_create(help_path, &help_settings, 500, err));
	return help_open(BOOK_WRITE);
}

static inline struct value text_value(const char *text)
{
	return (struct value){ .kind = text && *text ? VALUE_TEXT : VALUE_EMPTY, .as.text = str_of(text) };
}

static inline struct record_field text_field(enum field code, const char *text)
{
	return (struct record_field){ .code = code, .value = text_value(text) };
}

static inline enum append_result help_append(struct book *book, enum object object, const char *key,
					     int64_t observed_ms, struct record_field *fields, size_t count)
{
	struct record record = { .object = object,
				 .source = STR("crm"),
				 .key = str_of(key),
				 .observed_ms = observed_ms,
				 .fields = fields,
				 .count = count };
	enum append_result result = APPEND_NEW;

	MUST(book_append(book, &record, &help_context, &result, err));
	return result;
}

static inline bool help_sound(const char *why)
{
	struct verify_options options = { 0 };
	struct verify_result result;
	struct err err = ERR_INIT;

	if (book_verify(help_path, &options, &result, &err) != 0)
		return ok(false, "%s: verify: %s", why, err.text);
	return ok(result.fault == VERIFY_SOUND, "%s: verify finds nothing (%s)", why, result.text);
}

#endif
