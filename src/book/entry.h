/* An entry, its kinds, its canonical bytes and its hash.
 *
 * An observation's payload: u16 count, then the fields sorted by code (custom ones first, by name): the code as a varint, a custom
 * field's name as a block, the value (value_write). Every mapped field is there, VALUE_EMPTY included, so that a cleared cell clears.
 * Behind them stand fields of the book's own (FIELD_OWN_…). See docs/decisions/0003-entries-and-their-bytes.md.
 * What is personal in a record is sealed in one piece, itself a payload, which every sealed field holds; written, a sealed field
 * of no bytes holds what the next sealed one holds.
 *
 * hash = BLAKE2b-256 over all columns, texts and bytes as blocks, numbers as varints (times as signed ones), then the previous hash.
 */
#ifndef BOOK_ENTRY_H
#define BOOK_ENTRY_H

#include "book/book.h"
#include "book/engine.h"

/* Written into entries: never renumber. */
enum entry_kind {
	ENTRY_SETTINGS = 1,
	ENTRY_OBSERVATION = 2,
	ENTRY_IMPORT_BEGUN = 3,
	ENTRY_IMPORT_FINISHED = 4,
	ENTRY_IMPORT_UNDONE = 5,
	ENTRY_ERASED = 6,
	ENTRY_FILE_NOTED = 7,
	ENTRY_CONFIRMED = 8, /* observations that an import met again, unchanged */
	ENTRY_JOURNAL = 9,   /* somebody came in, rights were changed, rows were taken out: journal.h */
	ENTRY_KIND__COUNT
};

/* Fields the book adds to an observation. Never renumber. */
#define FIELD_OWN_MATCH 0xff01     /* keyed hash of the plain row (16 bytes), sealed when the record has a person */
#define FIELD_OWN_GENERATED 0xff02 /* VALUE_YES: the key is the row's hash */

#define MATCH_BYTES 16
#define PAYLOAD_MAX ((size_t)16 << 20)
#define PAYLOAD_FIELDS_MAX 512 /* of one observation; what stands of a record may be more */

struct entry {
	uint64_t book_id, seq;
	enum entry_kind kind;
	enum object object;
	struct str source, key;
	uint64_t subject;
	int64_t observed_ms, recorded_ms;
	struct str actor;
	uint64_t import_seq;
	struct str payload;
	unsigned char hash[HASH_BYTES];
};

void entry_hash(const struct entry *entry, const unsigned char previous[HASH_BYTES], unsigned char out[HASH_BYTES]);
/* Columns as STATEMENT_ENTRIES gives them. Texts borrow from the columns. ERR_DAMAGED when they make no entry. */
int entry_of_columns(struct entry *entry, const struct engine_value *columns, int count, struct err *err);
void entry_params(const struct entry *entry, struct engine_value params[13]);
/* Deep copy of texts and bytes. */
struct entry entry_copy(struct arena *arena, const struct entry *entry);

/* Order of fields in a payload. */
int field_order(const struct record_field *a, const struct record_field *b);
void fields_sort(struct record_field *fields, size_t count);
/* A sorted copy. At most PAYLOAD_FIELDS_MAX. */
void fields_sorted(struct record_field *out, const struct record_field *fields, size_t count);
/* `fields` are sorted. `out` is full where they are more than a payload can count. */
void payload_write(struct buf *out, const struct record_field *fields, size_t count);
/* One field's code; the cursor fails where there is none. */
enum field read_code(struct cursor *in);
/* Fields in the arena, texts borrow from the payload. False when the bytes make no payload. */
bool payload_read(struct str payload, struct record_field **fields, size_t *count, struct arena *arena);

static inline struct str hash_str(const unsigned char *hash)
{
	return (struct str){ (const char *)hash, HASH_BYTES };
}

#endif
