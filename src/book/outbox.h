/* What is to go out, kept until it has: written in the transaction of what causes it, so that either both are there after a crash or neither.
 *
 * - A message's id is fixed when it is written. It goes out at least once, always with that id: who gets it twice can tell.
 * - It says what it is about (its facts) and whom it is for; how that reads is made when it is sent. So nothing of a customer may stand in it
 *   (erasing does not look here), and no secret: a lead is called by its key, a link is made when it is sent.
 * - What went out is gone, but for mails, which stay for a while as "sent". What cannot go out stays as "dead" until somebody decides.
 *
 * Beside the entries, in the same file; no part of the chain.
 */
#ifndef BOOK_OUTBOX_H
#define BOOK_OUTBOX_H

#include "book/book.h"

enum outbox_way { OUTBOX_MAIL, OUTBOX_WEBHOOK, OUTBOX_SLACK, OUTBOX_TEAMS, OUTBOX_WAY__COUNT };
enum outbox_state { OUTBOX_WAITING, OUTBOX_DEAD, OUTBOX_SENT, OUTBOX_STATE__COUNT };

const char *outbox_way_name(enum outbox_way way);       /* "mail" */
const char *outbox_state_name(enum outbox_state state); /* "waiting" */

enum { OUTBOX_ID = 32, OUTBOX_FACTS = 16, OUTBOX_BODY_MAX = 1 << 14 };

struct outbox_fact {
	struct str name, value;
};

struct outbox_message {
	char id[OUTBOX_ID]; /* "msg_…"; made when it is added, unless it is there */
	enum outbox_way way;
	struct str kind; /* "assignment", "breach", "lead.accepted" … */
	struct str
		to; /* a mail: a login, a colleague's name, or SOURCE:ID of a lead, as the kind has it; else the outlet's id */
	struct outbox_fact facts[OUTBOX_FACTS];
	size_t fact_count;
	int64_t made_ms;
	int64_t due_ms; /* not before; then, when it is tried next; of one that is sent, when that was */
	enum outbox_state state;
	int64_t tries;
	struct str trouble; /* why it did not go out when it was last tried */
};

void outbox_say(struct outbox_message *message, const char *name, struct str value);
struct str outbox_fact(const struct outbox_message *message, const char *name); /* empty where there is none */

/* ---- within a transaction ---- */

/* One of an id that is there already is not added again. ERR_LIMIT: it says too much. */
int outbox_add(struct book *book, struct outbox_message *message, struct err *err);
/* It went out: a mail stays as sent, all else is gone. Drops what was sent before `drop_before_ms`. */
int outbox_went(struct book *book, const struct outbox_message *message, int64_t now_ms, int64_t drop_before_ms,
		struct err *err);
/* It did not: tried again then; or dead. */
int outbox_failed(struct book *book, const char *id, enum outbox_state state, int64_t due_ms, struct str trouble,
		  struct err *err);
/* A dead one is to be sent once more. */
int outbox_again(struct book *book, const char *id, int64_t now_ms, struct err *err);
int outbox_drop(struct book *book, const char *id, struct err *err);

/* ---- asking ---- */

/* Those that wait and are due, the longest due first, at most `most`. In the arena. */
int outbox_due(struct book *book, int64_t now_ms, size_t most, struct outbox_message **out, size_t *count,
	       struct arena *arena, struct err *err);
/* Of a state, the latest first, made before `before_ms` (INT64_MAX: all), at most `most`. In the arena. */
int outbox_list(struct book *book, enum outbox_state state, int64_t before_ms, size_t most, struct outbox_message **out,
		size_t *count, struct arena *arena, struct err *err);
int outbox_find(struct book *book, struct str id, struct outbox_message *out, bool *found, struct arena *arena,
		struct err *err);
/* How many there are in each state; *next_ms: when the first that waits is due, INT64_MAX where none does. */
int outbox_counts(struct book *book, int64_t counts[OUTBOX_STATE__COUNT], int64_t *next_ms, struct err *err);
/* Those added to this book since it was opened, committed or not. From any thread. */
uint64_t outbox_added(const struct book *book);

/* ---- is there anybody who sends mail? ---- */

/* As the server last said that held the book: without one no mail is written. Setting is within a transaction. */
int outbox_mail_set(struct book *book, bool on, struct err *err);
int outbox_mail_on(struct book *book, bool *on, struct err *err);

/* Up to when it was told of what came at risk; INT64_MAX: nobody tells of that. Setting is within a transaction. */
int outbox_warned_set(struct book *book, int64_t until_ms, struct err *err);
int outbox_warned(struct book *book, int64_t *until_ms, struct err *err);

#endif
