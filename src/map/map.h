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
#include "base/table.h"
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
/* Eight letters that change with the map's text. */
struct str map_version(const struct map *map);

/* What a map says about reading a file of this name, before the file is opened: separator, encoding, lines to skip. */
void map_csv_options(const struct map *map, const char *path, struct csv_options *options);

/* How many columns of a header a part of a map understands. */
size_t map_understood(const struct map_file *file, const struct csv_row *header);
/* The part of the map that fits this file: by name, else the one whose header is there and that understands most columns; NULL when
 * none fits. `as` narrows (OBJECT_NONE: any). */
const struct map_file *map_for(const struct map *map, const char *path, const struct csv_row *header, enum object as);
/* Does this part of a map name files like this one? */
bool map_file_names(const struct map_file *file, const char *path);
/* Why the map leaves such files out; empty when it does not. */
struct str map_file_skip(const struct map_file *file);
enum object map_file_object(const struct map_file *file);

/* "dd.mm.yyyy" → a number for reader_settings; 0 when it is no such format. */
unsigned date_order_named(struct str format);
/* "1.234,56" → ','; 0 when it is none. */
char mark_named(struct str format);

/* Presets: recognised from the header alone. NULL where there is none of that name (then `problems` names those there are). */
int preset_named(const struct map **out, struct str name, struct arena *arena, struct problems *problems,
		 struct err *err);
/* The one preset that fits best, NULL when none or two fit alike (then `problems` says which). */
int preset_for(const struct map **out, const struct map_file **file, const struct csv_row *header, enum object as,
	       struct arena *arena, struct problems *problems, struct err *err);

/* A rejects file of ours has three columns before the row's own: line, column, reason. */
bool is_rejects_header(const struct csv_row *header);
/* "x/leads.csv.rejected.csv", "x/leads.csv.rejected-2.csv" → "x/leads.csv"; anything else as it is. */
struct str path_without_rejects(const char *path);

/* What a person is told before anything is written. */
struct mapped_column {
	struct str column; /* of the file */
	struct str field;  /* empty: not mapped */
	struct str note;   /* "dates read as dd.mm.yyyy", "ambiguous: created or modified" */
};

/* Spellings of one kind of name ("product", "owner") that look alike, over all the files of a call: suggestions, never merged silently. */
struct lookalikes;
struct lookalikes *lookalikes_new(void);
void lookalikes_free(struct lookalikes *all);
/* Names that are added stand in this file from now on; at first in none: the book knows them already. */
void lookalikes_from(struct lookalikes *all, struct str file);
/* The number of a kind of names. */
size_t lookalikes_kind(struct lookalikes *all, struct str name);
void lookalikes_add(struct lookalikes *all, size_t kind, struct str name);
/* One sentence for each pair of which one stands in `file`, with the `values:` line to add. */
size_t lookalikes_sentences(const struct lookalikes *all, struct str file, struct arena *arena, struct str **sentences);

/* A map compiled against one header: made once per file, then the file goes through twice: scanned whole (is it all readable, which
 * formats, which keys stand twice), then row by row. */
struct reader;

/* 16 bytes that say which row this is, from its cells: a keyed hash, since cells may be personal. */
typedef void row_hash_fn(void *context, struct str bytes, unsigned char out[16]);

struct reader_settings {
	const struct zone *zone; /* for dates without one */
	const char *currency;    /* for amounts without one */
	int64_t now_ms;          /* nothing was observed later */
	int64_t later_ms;    /* added to when rows were observed: a later version of the map wins over an earlier one */
	unsigned date_order; /* where the map states none (date_order_named); 0: find out */
	char mark;           /* likewise, of numbers (mark_named) */
	const char *path;
	row_hash_fn *row_hash; /* keys of rows without id */
	void *row_hash_context;
	const struct table *stages; /* names that have a meaning in the book already; may be NULL */
};

/* Problems name what is missing ("column close_value is not in the file; did you mean close value?"). Returns owned; NULL in *out and 0
 * when refused. `header` is the file's own, three leading columns of a rejects file included. Borrows map, file and settings' pointers. */
int reader_new(struct reader **out, const struct map *map, const struct map_file *file, const struct csv_row *header,
	       const struct reader_settings *settings, struct problems *problems, struct err *err);
void reader_free(struct reader *reader);

/* The first pass: every row of the file, then reader_decide, which refuses columns that can be read in two ways. */
void reader_scan(struct reader *reader, const struct csv_row *row);
void reader_decide(struct reader *reader, struct problems *problems);
/* When the file was exported: for rows without their own "modified". Before the first reader_row. */
void reader_observed(struct reader *reader, int64_t at_ms);
/* From now on names are added to these, as from this file; borrows. */
void reader_names(struct reader *reader, struct lookalikes *names);
/* True where rows of one key differ: of them the last one counts that is good, which only reading tells. Then every row of the file goes
 * through reader_row once, and reader_restart follows; rows of other keys are ROW_SKIPPED meanwhile. Without it, the last of all counts. */
bool reader_weigh(struct reader *reader);
/* As if no row had been read yet; what was scanned and weighed stays. */
void reader_restart(struct reader *reader);
/* The row's own columns. */
struct csv_row reader_header(const struct reader *reader);

enum row_kind {
	ROW_GOOD,
	ROW_BAD,          /* `problems` says why: goes to the rejects */
	ROW_INNER_HEADER, /* at least half of its non-empty cells equal the header */
	ROW_SKIPPED,      /* the map says so */
	ROW_SUPERSEDED,   /* a later good row of the file has the same key and other contents */
};

/* One row understood. A row may speak of more than one record (a deal and its stage dates): records[0] is the row's own. Everything is
 * valid until the next call; texts borrow from the row. */
struct understood {
	struct record *records;
	size_t count;
	bool identical; /* the same row stood in this file before */
};
enum row_kind reader_row(struct reader *reader, const struct csv_row *row, struct understood *out,
			 struct problems *problems);

/* Records that belong to the map rather than to a row: what stages mean, what custom fields are. Valid as long as the reader. */
size_t reader_definitions(struct reader *reader, struct record **records);

/* The row's own columns: header and cells without the leading columns of a rejects file. */
struct csv_row reader_own(const struct reader *reader, const struct csv_row *row);
size_t reader_columns(const struct reader *reader, const struct mapped_column **columns);
/* What a person should know about how the file was read: one sentence each. Complete after the last row. */
size_t reader_notes(const struct reader *reader, struct arena *arena, struct str **sentences);

/* A starter map for a file nobody has mapped yet: guesses from the names of the columns, types from the cells. */
struct buf;
int map_draft(struct buf *out, const char *path, enum object as, struct err *err);

#endif
