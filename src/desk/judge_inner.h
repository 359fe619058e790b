/* Shared by the files of judging. Private to desk/judge*.c. */
#ifndef DESK_JUDGE_INNER_H
#define DESK_JUDGE_INNER_H

#include "desk/judge.h"
#include "facts/cells.h"
#include "facts/rows.h"

/* What a version asks of leads, answered for all of them. */
struct version_view {
	uint64_t *leaves; /* by lead, `words` of them: bit i, the version's leaf i holds; of leads that are marked */
	size_t words;
	struct rows_condition **conditions; /* by leaf */
	uint64_t *marked;                   /* bits by lead */
	size_t marked_count;
	bool all;        /* are marked */
	uint16_t *kinds; /* by code of touches' kinds: the kind's number among the version's rules, or TOUCH_OTHER */
};

struct judge {
	struct facts *facts;
	struct judge_terms terms;
	struct judge_options options;
	struct version_view *views; /* by version */
	struct arena arena;         /* of what stands above */
	struct lead_files *files;
	struct rows_by touches, activities;
	struct contact_words contacts;
	uint32_t known; /* judge_known(), where a text is tried */
	const struct column *owner, *partner;
	const struct column *touch_at, *touch_kind, *activity_at;
};

static inline uint32_t judge_leads(const struct judge *judge)
{
	return facts_rows(judge->facts, FACT_LEADS);
}

/* What the version's leaves say of the lead. A few leads are asked one by one, which a desk has; many at once. By one thread, unless all
 * are marked. */
const uint64_t *judge_leaves(const struct judge *judge, struct version_view *view, uint32_t row);
int judge_mark_all(const struct judge *judge, struct err *err);

/* ---- judge_course.c: one lead's life, as it is judged ---- */

struct course {
	uint32_t row;
	int64_t now_ms;
	struct lead_story story;
	struct judged_episode *episodes;
	size_t count;
};

/* Episodes with their events, attempts and pauses; nothing is judged yet. */
void course_of(const struct judge *judge, uint32_t row, int64_t now_ms, struct course *course, struct arena *arena);

/* ---- judge_all.c, judge_put.c: all leads ---- */

/* One promise, until all are known. */
struct judged_row {
	uint32_t lead;                           /* REF_NONE: of a number in a period */
	uint32_t started, due, at_risk, stopped; /* as columns have times */
	uint32_t owner; /* code among the leads' owners; of a number in a period its place in `counted` */
	uint16_t version, promise, episode, attempts;
	int16_t type;
	uint8_t state;
	bool recorded_late, owed;
};

struct judged_rows {
	struct judged_row *rows;
	size_t count, capacity;
};

/* What the judged columns of a lead say. */
struct judged_lead_row {
	double points;
	uint32_t passed, closed; /* as columns have times; closed: it kept nobody busy any more */
	uint16_t version;        /* of type and points */
	int16_t type;            /* −1: none */
	uint16_t route_version;  /* of the route; where passed is reached */
	uint16_t route;          /* of that version's */
	int8_t owes;             /* enum party; −1: nobody */
	uint8_t life;            /* enum life; LIFE__COUNT: void */
	uint16_t episode;        /* the last; and when it began, and what happened in it, as columns have times */
	uint32_t began, qualified, handed_off, first_response, accepted, waiting;
};

/* ---- judge_put_leads.c ---- All of these but the route. */
void judge_put_leads(const struct judge *judge, const struct judged_lead_row *leads);

/* ---- judge_route.c ---- Who would have got each lead that passed, one after another: into the column would_get. */
void judge_routes(const struct judge *judge, const struct judged_lead_row *leads);

/* ---- judge_stages.c ---- Which stays in stages were longer than agreed: into the column over_limit. */
void judge_stages(const struct judge *judge);

/* Numbers in periods. */
struct judged_volumes {
	struct judged_rows rows;
	double *counted; /* NaN: there was nothing to count */
};
/* ---- judge_volume.c ---- Owned by the caller, also after errors. */
int judge_volumes(const struct judge *judge, struct judged_volumes *out, struct err *err);

unsigned judge_threads(const struct judge *judge);
/* Into the promises' columns, for which there is room: the rows of all lists, one after another. */
void judge_put(struct judge *judge, const struct judged_rows *lists, size_t count, const double *counted);

/* ---- of all ---- */

/* The version in force at an instant; NULL: none. */
const struct judge_version *judge_version_at(const struct judge *judge, int64_t at_ms);

/* Who was to keep it. Sellers keep their own promises, and partners: `owner`, who had the lead. What marketing or the board promised is kept by
 * who signs for it first, whoever has the lead. */
struct str judge_keeper(const struct agreement *agreement, enum party party, struct str owner);

#endif
