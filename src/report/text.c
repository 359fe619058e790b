/* The page for a terminal or a pipe: at most 100 columns. Definitions are numbered where they first occur and stand at the end. */
#include "domain/statistics.h"
#include "io/terminal.h"
#include "io/text_table.h"
#include "report/internal.h"

#define WIDTH 100
#define TO_TEXT_(x) #x
#define TO_TEXT(x) TO_TEXT_(x)

struct writer {
	const struct page *page;
	struct arena arena;
	struct buf *out;
	bool colour;
	size_t *noted; /* per definition: its number, in the order of appearance; 0 = not yet */
	size_t *order; /* definitions in that order */
	size_t noted_count;
	int actions;
	bool few; /* something said "too few" */
};

static void ink(struct writer *w, enum ink ink, const char *text)
{
	buf_addf(w->out, "%s%s%s", ink_on(ink, w->colour), text, ink_off(w->colour));
}

static void note_mark(struct writer *w, struct buf *out, size_t definition)
{
	if (!definition || w->noted[definition - 1] || !w->page->definitions[definition - 1].sentence.len)
		return;
	w->order[w->noted_count++] = definition - 1;
	w->noted[definition - 1] = w->noted_count;
	buf_addf(out, " [%zu]", w->noted_count);
}

#define NO_BREAK "\xc2\xa0"

/* Commands stand between `marks`, which only HTML needs; one alone stays. */
static void add_words(struct buf *out, struct str text)
{
	while (text.len) {
		struct str before = str_cut(&text, '`');
		ptrdiff_t end = str_find(text, "`");

		buf_add_str(out, before);
		if (before.at + before.len == text.at)
			return;
		if (end < 0) {
			buf_add_char(out, '`');
			continue;
		}
		buf_add_str(out, (struct str){ text.at, (size_t)end });
		text.at += end + 1;
		text.len -= (size_t)end + 1;
	}
}

/* A figure stays on one line; the notes of a sentence stand at its end. */
static struct str sentence_text(struct writer *w, const struct sentence *s)
{
	struct buf text;
	struct str out;

	buf_init(&text, 1 << 20);
	for (size_t i = 0; i < s->span_count; i++) {
		struct str span = s->spans[i].text;

		if (!s->spans[i].figure) {
			add_words(&text, span);
			continue;
		}
		for (size_t c = 0; c < span.len; c++) {
			if (span.at[c] == ' ')
				buf_add_text(&text, NO_BREAK);
			else
				buf_add_char(&text, span.at[c]);
		}
	}
	for (size_t i = 0; i < s->count; i++)
		note_mark(w, &text, s->figures[i]->definition);
	out = arena_str(&w->arena, buf_str(&text));
	buf_release(&text);
	return out;
}

/* text_wrap, with spaces that do not break as plain ones afterwards. */
static void wrap(struct writer *w, struct str text, size_t indent)
{
	struct buf lines;

	buf_init(&lines, 1 << 20);
	text_wrap(text, indent, indent, WIDTH, &lines);
	for (size_t i = 0; i < lines.len; i++) {
		if (!strncmp(lines.at + i, NO_BREAK, 2)) {
			buf_add_char(w->out, ' ');
			i++;
		} else {
			buf_add_char(w->out, lines.at[i]);
		}
	}
	buf_release(&lines);
}

static void write_sentence(struct writer *w, const struct sentence *s)
{
	enum ink mood = s->mood > 0 ? INK_GOOD : s->mood < 0 ? INK_WARN : INK_PLAIN;

	buf_add_text(w->out, ink_on(mood, w->colour));
	wrap(w, sentence_text(w, s), 0);
	if (mood != INK_PLAIN)
		buf_add_text(w->out, ink_off(w->colour));
	buf_add_char(w->out, '\n');
}

static struct str column_title(struct writer *w, const struct table_column *column)
{
	struct buf text;
	struct str out;

	buf_init(&text, 4096);
	buf_add_str(&text, column->title);
	note_mark(w, &text, column->definition);
	out = arena_str(&w->arena, buf_str(&text));
	buf_release(&text);
	return out;
}

/* Rows of a matrix are measures: the label carries the note. */
static struct str row_label(struct writer *w, const struct table_row *row, size_t columns)
{
	struct buf text;
	struct str out;
	size_t c = 1;

	while (c < columns && !row->figures[c])
		c++;
	buf_init(&text, 4096);
	buf_add_str(&text, row->texts[0]);
	if (c < columns)
		note_mark(w, &text, row->figures[c]->definition);
	out = arena_str(&w->arena, buf_str(&text));
	buf_release(&text);
	return out;
}

