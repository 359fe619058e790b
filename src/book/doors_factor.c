/* The second factor: codes of a device, and those for when it is lost. */
#include <sodium.h>
#include <string.h>

#include "book/doors_private.h"

enum { STEPS_AROUND = 1, CODE_MOST = 64 };

struct factor {
	unsigned char secret[TOTP_SECRET], fresh[TOTP_SECRET];
	bool on, begun;
	int64_t step; /* the last that was taken */
};

static bool take_secret(sqlite3_stmt *s, int column, unsigned char out[TOTP_SECRET])
{
	if (sqlite3_column_bytes(s, column) != TOTP_SECRET)
		return false;
	memcpy(out, sqlite3_column_blob(s, column), TOTP_SECRET);
	return true;
}

static int read_factor(struct doors *doors, int64_t account, struct factor *out, struct err *err)
{
	sqlite3_stmt *s = doors_use(doors, FACTOR_GET);
	int stepped, result = 0;

	*out = (struct factor){ .on = false };
	sqlite3_bind_int64(s, 1, account);
	stepped = sqlite3_step(s);
	if (stepped == SQLITE_ROW) {
		out->on = take_secret(s, 0, out->secret);
		out->begun = take_secret(s, 1, out->fresh);
		out->step = sqlite3_column_int64(s, 2);
	} else if (stepped != SQLITE_DONE) {
		result = doors_failed(doors, err);
	}
	doors_used(doors, s);
	return result;
}

/* Digits and letters alone, small: people write codes with blanks and dashes. */
static struct str plain_code(struct str code, char out[CODE_MOST])
{
	size_t len = 0;

	for (size_t i = 0; i < code.len && len < CODE_MOST; i++) {
		char c = code.at[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c | 0x20);
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			out[len++] = c;
	}
	return (struct str){ out, len };
}

/* The step that the code is of; 0: none of those around now. */
static int64_t step_of(const unsigned char secret[TOTP_SECRET], struct str code, int64_t now_ms)
{
	int64_t now = totp_step(now_ms), found = 0;
	char right[TOTP_DIGITS + 1];

	for (int64_t step = now - STEPS_AROUND; code.len == TOTP_DIGITS && step <= now + STEPS_AROUND; step++) {
		totp_code(secret, step, right);
		if (!sodium_memcmp(right, code.at, TOTP_DIGITS))
			found = step;
	}
	return found;
}

static int set_step(struct doors *doors, enum doors_statement which, int64_t account, int64_t step, struct err *err)
{
	sqlite3_stmt *s = doors_use(doors, which);

	sqlite3_bind_int64(s, 1, step);
	sqlite3_bind_int64(s, 2, account);
	return doors_run(doors, s, err);
}

/* ---- turning it on and off ---- */

int doors_factor_begin(struct doors *doors, int64_t account, unsigned char secret[TOTP_SECRET], struct err *err)
{
	sqlite3_stmt *s = doors_use(doors, FACTOR_BEGIN);

	randombytes_buf(secret, TOTP_SECRET);
	doors_give_bytes(s, 1, secret, TOTP_SECRET);
	sqlite3_bind_int64(s, 2, account);
	return doors_run(doors, s, err);
}

/* Fifty random bits each. */
static int make_recovery(struct doors *doors, int64_t account, char recovery[RECOVERY_CODES][RECOVERY_TEXT],
			 struct err *err)
{
	if (doors_run_for(doors, RECOVERY_DROP, account, err))
		return err->kind;
	for (int i = 0; i < RECOVERY_CODES; i++) {
		unsigned char random[7], hash[DOORS_HASH];
		char digits[13], plain[CODE_MOST];
		sqlite3_stmt *s;

		randombytes_buf(random, sizeof(random));
		base32_write(random, sizeof(random), digits);
		memcpy(recovery[i], digits, 5);
		recovery[i][5] = '-';
		memcpy(recovery[i] + 6, digits + 5, 5);
		recovery[i][11] = '\0';
		for (int k = 0; k < RECOVERY_TEXT; k++)
			if (recovery[i][k] >= 'A' && recovery[i][k] <= 'Z')
				recovery[i][k] = (char)(recovery[i][k] | 0x20);
		doors_hash(plain_code(str_of(recovery[i]), plain), hash);
		s = doors_use(doors, RECOVERY_ADD);
		sqlite3_bind_int64(s, 1, account);
		doors_give_bytes(s, 2, hash, sizeof(hash));
		if (doors_run(doors, s, err))
			return err->kind;
	}
	return 0;
}

int doors_factor_on(struct doors *doors, int64_t account, struct str code, int64_t now_ms, bool *right,
		    char recovery[RECOVERY_CODES][RECOVERY_TEXT], struct err *err)
{
	char text[CODE_MOST];
	struct factor factor;
	int64_t step;

	*right = false;
	if (read_factor(doors, account, &factor, err))
		return err->kind;
	step = factor.begun ? step_of(factor.fresh, plain_code(code, text), now_ms) : 0;
	sodium_memzero(&factor, sizeof(factor));
	if (!step)
		return 0;
	*right = true;
	return set_step(doors, FACTOR_ON, account, step, err) ? err->kind
							      : make_recovery(doors, account, recovery, err);
}

int doors_factor_off(struct doors *doors, int64_t account, struct err *err)
{
	return doors_run_for(doors, FACTOR_OFF, account, err) ? err->kind
							      : doors_run_for(doors, RECOVERY_DROP, account, err);
}

/* ---- signing in ---- */

static int use_recovery(struct doors *doors, int64_t account, struct str code, bool *right, struct err *err)
{
	sqlite3_stmt *s = doors_use(doors, RECOVERY_USE);
	unsigned char hash[DOORS_HASH];
	int result = 0;

	doors_hash(code, hash);
	sqlite3_bind_int64(s, 1, account);
	doors_give_bytes(s, 2, hash, sizeof(hash));
	if (sqlite3_step(s) != SQLITE_DONE)
		result = doors_failed(doors, err);
	else
		*right = sqlite3_changes(doors->db) > 0;
	doors_used(doors, s);
	return result;
}

static int check(struct doors *doors, int64_t account, struct str code, int64_t now_ms, bool *right, struct err *err)
{
	struct factor factor;
	int64_t step;

	if (read_factor(doors, account, &factor, err))
		return err->kind;
	step = factor.on ? step_of(factor.secret, code, now_ms) : 0;
	sodium_memzero(factor.secret, sizeof(factor.secret));
	if (!factor.on)
		return 0;
	if (code.len != TOTP_DIGITS)
		return use_recovery(doors, account, code, right, err);
	/* Who looked over a shoulder may not use it again. */
	*right = step > factor.step;
	return *right ? set_step(doors, FACTOR_USED, account, step, err) : 0;
}

int doors_factor_check(struct doors *doors, int64_t account, struct str code, int64_t now_ms, bool *right,
		       struct err *err)
{
	char text[CODE_MOST];
	struct str plain = plain_code(code, text);

	*right = false;
	if (doors_begin(doors, err))
		return err->kind;
	return doors_end(doors, check(doors, account, plain, now_ms, right, err), err);
}
