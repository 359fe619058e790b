/* What was recorded of promises: by the clock, and by people. Pure. What all words about one promise of one episode come to is folded here,
 * once: judging, the clock and the desk ask it. The order in which they were recorded plays no part. */
#ifndef DOMAIN_TOLD_WORD_H
#define DOMAIN_TOLD_WORD_H

#include "domain/promise.h"

enum word_kind { WORD_BROKEN, WORD_WITHDRAWN, WORD_EXCUSED, WORD_DISPUTED, WORD_SETTLED, WORD_TOLD, WORD__COUNT };

const char *word_kind_name(enum word_kind kind); /* as in the book */
/* WORD__COUNT: no such kind. */
enum word_kind word_kind_by_name(struct str name);

/* Borrows its texts. */
struct told_word {
	uint32_t row; /* of promise_words; the caller's */
	enum word_kind kind;
	struct str promise;
	unsigned episode;
	int64_t at_ms;
	struct str by, reason, outcome, owner;
};

/* What was said of one promise of one episode. */
struct promise_said {
	struct promise_words words;
	bool broken;       /* recorded so, and not withdrawn since */
	bool was_broken;   /* ever recorded so */
	uint16_t turns;    /* how often it was recorded as broken, or that was withdrawn: they take turns */
	int64_t turned_ms; /* the latest of them; INT64_MIN: there is none */
	unsigned rungs;    /* bits by enum rung_who: who was told of the breach */
};

/* By now; what was said later has not been said yet. People's words before the clock started, and whom the clock told, are of another episode
 * that had this number before a step was taken back. */
struct promise_said promise_said(const struct told_word *words, size_t count, struct str promise, unsigned episode,
				 int64_t start_ms, int64_t now_ms);

#endif
