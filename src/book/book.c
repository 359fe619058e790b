/* Making, opening and closing a book; transactions. */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "book/private.h"

#define SETTINGS_VERSION 1

/* Says which keys belong to the book, without saying anything about them. */
static void settings_write(struct buf *out, const struct book_settings *settings, const struct keys *keys)
{
	unsigned char fit[KEYS_HASH_BYTES];

	keys_hash(keys, PURPOSE_BOOK, STR(""), fit);
	buf_add_u16(out, SETTINGS_VERSION);
	buf_add_block(out, settings->zone, strlen(settings->zone));
	buf_add_block(out, settings->currency, strlen(settings->currency));
	buf_add_u8(out, (uint8_t)settings->fiscal_start_month);
	buf_add_block(out, settings->name, strlen(settings->name));
	buf_add_block(out, fit, sizeof(fit));
}

bool settings_fit(struct str payload, const struct keys *keys)
{
	struct cursor in = cursor_of(payload.at, payload.len);
	unsigned char fit[KEYS_HASH_BYTES];

	keys_hash(keys, PURPOSE_BOOK, STR(""), fit);
	cursor_u16(&in);
	cursor_block(&in);
	cursor_block(&in);
	cursor_u8(&in);
	cursor_block(&in);
	return str_eq(cursor_block(&in), (struct str){ (const char *)fit, sizeof(fit) });
}

static bool settings_text(struct cursor *in, char *out, size_t size)
{
	struct str s = cursor_block(in);

	if (in->failed || s.len >= size)
		return false;
	memcpy(out, s.at, s.len);
	out[s.len] = '\0';
	return true;
}

static int settings_entry(void *context, const struct entry *entry, struct err *err)
{
	struct book *book = context;
	struct book_settings *settings = &book->settings;
	struct cursor in = cursor_of(entry->payload.at, entry->payload.len);

	if (cursor_u16(&in) != SETTINGS_VERSION)
		return err_set(err, ERR_STATE, "%s: written by a newer Lockstep; use that one", book->path);
	bool whole = settings_text(&in, settings->zone, sizeof(settings->zone)) &&
		     settings_text(&in, settings->currency, sizeof(settings->currency));
	settings->fiscal_start_month = cursor_u8(&in);
	if (!whole || !settings_text(&in, settings->name, sizeof(settings->name)) || settings->fiscal_start_month < 1 ||
	    settings->fiscal_start_month > 12)
		return err_set(err, ERR_DAMAGED, "%s: the settings in entry %llu cannot be read", book->path,
			       (unsigned long long)entry->seq);
	if (!settings_fit(entry->payload, book->keys))
		return err_set(err, ERR_STATE, "%s.keys: these keys belong to another book; put the right ones there",
			       book->path);
	return 0;
}

static int settings_load(struct book *book, struct err *err)
{
	int rc = entries_noted(book, ENTRY_SETTINGS, settings_entry, book, err);

	if (rc == 0 && book->settings.zone[0] == '\0')
		rc = err_set(err, ERR_DAMAGED, "%s: the entry that states the book's settings is missing", book->path);
	return rc;
}

/* Books count from numbers that are far apart. */
enum { BOOKS_APART = 40 };
static atomic_uint_least64_t books_opened = 1;

struct book_tally book_tally(const struct book *book)
{
	return book->tally;
}

struct book *book_alloc(const char *path, enum book_mode mode)
{
	struct book *book = must_calloc(1, sizeof(*book));

	*book = (struct book){ .path = file_canonical(path), .mode = mode, .lock = -1 };
	book->tally.papers = book->tally.works = atomic_fetch_add(&books_opened, 1) << BOOKS_APART;
	arena_init(&book->scratch);
	arena_init(&book->outlet_arena);
	buf_init(&book->plain, PAYLOAD_MAX);
	buf_init(&book->payload, PAYLOAD_MAX);
	return book;
}

/* Everything but its name and its lock. */
static void shut(struct book *book)
{
	book_rollback(book);
	writer_forget(book);
	free(book->pending);
	buf_release(&book->plain);
	buf_release(&book->payload);
	arena_release(&book->scratch);
	arena_release(&book->outlet_arena);
	if (book->engine)
		book->ops->close(book->engine);
	if (book->trial)
		trial_end(book);
	keys_close(book->keys);
}

