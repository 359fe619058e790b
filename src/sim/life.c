#include "sim/life.h"

#include "base/date.h"
#include "sim/purpose.h"
#include "sim/words.h"

#define MINUTES(n) ((n) * (int64_t)60)
#define HOURS(n) ((n) * (int64_t)3600)
#define DAYS(n) ((n) * (int64_t)WORK_DAY_S)
#define RESPONSE_ALLOWED_S HOURS(4)

#define WORD(random, list) (list)[random_below((random), sizeof(list) / sizeof((list)[0]))]

/* 2^(quality × strength): what a lead's quality does to a chance, in thousandths. */
static uint32_t quality_factor(const struct life *life, int strength_percent)
{
	return (uint32_t)(exp2_q16(life->quality_q16 / 100 * strength_percent) * 1000 >> 16);
}

struct life_activity *life_act(struct life *life, int64_t at_ms, const char *kind, const char *outcome,
			       unsigned minutes, bool of_deal)
{
	struct life_activity *activity = &life->activities[life->activity_count];

	if (life->activity_count < LIFE_ACTIVITIES - 1)
		life->activity_count++;
	*activity = (struct life_activity){
		.at_ms = at_ms, .kind = kind, .outcome = outcome, .minutes = minutes, .of_deal = of_deal
	};
	return activity;
}

/* ---- who it is ---- */

/* Three leads in four come from a company that was not known; the others from that of one of the 400 before. */
static uint64_t account_of(uint64_t seed, uint64_t number, struct random *random)
{
	for (;;) {
		random_init(random, seed, PURPOSE_ACCOUNT, number);
		if (random_chance(random, PERCENT(76)) || number == 0)
			return number;
		number -= 1 + random_below(random, number < 400 ? (uint32_t)number : 400);
	}
}

static void meet_account(const struct company *company, struct life *life)
{
	struct random random;

	life->account = account_of(company->story.seed, life->number, &random);
	life->region = random_below(&random, company->story.teams);
	life->industry = random_below(&random, words_industry.count);
	life->employees = (uint32_t)(4 + random_lognormal(&random, 110, 1200));
}

struct str life_company(const struct company *company, uint64_t account, struct arena *arena)
{
	struct random random;
	const char *front, *back;
	uint32_t industry;

	random_init(&random, company->story.seed, PURPOSE_ACCOUNT, account);
	random_next(&random); /* the draws of account_of and meet_account */
	random_next(&random);
	industry = random_below(&random, words_industry.count);
	random_init(&random, company->story.seed, PURPOSE_PERSON, ~account);
	front = words_company_front.words[random_below(&random, words_company_front.count)];
	back = words_company_back.words[random_below(&random, words_company_back.count)];
	return str_of(arena_printf(arena, "%s%s %s", front, back, words_industry.words[industry]));
}

const char *life_segment(const struct life *life)
{
	return life->employees < 80 ? "small" : life->employees < 400 ? "mid" : "large";
}

static void choose_source(const struct company *company, struct random *random, struct life *life)
{
	bool working = sim_calendar_working(&company->calendar, life->created_ms);
	int32_t date = sim_calendar_date(&company->calendar, life->created_ms);

	life->campaign = -1;
	if (random_chance(random, company->junk_share)) {
		life->campaign = company->junk_campaign;
		life->source = company->campaigns[life->campaign].source;
	} else if (working && random_chance(random, company->outbound)) {
		life->source = SOURCE_OUTBOUND;
	} else {
		life->source = (unsigned)random_pick(random, company->source_totals, SOURCES);
		if (sim_sources[life->source].origin == ORIGIN_MARKETING)
			life->campaign = (int)company_campaign(company, life->source, date, random);
	}
	life->hand_raiser = random_chance(random, sim_sources[life->source].hand_raiser);
}

static bool is_junk(const struct company *company, const struct life *life)
{
	return life->campaign >= 0 && company->campaigns[life->campaign].junk;
}

static unsigned choose_rep(const struct company *company, struct random *random, unsigned region)
{
	unsigned reps = company->story.reps, teams = company->story.teams;
	unsigned in_team = (reps - region + teams - 1) / teams;

	return region + teams * random_below(random, in_team);
}

/* ---- marketing's part ---- */

