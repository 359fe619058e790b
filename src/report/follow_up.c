/* How fast and how often leads were contacted, and whether that goes with conversion. */
#include "report/reports.h"

struct band {
	const char *name, *label, *where;
};

#define WITHIN(a) "first_response - handed_off <= " a
#define BETWEEN(a, b) "first_response - handed_off > " a " and first_response - handed_off <= " b

static const struct band bands[] = {
	{ "hour", "within an hour", WITHIN("1 hours") },
	{ "four_hours", "within 4 hours", BETWEEN("1 hours", "4 hours") },
	{ "day", "within a day", BETWEEN("4 hours", "1 days") },
	{ "three_days", "within 3 days", BETWEEN("1 days", "3 days") },
	{ "later", "later", "first_response - handed_off > 3 days" },
	{ "never", "never", "not first_response" },
};
#define BANDS (sizeof(bands) / sizeof(*bands))

static const char *goal_title(const struct known *known)
{
	return known_goes_on(known) ? "Lead to opportunity, of those handed over" : "Lead to won, of those handed over";
}

static void speed_table(struct page *page, const struct known *known)
{
	const char *const columns[] = { "First contact after hand-over", "Leads", known_goal_title(known), NULL };
	struct table *table = page_matrix(page, "speed", "Speed of the first response against conversion", columns);

	for (size_t i = 0; i < BANDS; i++) {
		const struct figure *figures[2];
		const char *where = both(page, "handed_off", bands[i].where);

		figures[0] = PAGE_ASK(page, .title = "Leads handed over",
				      .sentence = "leads handed to sales, by how long the first response took",
				      .measure = "count()", .of = "leads", .where = where, .period_of = "handed_off",
				      .period = page->period);
		figures[1] = PAGE_ASK(page, .title = goal_title(known),
				      .sentence = "got there by the as-of day, of the leads in the band",
				      .measure = page_printf(page, "count(%s) / count()", known_goal(known)),
				      .of = "leads", .where = where, .period_of = "handed_off", .period = page->period);
		matrix_row(page, table, bands[i].name, bands[i].label, figures);
	}
	table_chart(table, "bar", 0, "2", -1);
}

static void rep_table(struct page *page, const char *by)
{
	struct table *table = page_table(page, "reps", "First response by rep", "leads", by,
					 page_printf(page, "handed_off and %s is not empty", by));
	struct period p = page->period;

	TABLE_COLUMN(page, table, "handed_off", "Handed over", .title = "Handed over",
		     .sentence = "leads handed to sales", .measure = "count()", .period_of = "handed_off", .period = p);
	TABLE_COLUMN(page, table, "answered", "Answered", .title = "Answered",
		     .sentence = "leads that a person tried to reach, of those handed over",
		     .measure = "count(first_response) / count()", .period_of = "handed_off", .period = p,
		     .brief = true);
	TABLE_COLUMN(page, table, "median", "Half within", .title = "Median first response",
		     .sentence = "half of the answered leads were contacted within",
		     .measure = "median(hours(handed_off, first_response))", .period_of = "handed_off", .period = p);
	TABLE_COLUMN(page, table, "day", "Within a day", .title = "Within a day",
		     .sentence = "contacted within 24 hours, of those handed over",
		     .measure = "count(first_response - handed_off <= 1 days) / count()", .period_of = "handed_off",
		     .period = p, .brief = true);
	table_sort(page, table, "median");
	table_total(page, table);
}

/* Attempts count up to the opportunity: who has become one is of course called more. */
static void say_attempts(struct page *page, const struct known *known)
{
	const char *goal = known_goal(known);
	const struct figure *there, *not_there;

	if (!page_count(page, "activities", "lead is not empty"))
		return;
	there = PAGE_ASK(
		page, .title = "Attempts before it",
		.sentence = "attempts by a person for each lead handed over, up to the moment it got there",
		.measure = page_printf(
			page,
			"count(activities.lead.handed_off and activities.lead.%s and not activities.automatic and "
			"activities.at <= activities.lead.%s) / count(leads.handed_off and leads.%s)",
			goal, goal, goal),
		.of = "leads");
	not_there = PAGE_ASK(
		page, .title = "Attempts in vain",
		.sentence = "attempts by a person for each lead handed over that did not get there",
		.measure = page_printf(
			page,
			"count(activities.lead.handed_off and not activities.lead.%s and not activities.automatic) "
			"/ count(leads.handed_off and not leads.%s)",
			goal, goal),
		.of = "leads");
	if (there->row->denominator > 0 && not_there->row->denominator > 0)
		page_sentence(page, 0, "Persistence: leads that %s had been tried %s; the others were tried %s.",
			      known_goal_words(known), per(page, there, "times each", "attempts", "leads"),
			      per(page, not_there, "times each", "attempts", "leads"));
}

