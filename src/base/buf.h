/* A growing byte buffer with a maximum. at[len] is always NUL.
 * An addition that would go past the maximum is dropped whole, and so is everything after it; `full` tells, and callers check
 * it once, at the end. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
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
/* Little-endian integers, for canonical bytes. */
void buf_add_u8(struct buf *buf, uint8_t v);
void buf_add_u16(struct buf *buf, uint16_t v);
void buf_add_u32(struct buf *buf, uint32_t v);
void buf_add_u64(struct buf *buf, uint64_t v);
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
uint8_t cursor_u8(struct cursor *c);
uint16_t cursor_u16(struct cursor *c);
uint32_t cursor_u32(struct cursor *c);
uint64_t cursor_u64(struct cursor *c);
struct str cursor_block(struct cursor *c);

#endif
