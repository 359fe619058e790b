/* The page as one self-contained file. Every figure links to its rows (or to its definition) further down in the same file, and it
 * reads without script; the script only draws charts from the tables. */
#include "io/html.h"

#include <math.h>
#include <sodium.h>
#include "base/asset.h"
#include "domain/statistics.h"
#include "report/internal.h"

#define GROUPS_MAX 400
#define WHERE_MAX_BYTES 3500 /* a question takes 4,000 */

/* Rows behind one or more figures. */
struct group {
	struct str of, where, label;
	size_t number;
};

struct writer {
	const struct page *page;
	struct arena arena;
	struct html h;
	struct group *groups;
	size_t group_count, group_capacity;
	bool in_section, in_actions;
	size_t tips;
	bool *used; /* per definition: something on the page has it */
	struct err *err;
};

static const char *text_of(struct writer *w, struct str s)
{
	return arena_cstr(&w->arena, s);
}

/* Number of the rows section of a figure; 0 when it has none. */
static size_t group_of(struct writer *w, const struct figure *figure)
{
	if (!figure->rows_of.len || !figure_known(figure) || !figure->row->n ||
	    figure->rows_where.len > WHERE_MAX_BYTES)
		return 0;
	for (size_t i = 0; i < w->group_count; i++) {
		if (str_eq(w->groups[i].of, figure->rows_of) && str_eq(w->groups[i].where, figure->rows_where))
			return w->groups[i].number;
	}
	if (w->group_count == GROUPS_MAX)
		return 0;
	ARENA_PUSH(&w->arena, w->groups, w->group_count, w->group_capacity);
	w->groups[w->group_count] =
		(struct group){ figure->rows_of, figure->rows_where, figure->label, w->group_count + 1 };
	return w->groups[w->group_count++].number;
}

static const char *figure_target(struct writer *w, const struct figure *figure)
{
	size_t group = group_of(w, figure);

	return group ? arena_printf(&w->arena, "#rows-%zu", group)
		     : arena_printf(&w->arena, "#def-%zu", figure->definition);
}

/* A term or figure that shows its definition on hover and on focus. */
static void link_with_tip(struct writer *w, const char *class, const char *href, struct str text, size_t definition)
{
	const struct definition *d = &w->page->definitions[definition - 1];
	const char *id = arena_printf(&w->arena, "tip-%zu", ++w->tips);

	w->used[definition - 1] = true;
	html_open(&w->h, "span", "class", "tipped", NULL);
	html_open(&w->h, "a", "class", class, "href", href, "aria-describedby", id, NULL);
	html_text(&w->h, text);
	html_close(&w->h, "a");
	html_open(&w->h, "span", "class", "tip", "role", "tooltip", "id", id, NULL);
	html_element(&w->h, "b", NULL, d->title);
	html_say(&w->h, ": ");
	html_text(&w->h, d->sentence);
	html_close(&w->h, "span");
	html_close(&w->h, "span");
}

static void write_spans(struct writer *w, const struct sentence *s)
{
	for (size_t i = 0; i < s->span_count; i++) {
		const struct span *span = &s->spans[i];

		if (span->figure)
			link_with_tip(w, "figure", figure_target(w, span->figure), span->text,
				      span->figure->definition);
		else
			html_text(&w->h, span->text);
	}
}

/* ---- tables ---- */

static const char *data_value(struct writer *w, const struct figure *figure)
{
	const struct answer_row *row = figure->row;

	if (!figure_known(figure) || isnan(row->value))
		return NULL;
	return arena_printf(&w->arena, "%.10g", row->type == ANSWER_MONEY ? (double)row->minor / 100 : row->value);
}

