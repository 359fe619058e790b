#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "book/doors_private.h"

enum { BUSY_MS = 5000, FORMAT = 1 };

/* ---- the file ---- */

static const char tables[] =
	"CREATE TABLE account (id INTEGER PRIMARY KEY, login TEXT NOT NULL UNIQUE, name TEXT NOT NULL, roles INTEGER NOT NULL,"
	" team TEXT NOT NULL, partner TEXT NOT NULL, closed INTEGER NOT NULL, password TEXT,"
	" subject TEXT UNIQUE, signed_in_ms INTEGER NOT NULL DEFAULT 0, factor BLOB, factor_fresh BLOB, factor_step INTEGER NOT NULL DEFAULT 0)"
	" STRICT;"
	"CREATE TABLE pass (hash BLOB PRIMARY KEY, id TEXT NOT NULL, kind INTEGER NOT NULL, account INTEGER NOT NULL,"
	" name TEXT NOT NULL, client TEXT NOT NULL, agent TEXT NOT NULL, grants INTEGER NOT NULL, made_ms INTEGER NOT NULL,"
	" until_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE INDEX pass_of ON pass (account);"
	"CREATE TABLE recovery (account INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (account, hash))"
	" STRICT, WITHOUT ROWID;"
	/* Its numbers are given once, whatever was dropped since. */
	"CREATE TABLE note (number INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, kind INTEGER NOT NULL,"
	" who TEXT NOT NULL, about TEXT NOT NULL, text TEXT NOT NULL) STRICT;"
	"PRAGMA user_version = 1;";

#define COLUMNS                                                                                                        \
	"id, login, name, roles, team, partner, closed, password IS NULL, factor IS NOT NULL, "                        \
	"(SELECT COUNT(*) FROM recovery r WHERE r.account = account.id), signed_in_ms"

static const char *const sql[DOORS_STATEMENTS] = {
	[DOORS_BEGIN] = "BEGIN IMMEDIATE",
	[DOORS_COMMIT] = "COMMIT",
	[DOORS_ROLLBACK] = "ROLLBACK",
	[ACCOUNT_ADD] =
		"INSERT INTO account (login, name, roles, team, partner, closed) VALUES ($1, $2, $3, $4, $5, $6)",
	[ACCOUNT_CHANGE] = "UPDATE account SET login = $1, name = $2, roles = $3, team = $4, partner = $5, closed = $6 "
			   "WHERE id = $7",
	[ACCOUNT_ALL] = "SELECT " COLUMNS " FROM account ORDER BY id",
	[ACCOUNT_BY_ID] = "SELECT " COLUMNS " FROM account WHERE id = $1",
	[ACCOUNT_BY_LOGIN] = "SELECT " COLUMNS " FROM account WHERE login = $1",
	[ACCOUNT_BY_SUBJECT] = "SELECT " COLUMNS " FROM account WHERE subject = $1",
	[ACCOUNT_BIND] = "UPDATE account SET subject = $1 WHERE id = $2 AND subject IS NULL",
	[ACCOUNT_SIGNED_IN] = "UPDATE account SET signed_in_ms = $1 WHERE id = $2",
	[PASSWORD_SET] = "UPDATE account SET password = $1 WHERE id = $2",
	[PASSWORD_GET] = "SELECT password FROM account WHERE id = $1 AND closed = 0",
	[PASS_ADD] = "INSERT INTO pass (hash, id, kind, account, name, client, agent, grants, made_ms, until_ms) "
		     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
	[PASS_GET] = "SELECT account, grants, id, until_ms FROM pass WHERE hash = $1 AND kind = $2 AND until_ms > $3",
	[PASS_ALL] = "SELECT id, kind, name, client, agent, grants, made_ms, until_ms FROM pass "
		     "WHERE account = $1 AND kind = $2 AND until_ms > $3 ORDER BY made_ms, id",
	[PASS_DROP] = "DELETE FROM pass WHERE hash = $1 AND kind = $2",
	[PASS_DROP_BY_ID] = "DELETE FROM pass WHERE account = $1 AND kind = $2 AND id = $3",
	[PASS_DROP_KIND] = "DELETE FROM pass WHERE account = $1 AND kind = $2 AND id <> $3",
	[PASS_DROP_ALL] = "DELETE FROM pass WHERE account = $1",
	[PASS_DROP_OVER] = "DELETE FROM pass WHERE until_ms <= $1",
	[PASS_DROP_OLDEST] =
		"DELETE FROM pass WHERE account = $1 AND kind = $2 AND hash NOT IN "
		"(SELECT hash FROM pass WHERE account = $1 AND kind = $2 ORDER BY made_ms DESC, id LIMIT $3)",
	[FACTOR_BEGIN] = "UPDATE account SET factor_fresh = $1 WHERE id = $2",
	[FACTOR_ON] = "UPDATE account SET factor = factor_fresh, factor_fresh = NULL, factor_step = $1 WHERE id = $2",
	[FACTOR_OFF] = "UPDATE account SET factor = NULL, factor_fresh = NULL WHERE id = $1",
	[FACTOR_GET] = "SELECT factor, factor_fresh, factor_step FROM account WHERE id = $1 AND closed = 0",
	[FACTOR_USED] = "UPDATE account SET factor_step = $1 WHERE id = $2",
	[RECOVERY_ADD] = "INSERT INTO recovery (account, hash) VALUES ($1, $2)",
	[RECOVERY_USE] = "DELETE FROM recovery WHERE account = $1 AND hash = $2",
	[RECOVERY_DROP] = "DELETE FROM recovery WHERE account = $1",
	[NOTE_ADD] = "INSERT INTO note (at_ms, kind, who, about, text) VALUES ($1, $2, $3, $4, $5)",
	[NOTE_ALL] = "SELECT number, at_ms, kind, who, about, text FROM note ORDER BY number LIMIT $1",
	[NOTE_DROP] = "DELETE FROM note WHERE number <= $1",
};

