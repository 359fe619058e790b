#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"

enum { FIRST_BLOCK_BYTES = 8 << 10, LARGEST_USUAL_BLOCK_BYTES = 1 << 20 };

/* Bytes from `used` on are always zero, so that arena_alloc need not clear them. */
struct arena_block {
	struct arena_block *older;
	size_t used, capacity;
	max_align_t bytes[];
};

static unsigned char *bytes_of(struct arena_block *block)
{
	return (unsigned char *)block->bytes;
}

static size_t rounded_up(size_t size)
{
	size_t unit = sizeof(max_align_t);

	if (size > SIZE_MAX / 2)
		out_of_memory(size);
	return size ? (size + unit - 1) / unit * unit : unit;
}

void arena_init(struct arena *arena)
{
	*arena = (struct arena){ 0 };
}

static void free_blocks(struct arena_block *block)
{
	while (block) {
		struct arena_block *older = block->older;

		free(block);
		block = older;
	}
}

void arena_release(struct arena *arena)
{
	free_blocks(arena->block);
	arena_init(arena);
}

void arena_reset(struct arena *arena)
{
	struct arena_block *block = arena->block;

	if (!block)
		return;
	free_blocks(block->older);
	memset(block->bytes, 0, block->used);
	block->older = NULL;
	block->used = 0;
	arena->total_bytes = block->capacity;
}

/* Blocks grow with the arena, so that a large one has few and a small one wastes little. */
static struct arena_block *add_block(struct arena *arena, size_t at_least)
{
	size_t capacity = arena->total_bytes;

	if (capacity < FIRST_BLOCK_BYTES)
		capacity = FIRST_BLOCK_BYTES;
	if (capacity > LARGEST_USUAL_BLOCK_BYTES)
		capacity = LARGEST_USUAL_BLOCK_BYTES;
	if (capacity < at_least)
		capacity = at_least;

	struct arena_block *block = must_calloc(1, sizeof(*block) + capacity);

	block->capacity = capacity;
	block->older = arena->block;
	arena->block = block;
	arena->total_bytes += capacity;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	size_t need = rounded_up(size);
	struct arena_block *block = arena->block;

	if (!block || block->capacity - block->used < need)
		block = add_block(arena, need);

	void *p = bytes_of(block) + block->used;

	block->used += need;
	return p;
}

void *arena_array(struct arena *arena, size_t item_size, size_t count)
{
	size_t size;

	if (__builtin_mul_overflow(item_size, count, &size))
		out_of_memory(SIZE_MAX);
	return arena_alloc(arena, size);
}

/* Widens in place when `old` is what was given out last. */
static bool grow_in_place(struct arena_block *block, const unsigned char *old, size_t old_size, size_t new_size)
{
	size_t old_need = rounded_up(old_size), new_need = rounded_up(new_size);

	if (old + old_need != bytes_of(block) + block->used || block->capacity - block->used < new_need - old_need)
		return false;
	block->used += new_need - old_need;
	return true;
}

void *arena_grow(struct arena *arena, void *old, size_t old_size, size_t new_size)
{
	if (new_size < old_size)
		BUG("arena_grow from %zu to %zu bytes", old_size, new_size);
	if (!old)
		return arena_alloc(arena, new_size);
	if (arena->block && grow_in_place(arena->block, old, old_size, new_size))
		return old;

	void *wider = arena_alloc(arena, new_size);

	memcpy(wider, old, old_size);
	return wider;
}

char *arena_cstr(struct arena *arena, struct str text)
{
	char *copy = arena_alloc(arena, text.len + 1);

	if (text.len)
		memcpy(copy, text.at, text.len);
	return copy;
}

char *arena_dup(struct arena *arena, const char *text)
{
	return arena_cstr(arena, str_of(text));
}

struct str arena_str(struct arena *arena, struct str text)
{
	return (struct str){ arena_cstr(arena, text), text.len };
}

struct str arena_lower(struct arena *arena, struct str text)
{
	char *copy = arena_cstr(arena, text);

	for (size_t i = 0; i < text.len; i++)
		if (copy[i] >= 'A' && copy[i] <= 'Z')
			copy[i] = (char)(copy[i] | 0x20);
	return (struct str){ copy, text.len };
}

char *arena_vprintf(struct arena *arena, const char *fmt, va_list args)
{
	va_list again;

	va_copy(again, args);
	int len = vsnprintf(NULL, 0, fmt, again);

	va_end(again);
	if (len < 0)
		BUG("a format that cannot be written: %s", fmt);

	char *text = arena_alloc(arena, (size_t)len + 1);

	vsnprintf(text, (size_t)len + 1, fmt, args);
	return text;
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	char *text = arena_vprintf(arena, fmt, args);

	va_end(args);
	return text;
}
