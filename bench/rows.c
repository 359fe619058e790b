#include "rows.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/random.h"

enum { HOUR = 3600, DAY = 24 * HOUR, SEED = 20260101, PURPOSE = 77, NAME_SIZE = 24 };

static struct {
	char campaigns[BENCH_CAMPAIGNS][NAME_SIZE], teams[BENCH_TEAMS][NAME_SIZE], reps[BENCH_REPS][NAME_SIZE];
} names;

void bench_rows_init(struct bench_rows *rows, uint64_t leads)
{
	uint64_t total = 0;

	rows->leads = leads;
	for (unsigned i = 0; i < BENCH_SOURCES; i++)
		rows->source_totals[i] = total += 1000000 / (i + 1);
	total = 0;
	for (unsigned i = 0; i < BENCH_CAMPAIGNS; i++)
		rows->campaign_totals[i] = total += 1000000 / (i + 1);
	for (unsigned i = 0; i < BENCH_CAMPAIGNS; i++)
		snprintf(names.campaigns[i], NAME_SIZE, "Campaign %03u", i);
	for (unsigned i = 0; i < BENCH_TEAMS; i++)
		snprintf(names.teams[i], NAME_SIZE, "Team %u", i);
	for (unsigned i = 0; i < BENCH_REPS; i++)
		snprintf(names.reps[i], NAME_SIZE, "Rep %03u", i);
}

/* `after` plus a delay, or 0 where that has not come yet. */
static uint32_t later(struct random *random, uint32_t after, int64_t median, int sigma_thousandths)
{
	int64_t t = (int64_t)after + 1 + random_lognormal(random, median, sigma_thousandths);

	return t < BENCH_END_SECOND ? (uint32_t)t : 0;
}

/* Each step is reached by some, each later than the one before. */
static void funnel(struct random *random, struct bench_lead *lead)
{
	uint32_t won_or_lost;

	if (random_chance(random, PERCENT(56)))
		lead->qualified = later(random, lead->created, 2 * DAY, 1200);
	if (!lead->qualified || !random_chance(random, PERCENT(87)))
		return;
	lead->handed_off = later(random, lead->qualified, 5 * HOUR, 1000);
	if (!lead->handed_off)
		return;
	lead->rep = random_below(random, BENCH_REPS);
	lead->response_due = lead->handed_off + 4 * HOUR;
	if (random_chance(random, PERCENT(93)))
		lead->first_response = later(random, lead->handed_off, 2 * HOUR, 1300);
	if (!lead->first_response)
		return;
	if (random_chance(random, PERCENT(23)))
		lead->rejected = later(random, lead->first_response, 2 * DAY, 800);
	else if (random_chance(random, PERCENT(93)))
		lead->accepted = later(random, lead->first_response, 1 * DAY, 800);
	if (!lead->accepted || !random_chance(random, PERCENT(65)))
		return;
	lead->opportunity = later(random, lead->accepted, 6 * DAY, 800);
	if (!lead->opportunity)
		return;
	lead->amount_minor = random_lognormal(random, 2000000, 900);
	won_or_lost = later(random, lead->opportunity, 55 * DAY, 600);
	if (random_chance(random, PERCENT(28)))
		lead->won = won_or_lost;
	else if (random_chance(random, PERCENT(90)))
		lead->lost = won_or_lost;
}

static int compare_times(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void touches(const struct bench_rows *rows, struct random *random, struct bench_lead *lead)
{
	uint32_t times[BENCH_TOUCHES_MAX];

	lead->touch_count = 1 + random_below(random, BENCH_TOUCHES_MAX);
	for (unsigned i = 0; i < lead->touch_count; i++) {
		uint32_t at = lead->created - random_below(random, 20 * DAY);

		at += random_below(random, 60 * DAY);
		times[i] = at < BENCH_END_SECOND ? at : BENCH_END_SECOND - 1;
	}
	qsort(times, lead->touch_count, sizeof(*times), compare_times);
	for (unsigned i = 0; i < lead->touch_count; i++) {
		lead->touches[i].at = times[i];
		lead->touches[i].campaign = (unsigned)random_pick(random, rows->campaign_totals, BENCH_CAMPAIGNS);
	}
}

static unsigned score_of(struct random *random)
{
	int64_t score = 48 + ((int64_t)random_normal_q16(random) * 18 >> 16);

	return score < 0 ? 0 : score > 100 ? 100 : (unsigned)score;
}

void bench_rows_lead(const struct bench_rows *rows, uint64_t number, struct bench_lead *lead)
{
	struct random random;

	*lead = (struct bench_lead){ .rep = BENCH_REPS, .amount_minor = -1 };
	random_init(&random, SEED, PURPOSE, number);
	lead->created = BENCH_FIRST_SECOND +
			(uint32_t)((uint64_t)(BENCH_END_SECOND - BENCH_FIRST_SECOND) * number / rows->leads);
	/* Some were entered a little late. */
	if (random_chance(&random, PERCENT(5)) && lead->created > BENCH_FIRST_SECOND + 2 * HOUR)
		lead->created -= random_below(&random, 2 * HOUR);
	lead->source = (unsigned)random_pick(&random, rows->source_totals, BENCH_SOURCES);
	lead->campaign = (unsigned)random_pick(&random, rows->campaign_totals, BENCH_CAMPAIGNS);
	lead->score = score_of(&random);
	funnel(&random, lead);
	touches(rows, &random, lead);
}

const char *bench_source(unsigned source)
{
	static const char *const sources[BENCH_SOURCES] = { "Paid search", "Organic search", "Event",
							    "Referral",    "Partner",        "Webinar",
							    "Social",      "Outbound call",  "Newsletter",
							    "Trade press", "Comparison",     "Other" };

	return sources[source];
}

const char *bench_campaign(unsigned campaign)
{
	return names.campaigns[campaign];
}

const char *bench_team(unsigned rep)
{
	return names.teams[rep % BENCH_TEAMS];
}

const char *bench_rep(unsigned rep)
{
	return names.reps[rep];
}
