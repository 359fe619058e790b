/* Who and what has no rows among the facts: persons and companies of customers, colleagues, stages, campaigns, teams, partners. Kept in memory as far as
 * lists need it, and follows the book: the first to ask for one of them has the book read for it, who comes later what was told since.
 *
 * directory_begin; directory_next, directory_find, directory_read; directory_end. One at a time, others wait.
 */
#ifndef DESK_DIRECTORY_H
#define DESK_DIRECTORY_H

#include "base/table.h"
#include "book/book.h"
#include "facts/measure.h"

struct directory;

/* One record. Texts live until directory_end. */
struct listed {
	enum object object;
	uint64_t subject;             /* its number in the book: in the order of first appearance */
	struct str key, source, name; /* the name of persons is theirs alone, and not here */
	struct str owner, team, partner;
	struct str account; /* of a person: the key of the company, or its name */
};

/* Opens the book at `path` for reading. Returns owned. */
int directory_open(struct directory **out, const char *path, struct err *err);
void directory_close(struct directory *directory); /* NULL is nothing */

/* Those of the object are in it, of persons their companies too, as was committed before this was called. directory_end must follow where this returns 0. From any thread. */
int directory_begin(struct directory *directory, enum object object, struct err *err);
void directory_end(struct directory *directory);

/* The next of that object behind the number; NULL: there is none. */
const struct listed *directory_next(const struct directory *directory, enum object object, uint64_t after);
size_t directory_count(const struct directory *directory, enum object object);
/* Of that key, and of that source unless it is empty: their number, and the first of them. */
size_t directory_find(const struct directory *directory, enum object object, struct str source, struct str key,
		      const struct listed **out);
/* The record as it stands, personal fields opened. Calls `each` once. */
int directory_read(struct directory *directory, const struct listed *listed, state_fn *each, void *context,
		   struct err *err);

/* Of any other record: what is sealed, opened (book_state_of). OBJECT_NONE will do for directory_begin. */
int directory_state(struct directory *directory, enum object object, struct str source, struct str key,
		    struct state *out, bool *found, struct arena *arena, struct err *err);

/* Whose rows are seen. A company is its owner's, its team's and its partner's, and of whoever has a lead, a deal or an order of it; a person is
 * its owner's, and of whoever the company's is by its owner, team or partner; a colleague is seen by the team, stages by all, and campaigns, teams and partners by whom leads
 * of theirs that are seen name them to. */
struct directory_view {
	const struct directory *directory;
	const struct facts *facts;
	struct scope scope;
	struct table companies; /* that rows which are seen speak of, by name */
	struct table own;       /* that are theirs by what they say themselves, by id */
	struct arena arena;
};
/* Borrows; directory_view_release must follow. */
void directory_view_init(struct directory_view *view, const struct directory *directory, const struct facts *facts,
			 const struct scope *scope);
void directory_view_release(struct directory_view *view);
bool directory_sees(struct directory_view *view, const struct listed *listed);
/* Is it theirs by what it says itself? */
bool directory_owns(const struct directory_view *view, const struct listed *listed);

#endif
