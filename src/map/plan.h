/* A parsed map, as the files of src/map/ see it. Everything lives in the arena that map_parse was given. */
#ifndef MAP_PLAN_H
#define MAP_PLAN_H

#include "domain/object.h"
#include "io/csv.h"
#include "io/yaml_words.h"
#include "map/cells.h"
#include "map/map.h"

#define MAP_MAX_KEY 8      /* columns of a compound key */
#define MAP_MAX_JOIN 8     /* columns joined into one field, or to choose the filled one from */
#define MAP_MAX_OBJECTS 16 /* records that one row speaks of */

struct translation {
	struct str from, to;
};

enum preference {
	PREFER_NONE,   /* in a preset, two of them in one file are ambiguous; in a map of your own the first counts */
	PREFER_FIRST,  /* the first that the file has */
	PREFER_FILLED, /* row by row, the first that is not empty */
};

/* Column names in order of preference. */
struct column_choice {
	struct names names;
	enum preference prefer;
	int line, column; /* in the map */
};

/* How one field gets its value. */
struct rule {
	const struct field_def *def; /* NULL: custom, or the row's currency */
	struct str name;             /* of the field */
	enum field_type type;
	bool is_currency; /* not a field: the currency of the row's amounts */
	struct column_choice from;
	struct column_choice at; /* a milestone's flag column says whether, this one when */
	struct names join;       /* several columns, put together with `with` between them */
	struct str with;
	bool constant;
	struct str constant_text;
	struct translation *values;
	size_t value_count;
	bool has_otherwise;
	struct str otherwise; /* for cells that `values` does not list */
	enum ref_by by;
	unsigned date_order; /* 0: find out */
	char mark;           /* 0: find out */
	int64_t times;       /* numbers are multiplied by this; 0 and 1: not */
	int times_scale;     /* … divided by ten to the power of this */
	char clock;          /* what "4:31" is: 'h' hours and minutes, 'm' minutes and seconds, 0 not said */
	int64_t divide;      /* … and divided by this, to two digits; 0: not */
	struct str means;    /* a custom field's sentence */
	int line, column;
};

struct stage_meaning {
	struct str name;
	struct str means;
	bool bid;
	int64_t limit_days; /* 0: none stated */
};

struct stage_date {
	struct str stage; /* empty: `from` is a pattern, its star is the stage */
	struct column_choice from;
};

/* Rows for which something holds. */
struct condition {
	bool given;
	struct column_choice from;
	struct names values;
	bool negated; /* is not */
};

/* won, lost, open … from a status column, or from two or three flags. */
struct outcome {
	bool given;
	struct column_choice status;
	struct translation *values;
	size_t value_count;
	struct column_choice won, lost, closed; /* flags */
	int line, column;
};

/* One kind of record that a row speaks of. */
struct map_object {
	enum object as;
	struct column_choice key[MAP_MAX_KEY];
	size_t key_count; /* 0: rows are known by their content */
	struct rule *rules;
	size_t rule_count;
	struct stage_meaning *stages;
	size_t stage_count;
	struct stage_date *stage_dates;
	size_t stage_date_count;
	struct outcome outcome;
	struct condition only;
	int line, column;
};

/* Defaults of a map and of a file. */
struct manner {
	unsigned date_order;
	char mark;
	char currency[4];
	struct str zone;
	struct names empty; /* more words that mean nothing */
};

struct map_file {
	struct names match;           /* globs; none: by header */
	struct column_choice *header; /* columns that must be there */
	size_t header_count;
	struct str skip; /* why it is left out */
	struct csv_options csv;
	struct manner manner;
	struct condition skip_rows;
	struct map_object *objects; /* [0]: the row's own, then `also` */
	size_t object_count;
	struct translation *ambiguous; /* column → the fields it could be */
	size_t ambiguous_count;
	int line, column;
};

struct map {
	struct str name, source, about;
	struct str version; /* hash of the text */
	const char *path;   /* as given, for messages */
	bool optional;      /* columns that are not there are left out instead of refused */
	bool preset;        /* two columns for one field: neither is taken */
	struct map_file *files;
	size_t file_count;
};

const char *date_order_text(unsigned order);
/* Where a column stands in a header: exact name, else the same letters in another case; -1. */
int header_find(const struct csv_row *header, struct str name);
/* The first of the choice that is there, or -1; *others counts those that are there as well. */
int header_choose(const struct csv_row *header, const struct column_choice *choice, int *others);
/* "created_date" for "Created Date"; NULL when none is near. */
const char *header_nearest(const struct csv_row *header, struct str name, struct arena *arena);

#endif
