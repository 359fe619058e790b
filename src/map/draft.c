/* A first map for a file that nobody has mapped yet: what the columns are called, and what their cells look like. */
#include <stdio.h>

#include "map/draft_inner.h"
#include "map/draft_steps.h"

enum {
	SAMPLE_ROWS = 100000,
	MOST_TITLES = 10,
	WIDTH_ROWS = 50,
	MOST_CELLS = 1000,
	ROWS_TO_A_SLIP = 20, /* a column of ids may have one bad row in so many */
};

/* "31.12.2024", "1.2.24 9:05" */
static bool is_dotted(struct str cell)
{
	size_t at = 0;

	for (int part = 0; part < 2; part++) {
		size_t digits = 0;

		while (at < cell.len && cell.at[at] >= '0' && cell.at[at] <= '9' && digits < 3) {
			at++;
			digits++;
		}
		if (digits == 0 || digits > 2 || at == cell.len || cell.at[at++] != '.')
			return false;
	}
	return true;
}

static void look_at_cell(struct column *c, struct str cell, long line)
{
	struct value value;

	/* a header repeated inside says nothing about the column */
	if (cell_nothing(cell) != NOTHING_NOT || str_eq(cell, c->name))
		return;
	c->filled++;
	date_evidence_add(&c->dates, cell, line);
	c->number += number_look(cell) != NUMBER_NONE;
	number_evidence_add(&c->numbers, cell, line);
	c->clocks += cell_clock(cell, 0, &value) == CELL_OK;
	c->dotted += is_dotted(cell);
	c->flags += cell_flag(cell, &value) == CELL_OK;
	c->addresses += str_find(cell, "@") > 0;
	c->currency_signs += cell.len && ((unsigned char)cell.at[0] == 0xE2 || cell.at[0] == '$');
	if (!c->many_words && cell.len < 60) {
		++*table_put(&c->words, cell, NULL);
		c->many_words = c->words.count > SAMPLE_ROWS;
	}
}

/* "maskeddealvalue" holds "dealvalue": the longest word that is long enough to mean something. */
static const char *inner_guess(const struct column *c, enum object as)
{
	const char *best = NULL;
	size_t longest = 5;

	for (const struct draft_guess *guess = draft_guesses; guess->letters; guess++) {
		size_t len = strlen(guess->letters);

		if (len > longest && strstr(c->letters, guess->letters) && field_by_name(as, str_of(guess->field))) {
			longest = len;
			best = guess->field;
		}
	}
	return best;
}

static const char *exact_guess(const struct column *c, enum object as)
{
	for (const struct draft_guess *guess = draft_guesses; guess->letters; guess++)
		if (!strcmp(guess->letters, c->letters) &&
		    (field_by_name(as, str_of(guess->field)) || !strcmp(guess->field, "currency")))
			return guess->field;
	return NULL;
}

static const char *guess_of(const struct column *c, enum object as)
{
	const char *exact = exact_guess(c, as);

	return exact ? exact : inner_guess(c, as);
}

static bool is_id(const struct draft *d, const struct column *c)
{
	return c->filled == d->rows && d->rows && !c->many_words && c->words.count == d->rows;
}

/* A column of ids for all that somebody typed into it. */
static bool is_nearly_id(const struct draft *d, const struct column *c)
{
	return c->filled && !c->many_words && (draft_again(c) + draft_empty(d, c)) * ROWS_TO_A_SLIP <= d->rows;
}

static bool ends_like_id(const char *letters)
{
	struct str s = str_of(letters);

	return str_ends(s, "id") || str_ends(s, "nr") || str_find(s, "number") >= 0 || str_find(s, "nummer") >= 0;
}

static enum object kind_in(const char *letters)
{
	for (const struct draft_kind *kind = draft_kinds; kind->letters; kind++)
		if (strstr(letters, kind->letters))
			return kind->object;
	return OBJECT_NONE;
}

/* Steps of leads that stand there more than once: of leads themselves the status would tell as much. */
static bool is_lead_history(const struct draft *d, bool named)
{
	bool steps = false, leads = false;

	for (size_t i = 0; i < d->count; i++) {
		const struct column *c = &d->columns[i];
		const char *field = guess_of(c, OBJECT_LEAD_STEP);

		steps |= !c->many_words && draft_are_steps(&c->words);
		leads |= field && !strcmp(field, "lead") && (named || !is_nearly_id(d, c));
	}
	return leads && (steps || named);
}

/* Deals that stand there more than once, and which stage they came from. */
static bool is_stage_history(const struct draft *d)
{
	bool from = false, deals = false;

	for (size_t i = 0; i < d->count; i++) {
		const char *field = guess_of(&d->columns[i], OBJECT_STAGE_CHANGE);

		from |= field && !strcmp(field, "from_stage");
		deals |= field && !strcmp(field, "opportunity") && !is_nearly_id(d, &d->columns[i]);
	}
	return from && deals;
}

