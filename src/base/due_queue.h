/* Numbers ordered by when they are due: a binary heap that knows where each number stands, so that one can be moved or taken out.
 * The next is known without looking; putting, moving and taking cost a logarithm. Numbers are below 2³²−1, best small ones without gaps:
 * memory is 16 bytes for each due and 4 for each number up to the largest. Those due at the same instant come smallest number first. */
#ifndef BASE_DUE_QUEUE_H
#define BASE_DUE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct due_item {
	int64_t at_ms;
	uint32_t number;
};

struct due_queue {
	struct due_item *heap;
	size_t count, capacity;
	uint32_t *places; /* by number: place in the heap + 1; 0 = not there */
	size_t place_count;
};

void due_queue_init(struct due_queue *queue);
void due_queue_release(struct due_queue *queue);
/* Puts it in, or moves it where it is in already. */
void due_queue_put(struct due_queue *queue, uint32_t number, int64_t at_ms);
void due_queue_remove(struct due_queue *queue, uint32_t number); /* nothing where it is not in */
/* The earliest, or NULL. Valid until the queue is changed. */
const struct due_item *due_queue_next(const struct due_queue *queue);
/* How many are due before that; looks at no more than twice as many. */
size_t due_queue_count_before(const struct due_queue *queue, int64_t at_ms);

#endif
