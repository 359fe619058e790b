/* What columns and files are usually called, for drafting a map. Letters as str_fold_name leaves them. */
#ifndef MAP_DRAFT_WORDS_H
#define MAP_DRAFT_WORDS_H

#include "domain/object.h"

/* What a column is likely to be, by its name's letters; ends with NULL. */
struct draft_guess {
	const char *letters;
	const char *field;
};
extern const struct draft_guess draft_guesses[];

/* Words in a name of a file or a column that tell what its rows are; ends with NULL. */
struct draft_kind {
	const char *letters;
	enum object object;
};
extern const struct draft_kind draft_kinds[];

enum draft_unit { DRAFT_UNIT_NONE, DRAFT_UNIT_SECONDS, DRAFT_UNIT_MINUTES, DRAFT_UNIT_HOURS, DRAFT_UNIT_OTHER };
/* The unit that a column's name says: "Duration (s)", "duration_ms", "callDurationInSeconds". OTHER: one that no map can name. */
enum draft_unit draft_unit(struct str name);

#endif
