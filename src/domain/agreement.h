/* The agreement: what sales and marketing signed, as read from its text. docs/agreement.md is the language.
 *
 * The signed bytes are the text up to the line that begins with `annexes:`; what stands from there on (holidays, extra days, absences,
 * teams) may change without a new signature. Everything lives in the arena given. Nothing here decides: calendar.h, score.h, route.h
 * and promise.h do.
 */
#ifndef DOMAIN_AGREEMENT_H
#define DOMAIN_AGREEMENT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/problem.h"
#include "domain/allowance.h"
#include "domain/annexes.h"
#include "domain/calendar.h"
#include "domain/every.h"
#include "domain/lead_event.h"
#include "domain/rule.h"
#include "io/yaml_words.h"

/* ---- who ---- */

enum party { PARTY_MARKETING, PARTY_SALES, PARTY_PARTNER, PARTY_EXECUTIVE, PARTY__COUNT };

const char *party_name(enum party party);
const char *const *party_names(void); /* by enum party, NULL behind the last */

struct agreement_party {
	bool named; /* stands under `between` */
	struct names signs;
	struct place place; /* of those who sign */
};

/* ---- what a lead must be ---- */

struct agreement_word {
	struct str word, means; /* means: empty where it is a checklist */
	struct names checklist;
};

struct lead_type {
	struct str name, means;
	struct rule when;
	bool at_once; /* no bar: handed over as soon as it is known */
	double bar;   /* points, where not at once */
	struct place when_place, bar_place;
};

struct criterion {
	struct str ask; /* as a person would ask it */
	struct rule when;
};

struct fit_points {
	double points;
	struct rule when;
};

struct engagement_points {
	double points;
	uint16_t touch; /* the touch's kind, in rule_words */
	double most;    /* of all such touches together; 0 = no cap */
	struct place place;
};

/* BANT + T: what nurture asks. */
enum bant { BANT_BUDGET, BANT_AUTHORITY, BANT_NEED, BANT_TIMEFRAME, BANT_TRUST, BANT__COUNT };

const char *bant_name(enum bant bant);

struct scoring {
	struct fit_points *fit;
	size_t fit_count;
	struct engagement_points *engagement;
	size_t engagement_count;
	int64_t half_life_ms;        /* of the points of a touch; 0 = they stay */
	double answers[BANT__COUNT]; /* points for a yes */
};

/* ---- who gets it ---- */

enum route_by { ROUTE_ROUND_ROBIN, ROUTE_LEAST_LOADED, ROUTE_WEIGHTED, ROUTE_BY__COUNT };
enum pool_kind {
	POOL_PEOPLE,  /* the people listed */
	POOL_TEAM,    /* "team midwest": who is in it stands in the annexes, else in the book */
	POOL_PARTNER, /* the lead's partner */
	POOL_OWNER,   /* who owns the account */
};

struct route {
	struct rule when; /* of no text: otherwise */
	enum pool_kind pool;
	struct str team;
	struct names people;
	double *weights; /* by person; NULL unless ROUTE_WEIGHTED */
	enum route_by by;
	int most_open; /* leads a person may have open; 0 = any number */
	struct place place, pool_place;
};

/* ---- what is promised ---- */

enum promise_kind {
	PROMISE_CLOCK,    /* from … until … within … */
	PROMISE_ATTEMPTS, /* so many attempts within …, unless something ends it first */
	PROMISE_VOLUME,   /* so many in each period */
};

enum rung_who { RUNG_OWNER, RUNG_MANAGER, RUNG_HEAD, RUNG_EXECUTIVE, RUNG__COUNT };

const char *rung_name(enum rung_who who);

struct rung {
	enum rung_who who;
	struct allowance later; /* after the breach; amount 0: at once */
};

/* The share of what fell due that is to be kept, and over what time. */
struct keep {
	double share;    /* 0…1; 0 = none agreed */
	enum every each; /* EVERY_NONE: over the last `in_days` */
	int in_days;
	int of_at_least; /* fewer are not judged */
};

