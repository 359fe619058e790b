#include "facts/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "facts/snapshot.h"
#include "facts/take_up.h"

/* ---- everything from the parts ---- */

static int rest(void *context, size_t item, struct err *err)
{
	(void)err;
	if (item == 0)
		load_visits(context);
	else
		load_events(context);
	return 0;
}

/* Visits, which one thread makes, and beside them what they have nothing to do with. */
static void load_rest(struct loader *l)
{
	struct err none = ERR_INIT;

	load_each(l->threads, 2, rest, l, NULL, &none);
	load_orders(l);
}

void load_parts(struct loader *l, struct part *parts, size_t count)
{
	load_merge(l, parts, count);
	load_finish(l);
}

void load_finish(struct loader *l)
{
	load_customs(l);
	load_index(l);
	load_steps(l);
	load_leads(l);
	load_opportunities(l);
	load_rest(l);
}

/* ---- from a book ---- */

struct reading_book {
	struct book_scan *scan;
	struct part *parts;
	const struct facts_options *options;
};

static int each_first(void *context, const struct state *state, struct err *err)
{
	struct part *part = context;

	(void)err;
	part->subject = state->subject;
	if (state->versions)
		part_record(context, &state->record);
	else
		part_begin(context, &state->record);
	return 0;
}

static int each_rest(void *context, const struct state *state, struct err *err)
{
	(void)err;
	part_rest(context, &state->record, !state->versions);
	return 0;
}

static int each_version(void *context, const struct state *state, struct err *err)
{
	(void)err;
	part_version(context, &state->record);
	return 0;
}

/* Packs the facts of which rows wait for more, or the others. */
static void pack(struct part *part, bool waited)
{
	for (enum object object = 0; object < OBJECT__COUNT; object++) {
		enum fact fact = fact_of_object(object);

		if (fact != FACT__COUNT && (part->waiting[object].count > 0) == waited)
			part_pack(part, fact);
	}
}

static int read_first(void *context, size_t item, struct err *err)
{
	struct reading_book *reading = context;
	struct part *part = &reading->parts[item];
	int failed = book_scan_first(reading->scan, item, each_first, part, err);

	if (!failed)
		pack(part, false);
	return failed;
}

static int read_rest(void *context, size_t item, struct err *err)
{
	struct reading_book *reading = context;
	struct part *part = &reading->parts[item];
	int failed = book_scan_repeated(reading->scan, item, each_rest, each_version, part, err);

	if (!failed) {
		pack(part, true);
		part_pack_lists(part);
	}
	return failed;
}

static void tick(void *context)
{
	const struct reading_book *reading = context;

	if (reading->options->progress)
		reading->options->progress(reading->options->progress_context, book_scan_done(reading->scan),
					   book_scan_total(reading->scan));
}

static int read_book(struct loader *l, struct book *book, const struct facts_options *options, struct err *err)
{
	const struct reading all = { options->known_at_ms, false };
	struct reading_book reading = { .options = options };
	size_t count;
	int failed = book_scan_open(&reading.scan, book, &all, options->stretch ? options->stretch : SCAN_STRETCH, err);

	if (failed)
		return failed;
	count = book_scan_stretches(reading.scan);
	l->threads = book_scan_threads(reading.scan);
	if (options->threads && options->threads < l->threads)
		l->threads = options->threads;
	reading.parts = must_calloc(count, sizeof(*reading.parts));
	for (size_t i = 0; i < count; i++)
		part_init(&reading.parts[i], l->whole.facts);
	failed = load_each(l->threads, count, read_first, &reading, tick, err);
	if (!failed)
		failed = load_each(l->threads, count, read_rest, &reading, tick, err);
	book_scan_close(reading.scan);
	if (!failed)
		load_parts(l, reading.parts, count);
	for (size_t i = 0; i < count; i++) {
		builder_part_free(reading.parts[i].facts);
		part_release(&reading.parts[i]);
	}
	free(reading.parts);
	return failed;
}

/* Where it fails the list of before stays. */
int load_imports(struct facts *facts, struct book *book, struct err *err)
{
	struct import *all;
	struct arena arena;
	size_t count, unfinished = 0;

	arena_init(&arena);
	int failed = book_imports(book, &all, &count, &arena, err);
	if (failed) {
		arena_release(&arena);
		return failed;
	}
	for (size_t i = 0; i < count; i++)
		if (all[i].state == IMPORT_UNFINISHED)
			all[unfinished++] = all[i];
	arena_release(&facts->imports_arena);
	facts->imports_arena = arena;
	facts->unfinished = all;
	facts->unfinished_count = unfinished;
	return 0;
}

