/* `lockstep agreement replay FILE`. */
#ifndef CLI_AGREEMENT_REPLAY_H
#define CLI_AGREEMENT_REPLAY_H

#include "cli/command.h"

enum exit_code agreement_replay(struct invocation *in);

#endif
