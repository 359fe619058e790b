/* The desk at which people tell what they do with a lead: who has it, whether it is wanted, what came of it.
 *
 * What is told becomes one or two steps, each a record of its own, in one transaction, if it may follow what is recorded already and the
 * agreement in force knows its reason; else it is refused in words, and nothing is written. What is told late (`at_ms`) takes its place
 * among the other steps by when it happened.
 *
 * lead_desk_open; lead_desk_find; lead_desk_tell and its like; lead_desk_close. What was told shows in the files of a desk opened anew.
 */
#ifndef DESK_LEAD_DESK_H
#define DESK_LEAD_DESK_H

#include "base/problem.h"
#include "desk/agreements.h"
#include "desk/judge.h"
#include "desk/matches.h"
#include "desk/record_fields.h"
#include "domain/route.h"

struct lead_desk {
	struct book *book;   /* borrowed; for writing where something is to be told */
	struct facts *facts; /* borrowed */
	struct arena *arena; /* borrowed: everything told lives there */
	int64_t now_ms;
	const char *actor; /* the operating-system user: who writes, whoever did it */
	const struct zone *zone;
	struct agreements agreements;
	bool shared; /* the agreements are another's */
	struct judge_terms terms;
	struct judge *judge;
	const struct lead_files *files; /* the judge's */
	struct matches *matches;        /* borrowed; NULL: nobody is looked for */
	/* Set by who opened the desk: what is told is one transaction with more, and who opened it commits or rolls back where `begun`. */
	bool joined, begun;
};

int lead_desk_open(struct lead_desk *desk, struct book *book, struct facts *facts, int64_t now_ms, const char *actor,
		   struct arena *arena, struct err *err);
/* The same over facts of which others ask meanwhile, and which stay as they are: borrows the agreements too, by which the facts have the
 * limits of stages already. */
int lead_desk_open_shared(struct lead_desk *desk, struct book *book, struct facts *facts,
			  const struct agreements *agreements, int64_t now_ms, const char *actor, struct arena *arena,
			  struct err *err);
void lead_desk_close(struct lead_desk *desk);

/* A lead by its id, or SOURCE:ID. False with what to do in `problems` where there is none, or several have the id. */
bool lead_desk_find(struct lead_desk *desk, struct str key, struct lead_file *out, struct problems *problems);
/* The version of the agreement under which the lead's last episode is judged; NULL: none. */
const struct judge_version *lead_desk_version(const struct judged_lead *judged);

/* ---- telling ---- */

enum lead_verb {
	VERB_ACCEPT,
	VERB_REJECT,
	VERB_WORKING,
	VERB_DISQUALIFY,
	VERB_REOPEN,
	VERB_WAIT,
	VERB_RESUME,
	VERB_ASSIGN,
	VERB_OPTED_OUT,
	VERB_DUPLICATE,
	VERB_TEST,
	VERB__COUNT
};

/* What is told. Texts may be empty where the verb needs none. */
struct lead_word {
	int64_t at_ms; /* when it happened: whole seconds, not after now */
	struct str by; /* who did it */
	struct str reason, owner, notes;
	struct str of; /* of a duplicate: the lead it is merged into, SOURCE:ID (desk/duplicates.h) */
};

/* What was written: in the order of writing, whether it was new, and how the lead stands since. */
struct lead_told {
	enum lead_step steps[4]; /* each kind once */
	size_t count;
	bool known; /* exactly this was told before: nothing was written */
	struct lifecycle life;
};

/* 1: refused, and `problems` says why; 0: done; below: an error, and nothing was written. */
int lead_desk_tell(struct lead_desk *desk, const struct lead_file *file, enum lead_verb verb,
		   const struct lead_word *word, struct lead_told *told, struct problems *problems, struct err *err);

/* Answers to what nurture asks. With those that take the lead over its bar it is recorded as qualified, too. */
struct lead_answer {
	enum bant question;
	bool yes;
};
int lead_desk_answer(struct lead_desk *desk, const struct lead_file *file, const struct lead_answer *answers,
		     size_t count, const struct lead_word *word, struct lead_told *told, struct problems *problems,
		     struct err *err);

/* A contact with the person: kind "call", "mail", "meeting", "demo", or one that the book has already; outcome "reached", "no answer" … */
int lead_desk_contact(struct lead_desk *desk, const struct lead_file *file, struct str kind, struct str outcome,
		      const struct lead_word *word, struct problems *problems, struct err *err);
