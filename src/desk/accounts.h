/* What is done with accounts, the same from the command line and over HTTP: who comes in, what they may, and by what.
 *
 * Each leaves a note for the journal (book/journal.h) in the transaction of what was done; accounts_settle takes the notes over into the book.
 * So it holds at once, whoever has the book, and no note is lost.
 *
 * Functions return 1 where it is refused (`problems` says why), 0 where it is done, below 0 for an error; nothing is changed then.
 */
#ifndef DESK_ACCOUNTS_H
#define DESK_ACCOUNTS_H

#include "base/problem.h"
#include "book/doors.h"

struct accounts {
	struct doors *doors; /* borrowed, as the arena */
	int64_t now_ms;
	struct str actor; /* who does it: a login, or the operating-system user */
	struct arena *arena;
	struct problems *problems;
};

enum { LOGIN_MOST = 200, NAME_MOST = 200, AGENT_MOST = 200 }; /* bytes */

/* "sales rep, team sales". In the arena. */
struct str account_words(const struct account *account, struct arena *arena);

/* It is then as it stands there: with its number, the login in small letters. */
int accounts_add(struct accounts *desk, struct account *account, struct err *err);
/* As account->id is to be from now on. The last admin stays one. */
int accounts_change(struct accounts *desk, const struct account *account, struct err *err);
int accounts_set_password(struct accounts *desk, const struct account *account, struct str password, struct err *err);
/* All its sessions, but the one of that id; empty: all. */
int accounts_sign_out(struct accounts *desk, const struct account *account, struct str but, struct err *err);

/* ---- links: who has one sets a password, once ---- */

/* A new one; older ones of the account are good for nothing then. An invitation is good for a week, a reset for a day. */
int accounts_link(struct accounts *desk, const struct account *account, char text[PASS_TEXT], int64_t *until_ms,
		  struct err *err);
/* The account it is for; *found false: it was used, or its time is over. */
int accounts_link_for(struct accounts *desk, struct str link, struct account *who, bool *found, struct err *err);
/* Sets the password and is gone. `code`: of the second factor, where who has one. */
int accounts_link_use(struct accounts *desk, struct str link, struct str password, struct account *who, bool *found,
		      struct err *err);

/* Can the account get its link by mail? *can: somebody sends mail (book/outbox.h), and the login is an address. */
int accounts_reached(struct book *book, const struct account *account, bool *can, struct err *err);
/* Who was invited gets the link by mail: it is made when the letter is. `book` is held for writing, outside a transaction. `by`: who invited. */
int accounts_write_to(struct accounts *desk, struct book *book, const struct account *account, struct str by,
		      struct err *err);

/* ---- coming in ---- */

/* A session: `how` says by what, "password". The rest of `pass` is the caller's; `text` is told once. */
int accounts_sign_in(struct accounts *desk, const struct account *account, const char *how, struct pass *pass,
		     char text[PASS_TEXT], struct err *err);
/* Whom a provider of sign-ins sent. The first time it is the account whose login is the mail address that the provider has verified; from then on
 * the one it calls so, whatever the address. */
int accounts_by_subject(struct accounts *desk, struct str subject, struct str email, struct account *who, bool *found,
			struct err *err);
/* A token for programs. */
int accounts_token(struct accounts *desk, const struct account *account, struct pass *pass, char text[PASS_TEXT],
		   struct err *err);
int accounts_token_back(struct accounts *desk, const struct account *account, struct str id, bool *found,
			struct err *err);

/* ---- the second factor (book/doors.h) ---- */

int accounts_factor_on(struct accounts *desk, const struct account *account, struct str code, bool *right,
		       char recovery[RECOVERY_CODES][RECOVERY_TEXT], struct err *err);
int accounts_factor_off(struct accounts *desk, const struct account *account, struct err *err);

/* ---- the journal ---- */

/* The actor takes rows out in bulk: what, in words. */
int accounts_export(struct accounts *desk, struct str what, struct err *err);
/* Writes what was noted into the book, which is held for writing, outside a transaction: each note once, even after a crash. *moved: how many. */
int accounts_settle(struct doors *doors, struct book *book, int64_t now_ms, size_t *moved, struct err *err);

#endif
