/* Reading the agreement a command was given, and saying what is wrong with it. */
#ifndef CLI_AGREEMENT_FILE_H
#define CLI_AGREEMENT_FILE_H

#include "cli/command.h"
#include "domain/agreement.h"

/* An agreement from a file, with its zone and calendar. In the arena of the invocation but for the zone. */
struct agreement_file {
	struct agreement *agreement;
	struct zone *zone;
	struct calendar *calendar;
};

/* Each problem on standard error: "lockstep agreement: FILE:12:3: …". EXIT_DONE, or the code to return. */
enum exit_code agreement_file_open(struct invocation *in, const char *path, struct agreement_file *out);
void agreement_file_release(struct agreement_file *file);

#endif
