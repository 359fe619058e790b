#include "serve/report_members.h"

/* ---- answers ---- */

static const struct member label_item = { .name = "", .type = MEMBER_TEXT, .null = true };
const struct member measured_name = { .name = "", .type = MEMBER_TEXT };

static const struct member row_members[] = {
	{ .name = "by",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &label_item,
	  .sentence = "which one it is; null: rows that have none" },
	{ .name = "value",
	  .type = MEMBER_VALUE,
	  .required = true,
	  .null = true,
	  .sentence = "the figure; a time is a text; null: nothing to tell" },
	{ .name = "numerator",
	  .type = MEMBER_WHOLE,
	  .required = true,
	  .null = true,
	  .sentence = "of a share: so many …" },
	{ .name = "denominator", .type = MEMBER_WHOLE, .required = true, .null = true, .sentence = "… of so many" },
	{ .name = "n", .type = MEMBER_WHOLE, .required = true, .sentence = "rows it is about" },
	{ .name = "currency", .type = MEMBER_TEXT, .sentence = "of this amount, where there are several" },
	{ .name = "unknown_time",
	  .type = MEMBER_WHOLE,
	  .sentence = "rows left out, of which nobody knows when it was" },
	{ .name = "negative", .type = MEMBER_WHOLE, .sentence = "rows left out, which end before they begin" },
	{ .name = "measure", .type = MEMBER_TEXT, .sentence = "of this row, where rows differ in it" },
	{ .name = "where", .type = MEMBER_TEXT, .null = true, .sentence = "of this row, where rows differ in it" },
	{ .name = NULL },
};
const struct member measured_row = { .name = "", .type = MEMBER_OBJECT, .members = row_members };

const struct member measured_members[] = {
	MEASURED,
	{ .name = NULL },
};
static const struct member measured_item = { .name = "", .type = MEMBER_OBJECT, .members = measured_members };

/* ---- what both forms of a report have ---- */

static const struct member text_item = { .name = "", .type = MEMBER_TEXT };
static const struct member line_item = { .name = "", .type = MEMBER_LIST, .items = &text_item };

static const struct member definition_members[] = {
	{ .name = "title", .type = MEMBER_TEXT, .required = true, .sentence = "what the figure is called" },
	{ .name = "sentence", .type = MEMBER_TEXT, .required = true, .sentence = "what it means" },
	{ .name = "measure", .type = MEMBER_TEXT, .required = true, .sentence = "what is asked" },
	{ .name = "of", .type = MEMBER_TEXT, .required = true, .sentence = "of which rows" },
	{ .name = "currency",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .null = true,
	  .sentence = "the only one whose amounts are added, where the book has several" },
	{ .name = NULL },
};
static const struct member definition_item = { .name = "", .type = MEMBER_OBJECT, .members = definition_members };

#define HEAD                                                                                                           \
	{ .name = "report", .type = MEMBER_TEXT, .required = true, .sentence = "its name" },                           \
		{ .name = "title", .type = MEMBER_TEXT, .required = true, .sentence = "what stands above it" },        \
		{ .name = "head", .type = MEMBER_TEXT, .required = true, .sentence = "of the book's chain" },          \
		{ .name = "as_of",                                                                                     \
		  .type = MEMBER_DATE,                                                                                 \
		  .required = true,                                                                                    \
		  .null = true,                                                                                        \
		  .sentence = "as things stood on that day" },                                                         \
		{ .name = "from",                                                                                      \
		  .type = MEMBER_DATE,                                                                                 \
		  .required = true,                                                                                    \
		  .null = true,                                                                                        \
		  .sentence = "first day of its period" },                                                             \
		{ .name = "to",                                                                                        \
		  .type = MEMBER_DATE,                                                                                 \
		  .required = true,                                                                                    \
		  .null = true,                                                                                        \
		  .sentence = "last day of its period" },                                                              \
		{ .name = "warnings",                                                                                  \
		  .type = MEMBER_LIST,                                                                                 \
		  .required = true,                                                                                    \
		  .items = &text_item,                                                                                 \
		  .sentence = "what to know before one believes it" },                                                 \
	{                                                                                                              \
		.name = "definitions", .type = MEMBER_LIST, .required = true, .items = &definition_item,               \
		.sentence = "what each figure means, counted from nought"                                              \
	}
#define MOOD                                                                                                           \
	{                                                                                                              \
		.name = "mood", .type = MEMBER_WHOLE, .least = -1, .sentence = "1: good news, -1: bad, 0: neither"     \
	}

/* ---- as JSON ---- */

static const struct member sentence_members[] = {
	{ .name = "text", .type = MEMBER_TEXT, .required = true, .sentence = "as it is read" },
	MOOD,
	{ .name = "measures",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &measured_item,
	  .sentence = "the figures in it, in order" },
	{ .name = NULL },
};
static const struct member sentence_item = { .name = "", .type = MEMBER_OBJECT, .members = sentence_members };