/* Which kind of record has most of these columns; the file's name weighs as much as three, and so does an id in front. */
static enum object guess_object(const struct draft *d, const char *path)
{
	enum object best = OBJECT_LEAD, of_id = OBJECT_NONE, of_name;
	size_t most = 0;
	char name[512];
	size_t len = str_fold_name(path_without_rejects(strrchr(path, '/') ? strrchr(path, '/') + 1 : path), name,
				   sizeof(name) - 1);

	name[len] = 0;
	of_name = kind_in(name);
	if (is_lead_history(d, of_name == OBJECT_LEAD_STEP))
		return OBJECT_LEAD_STEP;
	if (is_stage_history(d))
		return OBJECT_STAGE_CHANGE;
	if (d->count && is_nearly_id(d, &d->columns[0]) && ends_like_id(d->columns[0].letters))
		of_id = kind_in(d->columns[0].letters);
	for (int object = OBJECT_LEAD; object <= OBJECT_PERSON; object++) {
		size_t score =
			3 * (size_t)(of_name == (enum object)object) + 3 * (size_t)(of_id == (enum object)object);

		for (size_t i = 0; i < d->count; i++)
			score += guess_of(&d->columns[i], (enum object)object) != NULL;
		if (score > most) {
			most = score;
			best = (enum object)object;
		}
	}
	return best;
}

/* A key stands in the clear; an address alone is made unreadable there. Where ids have slips, the name must say that they are, and of no
 * other record. */
static bool may_be_key(const struct draft *d, const struct column *c)
{
	const char *field = guess_of(c, d->as);
	const struct field_def *def = field ? field_by_name(d->as, str_of(field)) : NULL;

	if (draft_is_date(c) || (def && def->personal && def->code != FIELD_EMAIL))
		return false;
	return is_id(d, c) || (is_nearly_id(d, c) && ends_like_id(c->letters) && !(def && def->type == FIELD_REF));
}

static int guess_key(const struct draft *d)
{
	int slips = -1;

	for (size_t i = 0; i < d->count; i++) {
		const struct column *c = &d->columns[i];

		if (!may_be_key(d, c) || !ends_like_id(c->letters))
			continue;
		if (is_id(d, c))
			return (int)i;
		slips = slips < 0 ? (int)i : slips;
	}
	return slips < 0 && d->count && may_be_key(d, &d->columns[0]) ? 0 : slips;
}

static bool type_fits(const struct column *c, const char *field, enum object as)
{
	const struct field_def *def = field_by_name(as, str_of(field));

	if (!def || !c->filled)
		return true;
	switch (def->type) {
	case FIELD_WHEN: return draft_is_date(c);
	case FIELD_MILESTONE: return draft_is_date(c) || c->flags == c->filled;
	case FIELD_NUMBER: return draft_is_number(c) || (def->code == FIELD_DURATION_MINUTES && c->clocks == c->filled);
	case FIELD_MONEY: return draft_is_number(c);
	case FIELD_FLAG: return c->flags == c->filled;
	case FIELD_TEXT:
	case FIELD_REF: return true;
	}
	return true;
}

/* Its words say more than what it is called. */
static void settle_kind(struct draft *d)
{
	struct column *kind = NULL;

	for (size_t i = 0; i < d->count; i++) {
		struct column *c = &d->columns[i];

		if (c->field && !strcmp(c->field, "kind"))
			return;
		if (!kind && !c->many_words && draft_are_steps(&c->words))
			kind = c;
	}
	if (kind)
		kind->field = "kind";
}

/* Of a call "who" is the seller. In a history of leads "who" did it, or, beside a column that says who did, has the lead since. */
static const char *guess_in(const struct draft *d, const struct column *c)
{
	bool who = !strcmp(c->letters, "who") || !strcmp(c->letters, "wer");

	if (who && d->as == OBJECT_ACTIVITY)
		return "owner";
	who &= d->as == OBJECT_LEAD_STEP;
	for (size_t i = 0; who && i < d->count; i++) {
		const char *field = guess_of(&d->columns[i], d->as);

		if (&d->columns[i] != c && field && !strcmp(field, "by"))
			return "owner";
	}
	return guess_of(c, d->as);
}

static void settle_field(struct draft *d, struct column *c)
{
	bool is_key = c - d->columns == d->key;
	const char *field = is_key && d->as != OBJECT_PERSON && d->as != OBJECT_ACCOUNT ? NULL : guess_in(d, c);

	if (!field || !type_fits(c, field, d->as))
		return;
	for (size_t i = 0; i < d->count; i++)
		if (d->columns[i].field && !strcmp(d->columns[i].field, field))
			return;
	c->field = field;
	if (draft_is_duration(c)) {
		c->unit = draft_unit(c->name);
		c->field = c->unit == DRAFT_UNIT_OTHER ? NULL : field;
	}
}

/* Names that are known go before those of which only a part is. */
static void settle_fields(struct draft *d)
{
	for (size_t i = 0; i < d->count; i++)
		if (exact_guess(&d->columns[i], d->as))
			settle_field(d, &d->columns[i]);
	for (size_t i = 0; i < d->count; i++)
		if (!exact_guess(&d->columns[i], d->as))
			settle_field(d, &d->columns[i]);
}