/* So many of what fell due, are they the agreed share, or more? Of fractions a product of doubles misses by a hair. */
static inline bool keeps_share(double agreed, int64_t kept, int64_t due)
{
	return (double)kept >= agreed * (double)due - 1e-9;
}

struct promise_def {
	struct str name;
	struct place place;
	enum party party;
	enum promise_kind kind;
	enum lead_event from;
	uint32_t until; /* set of 1u << enum lead_event */
	struct place until_place;
	struct allowance within;
	int attempts; /* PROMISE_ATTEMPTS */
	struct rule only;
	/* PROMISE_VOLUME */
	enum every every;
	struct str count; /* a measure */
	struct place count_place;
	double at_least;
	struct place at_least_place;
	struct keep keep;
	struct place keep_place, ladder_place;
	double at_risk; /* the share of the time allowed after which it is at risk */
	struct rung ladder[RUNG__COUNT];
	size_t rungs;
	/* a partner's way out and back */
	bool no_new_leads;
	bool back_when_answered;
	int back_at_a_time, back_in_a_row; /* 0: at once */
};

/* ---- stages, reasons, numbers ---- */

enum stage_third { STAGE_EARLY, STAGE_MID, STAGE_LATE, STAGE_THIRD__COUNT };

struct agreed_stage {
	struct str name;
	enum stage_third third;
	struct allowance limit; /* amount 0: none */
	bool bid;
	struct names leave_when;
	struct place place;
};

struct agreed_kpi {
	struct str name, says, measure;
	double target;
	bool at_most;         /* not to be passed; else to be reached */
	bool target_is_share; /* written with % */
	enum every each;      /* the target is of each such period; EVERY_NONE: of whatever time is asked about */
	bool owned_by[PARTY__COUNT];
	struct place measure_place, target_place, owners_place;
};

struct pay {
	double team_share, from, up_to; /* shares; 0 where not agreed */
	struct names team_kpis;
	struct place place, share_place, kpis_place, from_place;
};

struct cadence {
	struct str weekly_page, recap, review, planning;
	struct names half_year;
};

struct agreement {
	struct rule_words words_of_rules;
	struct place *leaf_places; /* of the leaves of rules: where each was first met */
	struct place *kind_places; /* likewise of the kinds of touches */
	struct str text;           /* all of it */
	struct str signed_text;    /* without the annexes */
	struct str title;
	struct agreement_party parties[PARTY__COUNT];
	int32_t in_force; /* a date */
	struct str zone;
	struct place zone_place;
	struct working_week hours; /* without the annexes' days */
	struct agreement_word *words;
	size_t word_count;
	struct lead_type *types;
	size_t type_count;
	struct criterion *criteria;
	size_t criterion_count;
	struct scoring scoring;
	uint32_t gate_events; /* milestones that lead types, criteria and points for fit name: a bit for each */
	struct route *routes;
	size_t route_count;
	struct str nobody_there; /* who gets a lead when nobody of its pool can take it */
	struct place nobody_place;
	struct promise_def *promises;
	size_t promise_count;
	struct names waiting_states;
	struct agreed_stage *stages;
	size_t stage_count;
	struct names reject, disqualify, lose, excuse;
	struct agreed_kpi *kpis;
	size_t kpi_count;
	struct pay pay;
	struct cadence cadence;
	struct annexes annexes;
};

/* Reads `text`; `file` is its name in messages. What is wrong goes to `problems`, each with its place and what to write instead, and
 * the agreement is whole only if none was found; ERR_INPUT when it is no YAML at all. What rules and KPIs say of columns and measures
 * is not looked at here: that is the facts' business, which the caller asks (rule_words.leaves, agreed_kpi.measure, promise_def.count). */
int agreement_read(struct agreement **out, struct str text, const char *file, struct problems *problems,
		   struct arena *arena, struct err *err);

/* The calendar with its annexes. `zone` is borrowed, and of the name the agreement gives. */
struct calendar *agreement_calendar(const struct agreement *agreement, const struct zone *zone, struct arena *arena);

#endif
