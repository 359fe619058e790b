/* Parts into one whole: columns behind each other, each column by a thread of its own. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "facts/load.h"
#include "facts/packed.h"

/* ---- columns ---- */

enum { COLUMN_WORDS = INT_MAX, COLUMN_LISTS = INT_MAX - 1, COLUMNS_END = INT_MAX - 1 };

struct merge {
	struct loader *l;
	struct part *parts;
	size_t count;
	uint32_t *bases[FACT__COUNT]; /* by part: where its rows go */
	uint8_t (*currencies)[MAX_CURRENCIES];
	struct {
		enum fact fact;
		size_t column;
	} * items; /* what is done at once: columns, or one of the above */
	size_t item_count;
};

static void merge_codes(struct dict *into, const struct dict *from, uint32_t *codes)
{
	codes[0] = 0;
	dict_codes(into, from->names + 1, from->count - 1, codes + 1);
}

static void merge_versions(struct merge *m, size_t p, struct column *into, struct column *from, const uint32_t *codes)
{
	uint32_t base = m->bases[into->fact][p];

	for (size_t i = 0; i < from->version_count; i++) {
		struct version version = from->versions[i];

		if (into->def.type == COLUMN_NAME)
			version.value.code = codes[version.value.code];
		version.currency = m->currencies[p][version.currency];
		builder_version(into, version.row + base, version.from, &version);
	}
	free(from->versions);
	from->versions = NULL;
	from->version_count = from->version_capacity = 0;
}

/* Values of parts that are packed, or not; the whole has them at full width. */
static void merge_values(struct merge *m, size_t p, struct column *into, struct column *from, const uint32_t *codes)
{
	uint32_t base = m->bases[into->fact][p], rows = m->parts[p].facts->tables[into->fact].rows;

	if (!from->at.any || !rows)
		return;
	builder_writable(m->l->whole.facts, into);
	switch (into->def.type) {
	case COLUMN_NAME:
		for (uint32_t i = 0; i < rows; i++)
			into->at.codes[base + i] = codes[column_code(from, i)];
		break;
	case COLUMN_NUMBER:
		for (uint32_t i = 0; i < rows; i++)
			into->at.numbers[base + i] = column_number(from, i);
		break;
	case COLUMN_MONEY:
		for (uint32_t i = 0; i < rows; i++) {
			into->at.moneys[base + i] = column_money(from, i);
			into->currency[base + i] = m->currencies[p][column_currency(from, i)];
		}
		break;
	case COLUMN_REF:
		for (uint32_t i = 0; i < rows; i++)
			into->at.refs[base + i] = column_ref(from, i);
		break;
	default: memcpy((char *)into->at.any + (size_t)base * into->width, from->at.any, (size_t)rows * into->width);
	}
	free(from->at.any);
	free(from->currency);
	from->at.any = NULL;
	from->currency = NULL;
}

static void merge_keys(struct key_list *into, struct key_list *from)
{
	struct key_walk walk;

	key_walk_init(&walk, from);
	for (uint32_t i = 0; i < from->count; i++)
		key_list_add(into, key_walk_next(&walk));
	key_walk_release(&walk);
	key_list_release(from);
	key_list_init(from);
}

static void merge_column(struct merge *m, enum fact fact, size_t place)
{
	struct column *into = m->l->whole.facts->tables[fact].columns[place];

	for (size_t p = 0; p < m->count; p++) {
		struct column *from = m->parts[p].facts->tables[fact].columns[place];
		uint32_t *codes = NULL;

		if (into->def.type == COLUMN_KEY) {
			merge_keys(into->at.keys, from->at.keys);
			continue;
		}
		if (from->dict) {
			codes = must_alloc(from->dict->count * sizeof(*codes));
			merge_codes(into->dict, from->dict, codes);
			dict_release(from->dict);
			dict_init(from->dict);
		}
		merge_versions(m, p, into, from, codes);
		merge_values(m, p, into, from, codes);
		free(codes);
	}
}

static void merge_list(struct row_list *into, struct row_list *from, uint32_t base, uint32_t rows, uint32_t all)
{
	if (!from->items || !rows)
		return;
	if (into->capacity < all) {
		into->items = must_realloc(into->items, all * sizeof(*into->items));
		memset(into->items + into->capacity, 0, (all - into->capacity) * sizeof(*into->items));
		into->capacity = all;
	}
	memcpy(into->items + base, from->items, (rows < from->capacity ? rows : from->capacity) * sizeof(*from->items));
	free(from->items);
	*from = (struct row_list){ 0 };
}

