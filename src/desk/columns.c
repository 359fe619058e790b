#include "desk/columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "facts/snapshot.h"

enum { MANY_ENTRIES = 100000 };

int columns_refresh(struct book *book, const struct facts_options *options, struct err *err)
{
	struct facts_options all = { .known_at_ms = INT64_MAX,
				     .today = DATE_NONE,
				     .progress = options->progress,
				     .progress_context = options->progress_context,
				     .warn = options->warn };
	char *path = snapshot_path(book_path(book));
	struct book_head head = book_head(book);
	struct facts *facts;
	int failed = 0;

	if (path && !snapshot_is_of(path, &head)) {
		failed = facts_load(&facts, book, &all, err);
		if (!failed) {
			failed = snapshot_write(facts, path, err);
			facts_free(facts);
		}
	}
	free(path);
	return failed;
}

/* What another user put there, its owner could neither read nor lock. */
static bool is_own(const char *path)
{
	struct stat book;

	return stat(path, &book) == 0 && book.st_uid == geteuid();
}

/* Not to be able to is no error: the question was answered. */
void columns_keep(struct book *book, const struct facts *facts)
{
	char *path = snapshot_path(book_path(book));
	struct book_head head = facts_head(facts);
	struct err err = ERR_INIT;
	int fd;

	if (path && is_own(book_path(book)) && !snapshot_is_of(path, &head) &&
	    !snapshot_write_nameless(&fd, facts, path, &err)) {
		if (book_hold(book)) {
			snapshot_name(fd, path, &err);
			book_let_go(book);
		}
		close(fd);
	}
	free(path);
}

bool columns_can_wait(uint64_t entries_before, uint64_t entries)
{
	uint64_t fresh = entries - entries_before;

	return fresh >= MANY_ENTRIES && fresh > entries_before;
}

/* Do questions get the facts of the book by way of what stands beside it? */
static bool holds_the_book(struct book *book, const struct facts *folded)
{
	const struct facts_options options = { .known_at_ms = INT64_MAX, .today = DATE_NONE };
	unsigned char here[HASH_BYTES], there[HASH_BYTES];
	struct err err = ERR_INIT;
	struct facts *facts;

	if (facts_load(&facts, book, &options, &err))
		return false;
	facts_digest(facts, here);
	facts_digest(folded, there);
	facts_free(facts);
	return memcmp(here, there, HASH_BYTES) == 0;
}

void columns_check(struct book *book, const struct facts *folded, char text[1024])
{
	struct snapshot_wanted wanted = { .head = NULL, .settings = book_settings(book), .today = DATE_NONE };
	char *path = snapshot_path(book_path(book)), why[256];
	struct facts *facts = NULL;
	enum snapshot_state state = path ? snapshot_read(&facts, path, &wanted, why) : SNAPSHOT_ABSENT;

	text[0] = '\0';
	if (state == SNAPSHOT_GOOD) {
		facts_free(facts);
		if (!holds_the_book(book, folded)) {
			state = SNAPSHOT_DAMAGED;
			snprintf(why, sizeof(why), "it holds other facts than the book");
		}
	}
	if (state == SNAPSHOT_DAMAGED)
		snprintf(text, 1024, "the columns snapshot %.600s is damaged (%s); delete it, it is made again", path,
			 why);
	free(path);
}
