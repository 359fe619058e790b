#include "base/date.h"
#include "sim/life.h"

#define HOURS(n) ((n) * (int64_t)3600)
#define DAYS(n) ((n) * (int64_t)WORK_DAY_S)
#define WORD(random, list) (list)[random_below((random), sizeof(list) / sizeof((list)[0]))]

enum fate { FATE_FORWARD, FATE_BACK, FATE_LOST, FATE_DISCONTINUED, FATE_STALLED };

static int64_t first_amount(struct random *random, const struct life *life)
{
	int64_t median = life->employees < 80 ? 450000 : life->employees < 400 ? 900000 : 2200000;

	return (random_lognormal(random, median, 650) / 1000 + 20) * 1000;
}

static void enter(const struct company *company, struct random *random, struct life *life, unsigned stage,
		  int64_t at_ms)
{
	/* Working days that usually lie between entering the stage and the end. */
	static const int32_t left_days[STAGES] = { 48, 40, 24, 10, 0, 0, 0 };
	struct life_visit *visit = &life->visits[life->visit_count++],
			  *before = visit > life->visits ? visit - 1 : NULL;
	int32_t date = sim_calendar_date(&company->calendar, at_ms);

	*visit = (struct life_visit){ .entered_ms = at_ms, .stage = stage };
	visit->amount_minor = before ? before->amount_minor : first_amount(random, life);
	visit->expected_close = before ? before->expected_close : date + (int32_t)random_between(random, 40, 75);
	if (stage == STAGE_QUOTE && random_chance(random, PERCENT(60)))
		visit->amount_minor = visit->amount_minor * random_between(random, 82, 125) / 100 / 1000 * 1000 + 1000;
	if (stage >= STAGES_OPEN)
		visit->expected_close = date;
	else if (before && visit->expected_close < date + left_days[stage] / 2)
		visit->expected_close = date + left_days[stage] + (int32_t)random_below(random, 14);
}

static enum fate fate_of(const struct company *company, struct random *random, const struct life *life, unsigned stage,
			 unsigned back_moves)
{
	const struct sim_stage *def = &sim_stages[stage];
	uint32_t loss = (int)stage == company->leaking_stage ? def->leaking_loss : def->loss;
	uint32_t at = random_below(random, CERTAIN);
	/* Good leads, good reps and good sources lose less. */
	uint64_t strength = exp2_q16(life->quality_q16 / 100 * 18) * company->reps[life->rep].skill / 1000;

	strength = strength * (1000 + sim_sources[life->source].quality) / 2000;
	loss = chance_times(loss, (uint32_t)(65536000 / strength));
	if (at < loss)
		return FATE_LOST;
	at -= loss;
	if (at < PERCENT(2.5))
		return FATE_DISCONTINUED;
	at -= PERCENT(2.5);
	if (at < PERCENT(4))
		return FATE_STALLED;
	at -= PERCENT(4);
	if (at < PERCENT(5) && stage > 0 && back_moves < 2)
		return FATE_BACK;
	return FATE_FORWARD;
}

/* When the expected day comes and the deal is still open, most sellers expect a later one; some leave it as it stands. */
static void slip(const struct company *company, struct random *random, struct life *life, int64_t left_ms)
{
	for (int i = 0; i < 3 && life->visit_count + 12 < LIFE_VISITS; i++) {
		const struct life_visit *before = &life->visits[life->visit_count - 1];
		int32_t date = before->expected_close - (int32_t)random_between(random, 0, 6);
		int64_t at = sim_calendar_ms(
			&company->calendar,
			sim_calendar_work_s(&company->calendar, sim_calendar_moment(&company->calendar, date, 0)) +
				random_between(random, 0, WORK_DAY_S - 1));

		if (at <= before->entered_ms || at >= left_ms || random_chance(random, PERCENT(25)))
			return;
		life->visits[life->visit_count++] = (struct life_visit){
			.entered_ms = at,
			.stage = before->stage,
			.slipped = true,
			.amount_minor = before->amount_minor,
			.expected_close =
				sim_calendar_date(&company->calendar, at) + (int32_t)random_between(random, 14, 45),
		};
	}
}

