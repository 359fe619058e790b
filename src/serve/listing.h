/* What lists have in common: conditions made of arguments, pages one after another, times. */
#ifndef SERVE_LISTING_H
#define SERVE_LISTING_H

#include "desk/office.h"
#include "serve/endpoint.h"

enum { LIST_MOST = 200, LIST_USUAL = 50, LIST_FAR_MOST = 100000, CONDITION_MOST = 4000 };

#define LIST_ARGUMENTS                                                                                                 \
	{ .name = "limit", .type = MEMBER_WHOLE, .least = 1, .most = LIST_MOST, .sentence = "at most so many; 50" },   \
	{                                                                                                              \
		.name = "cursor", .type = MEMBER_TEXT, .least = 1, .most = 64,                                         \
		.sentence = "the `next` of the page before"                                                            \
	}
/* Members of the answer, beside the list itself. */
#define LIST_MEMBERS                                                                                                   \
	{ .name = "total", .type = MEMBER_WHOLE, .required = true, .sentence = "on all pages" },                       \
	{                                                                                                              \
		.name = "next", .type = MEMBER_TEXT, .required = true, .null = true,                                   \
		.sentence = "the cursor of the next page"                                                              \
	}

/* The facts of the moment; judged where promises and the like are asked for. False after saying why not; else view_end must follow. */
bool view_begin(struct call *call, bool judged, struct office_view *view);
void view_end(struct call *call);

/* `column = "text"`, added with "and". Empty texts add nothing. */
void condition_is(struct buf *condition, const char *column, struct str text);
/* A condition that somebody wrote, likewise. NULL: none. */
void condition_and(struct buf *condition, const char *text);
/* NULL where nothing was added. In the arena. */
const char *condition_text(const struct buf *condition, struct arena *arena);

/* One page of rows. */
struct rows_page {
	struct listing listing;
	size_t before; /* rows on the pages before: the page's own begin there */
};

/* The page that `limit` and `cursor` ask for, of the rows that who asks may see. False after saying what is wrong. */
bool rows_read(struct call *call, const struct facts *facts, const char *of, const char *where, const char *order,
	       struct rows_page *page);
/* The same, of `most` rows. */
bool rows_read_most(struct call *call, const struct facts *facts, const char *of, const char *where, const char *order,
		    size_t most, struct rows_page *page);
/* The cursor of the page after it, in the arena; NULL: there is none. */
const char *rows_next(const struct rows_page *page, struct arena *arena);
/* {"total", NAME: list, "next"}; takes the list. */
json_t *rows_json(const struct rows_page *page, const char *name, json_t *list);
/* The same of `total` things that all are at hand: where the page begins and how many it has. */
bool range_read(struct call *call, size_t total, size_t *begin, size_t *count);
json_t *range_json(size_t total, size_t end, const char *name, json_t *list);

/* In the book's zone; null for never and unknown. */
json_t *time_json(const struct zone *zone, int64_t at_ms);
/* NaN is null; a whole number is one. */
json_t *number_json(double number);

#endif