/* As many columns as fit beside the labels, from column `from`; at least one. */
static size_t columns_that_fit(const struct table *table, size_t from, size_t rows)
{
	size_t used = 0, c;

	for (c = 0; c < table->column_count; c++) {
		size_t widest = 0;

		if ((c >= table->labels && c < from) || !column_says(table, c))
			continue;
		for (size_t r = 0; r < rows; r++) {
			size_t width = utf8_width(table->rows[r].texts[c]);

			widest = width > widest ? width : widest;
		}
		if (c < table->labels && widest > 32 / table->labels)
			widest = 32 / table->labels; /* labels can be cut */
		for (struct str words = table->columns[c].title; words.len;) {
			size_t width = utf8_width(str_cut(&words, ' ')) + (words.len ? 0 : 5);

			widest = width > widest ? width : widest;
		}
		if (used + widest > WIDTH && c > from)
			break;
		used += widest + 2;
	}
	return c;
}

static void write_band(struct writer *w, const struct table *table, size_t from, size_t to, size_t rows)
{
	struct text_table text;
	bool ruled = false;

	text_table_init(&text, &w->arena);
	for (size_t c = 0; c < to; c++) {
		if ((c < table->labels || c >= from) && column_says(table, c))
			text_table_column(&text, column_title(w, &table->columns[c]),
					  table->columns[c].right ? TEXT_RIGHT : TEXT_LEFT);
	}
	for (size_t r = 0; r < table->row_count; r++) {
		struct text_cell *cells;
		size_t at = 0;

		if (r >= rows && !table->rows[r].total)
			continue;
		if (table->rows[r].total && !ruled) {
			text_table_rule(&text);
			ruled = true;
		}
		cells = text_table_row(&text);
		for (size_t c = 0; c < to; c++) {
			if ((c < table->labels || c >= from) && column_says(table, c))
				cells[at++].text = c == 0 && table->matrix
							   ? row_label(w, &table->rows[r], table->column_count)
							   : table->rows[r].texts[c];
			if (table->rows[r].figures[c] && figure_too_few(table->rows[r].figures[c]))
				w->few = true;
		}
	}
	text_table_print(&text, 0, WIDTH, w->colour, w->out);
}

static size_t rows_shown(const struct table *table, size_t *left)
{
	size_t rows = table->row_count;

	while (rows && table->rows[rows - 1].total)
		rows--;
	*left = rows > table->shown ? rows - table->shown : 0;
	return rows - *left;
}

static void write_table(struct writer *w, const struct table *table)
{
	size_t left, rows = rows_shown(table, &left);

	if (!table_says(table))
		return;
	buf_add_char(w->out, '\n');
	ink(w, INK_BOLD, arena_cstr(&w->arena, table->title));
	buf_add_char(w->out, '\n');
	for (size_t from = table->labels, to; from < table->column_count; from = to) {
		to = columns_that_fit(table, from, rows);
		if (from > table->labels)
			buf_add_char(w->out, '\n');
		write_band(w, table, from, to, rows);
	}
	if (left)
		buf_addf(w->out, "and %zu more: --format csv has them all\n", left);
}

static void write_listing(struct writer *w, const struct page_listing *rows)
{
	const struct listing *listing = &rows->listing;
	struct text_table text;

	if (!listing->count)
		return;
	buf_add_char(w->out, '\n');
	ink(w, INK_BOLD, arena_cstr(&w->arena, rows->title));
	buf_add_char(w->out, '\n');
	text_table_init(&text, &w->arena);
	for (size_t c = 0; c < listing->columns; c++)
		text_table_column(&text, rows->header[c], rows->right[c] ? TEXT_RIGHT : TEXT_LEFT);
	for (size_t r = 0; r < rows->shown; r++) {
		struct text_cell *cells = text_table_row(&text);

		for (size_t c = 0; c < listing->columns; c++)
			cells[c].text = listing->cells[r][c];
	}
	text_table_print(&text, 0, WIDTH, w->colour, w->out);
	if (listing->total > rows->shown) {
		char n[32];

		buf_addf(w->out, "and %s more: --format csv has %s\n",
			 count_text((int64_t)(listing->total - rows->shown), n),
			 listing->total > listing->count ? "the first " TO_TEXT(LISTING_MAX) : "them all");
	}
}

