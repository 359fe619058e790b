/* A first map for a file that nobody has mapped yet: what the columns are called, and what their cells look like. */
#include <stdio.h>
#include "base/buf.h"
#include "base/table.h"
#include "map/draft_words.h"
#include "map/formats.h"
#include "map/plan.h"

enum {
	SAMPLE_ROWS = 100000,
	MOST_STAGES = 40,
	MOST_TITLES = 10,
	WIDTH_ROWS = 50,
	MOST_CELLS = 1000,
	NAME_BYTES = 60,
};

struct column {
	struct str name;
	char letters[128];
	const char *field; /* NULL: none guessed */
	bool only_date;    /* guessed for no other reason */
	struct date_evidence dates;
	struct number_evidence numbers;
	uint64_t filled, number, flags, currency_signs, addresses, clocks;
	struct table words;
	bool many_words;
	enum draft_unit unit; /* of a duration, by the column's name */
};

struct draft {
	struct arena arena;
	struct column *columns;
	size_t count;
	uint64_t rows;
	long skip_lines; /* titles above the header */
	enum object as;
	int key;
	struct buf *out;
};

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

static const char *guess_of(const struct column *c, enum object as)
{
	for (const struct draft_guess *guess = draft_guesses; guess->letters; guess++)
		if (!strcmp(guess->letters, c->letters) &&
		    (field_by_name(as, str_of(guess->field)) || !strcmp(guess->field, "currency")))
			return guess->field;
	return inner_guess(c, as);
}

static bool is_date(const struct column *c)
{
	return c->filled && c->dates.cells * 10 >= c->filled * 9 && c->dates.unix_s == 0;
}

static bool is_number(const struct column *c)
{
	return c->filled && c->number * 10 >= c->filled * 9;
}

static bool is_id(const struct draft *d, const struct column *c)
{
	return c->filled == d->rows && d->rows && !c->many_words && c->words.count == d->rows;
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
	if (d->count && is_id(d, &d->columns[0]) && ends_like_id(d->columns[0].letters))
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

/* A key stands in the clear; an address alone is made unreadable there. */
static bool may_be_key(const struct draft *d, const struct column *c)
{
	const char *field = guess_of(c, d->as);
	const struct field_def *def = field ? field_by_name(d->as, str_of(field)) : NULL;

	return is_id(d, c) && !is_date(c) && !(def && def->personal && def->code != FIELD_EMAIL);
}

static int guess_key(const struct draft *d)
{
	int first = -1;

	for (size_t i = 0; i < d->count; i++) {
		const struct column *c = &d->columns[i];

		if (!may_be_key(d, c))
			continue;
		if (ends_like_id(c->letters))
			return (int)i;
		if (first < 0 && i == 0)
			first = (int)i;
	}
	return first;
}

/* A name as YAML takes it. */
static void put_name(struct buf *out, struct str name)
{
	bool plain = name.len > 0 && !strchr("-?:!&*#%@`'\"{}[],>|= ", name.at[0]) && name.at[name.len - 1] != ' ';

	for (size_t i = 0; i < name.len; i++)
		plain &= (unsigned char)name.at[i] >= ' ' && strchr(":#,[]{}\"'\\\x7F", name.at[i]) == NULL;
	if (plain) {
		buf_add_str(out, name);
		return;
	}
	buf_add_char(out, '"');
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.at[i];

		if (c == '"' || c == '\\')
			buf_add_char(out, '\\');
		if (c < ' ' || c == 0x7F)
			buf_addf(out, "\\x%02X", c);
		else
			buf_add_char(out, name.at[i]);
	}
	buf_add_char(out, '"');
}

static bool type_fits(const struct column *c, const char *field, enum object as)
{
	const struct field_def *def = field_by_name(as, str_of(field));

	if (!def || !c->filled)
		return true;
	switch (def->type) {
	case FIELD_WHEN: return is_date(c);
	case FIELD_MILESTONE: return is_date(c) || c->flags == c->filled;
	case FIELD_NUMBER: return is_number(c) || (def->code == FIELD_DURATION_MINUTES && c->clocks == c->filled);
	case FIELD_MONEY: return is_number(c);
	case FIELD_FLAG: return c->flags == c->filled;
	case FIELD_TEXT:
	case FIELD_REF: return true;
	}
	return true;
}

static bool is_duration(const struct column *c)
{
	return !strcmp(c->field, "duration_minutes");
}

static void settle_fields(struct draft *d)
{
	for (size_t i = 0; i < d->count; i++) {
		struct column *c = &d->columns[i];

		c->field = (int)i == d->key && d->as != OBJECT_PERSON && d->as != OBJECT_ACCOUNT ? NULL
												 : guess_of(c, d->as);
		if (c->field && !type_fits(c, c->field, d->as))
			c->field = NULL;
		if (c->field && is_duration(c)) {
			c->unit = draft_unit(c->name);
			c->field = c->unit == DRAFT_UNIT_OTHER ? NULL : c->field;
		}
		for (size_t k = 0; k < i && c->field; k++)
			if (d->columns[k].field && !strcmp(d->columns[k].field, c->field))
				c->field = NULL;
	}
}

