/* Is the bar right? For every bar that could be: how many leads it lets through, what becomes of them, what it holds back and what it
 * costs. It alleges only what was tried: leads handed over from above the bar, and those that got through below it. */
#include <math.h>
#include <stdlib.h>
#include "domain/agreement.h"
#include "domain/bar.h"
#include "domain/statistics.h"
#include "report/reports.h"

#define BANDS_MOST 24 /* rows of a curve */
#define GOAL_AGE_MOST 180

/* What one bar is for: all leads, or those of a type of the agreement. */
struct curve {
	const char *name, *title; /* of its table */
	const char *leads;        /* which leads the bar is for; NULL: all */
	const char *points;       /* the column */
	const char *below;        /* how leads are told apart that got through below it; NULL: they cannot be */
	const char *type;         /* of the agreement; NULL */
	bool has_bar, agreed;
	double bar, step, lowest;
	size_t curves;          /* told beside each other */
	const char *old_enough; /* handed over long enough ago to have got somewhere; NULL: all */
	int days;               /* that long */
	struct bar_judgement judged;
};

static double ask_number(struct page *page, const char *measure, const char *where)
{
	const struct answer *answer =
		page_answer(page, &(struct ask){ .measure = measure, .of = "leads", .where = where });

	return answer->row_count && answer->rows[0].type != ANSWER_NONE ? answer->rows[0].value : (double)NAN;
}

/* ---- the bar and its bands ---- */

/* Steps of 1, 2 or 5 times a power of ten: the widest in which the bar is a step, but no more rows than can be read. */
static void choose_step(struct page *page, struct curve *curve)
{
	static const double wide[] = { 10, 5, 2, 1 };
	const char *scored =
		both(page, curve->leads, page_printf(page, "handed_off and %s is not empty", curve->points));
	double low = ask_number(page, page_printf(page, "min(%s)", curve->points), scored);
	double high = ask_number(page, page_printf(page, "max(%s)", curve->points), scored), size = 1;

	while (isfinite(low) && isfinite(high) && (high - low) / (10 * size) > BANDS_MOST)
		size *= 10;
	curve->step = 10 * size;
	for (size_t i = 0; i < sizeof(wide) / sizeof(*wide); i++) {
		double step = wide[i] * size;

		if ((high - low) / step > BANDS_MOST || (high - low) / step < 8)
			continue;
		curve->step = step;
		if (!curve->has_bar || fmod(curve->bar, step) == 0)
			break;
	}
	curve->lowest = isfinite(low) ? floor(low / curve->step) * curve->step : (double)NAN;
}

static size_t read_bands(struct page *page, const struct ask *ask, struct bar_band **bands)
{
	const struct answer *answer = page_answer(page, ask);
	size_t count = 0;

	*bands = ARENA_ARRAY(&page->arena, struct bar_band, answer->row_count + 1);
	for (size_t i = 0; i < answer->row_count; i++) {
		const struct answer_row *row = &answer->rows[i];

		if (row->by[0].len && row->denominator > 0)
			(*bands)[count++] = (struct bar_band){ strtod(arena_cstr(&page->arena, row->by[0]), NULL),
							       { row->numerator, row->denominator } };
	}
	return count;
}

/* Bands of the curve's width from the bar on, up and down, whatever rows the curve has: no band has leads from both sides of it. */
static size_t from_bar(const struct curve *curve, struct bar_band *bands, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		struct bar_band band = bands[i];

		band.from = curve->bar + floor((band.from - curve->bar) / curve->step) * curve->step;
		if (kept && bands[kept - 1].from == band.from) {
			bands[kept - 1].got_there.hits += band.got_there.hits;
			bands[kept - 1].got_there.of += band.got_there.of;
		} else {
			bands[kept++] = band;
		}
	}
	return kept;
}

/* Nobody wrote the bar down: who qualified shows it. Types that go through at once blur it, so it is looked for where it is sharpest.
 * What sales found itself never came before it. */
