/* What was handed out: sessions, tokens, links. */
#include <sodium.h>
#include <string.h>

#include "book/doors_private.h"

static int drop_over(struct doors *doors, int64_t now_ms, struct err *err)
{
	return doors_run_for(doors, PASS_DROP_OVER, now_ms, err);
}

/* Room for one more. */
static int drop_oldest(struct doors *doors, int64_t account, enum pass_kind kind, struct err *err)
{
	sqlite3_stmt *s = doors_use(doors, PASS_DROP_OLDEST);

	sqlite3_bind_int64(s, 1, account);
	sqlite3_bind_int(s, 2, (int)kind);
	sqlite3_bind_int(s, 3, SESSIONS_MOST - 1);
	return doors_run(doors, s, err);
}

int doors_hand_out(struct doors *doors, int64_t account, struct pass *pass, char text[PASS_TEXT], struct err *err)
{
	unsigned char random[DOORS_HASH], hash[DOORS_HASH];
	sqlite3_stmt *s;

	if (drop_over(doors, pass->made_ms, err) ||
	    (pass->kind == PASS_SESSION && drop_oldest(doors, account, pass->kind, err)))
		return err->kind;
	randombytes_buf(random, sizeof(random));
	sodium_bin2base64(text, PASS_TEXT, random, sizeof(random), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	doors_hash(str_of(text), hash);
	randombytes_buf(random, sizeof(random));
	sodium_bin2hex(pass->id, sizeof(pass->id), random, sizeof(pass->id) / 2);
	s = doors_use(doors, PASS_ADD);
	sqlite3_bind_blob(s, 1, hash, sizeof(hash), SQLITE_TRANSIENT);
	doors_give_text(s, 2, str_of(pass->id));
	sqlite3_bind_int(s, 3, (int)pass->kind);
	sqlite3_bind_int64(s, 4, account);
	doors_give_text(s, 5, pass->name);
	doors_give_text(s, 6, pass->client);
	doors_give_text(s, 7, pass->agent);
	sqlite3_bind_int64(s, 8, pass->grants);
	sqlite3_bind_int64(s, 9, pass->made_ms);
	sqlite3_bind_int64(s, 10, pass->until_ms);
	return doors_run(doors, s, err);
}

static struct pass read_pass(sqlite3_stmt *s, struct arena *arena)
{
	struct str id = doors_text(s, 0, arena);
	struct pass pass = { .kind = (enum pass_kind)sqlite3_column_int(s, 1),
			     .name = doors_text(s, 2, arena),
			     .client = doors_text(s, 3, arena),
			     .agent = doors_text(s, 4, arena),
			     .grants = (unsigned)sqlite3_column_int64(s, 5),
			     .made_ms = sqlite3_column_int64(s, 6),
			     .until_ms = sqlite3_column_int64(s, 7) };

	memcpy(pass.id, id.at, id.len < sizeof(pass.id) ? id.len : sizeof(pass.id) - 1);
	return pass;
}

int doors_passes(struct doors *doors, int64_t account, enum pass_kind kind, int64_t now_ms, struct pass **out,
		 size_t *count, struct arena *arena, struct err *err)
{
	sqlite3_stmt *s = doors_use(doors, PASS_ALL);
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
		result = doors_failed(doors, err);
	doors_used(doors, s);
	return result;
}

int doors_take_back(struct doors *doors, enum pass_kind kind, struct str text, struct err *err)
{
	sqlite3_stmt *s = doors_use(doors, PASS_DROP);
	unsigned char hash[DOORS_HASH];

	doors_hash(text, hash);
	sqlite3_bind_blob(s, 1, hash, sizeof(hash), SQLITE_TRANSIENT);
	sqlite3_bind_int(s, 2, (int)kind);
	return doors_run(doors, s, err);
}

int doors_take_back_all(struct doors *doors, int64_t account, enum pass_kind kind, struct str but, struct err *err)
{
	sqlite3_stmt *s = doors_use(doors, PASS_DROP_KIND);

	sqlite3_bind_int64(s, 1, account);
	sqlite3_bind_int(s, 2, (int)kind);
	doors_give_text(s, 3, but);
	return doors_run(doors, s, err);
}

int doors_take_back_by_id(struct doors *doors, int64_t account, enum pass_kind kind, struct str id, bool *found,
			  struct err *err)
{
	sqlite3_stmt *s = doors_use(doors, PASS_DROP_BY_ID);
	int result = 0;

	sqlite3_bind_int64(s, 1, account);
	sqlite3_bind_int(s, 2, (int)kind);
	doors_give_text(s, 3, id);
	if (sqlite3_step(s) != SQLITE_DONE)
		result = doors_failed(doors, err);
	else
		*found = sqlite3_changes(doors->db) > 0;
	doors_used(doors, s);
	return result;
}

int doors_signed_in(struct doors *doors, int64_t account, int64_t now_ms, struct err *err)
{
	sqlite3_stmt *s = doors_use(doors, ACCOUNT_SIGNED_IN);

	sqlite3_bind_int64(s, 1, now_ms);
	sqlite3_bind_int64(s, 2, account);
	return doors_run(doors, s, err);
}
