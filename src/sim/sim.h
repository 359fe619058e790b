/* A simulated company: a believable year (or years) of leads, touches, calls, opportunities, stages, orders and spend, with faults planted on
 * purpose. Pure: same story and seed, same company, byte for byte; streaming, memory does not grow with the number of leads.
 * Everything in it is made up.
 */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"
#include "base/problem.h"
#include "base/zone.h"
#include "domain/object.h"

/* What was planted. Names are of made-up people, campaigns and stages; empty = not planted. */
struct sim_truth {
	struct str slow_rep;       /* answers late and calls seldom */
	struct str junk_campaign;  /* many leads, next to no opportunities */
	struct str leaking_stage;  /* deals are lost there far more often than elsewhere */
	bool over_qualification;   /* the bar is so high that winners wait in nurture */
};

/* What a story file (YAML) may set; sim_story_default gives the rest. docs/simulator.md lists the keys. */
struct sim_story {
	uint64_t leads;
	uint64_t seed;
	int32_t first_day, last_day; /* local dates */
	const char *zone, *currency;
	bool plant_slow_rep, plant_junk_campaign, plant_leaking_stage, plant_over_qualification;
	/* sizes, rates and calendars: sim.c */
	unsigned reps, teams, sources, campaigns;
	double touches_per_lead;
};

void sim_story_default(struct sim_story *story);
int sim_story_parse(struct sim_story *story, struct str yaml, const char *name, struct problems *problems, struct err *err);
/* The whole story as YAML, planted truth included: what `simulate` writes beside the book. */
struct str sim_story_text(const struct sim_story *story, const struct sim_truth *truth, struct arena *arena);

/* Calls `each` with every record in the order of time; the record is valid during the call. Nonzero return stops. */
typedef int sim_record_fn(void *context, const struct record *record, struct err *err);
int sim_run(const struct sim_story *story, sim_record_fn *each, void *context, struct sim_truth *truth, struct err *err);

#endif
