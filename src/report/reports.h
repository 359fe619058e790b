/* Every report, one file each. What a report finds goes through one function, so that the weekly page can ask all of them. */
#ifndef REPORT_REPORTS_H
#define REPORT_REPORTS_H

#include "report/known.h"

extern const struct report report_weekly, report_funnel, report_qualified, report_handed_over, report_mix,
	report_sweet_spot, report_goldilocks, report_sla, report_no_mans_land, report_partners, report_origins,
	report_sources, report_campaigns, report_stages, report_leaks, report_stuck, report_reps, report_follow_up,
	report_data_quality;

/* Adds its findings to the page; prints nothing. */
void find_junk(struct page *page, const struct known *known, const char *dimension, const char *kind);
void find_leaking_stage(struct page *page, const struct known *known);
void find_stuck(struct page *page, const struct known *known);
/* Who breaks the promise of a first contact, of those that fell due in the period; by another rule, of all times, where nothing was promised. */
void find_slow_reps(struct page *page, const struct known *known, struct period period);

/* How many leads wait between qualified and accepted, and who owes them the next move, as no-mans-land says it; of a period, those that were
 * handed over in it. Nothing where none does, or where the book never says that sales accepts and nothing was agreed. */
void say_who_owes(struct page *page, const struct known *known, struct period handed_over);

#endif
