/* "Will we make it": what was won so far, beside the last quarter, and what is open. */
#include "report/weekly.h"

enum { DAYS_QUIET = 7 }; /* at the beginning of a quarter: a book that begins within them reaches back to it */

/* What is open and how often deals were won: two plain numbers, and no promise. */
static void say_open(struct page *page, const struct known *known)
{
	const struct figure *open, *rate, *both_of;

	if (!known->deals_open_valued || !known_win_rate(known))
		return;
	open = page_term(page, &TERM_OPEN_VALUE, NULL, PERIOD_ALL);
	rate = page_term(page, &TERM_WIN_RATE, NULL, PERIOD_ALL);
	if (figure_too_few(rate) || !figure_known(open))
		return;
	both_of = PAGE_ASK(page, .title = "Open × win rate",
			   .sentence = "value of the open deals times the win rate of all closed so far; no forecast",
			   .measure = "sum(amount where open) * (count(won) / count(closed))", .of = "opportunities");
	page_sentence(page, 0,
		      "Open: %s. Of all that closed so far %s were won. One times the other is %s: no forecast.",
		      value(page, open), share(page, rate), value(page, both_of));
}

/* Why the last quarter is nothing to compare with; NULL where the book reaches back to it. */
static const char *begins_too_late(struct page *page, struct period then)
{
	int32_t first = facts_first_day(page->request.facts);

	if (first < then.from + DAYS_QUIET)
		return NULL;
	return page_printf(page, "the book begins on %s, too late to compare with the last quarter",
			   page_date(page, first));
}

static void say_booked(struct page *page, struct period now, struct period then)
{
	const struct ask orders = { .title = "Orders booked",
				    .sentence = "orders, by the day they were booked",
				    .measure = "count()",
				    .of = "orders",
				    .period_of = "booked" };
	const char *before = begins_too_late(page, then);

	if (!before)
		before = page_printf(page, "by the same day of the last quarter: %s in %s",
				     value(page, page_term(page, &TERM_BOOKED, NULL, then)),
				     noun(page, page_term(page, &orders, NULL, then), "order", "orders"));
	page_sentence(page, 0, "Booked so far this quarter: %s in %s; %s. The book has no won deal with a date.",
		      value(page, page_term(page, &TERM_BOOKED, NULL, now)),
		      noun(page, page_term(page, &orders, NULL, now), "order", "orders"), before);
}

static const char *by_then(struct page *page, const struct known *known, struct period then)
{
	const struct figure *deals = page_term(page, &TERM_WON, NULL, then);

	if (!known->deals_valued)
		return page_printf(page, "by the same day of the last: %s", value(page, deals));
	return page_printf(page, "by the same day of the last quarter: %s in %s",
			   value(page, page_term(page, &TERM_WON_VALUE, NULL, then)),
			   noun(page, deals, "deal", "deals"));
}

void weekly_pace(struct page *page, const struct known *known)
{
	int32_t as_of = page->request.as_of, start = date_quarter_start(as_of), before = date_add_months(start, -3);
	int32_t same_day = before + (as_of - start) + 1 < start ? before + (as_of - start) + 1 : start;
	struct period now = { start, as_of + 1 }, then = { before, same_day };
	const struct figure *deals;
	const char *said;

	page_heading(page, "Will we make it");
	page_sentence(page, 0, "That takes a plan and a forecast, and Lockstep has neither yet. What can be said:");
	if (!known->deals_won || !known->deals_closed_dated) {
		if (known->orders)
			say_booked(page, now, then);
		else
			page_sentence(page, 0, "Nothing yet: the book has no won deal with a date.");
		return;
	}
	deals = page_term(page, &TERM_WON, NULL, now);
	said = begins_too_late(page, then);
	if (!said)
		said = by_then(page, known, then);
	if (known->deals_valued)
		page_sentence(page, 0, "Won so far this quarter: %s in %s; %s.",
			      value(page, page_term(page, &TERM_WON_VALUE, NULL, now)),
			      noun(page, deals, "deal", "deals"), said);
	else
		page_sentence(page, 0, "Won so far this quarter: %s; %s.", value(page, deals), said);
	say_open(page, known);
}
