/* Answers of measures on standard output: as a table for people, as JSON, as CSV. */
#ifndef CLI_ANSWER_H
#define CLI_ANSWER_H

#include "cli/command.h"
#include "cli/load.h"
#include "facts/kpi.h"
#include "facts/measure.h"

/* As --format says. `kpi` is NULL for a bare measure, else it gives title and sentence; `from` and `to` are the first and last day of the
 * period, DATE_NONE = open. */
enum exit_code print_answer(struct invocation *in, const struct loaded *loaded, const struct answer *answer,
			    const struct kpi *kpi, int32_t from, int32_t to);

/* A question that could not be asked: a mistake in an expression is wrong usage, everything else as in command_fail. */
enum exit_code question_fail(const struct invocation *in, const struct err *err);

/* Names every unfinished import on standard error: figures may lack its rows. */
void warn_unfinished(const struct invocation *in, const struct loaded *loaded);

/* Options of the commands that ask. */
#define OPTION_OF(fallback)                                                                                            \
	{                                                                                                              \
		"of", OPTION_TEXT, "FACT", NULL, fallback,                                                             \
			"what is counted: leads, opportunities, stage_visits, touches, activities, spend, orders, "    \
			"lead_steps, promise_words, promises"                                                          \
	}
#define OPTION_BY                                                                                                      \
	{                                                                                                              \
		"by", OPTION_TEXT, "DIM[,DIM]", NULL, NULL,                                                            \
			"one row for each: owner, \"month(created)\", \"top(5, source)\""                              \
	}
#define OPTION_WHERE                                                                                                   \
	{                                                                                                              \
		"where", OPTION_TEXT, "CONDITION", NULL, NULL, "only rows for which this holds"                        \
	}
#define OPTION_AS_OF                                                                                                   \
	{                                                                                                              \
		"as-of", OPTION_DATE, "DATE", NULL, NULL,                                                              \
			"as things stood at the end of that day; else the last day of the data"                        \
	}
#define OPTION_KNOWN_AT                                                                                                \
	{                                                                                                              \
		"known-at", OPTION_TIME, "TIME", NULL, NULL, "count only what was in the book by then"                 \
	}

#endif
