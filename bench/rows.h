/* The data that every engine is asked about: leads with their milestones and touches, made one at a time from a number.
 *
 * Leads come in over three years up to BENCH_LAST_DAY, nearly in order of `created`; a lead's touches stand together, in order of time.
 * Twelve sources, 500 campaigns (both Zipf), 8 teams, 200 reps, on average 5 touches and 0.2 opportunities a lead. Nothing lies after
 * the last day. Same number, same lead, whatever the size of the whole, but for `created`.
 */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include <stdint.h>

enum { BENCH_SOURCES = 12, BENCH_CAMPAIGNS = 500, BENCH_TEAMS = 8, BENCH_REPS = 200, BENCH_TOUCHES_MAX = 9 };

#define BENCH_FIRST_SECOND 1672531200u /* 2023-01-01 UTC */
#define BENCH_END_SECOND 1767225600u   /* 2026-01-01 UTC: all times lie before */
/* One quarter, and 90 days before the last day. */
#define BENCH_Q0 1751328000u  /* 2025-07-01 */
#define BENCH_Q1 1759276800u  /* 2025-10-01 */
#define BENCH_D90 1759363200u /* 2025-10-02 */

/* Times in seconds since 1970, 0 = not reached. */
struct bench_lead {
	uint32_t created, qualified, handed_off, response_due, first_response, accepted, rejected, opportunity, won,
		lost;
	unsigned source, campaign;
	unsigned rep; /* BENCH_REPS = nobody yet */
	unsigned score;
	int64_t amount_minor; /* −1 = none */
	unsigned touch_count;
	struct {
		uint32_t at;
		unsigned campaign;
	} touches[BENCH_TOUCHES_MAX];
};

struct bench_rows {
	uint64_t leads;
	uint64_t source_totals[BENCH_SOURCES], campaign_totals[BENCH_CAMPAIGNS];
};

void bench_rows_init(struct bench_rows *rows, uint64_t leads);
void bench_rows_lead(const struct bench_rows *rows, uint64_t number, struct bench_lead *lead);

/* Names; made by bench_rows_init. */
const char *bench_source(unsigned source);
const char *bench_campaign(unsigned campaign);
const char *bench_team(unsigned rep);
const char *bench_rep(unsigned rep);

#endif