void book_close(struct book *book)
{
	if (!book)
		return;
	shut(book);
	lock_release(&book->lock);
	free(book->path);
	free(book);
}

static int open_storage(struct book *book, struct err *err)
{
	bool writing = book->mode == BOOK_WRITE;

	book->ops = writing ? &engine_behind : engine_for(book->path, err);
	if (!book->ops)
		return err->kind;
	int rc = book->ops->open(&book->engine, book->path, writing, err);
	if (rc != 0)
		return rc;
	char *keys = file_beside(book->path, ".keys");
	rc = keys_open(&book->keys, keys, writing, err);
	free(keys);
	return rc;
}

/* Numbers are given out once: with an older keys file a new person would get the number of another. */
static int check_keys_age(struct book *book, struct err *err)
{
	int64_t people = 0;
	bool found;
	int rc = meta_get(book, "people", &people, &found, err);

	book->people = (uint64_t)people;
	if (rc == 0 && keys_count(book->keys) < book->people)
		rc = err_set(
			err, ERR_STATE,
			"%s.keys: older than the book: it has %llu people, the book knows of %llu; put the latest copy there",
			book->path, (unsigned long long)keys_count(book->keys), (unsigned long long)book->people);
	return rc;
}

/* With the entries: how many people there are. */
static int store_people(struct book *book, struct err *err)
{
	uint64_t people = keys_count(book->keys);
	int rc = people > book->people ? meta_set(book, "people", (int64_t)people, err) : 0;

	if (rc == 0)
		book->people = people;
	return rc;
}

int format_check(struct book *book, struct err *err)
{
	int64_t format = 0;
	bool found;
	int rc = meta_get(book, "format", &format, &found, err);

	if (rc != 0 || format == BOOK_FORMAT)
		return rc;
	if (format > BOOK_FORMAT)
		return err_set(err, ERR_STATE, "%s: written by a newer Lockstep; use that one", book->path);
	return err_set(err, ERR_STATE,
		       "%s: made by an earlier build of Lockstep, whose tables were others; make a new book and import "
		       "the files again",
		       book->path);
}

int book_contents(struct book *book, struct err *err)
{
	int64_t version = 0;
	bool found;
	struct err held = ERR_INIT;
	int rc = format_check(book, err);

	if (rc == 0)
		rc = chain_head(book, err);
	if (rc == 0)
		rc = meta_get(book, "fold", &version, &found, err);
	if (rc == 0)
		rc = settings_load(book, err);
	if (rc == 0)
		rc = check_keys_age(book, err);
	if (rc != 0)
		return rc;
	book->stored_state = found && version == FOLD_VERSION;
	if (book->mode == BOOK_READ)
		return 0;
	if (!book->stored_state)
		rc = state_rebuild(book, err);
	/* On a copy it would not be done. Who reads meanwhile holds it back, and nothing else. */
	if (rc == 0 && !book->trial && erase_resume(book, &held) != 0 && held.kind != ERR_STATE) {
		*err = held;
		rc = held.kind;
	}
	return rc;
}

static int open_held(struct book *book, struct err *err)
{
	int rc = open_storage(book, err);

	return rc == 0 ? book_contents(book, err) : rc;
}

int book_open(struct book **out, const char *path, enum book_mode mode, struct err *err)
{
	struct book *book = book_alloc(path, mode);
	int rc = 0;

	/* The lock file is made only where there is a book. */
	if (mode == BOOK_WRITE && access(path, F_OK) == 0)
		rc = lock_take(&book->lock, book->path, err);
	if (rc == 0)
		rc = open_held(book, err);
	if (rc != 0) {
		book_close(book);
		return rc;
	}
	*out = book;
	return 0;
}

/* ---- lending ---- */

int book_lend(struct book *book)
{
	struct book lent = { .path = book->path,
			     .mode = book->mode,
			     .lock = book->lock,
			     .outbox_added = atomic_load(&book->outbox_added) };

	if (book->mode != BOOK_WRITE || book->trial || book->in_transaction)
		BUG("a book that cannot be lent now");
	shut(book);
	*book = lent;
	return lent.lock;
}

int book_take_back(struct book *book, struct err *err)
{
	struct book *fresh = book_alloc(book->path, BOOK_WRITE), lent = *book;
	int rc = open_held(fresh, err);

	if (rc != 0) {
		book_close(fresh);
		return rc;
	}
	free(fresh->path);
	*book = *fresh;
	book->path = lent.path;
	book->lock = lent.lock;
	book->outbox_added = lent.outbox_added + 1; /* who borrowed it may have */
	lock_sign(book->lock);
	free(fresh);
	return 0;
}