static void find_bar_in_use(struct page *page, struct curve *curve)
{
	const struct answer *types = page_answer(
		page, &(struct ask){ .measure = "count()", .of = "leads", .by = "type", .where = "qualified" });
	const char *where = page_printf(
		page, "%s is not empty and not disqualified and not (accepted and not handed_off)", curve->points);
	double sharpest = 0;

	for (size_t i = 0; i < types->row_count; i++) {
		struct ask ask = { .measure = "count(qualified) / count()",
				   .of = "leads",
				   .by = page_printf(page, "bucket(%s, 1)", curve->points),
				   .where = both(page, where, is_name(page, "type", types->rows[i].by[0])) };
		struct bar_band *bands;
		size_t count = read_bands(page, &ask, &bands);
		double bar, rise = bar_in_use(bands, count, &bar);

		if (rise > sharpest) {
			sharpest = rise;
			curve->bar = bar;
			curve->has_bar = true;
		}
	}
}

/* Leads younger than three quarters of the others were when they got there have not had their time. */
static void find_old_enough(struct page *page, const struct known *known, struct curve *curve)
{
	double days = ask_number(page, page_printf(page, "percentile(days(handed_off, %s), 75)", known_goal(known)),
				 curve->leads);

	if (!isfinite(days))
		return;
	curve->days = (int)fmin(fmax(ceil(days), 7), GOAL_AGE_MOST);
	curve->old_enough = page_printf(page, "days(handed_off, as_of) >= %d", curve->days);
}

static const char *in_the_period(struct page *page)
{
	return in_period(page, "handed_off", page->period);
}

static const char *handed(struct page *page, const struct curve *curve)
{
	return both(page, both(page, "handed_off", curve->leads), in_the_period(page));
}

static void judge(struct page *page, const struct known *known, struct curve *curve)
{
	bool in_step = fmod(curve->bar, curve->step) == 0;
	struct ask ask = { .measure = page_printf(page, "count(%s) / count()", known_goal(known)),
			   .of = "leads",
			   .by = page_printf(page, "bucket(%s, %g)", curve->points,
					     in_step                    ? curve->step
					     : fmod(curve->bar, 1) == 0 ? 1
									: 0.5),
			   .where = both(page, handed(page, curve), curve->old_enough) };
	struct bar_band *bands;
	size_t count = read_bands(page, &ask, &bands);

	if (!in_step)
		count = from_bar(curve, bands, count);
	curve->judged = bar_judge(bands, count, curve->bar, curve->curves);
}

/* ---- what is said ---- */

static const struct figure *got_there(struct page *page, const struct known *known, const struct curve *curve,
				      const char *which)
{
	return PAGE_ASK(page, .title = page_printf(page, "%s, of those handed over", known_goal_title(known)),
			.sentence =
				page_printf(page, "got there by the as-of day, of the leads handed over%s",
					    curve->days ? page_printf(page, " at least %d days ago", curve->days) : ""),
			.measure = page_printf(page, "count(%s) / count()", known_goal(known)), .of = "leads",
			.where = both(page, both(page, handed(page, curve), curve->old_enough), which));
}

static const struct figure *waited(struct page *page, const struct curve *curve, const char *which)
{
	return PAGE_ASK(page, .title = "Days before the hand-over",
			.sentence = "median days from coming in to the hand-over",
			.measure = "median(days(created, handed_off))", .of = "leads",
			.where = both(page, both(page, handed(page, curve), curve->old_enough), which));
}

static const char *compared(struct page *page, const struct curve *curve)
{
	return page_printf(page, "%zu %s compared", curve->judged.compared,
			   curve->judged.compared == 1 ? "bar" : "bars");
}

/* Leads with more points do no better: no bar is better than another. */
static bool points_tell(const struct curve *curve)
{
	return share_value(curve->judged.below) < share_value(curve->judged.above);
}

/* None where nothing is for sure, where leads are worth it down to no points at all, and where points do not tell. */
static bool recommends_bar(const struct curve *curve)
{
	return curve->judged.verdict == BAR_TOO_LOW ||
	       (curve->judged.verdict == BAR_TOO_HIGH && curve->judged.recommended > 0 && points_tell(curve));
}

