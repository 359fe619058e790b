#include "facts/feed.h"

#include <stdlib.h>
#include <string.h>

#include "facts/load.h"

/* A record as it was told first, then each time it was told otherwise. */
struct fed {
	struct arena arena;
	struct record *told;
	size_t count, capacity;
};

struct feed {
	struct facts *facts;
	struct part part;
	struct fed last[OBJECT__COUNT]; /* may be told again */
};

int feed_new(struct feed **out, const struct book_settings *settings, struct err *err)
{
	struct facts *facts;
	struct feed *feed;
	int failed = facts_builder_new(&facts, settings, err);

	if (failed)
		return failed;
	feed = must_calloc(1, sizeof(*feed));
	feed->facts = facts;
	part_init(&feed->part, facts);
	for (enum object object = 0; object < OBJECT__COUNT; object++)
		arena_init(&feed->last[object].arena);
	*out = feed;
	return 0;
}

static void release(struct feed *feed)
{
	for (enum object object = 0; object < OBJECT__COUNT; object++)
		arena_release(&feed->last[object].arena);
	builder_part_free(feed->part.facts);
	part_release(&feed->part);
	free(feed);
}

void feed_free(struct feed *feed)
{
	struct facts *facts = feed->facts;

	release(feed);
	facts_free(facts);
}

static bool told_already(const struct record *before, const struct record *now)
{
	if (before->count != now->count)
		return false;
	for (size_t i = 0; i < now->count; i++) {
		if (before->fields[i].code != now->fields[i].code ||
		    !value_eq(&before->fields[i].value, &now->fields[i].value))
			return false;
	}
	return true;
}

static struct record copy(struct arena *arena, const struct record *record)
{
	struct record out = *record;

	out.source = arena_str(arena, record->source);
	out.key = arena_str(arena, record->key);
	out.fields = ARENA_ARRAY(arena, struct record_field, record->count + 1);
	for (size_t i = 0; i < record->count; i++) {
		out.fields[i] = record->fields[i];
		out.fields[i].value = value_copy(arena, &record->fields[i].value);
	}
	return out;
}

static void drop_empty(struct record *record)
{
	size_t count = 0;

	for (size_t i = 0; i < record->count; i++) {
		if (record->fields[i].value.kind != VALUE_EMPTY)
			record->fields[count++] = record->fields[i];
	}
	record->count = count;
}

/* What was told last of an object is not told again: as the book tells it, first the state, then each version. */
static void settle(struct feed *feed, enum object object)
{
	struct fed *fed = &feed->last[object];

	if (!fed->count)
		return;
	for (size_t i = 0; i < fed->count; i++)
		drop_empty(&fed->told[i]);
	if (fed->count == 1) {
		part_record(&feed->part, &fed->told[0]);
	} else {
		part_begin(&feed->part, &fed->told[0]);
		part_rest(&feed->part, &fed->told[fed->count - 1], false);
		for (size_t i = 0; i < fed->count; i++)
			part_version(&feed->part, &fed->told[i]);
	}
	arena_reset(&fed->arena);
	fed->told = NULL;
	fed->count = fed->capacity = 0;
}

void feed_record(struct feed *feed, const struct record *record)
{
	struct fed *fed = &feed->last[record->object];

	if (fed->count && !str_eq(fed->told[0].key, record->key))
		settle(feed, record->object);
	else if (fed->count && told_already(&fed->told[fed->count - 1], record))
		return;
	ARENA_PUSH(&fed->arena, fed->told, fed->count, fed->capacity);
	fed->told[fed->count++] = copy(&fed->arena, record);
}

/* Those that each part begins with. */
static void keep_lasting(struct part *next, struct part *last)
{
	for (size_t i = 0; i < last->colleagues.count; i++)
		*LIST_ADD(&next->colleagues) = last->colleagues.items[i];
	for (size_t i = 0; i < last->customs.count; i++)
		*LIST_ADD(&next->customs) = last->customs.items[i];
	for (uint32_t i = 1; i < last->words.count; i++)
		part_word(next, last->words.names[i]);
}

int feed_part(struct feed *feed, struct err *err)
{
	struct part next;
	struct loader l;

	(void)err;
	for (enum object object = 0; object < OBJECT__COUNT; object++)
		settle(feed, object);
	loader_init(&l, feed->facts, 1);
	load_parts(&l, &feed->part, 1);
	loader_release(&l);
	part_init(&next, feed->facts);
	keep_lasting(&next, &feed->part);
	builder_part_free(feed->part.facts);
	part_release(&feed->part);
	feed->part = next;
	return 0;
}

void feed_finish(struct feed *feed, int32_t today, struct facts **out)
{
	struct loader l;

	*out = feed->facts;
	loader_init(&l, feed->facts, 1);
	load_leads_follow(&l);
	loader_release(&l);
	release(feed);
	facts_finish(*out, today);
}