/* What records of a kind are counted by and found through: without these most questions have no answer. The first is a time. */
static const char *const needed[OBJECT__COUNT][3] = {
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
	const char *time = needed[d->as][0];
	size_t dates = 0, at = 0;

	for (size_t i = 0; i < d->count; i++) {
		if (!is_date(&d->columns[i]))
			continue;
		dates++;
		at = i;
	}
	if (!time || dates != 1 || d->columns[at].field || (int)at == d->key)
		return;
	d->columns[at].field = time;
	d->columns[at].only_date = true;
}

static bool has_field(const struct draft *d, const char *field)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->columns[i].field && !strcmp(d->columns[i].field, field))
			return true;
	return false;
}

static void write_missing(struct draft *d)
{
	for (size_t i = 0; i < sizeof(needed[0]) / sizeof(needed[0][0]) && needed[d->as][i]; i++) {
		const char *field = needed[d->as][i];
		bool linked = !strcmp(field, "lead") && (has_field(d, "contact") || has_field(d, "opportunity"));

		if (!has_field(d, field) && !linked)
			buf_addf(d->out, "      # %s: COLUMN      # which one? %s\n", field,
				 field_by_name(d->as, str_of(field))->sentence);
	}
}

static void write_dates(struct draft *d)
{
	bool unclear = false;
	unsigned order = 0;

	for (size_t i = 0; i < d->count && !order; i++) {
		bool one;

		order = date_evidence_order(&d->columns[i].dates, &one);
		unclear |= one;
	}
	if (order)
		buf_addf(d->out, "    dates: %s\n", date_order_text(order));
	else if (unclear)
		buf_add_text(d->out, "    dates: dd/mm/yyyy        # or mm/dd/yyyy? both fit every row: choose\n");
}

static void write_numbers(struct draft *d)
{
	bool unclear = false;
	char mark = 0;

	for (size_t i = 0; i < d->count && !mark; i++) {
		bool one;

		if (!is_number(&d->columns[i]))
			continue;
		mark = number_evidence_mark(&d->columns[i].numbers, &one);
		unclear |= one;
	}
	if (mark == ',')
		buf_add_text(d->out, "    numbers: \"1.234,56\"\n");
	else if (!mark && unclear)
		buf_add_text(d->out, "    numbers: \"1,234.56\"      # or \"1.234,56\"? both fit every row: choose\n");
}

static void write_stages(struct draft *d)
{
	static const struct {
		const char *letters, *means;
	} words[] = { { "won", "won" },       { "gewonnen", "won" }, { "lost", "lost" },
		      { "verloren", "lost" }, { "dead", "lost" },    { "hold", "on_hold" } };
	const struct column *stage = NULL;
	size_t at = 0;
	struct str word;
	uint64_t n;

	for (size_t i = 0; i < d->count; i++)
		if (d->columns[i].field && !strcmp(d->columns[i].field, "stage"))
			stage = &d->columns[i];
	if (!stage || d->as != OBJECT_OPPORTUNITY || stage->words.count > MOST_STAGES)
		return;
	buf_add_text(
		d->out,
		"    stages:                  # put them into the order of your pipeline; open, won, lost, discontinued, on_hold\n");
	while (table_next(&stage->words, &at, &word, &n)) {
		char letters[64];
		size_t len = str_fold_name(word, letters, sizeof(letters) - 1);
		const char *means = "open";

		letters[len] = 0;
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (strstr(letters, words[i].letters))
				means = words[i].means;
		buf_add_text(d->out, "      ");
		put_name(d->out, word);
		buf_addf(d->out, ": %s\n", means);
	}
}

static const char *custom_type(const struct column *c)
{
	if (!c->filled)
		return "text";
	if (is_date(c))
		return "date";
	if (c->currency_signs * 2 > c->filled)
		return "money";
	if (is_number(c) &&
	    !(c->words.count > 0 && c->filled == c->words.count && c->numbers.dot + c->numbers.comma == 0))
		return "number";
	return c->flags == c->filled && c->words.count <= 2 ? "flag" : "text";
}

/* "Closure Probability" → closure_probability, "Größe" → grosse: what measures can be written with. */
static void put_own_name(struct draft *d, const struct column *c)
{
	char name[NAME_BYTES];
	size_t len = 0;

	for (struct str rest = c->name; rest.len && len < NAME_BYTES - 10;) {
		struct str letter = { rest.at, rest.len };
		char folded[8];
		size_t count;

		utf8_next(&rest);
		letter.len -= rest.len;
		count = str_fold_name(letter, folded, sizeof(folded));
		for (size_t i = 0; i < count && (unsigned char)folded[i] < 0x80; i++)
			name[len++] = folded[i];
		if ((!count || (unsigned char)folded[0] >= 0x80) && len && name[len - 1] != '_')
			name[len++] = '_';
	}
	while (len && name[len - 1] == '_')
		len--;
	if (len == 0 || (name[0] >= '0' && name[0] <= '9'))
		buf_add_text(d->out, "column_");
	buf_add(d->out, name, len);
	if (field_by_name(d->as, (struct str){ name, len }))
		buf_add_text(d->out, "_of_file");
}

