/* Who promised what, and who kept it: both parties side by side. */
#include <ctype.h>
#include "domain/detect.h"
#include "report/promises.h"

#define TREND_WEEKS 26
#define CLOCKS "kind in (clock, attempts)"

const char *title_case(struct page *page, struct str name)
{
	char *text = arena_cstr(&page->arena, name);

	*text = (char)toupper((unsigned char)*text);
	return text;
}

static bool asks_of_a_time(const struct page *page)
{
	return page->period.from != DATE_NONE || page->period.to != DATE_NONE;
}

/* Why there is no month, or so, to hold it against. */
static const char *nothing_over(struct page *page, enum every each)
{
	if (periods_over(page, each))
		return page_printf(page, ", and in none that is over enough fell due");
	return page_printf(page,
			   asks_of_a_time(page) ? ", and this time has no whole %s"
						: ", and no whole %s under the agreement is over yet",
			   every_name(each));
}

/* "First contact (in 4 working hours): 1,131 of 1,423 (79.5 %) on time", and what was agreed: of each month, month by month. */
static void say_share(struct page *page, const char *title, const struct promise_def *promise,
		      const struct figure *kept, const struct figure *agreed, const char *where)
{
	enum every each = promise ? promise->keep.each : EVERY_NONE;
	const char *wanted = value(page, agreed);
	struct periods_kept periods = { 0, 0 };
	bool short_of = !keeps_share(figure_number(agreed), kept->row->numerator, kept->row->denominator);

	if (each && !figure_too_few(kept))
		periods = promise_periods(page, promise, where, figure_number(agreed));
	if (periods.judged)
		page_sentence(page, periods.kept < periods.judged ? -1 : 1,
			      "%s: %s on time; %s at least the %s agreed.", title, share(page, kept),
			      in_periods(page, periods, each), wanted);
	else if (each)
		page_sentence(page, 0, "%s: %s on time; %s agreed each %s%s.", title, share(page, kept), wanted,
			      every_name(each), figure_too_few(kept) ? "" : nothing_over(page, each));
	else
		page_sentence(page,
			      figure_too_few(kept) ? 0
			      : short_of           ? -1
						   : 1,
			      "%s: %s on time%s.", title, share(page, kept),
			      against(page, kept, figure_number(agreed), page_printf(page, "%s agreed", wanted)));
}

static void say_promise(struct page *page, struct str name, const char *where)
{
	const struct promise_def *promise = promise_of(page, name);
	const char *title = title_case(page, str_of(promise_title(page, name, page->period)));
	const struct figure *kept, *agreed;

	where = both(page, where, is_name(page, "promise", name));
	kept = page_term(page, &TERM_ON_TIME, where, page->period);
	if (kept->row->denominator <= 0)
		return;
	if (promise && promise->kind == PROMISE_VOLUME) {
		page_sentence(page, kept->row->numerator < kept->row->denominator ? -1 : 1, "%s: reached in %s.", title,
			      counts(page, kept));
		return;
	}
	agreed = page_term(page, &TERM_AGREED, where, page->period);
	if (figure_known(agreed))
		say_share(page, title, promise, kept, agreed, where);
	else
		page_sentence(page, 0, "%s: %s on time.", title, share(page, kept));
}

static void say_nothing_due(struct page *page, const char *where)
{
	const struct figure *running =
		PAGE_ASK(page, .title = "Running", .sentence = "not due yet on the as-of day",
			 .measure = "count(state in (running, \"at risk\", waiting))", .of = "promises", .where = where,
			 .period_of = "due", .period = page->period);
	const char *nothing = asks_of_a_time(page) ? "Nothing fell due in this time" : "Nothing fell due yet";

	if (figure_count(running))
		page_sentence(page, 0, "%s; %s running.", nothing, value(page, running));
	else if (page_count(page, "promises", both(page, where, "state = void")))
		page_sentence(page, 0, "%s that could be judged.", nothing);
	else
		page_sentence(page, 0, "%s.", nothing);
}

/* A party and each of its promises. */
void say_parties(struct page *page)
{
	const struct answer *parties =
		page_answer(page, &(struct ask){ .measure = "count()", .of = "promises", .by = "party" });

	for (size_t i = 0; i < parties->row_count; i++) {
		const char *where = is_name(page, "party", parties->rows[i].by[0]);
		const struct answer *promises = page_answer(
			page, &(struct ask){ .measure = "count()", .of = "promises", .by = "promise", .where = where });
		size_t said;

		page_heading(page, title_case(page, parties->rows[i].by[0]));
		said = page->block_count;
		say_kept(page, both(page, where, CLOCKS));
		for (size_t k = 0; k < promises->row_count; k++)
			say_promise(page, promises->rows[k].by[0], where);
		if (page->block_count == said)
			say_nothing_due(page, where);
		say_running_beside(page, where);
	}
}

void promises_by_name(struct page *page)
{
	struct table *table =
		page_table(page, "promises", "Both sides, promise by promise", "promises", "party, promise", NULL);

	promise_columns(page, table, NULL);
	table_fill(page, table);
}

/* Of what has a clock, in the page's time. */
static bool fell_due(struct page *page, const char *where)
{
	return page_count(page, "promises",
			  both(page, both(page, where, CLOCKS " and fell_due"),
			       in_period(page, "fell_due", page->period))) > 0;
}

static void by_table(struct page *page, const char *by, const char *name, const char *title, const char *where)
{
	struct table *table;

	where = both(page, where, page_printf(page, "lead is set and %s is not empty", by));
	if (!fell_due(page, where))
		return;
	table = page_table(page, name, title, "promises", by, where);
	if (promise_shares(page, table, where))
		table_sort(page, table, "promise_1");
	table_total(page, table);
	table_bars(table, "1");
}

