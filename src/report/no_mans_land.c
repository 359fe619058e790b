/* What sits between qualified and accepted: for how long, and who owes the next move. */
#include "report/reports.h"

/* Taken by nobody yet, and not given up, on the way it is on now: a lead that came back from sales and went there again waits once more. One
 * that came back and has not reached the bar since is in nurture: that is another place. */
#define BETWEEN "current_state in (qualified, \"handed over\")"

/* Who owes is who promised: a partner where the agreement has its promise and the lead went to it, else sales. Nobody, while the lead is put
 * off for an agreed reason. */
#define PARTNER_OWES "not current_waiting and current_handed_off and owes = \"partner\""
#define SALES_OWES "not current_waiting and current_handed_off and owes != \"partner\""

/* A partner owes a first contact only where one was promised; else the answer alone. */
enum partners { WHATEVER_PARTNERS, PARTNERS_PROMISE_CONTACT, PARTNERS_PROMISE_ANSWER };

struct wait {
	const char *name, *who, *owed, *where, *since; /* since: the milestone it waits from */
	enum partners of;
};

static const struct wait waits[] = {
	{ "hand_over", "marketing", "the hand-over", "not current_waiting and not current_handed_off",
	  "current_qualified", WHATEVER_PARTNERS },
	{ "contact", "sales", "a first contact", SALES_OWES " and not current_first_response", "current_handed_off",
	  WHATEVER_PARTNERS },
	{ "decide", "sales", "an answer", SALES_OWES " and current_first_response", "current_first_response",
	  WHATEVER_PARTNERS },
	{ "partner_contact", "a partner", "a first contact", PARTNER_OWES " and not current_first_response",
	  "current_handed_off", PARTNERS_PROMISE_CONTACT },
	{ "partner_decide", "a partner", "an answer", PARTNER_OWES " and current_first_response",
	  "current_first_response", PARTNERS_PROMISE_CONTACT },
	{ "partner_decide", "a partner", "an answer", PARTNER_OWES, "current_handed_off", PARTNERS_PROMISE_ANSWER },
	{ "put_off", "nobody", "a move while its clock stands still", "current_waiting", "current_waiting",
	  WHATEVER_PARTNERS },
};
enum { WAITS = sizeof(waits) / sizeof(*waits) };

static const struct {
	const char *name, *title, *where;
} ages[] = {
	{ "day", "Up to a day", "days(%s, as_of) <= 1" },
	{ "three", "2–3 days", "days(%s, as_of) between 2 and 3" },
	{ "week", "4–7 days", "days(%s, as_of) between 4 and 7" },
	{ "month", "8–30 days", "days(%s, as_of) between 8 and 30" },
	{ "longer", "Longer", "days(%s, as_of) > 30" },
};
enum { AGES = sizeof(ages) / sizeof(*ages) };

static enum partners partners_promise(const struct page *page)
{
	const uint32_t contact = 1u << EVENT_FIRST_RESPONSE | 1u << EVENT_REACHED | 1u << EVENT_WORKING;
	const struct agreement_version *version = page_agreement(page);

	for (size_t i = 0; version && i < version->agreement->promise_count; i++) {
		const struct promise_def *promise = &version->agreement->promises[i];

		if (promise->party == PARTY_PARTNER && promise->kind != PROMISE_VOLUME &&
		    (promise->kind == PROMISE_ATTEMPTS || promise->until & contact))
			return PARTNERS_PROMISE_CONTACT;
	}
	return PARTNERS_PROMISE_ANSWER;
}

static bool applies(const struct page *page, const struct wait *wait)
{
	return wait->of == WHATEVER_PARTNERS || wait->of == partners_promise(page);
}

static const char *between(struct page *page, const char *where)
{
	return both(page, BETWEEN, where);
}

static const struct figure *waiting(struct page *page, const char *where)
{
	return PAGE_ASK(
		page, .title = "Waiting between",
		.sentence =
			"leads qualified or handed over that sales has neither accepted nor rejected, and that are open",
		.measure = "count()", .of = "leads", .where = between(page, where));
}

static const struct figure *age(struct page *page, const struct wait *wait, const char *what, const char *measure)
{
	return PAGE_ASK(page, .title = what,
			.sentence = "days since the move before: qualified, handed over, or first contacted",
			.measure = page_printf(page, measure, wait->since), .of = "leads",
			.where = between(page, wait->where));
}

