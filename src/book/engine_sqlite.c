/* SQLite behind engine.h.
 *
 * The one-connection rule: a book in WAL mode is written *and checkpointed* by one connection only, the one opened with
 * `writing` under the lock file. Readers have checkpoints switched off in every form (automatic, and the one SQLite would make
 * when the last connection closes), and are opened read-only. SQLite 3.7.0–3.51.2 can lose pages when two connections checkpoint at
 * the wrong moment. tests/unit/book_readers.c holds both to it. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "book/engine.h"
#include "book/files.h"
#include "book/statements.h"

#define BUSY_MS 10000
#define READERS_MS 3000        /* how long compacting waits for who reads */
#define CHECKPOINT_PAGES 16000 /* 66 MB of log: docs/decisions/0006-group-commit.md has the tables */

struct engine {
	sqlite3 *db;
	sqlite3_stmt *statements[STATEMENT__COUNT];
	char *path;
	bool writing;
};

/* SQLite would go on as if the pages had been written. */
static void check_sync(sqlite3 *db, const char *path)
{
	int code = db ? sqlite3_extended_errcode(db) : SQLITE_OK;

	if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC)
		disk_lost(path, sqlite3_errstr(code));
}

/* SQLite knows it of the file and the log; of the file of locks only that it could not be made longer. */
static bool no_room(sqlite3 *db, int code)
{
	return code == SQLITE_FULL || (code == SQLITE_IOERR && db &&
				       (sqlite3_extended_errcode(db) == SQLITE_IOERR_SHMSIZE ||
					sqlite3_system_errno(db) == ENOSPC || sqlite3_system_errno(db) == EDQUOT));
}

