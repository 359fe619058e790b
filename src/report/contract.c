#include "report/contract.h"

#include "base/asset.h"
#include "base/date.h"
#include "io/html.h"
#include "io/terminal.h"
#include "io/text.h"

enum { WIDTH = 100, INDENT = 2, NAME_WIDTH = 26, GAP = 4, COLUMN = (WIDTH - GAP) / 2, LINE_MAX = 1 << 16 };

/* Who stands in which column of promises: the side that markets, and the sides that sell. */
static bool in_column(enum party party, int column)
{
	return (party == PARTY_MARKETING || party == PARTY_EXECUTIVE) == (column == 0);
}

static const char *const column_titles[] = { "Marketing promises", "Sales promises" };

/* "Marketing", and "Partner" where a column holds several. */
static struct str promise_text(const struct promise_def *promise, struct arena *arena)
{
	bool other = promise->party == PARTY_PARTNER || promise->party == PARTY_EXECUTIVE;
	struct str sentence = promise_sentence(promise, arena);

	return str_of(arena_printf(arena, "%s%s%.*s.", other ? party_name(promise->party) : "", other ? ": " : "",
				   STR_ARG(sentence)));
}

/* The terms of a promise that its sentence does not hold. */
static bool beside_sentence(const struct term *term)
{
	static const char *const said[] = { "party",        "counts", "at least", "attempts", "until",
					    "time allowed", "from",   "only",     "kept in",  NULL };

	for (size_t i = 0; said[i]; i++)
		if (str_is(str_of(term->what), said[i]))
			return false;
	return term->what[0] != 0;
}

/* The n-th promise of the column and its further terms, each a line; NULL past the last. */
static const struct promise_def *promise_at(const struct agreement *a, int column, size_t nth)
{
	for (size_t i = 0; i < a->promise_count; i++)
		if (in_column(a->promises[i].party, column) && nth-- == 0)
			return &a->promises[i];
	return NULL;
}

static struct names further_terms(const struct terms *terms, const struct promise_def *promise, struct arena *arena)
{
	struct names out = { .items = ARENA_ARRAY(arena, struct str, terms->count + 1) };

	for (size_t i = 0; i < terms->count; i++) {
		const struct term *term = &terms->items[i];

		if (term->chapter == TERM_PROMISES && str_eq(term->subject, promise->name) && beside_sentence(term))
			out.items[out.count++] =
				str_of(arena_printf(arena, "%s: %.*s", term->what, STR_ARG(term->value)));
	}
	return out;
}

/* ---- text ---- */

struct printer {
	const struct agreement *agreement;
	struct terms terms;
	struct arena *arena;
	struct buf *out;
	bool colour;
};

static void print_heading(struct printer *p, const char *text)
{
	buf_addf(p->out, "\n%s%s%s\n", ink_on(INK_BOLD, p->colour), text, ink_off(p->colour));
}

static void print_wrapped(struct printer *p, size_t at, size_t indent, struct str text)
{
	struct buf safe;

	buf_init(&safe, LINE_MAX);
	text_for_terminal(text, &safe);
	text_wrap(buf_str(&safe), at, indent, WIDTH, p->out);
	buf_add_char(p->out, '\n');
	buf_release(&safe);
}

/* One subject once, its terms below one another. */
static void print_term(struct printer *p, const struct term *term, bool first)
{
	const char *name =
		first ? arena_printf(p->arena, "%.*s", STR_ARG(text_cut(term->subject, NAME_WIDTH, p->arena))) : "";
	size_t width = utf8_width(str_of(name)), at = INDENT + NAME_WIDTH + 2;
	const char *value = term->what[0] ? arena_printf(p->arena, "%s: %.*s", term->what, STR_ARG(term->value))
					  : arena_printf(p->arena, "%.*s", STR_ARG(term->value));

	if (first && utf8_width(term->subject) > NAME_WIDTH) {
		buf_addf(p->out, "%*s", INDENT, "");
		print_wrapped(p, INDENT, INDENT, term->subject);
		name = "";
		width = 0;
	}
	buf_addf(p->out, "%*s%s%*s", INDENT, "", name, (int)(NAME_WIDTH + 2 - width), "");
	print_wrapped(p, at, at, str_of(value));
}

static void print_chapter(struct printer *p, enum term_chapter chapter)
{
	const struct term *last = NULL;

	for (size_t i = 0; i < p->terms.count; i++) {
		const struct term *term = &p->terms.items[i];

		if (term->chapter != chapter ||
		    (chapter == TERM_PROMISES && !str_is(term->subject, "clocks wait while")))
			continue;
		if (!last && chapter != TERM_PROMISES)
			print_heading(p, term_chapter_title(chapter));
		print_term(p, term, !last || !str_eq(last->subject, term->subject));
		last = term;
	}
}

