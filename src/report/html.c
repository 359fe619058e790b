/* The page as one self-contained file. Every figure links to its rows (or to its definition) further down in the same file, and it
 * reads without script; the script only draws charts from the tables. */
#include <sodium.h>
#include "base/asset.h"
#include "report/writer.h"

#define FIGURE_NOWRAP_MAX 28 /* a figure up to this long stays on one line of a telephone */

/* ---- words ---- */

static bool digits(struct str text, size_t at, size_t count)
{
	if (text.len < at + count)
		return false;
	for (size_t i = at; i < at + count; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
	}
	return true;
}

/* Length of a "2026-03-09" or "2026-03" at the start of the text; 0 where there is none. */
static size_t date_len(struct str text)
{
	size_t len = 7;

	if (!digits(text, 0, 4) || text.at[4] != '-' || !digits(text, 5, 2))
		return 0;
	if (text.len >= 10 && text.at[7] == '-' && digits(text, 8, 2))
		len = 10;
	return digits(text, len, 1) ? 0 : len;
}

void write_text(struct writer *w, struct str text)
{
	size_t from = 0;

	for (size_t i = 0; i < text.len; i++) {
		size_t len = i && digits(text, i - 1, 1) ? 0 : date_len((struct str){ text.at + i, text.len - i });

		if (!len)
			continue;
		html_text(&w->h, (struct str){ text.at + from, i - from });
		html_element(&w->h, "span", "day", (struct str){ text.at + i, len });
		from = i + len;
		i = from - 1;
	}
	html_text(&w->h, (struct str){ text.at + from, text.len - from });
}

void write_words(struct writer *w, struct str text)
{
	while (text.len) {
		struct str before = str_cut(&text, '`'), inside = text;
		ptrdiff_t end = str_find(text, "`");

		write_text(w, before);
		if (before.at + before.len == text.at) /* no mark: that was all */
			return;
		if (end < 0) { /* a mark alone is a mark */
			html_say(&w->h, "`");
			continue;
		}
		inside.len = (size_t)end;
		html_element(&w->h, "code", NULL, inside);
		text.at += end + 1;
		text.len -= (size_t)end + 1;
	}
}

static size_t definition_number(struct writer *w, size_t definition)
{
	if (!w->noted[definition - 1]) {
		w->order[w->noted_count++] = definition - 1;
		w->noted[definition - 1] = w->noted_count;
	}
	return w->noted[definition - 1];
}

static const char *definition_mark(struct writer *w, size_t definition)
{
	return arena_printf(&w->arena, "%zu", definition_number(w, definition));
}

static const char *figure_target(struct writer *w, const struct figure *figure)
{
	size_t group = rows_group_of(w, figure);

	return group ? arena_printf(&w->arena, "#rows-%zu", group)
		     : arena_printf(&w->arena, "#def-%zu", figure->definition);
}

void link_with_tip(struct writer *w, const char *class, const char *href, struct str text, size_t definition,
		   bool marked)
{
	const struct definition *d = &w->page->definitions[definition - 1];
	const char *id = arena_printf(&w->arena, "tip-%zu", ++w->tips);

	html_open(&w->h, "span", "class", "tipped", NULL);
	html_open(&w->h, "a", "class", class, "href", href, "aria-describedby", id, NULL);
	html_text(&w->h, text);
	if (marked)
		html_element(&w->h, "sup", NULL, str_of(definition_mark(w, definition)));
	html_close(&w->h, "a");
	html_open(&w->h, "span", "class", "tip", "role", "tooltip", "id", id, NULL);
	html_element(&w->h, "b", NULL, d->title);
	if (d->sentence.len) {
		html_say(&w->h, ": ");
		write_words(w, d->sentence);
	}
	html_close(&w->h, "span");
	html_close(&w->h, "span");
}

/* The first figure of a definition carries its number, which leads to the definition where the figure leads to its rows. */
static void write_figure(struct writer *w, const struct span *span)
{
	const struct figure *figure = span->figure;
	bool first = !w->noted[figure->definition - 1];
	const char *mark;

	link_with_tip(w, utf8_width(span->text) <= FIGURE_NOWRAP_MAX ? "figure short" : "figure",
		      figure_target(w, figure), span->text, figure->definition, false);
	if (!first)
		return;
	mark = definition_mark(w, figure->definition);
	html_open(&w->h, "sup", NULL);
	html_open(&w->h, "a", "href", arena_printf(&w->arena, "#def-%zu", figure->definition), "aria-label",
		  arena_printf(&w->arena, "Definition %s", mark), NULL);
	html_say(&w->h, mark);
	html_close(&w->h, "a");
	html_close(&w->h, "sup");
}

