/* A question, understood: names are columns, types fit, aggregates stand alone. Private to src/facts.
 *
 * Each measure becomes a *formula* over *aggregates*. Aggregates of one fact and one time column share a *pass*: one walk over the
 * fact's rows, with one condition and one set of dimensions. Expressions over rows are *nodes*; each has a slot for its values of
 * the batch at hand, so that several workers walk stretches of their own at the same time.
 */
#ifndef FACTS_PLAN_H
#define FACTS_PLAN_H

#include "domain/grammar.h"
#include "facts/measure.h"
#include "facts/packed.h"

#define BATCH_ROWS 4096u
/* A duration one of whose ends happened at an unknown time. NaN is an empty one. */
#define DURATION_UNKNOWN INFINITY

enum value_type {
	TYPE_CONDITION, /* uint8_t 0 or 1 */
	TYPE_FLAG,      /* uint8_t: empty, no, yes */
	TYPE_TIME,      /* uint32_t */
	TYPE_NAME,      /* codes of the node's dictionary, of any width */
	TYPE_NUMBER,    /* double */
	TYPE_MONEY,     /* int64_t or int32_t, and currency */
	TYPE_DURATION,  /* double, seconds, whatever the unit it is said in */
	TYPE_PERIOD,    /* double: number of the period */
	TYPE_REF,       /* uint32_t */
};

enum period {
	PERIOD_DAY,
	PERIOD_WEEK,
	PERIOD_MONTH,
	PERIOD_QUARTER,
	PERIOD_YEAR,
	PERIOD_FISCAL_QUARTER,
	PERIOD_FISCAL_YEAR,
	PERIOD__COUNT
};

enum unit { UNIT_NONE, UNIT_SECONDS, UNIT_MINUTES, UNIT_HOURS, UNIT_DAYS, UNIT_WEEKS, UNIT__COUNT };
extern const char *const unit_names[UNIT__COUNT];
extern const double unit_seconds[UNIT__COUNT];

enum compare { COMPARE_EQ, COMPARE_NE, COMPARE_LT, COMPARE_LE, COMPARE_GT, COMPARE_GE };

enum op {
	OP_COLUMN,  /* column, behind hops; milestones after the as-of day are not reached */
	OP_DERIVED, /* column of the rule, behind hops */
	OP_NUMBER,  /* number */
	OP_TIME,    /* time */
	OP_ADD,
	OP_SUBTRACT,
	OP_MULTIPLY,
	OP_DIVIDE,
	OP_NEGATE, /* doubles */
	OP_SCALE,  /* a × number: durations from numbers with a unit, and back */
	OP_MONEY_ADD,
	OP_MONEY_SUBTRACT,
	OP_MONEY_NEGATE,
	OP_MONEY_TIMES, /* money a × double b */
	OP_MONEY_OVER,  /* money a ÷ money b */
	OP_MAJOR,       /* money a as a number of whole units */
	OP_MINOR,       /* money a as a number of minor units */
	OP_MONEY_ONLY,  /* money a where its currency is in set, else empty */
	OP_ELAPSED,     /* time b − time a, seconds */
	OP_SHIFT,       /* time a + seconds b */
	OP_DAYS,        /* difference of local dates b − a, in seconds of whole days */
	OP_PERIOD,      /* period of time a */
	OP_BUCKET,      /* floor(a / number) × number */
	OP_COMPARE,     /* doubles */
	OP_COMPARE_MONEY,
	OP_COMPARE_TIME, /* false where either is not reached or unknown */
	OP_IN_DAY,       /* time a compared with a calendar day [time, time_end) */
	OP_NAME_IN,      /* set[code] */
	OP_NAME_SAME,    /* translate[code of a] = code of b */
	OP_NUMBER_IN,    /* a in list */
	OP_AND,
	OP_OR,
	OP_NOT,
	OP_REACHED, /* a milestone has happened */
	OP_YES,
	OP_NO,      /* a flag */
	OP_FILLED,  /* a is not empty */
	OP_UNKNOWN, /* time a is reached, time unknown */
};

struct node {
	enum op op;
	enum value_type type;
	enum unit unit; /* of durations: what it is said in */
	unsigned slot;
	struct node *a, *b;
	const struct column *column;
	const struct column *hops[PATH_MAX_PARTS];
	unsigned hop_count;
	const struct row_rule *rule;
	double number;
	uint32_t time, time_end;
	const uint8_t *set;
	const uint32_t *translate;
	const double *list;
	size_t list_count;
	enum compare compare;
	enum period period;
};

