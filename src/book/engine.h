/* What the book asks of a database. SQLite fits behind this today, PostgreSQL next: the SQL itself stands in statements.h, once, in
 * the part of the language both share, with parameters $1…$n that first appear in order (SQLite numbers them by first appearance).
 * Every key begins with book_id so that one PostgreSQL database can hold many books.
 */
#ifndef BOOK_ENGINE_H
#define BOOK_ENGINE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/str.h"

enum engine_type { ENGINE_NULL, ENGINE_INT, ENGINE_TEXT, ENGINE_BYTES };

struct engine_value {
	enum engine_type type;
	int64_t number;
	struct str bytes; /* borrows: parameters until the call returns, columns until the next step */
};

static inline struct engine_value engine_int(int64_t n)
{
	return (struct engine_value){ ENGINE_INT, n, STR_NONE };
}
static inline struct engine_value engine_text(struct str s)
{
	return (struct engine_value){ ENGINE_TEXT, 0, s };
}
static inline struct engine_value engine_bytes(const void *p, size_t n)
{
	return (struct engine_value){ ENGINE_BYTES, 0, { p, n } };
}

struct engine; /* one connection */

/* Rows come one by one; a nonzero return stops and is passed on. */
typedef int engine_row_fn(void *context, const struct engine_value *columns, int count, struct err *err);

/* Something to do beside the statements, on a copy of the bytes, in whatever thread: done before a commit asked for later begins. */
typedef int engine_call_fn(struct str bytes, struct err *err);

struct engine_ops {
	const char *name;
	int (*open)(struct engine **out, const char *where, bool writing, struct err *err);
	void (*close)(struct engine *engine);
	int (*create)(const char *where, struct err *err); /* makes the tables */
	int (*begin)(struct engine *engine, struct err *err);
	int (*commit)(struct engine *engine, struct err *err); /* durable when it returns */
	/* Of engine_behind alone. Asks for a commit and begins anew without waiting: durable when `wait`, or a commit after it, has
	 * returned 0. */
	int (*commit_next)(struct engine *engine, struct err *err);
	int (*wait)(struct engine *engine, struct err *err);
	bool (*landed)(struct engine *engine);   /* `wait` would return 0, and not wait */
	void (*rollback)(struct engine *engine); /* of what no commit was asked for, or did not succeed */
	/* Of connections that read: the last commit from here on, until the next call; `rest` holds on to none. */
	int (*renew)(struct engine *engine, struct err *err);
	void (*rest)(struct engine *engine);
	/* `statement` is an enum statement; all are prepared at open, so that a typo fails there. */
	int (*run)(struct engine *engine, int statement, const struct engine_value *params, int count,
		   engine_row_fn *row, void *context, struct err *err);
	/* As run, of a statement that reads: tells what is committed, as of the last commit known to be durable or one after it, and waits
	 * for nothing that is on its way. */
	int (*look)(struct engine *engine, int statement, const struct engine_value *params, int count,
		    engine_row_fn *row, void *context, struct err *err);
	int (*call)(struct engine *engine, engine_call_fn *call, struct str bytes, struct err *err);
	int (*backup)(struct engine *engine, const char *to, struct err *err);
	int (*compact)(
		struct engine *engine,
		struct err
			*err); /* rewrites the file and the log: no free page keeps old bytes; ERR_STATE: readers do */
	int (*check)(struct engine *engine, struct err *err); /* the storage's own consistency check */
};

extern const struct engine_ops engine_sqlite;
/* For writers: the engine of `where`, with a thread that carries out what is written (engine_behind.c). */
extern const struct engine_ops engine_behind;
/* Chosen by the look of `where`: a path, or "postgresql://…" (says that it is not there yet). */
const struct engine_ops *engine_for(const char *where, struct err *err);

#endif
