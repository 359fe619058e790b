/* What can be told singly, beside leads: of which objects, which fields, and what each needs. One table, for the desk, the API and the command
 * line.
 */
#ifndef DESK_RECORD_KIND_H
#define DESK_RECORD_KIND_H

#include "domain/object.h"
#include "facts/facts.h"

enum { RECORD_TOLD_FIELDS = 48 };

struct record_kind {
	enum object object;
	enum fact fact;           /* its rows; FACT__COUNT: it has none */
	const char *name;         /* "touch": as the command line has it */
	const char *plural;       /* "touches": in addresses and lists */
	const enum field *needed; /* each of them; ends with FIELD_CUSTOM */
	const enum field *any;    /* at least one of these, likewise; NULL */
	enum field now;           /* is now where it is not told; FIELD_CUSTOM: none is */
	enum field named; /* the field that is its key, where who tells it gives none; FIELD_CUSTOM: it gets a number */
};

/* From 0 on; NULL behind the last. */
const struct record_kind *record_kind_at(size_t i);
/* By its object; BUG() where it is none of them. */
const struct record_kind *record_kind_of(enum object object);
/* By name or plural; NULL. */
const struct record_kind *record_kind_named(struct str name);

/* The fields that may be told, in the order of the table of fields. Returns how many. */
size_t record_kind_fields(const struct record_kind *kind, const struct field_def *out[RECORD_TOLD_FIELDS]);
/* Has it amounts? Then `currency` may be told, too: of all of them. */
bool record_kind_money(const struct record_kind *kind);
/* The words that a field can hold, "in|out"; NULL: any. */
const char *record_choices(const struct field_def *def);
/* May it lie in the time to come? */
bool record_may_come(const struct field_def *def);

#endif
