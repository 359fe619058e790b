#include "book/doors.h"

#include <pthread.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BUSY_MS = 5000, PASS_BYTES = 32, FORMAT = 1 };

/* ---- words ---- */

static const char *const roles[ROLE__COUNT] = {
	[ROLE_EXECUTIVE] = "executive",     [ROLE_MARKETING] = "marketing", [ROLE_SALES_MANAGER] = "sales manager",
	[ROLE_SALES_REP] = "sales rep",     [ROLE_NURTURE] = "nurture",     [ROLE_PARTNER] = "partner",
	[ROLE_FACILITATOR] = "facilitator", [ROLE_VIEWER] = "viewer",       [ROLE_ADMIN] = "admin",
};
static const char *const grants[GRANT__COUNT] = {
	[GRANT_READ] = "read",
	[GRANT_INTAKE] = "intake",
	[GRANT_WRITE] = "write",
};

const char *role_name(enum role role)
{
	return roles[role];
}

bool role_by_name(struct str name, enum role *role)
{
	for (int i = 0; i < ROLE__COUNT; i++)
		if (str_is(name, roles[i])) {
			*role = (enum role)i;
			return true;
		}
	return false;
}

const char *grant_name(enum grant grant)
{
	return grants[grant];
}

bool grant_by_name(struct str name, enum grant *grant)
{
	for (int i = 0; i < GRANT__COUNT; i++)
		if (str_is(name, grants[i])) {
			*grant = (enum grant)i;
			return true;
		}
	return false;
}

/* ---- the file ---- */

static const char tables[] =
	"CREATE TABLE account (id INTEGER PRIMARY KEY, login TEXT NOT NULL UNIQUE, name TEXT NOT NULL, roles INTEGER NOT NULL,"
	" team TEXT NOT NULL, partner TEXT NOT NULL, closed INTEGER NOT NULL, password TEXT) STRICT;"
	"CREATE TABLE pass (hash BLOB PRIMARY KEY, id TEXT NOT NULL, kind INTEGER NOT NULL, account INTEGER NOT NULL,"
	" name TEXT NOT NULL, grants INTEGER NOT NULL, made_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL)"
	" STRICT, WITHOUT ROWID;"
	"CREATE INDEX pass_of ON pass (account);"
	"PRAGMA user_version = 1;";

enum statement_of_doors {
	ACCOUNT_ADD,
	ACCOUNT_CHANGE,
	ACCOUNT_ALL,
	ACCOUNT_BY_ID,
	ACCOUNT_BY_LOGIN,
	PASSWORD_SET,
	PASSWORD_GET,
	PASS_ADD,
	PASS_GET,
	PASS_ALL,
	PASS_DROP,
	PASS_DROP_BY_ID,
	PASS_DROP_ALL,
	PASS_DROP_OVER,
	STATEMENTS
};

#define COLUMNS "id, login, name, roles, team, partner, closed"

static const char *const sql[STATEMENTS] = {
	[ACCOUNT_ADD] =
		"INSERT INTO account (login, name, roles, team, partner, closed) VALUES ($1, $2, $3, $4, $5, $6)",
	[ACCOUNT_CHANGE] = "UPDATE account SET login = $1, name = $2, roles = $3, team = $4, partner = $5, closed = $6 "
			   "WHERE id = $7",
	[ACCOUNT_ALL] = "SELECT " COLUMNS " FROM account ORDER BY id",
	[ACCOUNT_BY_ID] = "SELECT " COLUMNS " FROM account WHERE id = $1",
	[ACCOUNT_BY_LOGIN] = "SELECT " COLUMNS " FROM account WHERE login = $1",
	[PASSWORD_SET] = "UPDATE account SET password = $1 WHERE id = $2",
	[PASSWORD_GET] = "SELECT password FROM account WHERE id = $1 AND closed = 0",
	[PASS_ADD] = "INSERT INTO pass (hash, id, kind, account, name, grants, made_ms, until_ms) "
		     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
	[PASS_GET] = "SELECT account, grants FROM pass WHERE hash = $1 AND kind = $2 AND until_ms > $3",
	[PASS_ALL] = "SELECT id, kind, name, grants, made_ms, until_ms FROM pass "
		     "WHERE account = $1 AND kind = $2 AND until_ms > $3 ORDER BY made_ms, id",
	[PASS_DROP] = "DELETE FROM pass WHERE hash = $1 AND kind = $2",
	[PASS_DROP_BY_ID] = "DELETE FROM pass WHERE account = $1 AND id = $2",
	[PASS_DROP_ALL] = "DELETE FROM pass WHERE account = $1",
	[PASS_DROP_OVER] = "DELETE FROM pass WHERE until_ms <= $1",
};

