/* How facts stand in memory. Private to src/facts (and to tests that build facts by hand, through facts_builder.h).
 *
 * Invariants once built (facts_finish): every name code is below its dictionary's count; references are rows of the target fact or
 * REF_NONE; the versions of a historic column are ordered by row, then time; values stand as narrow as they allow (packed.h).
 * A column in which no row has anything has no array (`at.any` NULL): every value of it is empty.
 */
#ifndef FACTS_STORE_H
#define FACTS_STORE_H

#include "facts/facts.h"
#include "facts/key_list.h"

enum { FLAG_EMPTY = 0, FLAG_NO = 1, FLAG_YES = 2 };

/* Names and their codes. Code 0 is the empty name. Sealed once the facts are built: then it takes no more, and has no table. */
struct dict {
	uint64_t *places;     /* while it takes names: by hash, the upper half of the hash and the code; 0 = free */
	uint32_t place_count; /* power of two, or 0 */
	struct arena names_arena;
	struct str *names;
	char *text; /* sealed: all names, one after another, each with a NUL */
	uint32_t count, capacity;
	bool sealed, borrowed; /* borrowed: `text` belongs to a mapped file */
	uint32_t recent[32];   /* codes met lately, while there is a table: most columns have few names */
};

void dict_init(struct dict *dict);
void dict_release(struct dict *dict);
uint32_t dict_code(struct dict *dict, struct str name); /* made where absent */
/* The same for many, none of them empty: they may be anywhere in memory. */
void dict_codes(struct dict *dict, const struct str *names, size_t count, uint32_t *codes);
/* UINT32_MAX when there is none such. Spelling as it stands; see dict_matches for ASCII case ignored. */
uint32_t dict_find(const struct dict *dict, struct str name);
/* The codes that `to` has for the names of `from`: `codes` has from->count items; UINT32_MAX where it has none. */
void dict_translate(const struct dict *from, const struct dict *to, uint32_t *codes);
void dict_seal(struct dict *dict);
/* A sealed one takes new names again; those it has keep their codes. */
void dict_reopen(struct dict *dict);

/* One value of a historic column from a moment on. */
struct version {
	uint32_t row;
	uint32_t from;  /* seconds */
	uint32_t order; /* of equal times the one told last holds */
	uint8_t currency, none[3];
	union {
		int64_t minor; /* first, so that all bytes are set */
		uint32_t code, time;
		double number;
	} value;
};

/* What FACT_CHUNK rows of a time column hold. */
struct chunk_range {
	uint32_t least, most; /* of the known times; least > most: none */
	bool empty, unknown;  /* some are not reached; some are unknown */
};

struct column {
	struct column_def def;
	enum fact fact;
	uint8_t width; /* bytes of one value: packed.h says which there are; column_type_bytes() while facts are made */
	union {
		void *any;
		/* at full width only; packed.h reads any */
		uint32_t *times, *codes, *refs;
		double *numbers;
		int64_t *moneys;
		uint8_t *flags;
		struct key_list *keys;
	} at;
	uint32_t capacity; /* values that the arrays have room for, where there are any */
	bool borrowed;     /* the arrays belong to a mapped file */
	uint32_t *bases;   /* COLUMN_REF below full width: by block of rows */
	uint8_t *currency; /* COLUMN_MONEY: place in facts->currencies; NULL: all are in `one_currency` */
	uint8_t one_currency;
	struct dict *dict;   /* COLUMN_NAME: owned */
	uint32_t last_time;  /* COLUMN_TIME: greatest known, 0 = none */
	uint32_t first_time; /* COLUMN_TIME: least known, UINT32_MAX = none */
	uint64_t unresolved; /* COLUMN_REF: references to records that are not there, or to several of that name */
	struct chunk_range *ranges; /* COLUMN_TIME: by chunk; NULL: not known */
	uint32_t longest_run;     /* COLUMN_REF: references ascend, and at most so many stand together; 0: not known */
	struct version *versions; /* historic columns */
	size_t version_count, version_capacity;
};

struct fact_table {
	struct column **columns;
	const struct column_def **defs; /* the same, as the catalogue shows them */
	size_t column_count, column_capacity;
	uint32_t rows, capacity;
	struct dict source_names; /* whose record a row is: for refs and labels */
	uint32_t *sources;        /* codes by row; NULL while all rows have the code `source` */
	uint32_t source;
	uint32_t *
		subjects; /* leads: the record's number in the book by row, so that it is read again at once; 0 = not known; NULL: of none */
	bool borrowed; /* `sources` and `subjects` belong to a mapped file */
};

#define MAX_CURRENCIES 250

/* A colleague as rows name them, for rows that come later. Key and source are hashes, as in load.h. */
struct facts_colleague {
	uint64_t key, source;
	struct str name, team, region, partner;
};

/* A reference that no record answers by its key: by an address or a name, or to what is not there (yet). */
struct tie {
	uint64_t told; /* as links keep it (load.h) */
	uint32_t row;
	uint8_t fact, link;
	uint8_t missing; /* counts as unresolved */
	uint8_t none;
};

