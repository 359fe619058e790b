/* What answers to questions and reports consist of, as report/answer_json.c, json.c and page_json.c write them. */
#ifndef SERVE_REPORT_MEMBERS_H
#define SERVE_REPORT_MEMBERS_H

#include "serve/member.h"

/* Those of an answer without its rows, then its rows. */
#define MEASURED                                                                                                       \
	{ .name = "measure", .type = MEMBER_TEXT, .required = true, .sentence = "what was asked" },                    \
		{ .name = "of", .type = MEMBER_TEXT, .required = true, .sentence = "whose rows were counted" },        \
		{ .name = "where",                                                                                     \
		  .type = MEMBER_TEXT,                                                                                 \
		  .required = true,                                                                                    \
		  .null = true,                                                                                        \
		  .sentence = "only rows for which this holds" },                                                      \
		{ .name = "as_of",                                                                                     \
		  .type = MEMBER_DATE,                                                                                 \
		  .required = true,                                                                                    \
		  .null = true,                                                                                        \
		  .sentence = "as things stood at the end of that day" },                                              \
		{ .name = "by",                                                                                        \
		  .type = MEMBER_LIST,                                                                                 \
		  .required = true,                                                                                    \
		  .items = &measured_name,                                                                             \
		  .sentence = "what it is broken down by" },                                                           \
		{ .name = "currency",                                                                                  \
		  .type = MEMBER_TEXT,                                                                                 \
		  .null = true,                                                                                        \
		  .sentence = "of amounts; null: each row has its own" },                                              \
		{ .name = "unit", .type = MEMBER_TEXT, .sentence = "of durations" },                                   \
	{                                                                                                              \
		.name = "rows", .type = MEMBER_LIST, .required = true, .items = &measured_row,                         \
		.sentence = "one for each of what it is broken down by"                                                \
	}

extern const struct member measured_name, measured_row;

extern const struct member measured_members[]; /* an answer to a measure */
extern const struct member report_members[];   /* a report as JSON */
extern const struct member page_members[];     /* a report as the page that people read */

#endif
