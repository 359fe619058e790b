#include <sodium.h>
#include "base/buf.h"
#include "book/entry.h"
#include "book/statements.h"

/* Columns are short and many: they are gathered, so that the hash takes them in whole blocks. */
struct hasher {
	crypto_generichash_state state;
	size_t len;
	unsigned char bytes[1024];
};

static void hash_part(struct hasher *h, const void *bytes, size_t len)
{
	if (len > sizeof(h->bytes) - h->len) {
		crypto_generichash_update(&h->state, h->bytes, h->len);
		h->len = 0;
	}
	if (len > sizeof(h->bytes)) {
		crypto_generichash_update(&h->state, bytes, len);
		return;
	}
	memcpy(h->bytes + h->len, bytes, len);
	h->len += len;
}

static void hash_number(struct hasher *h, uint64_t n)
{
	unsigned char bytes[VARINT_MAX_BYTES];

	hash_part(h, bytes, varint_put(bytes, n));
}

static void hash_text(struct hasher *h, struct str s)
{
	hash_number(h, s.len);
	hash_part(h, s.at ? s.at : "", s.len);
}

void entry_hash(const struct entry *entry, const unsigned char previous[HASH_BYTES], unsigned char out[HASH_BYTES])
{
	struct hasher h;

	h.len = 0;
	crypto_generichash_init(&h.state, NULL, 0, HASH_BYTES);
	hash_number(&h, entry->book_id);
	hash_number(&h, entry->seq);
	hash_number(&h, entry->kind);
	hash_number(&h, entry->object);
	hash_text(&h, entry->source);
	hash_text(&h, entry->key);
	hash_number(&h, entry->subject);
	hash_number(&h, zigzag(entry->observed_ms));
	hash_number(&h, zigzag(entry->recorded_ms));
	hash_text(&h, entry->actor);
	hash_number(&h, entry->import_seq);
	hash_text(&h, entry->payload);
	hash_part(&h, previous, HASH_BYTES);
	crypto_generichash_update(&h.state, h.bytes, h.len);
	crypto_generichash_final(&h.state, out, HASH_BYTES);
}

int entry_of_columns(struct entry *entry, const struct engine_value *columns, int count, struct err *err)
{
	static const enum engine_type types[ENTRY__COLUMNS] = {
		[ENTRY_BOOK] = ENGINE_INT,    [ENTRY_SEQ] = ENGINE_INT,      [ENTRY_KIND] = ENGINE_INT,
		[ENTRY_OBJECT] = ENGINE_INT,  [ENTRY_SOURCE] = ENGINE_TEXT,  [ENTRY_KEY] = ENGINE_TEXT,
		[ENTRY_SUBJECT] = ENGINE_INT, [ENTRY_OBSERVED] = ENGINE_INT, [ENTRY_RECORDED] = ENGINE_INT,
		[ENTRY_ACTOR] = ENGINE_TEXT,  [ENTRY_IMPORT] = ENGINE_INT,   [ENTRY_PAYLOAD] = ENGINE_BYTES,
		[ENTRY_HASH] = ENGINE_BYTES,
	};

	if (count < ENTRY__COLUMNS)
		BUG("an entry of %d columns", count);
	for (int i = 0; i < ENTRY__COLUMNS; i++)
		if (columns[i].type != types[i])
			return err_set(err, ERR_DAMAGED, "entry %lld: column %d holds the wrong type of value",
				       (long long)columns[ENTRY_SEQ].number, i + 1);
	if (columns[ENTRY_HASH].bytes.len != HASH_BYTES)
		return err_set(err, ERR_DAMAGED, "entry %lld: its hash has the wrong length",
			       (long long)columns[ENTRY_SEQ].number);
	*entry = (struct entry){
		.book_id = (uint64_t)columns[ENTRY_BOOK].number,
		.seq = (uint64_t)columns[ENTRY_SEQ].number,
		.kind = (enum entry_kind)columns[ENTRY_KIND].number,
		.object = (enum object)columns[ENTRY_OBJECT].number,
		.source = columns[ENTRY_SOURCE].bytes,
		.key = columns[ENTRY_KEY].bytes,
		.subject = (uint64_t)columns[ENTRY_SUBJECT].number,
		.observed_ms = columns[ENTRY_OBSERVED].number,
		.recorded_ms = columns[ENTRY_RECORDED].number,
		.actor = columns[ENTRY_ACTOR].bytes,
		.import_seq = (uint64_t)columns[ENTRY_IMPORT].number,
		.payload = columns[ENTRY_PAYLOAD].bytes,
	};
	memcpy(entry->hash, columns[ENTRY_HASH].bytes.at, HASH_BYTES);
	if ((int64_t)entry->kind != columns[ENTRY_KIND].number ||
	    (int64_t)entry->object != columns[ENTRY_OBJECT].number)
		return err_set(err, ERR_DAMAGED, "entry %llu: its kind or object is out of range",
			       (unsigned long long)entry->seq);
	return 0;
}

