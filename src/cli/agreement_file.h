/* Reading the agreement a command was given, and saying what is wrong with it. */
#ifndef CLI_AGREEMENT_FILE_H
#define CLI_AGREEMENT_FILE_H

#include "cli/command.h"
#include "desk/agreements.h"

/* One version, from a file; to be released in any case. Each problem and note on standard error: "lockstep agreement: FILE:12:3: …". EXIT_DONE, or
 * the code to return. */
enum exit_code agreement_file_open(struct invocation *in, const char *path, struct agreements *out);

#endif
