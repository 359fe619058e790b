/* The made-up company: who sells, where interest comes from, what the stages are, and every rate of the model. Made once from a story;
 * lives are then drawn against it (life.h).
 */
#ifndef SIM_COMPANY_H
#define SIM_COMPANY_H

#include "sim/calendar.h"
#include "sim/random.h"
#include "sim/sim.h"

enum sim_origin { ORIGIN_MARKETING, ORIGIN_SALES, ORIGIN_REFERRAL, ORIGIN_PARTNER, ORIGIN__COUNT };
extern const char *const sim_origins[ORIGIN__COUNT];

/* Sources in order of size: the Nth gets 1/N of the first's leads (Zipf). */
enum { SOURCES = 12, SOURCE_OUTBOUND = 2 };
struct sim_source {
	const char *name;
	enum sim_origin origin;
	uint32_t quality;     /* chance of an opportunity against the average, thousandths */
	uint32_t hand_raiser; /* share that asks for contact, millionths */
	const char *touch;    /* kind of the first touch */
	int64_t cost_minor;   /* per lead */
	uint32_t clicks;      /* per lead; 0: not that kind of medium */
};
extern const struct sim_source sim_sources[SOURCES];

/* Stages that a deal works through; the rest are ends. */
enum { STAGES_OPEN = 4, STAGE_WON = 4, STAGE_LOST = 5, STAGE_DISCONTINUED = 6, STAGES = 7, STAGE_QUOTE = 2 };
struct sim_stage {
	const char *name, *means;
	uint32_t loss;         /* chance that a visit ends in lost, millionths */
	uint32_t leaking_loss; /* the same where the leak is planted here */
	int64_t median_s;      /* working time of a visit */
	uint32_t probability;  /* chance to win that the made-up CRM states, per cent */
};
extern const struct sim_stage sim_stages[STAGES];

struct sim_rep {
	struct str name, email;
	unsigned team;
	int64_t response_s; /* median working time to the first attempt */
	unsigned attempts;  /* tries before giving up */
	uint32_t forgotten; /* leads never answered, millionths */
	uint32_t skill;     /* thousandths */
};

struct sim_campaign {
	struct str name;
	unsigned source;
	int32_t first_day, last_day;
	uint32_t weight;  /* beside the source's other campaigns of the day */
	uint32_t quality; /* thousandths */
	uint32_t cost;    /* per lead against the source's, thousandths */
	bool junk;
};

struct company {
	struct sim_story story; /* complete */
	struct sim_truth truth;
	struct sim_calendar calendar;
	struct sim_rep *reps;
	uint32_t name_shift;            /* of the list of colleagues: reps from its front, managers from its end */
	struct sim_campaign *campaigns; /* by source */
	unsigned campaign_from[SOURCES + 1];
	uint64_t source_totals[SOURCES]; /* without sales' own, which come in working hours only */
	int junk_campaign;               /* −1: none; stands outside the draw of sources */
	int leaking_stage;               /* −1: none */
	int bar;                         /* score at which a lead is qualified */
	int ready;                       /* score below which next to none buys; 0: no such score */
	uint32_t junk_share;             /* of all leads, millionths */
	uint32_t outbound;               /* chance that a lead of working hours is sales' own */
};

extern const char *const sim_teams[SIM_TEAMS_MAX];

/* Everything lives in `arena`. */
int company_init(struct company *company, const struct sim_story *story, struct arena *arena, struct err *err);
/* A campaign of the source that runs on the day, by weight. Every marketing source has one at any time. */
unsigned company_campaign(const struct company *company, unsigned source, int32_t date, struct random *random);
/* Leads the campaign is expected to bring in [from, to), times 1000. */
uint64_t company_expected(const struct company *company, unsigned campaign, int32_t from, int32_t to);

#endif