/* Calls, mails and meetings while a deal stays in a stage; a stalled one falls silent. */
static void work_on(const struct company *company, struct random *random, struct life *life, unsigned stage,
		    int64_t from_ms, int64_t to_ms)
{
	static const char *const kinds[STAGES_OPEN][4] = { { "call", "mail", "meeting", "mail" },
							   { "mail", "call", "demo", "mail" },
							   { "mail", "call", "mail", "meeting" },
							   { "mail", "call", "mail", "call" } };
	const struct sim_calendar *calendar = &company->calendar;
	int64_t at = from_ms, silence = sim_calendar_add(calendar, from_ms, DAYS(12));

	to_ms = to_ms < silence ? to_ms : silence;
	for (;;) {
		const char *kind = WORD(random, kinds[stage]);
		bool call = kind[0] == 'c', mail = kind[0] == 'm' && kind[1] == 'a', demo = kind[0] == 'd';
		bool inbound = random_chance(random, PERCENT(22)) && !demo;
		int64_t minutes = mail ? 0 : random_between(random, call ? 5 : 30, call ? 25 : 90);

		at = sim_calendar_add(calendar, at, random_lognormal(random, DAYS(2) + HOURS(4), 700));
		if (at >= to_ms)
			return;
		life_act(life, at, kind,
			 mail   ? NULL
			 : call ? "reached"
				: "held",
			 (unsigned)minutes, true)
			->inbound = inbound;
	}
}

static void order(const struct company *company, struct random *random, struct life *life, int64_t won_ms)
{
	const struct sim_calendar *calendar = &company->calendar;
	struct life_order *order = &life->order;
	int64_t price = life->visits[life->visit_count - 1].amount_minor, late;

	order->booked_ms = sim_calendar_add(calendar, won_ms, random_lognormal(random, HOURS(5), 700));
	order->shipped_ms = sim_calendar_add(calendar, order->booked_ms, random_lognormal(random, DAYS(9), 500));
	order->delivered_ms = sim_calendar_add(calendar, order->shipped_ms, DAYS(random_between(random, 1, 4)));
	order->invoiced_ms = sim_calendar_add(calendar, order->shipped_ms, random_lognormal(random, HOURS(6), 600));
	order->due = sim_calendar_date(calendar, order->invoiced_ms) + 30;
	late = random_lognormal(random, 12, 800) - 6;
	order->paid_ms =
		random_chance(random, PERCENT(4))
			? NEVER
			: sim_calendar_ms(calendar,
					  sim_calendar_work_s(calendar,
							      sim_calendar_moment(calendar, order->due + (int32_t)late,
										  random_next(random) >> 32)));
	order->price_minor = price;
	order->cost_minor = price * random_between(random, 520, 680) / 1000;
	order->freight_minor = price * random_between(random, 15, 55) / 1000;
	order->other_minor = price * random_between(random, 0, 20) / 1000;
	/* One order in five goes abroad, without tax. */
	order->tax_minor = random_chance(random, PERCENT(20)) ? 0 : (price * 19 + 50) / 100;
}

/* How long a stay takes, in working time; NEVER for a deal that nobody ever closes. */
static int64_t stay_of(struct random *random, unsigned stage, enum fate fate)
{
	int64_t stay = random_lognormal(random, sim_stages[stage].median_s, 700);

	switch (fate) {
	case FATE_LOST:
	case FATE_DISCONTINUED: return stay * 5 / 4;
	case FATE_STALLED: return random_chance(random, PERCENT(25)) ? NEVER : DAYS(20) + 3 * stay;
	default: return stay;
	}
}

static void end_deal(const struct company *company, struct random *random, struct life *life, enum fate fate,
		     int64_t at_ms)
{
	static const char *const lost[] = { "price",       "price",  "competitor", "competitor",
					    "no decision", "timing", "product fit" };
	static const char *const ended[] = { "project cancelled", "company sold", "product withdrawn" };

	enter(company, random, life, fate == FATE_DISCONTINUED ? STAGE_DISCONTINUED : STAGE_LOST, at_ms);
	life->deal_reason = fate == FATE_STALLED ? "no decision"
			    : fate == FATE_LOST  ? WORD(random, lost)
						 : WORD(random, ended);
}

void life_deal(const struct company *company, struct random *random, struct life *life)
{
	int64_t at = life->opportunity_ms, stay, left;
	unsigned stage = 0, back_moves = 0;

	/* Two moves back at most: ten visits, for which slip() leaves room. */
	for (; stage != STAGE_WON; at = left) {
		enum fate fate = fate_of(company, random, life, stage, back_moves);

		enter(company, random, life, stage, at);
		stay = stay_of(random, stage, fate);
		left = stay == NEVER ? NEVER : sim_calendar_add(&company->calendar, at, stay);
		slip(company, random, life, left);
		work_on(company, random, life, stage, at, left);
		if (left == NEVER)
			return;
		if (fate != FATE_FORWARD && fate != FATE_BACK) {
			end_deal(company, random, life, fate, left);
			return;
		}
		back_moves += fate == FATE_BACK;
		stage = fate == FATE_BACK ? stage - 1 : stage + 1;
	}
	enter(company, random, life, STAGE_WON, at);
	order(company, random, life, at);
}
