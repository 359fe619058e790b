/* How figures read: in a sentence (marked, so that a renderer can link them) and in a table cell. */
#include <math.h>
#include <stdlib.h>
#include "domain/statistics.h"
#include "io/terminal.h"
#include "io/text.h"
#include "report/internal.h"

bool figure_known(const struct figure *figure)
{
	return figure->row->type != ANSWER_NONE;
}

int64_t figure_count(const struct figure *figure)
{
	return figure_known(figure) ? (int64_t)llround(figure->row->value) : 0;
}

double figure_number(const struct figure *figure)
{
	return figure_known(figure) ? figure->row->value : (double)NAN;
}

bool figure_is_share(const struct figure *figure)
{
	return figure->row->denominator >= 0;
}

bool figure_too_few(const struct figure *figure)
{
	return figure_is_share(figure) ? figure->row->denominator < TOO_FEW
				       : figure->row->type == ANSWER_DURATION && figure->row->n < TOO_FEW;
}

const char *grouped(struct arena *arena, int64_t n)
{
	char text[32];

	return arena_dup(arena, count_text(n, text));
}

/* Of a thousand and more nobody needs the cents; JSON and CSV have them. Rounds half away from zero. */
static const char *money(const struct answer *answer, const struct answer_row *row, struct arena *arena)
{
	struct str text = answer_text(answer, row, arena), rest = text;
	ptrdiff_t dot = str_find(text, ".");
	int64_t scale = 1;

	if (row->minor && dot < 0)
		return arena_cstr(arena, text);
	rest.at += dot + 1;
	rest.len -= (size_t)dot + 1;
	for (; rest.len && rest.at[0] >= '0' && rest.at[0] <= '9'; rest.at++, rest.len--)
		scale *= 10;
	if (!row->minor)
		return "0";
	if (llabs(row->minor) < 1000 * scale)
		return arena_cstr(arena, text);
	return arena_printf(arena, "%s%.*s",
			    grouped(arena, row->minor / scale + row->minor % scale / ((scale + 1) / 2)), STR_ARG(rest));
}

static const char *plain_value(const struct figure *figure, struct arena *arena)
{
	const struct answer_row *row = figure->row;

	switch (row->type) {
	case ANSWER_NONE: return "–";
	case ANSWER_COUNT: return grouped(arena, (int64_t)llround(row->value));
	case ANSWER_RATIO:
		return row->denominator >= 0 ? arena_printf(arena, "%.1f %%", row->value * 100)
					     : arena_cstr(arena, answer_text(figure->answer, row, arena));
	case ANSWER_MONEY: return money(figure->answer, row, arena);
	case ANSWER_DURATION: {
		const char *unit = figure->answer->unit;
		bool whole = fabs(row->value - round(row->value)) < 0.05;

		if (whole && fabs(row->value) < 1.5 && llround(row->value) == 1 && str_ends(str_of(unit), "s"))
			return arena_printf(arena, "1 %.*s", (int)strlen(unit) - 1, unit);
		return whole ? arena_printf(arena, "%s %s", grouped(arena, llround(row->value)), unit)
			     : arena_printf(arena, "%.1f %s", row->value, unit);
	}
	case ANSWER_NUMBER:
		if (figure->percent)
			return arena_printf(arena, "%.1f %%", row->value * 100);
		if (figure->tenths)
			return arena_printf(arena, "%s.%lld", grouped(arena, llround(row->value * 10) / 10),
					    llabs(llround(row->value * 10) % 10));
		if (fabs(row->value) >= 100 || row->value == floor(row->value))
			return grouped(arena, llround(row->value));
		if (fabs(row->value) >= 0.1)
			return arena_printf(arena, "%.1f", row->value);
		break;
	case ANSWER_TIME: break;
	}
	return arena_cstr(arena, answer_text(figure->answer, row, arena));
}

static const char *plain_counts(const struct figure *figure, struct arena *arena)
{
	if (!figure_is_share(figure))
		return plain_value(figure, arena);
	return arena_printf(arena, "%s of %s", grouped(arena, figure->row->numerator),
			    grouped(arena, figure->row->denominator));
}

struct str figure_text(const struct figure *figure, struct arena *arena)
{
	const struct answer_row *row = figure->row;

	if (figure_is_share(figure) && row->denominator == 0)
		return STR("–");
	if (figure_is_share(figure) && row->denominator < TOO_FEW)
		return str_of(arena_printf(arena, "%s  too few", plain_counts(figure, arena)));
	if (figure_is_share(figure))
		return str_of(arena_printf(arena, "%s  %5.1f %%", plain_counts(figure, arena),
					   100 * (double)row->numerator / (double)row->denominator));
	if (row->type == ANSWER_DURATION && row->n < TOO_FEW)
		return str_of(arena_printf(arena, "%s (of %lld)", plain_value(figure, arena), (long long)row->n));
	return str_of(plain_value(figure, arena));
}

