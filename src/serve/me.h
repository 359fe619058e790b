/* Who is signed in, as it is told; and what handlers that change accounts share. */
#ifndef SERVE_ME_H
#define SERVE_ME_H

#include "desk/accounts.h"
#include "serve/call.h"
#include "serve/member.h"

extern const struct member me_members[];
json_t *me_json(const struct call *call, const struct account *account);
json_t *roles_json(unsigned roles);

/* The desk of accounts, for who asks. */
struct accounts accounts_of_call(struct call *call);
/* Is the code of the second factor right, where the account has one? False after saying so (401). A wrong one is to count as a wrong password. */
bool factor_fits(struct call *call, const struct account *account);
/* May one more password or code be tried for that login, from there? False after saying when (429). Who was right gives it back. */
bool may_try(struct call *call, struct str login);
void was_right(struct call *call, struct str login);
/* May a letter to that login be asked for from there, by who need not be known? False after saying when (429). It is no try at a password: who asks
 * keeps nobody from signing in. */
bool may_ask_for_letter(struct call *call, struct str login);
/* Signs the account in, and answers with who that is. `how`: "password". */
void sign_in_as(struct call *call, const struct account *account, const char *how);
/* A session and its cookie; false after saying what went wrong. */
bool give_session(struct call *call, const struct account *account, const char *how);
/* "2026-03-05T09:00:00+01:00" in the book's zone. */
json_t *instant_json(const struct call *call, int64_t at_ms);

#endif
