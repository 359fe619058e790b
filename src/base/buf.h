/* A growing byte buffer with a maximum. at[len] is always NUL.
 * An addition that would go past the maximum is dropped whole, and so is everything after it; `full` tells, and callers check
 * it once, at the end. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "base/str.h"

struct buf {
	char *at;
	size_t len, capacity, max;
	bool full;
};

void buf_init(struct buf *buf, size_t max);
void buf_release(struct buf *buf);
void buf_clear(struct buf *buf);

void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_add_str(struct buf *buf, struct str s);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_char(struct buf *buf, char c);
void buf_addf(struct buf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Little-endian integers, for canonical bytes. Here in full, so that each becomes a plain store where there is room. */
static inline bool buf_has_room(const struct buf *buf, size_t len)
{
	return !buf->full && len < buf->capacity - buf->len && len <= buf->max - buf->len;
}
static inline void buf_add_number(struct buf *buf, uint64_t v, size_t len)
{
	v = htole64(v);
	if (!buf_has_room(buf, len)) {
		buf_add(buf, &v, len);
		return;
	}
	memcpy(buf->at + buf->len, &v, len);
	buf->len += len;
	buf->at[buf->len] = 0;
}
static inline void buf_add_u8(struct buf *buf, uint8_t v)
{
	buf_add_number(buf, v, sizeof(v));
}
static inline void buf_add_u16(struct buf *buf, uint16_t v)
{
	buf_add_number(buf, v, sizeof(v));
}
static inline void buf_add_u32(struct buf *buf, uint32_t v)
{
	buf_add_number(buf, v, sizeof(v));
}
static inline void buf_add_u64(struct buf *buf, uint64_t v)
{
	buf_add_number(buf, v, sizeof(v));
}
/* 32-bit length, then the bytes. `len` is below 4 GiB. */
void buf_add_block(struct buf *buf, const void *bytes, size_t len);

static inline struct str buf_str(const struct buf *buf)
{
	return (struct str){ buf->at ? buf->at : "", buf->len };
}

/* Reading the same back. `cursor.failed` is set, and zeroes come out, when the bytes run short. Blocks borrow. */
struct cursor {
	const unsigned char *at, *end;
	bool failed;
};
static inline struct cursor cursor_of(const void *bytes, size_t len)
{
	const unsigned char *from = bytes;

	return (struct cursor){ from, len ? from + len : from, false };
}
/* NULL when there are not so many left. After the first failure nothing more is read, so that no half value is mistaken for a whole one. */
static inline const unsigned char *cursor_take(struct cursor *c, size_t size)
{
	const unsigned char *bytes = c->at;

	if (c->failed || (size_t)(c->end - c->at) < size) {
		c->failed = true;
		return NULL;
	}
	c->at += size;
	return bytes;
}
static inline uint8_t cursor_u8(struct cursor *c)
{
	const unsigned char *b = cursor_take(c, 1);

	return b ? b[0] : 0;
}
static inline uint16_t cursor_u16(struct cursor *c)
{
	const unsigned char *b = cursor_take(c, 2);

	return b ? (uint16_t)(b[0] | (unsigned)b[1] << 8) : 0;
}
static inline uint32_t cursor_u32(struct cursor *c)
{
	const unsigned char *b = cursor_take(c, 4);

	return b ? b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24 : 0;
}
static inline uint64_t cursor_u64(struct cursor *c)
{
	const unsigned char *b = cursor_take(c, 8);

	return b ? b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 | (uint64_t)b[4] << 32 |
			       (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 | (uint64_t)b[7] << 56
		 : 0;
}
static inline struct str cursor_block(struct cursor *c)
{
	uint32_t len = cursor_u32(c);
	const unsigned char *bytes = cursor_take(c, len);

	return bytes ? (struct str){ (const char *)bytes, len } : STR_NONE;
}

#endif
