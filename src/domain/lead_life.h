/* The life of one lead, folded: what is told of it becomes episodes, with what happened in each, and where the lead stands. Pure. The one
 * fold: the desk, judging and the clock all read it. The order in which things were told plays no part.
 *
 * - An *episode* is one way from nurture to sales. It ends when the lead is rejected or reopened, which belong to the one they end; another
 *   begins when it is recycled without that, or handed over once more, which belong to the one they begin.
 * - Exports skip steps: a rejection ends an episode though nobody wrote a hand-over down. What is told of a rejection once the lead is back in
 *   nurture belongs to the episode before, and ends nothing.
 * - Where the lead stands follows domain/lifecycle.h. What may not follow there moves it nowhere; it has happened all the same, in the
 *   episode it was told of.
 * - Files know minutes, and people say one time for two things. Of what happened at one instant that comes next which may follow what is
 *   before it; of several such what is earlier in a life (lead_step_rank): what a step follows from stands before it. What was told of an
 *   episode that begins at this instant waits for it: so things told at the desk one after the other stand as they were told.
 * - Contacts are no part of it. At the instant of a hand-over they follow it; a rejection, or another return to nurture, follows from them.
 * - A milestone at an unknown time stands before the first thing that comes later in a life, else last. No episode begins with it.
 */
#ifndef DOMAIN_LEAD_LIFE_H
#define DOMAIN_LEAD_LIFE_H

#include "base/arena.h"
#include "domain/lead_step.h"
#include "domain/score.h"

/* One thing told of a lead: a step that was recorded, or a milestone that its source or a deal tells. Borrows its texts. */
struct told_step {
	uint32_t row;          /* of lead_steps; the caller's */
	int64_t at_ms;         /* EVENT_UNKNOWN: nobody wrote down when; of milestones only */
	enum lead_step step;   /* LEAD_STEP__COUNT: a milestone that is none: opportunity, won, lost, discontinued */
	enum lead_event event; /* EVENT__COUNT: none */
	bool milestone;
	bool tried;    /* nobody told it yet: it stands behind others that say the same */
	unsigned said; /* the episode it was told of; 0: nobody said */
	struct str by, owner, reason, outcome, question;
	double score; /* NaN: none */
	/* Set by the fold. */
	int64_t place_ms;       /* where it stands among the others */
	unsigned episode;       /* it belongs to */
	bool followed;          /* it may follow what is before it */
	struct lifecycle after; /* how the lead stands right after it */
};

/* It is put off for a reason, until it is taken up again or goes on. Of several reasons at once each has its own. */
struct life_wait {
	int64_t from_ms, to_ms; /* to: EVENT_NEVER while it lasts, and where nobody wrote down when it ended */
	struct str reason;
};

struct life_episode {
	int64_t begin_ms, end_ms;            /* end: EVENT_NEVER while it is the last */
	int64_t contacts_end_ms;             /* contacts before that, and after the episode before, belong to it */
	int64_t events[EVENT__COUNT];        /* the first of each; contacts are not known here */
	const struct told_step *handed_over; /* with what was told of it; NULL: nobody told that as a step */
	size_t first_wait, wait_count;       /* among the life's, by time */
	size_t first_answer;                 /* among the life's: those before it are of earlier episodes */
};

struct lead_life {
	struct lifecycle now; /* its episode is the number of the last */
	bool is_void;         /* a duplicate or a test */
	struct told_step *told;
	size_t told_count; /* in order */
	struct life_episode *episodes;
	size_t episode_count; /* at least one; number 1 is the first */
	struct life_wait *waits;
	size_t wait_count;
	struct bant_answer *answers; /* by time, of all episodes */
	size_t answer_count;
};

/* A step, or a milestone, to be filled further. */
struct told_step told_step_of(enum lead_step step, int64_t at_ms);
struct told_step told_milestone(enum lead_event event, int64_t at_ms);

/* Folds `count` things, and puts them into order where they are. The life begins when the lead came; where that is not known (EVENT_NEVER,
 * EVENT_UNKNOWN) when it was first heard of, by what is told or at `heard_ms`; else at `now_ms`. Nothing told lies after that. */
void lead_life_fold(struct lead_life *life, struct told_step *told, size_t count, int64_t came_ms, int64_t heard_ms,
		    int64_t now_ms, struct arena *arena);

/* The first recorded step that followed before and does not any more; NULL: none. By their rows. */
const struct told_step *lead_life_against(const struct lead_life *before, const struct lead_life *after);

/* One step more: may it be told? */
struct lead_trial {
	/* Right after it; where it may not follow, right before. It is to be recorded as told of this episode, or of the one it ends. */
	struct lifecycle stands;
	const struct told_step *against; /* what could no longer follow; NULL: it is the new one that may not */
};
/* As late at its instant as it may: what is told last happened last. Else, of what moves a lead, where the order of a life has it; a word beside
 * its way has to fit how it stands after all of that instant. Came and now as above. */
bool lead_life_try(const struct lead_life *before, struct told_step one, int64_t came_ms, int64_t now_ms,
		   struct lead_trial *out, struct arena *arena);

#endif