static void write_spans(struct writer *w, const struct sentence *s)
{
	for (size_t i = 0; i < s->span_count; i++) {
		if (s->spans[i].figure)
			write_figure(w, &s->spans[i]);
		else
			write_words(w, s->spans[i].text);
	}
}

static void write_listing(struct writer *w, const struct page_listing *rows)
{
	if (!rows->listing.count)
		return;
	write_listing_table(w, rows->title, rows->header, rows->right, &rows->listing, rows->shown, false);
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
	if (!w->noted_count)
		return;
	html_open(&w->h, "section", "class", "definitions", NULL);
	html_element(&w->h, "h2", NULL, STR("What the words mean"));
	html_open(&w->h, "ol", NULL);
	for (size_t i = 0; i < w->noted_count; i++) {
		const struct definition *d = &w->page->definitions[w->order[i]];

		html_open(&w->h, "li", "id", arena_printf(&w->arena, "def-%zu", w->order[i] + 1), NULL);
		html_element(&w->h, "b", NULL, d->title);
		if (d->sentence.len) {
			html_say(&w->h, ": ");
			write_words(w, d->sentence);
		}
		html_say(&w->h, " ");
		html_element(&w->h, "code", NULL,
			     str_of(arena_printf(&w->arena, "%.*s of %.*s", STR_ARG(d->measure), STR_ARG(d->of))));
		if (*d->currency)
			html_say(&w->h, arena_printf(&w->arena, ", amounts alone in %s", d->currency));
		html_close(&w->h, "li");
	}
	html_close(&w->h, "ol");
	if (w->page->intervals)
		html_element(&w->h, "p", NULL, STR(INTERVAL_NOTE));
	html_close(&w->h, "section");
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

void write_document_head(struct writer *w, struct str title, struct str js)
{
	struct str css = asset_get("web/report.css");
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
	html_element(&w->h, "title", NULL, title);
	html_open(&w->h, "style", NULL);
	html_raw(&w->h, css);
	html_close(&w->h, "style");
	html_close(&w->h, "head");
}

static void write_meta(struct writer *w, struct str text)
{
	html_open(&w->h, "p", "class", "meta", NULL);
	write_words(w, text);
	html_close(&w->h, "p");
}

void write_top(struct writer *w, const struct page_top *top, struct str title)
{
	html_open(&w->h, "header", NULL);
	if (top->book.len)
		html_element(&w->h, "p", "book", top->book);
	html_element(&w->h, "h1", NULL, title);
	write_meta(w, str_of(arena_printf(&w->arena, "%.*s · %s%.*s", STR_ARG(top->period),
					  top->as_of.len ? "as of " : "nothing in the book has a date",
					  STR_ARG(top->as_of))));
	write_meta(w, top->agreement);
	for (size_t i = 0; i < top->warning_count; i++) {
		html_open(&w->h, "p", "class", "warning", NULL);
		write_words(w, top->warnings[i]);
		html_close(&w->h, "p");
	}
	html_close(&w->h, "header");
}

void write_foot(struct writer *w, const struct page_top *top)
{
	html_open(&w->h, "footer", NULL);
	html_open(&w->h, "p", NULL);
	html_say(&w->h, "Lockstep · book head ");
	html_element(&w->h, "code", NULL, top->head);
	html_close(&w->h, "p");
	html_close(&w->h, "footer");
}

static int write_body(struct writer *w, struct str js)
{
	struct page_top top = page_top(w->page, &w->arena);
	int result;

	html_open(&w->h, "body", "class", w->page->report->name, NULL);
	html_open(&w->h, "a", "class", "skip", "href", "#main", NULL);
	html_say(&w->h, "Skip to the figures");
	html_close(&w->h, "a");
	if (w->among)
		write_nav(w, w->page->report);
	write_top(w, &top, w->page->title);
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
	write_foot(w, &top);
	if (js.len) {
		html_open(&w->h, "script", NULL);
		html_raw(&w->h, js);
		html_close(&w->h, "script");
	}
	html_close(&w->h, "body");
	html_close(&w->h, "html");
	html_finish(&w->h);
	return 0;
}

int report_html(const struct page *page, bool among, struct buf *out, struct err *err)
{
	struct writer w = { .page = page, .among = among, .err = err };
	struct str js = asset_get("web/charts.js");
	int result;

	arena_init(&w.arena);
	w.noted = ARENA_ARRAY(&w.arena, size_t, page->definition_count + 1);
	w.order = ARENA_ARRAY(&w.arena, size_t, page->definition_count + 1);
	html_init(&w.h, out);
	write_document_head(&w, page->title, js);
	result = write_body(&w, js);
	arena_release(&w.arena);
	if (!result && out->full)
		return err_set(err, ERR_LIMIT, "the report is larger than %zu bytes; ask for a shorter period",
			       out->max);
	return result;
}
