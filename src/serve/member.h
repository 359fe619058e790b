/* What a JSON object or the arguments of a request may hold, described once: requests are checked against it and the OpenAPI document is
 * written from it.
 */
#ifndef SERVE_MEMBER_H
#define SERVE_MEMBER_H

#include <jansson.h>
#include "base/problem.h"
#include "base/zone.h"

enum member_type {
	MEMBER_TEXT,
	MEMBER_WHOLE, /* a whole number */
	MEMBER_NUMBER,
	MEMBER_FLAG,
	MEMBER_DATE,   /* "2026-03-09" */
	MEMBER_TIME,   /* "2026-03-09T14:05:00+01:00"; without an offset in the book's zone */
	MEMBER_CHOICE, /* of `choices` */
	MEMBER_OBJECT, /* of `members`; NULL: anything */
	MEMBER_LIST,   /* of `items` */
	MEMBER_NAMED,  /* an object with names of any kind, each of which is as `items` */
	MEMBER_VALUE,  /* a number or a text */
	MEMBER_ANY,
	MEMBER__COUNT
};

struct member {
	const char *name;
	enum member_type type;
	bool required;
	bool null; /* it may be null, too */
	long most; /* characters of a text (0: 1,000), items of a list (0: 1,000), or the largest whole number (0: 10^15) */
	long least;          /* the smallest whole number; of a text: characters */
	const char *choices; /* "yes|no" */
	const struct member *members;
	const struct member *items; /* one member, whose name is not looked at */
	const char *sentence;       /* what it means */
};

/* What is wrong with `value`, every member at once, goes to `problems` with its path ("lines[2].amount") as field. Unknown members are
 * wrong, with the nearest right name. */
void members_check(const struct member *members, const json_t *value, const struct zone *zone,
		   struct problems *problems, struct arena *arena);
/* The same of arguments, which are texts: `text` stands for the member `name`. */
void member_check_text(const struct member *member, struct str text, const struct zone *zone, struct problems *problems,
		       struct arena *arena);
/* NULL: there is none of that name. */
const struct member *member_find(const struct member *members, struct str name);
const char *member_nearest(const struct member *members, struct str name, struct arena *arena);

/* As JSON Schema 2020-12; of an object. Returns owned. */
json_t *members_schema(const struct member *members);
json_t *member_schema(const struct member *member);
/* Of what is answered: texts, lists and numbers have those limits alone that are given. */
json_t *answer_schema(const struct member *members);

#endif