static bool is_addresses(const struct column *c)
{
	return c->addresses * 2 > c->filled;
}

/* Fields of one's own are not sealed: people's addresses do not belong there. */
static void warn_of_addresses(struct draft *d)
{
	for (size_t i = 0; i < d->count; i++) {
		const struct column *c = &d->columns[i];

		if (c->field || (int)i == d->key || !is_addresses(c))
			continue;
		buf_add_text(d->out, "    # left out: ");
		put_name(d->out, c->name);
		buf_add_text(
			d->out,
			" holds addresses, and fields under a name of your own are not sealed; email and contact are\n");
	}
}

static void write_custom(struct draft *d)
{
	bool begun = false;

	for (size_t i = 0; i < d->count; i++) {
		const struct column *c = &d->columns[i];

		if (c->field || (int)i == d->key || !c->filled || is_addresses(c))
			continue;
		if (!begun)
			buf_add_text(
				d->out,
				"    custom:                  # not known here; keep what you want to ask about, under a name of your own\n");
		begun = true;
		buf_add_text(d->out, "      ");
		put_own_name(d, c);
		buf_add_text(d->out, ": {column: ");
		put_name(d->out, c->name);
		buf_addf(d->out, ", type: %s}\n", custom_type(c));
	}
}

static void write_field(struct draft *d, const struct column *c)
{
	static const char *const units[] = { [DRAFT_UNIT_SECONDS] = ", unit: seconds",
					     [DRAFT_UNIT_HOURS] = ", unit: hours",
					     [DRAFT_UNIT_OTHER] = NULL };
	bool person = !strcmp(c->field, "lead") || !strcmp(c->field, "contact");
	const char *more = units[c->unit];

	if (!strcmp(c->field, "account") && !strstr(c->letters, "id"))
		more = ", by: name";
	else if (person && (strstr(c->letters, "mail") || is_addresses(c)))
		more = ", by: email";
	buf_addf(d->out, "      %s: %s", c->field, more ? "{column: " : "");
	put_name(d->out, c->name);
	buf_addf(d->out, "%s%s", more ? more : "", more ? "}" : "");
	if (is_duration(c) && c->unit == DRAFT_UNIT_NONE && !c->clocks)
		buf_add_text(d->out,
			     "      # minutes? its name does not say; else {column: …, unit: seconds}, or hours");
	if (c->only_date)
		buf_addf(d->out, "      # the only dates in the file; is it this? %s",
			 field_by_name(d->as, str_of(c->field))->sentence);
	buf_add_char(d->out, '\n');
}

/* A number that is taken for minutes and is none is wrong without a sound. */
static void warn_of_units(struct draft *d)
{
	for (size_t i = 0; i < d->count; i++) {
		if (d->columns[i].unit != DRAFT_UNIT_OTHER)
			continue;
		buf_add_text(d->out, "    # no duration_minutes: ");
		put_name(d->out, d->columns[i].name);
		buf_add_text(d->out, " is in another unit than seconds, minutes and hours, which are read\n");
	}
}

static void write_map(struct draft *d, const char *path)
{
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	bool any = false;

	buf_addf(d->out,
		 "# Drafted from %llu rows. Read it through, mend it, then: lockstep import --dry-run --map THIS.yaml ",
		 (unsigned long long)d->rows);
	put_name(d->out, str_of(name));
	buf_add_text(
		d->out,
		"\nmap: my_crm                  # a name; ids are known by it, so keep one map for all files of one system\nfiles:\n  - match: ");
	put_name(d->out, str_of(name));
	if (d->skip_lines)
		buf_addf(d->out, "\n    skip lines: %ld            # titles above the header", d->skip_lines);
	buf_addf(
		d->out,
		"\n    as: %-20s # leads, opportunities, accounts, contacts, activities, touches, spend, orders, people, stage-history, lead-history\n",
		object_plural(d->as));
	if (d->key >= 0) {
		buf_add_text(d->out, "    key: ");
		put_name(d->out, d->columns[d->key].name);
		buf_add_char(d->out, '\n');
	} else {
		buf_add_text(d->out,
			     "    # key: COLUMN            # no column holds an id; rows are known by their content\n");
	}
	write_dates(d);
	write_numbers(d);
	buf_addf(d->out, "    fields:                  # all that a column can be: lockstep fields %s\n",
		 object_plural(d->as));
	for (size_t i = 0; i < d->count; i++) {
		if (d->columns[i].field)
			write_field(d, &d->columns[i]);
		any |= d->columns[i].field != NULL;
	}
	if (!any)
		buf_add_text(d->out, "      {}\n");
	write_missing(d);
	write_stages(d);
	write_custom(d);
	warn_of_addresses(d);
	warn_of_units(d);
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
		settle_time(&d);
		write_map(&d, path);
	}
	for (size_t i = 0; i < d.count; i++)
		table_release(&d.columns[i].words);
	arena_release(&d.arena);
	return rc;
}
