/* An agreement in plain words: each thing it fixes as a term, in the order people read a contract. What is shown for signature and what
 * differs between two versions are both made from these, so that nothing can change unseen. */
#ifndef DOMAIN_AGREEMENT_TERMS_H
#define DOMAIN_AGREEMENT_TERMS_H

#include "domain/agreement.h"

enum term_chapter {
	TERM_PARTIES,
	TERM_WORDS,
	TERM_HOURS,
	TERM_TYPES,
	TERM_CRITERIA,
	TERM_SCORE,
	TERM_ROUTES,
	TERM_PROMISES,
	TERM_STAGES,
	TERM_REASONS,
	TERM_KPIS,
	TERM_PAY,
	TERM_CADENCE,
	TERM_ANNEXES, /* not signed */
	TERM_CHAPTER__COUNT
};

const char *term_chapter_title(enum term_chapter chapter); /* "What each side promises" */

struct term {
	enum term_chapter chapter;
	enum party party;   /* TERM_PROMISES, TERM_PARTIES: whose */
	struct str subject; /* "first contact" */
	const char *what;   /* "time allowed"; empty: the subject itself */
	struct str value;   /* "4 working hours" */
};

struct terms {
	struct term *items;
	size_t count, capacity;
};

/* All of them, in the arena. */
struct terms agreement_terms(const struct agreement *agreement, struct arena *arena);

/* All that is said of one subject in one chapter. */
struct term_group {
	const struct term *terms; /* at least one */
	size_t count;
};

struct term_group *term_groups(const struct terms *terms, size_t *count, struct arena *arena);

/* What a promise says, as one sentence without its name: "first response within 4 working hours of the hand-over; kept in 95 % each
 * month". */
struct str promise_sentence(const struct promise_def *promise, struct arena *arena);

/* One difference, as people say it: "first contact, time allowed: 8 → 4 working hours". */
struct term_change {
	enum term_chapter chapter;
	struct str text;
};

/* From `a` to `b`: changed, added and taken away, in the order of the contract. A subject that is wholly new, gone or only called
 * otherwise is one difference. */
struct term_change *agreement_diff(const struct agreement *a, const struct agreement *b, size_t *count,
				   struct arena *arena);

#endif
