/* Who is meant: records by key, address and name; and what rows take from those they find. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "facts/load.h"

void loader_init(struct loader *l, struct facts *facts, unsigned threads)
{
	*l = (struct loader){ .threads = threads };
	part_init_whole(&l->whole, facts);
	for (enum fact f = 0; f < FACT__COUNT; f++)
		l->first[f] = facts_rows(facts, f);
}

void loader_release(struct loader *l)
{
	for (enum object object = 0; object < OBJECT__COUNT; object++) {
		places_release(&l->keys[object]);
		places_release(&l->emails[object]);
		places_release(&l->names[object]);
	}
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		for (enum known_column c = 0; c < COL__COUNT; c++)
			free(l->words[f][c].codes);
		free(l->owners[f].items);
		free(l->source_hashes[f]);
	}
	free(l->stages);
	part_release(&l->whole);
}

/* ---- the index ---- */

static void put(struct places *places, uint64_t key, uint64_t source, size_t place, bool single)
{
	if (key)
		places_put(places, places_hash(key, source), (uint32_t)place, single);
}

static uint64_t word_hash(const struct loader *l, uint32_t word)
{
	return text_hash(l->whole.words.names[word]);
}

static uint64_t no_source(void)
{
	return str_hash(STR_NONE);
}

static void index_colleagues(struct loader *l)
{
	for (size_t i = 0; i < l->whole.colleagues.count; i++) {
		const struct colleague *c = &l->whole.colleagues.items[i];

		put(&l->keys[OBJECT_PERSON], c->key, c->source, i + 1, false);
		put(&l->names[OBJECT_PERSON], word_hash(l, c->name), c->source, i + 1, true);
		put(&l->names[OBJECT_PERSON], word_hash(l, c->name), no_source(), i + 1, true);
	}
}

static void index_account_keys(struct loader *l)
{
	places_reserve(&l->keys[OBJECT_ACCOUNT], l->whole.accounts.count);
	for (size_t i = 0; i < l->whole.accounts.count; i++) {
		const struct account *a = &l->whole.accounts.items[i];

		put(&l->keys[OBJECT_ACCOUNT], a->key, a->source, i + 1, false);
	}
}

static void index_account_names(struct loader *l)
{
	places_reserve(&l->names[OBJECT_ACCOUNT], l->whole.accounts.count);
	for (size_t i = 0; i < l->whole.accounts.count; i++) {
		const struct account *a = &l->whole.accounts.items[i];

		put(&l->names[OBJECT_ACCOUNT], word_hash(l, a->name), a->source, i + 1, true);
	}
}

static void index_contacts(struct loader *l)
{
	places_reserve(&l->keys[OBJECT_CONTACT], l->whole.contacts.count);
	for (size_t i = 0; i < l->whole.contacts.count; i++) {
		const struct contact *c = &l->whole.contacts.items[i];

		put(&l->keys[OBJECT_CONTACT], c->key, c->source, i + 1, false);
		put(&l->emails[OBJECT_CONTACT], c->email, c->source, i + 1, false);
		/* An address is one person's in all sources of the book. */
		put(&l->emails[OBJECT_CONTACT], c->email, no_source(), i + 1, false);
	}
}

static void index_keys(struct loader *l, enum fact fact, enum object object)
{
	uint32_t first = l->first[fact], rows = facts_rows(l->whole.facts, fact);

	places_reserve(&l->keys[object], rows - first);
	for (uint32_t row = first; row < rows; row++)
		put(&l->keys[object], row_list_at(&l->whole.keys[fact], row - first), load_source(l, fact, row),
		    row + 1, false);
}

static void index_leads(struct loader *l)
{
	index_keys(l, FACT_LEADS, OBJECT_LEAD);
}

static void index_lead_emails(struct loader *l)
{
	uint32_t first = l->first[FACT_LEADS], rows = facts_rows(l->whole.facts, FACT_LEADS);
	const struct row_list *emails = &l->whole.emails;
	size_t count = 0;

	if (!l->whole.leads_by_email)
		return;
	for (uint32_t row = first; emails->items && row < rows; row++)
		count += row_list_at(emails, row - first) != 0;
	places_reserve(&l->emails[OBJECT_LEAD], 2 * count);
	for (uint32_t row = first; count && row < rows; row++) {
		uint64_t email = row_list_at(emails, row - first);

		put(&l->emails[OBJECT_LEAD], email, load_source(l, FACT_LEADS, row), row + 1, false);
		put(&l->emails[OBJECT_LEAD], email, no_source(), row + 1, false);
	}
}

static void index_opportunities(struct loader *l)
{
	index_keys(l, FACT_OPPORTUNITIES, OBJECT_OPPORTUNITY);
}

