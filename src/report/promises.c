#include "report/promises.h"

#define COLUMNS_MOST 4 /* promises side by side in one table */
#define WORST 10

const struct ask TERM_ON_TIME = {
	.title = "On time",
	.sentence =
		"kept by when it was due, of the promises that fell due: met or broken; running, excused, disputed and void "
		"ones stand beside them",
	.measure = "count(met and fell_due) / count(fell_due)",
	.of = "promises",
	.period_of = "fell_due",
};

const struct ask TERM_AGREED = {
	.title = "Agreed share",
	.sentence = "the share of what falls due that was agreed to be kept; the mean where versions differ",
	.measure = "average(agreed_share)",
	.of = "promises",
	.period_of = "fell_due",
	.percent = true,
};

/* Signed by all, and the page tells of a day before; else somebody has still to sign. */
static void say_not_in_force(struct page *page, const struct agreements *agreements)
{
	const struct agreement_version *first = NULL;

	for (size_t i = 0; !first && i < agreements->count; i++)
		if (agreements->versions[i].from_ms != INT64_MAX)
			first = &agreements->versions[i];
	if (first)
		page_sentence(
			page, 0,
			"The agreement is in force from %s on, and this page tells of %s: nothing was promised then. "
			"`--as-of` names another day.",
			page_date(page, zone_date(first->zone, first->from_ms)), page_date(page, page->request.as_of));
	else
		page_sentence(
			page, 0,
			"An agreement is written and not in force: `lockstep agreement status` says who has still to sign.");
}

bool say_no_promises(struct page *page, const char *where)
{
	const struct agreement_version *version = page_agreement(page);
	const struct agreements *agreements = page->request.agreements;

	if (page_count(page, "promises", where))
		return false;
	if (version)
		page_sentence(
			page, 0,
			"%s The agreement says nothing of the kind, or nothing has happened yet that starts a clock: what began "
			"before it was in force was not promised.",
			where && page_count(page, "promises", NULL) ? "No such promise was made."
								    : "No promise has begun yet.");
	else if (agreements && agreements->count)
		say_not_in_force(page, agreements);
	else
		page_sentence(
			page, 0,
			"No agreement is in force, so nothing was promised and nothing can be broken. Copy one of "
			"examples/agreements, change names and numbers, and let `lockstep agreement check FILE` read it; "
			"`lockstep agreement propose FILE` and `sign` make it count.");
	if (!version)
		page_sentence(
			page, 0,
			"What an agreement would have said of the months that are over: this page with `--agreement FILE`.");
	return true;
}

void say_agreement(struct page *page)
{
	const struct agreement_version *version = page_agreement(page);

	if (version && version->number)
		page_sentence(page, 0, "Judged by version %d of the agreement, in force since %s%s.", version->number,
			      page_date(page, zone_date(version->zone, version->from_ms)),
			      version->number > 1 ? "; what began under an earlier version is judged by that" : "");
	if (version && !zones_agree(facts_zone(page->request.facts), version->zone, version->agreement->in_force))
		page_sentence(page, 0, "Times here are those of %s; the agreement keeps its hours by %.*s.",
			      facts_settings(page->request.facts)->zone, STR_ARG(version->agreement->zone));
}

static const struct promise_def *promise_in(const struct agreement *agreement, struct str name)
{
	for (size_t i = 0; i < agreement->promise_count; i++) {
		if (str_eq(agreement->promises[i].name, name))
			return &agreement->promises[i];
	}
	return NULL;
}

const struct promise_def *promise_of(const struct page *page, struct str name)
{
	const struct agreement_version *version = page_agreement(page);

	return version ? promise_in(version->agreement, name) : NULL;
}

