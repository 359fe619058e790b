/* Writing HTML so that every text is escaped and every element is closed in order. Bytes that are no UTF-8 and control characters
 * other than tab and line end come out as U+FFFD.
 *
 *	struct html h;
 *	html_init(&h, &buf);
 *	html_open(&h, "a", "href", "#rows-3", "title", definition, NULL);
 *	html_text(&h, label);
 *	html_close(&h, "a");
 *
 * An attribute with a NULL value is left out; one with the value "" is written as its name alone. Links that would run a script
 * are left out. Tags and attribute names are the program's own: one that is no name is a BUG. */
#ifndef IO_HTML_H
#define IO_HTML_H

#include "base/buf.h"

#define HTML_DEPTH 32

struct html {
	struct buf *out; /* borrows */
	const char *open[HTML_DEPTH];
	size_t depth;
};

void html_init(struct html *html, struct buf *out); /* writes the doctype */
/* Pairs of attribute name and value, ended with NULL. */
void html_open(struct html *html, const char *tag, ...) __attribute__((sentinel));
void html_void(struct html *html, const char *tag, ...) __attribute__((sentinel)); /* meta, br: never closed */
void html_close(struct html *html, const char *tag); /* BUG() when another element is open */
void html_text(struct html *html, struct str text);
void html_say(struct html *html, const char *text);
/* A whole element with a text and a class (NULL = none). */
void html_element(struct html *html, const char *tag, const char *class, struct str text);
/* The inside of style and script: written as it is; BUG() when it could end its element. */
void html_raw(struct html *html, struct str text);
void html_finish(struct html *html); /* BUG() when an element is still open */

#endif
