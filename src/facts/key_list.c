#include "facts/key_list.h"

#include <stdlib.h>

#include "base/err.h"

enum { KEY_MAX = 1 << 20, NUMBER_MAX = 5, REST_BITS = 3, MOST_SHARED = 31, MOST_REST = 7 };
/* 30 bytes shared and none more: a key of which that is true says its 30 behind the byte. */
enum { KEY_NEXT = (MOST_SHARED - 1) << REST_BITS };

void key_list_init(struct key_list *list)
{
	*list = (struct key_list){ .count = 0 };
	buf_init(&list->last, KEY_MAX);
}

void key_list_release(struct key_list *list)
{
	if (!list->borrowed) {
		free(list->blocks);
		free(list->bytes);
	}
	buf_release(&list->last);
}

static void put_number(struct key_list *list, size_t number)
{
	for (; number >= 0x80; number >>= 7)
		list->bytes[list->len++] = (unsigned char)(number | 0x80);
	list->bytes[list->len++] = (unsigned char)number;
}

static void put_numbers(struct key_list *list, size_t shared, size_t rest)
{
	size_t first = shared < MOST_SHARED ? shared : MOST_SHARED, second = rest < MOST_REST ? rest : MOST_REST;

	if ((first << REST_BITS | second) == KEY_NEXT)
		first = MOST_SHARED;
	list->bytes[list->len++] = (unsigned char)(first << REST_BITS | second);
	if (first == MOST_SHARED)
		put_number(list, shared);
	if (second == MOST_REST)
		put_number(list, rest);
}

static void make_room(struct key_list *list, size_t bytes)
{
	uint32_t block = list->count / KEY_BLOCK;

	while (list->capacity < list->len + bytes) {
		list->capacity = list->capacity > 2048 ? list->capacity * 2 : 4096;
		list->bytes = must_realloc(list->bytes, list->capacity);
	}
	if (block == list->block_capacity) {
		list->block_capacity = list->block_capacity ? list->block_capacity * 2 : 64;
		list->blocks = must_realloc(list->blocks, list->block_capacity * sizeof(*list->blocks));
	}
}

static bool has_next(int digit)
{
	return digit >= '0' && digit < '9';
}

void key_list_add(struct key_list *list, struct str key)
{
	size_t shared = 0;

	if (key.len > KEY_MAX)
		BUG("a key of %zu bytes", key.len);
	make_room(list, key.len + 1 + 2 * NUMBER_MAX);
	if (list->count % KEY_BLOCK == 0)
		list->blocks[list->count / KEY_BLOCK] = list->len;
	else
		while (shared < key.len && shared < list->last.len && list->last.at[shared] == key.at[shared])
			shared++;
	if (shared && shared + 1 == key.len && key.len == list->last.len && has_next(key.at[shared] - 1) &&
	    key.at[shared] == list->last.at[shared] + 1) {
		list->bytes[list->len++] = KEY_NEXT;
	} else {
		put_numbers(list, shared, key.len - shared);
		if (key.len > shared)
			memcpy(list->bytes + list->len, key.at + shared, key.len - shared);
		list->len += key.len - shared;
	}
	list->count++;
	buf_clear(&list->last);
	buf_add_str(&list->last, key);
}

void key_list_seal(struct key_list *list)
{
	uint32_t blocks = key_list_blocks(list->count);

	buf_release(&list->last);
	list->sealed = true;
	if (list->borrowed || !list->count)
		return;
	list->bytes = must_realloc(list->bytes, list->len);
	list->blocks = must_realloc(list->blocks, blocks * sizeof(*list->blocks));
	list->capacity = list->len;
	list->block_capacity = blocks;
}

/* ---- reading ---- */

void key_walk_init(struct key_walk *walk, const struct key_list *list)
{
	*walk = (struct key_walk){ .list = list };
	buf_init(&walk->text, KEY_MAX);
}

void key_walk_release(struct key_walk *walk)
{
	buf_release(&walk->text);
}

static bool take_number(struct key_walk *walk, uint32_t *number)
{
	*number = 0;
	for (unsigned shift = 0; shift < 7 * NUMBER_MAX && walk->at < walk->list->len; shift += 7) {
		unsigned char byte = walk->list->bytes[walk->at++];

		*number |= (uint32_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return true;
	}
	return false;
}

static bool take_numbers(struct key_walk *walk, uint32_t *shared, uint32_t *rest)
{
	unsigned char byte;

	if (walk->at >= walk->list->len)
		return false;
	byte = walk->list->bytes[walk->at++];
	*shared = byte >> REST_BITS;
	*rest = byte & MOST_REST;
	return (*shared < MOST_SHARED || take_number(walk, shared)) && (*rest < MOST_REST || take_number(walk, rest));
}

/* Takes the byte that says so. */
static bool is_next(struct key_walk *walk)
{
	if (walk->at >= walk->list->len || walk->list->bytes[walk->at] != KEY_NEXT || !walk->text.len ||
	    !has_next(walk->text.at[walk->text.len - 1]))
		return false;
	walk->at++;
	walk->text.at[walk->text.len - 1]++;
	return true;
}

struct str key_walk_next(struct key_walk *walk)
{
	const struct key_list *list = walk->list;
	uint32_t shared, rest;

	if (walk->next >= list->count)
		return STR_NONE;
	if (walk->next % KEY_BLOCK == 0) {
		walk->at = list->blocks[walk->next / KEY_BLOCK];
		buf_clear(&walk->text);
	}
	walk->next++;
	if (is_next(walk))
		return buf_str(&walk->text);
	if (!take_numbers(walk, &shared, &rest) || shared > walk->text.len || rest > list->len - walk->at) {
		walk->at = list->len; /* nothing more of this block */
		buf_clear(&walk->text);
		return STR_NONE;
	}
	walk->text.len = shared;
	buf_add(&walk->text, list->bytes + walk->at, rest);
	walk->at += rest;
	return buf_str(&walk->text);
}

struct str key_list_at(const struct key_list *list, uint32_t row, struct arena *arena)
{
	struct key_walk walk;
	struct str key = STR_NONE;

	key_walk_init(&walk, list);
	walk.next = row - row % KEY_BLOCK;
	while (walk.next <= row && walk.next < list->count)
		key = key_walk_next(&walk);
	key = row < list->count && key.len ? arena_str(arena, key) : STR_NONE;
	key_walk_release(&walk);
	return key;
}

void key_list_reopen(struct key_list *list)
{
	uint32_t blocks = key_list_blocks(list->count);
	struct arena arena;

	if (!list->sealed && !list->borrowed)
		return;
	if (list->borrowed) {
		unsigned char *bytes = must_alloc(list->len + 1);
		uint64_t *starts = must_alloc((blocks + 1) * sizeof(*starts));

		if (list->count) {
			memcpy(bytes, list->bytes, list->len);
			memcpy(starts, list->blocks, blocks * sizeof(*starts));
		}
		list->bytes = bytes;
		list->blocks = starts;
		list->capacity = list->len;
		list->block_capacity = blocks;
		list->borrowed = false;
	}
	list->sealed = false;
	arena_init(&arena);
	buf_init(&list->last, KEY_MAX);
	if (list->count)
		buf_add_str(&list->last, key_list_at(list, list->count - 1, &arena));
	arena_release(&arena);
}
