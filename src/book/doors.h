/* Who may come in, and what proves it: accounts, passwords, second factors, sessions, tokens, invitations.
 *
 * Beside the book in FILE.doors, not in it: entries never go away, and what lets somebody in must. What became of accounts is told in the
 * book all the same (each sign-in, each change of rights is an entry; desk/doorkeeper.h): this file alone says nothing about the past.
 *
 * - Passwords stand as argon2id hashes; of sessions, tokens and invitations only the hash stands here (BLAKE2b-256 of 256 random bits).
 * - One process at a time writes; it is the one that holds the book. From any thread.
 */
#ifndef BOOK_DOORS_H
#define BOOK_DOORS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"

#define BOOK_DOORS ".doors"

/* What somebody may do; an account has one or several. */
enum role {
	ROLE_EXECUTIVE,
	ROLE_MARKETING,
	ROLE_SALES_MANAGER,
	ROLE_SALES_REP,
	ROLE_NURTURE,
	ROLE_PARTNER,
	ROLE_FACILITATOR,
	ROLE_VIEWER,
	ROLE_ADMIN,
	ROLE__COUNT
};

const char *role_name(enum role role); /* "sales manager" */
bool role_by_name(struct str name, enum role *role);

enum account_state { ACCOUNT_INVITED, ACCOUNT_ACTIVE, ACCOUNT_CLOSED, ACCOUNT_STATE__COUNT };

const char *account_state_name(enum account_state state);

struct account {
	int64_t id;               /* 1 is the first */
	struct str login;         /* a mail address or a name; capitals do not count */
	struct str name;          /* as the book calls this colleague: owner of leads */
	unsigned roles;           /* bits of enum role */
	struct str team, partner; /* whose leads besides; may be empty */
	enum account_state state;
	bool second_factor; /* is asked for at sign-in */
};

/* What a secret that was handed out is for. */
enum pass { PASS_SESSION, PASS_TOKEN, PASS_INVITATION, PASS_RESET, PASS__COUNT };

enum { PASS_TEXT = 44 }; /* of URL-safe base64, with its NUL */

struct doors;

/* Made where there is none. Returns owned. */
int doors_open(struct doors **out, const char *path, struct err *err);
void doors_close(struct doors *doors);

/* ---- accounts ---- texts in the arena */

/* ERR_STATE where the login is taken. */
int doors_add(struct doors *doors, const struct account *account, int64_t *id, struct err *err);
/* All but id and second factor. */
int doors_change(struct doors *doors, const struct account *account, struct err *err);
int doors_list(struct doors *doors, struct account **out, size_t *count, struct arena *arena, struct err *err);
/* *found false: there is none. */
int doors_by_id(struct doors *doors, int64_t id, struct account *out, bool *found, struct arena *arena,
		struct err *err);
int doors_by_login(struct doors *doors, struct str login, struct account *out, bool *found, struct arena *arena,
		   struct err *err);

/* ---- passwords ---- */

enum { PASSWORD_LEAST = 10, PASSWORD_MOST = 200 }; /* bytes */

int doors_set_password(struct doors *doors, int64_t id, struct str password, struct err *err);
/* Takes as long where there is no such account, or it has none. */
int doors_check_password(struct doors *doors, int64_t id, struct str password, bool *right, struct err *err);

/* ---- second factor: TOTP, RFC 6238 ---- */

enum { TOTP_SECRET_BYTES = 20 };

/* Off where `secret` is NULL. */
int doors_set_totp(struct doors *doors, int64_t id, const unsigned char secret[TOTP_SECRET_BYTES], struct err *err);
/* The code of this half minute, of the one before or after; each is taken once. */
int doors_check_totp(struct doors *doors, int64_t id, struct str code, int64_t now_ms, bool *right, struct err *err);

/* ---- passes ---- */

/* Hands one out; `what`: a token's name and scope. `text` is told once. */
int doors_hand_out(struct doors *doors, int64_t account, enum pass pass, struct str what, int64_t now_ms,
		   int64_t until_ms, char text[PASS_TEXT], struct err *err);
/* The account it is for; *found false: there is none such, or its time is over. */
int doors_look_at(struct doors *doors, enum pass pass, struct str text, int64_t now_ms, struct account *out,
		  bool *found, struct arena *arena, struct err *err);
/* Takes it back; no error where it is gone already. */
int doors_take_back(struct doors *doors, enum pass pass, struct str text, struct err *err);
/* All of an account: after a new password, when it is closed. */
int doors_take_back_all(struct doors *doors, int64_t account, struct err *err);

#endif