static const char *below_bar(struct page *page, const struct curve *curve)
{
	return page_printf(page, "%s < %g", curve->points, curve->bar);
}

static const char *above_bar(struct page *page, const struct curve *curve)
{
	return page_printf(page, "%s >= %g", curve->points, curve->bar);
}

static const char *named(struct page *page, const struct curve *curve)
{
	return curve->type ? page_printf(page, "The bar of %g for %s", curve->bar, page_name(page, str_of(curve->type)))
			   : page_printf(page, "The bar of %g", curve->bar);
}

static void say_too_high(struct page *page, const struct known *known, const struct curve *curve)
{
	const char *below = below_bar(page, curve), *above = above_bar(page, curve);
	const struct figure *wait = waited(page, curve, below), *others = waited(page, curve, above);
	const struct figure *from_below =
		PAGE_ASK(page, .title = "From below the bar",
			 .sentence = "of the leads handed over that got there, those that came from below the bar",
			 .measure = page_printf(page, "count(%s) / count()", below), .of = "leads",
			 .where = both(page, both(page, handed(page, curve), curve->old_enough), known_goal(known)));
	struct finding *finding = page_find(
		page, "over_qualification", str_of(curve->type ? curve->type : "the bar"),
		(double)curve->judged.below.hits,
		"%s is too high: of the leads handed over below it %s %s, of those above %s; of all %s %s came from below "
		"(%s).",
		named(page, curve), estimate(page, got_there(page, known, curve, below)), known_goal_words(known),
		estimate(page, got_there(page, known, curve, above)),
		known_goes_on(known) ? "opportunities" : "won leads", share(page, from_below), compared(page, curve));

	page_print_finding(page, finding);
	if (figure_known(wait) && figure_known(others) && figure_number(wait) > 2 * figure_number(others))
		page_sentence(
			page, -1,
			"They waited: half of them %s or more until they were handed over, half of those above %s.",
			value(page, wait), value(page, others));
	if (!points_tell(curve))
		page_sentence(page, -1, "Leads with more points do no better here: look at the points before the bar.");
	if (curve->judged.recommended <= 0)
		finding_action(
			page, finding,
			"Leave the bar out, or give points for something else: leads without points do well enough to be handed over.");
	else if (!recommends_bar(curve))
		finding_action(
			page, finding,
			"Give points for what tells leads apart before you agree on another bar: by these points no bar is better than another.");
	else
		finding_action(
			page, finding,
			"Agree on a bar of %g instead of %g, or hand over some of the leads below it by lot until the next review.",
			curve->judged.recommended, curve->bar);
	page_action(page, finding->action);
}

static void say_too_low(struct page *page, const struct known *known, const struct curve *curve)
{
	const char *low = page_printf(page, "%s >= %g and %s < %g", curve->points, curve->bar, curve->points,
				      curve->judged.recommended);
	const char *high = page_printf(page, "%s >= %g", curve->points, curve->judged.recommended);
	struct finding *finding = page_find(
		page, "under_qualification", str_of(curve->type ? curve->type : "the bar"),
		(double)curve->judged.above.of * 0.1,
		"%s is too low: of the leads with less than %g points %s %s, of those with more %s (%s).",
		named(page, curve), curve->judged.recommended, estimate(page, got_there(page, known, curve, low)),
		known_goal_words(known), estimate(page, got_there(page, known, curve, high)), compared(page, curve));

	page_print_finding(page, finding);
	finding_action(page, finding, "Agree on a bar of %g instead of %g, and nurture the leads between.",
		       curve->judged.recommended, curve->bar);
	page_action(page, finding->action);
}

