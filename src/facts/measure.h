/* The measure language: one small grammar, parsed once into a plan, run over the facts by one general executor.
 *
 *   count(won) / count(closed)                    of opportunities, by owner
 *   median(days(created, won))                    of leads, by source
 *   sum(spend.amount) / count(leads.won)          aggregates of several facts; shared dimensions align them
 *   percentile(first_response - handed_off, 90)   elapsed time
 *   count(open and days(created, as_of) > 138)
 *   running(count(), from top)                    by score
 *   sum(shared(lead.amount, lead)) where at < lead.opportunity      of touches, by campaign: linear credit
 *
 * docs/measures.md has the whole language; grammar.h states it formally. A milestone used as a condition means that it has
 * happened by the as-of date, at a known time or not; unknown times never count in periods or durations. `count()` counts rows;
 * `count(X)` counts rows where X holds (a condition) or is not empty (anything else).
 */
#ifndef FACTS_MEASURE_H
#define FACTS_MEASURE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"
#include "facts/facts.h"

/* The rows this person may see. There is no way to ask without one. */
enum scope_kind { SCOPE_NOTHING = 0, SCOPE_ALL, SCOPE_OWNER, SCOPE_TEAM, SCOPE_PARTNER };
struct scope {
	enum scope_kind kind;
	struct str name; /* of the owner, team or partner */
	struct str team; /* SCOPE_OWNER: those of this team besides, where it has a name */
};
#define SCOPE_EVERYTHING ((struct scope){ .kind = SCOPE_ALL })

struct question {
	const char *measure; /* expression with at least one aggregate */
	const char *of;      /* fact that unqualified names belong to; NULL = leads */
	const char *
		by; /* comma-separated dimensions, NULL = none: "owner", "month(created), source", "top(5, campaign)" */
	const char *where; /* condition; NULL = all rows */
	int32_t as_of;     /* local date, that day included; DATE_NONE = facts_as_of() */
	struct scope scope;
	/* Period [from, to) of each aggregate's own time (its `on`, else the fact's main time: created, entered, at, day, booked);
	 * DATE_NONE = open end; from == to: no period. Rows that would count but whose time is not known add to unknown_time. */
	int32_t from, to;
	const char
		*currency; /* money in other currencies counts as not known; NULL = what cannot be added is refused */
	unsigned threads;  /* to run on at most; 0 = one a core. Answers do not depend on it */
};

enum answer_type {
	ANSWER_NONE,  /* no answer: nothing to count, or nothing known */
	ANSWER_COUNT, /* number, whole */
	ANSWER_RATIO, /* number; numerator and denominator are counts */
	ANSWER_NUMBER,
	ANSWER_MONEY,    /* number in minor units; `currency` of the answer */
	ANSWER_DURATION, /* number in `unit` of the answer: days unless the measure asks for another */
	ANSWER_TIME,     /* number in seconds since 1970 */
};

struct answer_row {
	struct str *by;        /* one label per dimension; empty label = empty value ({NULL,0}), "other" after top-N */
	enum answer_type type; /* ANSWER_NONE or the answer's own */
	double value;          /* money: exact up to 2^53 minor units; see minor */
	int64_t minor;         /* ANSWER_MONEY: exact */
	int64_t numerator, denominator; /* of ratios of counts, else -1 */
	int64_t n; /* rows behind the value: of the first aggregate, or of the count that something is divided by */
	int64_t unknown_time; /* rows left out of a duration or period because a time is not known */
	int64_t negative;     /* durations below zero: counted in, and flagged */
	char currency[4];     /* ANSWER_MONEY: each row has one */
};

struct answer {
	struct str measure; /* canonical text of the expression */
	struct str of, where;
	struct str counted; /* the fact whose rows are the answers' n: `of`, where the measure names no other */
	int32_t as_of;
	struct str *by; /* dimension texts */
	size_t by_count;
	enum answer_type type;
	bool adds_up;     /* a count or a sum: the more time is asked about, the more of it */
	const char *unit; /* "days", "hours", "" */
	char currency[4]; /* ANSWER_MONEY: of all rows; empty where rows have different ones */
	struct answer_row
		*rows; /* time, stage and number dimensions in their order; names by n, largest first, empty last */
	size_t row_count;
	const struct zone *zone; /* ANSWER_TIME is read in it; borrowed from the facts */
	struct str
		hint; /* the first few names in the question that no row has, and the nearest; that amounts were too large to add; else empty */
	bool no_history; /* an as-of date before the last day made a historic column empty somewhere */
};

/* ERR_CURRENCY: a row would have to add amounts in several currencies. ERR_INPUT messages point at the character: two extra lines with
 * the text and a caret. Everything in `arena`, but for the zone. */
int measure_ask(const struct facts *facts, const struct question *question, struct arena *arena, struct answer *answer,
		struct err *err);
/* Several measures of one question (its own `measure` is not looked at) in one walk over the rows: each answer is what measure_ask
 * would give. */
int measure_ask_many(const struct facts *facts, const struct question *question, const char *const *measures,
		     size_t count, struct arena *arena, struct answer *answers, struct err *err);

/* What is known of an answer before a row is looked at. */
struct foretold {
	enum answer_type type;
	bool by_same;    /* a count divided by one of rows of the same fact: mostly part of a whole, as won of closed */
	bool share;      /* and that counts all of them: never above 1 */
	struct str hint; /* as in struct answer */
};

/* Can it be asked at all? What measure_ask would refuse, without looking at a row. */
int measure_check(const struct facts *facts, const struct question *question, struct foretold *out, struct arena *arena,
		  struct err *err);
/* The same of a condition about leads alone, which may not ask for what judging gives: it is to be asked before. `hint` as in struct
 * answer. */
int condition_check(const struct facts *facts, const char *condition, struct str *hint, struct arena *arena,
		    struct err *err);

/* The rows behind a figure: the values of `columns` (comma-separated names or paths, e.g. "key, owner, lead.source") of the
 * rows of `of` where `where` holds, first `limit` in `order` ("amount desc"; NULL = book order). `total` counts all. */
struct listing {
	struct str *header;
	size_t columns;
	struct str **cells; /* [row][column], formatted for people; ISO dates */
	uint32_t *rows;     /* row numbers in the fact */
	size_t count;
	uint64_t total;
	struct str hint; /* as in struct answer */
};
int measure_list(const struct facts *facts, const struct question *question, const char *columns, const char *order,
		 size_t limit, struct arena *arena, struct listing *listing, struct err *err);

/* Value of a row as people read it: "63.2 %", "10,005,534.00 EUR", "57 days", "–". */
struct str answer_text(const struct answer *answer, const struct answer_row *row, struct arena *arena);

#endif