static void hash_sources(struct loader *l, enum fact fact)
{
	const struct dict *sources = &l->whole.facts->tables[fact].source_names;

	l->source_hashes[fact] = must_realloc(l->source_hashes[fact], sources->count * sizeof(uint64_t));
	l->source_count[fact] = sources->count;
	for (uint32_t i = 0; i < sources->count; i++)
		l->source_hashes[fact][i] = str_hash(sources->names[i]);
}

/* Each fills places of its own. What takes longest comes first. */
static void (*const indexes[])(struct loader *l) = { index_leads,     index_account_keys, index_account_names,
						     index_contacts,  index_lead_emails,  index_opportunities,
						     index_colleagues };

static int index_one(void *context, size_t item, struct err *err)
{
	(void)err;
	indexes[item](context);
	return 0;
}

void load_index(struct loader *l)
{
	struct err none = ERR_INIT;

	for (enum fact f = 0; f < FACT__COUNT; f++)
		hash_sources(l, f);
	load_each(l->threads, sizeof(indexes) / sizeof(*indexes), index_one, l, NULL, &none);
	for (size_t i = 0; i < l->whole.contacts.count; i++) {
		struct contact *c = &l->whole.contacts.items[i];

		c->account = load_find(l, OBJECT_ACCOUNT, c->source, c->account_ref, NULL);
	}
}

/* ---- finding ---- */

static uint32_t source_code(const struct loader *l, enum fact fact, uint32_t row)
{
	const struct fact_table *table = &l->whole.facts->tables[fact];

	return table->sources ? table->sources[row] : table->source;
}

uint64_t load_source(const struct loader *l, enum fact fact, uint32_t row)
{
	return l->source_hashes[fact][source_code(l, fact, row)];
}

uint32_t load_find(const struct loader *l, enum object object, uint64_t source, uint64_t told, uint64_t *unresolved)
{
	enum ref_by by = (enum ref_by)(told & 3);
	uint64_t key = told & ~UINT64_C(3), hash = places_hash(key, source);
	uint32_t place = 0;

	if (!told)
		return 0;
	switch (by) {
	case REF_BY_KEY: place = places_get(&l->keys[object], hash); break;
	case REF_BY_EMAIL:
		place = places_get(&l->emails[object], hash);
		/* An address is the same person wherever it stands. */
		if (!place)
			place = places_get(&l->emails[object], places_hash(key, no_source()));
		break;
	case REF_BY_NAME: place = places_get(&l->names[object], hash); break;
	}
	/* Many exports write a company's name where its id could stand. */
	if (!place && by == REF_BY_KEY)
		place = places_get(&l->names[object], hash);
	if (!place && unresolved)
		++*unresolved;
	return place;
}

const struct colleague *load_colleague(const struct loader *l, uint64_t source, struct str who)
{
	uint64_t key = text_hash(who);
	uint32_t place = 0;

	if (key)
		place = places_get(&l->keys[OBJECT_PERSON], places_hash(key, source));
	if (key && !place)
		place = places_get(&l->names[OBJECT_PERSON], places_hash(key, source));
	/* Colleagues are ours, whichever source names them. */
	if (key && !place)
		place = places_get(&l->names[OBJECT_PERSON], places_hash(key, no_source()));
	return place ? &l->whole.colleagues.items[place - 1] : NULL;
}

/* ---- defaults ---- */

bool load_is_empty(const struct loader *l, enum fact fact, enum known_column column, uint32_t row)
{
	const struct column *values = load_column(l, fact, column);

	if (!values->at.any)
		return true;
	switch (values->def.type) {
	case COLUMN_NUMBER: return isnan(values->at.numbers[row]);
	case COLUMN_MONEY: return values->at.moneys[row] == MONEY_NONE;
	case COLUMN_FLAG: return values->at.flags[row] == FLAG_EMPTY;
	case COLUMN_REF: return values->at.refs[row] == REF_NONE;
	default: return values->at.codes[row] == 0;
	}
}

uint32_t load_time(const struct loader *l, enum fact fact, enum known_column column, uint32_t row)
{
	const struct column *times = load_column(l, fact, column);

	return times->at.any ? times->at.times[row] : TIME_NOT_REACHED;
}

uint32_t load_code(struct loader *l, enum fact fact, enum known_column column, uint32_t word)
{
	uint32_t count = l->words[fact][column].count, more = l->whole.words.count;
	uint32_t *code;

	if (word >= count) {
		l->words[fact][column].codes =
			must_realloc(l->words[fact][column].codes, more * sizeof(*l->words[fact][column].codes));
		for (uint32_t i = count; i < more; i++)
			l->words[fact][column].codes[i] = UINT32_MAX;
		l->words[fact][column].count = more;
	}
	code = &l->words[fact][column].codes[word];
	if (*code == UINT32_MAX)
		*code = dict_code(load_column(l, fact, column)->dict, l->whole.words.names[word]);
	return *code;
}

static void set_code(struct loader *l, struct column *column, uint32_t row, uint32_t code)
{
	builder_writable(l->whole.facts, column);
	column->at.codes[row] = code;
}

