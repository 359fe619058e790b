#include "facts/graft.h"

#include <stdlib.h>
#include <string.h>

#include "facts/facts_builder.h"
#include "facts/packed.h"
#include "facts/splice.h"

void graft_init(struct graft *graft, struct facts *into, const struct facts *from)
{
	*graft = (struct graft){ .into = into, .from = from };
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		uint32_t rows = facts_rows(from, f);

		graft->rows[f] = must_alloc((rows + 1) * sizeof(uint32_t));
		memset(graft->rows[f], 0xff, (rows + 1) * sizeof(uint32_t));
		graft->codes[f] = must_calloc(into->tables[f].column_count, sizeof(uint32_t *));
		graft->stale[f] = must_calloc(into->tables[f].column_count, sizeof(bool));
	}
}

void graft_release(struct graft *graft)
{
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		for (size_t i = 0; i < graft->into->tables[f].column_count; i++)
			free(graft->codes[f][i]);
		free(graft->codes[f]);
		free(graft->stale[f]);
		free(graft->rows[f]);
	}
}

/* ---- rows ---- */

/* A copy with room for all rows there can be; NULL stays NULL. */
static uint32_t *own(const struct fact_table *table, uint32_t *items)
{
	uint32_t *copy = items ? must_calloc(table->capacity, sizeof(*copy)) : NULL;

	if (items)
		memcpy(copy, items, table->rows * sizeof(*copy));
	if (!table->borrowed)
		free(items);
	return copy;
}

static void own_rows(struct fact_table *table)
{
	table->sources = own(table, table->sources);
	table->subjects = own(table, table->subjects);
	table->borrowed = false;
}

/* A quarter more, so that adding a row seldom copies the others. */
static void more_rows(struct facts *facts, enum fact fact)
{
	struct fact_table *table = &facts->tables[fact];
	uint32_t capacity = table->capacity + table->capacity / 4 + 1024;

	if (capacity > UINT32_MAX / 2)
		BUG("%s: more than 2^31 rows", fact_name(fact));
	for (size_t i = 0; i < table->column_count; i++)
		column_grow(table->columns[i], capacity);
	table->capacity = capacity;
	own_rows(table);
}

static void set_source(struct fact_table *table, uint32_t row, struct str source)
{
	uint32_t code = dict_find(&table->source_names, source);

	if (code == UINT32_MAX) {
		dict_reopen(&table->source_names);
		code = dict_code(&table->source_names, source);
	}
	if (row == 0)
		table->source = code;
	if (!table->sources && code == table->source)
		return;
	if (table->borrowed)
		own_rows(table);
	if (!table->sources) {
		table->sources = must_alloc(table->capacity * sizeof(*table->sources));
		for (uint32_t i = 0; i < row; i++)
			table->sources[i] = table->source;
	}
	table->sources[row] = code;
}

static void set_subject(struct fact_table *table, uint32_t row, uint32_t subject)
{
	if (table->borrowed)
		own_rows(table);
	if (!table->subjects)
		table->subjects = must_calloc(table->capacity, sizeof(*table->subjects));
	table->subjects[row] = subject;
}

static uint32_t add_row(struct graft *graft, enum fact fact, uint32_t row)
{
	struct fact_table *table = &graft->into->tables[fact];
	struct key_list *keys = table->columns[0]->at.keys;
	struct arena arena;

	if (table->rows == table->capacity)
		more_rows(graft->into, fact);
	key_list_reopen(keys);
	arena_init(&arena);
	key_list_add(keys, key_list_at(graft->from->tables[fact].columns[0]->at.keys, row, &arena));
	arena_release(&arena);
	set_source(table, table->rows, facts_source(graft->from, fact, row));
	if (graft->from->tables[fact].subjects)
		set_subject(table, table->rows, graft->from->tables[fact].subjects[row]);
	return table->rows++;
}

void graft_place(struct graft *graft, enum fact fact, uint32_t row, uint32_t to)
{
	graft->rows[fact][row] = to == REF_NONE ? add_row(graft, fact, row) : to;
}

/* ---- values ---- */

static uint32_t name_code(struct graft *graft, enum fact fact, size_t place, const struct column *from, uint32_t code)
{
	struct dict *names = graft->into->tables[fact].columns[place]->dict;
	uint32_t **codes = &graft->codes[fact][place];

	if (!code)
		return 0;
	if (!*codes) {
		*codes = must_alloc(from->dict->count * sizeof(uint32_t));
		memset(*codes, 0xff, from->dict->count * sizeof(uint32_t));
	}
	if ((*codes)[code] == UINT32_MAX) {
		dict_reopen(names);
		(*codes)[code] = dict_code(names, from->dict->names[code]);
	}
	return (*codes)[code];
}

