/* A rule of an agreement: a condition about one lead at one instant. Pure.
 *
 * A rule is a condition of the measure language over the columns of leads (docs/measures.md), and may say besides
 *   touched(demo_request, call_in)   a touch of one of these kinds has happened
 *   touches_in(30 days) >= 3         so many touches in the last 30 times 24 hours; kinds may follow: touches_in(30 days, webinar)
 *   type = hand-raiser               the lead's type, by the agreement's own rules
 * A lead's milestone standing alone (`accepted`) holds when it has happened by the instant.
 *
 * What only columns decide (`company_size >= 50`) is a *leaf*: its text goes to the one executor there is, in facts/, and the answer
 * comes back as a bit; here are and, or, not and what depends on the instant. So no comparison has two meanings.
 */
#ifndef DOMAIN_RULE_H
#define DOMAIN_RULE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/lead_event.h"

enum { RULE_MAX_LEAVES = 256, RULE_MAX_KINDS = 1024 };

/* The leaves and the kinds of touches of all rules of one agreement: each text once, in the order met. */
struct rule_words {
	struct arena *arena; /* borrows */
	struct str *leaves;
	size_t leaf_count, leaf_capacity;
	struct str *kinds;
	size_t kind_count, kind_capacity;
	const struct str *types; /* of leads, borrowed; none until they are read */
	size_t type_count;
};

#define TOUCH_OTHER UINT16_MAX /* a kind that no rule names */

struct lead_touch {
	int64_t at_ms;
	uint16_t kind; /* in rule_words, or TOUCH_OTHER */
};

/* One lead, as rules see it. Borrows all. */
struct rule_lead {
	const uint64_t *leaves;           /* bit i: leaf i holds */
	const struct lead_touch *touches; /* by time */
	size_t touch_count;
	int type;              /* in rule_words.types; −1: none */
	const int64_t *events; /* by enum lead_event: when, EVENT_NEVER, or EVENT_UNKNOWN */
};

struct rule_node;

struct rule {
	struct str text; /* of no bytes: no rule, holds always */
	const struct rule_node *root;
};

void rule_words_init(struct rule_words *words, struct arena *arena);
/* The number of the kind; added where it is new. TOUCH_OTHER where there are too many. */
uint16_t rule_kind(struct rule_words *words, struct str kind);

/* ERR_INPUT with the text and a caret under what is wrong; `what` names the rule in messages. Columns are not looked at. */
int rule_read(struct rule *out, const char *what, struct str text, struct rule_words *words, struct err *err);
/* Whenever `b` holds `a` holds, as far as their form tells: false may mean that nobody knows. A rule of no text holds always. */
bool rule_covers(const struct rule *a, const struct rule *b);
/* The milestones that it names, a bit for each enum lead_event. Nothing else but touches makes what it says a matter of time. */
uint32_t rule_events(const struct rule *rule);
bool rule_holds(const struct rule *rule, const struct rule_lead *lead, int64_t at_ms);

#endif
