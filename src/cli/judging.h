/* Judging facts by an agreement before they are asked. */
#ifndef CLI_JUDGING_H
#define CLI_JUDGING_H

#include "cli/load.h"
#include "desk/judge.h"
#include "facts/judged.h"

/* Judges all leads under the terms, as of `as_of` (DATE_NONE: the facts' own as-of day), with a progress line. */
int judge_facts(struct invocation *in, struct facts *facts, const struct judge_terms *terms, int32_t as_of,
		struct err *err);

/* Reads into loaded->agreements the text that --agreement names, else what the book has; once. EXIT_DONE, or the code to return after
 * saying why. */
enum exit_code agreements_asked(struct invocation *in, struct loaded *loaded);

/* Has stages' limits be those that were agreed, as of `as_of`. EXIT_DONE, or the code to return after saying why. */
enum exit_code limits_asked(struct invocation *in, struct loaded *loaded, int32_t as_of);

/* Judges by these. `any`: whether one was ever in force; where not, leads' lives are told all the same where `need` (facts/judged.h) has
 * them, and nothing else. EXIT_DONE, or the code to return after saying why. */
enum exit_code judge_loaded(struct invocation *in, struct loaded *loaded, int32_t as_of, unsigned need, bool *any);

/* Judges where one of the texts of a question (NULL: none) names what only judging fills: by the text that --agreement names, else by the
 * agreements of the book. EXIT_DONE, or the code to return after saying why. */
enum exit_code judge_asked(struct invocation *in, struct loaded *loaded, int32_t as_of, const char *const *texts,
			   size_t count);

#define OPTION_AGREEMENT                                                                                               \
	{                                                                                                              \
		"agreement", OPTION_FILE, "FILE", NULL, NULL,                                                          \
			"judge promises by this text instead of the agreements in the book"                            \
	}

#endif
