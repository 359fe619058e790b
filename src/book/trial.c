/* A book to try something on: a private copy of the database in a folder of its own, which goes when the book is closed. Nothing is
 * written where the book stands, nobody has to wait for its writer, and people's keys are not copied: they are read where they are. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "book/private.h"

static const char *temporary_place(void)
{
	const char *place = getenv("TMPDIR");

	return place && place[0] == '/' ? place : "/tmp";
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

	snprintf(folder, size, "%s/lockstep-trial-XXXXXX", temporary_place());
	book->ops = engine_for(book->path, err);
	if (!book->ops)
		rc = err->kind;
	else if (!mkdtemp(folder))
		rc = err_system(err, "%s: cannot make a folder for a copy of the book", temporary_place());
	else
		book->trial = folder;
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
	static const char *const names[] = { "/book", "/book-wal", "/book-shm", "/book-journal" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char *name = file_beside(book->trial, names[i]);

		unlink(name);
		free(name);
	}
	rmdir(book->trial);
	free(book->trial);
}
