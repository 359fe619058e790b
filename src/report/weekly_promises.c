/* The week's promises: who kept what, and what is furthest below what was agreed. */
#include "domain/detect.h"
#include "report/promises.h"
#include "report/weekly.h"

/* Promises about leads; numbers promised for a time are no part of a share. */
#define CLOCKS "kind in (clock, attempts)"
#define FOUND_BROKEN "broken_promises"
#define HALF 0.5 /* of what nobody agreed a share for, at least half is to be kept */

static const struct answer *parties_of(struct page *page)
{
	return page_answer(page,
			   &(struct ask){ .measure = "count()", .of = "promises", .by = "party", .where = CLOCKS });
}

static const char *of_party(struct page *page, struct str party)
{
	return both(page, CLOCKS, is_name(page, "party", party));
}

static const struct figure *kept_in(struct page *page, const char *where, struct period period)
{
	return page_term(page, &TERM_ON_TIME, where, period);
}

static struct share_of share_kept(const struct figure *kept)
{
	return (struct share_of){ kept->row->numerator, kept->row->denominator };
}

/* Its party was found to break what it promised, and promised nothing else that fell due: the same is not said twice. */
static bool is_all_of_party(struct page *page, const struct week *w, const struct promise_def *promise,
			    const struct figure *kept)
{
	struct str party = str_of(party_name(promise->party));

	for (size_t i = 0; i < page->finding_count; i++)
		if (!strcmp(page->findings[i].kind, FOUND_BROKEN) && str_eq(page->findings[i].subject, party))
			return kept_in(page, of_party(page, party), w->now)->row->denominator == kept->row->denominator;
	return false;
}

/* The promise that is furthest below its agreed share, of those of which enough fell due this week. */
static void say_furthest(struct page *page, const struct week *w)
{
	const struct agreement *agreement = page_agreement(page)->agreement;
	const struct promise_def *worst = NULL;
	const struct figure *kept = NULL;
	double by = 0;

	for (size_t i = 0; i < agreement->promise_count; i++) {
		const struct promise_def *promise = &agreement->promises[i];
		const struct figure *one;
		double below;

		if (promise->kind == PROMISE_VOLUME || !(promise->keep.share > 0))
			continue;
		one = kept_in(page, is_name(page, "promise", promise->name), w->now);
		if (figure_too_few(one))
			continue;
		below = promise->keep.share - share_value(share_kept(one));
		if (below > by) {
			by = below;
			worst = promise;
			kept = one;
		}
	}
	if (worst && !is_all_of_party(page, w, worst, kept))
		page_sentence(page, -1, "Furthest below what was agreed: %s, %s on time, where %g %% were agreed.",
			      promise_title(page, worst->name, w->now), share(page, kept), worst->keep.share * 100);
}

/* Of all that fell due in the period: the mean of what was agreed for each. */
static double agreed_in(struct page *page, const char *where, struct period period)
{
	double all = (double)kept_in(page, where, period)->row->denominator;
	const char *with = both(page, where, "agreed_share is not empty");
	double agreed = (double)kept_in(page, with, period)->row->denominator;

	return agreed > 0 ? (agreed * figure_number(page_term(page, &TERM_AGREED, where, period)) +
			     (all - agreed) * HALF) /
				    all
			  : HALF;
}

/* Each single promise may be too few to say; a small company's week may be, even of all. */
static void find_broken(struct page *page, const struct week *w, struct str party, size_t parties)
{
	const char *where = of_party(page, party),
		   *who = str_is(party, "partner") ? "partners" : page_name(page, party);
	struct period period = figure_too_few(kept_in(page, where, w->now)) ? up_to_now(w) : w->now;
	const char *when = period.from == w->now.from ? "this week" : page_printf(page, "in %d weeks", WEEKS + 1);
	const struct figure *kept = kept_in(page, where, period), *broken;
	struct share_of share = share_kept(kept);
	double agreed = agreed_in(page, where, period);
	struct finding *finding;
	char from[16], to[16];

	if (!detect_broken(share, agreed, parties))
		return;
	broken = PAGE_ASK(page, .title = "Not on time", .sentence = "broken, of the promises that fell due",
			  .measure = "count(broken)", .of = "promises", .where = where, .period_of = "fell_due",
			  .period = period);
	date_format(period.from, from);
	date_format(period.to - 1, to);
	finding = page_find(page, FOUND_BROKEN, party, agreed * (double)share.of - (double)share.hits,
			    "Over all they promised, %s kept %s of what fell due %s, where %.0f %% were agreed.", who,
			    estimate(page, kept), when, agreed * 100);
	finding_action(page, finding,
		       "Sit down over the %s that %s broke %s: `lockstep report sla --from %s --to %s` names them.",
		       noun(page, broken, "promise", "promises"), who, when, from, to);
}

