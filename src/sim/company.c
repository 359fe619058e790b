#include "sim/company.h"

#include "base/date.h"
#include "sim/purpose.h"
#include "sim/words.h"

const char *const sim_origins[ORIGIN__COUNT] = {
	[ORIGIN_MARKETING] = "marketing",
	[ORIGIN_SALES] = "sales",
	[ORIGIN_REFERRAL] = "referral",
	[ORIGIN_PARTNER] = "partner",
};

const char *const sim_teams[SIM_TEAMS_MAX] = { "North", "South",     "West",  "East",
					       "Coast", "Highlands", "Lakes", "Capital" };

/* clang-format off */
const struct sim_source sim_sources[SOURCES] = {
	{ "Paid search",         ORIGIN_MARKETING,  930, PERCENT(24),  "click",    6200, 14 },
	{ "Organic search",      ORIGIN_MARKETING, 1080, PERCENT(28),  "visit",    1800,  0 },
	{ "Outbound",            ORIGIN_SALES,      900, 0,            "reply",       0,  0 },
	{ "Trade fair",          ORIGIN_MARKETING, 1150, PERCENT(18),  "event",   14000,  0 },
	{ "Webinar",             ORIGIN_MARKETING,  970, PERCENT(10),  "webinar",  4800,  6 },
	{ "Customer referral",   ORIGIN_REFERRAL,  1300, CERTAIN,      "visit",       0,  0 },
	{ "Social",              ORIGIN_MARKETING,  900, PERCENT(14),  "click",    4200, 18 },
	{ "Reseller",            ORIGIN_PARTNER,   1050, PERCENT(60),  "form",        0,  0 },
	{ "Newsletter",          ORIGIN_MARKETING, 1020, PERCENT(16),  "open",      900,  9 },
	{ "Content syndication", ORIGIN_MARKETING,  900, PERCENT(11),  "download", 3600,  0 },
	{ "Direct mail",         ORIGIN_MARKETING,  900, PERCENT(20),  "form",     8800,  0 },
	{ "Display",             ORIGIN_MARKETING,  890, PERCENT(12),  "click",    7000, 30 },
};

#define DAYS(n) ((n) * (int64_t)WORK_DAY_S)
const struct sim_stage sim_stages[STAGES] = {
	{ "Discovery",    "open",         PERCENT(20), PERCENT(53), DAYS(5), 10 },
	{ "Sample",       "open",         PERCENT(17), PERCENT(52), DAYS(9), 25 },
	{ "Quote",        "open",         PERCENT(21), PERCENT(56), DAYS(7), 50 },
	{ "Contract",     "open",         PERCENT(15), PERCENT(50), DAYS(5), 75 },
	{ "Won",          "order",        0,           0,           0,      100 },
	{ "Lost",         "lost",         0,           0,           0,        0 },
	{ "Discontinued", "discontinued", 0,           0,           0,        0 },
};
/* clang-format on */

#define BAR 60
#define BAR_TOO_HIGH 70
#define BAR_TOO_LOW 45
/* Leads come in working hours about six times in ten; so many of these are sales' own that they are a ninth of all. */
#define OUTBOUND PERCENT(18)
#define OUTBOUND_OF_ALL PERCENT(11)
/* What the junk campaign brings, of all leads. */
#define JUNK PERCENT(6)

static void set_name(char *out, size_t size, struct str name)
{
	if (name.len >= size)
		BUG("a made-up name of %zu bytes", name.len);
	memcpy(out, name.at, name.len);
	out[name.len] = '\0';
}

static void make_reps(struct company *company, struct random *random, struct arena *arena)
{
	const struct sim_story *story = &company->story;
	uint32_t shift = random_below(random, 61 * 79), slow = random_below(random, story->reps);

	company->name_shift = shift;
	company->reps = ARENA_ARRAY(arena, struct sim_rep, story->reps);
	for (unsigned i = 0; i < story->reps; i++) {
		struct sim_rep *rep = &company->reps[i];

		rep->name = words_colleague(i, shift, arena);
		rep->email = str_of(arena_printf(arena, "rep%03u@hollin.example", i + 1));
		rep->team = i % story->teams;
		rep->response_s = random_between(random, 80, 120) * 60;
		rep->attempts = (unsigned)random_between(random, 5, 6);
		rep->forgotten = PERCENT(2);
		rep->skill = (uint32_t)random_between(random, 930, 1070);
	}
	if (!story->plant[SIM_SLOW_REP])
		return;
	company->reps[slow].response_s = 330 * 60;
	company->reps[slow].attempts = 2;
	company->reps[slow].forgotten = PERCENT(8);
	set_name(company->truth.slow_rep, sizeof(company->truth.slow_rep), company->reps[slow].name);
}