int doors_failed(struct doors *doors, struct err *err)
{
	return err_set(err, ERR_SYSTEM, "%s: %s", doors->path, sqlite3_errmsg(doors->db));
}

static int run_script(struct doors *doors, const char *script, struct err *err)
{
	return sqlite3_exec(doors->db, script, NULL, NULL, NULL) == SQLITE_OK ? 0 : doors_failed(doors, err);
}

static int look_at_format(struct doors *doors, struct err *err)
{
	sqlite3_stmt *asked;
	int format = -1;

	if (sqlite3_prepare_v2(doors->db, "PRAGMA user_version", -1, &asked, NULL) == SQLITE_OK &&
	    sqlite3_step(asked) == SQLITE_ROW)
		format = sqlite3_column_int(asked, 0);
	sqlite3_finalize(asked);
	if (format < 0)
		return doors_failed(doors, err);
	if (format == 0)
		return run_script(doors, tables, err);
	if (format != FORMAT)
		return err_set(err, ERR_STATE, "%s is of another version of this program (format %d)", doors->path,
			       format);
	return 0;
}

static int prepare(struct doors *doors, struct err *err)
{
	for (int i = 0; i < DOORS_STATEMENTS; i++)
		if (sqlite3_prepare_v3(doors->db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &doors->statements[i], NULL) !=
		    SQLITE_OK)
			return doors_failed(doors, err);
	return 0;
}

int doors_open(struct doors **out, const char *path, struct err *err)
{
	struct doors *doors = must_calloc(1, sizeof(*doors));
	mode_t mask = umask(0077);
	pthread_mutexattr_t again;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, opened;

	if (sodium_init() < 0)
		BUG("libsodium does not start");
	doors->path = strdup(path);
	pthread_mutexattr_init(&again);
	pthread_mutexattr_settype(&again, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&doors->lock, &again);
	pthread_mutexattr_destroy(&again);
	opened = sqlite3_open_v2(path, &doors->db, flags, NULL);
	umask(mask);
	if (opened != SQLITE_OK
		    ? doors_failed(doors, err)
		    : (sqlite3_busy_timeout(doors->db, BUSY_MS),
		       run_script(doors,
				  "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;",
				  err) ||
			       look_at_format(doors, err) || prepare(doors, err))) {
		doors_close(doors);
		return err->kind;
	}
	*out = doors;
	return 0;
}

void doors_close(struct doors *doors)
{
	if (!doors)
		return;
	for (int i = 0; i < DOORS_STATEMENTS; i++)
		sqlite3_finalize(doors->statements[i]);
	sqlite3_close(doors->db);
	doors_memory_free(doors->memory);
	pthread_mutex_destroy(&doors->lock);
	free(doors->path);
	free(doors);
}

/* ---- statements ---- */