static void say_unsure(struct page *page, const struct known *known, const struct curve *curve)
{
	const struct figure *below = got_there(page, known, curve, below_bar(page, curve));
	const struct figure *above = got_there(page, known, curve, above_bar(page, curve));

	if (above->row->denominator > 0)
		page_sentence(page, 0, "Of the leads handed over above it %s %s; of those handed over below it, %s.",
			      estimate(page, above), known_goal_words(known), estimate(page, below));
	else
		page_sentence(page, 0,
			      "No lead was handed over above it long enough ago; of those handed over below it %s %s.",
			      estimate(page, below), known_goal_words(known));
	if (curve->judged.above.of < TOO_FEW)
		page_sentence(page, 0, "Too few were handed over above it to say whether it is right.");
	else if (!curve->below)
		page_sentence(
			page, 0,
			"Whether the bar is too high cannot be told: the book does not say which leads qualified, so those let "
			"through below it cannot be told from those it was not meant for.");
	else if (curve->judged.below.of < TOO_FEW)
		page_sentence(
			page, 0,
			"Too few were handed over below it to say whether it is too high, and nothing says that it is too low.");
	else
		page_sentence(
			page, 0,
			"Nothing says for sure that the bar is too high or too low: leads from below it bring too little, or too few "
			"of them were tried, and those just above it are not wasted (%s).",
			compared(page, curve));
}

/* How many leads that all came to nothing would say that they are worth less than half of those above the bar. */
static int size_of_test(const struct curve *curve)
{
	double half = BAR_TIMES * share_value(curve->judged.above);

	return half > 0 && half < 1 ? (int)fmax(TOO_FEW, ceil(log(0.05) / log(1 - half))) : 0;
}

static const char *how_they_got_through(struct page *page, const struct curve *curve)
{
	if (!curve->judged.below.of)
		return "";
	return page_count(page, "lead_steps", "step = overridden and (outcome is empty or outcome = \"below the bar\")")
		       ? " Those that got through so far were not drawn: managers asked for some of them."
		       : " Those that got through so far were not drawn, so they may be others than the rest.";
}

static void say_never_tried(struct page *page, const struct curve *curve)
{
	const struct figure *untried = PAGE_ASK(
		page, .title = "Never tried",
		.sentence =
			"leads with fewer points than any that was handed over; neither disqualified nor sales' own",
		.measure = "count()", .of = "leads",
		.where = both(page, curve->leads,
			      page_printf(page, "%s < %g and not handed_off and not disqualified and not accepted",
					  curve->points, curve->lowest)));
	int size = size_of_test(curve);

	if (figure_count(untried))
		page_sentence(page, 0, "Below %g: never tried. What would become of the %s there is not known.",
			      curve->lowest, noun(page, untried, "lead", "leads"));
	if (curve->judged.verdict != BAR_TOO_LOW && size)
		page_sentence(
			page, 0,
			"A small random test would tell: hand over %d leads from below the bar, drawn by lot, and look at this page "
			"%d days later.%s",
			size, curve->days ? curve->days : 90, how_they_got_through(page, curve));
}

static void say_bar(struct page *page, const struct curve *curve)
{
	if (curve->agreed)
		page_sentence(page, 0, "The %s bar%s is %g points.",
			      page_agreement(page)->number ? "agreed" : "proposed",
			      curve->type ? page_printf(page, " for %s", page_name(page, str_of(curve->type))) : "",
			      curve->bar);
	else
		page_sentence(
			page, 0,
			"The bar in use is %g points, as the leads that qualified show it: nobody has written it down in an "
			"agreement.",
			curve->bar);
}

/* ---- the curve ---- */

/* The same leads, seen from their calls and meetings. */
static const char *of_activities(struct page *page, const struct curve *curve)
{
	const char *leads =
		curve->type    ? page_printf(page, "lead.agreed_type = %s", quoted_name(page, str_of(curve->type)))
		: curve->leads ? page_printf(page, "not (lead.qualified and lead.%s < %g)", curve->points, curve->bar)
			       : NULL;

	return both(page, both(page, "lead.handed_off", leads), in_period(page, "lead.handed_off", page->period));
}