struct str figure_text_brief(const struct figure *figure, struct arena *arena)
{
	const struct answer_row *row = figure->row;

	if (!figure_is_share(figure) || row->denominator == 0)
		return figure_text(figure, arena);
	if (row->denominator < TOO_FEW)
		return str_of(arena_printf(arena, "%s  too few", grouped(arena, row->numerator)));
	return str_of(arena_printf(arena, "%s  %5.1f %%", grouped(arena, row->numerator),
				   100 * (double)row->numerator / (double)row->denominator));
}

static const char *marked(struct page *page, const struct figure *figure, const char *text)
{
	return page_printf(page, MARK "%zu" MARK_TEXT "%s" MARK_END, figure->number, text);
}

const char *value(struct page *page, const struct figure *figure)
{
	return marked(page, figure, plain_value(figure, &page->arena));
}

const char *counts(struct page *page, const struct figure *figure)
{
	return marked(page, figure, plain_counts(figure, &page->arena));
}

const char *share(struct page *page, const struct figure *figure)
{
	const struct answer_row *row = figure->row;
	const char *text;

	if (!figure_is_share(figure))
		return value(page, figure);
	if (row->denominator == 0)
		text = "0 of 0";
	else if (row->denominator < TOO_FEW)
		text = arena_printf(&page->arena, "%s (too few to say)", plain_counts(figure, &page->arena));
	else
		text = arena_printf(&page->arena, "%s (%.1f %%)", plain_counts(figure, &page->arena),
				    100 * (double)row->numerator / (double)row->denominator);
	return marked(page, figure, text);
}

const char *against(struct page *page, const struct figure *figure, double wanted, const char *wanted_text)
{
	if (figure_too_few(figure))
		return page_printf(page, "; %s", wanted_text);
	return page_printf(page, ", %s the %s", figure_number(figure) < wanted - 1e-9 ? "below" : "at least",
			   wanted_text);
}

const char *per(struct page *page, const struct figure *figure, const char *unit, const char *these, const char *those)
{
	const struct answer_row *row = figure->row;
	const char *text = "–";

	if (figure_known(figure))
		text = arena_printf(&page->arena, "%.1f %s (%s %s, %s %s)", row->value, unit,
				    grouped(&page->arena, row->numerator), these,
				    grouped(&page->arena, row->denominator), those);
	return marked(page, figure, text);
}

const char *estimate(struct page *page, const struct figure *figure)
{
	const struct answer_row *row = figure->row;
	struct interval interval;

	if (!figure_is_share(figure) || row->denominator < TOO_FEW)
		return share(page, figure);
	page->intervals = true;
	interval = wilson(row->numerator, row->denominator, 0.95);
	return marked(page, figure,
		      arena_printf(&page->arena, "%s (%.1f %%; %.1f–%.1f %%)", plain_counts(figure, &page->arena),
				   100 * (double)row->numerator / (double)row->denominator, 100 * interval.low,
				   100 * interval.high));
}

const char *noun(struct page *page, const struct figure *figure, const char *one, const char *many)
{
	int64_t n = figure_count(figure);

	return page_printf(page, "%s %s", marked(page, figure, grouped(&page->arena, n)), n == 1 ? one : many);
}

const char *page_name(struct page *page, struct str name)
{
	return name.len ? text_cut(name, SIZE_MAX, &page->arena).at : "(none)";
}

const char *number(struct page *page, int64_t n)
{
	return grouped(&page->arena, n);
}

static const char *const months[] = { "January", "February", "March",     "April",   "May",      "June",
				      "July",    "August",   "September", "October", "November", "December" };

const char *page_date(struct page *page, int32_t date)
{
	struct civil c;

	if (date == DATE_NONE)
		return "no date";
	c = civil_of_date(date);
	return page_printf(page, "%d %s %d", c.day, months[c.month - 1], c.year);
}

const char *page_period_text(struct page *page, struct period period)
{
	struct civil a, b;

	if (period.from == DATE_NONE && period.to == DATE_NONE)
		return "everything in the book";
	if (period.from == DATE_NONE)
		return page_printf(page, "up to %s", page_date(page, period.to - 1));
	if (period.to == DATE_NONE)
		return page_printf(page, "since %s", page_date(page, period.from));
	a = civil_of_date(period.from);
	b = civil_of_date(period.to - 1);
	if (period.to - period.from == 1)
		return page_date(page, period.from);
	if (a.year == b.year && a.month == b.month)
		return page_printf(page, "%d–%d %s %d", a.day, b.day, months[b.month - 1], b.year);
	if (a.year == b.year)
		return page_printf(page, "%d %s – %d %s %d", a.day, months[a.month - 1], b.day, months[b.month - 1],
				   b.year);
	return page_printf(page, "%s – %s", page_date(page, period.from), page_date(page, period.to - 1));
}