static void merge_lists(struct merge *m, enum fact fact)
{
	struct part *whole = &m->l->whole;
	struct fact_table *into = &whole->facts->tables[fact];

	for (size_t p = 0; p < m->count; p++) {
		struct part *part = &m->parts[p];
		struct fact_table *from = &part->facts->tables[fact];
		uint32_t base = m->bases[fact][p], at = base - m->l->first[fact], all = into->rows - m->l->first[fact];

		for (enum link link = 0; link < LINK__COUNT; link++)
			merge_list(&whole->links[fact][link], &part->links[fact][link], at, from->rows, all);
		merge_list(&whole->keys[fact], &part->keys[fact], at, from->rows, all);
		if (fact == FACT_LEADS)
			merge_list(&whole->emails, &part->emails, at, from->rows, all);
		for (uint32_t row = 0; from->subjects && row < from->rows; row++)
			builder_subject(whole->facts, fact, base + row, from->subjects[row]);
		for (uint32_t row = 0; row < from->rows; row++)
			builder_source(whole->facts, fact, base + row,
				       from->source_names.names[from->sources ? from->sources[row] : from->source]);
	}
}

/* ---- what is not told in rows ---- */

#define MERGE_ITEMS(into, from)                                                                                        \
	for (size_t i = 0; i < (from)->count; i++)                                                                     \
	*LIST_ADD(into) = (from)->items[i]

static void merge_people(struct part *whole, struct part *part, const uint32_t *words)
{
	size_t colleagues = whole->colleagues.count, accounts = whole->accounts.count, contacts = whole->contacts.count;

	MERGE_ITEMS(&whole->colleagues, &part->colleagues);
	MERGE_ITEMS(&whole->accounts, &part->accounts);
	MERGE_ITEMS(&whole->contacts, &part->contacts);
	for (size_t i = colleagues; i < whole->colleagues.count; i++) {
		struct colleague *c = &whole->colleagues.items[i];

		c->name = words[c->name];
		c->team = words[c->team];
		c->region = words[c->region];
		c->partner = words[c->partner];
	}
	for (size_t i = accounts; i < whole->accounts.count; i++) {
		struct account *a = &whole->accounts.items[i];

		a->name = words[a->name];
		a->industry = words[a->industry];
		a->country = words[a->country];
		a->region = words[a->region];
		a->segment = words[a->segment];
		a->partner = words[a->partner];
	}
	for (size_t i = contacts; i < whole->contacts.count; i++) {
		struct contact *c = &whole->contacts.items[i];

		c->company = words[c->company];
		c->country = words[c->country];
		c->region = words[c->region];
		c->segment = words[c->segment];
		c->origin = words[c->origin];
		c->from = words[c->from];
		c->campaign = words[c->campaign];
	}
}

static void merge_others(struct merge *m, size_t p, const uint32_t *words)
{
	struct part *whole = &m->l->whole, *part = &m->parts[p];
	size_t moves = whole->moves.count, stages = whole->stages.count, customs = whole->customs.count,
	       values = whole->values.count;

	MERGE_ITEMS(&whole->deals, &part->deals);
	MERGE_ITEMS(&whole->moves, &part->moves);
	MERGE_ITEMS(&whole->stages, &part->stages);
	MERGE_ITEMS(&whole->customs, &part->customs);
	MERGE_ITEMS(&whole->values, &part->values);
	for (size_t i = moves; i < whole->moves.count; i++) {
		struct move *move = &whole->moves.items[i];

		move->stage = words[move->stage];
		move->owner = words[move->owner];
		move->currency = m->currencies[p][move->currency];
		if (move->observed)
			move->deal += m->bases[FACT_OPPORTUNITIES][p];
		move->order = (uint32_t)i;
	}
	for (size_t i = stages; i < whole->stages.count; i++) {
		whole->stages.items[i].name = words[whole->stages.items[i].name];
		whole->stages.items[i].means = words[whole->stages.items[i].means];
	}
	for (size_t i = customs; i < whole->customs.count; i++) {
		whole->customs.items[i].name = words[whole->customs.items[i].name];
		whole->customs.items[i].sentence = words[whole->customs.items[i].sentence];
	}
	for (size_t i = values; i < whole->values.count; i++) {
		struct custom_value *value = &whole->values.items[i];

		value->row += m->bases[value->fact][p];
		value->order = (uint32_t)i;
		value->name = words[value->name];
		value->value = value_copy(&whole->arena, &value->value);
	}
}