/* Is it such a kind? Else says so, with the nearest. */
bool lead_desk_contact_kind(struct lead_desk *desk, struct str kind, struct problems *problems);
/* In the sweet spot, or out of it, as who has the lead sees it. */
int lead_desk_mark(struct lead_desk *desk, const struct lead_file *file, bool in, const struct lead_word *word,
		   struct problems *problems, struct err *err);
/* Put aside: who has it wants to see it no more until then, 90 days at most; what is past brings it back. No promise stops for that. */
int lead_desk_snooze(struct lead_desk *desk, const struct lead_file *file, int64_t until_ms, struct problems *problems,
		     struct err *err);
/* Takes back, by a later entry, the last step that somebody told (all that were told with it). Refused where a file said it: that would stay
 * untold however often the file is read again; where what was reckoned since rests on it; and where the lead was marked or contacted
 * since, unless word->at_ms is of the step's minute (else EVENT_NEVER). That a lead crossed the bar is reckoned, never told. */
int lead_desk_undo(struct lead_desk *desk, const struct lead_file *file, const struct lead_word *word,
		   struct lead_told *told, struct problems *problems, struct err *err);

/* "2026-03-09 10:00", in the book's zone. */
struct str lead_desk_when(const struct lead_desk *desk, int64_t at_ms);

/* "Times are those of Europe/Berlin; version 1 keeps its hours by America/Chicago.": what to know of when something is due. Empty where both
 * are the same time, and where there is no version (NULL). */
struct str lead_desk_zones(const struct lead_desk *desk, const struct judge_version *version);

/* Is `reason` in the list? Else says so with the nearest and the whole list. `what`: "to reject". */
bool lead_desk_agreed(struct str reason, const struct names *agreed, const char *what, struct problems *problems);

/* ---- for the desks beside this one ---- */

/* Neither to come nor before the lead came in; else says so. */
bool lead_desk_time_fits(const struct lead_desk *desk, const struct lead_file *file, int64_t at_ms,
			 struct problems *problems);
/* May the step be told? *life is how the lead stands after it. Else says so, with `only`: which leads it is for. */
bool lead_desk_follows(struct lead_desk *desk, const struct lead_file *file, enum lead_step step, int64_t at_ms,
		       const char *only, struct lifecycle *life, struct problems *problems);
/* Can a lead be given to somebody of that name: a colleague, a partner, who has leads already, or whom the agreement (NULL: none) names in a
 * route, a team or among those who sign? Else says so, with the nearest. */
bool lead_desk_colleague(struct lead_desk *desk, const struct agreement *agreement, struct str who,
			 struct problems *problems);
/* Is somebody of that name known, who can have done something: to assign to, in any version of the agreement or team of the annexes, a
 * colleague's manager, or the operating-system user? 1: no, which is said with the nearest; 0: yes; below: an error. */
int lead_desk_known(struct lead_desk *desk, struct str who, struct problems *problems, struct err *err);
/* Begins what lead_desk_commit ends: commits, or rolls back where something failed, which is returned. */
int lead_desk_begin(struct lead_desk *desk, struct err *err);
int lead_desk_commit(struct lead_desk *desk, int failed, struct err *err);

/* The lead itself, or what has remarks and speaks of it, will be offered: so the book finds it at once. */
int lead_desk_expect(struct lead_desk *desk, const struct lead_file *file, struct err *err);
/* Offers one record inside a transaction, as said now. *news: it was not known already. */
int lead_desk_offer(struct lead_desk *desk, enum object object, struct str source, struct str key,
		    const struct record_fields *fields, bool *news, struct err *err);
/* Offers one step inside a transaction. `score` NaN: none; `outcome`, `question`, `owner` may be empty. */
struct step_record {
	enum lead_step step;
	int64_t at_ms;
	unsigned episode;
	int version; /* of the agreement; 0: none */
	struct str by, owner, reason, outcome, question, notes;
	double score;
};
/* Was it told at the desk? Else a file said so. */
bool lead_desk_wrote(struct lead_desk *desk, const struct lead_file *file, const struct told_step *step);
int lead_desk_write(struct lead_desk *desk, const struct lead_file *file, const struct step_record *step, bool *news,
		    struct err *err);

#endif