/* What rows that come later have to know of the records that are there. */
static void keep_lasting(struct facts *facts, const struct part *whole)
{
	facts->colleague_count = whole->colleagues.count;
	facts->colleagues = ARENA_ARRAY(&facts->arena, struct facts_colleague, whole->colleagues.count + 1);
	for (size_t i = 0; i < whole->colleagues.count; i++) {
		const struct colleague *c = &whole->colleagues.items[i];
		const struct str *words = whole->words.names;

		facts->colleagues[i] =
			(struct facts_colleague){ .key = c->key,
						  .source = c->source,
						  .name = arena_str(&facts->arena, words[c->name]),
						  .team = arena_str(&facts->arena, words[c->team]),
						  .region = arena_str(&facts->arena, words[c->region]),
						  .partner = arena_str(&facts->arena, words[c->partner]) };
	}
	for (size_t i = 0; i < facts->ties.count; i++) {
		const struct tie *tie = &facts->ties.items[i];

		facts->leads_by_email |= tie->link == LINK_LEAD && (tie->told & 3) == REF_BY_EMAIL;
	}
}

static int load_from_book(struct facts **out, struct book *book, const struct facts_options *options, struct err *err)
{
	struct facts *facts;
	struct loader l;
	int failed = facts_builder_new(&facts, book_settings(book), err);

	if (failed)
		return failed;
	facts->book = book;
	facts->head = book_head(book);
	facts->known_at_ms = options->known_at_ms;
	loader_init(&l, facts, 1);
	l.final = true;
	failed = read_book(&l, book, options, err);
	if (!failed)
		failed = load_imports(facts, book, err);
	if (!failed) {
		load_leads_follow(&l);
		keep_lasting(facts, &l.whole);
		load_ties_to_people(&l);
	}
	loader_release(&l);
	if (failed) {
		facts_free(facts);
		return failed;
	}
	facts_finish(facts, options->today);
	*out = facts;
	return 0;
}

/* ---- from the snapshot ---- */

static void say_damaged(const struct facts_options *options, const char *path, const char *why)
{
	char text[1024];

	if (!options->warn)
		return;
	snprintf(text, sizeof(text), "%.600s is damaged (%s) and not used; delete it, it is made again", path, why);
	options->warn(options->progress_context, text);
}

/* Of an earlier head: with what was said since. NULL in `facts` when that cannot be taken up. */
static int go_on(struct facts **facts, struct book *book, int32_t today, struct err *err)
{
	struct book_head head = facts_head(*facts);
	struct finder finder = { 0 };
	struct taking *taking = NULL;
	struct changes changes;
	struct arena arena;
	bool has = false;
	int failed = book_has_head(book, &head, &has, err);

	arena_init(&arena);
	if (!failed && has)
		failed = book_changes(book, head.seq, take_up_most(*facts), &changes, &arena, err);
	if (!failed && has)
		failed = take_up_prepare(&taking, *facts, &finder, book, &changes, err);
	if (taking)
		take_up_apply(taking, today);
	take_up_free(taking);
	finder_release(&finder);
	arena_release(&arena);
	if (taking)
		return 0;
	facts_free(*facts);
	*facts = NULL;
	return failed;
}

/* NULL in `out` when there is none that can be used; what is damaged is said once, and made anew by who writes next. */
static int load_snapshot(struct facts **out, struct book *book, const struct facts_options *options, struct err *err)
{
	struct book_head head = book_head(book);
	struct snapshot_wanted wanted = { &head, book_settings(book), options->today };
	char *path = snapshot_path(book_path(book)), why[256];
	enum snapshot_state state = SNAPSHOT_ABSENT;
	int failed = 0;

	*out = NULL;
	if (path)
		state = snapshot_read(out, path, &wanted, why);
	if (state == SNAPSHOT_STALE) {
		wanted.head = NULL;
		state = snapshot_read(out, path, &wanted, why);
		if (state == SNAPSHOT_GOOD)
			failed = go_on(out, book, options->today, err);
	}
	if (state == SNAPSHOT_DAMAGED)
		say_damaged(options, path, why);
	if (state != SNAPSHOT_GOOD)
		*out = NULL;
	free(path);
	return failed;
}

int facts_load(struct facts **out, struct book *book, const struct facts_options *options, struct err *err)
{
	struct facts *facts = NULL;
	int failed = 0;

	if (!options->from_book && options->known_at_ms == INT64_MAX)
		failed = load_snapshot(&facts, book, options, err);
	if (failed)
		return failed;
	if (!facts)
		return load_from_book(out, book, options, err);
	facts->book = book;
	failed = load_imports(facts, book, err);
	if (failed)
		facts_free(facts);
	else
		*out = facts;
	return failed;
}