const char *const draft_needed[OBJECT__COUNT][DRAFT_NEEDED] = {
	[OBJECT_LEAD] = { "created" },
	[OBJECT_OPPORTUNITY] = { "created", "stage" },
	[OBJECT_ACTIVITY] = { "at", "lead" },
	[OBJECT_TOUCH] = { "at", "lead" },
	[OBJECT_SPEND] = { "day", "amount" },
	[OBJECT_ORDER] = { "booked", "amount" },
	[OBJECT_LEAD_STEP] = { "at", "lead", "kind" },
	[OBJECT_STAGE_CHANGE] = { "entered", "opportunity", "stage" },
};

/* A file with one column of dates: no other can say when. */
static void settle_time(struct draft *d)
{
	const char *time = draft_needed[d->as][0];
	size_t dates = 0, at = 0;

	for (size_t i = 0; i < d->count; i++) {
		if (!draft_is_date(&d->columns[i]))
			continue;
		dates++;
		at = i;
	}
	if (!time || dates != 1 || d->columns[at].field || (int)at == d->key)
		return;
	d->columns[at].field = time;
	d->columns[at].only_date = true;
}

static size_t named_cells(const struct csv_row *header)
{
	size_t named = 0;
	char nameless[32];

	for (size_t i = 0; i < header->count; i++) {
		snprintf(nameless, sizeof(nameless), "column %zu", i + 1); /* csv.h */
		named += !str_is(header->cells[i], nameless);
	}
	return named;
}

/* Cells that most of the first rows have under a header on this line, and how many of them the header names. */
static int widths(const char *path, long skip_lines, size_t *header, size_t *named, size_t *rows, struct err *err)
{
	struct csv_options options = CSV_OPTIONS_DEFAULT;
	size_t of[MOST_CELLS + 1] = { 0 };
	struct csv_row row;
	struct csv *csv;
	int rc;

	options.skip_lines = skip_lines;
	*rows = 0;
	rc = csv_open(&csv, path, &options, err);
	if (rc)
		return rc;
	*header = csv_header(csv)->count;
	*named = named_cells(csv_header(csv));
	for (int i = 0; i < WIDTH_ROWS && (rc = csv_next(csv, &row, err)) > 0; i++)
		of[row.count < MOST_CELLS ? row.count : MOST_CELLS]++;
	for (size_t cells = 1; cells <= MOST_CELLS; cells++)
		*rows = of[cells] > of[*rows] ? cells : *rows;
	csv_close(csv);
	return rc < 0 ? rc : 0;
}

/* Exporters write titles above the header: lines narrower than the rows, or filled up with empty cells. */
static long titles_above(const char *path)
{
	for (long lines = 0; lines <= MOST_TITLES; lines++) {
		struct err none = ERR_INIT;
		size_t header, named, rows;

		if (widths(path, lines, &header, &named, &rows, &none))
			return 0;
		if (rows > 1 && header >= rows && 2 * named > header)
			return lines;
	}
	return 0;
}

static int look(struct draft *d, const char *path, struct err *err)
{
	struct csv_options options = CSV_OPTIONS_DEFAULT;
	struct csv_row row;
	struct csv *csv;
	int rc;

	options.skip_lines = d->skip_lines = titles_above(path);
	rc = csv_open(&csv, path, &options, err);
	if (rc)
		return rc;
	d->count = csv_header(csv)->count;
	d->columns = ARENA_ARRAY(&d->arena, struct column, d->count + 1);
	for (size_t i = 0; i < d->count; i++) {
		struct column *c = &d->columns[i];
		size_t len;

		c->name = arena_str(&d->arena, csv_header(csv)->cells[i]);
		len = str_fold_name(c->name, c->letters, sizeof(c->letters) - 1);
		c->letters[len] = 0;
		table_init(&c->words);
	}
	while (d->rows < SAMPLE_ROWS && (rc = csv_next(csv, &row, err)) > 0) {
		d->rows++;
		for (size_t i = 0; i < d->count && i < row.count; i++)
			look_at_cell(&d->columns[i], str_trim(row.cells[i]), row.line);
	}
	csv_close(csv);
	return rc < 0 ? rc : 0;
}

int map_draft(struct buf *out, const char *path, enum object as, struct err *err)
{
	struct draft d = { .out = out, .as = as };
	int rc;

	arena_init(&d.arena);
	rc = look(&d, path, err);
	if (rc == 0) {
		if (as == OBJECT_NONE)
			d.as = guess_object(&d, path);
		d.key = guess_key(&d);
		settle_fields(&d);
		if (d.as == OBJECT_LEAD_STEP)
			settle_kind(&d);
		settle_time(&d);
		draft_write(&d, path);
	}
	for (size_t i = 0; i < d.count; i++)
		table_release(&d.columns[i].words);
	arena_release(&d.arena);
	return rc;
}
