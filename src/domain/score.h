/* How good a lead is, line by line, and whether it may be handed over. Pure: the same lead, agreement and instant give the same lines.
 *
 * Points are counted in hundredths. Each line is rounded by itself and the score is the sum of the lines, so that what is printed
 * always adds up. A touch's points halve every `half_life`; of one kind's touches the newest count first up to its cap.
 */
#ifndef DOMAIN_SCORE_H
#define DOMAIN_SCORE_H

#include "domain/agreement.h"

/* What nurture was told, up to the instant that is asked about. */
enum answer_said { ANSWER_UNASKED, ANSWER_NO, ANSWER_YES };

struct bant_answer {
	int64_t at_ms;
	enum bant question;
	enum answer_said said;
};

/* Everything an agreement looks at in one lead. Borrows. */
struct lead_view {
	struct rule_lead lead;
	const struct bant_answer *answers; /* by time; of several to one question the last holds */
	size_t answer_count;
};

enum score_kind { SCORE_FIT, SCORE_TOUCH, SCORE_ANSWER };

struct score_line {
	enum score_kind kind;
	size_t item;     /* SCORE_FIT, SCORE_TOUCH: number of the line in the agreement; SCORE_ANSWER: enum bant */
	int64_t at_ms;   /* SCORE_TOUCH: when it was; SCORE_ANSWER: when it was said */
	int64_t full;    /* hundredths, before age and cap */
	int64_t faded;   /* what is left of it after its age */
	int64_t counted; /* and within the cap: this adds up */
};

struct score {
	int64_t points; /* hundredths: sum of `counted` */
	struct score_line *lines;
	size_t count;
};

int64_t score_points(const struct scoring *scoring, const struct lead_view *view, int64_t at_ms);
/* With its lines, in the arena: fit, then touches (newest first), then answers. */
struct score score_explain(const struct scoring *scoring, const struct lead_view *view, int64_t at_ms,
			   struct arena *arena);

/* ---- the gate ---- */

enum gate_outcome {
	GATE_NO_TYPE,   /* no lead type's rule holds */
	GATE_UNFIT,     /* a criterion of pre-qualification does not hold */
	GATE_BELOW_BAR, /* fit, but too few points for its type */
	GATE_PASSES
};

struct gate {
	enum gate_outcome outcome;
	int type;            /* of the agreement's lead types, the first whose rule holds; −1 none */
	size_t missing;      /* GATE_UNFIT: the first criterion that does not hold */
	int64_t points, bar; /* hundredths; bar 0: at once */
};

/* Sets view->lead.type for the rules it asks. */
struct gate gate_at(const struct agreement *agreement, struct lead_view *view, int64_t at_ms);
/* The first milestone after `after_ms` that the gate's rules name (agreement.gate_events), or EVENT_NEVER. */
int64_t gate_milestone_ms(const struct agreement *agreement, const struct lead_view *view, int64_t after_ms);
/* The first instant from `from_ms` up to `to_ms` at which the gate lets the lead pass, or EVENT_NEVER: something must have happened
 * then (the lead came, a touch, an answer, a milestone), because points only fade in between. */
int64_t gate_passed_ms(const struct agreement *agreement, struct lead_view *view, int64_t from_ms, int64_t to_ms,
		       struct gate *gate);

#endif
