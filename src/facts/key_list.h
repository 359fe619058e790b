/* The ids of a fact's rows, packed: ids of one source mostly differ from the one before in their last characters only.
 *
 * In blocks of KEY_BLOCK keys; each key is told by how many bytes it shares with the one before (none in a block's first), how many
 * follow, and these. Both numbers stand in one byte, five bits and three; all bits set: it follows as LEB128. One byte alone (KEY_NEXT)
 * says that the last digit is one more than that of the key before. Bytes that make no sense give empty keys, never a read beyond them.
 * Private to src/facts.
 */
#ifndef FACTS_KEY_LIST_H
#define FACTS_KEY_LIST_H

#include <stdbool.h>
#include "base/arena.h"
#include "base/buf.h"

#define KEY_BLOCK 64u

struct key_list {
	uint64_t *blocks; /* where each block begins in `bytes` */
	unsigned char *bytes;
	uint64_t len, capacity;
	uint32_t count, block_capacity;
	bool borrowed; /* `blocks` and `bytes` belong to a mapped file */
	bool sealed;
	struct buf last; /* while it is made */
};

void key_list_init(struct key_list *list);
void key_list_release(struct key_list *list);
void key_list_add(struct key_list *list, struct str key);
/* Gives back what was kept for more. */
void key_list_seal(struct key_list *list);
/* A sealed one takes keys again; what a mapped file holds is copied. */
void key_list_reopen(struct key_list *list);
static inline uint32_t key_list_blocks(uint32_t count)
{
	return count / KEY_BLOCK + (count % KEY_BLOCK != 0);
}
/* A copy in the arena. */
struct str key_list_at(const struct key_list *list, uint32_t row, struct arena *arena);

/* All keys from the first on. */
struct key_walk {
	const struct key_list *list;
	uint64_t at;
	uint32_t next;
	struct buf text;
};
void key_walk_init(struct key_walk *walk, const struct key_list *list);
void key_walk_release(struct key_walk *walk);
struct str key_walk_next(struct key_walk *walk); /* valid until the next call */

#endif
