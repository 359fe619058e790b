#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "book/private.h"

static void remove_with(const char *path, const char *suffix)
{
	char *name = file_beside(path, suffix);

	unlink(name);
	free(name);
}

static void remove_database(const char *path)
{
	remove_with(path, "-wal");
	remove_with(path, "-shm");
	remove_with(path, "-journal");
	remove_with(path, "");
}

static int copy_bytes(int from, int to, const char *name, struct err *err)
{
	char block[65536];
	ssize_t n;

	while ((n = read(from, block, sizeof(block))) > 0)
		for (ssize_t done = 0; done < n;) {
			ssize_t put = write(to, block + done, (size_t)(n - done));

			if (put <= 0)
				return err_system(err, "%s: cannot write", name);
			done += put;
		}
	if (n < 0)
		return err_system(err, "%s: cannot read what is to be copied", name);
	return fsync(to) == 0 ? 0 : err_system(err, "%s: cannot write to the disk", name);
}

/* Into place only when whole, and never over something else; for good, or not at all. */
static int put_in_place(const char *fresh, const char *path, struct err *err)
{
	int rc = 0;

	if (link(fresh, path) != 0)
		rc = errno == EEXIST ? err_set(err, ERR_STATE,
					       "%s: stands there already; choose another name or move it away", path)
				     : err_system(err, "%s: cannot be put in place", path);
	unlink(fresh);
	if (rc != 0)
		return rc;
	rc = folder_sync(path, err);
	if (rc != 0)
		unlink(path);
	return rc;
}

static int copy_keys(const char *from, const char *to, struct err *err)
{
	char *fresh = file_beside(to, ".new");
	int rc = 0, in = open(from, O_RDONLY | O_CLOEXEC), out = -1;

	unlink(fresh);
	if (in < 0)
		rc = err_system(err, "%s: cannot read the keys", from);
	if (rc == 0 && (out = open(fresh, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600)) < 0)
		rc = err_system(err, "%s: cannot make the copy of the keys", fresh);
	if (rc == 0)
		rc = copy_bytes(in, out, fresh, err);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	if (rc == 0)
		rc = put_in_place(fresh, to, err);
	else
		unlink(fresh);
	free(fresh);
	return rc;
}

/* An empty file that nobody else may read: the database is written into it. */
static int make_private(const char *path, struct err *err)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_system(err, "%s: cannot make the copy", path);
	close(fd);
	return 0;
}

int book_copy(const char *from, const char *fresh, struct book_head *head, struct err *err)
{
	struct book *book = book_alloc(from, BOOK_READ);
	int rc = 0;

	remove_database(fresh);
	book->ops = engine_for(from, err);
	if (!book->ops)
		rc = err->kind;
	if (rc == 0)
		rc = book->ops->open(&book->engine, from, false, err);
	if (rc == 0)
		rc = chain_head(book, err);
	if (rc == 0)
		rc = make_private(fresh, err);
	if (rc == 0)
		rc = book->ops->backup(book->engine, fresh, err);
	if (rc == 0)
		rc = file_sync(fresh, err);
	*head = book->head;
	book_close(book);
	return rc;
}