static uint8_t currency(struct graft *graft, uint8_t code)
{
	return builder_currency(graft->into, graft->from->currencies[code]);
}

static void set_time(struct graft *graft, struct column *column, size_t place, uint32_t row, uint32_t t)
{
	uint32_t was = column->at.any ? column->at.times[row] : TIME_NOT_REACHED;

	if (was == t)
		return;
	if (column_shows_extent(column)) {
		facts_event(graft->into, was, -1);
		facts_event(graft->into, t, 1);
	}
	if (was != TIME_NOT_REACHED && (was == column->first_time || was == column->last_time))
		graft->stale[column->fact][place] = true;
	column_set_code(column, row, t);
}

/* Of both facts most columns stand at the same place. */
static const struct column *column_from(const struct graft *graft, enum fact fact, size_t place)
{
	const struct fact_table *table = &graft->from->tables[fact];
	const char *name = graft->into->tables[fact].columns[place]->def.name;

	if (place < table->column_count && !strcmp(table->columns[place]->def.name, name))
		return table->columns[place];
	return facts_column(graft->from, fact, str_of(name));
}

static void set_value(struct graft *graft, enum fact fact, size_t place, uint32_t row)
{
	struct column *column = graft->into->tables[fact].columns[place];
	const struct column *from = column_from(graft, fact, place);
	uint32_t to = graft->rows[fact][row], code;
	bool empty = !from || column->def.type == COLUMN_KEY || column_empty(from, row); /* keys are no array */

	switch (column->def.type) {
	case COLUMN_TIME: set_time(graft, column, place, to, empty ? TIME_NOT_REACHED : column_code(from, row)); break;
	case COLUMN_FLAG: column_set_code(column, to, empty ? FLAG_EMPTY : column_code(from, row)); break;
	case COLUMN_NAME:
		code = empty ? 0 : name_code(graft, fact, place, from, column_code(from, row));
		column_set_code(column, to, code);
		break;
	case COLUMN_NUMBER: column_set_number(column, to, empty ? NAN : column_number(from, row)); break;
	case COLUMN_MONEY:
		column_set_money(column, to, empty ? MONEY_NONE : column_money(from, row),
				 empty ? 0 : currency(graft, column_currency(from, row)));
		break;
	case COLUMN_REF:
		code = empty ? REF_NONE : graft->rows[column->def.target][column_ref(from, row)];
		column_set_ref(column, to, code);
		break;
	default: break;
	}
}

void graft_row(struct graft *graft, enum fact fact, uint32_t row)
{
	const struct fact_table *table = &graft->into->tables[fact];

	for (size_t i = 0; i < table->column_count; i++) {
		if (!table->columns[i]->def.derived)
			set_value(graft, fact, i, row);
	}
}

void graft_value(struct graft *graft, enum fact fact, uint32_t row, const char *name)
{
	const struct fact_table *table = &graft->into->tables[fact];

	for (size_t i = 0; i < table->column_count; i++) {
		if (!strcmp(table->columns[i]->def.name, name))
			set_value(graft, fact, i, row);
	}
}

/* ---- visits ---- */

