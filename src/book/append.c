/* Offering a record: what the source says is compared with what it said before, sealed, written, and laid over the state. */
#include "base/buf.h"
#include "book/private.h"

void match_row(struct book *book, struct offered *offered)
{
	buf_clear(&book->plain);
	payload_write(&book->plain, offered->fields, offered->count);
	keys_hash(book->keys, PURPOSE_ROW, buf_str(&book->plain), offered->match);
}

/* Bytes its payload takes at most, but for what the book adds. */
static size_t record_bytes(const struct record *record)
{
	size_t bytes = 0;

	for (size_t i = 0; i < record->count; i++) {
		const struct record_field *f = &record->fields[i];

		bytes += 32 + f->name.len;
		if (f->value.kind == VALUE_TEXT)
			bytes += f->value.as.text.len;
		else if (f->value.kind == VALUE_REF)
			bytes += f->value.as.ref.key.len;
	}
	return bytes;
}

int record_check(const struct book *book, const struct record *record, struct err *err)
{
	if (record->object <= OBJECT_NONE || record->object >= OBJECT__COUNT)
		BUG("a record of no object");
	if (record->count > PAYLOAD_FIELDS_MAX - 8)
		return err_set(err, ERR_LIMIT, "%s: a record of %zu fields; at most %d fit", book->path, record->count,
			       PAYLOAD_FIELDS_MAX - 8);
	if (record_bytes(record) > RECORD_MAX)
		return err_set(err, ERR_LIMIT, "%s: a record of more than %zu bytes", book->path, RECORD_MAX);
	for (size_t i = 0; i < record->count; i++)
		if (record->fields[i].value.kind == VALUE_REF && record->fields[i].value.as.ref.by > REF_BY_NAME)
			return err_set(err, ERR_INPUT, "%s: a reference of an unknown kind", book->path);
	return 0;
}

static int offer(struct book *book, const struct record *record, struct offered *offered, struct err *err)
{
	struct arena *arena = &book->scratch;
	int rc = record_check(book, record, err);

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

int observation_write(struct book *book, const struct offered *offered, const struct index_slot *slot,
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
	if (book->payload.full)
		return err_set(err, ERR_LIMIT, "%s: a record that takes more than %zu bytes", book->path, PAYLOAD_MAX);
	entry->payload = buf_str(&book->payload);
	return chain_append(book, entry, err);
}

static int append_new(struct book *book, const struct offered *offered, const struct append_context *context,
		      struct err *err)
{
	struct entry entry;
	struct record_field *fields;
	size_t count;
	uint64_t person;
	int rc = observation_write(book, offered, NULL, context, &entry, &fields, &count, &person, err);

	if (rc != 0)
		return rc;
	/* What folding this one observation gives: the entry says it all. */
	const struct state_row row = { .subject = entry.subject,
				       .standing_seq = entry.seq,
				       .versions = 1,
				       .person = person,
				       .match = { (const char *)offered->match, MATCH_BYTES } };
	slot_of_row(index_add(&book->index, offered->id), &row, entry.observed_ms, entry.seq);
	return 0;
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
	int rc = recall_record(book, record, err);
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