enum aggregate_kind {
	AGGREGATE_COUNT,
	AGGREGATE_SUM,
	AGGREGATE_AVERAGE,
	AGGREGATE_MIN,
	AGGREGATE_MAX,
	AGGREGATE_PERCENTILE,
	AGGREGATE_DISTINCT
};

struct aggregate {
	enum aggregate_kind kind;
	unsigned pass;
	struct node *value;     /* NULL: rows */
	struct node *condition; /* NULL: all */
	struct node *share_key; /* shared(): the value is divided by the number of rows with this key */
	double p;               /* AGGREGATE_PERCENTILE: 0…1 */
	bool money;             /* value is money, or a number of minor units */
	bool witness;           /* not asked for: counts the values of another one that are in `currency` */
	unsigned currency;
	unsigned twin; /* the first aggregate of the same values and kind; itself where there is none */
};

struct pass {
	enum fact fact;
	const struct column *on;  /* the time that bare periods go by */
	struct node *condition;   /* where, scope and existence; NULL: all rows */
	struct node *time;        /* what the period restricts; NULL: no period */
	struct node **dimensions; /* plan->dimension_count of them */
};

enum formula_kind {
	FORMULA_AGGREGATE,
	FORMULA_NUMBER,
	FORMULA_ADD,
	FORMULA_SUBTRACT,
	FORMULA_MULTIPLY,
	FORMULA_DIVIDE,
	FORMULA_NEGATE,
	FORMULA_RUNNING
};

struct formula {
	enum formula_kind kind;
	enum answer_type type;
	enum unit unit;
	struct formula *a, *b;
	unsigned aggregate;
	double number;
	bool from_top;
};

/* One of the measures asked about, and its part of the plan. */
struct asked {
	struct script measure;
	struct formula *formula;
	size_t first, end;    /* its aggregates */
	unsigned n_aggregate; /* the one whose rows are the answer's n */
};

struct dimension {
	const struct tree *tree; /* without top() */
	struct str text;
	unsigned top; /* 0: all */
};

struct plan {
	const struct facts *facts;
	struct arena *arena;
	struct err *err;
	struct scope scope;
	struct script measure, by, where;
	const struct tree *where_tree;
	enum fact of;
	int32_t as_of;
	uint32_t end; /* first second after the as-of day */
	bool period;  /* rows are restricted to [period_start, period_end) of their pass's time */
	uint32_t period_start, period_end;
	bool one_currency; /* only money in `currency` is known; REF_NONE: no row has it */
	uint32_t currency;
	bool past; /* before the last day: historic columns come from history */
	bool no_history;
	bool names_voided; /* the question speaks of leads that are none, so they are among its rows */
	struct str hint;   /* see struct answer */
	int hints;         /* names told there */
	unsigned slot_count;
	struct aggregate *aggregates;
	size_t aggregate_count, aggregate_capacity;
	size_t first_aggregate; /* of the measure being planned */
	struct pass *passes;
	size_t pass_count, pass_capacity;
	struct dimension *dimensions;
	size_t dimension_count;
	struct asked *asked;
	size_t asked_count;
	unsigned threads;                         /* to run on at most; 0: one a core */
	const struct column **views[FACT__COUNT]; /* columns as of that day, made on demand */
	struct dict **key_dicts;                  /* of key columns used as names */
	size_t key_dict_count, key_dict_capacity;
};

/* Sets up everything a plan needs besides its expressions. plan_release always, also after errors. */
int plan_init(struct plan *plan, const struct facts *facts, const struct question *question, struct arena *arena,
	      struct err *err);
void plan_release(struct plan *plan);
/* by and where of the question, and its measures. */
int plan_measures(struct plan *plan, const char *const *measures, size_t count);
/* Which rows of a fact are asked about: where, scope and existence, and the time that a period restricts (both may be NULL). */
int plan_rows(struct plan *plan, enum fact fact, struct node **condition, struct node **time);

/* Leaves out what is no lead: see "What counts as a lead" in docs/measures.md. Once all the question's names are known. NULL: nothing. */
struct node *plan_no_void(struct plan *plan, enum fact fact, struct node *condition);

