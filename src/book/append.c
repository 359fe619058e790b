/* Offering a record: what the source says is compared with what it said before, sealed, written, and laid over the state. */
#include <stdio.h>
#include "base/buf.h"
#include "book/private.h"

void writer_forget(struct book *book)
{
	index_release(&book->index);
	book->index_loaded = false;
	marks_release(&book->marks);
	book->marks_loaded = false;
	book->pending_count = 0;
	book->pending_news = false;
}

static void slot_of_row(struct index_slot *slot, const struct state_row *row, int64_t effective_ms)
{
	slot->subject = row->subject;
	slot->stored = row->stored;
	slot->versions = (uint32_t)row->versions;
	slot->standing_seq = row->standing_seq;
	slot->standing_ms = effective_ms;
	slot->person = row->person;
	slot->erased = row->erased;
	slot->has_match = row->match.len == MATCH_BYTES;
	if (slot->has_match)
		memcpy(slot->match, row->match.at, MATCH_BYTES);
}

static int index_row(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct book *book = context;
	struct state_row row;
	struct observation only;
	unsigned char id[IDENTITY_BYTES];
	int64_t again;
	int rc = row_of_columns(&row, columns, count, err);

	arena_reset(&book->scratch);
	if (rc == 0 && !row.stored)
		rc = row_open(book, &row, &only, &book->scratch, err);
	if (rc != 0)
		return rc;
	identity_of(row.object, row.source, row.key, id);
	struct index_slot *slot = index_add(&book->index, id);
	slot_of_row(slot, &row, row.observed_ms);
	if (marks_confirmed(&book->marks, slot->standing_seq, &again) && again > slot->standing_ms)
		slot->standing_ms = again;
	return 0;
}

int index_ready(struct book *book, struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int(OBJECT_NONE) };

	if (book->index_loaded)
		return 0;
	int rc = marks_ready(book, err);
	if (rc == 0)
		rc = book->ops->run(book->engine, STATEMENT_RECORDS, params, 2, index_row, book, err);
	book->index_loaded = rc == 0;
	return rc;
}

static void match_row(struct book *book, struct offered *offered)
{
	buf_clear(&book->plain);
	payload_write(&book->plain, offered->fields, offered->count);
	keys_hash(book->keys, PURPOSE_ROW, buf_str(&book->plain), offered->match);
}

static int check_record(struct book *book, const struct record *record, struct err *err)
{
	if (record->object <= OBJECT_NONE || record->object >= OBJECT__COUNT)
		BUG("a record of no object");
	if (record->count > PAYLOAD_FIELDS_MAX - 8)
		return err_set(err, ERR_LIMIT, "%s: a record of %zu fields; at most %d fit", book->path, record->count,
			       PAYLOAD_FIELDS_MAX - 8);
	return 0;
}

static int offer(struct book *book, const struct record *record, struct offered *offered, struct err *err)
{
	struct arena *arena = &book->scratch;
	int rc = check_record(book, record, err);

	if (rc != 0)
		return rc;
	*offered = (struct offered){ .record = record, .count = record->count };
	offered->fields = ARENA_ARRAY(arena, struct record_field, record->count + 1);
	fields_sorted(offered->fields, record->fields, record->count);
	if (key_personal(record))
		rc = anonym_of(book, PURPOSE_KEY, email_normal(record->key, arena), true, &offered->key, arena, err);
	else
		rc = key_written(book, record->object, record->key, true, &offered->key, arena, err);
	identity_of(record->object, record->source, offered->key, offered->id);
	match_row(book, offered);
	if (book->plain.full)
		rc = err_set(err, ERR_LIMIT, "%s: a record of more than %zu bytes", book->path, PAYLOAD_MAX);
	return rc;
}

/* A record whose person was erased stays so: nothing personal that is offered for it later is taken. */
static void forget_personal(struct book *book, struct offered *offered)
{
	size_t n = 0;

	for (size_t i = 0; i < offered->count; i++)
		if (!field_private(offered->record->object, offered->fields[i].code))
			offered->fields[n++] = offered->fields[i];
	offered->count = n;
	match_row(book, offered);
}

static int write_observation(struct book *book, const struct offered *offered, const struct index_slot *slot,
			     const struct append_context *context, struct entry *entry, struct record_field **fields,
			     size_t *count, uint64_t *person, struct err *err)
{
	const struct record *record = offered->record;

	*entry = (struct entry){ .kind = ENTRY_OBSERVATION,
				 .object = record->object,
				 .source = record->source,
				 .key = offered->key,
				 .subject = slot ? slot->subject : 0,
				 .observed_ms = record->observed_ms,
				 .recorded_ms = context->now_ms,
				 .actor = str_of(context->actor),
				 .import_seq = context->import_seq };
	int rc = import_begin_announced(book, context, &entry->import_seq, err);
	if (rc == 0)
		rc = seal(book, offered, slot, fields, count, person, err);
	if (rc != 0)
		return rc;
	buf_clear(&book->payload);
	payload_write(&book->payload, *fields, *count);
	entry->payload = buf_str(&book->payload);
	return chain_append(book, entry, err);
}

