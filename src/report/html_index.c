/* The first page of a folder of reports, and the links between its pages. */
#include "report/writer.h"

static void write_link(struct writer *w, const char *name, const char *text, bool here)
{
	html_open(&w->h, "li", NULL);
	html_open(&w->h, "a", "href", arena_printf(&w->arena, "%s.html", name), "aria-current", here ? "page" : NULL,
		  NULL);
	html_say(&w->h, text);
	html_close(&w->h, "a");
	html_close(&w->h, "li");
}

void write_nav(struct writer *w, const struct report *active)
{
	html_open(&w->h, "nav", "aria-label", "Reports", NULL);
	html_open(&w->h, "ul", NULL);
	write_link(w, "index", "All reports", !active);
	for (size_t i = 0; report_at(i); i++)
		write_link(w, report_at(i)->name, i ? report_at(i)->title : "Weekly", report_at(i) == active);
	html_close(&w->h, "ul");
	html_close(&w->h, "nav");
}

/* The first sentence that tells a figure; the first one at all where none does. */
static const struct sentence *first_sentence(const struct page *page)
{
	const struct sentence *first = NULL;

	for (size_t i = 0; i < page->block_count; i++) {
		const struct sentence *s = page->blocks[i].as.sentence;

		if (page->blocks[i].kind != BLOCK_SENTENCE)
			continue;
		if (s->count)
			return s;
		first = first ? first : s;
	}
	return first;
}

static void write_entry(struct writer *w, const struct page *page)
{
	const struct sentence *s = first_sentence(page);

	html_open(&w->h, "section", NULL);
	html_open(&w->h, "h2", NULL);
	html_open(&w->h, "a", "href", arena_printf(&w->arena, "%s.html", page->report->name), NULL);
	html_text(&w->h, page->title);
	html_close(&w->h, "a");
	html_close(&w->h, "h2");
	html_element(&w->h, "p", "note", str_of(page->report->sentence));
	if (s) {
		html_open(&w->h, "p", NULL);
		for (size_t i = 0; i < s->span_count; i++) {
			if (s->spans[i].figure)
				html_element(&w->h, "b", NULL, s->spans[i].text);
			else
				write_words(w, s->spans[i].text);
		}
		html_close(&w->h, "p");
	}
	html_close(&w->h, "section");
}

static void write_index(struct writer *w, struct page *const *pages, size_t count)
{
	struct page_top top = page_top(w->page, &w->arena);
	const struct report_request *request = &w->page->request;
	const char *title = arena_printf(&w->arena, "%.*s%sreports", STR_ARG(top.book), top.book.len ? ": " : "");

	/* reports have periods of their own; here stands what was asked for */
	top.period = str_of(page_period_text(pages[0], (struct period){ request->from, request->to }));
	write_document_head(w, str_of(title), STR_NONE);
	html_open(&w->h, "body", "class", "index", NULL);
	html_open(&w->h, "a", "class", "skip", "href", "#main", NULL);
	html_say(&w->h, "Skip to the reports");
	html_close(&w->h, "a");
	write_nav(w, NULL);
	write_top(w, &top, STR("Reports"));
	html_open(&w->h, "main", "id", "main", "tabindex", "-1", NULL);
	for (size_t i = 0; i < count; i++)
		write_entry(w, pages[i]);
	html_close(&w->h, "main");
	write_foot(w, &top);
	html_close(&w->h, "body");
	html_close(&w->h, "html");
	html_finish(&w->h);
}

int report_index_html(struct page *const *pages, size_t count, struct buf *out, struct err *err)
{
	struct writer w = { .page = pages[0], .among = true, .err = err };

	if (!count)
		BUG("an index of no reports");
	arena_init(&w.arena);
	html_init(&w.h, out);
	write_index(&w, pages, count);
	arena_release(&w.arena);
	if (out->full)
		return err_set(err, ERR_LIMIT, "the page is larger than %zu bytes", out->max);
	return 0;
}
