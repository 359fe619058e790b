/* Opening the desk for the commands that stand at it: lead, promise, clock. */
#ifndef CLI_AT_DESK_H
#define CLI_AT_DESK_H

#include "cli/load.h"
#include "cli/output.h"
#include "desk/lead_desk.h"

struct at_desk {
	struct invocation *in;
	struct loaded loaded;
	struct lead_desk desk;
	struct problems problems;
};

/* Opens book, facts and desk, runs, and closes them; what was written is taken up into the columns beside the book. */
enum exit_code at_desk_run(struct invocation *in, bool writes, enum exit_code (*run)(struct at_desk *at, void *context),
			   void *context);

/* --by, --at, --reason, --to and --note, where the command has them. EXIT_DONE, or the code to return after saying what is wrong: --by names
 * somebody whom nobody knows, --at is no time. */
enum exit_code at_desk_word(struct at_desk *at, struct lead_word *word);
/* A step told without --at happens now. Steps are kept by whole seconds, and those of one second follow in the order of a life, not as they
 * were told: where the lead's last step is of this very second, waits for the next and opens the desk anew. */
enum exit_code at_desk_own_second(struct at_desk *at, struct lead_file *file, struct lead_word *word);
/* Reads the facts and opens the desk anew, after something was written. */
int at_desk_anew(struct at_desk *at, struct err *err);
/* What a desk's function returned: 0, refused, or an error. */
enum exit_code at_desk_ended(struct at_desk *at, int failed, const struct err *err);

#endif
