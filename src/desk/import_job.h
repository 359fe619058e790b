/* One call of the import and one file of it, as import.c (the file as a whole) and import_rows.c (its rows) see them. */
#ifndef DESK_IMPORT_JOB_H
#define DESK_IMPORT_JOB_H

#include "base/table.h"
#include "desk/import.h"
#include "desk/agreements.h"
#include "desk/import_feed.h"
#include "desk/known.h"
#include "desk/reasons.h"
#include "desk/rejects.h"
#include "io/file.h"

enum {
	PREVIEW_ROWS = 5,
	PROGRESS_ROWS = 2048,
};

/* What all files of a call share. */
struct call {
	struct book *book;
	const struct import_options *options;
	struct arena *arena;
	struct zone *zone;
	const struct map *map; /* of --map or --preset; NULL: by header */
	struct str map_text;   /* of --map */
	struct lookalikes *names;
	struct table stages; /* names whose meaning the book knows */
	struct problems map_problems;
	struct counting *counting; /* of all the book's records, while `counted` */
	bool counted;              /* the book was empty, and all that came was new */
	struct agreements agreements;
	struct import *imports; /* what the book has taken in before */
	size_t import_count;
};

/* One file on its way in. */
struct job {
	struct call *call;
	struct imported_file *file;
	const char *path;
	struct file_facts facts;
	struct err facts_err; /* why there are none */
	struct csv *csv;
	const struct map *map;
	const struct map_file *part;
	struct str map_id; /* name and version of the map, as imports remember it */
	struct reader_settings settings;
	struct reader *reader;
	struct rejects rejects;
	struct import import;
	struct append_context context;
	struct reasons reasons;
	struct table seen; /* keys of this file, where `keeps_keys` */
	bool keeps_keys;
	bool interrupted;               /* that is why it ends */
	uint64_t rows_total;            /* of the first pass */
	uint64_t rows_safe, rows_asked; /* in the book for good; and those of the commit that was last asked for */
	uint64_t head_asked;            /* the book's head by then: beyond it, that commit is through */
};

/* Tells whoever waits. The first pass counts for a fifth of the way. */
void job_progress(const struct job *job, uint64_t read, uint64_t total, uint64_t rows, bool first_pass);
/* One sentence for who imports; borrowed as long as the call. */
void job_note(struct job *job, struct str sentence);
/* Are the file's keys needed once it is read? */
bool job_keeps_keys(const struct job *job);
/* Notes, and what vanished or stands elsewhere; after the last row. */
int job_tell(struct job *job, struct err *err);
/* Whoever waits wants it to end: an error. 0: go on. */
int job_interrupted(struct job *job, struct err *err);
/* A row that is rejected replaces none: where rows of one key differ, they are read once to see which of them are good. */
int job_weigh(struct job *job, struct err *err);
/* All or nothing: every row is read before the first is written. Sets `refused` when one is bad. */
int job_judge(struct job *job, struct err *err);
/* Every row of the file into the book, in chunks, and the import's end. */
int job_take(struct job *job, struct err *err);

#endif
