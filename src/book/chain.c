/* The chain of entries: adding one, and walking it. */
#include <stdio.h>
#include "book/private.h"

static int head_row(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct book_head *head = context;

	if (count != 2 || columns[0].type != ENGINE_INT || columns[1].bytes.len != HASH_BYTES)
		return err_set(err, ERR_DAMAGED, "the last entry of the book cannot be read");
	head->seq = (uint64_t)columns[0].number;
	memcpy(head->hash, columns[1].bytes.at, HASH_BYTES);
	return 0;
}

int chain_head(struct book *book, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID) };
	struct book_head head = { 0 };
	int rc = book->ops->run(book->engine, STATEMENT_ENTRY_HEAD, params, 1, head_row, &head, err);

	if (rc == 0)
		book->head = book->tip = head;
	return rc;
}

static int note(struct book *book, const struct entry *entry, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)entry->kind),
					       engine_int((int64_t)entry->seq) };

	return book->ops->run(book->engine, STATEMENT_NOTE_ADD, params, 3, NULL, NULL, err);
}

static void tally(struct book *book, const struct entry *entry)
{
	enum object object = entry->kind == ENTRY_OBSERVATION ? entry->object : OBJECT_NONE;
	bool paper = object == OBJECT_NONE || object_is_paper(object) || object == OBJECT_PERSON ||
		     object == OBJECT_STAGE || object == OBJECT_CUSTOM_FIELD;

	book->tally.papers += paper;
	book->tally.works += paper || object == OBJECT_LEAD || object == OBJECT_LEAD_STEP ||
			     object == OBJECT_OPPORTUNITY || object == OBJECT_STAGE_CHANGE;
}

int chain_append(struct book *book, struct entry *entry, struct err *err)
{
	struct engine_value params[ENTRY__COLUMNS];

	if (!book->in_transaction)
		BUG("an entry outside a transaction");
	entry->book_id = BOOK_ID;
	entry->seq = book->tip.seq + 1;
	if (entry->kind == ENTRY_OBSERVATION && entry->subject == 0)
		entry->subject = entry->seq;
	entry_hash(entry, book->tip.hash, entry->hash);
	entry_params(entry, params);
	int rc = book->ops->run(book->engine, STATEMENT_ENTRY_ADD, params, ENTRY__COLUMNS, NULL, NULL, err);
	if (rc == 0 && entry->kind != ENTRY_OBSERVATION)
		rc = note(book, entry, err);
	if (rc != 0)
		return rc;
	book->tip.seq = entry->seq;
	memcpy(book->tip.hash, entry->hash, HASH_BYTES);
	tally(book, entry);
	return 0;
}

struct run {
	entry_fn *each;
	void *context;
};

static int run_row(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct run *run = context;
	struct entry entry;
	int rc = entry_of_columns(&entry, columns, count, err);

	return rc == 0 ? run->each(run->context, &entry, err) : rc;
}

int entries_run(struct book *book, enum statement statement, const struct engine_value *params, int count,
		entry_fn *each, void *context, struct err *err)
{
	struct run run = { each, context };

	return book->ops->run(book->engine, (int)statement, params, count, run_row, &run, err);
}

int entries_noted(struct book *book, enum entry_kind kind, entry_fn *each, void *context, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)kind) };

	return entries_run(book, STATEMENT_ENTRIES_NOTED, params, 2, each, context, err);
}

#define FAULT_FOUND 1

struct check {
	struct book_head last;
	chain_progress *progress;
	void *context;
	entry_fn *each;
	void *each_context;
	uint64_t *seq;
	char *fault;
	size_t fault_size;
};

static int check_row(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct check *check = context;
	struct entry entry;
	struct err why = ERR_INIT;
	unsigned char hash[HASH_BYTES];

	*check->seq = check->last.seq + 1;
	if (columns[ENTRY_SEQ].type != ENGINE_INT || (uint64_t)columns[ENTRY_SEQ].number != *check->seq) {
		snprintf(check->fault, check->fault_size, "entry %llu is missing", (unsigned long long)*check->seq);
		return FAULT_FOUND;
	}
	if (entry_of_columns(&entry, columns, count, &why) != 0) {
		snprintf(check->fault, check->fault_size, "%s", why.text);
		return FAULT_FOUND;
	}
	entry_hash(&entry, check->last.hash, hash);
	if (memcmp(hash, entry.hash, HASH_BYTES) != 0) {
		snprintf(check->fault, check->fault_size, "entry %llu is not what was written: its hash does not agree",
			 (unsigned long long)entry.seq);
		return FAULT_FOUND;
	}
	check->last.seq = entry.seq;
	memcpy(check->last.hash, hash, HASH_BYTES);
	if (check->progress && entry.seq % 4096 == 0)
		check->progress(check->context, entry.seq);
	return check->each ? check->each(check->each_context, &entry, err) : 0;
}

int chain_check(struct book *book, chain_progress *progress, void *context, entry_fn *each, void *each_context,
		uint64_t *seq, char *fault, size_t fault_size, struct err *err)
{
	struct check check = { .progress = progress,
			       .context = context,
			       .each = each,
			       .each_context = each_context,
			       .seq = seq,
			       .fault = fault,
			       .fault_size = fault_size };

	fault[0] = '\0';
	/* A last entry that names another book would else not be missed. */
	int rc = book->ops->run(book->engine, STATEMENT_ENTRIES_FILED, NULL, 0, check_row, &check, err);
	return rc == FAULT_FOUND ? 0 : rc;
}
