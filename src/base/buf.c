#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"

enum { FIRST_BYTES = 256 };

/* Where `at` points while nothing is allocated; never written to, because its capacity is 0. */
static char nothing[1];

void buf_init(struct buf *buf, size_t max)
{
	*buf = (struct buf){ .at = nothing, .max = max };
}

void buf_release(struct buf *buf)
{
	if (buf->capacity)
		free(buf->at);
	buf_init(buf, buf->max);
}

void buf_clear(struct buf *buf)
{
	buf->len = 0;
	buf->full = false;
	if (buf->capacity)
		buf->at[0] = 0;
}

/* Makes room for `len` more bytes and the NUL. False, and `full`, when the maximum forbids. */
static bool widen(struct buf *buf, size_t len)
{
	if (buf->full || len > buf->max - buf->len) {
		buf->full = true;
		return false;
	}

	size_t need = buf->len + len + 1;

	if (need <= buf->capacity)
		return true;

	size_t capacity = buf->capacity ? buf->capacity : FIRST_BYTES;

	while (capacity < need)
		capacity = capacity > SIZE_MAX / 2 ? need : capacity * 2;
	buf->at = must_realloc(buf->capacity ? buf->at : NULL, capacity);
	buf->capacity = capacity;
	return true;
}

/* Most additions fit. */
static inline bool reserve(struct buf *buf, size_t len)
{
	return buf_has_room(buf, len) || widen(buf, len);
}

void buf_add(struct buf *buf, const void *bytes, size_t len)
{
	if (!len || !reserve(buf, len))
		return;
	memcpy(buf->at + buf->len, bytes, len);
	buf->len += len;
	buf->at[buf->len] = 0;
}

void buf_add_str(struct buf *buf, struct str s)
{
	buf_add(buf, s.at, s.len);
}

void buf_add_text(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void buf_add_char(struct buf *buf, char c)
{
	buf_add(buf, &c, 1);
}

void buf_addf(struct buf *buf, const char *fmt, ...)
{
	va_list args, again;

	va_start(args, fmt);
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, fmt, args);

	if (len < 0)
		BUG("a format that cannot be written: %s", fmt);
	if (len > 0 && reserve(buf, (size_t)len)) {
		vsnprintf(buf->at + buf->len, (size_t)len + 1, fmt, again);
		buf->len += (size_t)len;
	}
	va_end(again);
	va_end(args);
}

void buf_add_block(struct buf *buf, const void *bytes, size_t len)
{
	buf_add_varint(buf, len);
	buf_add(buf, bytes, len);
}