/* One promise, broken into lines of a column. */
static struct names promise_lines(struct printer *p, const struct promise_def *promise)
{
	struct names lines = { .count = 0 }, further = further_terms(&p->terms, promise, p->arena);
	struct buf text;
	struct str rest;

	buf_init(&text, LINE_MAX);
	buf_addf(&text, "%.*s: ", STR_ARG(promise->name));
	text_wrap(promise_text(promise, p->arena), utf8_width(promise->name) + 2, 2, COLUMN, &text);
	for (size_t i = 0; i < further.count; i++) {
		buf_add_text(&text, "\n  ");
		text_wrap(further.items[i], 2, 4, COLUMN, &text);
	}
	rest = arena_str(p->arena, buf_str(&text));
	buf_release(&text);
	lines.items = ARENA_ARRAY(p->arena, struct str, rest.len + 1);
	while (rest.len)
		lines.items[lines.count++] = str_cut(&rest, '\n');
	return lines;
}

static void print_side_by_side(struct printer *p, const struct names *left, const struct names *right)
{
	for (size_t i = 0; i < left->count || i < right->count; i++) {
		struct str a = i < left->count ? left->items[i] : STR_NONE,
			   b = i < right->count ? right->items[i] : STR_NONE;

		text_for_terminal(a, p->out);
		if (b.len) {
			buf_addf(p->out, "%*s", (int)(COLUMN + GAP - utf8_width(a)), "");
			text_for_terminal(b, p->out);
		}
		buf_add_char(p->out, '\n');
	}
}

static void print_promises(struct printer *p)
{
	print_heading(p, term_chapter_title(TERM_PROMISES));
	buf_addf(p->out, "%s%-*s%s%s\n", ink_on(INK_DIM, p->colour), COLUMN + GAP, column_titles[0], column_titles[1],
		 ink_off(p->colour));
	for (size_t i = 0;; i++) {
		const struct promise_def *left = promise_at(p->agreement, 0, i),
					 *right = promise_at(p->agreement, 1, i);
		struct names none = { .count = 0 }, a, b;

		if (!left && !right)
			break;
		a = left ? promise_lines(p, left) : none;
		b = right ? promise_lines(p, right) : none;
		if (i)
			buf_add_char(p->out, '\n');
		print_side_by_side(p, &a, &b);
	}
	print_chapter(p, TERM_PROMISES);
}

static void print_signatures(struct printer *p)
{
	print_heading(p, "Signed");
	for (int party = 0; party < PARTY__COUNT; party++) {
		const struct names *signs = &p->agreement->parties[party].signs;

		for (size_t i = 0; i < signs->count; i++)
			buf_addf(p->out, "\n%*s%-34.*s%-12s____________________  ______________\n", INDENT, "",
				 STR_ARG(text_cut(signs->items[i], 32, p->arena)), party_name((enum party)party));
	}
}

void contract_text(const struct agreement *agreement, bool colour, struct buf *out)
{
	struct arena arena;
	struct printer p = { agreement, { .items = NULL }, &arena, out, colour };

	arena_init(&arena);
	p.terms = agreement_terms(agreement, &arena);
	buf_addf(out, "%s", ink_on(INK_BOLD, colour));
	text_for_terminal(agreement->title, out);
	buf_addf(out, "%s\n", ink_off(colour));
	for (int chapter = 0; chapter < TERM_CHAPTER__COUNT; chapter++) {
		if (chapter == TERM_PROMISES)
			print_promises(&p);
		else if (chapter != TERM_ANNEXES)
			print_chapter(&p, (enum term_chapter)chapter);
	}
	print_signatures(&p);
	print_chapter(&p, TERM_ANNEXES);
	arena_release(&arena);
}

/* ---- HTML ---- */

struct html_writer {
	const struct agreement *agreement;
	struct terms terms;
	struct arena *arena;
	struct html h;
};

static void write_value(struct html_writer *w, const struct term *term)
{
	html_open(&w->h, "p", NULL);
	if (term->what[0]) {
		html_element(&w->h, "span", "note", str_of(term->what));
		html_say(&w->h, " ");
	}
	html_text(&w->h, term->value);
	html_close(&w->h, "p");
}