static const char *title_in(struct page *page, const struct promise_def *promise)
{
	const char *name = page_name(page, promise->name);
	char allowed[ALLOWANCE_TEXT];

	if (promise->kind == PROMISE_VOLUME)
		return page_printf(page, "%s (at least %g each %s)", name, promise->at_least,
				   every_name(promise->every));
	allowance_format(promise->within, allowed);
	if (promise->kind == PROMISE_ATTEMPTS)
		return page_printf(page, "%s (%d attempts in %s)", name, promise->attempts, allowed);
	return page_printf(page, "%s (in %s)", name, allowed);
}

const char *promise_title(struct page *page, struct str name, struct period period)
{
	const struct agreements *agreements = page->request.agreements;
	const char *title = NULL, *due = both(page, is_name(page, "promise", name), "fell_due");

	due = both(page, due, in_period(page, "fell_due", period));
	for (size_t v = 0; agreements && v < agreements->count; v++) {
		const struct agreement_version *version = &agreements->versions[v];
		const struct promise_def *promise = promise_in(version->agreement, name);
		const char *here;

		if (!promise ||
		    !page_count(page, "promises", both(page, due, page_printf(page, "version = %d", version->number))))
			continue;
		here = title_in(page, promise);
		if (title && strcmp(title, here) != 0)
			return page_name(page, name);
		title = here;
	}
	return title ? title : page_name(page, name);
}

static const struct {
	const char *name, *title, *condition, *sentence;
} states[] = {
	{ "running", "Running", "state in (running, \"at risk\", waiting)", "not due yet on the as-of day" },
	{ "at_risk", "At risk", "state = \"at risk\"", "running, and most of the time allowed is over" },
	{ "excused", "Excused", "state = excused", "broken, and excused for an accepted reason by a reviewer" },
	{ "disputed", "Disputed", "state = disputed", "broken, and somebody asks for it to be looked at again" },
	{ "void", "Void", "state = void",
	  "the lead is a duplicate or a test, or nobody wrote down when the clock stopped" },
};
enum { STATES = sizeof(states) / sizeof(*states) };

/* Of those due in the page's time, as what is said beside them: what runs now is no part of a quarter that is over. */
static struct ask in_state(struct page *page, size_t state, const char *where)
{
	return (struct ask){ .title = states[state].title,
			     .sentence = states[state].sentence,
			     .measure = page_printf(page, "count(%s)", states[state].condition),
			     .of = "promises",
			     .where = where,
			     .period_of = "due",
			     .period = page->period };
}

static struct ask broken(const struct page *page, const char *where)
{
	return (struct ask){ .title = "Broken",
			     .sentence =
				     "was due, and was not kept by then; excused and disputed ones are not among them",
			     .measure = "count(broken)",
			     .of = "promises",
			     .where = where,
			     .period_of = "fell_due",
			     .period = page->period };
}

void say_kept(struct page *page, const char *where)
{
	const struct figure *kept = page_term(page, &TERM_ON_TIME, where, page->period);
	struct ask ask = broken(page, where);
	const char *text;

	if (kept->row->denominator <= 0)
		return;
	text = page_printf(page, "Of what was promised about leads and fell due, %s was kept in time and %s broken",
			   share(page, kept), value(page, page_figure(page, &ask)));
	for (size_t i = 0; i < STATES; i++) {
		const char *words[STATES] = { "running", "at risk", "excused", "disputed", "void" };
		const struct figure *figure;

		ask = in_state(page, i, where);
		figure = page_figure(page, &ask);
		if (figure_count(figure))
			text = page_printf(page, i == 1 ? "%s (%s %s)" : "%s; %s %s", text, value(page, figure),
					   words[i]);
	}
	page_sentence(page, 0, "%s.", text);
}

