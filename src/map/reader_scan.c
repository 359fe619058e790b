/* The first pass over a file: formats of its columns, keys that stand twice. */
#include "map/reader.h"

struct str own_cell(const struct csv_row *own, int column)
{
	struct str cell = column >= 0 && (size_t)column < own->count ? str_trim(own->cells[column]) : STR_NONE;

	/* As our own reports and lists write what would run as a formula. */
	return cell.len && cell.at[0] == '\'' ? str_trim(csv_unguarded(cell)) : cell;
}

struct csv_row reader_own(const struct reader *r, const struct csv_row *row)
{
	if (row->count < r->shift)
		return (struct csv_row){ row->cells, 0, row->line };
	return (struct csv_row){ row->cells + r->shift, row->count - r->shift, row->line };
}

const struct translation *translation_of(const struct translation *list, size_t count, struct str cell)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(list[i].from, cell))
			return &list[i];
	for (size_t i = 0; i < count; i++)
		if (str_eq_fold(list[i].from, cell))
			return &list[i];
	return NULL;
}

bool condition_holds(const struct bound_condition *condition, const struct csv_row *own)
{
	struct str cell;
	bool found = false;

	if (condition->column < 0)
		return true;
	cell = own_cell(own, condition->column);
	for (size_t i = 0; i < condition->plan->values.count; i++)
		found |= str_eq_fold(cell, str_trim(condition->plan->values.items[i]));
	return found != condition->plan->negated;
}

static bool is_inner_header(const struct reader *r, const struct csv_row *own)
{
	size_t filled = 0, same = 0;

	for (size_t i = 0; i < own->count; i++) {
		struct str cell = own->cells[i];

		if (cell.len == 0)
			continue;
		filled++;
		/* most rows are told by the first letters alone */
		if (i < r->header.count && r->header.cells[i].len &&
		    (cell.at[0] <= ' ' || cell.at[0] == r->header.cells[i].at[0]))
			same += str_eq(str_trim(cell), r->header.cells[i]);
	}
	return same > 0 && same * 2 >= filled;
}

enum row_kind reader_class(const struct reader *r, const struct csv_row *own)
{
	if (is_inner_header(r, own))
		return ROW_INNER_HEADER;
	if (r->skip.column >= 0 && condition_holds(&r->skip, own))
		return ROW_SKIPPED;
	return ROW_GOOD;
}

bool reader_empty_word(const struct reader *r, struct str cell)
{
	for (size_t i = 0; i < r->file->manner.empty.count; i++)
		if (str_eq_fold(cell, str_trim(r->file->manner.empty.items[i])))
			return true;
	return false;
}

uint64_t reader_content(const struct csv_row *own)
{
	uint64_t hash = 14695981039346656037u;

	for (size_t i = 0; i < own->count; i++)
		hash = (hash ^ str_hash(str_trim(own->cells[i]))) * 1099511628211u + i;
	return hash;
}

struct str reader_key(struct reader *r, const struct bound_object *object, const struct csv_row *own)
{
	size_t len = 0, at = 0, count = object->plan->key_count;
	char *text;

	if (count == 1)
		return own_cell(own, object->key[0]);
	for (size_t i = 0; i < count; i++) {
		struct str cell = own_cell(own, object->key[i]);

		if (cell.len == 0)
			return STR_NONE;
		len += 2 * cell.len + 1;
	}
	text = arena_alloc(&r->scratch, len + 1);
	for (size_t i = 0; i < count; i++) {
		struct str cell = own_cell(own, object->key[i]);

		if (i)
			text[at++] = '|';
		/* "a|b" and "c" are another row than "a" and "b|c" */
		for (size_t k = 0; k < cell.len; k++) {
			if (cell.at[k] == '|' || cell.at[k] == '\\')
				text[at++] = '\\';
			text[at++] = cell.at[k];
		}
	}
	return (struct str){ text, at };
}

