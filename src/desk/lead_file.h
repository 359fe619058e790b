/* The file of one lead: everything told of it, read from the facts, and how that folds (domain/lead_life.h). The desk, judging and the clock
 * read leads through here and nowhere else. */
#ifndef DESK_LEAD_FILE_H
#define DESK_LEAD_FILE_H

#include "domain/lead_life.h"
#include "domain/told_word.h"
#include "facts/cells.h"
#include "facts/rows.h"

/* Columns and indexes of all files. Borrows the facts, which stay as they are meanwhile. */
struct lead_files;

/* Returns owned. */
struct lead_files *lead_files_new(const struct facts *facts, int64_t now_ms);
/* Of a few leads, found quicker: of others nothing is told. */
struct lead_files *lead_files_some(const struct facts *facts, int64_t now_ms, const uint32_t *rows, size_t count);
void lead_files_free(struct lead_files *files);

/* Leads' column of the event; NULL where they have none. */
const struct column *lead_milestone(const struct facts *facts, enum lead_event event);

/* ---- what is told ---- */

struct lead_story {
	struct lead_life life;
	int64_t events
		[EVENT__COUNT]; /* the first of each in the whole life; contacts as far as leads have a column of them */
	struct told_word *words;
	size_t word_count;
};

/* By `now_ms`: what lies after that has not happened yet, but for `events`. `heard_ms`: when it was first heard of, as far as steps do not
 * say. In the arena, texts borrowed from the facts. From any number of threads. */
void lead_story_read(const struct lead_files *files, uint32_t row, int64_t heard_ms, int64_t now_ms,
		     struct lead_story *out, struct arena *arena);

/* ---- as the desk looks at it ---- */

struct lead_file {
	uint32_t row; /* of leads */
	struct str source, key, owner;
	struct told_step *steps; /* by time; no milestones */
	size_t step_count;
	struct lead_story story;
	struct lifecycle life; /* where it stands */
	bool is_void;          /* a duplicate or a test */
};

/* By now. In the arena. From any number of threads. */
void lead_file_read(const struct lead_files *files, uint32_t row, struct lead_file *out, struct arena *arena);
/* Does it want no contact? Until the step is taken back. */
bool lead_opted_out(const struct lead_file *file, int64_t at_ms);
/* May the step follow in its place among the others? *life is how the lead stands right after it, or, where it may not, right before.
 * `against`: the recorded step that would no longer follow; NULL: it is the new one that may not. */
bool lead_file_fits(const struct lead_files *files, const struct lead_file *file, enum lead_step step, int64_t at_ms,
		    struct lifecycle *life, const struct told_step **against, struct arena *arena);
/* The first recorded step that could no longer follow if `gone` were taken back; NULL: all could. */
const struct told_step *lead_file_against(const struct lead_files *files, const struct lead_file *file,
					  const struct told_step *const *gone, size_t gone_count, struct arena *arena);
/* How it would stand without those. */
struct lifecycle lead_file_without(const struct lead_files *files, const struct lead_file *file,
				   const struct told_step *const *gone, size_t gone_count, struct arena *arena);
/* Does sales have it: handed over, accepted, or an opportunity, and not ended? Cheap for leads that never were handed over. */
bool lead_with_sales(const struct lead_files *files, uint32_t row, struct arena *arena);
/* Steps of all leads, in order of rows. */
size_t lead_files_steps(const struct lead_files *files);
/* False where its kind is none, its lead is not there, it was taken back, or its time has not come. */
bool lead_files_step(const struct lead_files *files, uint32_t step_row, struct told_step *out, uint32_t *lead);

#endif
