/* What reports find: asked here once, decided by domain/detect.c. Each sentence carries both shares and how many were compared. */
#include <math.h>
#include "domain/detect.h"
#include "domain/statistics.h"
#include "report/reports.h"

static struct share_of *shares_of(struct page *page, const struct answer *answer)
{
	struct share_of *shares = ARENA_ARRAY(&page->arena, struct share_of, answer->row_count + 1);

	for (size_t i = 0; i < answer->row_count; i++) {
		if (answer->rows[i].denominator > 0)
			shares[i] = (struct share_of){ answer->rows[i].numerator, answer->rows[i].denominator };
	}
	return shares;
}

/* How many there are to compare: small ones are not. */
static int comparable(const struct share_of *shares, size_t count)
{
	int n = 0;

	for (size_t i = 0; i < count; i++)
		n += shares[i].of >= TOO_FEW;
	return n;
}

static const struct figure *rest_figure(struct page *page, struct ask ask, const char *dimension, struct str name)
{
	ask.by = NULL;
	ask.where = both(page, ask.where, page_printf(page, "not (%s)", is_name(page, dimension, name)));
	return page_figure(page, &ask);
}

static const struct figure *own_figure(struct page *page, struct ask ask, const char *dimension, struct str name)
{
	ask.by = NULL;
	ask.where = both(page, ask.where, is_name(page, dimension, name));
	return page_figure(page, &ask);
}

/* ---- lists that bring nothing ---- */

/* Leads too young to have got anywhere yet are left out: younger than most leads are when they get there. */
static const char *old_enough(struct page *page, const struct known *known)
{
	struct ask ask = { .title = "Time to get there",
			   .measure = page_printf(page, "percentile(days(created, %s), 75)", known_goal(known)),
			   .of = "leads" };
	const struct answer *answer;
	double days;

	if (!known->leads_dated)
		return NULL;
	answer = page_answer(page, &ask);
	if (!answer->row_count || answer->rows[0].type == ANSWER_NONE)
		return NULL;
	days = fmin(fmax(ceil(answer->rows[0].value), 7), 90);
	return page_printf(page, "days(created, as_of) >= %.0f", days);
}

#define FROM_MARKETING "origin = \"marketing\""

void find_junk(struct page *page, const struct known *known, const char *dimension, const char *kind)
{
	struct ask ask = page_complete(page, known_goal_term(known));
	const struct answer *answer;
	struct share_of *shares;
	bool marketing;

	if (!known->leads || (!known->leads_opportunity && !known->leads_won))
		return;
	ask.where = both(page, page_printf(page, "%s is not empty", dimension), old_enough(page, known));
	/* what sales finds itself and what is referred converts otherwise by nature: like is compared with like */
	marketing = page_count(page, "leads", FROM_MARKETING) >= TOO_FEW;
	if (marketing)
		ask.where = both(page, ask.where, FROM_MARKETING);
	ask.by = dimension;
	answer = page_answer(page, &ask);
	shares = shares_of(page, answer);
	for (size_t i = 0; i < answer->row_count; i++) {
		struct share_of rest = share_rest(shares, answer->row_count, i);
		struct str name = answer->rows[i].by[0];
		struct finding *finding;

		/* nobody can act on "other" */
		if (!detect_junk(shares, answer->row_count, i) || str_eq_fold(name, STR("other")) ||
		    str_eq_fold(name, STR("unknown")))
			continue;
		finding = page_find(page, kind, name, share_value(rest) * (double)shares[i].of - (double)shares[i].hits,
				    "%s %s: %s %s, against %s of the other%s (%d compared).",
				    str_is(str_of(dimension), "campaign") ? "Campaign" : "Source",
				    page_name(page, name), estimate(page, own_figure(page, ask, dimension, name)),
				    known_goal_words(known), estimate(page, rest_figure(page, ask, dimension, name)),
				    marketing ? " marketing leads" : "s", comparable(shares, answer->row_count));
		finding_action(page, finding, "Stop %s or raise its bar: %s of its leads %s.", page_name(page, name),
			       share(page, own_figure(page, ask, dimension, name)), known_goal_words(known));
	}
}

