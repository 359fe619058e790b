#include "base/due_queue.h"

#include <stdlib.h>

#include "tap.h"

enum { NUMBERS = 300 };

/* The earliest of a plain list. */
static int64_t slow_next(const int64_t *at)
{
	int64_t best = -1;

	for (int i = 0; i < NUMBERS; i++)
		if (at[i] >= 0 && (best < 0 || at[i] < at[best]))
			best = i;
	return best;
}

static size_t slow_count(const int64_t *at, int64_t before)
{
	size_t count = 0;

	for (int i = 0; i < NUMBERS; i++)
		count += at[i] >= 0 && at[i] < before;
	return count;
}

int main(void)
{
	struct due_queue queue;
	int64_t at[NUMBERS], last = 0, before;
	long wrong = 0, taken = 0;

	due_queue_init(&queue);
	ok(!due_queue_next(&queue), "nothing is due in an empty one");
	due_queue_remove(&queue, 7);
	for (int i = 0; i < NUMBERS; i++)
		at[i] = -1;
	srandom(3);
	for (int i = 0; i < 200000; i++) {
		uint32_t number = (uint32_t)(random() % NUMBERS);
		const struct due_item *next;
		int64_t wanted;

		if (random() % 3) {
			at[number] = random() % 1000;
			due_queue_put(&queue, number, at[number]);
		} else {
			at[number] = -1;
			due_queue_remove(&queue, number);
		}
		if (random() % 50 == 0 && queue.count) {
			number = due_queue_next(&queue)->number;
			at[number] = -1;
			due_queue_remove(&queue, number);
			taken++;
		}
		next = due_queue_next(&queue);
		wanted = slow_next(at);
		wrong += next ? next->number != wanted || next->at_ms != at[wanted] : wanted >= 0;
		before = random() % 1100;
		wrong += due_queue_count_before(&queue, before) != slow_count(at, before);
	}
	is_int(wrong, 0,
	       "200,000 random steps: always the earliest of a plain list, and as many before a time (%ld taken)",
	       taken);
	due_queue_release(&queue);

	for (uint32_t i = 0; i < 1000000; i++)
		due_queue_put(&queue, i, random());
	for (wrong = 0; queue.count; due_queue_remove(&queue, queue.heap[0].number)) {
		wrong += due_queue_next(&queue)->at_ms < last;
		last = due_queue_next(&queue)->at_ms;
	}
	is_int(wrong, 0, "a million come out in order");
	due_queue_release(&queue);
	return done();
}
