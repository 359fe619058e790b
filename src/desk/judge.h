/* Leads judged by the agreements they are under: type, gate, points, and each promise (domain/promise.h), episode by episode.
 *
 * Episodes are those of domain/lead_life.h; each is judged by the version in force when it began, to its end. One that began before the first version falls under that from then on: promises whose clocks
 * started earlier were never given, and it passes the gate by what is heard of the lead since. Nothing depends on the order in which records arrived. What the facts do not know is
 * never invented: a promise whose start nobody wrote down is not opened.
 *
 * judge_open; judge_lead for one lead, judge_all to put all into the facts (`promises`, and the judged columns of leads); judge_close.
 */
#ifndef DESK_JUDGE_H
#define DESK_JUDGE_H

#include "desk/agreements.h"
#include "desk/lead_file.h"
#include "domain/promise.h"
#include "domain/score.h"
#include "facts/facts.h"

/* A version of the agreement. Borrows all. */
struct judge_version {
	int number; /* 1 is the first; 0: a text that is tried */
	int64_t from_ms; /* in force from; INT64_MIN: for whatever was before too, as when a text is tried on years that are over */
	const struct agreement *agreement;
	const struct calendar *calendar;
	const struct zone *zone; /* the agreement's own */
};

/* In order of from_ms. */
struct judge_terms {
	const struct judge_version *versions;
	size_t count;
};

/* Those that ever were in force, in the arena; a text that is tried is its only version. */
struct judge_terms judge_terms_of(const struct agreements *agreements, struct arena *arena);

/* Puts the limits of stages into the facts, as the version in force at that instant has them; judge_open does so for its own, unless they stand there. Facts borrow the
 * calendars of the terms. */
void judge_stage_limits(struct facts *facts, const struct judge_terms *terms, int64_t now_ms);

struct judge_options {
	int64_t now_ms;          /* what happened later has not happened yet; judge_now_ms() */
	int64_t numbers_from_ms; /* numbers in periods that began before are not looked at; 0: in all */
	bool limits_stand; /* the facts have the stages' limits of these terms, and others are asking of them: nothing is put there */
	unsigned threads; /* at most; 0: one a core. Results do not depend on it */
	void (*progress)(void *context, uint64_t done, uint64_t total); /* leads; may be NULL */
	void *progress_context;
};

/* Now, or the end of the as-of day where that is earlier: data that ended years ago are judged as of their last day. */
int64_t judge_now_ms(const struct facts *facts, int32_t as_of, int64_t now_ms);

/* ---- what cannot be judged ----
 *
 * Of a version in force, what nobody recorded has not happened. A text that is tried (number 0) is held against what others recorded: a
 * promise is not opened where the book knows of no lead at all that its clock was started or stopped. */

enum untold {
	UNTOLD_NOTHING,  /* it can be judged */
	UNTOLD_FROM,     /* no lead has what starts the clock */
	UNTOLD_UNTIL,    /* none has anything that stops it, but that it opted out */
	UNTOLD_CONTACTS, /* there are no contacts, and attempts were promised */
};
/* Events that at least one lead has, known day or not; and whether there are contacts. For judge_untold. */
uint32_t judge_known(const struct facts *facts);
enum untold judge_untold(const struct promise_def *promise, uint32_t known);

struct judge;

/* Asks the rules' columns of all leads. ERR_INPUT when a rule names what is no column. Borrows facts and terms. Returns owned. */
int judge_open(struct judge **out, struct facts *facts, const struct judge_terms *terms,
	       const struct judge_options *options, struct err *err);
void judge_close(struct judge *judge);
/* The files of the leads, as of options.now_ms. Borrowed from the judge. */
const struct lead_files *judge_files(const struct judge *judge);

/* ---- one lead ---- */

struct judged_promise {
	const struct promise_def *promise;
	struct judged judged;
	struct promise_said said;
	bool recorded_late; /* was recorded as broken before it was known to be kept */
	struct str
		owner; /* who was to keep it: who had the lead when it stopped or was due, else has it now; of a promise of
			      * marketing or the board who signs for it first */
	uint32_t owner_code; /* who had the lead, whoever promised */
};

struct judged_episode {
	unsigned number;                     /* 1 is the first */
	int64_t begin_ms, end_ms;            /* end: EVENT_NEVER while it is the last */
	int64_t contacts_end_ms;             /* contacts before that, and after the episode before, belong to it */
	size_t first_answer;                 /* of the life's: those before it are of earlier episodes */
	const struct judge_version *version; /* NULL: none is in force yet; then nothing below is set but the episode */
	int64_t events[EVENT__COUNT];        /* of this episode */
	struct episode episode;
	struct lead_view view; /* at `at_ms`, in the words of the version; its events are those of the whole life */
	int64_t passed_ms;     /* first let through by the gate; EVENT_NEVER */
	struct gate gate;      /* at the hand-over, else when it passed, else now */
	int64_t at_ms;         /* that instant */
	struct str handed_to;  /* who it was given to with the hand-over; empty where nobody wrote that down */
	int64_t recorded;      /* hundredths, as recorded with the hand-over; −1: nothing was */
	int64_t points;        /* hundredths: as recorded, else the gate's */
	struct judged_promise *promises; /* those that were opened, in the agreement's order */
	size_t promise_count;
};

struct judged_lead {
	uint32_t row;
	struct lead_story story;         /* what is told of it, folded */
	struct judged_episode *episodes; /* at least one */
	size_t count;
};

/* As of options.now_ms, or of another instant. In the arena. From any number of threads. */
void judge_lead(const struct judge *judge, uint32_t row, int64_t now_ms, struct judged_lead *out, struct arena *arena);

/* When nobody could do in the episode any more what was promised: it was disqualified, won, lost or given up, or another episode began.
 * EVENT_NEVER while somebody can. */
int64_t judge_ended_ms(const struct judged_lead *lead, const struct judged_episode *episode);
/* What the promise's `until` names has not happened, and still can: whoever gave it owes an answer, late or not. Nobody owes one for what is
 * void, excused or disputed. */
bool judge_owed(const struct judged_lead *lead, const struct judged_episode *episode, const struct judged *judged);

/* An episode of that lead, under a version and let through by the gate: its promises as they are once that is recorded as qualified. */
void judge_as_qualified(const struct judge *judge, const struct judged_lead *lead, int64_t now_ms,
			struct judged_episode *episode, struct arena *arena);

/* ---- numbers in periods ---- */

struct judged_volume {
	const struct judge_version *version;
	const struct promise_def *promise;
	int64_t start_ms, due_ms; /* due: the last second of the period */
	double counted;           /* NaN: there was nothing to count, or it cannot be added */
	enum promise_state state; /* running, met, broken, or void where it is not known */
};

/* Each period that began while its version was in force, counted anew. In the arena. */
int judge_numbers(const struct judge *judge, struct judged_volume **out, size_t *count, struct arena *arena,
		  struct err *err);

/* ---- all ---- */

/* Judges every lead and puts what comes of it into the facts. Promises of a number in a period are asked of the facts. */
int judge_all(struct judge *judge, struct err *err);

#endif
