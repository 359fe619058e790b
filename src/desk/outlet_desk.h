/* Who may be told what, the same from the command line and over HTTP. Each change is an entry of the journal, in the same transaction; of an
 * address only the host stands there, as the rest of it may be a secret.
 *
 * Functions return 1 where it is refused (`problems` says why), 0 where it is done, below 0 for an error; nothing is changed then. They are
 * called within a transaction, which the caller commits, or rolls back unless it is done.
 */
#ifndef DESK_OUTLET_DESK_H
#define DESK_OUTLET_DESK_H

#include "base/problem.h"
#include "book/outlets.h"

struct outlet_desk {
	struct book *book;
	int64_t now_ms;
	struct str actor; /* a login, or the operating-system user */
	struct arena *arena;
	struct problems *problems;
};

/* Kinds of news there are, for who chooses: "lead.accepted" …; ends with NULL. */
extern const char *const news_kinds[];

bool outlet_way_by_name(struct str name, enum outbox_way *way);
int outlet_desk_add(const struct outlet_desk *desk, struct outlet *outlet, struct err *err);
/* As it is to be from now on. `fresh`: with a new secret. */
int outlet_desk_change(const struct outlet_desk *desk, struct outlet *outlet, bool fresh, struct err *err);
int outlet_desk_drop(const struct outlet_desk *desk, struct str id, struct err *err);
/* *found false: there is none. */
int outlet_find(struct book *book, struct str id, struct outlet *out, bool *found, struct err *err);

/* A dead one once more, or away with it: 1 where there is none of that id. */
int outbox_desk_again(const struct outlet_desk *desk, struct str id, struct err *err);
int outbox_desk_drop(const struct outlet_desk *desk, struct str id, struct err *err);

#endif
