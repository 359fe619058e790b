/* The numbers that an agreement names, held against what was agreed. */
#include "report/promises.h"

struct ask ask_of_kpi(struct page *page, const struct agreed_kpi *kpi)
{
	return (struct ask){ .title = arena_cstr(&page->arena, kpi->name),
			     .sentence = arena_cstr(&page->arena, kpi->says),
			     .measure = arena_cstr(&page->arena, kpi->measure),
			     .of = "leads",
			     .period_of = "created",
			     .period = page->period,
			     .own_time = true };
}

/* "target of 30 %", "limit of 5 each month" */
static const char *target_text(struct page *page, const struct agreed_kpi *kpi)
{
	const char *number_of = kpi->target_is_share ? page_printf(page, "%g %%", kpi->target * 100)
						     : page_printf(page, "%.10g", kpi->target);

	if (kpi->each)
		number_of = page_printf(page, "%s each %s", number_of, every_name(kpi->each));
	return page_printf(page, "%s of %s", kpi->at_most ? "limit" : "target", number_of);
}

/* No row at all of what is counted: nobody knows how many there were. */
static bool is_of_nothing(struct page *page, const struct figure *figure)
{
	return !page_count(page, arena_cstr(&page->arena, figure->answer->counted), NULL);
}

/* Some exports hold won deals alone: all of them were won, and that says nothing. */
static bool knows_won_only(struct page *page, const struct agreed_kpi *kpi, const struct figure *figure)
{
	return figure->row->denominator > 0 && figure->row->numerator == figure->row->denominator &&
	       str_find(kpi->measure, "won") >= 0 && !page_count(page, "opportunities", "lost");
}

/* A target of each month is held against each. Else it is said on which side of the target a share or an average lies; whether a count is
 * much depends on the time it is of. */
static const char *against_target(struct page *page, const struct agreed_kpi *kpi, const struct ask *ask,
				  const struct figure *figure)
{
	const char *target = target_text(page, kpi);
	struct periods_kept periods = { 0, 0 };
	bool kept = kpi_kept(kpi, figure->row);

	if (knows_won_only(page, kpi, figure))
		return page_printf(page, "; no lost deal is in the book, so this cannot be held against the %s",
				   target);
	if (kpi->each)
		periods = kpi_periods(page, kpi, ask);
	if (periods.judged)
		return page_printf(page, "; %s %s the %s", in_periods(page, periods, kpi->each),
				   kpi->at_most ? "within" : "at least", target);
	if (kpi->each || figure->answer->adds_up || figure_too_few(figure))
		return page_printf(page, "; %s", target);
	if (kpi->at_most)
		return page_printf(page, ", %s the %s", kept ? "within" : "above", target);
	return page_printf(page, ", %s the %s", kept ? "at least" : "below", target);
}

static void say_kpi(struct page *page, const struct agreed_kpi *kpi)
{
	struct ask ask = ask_of_kpi(page, kpi);
	const struct figure *figure = page_figure(page, &ask);
	const char *name = page_name(page, kpi->name);

	if (!figure_known(figure) || is_of_nothing(page, figure))
		page_sentence(page, 0, "%s: nothing to count; %s.", name, target_text(page, kpi));
	else if (figure->row->denominator > 0 && kpi->target_is_share)
		page_sentence(page, 0, "%s: %s%s.", name, share(page, figure), against_target(page, kpi, &ask, figure));
	else
		page_sentence(page, 0, "%s: %s%s%s.", name, value(page, figure),
			      figure->answer->adds_up ? " in all" : "", against_target(page, kpi, &ask, figure));
}

void say_agreed_numbers(struct page *page)
{
	const struct agreement_version *version = page_agreement(page);

	if (!version || !version->agreement->kpi_count)
		return;
	page_heading(page, "The agreed numbers");
	for (size_t i = 0; i < version->agreement->kpi_count; i++)
		say_kpi(page, &version->agreement->kpis[i]);
}
