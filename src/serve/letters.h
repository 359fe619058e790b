/* The kinds of letters: whom each is for, and who writes it. */
#ifndef SERVE_LETTERS_H
#define SERVE_LETTERS_H

#include "book/outlets.h"
#include "serve/letter.h"

/* Whom a message's `to` names. */
enum letter_to {
	LETTER_TO_LOGIN,     /* an account; also one without a name in the book */
	LETTER_TO_COLLEAGUE, /* by the name the book has: an account's address, else the one the book has of them */
	LETTER_TO_LEAD,      /* SOURCE:ID; held back where the person wants no contact */
};

struct letter_kind {
	const char *name;
	enum letter_to to;
	enum wish_of wish; /* which may be turned off; WISH__COUNT: cannot be */
	bool judged;       /* it asks what only judging tells: it is written away from the desk */
	int (*write)(struct letter *letter, const struct outbox_message *message, struct err *err);
};

/* NULL: there is none of that name. */
const struct letter_kind *letter_kind_find(struct str name);

/* At the desk: finds out who gets it, and writes it unless its kind is judged. letter->held says where nobody gets it. */
int letter_address(struct letter *letter, const struct letter_kind *kind, const struct outbox_message *message,
		   struct err *err);

/* "https://crm.example.com/leads/L17", in the arena; NULL where nobody said where we are reached. */
const char *letter_page(const struct letter *letter, const char *path, struct str name);

/* ---- each by itself ---- */

int letter_assignment(struct letter *letter, const struct outbox_message *message, struct err *err);
int letter_at_risk(struct letter *letter, const struct outbox_message *message, struct err *err);
int letter_breach(struct letter *letter, const struct outbox_message *message, struct err *err);
int letter_confirm(struct letter *letter, const struct outbox_message *message, struct err *err);
int letter_invitation(struct letter *letter, const struct outbox_message *message, struct err *err);
int letter_reset(struct letter *letter, const struct outbox_message *message, struct err *err);
int letter_digest(struct letter *letter, const struct outbox_message *message, struct err *err);
int letter_weekly(struct letter *letter, const struct outbox_message *message, struct err *err);

#endif