/* "marketing owes 2 the hand-over, sales owes 3 a first contact": of those under `where`, in the arena. NULL: nobody owes any. */
static const char *who_owes(struct page *page, const char *where)
{
	const char *owed = NULL;

	for (size_t i = 0; i < WAITS; i++) {
		const struct figure *here = waiting(page, both(page, where, waits[i].where));

		if (applies(page, &waits[i]) && figure_count(here))
			owed = page_printf(page, "%s%s%s owes %s %s", owed ? owed : "", owed ? ", " : "", waits[i].who,
					   value(page, here), waits[i].owed);
	}
	return owed;
}

static void say_between(struct page *page, const struct figure *all)
{
	page_sentence(page, 0, "Between qualified and accepted %s: %s.", noun(page, all, "lead waits", "leads wait"),
		      who_owes(page, NULL));
}

static void say_waiting(struct page *page)
{
	const struct figure *all = waiting(page, NULL);

	if (figure_count(all))
		say_between(page, all);
	else
		page_sentence(page, 1,
			      "Nothing waits between qualified and accepted: every lead was taken or given back.");
}

void say_who_owes(struct page *page, const struct known *known, struct period handed_over)
{
	const char *in_time = in_period(page, "current_handed_off", handed_over);
	const char *where = in_time ? both(page, "current_handed_off", in_time) : NULL;
	const struct figure *all;

	if (!page_agreement(page) && (!known->leads_handed || !known->leads_accepted))
		return;
	if (!known->leads_handed && !page_count(page, "lead_steps", NULL))
		return;
	all = waiting(page, where);
	if (!figure_count(all))
		return;
	if (in_time)
		page_sentence(page, 0, "Between hand-over and acceptance %s of those handed over in this time: %s.",
			      noun(page, all, "lead waits", "leads wait"), who_owes(page, where));
	else
		say_between(page, all);
}

/* Longer than nine in ten of those that were accepted ever waited: such a lead is not on its way. */
static void say_usual(struct page *page)
{
	const struct figure *half = PAGE_ASK(page, .title = "Days to accepted",
					     .sentence = "days from qualifying to acceptance, of leads accepted",
					     .measure = "median(days(current_qualified, current_accepted))",
					     .of = "leads", .where = "current_handed_off");
	const struct figure *most = PAGE_ASK(page, .title = "Days to accepted",
					     .sentence = "days from qualifying to acceptance, of leads accepted",
					     .measure = "percentile(days(current_qualified, current_accepted), 90)",
					     .of = "leads", .where = "current_handed_off");
	const struct figure *over;
	const char *longer;

	if (!figure_known(half) || !figure_known(most) || half->row->n < 20)
		return;
	longer = page_printf(page, "days(current_qualified, as_of) > %g", figure_number(most));
	over = waiting(page, longer);
	page_sentence(page, 0,
		      "Half of the leads that sales accepted were within %s of qualifying, nine in ten within %s.",
		      value(page, half), value(page, most));
	if (figure_count(over))
		page_sentence(page, -1, "%s waited longer than that already; nobody has tried to reach %s of these.",
			      noun(page, over, "lead between has", "leads between have"),
			      value(page, waiting(page, both(page, longer, "not current_first_response"))));
}

static void wait_table(struct page *page)
{
	static const char *const columns[] = { "Who owes what",        "Leads",   "Half wait",
					       "One in ten more than", "Longest", NULL };
	struct table *table = page_matrix(page, "waits", "Who owes the next move", columns);

	for (size_t i = 0; i < WAITS; i++) {
		const struct figure *figures[4] = { waiting(page, waits[i].where) };

		if (!applies(page, &waits[i]) || !figure_count(figures[0]))
			continue;
		figures[1] = age(page, &waits[i], "Median wait", "median(days(%s, as_of))");
		figures[2] = age(page, &waits[i], "90th percentile of the wait", "percentile(days(%s, as_of), 90)");
		figures[3] = age(page, &waits[i], "Longest wait", "max(days(%s, as_of))");
		matrix_row(page, table, waits[i].name, page_printf(page, "%s: %s", waits[i].who, waits[i].owed),
			   figures);
	}
}

