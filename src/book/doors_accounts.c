/* Accounts and their passwords. */
#include <sodium.h>
#include <string.h>

#include "book/doors_private.h"

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
	[GRANT_METRICS] = "metrics",
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

/* ---- accounts ---- */

/* As it is kept and found. */
static struct str login_text(struct str login, struct arena *arena)
{
	return arena_lower(arena, str_trim(login));
}

static void give_account(sqlite3_stmt *s, const struct account *account, struct arena *arena)
{
	doors_give_text(s, 1, login_text(account->login, arena));
	doors_give_text(s, 2, account->name);
	sqlite3_bind_int64(s, 3, account->roles);
	doors_give_text(s, 4, account->team);
	doors_give_text(s, 5, account->partner);
	sqlite3_bind_int(s, 6, account->closed);
}

static struct account read_account(sqlite3_stmt *s, struct arena *arena)
{
	return (struct account){ .id = sqlite3_column_int64(s, 0),
				 .login = doors_text(s, 1, arena),
				 .name = doors_text(s, 2, arena),
				 .roles = (unsigned)sqlite3_column_int64(s, 3),
				 .team = doors_text(s, 4, arena),
				 .partner = doors_text(s, 5, arena),
				 .closed = sqlite3_column_int(s, 6) != 0,
				 .invited = sqlite3_column_int(s, 7) != 0,
				 .second_factor = sqlite3_column_int(s, 8) != 0,
				 .recovery_left = (unsigned)sqlite3_column_int(s, 9),
				 .last_sign_in_ms = sqlite3_column_int64(s, 10) };
}

int doors_add(struct doors *doors, const struct account *account, int64_t *id, struct err *err)
{
	struct arena arena;
	int result;

	arena_init(&arena);
	give_account(doors_use(doors, ACCOUNT_ADD), account, &arena);
	result = doors_run(doors, doors->statements[ACCOUNT_ADD], err);
	if (!result)
		*id = sqlite3_last_insert_rowid(doors->db);
	arena_release(&arena);
	return result;
}

int doors_change(struct doors *doors, const struct account *account, struct err *err)
{
	sqlite3_stmt *s = doors_use(doors, ACCOUNT_CHANGE);
	struct arena arena;
	int result;

	arena_init(&arena);
	give_account(s, account, &arena);
	sqlite3_bind_int64(s, 7, account->id);
	result = doors_run(doors, s, err);
	arena_release(&arena);
	return !result && account->closed ? doors_run_for(doors, PASS_DROP_ALL, account->id, err) : result;
}

int doors_list(struct doors *doors, struct account **out, size_t *count, struct arena *arena, struct err *err)
{
	sqlite3_stmt *s = doors_use(doors, ACCOUNT_ALL);
	size_t capacity = 0;
	int stepped, result = 0;

	*out = NULL;
	*count = 0;
	while ((stepped = sqlite3_step(s)) == SQLITE_ROW) {
		ARENA_PUSH(arena, *out, *count, capacity);
		(*out)[(*count)++] = read_account(s, arena);
	}
	if (stepped != SQLITE_DONE)
		result = doors_failed(doors, err);
	doors_used(doors, s);
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
		result = doors_failed(doors, err);
	doors_used(doors, s);
	return result;
}

int doors_by_id(struct doors *doors, int64_t id, struct account *out, bool *found, struct arena *arena, struct err *err)
{
	sqlite3_stmt *s = doors_use(doors, ACCOUNT_BY_ID);

	sqlite3_bind_int64(s, 1, id);
	return find_account(doors, s, out, found, arena, err);
}

int doors_by_login(struct doors *doors, struct str login, struct account *out, bool *found, struct arena *arena,
		   struct err *err)
{
	sqlite3_stmt *s = doors_use(doors, ACCOUNT_BY_LOGIN);

	doors_give_text(s, 1, login_text(login, arena));
	return find_account(doors, s, out, found, arena, err);
}

int doors_by_subject(struct doors *doors, struct str subject, struct account *out, bool *found, struct arena *arena,
		     struct err *err)
{
	sqlite3_stmt *s = doors_use(doors, ACCOUNT_BY_SUBJECT);

	doors_give_text(s, 1, subject);
	return find_account(doors, s, out, found, arena, err);
}

int doors_bind(struct doors *doors, int64_t id, struct str subject, bool *bound, struct err *err)
{
	sqlite3_stmt *s = doors_use(doors, ACCOUNT_BIND);
	int result = 0;

	doors_give_text(s, 1, subject);
	sqlite3_bind_int64(s, 2, id);
	if (sqlite3_step(s) != SQLITE_DONE)
		result = doors_failed(doors, err);
	else
		*bound = sqlite3_changes(doors->db) > 0;
	doors_used(doors, s);
	return result;
}

/* ---- passwords ---- */

int doors_hash_password(struct str password, char hash[PASSWORD_HASH], struct err *err)
{
	_Static_assert(PASSWORD_HASH >= crypto_pwhash_STRBYTES, "room for a hash");

	if (password.len < PASSWORD_LEAST || password.len > PASSWORD_MOST)
		return err_set(err, ERR_INPUT, "a password has %d to %d bytes", PASSWORD_LEAST, PASSWORD_MOST);
	if (crypto_pwhash_str(hash, password.at, password.len, crypto_pwhash_OPSLIMIT_INTERACTIVE,
			      crypto_pwhash_MEMLIMIT_INTERACTIVE))
		return err_set(err, ERR_SYSTEM, "too little memory to hash a password");
	return 0;
}

int doors_set_hash(struct doors *doors, int64_t id, const char *hash, struct err *err)
{
	sqlite3_stmt *s = doors_use(doors, PASSWORD_SET);

	doors_give_text(s, 1, str_of(hash));
	sqlite3_bind_int64(s, 2, id);
	return doors_run(doors, s, err) ? err->kind : doors_run_for(doors, PASS_DROP_ALL, id, err);
}

int doors_set_password(struct doors *doors, int64_t id, struct str password, struct err *err)
{
	char hash[PASSWORD_HASH];

	return doors_hash_password(password, hash, err) ? err->kind : doors_set_hash(doors, id, hash, err);
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
	sqlite3_stmt *s = doors_use(doors, PASSWORD_GET);
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
		result = doors_failed(doors, err);
	doors_used(doors, s);
	if (result || password.len > PASSWORD_MOST)
		return result;
	known = *hash != 0;
	*right = !crypto_pwhash_str_verify(known ? hash : nobodys_hash(), password.at, password.len) && known;
	sodium_memzero(hash, sizeof(hash));
	return 0;
}
