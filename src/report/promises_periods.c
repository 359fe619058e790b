/* What was agreed for each month, or another period, is held against each of them; of all together it says nothing. */
#include "report/promises.h"

/* From the first that begins in the asked time, or in what the book has, to the last that is over in it. */
static struct period whole_periods(const struct page *page, enum every each)
{
	int32_t from = page->period.from, to = page->request.as_of + 1;
	struct period whole;

	if (page->period.to != DATE_NONE && page->period.to < to)
		to = page->period.to;
	if (from == DATE_NONE)
		from = facts_first_day(page->request.facts);
	if (from == DATE_NONE)
		return (struct period){ to, to };
	whole.from = every_start(each, from);
	if (whole.from < from)
		whole.from = every_next(each, whole.from);
	whole.to = every_start(each, to);
	return whole;
}

bool periods_over(const struct page *page, enum every each)
{
	struct period whole = whole_periods(page, each);

	return whole.from < whole.to;
}

/* "2025-06" as the month it is; a quarter or a year is told by its months. */
static enum every asked_by(enum every each)
{
	return each == EVERY_QUARTER || each == EVERY_YEAR ? EVERY_MONTH : each;
}

static bool same_period(enum every each, struct str month, struct str other)
{
	int32_t a, b;
	char text[16];

	if (asked_by(each) == each)
		return str_eq(month, other);
	snprintf(text, sizeof(text), "%.7s-01", month.at);
	if (!date_parse(str_of(text), &a))
		return false;
	snprintf(text, sizeof(text), "%.7s-01", other.at);
	return date_parse(str_of(text), &b) && every_start(each, a) == every_start(each, b);
}

struct periods_kept promise_periods(struct page *page, const struct promise_def *promise, const char *where,
				    double agreed)
{
	enum every each = promise->keep.each;
	struct period whole = whole_periods(page, each);
	struct ask ask = TERM_ON_TIME;
	struct periods_kept out = { 0, 0 };
	const struct answer *answer;

	if (whole.from >= whole.to)
		return out;
	ask.by = page_printf(page, "%s(fell_due)", every_name(asked_by(each)));
	ask.where = where;
	ask.period = whole;
	answer = page_answer(page, &ask);
	for (size_t i = 0, next; i < answer->row_count; i = next) {
		int64_t met = 0, due = 0;

		for (next = i;
		     next < answer->row_count && same_period(each, answer->rows[i].by[0], answer->rows[next].by[0]);
		     next++) {
			met += answer->rows[next].numerator;
			due += answer->rows[next].denominator;
		}
		if (!due || due < promise->keep.of_at_least)
			continue;
		out.judged++;
		out.kept += keeps_share(agreed, met, due);
	}
	return out;
}

/* Money is agreed in whole units. */
static double number_in(const struct answer_row *row)
{
	return row->type == ANSWER_MONEY ? (double)row->minor / 100 : row->value;
}

bool kpi_kept(const struct agreed_kpi *kpi, const struct answer_row *row)
{
	return kpi->at_most ? number_in(row) <= kpi->target + 1e-9 : number_in(row) >= kpi->target - 1e-9;
}

struct periods_kept kpi_periods(struct page *page, const struct agreed_kpi *kpi, const struct ask *ask)
{
	struct period whole = whole_periods(page, kpi->each);
	struct periods_kept out = { 0, 0 };
	struct ask one = *ask;

	for (int32_t day = whole.from; day < whole.to; day = one.period.to) {
		const struct answer *answer;

		one.period = (struct period){ day, every_next(kpi->each, day) };
		answer = page_answer(page, &one);
		if (!answer->row_count || answer->rows[0].type == ANSWER_NONE)
			continue;
		out.judged++;
		out.kept += kpi_kept(kpi, &answer->rows[0]);
	}
	return out;
}

const char *in_periods(struct page *page, struct periods_kept kept, enum every each)
{
	return page_printf(page, "in %s of %s %s%s", number(page, kept.kept), number(page, kept.judged),
			   every_name(each), kept.judged == 1 ? "" : "s");
}