/* A stage change: visits are made of several of them, and keep none. */
struct told_move {
	uint64_t subject; /* its number in the book */
	uint64_t told;    /* whose move it is, as links keep it */
	uint64_t missing; /* there is no such deal */
};

/* What must be known of rows that are there when others come or change. */
struct ties {
	struct tie *items;
	size_t count, capacity;
	struct told_move *moves; /* by subject */
	size_t move_count, move_capacity;
	uint64_t *names; /* hashes of what accounts are called */
	size_t name_count, name_capacity;
	uint64_t persons; /* contacts there are */
};

struct facts {
	struct fact_table tables[FACT__COUNT];
	struct arena arena; /* custom names, stages, imports */
	void *map;          /* the columns snapshot that columns are borrowed from, or NULL */
	size_t map_bytes;
	struct zone *zone;
	struct book_settings settings;
	struct book_head head;
	uint64_t papers_seq; /* the head when papers or imports were last taken up; 0: with the first load */
	struct book *book;   /* borrowed, may be NULL: names of deals are opened on demand */
	int64_t known_at_ms;
	int32_t first_day, last_day, as_of;
	char currencies[MAX_CURRENCIES][4]; /* [0] is the book's own */
	unsigned currency_count;
	struct stage_def *stages;
	size_t stage_count;
	struct agreed_limit *agreed; /* of stages, by `calendar` */
	size_t agreed_count;
	const struct calendar *calendar;
	struct facts_colleague *colleagues;
	size_t colleague_count;
	struct ties ties;
	const struct key_index *lead_keys; /* borrowed; NULL: who looks for a key walks over all */
	bool leads_by_email;               /* some reference to a lead is by its address */
	struct arena imports_arena;
	struct import *unfinished; /* in imports_arena */
	size_t unfinished_count;
	uint32_t *events; /* by local day, as far as the last one: how often something happened */
	uint32_t event_days;
	/* Offset from UTC in seconds at the start of each UTC day from offset_day on; where two neighbours differ, the zone is asked. */
	int32_t *offsets;
	int32_t offset_day;
	uint32_t offset_count;
};

/* The column of that name, or NULL. */
struct column *facts_column(const struct facts *facts, enum fact fact, struct str name);
/* Likewise for names the program itself wrote: BUG() when absent. */
struct column *facts_known_column(const struct facts *facts, enum fact fact, const char *name);
/* The time column that a row's existence and bare periods go by: created, entered, at, day, booked. */
const char *fact_main_time(enum fact fact);

/* Local calendar date of an instant. `t` must be a known time. */
int32_t facts_date(const struct facts *facts, uint32_t t);
/* First second of a local date, clamped into the range of times. */
uint32_t facts_day_start(const struct facts *facts, int32_t date);
/* Does a time of the column show how far the data go? Expected and promised ones lie ahead. */
bool column_shows_extent(const struct column *column);
/* First and last day, as-of day and the zone's offsets, from the columns' first and last times (column_note). */
void facts_settle(struct facts *facts, int32_t today);
/* The same of columns of which the notes are true already, as are the events by day. */
void facts_resettle(struct facts *facts, int32_t today);
/* Counts (by = 1) or takes back (by = -1) an event. */
void facts_event(struct facts *facts, uint32_t t, int by);
/* The stage of that name; NULL when nobody declared it. */
const struct stage_def *facts_stage(const struct facts *facts, struct str name);

/* What was agreed of it; NULL: nothing. */
const struct agreed_limit *facts_agreed_limit(const struct facts *facts, struct str stage);

/* Whose record the row is; empty in facts built by hand. */
struct str facts_source(const struct facts *facts, enum fact fact, uint32_t row);
/* Bytes of one value in a column's array at full width. */
size_t column_type_bytes(enum column_type type);

/* The catalogue's list of a fact's columns; ends with a nameless one. */
const struct column_def *catalogue_of(enum fact fact);

/* Notes what a column's values are like as a whole (first_time … longest_run); again whenever values have changed. A copy with other
 * values must have neither ranges nor runs. */
void column_note(struct column *column, uint32_t rows);

/* History: a historic column as it stood at the end of a day (see history.c). */
struct history_view {
	uint32_t end;     /* first second after the as-of day */
	bool *no_history; /* set where a value is not known for that day */
};
/* A copy of `column` with the values of that day; borrows the dictionary. */
struct column *history_column(const struct facts *facts, const struct column *column, struct history_view view,
			      struct arena *arena);

/* A derived column that a row's own times tell: open and age. NULL: it is none; derive_column makes it. In the arena. */
struct row_rule;
const struct row_rule *derive_rule(const struct facts *facts, const struct column *column, int32_t as_of, uint32_t end,
				   struct arena *arena);
/* Its flags or numbers of those rows (REF_NONE: empty), or of those from `start` on where `rows` is NULL. */
void derive_rows(const struct row_rule *rule, const uint32_t *rows, uint32_t start, uint32_t count, void *out);
/* The others, computed for one as-of day (derive.c). `end` is the first second after it. */
struct column *derive_column(const struct facts *facts, const struct column *column, int32_t as_of, uint32_t end,
			     bool present, bool *no_history, struct arena *arena);

#endif
