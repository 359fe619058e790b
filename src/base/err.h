/* Errors, and the two other kinds of "no".
 *
 * - An *error* (the disk is full, the file is not there) is a return code plus one `struct err *`.
 *   Functions that can fail return 0, or a negative `enum err_kind`; they fill `err` only when they fail.
 * - A *refusal* is data: a list of problems shown to the person (problem.h).
 * - A *bug* stops the program: BUG(). Always on. Running out of memory stops it too: out_of_memory().
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

enum err_kind {
	ERR_NONE = 0,
	ERR_SYSTEM = -1,   /* the operating system said no */
	ERR_INPUT = -2,    /* what was given cannot be read: names file, line and field */
	ERR_STATE = -3,    /* not now: locked, unfinished, wrong version */
	ERR_DAMAGED = -4,  /* stored data does not agree with itself */
	ERR_LIMIT = -5,    /* a stated maximum was reached */
	ERR_CURRENCY = -6, /* amounts in several currencies would have to be added, and there is no rate */
};

struct err {
	enum err_kind kind;
	char text[1024]; /* one or more sentences for a person: what happened, where, what to do */
};

/* clang-format off */
#define ERR_INIT { ERR_NONE, "" }
/* clang-format on */

/* Sets `err` and returns `kind`, so that a caller can write `return err_set(err, ERR_INPUT, "…")`. */
int err_set(struct err *err, enum err_kind kind, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Adds "context: " before the text of an error that is already set; returns its kind. */
int err_context(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Like err_set with ERR_SYSTEM, and appends strerror(errno). */
int err_system(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

_Noreturn void bug_at(const char *file, int line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
#define BUG(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)

/* Says what could not be had and ends the program (exit 3). The book survives this: nothing is half-committed. */
_Noreturn void out_of_memory(size_t size);

/* malloc family that never returns NULL. */
void *must_alloc(size_t size);
void *must_calloc(size_t count, size_t size);
void *must_realloc(void *p, size_t size);

#endif
