/* The facts: narrow tables of typed columns in memory, one row per lead, opportunity, stage visit, touch, activity, spend, order, step
 * of a lead, word about a promise, promise.
 * Reports never scan the book; they ask measures (measure.h) of these.
 *
 * Columns are arrays (struct of arrays), read in chunks of FACT_CHUNK rows. Times are unsigned 32-bit seconds since 1970 with two
 * sentinels: *not reached* and *reached, time unknown*. Names are codes into one dictionary per column; code 0 is empty.
 * Money is minor units with the currency beside it. Values stand as narrow as they allow (packed.h). Every column is described once, in
 * the catalogue (catalogue.c).
 * Loaded facts do not change; they belong to one epoch of the book (its head).
 */
#ifndef FACTS_FACTS_H
#define FACTS_FACTS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/zone.h"
#include "book/book.h"
#include "domain/calendar.h"

#define FACT_CHUNK 65536u

#define TIME_NOT_REACHED 0u
#define TIME_UNKNOWN UINT32_MAX /* reached, but nobody wrote down when */
#define REF_NONE UINT32_MAX
#define MONEY_NONE INT64_MIN
/* Worked out, and beyond what 64 bits hold; below zero likewise with a minus. What it is added to has no answer. */
#define MONEY_TOO_LARGE INT64_MAX
static inline bool money_too_large(int64_t minor)
{
	return minor == MONEY_TOO_LARGE || minor == -MONEY_TOO_LARGE;
}
/* Empty numbers are NaN. Empty flags are 0; 1 is no, 2 is yes. */

enum fact {
	FACT_LEADS,
	FACT_OPPORTUNITIES,
	FACT_STAGE_VISITS,
	FACT_TOUCHES,
	FACT_ACTIVITIES,
	FACT_SPEND,
	FACT_ORDERS,
	FACT_LEAD_STEPS,
	FACT_PROMISE_WORDS,
	FACT_PROMISES, /* the last: not of records, but made by judging (desk/judge.h); empty until then, and in no snapshot */
	FACT__COUNT
};

enum column_type {
	COLUMN_TIME,   /* uint32_t: a milestone or another instant */
	COLUMN_NAME,   /* code in the column's dictionary */
	COLUMN_NUMBER, /* double, or narrower where all are small and whole */
	COLUMN_MONEY,  /* minor units; currency codes beside where there are several */
	COLUMN_FLAG,   /* uint8_t */
	COLUMN_REF,    /* uint32_t row of another fact */
	COLUMN_KEY,    /* packed (key_list.h): the source's id of the record */
};

/* One column as the catalogue describes it. Custom columns (from maps) are described likewise, at load. */
struct column_def {
	const char *name;
	enum column_type type;
	const char *unit;     /* "days", "minutes", "" … */
	bool milestone;       /* COLUMN_TIME: as a condition it means "has happened by the as-of date" */
	bool historic;        /* before the last day its value comes from history, else empty */
	bool derived;         /* computed at question time from others (open, closed, age …) */
	bool judged;          /* made by judging, not of records: empty until then, and in no snapshot */
	bool lived;           /* of judged ones: tells of a life, which needs no agreement */
	enum fact target;     /* COLUMN_REF */
	const char *sentence; /* plain English; shown by `lockstep facts` and under every table */
	bool custom;
};

struct facts;

struct facts_options {
	int64_t known_at_ms; /* only what was recorded up to then; INT64_MAX = all */
	int32_t today;       /* local date of the caller's now: the default as-of is never later */
	void (*progress)(void *context, uint64_t done, uint64_t total);
	void *progress_context;
	bool from_book; /* never from the columns snapshot beside the book (snapshot.h) */
	void (*warn)(void *context, const char *text); /* a damaged snapshot was passed over; may be NULL */
	/* For tests: the facts are the same whatever these are. 0 = as the loader thinks fit. */
	unsigned threads; /* at most so many */
	uint64_t stretch; /* entries a thread takes at once */
};

/* Reads all columns: from the columns snapshot where it is that of the book's head, else from the book's entries. Borrows `book` (names
 * of deals are opened on demand). Returns owned. */
int facts_load(struct facts **out, struct book *book, const struct facts_options *options, struct err *err);
void facts_free(struct facts *facts);

const char *fact_name(enum fact fact); /* "leads", "stage_visits" */
bool fact_by_name(struct str name, enum fact *fact);
const char *fact_sentence(enum fact fact);
uint32_t facts_rows(const struct facts *facts, enum fact fact);
/* Columns of a fact, catalogue order, custom ones last. */
size_t facts_columns(const struct facts *facts, enum fact fact, const struct column_def ***out);
/* References of that column to records that are not there (or to several of that name); 0 when there is no such column. */
uint64_t facts_unresolved(const struct facts *facts, enum fact fact, struct str column);

/* What a fact's rows take, in bytes; mapped ones count like others. `keys` are only looked at when a key is asked for, `history` when a
 * past day is. */
struct facts_memory {
	uint64_t values, names, history, keys;
};
struct facts_memory facts_memory(const struct facts *facts, enum fact fact);

const struct zone *facts_zone(const struct facts *facts);
const struct book_settings *facts_settings(const struct facts *facts);
struct book_head facts_head(const struct facts *facts);
int32_t facts_first_day(const struct facts *facts); /* DATE_NONE when nothing has a date */
/* The last day on which something happened, at most today. Stragglers do not count: up to four events that lie more than 60 days after
 * all others, of which there are at least 100 (a mistyped year). The data-quality report lists what lies after it. */
int32_t facts_last_day(const struct facts *facts);
/* The day questions are asked as of unless they say otherwise: today for living data; for data whose last event lies more than
 * seven days back, the day of that event. */
int32_t facts_as_of(const struct facts *facts);
/* BLAKE2b-256 over all columns: equal facts, equal digest. */
void facts_digest(const struct facts *facts, unsigned char out[HASH_BYTES]);

/* How a person would call the row: the deal's name where it has one that may be read, else its id. */
struct str facts_label(const struct facts *facts, enum fact fact, uint32_t row, struct arena *arena);

/* The pipeline in force: stage names in order with their meaning. */
struct stage_def {
	struct str name;
	int position;      /* 1-based; 0 = not placed */
	const char *means; /* "open", "won", "lost", "discontinued", "on_hold", "order" */
	bool bid;
	double limit_days; /* agreed limit; 0 = none */
};
size_t facts_stages(const struct facts *facts, const struct stage_def **out);

/* How long deals may stay in a stage, as an agreement has it: before what maps say of it, and in no snapshot. */
struct agreed_limit {
	struct str stage; /* without regard to case */
	struct allowance limit;
};
/* Those that questions go by from now on. Copies the limits; borrows the calendar until they are put anew. */
void facts_agree_limits(struct facts *facts, const struct agreed_limit *limits, size_t count,
			const struct calendar *calendar);

/* Imports that were begun and not finished: every report names them. */
size_t facts_unfinished_imports(const struct facts *facts, const struct import **out);

#endif