static void curve_columns(struct page *page, const struct known *known, struct table *table, const char *where)
{
	const char *goal = known_goal(known);

	TABLE_COLUMN(page, table, "handed_over", "Handed over", .title = "Handed over at this bar",
		     .sentence = "leads handed over with so many points or more",
		     .measure = "running(count(), from top)", .where = where);
	if (known->leads_accepted)
		TABLE_COLUMN(page, table, "acceptance", "Accepted", .title = "Acceptance at this bar",
			     .sentence = "accepted by sales, of the leads handed over with so many points or more",
			     .measure = "running(count(accepted), from top) / running(count(), from top)",
			     .where = where, .brief = true);
	TABLE_COLUMN(page, table, "goal", known_goal_title(known),
		     .title = page_printf(page, "%s at this bar", known_goal_title(known)),
		     .sentence = "got there by the as-of day, of the leads handed over with so many points or more",
		     .measure = page_printf(page, "running(count(%s), from top) / running(count(), from top)", goal),
		     .where = where, .brief = true);
	TABLE_COLUMN(
		page, table, "here", "In this band",
		.title = page_printf(page, "%s in the band", known_goal_title(known)),
		.sentence =
			"got there by the as-of day, of the leads handed over with so many points, up to the next row's",
		.measure = page_printf(page, "count(%s) / count()", goal), .where = where);
	if (known->leads_won)
		TABLE_COLUMN(page, table, "held_back", "Won below", .title = "Won leads held back by this bar",
			     .sentence = "leads won that were handed over with fewer points",
			     .measure = "running(count(won)) - count(won)", .where = where);
}

/* Marks the rows of the agreed bar and of the recommended one, in words: those they lie in, or the next where nobody is in that. */
static void mark_rows(struct page *page, const struct curve *curve, struct table *table)
{
	bool recommends = curve->has_bar && recommends_bar(curve);

	for (size_t i = 0; i < table->row_count; i++) {
		double from = strtod(arena_cstr(&page->arena, table->rows[i].texts[0]), NULL);
		const char *mark = NULL;

		if (curve->has_bar && from <= curve->bar && curve->bar < from + curve->step)
			mark = !curve->agreed ? "in use" : page_agreement(page)->number ? "agreed" : "proposed";
		if (recommends && curve->judged.recommended < from + curve->step) {
			mark = "recommended";
			recommends = false;
		}
		table->rows[i].marked = mark != NULL;
		if (mark)
			table->rows[i].texts[0] =
				str_of(page_printf(page, "%.*s %s", STR_ARG(table->rows[i].texts[0]), mark));
	}
}

static void curve_table(struct page *page, const struct known *known, const struct curve *curve)
{
	struct table *table = page_table(page, curve->name, curve->title, "leads",
					 page_printf(page, "bucket(%s, %g)", curve->points, curve->step), NULL);

	curve_columns(page, known, table,
		      both(page, handed(page, curve), page_printf(page, "%s is not empty", curve->points)));
	if (page_count(page, "activities", "duration_minutes is not empty and lead.handed_off"))
		TABLE_COLUMN(
			page, table, "hours", "Hours", .title = "Selling hours at this bar",
			.sentence =
				"hours of calls and meetings with the leads handed over with so many points or more, as far "
				"as their length is known",
			.of = "activities", .by = page_printf(page, "bucket(lead.%s, %g)", curve->points, curve->step),
			.measure = "running(sum(duration_minutes / 1 hours), from top)",
			.where = of_activities(page, curve));
	table_label(table, 0, "Bar");
	table_fill(page, table);
	mark_rows(page, curve, table);
	table_chart(table, "line", 0, known->leads_accepted ? "2,3" : "2", -1);
}

static void tell_curve(struct page *page, const struct known *known, struct curve *curve)
{
	choose_step(page, curve);
	find_old_enough(page, known, curve);
	if (!isfinite(curve->lowest)) {
		page_sentence(page, 0, "%s: no lead that was handed over has points.", curve->title);
		return;
	}
	if (curve->has_bar) {
		say_bar(page, curve);
		judge(page, known, curve);
		if (curve->judged.verdict == BAR_TOO_HIGH && curve->below)
			say_too_high(page, known, curve);
		else if (curve->judged.verdict == BAR_TOO_LOW)
			say_too_low(page, known, curve);
		else
			say_unsure(page, known, curve);
		say_never_tried(page, curve);
	}
	curve_table(page, known, curve);
}

/* ---- which bars there are ---- */