/* Both conditions; either may be NULL. */
struct node *plan_both(struct plan *plan, struct node *a, struct node *b);
/* The pass over that fact that goes by that time, made where there is none. */
unsigned plan_find_pass(struct plan *plan, enum fact fact, const struct column *on);

/* ---- plan_formula.c, plan_aggregate.c ---- */
struct formula *plan_formula(struct plan *plan, const struct tree *tree);
struct formula *plan_aggregate(struct plan *plan, const struct tree *call);
/* More time, more of it: a count or a sum. Shares, averages and medians stay what they are over a longer time. */
bool formula_adds_up(const struct plan *plan, const struct formula *f);
struct formula *formula_new(struct plan *plan, enum formula_kind kind, enum answer_type type);
/* Points at a part of the measure. Returns false. */
bool plan_fail(struct plan *plan, const struct tree *tree, const char *text);

/* ---- names.c: what a path means ---- */
struct compiler {
	struct plan *plan;
	const struct script *script;
	enum fact fact;
};
/* The column as of the plan's day. */
const struct column *plan_view(struct plan *plan, const struct column *column);
/* A key column as names. */
const struct column *plan_key_names(struct plan *plan, const struct column *column);
struct node *node_new(struct plan *plan, enum op op, enum value_type type);
/* NULL and no error when it names nothing; NULL and an error when it is wrong. */
struct node *compile_path(struct compiler *c, const struct tree *tree, bool quiet);

/* ---- compile.c: expressions over rows ---- */
struct node *compile(struct compiler *c, const struct tree *tree);
/* Any expression as a condition. */
struct node *compile_condition(struct compiler *c, const struct tree *tree);
/* ---- compare.c ---- */
struct node *compile_compare(struct compiler *c, const struct tree *tree);
struct node *compile_in(struct compiler *c, const struct tree *tree);
struct node *compile_between(struct compiler *c, const struct tree *tree);
struct node *compile_is(struct compiler *c, const struct tree *tree);

bool period_by_name(struct str name, enum period *period);
double period_of_date(const struct facts *facts, enum period period, int32_t date);
struct str period_label(const struct facts *facts, enum period period, double index, struct arena *arena);
/* False when the text is no label of that kind. */
bool period_parse(const struct facts *facts, enum period period, struct str label, double *index);
const char *type_name(enum value_type type);

/* ---- share.c: what is the same is worked out once ---- */
/* Equal nodes of all passes become one; equal aggregates know each other. Called once, when the plan is complete. */
void plan_share(struct plan *plan);

/* ---- eval.c: values of a batch ---- */
struct vec {
	union {
		const void *any;
		const uint8_t *bits;
		const uint32_t *codes;
		const double *numbers;
		const int64_t *moneys;
	} at;
	uint8_t width;           /* names and money: bytes of one, as in packed.h; of other types there is one width */
	uint8_t one_currency;    /* money: of all where `currency` is NULL */
	const uint8_t *currency; /* money */
};

static inline uint32_t vec_name(const struct vec *vec, uint32_t i)
{
	return code_at(vec->at.any, vec->width, i);
}
static inline int64_t vec_money(const struct vec *vec, uint32_t i)
{
	return money_at(vec->at.any, vec->width, i);
}
static inline uint8_t vec_currency(const struct vec *vec, uint32_t i)
{
	return vec->currency ? vec->currency[i] : vec->one_currency;
}

/* A column that is read where it stands. */
struct stream {
	const char *at;
	unsigned width;
};

enum { MOST_STREAMS = 24 };

struct worker {
	const struct plan *plan;
	struct arena arena;
	struct vec *vecs; /* by slot: values of the rows at hand */
	uint64_t *made;   /* by slot: the stamp for which they were worked out */
	void **buffers;   /* by slot: where they are put when they are not read in place */
	uint8_t **currencies;
	uint32_t *rows; /* space to follow references */
	uint64_t stamp; /* of the rows at hand */
	uint32_t start, count;
	uint32_t room;                       /* at most so many rows are at hand */
	const uint32_t *chosen;              /* the rows at hand; NULL: start … start + count − 1 */
	struct stream streams[MOST_STREAMS]; /* all that were read so since it began */
	unsigned stream_count;
};

/* Sends for the 64 rows that are `ahead` rows after those at hand, so that memory works while the processor counts. A call of a function
 * without results is left out by GCC, which does not see that prefetching is one: hence always_inline. */