static void write_head(struct writer *w)
{
	struct page_top top = page_top(w->page, &w->arena);

	ink(w, INK_BOLD, arena_cstr(&w->arena, w->page->title));
	buf_addf(w->out, "\n%s", ink_on(INK_DIM, w->colour));
	text_wrap(str_of(arena_printf(&w->arena, "%.*s%s%.*s · as of %s", STR_ARG(top.book), top.book.len ? " · " : "",
				      STR_ARG(top.period),
				      top.as_of.len ? top.as_of.at : "no day: nothing in the book has a date")),
		  0, 0, WIDTH, w->out);
	buf_addf(w->out, "\n%s%s\n", top.agreement.at, ink_off(w->colour));
	for (size_t i = 0; i < top.warning_count; i++) {
		buf_add_text(w->out, ink_on(INK_BAD, w->colour));
		text_wrap(top.warnings[i], 0, 0, WIDTH, w->out);
		buf_addf(w->out, "%s\n", ink_off(w->colour));
	}
}

static void write_foot(struct writer *w)
{
	struct page_top top = page_top(w->page, &w->arena);

	buf_addf(w->out, "\n%s", ink_on(INK_DIM, w->colour));
	if (w->few) {
		text_wrap(STR("Too few: fewer than 20 cases are too few to say anything from their share."), 0, 0,
			  WIDTH, w->out);
		buf_add_char(w->out, '\n');
	}
	if (w->page->intervals) {
		text_wrap(STR(INTERVAL_NOTE), 0, 0, WIDTH, w->out);
		buf_add_char(w->out, '\n');
	}
	for (size_t i = 0; i < w->noted_count; i++) {
		const struct definition *d = &w->page->definitions[w->order[i]];
		const char *mark = arena_printf(&w->arena, "[%zu] ", i + 1);

		buf_add_text(w->out, mark);
		text_wrap(str_of(arena_printf(&w->arena, "%.*s: %.*s · %.*s of %.*s%s%s", STR_ARG(d->title),
					      STR_ARG(d->sentence), STR_ARG(d->measure), STR_ARG(d->of),
					      *d->currency ? ", amounts alone in " : "", d->currency)),
			  strlen(mark), strlen(mark), WIDTH, w->out);
		buf_add_char(w->out, '\n');
	}
	buf_addf(w->out, "Book head %s%s\n", top.head.at, ink_off(w->colour));
}

static void write_block(struct writer *w, const struct block *block)
{
	switch (block->kind) {
	case BLOCK_HEADING:
		buf_add_char(w->out, '\n');
		ink(w, INK_BOLD, arena_cstr(&w->arena, block->as.heading));
		buf_add_char(w->out, '\n');
		break;
	case BLOCK_SENTENCE: write_sentence(w, block->as.sentence); break;
	case BLOCK_NOTE:
		buf_add_text(w->out, ink_on(INK_DIM, w->colour));
		wrap(w, sentence_text(w, block->as.sentence), 0);
		buf_addf(w->out, "%s\n", ink_off(w->colour));
		break;
	case BLOCK_ACTION: {
		const char *mark = arena_printf(&w->arena, "%d. ", ++w->actions);

		buf_add_text(w->out, mark);
		wrap(w, sentence_text(w, block->as.sentence), strlen(mark));
		buf_add_char(w->out, '\n');
		break;
	}
	case BLOCK_TABLE: write_table(w, block->as.table); break;
	case BLOCK_LISTING: write_listing(w, block->as.listing); break;
	}
}

int report_text(const struct page *page, bool colour, struct buf *out, struct err *err)
{
	struct writer w = { .page = page, .out = out, .colour = colour };

	arena_init(&w.arena);
	w.noted = ARENA_ARRAY(&w.arena, size_t, page->definition_count + 1);
	w.order = ARENA_ARRAY(&w.arena, size_t, page->definition_count + 1);
	write_head(&w);
	for (size_t i = 0; i < page->block_count; i++) {
		bool table = page->blocks[i].kind == BLOCK_TABLE || page->blocks[i].kind == BLOCK_LISTING;

		/* a blank line between the head, paragraphs and tables */
		if (!table &&
		    (i == 0 || page->blocks[i - 1].kind == BLOCK_TABLE || page->blocks[i - 1].kind == BLOCK_LISTING) &&
		    page->blocks[i].kind != BLOCK_HEADING)
			buf_add_char(out, '\n');
		write_block(&w, &page->blocks[i]);
	}
	write_foot(&w);
	arena_release(&w.arena);
	if (out->full)
		return err_set(err, ERR_LIMIT, "the report is larger than %zu bytes; ask for a shorter period",
			       out->max);
	return 0;
}