/* The number keeps names apart; those that do not always run say when they began. */
static void name_campaign(const struct company *company, struct sim_campaign *campaign, unsigned nth,
			  struct random *random, struct arena *arena)
{
	struct civil start = civil_of_date(campaign->first_day);
	const char *source = sim_sources[campaign->source].name;
	const char *theme = words_theme.words[random_below(random, words_theme.count)];

	if (nth == 0)
		campaign->name = str_of(arena_printf(arena, "%s: %s", source, theme));
	else if (campaign->first_day == company->story.first_day)
		campaign->name = str_of(arena_printf(arena, "%s %u: %s", source, nth + 1, theme));
	else
		campaign->name = str_of(
			arena_printf(arena, "%s %u: %s %d-%02d", source, nth + 1, theme, start.year, start.month));
}

static void make_campaign(struct company *company, unsigned i, unsigned source, unsigned nth, struct random *random)
{
	int32_t first = company->story.first_day, last = company->story.last_day;
	struct sim_campaign *campaign = &company->campaigns[i];

	campaign->source = source;
	campaign->first_day = first;
	campaign->last_day = last;
	campaign->weight = (uint32_t)random_between(random, 60, 140);
	campaign->quality = (uint32_t)random_between(random, 900, 1100);
	campaign->cost = (uint32_t)random_between(random, 800, 1250);
	if (nth > 0 && last - first > 60) {
		campaign->first_day = first + (int32_t)random_below(random, (uint32_t)(last - first - 45));
		campaign->last_day = campaign->first_day + (int32_t)random_between(random, 40, 150);
		if (campaign->last_day > last)
			campaign->last_day = last;
	}
}

/* The junk campaign runs all the time, beside the draw of sources: its leads are not another campaign's. */
static void plant_junk(struct company *company, unsigned i)
{
	struct sim_campaign *campaign = &company->campaigns[i];

	company->junk_campaign = (int)i;
	campaign->junk = true;
	campaign->first_day = company->story.first_day;
	campaign->last_day = company->story.last_day;
	campaign->cost = 600;
}

/* One campaign for each marketing source, the others by Zipf as well. */
static void make_campaigns(struct company *company, struct random *random, struct arena *arena)
{
	static const unsigned junk_sources[] = { 0, 6, 9, 11 }; /* paid search, social, content syndication, display */
	unsigned junk = junk_sources[random_below(random, sizeof(junk_sources) / sizeof(junk_sources[0]))];
	unsigned count = company->story.campaigns, of[SOURCES] = { 0 }, given = 0, i = 0;
	uint64_t totals[SOURCES], sum = 0;

	for (unsigned s = 0; s < SOURCES; s++) {
		bool paid = sim_sources[s].origin == ORIGIN_MARKETING;

		totals[s] = sum += paid ? 840000 / (s + 1) : 0;
		of[s] = paid;
		given += paid;
	}
	if (company->story.plant[SIM_JUNK_CAMPAIGN]) {
		of[junk]++;
		given++;
	}
	for (; given < count; given++)
		of[random_pick(random, totals, SOURCES)]++;
	company->campaigns = ARENA_ARRAY(arena, struct sim_campaign, given);
	company->story.campaigns = given;
	for (unsigned s = 0; s < SOURCES; s++) {
		company->campaign_from[s] = i;
		for (unsigned nth = 0; nth < of[s]; nth++)
			make_campaign(company, i++, s, nth, random);
	}
	company->campaign_from[SOURCES] = i;
	if (company->story.plant[SIM_JUNK_CAMPAIGN])
		plant_junk(company, company->campaign_from[junk + 1] - 1);
	for (i = 0; i < given; i++)
		name_campaign(company, &company->campaigns[i], i - company->campaign_from[company->campaigns[i].source],
			      random, arena);
	if (company->junk_campaign >= 0)
		set_name(company->truth.junk_campaign, sizeof(company->truth.junk_campaign),
			 company->campaigns[company->junk_campaign].name);
}