/* The observation just written, as the fold sees it. */
static struct observation fresh(const struct offered *offered, const struct entry *entry, struct record_field *fields,
				size_t count, uint64_t person)
{
	struct observation o = { .seq = entry->seq,
				 .import_seq = entry->import_seq,
				 .object = entry->object,
				 .observed_ms = entry->observed_ms,
				 .effective_ms = entry->observed_ms,
				 .recorded_ms = entry->recorded_ms,
				 .counts = true,
				 .fields = fields,
				 .has_match = true,
				 .person = person };

	for (size_t i = 0; i < count; i++)
		if (fields[i].code != (enum field)FIELD_OWN_MATCH)
			fields[o.count++] = fields[i];
	memcpy(o.match, offered->match, MATCH_BYTES);
	return o;
}

static int append_new(struct book *book, const struct offered *offered, const struct append_context *context,
		      struct err *err)
{
	struct entry entry;
	struct record_field *fields;
	size_t count;
	uint64_t person;
	int rc = write_observation(book, offered, NULL, context, &entry, &fields, &count, &person, err);

	if (rc != 0)
		return rc;
	/* What folding this one observation gives: the entry says it all. */
	const struct state_row row = { .subject = entry.subject,
				       .standing_seq = entry.seq,
				       .versions = 1,
				       .person = person,
				       .match = { (const char *)offered->match, MATCH_BYTES } };
	slot_of_row(index_add(&book->index, offered->id), &row, entry.observed_ms);
	return 0;
}

/* Undoing the import that first brought a row must not take it away when a later import brought it too; and a row that was seen
 * again is newer than it was. So each import of another file confirms what it met. */
static bool can_confirm(const struct book *book, const struct append_context *context)
{
	return book->announced ? !book->announced->again : context->import_seq != 0;
}

static void confirm(struct book *book, uint64_t seq, int64_t ms, bool news, const struct append_context *context)
{
	uint64_t mine = book->announced ? book->announced->seq : context->import_seq;

	if (!news && mine && seq > mine)
		return;
	if (book->pending_count == book->pending_capacity) {
		book->pending_capacity = book->pending_capacity ? book->pending_capacity * 2 : 1024;
		book->pending = must_realloc(book->pending, book->pending_capacity * sizeof(*book->pending));
	}
	book->pending[book->pending_count++] = (struct confirm){ seq, ms };
	book->pending_context = *context;
	snprintf(book->pending_actor, sizeof(book->pending_actor), "%s", context->actor ? context->actor : "");
	book->pending_context.actor = book->pending_actor;
	book->pending_news |= news;
	marks_confirm(&book->marks, seq, ms);
}

static bool same_clear(enum object object, const struct record_field *a, size_t a_count, const struct record_field *b,
		       size_t b_count)
{
	struct buf left, right;

	buf_init(&left, PAYLOAD_MAX);
	buf_init(&right, PAYLOAD_MAX);
	clear_write(&left, object, a, a_count);
	clear_write(&right, object, b, b_count);
	bool same = str_eq(buf_str(&left), buf_str(&right));
	buf_release(&left);
	buf_release(&right);
	return same;
}

/* Among what the source said before and still counts: this very row, the latest time. */
static struct observation *find_same(const struct offered *offered, struct observation *all, size_t count)
{
	struct observation *best = NULL;

	for (size_t i = 0; i < count; i++) {
		struct observation *o = &all[i];

		if (!o->counts || (best && best->effective_ms >= o->effective_ms))
			continue;
		if (o->has_match
			    ? memcmp(o->match, offered->match, MATCH_BYTES) == 0
			    : same_clear(offered->record->object, o->fields, o->count, offered->fields, offered->count))
			best = o;
	}
	return best;
}

static bool is_replaced(const struct append_context *context, uint64_t import_seq)
{
	for (size_t i = 0; i < context->replace_count; i++)
		if (context->replaces[i] == import_seq)
			return true;
	return false;
}

/* Lays empty fields under what is offered. True when there were any that it did not mention. */
static bool add_cleared(struct book *book, struct offered *offered, const struct observation *o)
{
	struct record_field *cleared = ARENA_ARRAY(&book->scratch, struct record_field, o->count + 1);
	size_t n = 0, before = offered->count;

	for (size_t i = 0; i < o->count; i++) {
		const struct record_field *f = &o->fields[i];

		/* These follow from the address and the number. */
		if (f->code == FIELD_EMAIL_MATCH || f->code == FIELD_PHONE_MATCH ||
		    f->code >= (enum field)FIELD_OWN_MATCH)
			continue;
		cleared[n] = *f;
		cleared[n++].value = (struct value){ .kind = VALUE_EMPTY };
	}
	offered->fields = fold_overlay(cleared, n, offered->fields, offered->count, &offered->count, &book->scratch);
	return offered->count > before;
}

