/* Named measures with one plain-English sentence each: the only place where a KPI is defined. Agreements, plans, reports, alerts and
 * the API all name KPIs; nobody computes a number twice. */
#ifndef FACTS_KPI_H
#define FACTS_KPI_H

#include "facts/measure.h"

struct kpi {
	const char *name;     /* "win_rate" */
	const char *title;    /* "Win rate" */
	const char *sentence; /* "won of all closed, by the day they closed" */
	const char *measure, *of, *where;
	const char *period; /* time column that puts a row into a week or month: "closed" */
	int better;         /* +1 more is better, −1 less, 0 neither */
	const char *needs;  /* what must be in the book for an answer: "closed opportunities" */
};

const struct kpi *kpi_at(size_t i); /* NULL past the end */
const struct kpi *kpi_find(struct str name);
/* Asks it; `by`, extra `where` (NULL), period [from, to) as local dates (DATE_NONE = open). */
int kpi_ask(const struct facts *facts, const struct kpi *kpi, const char *by, const char *where, int32_t from,
	    int32_t to, int32_t as_of, struct scope scope, struct arena *arena, struct answer *answer, struct err *err);

#endif