static void write_figure_cell(struct writer *w, const struct figure *figure, struct str text, bool brief)
{
	const struct answer_row *row = figure->row;
	bool few = figure_too_few(figure);

	html_open(&w->h, "td", "class", few ? "number few" : "number", "data-value", data_value(w, figure), NULL);
	if (!figure_known(figure) || (row->denominator == 0)) {
		html_say(&w->h, "–");
	} else {
		size_t group = group_of(w, figure);

		if (group)
			html_open(&w->h, "a", "href", arena_printf(&w->arena, "#rows-%zu", group), NULL);
		if (row->denominator > 0) {
			const char *of = brief ? grouped(&w->arena, row->numerator)
					       : arena_printf(&w->arena, "%s of %s", grouped(&w->arena, row->numerator),
							      grouped(&w->arena, row->denominator));

			html_element(&w->h, "span", "of", str_of(of));
			html_say(&w->h, few ? " too few to say"
					    : arena_printf(&w->arena, " %.1f %%",
							   100 * (double)row->numerator / (double)row->denominator));
		} else {
			html_text(&w->h, text);
		}
		if (group)
			html_close(&w->h, "a");
	}
	html_close(&w->h, "td");
}

static void write_label(struct writer *w, struct str text, bool first)
{
	const char *side = str_is(text, "marketing") ? "side marketing" : str_is(text, "sales") ? "side sales" : NULL;
	const char *tag = first ? "th" : "td";

	html_open(&w->h, tag, "scope", first ? "row" : NULL, "class", side, NULL);
	html_text(&w->h, text);
	html_close(&w->h, tag);
}

/* Rows of a matrix are measures: their labels carry the definitions. */
static void write_measure_label(struct writer *w, const struct table *table, const struct table_row *row)
{
	size_t c = 1;

	while (c < table->column_count && !row->figures[c])
		c++;
	html_open(&w->h, "th", "scope", "row", NULL);
	if (c < table->column_count)
		link_with_tip(w, "term", arena_printf(&w->arena, "#def-%zu", row->figures[c]->definition),
			      row->texts[0], row->figures[c]->definition);
	else
		html_text(&w->h, row->texts[0]);
	html_close(&w->h, "th");
}

static void write_table_row(struct writer *w, const struct table *table, const struct table_row *row)
{
	html_open(&w->h, "tr", NULL);
	for (size_t c = 0; c < table->column_count; c++) {
		if (row->figures[c])
			write_figure_cell(w, row->figures[c], row->texts[c], table->columns[c].brief);
		else if (c == 0 && table->matrix)
			write_measure_label(w, table, row);
		else if (c < table->labels)
			write_label(w, row->texts[c], c == 0);
		else
			html_element(&w->h, "td", "number", STR_NONE);
	}
	html_close(&w->h, "tr");
}

static void write_column_heads(struct writer *w, const struct table *table)
{
	html_open(&w->h, "thead", NULL);
	html_open(&w->h, "tr", NULL);
	for (size_t c = 0; c < table->column_count; c++) {
		const struct table_column *column = &table->columns[c];

		if (!column->title.len) { /* the corner above the names of rows heads nothing */
			html_open(&w->h, "td", NULL);
			html_close(&w->h, "td");
			continue;
		}
		html_open(&w->h, "th", "scope", "col", "class", column->right ? "number" : NULL, NULL);
		if (column->definition)
			link_with_tip(w, "term", arena_printf(&w->arena, "#def-%zu", column->definition), column->title,
				      column->definition);
		else
			html_text(&w->h, column->title);
		html_close(&w->h, "th");
	}
	html_close(&w->h, "tr");
	html_close(&w->h, "thead");
}

static void write_chart(struct writer *w, const struct table *table)
{
	bool several = strchr(table->chart_y, ',');
	const struct table_column *y = &table->columns[(size_t)(table->chart_y[0] - '0')];
	const char *series = table->chart_series < 0 ? NULL : arena_printf(&w->arena, "%d", table->chart_series);
	bool shares = y->answer ? y->answer->type == ANSWER_RATIO
				: table->matrix && table->rows[0].figures[(size_t)(table->chart_y[0] - '0')] &&
					  figure_is_share(table->rows[0].figures[(size_t)(table->chart_y[0] - '0')]);

	html_open(&w->h, "figure", "class", "chart", "data-chart", table->chart, "data-table",
		  arena_printf(&w->arena, "t-%.*s", STR_ARG(table->name)), "data-x",
		  arena_printf(&w->arena, "%d", table->chart_x), "data-y", table->chart_y, "data-series", series,
		  "data-y-label", several ? NULL : text_of(w, y->title), "data-y-format", shares ? "percent" : NULL,
		  "data-layout", table->chart_lying ? "rows" : NULL, NULL);
	html_element(&w->h, "figcaption", NULL,
		     several ? table->title
			     : str_of(arena_printf(&w->arena, "%.*s: %.*s", STR_ARG(table->title), STR_ARG(y->title))));
	html_close(&w->h, "figure");
}