static const struct member column_members[] = {
	MEASURED,
	{ .name = "from", .type = MEMBER_DATE, .sentence = "first day of the column's period" },
	{ .name = "to", .type = MEMBER_DATE, .sentence = "last day of the column's period" },
	{ .name = "total", .type = MEMBER_OBJECT, .members = row_members, .sentence = "of all rows together" },
	{ .name = NULL },
};
static const struct member column_item = { .name = "", .type = MEMBER_OBJECT, .members = column_members };

static const struct member listing_members[] = {
	{ .name = "of", .type = MEMBER_TEXT, .required = true, .sentence = "whose rows" },
	{ .name = "where", .type = MEMBER_TEXT, .required = true, .null = true, .sentence = "for which this holds" },
	{ .name = "header",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &text_item,
	  .sentence = "what the columns are called" },
	{ .name = "rows", .type = MEMBER_LIST, .required = true, .items = &line_item, .sentence = "cells as texts" },
	{ .name = "total", .type = MEMBER_WHOLE, .required = true, .sentence = "with those that are not listed" },
	{ .name = NULL },
};
static const struct member listing_item = { .name = "", .type = MEMBER_OBJECT, .members = listing_members };

static const struct member finding_members[] = {
	{ .name = "kind", .type = MEMBER_TEXT, .required = true, .sentence = "slow_rep, junk_source, stuck …" },
	{ .name = "subject", .type = MEMBER_TEXT, .required = true, .sentence = "whom or what it is about" },
	{ .name = "weight", .type = MEMBER_NUMBER, .required = true, .sentence = "more is more important" },
	{ .name = "text", .type = MEMBER_TEXT, .required = true, .sentence = "what was found" },
	{ .name = "action", .type = MEMBER_TEXT, .required = true, .null = true, .sentence = "what to do about it" },
	{ .name = NULL },
};
static const struct member finding_item = { .name = "", .type = MEMBER_OBJECT, .members = finding_members };

static const struct member agreement_members[] = {
	{ .name = "version",
	  .type = MEMBER_WHOLE,
	  .required = true,
	  .null = true,
	  .sentence = "its number; null: a text that is only tried" },
	{ .name = "title", .type = MEMBER_TEXT, .required = true, .sentence = "what it is called" },
	{ .name = "hash", .type = MEMBER_TEXT, .required = true, .sentence = "of the bytes that are signed" },
	{ .name = NULL },
};

const struct member report_members[] = {
	HEAD,
	{ .name = "book", .type = MEMBER_TEXT, .required = true, .sentence = "the company's name" },
	{ .name = "agreement",
	  .type = MEMBER_OBJECT,
	  .required = true,
	  .null = true,
	  .members = agreement_members,
	  .sentence = "by which it counts" },
	{ .name = "sentences",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &sentence_item,
	  .sentence = "what it says, in order" },
	{ .name = "actions",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &sentence_item,
	  .sentence = "what to do, in order" },
	{ .name = "tables",
	  .type = MEMBER_NAMED,
	  .required = true,
	  .items = &column_item,
	  .sentence = "each column of each table: TABLE.COLUMN" },
	{ .name = "listings",
	  .type = MEMBER_NAMED,
	  .required = true,
	  .items = &listing_item,
	  .sentence = "rows that are listed, by the list's name" },
	{ .name = "notes", .type = MEMBER_LIST, .required = true, .items = &text_item, .sentence = "below it" },
	{ .name = "findings",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &finding_item,
	  .sentence = "what was found, the most important first" },
	{ .name = NULL },
};

/* ---- as the page that people read ---- */

#define DEFINITION                                                                                                     \
	{                                                                                                              \
		.name = "definition", .type = MEMBER_WHOLE, .sentence = "which of `definitions` says what it means"    \
	}
#define BEHIND                                                                                                         \
	{                                                                                                              \
		.name = "rows", .type = MEMBER_WHOLE, .sentence = "which of `behind` has the rows behind it"           \
	}

static const struct member span_members[] = {
	{ .name = "text", .type = MEMBER_TEXT, .required = true, .sentence = "a piece of the sentence" },
	DEFINITION,
	BEHIND,
	{ .name = NULL },
};
static const struct member span_item = { .name = "", .type = MEMBER_OBJECT, .members = span_members };

static const struct member head_members[] = {
	{ .name = "title", .type = MEMBER_TEXT, .required = true, .sentence = "above the column" },
	{ .name = "number", .type = MEMBER_FLAG, .required = true, .sentence = "it stands at the right" },
	DEFINITION,
	{ .name = NULL },
};
static const struct member head_item = { .name = "", .type = MEMBER_OBJECT, .members = head_members };

