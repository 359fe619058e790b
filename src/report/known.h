/* What a book holds, so that a report says what it cannot know instead of printing an empty table. */
#ifndef REPORT_KNOWN_H
#define REPORT_KNOWN_H

#include "report/page.h"

struct known {
	int64_t leads, leads_dated, leads_qualified, leads_handed, leads_answered, leads_accepted, leads_opportunity,
		leads_won;
	int64_t leads_sourced, leads_campaign, leads_origin, leads_owned;
	int64_t deals, deals_dated, deals_closed, deals_closed_dated, deals_won, deals_lost, deals_open, deals_valued,
		deals_owned;
	int64_t deals_sourced, deals_campaign, deals_origin;
	int64_t deals_open_valued, deals_lost_valued;
	int64_t visits, visits_dated, touches, activities, spend, spend_campaign, orders;
};

struct known page_known(struct page *page);

/* Only where something was lost does a win rate mean anything: some exports hold won deals alone. */
bool known_win_rate(const struct known *known);
/* The visits to stages that mean open: a deal may also *stand* in "Lost", but it is not lost from there. NULL: all. */
const char *open_stages(struct page *page);

/* How far a lead goes in this book: "opportunity" where some of those were not won, else "won". */
const char *known_goal(const struct known *known);
const char *known_goal_words(const struct known *known); /* "became an opportunity", "were won" */
const char *known_goal_title(const struct known *known); /* "To opportunity", "To won": of a column */
bool known_goes_on(const struct known *known);           /* … to an opportunity, that is */

/* What says of which type a lead is: "agreed_type" where an agreement is in force, else its source's "type"; NULL where neither names any. */
const char *page_lead_type(struct page *page);
const char *page_lead_type_title(const char *type); /* "By type of lead, as agreed" */

/* What a table over time goes by: "week" where the period is short, else "month". */
const char *page_time_unit(const struct page *page);

/* Notes on what is not in the book and what therefore cannot be said, and on leads that are in no count. */
void page_note_unknown(struct page *page, const struct known *known);
/* Of how many lost deals the stage before closing is known, where it is of some only: shares by stage are of these. */
void page_note_lost_stages(struct page *page, const struct known *known);

/* Definitions that several reports use: a KPI, or what is not important enough to be one. */
extern const struct ask TERM_LEADS, TERM_QUALIFIED, TERM_HANDED_OFF, TERM_LEAD_WON; /* counts of leads */
extern const struct ask TERM_GOAL_OPPORTUNITY, TERM_GOAL_WON;                       /* shares of leads */
extern const struct ask TERM_DEALS, TERM_WON, TERM_LOST, TERM_OPEN;                 /* counts of deals */
extern const struct ask TERM_WIN_RATE, TERM_COHORT_WIN_RATE;
extern const struct ask TERM_WON_VALUE, TERM_LOST_VALUE, TERM_OPEN_VALUE, TERM_PIPELINE, TERM_AVERAGE_SALE;
extern const struct ask TERM_CYCLE, TERM_STAGNANT, TERM_STAGNANT_VALUE;
extern const struct ask TERM_SPEND, TERM_BOOKED;

#define STUCK_SENTENCE                                                                                                 \
	"open, and in their stage longer than the agreed limit, else longer than 90 % of the deals that moved on from it; of all open"

const struct ask *known_goal_term(const struct known *known);
/* A term within a period and a further condition (NULL = none). */
const struct figure *page_term(struct page *page, const struct ask *term, const char *where, struct period period);
/* Columns that tables by origin, source … have in common: how long leads took; what became of deals, with a total. */
void table_days_to_won(struct page *page, struct table *table, const struct known *known);
void table_deals(struct page *page, struct table *table, const struct known *known);
void table_term(struct page *page, struct table *table, const char *name, const char *title, const struct ask *term,
		const char *where, struct period period);

#endif
