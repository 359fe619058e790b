/* Who may come in, and what proves it: accounts, passwords, sessions, tokens.
 *
 * Beside the book in FILE.doors, not in it: entries never go away, and what lets somebody in must.
 *
 * - Passwords stand as argon2id hashes; of sessions and tokens only the hash stands here (BLAKE2b-256 of 256 random bits).
 * - From any thread, and from several processes: an account is made while the server runs.
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

struct account {
	int64_t id;               /* 1 is the first */
	struct str login;         /* a mail address or a name; capitals do not count */
	struct str name;          /* as the book calls this colleague: owner of leads */
	unsigned roles;           /* bits of enum role */
	struct str team, partner; /* whose leads besides; may be empty */
	bool closed;              /* nobody comes in by it any more */
};

/* What a secret that was handed out is for. */
enum pass_kind { PASS_SESSION, PASS_TOKEN, PASS_KIND__COUNT };

/* What may be done with it, besides what its account may not do anyway. */
enum grant { GRANT_READ, GRANT_INTAKE, GRANT_WRITE, GRANT__COUNT };

#define GRANTS_ALL ((1u << GRANT__COUNT) - 1)

const char *grant_name(enum grant grant); /* "read": any question; "intake": new leads; "write": everything else */
bool grant_by_name(struct str name, enum grant *grant);

enum { PASS_TEXT = 44, PASS_ID_TEXT = 17 }; /* of URL-safe base64, of hexadecimal digits, with their NUL */

struct pass {
	char id[PASS_ID_TEXT]; /* by which it is listed and taken back; says nothing of its text */
	enum pass_kind kind;
	struct str name;           /* of a token */
	unsigned grants;           /* bits of enum grant */
	int64_t made_ms, until_ms; /* until: exclusive */
};

struct doors;

/* Made where there is none. Returns owned. */
int doors_open(struct doors **out, const char *path, struct err *err);
void doors_close(struct doors *doors);

/* ---- accounts ---- texts in the arena */

/* ERR_STATE where the login is taken. */
int doors_add(struct doors *doors, const struct account *account, int64_t *id, struct err *err);
/* All but the id. Closing it takes all its passes back. */
int doors_change(struct doors *doors, const struct account *account, struct err *err);
int doors_list(struct doors *doors, struct account **out, size_t *count, struct arena *arena, struct err *err);
/* *found false: there is none. */
int doors_by_id(struct doors *doors, int64_t id, struct account *out, bool *found, struct arena *arena,
		struct err *err);
int doors_by_login(struct doors *doors, struct str login, struct account *out, bool *found, struct arena *arena,
		   struct err *err);

/* ---- passwords ---- */

enum { PASSWORD_LEAST = 10, PASSWORD_MOST = 200 }; /* bytes */

/* Takes all its passes back, too. */
int doors_set_password(struct doors *doors, int64_t id, struct str password, struct err *err);
/* Takes as long where there is no such account, or it has none. */
int doors_check_password(struct doors *doors, int64_t id, struct str password, bool *right, struct err *err);

/* ---- passes ---- */

/* Hands one out; its id is filled in. `text` is told once. */
int doors_hand_out(struct doors *doors, int64_t account, struct pass *pass, char text[PASS_TEXT], struct err *err);
/* The account it is for, and what may be done with it; *found false: there is none such, its time is over, or the account is closed. */
int doors_look_at(struct doors *doors, enum pass_kind kind, struct str text, int64_t now_ms, struct account *out,
		  unsigned *grants, bool *found, struct arena *arena, struct err *err);
/* An account's passes of that kind whose time is not over, oldest first. */
int doors_passes(struct doors *doors, int64_t account, enum pass_kind kind, int64_t now_ms, struct pass **out,
		 size_t *count, struct arena *arena, struct err *err);
/* No error where it is gone already. */
int doors_take_back(struct doors *doors, enum pass_kind kind, struct str text, struct err *err);
/* *found false: the account has none of that id. */
int doors_take_back_by_id(struct doors *doors, int64_t account, struct str id, bool *found, struct err *err);

#endif
