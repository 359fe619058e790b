/* How many leads qualify, of which type and from which source, and how far those that did get. */
#include <math.h>
#include "report/reports.h"

struct step {
	const char *milestone, *title;
	struct ask term;
	int64_t known; /* leads that reached it */
};

enum { STEP_PREQUALIFIED, STEP_QUALIFIED, STEP_HANDED, STEP_ACCEPTED, STEP_OPPORTUNITY, STEP_WON, STEPS };

static void know_steps(struct page *page, const struct known *known, struct step steps[STEPS])
{
	const struct step all[STEPS] = {
		{ "prequalified",
		  "Pre-qualified",
		  { .title = "Pre-qualified leads",
		    .sentence = "leads that met the top-line criteria, by the day they did",
		    .measure = "count(prequalified) on prequalified",
		    .period_of = "prequalified",
		    .own_time = true },
		  page_count(page, "leads", "prequalified") },
		{ "qualified", "Qualified", TERM_QUALIFIED, known->leads_qualified },
		{ "handed_off", "Handed over", TERM_HANDED_OFF, known->leads_handed },
		{ "accepted", "Accepted", { .kpi = "accepted_leads" }, known->leads_accepted },
		{ "opportunity",
		  "Opportunity",
		  { .title = "Leads with an opportunity",
		    .sentence = "leads whose first opportunity was opened, by the day it was",
		    .measure = "count(opportunity) on opportunity",
		    .period_of = "opportunity",
		    .own_time = true },
		  known->leads_opportunity },
		{ "won",
		  "Won",
		  { .title = "Leads won",
		    .sentence = "leads with at least one won deal, by the day of the first",
		    .measure = "count(won) on won",
		    .period_of = "won",
		    .own_time = true },
		  known->leads_won },
	};

	memcpy(steps, all, sizeof(all));
}

static const struct figure *volume(struct page *page, const struct step *step)
{
	return page_term(page, &step->term, NULL, page->period);
}

/* "1,374 leads qualified, 1,340 were handed over, …": each by its own day. */
static void say_volumes(struct page *page, const struct step *steps)
{
	static const char *const words[STEPS] = {
		NULL, NULL, "handed over", "accepted by sales", "opportunities", "won"
	};
	const struct figure *own = PAGE_ASK(page, .title = "Accepted without a hand-over",
					    .sentence = "leads that sales accepted and that were not handed over",
					    .measure = "count(not handed_off)", .of = "leads", .where = "accepted",
					    .period_of = "accepted", .period = page->period);
	const char *rest = NULL;

	for (int i = STEP_HANDED; i < STEPS; i++) {
		const char *one;

		if (!steps[i].known)
			continue;
		one = i == STEP_OPPORTUNITY
			      ? page_printf(page, "%s became %s", value(page, volume(page, &steps[i])), words[i])
			      : page_printf(page, "%s were %s", value(page, volume(page, &steps[i])), words[i]);
		rest = rest ? page_printf(page, "%s, %s", rest, one) : one;
	}
	page_sentence(page, 0, "%s qualified%s%s. Each is counted by its own day.",
		      noun(page, volume(page, &steps[STEP_QUALIFIED]), "lead", "leads"), rest ? "; " : "",
		      rest ? rest : "");
	if (figure_count(own))
		page_sentence(page, 0, "Of those accepted, %s never handed over by marketing: sales found them itself.",
			      noun(page, own, "was", "were"));
}

#define OVERRIDDEN "step = overridden"

static const struct figure *overrides(struct page *page, const char *where)
{
	return PAGE_ASK(page, .title = "On a manager's word",
			.sentence = "hand-overs that the agreement held back and a manager let pass",
			.measure = "count()", .of = "lead_steps", .where = both(page, OVERRIDDEN, where),
			.period_of = "at", .period = page->period);
}

/* "1 below the bar, 2 opted out": as it was recorded with them. NULL: of none. */
static const char *why_held_back(struct page *page)
{
	const struct figure *unknown = overrides(page, "outcome is empty");
	const struct answer *known = page_answer(page, &(struct ask){ .measure = "count()",
								      .of = "lead_steps",
								      .by = "outcome",
								      .where = OVERRIDDEN " and outcome is not empty",
								      .period_of = "at",
								      .period = page->period });
	const char *text = NULL;

	for (size_t i = 0; i < known->row_count; i++)
		text = page_printf(page, "%s%s%s %s", text ? text : "", text ? ", " : "",
				   value(page, overrides(page, is_name(page, "outcome", known->rows[i].by[0]))),
				   page_name(page, known->rows[i].by[0]));
	if (text && figure_count(unknown))
		text = page_printf(page, "%s, %s for what nobody wrote down", text, value(page, unknown));
	return text;
}

