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

#endif