int company_init(struct company *company, const struct sim_story *story, struct arena *arena, struct err *err)
{
	struct random random;
	uint64_t sum = 0;
	unsigned leaking;
	int rc;

	*company = (struct company){ .story = *story, .junk_campaign = -1, .leaking_stage = -1 };
	sim_story_complete(&company->story);
	rc = sim_calendar_init(&company->calendar, company->story.first_day, company->story.last_day, story->seed,
			       company->story.zone, arena, err);
	if (rc)
		return rc;
	random_init(&random, story->seed, PURPOSE_COMPANY, 0);
	make_reps(company, &random, arena);
	make_campaigns(company, &random, arena);
	leaking = random_below(&random, STAGES_OPEN);
	if (story->plant[SIM_LEAKING_STAGE]) {
		company->leaking_stage = (int)leaking;
		set_name(company->truth.leaking_stage, sizeof(company->truth.leaking_stage),
			 str_of(sim_stages[leaking].name));
	}
	company->truth.over_qualification = story->plant[SIM_OVER_QUALIFICATION];
	company->truth.under_qualification = story->plant[SIM_UNDER_QUALIFICATION];
	company->bar = story->plant[SIM_OVER_QUALIFICATION]    ? BAR_TOO_HIGH
		       : story->plant[SIM_UNDER_QUALIFICATION] ? BAR_TOO_LOW
							       : BAR;
	company->ready = story->plant[SIM_UNDER_QUALIFICATION] ? BAR : 0;
	company->outbound = OUTBOUND;
	for (unsigned s = 0; s < SOURCES; s++)
		company->source_totals[s] = sum += s == SOURCE_OUTBOUND ? 0 : 840000 / (s + 1);
	company->junk_share = company->junk_campaign >= 0 ? JUNK : 0;
	return 0;
}

static bool runs(const struct sim_campaign *campaign, int32_t date)
{
	return !campaign->junk && date >= campaign->first_day && date <= campaign->last_day;
}

unsigned company_campaign(const struct company *company, unsigned source, int32_t date, struct random *random)
{
	uint32_t sum = 0, at;
	unsigned i, from = company->campaign_from[source], to = company->campaign_from[source + 1];

	for (i = from; i < to; i++)
		sum += runs(&company->campaigns[i], date) ? company->campaigns[i].weight : 0;
	at = random_below(random, sum);
	for (i = from; i < to; i++) {
		uint32_t weight = runs(&company->campaigns[i], date) ? company->campaigns[i].weight : 0;

		if (at < weight)
			break;
		at -= weight;
	}
	return i;
}

uint64_t company_expected(const struct company *company, unsigned i, int32_t from, int32_t to)
{
	const struct sim_campaign *campaign = &company->campaigns[i];
	unsigned s = campaign->source;
	uint64_t weights = 0, share = company->junk_share, leads;
	int32_t days = company->story.last_day - company->story.first_day + 1;

	if (from < campaign->first_day)
		from = campaign->first_day;
	if (to > campaign->last_day + 1)
		to = campaign->last_day + 1;
	if (to <= from)
		return 0;
	if (!campaign->junk) {
		for (unsigned c = company->campaign_from[s]; c < company->campaign_from[s + 1]; c++)
			weights += runs(&company->campaigns[c], from) ? company->campaigns[c].weight : 0;
		share = (CERTAIN - company->junk_share) * (uint64_t)(CERTAIN - OUTBOUND_OF_ALL) / CERTAIN;
		share = share * (840000 / (s + 1)) / company->source_totals[SOURCES - 1] * campaign->weight / weights;
	}
	leads = sim_calendar_interest(&company->calendar, from, to) * company->story.leads / (uint64_t)days;
	return leads * share / CERTAIN;
}