static void replace_earlier(struct book *book, struct offered *offered, const struct observation *all, size_t count,
			    const struct append_context *context)
{
	bool cleared = false;

	for (size_t i = 0; i < count && context->replace_count; i++)
		if (all[i].counts && is_replaced(context, all[i].import_seq))
			cleared |= add_cleared(book, offered, &all[i]);
	if (cleared)
		match_row(book, offered);
}

struct history {
	struct observation *items;
	size_t count;
	struct folded folded;
	struct state_row row;
};

static void history_fold(struct book *book, struct history *h, struct buf *payload)
{
	fold(h->row.object, h->items, h->count, &h->folded, &book->scratch);
	row_of_folded(&h->row, &h->folded, payload);
}

static int history_store(struct book *book, struct history *h, struct index_slot *slot, struct err *err)
{
	history_fold(book, h, &book->payload);
	int rc = row_write(book, &h->row, h->count, err);
	if (rc == 0)
		slot_of_row(slot, &h->row, h->folded.standing ? h->folded.standing->effective_ms : 0);
	return rc;
}

/* The row was said before. True when saying it again changes nothing; its time is then raised. */
static bool again_unchanged(struct book *book, struct history *h, struct observation *same, int64_t ms)
{
	int64_t was = same->effective_ms;
	uint64_t seq = same->seq;

	if (ms <= was)
		return true;
	history_fold(book, h, &book->payload);
	buf_clear(&book->plain);
	buf_add_str(&book->plain, h->row.payload);
	/* Folding sorts: find it again. */
	for (size_t i = 0; i < h->count; i++)
		if (h->items[i].seq == seq)
			h->items[i].effective_ms = ms;
	history_fold(book, h, &book->payload);
	if (str_eq(buf_str(&book->plain), h->row.payload))
		return true;
	for (size_t i = 0; i < h->count; i++)
		if (h->items[i].seq == seq)
			h->items[i].effective_ms = was;
	return false;
}

/* Everything that is not simply "the same as what stands": with the record's whole history at hand. */
static int append_known(struct book *book, struct offered *offered, struct index_slot *slot,
			const struct append_context *context, enum append_result *result, struct err *err)
{
	struct history h = {
		.row = { .subject = slot->subject, .stored = slot->stored, .object = offered->record->object }
	};
	struct entry entry;
	struct record_field *fields;
	size_t count;
	uint64_t person;
	int rc = observations_of_subject(book, slot->subject, &h.items, &h.count, &book->scratch, err);

	if (rc != 0)
		return rc;
	replace_earlier(book, offered, h.items, h.count, context);
	struct observation *same = find_same(offered, h.items, h.count);
	if (same) {
		uint64_t seq = same->seq;
		bool news = offered->record->observed_ms > same->effective_ms;

		if (again_unchanged(book, &h, same, offered->record->observed_ms)) {
			uint64_t begun;

			*result = APPEND_UNCHANGED;
			/* The state may now name another standing observation: an entry must say why. */
			if (!can_confirm(book, context))
				return 0;
			if (news)
				rc = import_begin_announced(book, context, &begun, err);
			confirm(book, seq, offered->record->observed_ms, news, context);
			return rc == 0 && news ? history_store(book, &h, slot, err) : rc;
		}
	}
	bool first = slot->versions == 0;
	rc = write_observation(book, offered, slot, context, &entry, &fields, &count, &person, err);
	if (rc != 0)
		return rc;
	h.items = arena_grow(&book->scratch, h.items, sizeof(*h.items) * h.count, sizeof(*h.items) * (h.count + 1));
	h.items[h.count++] = fresh(offered, &entry, fields, count, person);
	rc = history_store(book, &h, slot, err);
	*result = first ? APPEND_NEW : slot->standing_seq == entry.seq ? APPEND_CHANGED : APPEND_OLDER;
	return rc;
}

struct str book_last_key(const struct book *book)
{
	return book->last_key;
}

int book_append(struct book *book, const struct record *record, const struct append_context *context,
		enum append_result *result, struct err *err)
{
	struct offered offered;

	if (!book->in_transaction)
		BUG("a record offered outside a transaction");
	arena_reset(&book->scratch);
	int rc = index_ready(book, err);
	if (rc == 0)
		rc = offer(book, record, &offered, err);
	if (rc != 0)
		return rc;
	book->last_key = offered.key;
	struct index_slot *slot = index_find(&book->index, offered.id);
	if (!slot) {
		*result = APPEND_NEW;
		return append_new(book, &offered, context, err);
	}
	if (slot->erased)
		forget_personal(book, &offered);
	if (slot->versions > 0 && slot->has_match && memcmp(slot->match, offered.match, MATCH_BYTES) == 0) {
		bool news = record->observed_ms > slot->standing_ms;

		*result = APPEND_UNCHANGED;
		if (!can_confirm(book, context))
			return 0;
		confirm(book, slot->standing_seq, record->observed_ms, news, context);
		if (news)
			slot->standing_ms = record->observed_ms;
		return 0;
	}
	return append_known(book, &offered, slot, context, result, err);
}
