/* A record on its way into the book, while somebody tells it. Private to desk/record_*.c. */
#ifndef DESK_RECORD_DRAFT_H
#define DESK_RECORD_DRAFT_H

#include "desk/record_tell.h"

struct draft {
	struct lead_desk *desk;
	struct record_told *told;
	struct problems *problems;
	struct record_field fields[RECORD_TOLD_FIELDS + 8];
	size_t count;
	char currency[4];
	uint32_t row;          /* of a change: what is changed */
	uint32_t lead;         /* the row of the lead it speaks of; REF_NONE */
	struct str base;       /* the key of what it refers to */
	const char *source_of; /* the member that says whose ids it has; NULL: none does */
};

/* What is told, field by field, each wrong one said. */
void draft_read(struct draft *draft);
struct value *draft_value(struct draft *draft, enum field code); /* NULL: nothing is said of it */
bool draft_says(struct draft *draft, enum field code);           /* and not that it is empty */
struct value *draft_add(struct draft *draft, enum field code, enum value_kind kind);

/* As cells_find. False: the key was not wanted, so nobody looked. */
bool record_rows_find(const struct record_rows *rows, enum fact fact, struct str source, struct str key, uint32_t *out,
		      size_t most, size_t *count);

void draft_wrong(struct draft *draft, const char *member, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