/* ---- the stage that leaks ---- */

#define FINISHED "outcome in (\"forward\", \"back\", \"lost\", \"discontinued\")"

void find_leaking_stage(struct page *page, const struct known *known)
{
	struct ask ask = { .title = "Lost in the stage",
			   .sentence = "visits that ended lost, of the finished visits to the stage",
			   .measure = "count(outcome = \"lost\") / count(" FINISHED ")",
			   .of = "stage_visits",
			   .by = "stage",
			   .where = FINISHED " and stage is not empty" };
	const struct answer *answer;
	struct share_of *shares;
	struct finding *finding;
	struct str name;
	size_t worst;

	if (!known->visits)
		return;
	/* a deal that only stands where it ended was not seen leaving a stage */
	ask.where = both(page, both(page, ask.where, "entered is known"), open_stages(page));
	answer = page_answer(page, &ask);
	shares = shares_of(page, answer);
	worst = detect_leak(shares, answer->row_count);
	if (worst == DETECT_NONE)
		return;
	name = answer->rows[worst].by[0];
	finding = page_find(page, "leaking_stage", name, (double)shares[worst].hits / 2,
			    "%s leaks: %s of the deals that left it were lost, against %s in the other stages.",
			    page_name(page, name), estimate(page, own_figure(page, ask, "stage", name)),
			    estimate(page, rest_figure(page, ask, "stage", name)));
	finding_action(
		page, finding,
		"Go through the deals lost in %s together and agree on what has to be true before a deal enters it.",
		page_name(page, name));
}

/* ---- reps who answer late ---- */

/* Who promised a first contact is judged by that alone, and by what fell due: the figures are those of sla. NULL where the agreement in force
 * promises none. */
static const char *contacts_promised(struct page *page)
{
	const struct agreement_version *version = page_agreement(page);
	const char *names = NULL;

	for (size_t i = 0; version && i < version->agreement->promise_count; i++) {
		const struct promise_def *promise = &version->agreement->promises[i];

		if (promise->party == PARTY_SALES && promise->kind == PROMISE_CLOCK &&
		    promise->from == EVENT_HANDED_OFF && promise->until >> EVENT_FIRST_RESPONSE & 1)
			names = page_printf(page, "%s%s%s", names ? names : "", names ? ", " : "",
					    quoted_name(page, promise->name));
	}
	return names ? page_printf(page, "party = \"sales\" and promise in (%s) and lead is set and owner is not empty",
				   names)
		     : NULL;
}

/* Slow without an agreement: later than the source says was promised, else later than three quarters of all answers, or never. */
static const char *slow_condition(struct page *page)
{
	struct ask ask = { .title = "Time to first response",
			   .measure = "percentile(first_response - handed_off, 75)",
			   .of = "leads",
			   .where = "owner is not empty" };
	const struct answer *answer;
	double seconds;

	if (page_count(page, "leads", "response_due is not empty and handed_off") >= TOO_FEW)
		return "response_due is not empty and (not first_response or first_response > response_due)";
	answer = page_answer(page, &ask);
	if (!answer->row_count || answer->rows[0].type != ANSWER_DURATION)
		return NULL;
	seconds = answer->rows[0].value;
	seconds *= !strcmp(answer->unit, "days")      ? 86400
		   : !strcmp(answer->unit, "hours")   ? 3600
		   : !strcmp(answer->unit, "minutes") ? 60
						      : 1;
	return page_printf(page, "not first_response or first_response - handed_off > %.0f minutes",
			   ceil(seconds / 60));
}

/* What of each owner is compared; its measure is NULL where nothing can be. */
static struct ask late_answers(struct page *page, const struct known *known, struct period period)
{
	const char *promised = contacts_promised(page), *slow;