static void open_scroll(struct writer *w, struct str label)
{
	html_open(&w->h, "div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", text_of(w, label),
		  NULL);
}

static void write_table(struct writer *w, const struct table *table)
{
	size_t rows = table->row_count, left;

	if (!rows)
		return;
	while (rows && table->rows[rows - 1].total)
		rows--;
	left = rows > table->shown ? rows - table->shown : 0;
	if (table->chart && rows > 1)
		write_chart(w, table);
	open_scroll(w, table->title);
	html_open(&w->h, "table", "id", arena_printf(&w->arena, "t-%.*s", STR_ARG(table->name)), NULL);
	html_element(&w->h, "caption", NULL, table->title);
	write_column_heads(w, table);
	html_open(&w->h, "tbody", NULL);
	for (size_t r = 0; r < rows - left; r++)
		write_table_row(w, table, &table->rows[r]);
	html_close(&w->h, "tbody");
	if (rows < table->row_count) {
		html_open(&w->h, "tfoot", NULL);
		for (size_t r = rows; r < table->row_count; r++)
			write_table_row(w, table, &table->rows[r]);
		html_close(&w->h, "tfoot");
	}
	html_close(&w->h, "table");
	html_close(&w->h, "div");
	if (left)
		html_element(&w->h, "p", "more",
			     str_of(arena_printf(&w->arena, "And %zu more; --format csv has them all.", left)));
}

/* Columns that are empty in all rows say nothing. */
static bool column_is_empty(const struct listing *listing, size_t column, size_t rows)
{
	for (size_t r = 0; r < rows; r++) {
		if (listing->cells[r][column].len && !str_is(listing->cells[r][column], "–"))
			return false;
	}
	return true;
}

static void write_listing_table(struct writer *w, struct str title, const struct str *header, const bool *right,
				const struct listing *listing, size_t rows)
{
	open_scroll(w, title);
	html_open(&w->h, "table", NULL);
	html_element(&w->h, "caption", NULL, title);
	html_open(&w->h, "thead", NULL);
	html_open(&w->h, "tr", NULL);
	for (size_t c = 0; c < listing->columns; c++) {
		if (!column_is_empty(listing, c, rows)) {
			html_open(&w->h, "th", "scope", "col", "class", right && right[c] ? "number" : NULL, NULL);
			html_text(&w->h, header[c]);
			html_close(&w->h, "th");
		}
	}
	html_close(&w->h, "tr");
	html_close(&w->h, "thead");
	html_open(&w->h, "tbody", NULL);
	for (size_t r = 0; r < rows; r++) {
		html_open(&w->h, "tr", NULL);
		for (size_t c = 0; c < listing->columns; c++) {
			if (!column_is_empty(listing, c, rows))
				html_element(&w->h, "td", right && right[c] ? "number" : NULL, listing->cells[r][c]);
		}
		html_close(&w->h, "tr");
	}
	html_close(&w->h, "tbody");
	html_close(&w->h, "table");
	html_close(&w->h, "div");
}

static void write_listing(struct writer *w, const struct page_listing *rows)
{
	if (!rows->listing.count)
		return;
	write_listing_table(w, rows->title, rows->header, rows->right, &rows->listing, rows->shown);
	if (rows->listing.total > rows->shown)
		html_element(&w->h, "p", "more",
			     str_of(arena_printf(&w->arena, "And %llu more; --format csv has them.",
						 (unsigned long long)(rows->listing.total - rows->shown))));
}