static void write_chapter(struct html_writer *w, enum term_chapter chapter)
{
	const struct term *last = NULL;

	for (size_t i = 0; i < w->terms.count; i++) {
		const struct term *term = &w->terms.items[i];

		if (term->chapter != chapter ||
		    (chapter == TERM_PROMISES && !str_is(term->subject, "clocks wait while")))
			continue;
		if (!last) {
			if (chapter != TERM_PROMISES)
				html_element(&w->h, "h2", NULL, str_of(term_chapter_title(chapter)));
			html_open(&w->h, "dl", "class", "terms", NULL);
		}
		if (!last || !str_eq(last->subject, term->subject)) {
			if (last)
				html_close(&w->h, "dd");
			html_element(&w->h, "dt", NULL, term->subject);
			html_open(&w->h, "dd", NULL);
		}
		write_value(w, term);
		last = term;
	}
	if (last) {
		html_close(&w->h, "dd");
		html_close(&w->h, "dl");
	}
}

static void write_promise(struct html_writer *w, const struct promise_def *promise)
{
	struct names further = further_terms(&w->terms, promise, w->arena);

	html_open(&w->h, "li", NULL);
	html_element(&w->h, "b", NULL, promise->name);
	html_say(&w->h, ": ");
	html_text(&w->h, promise_text(promise, w->arena));
	for (size_t i = 0; i < further.count; i++) {
		html_open(&w->h, "p", "class", "note", NULL);
		html_text(&w->h, further.items[i]);
		html_close(&w->h, "p");
	}
	html_close(&w->h, "li");
}

static void write_promises(struct html_writer *w)
{
	html_element(&w->h, "h2", NULL, str_of(term_chapter_title(TERM_PROMISES)));
	html_open(&w->h, "div", "class", "sides", NULL);
	for (int column = 0; column < 2; column++) {
		html_open(&w->h, "section", "class", column ? "sales" : "marketing", NULL);
		html_element(&w->h, "h3", NULL, str_of(column_titles[column]));
		html_open(&w->h, "ul", NULL);
		for (size_t i = 0; promise_at(w->agreement, column, i); i++)
			write_promise(w, promise_at(w->agreement, column, i));
		html_close(&w->h, "ul");
		html_close(&w->h, "section");
	}
	html_close(&w->h, "div");
	write_chapter(w, TERM_PROMISES);
}

static void write_signatures(struct html_writer *w)
{
	html_element(&w->h, "h2", NULL, STR("Signed"));
	html_open(&w->h, "div", "class", "signatures", NULL);
	for (int party = 0; party < PARTY__COUNT; party++) {
		const struct names *signs = &w->agreement->parties[party].signs;

		for (size_t i = 0; i < signs->count; i++) {
			html_open(&w->h, "p", "class", "signature", NULL);
			html_text(&w->h, signs->items[i]);
			html_say(&w->h, ", ");
			html_say(&w->h, party_name((enum party)party));
			html_close(&w->h, "p");
		}
	}
	html_close(&w->h, "div");
}

static void write_head(struct html_writer *w)
{
	html_open(&w->h, "html", "lang", "en", NULL);
	html_open(&w->h, "head", NULL);
	html_void(&w->h, "meta", "charset", "utf-8", NULL);
	html_void(&w->h, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1", NULL);
	html_element(&w->h, "title", NULL, w->agreement->title);
	html_open(&w->h, "style", NULL);
	html_raw(&w->h, asset_get("web/report.css"));
	html_close(&w->h, "style");
	html_close(&w->h, "head");
}

void contract_html(const struct agreement *agreement, struct buf *out)
{
	struct arena arena;
	struct html_writer w = { .agreement = agreement, .arena = &arena };

	arena_init(&arena);
	w.terms = agreement_terms(agreement, &arena);
	html_init(&w.h, out);
	write_head(&w);
	html_open(&w.h, "body", "class", "contract", NULL);
	html_open(&w.h, "header", NULL);
	html_element(&w.h, "h1", NULL, agreement->title);
	html_close(&w.h, "header");
	html_open(&w.h, "main", NULL);
	for (int chapter = 0; chapter < TERM_CHAPTER__COUNT; chapter++) {
		if (chapter == TERM_PROMISES)
			write_promises(&w);
		else if (chapter != TERM_ANNEXES)
			write_chapter(&w, (enum term_chapter)chapter);
	}
	write_signatures(&w);
	write_chapter(&w, TERM_ANNEXES);
	html_close(&w.h, "main");
	html_close(&w.h, "body");
	html_close(&w.h, "html");
	html_finish(&w.h);
	arena_release(&arena);
}