#define LIST_RESERVE(m, name)                                                                                          \
	do {                                                                                                           \
		size_t more_ = (m)->l->whole.name.count;                                                               \
		for (size_t p_ = 0; p_ < (m)->count; p_++)                                                             \
			more_ += (m)->parts[p_].name.count;                                                            \
		if (more_ > (m)->l->whole.name.capacity) {                                                             \
			(m)->l->whole.name.items =                                                                     \
				must_realloc((m)->l->whole.name.items, more_ * sizeof(*(m)->l->whole.name.items));     \
			(m)->l->whole.name.capacity = more_;                                                           \
		}                                                                                                      \
	} while (0)

/* Lists of millions are made as long as they get at once: doubling would hold them twice. */
static void reserve_lists(struct merge *m)
{
	LIST_RESERVE(m, deals);
	LIST_RESERVE(m, accounts);
	LIST_RESERVE(m, contacts);
	LIST_RESERVE(m, moves);
}

static void merge_words(struct merge *m, size_t p)
{
	struct part *part = &m->parts[p];
	uint32_t *words = must_alloc(part->words.count * sizeof(*words));

	merge_codes(&m->l->whole.words, &part->words, words);
	merge_people(&m->l->whole, part, words);
	merge_others(m, p, words);
	free(words);
	if (m->l->final)
		part_forget(part);
}

/* ---- the whole ---- */

static int merge_item(void *context, size_t item, struct err *err)
{
	struct merge *m = context;

	(void)err;
	if (m->items[item].column < COLUMNS_END)
		merge_column(m, m->items[item].fact, m->items[item].column);
	else if (m->items[item].column == COLUMN_LISTS)
		merge_lists(m, m->items[item].fact);
	else {
		reserve_lists(m);
		for (size_t p = 0; p < m->count; p++)
			merge_words(m, p);
	}
	return 0;
}

static void add_item(struct merge *m, enum fact fact, size_t column)
{
	m->items[m->item_count].fact = fact;
	m->items[m->item_count++].column = column;
}

/* Rows of all parts get their places; whatever was made before stays. */
static void place_rows(struct merge *m)
{
	struct facts *facts = m->l->whole.facts;

	for (enum fact f = 0; f < FACT__COUNT; f++) {
		uint32_t rows = facts->tables[f].rows;

		m->bases[f] = must_alloc((m->count + 1) * sizeof(*m->bases[f]));
		for (size_t p = 0; p < m->count; p++) {
			m->bases[f][p] = rows;
			rows += m->parts[p].facts->tables[f].rows;
		}
		builder_rows(facts, f, rows);
	}
}

static void merge_fact(struct merge *m, enum fact fact)
{
	const struct fact_table *table = &m->l->whole.facts->tables[fact];
	struct err none = ERR_INIT;

	m->items = must_alloc((table->column_count + 2) * sizeof(*m->items));
	m->item_count = 0;
	/* What takes longest comes first. */
	if (fact == FACT_LEADS)
		add_item(m, fact, COLUMN_WORDS);
	add_item(m, fact, COLUMN_LISTS);
	for (size_t i = 0; i < table->column_count; i++) {
		if (!table->columns[i]->def.custom)
			add_item(m, fact, i);
	}
	load_each(m->l->threads, m->item_count, merge_item, m, NULL, &none);
	free(m->items);
}

void load_merge(struct loader *l, struct part *parts, size_t count)
{
	static const enum known_column linked[] = { COL_LEAD, COL_OPPORTUNITY, COL_OWNER, COL_TEAM, COL__COUNT };
	struct merge m = { .l = l, .parts = parts, .count = count };

	m.currencies = must_calloc(count + 1, sizeof(*m.currencies));
	for (size_t p = 0; p < count; p++) {
		for (enum fact f = 0; f < FACT__COUNT; f++)
			part_drop_dead(&parts[p], f);
		l->whole.leads_by_email |= parts[p].leads_by_email;
		for (unsigned i = 0; i < parts[p].facts->currency_count; i++)
			m.currencies[p][i] = builder_currency(l->whole.facts, parts[p].facts->currencies[i]);
	}
	place_rows(&m);
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		merge_fact(&m, f);
		if (f == FACT_TOUCHES || f == FACT_ACTIVITIES)
			load_pack(l, f, linked);
		load_give_back(l);
	}
	for (enum fact f = 0; f < FACT__COUNT; f++)
		free(m.bases[f]);
	free(m.currencies);
}