void say_running_beside(struct page *page, const char *where)
{
	const char *in_time = in_period(page, "due", page->period);
	const char *outside = in_time ? both(page, where, page_printf(page, "not (%s)", in_time)) : NULL;
	const struct figure *running, *risky;

	if (!outside)
		return;
	running = PAGE_ASK(
		page, .title = "Running beside", .sentence = "not due yet on the as-of day, and not due in this time",
		.measure = page_printf(page, "count(%s)", states[0].condition), .of = "promises", .where = outside);
	risky = PAGE_ASK(
		page, .title = "At risk beside", .sentence = "running beside, and most of the time allowed is over",
		.measure = page_printf(page, "count(%s)", states[1].condition), .of = "promises", .where = outside);
	if (figure_count(running))
		page_sentence(page, 0, "Not of this time: on %s %s running%s%s%s.",
			      page_date(page, page->request.as_of), noun(page, running, "other is", "others are"),
			      figure_count(risky) ? ", " : "", figure_count(risky) ? value(page, risky) : "",
			      figure_count(risky) ? " of them at risk" : "");
}

void promise_columns(struct page *page, struct table *table, const char *where)
{
	const char *due = both(page, where, in_period(page, "due", page->period));
	struct ask ask;

	table_term(page, table, "on_time", "On time", &TERM_ON_TIME, where, page->period);
	if (page_count(page, "promises", both(page, where, "agreed_share is not empty")))
		table_term(page, table, "agreed", "Agreed", &TERM_AGREED, where, page->period);
	ask = broken(page, where);
	table_column(page, table, "broken", "Broken", &ask);
	for (size_t i = 0; i < STATES; i++) {
		ask = in_state(page, i, where);
		if (page_count(page, "promises", both(page, due, states[i].condition)))
			table_column(page, table, states[i].name, states[i].title, &ask);
	}
}

size_t promise_shares(struct page *page, struct table *table, const char *where)
{
	const struct answer *answer = page_answer(
		page, &(struct ask){ .measure = "count()",
				     .of = "promises",
				     .by = "promise",
				     .where = both(page, where, "fell_due and kind in (clock, attempts)") });
	size_t count = 0;

	for (; count < answer->row_count && count < COLUMNS_MOST; count++) {
		struct str name = answer->rows[count].by[0];
		struct ask ask = TERM_ON_TIME;

		ask.where = both(page, where, is_name(page, "promise", name));
		ask.period = page->period;
		table_column(page, table, page_printf(page, "promise_%zu", count + 1), page_name(page, name), &ask);
	}
	return count;
}

/* In days, where the ten were late for two and more; else in hours. */
static void kept_latest(struct page *page, const char *where)
{
	int64_t all = page_count(page, "promises", where);
	int64_t days = page_count(page, "promises", both(page, where, "stopped - due >= 2 days"));
	bool in_days = days >= (all < WORST ? all : WORST);

	page_rows(page, "worst", "Kept latest", "promises", where,
		  page_printf(page, "lead, party, promise, owner, partner, due, stopped, %s",
			      in_days ? "days(due, stopped)" : "hours(stopped - due)"),
		  page_printf(page, "Lead,By,Promise,Owner,Partner,Was due,Done,>%s late", in_days ? "Days" : "Hours"),
		  "stopped - due desc", WORST);
}

void promise_lists(struct page *page, const char *where)
{
	const char *due = both(page, where, in_period(page, "due", page->period));
	const char *undone = both(page, due, "state = broken and lead is set and owed");
	const char *late = both(page, due, "state = broken and stopped is known");
	const char *risky = both(page, due, "state = \"at risk\" and lead is set");

	if (page_count(page, "promises", undone))
		page_rows(page, "worst", "Broken and still not done, the longest overdue first", "promises", undone,
			  "lead, party, promise, owner, partner, due, days(due, as_of)",
			  "Lead,By,Promise,Owner,Partner,Was due,>Days over", "due", WORST);
	else if (page_count(page, "promises", late))
		kept_latest(page, late);
	if (page_count(page, "promises", risky))
		page_rows(page, "at_risk", "At risk: due next", "promises", risky,
			  "lead, party, promise, owner, partner, started, due",
			  "Lead,By,Promise,Owner,Partner,Began,Due", "due", WORST);
}
