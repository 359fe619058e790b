/* A book to try something on: a private copy of the database in a folder of its own, which goes when the book is closed. Nothing is
 * written where the book stands, nobody has to wait for its writer, and people's keys are not copied: they are read where they are. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "book/private.h"

#define FOLDER "lockstep-trial-"

static const char *temporary_place(void)
{
	const char *place = getenv("TMPDIR");

	return place && place[0] == '/' ? place : "/tmp";
}

static void remove_folder(const char *folder)
{
	static const char *const names[] = { "/book", "/book-wal", "/book-shm", "/book-journal", "/lock", "/lock.new" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char *name = file_beside(folder, names[i]);

		unlink(name);
		free(name);
	}
	rmdir(folder);
}

/* A name that is there is locked already: it is given after. */
static int lock_folder(int *lock, const char *folder, struct err *err)
{
	char *fresh = file_beside(folder, "/lock.new"), *name = file_beside(folder, "/lock");
	int rc = 0;

	*lock = open(fresh, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (*lock < 0 || flock(*lock, LOCK_EX | LOCK_NB) != 0 || rename(fresh, name) != 0)
		rc = err_system(err, "%s: cannot be locked", name);
	free(fresh);
	free(name);
	return rc;
}

/* A copy of ours that nobody holds any more: who made it was killed. */
static void remove_if_left(const char *folder)
{
	char *name = file_beside(folder, "/lock");
	struct stat st;
	int lock = -1;

	if (lstat(folder, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid())
		lock = open(name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
		remove_folder(folder);
	if (lock >= 0)
		close(lock);
	free(name);
}

static void remove_left(const char *place)
{
	DIR *dir = opendir(place);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char path[4096];

		if (strncmp(entry->d_name, FOLDER, strlen(FOLDER)) == 0 &&
		    snprintf(path, sizeof(path), "%s/%s", place, entry->d_name) < (int)sizeof(path))
			remove_if_left(path);
	}
	if (dir)
		closedir(dir);
}

static int copy_open(struct book *book, const char *copy, const char *path, struct err *err)
{
	struct book_head head;
	char *keys = file_beside(path, ".keys");
	struct err why = ERR_INIT;
	bool copied;
	int rc = book_copy_closed(path, copy, &copied, err);

	if (rc == 0 && !copied)
		rc = book_copy(path, copy, &head, err);
	if (rc == 0)
		rc = book->ops->open(&book->engine, copy, true, &why);
	/* What is wrong with the copy is wrong with the book. */
	if (why.kind != 0)
		err_set(err, why.kind, "%s%s", path,
			strncmp(why.text, copy, strlen(copy)) == 0 ? why.text + strlen(copy) : why.text);
	if (rc == 0)
		rc = keys_open(&book->keys, keys, false, err);
	if (rc == 0)
		rc = keys_check(book->keys, err);
	if (rc == 0)
		rc = book_contents(book, err);
	free(keys);
	return rc;
}

int book_open_trial(struct book **out, const char *path, struct err *err)
{
	struct book *book = book_alloc(path, BOOK_WRITE);
	size_t size = strlen(temporary_place()) + 32;
	char *folder = must_alloc(size);
	int rc = 0;

	book->trial_lock = -1;
	snprintf(folder, size, "%s/" FOLDER "XXXXXX", temporary_place());
	remove_left(temporary_place());
	book->ops = engine_for(book->path, err);
	if (!book->ops)
		rc = err->kind;
	else if (!mkdtemp(folder))
		rc = err_system(err, "%s: cannot make a folder for a copy of the book", temporary_place());
	else
		book->trial = folder;
	if (rc == 0)
		rc = lock_folder(&book->trial_lock, folder, err);
	if (rc == 0) {
		char *copy = file_beside(folder, "/book");

		rc = copy_open(book, copy, book->path, err);
		free(copy);
	}
	if (!book->trial)
		free(folder);
	if (rc != 0) {
		book_close(book);
		return rc;
	}
	*out = book;
	return 0;
}

void trial_end(struct book *book)
{
	remove_folder(book->trial);
	if (book->trial_lock >= 0)
		close(book->trial_lock);
	free(book->trial);
}
