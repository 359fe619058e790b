/* The week's promises: who kept what, and what is furthest below what was agreed. */
#include "domain/detect.h"
#include "report/promises.h"
#include "report/weekly.h"

static const struct figure *kept_in(struct page *page, const char *where, struct period period)
{
	return page_term(page, &TERM_ON_TIME, where, period);
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
		below = promise->keep.share -
			share_value((struct share_of){ one->row->numerator, one->row->denominator });
		if (below > by) {
			by = below;
			worst = promise;
			kept = one;
		}
	}
	if (worst)
		page_sentence(page, -1, "Furthest below what was agreed: %s, %s on time, where %g %% were agreed.",
			      promise_title(page, worst->name, w->now), share(page, kept), worst->keep.share * 100);
}

bool weekly_promises(struct page *page, const struct week *w)
{
	const struct answer *parties;
	const char *text = NULL;

	if (!page_agreement(page))
		return false;
	parties = page_answer(page, &(struct ask){ .measure = "count()",
						   .of = "promises",
						   .by = "party",
						   .where = "kind in (\"clock\", \"attempts\")" });
	for (size_t i = 0; i < parties->row_count; i++) {
		const char *where =
			both(page, "kind in (\"clock\", \"attempts\")", is_name(page, "party", parties->rows[i].by[0]));
		const struct figure *now = kept_in(page, where, w->now), *last = kept_in(page, where, w->last);
		const char *who = page_name(page, parties->rows[i].by[0]);

		if (now->row->denominator <= 0)
			continue;
		who = str_is(parties->rows[i].by[0], "partner") ? "partners" : who;
		text = page_printf(page, "%s%s%s kept %s%s%s", text ? text : "", text ? "; " : "", who,
				   share(page, now), last->row->denominator > 0 ? ", last week " : "",
				   last->row->denominator > 0 ? share(page, last) : "");
	}
	if (!text) {
		page_sentence(page, 0, "Nothing that was promised fell due this week.");
		return true;
	}
	page_sentence(page, 0, "Of what fell due this week %s.", text);
	say_furthest(page, w);
	page_note(page, "`lockstep report sla` tells both sides, promise by promise.");
	return true;
}
