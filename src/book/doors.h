/* Who may come in, and what proves it: accounts, passwords, second factors, sessions, tokens, links.
 *
 * Beside the book in FILE.doors, not in it: entries never go away, and what lets somebody in must.
 *
 * - Passwords stand as argon2id hashes; of sessions, tokens and links only the hash stands here (BLAKE2b-256 of 256 random bits).
 * - From any thread, and from several processes: an account is made while the server runs.
 * - What the book's journal is to tell of it is noted in the same transaction, and taken over by whoever holds the book (desk/accounts.h).
 */
#ifndef BOOK_DOORS_H
#define BOOK_DOORS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"
#include "book/journal.h"
#include "book/totp.h"

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
	/* Read only: doors_add and doors_change leave these alone. */
	bool invited;            /* has no password yet */
	bool second_factor;      /* a code is asked for besides the password */
	unsigned recovery_left;  /* codes that help where the device is lost */
	int64_t last_sign_in_ms; /* 0: never */
};

/* What a secret that was handed out is for. */
enum pass_kind { PASS_SESSION, PASS_TOKEN, PASS_LINK, PASS_KIND__COUNT };

/* What may be done with it, besides what its account may not do anyway. */
enum grant { GRANT_READ, GRANT_INTAKE, GRANT_WRITE, GRANT_METRICS, GRANT__COUNT };

#define GRANTS_ALL ((1u << GRANT__COUNT) - 1)

const char *grant_name(
	enum grant
		grant); /* "read": any question; "intake": new leads; "write": everything else; "metrics": counts of the server */
bool grant_by_name(struct str name, enum grant *grant);

enum { PASS_TEXT = 44, PASS_ID_TEXT = 17 }; /* of URL-safe base64, of hexadecimal digits, with their NUL */

struct pass {
	char id[PASS_ID_TEXT]; /* by which it is listed and taken back; says nothing of its text */
	enum pass_kind kind;
	struct str name;           /* of a token */
	struct str client, agent;  /* of a session: where it came from, by which program */
	unsigned grants;           /* bits of enum grant */
	int64_t made_ms, until_ms; /* until: exclusive */
};

struct doors;

/* Made where there is none. Returns owned. */
int doors_open(struct doors **out, const char *path, struct err *err);
void doors_close(struct doors *doors);

/* ---- several changes as one ---- */

/* What is changed until doors_end is one transaction, by one thread; others wait. */
int doors_begin(struct doors *doors, struct err *err);
/* Commits, or takes back where something failed, which is returned. */
int doors_end(struct doors *doors, int failed, struct err *err);

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

/* Whom a provider of sign-ins calls so. */
int doors_by_subject(struct doors *doors, struct str subject, struct account *out, bool *found, struct arena *arena,
		     struct err *err);
/* From now on the provider calls it so; *bound false: it has another name there already. */
int doors_bind(struct doors *doors, int64_t id, struct str subject, bool *bound, struct err *err);

/* ---- passwords ---- */

enum { PASSWORD_LEAST = 10, PASSWORD_MOST = 200 }; /* bytes */

enum { PASSWORD_HASH = 128 };

/* Takes a tenth of a second: not between doors_begin and doors_end. ERR_INPUT where it is too short or too long. */
int doors_hash_password(struct str password, char hash[PASSWORD_HASH], struct err *err);
/* Takes all its passes back, too. */
int doors_set_hash(struct doors *doors, int64_t id, const char *hash, struct err *err);
/* Both. */
int doors_set_password(struct doors *doors, int64_t id, struct str password, struct err *err);
/* Takes as long where there is no such account, or it has none. */
int doors_check_password(struct doors *doors, int64_t id, struct str password, bool *right, struct err *err);

/* ---- passes ---- */

enum { SESSIONS_MOST = 200 }; /* of an account */

/* Hands one out; its id is filled in. `text` is told once. Where an account has as many sessions as it may, the oldest ends. */
int doors_hand_out(struct doors *doors, int64_t account, struct pass *pass, char text[PASS_TEXT], struct err *err);
/* The account it is for; of the pass its id and what may be done with it. *found false: there is none such, its time is over, or the account is
 * closed. Costs little: what was looked at before is remembered until anybody changes the file. */
int doors_look_at(struct doors *doors, enum pass_kind kind, struct str text, int64_t now_ms, struct account *out,
		  struct pass *pass, bool *found, struct arena *arena, struct err *err);
/* The same without waiting for anybody or anything: false where it is not remembered, or somebody is at the doors right now. */
bool doors_recall(struct doors *doors, enum pass_kind kind, struct str text, int64_t now_ms, struct account *out,
		  struct pass *pass, struct arena *arena);
/* An account's passes of that kind whose time is not over, oldest first. */
int doors_passes(struct doors *doors, int64_t account, enum pass_kind kind, int64_t now_ms, struct pass **out,
		 size_t *count, struct arena *arena, struct err *err);
/* Of an account, all of one kind; but the one called `but`, where it is not empty. */
int doors_take_back_all(struct doors *doors, int64_t account, enum pass_kind kind, struct str but, struct err *err);
/* No error where it is gone already. */
int doors_take_back(struct doors *doors, enum pass_kind kind, struct str text, struct err *err);
/* *found false: the account has none of that id. */
int doors_take_back_by_id(struct doors *doors, int64_t account, enum pass_kind kind, struct str id, bool *found,
			  struct err *err);
/* It signed in just now. */
int doors_signed_in(struct doors *doors, int64_t account, int64_t now_ms, struct err *err);

/* ---- the second factor ---- a code that changes every half minute (book/totp.h) */

enum { RECOVERY_CODES = 10, RECOVERY_TEXT = 12 }; /* "abcde-fghij", with its NUL */

/* A fresh secret, which counts from doors_factor_on: until then the one before does, if there is one. */
int doors_factor_begin(struct doors *doors, int64_t account, unsigned char secret[TOTP_SECRET], struct err *err);
/* *right where the code is of the fresh secret: then it counts, and the codes for when the device is lost are told, once. */
int doors_factor_on(struct doors *doors, int64_t account, struct str code, int64_t now_ms, bool *right,
		    char recovery[RECOVERY_CODES][RECOVERY_TEXT], struct err *err);
int doors_factor_off(struct doors *doors, int64_t account, struct err *err);
/* A code of now, or of the half minute before or after, that is later than any that was taken; or one for when the device is lost. Either is good
 * once. */
int doors_factor_check(struct doors *doors, int64_t account, struct str code, int64_t now_ms, bool *right,
		       struct err *err);

/* ---- what the journal is to tell ---- */

int doors_note(struct doors *doors, const struct journal_note *note, struct err *err);
/* Those that were not taken over yet, oldest first. */
int doors_notes(struct doors *doors, size_t most, struct journal_note **out, size_t *count, struct arena *arena,
		struct err *err);
/* Those up to that number were taken over. */
int doors_notes_drop(struct doors *doors, int64_t number, struct err *err);

#endif