/* What managers let pass: told by whom and why, as it was said. */
static void say_overrides(struct page *page)
{
	const struct figure *all = overrides(page, NULL);
	const char *why;
	struct table *table;

	if (!figure_count(all))
		return;
	why = why_held_back(page);
	page_sentence(page, 0, "%s handed over on a manager's word, though the agreement held %s back%s%s.",
		      noun(page, all, "lead was", "leads were"), figure_count(all) == 1 ? "it" : "them",
		      why ? ": " : "", why ? why : "");
	table = page_table(page, "overrides", "Handed over on a manager's word", "lead_steps", "by, reason",
			   OVERRIDDEN);
	table_label(table, 0, "By");
	TABLE_COLUMN(page, table, "leads", "Leads", .title = "On a manager's word",
		     .sentence = "hand-overs that the agreement held back and a manager let pass", .measure = "count()",
		     .period_of = "at", .period = page->period);
	table_sort(page, table, "leads");
}

static void say_conversion(struct page *page, const struct known *known)
{
	const struct figure *came = PAGE_ASK(
		page, .title = "Lead to qualified",
		.sentence = "of the leads that came in, those that qualified by the as-of day",
		.measure = "count(qualified) / count()", .of = "leads", .period_of = "created", .period = page->period);
	const struct figure *days =
		PAGE_ASK(page, .title = "Days to qualified", .sentence = "median days from coming in to qualifying",
			 .measure = "median(days(created, qualified))", .of = "leads", .period_of = "qualified",
			 .period = page->period);

	page_sentence(page, 0, "Of the leads that came in, %s have qualified.", share(page, came));
	if (!known->leads_dated || !figure_known(days))
		return;
	if (figure_number(days) < 1)
		page_sentence(page, 0, "Half of those that qualified did so on the same day.");
	else
		page_sentence(page, 0, "Half of those that qualified did so within %s of coming in.",
			      value(page, days));
}

/* A row a month, in which each step is counted by its own day. */
static void volume_table(struct page *page, const struct step *steps)
{
	const char *unit = page_time_unit(page);
	struct table *table = page_table(page, "volumes", page_printf(page, "How many, by %s", unit), "leads",
					 page_printf(page, "%s(qualified)", unit), NULL);
	size_t columns = 0;

	for (int i = 0; i < STEPS; i++) {
		struct ask ask = steps[i].term;

		if (!steps[i].known)
			continue;
		ask.by = page_printf(page, "%s(%s)", unit, steps[i].milestone);
		ask.where = page_printf(page, "%s is known", steps[i].milestone);
		ask.period = page->period;
		table_column(page, table, steps[i].milestone, steps[i].title, &ask);
		columns++;
	}
	table_label(table, 0, str_is(str_of(unit), "week") ? "Week" : "Month");
	table_by_label(page, table);
	table_chart(table, "line", 0, columns > 3 ? "2,3,4" : "1", -1);
}

/* Which days' worth of the way nine in ten of those that get there need: the N of "within N days". */
static int usual_days(struct page *page, const struct known *known)
{
	const struct answer *answer = page_answer(
		page,
		&(struct ask){ .measure = page_printf(page, "percentile(days(qualified, %s), 90)", known_goal(known)),
			       .of = "leads" });

	if (!answer->row_count || answer->rows[0].type == ANSWER_NONE || !(answer->rows[0].value > 0))
		return 0;
	return (int)ceil(answer->rows[0].value / 10) * 10;
}

