/* A simulated company written into a book, by the way imports go: in chunks, each a transaction, under an import entry. Interrupted, it
 * stays named as unfinished until the same call completes it; done again, it changes nothing.
 */
#ifndef DESK_SIMULATE_H
#define DESK_SIMULATE_H

#include "book/book.h"
#include "facts/facts.h"
#include "sim/sim.h"

#define SIMULATE_CHUNK 16384

struct simulate_options {
	bool into;           /* also into a book that holds other things */
	uint64_t part_leads; /* simulate_facts: how many are in memory beside the columns; 0 = 2,048 */
	int64_t now_ms;
	const char *actor;
	/* called now and then with the leads told so far; may be NULL */
	void (*progress)(void *context, uint64_t leads, uint64_t records);
	void *progress_context;
};

struct simulate_summary {
	struct sim_truth truth;
	uint64_t import_seq; /* 0 when nothing had to be written */
	uint64_t records, added, changed, older, unchanged;
	uint64_t of[OBJECT__COUNT]; /* records that the book did not have */
};

/* Writes the story with its truth to `story_path`, then the company into the book. ERR_STATE when the book holds other things. */
int simulate_book(struct book *book, const struct sim_story *story, const char *story_path,
		  const struct simulate_options *options, struct simulate_summary *summary, struct err *err);

/* Makes the company's facts without a book, and writes them as a columns snapshot (facts/snapshot.h), for measuring: what is personal is
 * left out, as facts read from a book would have it. Memory holds the columns and 2,048 leads. */
int simulate_columns(const char *path, const struct sim_story *story, const struct simulate_options *options,
		     struct simulate_summary *summary, struct err *err);
/* The facts themselves; owned. */
int simulate_facts(struct facts **out, const struct sim_story *story, const struct simulate_options *options,
		   struct simulate_summary *summary, struct err *err);

/* Writes the company as CSV files instead, as a CRM would export it at the story's end: DIR/leads.csv, DIR/opportunities.csv, …
 * and DIR/story.yaml. The folder is made; files of these names are replaced when
 * all are written: until then they are called FILE.part. */
int simulate_csv(const char *folder, const struct sim_story *story, const struct simulate_options *options,
		 struct simulate_summary *summary, struct err *err);

#endif