	if (promised)
		return (struct ask){
			.title = "First contacts late",
			.sentence = "promised first contacts that were broken, of those that fell due; excused, "
				    "disputed and void ones are not among them",
			.measure = "count(broken and fell_due) / count(fell_due)",
			.of = "promises",
			.where = promised,
			.period_of = "fell_due",
			.period = period,
		};
	slow = known->leads_handed && known->leads_answered && known->leads_owned ? slow_condition(page) : NULL;
	return (struct ask){
		.title = "Slow answers",
		.sentence =
			"leads handed over at least a week ago that were answered late (later than the source says was "
			"promised, else later than three quarters of all answers) or not at all, of all handed over by then",
		.measure = slow ? page_printf(page, "count(%s) / count()", slow) : NULL,
		.of = "leads",
		.where = "handed_off and days(handed_off, as_of) >= 7 and owner is not empty",
	};
}

void find_slow_reps(struct page *page, const struct known *known, struct period period)
{
	struct ask ask = late_answers(page, known, period);
	const char *what = strcmp(ask.of, "promises") != 0 ? "of the leads handed over"
			   : period.from == DATE_NONE && period.to == DATE_NONE
				   ? "of all first contacts promised were not made in time"
				   : "of the first contacts due in this time were not made by then";
	const struct answer *answer;
	struct share_of *shares;

	if (!ask.measure)
		return;
	ask.by = "owner";
	answer = page_answer(page, &ask);
	shares = shares_of(page, answer);
	for (size_t i = 0; i < answer->row_count; i++) {
		struct share_of rest = share_rest(shares, answer->row_count, i);
		struct str name = answer->rows[i].by[0];
		struct finding *finding;

		if (!detect_slow(shares, answer->row_count, i))
			continue;
		finding = page_find(page, "slow_rep", name,
				    0.2 * ((double)shares[i].hits - share_value(rest) * (double)shares[i].of),
				    "%s answers late: %s %s, against %s of the others' (%d compared).",
				    page_name(page, name), estimate(page, own_figure(page, ask, "owner", name)), what,
				    estimate(page, rest_figure(page, ask, "owner", name)),
				    comparable(shares, answer->row_count));
		finding_action(page, finding,
			       "Take new leads off %s until the waiting ones are answered, and ask what is in the way.",
			       page_name(page, name));
	}
}

/* ---- deals that stand still ---- */

void find_stuck(struct page *page, const struct known *known)
{
	struct ask ask = page_complete(page, &TERM_STAGNANT);
	const struct answer *answer;

	if (!known->deals_open)
		return;
	ask.by = "stage";
	ask.where = "stagnant";
	answer = page_answer(page, &ask);
	for (size_t i = 0; i < answer->row_count; i++) {
		const struct answer_row *row = &answer->rows[i];
		struct finding *finding;
		struct ask value_ask = page_complete(page, &TERM_STAGNANT_VALUE);
		const struct figure *worth;
		const char *where;

		if (row->type == ANSWER_NONE || row->value < 1)
			continue;
		where = is_name(page, "stage", row->by[0]);
		value_ask.where = both(page, value_ask.where, where);
		worth = page_figure(page, &value_ask);
		finding = page_find(
			page, "stuck", row->by[0], row->value / 4, "%s in %s longer than %s.",
			noun(page, own_figure(page, ask, "stage", row->by[0]), "deal has been", "deals have been"),
			page_name(page, row->by[0]), "the limit of that stage");
		finding_action(page, finding, "Call or close the %s stuck in %s%s%s.",
			       noun(page, own_figure(page, ask, "stage", row->by[0]), "deal", "deals"),
			       page_name(page, row->by[0]),
			       figure_known(worth) && figure_number(worth) > 0 ? ", worth " : "",
			       figure_known(worth) && figure_number(worth) > 0 ? value(page, worth) : "");
	}
}