/* The cohorts of those that qualified, as far as they have come, and in a form in which old ones and new ones can be compared. */
static void cohort_table(struct page *page, const struct known *known)
{
	const char *goal = known_goal(known), *unit = page_time_unit(page);
	int days = usual_days(page, known);
	struct table *table =
		page_table(page, "cohorts", page_printf(page, "What became of them, by the %s they qualified in", unit),
			   "leads", page_printf(page, "%s(qualified)", unit), "qualified is known");

	TABLE_COLUMN(page, table, "qualified", "Qualified", .kpi = "qualified_leads", .period = page->period);
	if (known->leads_accepted)
		TABLE_COLUMN(page, table, "accepted", "Accepted", .title = "Accepted, of those that qualified",
			     .sentence = "accepted by sales by the as-of day, of those that qualified",
			     .measure = "count(accepted) / count()", .period_of = "qualified", .period = page->period,
			     .brief = true);
	TABLE_COLUMN(page, table, "goal", known_goal_title(known),
		     .title = page_printf(page, "%s, of those that qualified", known_goal_title(known)),
		     .sentence = "got there by the as-of day, of those that qualified: a cohort that can still rise",
		     .measure = page_printf(page, "count(%s) / count()", goal), .period_of = "qualified",
		     .period = page->period, .brief = true);
	TABLE_COLUMN(page, table, "open", "Still open", .title = "Still open, and not there yet",
		     .sentence = page_printf(page, "open, and %s not yet reached, on the as-of day: the cohort is open",
					     goal),
		     .measure = page_printf(page, "count(open and not %s) / count()", goal), .period_of = "qualified",
		     .period = page->period, .brief = true);
	if (days)
		TABLE_COLUMN(
			page, table, "within", page_printf(page, "Within %d days", days),
			.title = page_printf(page, "%s within %d days", known_goal_title(known), days),
			.sentence = page_printf(
				page,
				"got there within %d days of qualifying, of those whose %d days have passed; nine in ten "
				"of those that get there need no longer",
				days, days),
			.measure = page_printf(page, "count(days(qualified, %s) <= %d) / count()", goal, days),
			.where = page_printf(page, "days(qualified, as_of) >= %d", days), .period_of = "qualified",
			.period = page->period);
	table_fill(page, table);
	table_chart(table, "line", 0, days ? (known->leads_accepted ? "5" : "4") : "2", -1);
}

static void by_table(struct page *page, const struct known *known, const struct step *steps, const char *by,
		     const char *name, const char *title)
{
	struct table *table = page_table(page, name, title, "leads", by, NULL);
	static const char *const titles[STEPS] = { NULL, "Qualified", NULL, NULL, "To opportunity", "To won" };

	table_term(page, table, "leads", "Leads", &TERM_LEADS, NULL, page->period);
	for (int i = STEP_QUALIFIED; i < STEPS; i++) {
		if (!steps[i].known || !titles[i])
			continue;
		if (i == STEP_OPPORTUNITY && known->leads_handed && known->leads_accepted)
			TABLE_COLUMN(page, table, "acceptance", "Accepted of handed over", .kpi = "acceptance",
				     .period = page->period);
		TABLE_COLUMN(page, table, steps[i].milestone, titles[i],
			     .title = page_printf(page, "Lead to %s", steps[i].milestone),
			     .sentence = page_printf(page, "of the leads that came in, those %s by the as-of day",
						     i == STEP_QUALIFIED     ? "that qualified"
						     : i == STEP_OPPORTUNITY ? "that became an opportunity"
									     : "that were won"),
			     .measure = page_printf(page, "count(%s) / count()", steps[i].milestone),
			     .period_of = "created", .period = page->period, .brief = true);
	}
	if (!strcmp(by, "agreed_type"))
		table_label(table, 0, "Type");
	table_total(page, table);
	table_bars(table, "2");
}

static void say_nothing_qualified(struct page *page, const struct known *known)
{
	if (!known->leads)
		page_sentence(page, 0,
			      "There are no leads in the book, so none can have qualified. "
			      "Import some (--as leads), and this page answers.");
	else
		page_sentence(
			page, 0,
			"The book does not say which leads qualified. Map the day a lead became qualified (in many systems \"MQL "
			"date\") to `qualified`, or the status that says so; then this page counts them by type, source and month.");
	if (known->leads)
		page_sentence(
			page, 0,
			"What an agreement would have let through can be had without it: `lockstep agreement replay FILE`.");
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	struct known known = page_known(page);
	struct step steps[STEPS];

	(void)err;
	know_steps(page, &known, steps);
	if (!known.leads_qualified) {
		say_nothing_qualified(page, &known);
		say_overrides(page);
		page_note_unknown(page, &known);
		return 0;
	}
	say_volumes(page, steps);
	say_conversion(page, &known);
	say_overrides(page);
	volume_table(page, steps);
	if (known.leads_opportunity || known.leads_won)
		cohort_table(page, &known);
	if (request->by)
		by_table(page, &known, steps, request->by, "breakdown", "How far leads get");
	else {
		const char *type = page_lead_type(page);

		if (type)
			by_table(page, &known, steps, type, "types", page_lead_type_title(type));
		if (known.leads_sourced)
			by_table(page, &known, steps, "source", "sources", "By source");
	}
	page_note_unknown(page, &known);
	return 0;
}

const struct report report_qualified = {
	.name = "qualified",
	.title = "Qualified leads",
	.sentence = "How many leads qualify, of which type and from which source, and what becomes of those that do?",
	.build = build,
	.judged = true,
};