void load_set_word(struct loader *l, enum fact fact, enum known_column column, uint32_t row, uint32_t word)
{
	set_code(l, load_column(l, fact, column), row, load_code(l, fact, column, word));
}

void load_default(struct loader *l, enum fact fact, enum known_column column, uint32_t row, uint32_t word)
{
	if (word && load_is_empty(l, fact, column, row))
		load_set_word(l, fact, column, row, word);
}

/* ---- owners ---- */

/* 0 where the fact has no such column. */
static uint32_t code_of(struct loader *l, enum fact fact, enum known_column column, uint32_t word)
{
	return word && load_column(l, fact, column) ? load_code(l, fact, column, word) : 0;
}

static struct owner look_up_owner(struct loader *l, enum fact fact, uint32_t source, uint32_t owner)
{
	const struct dict *names = load_column(l, fact, COL_OWNER)->dict;
	const struct colleague *colleague = load_colleague(l, l->source_hashes[fact][source], names->names[owner]);
	struct owner found = { .looked_up = true };

	if (!colleague)
		return found;
	found.owner = code_of(l, fact, COL_OWNER, colleague->name);
	found.team = code_of(l, fact, COL_TEAM, colleague->team);
	found.region = code_of(l, fact, COL_REGION, colleague->region);
	found.partner = code_of(l, fact, COL_PARTNER, colleague->partner);
	return found;
}

/* The names known when this is first asked are those that records told. */
const struct owner *load_owner(struct loader *l, enum fact fact, uint32_t source, uint32_t owner)
{
	struct owner *known;

	if (!l->owners[fact].items) {
		l->owners[fact].sources = l->source_count[fact];
		l->owners[fact].names = load_column(l, fact, COL_OWNER)->dict->count;
		l->owners[fact].items = must_calloc((size_t)l->owners[fact].sources * l->owners[fact].names,
						    sizeof(*l->owners[fact].items));
	}
	if (source >= l->owners[fact].sources || owner >= l->owners[fact].names)
		BUG("an owner that no record tells of");
	known = &l->owners[fact].items[(size_t)source * l->owners[fact].names + owner];
	if (!known->looked_up)
		*known = look_up_owner(l, fact, source, owner);
	return known;
}

static void default_code(struct loader *l, struct column *column, uint32_t row, uint32_t code)
{
	if (code && (!column->at.any || !column->at.codes[row]))
		set_code(l, column, row, code);
}

void load_owned(struct loader *l, enum fact fact, uint32_t row)
{
	struct column *owner = load_column(l, fact, COL_OWNER);
	const struct owner *known;

	if (!owner->at.any || !owner->at.codes[row])
		return;
	known = load_owner(l, fact, source_code(l, fact, row), owner->at.codes[row]);
	if (known->owner)
		owner->at.codes[row] = known->owner;
	default_code(l, load_column(l, fact, COL_TEAM), row, known->team);
	default_code(l, load_column(l, fact, COL_REGION), row, known->region);
	default_code(l, load_column(l, fact, COL_PARTNER), row, known->partner);
}

/* What records said of their owner before, by the same names. */
void load_owned_versions(struct loader *l, enum fact fact)
{
	struct column *owner = load_column(l, fact, COL_OWNER);

	for (size_t i = 0; i < owner->version_count; i++) {
		struct version *version = &owner->versions[i];
		const struct owner *known;

		if (version->row < l->first[fact] || !version->value.code)
			continue;
		known = load_owner(l, fact, source_code(l, fact, version->row), version->value.code);
		if (known->owner)
			version->value.code = known->owner;
	}
}

/* ---- along references ---- */

void load_copy_names(struct loader *l, enum fact of, enum fact into, enum known_column ref,
		     const enum known_column *columns, size_t count, uint32_t from, uint32_t to)
{
	const struct column *refs = load_column(l, into, ref);

	for (size_t i = 0; refs->at.any && i < count; i++) {
		const struct column *in = load_column(l, of, columns[i]);
		struct column *out = load_column(l, into, columns[i]);
		uint32_t *codes;

		if (!in->at.any)
			continue;
		/* For a few rows looking up is cheaper than remembering. */
		codes = to - from > in->dict->count / 16 ? must_calloc(in->dict->count, sizeof(*codes)) : NULL;
		for (uint32_t row = from; row < to; row++) {
			uint32_t code = refs->at.refs[row] == REF_NONE ? 0 : in->at.codes[refs->at.refs[row]];

			if (!code || (out->at.any && out->at.codes[row]))
				continue;
			if (!codes)
				set_code(l, out, row, dict_code(out->dict, in->dict->names[code]));
			else if (!codes[code])
				set_code(l, out, row, codes[code] = dict_code(out->dict, in->dict->names[code]));
			else
				set_code(l, out, row, codes[code]);
		}
		free(codes);
	}
}
