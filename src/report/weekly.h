/* Shared by the parts of the weekly page. */
#ifndef REPORT_WEEKLY_H
#define REPORT_WEEKLY_H

#include "report/reports.h"

#define WEEKS 12 /* what is compared with */

struct week {
	struct period now, last, four, twelve; /* twelve and four end before this week begins */
	bool over, before; /* before: the week of the as-of day has only begun, so the one before it is told */
};

/* The week and the twelve before it. */
static inline struct period up_to_now(const struct week *w)
{
	return (struct period){ w->twelve.from, w->now.to };
}

/* Which week is told of, where it is not the one that is just over. */
void weekly_which(struct page *page, const struct week *w);
/* "Will we make it", as far as that can be said. */
void weekly_pace(struct page *page, const struct known *known);
/* "What came in": one row a measure, this week beside others. */
void weekly_came_in(struct page *page, const struct known *known, const struct week *w);
/* Finds the parties that broke more than was agreed, over all they promised; prints nothing. */
void weekly_find_broken(struct page *page, const struct week *w);
/* False where no agreement is in force: then nothing is said. */
bool weekly_promises(struct page *page, const struct week *w);
void weekly_campaigns(struct page *page, const struct known *known, const struct week *w);

#endif
