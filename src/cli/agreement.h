/* The verbs of `lockstep agreement`; the table of them stands in agreement.c. Arguments begin behind the verb. */
#ifndef CLI_AGREEMENT_H
#define CLI_AGREEMENT_H

#include "cli/command.h"

/* agreement_book.c: what the book is told of agreements */
enum exit_code agreement_verb_propose(struct invocation *in);
enum exit_code agreement_verb_sign(struct invocation *in);
enum exit_code agreement_verb_withdraw(struct invocation *in);
enum exit_code agreement_verb_annex(struct invocation *in);
/* agreement_status.c: what it says of them */
enum exit_code agreement_verb_status(struct invocation *in);
enum exit_code agreement_verb_history(struct invocation *in);

#endif
