/* Reading the agreement a command was given, and saying what is wrong with it. */
#ifndef CLI_AGREEMENT_FILE_H
#define CLI_AGREEMENT_FILE_H

#include "cli/command.h"
#include "desk/agreements.h"

/* One version, from a file; to be released in any case. Each problem and note on standard error: "lockstep agreement: FILE:12:3: …". EXIT_DONE, or
 * the code to return. */
enum exit_code agreement_file_open(struct invocation *in, const char *path, struct agreements *out);

/* Digits alone. */
bool agreement_text_is_version(const char *text);

/* The same, where a version of the book may be meant: "2" is that version, as if it had always been in force; a file of that name is "./2". */
enum exit_code agreement_text_open(struct invocation *in, const char *text, struct agreements *out);

#endif