int book_copy_closed(const char *from, const char *fresh, bool *copied, struct err *err)
{
	int in, out, rc = 0;

	*copied = false;
	if (file_beside_exists(from, "-wal"))
		return 0;
	in = open(from, O_RDONLY | O_CLOEXEC);
	if (in < 0)
		return err_system(err, "%s: cannot read the book", from);
	out = open(fresh, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	rc = out < 0 ? err_system(err, "%s: cannot make the copy", fresh) : copy_bytes(in, out, fresh, err);
	close(in);
	if (out >= 0)
		close(out);
	*copied = rc == 0 && !file_beside_exists(from, "-wal");
	if (!*copied)
		unlink(fresh);
	return rc;
}

static int refuse_existing(const char *path, struct err *err)
{
	if (access(path, F_OK) != 0)
		return 0;
	return err_set(err, ERR_STATE, "%s: stands there already; choose another name or move it away", path);
}

static bool one_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* Where the keys go there is nothing, or already a copy of the same: left by a copying that was cut short. */
static int look_for_keys(const char *keys, const char *to, bool *there, struct err *err)
{
	struct keys *ours = NULL, *theirs = NULL;
	struct err ignored = ERR_INIT;
	int rc = 0;

	*there = access(to, F_OK) == 0;
	if (*there && (one_file(keys, to) || keys_open(&ours, keys, false, &ignored) ||
		       keys_open(&theirs, to, false, &ignored) || !keys_same(ours, theirs)))
		rc = refuse_existing(to, err);
	keys_close(ours);
	keys_close(theirs);
	return rc;
}

/* Keys after the book: all that the copy needs are there then. */
static int copy_both(const char *path, const char *fresh, const char *keys, const char *keys_to, bool *copied,
		     struct book_head *head, struct err *err)
{
	bool there = false;
	int rc = book_copy(path, fresh, head, err);

	if (rc == 0 && keys_to)
		rc = look_for_keys(keys, keys_to, &there, err);
	if (rc == 0 && keys_to && !there) {
		rc = copy_keys(keys, keys_to, err);
		*copied = rc == 0;
	}
	return rc;
}

int book_backup(const char *path, const char *to, const char *keys_to, struct book_head *head, struct err *err)
{
	char *fresh = file_beside(to, ".new"), *real = file_canonical(path), *keys = file_beside(real, ".keys");
	bool there, copied = false;
	int rc = refuse_existing(to, err);

	/* Rather before than after a long copying. */
	if (rc == 0 && keys_to)
		rc = look_for_keys(keys, keys_to, &there, err);
	if (rc == 0)
		rc = copy_both(path, fresh, keys, keys_to, &copied, head, err);
	if (rc == 0)
		rc = put_in_place(fresh, to, err);
	if (rc != 0 && copied)
		unlink(keys_to);
	remove_database(fresh);
	free(keys);
	free(real);
	free(fresh);
	return rc;
}

/* ---- restore ---- */

struct needs {
	struct book *book;
	struct arena arena;
	uint64_t *people;
	size_t count, capacity;
	int64_t recorded_ms;
};

static int need(void *context, const struct entry *entry, struct err *err)
{
	struct needs *needs = context;
	struct arena *arena = &needs->book->scratch;
	struct record_field *fields;
	size_t count;

	if (entry->recorded_ms > needs->recorded_ms)
		needs->recorded_ms = entry->recorded_ms;
	if (entry->kind != ENTRY_OBSERVATION)
		return 0;
	arena_reset(arena);
	if (!payload_read(entry->payload, &fields, &count, arena))
		return err_set(err, ERR_DAMAGED, "entry %llu cannot be read", (unsigned long long)entry->seq);
	for (size_t i = 0; i < count; i++) {
		uint64_t person =
			fields[i].value.kind == VALUE_SEALED ? keys_sealed_person(fields[i].value.as.text) : 0;

		if (!person || keys_has(needs->book->keys, person) ||
		    (needs->count > 0 && needs->people[needs->count - 1] == person))
			continue;
		ARENA_PUSH(&needs->arena, needs->people, needs->count, needs->capacity);
		needs->people[needs->count++] = person;
	}
	return 0;
}

/* People erased since the copy was made: the copy does not know, today's keys do. The restored book says so in an entry. */
static int admit_erased(struct book *book, struct err *err)
{
	struct needs needs = { .book = book, .recorded_ms = INT64_MIN };
	const struct engine_value params[] = { engine_int(BOOK_ID) };
	uint64_t seq;

	arena_init(&needs.arena);
	int rc = entries_run(book, STATEMENT_ENTRIES, params, 1, need, &needs, err);
	struct append_context context = { .now_ms = needs.recorded_ms, .actor = "restore" };
	if (rc == 0 && needs.count > 0)
		rc = book_begin(book, err);
	if (rc == 0 && needs.count > 0)
		rc = erased_append(book, needs.people, needs.count, 0, &context, &seq, err);
	if (rc == 0 && needs.count > 0)
		rc = book_commit(book, err);
	arena_release(&needs.arena);
	return rc == 0 ? state_rebuild(book, err) : rc;
}

static int settle(const char *fresh, const char *keys, struct book_head *head, struct err *err)
{
	struct verify_options options = { 0 };
	struct verify_result result;
	int rc = verify_with_keys(fresh, keys, true, &options, &result, err);

	if (rc == 0 && result.fault == VERIFY_KEYS)
		rc = err_set(err, ERR_STATE, "the copy cannot be put back with these keys: %s", result.text);
	else if (rc == 0 && result.fault != VERIFY_SOUND)
		rc = err_set(err, ERR_DAMAGED, "the copy is not sound, and is not put back: %s", result.text);
	if (rc != 0)
		return rc;
	struct book *book = book_alloc(fresh, BOOK_WRITE);
	book->ops = &engine_sqlite;
	rc = book->ops->open(&book->engine, fresh, true, err);
	if (rc == 0)
		rc = keys_open(&book->keys, keys, true, err);
	if (rc == 0)
		rc = format_check(book, err);
	if (rc == 0)
		rc = chain_head(book, err);
	if (rc == 0)
		rc = admit_erased(book, err);
	if (rc == 0)
		rc = book->ops->compact(book->engine, err);
	*head = book->head;
	book_close(book);
	return rc == 0 ? file_sync(fresh, err) : rc;
}

static int need_same_keys(const char *keys, const char *own, struct err *err)
{
	struct keys *given = NULL, *there = NULL;
	int rc = keys_open(&given, keys, false, err);

	if (rc == 0)
		rc = keys_open(&there, own, false, err);
	if (rc == 0 && !keys_same(given, there))
		rc = err_set(err, ERR_STATE,
			     "%s: other keys stand there already. To put the copy back with those, leave --keys out; "
			     "to use %s, move them away",
			     own, keys);
	keys_close(given);
	keys_close(there);
	return rc;
}

static int restore_held(const char *from, const char *path, const char *keys, struct book_head *head, struct err *err)
{
	char *fresh = file_beside(path, ".new"), *own = file_beside(path, ".keys");
	bool copied = false;
	int rc = 0;

	/* The same keys may stand there from a restoring that was cut short. */
	if (keys && access(own, F_OK) == 0) {
		rc = need_same_keys(keys, own, err);
	} else if (keys) {
		rc = copy_keys(keys, own, err);
		copied = rc == 0;
	}
	if (rc == 0)
		rc = book_copy(from, fresh, head, err);
	if (rc == 0)
		rc = settle(fresh, own, head, err);
	remove_with(fresh, "-wal");
	remove_with(fresh, "-shm");
	/* Of another book that stood here. */
	if (rc == 0)
		remove_with(path, BOOK_COLUMNS);
	if (rc == 0)
		rc = put_in_place(fresh, path, err);
	if (rc != 0 && copied)
		unlink(own);
	remove_database(fresh);
	free(own);
	free(fresh);
	return rc;
}

int book_restore(const char *from, const char *path, const char *keys, struct book_head *head, struct err *err)
{
	int lock, rc = 0;

	if (access(from, F_OK) != 0)
		return err_system(err, "%s: there is no copy to restore", from);
	rc = lock_take(&lock, path, err);
	if (rc != 0)
		return rc;
	rc = refuse_existing(path, err);
	if (rc == 0 && file_beside_exists(path, "-wal"))
		rc = err_set(err, ERR_STATE, "%s-wal: the log of another book stands there; move it away", path);
	if (rc == 0)
		rc = restore_held(from, path, keys, head, err);
	lock_release(&lock);
	return rc;
}