int book_open_lent(struct book **out, const char *path, int lock, struct err *err)
{
	struct book *book = book_alloc(path, BOOK_WRITE);
	int rc;

	book->lock = lock;
	lock_sign(lock);
	rc = open_held(book, err);
	if (rc != 0)
		book_close(book);
	else
		*out = book;
	return rc;
}

static int check_settings(const struct book_settings *s, struct err *err)
{
	if (s->fiscal_start_month < 1 || s->fiscal_start_month > 12)
		return err_set(err, ERR_INPUT, "the fiscal year starts in month %d; give 1 to 12",
			       s->fiscal_start_month);
	if (!memchr(s->zone, '\0', sizeof(s->zone)) || s->zone[0] == '\0')
		return err_set(err, ERR_INPUT, "the book needs a time zone, such as Europe/Berlin");
	if (!memchr(s->currency, '\0', sizeof(s->currency)) || strlen(s->currency) != 3)
		return err_set(err, ERR_INPUT, "the book needs a currency of three letters, such as EUR");
	if (!memchr(s->name, '\0', sizeof(s->name)))
		BUG("a book's name without an end");
	return 0;
}

/* Keys without a person are taken as they stand: an init that was killed left them, or a book that was moved away, which would be lost
 * without them. */
static int fresh_keys(const char *path, struct err *err)
{
	struct keys *old;

	if (access(path, F_OK) != 0)
		return keys_create(path, err);
	int rc = keys_open(&old, path, false, err);
	if (rc != 0)
		return rc;
	uint64_t people = keys_count(old);
	keys_close(old);
	return people == 0 ? 0
			   : err_set(err, ERR_STATE,
				     "%s: keys of another book stand here; move them away, or restore the book they "
				     "belong to",
				     path);
}

static int write_genesis(const char *path, const char *keys, const struct book_settings *settings, int64_t now_ms,
			 struct err *err)
{
	struct book *book = book_alloc(path, BOOK_WRITE);
	struct entry entry = { .kind = ENTRY_SETTINGS, .observed_ms = now_ms, .recorded_ms = now_ms };

	book->ops = &engine_sqlite;
	int rc = book->ops->open(&book->engine, path, true, err);
	if (rc == 0)
		rc = keys_open(&book->keys, keys, true, err);
	if (rc == 0)
		rc = book_begin(book, err);
	if (rc == 0)
		settings_write(&book->payload, settings, book->keys);
	entry.payload = buf_str(&book->payload);
	if (rc == 0)
		rc = chain_append(book, &entry, err);
	if (rc == 0)
		rc = meta_set(book, "fold", FOLD_VERSION, err);
	if (rc == 0)
		rc = meta_set(book, "format", BOOK_FORMAT, err);
	if (rc == 0)
		rc = book_commit(book, err);
	if (rc == 0)
		rc = book->ops->compact(book->engine, err);
	book_close(book);
	return rc;
}

static void remove_beside(const char *path, const char *suffix)
{
	char *name = file_beside(path, suffix);

	unlink(name);
	free(name);
}

/* Under another name, and linked into place when it is whole: a book half made is never taken for one. */
static int create_held(const char *path, const struct book_settings *settings, int64_t now_ms, struct err *err)
{
	char *keys = file_beside(path, ".keys"), *fresh = file_beside(path, ".new");

	remove_beside(fresh, "");
	remove_beside(fresh, "-wal");
	remove_beside(fresh, "-shm");
	int rc = fresh_keys(keys, err);
	if (rc == 0)
		rc = engine_sqlite.create(fresh, err);
	if (rc == 0)
		rc = write_genesis(fresh, keys, settings, now_ms, err);
	if (rc == 0)
		rc = file_sync(fresh, err);
	if (rc == 0 && link(fresh, path) != 0)
		rc = err_system(err, "%s: cannot make the book", path);
	remove_beside(fresh, "-wal");
	remove_beside(fresh, "-shm");
	remove_beside(fresh, "");
	if (rc == 0)
		rc = folder_sync(path, err);
	free(fresh);
	free(keys);
	return rc;
}

