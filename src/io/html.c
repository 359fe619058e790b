#include "io/html.h"

#include <stdarg.h>
#include <string.h>
#include "base/err.h"

void html_init(struct html *html, struct buf *out)
{
	*html = (struct html){ .out = out };
	buf_add_text(out, "<!doctype html>\n");
}

static void escape(struct buf *out, struct str text)
{
	while (text.len) {
		uint32_t code = utf8_next(&text);
		char bytes[4];

		switch (code) {
		case '&': buf_add_text(out, "&amp;"); break;
		case '<': buf_add_text(out, "&lt;"); break;
		case '>': buf_add_text(out, "&gt;"); break;
		case '"': buf_add_text(out, "&quot;"); break;
		default:
			if ((code < ' ' && code != '\n' && code != '\t') || (code >= 0x7f && code < 0xa0))
				code = 0xfffd;
			buf_add(out, bytes, utf8_put(code, bytes));
		}
	}
}

static void check_name(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-:";

	if (!name[0] || strspn(name, allowed) != strlen(name))
		BUG("'%s' names no element or attribute", name);
}

static bool is_void(const char *tag)
{
	static const char *const tags[] = { "area",  "base", "br",   "col",    "embed", "hr", "img",
					    "input", "link", "meta", "source", "track", "wbr" };

	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
		if (!strcmp(tags[i], tag))
			return true;
	}
	return false;
}

/* Text of a source must not run as a script when somebody clicks on it. */
static bool is_safe_link(const char *value)
{
	struct str rest = str_trim(str_of(value)), scheme = str_cut(&rest, ':');

	return !str_eq_fold(scheme, STR("javascript")) && !str_eq_fold(scheme, STR("vbscript"));
}

static void start(struct html *html, const char *tag, va_list attributes)
{
	const char *name;

	check_name(tag);
	buf_addf(html->out, "<%s", tag);
	while ((name = va_arg(attributes, const char *))) {
		const char *value = va_arg(attributes, const char *);

		if (!value || (!strcmp(name, "href") && !is_safe_link(value)))
			continue;
		check_name(name);
		buf_addf(html->out, " %s", name);
		if (!*value)
			continue;
		buf_add_text(html->out, "=\"");
		escape(html->out, str_of(value));
		buf_add_char(html->out, '"');
	}
	buf_add_char(html->out, '>');
}

void html_open(struct html *html, const char *tag, ...)
{
	va_list attributes;

	if (is_void(tag))
		BUG("<%s> has no content", tag);
	if (html->depth == HTML_DEPTH)
		BUG("HTML nests deeper than %d", HTML_DEPTH);
	va_start(attributes, tag);
	start(html, tag, attributes);
	va_end(attributes);
	html->open[html->depth++] = tag;
}

void html_void(struct html *html, const char *tag, ...)
{
	va_list attributes;

	if (!is_void(tag))
		BUG("<%s> has content", tag);
	va_start(attributes, tag);
	start(html, tag, attributes);
	va_end(attributes);
}

static bool stands_alone(const char *tag)
{
	static const char *const tags[] = { "p",    "tr",     "table",  "section", "div",   "li",   "ol",
					    "ul",   "head",   "body",   "h1",      "h2",    "h3",   "header",
					    "main", "footer", "figure", "thead",   "tbody", "title" };

	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
		if (!strcmp(tags[i], tag))
			return true;
	}
	return false;
}

void html_close(struct html *html, const char *tag)
{
	if (!html->depth || strcmp(html->open[html->depth - 1], tag) != 0)
		BUG("closing <%s> while <%s> is open", tag, html->depth ? html->open[html->depth - 1] : "nothing");
	html->depth--;
	buf_addf(html->out, "</%s>%s", tag, stands_alone(tag) ? "\n" : "");
}

void html_text(struct html *html, struct str text)
{
	escape(html->out, text);
}

void html_say(struct html *html, const char *text)
{
	escape(html->out, str_of(text));
}

void html_element(struct html *html, const char *tag, const char *class, struct str text)
{
	html_open(html, tag, "class", class, NULL);
	html_text(html, text);
	html_close(html, tag);
}

static bool ends_element(struct str text)
{
	for (ptrdiff_t found; (found = str_find(text, "</")) >= 0;) {
		text.at += found + 2;
		text.len -= (size_t)found + 2;
		if ((text.len >= 6 && str_eq_fold((struct str){ text.at, 6 }, STR("script"))) ||
		    (text.len >= 5 && str_eq_fold((struct str){ text.at, 5 }, STR("style"))))
			return true;
	}
	return false;
}

void html_raw(struct html *html, struct str text)
{
	if (ends_element(text))
		BUG("this would end its own element");
	buf_add_str(html->out, text);
}

void html_finish(struct html *html)
{
	if (html->depth)
		BUG("<%s> is still open", html->open[html->depth - 1]);
}