/* ---- blocks ---- */

static void end_actions(struct writer *w)
{
	if (w->in_actions)
		html_close(&w->h, "ol");
	w->in_actions = false;
}

static void write_block(struct writer *w, const struct block *block)
{
	const struct sentence *s = block->as.sentence;

	if (block->kind != BLOCK_ACTION)
		end_actions(w);
	switch (block->kind) {
	case BLOCK_HEADING:
		if (w->in_section)
			html_close(&w->h, "section");
		html_open(&w->h, "section", NULL);
		w->in_section = true;
		html_element(&w->h, "h2", NULL, block->as.heading);
		break;
	case BLOCK_SENTENCE:
		html_open(&w->h, "p", "class", s->mood > 0 ? "good" : s->mood < 0 ? "bad" : NULL, NULL);
		write_spans(w, s);
		html_close(&w->h, "p");
		break;
	case BLOCK_NOTE:
		html_open(&w->h, "p", "class", "note", NULL);
		write_spans(w, s);
		html_close(&w->h, "p");
		break;
	case BLOCK_ACTION:
		if (!w->in_actions)
			html_open(&w->h, "ol", "class", "actions", NULL);
		w->in_actions = true;
		html_open(&w->h, "li", NULL);
		write_spans(w, s);
		html_close(&w->h, "li");
		break;
	case BLOCK_TABLE: write_table(w, block->as.table); break;
	case BLOCK_LISTING: write_listing(w, block->as.listing); break;
	}
}

static void write_definitions(struct writer *w)
{
	if (!w->page->definition_count)
		return;
	html_open(&w->h, "section", "class", "definitions", NULL);
	html_element(&w->h, "h2", NULL, STR("What the words mean"));
	html_open(&w->h, "ol", NULL);
	for (size_t i = 0; i < w->page->definition_count; i++) {
		const struct definition *d = &w->page->definitions[i];

		if (!w->used[i])
			continue;
		html_open(&w->h, "li", "id", arena_printf(&w->arena, "def-%zu", i + 1), NULL);
		html_element(&w->h, "b", NULL, d->title);
		if (d->sentence.len) {
			html_say(&w->h, ": ");
			html_text(&w->h, d->sentence);
		}
		html_say(&w->h, " ");
		html_element(&w->h, "code", NULL,
			     str_of(arena_printf(&w->arena, "%.*s of %.*s", STR_ARG(d->measure), STR_ARG(d->of))));
		html_close(&w->h, "li");
	}
	html_close(&w->h, "ol");
	if (w->page->intervals)
		html_element(&w->h, "p", NULL, STR(INTERVAL_NOTE));
	html_close(&w->h, "section");
}

/* ---- rows behind ---- */

struct row_columns {
	const char *columns, *header;
};

static struct row_columns row_columns(struct str of)
{
	enum fact fact;

	if (!fact_by_name(of, &fact))
		return (struct row_columns){ NULL, NULL };
	switch (fact) {
	case FACT_LEADS:
		return (struct row_columns){
			"key, created, source, campaign, owner, qualified, handed_off, opportunity, won, lost, reason",
			"Lead,Created,Source,Campaign,Owner,Qualified,Handed off,Opportunity,Won,Lost,Reason"
		};
	case FACT_OPPORTUNITIES:
		return (struct row_columns){ "key, owner, stage, created, won, lost, discontinued, amount, reason",
					     "Deal,Owner,Stage,Created,Won,Lost,Discontinued,>Value,Reason" };
	case FACT_STAGE_VISITS:
		return (struct row_columns){ "key, stage, entered, left, outcome, next_stage, owner, amount",
					     "Deal,Stage,Entered,Left,Outcome,Next stage,Owner,>Value" };
	case FACT_TOUCHES:
		return (struct row_columns){ "key, at, kind, campaign, source", "Touch,At,Kind,Campaign,Source" };
	case FACT_ACTIVITIES:
		return (struct row_columns){ "key, at, kind, direction, outcome, owner",
					     "Activity,At,Kind,Direction,Outcome,Owner" };
	case FACT_SPEND:
		return (struct row_columns){
			"key, day, campaign, source, amount, impressions, clicks, leads, conversions",
			"Line,Day,Campaign,Source,>Amount,>Impressions,>Clicks,>Leads,>Conversions"
		};
	case FACT_ORDERS:
		return (struct row_columns){ "key, booked, account, amount, margin, billed, collected, status",
					     "Order,Booked,Account,>Price,>Margin,>Billed,>Collected,Status" };
	case FACT__COUNT: break;
	}
	return (struct row_columns){ NULL, NULL };
}

