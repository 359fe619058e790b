/* Leads found as somebody types: by the beginnings of words of name, company, mail address, telephone number and id.
 *
 * What is sealed is held here open, in memory only: one text for each lead, and the beginnings of all words in order. Where a person is
 * erased all is forgotten and read anew. It is read a stretch at a time by whoever has time for it; what is not read yet is not found.
 * Rows are those of the facts that follow the book (facts/live.h), which stand where they stood. From any thread.
 */
#ifndef DESK_LEAD_SEARCH_H
#define DESK_LEAD_SEARCH_H

#include "facts/measure.h"

struct lead_search;

/* Of the book at `path`. Returns owned. */
int lead_search_open(struct lead_search **out, const char *path, struct err *err);
void lead_search_close(struct lead_search *search);

/* Takes up what changed, and at most `most` leads that are not known yet; *more: there are others. */
int lead_search_catch_up(struct lead_search *search, const struct facts *facts, size_t most, bool *more,
			 struct err *err);

/* The latest `most` rows before `before` (UINT32_MAX: of all) that have each of the words, of those in the scope: latest first. Returns how
 * many. */
size_t lead_search_find(struct lead_search *search, const struct facts *facts, const struct scope *scope,
			struct str words, uint32_t before, uint32_t *rows, size_t most);

/* Copies in the arena; empty where there is none. */
struct lead_text {
	struct str name, company;
};
int lead_search_text(struct lead_search *search, const struct facts *facts, uint32_t row, struct lead_text *out,
		     struct arena *arena, struct err *err);

#endif
