#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { LARGE_BYTES = 4 << 20 };

/* Through a copy, because callers may pass err->text itself among the arguments. */
static void write_text(struct err *err, const char *fmt, va_list args)
{
	char text[sizeof(err->text)];

	vsnprintf(text, sizeof(text), fmt, args);
	memcpy(err->text, text, sizeof(text));
}

int err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	write_text(err, fmt, args);
	va_end(args);
	err->kind = kind;
	return kind;
}

int err_context(struct err *err, const char *fmt, ...)
{
	char before[sizeof(err->text)];
	va_list args;

	memcpy(before, err->text, sizeof(before));
	va_start(args, fmt);
	write_text(err, fmt, args);
	va_end(args);
	size_t len = strlen(err->text);
	snprintf(err->text + len, sizeof(err->text) - len, ": %s", before);
	return err->kind;
}

int err_system(struct err *err, const char *fmt, ...)
{
	int code = errno;
	va_list args;

	va_start(args, fmt);
	write_text(err, fmt, args);
	va_end(args);
	size_t len = strlen(err->text);
	snprintf(err->text + len, sizeof(err->text) - len, ": %s", strerror(code));
	err->kind = ERR_SYSTEM;
	return ERR_SYSTEM;
}

void bug_at(const char *file, int line, const char *fmt, ...)
{
	va_list args;

	fflush(stdout);
	fprintf(stderr, "lockstep: a bug in the program, %s:%d: ", file, line);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	abort();
}

void out_of_memory(size_t size)
{
	char text[96];
	int len = snprintf(text, sizeof(text), "lockstep: out of memory: %zu bytes could not be had\n", size);

	if (len > 0 && write(STDERR_FILENO, text, (size_t)len) < 0)
		_exit(3);
	_exit(3);
}

void *must_alloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		out_of_memory(size);
	return p;
}

/* Large tables are looked into at random; with pages of the usual size each look would go through the tables of pages too (an import
 * of a million rows took an eighth less). The system may have none to give. */
static void *in_large_pages(void *p, size_t size)
{
	if (size < LARGE_BYTES)
		return p;
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t from = ((uintptr_t)p + page - 1) / page * page, to = ((uintptr_t)p + size) / page * page;
	int before = errno;
	madvise((void *)from, to - from, MADV_HUGEPAGE);
	errno = before;
	return p;
}

void *must_calloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p)
		out_of_memory(size && count > SIZE_MAX / size ? SIZE_MAX : count * size);
	return in_large_pages(p, count * size);
}

void *must_realloc(void *p, size_t size)
{
	void *q = realloc(p, size ? size : 1);

	if (!q)
		out_of_memory(size);
	return in_large_pages(q, size);
}
