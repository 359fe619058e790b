/* A map bound to one header. Private to src/map: reader_bind.c makes it, reader_scan.c goes over the whole file once, reader.c reads rows,
 * reader_notes.c says what a person should know. */
#ifndef MAP_READER_H
#define MAP_READER_H

#include "base/arena.h"
#include "base/table.h"
#include "map/formats.h"
#include "map/plan.h"

#define EXAMPLES 5

enum {
	OUTCOMES = 4,  /* won, lost, discontinued, on hold */
	MAX_LINKS = 4, /* as many fields as one object has that name another */
};

/* One column looked at for one purpose. */
struct lens {
	int column; /* of the row's own cells; -1: none */
	bool is_date, is_number;
	unsigned order; /* stated or found */
	char mark;
	bool stated;     /* the map says how */
	bool whole_days; /* every time of the column is midnight: dates */
	struct date_evidence *dates;
	struct number_evidence *numbers;
};

struct bound {
	const struct rule *rule;
	struct lens lens, at;
	int join[MAP_MAX_JOIN];
	size_t join_count;
	int instead[MAP_MAX_JOIN]; /* columns to look at where the first is empty */
	size_t instead_count;
	struct value constant;
	struct str kind;   /* of name, for look-alike spellings; empty: none */
	size_t names_kind; /* its number, once the reader has the names */
};

struct bound_condition {
	int column; /* -1: no condition */
	const struct condition *plan;
};

struct bound_stage_date {
	struct str stage;
	struct lens lens;
};

struct bound_object {
	const struct map_object *plan;
	int key[MAP_MAX_KEY];
	struct bound *bounds;
	size_t count;
	int currency; /* which of the bounds is the row's currency; -1 */
	struct bound_condition only;
	struct bound_stage_date *stage_dates;
	size_t stage_date_count;
	bool outcome;
	int status, won, lost, closed;
	struct record_field *fields;      /* room for one record's */
	struct record_field *date_fields; /* three for each stage date */
	struct {
		const struct field_def *def;
		size_t to; /* which object of the row */
	} links[MAX_LINKS];
	size_t link_count;
};

/* The row that counts of those under one key: the last of them that is not rejected. Until rows were weighed, the last of all. */
struct standing {
	uint32_t last_line; /* 0: none of them is good */
	bool contested;     /* they differ */
	uint64_t content;
};

/* Distinct words worth naming, with how often they stood. */
struct tally {
	struct table counts;
	uint64_t total;
};

struct reader {
	const struct map *map;
	const struct map_file *file;
	struct reader_settings settings;
	int64_t observed_ms;
	struct zone *own_zone;
	const struct zone *zone;
	char currency[4];
	struct arena arena;    /* as long as the reader */
	struct arena scratch;  /* one row */
	struct csv_row header; /* own columns */
	size_t shift;          /* 3 in a rejects file */
	struct bound_condition skip;
	struct bound_object *objects;
	size_t object_count;
	struct lookalikes *names; /* NULL: not asked for */
	bool dated;               /* rows carry their own time of change */
	struct mapped_column *columns;
	struct record *records;
	size_t max_records;
	struct record *definitions;
	size_t definition_count;

	/* keys of the file */
	struct table keys;
	struct standing *standing;
	size_t standing_count, standing_capacity;
	bool repeated;  /* one of them stands twice */
	bool contested; /* … with other contents */
	bool weighing;
	struct table occurrences;

	/* what to tell */
	uint64_t odd_emails, phone_keys, error_cells, rounded_cells, identical_rows, superseded_rows, future_rows;
	struct str superseded_key;
	struct tally odd_stages, odd_origins, odd_outcomes, other_currencies;
	struct tally open_addresses; /* by custom field: those are not sealed */
};

/* Stands this row in the file at all: a repeated header or a row the map leaves out? */
enum row_kind reader_class(const struct reader *reader, const struct csv_row *own);
/* True when the cell is one of the map's words for nothing. */
bool reader_empty_word(const struct reader *reader, struct str cell);
bool condition_holds(const struct bound_condition *condition, const struct csv_row *own);
const struct translation *translation_of(const struct translation *list, size_t count, struct str cell);
/* The row's key, in the scratch arena or borrowed; an empty one where the columns are empty. */
struct str reader_key(struct reader *reader, const struct bound_object *object, const struct csv_row *own);
uint64_t reader_content(const struct csv_row *own);

struct str own_cell(const struct csv_row *own, int column);

void reader_define(struct reader *reader);

#endif