/* Without an agreement there is one bar, and what qualified below it was let through by another rule. */
static void tell_in_use(struct page *page, const struct known *known)
{
	struct curve curve = { .name = "curve", .title = "Every bar that could be", .points = "score", .curves = 1 };
	const struct figure *exempt;

	find_bar_in_use(page, &curve);
	if (!curve.has_bar)
		page_sentence(
			page, 0,
			"Which bar is in use cannot be seen: leads qualify at all scores. The curve shows every one that could be; "
			"an agreement would name one (`lockstep agreement`).");
	if (curve.has_bar && known->leads_qualified) {
		curve.below = "not qualified";
		curve.leads = page_printf(page, "not (qualified and score < %g)", curve.bar);
	}
	tell_curve(page, known, &curve);
	if (!curve.leads)
		return;
	exempt = PAGE_ASK(
		page, .title = "Qualified below the bar",
		.sentence = "leads that qualified with fewer points than the bar: let through by another rule",
		.measure = "count()", .of = "leads", .where = page_printf(page, "qualified and score < %g", curve.bar));
	if (figure_count(exempt))
		page_note(
			page,
			"%s below the bar and went through by another rule, as hand-raisers do: the bar was not for them, "
			"and they are not in the curve.",
			noun(page, exempt, "lead qualified", "leads qualified"));
}

/* Each type of lead that the agreement has a bar for. False where none of them was ever handed over. */
static bool tell_agreed(struct page *page, const struct known *known, const struct agreement *agreement)
{
	struct curve *curves = ARENA_ARRAY(&page->arena, struct curve, agreement->type_count + 1);
	size_t count = 0;

	for (size_t i = 0; i < agreement->type_count; i++) {
		const struct lead_type *type = &agreement->types[i];
		const char *leads = is_name(page, "agreed_type", type->name);

		if (type->at_once ||
		    !page_count(page, "leads", both(page, leads, "handed_off and points is not empty")))
			continue;
		curves[count++] = (struct curve){
			.name = page_printf(page, "curve_%zu", i + 1),
			.title = page_printf(page, "Every bar that could be for %s", page_name(page, type->name)),
			.leads = leads,
			.points = "points",
			.below = "points below the bar",
			.type = page_name(page, type->name),
			.has_bar = true,
			.agreed = true,
			.bar = type->bar,
		};
	}
	for (size_t i = 0; i < count; i++) {
		curves[i].curves = count;
		page_heading(page, curves[i].type);
		tell_curve(page, known, &curves[i]);
	}
	return count > 0;
}

/* Why no bar can be judged; NULL where it can. */
static const char *why_not(struct page *page, const struct known *known)
{
	if (!known->leads_handed)
		return "The book does not say which leads were handed to sales, so no bar can be judged. Map the day of the hand-over "
		       "to `handed_off`, and the score to `score`.";
	if (!known->leads_opportunity && !known->leads_won)
		return "The book does not say what became of the leads, so no bar can be judged: import the opportunities.";
	if (!page_count(page, "leads", "handed_off and (score is not empty or points is not empty)"))
		return "No lead that was handed over has a score, so no bar can be judged. Map a column to `score`, or agree on points "
		       "(`lockstep agreement`): then this page shows what every bar would have done.";
	return NULL;
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	const struct agreement_version *version = page_agreement(page);
	struct known known = page_known(page);
	const char *why = why_not(page, &known);

	(void)request;
	(void)err;
	if (why)
		page_sentence(page, 0, "%s", why);
	else if (version && tell_agreed(page, &known, version->agreement))
		page_note(
			page,
			"Points are the agreement's, those a lead was handed over with; types that go through at once have no "
			"bar. Leads that were not handed over are in no figure of the curve.");
	else {
		tell_in_use(page, &known);
		page_note(
			page,
			"Scores are those the leads were handed over with, as far as their source kept them; leads that were "
			"not handed over are in no figure of the curve.");
	}
	page_note_unknown(page, &known);
	return 0;
}

const struct report report_goldilocks = {
	.name = "goldilocks",
	.title = "The bar",
	.sentence =
		"Is the bar at which leads go to sales too high, too low, or right? What would every other one have done?",
	.build = build,
	.no_by = true,
	.judged = true,
};