static void scan_lens(const struct reader *r, struct lens *lens, const struct rule *rule, const struct csv_row *own)
{
	struct str cell;

	if (lens->column < 0 || (!lens->is_date && !lens->is_number))
		return;
	cell = own_cell(own, lens->column);
	if (cell.len == 0 || cell_nothing(cell) != NOTHING_NOT ||
	    (r->file->manner.empty.count && reader_empty_word(r, cell)))
		return;
	if (rule && rule->value_count && translation_of(rule->values, rule->value_count, cell))
		return;
	if (lens->is_date)
		date_evidence_add(lens->dates, cell, own->line);
	else
		number_evidence_add(lens->numbers, cell, own->line);
}

/* Columns that stand in for an empty one are read like it. */
static void scan_instead(const struct reader *r, struct bound *bound, const struct csv_row *own)
{
	for (size_t i = 0; i < bound->instead_count; i++) {
		struct lens lens = bound->lens;

		lens.column = bound->instead[i];
		scan_lens(r, &lens, bound->rule, own);
	}
}

static void scan_key(struct reader *r, const struct csv_row *own)
{
	struct standing now = { .last_line = (uint32_t)own->line, .content = reader_content(own) };
	struct str key;
	uint64_t *at;
	bool is_new;

	/* a row that is left out replaces none */
	if (!r->objects[0].plan->key_count || r->dated || !condition_holds(&r->objects[0].only, own))
		return;
	arena_reset(&r->scratch);
	key = reader_key(r, &r->objects[0], own);
	if (key.len == 0)
		return;
	at = table_put(&r->keys, key, &is_new);
	if (is_new) {
		if (r->standing_count == r->standing_capacity) {
			r->standing_capacity = r->standing_capacity ? r->standing_capacity * 2 : 1024;
			r->standing = must_realloc(r->standing, r->standing_capacity * sizeof(*r->standing));
		}
		*at = r->standing_count++;
	}
	r->repeated |= !is_new;
	if (!is_new)
		now.contested = r->standing[*at].contested || r->standing[*at].content != now.content;
	r->contested |= now.contested;
	r->standing[*at] = now;
}

bool reader_weigh(struct reader *r)
{
	if (!r->contested)
		return false;
	for (size_t i = 0; i < r->standing_count; i++)
		if (r->standing[i].contested)
			r->standing[i].last_line = 0;
	r->weighing = true;
	return true;
}

void reader_scan(struct reader *r, const struct csv_row *row)
{
	struct csv_row own = reader_own(r, row);

	if (reader_class(r, &own) != ROW_GOOD)
		return;
	for (size_t o = 0; o < r->object_count; o++) {
		struct bound_object *object = &r->objects[o];

		for (size_t i = 0; i < object->count; i++) {
			scan_lens(r, &object->bounds[i].lens, object->bounds[i].rule, &own);
			scan_instead(r, &object->bounds[i], &own);
			scan_lens(r, &object->bounds[i].at, NULL, &own);
		}
		for (size_t i = 0; i < object->stage_date_count; i++)
			scan_lens(r, &object->stage_dates[i].lens, NULL, &own);
	}
	scan_key(r, &own);
}

/* ---- deciding ---- */

typedef void lens_fn(struct reader *r, struct lens *lens, void *context);

static void each_lens(struct reader *r, lens_fn *each, void *context)
{
	for (size_t o = 0; o < r->object_count; o++) {
		struct bound_object *object = &r->objects[o];

		for (size_t i = 0; i < object->count; i++) {
			if (object->bounds[i].lens.column >= 0)
				each(r, &object->bounds[i].lens, context);
			if (object->bounds[i].at.column >= 0)
				each(r, &object->bounds[i].at, context);
		}
		for (size_t i = 0; i < object->stage_date_count; i++)
			each(r, &object->stage_dates[i].lens, context);
	}
}

/* What the other columns of the file prove: 0 nothing, or they disagree. */
struct file_wide {
	unsigned order;
	char mark;
	bool orders_differ, marks_differ;
};