static void age_table(struct page *page)
{
	const char *columns[AGES + 2] = { "Who owes what" };
	struct table *table;

	for (size_t a = 0; a < AGES; a++)
		columns[a + 1] = ages[a].title;
	table = page_matrix(page, "ages", "For how long", columns);
	for (size_t i = 0; i < WAITS; i++) {
		const struct figure *figures[AGES];

		if (!applies(page, &waits[i]) || !page_count(page, "leads", between(page, waits[i].where)))
			continue;
		for (size_t a = 0; a < AGES; a++)
			figures[a] = waiting(
				page, both(page, waits[i].where, page_printf(page, ages[a].where, waits[i].since)));
		matrix_row(page, table, waits[i].name, page_printf(page, "%s: %s", waits[i].who, waits[i].owed),
			   figures);
	}
}

/* Whose they are: those without a name too, so that the total is what is owed. */
static void owner_table(struct page *page, const char *name, const char *title, const char *by, const char *where)
{
	struct table *table;

	where = between(page, where);
	if (!page_count(page, "leads", both(page, where, page_printf(page, "%s is not empty", by))))
		return;
	table = page_table(page, name, title, "leads", by, where);
	TABLE_COLUMN(page, table, "waiting", "Leads", .title = "Handed over and not decided",
		     .sentence = "open leads handed over that were neither accepted nor rejected",
		     .measure = "count()");
	TABLE_COLUMN(page, table, "uncontacted", "Not contacted", .title = "Not contacted",
		     .sentence = "of these, those that nobody has tried to reach",
		     .measure = "count(not current_first_response)");
	TABLE_COLUMN(page, table, "median", "Half wait", .title = "Median days since the hand-over",
		     .sentence = "median days since they were handed over",
		     .measure = "median(days(current_handed_off, as_of))");
	table_sort(page, table, "waiting");
	table_total(page, table);
	table_bars(table, "1");
}

/* How many are there for another time. */
static void say_again(struct page *page)
{
	const struct figure *again = waiting(page, "current_episode > 1");

	if (figure_count(again))
		page_sentence(page, 0,
			      "%s back from sales before, or reopened: what is told of them is of their way since.",
			      noun(page, again, "of these came", "of these came"));
}

/* Since it could be taken; what is put off waits for nobody. */
static void longest(struct page *page)
{
	const char *where = between(page, "not current_waiting");

	if (page_count(page, "leads", where))
		page_rows(
			page, "worst", "The ten that wait longest", "leads", where,
			"key, owner, source, current_episode, current_qualified, current_handed_off, current_first_response, "
			"days(current_ready, as_of)",
			"Lead,Owner,Source,>Way,Qualified,Handed over,First contact,>Days", "current_ready", 10);
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	struct known known = page_known(page);

	(void)err;
	if (!known.leads_qualified && !known.leads_handed) {
		page_sentence(
			page, 0,
			"The book says neither which leads qualified nor which were handed to sales, so nobody can say what lies "
			"between. Map those days to `qualified` and `handed_off`, or record the hand-over: `lockstep lead hand-over`.");
		page_note_unknown(page, &known);
		return 0;
	}
	if (!known.leads_handed && !(page_agreement(page) && page_count(page, "lead_steps", NULL))) {
		page_sentence(
			page, 0,
			"No lead of the book was ever handed over, as far as it says: how long leads wait for sales, and who "
			"owes the next move, cannot be told. Map the day to `handed_off`, or record the hand-over: "
			"`lockstep lead hand-over`.");
		page_note_unknown(page, &known);
		return 0;
	}
	if (!known.leads_accepted && !page_count(page, "leads", "rejected"))
		page_note(
			page,
			"The book says of no lead that sales accepted or rejected it: a lead leaves this page when it becomes an "
			"opportunity or is closed. `lockstep lead accept` and `reject` record the answer.");
	say_waiting(page);
	say_again(page);
	say_usual(page);
	if (page_count(page, "leads", BETWEEN)) {
		wait_table(page);
		age_table(page);
		if (request->by) {
			owner_table(page, "owners",
				    page_printf(page, "Handed over and not decided, by %s", request->by), request->by,
				    "current_handed_off");
		} else {
			owner_table(page, "owners", "What sales owes, by owner", "owner", SALES_OWES);
			owner_table(page, "partners", "What partners owe, by partner", "partner", PARTNER_OWES);
		}
		longest(page);
	}
	page_note_unknown(page, &known);
	return 0;
}

const struct report report_no_mans_land = {
	.name = "no-mans-land",
	.title = "No man's land",
	.sentence = "What sits between qualified and accepted, for how long, and who owes the next move?",
	.build = build,
	.no_period = true,
	.judged = true,
	.lived = true,
};