/* Quotes for a POSIX shell. */
static const char *quoted(struct writer *w, struct str text)
{
	struct buf out;
	const char *copy;

	buf_init(&out, 1 << 16);
	buf_add_char(&out, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '\'')
			buf_add_text(&out, "'\\''");
		else
			buf_add_char(&out, text.at[i]);
	}
	buf_add_char(&out, '\'');
	copy = arena_cstr(&w->arena, buf_str(&out));
	buf_release(&out);
	return copy;
}

static const char *rows_command(struct writer *w, const struct group *group)
{
	const char *program = w->page->request.program ? w->page->request.program : "lockstep";
	const char *where = group->where.len ? arena_printf(&w->arena, " --where %s", quoted(w, group->where)) : "";
	char day[16] = "";

	if (w->page->request.as_of != DATE_NONE)
		date_format(w->page->request.as_of, day);
	return arena_printf(&w->arena, "%s rows --of %.*s%s%s%s", program, STR_ARG(group->of), where,
			    *day ? " --as-of " : "", day);
}

static int write_group(struct writer *w, const struct group *group)
{
	struct row_columns columns = row_columns(group->of);
	struct question question = { .of = group->of.at,
				     .where = group->where.len ? group->where.at : NULL,
				     .as_of = w->page->request.as_of,
				     .scope = w->page->request.scope };
	struct listing listing;
	struct str header[16], rest = str_of(columns.header), title;
	bool right[16];
	int result = measure_list(w->page->request.facts, &question, columns.columns, NULL, ROWS_SHOWN, &w->arena,
				  &listing, w->err);

	if (result)
		return result;
	listing_for_people(&listing, &w->arena);
	for (size_t c = 0; c < listing.columns && c < 16; c++) {
		header[c] = str_cut(&rest, ',');
		right[c] = str_starts(header[c], ">");
		header[c].at += right[c];
		header[c].len -= right[c];
	}
	title = str_of(arena_printf(&w->arena, "%.*s: %s%llu rows", STR_ARG(group->label),
				    listing.total > listing.count ? "the first 50 of " : "",
				    (unsigned long long)listing.total));
	html_open(&w->h, "section", "id", arena_printf(&w->arena, "rows-%zu", group->number), "class", "group", NULL);
	html_element(&w->h, "h3", NULL, group->label);
	write_listing_table(w, title, header, right, &listing, listing.count);
	html_open(&w->h, "p", "class", "more", NULL);
	html_say(&w->h, "All of them: ");
	html_element(&w->h, "code", NULL, str_of(rows_command(w, group)));
	html_say(&w->h, " ");
	html_open(&w->h, "a", "href", "#main", NULL);
	html_say(&w->h, "Back to the report");
	html_close(&w->h, "a");
	html_close(&w->h, "p");
	html_close(&w->h, "section");
	return 0;
}

static int write_groups(struct writer *w)
{
	int result = 0;

	if (!w->group_count)
		return 0;
	html_open(&w->h, "section", "class", "groups", "aria-label", "The rows behind the figures", NULL);
	html_element(&w->h, "h2", NULL, STR("The rows behind the figures"));
	for (size_t i = 0; i < w->group_count && !result; i++)
		result = write_group(w, &w->groups[i]);
	if (!result)
		html_close(&w->h, "section");
	return result;
}

/* ---- the document ---- */