/* The numbers promised for a time that ended this week. */
static const struct answer *numbers_ended(struct page *page, const struct week *w)
{
	return page_answer(page, &(struct ask){ .measure = "count(fell_due)",
						.of = "promises",
						.by = "promise",
						.where = "kind = volume and fell_due",
						.period_of = "fell_due",
						.period = w->now });
}

/* Of them, those that were not reached. */
static void say_missed(struct page *page, const struct week *w, struct str promise)
{
	const char *missed = both(page, "kind = volume and broken", is_name(page, "promise", promise));
	const struct figure *times = PAGE_ASK(
		page, .title = "Missed", .sentence = "times that ended in which the promised number was not reached",
		.measure = "count()", .of = "promises", .where = missed, .period_of = "fell_due", .period = w->now);
	const struct figure *counted =
		PAGE_ASK(page, .title = "Came to", .sentence = "what the promised number came to in those times",
			 .measure = "sum(counted)", .of = "promises", .where = missed, .period_of = "fell_due",
			 .period = w->now);

	if (figure_count(times) == 1)
		page_sentence(page, -1, "Not reached: %s; it came to %s.", promise_title(page, promise, w->now),
			      value(page, counted));
	else if (figure_count(times))
		page_sentence(page, -1, "Not reached %s: %s; they came to %s together.",
			      noun(page, times, "time", "times"), promise_title(page, promise, w->now),
			      value(page, counted));
}

/* "sales kept 97 of 116 (83.6 %), last week …": of what was promised about leads. NULL: nothing of it fell due. */
static const char *who_kept(struct page *page, const struct week *w)
{
	const struct answer *parties = parties_of(page);
	const char *text = NULL;

	for (size_t i = 0; i < parties->row_count; i++) {
		const char *where = of_party(page, parties->rows[i].by[0]);
		const struct figure *now = kept_in(page, where, w->now), *last = kept_in(page, where, w->last);
		const char *who = page_name(page, parties->rows[i].by[0]);

		if (now->row->denominator <= 0)
			continue;
		who = str_is(parties->rows[i].by[0], "partner") ? "partners" : who;
		text = page_printf(page, "%s%s%s kept %s%s%s", text ? text : "", text ? "; " : "", who,
				   share(page, now), last->row->denominator > 0 ? ", last week " : "",
				   last->row->denominator > 0 ? share(page, last) : "");
	}
	return text;
}

void weekly_find_broken(struct page *page, const struct week *w)
{
	const struct answer *parties;

	if (!page_agreement(page))
		return;
	parties = parties_of(page);
	for (size_t i = 0; i < parties->row_count; i++)
		find_broken(page, w, parties->rows[i].by[0], parties->row_count);
}

bool weekly_promises(struct page *page, const struct week *w)
{
	const struct answer *ended;
	const char *kept;

	if (!page_agreement(page))
		return false;
	kept = who_kept(page, w);
	ended = numbers_ended(page, w);
	if (kept)
		page_sentence(page, 0, "Of what fell due this week %s.", kept);
	else
		page_sentence(page, 0, "Nothing that was promised%s fell due this week.",
			      ended->row_count ? " about leads" : "");
	if (kept) {
		for (size_t i = 0; i < page->finding_count; i++)
			if (!strcmp(page->findings[i].kind, FOUND_BROKEN))
				page_print_finding(page, &page->findings[i]);
		say_furthest(page, w);
	}
	for (size_t i = 0; i < ended->row_count; i++)
		say_missed(page, w, ended->rows[i].by[0]);
	if (kept || ended->row_count)
		page_note(page, "`lockstep report sla` tells both sides, promise by promise.");
	return true;
}
