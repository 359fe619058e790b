/* Where news goes besides to people: addresses of other programs, and what each is told. And what a colleague who signs in wants to hear.
 *
 * Both stand beside the entries and change; the secret by which a receiver knows us is worked out of the book's own secret (keys.h) and the
 * number of its turn, and stands nowhere. With the next turn the one before is worth nothing.
 */
#ifndef BOOK_OUTLETS_H
#define BOOK_OUTLETS_H

#include "book/outbox.h"

enum { OUTLET_ID_MAX = 40, OUTLET_URL_MAX = 2000, OUTLET_SECRET_BYTES = 32 };

struct outlet {
	struct str id;       /* a name of small letters, digits and dashes */
	enum outbox_way way; /* any but OUTBOX_MAIL */
	struct str url;      /* of chats it is a secret itself */
	struct str kinds;    /* of news: "lead.*, promise.broken"; empty: all */
	int64_t turn;        /* of its secret, from 1 */
	bool off;
};

/* All, by id. Borrows from the book, until one changes. */
int outlets(struct book *book, const struct outlet **out, size_t *count, struct err *err);
/* Does it want to hear of news of that kind? */
bool outlet_wants(const struct outlet *outlet, struct str kind);
bool outlet_id_fits(struct str id);

/* Within a transaction. A rollback forgets what the book has read of them. */
int outlet_add(struct book *book, const struct outlet *outlet, struct err *err);
int outlet_change(struct book *book, const struct outlet *outlet, struct err *err);
int outlet_drop(struct book *book, struct str id, struct err *err);

/* What proves it to that receiver. */
void outlet_secret(const struct book *book, struct str id, int64_t turn, unsigned char out[OUTLET_SECRET_BYTES]);

/* ---- what people want to hear ---- */

enum wish_of { WISH_ASSIGNMENT, WISH_AT_RISK, WISH_BREACH, WISH_DIGEST, WISH_WEEKLY, WISH__COUNT };

const char *wish_name(enum wish_of of); /* "at-risk" */

struct wish {
	struct str login;
	unsigned quiet;     /* bits of enum wish_of: not these */
	int64_t feed;       /* turn of the calendar feed's secret; 0: there is no feed */
	int32_t digest_day; /* the last for which a digest was written */
	int32_t weekly_day; /* likewise the weekly page */
};

/* Of those who said so, or got a digest; by login. In the arena. */
int wishes(struct book *book, struct wish **out, size_t *count, struct arena *arena, struct err *err);
/* As it stands, or as it is at first. */
int wish_find(struct book *book, struct str login, struct wish *out, struct arena *arena, struct err *err);
/* Within a transaction. */
int wish_set(struct book *book, const struct wish *wish, struct err *err);

#endif
