#include <string.h>
#include "report/reports.h"

static const struct report *const reports[] = {
	&report_weekly,       &report_funnel,  &report_qualified, &report_handed_over,  &report_goldilocks,
	&report_no_mans_land, &report_sla,     &report_partners,  &report_origins,      &report_mix,
	&report_sweet_spot,   &report_sources, &report_campaigns, &report_stages,       &report_leaks,
	&report_stuck,        &report_reps,    &report_follow_up, &report_data_quality, NULL,
};

const struct report *report_at(size_t i)
{
	return i < sizeof(reports) / sizeof(*reports) ? reports[i] : NULL;
}

const struct report *report_find(struct str name)
{
	for (size_t i = 0; reports[i]; i++) {
		if (str_is(name, reports[i]->name))
			return reports[i];
	}
	return NULL;
}

int report_write(const struct page *page, const char *format, bool colour, struct buf *out, struct err *err)
{
	if (!strcmp(format, "json"))
		return report_json(page, out, err);
	if (!strcmp(format, "csv"))
		return report_csv(page, out, err);
	if (!strcmp(format, "html"))
		return report_html(page, false, out, err);
	return report_text(page, colour, out, err);
}