/* The first visit of that deal, or of one behind it: visits stand in the order of their deals. */
static uint32_t first_visit(const struct column *deal, uint32_t rows, uint32_t row)
{
	uint32_t low = 0, high = deal->at.any ? rows : 0;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (column_ref(deal, middle) < row)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* So that nothing counts them any more. */
static void empty_times(struct graft *graft, uint32_t first, uint32_t past)
{
	struct fact_table *table = &graft->into->tables[FACT_STAGE_VISITS];

	for (size_t i = 0; i < table->column_count; i++) {
		for (uint32_t row = first; row < past && table->columns[i]->def.type == COLUMN_TIME; row++)
			set_time(graft, table->columns[i], i, row, TIME_NOT_REACHED);
	}
}

static void note_visits(struct graft *graft)
{
	struct fact_table *table = &graft->into->tables[FACT_STAGE_VISITS];

	for (size_t i = 0; i < table->column_count; i++) {
		if (table->columns[i]->def.type != COLUMN_KEY)
			column_note(table->columns[i], table->columns[i]->capacity);
	}
}

void graft_visits(struct graft *graft, const bool *whole)
{
	const struct column *was = facts_known_column(graft->into, FACT_STAGE_VISITS, "opportunity");
	const struct column *is = facts_known_column(graft->from, FACT_STAGE_VISITS, "opportunity");
	uint32_t deals = facts_rows(graft->from, FACT_OPPORTUNITIES), made = facts_rows(graft->from, FACT_STAGE_VISITS);
	uint32_t rows = facts_rows(graft->into, FACT_STAGE_VISITS), next = 0;
	struct splice *items = must_alloc((deals + 1) * sizeof(*items));
	int64_t shift = 0;
	size_t count = 0;
	bool moved = false;

	for (uint32_t i = 0; i < deals; i++) {
		uint32_t to = graft->rows[FACT_OPPORTUNITIES][i], from = next, at;

		while (next < made && column_ref(is, next) == i)
			next++;
		if (!whole[i])
			continue;
		at = first_visit(was, rows, to);
		items[count] = (struct splice){ at, first_visit(was, rows, to + 1) - at, next - from, from };
		moved |= items[count].drop != items[count].insert;
		for (uint32_t k = from; k < next; k++)
			graft->rows[FACT_STAGE_VISITS][k] = (uint32_t)(at + shift) + k - from;
		shift += (int64_t)items[count].insert - items[count].drop;
		count++;
	}
	for (size_t i = 0; i < count && moved; i++)
		empty_times(graft, items[i].at, items[i].at + items[i].drop);
	if (moved)
		splice_rows(graft->into, FACT_STAGE_VISITS, items, count,
			    graft->from->tables[FACT_STAGE_VISITS].columns[0]->at.keys);
	for (uint32_t k = 0; k < made; k++)
		graft_row(graft, FACT_STAGE_VISITS, k);
	if (moved)
		note_visits(graft);
	free(items);
}

/* ---- history ---- */

static struct version moved(struct graft *graft, enum fact fact, size_t place, const struct column *from,
			    const struct version *version)
{
	struct version out = *version;

	out.row = graft->rows[fact][version->row];
	if (from->def.type == COLUMN_NAME)
		out.value.code = name_code(graft, fact, place, from, version->value.code);
	out.currency = currency(graft, version->currency);
	return out;
}

/* Those of the placed rows in place of what was; both are in order of rows. */
static void replace_versions(struct graft *graft, enum fact fact, size_t place, const bool *whole)
{
	struct column *column = graft->into->tables[fact].columns[place];
	const struct column *from = facts_column(graft->from, fact, str_of(column->def.name));
	uint32_t rows = facts_rows(graft->from, fact), next = 0;
	size_t old = 0, count = 0, fresh = 0, most = column->version_count + (from ? from->version_count : 0);
	struct version *out = must_alloc((most + 1) * sizeof(*out));

	for (;;) {
		uint32_t to;

		while (next < rows && (!whole[next] || graft->rows[fact][next] == REF_NONE))
			next++;
		to = next < rows ? graft->rows[fact][next] : UINT32_MAX;
		while (old < column->version_count && column->versions[old].row < to)
			out[count++] = column->versions[old++];
		if (next == rows)
			break;
		while (old < column->version_count && column->versions[old].row == to)
			old++;
		for (; from && fresh < from->version_count && from->versions[fresh].row <= next; fresh++) {
			if (from->versions[fresh].row == next)
				out[count++] = moved(graft, fact, place, from, &from->versions[fresh]);
		}
		next++;
	}
	if (!column->borrowed)
		free(column->versions);
	column->versions = out;
	column->version_count = count;
	column->version_capacity = most + 1;
}

static bool any(const bool *whole, uint32_t rows)
{
	for (uint32_t i = 0; whole && i < rows; i++) {
		if (whole[i])
			return true;
	}
	return false;
}

void graft_finish(struct graft *graft, bool *const whole[FACT__COUNT], int32_t today)
{
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		struct fact_table *table = &graft->into->tables[f];
		bool rows = any(whole[f], facts_rows(graft->from, f));

		for (size_t i = 0; i < table->column_count; i++) {
			struct column *column = table->columns[i];

			if (rows && column->def.historic) {
				/* What the file holds is not written to; the other arrays go with it. */
				if (column->borrowed)
					column_own(column);
				replace_versions(graft, f, i, whole[f]);
			}
			if (graft->stale[f][i])
				column_note(column, column->capacity);
		}
	}
	facts_resettle(graft->into, today);
}