__attribute__((always_inline)) static inline void worker_fetch(const struct worker *worker, uint32_t ahead)
{
	for (unsigned s = 0; s < worker->stream_count; s++) {
		size_t row = (size_t)worker->start + worker->count + ahead;
		const char *at = worker->streams[s].at + row * worker->streams[s].width;

		for (unsigned line = 0; line < worker->streams[s].width; line++)
			__builtin_prefetch(at + 64 * line, 0, 2);
	}
}

void worker_init(struct worker *worker, const struct plan *plan);
/* For so many rows at a time: where there are few, room for many would cost more than the rows. */
void worker_init_few(struct worker *worker, const struct plan *plan, uint32_t rows);
void worker_release(struct worker *worker);
/* The rows that eval() is about from now on: consecutive ones, or those listed (borrowed). count ≤ BATCH_ROWS, or what it
 * was made for. */
void worker_range(struct worker *worker, uint32_t start, uint32_t count);
void worker_choose(struct worker *worker, const uint32_t *rows, uint32_t count);
/* The node's values of the rows at hand; valid until others are. */
struct vec eval(struct worker *worker, const struct node *node);
/* Is it a column of packed numbers? Then eval_packed gives their codes: as they stand, or gathered into `space`. */
bool is_packed(const struct node *node);
struct vec eval_packed(struct worker *worker, const struct node *node, void *space);
/* The first second of a column of times that counts as not reached any more; UINT32_MAX: there is none. */
uint32_t time_cut(const struct plan *plan, const struct node *node);
/* Where a condition is a time of the row within fixed bounds: the time, and low ≤ t < high. */
bool time_bounds(const struct plan *plan, const struct node *node, const struct column **column, uint32_t *low,
		 uint32_t *high);

/* ---- zones.c: what a stretch of rows can hold ---- */
enum surely { SURELY_NOT, PERHAPS, SURELY };
/* Whether a condition holds for the rows of a chunk, from the least and greatest of its columns there. */
enum surely zone_condition(const struct plan *plan, const struct node *node, uint32_t chunk);
/* Whether the rows of a chunk lie in the plan's period. */
enum surely zone_period(const struct plan *plan, const struct node *time, uint32_t chunk);

/* ---- group.c: groups of rows ---- */

/* Codes for values that have none: numbers, durations, periods. Small whole ones are their own code, others are kept by open
 * addressing. Code 0 is empty. */
struct interner {
	uint64_t *bits; /* by code − SMALL_NUMBERS */
	uint32_t count, capacity;
	uint32_t *slots; /* place + 1, 0 = free */
	uint32_t slot_count;
};

/* Whether codes of that type are made by an interner. */
bool is_interned(enum value_type type);
uint32_t intern(struct interner *in, double value);
double interned(const struct interner *in, uint32_t code);
void interner_release(struct interner *in);

/* Groups by the tuple of their codes. Where the product of the codes' numbers is small, a table by cell finds them, else a hash. */
struct grouper {
	size_t dimensions;
	uint32_t stride[8]; /* of each dimension in a cell; all 0: by hash */
	uint32_t *keys;
	uint32_t count, capacity;
	uint32_t *slots; /* group + 1 */
	uint32_t slot_count;
	uint32_t *direct; /* group + 1 by cell */
	uint32_t direct_count;
};

/* How many codes a dimension can have; 0: nobody knows before. */
uint64_t codes_of(const struct plan *plan, const struct node *node);
void grouper_init(struct grouper *grouper, const struct plan *plan, unsigned pass);
void grouper_release(struct grouper *grouper);
/* Forgets all groups and gives their keys away (owned, [group × dimensions]). */
uint32_t *grouper_take(struct grouper *grouper);
uint32_t group_of(struct grouper *grouper, const uint32_t *key);
/* The groups of `count` rows, codes by dimension (any width); out is theirs. */
void grouper_rows(struct grouper *grouper, const struct vec *codes, uint32_t count, uint32_t *out);

/* ---- tally.c: what is known of each group ---- */
struct accumulator {
	int64_t n;     /* values (rows where there is no value) */
	int64_t rows;  /* rows that met the conditions, with or without a value */
	int64_t minor; /* exact sum of money */
	double sum, min, max;
	int64_t unknown, negative;
};

