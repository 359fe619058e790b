#include "base/due_queue.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

void due_queue_init(struct due_queue *queue)
{
	*queue = (struct due_queue){ .heap = NULL };
}

void due_queue_release(struct due_queue *queue)
{
	free(queue->heap);
	free(queue->places);
	due_queue_init(queue);
}

static bool before(struct due_item a, struct due_item b)
{
	return a.at_ms < b.at_ms || (a.at_ms == b.at_ms && a.number < b.number);
}

static void set(struct due_queue *queue, size_t place, struct due_item item)
{
	queue->heap[place] = item;
	queue->places[item.number] = (uint32_t)place + 1;
}

/* `item` goes up from a free place until what stands above is due before it. */
static size_t rise(struct due_queue *queue, size_t place, struct due_item item)
{
	while (place && before(item, queue->heap[(place - 1) / 2])) {
		set(queue, place, queue->heap[(place - 1) / 2]);
		place = (place - 1) / 2;
	}
	return place;
}

static size_t sink(struct due_queue *queue, size_t place, struct due_item item)
{
	for (;;) {
		size_t child = 2 * place + 1;

		if (child >= queue->count)
			return place;
		if (child + 1 < queue->count && before(queue->heap[child + 1], queue->heap[child]))
			child++;
		if (!before(queue->heap[child], item))
			return place;
		set(queue, place, queue->heap[child]);
		place = child;
	}
}

static void settle(struct due_queue *queue, size_t place, struct due_item item)
{
	size_t up = rise(queue, place, item);

	set(queue, up == place ? sink(queue, place, item) : up, item);
}

static void make_room(struct due_queue *queue, uint32_t number)
{
	if (number >= queue->place_count) {
		size_t count = queue->place_count ? queue->place_count : 64;

		while (count <= number)
			count *= 2;
		queue->places = must_realloc(queue->places, count * sizeof(*queue->places));
		memset(queue->places + queue->place_count, 0, (count - queue->place_count) * sizeof(*queue->places));
		queue->place_count = count;
	}
	if (queue->count == queue->capacity) {
		queue->capacity = queue->capacity ? queue->capacity * 2 : 64;
		queue->heap = must_realloc(queue->heap, queue->capacity * sizeof(*queue->heap));
	}
}

void due_queue_put(struct due_queue *queue, uint32_t number, int64_t at_ms)
{
	make_room(queue, number);
	settle(queue, queue->places[number] ? queue->places[number] - 1 : queue->count++,
	       (struct due_item){ at_ms, number });
}

void due_queue_remove(struct due_queue *queue, uint32_t number)
{
	size_t place;

	if (number >= queue->place_count || !queue->places[number])
		return;
	place = queue->places[number] - 1;
	queue->places[number] = 0;
	if (place != --queue->count)
		settle(queue, place, queue->heap[queue->count]);
}

const struct due_item *due_queue_next(const struct due_queue *queue)
{
	return queue->count ? queue->heap : NULL;
}

static size_t count_below(const struct due_queue *queue, size_t place, int64_t at_ms)
{
	if (place >= queue->count || queue->heap[place].at_ms >= at_ms)
		return 0;
	return 1 + count_below(queue, 2 * place + 1, at_ms) + count_below(queue, 2 * place + 2, at_ms);
}

size_t due_queue_count_before(const struct due_queue *queue, int64_t at_ms)
{
	return count_below(queue, 0, at_ms);
}