static const struct {
	const char *kind;
	int gain; /* points of score */
} engagements[] = { { "open", 1 },     { "open", 1 },    { "click", 2 }, { "click", 2 }, { "visit", 2 },
		    { "download", 4 }, { "webinar", 6 }, { "form", 7 },  { "visit", 2 } };

/* Touches go on for some weeks; the later ones come from whatever campaign runs. Gains of score are left in `gains`. */
static void touch(const struct company *company, struct random *random, struct life *life, int *gains)
{
	const struct sim_calendar *calendar = &company->calendar;
	int64_t mean = company->story.touches_per_lead_thousandths, at = life->created_ms;
	int64_t count = mean ? random_lognormal(random, mean * 4 / 5, 650) / 1000 : 0;

	count = count >= LIFE_TOUCHES ? LIFE_TOUCHES - 1 : count;
	for (int64_t i = 0; i <= count && mean; i++) {
		struct life_touch *t = &life->touches[life->touch_count];
		size_t what = random_below(random, sizeof(engagements) / sizeof(engagements[0]));
		int32_t date = sim_calendar_date(calendar, at);
		int64_t moment;

		*t = (struct life_touch){ at, engagements[what].kind, life->campaign, life->source };
		gains[life->touch_count++] = i ? engagements[what].gain : 0;
		if (i == 0)
			t->kind = sim_sources[life->source].touch;
		else if (random_chance(random, PERCENT(60)) || life->campaign < 0) {
			do
				t->source = random_below(random, SOURCES);
			while (sim_sources[t->source].origin != ORIGIN_MARKETING);
			t->campaign = (int)company_campaign(company, t->source, date, random);
		}
		date += (int32_t)random_lognormal(random, 4, 1000);
		moment = sim_calendar_moment(calendar, date, random_next(random) >> 32);
		at = moment > at ? moment : at + random_between(random, 60, 5400) * 1000;
	}
}

/* The first score, from what the form says and how interested the lead really is. */
static int first_score(const struct company *company, struct random *random, const struct life *life)
{
	int32_t seen = life->quality_q16 / 4 * 3 + random_normal_q16(random) / 3 * 2;
	int score = 43 + 12 * (seen / 64) / 1024 + (life->hand_raiser ? 12 : 0) - (is_junk(company, life) ? 3 : 0);

	return score < 1 ? 1 : score > 97 ? 97 : score;
}

/* Prequalified or disqualified on top-line criteria, then nurtured until the score reaches the bar. */
static void nurture(const struct company *company, struct random *random, struct life *life)
{
	static const char *const unfit[] = { "student", "competitor", "outside our market", "private person" };
	const struct sim_calendar *calendar = &company->calendar;
	bool through = life->hand_raiser && !company->truth.over_qualification;
	int gains[LIFE_TOUCHES];

	touch(company, random, life, gains);
	life->score = life->first_score = first_score(company, random, life);
	if (random_chance(random, is_junk(company, life) ? PERCENT(12) : PERCENT(5))) {
		life->disqualified_ms =
			sim_calendar_add(calendar, life->created_ms, random_lognormal(random, HOURS(6), 800));
		life->reason = WORD(random, unfit);
		return;
	}
	life->prequalified_ms = sim_calendar_add(calendar, life->created_ms,
						 random_lognormal(random, MINUTES(life->hand_raiser ? 8 : 50), 800));
	if (through || life->score >= company->bar) {
		life->qualified_ms = life->prequalified_ms + random_between(random, 5, 600) * 1000;
		return;
	}
	for (size_t i = 1; i < life->touch_count && life->qualified_ms == NEVER; i++) {
		life->score += gains[i];
		life->score = life->score > 99 ? 99 : life->score;
		if (life->score >= company->bar)
			life->qualified_ms = (life->touches[i].at_ms > life->prequalified_ms ? life->touches[i].at_ms
											     : life->prequalified_ms) +
					     random_between(random, 5, 60) * 1000;
	}
}

/* Qualified leads go to sales within the hour. Below the bar a few go by request of a rep, and under too high a bar some of those that
 * want to buy ask again by themselves. */
