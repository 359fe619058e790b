/* A simulated company straight into columns. */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "book/fold.h"
#include "desk/simulate.h"
#include "facts/feed.h"
#include "facts/snapshot.h"

enum { PART_LEADS = 2048, FIELDS_MAX = 64 };

struct filling {
	struct feed *feed;
	const struct simulate_options *options;
	struct simulate_summary *summary;
	uint64_t leads, in_part, part_leads;
};

static int end_part(struct filling *filling, struct err *err)
{
	int failed = feed_part(filling->feed, err);

	filling->in_part = 0;
	if (filling->options->progress)
		filling->options->progress(filling->options->progress_context, filling->leads,
					   filling->summary->records);
	return failed;
}

/* A life begins with its company: before one, a part may end. */
static int take(void *context, const struct record *record, struct err *err)
{
	struct filling *filling = context;
	struct record_field fields[FIELDS_MAX];
	struct record open = *record;
	int failed = record->object == OBJECT_ACCOUNT && filling->in_part >= filling->part_leads
			     ? end_part(filling, err)
			     : 0;

	if (failed)
		return failed;
	if (record->count > FIELDS_MAX)
		BUG("a record of %zu fields", record->count);
	open.fields = fields;
	open.count = 0;
	for (size_t i = 0; i < record->count; i++) {
		if (!field_private(record->object, record->fields[i].code))
			fields[open.count++] = record->fields[i];
	}
	feed_record(filling->feed, &open);
	filling->summary->records++;
	filling->in_part += record->object == OBJECT_ACCOUNT;
	filling->leads += record->object == OBJECT_ACCOUNT;
	return 0;
}

static void count(const struct facts *facts, struct simulate_summary *summary)
{
	static const struct {
		enum object object;
		enum fact fact;
	} counted[] = { { OBJECT_LEAD, FACT_LEADS },    { OBJECT_OPPORTUNITY, FACT_OPPORTUNITIES },
			{ OBJECT_TOUCH, FACT_TOUCHES }, { OBJECT_ACTIVITY, FACT_ACTIVITIES },
			{ OBJECT_SPEND, FACT_SPEND },   { OBJECT_ORDER, FACT_ORDERS } };

	for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
		summary->of[counted[i].object] = facts_rows(facts, counted[i].fact);
}

int simulate_facts(struct facts **out, const struct sim_story *story, const struct simulate_options *options,
		   struct simulate_summary *summary, struct err *err)
{
	struct filling filling = { .options = options,
				   .summary = summary,
				   .part_leads = options->part_leads ? options->part_leads : PART_LEADS };
	struct book_settings settings = { .fiscal_start_month = 1 };
	int failed;

	*summary = (struct simulate_summary){ .records = 0 };
	snprintf(settings.zone, sizeof(settings.zone), "%s", story->zone);
	snprintf(settings.name, sizeof(settings.name), "%s", story->company);
	memcpy(settings.currency, story->currency, sizeof(settings.currency));
	failed = feed_new(&filling.feed, &settings, err);
	if (failed)
		return failed;
	failed = sim_run_whole(story, take, &filling, &summary->truth, err);
	if (!failed)
		failed = end_part(&filling, err);
	if (failed) {
		feed_free(filling.feed);
		return failed;
	}
	feed_finish(filling.feed, DATE_NONE, out);
	count(*out, summary);
	return 0;
}

int simulate_columns(const char *path, const struct sim_story *story, const struct simulate_options *options,
		     struct simulate_summary *summary, struct err *err)
{
	struct facts *facts;
	int failed = simulate_facts(&facts, story, options, summary, err);

	if (failed)
		return failed;
	failed = snapshot_write(facts, path, err);
	facts_free(facts);
	return failed;
}
