/* Shared by the files of the doors only: one SQLite file behind one lock. */
#ifndef BOOK_DOORS_PRIVATE_H
#define BOOK_DOORS_PRIVATE_H

#include <pthread.h>
#include <sqlite3.h>
#include "book/doors.h"

enum doors_statement {
	DOORS_BEGIN,
	DOORS_COMMIT,
	DOORS_ROLLBACK,
	ACCOUNT_ADD,
	ACCOUNT_CHANGE,
	ACCOUNT_ALL,
	ACCOUNT_BY_ID,
	ACCOUNT_BY_LOGIN,
	ACCOUNT_BY_SUBJECT,
	ACCOUNT_BIND,
	ACCOUNT_SIGNED_IN,
	PASSWORD_SET,
	PASSWORD_GET,
	PASS_ADD,
	PASS_GET,
	PASS_ALL,
	PASS_DROP,
	PASS_DROP_BY_ID,
	PASS_DROP_KIND,
	PASS_DROP_ALL,
	PASS_DROP_OVER,
	PASS_DROP_OLDEST,
	FACTOR_BEGIN,
	FACTOR_ON,
	FACTOR_OFF,
	FACTOR_GET,
	FACTOR_USED,
	RECOVERY_ADD,
	RECOVERY_USE,
	RECOVERY_DROP,
	NOTE_ADD,
	NOTE_ALL,
	NOTE_DROP,
	DOORS_STATEMENTS
};

struct doors_memory;

struct doors {
	pthread_mutex_t lock; /* whoever has it may take it again */
	sqlite3 *db;
	sqlite3_stmt *statements[DOORS_STATEMENTS];
	char *path;
	struct doors_memory *memory; /* doors_look.c */
};

void doors_memory_free(struct doors_memory *memory);

/* Has the lock from here until doors_used, or doors_run. */
sqlite3_stmt *doors_use(struct doors *doors, enum doors_statement which);
void doors_used(struct doors *doors, sqlite3_stmt *s);
/* Runs what changes and tells no rows. */
int doors_run(struct doors *doors, sqlite3_stmt *s, struct err *err);
int doors_failed(struct doors *doors, struct err *err);

void doors_give_text(sqlite3_stmt *s, int at, struct str text);
void doors_give_bytes(sqlite3_stmt *s, int at, const void *bytes, size_t len);
/* In the arena. */
struct str doors_text(sqlite3_stmt *s, int column, struct arena *arena);
/* For statements that need but the account's number. */
int doors_run_for(struct doors *doors, enum doors_statement which, int64_t account, struct err *err);

enum { DOORS_HASH = 32 };
void doors_hash(struct str text, unsigned char out[DOORS_HASH]);

#endif