struct pair {
	uint32_t group;
	double value;
};

/* Mergeable: two of them over different rows add up. */
struct tally {
	struct accumulator *groups; /* by group of the pass */
	struct pair *pairs;         /* percentiles: values; distinct: codes */
	size_t pair_count, pair_capacity;
	bool overflow;
};

/* One thread's tools, and the tallies of the stretch of rows at hand. */
struct tallier {
	struct plan *plan;
	unsigned pass;
	struct worker worker;
	struct grouper grouper;
	struct interner *interners; /* by dimension */
	struct tally *tallies;      /* by aggregate of the plan */
	uint32_t capacity;          /* groups they have room for */
	uint32_t **codes;           /* [dimension][row of the batch]: codes that stand nowhere else; then the groups */
	uint32_t plain;    /* so many groups, which are the codes of the one dimension, a byte each; 0: by `grouper` */
	bool valued;       /* some aggregate has values */
	uint8_t *seen;     /* by group: some row counts, or may */
	struct vec groups; /* by row of the batch */
	uint32_t *places, *chosen, *undated, *space;
	uint8_t *mask, *selection;
	const uint8_t *selected; /* the rows at hand that count; NULL: all do */
	bool by_bits;            /* rows that do not count may be at hand: their groups are cheap */
	double *shares;
	struct counts *counts; /* how many rows of each group meet each condition */
	size_t counts_count;
	uint32_t **share_counts; /* by aggregate: rows with that key; NULL where keys stand together. Common to all */
};

void tallier_init(struct tallier *tallier, struct plan *plan, unsigned pass);
void tallier_release(struct tallier *tallier);
/* The rows at hand of the worker, or the selected ones of them, count; `undated`: nobody knows whether they lie in the period. */
void tally_rows(struct tallier *tallier, bool undated);
/* How many groups there are, seen or not. */
uint32_t tally_groups(const struct tallier *tallier);
/* Ends a stretch: what was counted goes into the tallies. Counts by plain groups only in the tallier's last one, for all of them. */
void tally_settle(struct tallier *tallier, bool last);
void tallies_release(const struct plan *plan, struct tally *tallies);
/* Room for groups up to `count`, the new ones empty. */
void tally_room(struct tally *tally, uint32_t from, uint32_t count);
/* Adds a stretch's tally; its groups are called renamed[group] here, UINT32_MAX those without rows. */
void tally_merge(struct tally *into, const struct tally *from, const uint32_t *renamed, uint32_t count);
bool accumulator_merge(struct accumulator *into, const struct accumulator *from);

/* ---- columns.c: passes ---- */
struct pass_result {
	uint32_t group_count;
	uint32_t *keys;             /* [group × dimensions]: code of the label */
	struct tally *tallies;      /* by aggregate of the plan; those of other passes are empty */
	struct interner *interners; /* by dimension */
};

/* What a dimension's codes are called. */
struct label {
	struct str text;
	double order; /* of times, stages and numbers */
	bool ordered, empty;
};

int pass_run(struct plan *plan, unsigned pass, struct pass_result *result);
void pass_result_release(const struct plan *plan, struct pass_result *result);
/* The label of a code of a dimension. */
struct label pass_label(const struct plan *plan, const struct pass_result *result, unsigned pass, size_t dimension,
			uint32_t code);

/* ---- values.c: percentiles and distinct counts ---- */
struct grouped_values {
	double *values;
	size_t *starts; /* [group + 1] */
};
/* The values of groups, called renamed[group] here, next to each other. */
struct grouped_values values_by_group(const struct tally *tally, const uint32_t *renamed, size_t groups,
				      struct arena *arena);
/* Both put the values into another order. At least one value. */
double values_percentile(double *values, size_t count, double p);
size_t values_distinct(double *values, size_t count);

/* ---- answer.c ---- */
int answer_build(struct plan *plan, const struct asked *asked, struct pass_result *results, struct answer *answer);

/* ---- text of values, for labels and listings ---- */
struct str number_text(double number, struct arena *arena);
/* "2017-12-31", or with the time of day where it is not midnight. */
struct str time_text(const struct zone *zone, uint32_t t, struct arena *arena);
struct str money_text(int64_t minor, const char *currency, struct arena *arena);
/* The text as it was asked, with single spaces outside quotes. */
struct str tidy_text(struct str text, struct arena *arena);

#endif
