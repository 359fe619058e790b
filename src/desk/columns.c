#include "desk/columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "facts/snapshot.h"

enum { MANY_ENTRIES = 100000 };

int columns_refresh(struct book *book, const struct facts_options *options, struct err *err)
{
	struct facts_options all = { .known_at_ms = INT64_MAX,
				     .today = DATE_NONE,
				     .progress = options->progress,
				     .progress_context = options->progress_context,
				     .from_book = true };
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

bool columns_can_wait(uint64_t entries_before, uint64_t entries)
{
	uint64_t fresh = entries - entries_before;

	return fresh >= MANY_ENTRIES && fresh > entries_before;
}

void columns_check(struct book *book, const struct facts *folded, char text[1024])
{
	struct snapshot_wanted wanted = { .head = NULL, .settings = book_settings(book), .today = DATE_NONE };
	struct book_head head = book_head(book), its;
	unsigned char here[HASH_BYTES], there[HASH_BYTES];
	char *path = snapshot_path(book_path(book)), why[256];
	struct facts *facts = NULL;
	enum snapshot_state state = path ? snapshot_read(&facts, path, &wanted, why) : SNAPSHOT_ABSENT;

	text[0] = '\0';
	if (state == SNAPSHOT_GOOD) {
		its = facts_head(facts);
		facts_digest(facts, here);
		facts_digest(folded, there);
		/* One of an earlier head is not believed by anyone, and replaced by the next who writes. */
		if (its.seq == head.seq && !memcmp(its.hash, head.hash, HASH_BYTES) &&
		    memcmp(here, there, HASH_BYTES) != 0) {
			state = SNAPSHOT_DAMAGED;
			snprintf(why, sizeof(why), "it holds other facts than the book");
		}
		facts_free(facts);
	}
	if (state == SNAPSHOT_DAMAGED)
		snprintf(text, 1024, "the columns snapshot %.600s is damaged (%s); delete it, it is made again", path,
			 why);
	free(path);
}