static void own_evidence(struct reader *r, struct lens *lens, void *context)
{
	struct file_wide *wide = context;
	bool unclear;

	(void)r;
	if (lens->is_date) {
		unsigned order = date_evidence_order(lens->dates, &unclear);

		lens->whole_days = lens->dates->timed && !lens->dates->not_midnight;
		if (!lens->stated)
			lens->order = order;
		if (order && wide->order && order != wide->order)
			wide->orders_differ = true;
		else if (order)
			wide->order = order;
	} else if (lens->is_number) {
		char mark = number_evidence_mark(lens->numbers, &unclear);

		if (!lens->stated)
			lens->mark = mark;
		wide->marks_differ |=
			(mark && wide->mark && mark != wide->mark) || (lens->numbers->dot && lens->numbers->comma);
		if (mark)
			wide->mark = mark;
	}
}

struct deciding {
	const struct file_wide *wide;
	struct problems *problems;
};

static void note_column(struct reader *r, const struct lens *lens, const char *text)
{
	struct mapped_column *column = &r->columns[lens->column];

	if (!column->note.len)
		column->note = str_of(text);
}

static void decide_date(struct reader *r, struct lens *lens, const struct deciding *d)
{
	struct str column = r->header.cells[lens->column];
	bool unclear;
	const struct date_evidence *e = lens->dates;

	date_evidence_order(e, &unclear);
	/* a milestone's column of yes and no */
	if (!e->cells)
		return;
	if (unclear && !lens->order && d->wide->order && !d->wide->orders_differ) {
		lens->order = d->wide->order;
		note_column(r, lens,
			    arena_printf(&r->arena, "dates read as %s, like the other columns of the file",
					 date_order_text(lens->order)));
	} else if (unclear && !lens->order) {
		problem_add(
			d->problems, str_of(r->settings.path), e->example_line, 0, column,
			"dates like \"%s\" can be read as dd/mm/yyyy and as mm/dd/yyyy, and nothing in the file tells which. Add "
			"`dates: dd/mm/yyyy` or `dates: mm/dd/yyyy` to the map, or give --dates.",
			e->example);
	} else if (e->dmy && e->mdy && !lens->stated) {
		note_column(r, lens,
			    arena_printf(&r->arena, "dates read as %s; %llu fit only the other order",
					 date_order_text(lens->order),
					 (unsigned long long)(lens->order == DATE_DMY ? e->mdy : e->dmy)));
	} else if (lens->order == DATE_DMY || lens->order == DATE_MDY) {
		note_column(r, lens, arena_printf(&r->arena, "dates read as %s", date_order_text(lens->order)));
	} else if (e->excel && e->excel >= e->fixed) {
		note_column(r, lens, "Excel serial days");
	} else if (e->unix_s || e->unix_ms) {
		note_column(r, lens, "counted since 1970");
	} else if (lens->whole_days) {
		note_column(r, lens, "every time is 00:00: read as days");
	}
}

static void decide_number(struct reader *r, struct lens *lens, const struct deciding *d)
{
	const struct number_evidence *e = lens->numbers;
	bool unclear;

	number_evidence_mark(e, &unclear);
	if (unclear && !lens->mark && d->wide->mark && !d->wide->marks_differ) {
		lens->mark = d->wide->mark;
		note_column(r, lens,
			    arena_printf(&r->arena, "numbers read as %s, like the other columns of the file",
					 lens->mark == '.' ? "1,234.56" : "1.234,56"));
	} else if (unclear && !lens->mark) {
		problem_add(
			d->problems, str_of(r->settings.path), e->example_line, 0, r->header.cells[lens->column],
			"numbers like \"%s\" can be read in two ways, and nothing in the file tells which. Add `numbers: \"1,234.56\"` or "
			"`numbers: \"1.234,56\"` to the map, or give --numbers.",
			e->example);
	} else if (e->dot && e->comma && !lens->stated) {
		note_column(r, lens, "numbers in both styles, each read as it stands");
	} else if (lens->mark == ',') {
		note_column(r, lens, "numbers read as 1.234,56");
	}
}

static void decide(struct reader *r, struct lens *lens, void *context)
{
	const struct deciding *d = context;

	if (lens->is_date)
		decide_date(r, lens, d);
	else if (lens->is_number)
		decide_number(r, lens, d);
}

void reader_decide(struct reader *r, struct problems *problems)
{
	struct file_wide wide = { 0 };
	struct deciding deciding = { &wide, problems };

	each_lens(r, own_evidence, &wide);
	each_lens(r, decide, &deciding);
}