static const char *source_hash(struct writer *w, struct str text)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char base64[sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES, sodium_base64_VARIANT_ORIGINAL)];

	crypto_hash_sha256(hash, (const unsigned char *)text.at, text.len);
	sodium_bin2base64(base64, sizeof(base64), hash, sizeof(hash), sodium_base64_VARIANT_ORIGINAL);
	return arena_printf(&w->arena, "'sha256-%s'", base64);
}

static void write_head(struct writer *w, struct str css, struct str js)
{
	const char *policy = arena_printf(
		&w->arena,
		"default-src 'none'; style-src %s; script-src %s; img-src data:; base-uri 'none'; form-action 'none'",
		source_hash(w, css), js.len ? source_hash(w, js) : "'none'");

	html_open(&w->h, "html", "lang", "en", NULL);
	html_open(&w->h, "head", NULL);
	html_void(&w->h, "meta", "charset", "utf-8", NULL);
	html_void(&w->h, "meta", "http-equiv", "Content-Security-Policy", "content", policy, NULL);
	html_void(&w->h, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1", NULL);
	html_void(&w->h, "meta", "name", "color-scheme", "content", "light dark", NULL);
	html_void(&w->h, "meta", "name", "referrer", "content", "no-referrer", NULL);
	html_element(&w->h, "title", NULL, w->page->title);
	html_open(&w->h, "style", NULL);
	html_raw(&w->h, css);
	html_close(&w->h, "style");
	html_close(&w->h, "head");
}

static void write_top(struct writer *w, const struct page_top *top)
{
	html_open(&w->h, "a", "class", "skip", "href", "#main", NULL);
	html_say(&w->h, "Skip to the figures");
	html_close(&w->h, "a");
	html_open(&w->h, "header", NULL);
	if (top->book.len)
		html_element(&w->h, "p", "book", top->book);
	html_element(&w->h, "h1", NULL, w->page->title);
	html_element(&w->h, "p", "meta",
		     str_of(arena_printf(&w->arena, "%.*s · %s%.*s", STR_ARG(top->period),
					 top->as_of.len ? "as of " : "nothing in the book has a date",
					 STR_ARG(top->as_of))));
	html_element(&w->h, "p", "meta", top->agreement);
	for (size_t i = 0; i < top->warning_count; i++)
		html_element(&w->h, "p", "warning", top->warnings[i]);
	html_close(&w->h, "header");
}

static int write_body(struct writer *w, struct str js)
{
	struct page_top top = page_top(w->page, &w->arena);
	int result;

	html_open(&w->h, "body", "class", w->page->report->name, NULL);
	write_top(w, &top);
	html_open(&w->h, "main", "id", "main", "tabindex", "-1", NULL);
	for (size_t i = 0; i < w->page->block_count; i++)
		write_block(w, &w->page->blocks[i]);
	end_actions(w);
	if (w->in_section)
		html_close(&w->h, "section");
	write_definitions(w);
	result = write_groups(w);
	if (result)
		return result;
	html_close(&w->h, "main");
	html_open(&w->h, "footer", NULL);
	html_open(&w->h, "p", NULL);
	html_say(&w->h, "Lockstep · book head ");
	html_element(&w->h, "code", NULL, top.head);
	html_close(&w->h, "p");
	html_close(&w->h, "footer");
	if (js.len) {
		html_open(&w->h, "script", NULL);
		html_raw(&w->h, js);
		html_close(&w->h, "script");
	}
	html_close(&w->h, "body");
	html_close(&w->h, "html");
	return 0;
}

int report_html(const struct page *page, struct buf *out, struct err *err)
{
	struct writer w = { .page = page, .err = err };
	struct str css = asset_get("web/report.css"), js = asset_get("web/charts.js");
	int result;

	arena_init(&w.arena);
	w.used = ARENA_ARRAY(&w.arena, bool, page->definition_count + 1);
	html_init(&w.h, out);
	write_head(&w, css, js);
	result = write_body(&w, js);
	arena_release(&w.arena);
	if (!result && out->full)
		return err_set(err, ERR_LIMIT, "the report is larger than %zu bytes; ask for a shorter period",
			       out->max);
	return result;
}
