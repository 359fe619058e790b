/* The life of one simulated lead: everything that ever becomes of it, drawn from (seed, number) alone.
 *
 * Instants are UTC milliseconds, NEVER where it does not come to that. A life runs on past the story's last day; telling (tell.h)
 * leaves out what lies beyond it, so that the last weeks are still open.
 */
#ifndef SIM_LIFE_H
#define SIM_LIFE_H

#include "sim/company.h"

#define NEVER INT64_MAX
enum { LIFE_TOUCHES = 32, LIFE_ACTIVITIES = 192, LIFE_VISITS = 32 };

struct life_touch {
	int64_t at_ms;
	const char *kind;
	int campaign; /* −1: none */
	unsigned source;
};

struct life_activity {
	int64_t at_ms;
	const char *kind, *outcome; /* outcome may be NULL */
	bool inbound, automatic, of_deal;
	unsigned minutes; /* 0: none */
};

/* A stay in a stage; the ends (won …) are one too. When the deal does not close as expected, the expectation moves: the stay is told
 * again from then on. */
struct life_visit {
	int64_t entered_ms;
	unsigned stage;
	bool slipped;           /* the same stay, only the expected close moved */
	int64_t amount_minor;   /* as the deal stood on entering */
	int32_t expected_close; /* likewise */
};

struct life_order {
	int64_t booked_ms, shipped_ms, delivered_ms, invoiced_ms, paid_ms;
	int32_t due;
	int64_t price_minor, cost_minor, freight_minor, other_minor, tax_minor;
};

struct life {
	uint64_t number;  /* 0 … leads−1 */
	uint64_t account; /* the lead's number that first came from there */
	unsigned region, source, rep;
	int campaign; /* −1: none */
	bool hand_raiser;
	unsigned partner, product, industry;
	uint32_t employees;
	int first_score;     /* as it came in */
	int score;           /* as it stands in the end; frozen at hand-over */
	int32_t quality_q16; /* what nobody sees: how much it wants to buy, standard normal */
	const char *reason;  /* of the rejection or disqualification; NULL */

	int64_t created_ms, prequalified_ms, qualified_ms, handed_off_ms, response_due_ms, first_response_ms;
	int64_t accepted_ms, rejected_ms, disqualified_ms, recycled_ms, opportunity_ms;
	int64_t marked_ms; /* the rep said whether it is right for them */
	bool marked_in;

	struct life_touch touches[LIFE_TOUCHES];
	size_t touch_count;
	struct life_activity activities[LIFE_ACTIVITIES];
	size_t activity_count;

	struct life_visit visits[LIFE_VISITS];
	size_t visit_count;
	const char *deal_reason; /* lost, discontinued */
	struct life_order order; /* booked_ms NEVER: none */
};

void life_make(const struct company *company, uint64_t number, struct life *life);

/* For deal.c. */
void life_deal(const struct company *company, struct random *random, struct life *life);
/* Notes a contact; what is beyond the room for them overwrites the last one. */
struct life_activity *life_act(struct life *life, int64_t at_ms, const char *kind, const char *outcome,
			       unsigned minutes, bool of_deal);
/* "small", "mid", "large": by the number of people at the company. */
const char *life_segment(const struct life *life);
/* The company behind a lead: the same for all leads that come from there. */
struct str life_company(const struct company *company, uint64_t account, struct arena *arena);

#endif
