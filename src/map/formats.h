/* Which of two readings a column of dates or numbers takes, found out from all of its cells. */
#ifndef MAP_FORMATS_H
#define MAP_FORMATS_H

#include "map/cells.h"

struct date_evidence {
	uint64_t cells;    /* that are dates in any order */
	uint64_t dmy, mdy; /* that fit only this order */
	uint64_t both;     /* that fit both, with different days */
	uint64_t fixed, excel, unix_s, unix_ms;
	uint64_t timed, not_midnight;
	char example[32]; /* one that fits both */
	long example_line;
};

struct number_evidence {
	uint64_t dot, comma, either;
	char example[32];
	long example_line;
};

void date_evidence_add(struct date_evidence *evidence, struct str cell, long line);
void number_evidence_add(struct number_evidence *evidence, struct str cell, long line);

/* The order the column's own cells prove; 0 when nothing needs an order; *unclear when cells fit both and nothing proves either. */
unsigned date_evidence_order(const struct date_evidence *evidence, bool *unclear);
/* '.', ',' or 0; *unclear likewise. Mixed columns give 0: each cell then speaks for itself. */
char number_evidence_mark(const struct number_evidence *evidence, bool *unclear);

#endif
