/* Mapping files: which column of a file is which field, and how its cells read. Presets are mapping files that come with the program.
 *
 * A map is YAML (examples/maps/, presets/; docs/maps.md has every key):
 *
 *   map: maven_crm                 # its name
 *   source: maven_crm              # whose ids these are; joins hold within one source
 *   files:
 *     - match: sales_teams.csv     # by file name (glob), or `header: [col, col]`: by columns that must be there
 *       as: people
 *       key: sales_agent           # the record's id; without one, rows are known by their content
 *       fields: {name: sales_agent, manager: manager, team: manager, region: regional_office}
 *     - match: sales_pipeline.csv
 *       as: opportunities
 *       key: opportunity_id
 *       dates: yyyy-mm-dd          # default: found out from the column, refused where two readings fit
 *       numbers: "1,234.56"        # how numbers are written; default: found out
 *       fields:
 *         owner: sales_agent
 *         product: {column: product, values: {GTXPro: GTX Pro}}
 *         account: account         # a reference: by the other file's key
 *         lead: {column: Email, by: email}
 *         currency: {constant: EUR}
 *         amount: close_value
 *       custom:                    # fields of your own: usable like any other
 *         series: {column: series, means: "product line"}
 *         size: {column: size, type: number, means: "…"}
 *       stages: {Prospecting: open, Engaging: open, Won: won, Lost: lost}   # in pipeline order
 *       stage dates: {Engaging: engage_date}   # columns that say when a stage was entered
 *       skip rows: {when: status, is: [Test]}
 *     - match: data_dictionary.csv
 *       skip: "describes the other files"
 */
#ifndef MAP_MAP_H
#define MAP_MAP_H

#include "base/arena.h"
#include "base/err.h"
#include "base/problem.h"
#include "base/zone.h"
#include "domain/object.h"
#include "io/csv.h"

struct map;      /* a parsed mapping file */
struct map_file; /* one of its `files` */

/* Parses; every mistake is a problem with line and column, several at once. Returns 0 and NULL in *out when refused. */
int map_parse(const struct map **out, struct str text, const char *name, struct arena *arena, struct problems *problems,
	      struct err *err);
struct str map_name(const struct map *map);
struct str map_source(const struct map *map);

/* The part of the map that fits this file: by name, else by header; NULL when none fits. `as` narrows (OBJECT_NONE: any). */
const struct map_file *map_for(const struct map *map, const char *path, const struct csv_row *header, enum object as);

/* Presets: recognised from the header alone. */
const struct map *preset_named(struct str name, struct arena *arena, struct err *err);
/* The one preset that fits best, NULL when none or two fit alike (then `problems` says which). */
const struct map *preset_for(const struct csv_row *header, enum object as, const struct map_file **file, struct arena *arena,
			     struct problems *problems, struct err *err);

/* What a person is told before anything is written. */
struct mapped_column {
	struct str column; /* of the file */
	struct str field;  /* empty: not mapped */
	struct str note;   /* "dates read as dd.mm.yyyy", "ambiguous: created or modified", "3 look-alikes: GTXPro / GTX Pro" */
};

/* A map compiled against one header: made once per file, then rows stream through. */
struct reader;

struct reader_settings {
	const struct zone *zone;      /* for dates without one */
	const char *currency;         /* for amounts without one */
	int64_t observed_ms;          /* for rows without their own "modified" */
	const char *path;
};

/* Two passes over the file are allowed: a first over a sample (up to 10,000 rows) finds date and number formats. Problems name what
 * is missing ("column close_value is not in the file; did you mean close value?"). Returns owned. */
int reader_new(struct reader **out, const struct map *map, const struct map_file *file, struct csv *csv,
	       const struct reader_settings *settings, struct problems *problems, struct err *err);
void reader_free(struct reader *reader);

enum row_kind {
	ROW_GOOD,
	ROW_BAD,          /* `problems` says why: goes to the rejects */
	ROW_INNER_HEADER, /* at least half of its non-empty cells equal the header */
	ROW_SKIPPED,      /* the map says so */
};

/* One row understood. A row may speak of more than one record (a deal and its stage dates): records[0] is the row's own. Everything is
 * valid until the next call. Key of rows without id: hash of all cells plus occurrence; desk/ asks for it through the hook. */
struct understood {
	struct record *records;
	size_t count;
	bool identical; /* the same row stood in this file before */
};
enum row_kind reader_row(struct reader *reader, const struct csv_row *row, struct understood *out, struct problems *problems);

/* Records that belong to the map rather than to a row: what stages mean, what custom fields are. */
void reader_definitions(struct reader *reader, struct record **records, size_t *count);

enum object reader_object(const struct reader *reader);
size_t reader_columns(const struct reader *reader, const struct mapped_column **columns);
/* Spellings of one name column that look alike: suggestions, never merged silently. Complete after the last row. */
size_t reader_lookalikes(const struct reader *reader, struct arena *arena, struct str **sentences);

#endif
