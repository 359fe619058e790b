/* A simulated company: a believable year (or years) of leads, touches, calls, opportunities, stages, orders and spend, with faults planted on
 * purpose. Pure: same story, same company, byte for byte; streaming, memory does not grow with the number of leads.
 * Everything in it is made up: people, companies, addresses at .example domains.
 *
 * The model stands in docs/simulator.md; company.c holds its numbers, life.c and deal.c its course.
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

#define SIM_SOURCE "simulator" /* whose ids the records carry */

#define SIM_LEADS_MAX 100000000u
#define SIM_REPS_MAX 2000u
#define SIM_TEAMS_MAX 8u
#define SIM_CAMPAIGNS_MAX 2000u
#define SIM_DAYS_MAX 3660

enum sim_fault {
	SIM_SLOW_REP,            /* one rep answers about three times later than the others, and tries less often */
	SIM_JUNK_CAMPAIGN,       /* one campaign brings many leads and next to no opportunities */
	SIM_LEAKING_STAGE,       /* deals are lost in one stage far more often than in the others */
	SIM_OVER_QUALIFICATION,  /* the bar is so high that leads which would have bought wait in nurture */
	SIM_UNDER_QUALIFICATION, /* the bar is so low that sellers get leads of which next to none buys */
	SIM_FAULT__COUNT
};
const char *sim_fault_name(enum sim_fault fault); /* "slow_rep" */

/* What was planted. Names are of made-up people, campaigns and stages; "" = not planted. */
struct sim_truth {
	char slow_rep[64];
	char junk_campaign[96];
	char leaking_stage[32];
	bool over_qualification, under_qualification; /* never both */
};

/* What a story file (YAML) may set; sim_story_default gives the rest. docs/simulator.md lists the keys.
 * Zero for reps, teams and campaigns: as many as fit the number of leads (sim_story_complete). */
struct sim_story {
	char company[64];
	uint64_t leads; /* 1 … SIM_LEADS_MAX */
	uint64_t seed;
	int32_t first_day, last_day; /* local dates; DATE_NONE first_day: 52 weeks to last_day */
	char zone[64], currency[4];
	bool plant[SIM_FAULT__COUNT];
	unsigned reps, teams, campaigns;
	unsigned
		touches_per_lead_thousandths; /* mean of those that marketing's leads have, before what lies beyond the end; 0 … 20,000 */
	bool history;    /* leads and deals are told again at each step (false: once, as they stand in the end) */
	bool activities; /* calls, mails and meetings are told */
};

void sim_story_default(struct sim_story *story);
/* Reads a story over the defaults. Refused (1) with every mistake in `problems`. `name` is used in messages. */
int sim_story_parse(struct sim_story *story, struct str yaml, const char *name, struct problems *problems,
		    struct err *err);
/* Does the whole hold together? Refused (1) with the reasons. `file` names the story in them. To be called before sim_run. */
int sim_story_check(const struct sim_story *story, struct problems *problems, struct str file);
/* "slow_rep,junk_campaign", "none", "all", or "random": each with one chance in two, decided by the story's seed. A bar is not too high and
 * too low at once: of the two "all" and "random" plant the first.
 * False on a word that is none of these; `word` then names it. */
bool sim_story_plant(struct sim_story *story, struct str list, struct str *word);
/* Fills in what was left to fit the size. sim_run does it too. */
void sim_story_complete(struct sim_story *story);
/* The whole story as YAML, planted truth included: what `simulate` writes beside the book. It can be read again as a story. */
struct str sim_story_text(const struct sim_story *story, const struct sim_truth *truth, struct arena *arena);

/* Calls `each` with every record: stages and people first, then lead by lead in the order in which they came in, each followed by
 * all that became of it in order of time; a campaign's week of spend stands where the week ends. The record is valid during the
 * call. A nonzero return stops and is returned. */
typedef int sim_record_fn(void *context, const struct record *record, struct err *err);
int sim_run(const struct sim_story *story, sim_record_fn *each, void *context, struct sim_truth *truth,
	    struct err *err);

/* The same, but each lead comes after its account even if that was told before: who forgets earlier leads still understands it. */
int sim_run_whole(const struct sim_story *story, sim_record_fn *each, void *context, struct sim_truth *truth,
		  struct err *err);

/* What sim_run would plant, without running. */
int sim_truth_of(const struct sim_story *story, struct sim_truth *truth, struct err *err);

/* A digest of everything a story makes (64 bits), for tests of sameness. */
int sim_digest(const struct sim_story *story, uint64_t *digest, uint64_t *records, struct err *err);

#endif