/* Where no lead was handed over: calls name their deals. */
static void say_deal_attempts(struct page *page, const struct known *known)
{
	const struct figure *won, *lost;

	if (!page_count(page, "activities", "opportunity is not empty")) {
		page_sentence(
			page, 0,
			"Persistence cannot be told either: no call, mail or meeting names the deal it was about.");
		return;
	}
	if (!known->deals_won || !known->deals_lost) {
		page_sentence(page, 0, "Persistence cannot be told either: that takes won deals and lost ones.");
		return;
	}
	won = PAGE_ASK(
		page, .title = "Contacts of won deals",
		.sentence = "calls, mails and meetings by a person, for each won deal",
		.measure = "count(activities.opportunity.won and not activities.automatic) / count(opportunities.won)",
		.of = "opportunities");
	lost = PAGE_ASK(
		page, .title = "Contacts of lost deals",
		.sentence = "calls, mails and meetings by a person, for each lost deal",
		.measure =
			"count(activities.opportunity.lost and not activities.automatic) / count(opportunities.lost)",
		.of = "opportunities");
	page_sentence(page, 0, "Persistence, by deals: won ones had %s; lost ones %s.",
		      per(page, won, "contacts each", "contacts", "deals"),
		      per(page, lost, "contacts each", "contacts", "deals"));
}

static void say_speed(struct page *page, const struct known *known)
{
	struct ask ask = { .title = goal_title(known),
			   .sentence = "got there by the as-of day, of the leads handed over",
			   .measure = page_printf(page, "count(%s) / count()", known_goal(known)),
			   .of = "leads",
			   .where = "handed_off and first_response - handed_off <= 1 days",
			   .period_of = "handed_off",
			   .period = page->period };
	const struct figure *fast = page_figure(page, &ask), *slow, *answered;

	ask.where = "handed_off and (not first_response or first_response - handed_off > 1 days)";
	slow = page_figure(page, &ask);
	answered = PAGE_ASK(page, .title = "Answered",
			    .sentence = "leads that a person tried to reach, of those handed over",
			    .measure = "count(first_response) / count()", .of = "leads", .where = "handed_off",
			    .period_of = "handed_off", .period = page->period);
	page_sentence(page, 0, "Of the leads handed over, %s were answered.", share(page, answered));
	page_sentence(
		page, 0,
		"Contacted within a day, %s %s; later or never, %s. If speed explains it, that is what slowness costs; "
		"leads that looked better may also have been called first.",
		share(page, fast), known_goal_words(known), share(page, slow));
}

/* Without a hand-over there is still the time since the lead came in. */
static void say_inquiries(struct page *page)
{
	const struct figure *contacted = PAGE_ASK(page, .title = "Contacted",
						  .sentence = "leads that a person tried to reach, of all that came in",
						  .measure = "count(first_response) / count()", .of = "leads",
						  .period_of = "created", .period = page->period);
	const struct figure *hours = PAGE_ASK(page, .kpi = "inquiry_response_hours", .period = page->period);

	page_sentence(page, 0, "What can be said: %s of the leads that came in were contacted%s%s%s.",
		      share(page, contacted), figure_known(hours) ? ", half of them within " : "",
		      figure_known(hours) ? value(page, hours) : "", figure_known(hours) ? " of coming in" : "");
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	struct known known = page_known(page);

	(void)err;
	if (!known.leads_answered || !known.leads_handed) {
		if (!known.activities && !known.leads_answered)
			page_sentence(
				page, 0,
				"No call log: follow-up cannot be judged. Import calls, mails and meetings (--as activities) and this page answers.");
		else
			page_sentence(
				page, 0,
				"How fast leads are contacted cannot be judged: the book does not say when leads were handed to sales.");
		if (known.leads && !known.leads_handed)
			page_sentence(
				page, 0,
				"Map the day on which sales got the lead (when its owner was assigned, say) to `handed_off`; for leads "
				"to come `lockstep lead hand-over` records it.");
		if (known.leads_answered && known.leads_dated)
			say_inquiries(page);
		if (known.activities && !known.leads_handed)
			say_deal_attempts(page, &known);
		page_note_unknown(page, &known);
		return 0;
	}
	say_speed(page, &known);
	say_attempts(page, &known);
	find_slow_reps(page, &known, page->period);
	for (size_t i = 0; i < page->finding_count; i++)
		page_print_finding(page, &page->findings[i]);
	speed_table(page, &known);
	if (known.leads_owned || request->by)
		rep_table(page, request->by ? request->by : "owner");
	page_note_unknown(page, &known);
	return 0;
}

const struct report report_follow_up = {
	.name = "follow-up",
	.title = "Follow-up",
	.sentence = "How fast and how often are leads contacted, and does it go with conversion?",
	.build = build,
	.judged = true,
};
