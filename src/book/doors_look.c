/* Whose pass is this? Asked with every request, so what was looked at before is remembered, until the file is changed by anybody. */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "book/doors_private.h"

enum { PLACES = 1024, COUNTER_AT = 24 };

struct remembered {
	unsigned char hash[DOORS_HASH];
	bool there;
	struct pass pass;
	struct account account;
	struct arena texts;
};

struct doors_memory {
	uint32_t counter; /* of the file, when it was filled */
	struct remembered places[PLACES];
};

static void forget(struct doors_memory *memory)
{
	for (int i = 0; i < PLACES; i++) {
		if (memory->places[i].there)
			arena_release(&memory->places[i].texts);
		memory->places[i].there = false;
	}
}

void doors_memory_free(struct doors_memory *memory)
{
	if (!memory)
		return;
	forget(memory);
	free(memory);
}

/* SQLite counts in the file's header how often it was changed; whoever begins after a change has ended reads another number. */
static bool read_counter(struct doors *doors, uint32_t *counter)
{
	sqlite3_file *file = NULL;

	return sqlite3_file_control(doors->db, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK && file &&
	       file->pMethods && file->pMethods->xRead(file, counter, sizeof(*counter), COUNTER_AT) == SQLITE_OK;
}

/* What is remembered of now; NULL where nothing may be: within a transaction, which may be taken back. */
static struct doors_memory *memory_of_now(struct doors *doors)
{
	uint32_t counter;

	if (!sqlite3_get_autocommit(doors->db) || !read_counter(doors, &counter))
		return NULL;
	if (!doors->memory)
		doors->memory = must_calloc(1, sizeof(*doors->memory));
	if (doors->memory->counter != counter) {
		forget(doors->memory);
		doors->memory->counter = counter;
	}
	return doors->memory;
}

static struct remembered *place_of(struct doors_memory *memory, const unsigned char hash[DOORS_HASH])
{
	uint32_t number;

	memcpy(&number, hash, sizeof(number));
	return &memory->places[number % PLACES];
}

static void copy_account(struct account *out, const struct account *account, struct arena *arena)
{
	*out = *account;
	out->login = arena_str(arena, account->login);
	out->name = arena_str(arena, account->name);
	out->team = arena_str(arena, account->team);
	out->partner = arena_str(arena, account->partner);
}

static void remember(struct doors_memory *memory, const unsigned char hash[DOORS_HASH], const struct pass *pass,
		     const struct account *account)
{
	struct remembered *place = place_of(memory, hash);

	if (place->there)
		arena_release(&place->texts);
	place->there = true;
	memcpy(place->hash, hash, DOORS_HASH);
	arena_init(&place->texts);
	place->pass = *pass;
	copy_account(&place->account, account, &place->texts);
}

static int read_pass(struct doors *doors, const unsigned char hash[DOORS_HASH], struct pass *pass, int64_t now_ms,
		     struct account *out, bool *found, struct arena *arena, struct err *err)
{
	sqlite3_stmt *s = doors_use(doors, PASS_GET);
	int64_t account = 0;
	int stepped, result = 0;

	doors_give_bytes(s, 1, hash, DOORS_HASH);
	sqlite3_bind_int(s, 2, (int)pass->kind);
	sqlite3_bind_int64(s, 3, now_ms);
	stepped = sqlite3_step(s);
	*found = stepped == SQLITE_ROW;
	if (*found) {
		account = sqlite3_column_int64(s, 0);
		pass->grants = (unsigned)sqlite3_column_int64(s, 1);
		if (sqlite3_column_bytes(s, 2) == PASS_ID_TEXT - 1)
			memcpy(pass->id, sqlite3_column_text(s, 2), PASS_ID_TEXT);
		pass->until_ms = sqlite3_column_int64(s, 3);
	} else if (stepped != SQLITE_DONE) {
		result = doors_failed(doors, err);
	}
	doors_used(doors, s);
	if (result || !*found)
		return result;
	result = doors_by_id(doors, account, out, found, arena, err);
	*found = !result && *found && !out->closed;
	return result;
}

/* False where it is not remembered. */
static bool recall(struct doors_memory *memory, const unsigned char hash[DOORS_HASH], struct pass *pass,
		   struct account *out, struct arena *arena)
{
	const struct remembered *place = memory ? place_of(memory, hash) : NULL;

	if (!place || !place->there || place->pass.kind != pass->kind || memcmp(place->hash, hash, DOORS_HASH) != 0)
		return false;
	*pass = place->pass;
	copy_account(out, &place->account, arena);
	return true;
}

static int look_at(struct doors *doors, const unsigned char hash[DOORS_HASH], struct pass *pass, int64_t now_ms,
		   struct account *out, bool *found, struct arena *arena, struct err *err)
{
	struct doors_memory *memory = memory_of_now(doors);
	int failed;

	if (recall(memory, hash, pass, out, arena)) {
		*found = pass->until_ms > now_ms;
		return 0;
	}
	failed = read_pass(doors, hash, pass, now_ms, out, found, arena, err);
	if (!failed && *found && memory)
		remember(memory, hash, pass, out);
	return failed;
}

int doors_look_at(struct doors *doors, enum pass_kind kind, struct str text, int64_t now_ms, struct account *out,
		  struct pass *pass, bool *found, struct arena *arena, struct err *err)
{
	unsigned char hash[DOORS_HASH];
	int failed;

	doors_hash(text, hash);
	*pass = (struct pass){ .kind = kind };
	pthread_mutex_lock(&doors->lock);
	failed = look_at(doors, hash, pass, now_ms, out, found, arena, err);
	pthread_mutex_unlock(&doors->lock);
	return failed;
}

bool doors_recall(struct doors *doors, enum pass_kind kind, struct str text, int64_t now_ms, struct account *out,
		  struct pass *pass, struct arena *arena)
{
	unsigned char hash[DOORS_HASH];
	bool known;

	doors_hash(text, hash);
	*pass = (struct pass){ .kind = kind };
	if (pthread_mutex_trylock(&doors->lock))
		return false;
	known = recall(memory_of_now(doors), hash, pass, out, arena) && pass->until_ms > now_ms;
	pthread_mutex_unlock(&doors->lock);
	return known;
}
