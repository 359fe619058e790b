#include <stdlib.h>
#include "base/buf.h"
#include "book/marks.h"

void marks_init(struct marks *marks)
{
	*marks = (struct marks){ 0 };
}

void marks_release(struct marks *marks)
{
	free(marks->undone);
	free(marks->confirms);
	marks_init(marks);
}

static void *room(void *items, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return items;
	*capacity = *capacity ? *capacity * 2 : 64;
	return must_realloc(items, *capacity * size);
}

void marks_undo(struct marks *marks, uint64_t import_seq)
{
	size_t at = marks->undone_count;

	marks->undone = room(marks->undone, at, &marks->undone_capacity, sizeof(*marks->undone));
	for (; at > 0 && marks->undone[at - 1] > import_seq; at--)
		marks->undone[at] = marks->undone[at - 1];
	marks->undone[at] = import_seq;
	marks->undone_count++;
}

bool marks_undone(const struct marks *marks, uint64_t import_seq)
{
	size_t low = 0, high = marks->undone_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (marks->undone[middle] < import_seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low < marks->undone_count && marks->undone[low] == import_seq;
}

void marks_confirm(struct marks *marks, uint64_t seq, int64_t ms)
{
	marks->confirms =
		room(marks->confirms, marks->confirm_count, &marks->confirm_capacity, sizeof(*marks->confirms));
	marks->confirms[marks->confirm_count++] = (struct confirm){ seq, ms };
	marks->unsorted = true;
}

static int by_seq(const void *left, const void *right)
{
	const struct confirm *a = left, *b = right;

	if (a->seq != b->seq)
		return a->seq < b->seq ? -1 : 1;
	return a->ms < b->ms ? -1 : a->ms > b->ms;
}

/* Sorted, and of each observation only the latest. */
static void settle(struct marks *marks)
{
	size_t n = 0;

	if (!marks->unsorted)
		return;
	qsort(marks->confirms, marks->confirm_count, sizeof(*marks->confirms), by_seq);
	for (size_t i = 0; i < marks->confirm_count; i++) {
		if (n > 0 && marks->confirms[n - 1].seq == marks->confirms[i].seq)
			n--;
		marks->confirms[n++] = marks->confirms[i];
	}
	marks->confirm_count = n;
	marks->unsorted = false;
}

bool marks_confirmed(struct marks *marks, uint64_t seq, int64_t *ms)
{
	settle(marks);
	size_t low = 0, high = marks->confirm_count;
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (marks->confirms[middle].seq < seq)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == marks->confirm_count || marks->confirms[low].seq != seq)
		return false;
	*ms = marks->confirms[low].ms;
	return true;
}

static void varint_write(struct buf *out, uint64_t n)
{
	for (; n >= 0x80; n >>= 7)
		buf_add_u8(out, (uint8_t)(n | 0x80));
	buf_add_u8(out, (uint8_t)n);
}

static uint64_t varint_read(struct cursor *in)
{
	uint64_t n = 0;

	for (int shift = 0; shift < 64; shift += 7) {
		uint8_t byte = cursor_u8(in);

		n |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return n;
	}
	in->failed = true;
	return 0;
}

void confirms_write(struct buf *out, struct confirm *confirms, size_t count, int64_t base_ms)
{
	uint64_t last = 0;

	qsort(confirms, count, sizeof(*confirms), by_seq);
	buf_add_u32(out, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		varint_write(out, confirms[i].seq - last);
		varint_write(out, (uint64_t)(base_ms - confirms[i].ms));
		last = confirms[i].seq;
	}
}

bool confirms_read(struct str payload, int64_t base_ms, struct marks *into)
{
	struct cursor in = cursor_of(payload.at, payload.len);
	uint32_t count = cursor_u32(&in);
	uint64_t seq = 0;

	for (uint32_t i = 0; i < count && !in.failed; i++) {
		seq += varint_read(&in);
		int64_t ms = (int64_t)((uint64_t)base_ms - varint_read(&in));
		if (!in.failed)
			marks_confirm(into, seq, ms);
	}
	return !in.failed && in.at == in.end;
}