static int sqlite_error(struct err *err, sqlite3 *db, int code, const char *path)
{
	int kind = ERR_SYSTEM;

	check_sync(db, path);
	if (no_room(db, code))
		return err_set(
			err, ERR_SYSTEM,
			"%s: the disk is full. What was last being written is not in, everything from before stands; make room "
			"and try again",
			path);
	if (code == SQLITE_IOERR && db && sqlite3_extended_errcode(db) == SQLITE_IOERR_WRITE)
		return err_set(
			err, ERR_SYSTEM,
			"%s: the disk refuses to write. What was last being written is not in, everything from before stands; look "
			"at the disk and try again",
			path);
	if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
		kind = ERR_DAMAGED;
	if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		kind = ERR_STATE;
	return err_set(err, (enum err_kind)kind, "%s: %s", path, db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
}

static int pragma(struct engine *engine, const char *sql, struct err *err)
{
	int code = sqlite3_exec(engine->db, sql, NULL, NULL, NULL);

	return code == SQLITE_OK ? 0 : sqlite_error(err, engine->db, code, engine->path);
}

static void sqlite_close(struct engine *engine)
{
	if (!engine)
		return;
	for (int i = 0; i < STATEMENT__COUNT; i++)
		sqlite3_finalize(engine->statements[i]);
	/* While somebody reads, closing alone leaves everything in the log, and a copy of the file without it would be no book. */
	if (engine->writing && engine->db)
		if (sqlite3_wal_checkpoint_v2(engine->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL) != SQLITE_OK)
			check_sync(engine->db, engine->path);
	/* Only now does the log become empty: one that is written over is synced in half the time of one that grows. */
	if (engine->writing && engine->db)
		sqlite3_exec(engine->db, "PRAGMA journal_size_limit = 0", NULL, NULL, NULL);
	sqlite3_close(engine->db);
	free(engine->path);
	free(engine);
}

static int check_there(const char *path, struct err *err)
{
	struct stat st = { 0 };

	if (stat(path, &st) != 0 && errno == ENOENT)
		return err_set(err, ERR_STATE, "%s: there is no book here; make one with: lockstep init --book %s",
			       path, path);
	if (access(path, R_OK) != 0)
		return err_system(err, "%s: cannot open the book", path);
	return S_ISREG(st.st_mode) ? 0 : err_set(err, ERR_DAMAGED, "%s: this is not a book", path);
}

/* Not a book, or one half made: SQLite itself would take an empty file for an empty database. Read through SQLite's own file descriptor:
 * closing another of this file would take their locks from all connections of the process, and the next writer to close would think
 * itself alone and empty the log that they read. */
static int check_header(struct engine *engine, struct err *err)
{
	sqlite3_file *file = NULL;
	char head[16];

	sqlite3_file_control(engine->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	if (!file || !file->pMethods || file->pMethods->xRead(file, head, sizeof(head), 0) != SQLITE_OK ||
	    memcmp(head, "SQLite format 3", sizeof(head)) != 0)
		return err_set(err, ERR_DAMAGED, "%s: this is not a book", engine->path);
	return 0;
}

/* SQLite counts its memory under a lock of the whole process, which every allocation of every connection would take: nobody asks for the
 * count. To be said before anything else is; where another part of the process was faster, it counts. */
static void configure(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static int open_db(struct engine *engine, const char *path, int flags, struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, configure);
	int code = sqlite3_open_v2(path, &engine->db, flags | SQLITE_OPEN_NOMUTEX, NULL);

	if (code != SQLITE_OK)
		return sqlite_error(err, engine->db, code, engine->path);
	sqlite3_extended_result_codes(engine->db, 0);
	/* Else SQLite plans a statement again each time it is asked, when its parameters stand beside a partial index: 25 µs. */
	sqlite3_db_config(engine->db, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
	sqlite3_busy_timeout(engine->db, BUSY_MS);
	return 0;
}

static int prepare_all(struct engine *engine, struct err *err)
{
	for (int i = 0; i < STATEMENT__COUNT; i++) {
		int code = sqlite3_prepare_v3(engine->db, statement_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
					      &engine->statements[i], NULL);
		if (code == SQLITE_NOMEM)
			return sqlite_error(err, engine->db, code, engine->path);
		if (code != SQLITE_OK)
			return err_set(err, ERR_DAMAGED, "%s: this is not a book of Lockstep (%s)", engine->path,
				       sqlite3_errmsg(engine->db));
	}
	return 0;
}

/* Behind each commit. SQLite's own way of doing this says nothing when the disk fails. */
static int after_commit(void *context, sqlite3 *db, const char *name, int pages)
{
	struct engine *engine = context;

	if (pages < CHECKPOINT_PAGES)
		return SQLITE_OK;
	/* Readers may hold it back, and on a full disk it waits: the log stays, and the next commit tries again. */
	if (sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL) != SQLITE_OK)
		check_sync(db, engine->path);
	return SQLITE_OK;
}

static int setup_writer(struct engine *engine, struct err *err)
{
	int keep = 1;
	int rc = open_db(engine, engine->path, SQLITE_OPEN_READWRITE, err);

	if (rc == 0)
		rc = check_header(engine, err);
	/* Another program's database is left as it is. */
	if (rc == 0)
		rc = prepare_all(engine, err);
	if (rc != 0)
		return rc;
	engine->writing = true;
	rc = pragma(engine,
		    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
		    "PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0; PRAGMA cache_size = -16384;"
		    "PRAGMA wal_autocheckpoint = 0",
		    err);
	if (rc == 0)
		sqlite3_wal_hook(engine->db, after_commit, engine);
	/* A log whose name is lost is lost itself. SQLite does not say when this fails. */
	if (rc == 0)
		rc = folder_sync(engine->path, err);
	/* The log stays, empty, so that a reader without the right to make files can open the book. */
	if (rc == 0)
		sqlite3_file_control(engine->db, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
	return rc;
}

/* BEGIN alone would wait for the first look before it holds on to a commit. */
#define TAKE_SNAPSHOT "BEGIN; SELECT 1 FROM sqlite_master LIMIT 1"

/* A reader sees one state from opening on, until it asks for a later one. */
static int begin_reading(struct engine *engine, struct err *err)
{
	sqlite3_db_config(engine->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	return pragma(
		engine,
		"PRAGMA wal_autocheckpoint = 0; PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;"
		"PRAGMA cache_size = -16384; " TAKE_SNAPSHOT,
		err);
}

/* No log beside the book and no right to make one: nobody can be writing through this folder, so the file may be read as it is. */
static int open_immutable(struct engine *engine, struct err *err)
{
	size_t len = strlen(engine->path);
	char *uri = must_alloc(len * 3 + 32), *to = uri;

	to += snprintf(to, 8, "file:");
	for (const char *p = engine->path; *p; p++)
		to += snprintf(to, 4, strchr("?#% ", *p) ? "%%%02x" : "%c", (unsigned char)*p);
	snprintf(to, 16, "?immutable=1");
	sqlite3_close(engine->db);
	engine->db = NULL;
	int rc = open_db(engine, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err);
	free(uri);
	return rc == 0 ? begin_reading(engine, err) : rc;
}

static int setup_reader(struct engine *engine, struct err *err)
{
	struct err first = ERR_INIT;
	int rc = open_db(engine, engine->path, SQLITE_OPEN_READONLY, &first);

	if (rc == 0)
		rc = check_header(engine, &first);
	if (rc == 0)
		rc = begin_reading(engine, &first);
	if (rc != 0 && first.kind == ERR_SYSTEM && !file_beside_exists(engine->path, "-wal"))
		return open_immutable(engine, err);
	if (rc != 0)
		*err = first;
	return rc;
}

static int sqlite_open(struct engine **out, const char *where, bool writing, struct err *err)
{
	int rc = check_there(where, err);

	if (rc != 0)
		return rc;
	struct engine *engine = must_calloc(1, sizeof(*engine));
	engine->path = must_alloc(strlen(where) + 1);
	memcpy(engine->path, where, strlen(where) + 1);
	rc = writing ? setup_writer(engine, err) : setup_reader(engine, err);
	if (rc == 0 && !writing)
		rc = prepare_all(engine, err);
	if (rc != 0) {
		sqlite_close(engine);
		return rc;
	}
	*out = engine;
	return 0;
}

static int sqlite_create(const char *where, struct err *err)
{
	struct engine engine = { .path = (char *)(uintptr_t)where };
	int fd = open(where, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_system(err, "%s: cannot make the book", where);
	close(fd);
	int rc = open_db(&engine, where, SQLITE_OPEN_READWRITE, err);
	if (rc == 0)
		rc = pragma(&engine, "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL",
			    err);
	if (rc == 0)
		rc = pragma(&engine, statement_create_sqlite, err);
	sqlite3_close(engine.db);
	return rc;
}

static int sqlite_begin(struct engine *engine, struct err *err)
{
	return pragma(engine, "BEGIN IMMEDIATE", err);
}
static int sqlite_commit(struct engine *engine, struct err *err)
{
	return pragma(engine, "COMMIT", err);
}
static int sqlite_call(struct engine *engine, engine_call_fn *call, struct str bytes, struct err *err)
{
	(void)engine;
	return call(bytes, err);
}
static void sqlite_rollback(struct engine *engine)
{
	sqlite3_exec(engine->db, "ROLLBACK", NULL, NULL, NULL);
}

static void sqlite_rest(struct engine *engine)
{
	if (!engine->writing && !sqlite3_get_autocommit(engine->db))
		sqlite3_exec(engine->db, "COMMIT", NULL, NULL, NULL);
}
static int sqlite_renew(struct engine *engine, struct err *err)
{
	sqlite_rest(engine);
	return engine->writing ? 0 : pragma(engine, TAKE_SNAPSHOT, err);
}

static void bind(sqlite3_stmt *statement, const struct engine_value *params, int count)
{
	for (int i = 0; i < count; i++) {
		const struct engine_value *p = &params[i];
		const char *at = p->bytes.at ? p->bytes.at : "";

		switch (p->type) {
		case ENGINE_NULL: sqlite3_bind_null(statement, i + 1); break;
		case ENGINE_INT: sqlite3_bind_int64(statement, i + 1, p->number); break;
		case ENGINE_TEXT:
			sqlite3_bind_text64(statement, i + 1, at, p->bytes.len, SQLITE_STATIC, SQLITE_UTF8);
			break;
		case ENGINE_BYTES: sqlite3_bind_blob64(statement, i + 1, at, p->bytes.len, SQLITE_STATIC); break;
		}
	}
}

/* Asked of the value, not of the statement, which would lock and unlock the connection each time; it is one thread's anyway. */
static struct engine_value column_of(sqlite3_stmt *statement, int i)
{
	sqlite3_value *value = sqlite3_column_value(statement, i);

	switch (sqlite3_value_type(value)) {
	case SQLITE_INTEGER: return engine_int(sqlite3_value_int64(value));
	case SQLITE_TEXT: {
		const char *at = (const char *)sqlite3_value_text(value);
		return engine_text((struct str){ at, (size_t)sqlite3_value_bytes(value) });
	}
	case SQLITE_BLOB: {
		const void *at = sqlite3_value_blob(value);
		return engine_bytes(at ? at : "", (size_t)sqlite3_value_bytes(value));
	}
	default: return (struct engine_value){ ENGINE_NULL, 0, STR_NONE };
	}
}

static int sqlite_run(struct engine *engine, int statement, const struct engine_value *params, int count,
		      engine_row_fn *row, void *context, struct err *err)
{
	sqlite3_stmt *st = engine->statements[statement];
	struct engine_value columns[16];
	int rc = 0, code;

	if (sqlite3_stmt_busy(st))
		BUG("statement %d is run inside itself", statement);
	bind(st, params, count);
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		int n = sqlite3_column_count(st);

		if (!row)
			continue;
		for (int i = 0; i < n; i++)
			columns[i] = column_of(st, i);
		rc = row(context, columns, n, err);
		if (rc != 0)
			break;
	}
	if (rc == 0 && code != SQLITE_DONE)
		rc = sqlite_error(err, engine->db, code & 0xff, engine->path);
	sqlite3_reset(st);
	return rc;
}

static int sqlite_backup(struct engine *engine, const char *to, struct err *err)
{
	sqlite3 *target = NULL;
	int code = sqlite3_open_v2(to, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
	sqlite3_backup *backup = code == SQLITE_OK ? sqlite3_backup_init(target, "main", engine->db, "main") : NULL;

	/* In one step: this connection's snapshot stands still anyway. */
	if (backup) {
		sqlite3_backup_step(backup, -1);
		code = sqlite3_backup_finish(backup);
	} else if (code == SQLITE_OK) {
		code = sqlite3_errcode(target);
	}
	int rc = code == SQLITE_OK ? 0 : sqlite_error(err, target, code, to);
	sqlite3_close(target);
	return rc;
}

static int sqlite_compact(struct engine *engine, struct err *err)
{
	int rc = pragma(engine, "VACUUM", err);

	if (rc != 0)
		return rc;
	/* Asked by pragma, one that waited in vain for readers would be no error. */
	sqlite3_busy_timeout(engine->db, READERS_MS);
	int code = sqlite3_wal_checkpoint_v2(engine->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_timeout(engine->db, BUSY_MS);
	return code == SQLITE_OK ? 0 : sqlite_error(err, engine->db, code, engine->path);
}

struct check {
	char text[256];
	bool sound;
};

static int check_row(void *context, int count, char **columns, char **names)
{
	struct check *check = context;
	const char *text = count > 0 && columns[0] ? columns[0] : "?", *line = strchr(text, '\n');

	(void)names;
	/* "*** in database main ***" stands before it. */
	if (line && strncmp(text, "***", 3) == 0)
		text = line + 1;
	if (strcmp(text, "ok") == 0)
		check->sound = true;
	else if (!check->text[0])
		snprintf(check->text, sizeof(check->text), "%s", text);
	return 0;
}

static int sqlite_check(struct engine *engine, struct err *err)
{
	struct check check = { "", false };
	int code = sqlite3_exec(engine->db, "PRAGMA integrity_check(1)", check_row, &check, NULL);

	if (code == SQLITE_NOMEM)
		return sqlite_error(err, engine->db, code, engine->path);
	if (code != SQLITE_OK)
		return err_set(err, ERR_DAMAGED, "%s: %s", engine->path, sqlite3_errmsg(engine->db));
	if (!check.sound)
		return err_set(err, ERR_DAMAGED, "%s: the database file is damaged: %s", engine->path, check.text);
	return 0;
}

const struct engine_ops engine_sqlite = {
	.name = "SQLite",
	.open = sqlite_open,
	.close = sqlite_close,
	.create = sqlite_create,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.renew = sqlite_renew,
	.rest = sqlite_rest,
	.run = sqlite_run,
	.look = sqlite_run,
	.call = sqlite_call,
	.backup = sqlite_backup,
	.compact = sqlite_compact,
	.check = sqlite_check,
};

const struct engine_ops *engine_for(const char *where, struct err *err)
{
	if (strncmp(where, "postgresql://", 13) != 0 && strncmp(where, "postgres://", 11) != 0)
		return &engine_sqlite;
	err_set(err, ERR_STATE, "%s: a book in PostgreSQL is not there yet; give a file", where);
	return NULL;
}
