/* What a process that stays knows of its book: facts that follow it, and the papers that go with them, the agreements, the imports and how partners stand;
 * judged when somebody asks for what only judging tells.
 *
 * office_begin; questions of the view, in as many threads as like; office_end. What was committed before office_begin was called is in the view.
 * Judged anew where the book has gone on, and once a minute: promises fall due by themselves.
 */
#ifndef DESK_OFFICE_H
#define DESK_OFFICE_H

#include "desk/intake.h"
#include "desk/lead_search.h"
#include "desk/standings.h"
#include "facts/live.h"

struct office;

struct office_view {
	const struct facts *facts;
	const struct agreements *agreements;
	const struct standings *standings;
	const struct import *imports; /* oldest first */
	size_t import_count;
};

/* Opens the book at `path` for reading. Returns owned. */
int office_open(struct office **out, const char *path, int64_t now_ms, struct err *err);
/* Nobody may be asking. */
void office_close(struct office *office);

/* The view stays as it is until office_end, which must follow where this returns 0. From any thread. */
int office_begin(struct office *office, int64_t now_ms, bool judged, struct office_view *view, struct err *err);
void office_end(struct office *office);

/* The desk of a moment (desk/lead_desk.h): one at a time, others wait. `book`, where something is to be told, is held for writing. What is
 * told shows to whoever begins after office_desk_end. Borrows until then. */
int office_desk(struct office *office, struct book *book, int64_t now_ms, const char *actor, struct arena *arena,
		struct lead_desk *desk, struct err *err);
/* Nobody stands at the desk until office_let_go: for who writes what no fact follows from. */
void office_hold(struct office *office);
void office_let_go(struct office *office);
void office_desk_end(struct office *office, struct lead_desk *desk);
/* A desk at which nothing is told, over a book opened for reading: nobody at the other one waits for it. One at a time. */
int office_look(struct office *office, int64_t now_ms, struct arena *arena, struct lead_desk *desk, struct err *err);
void office_look_end(struct office *office, struct lead_desk *desk);

/* Of the office's book; borrowed. A thread of the office's own reads it through. */
struct lead_search *office_search(struct office *office);
/* There is more to read than whoever asks has time for. From any thread; nobody waits. */
void office_read_on(struct office *office);

/* The intake of a moment (desk/intake.h): one at a time, as with the desk. How work stands among the people is kept from one to the next, and
 * worked out anew where somebody else has told something about leads meanwhile. `book` is held for writing. Texts in the arena. */
int office_intake(struct office *office, struct book *book, int64_t now_ms, struct arena *arena,
		  struct intake_room *room, struct err *err);
/* `done`: what was taken in is committed. */
void office_intake_end(struct office *office, const struct intake_room *room, bool done);

#endif