static void hand_over(const struct company *company, struct random *random, struct life *life)
{
	const struct sim_calendar *calendar = &company->calendar;
	int32_t date;

	if (life->qualified_ms != NEVER) {
		if (random_chance(random, PERCENT(98)))
			life->handed_off_ms = sim_calendar_add(calendar, life->qualified_ms,
							       random_lognormal(random, MINUTES(15), 600));
	} else if (company->truth.over_qualification && life->quality_q16 > 65536 / 3 &&
		   random_chance(random, PERCENT(45))) {
		date = sim_calendar_date(calendar, life->prequalified_ms) + (int32_t)random_between(random, 20, 75);
		life->handed_off_ms = sim_calendar_moment(calendar, date, random_next(random) >> 32);
	} else if (random_chance(random, PERCENT(4))) {
		life->handed_off_ms =
			sim_calendar_add(calendar, life->prequalified_ms, random_lognormal(random, DAYS(3), 700));
	}
}

/* ---- sales' part ---- */

/* Tries until the person is reached or the rep gives up. When it was reached, or NEVER; *last_ms is the last try. */
static int64_t follow_up(const struct company *company, struct random *random, struct life *life, int64_t *last_ms)
{
	const struct sim_calendar *calendar = &company->calendar;
	const struct sim_rep *rep = &company->reps[life->rep];
	int64_t at;

	life->response_due_ms = sim_calendar_add(calendar, life->handed_off_ms, RESPONSE_ALLOWED_S);
	*last_ms = life->handed_off_ms;
	if (random_chance(random, PERCENT(40)))
		life_act(life, life->handed_off_ms + 60000, "mail", NULL, 0, false)->automatic = true;
	if (random_chance(random, rep->forgotten))
		return NEVER;
	at = sim_calendar_add(calendar, life->handed_off_ms, random_lognormal(random, rep->response_s, 800));
	life->first_response_ms = at;
	for (unsigned i = 0; i < rep->attempts; i++) {
		bool call = random_chance(random, PERCENT(65)), reached = random_chance(random, PERCENT(37));

		*last_ms = at;
		if (call)
			life_act(life, at, "call", reached ? "reached" : "no answer",
				 reached ? (unsigned)random_between(random, 4, 18) : 1, false);
		else
			life_act(life, at, "mail", NULL, 0, false);
		if (reached && !call) {
			at = sim_calendar_add(calendar, at, random_lognormal(random, HOURS(5), 800));
			life_act(life, at, "mail", "reached", 0, false)->inbound = true;
			*last_ms = at;
		}
		if (reached)
			return at;
		at = sim_calendar_add(calendar, at, random_lognormal(random, DAYS(1) + HOURS(3), 500));
	}
	return NEVER;
}

static void reject(const struct company *company, struct random *random, struct life *life, int64_t after_ms,
		   const char *reason)
{
	life->rejected_ms = sim_calendar_add(&company->calendar, after_ms, random_lognormal(random, HOURS(4), 700));
	life->reason = reason;
	if (random_chance(random, PERCENT(65)))
		life->recycled_ms =
			sim_calendar_add(&company->calendar, life->rejected_ms, random_lognormal(random, DAYS(2), 700));
}

/* A first meeting, and an opportunity or not. */
static void meet(const struct company *company, struct random *random, struct life *life, uint32_t chance)
{
	static const char *const unfit[] = { "no project", "no budget", "too small", "stays with supplier" };
	const struct sim_calendar *calendar = &company->calendar;
	int64_t met = sim_calendar_add(calendar, life->accepted_ms, random_lognormal(random, DAYS(4), 700));

	const char *kind = random_chance(random, PERCENT(70)) ? "meeting" : "call";

	life_act(life, met, kind, "held", (unsigned)random_between(random, 25, 75), false);
	if (random_chance(random, chance)) {
		life->opportunity_ms = sim_calendar_add(calendar, met, random_lognormal(random, HOURS(5), 800));
		life_deal(company, random, life);
	} else if (random_chance(random, PERCENT(55))) {
		life->disqualified_ms = sim_calendar_add(calendar, met, random_lognormal(random, DAYS(4), 800));
		life->reason = WORD(random, unfit);
	} else if (random_chance(random, PERCENT(60))) {
		life->recycled_ms = sim_calendar_add(calendar, met, random_lognormal(random, DAYS(6), 800));
	}
}