void entry_params(const struct entry *entry, struct engine_value params[ENTRY__COLUMNS])
{
	params[ENTRY_BOOK] = engine_int((int64_t)entry->book_id);
	params[ENTRY_SEQ] = engine_int((int64_t)entry->seq);
	params[ENTRY_KIND] = engine_int((int64_t)entry->kind);
	params[ENTRY_OBJECT] = engine_int((int64_t)entry->object);
	params[ENTRY_SOURCE] = engine_text(entry->source);
	params[ENTRY_KEY] = engine_text(entry->key);
	params[ENTRY_SUBJECT] = engine_int((int64_t)entry->subject);
	params[ENTRY_OBSERVED] = engine_int(entry->observed_ms);
	params[ENTRY_RECORDED] = engine_int(entry->recorded_ms);
	params[ENTRY_ACTOR] = engine_text(entry->actor);
	params[ENTRY_IMPORT] = engine_int((int64_t)entry->import_seq);
	params[ENTRY_PAYLOAD] = engine_bytes(entry->payload.at, entry->payload.len);
	params[ENTRY_HASH] = engine_bytes(entry->hash, HASH_BYTES);
}

struct entry entry_copy(struct arena *arena, const struct entry *entry)
{
	struct entry copy = *entry;

	copy.source = arena_str(arena, entry->source);
	copy.key = arena_str(arena, entry->key);
	copy.actor = arena_str(arena, entry->actor);
	copy.payload = arena_str(arena, entry->payload);
	return copy;
}

int field_order(const struct record_field *a, const struct record_field *b)
{
	if (a->code != b->code)
		return a->code < b->code ? -1 : 1;
	return a->code == FIELD_CUSTOM ? str_cmp(a->name, b->name) : 0;
}

/* By insertion: what is sorted here is nearly in order. */
void fields_sort(struct record_field *fields, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct record_field moving = fields[i];
		size_t at = i;

		for (; at > 0 && field_order(&fields[at - 1], &moving) > 0; at--)
			fields[at] = fields[at - 1];
		fields[at] = moving;
	}
}

/* Rows have few fields, in any order: their codes are sorted by insertion, and each field moves once. */
void fields_sorted(struct record_field *out, const struct record_field *fields, size_t count)
{
	uint32_t order[PAYLOAD_FIELDS_MAX]; /* code, then place: fields of one code stay in order */

	if (count > PAYLOAD_FIELDS_MAX)
		BUG("%zu fields to sort", count);
	for (size_t i = 0; i < count; i++) {
		uint32_t moving = (uint32_t)fields[i].code << 16 | (uint32_t)i;
		size_t at = i;

		for (; at > 0 && order[at - 1] > moving; at--)
			order[at] = order[at - 1];
		order[at] = moving;
	}
	for (size_t i = 0; i < count; i++)
		out[i] = fields[order[i] & 0xFFFF];
	fields_sort(out, count);
}

/* What the next sealed field holds too is written there. */
static bool stands_later(const struct record_field *field, const struct record_field *end)
{
	if (field->value.kind != VALUE_SEALED)
		return false;
	for (const struct record_field *next = field + 1; next < end; next++)
		if (next->value.kind == VALUE_SEALED)
			return str_eq(next->value.as.text, field->value.as.text);
	return false;
}

void payload_write(struct buf *out, const struct record_field *fields, size_t count)
{
	static const struct value same = { .kind = VALUE_SEALED };

	out->full |= count > UINT16_MAX;
	buf_add_u16(out, (uint16_t)count);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && field_order(&fields[i - 1], &fields[i]) >= 0)
			BUG("field %d stands twice, or out of order: payload_read would refuse it",
			    (int)fields[i].code);
		buf_add_varint(out, (uint16_t)fields[i].code);
		if (fields[i].code == FIELD_CUSTOM)
			buf_add_block(out, fields[i].name.at, fields[i].name.len);
		value_write(out, stands_later(&fields[i], fields + count) ? &same : &fields[i].value);
	}
}

enum field read_code(struct cursor *in)
{
	uint64_t code = cursor_varint(in);

	in->failed |= code > UINT16_MAX;
	return in->failed ? FIELD_CUSTOM : (enum field)code;
}

static bool spread_sealed(struct record_field *fields, size_t count)
{
	struct str sealed = STR_NONE;

	for (size_t i = count; i > 0; i--) {
		struct value *value = &fields[i - 1].value;

		if (value->kind != VALUE_SEALED)
			continue;
		if (value->as.text.len == 0)
			value->as.text = sealed;
		else if (str_eq(value->as.text, sealed)) /* payload_write says it once */
			return false;
		if (value->as.text.len == 0)
			return false;
		sealed = value->as.text;
	}
	return true;
}

bool payload_read(struct str payload, struct record_field **fields, size_t *count, struct arena *arena)
{
	struct cursor in = cursor_of(payload.at, payload.len);
	size_t n = cursor_u16(&in);

	if (in.failed)
		return false;
	struct record_field *all = ARENA_ARRAY(arena, struct record_field, n + 1);
	for (size_t i = 0; i < n; i++) {
		all[i].code = read_code(&in);
		if (all[i].code == FIELD_CUSTOM)
			all[i].name = cursor_block(&in);
		if (in.failed || !value_read(&in, &all[i].value) || (i > 0 && field_order(&all[i - 1], &all[i]) >= 0))
			return false;
	}
	*fields = all;
	*count = n;
	return !in.failed && in.at == in.end && spread_sealed(all, n);
}
