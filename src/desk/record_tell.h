/* Records that somebody tells one by one: touches, contacts made, deals, orders, spend. What an import takes from files is written the same
 * way: the same entries, so reports, facts and erasing know no difference.
 *
 * References stay within a source, so a record has the source of what it refers to; where it refers to nothing it is of `lockstep`. What is told
 * of a record that came from a file is said in that file's name, and holds until the file says something else later.
 */
#ifndef DESK_RECORD_TELL_H
#define DESK_RECORD_TELL_H

#include "desk/lead_desk.h"
#include "desk/record_kind.h"

/* A field as text, in the form of record_kind.h: times as ISO 8601, a point in numbers, yes or no, KEY or SOURCE:KEY of what is referred to.
 * An empty text says that it is empty. */
struct told_field {
	struct str name, text;
};

/* Ids that many records of one call speak of, looked up at once: one by one each would be a walk over all rows. */
struct record_rows;

struct record_told {
	const struct record_kind *kind;
	const struct told_field *fields;
	size_t count;
	struct scope scope; /* what who tells it sees: it refers to nothing else, and is of nobody else */
	struct str by;      /* who tells it: has what nobody else is said to have */
	/* Of what has no rows: may who tells it refer to that one? NULL: to all of them where everything is seen, else to none. */
	bool (*sees)(void *context, enum object object, struct str source, struct str key);
	void *context;
	struct str currency;               /* of a change of what has no rows: that of its amounts; may be empty */
	const struct record_rows *rows[2]; /* ids of many, looked up before; NULL: they are looked up one by one */
	bool change;                       /* of a record that is there; else a new one */
	/* Of a new one: as who tells it calls it; empty: it gets one. Afterwards the key it stands under, in the arena. */
	struct str key;
	struct str source; /* of a change: whose id that is. Afterwards, of both */
	bool taken;        /* a new one was refused because the book has one of that id */
	bool known;        /* a change that says what was known: nothing was written */
};

/* Borrows the facts. Returns owned. */
struct record_rows *record_rows_new(const struct facts *facts, enum fact fact);
void record_rows_free(struct record_rows *rows);                /* NULL is nothing */
void record_rows_want(struct record_rows *rows, struct str id); /* KEY or SOURCE:KEY */
void record_rows_look(struct record_rows *rows);                /* once, when all are wanted */

/* The record of that id among those that are seen: of `told->key`, SOURCE:KEY, or of told->source where that is given; fills key and source.
 * *found is false where there is none, or several. Of what has no rows (`row` is not filled) only told->source or `lockstep` is looked at,
 * and nobody but who sees everything may ask. */
int record_find(const struct lead_desk *desk, struct record_told *told, uint32_t *row, bool *found, struct err *err);

/* 1: refused, and `problems` names each field that is wrong; 0: done; below: an error, and nothing was written. */
int record_tell(struct lead_desk *desk, struct record_told *told, struct problems *problems, struct err *err);

#endif
