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
/* Seven bits a byte, the lowest first, the high bit set in all but the last: most numbers are small. */
enum { VARINT_MAX_BYTES = 10 };
static inline size_t varint_put(unsigned char out[VARINT_MAX_BYTES], uint64_t v)
{
	size_t len = 0;

	for (; v >= 0x80; v >>= 7)
		out[len++] = (unsigned char)(v | 0x80);
	out[len++] = (unsigned char)v;
	return len;
}
static inline void buf_add_varint(struct buf *buf, uint64_t v)
{
	unsigned char bytes[VARINT_MAX_BYTES];

	if (v < 0x80)
		buf_add_u8(buf, (uint8_t)v);
	else
		buf_add(buf, bytes, varint_put(bytes, v));
}
/* 0, -1, 1, -2 … as 0, 1, 2, 3 …: small ones stay small. */
static inline uint64_t zigzag(int64_t v)
{
	return (uint64_t)v << 1 ^ (uint64_t)(v >> 63);
}
static inline void buf_add_signed(struct buf *buf, int64_t v)
{
	buf_add_varint(buf, zigzag(v));
}
/* Its length as a varint, then the bytes. */
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
/* One that varint_put would write otherwise is none: what is read is written again byte for byte. */
static inline uint64_t cursor_varint(struct cursor *c)
{
	uint64_t v = 0, part;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		const unsigned char *b = cursor_take(c, 1);

		if (!b)
			return 0;
		part = b[0] & 0x7F;
		if ((b[0] == 0 && shift > 0) || part > UINT64_MAX >> shift)
			break;
		v |= part << shift;
		if (b[0] < 0x80)
			return v;
	}
	c->failed = true;
	return 0;
}
static inline int64_t cursor_signed(struct cursor *c)
{
	uint64_t v = cursor_varint(c);

	return (int64_t)(v >> 1 ^ (0 - (v & 1)));
}
static inline struct str cursor_block(struct cursor *c)
{
	uint64_t len = cursor_varint(c);
	const unsigned char *bytes = cursor_take(c, len);

	return bytes ? (struct str){ (const char *)bytes, len } : STR_NONE;
}

#endif