sqlite3_stmt *doors_use(struct doors *doors, enum doors_statement which)
{
	pthread_mutex_lock(&doors->lock);
	return doors->statements[which];
}

void doors_used(struct doors *doors, sqlite3_stmt *s)
{
	sqlite3_reset(s);
	sqlite3_clear_bindings(s);
	pthread_mutex_unlock(&doors->lock);
}

void doors_give_text(sqlite3_stmt *s, int at, struct str text)
{
	sqlite3_bind_text(s, at, text.at ? text.at : "", (int)text.len, SQLITE_TRANSIENT);
}

void doors_give_bytes(sqlite3_stmt *s, int at, const void *bytes, size_t len)
{
	sqlite3_bind_blob(s, at, bytes, (int)len, SQLITE_TRANSIENT);
}

struct str doors_text(sqlite3_stmt *s, int column, struct arena *arena)
{
	const char *text = (const char *)sqlite3_column_text(s, column);

	return arena_str(arena, (struct str){ text, (size_t)sqlite3_column_bytes(s, column) });
}

int doors_run(struct doors *doors, sqlite3_stmt *s, struct err *err)
{
	int stepped = sqlite3_step(s), result = 0;

	if (stepped == SQLITE_CONSTRAINT)
		result = err_set(err, ERR_STATE, "there is an account with this login already");
	else if (stepped != SQLITE_DONE)
		result = doors_failed(doors, err);
	doors_used(doors, s);
	return result;
}

int doors_run_for(struct doors *doors, enum doors_statement which, int64_t account, struct err *err)
{
	sqlite3_stmt *s = doors_use(doors, which);

	sqlite3_bind_int64(s, 1, account);
	return doors_run(doors, s, err);
}

void doors_hash(struct str text, unsigned char out[DOORS_HASH])
{
	crypto_generichash(out, DOORS_HASH, (const unsigned char *)text.at, text.len, NULL, 0);
}

/* ---- several changes as one ---- */

int doors_begin(struct doors *doors, struct err *err)
{
	int failed;

	pthread_mutex_lock(&doors->lock);
	failed = doors_run(doors, doors_use(doors, DOORS_BEGIN), err);
	if (failed)
		pthread_mutex_unlock(&doors->lock);
	return failed;
}

int doors_end(struct doors *doors, int failed, struct err *err)
{
	struct err ignored = ERR_INIT;

	if (!failed)
		failed = doors_run(doors, doors_use(doors, DOORS_COMMIT), err);
	if (failed && !sqlite3_get_autocommit(doors->db))
		doors_run(doors, doors_use(doors, DOORS_ROLLBACK), &ignored);
	pthread_mutex_unlock(&doors->lock);
	return failed;
}

/* ---- what the journal is to tell ---- */

int doors_note(struct doors *doors, const struct journal_note *note, struct err *err)
{
	sqlite3_stmt *s = doors_use(doors, NOTE_ADD);

	sqlite3_bind_int64(s, 1, note->at_ms);
	sqlite3_bind_int(s, 2, (int)note->kind);
	doors_give_text(s, 3, note->who);
	doors_give_text(s, 4, note->about);
	doors_give_text(s, 5, note->text);
	return doors_run(doors, s, err);
}

int doors_notes(struct doors *doors, size_t most, struct journal_note **out, size_t *count, struct arena *arena,
		struct err *err)
{
	sqlite3_stmt *s = doors_use(doors, NOTE_ALL);
	size_t capacity = 0;
	int stepped, result = 0;

	*out = NULL;
	*count = 0;
	sqlite3_bind_int64(s, 1, (int64_t)most);
	while ((stepped = sqlite3_step(s)) == SQLITE_ROW) {
		ARENA_PUSH(arena, *out, *count, capacity);
		(*out)[(*count)++] = (struct journal_note){ .number = sqlite3_column_int64(s, 0),
							    .at_ms = sqlite3_column_int64(s, 1),
							    .kind = (enum journal_kind)sqlite3_column_int(s, 2),
							    .who = doors_text(s, 3, arena),
							    .about = doors_text(s, 4, arena),
							    .text = doors_text(s, 5, arena) };
	}
	if (stepped != SQLITE_DONE)
		result = doors_failed(doors, err);
	doors_used(doors, s);
	return result;
}

int doors_notes_drop(struct doors *doors, int64_t number, struct err *err)
{
	return doors_run_for(doors, NOTE_DROP, number, err);
}
