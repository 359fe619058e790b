/* What the subcommands share: opening the book with the right hints, JSON on standard output, messages on standard error. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <jansson.h>
#include <stdarg.h>
#include "base/problem.h"
#include "base/zone.h"
#include "book/book.h"
#include "cli/command.h"
#include "report/answer_json.h"

/* ---- standard output ---- */

/* Writes the document and a line end; takes it. EXIT_DONE, or EXIT_ERROR after saying why. */
enum exit_code output_json(const struct invocation *in, json_t *root);
/* Writes the bytes; same. */
enum exit_code output_bytes(const struct invocation *in, struct str bytes);
/* Same, of what holds no colours: a terminal gets no control characters, files and pipes get what is there. */
enum exit_code output_plain(const struct invocation *in, struct str bytes);
/* Flushes; same. Commands that print with stdio need not call it: main does. */
enum exit_code output_flush(const struct invocation *in);

/* "name   text that goes on under itself": one entry of a list, the name in bold and `wide` columns wide. */
void output_entry(struct buf *out, const char *name, size_t wide, struct str text, bool colour);

/* "2026-02-12 10:02", in the arena. */
const char *minute_text(const struct zone *zone, int64_t utc_ms, struct arena *arena);

bool wants_json(const struct invocation *in); /* --format json */
bool wants_csv(const struct invocation *in);  /* --format csv */

/* ---- JSON values: more in report/answer_json.h ---- */

json_t *json_time(const struct zone *zone, int64_t utc_ms); /* ISO 8601 with offset; INT64_MIN is null */
json_t *json_head(const struct book_head *head);            /* "SEQ:HASH" */

/* ---- messages ---- */

/* To standard error; a terminal gets no control characters, whatever stands in the file or book that the message is about. */
void message(const char *fmt, va_list args) __attribute__((format(printf, 1, 0)));
/* The same unless --quiet. A line end is added. */
void say(const struct invocation *in, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* "SEQ:HASH", as verify takes it. */
#define HEAD_TEXT_BYTES 96
void head_format(const struct book_head *head, char out[HEAD_TEXT_BYTES]);
bool head_parse(const char *text, struct book_head *head);

/* What was refused, a line each on standard error: "lockstep COMMAND: FILE:12:3: FIELD: …". EXIT_REFUSED. */
enum exit_code print_problems(const struct invocation *in, const struct problems *problems);
/* What is most often a slip and may be meant: the same, with "warning: " before it. */
void print_doubts(const struct invocation *in, const struct problems *doubts);
/* What was passed over, likewise, unless --quiet. */
void print_passed_over(const struct invocation *in, const struct problems *problems);

/* ---- the book ---- */

/* Says what to do where there is no book. EXIT_DONE where there is one. */
enum exit_code need_book(const struct invocation *in);
/* Opens in->book_path; says what to do where there is none. Where a server holds it, it is borrowed for writing, and the time is the
 * server's. EXIT_DONE and an open book, or the code to return. */
enum exit_code open_book(struct invocation *in, enum book_mode mode, struct book **book);

#endif