int book_create(const char *path, const struct book_settings *settings, int64_t now_ms, struct err *err)
{
	const struct engine_ops *ops = engine_for(path, err);
	int lock, rc;

	if (!ops)
		return err->kind;
	rc = check_settings(settings, err);
	if (rc == 0)
		rc = lock_take(&lock, path, err);
	if (rc != 0)
		return rc;
	if (access(path, F_OK) == 0 || file_beside_exists(path, "-wal"))
		rc = err_set(err, ERR_STATE, "%s: there is a book already; open it, or choose another name with --book",
			     path);
	else
		rc = create_held(path, settings, now_ms, err);
	lock_release(&lock);
	return rc;
}

const struct book_settings *book_settings(const struct book *book)
{
	return &book->settings;
}
const char *book_path(const struct book *book)
{
	return book->path;
}
struct book_head book_head(const struct book *book)
{
	return book->head;
}

uint64_t book_next_seq(const struct book *book)
{
	return book->tip.seq + 1;
}

uint32_t book_fold_version(void)
{
	return FOLD_VERSION;
}

int book_begin(struct book *book, struct err *err)
{
	if (book->mode != BOOK_WRITE || book->in_transaction)
		BUG("a transaction in a book that is %s",
		    book->in_transaction ? "in one already" : "opened for reading");
	int rc = book->ops->begin(book->engine, err);
	if (rc == 0)
		book->in_transaction = true;
	book->tip = book->head;
	book->keys_safe = keys_synced(book->keys);
	return rc;
}

/* Keys first: an entry must never stand without the key that opens it. */
static int keys_before(struct book *book, struct err *err)
{
	struct str fresh = keys_fresh(book->keys);

	return fresh.len ? book->ops->call(book->engine, keys_write, fresh, err) : 0;
}

int book_ready(struct book *book, struct err *err)
{
	return keys_before(book, err);
}

/* All that goes with the transaction and is not in it yet. */
static int complete(struct book *book, struct err *err)
{
	if (!book->in_transaction)
		BUG("a commit outside a transaction");
	int rc = confirms_flush(book, err);
	if (rc == 0)
		rc = keys_before(book, err);
	if (rc == 0)
		rc = store_people(book, err);
	/* One at a time, so that it is known which has failed. */
	return rc == 0 ? book_wait(book, err) : rc;
}

static void durable(struct book *book, const struct book_head *head, uint64_t people)
{
	book->head = *head;
	book->keys_safe = people;
	book->waiting = false;
}

int book_commit(struct book *book, struct err *err)
{
	int rc = complete(book, err);

	if (rc == 0)
		rc = book->ops->commit(book->engine, err);
	if (rc != 0) {
		book_rollback(book);
		return rc;
	}
	book->in_transaction = false;
	durable(book, &book->tip, keys_synced(book->keys));
	return 0;
}

int book_commit_next(struct book *book, struct err *err)
{
	int rc = complete(book, err);

	if (rc == 0)
		rc = book->ops->commit_next(book->engine, err);
	if (rc != 0) {
		book_rollback(book);
		return rc;
	}
	book->waiting = true;
	book->asked = book->tip;
	book->keys_asked = keys_synced(book->keys);
	return 0;
}

int book_wait(struct book *book, struct err *err)
{
	int rc = book->waiting ? book->ops->wait(book->engine, err) : 0;

	if (rc == 0 && book->waiting)
		durable(book, &book->asked, book->keys_asked);
	if (rc != 0) {
		book->waiting = false;
		book_rollback(book);
	}
	return rc;
}

bool book_landed(const struct book *book)
{
	return !book->waiting || book->ops->landed(book->engine);
}

void book_rollback(struct book *book)
{
	struct err ignored = ERR_INIT;

	if (!book->in_transaction)
		return;
	if (book->waiting && book->ops->wait(book->engine, &ignored) == 0)
		durable(book, &book->asked, book->keys_asked);
	book->waiting = false;
	book->ops->rollback(book->engine);
	book->in_transaction = false;
	book->tip = book->head;
	keys_again(book->keys, book->keys_safe);
	book->people = 0; /* told again with the next commit */
	/* Begun or not, it is not in the book any more. */
	if (book->announced && book->announced->seq > book->head.seq)
		book->announced->seq = 0;
	book->announced = NULL;
	outlets_forget(book);
	writer_forget(book);
}
