/* The file of one lead: what was recorded of it step by step, where it stands, and how the agreement judges it.
 *
 * Where it stands is folded from its milestones, as sources and deals tell them, and from its steps, by when they happened; what may not
 * follow there changes nothing (domain/lifecycle.h). So the order in which records arrived plays no part.
 */
#ifndef DESK_LEAD_FILE_H
#define DESK_LEAD_FILE_H

#include "desk/judge.h"
#include "domain/lead_step.h"
#include "facts/cells.h"
#include "facts/rows.h"

/* A step as it is recorded. Texts are borrowed from the facts but for the key. */
struct told_step {
	uint32_t row; /* of lead_steps */
	enum lead_step step;
	int64_t at_ms;
	unsigned episode; /* it belongs to, as folded */
	struct str by, owner, reason, outcome, question;
	double score; /* NaN: none */
};

/* What was recorded of a promise. */
enum word_kind { WORD_BROKEN, WORD_WITHDRAWN, WORD_EXCUSED, WORD_DISPUTED, WORD_SETTLED, WORD_TOLD, WORD__COUNT };

const char *word_kind_name(enum word_kind kind); /* as in the book */

struct told_word {
	uint32_t row; /* of promise_words */
	enum word_kind kind;
	struct str promise;
	unsigned episode;
	int64_t at_ms;
	struct str by, reason, outcome, owner;
};

struct lead_file {
	uint32_t row; /* of leads */
	struct str source, key, owner;
	struct told_step *steps; /* by time; those taken back are left out */
	size_t step_count;
	struct told_word *words; /* in the order of their keys */
	size_t word_count;
	struct lifecycle life;
	bool is_void; /* a duplicate or a test */
};

/* Columns and indexes of all files. Borrows the facts, which stay as they are meanwhile. */
struct lead_files;

/* What lies after now has not happened yet: no file tells of it. Returns owned. */
struct lead_files *lead_files_new(const struct facts *facts, int64_t now_ms);
void lead_files_free(struct lead_files *files);
/* In the arena. From any number of threads. */
void lead_file_read(const struct lead_files *files, uint32_t row, struct lead_file *out, struct arena *arena);
/* May the step follow in its place among the others? *life is how the lead stands right after it. `against`: the recorded step that
 * would no longer follow; NULL: it is the new one that may not. */
bool lead_file_fits(const struct lead_files *files, const struct lead_file *file, enum lead_step step, int64_t at_ms,
		    struct lifecycle *life, const struct told_step **against, struct arena *arena);
/* Does sales have it: handed over, accepted, or an opportunity, and not ended? *answered: neither waits for yes or no. Cheap for leads that
 * never were handed over. */
bool lead_with_sales(const struct lead_files *files, uint32_t row, bool *answered, struct arena *arena);
/* Steps of all leads, in order of rows. */
size_t lead_files_steps(const struct lead_files *files);
/* False where its kind is none, its lead is not there, it was taken back, or its time has not come. */
bool lead_files_step(const struct lead_files *files, uint32_t step_row, struct told_step *out, uint32_t *lead);

#endif