static const struct member cell_members[] = {
	{ .name = "text", .type = MEMBER_TEXT, .required = true, .sentence = "as it is read" },
	{ .name = "of", .type = MEMBER_TEXT, .sentence = "of a share: of how many" },
	{ .name = "value", .type = MEMBER_NUMBER, .sentence = "what is drawn" },
	{ .name = "few", .type = MEMBER_FLAG, .sentence = "true: too few to say" },
	DEFINITION,
	BEHIND,
	{ .name = NULL },
};
static const struct member cell_item = { .name = "", .type = MEMBER_OBJECT, .members = cell_members };

static const struct member table_row_members[] = {
	{ .name = "cells", .type = MEMBER_LIST, .required = true, .items = &cell_item, .sentence = "one a column" },
	{ .name = "total", .type = MEMBER_FLAG, .sentence = "true: of all rows together" },
	{ .name = "marked", .type = MEMBER_FLAG, .sentence = "true: it stands out in the chart" },
	{ .name = NULL },
};
static const struct member table_row_item = { .name = "", .type = MEMBER_OBJECT, .members = table_row_members };

static const struct member chart_members[] = {
	{ .name = "kind", .type = MEMBER_TEXT, .sentence = "bar, line, stacked" },
	{ .name = "x", .type = MEMBER_TEXT, .sentence = "the column along it" },
	{ .name = "y", .type = MEMBER_TEXT, .sentence = "the columns that are drawn" },
	{ .name = "series", .type = MEMBER_TEXT, .sentence = "the column that tells several apart" },
	{ .name = "label", .type = MEMBER_TEXT, .sentence = "of its axis" },
	{ .name = "format", .type = MEMBER_TEXT, .sentence = "how numbers are written" },
	{ .name = "layout", .type = MEMBER_TEXT, .sentence = "lying: bars lie" },
	{ .name = "sort", .type = MEMBER_TEXT, .sentence = "in which order" },
	{ .name = "max", .type = MEMBER_TEXT, .sentence = "where its axis ends" },
	{ .name = "caption", .type = MEMBER_TEXT, .sentence = "what it shows, in words" },
	{ .name = NULL },
};

static const struct member block_members[] = {
	{ .name = "kind",
	  .type = MEMBER_CHOICE,
	  .required = true,
	  .choices = "heading|sentence|note|action|table|listing",
	  .sentence = "what it is, and which of the others are there" },
	{ .name = "text", .type = MEMBER_TEXT, .sentence = "of a heading" },
	MOOD,
	{ .name = "spans", .type = MEMBER_LIST, .items = &span_item, .sentence = "of a sentence, note or action" },
	{ .name = "name", .type = MEMBER_TEXT, .sentence = "of a table or listing: for programs" },
	{ .name = "title", .type = MEMBER_TEXT, .sentence = "above a table or listing" },
	{ .name = "of", .type = MEMBER_TEXT, .sentence = "whose rows a listing has" },
	{ .name = "columns", .type = MEMBER_LIST, .items = &head_item, .sentence = "of a table or listing" },
	{ .name = "table_rows", .type = MEMBER_LIST, .items = &table_row_item, .sentence = "of a table" },
	{ .name = "lines", .type = MEMBER_LIST, .items = &line_item, .sentence = "of a listing: cells as texts" },
	{ .name = "more", .type = MEMBER_WHOLE, .sentence = "rows that are left out" },
	{ .name = "chart", .type = MEMBER_OBJECT, .members = chart_members, .sentence = "how a table is drawn" },
	{ .name = NULL },
};
static const struct member block_item = { .name = "", .type = MEMBER_OBJECT, .members = block_members };

static const struct member group_members[] = {
	{ .name = "of", .type = MEMBER_TEXT, .required = true, .sentence = "what to ask /api/rows for: of …" },
	{ .name = "where", .type = MEMBER_TEXT, .required = true, .null = true, .sentence = "… where …" },
	{ .name = "columns", .type = MEMBER_TEXT, .required = true, .sentence = "… with these columns" },
	{ .name = "label", .type = MEMBER_TEXT, .required = true, .sentence = "what stands above them" },
	{ .name = "header",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .sentence = "the columns' titles, commas between them; > before those that stand at the right" },
	{ .name = NULL },
};
static const struct member group_item = { .name = "", .type = MEMBER_OBJECT, .members = group_members };

const struct member page_members[] = {
	HEAD,
	{ .name = "period", .type = MEMBER_TEXT, .required = true, .sentence = "its period in words" },
	{ .name = "as_of_text", .type = MEMBER_TEXT, .required = true, .sentence = "its day in words" },
	{ .name = "agreement_text", .type = MEMBER_TEXT, .required = true, .sentence = "by which it counts, in words" },
	{ .name = "blocks",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &block_item,
	  .sentence = "from the top to the bottom" },
	{ .name = "behind",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &group_item,
	  .sentence = "rows behind figures, counted from nought" },
	{ .name = "interval_note", .type = MEMBER_TEXT, .sentence = "what its intervals are" },
	{ .name = NULL },
};
