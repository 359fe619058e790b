#include "book/journal.h"

#include "book/private.h"

enum { JOURNAL_TEXT_MAX = 4096 };

const char *journal_kind_name(enum journal_kind kind)
{
	static const char *const names[JOURNAL_KIND__COUNT] = {
		[JOURNAL_SIGN_IN] = "sign-in",
		[JOURNAL_RIGHTS] = "rights",
		[JOURNAL_EXPORT] = "export",
	};

	return kind > 0 && kind < JOURNAL_KIND__COUNT ? names[kind] : "other";
}

int book_journal_add(struct book *book, const struct journal_note *note, int64_t now_ms, struct err *err)
{
	struct entry entry = {
		.kind = ENTRY_JOURNAL, .observed_ms = note->at_ms, .recorded_ms = now_ms, .actor = note->who
	};
	struct buf payload;
	int failed;

	if (!book->in_transaction)
		BUG("the journal is written within a transaction");
	buf_init(&payload, JOURNAL_TEXT_MAX);
	buf_add_varint(&payload, (uint64_t)note->number);
	buf_add_varint(&payload, (uint64_t)note->kind);
	buf_add_block(&payload, note->about.at, note->about.len);
	buf_add_block(&payload, note->text.at, note->text.len);
	entry.payload = buf_str(&payload);
	failed = payload.full ? err_set(err, ERR_LIMIT, "what the journal is to tell is too long")
			      : chain_append(book, &entry, err);
	buf_release(&payload);
	return failed;
}

struct journal_reading {
	struct journal_line *lines;
	size_t count, capacity;
	struct arena *arena;
};

static int read_line(void *context, const struct entry *entry, struct err *err)
{
	struct journal_reading *reading = context;
	struct cursor in = cursor_of(entry->payload.at, entry->payload.len);
	struct journal_note note = { .number = (int64_t)cursor_varint(&in),
				     .kind = (enum journal_kind)cursor_varint(&in),
				     .at_ms = entry->observed_ms,
				     .who = arena_str(reading->arena, entry->actor) };

	note.about = arena_str(reading->arena, cursor_block(&in));
	note.text = arena_str(reading->arena, cursor_block(&in));
	if (in.failed)
		return err_set(err, ERR_DAMAGED, "entry %llu cannot be read", (unsigned long long)entry->seq);
	ARENA_PUSH(reading->arena, reading->lines, reading->count, reading->capacity);
	reading->lines[reading->count++] = (struct journal_line){ entry->seq, note };
	return 0;
}

int book_journal_read(struct book *book, uint64_t before, size_t most, struct journal_line **out, size_t *count,
		      struct arena *arena, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int(ENTRY_JOURNAL),
					       engine_int(before > INT64_MAX ? INT64_MAX : (int64_t)before),
					       engine_int((int64_t)most) };
	struct journal_reading reading = { .arena = arena };
	int failed = entries_run(book, STATEMENT_ENTRIES_NOTED_BEFORE, params, 4, read_line, &reading, err);

	*out = reading.lines;
	*count = reading.count;
	return failed;
}
