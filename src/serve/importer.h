/* Imports that were asked for over the API: one after another, in a thread of their own. While one runs nothing else is told to the book. */
#ifndef SERVE_IMPORTER_H
#define SERVE_IMPORTER_H

#include <jansson.h>
#include <stdbool.h>
#include "serve/server.h"
#include "serve/uploads.h"

struct importer;

enum import_job_state {
	IMPORT_JOB_WAITING,
	IMPORT_JOB_RUNNING,
	IMPORT_JOB_DONE,
	IMPORT_JOB_REFUSED,
	IMPORT_JOB_FAILED
};

/* What is wanted of an uploaded file. Texts are copied. */
struct import_wish {
	char file[UPLOAD_ID];
	char actor[128];
	char preset[64];                  /* empty: by the map, or by its header */
	bool map;                         /* one was put beside it */
	char named[UPLOAD_NAME_MOST + 1]; /* the map's part is chosen as if the file had this name; empty: its own */
	enum object as;
	unsigned date_order;
	char mark;
	int64_t exported_at_ms; /* INT64_MIN: not said */
	bool strict;
};

/* Returns owned. */
int importer_open(struct importer **out, struct server *server, struct err *err);
/* An import that runs ends after the rows it has. */
void importer_close(struct importer *importer);

/* The number of the job; 0: too many wait. */
unsigned importer_add(struct importer *importer, const struct import_wish *wish);
/* {"job", "state", "rows", "read", "bytes", "result", "error"}, owned; NULL: there is no such job, or it is long gone. */
json_t *importer_job(struct importer *importer, unsigned job);

/* What it would do, on a copy of the book: *out as import_result_json. ERR_INPUT and its like where it cannot be tried. */
int import_try(struct server *server, const struct import_wish *wish, json_t **out, struct err *err);

#endif