/* Of what goes week by week: the last half year, unless a period was asked for. */
static struct period weeks_shown(const struct page *page)
{
	int32_t monday = page->request.as_of - date_weekday(page->request.as_of);

	return asks_of_a_time(page) ? page->period : (struct period){ monday - 7 * (TREND_WEEKS - 1), DATE_NONE };
}

static const char *for_weeks(struct page *page, const char *title)
{
	return asks_of_a_time(page) ? title : page_printf(page, "%s: the last %d weeks", title, TREND_WEEKS);
}

static void trend_table(struct page *page)
{
	struct period asked = page->period;
	const char *title = for_weeks(page, "On time, week by week");
	struct table *table;
	size_t count;

	page->period = weeks_shown(page);
	if (!fell_due(page, NULL)) {
		page->period = asked;
		return;
	}
	table = page_table(page, "trend", title, "promises", "week(fell_due)", "fell_due is known");
	table_label(table, 0, "Week");
	count = promise_shares(page, table, NULL);
	page->period = asked;
	table_by_label(page, table);
	table_chart(table, "line", 0, count > 2 ? "1,2,3" : count > 1 ? "1,2" : "1", -1);
}

/* Those promised for each week, or another time; what cannot be judged stands above. */
static void numbers_table(struct page *page, enum every every, const char *where)
{
	const char *running = "state in (running, \"at risk\", waiting)", *each = every_name(every);
	const char *title = page_printf(page, "Numbers promised for each %s", each);
	bool often = every == EVERY_DAY || every == EVERY_WEEK;
	struct period period = often ? weeks_shown(page) : page->period;
	struct table *table = page_table(page, every == EVERY_MONTH ? "volumes" : page_printf(page, "volumes_%s", each),
					 often ? for_weeks(page, title) : title, "promises",
					 page_printf(page, "promise, %s(due)", each), where);

	table_label(table, 1, "Ends in");
	TABLE_COLUMN(page, table, "counted", "Came to", .title = "Came to",
		     .sentence = "what the promised number came to in the time", .measure = "sum(counted)",
		     .period_of = "due", .period = period);
	TABLE_COLUMN(page, table, "at_least", "At least", .title = "At least",
		     .sentence = "what was promised for the time", .measure = "sum(at_least)", .period_of = "due",
		     .period = period);
	TABLE_COLUMN(page, table, "reached", "Reached", .title = "Reached",
		     .sentence = "times that are over in which the number was reached", .measure = "count(met)",
		     .where = page_printf(page, "not %s", running), .period_of = "due", .period = period);
	if (page_count(page, "promises", both(page, both(page, where, running), in_period(page, "due", period))))
		TABLE_COLUMN(page, table, "running", "Not over yet", .title = "Not over yet",
			     .sentence = "times that still run on the as-of day", .measure = "count()",
			     .where = running, .period_of = "due", .period = period);
	table_fill(page, table);
}

void promises_of_numbers(struct page *page)
{
	const struct answer *answer =
		page_answer(page, &(struct ask){ .measure = "count()",
						 .of = "promises",
						 .by = "promise",
						 .where = both(page, "kind = volume and state != void",
							       in_period(page, "due", page->period)) });

	for (int every = EVERY_DAY; every < EVERY__COUNT; every++) {
		const char *names = NULL;

		for (size_t i = 0; i < answer->row_count; i++) {
			const struct promise_def *promise = promise_of(page, answer->rows[i].by[0]);

			if ((promise && promise->every ? promise->every : EVERY_MONTH) != (enum every)every)
				continue;
			names = page_printf(page, "%s%s%s", names ? names : "", names ? ", " : "",
					    quoted_name(page, answer->rows[i].by[0]));
		}
		if (names)
			numbers_table(page, (enum every)every,
				      page_printf(page, "kind = volume and state != void and promise in (%s)", names));
	}
}

static void note_recorded_late(struct page *page)
{
	const struct figure *late = PAGE_ASK(
		page, .title = "Recorded late",
		.sentence = "recorded as broken until somebody recorded that it had been kept in time",
		.measure = "count(recorded_late)", .of = "promises", .period_of = "fell_due", .period = page->period);

	if (figure_count(late))
		page_note(page,
			  "%s broken until it became known that they had been kept: contacts are written down late.",
			  noun(page, late, "promise counted as", "promises counted as"));
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	(void)err;
	if (say_no_promises(page, NULL))
		return 0;
	say_agreement(page);
	say_untold(page);
	say_parties(page);
	say_agreed_numbers(page);
	page_heading(page, "In numbers");
	promises_by_name(page);
	promises_of_numbers(page);
	if (request->by)
		by_table(page, request->by, "breakdown", page_printf(page, "By %s", request->by), NULL);
	else {
		by_table(page, "owner", "owners", "What sales promised, by rep", "party = \"sales\"");
		by_table(page, "team", "teams", "What sales promised, by team", "party = \"sales\"");
		by_table(page, "partner", "partners", "What partners promised, by partner", "party = \"partner\"");
		by_table(page, "partner", "partners_leads", "What sales promised about partners' leads, by partner",
			 "party = \"sales\"");
	}
	trend_table(page);
	promise_lists(page, NULL);
	note_recorded_late(page);
	return 0;
}

const struct report report_sla = {
	.name = "sla",
	.title = "Promises",
	.sentence = "Who promised what, and who kept it: marketing, sales and partners side by side?",
	.build = build,
	.judged = true,
};