struct doors {
	pthread_mutex_t lock;
	sqlite3 *db;
	sqlite3_stmt *statements[STATEMENTS];
	char *path;
};

static int failed(struct doors *doors, struct err *err)
{
	return err_set(err, ERR_SYSTEM, "%s: %s", doors->path, sqlite3_errmsg(doors->db));
}

static int run_script(struct doors *doors, const char *script, struct err *err)
{
	return sqlite3_exec(doors->db, script, NULL, NULL, NULL) == SQLITE_OK ? 0 : failed(doors, err);
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
		return failed(doors, err);
	if (format == 0)
		return run_script(doors, tables, err);
	if (format != FORMAT)
		return err_set(err, ERR_STATE, "%s is of another version of this program (format %d)", doors->path,
			       format);
	return 0;
}

static int prepare(struct doors *doors, struct err *err)
{
	for (int i = 0; i < STATEMENTS; i++)
		if (sqlite3_prepare_v3(doors->db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &doors->statements[i], NULL) !=
		    SQLITE_OK)
			return failed(doors, err);
	return 0;
}

int doors_open(struct doors **out, const char *path, struct err *err)
{
	struct doors *doors = must_calloc(1, sizeof(*doors));
	mode_t mask = umask(0077);
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, opened;

	if (sodium_init() < 0)
		BUG("libsodium does not start");
	doors->path = strdup(path);
	pthread_mutex_init(&doors->lock, NULL);
	opened = sqlite3_open_v2(path, &doors->db, flags, NULL);
	umask(mask);
	if (opened != SQLITE_OK
		    ? failed(doors, err)
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
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(doors->statements[i]);
	sqlite3_close(doors->db);
	pthread_mutex_destroy(&doors->lock);
	free(doors->path);
	free(doors);
}

/* ---- statements ---- */

/* Has the lock from here until `end`. */
static sqlite3_stmt *begin(struct doors *doors, enum statement_of_doors which)
{
	pthread_mutex_lock(&doors->lock);
	return doors->statements[which];
}

static void end(struct doors *doors, sqlite3_stmt *s)
{
	sqlite3_reset(s);
	sqlite3_clear_bindings(s);
	pthread_mutex_unlock(&doors->lock);
}

static void give_text(sqlite3_stmt *s, int at, struct str text)
{
	sqlite3_bind_text(s, at, text.at ? text.at : "", (int)text.len, SQLITE_TRANSIENT);
}

/* Runs what changes and tells no rows. */
static int finish(struct doors *doors, sqlite3_stmt *s, struct err *err)
{
	int stepped = sqlite3_step(s), result = 0;

	if (stepped == SQLITE_CONSTRAINT)
		result = err_set(err, ERR_STATE, "there is an account with this login already");
	else if (stepped != SQLITE_DONE)
		result = failed(doors, err);
	end(doors, s);
	return result;
}

/* ---- accounts ---- */

static struct str lower(struct str text, struct arena *arena)
{
	char *copy = arena_cstr(arena, str_trim(text));
	size_t len = str_trim(text).len;

	for (size_t i = 0; i < len; i++)
		if (copy[i] >= 'A' && copy[i] <= 'Z')
			copy[i] = (char)(copy[i] | 0x20);
	return (struct str){ copy, len };
}

static void give_account(sqlite3_stmt *s, const struct account *account, struct arena *arena)
{
	give_text(s, 1, lower(account->login, arena));
	give_text(s, 2, account->name);
	sqlite3_bind_int64(s, 3, account->roles);
	give_text(s, 4, account->team);
	give_text(s, 5, account->partner);
	sqlite3_bind_int(s, 6, account->closed);
}

static struct str column_text(sqlite3_stmt *s, int column, struct arena *arena)
{
	const char *text = (const char *)sqlite3_column_text(s, column);

	return arena_str(arena, (struct str){ text, (size_t)sqlite3_column_bytes(s, column) });
}

static struct account read_account(sqlite3_stmt *s, struct arena *arena)
{
	return (struct account){ .id = sqlite3_column_int64(s, 0),
				 .login = column_text(s, 1, arena),
				 .name = column_text(s, 2, arena),
				 .roles = (unsigned)sqlite3_column_int64(s, 3),
				 .team = column_text(s, 4, arena),
				 .partner = column_text(s, 5, arena),
				 .closed = sqlite3_column_int(s, 6) != 0 };
}

int doors_add(struct doors *doors, const struct account *account, int64_t *id, struct err *err)
{
	struct arena arena;
	int result;

	arena_init(&arena);
	give_account(begin(doors, ACCOUNT_ADD), account, &arena);
	result = finish(doors, doors->statements[ACCOUNT_ADD], err);
	if (!result)
		*id = sqlite3_last_insert_rowid(doors->db);
	arena_release(&arena);
	return result;
}

static int drop_all(struct doors *doors, int64_t account, struct err *err)
{
	sqlite3_stmt *s = begin(doors, PASS_DROP_ALL);

	sqlite3_bind_int64(s, 1, account);
	return finish(doors, s, err);
}

int doors_change(struct doors *doors, const struct account *account, struct err *err)
{
	sqlite3_stmt *s = begin(doors, ACCOUNT_CHANGE);
	struct arena arena;
	int result;

	arena_init(&arena);
	give_account(s, account, &arena);
	sqlite3_bind_int64(s, 7, account->id);
	result = finish(doors, s, err);
	arena_release(&arena);
	return !result && account->closed ? drop_all(doors, account->id, err) : result;
}

int doors_list(struct doors *doors, struct account **out, size_t *count, struct arena *arena, struct err *err)
{
	sqlite3_stmt *s = begin(doors, ACCOUNT_ALL);
	size_t capacity = 0;
	int stepped, result = 0;

	*out = NULL;
	*count = 0;
	while ((stepped = sqlite3_step(s)) == SQLITE_ROW) {
		ARENA_PUSH(arena, *out, *count, capacity);
		(*out)[(*count)++] = read_account(s, arena);
	}
	if (stepped != SQLITE_DONE)
		result = failed(doors, err);
	end(doors, s);
	return result;
}

static int find_account(struct doors *doors, sqlite3_stmt *s, struct account *out, bool *found, struct arena *arena,
			struct err *err)
{
	int stepped = sqlite3_step(s), result = 0;

	*found = stepped == SQLITE_ROW;
	if (*found)
		*out = read_account(s, arena);
	else if (stepped != SQLITE_DONE)
		result = failed(doors, err);
	end(doors, s);
	return result;
}

int doors_by_id(struct doors *doors, int64_t id, struct account *out, bool *found, struct arena *arena, struct err *err)
{
	sqlite3_stmt *s = begin(doors, ACCOUNT_BY_ID);

	sqlite3_bind_int64(s, 1, id);
	return find_account(doors, s, out, found, arena, err);
}

int doors_by_login(struct doors *doors, struct str login, struct account *out, bool *found, struct arena *arena,
		   struct err *err)
{
	sqlite3_stmt *s = begin(doors, ACCOUNT_BY_LOGIN);

	give_text(s, 1, lower(login, arena));
	return find_account(doors, s, out, found, arena, err);
}

/* ---- passwords ---- */

int doors_set_password(struct doors *doors, int64_t id, struct str password, struct err *err)
{
	char hash[crypto_pwhash_STRBYTES];
	sqlite3_stmt *s;

	if (password.len < PASSWORD_LEAST || password.len > PASSWORD_MOST)
		return err_set(err, ERR_INPUT, "a password has %d to %d bytes", PASSWORD_LEAST, PASSWORD_MOST);
	if (crypto_pwhash_str(hash, password.at, password.len, crypto_pwhash_OPSLIMIT_INTERACTIVE,
			      crypto_pwhash_MEMLIMIT_INTERACTIVE))
		return err_set(err, ERR_SYSTEM, "too little memory to hash a password");
	s = begin(doors, PASSWORD_SET);
	give_text(s, 1, str_of(hash));
	sqlite3_bind_int64(s, 2, id);
	return finish(doors, s, err) ? err->kind : drop_all(doors, id, err);
}

/* Of no password: so that nobody learns by the time it takes that there is no such account. */
static const char *nobodys_hash(void)
{
	static char hash[crypto_pwhash_STRBYTES];
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

	pthread_mutex_lock(&lock);
	if (!*hash &&
	    crypto_pwhash_str(hash, "", 0, crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE))
		*hash = 0;
	pthread_mutex_unlock(&lock);
	return hash;
}

int doors_check_password(struct doors *doors, int64_t id, struct str password, bool *right, struct err *err)
{
	sqlite3_stmt *s = begin(doors, PASSWORD_GET);
	char hash[crypto_pwhash_STRBYTES] = "";
	int stepped, result = 0;
	bool known;

	*right = false;
	sqlite3_bind_int64(s, 1, id);
	stepped = sqlite3_step(s);
	if (stepped == SQLITE_ROW && sqlite3_column_bytes(s, 0) < (int)sizeof(hash))
		memcpy(hash, sqlite3_column_blob(s, 0) ? sqlite3_column_blob(s, 0) : "",
		       (size_t)sqlite3_column_bytes(s, 0));
	else if (stepped != SQLITE_DONE && stepped != SQLITE_ROW)
		result = failed(doors, err);
	end(doors, s);
	if (result || password.len > PASSWORD_MOST)
		return result;
	known = *hash != 0;
	*right = !crypto_pwhash_str_verify(known ? hash : nobodys_hash(), password.at, password.len) && known;
	sodium_memzero(hash, sizeof(hash));
	return 0;
}

/* ---- passes ---- */

static void hash_pass(struct str text, unsigned char out[PASS_BYTES])
{
	crypto_generichash(out, PASS_BYTES, (const unsigned char *)text.at, text.len, NULL, 0);
}

static int drop_over(struct doors *doors, int64_t now_ms, struct err *err)
{
	sqlite3_stmt *s = begin(doors, PASS_DROP_OVER);

	sqlite3_bind_int64(s, 1, now_ms);
	return finish(doors, s, err);
}

int doors_hand_out(struct doors *doors, int64_t account, struct pass *pass, char text[PASS_TEXT], struct err *err)
{
	unsigned char random[PASS_BYTES], hash[PASS_BYTES];
	sqlite3_stmt *s;

	if (drop_over(doors, pass->made_ms, err))
		return err->kind;
	randombytes_buf(random, sizeof(random));
	sodium_bin2base64(text, PASS_TEXT, random, sizeof(random), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	hash_pass(str_of(text), hash);
	randombytes_buf(random, sizeof(random));
	sodium_bin2hex(pass->id, sizeof(pass->id), random, sizeof(pass->id) / 2);
	s = begin(doors, PASS_ADD);
	sqlite3_bind_blob(s, 1, hash, sizeof(hash), SQLITE_TRANSIENT);
	give_text(s, 2, str_of(pass->id));
	sqlite3_bind_int(s, 3, (int)pass->kind);
	sqlite3_bind_int64(s, 4, account);
	give_text(s, 5, pass->name);
	sqlite3_bind_int64(s, 6, pass->grants);
	sqlite3_bind_int64(s, 7, pass->made_ms);
	sqlite3_bind_int64(s, 8, pass->until_ms);
	return finish(doors, s, err);
}

int doors_look_at(struct doors *doors, enum pass_kind kind, struct str text, int64_t now_ms, struct account *out,
		  unsigned *grants_given, bool *found, struct arena *arena, struct err *err)
{
	sqlite3_stmt *s = begin(doors, PASS_GET);
	unsigned char hash[PASS_BYTES];
	int64_t account = 0;
	int stepped, result = 0;

	hash_pass(text, hash);
	sqlite3_bind_blob(s, 1, hash, sizeof(hash), SQLITE_TRANSIENT);
	sqlite3_bind_int(s, 2, (int)kind);
	sqlite3_bind_int64(s, 3, now_ms);
	stepped = sqlite3_step(s);
	*found = stepped == SQLITE_ROW;
	if (*found) {
		account = sqlite3_column_int64(s, 0);
		*grants_given = (unsigned)sqlite3_column_int64(s, 1);
	} else if (stepped != SQLITE_DONE) {
		result = failed(doors, err);
	}
	end(doors, s);
	if (result || !*found)
		return result;
	result = doors_by_id(doors, account, out, found, arena, err);
	*found = !result && *found && !out->closed;
	return result;
}

static struct pass read_pass(sqlite3_stmt *s, struct arena *arena)
{
	struct str id = column_text(s, 0, arena);
	struct pass pass = { .kind = (enum pass_kind)sqlite3_column_int(s, 1),
			     .name = column_text(s, 2, arena),
			     .grants = (unsigned)sqlite3_column_int64(s, 3),
			     .made_ms = sqlite3_column_int64(s, 4),
			     .until_ms = sqlite3_column_int64(s, 5) };

	memcpy(pass.id, id.at, id.len < sizeof(pass.id) ? id.len : sizeof(pass.id) - 1);
	return pass;
}

int doors_passes(struct doors *doors, int64_t account, enum pass_kind kind, int64_t now_ms, struct pass **out,
		 size_t *count, struct arena *arena, struct err *err)
{
	sqlite3_stmt *s = begin(doors, PASS_ALL);
	size_t capacity = 0;
	int stepped, result = 0;

	*out = NULL;
	*count = 0;
	sqlite3_bind_int64(s, 1, account);
	sqlite3_bind_int(s, 2, (int)kind);
	sqlite3_bind_int64(s, 3, now_ms);
	while ((stepped = sqlite3_step(s)) == SQLITE_ROW) {
		ARENA_PUSH(arena, *out, *count, capacity);
		(*out)[(*count)++] = read_pass(s, arena);
	}
	if (stepped != SQLITE_DONE)
		result = failed(doors, err);
	end(doors, s);
	return result;
}

int doors_take_back(struct doors *doors, enum pass_kind kind, struct str text, struct err *err)
{
	sqlite3_stmt *s = begin(doors, PASS_DROP);
	unsigned char hash[PASS_BYTES];

	hash_pass(text, hash);
	sqlite3_bind_blob(s, 1, hash, sizeof(hash), SQLITE_TRANSIENT);
	sqlite3_bind_int(s, 2, (int)kind);
	return finish(doors, s, err);
}

int doors_take_back_by_id(struct doors *doors, int64_t account, struct str id, bool *found, struct err *err)
{
	sqlite3_stmt *s = begin(doors, PASS_DROP_BY_ID);
	int result = 0;

	sqlite3_bind_int64(s, 1, account);
	give_text(s, 2, id);
	if (sqlite3_step(s) != SQLITE_DONE)
		result = failed(doors, err);
	else
		*found = sqlite3_changes(doors->db) > 0;
	end(doors, s);
	return result;
}
