#include "facts/feed.h"

#include <stdlib.h>
#include <string.h>

#include "facts/load.h"

struct feed {
	struct loader loader;
	struct facts_options options;
	struct fed_list lists[OBJECT__COUNT];
	struct arena arena;   /* the part's records */
	struct arena lasting; /* those that each part begins with */
};

/* Few, and spoken of by all. */
static bool lasts(enum object object)
{
	return object == OBJECT_PERSON || object == OBJECT_STAGE || object == OBJECT_CUSTOM_FIELD;
}

static void begin_part(struct feed *feed)
{
	struct loader *l = &feed->loader;
	struct facts *facts = l->facts;

	*l = (struct loader){ .facts = facts, .reading = READING_ALL, .options = &feed->options, .feed = feed->lists };
	arena_init(&l->arena);
	table_init(&l->keys);
	table_init(&l->emails);
	table_init(&l->names);
	for (enum fact f = 0; f < FACT__COUNT; f++)
		l->first[f] = facts_rows(facts, f);
	for (enum object object = 0; object < OBJECT__COUNT; object++) {
		if (!lasts(object))
			feed->lists[object] = (struct fed_list){ .count = 0 };
	}
	arena_init(&feed->arena);
}

static void end_part(struct feed *feed)
{
	table_release(&feed->loader.keys);
	table_release(&feed->loader.emails);
	table_release(&feed->loader.names);
	arena_release(&feed->loader.arena);
	arena_release(&feed->arena);
}

int feed_new(struct feed **out, const struct book_settings *settings, struct err *err)
{
	struct facts *facts;
	struct feed *feed;
	int failed = facts_builder_new(&facts, settings, err);

	if (failed)
		return failed;
	feed = must_calloc(1, sizeof(*feed));
	feed->options = (struct facts_options){ .known_at_ms = INT64_MAX };
	feed->loader.facts = facts;
	arena_init(&feed->lasting);
	begin_part(feed);
	*out = feed;
	return 0;
}

void feed_free(struct feed *feed)
{
	end_part(feed);
	arena_release(&feed->lasting);
	facts_free(feed->loader.facts);
	free(feed);
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

void feed_record(struct feed *feed, const struct record *record)
{
	struct fed_list *list = &feed->lists[record->object];
	struct arena *arena = lasts(record->object) ? &feed->lasting : &feed->arena;
	struct fed *fed = list->count ? &list->items[list->count - 1] : NULL;

	if (!fed || !str_eq(fed->told[0].key, record->key)) {
		ARENA_PUSH(arena, list->items, list->count, list->capacity);
		fed = &list->items[list->count++];
	} else if (told_already(&fed->told[fed->count - 1], record)) {
		return;
	}
	if (fed->count == fed->capacity) {
		size_t more = fed->capacity ? fed->capacity * 2 : 1;

		fed->told = arena_grow(arena, fed->told, fed->capacity * sizeof(*fed->told), more * sizeof(*fed->told));
		fed->capacity = more;
	}
	fed->told[fed->count++] = copy(arena, record);
}

int feed_part(struct feed *feed, struct err *err)
{
	int failed;

	feed->loader.err = err;
	failed = load_records(&feed->loader);
	end_part(feed);
	begin_part(feed);
	return failed;
}

void feed_finish(struct feed *feed, int32_t today, struct facts **out)
{
	load_leads_follow(&feed->loader);
	facts_finish(feed->loader.facts, today);
	*out = feed->loader.facts;
	end_part(feed);
	arena_release(&feed->lasting);
	free(feed);
}