static uint32_t opportunity_chance(const struct company *company, const struct life *life)
{
	uint32_t chance = PERCENT(45);

	chance = chance_times(chance, sim_sources[life->source].quality);
	chance = chance_times(chance, quality_factor(life, 30));
	if (life->campaign >= 0)
		chance = chance_times(chance, company->campaigns[life->campaign].quality);
	if (is_junk(company, life))
		chance = chance_times(chance, 150);
	if (life->hand_raiser)
		chance = chance_times(chance, 1100);
	if (life->score < company->ready)
		chance = chance_times(chance, 200);
	if (life->first_response_ms > life->response_due_ms)
		chance = chance_times(chance, 800);
	return chance;
}

static void sell(const struct company *company, struct random *random, struct life *life)
{
	static const char *const poor[] = { "no budget",      "no need",  "wrong person", "too early",
					    "under contract", "bad data", "duplicate" };
	int64_t last, reached = follow_up(company, random, life, &last);
	uint32_t accept = chance_times(PERCENT(87), quality_factor(life, 10));

	if (is_junk(company, life))
		accept = chance_times(accept, 720);
	if (reached == NEVER) {
		if (last != life->handed_off_ms && random_chance(random, PERCENT(75)))
			reject(company, random, life, last, "not reached");
		return;
	}
	if (!random_chance(random, accept)) {
		reject(company, random, life, reached, WORD(random, poor));
		return;
	}
	life->accepted_ms = sim_calendar_add(&company->calendar, reached, random_lognormal(random, HOURS(3), 800));
	meet(company, random, life, opportunity_chance(company, life));
}

/* What sales finds itself starts at accepted: nobody qualified it and nobody handed it over. */
static void prospect(const struct company *company, struct random *random, struct life *life)
{
	life->accepted_ms = life->created_ms;
	life->score = life->first_score = first_score(company, random, life);
	life_act(life, life->created_ms, "call", "reached", (unsigned)random_between(random, 5, 20), false);
	meet(company, random, life, chance_times(PERCENT(42), quality_factor(life, 30)));
}

/* Whom reps like to have: those who want to buy; next to none of what the junk campaign brings. After they talked they say so of two in
 * three. */
static void mark(const struct company *company, struct life *life)
{
	bool talked =
		life->accepted_ms != NEVER || (life->rejected_ms != NEVER && strcmp(life->reason, "not reached") != 0);
	uint32_t chance = chance_times(PERCENT(45), quality_factor(life, 60));
	struct random random;

	random_init(&random, company->story.seed, PURPOSE_MARK, life->number);
	if (!talked || !random_chance(&random, PERCENT(67)))
		return;
	life->marked_ms = life->accepted_ms != NEVER ? life->accepted_ms : life->rejected_ms;
	life->marked_in = random_chance(&random, is_junk(company, life) ? chance_times(chance, 200) : chance);
}

void life_make(const struct company *company, uint64_t number, struct life *life)
{
	struct random random;
	uint64_t share;

	/* The arrays are filled as far as their counts say. */
	life->number = number;
	life->touch_count = life->activity_count = life->visit_count = 0;
	life->prequalified_ms = life->qualified_ms = life->handed_off_ms = life->response_due_ms = NEVER;
	life->first_response_ms = life->accepted_ms = life->rejected_ms = life->disqualified_ms = NEVER;
	life->recycled_ms = life->opportunity_ms = life->marked_ms = life->order.booked_ms = NEVER;
	life->reason = life->deal_reason = NULL;
	random_init(&random, company->story.seed, PURPOSE_ARRIVAL, number);
	share = (number << 32 | random_next(&random) >> 32) / company->story.leads;
	life->created_ms = sim_calendar_arrival(&company->calendar, share);
	meet_account(company, life);
	random_init(&random, company->story.seed, PURPOSE_LIFE, number);
	choose_source(company, &random, life);
	life->quality_q16 = random_normal_q16(&random);
	life->partner = random_below(&random, 4);
	life->product = random_below(&random, 5);
	life->rep = choose_rep(company, &random, life->region);
	if (life->source == SOURCE_OUTBOUND) {
		prospect(company, &random, life);
	} else {
		nurture(company, &random, life);
		if (life->disqualified_ms == NEVER)
			hand_over(company, &random, life);
		if (life->handed_off_ms != NEVER)
			sell(company, &random, life);
	}
	mark(company, life);
}
