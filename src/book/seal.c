/* From what was offered to what is written: addresses become "anon-N", what is personal is sealed. */
#include <stdlib.h>
#include "base/buf.h"
#include "book/private.h"

struct str email_normal(struct str text, struct arena *arena)
{
	struct str trimmed = str_trim(text);
	char *out = arena_alloc(arena, trimmed.len + 1);

	for (size_t i = 0; i < trimmed.len; i++) {
		char c = trimmed.at[i];

		out[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
	}
	return (struct str){ out, trimmed.len };
}

struct str phone_normal(struct str text, struct arena *arena)
{
	char *out = arena_alloc(arena, text.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] >= '0' && text.at[i] <= '9')
			out[n++] = text.at[i];
	return (struct str){ out, n };
}

static struct str anonym(uint64_t person, struct arena *arena)
{
	static const char prefix[] = "anon-";
	enum { PREFIX = sizeof(prefix) - 1, DIGITS_MAX = 20 };
	char *out = arena_alloc(arena, PREFIX + DIGITS_MAX + 1), digits[DIGITS_MAX];
	size_t n = 0;

	memcpy(out, prefix, PREFIX);
	do
		digits[n++] = (char)('0' + person % 10);
	while ((person /= 10) > 0);
	for (size_t i = 0; i < n; i++)
		out[PREFIX + i] = digits[n - 1 - i];
	return (struct str){ out, PREFIX + n };
}

int anonym_of(struct book *book, enum keys_purpose purpose, struct str normal, bool make, struct str *out,
	      struct arena *arena, struct err *err)
{
	uint64_t person = 0;
	int rc = 0;

	*out = STR_NONE;
	if (make)
		rc = keys_person_of(book->keys, purpose, normal, &person, err);
	else
		person = keys_find(book->keys, purpose, normal);
	if (rc == 0 && person != 0)
		*out = anonym(person, arena);
	return rc;
}

/* Customers and what belongs to them. Colleagues are named in the clear, as owner columns name them. */
static bool key_private(enum object object)
{
	return object != OBJECT_PERSON && object != OBJECT_STAGE && object != OBJECT_CUSTOM_FIELD &&
	       object != OBJECT_SPEND && !object_is_paper(object);
}

int key_written(struct book *book, enum object object, struct str key, bool make, struct str *out, struct arena *arena,
		struct err *err)
{
	/* One that is known already as the key of a record may be a telephone number or a name. */
	bool address = key.len > 0 && memchr(key.at, '@', key.len);
	struct str normal = email_normal(key, arena);

	if (!key_private(object) || (!address && keys_find(book->keys, PURPOSE_KEY, normal) == 0)) {
		*out = key.at ? key : STR("");
		return 0;
	}
	return anonym_of(book, PURPOSE_KEY, normal, make, out, arena, err);
}

static bool personal(const struct record *record, const struct record_field *field)
{
	return field->code != FIELD_CUSTOM && field->value.kind != VALUE_EMPTY &&
	       field_private(record->object, field->code);
}

bool record_personal(const struct record *record)
{
	for (size_t i = 0; i < record->count; i++)
		if (personal(record, &record->fields[i]))
			return true;
	return false;
}

bool key_personal(const struct record *record)
{
	struct str key = str_trim(record->key);

	for (size_t i = 0; i < record->count && record->key.len > 0; i++) {
		const struct record_field *f = &record->fields[i];

		if (f->value.kind == VALUE_TEXT && str_eq(str_trim(f->value.as.text), key) && personal(record, f))
			return true;
	}
	return false;
}

/* "Ann Lee", "+1 555 0100", "(555) 010-0199": telephone systems name contacts so. */
static bool looks_like_person(struct str key)
{
	size_t digits = 0, others = 0;
	bool words = false, apart = false;

	for (size_t i = 0; i < key.len; i++) {
		char c = key.at[i];
		bool digit = c >= '0' && c <= '9';

		digits += digit;
		others += !digit && !strchr("+-(). /", c);
		apart |= c == '+' || c == '(' || c == ' ';
		words |= c == ' ' && i > 0 && i + 1 < key.len && !strchr("0123456789 ", key.at[i - 1]) &&
			 !strchr("0123456789 ", key.at[i + 1]);
	}
	return (words && others > 0) || (others == 0 && digits >= 7 && apart);
}

/* A contact whom no record has: the name or number that stands for the key goes into no book in the clear. When the record comes, its key
 * is written likewise (key_written). */
static bool names_stranger(struct book *book, const struct record *record, enum object target, struct str key)
{
	unsigned char id[IDENTITY_BYTES];

	if (target != OBJECT_CONTACT || !looks_like_person(str_trim(key)))
		return false;
	identity_of(target, record->source, key, id);
	return index_find(&book->index, id) == NULL;
}

int ref_written(struct book *book, const struct record *record, struct record_field *field, bool make, struct err *err)
{
	const struct field_def *def = field->code == FIELD_CUSTOM ? NULL : field_by_code(record->object, field->code);
	struct str *key = &field->value.as.ref.key;
	struct arena *arena = &book->scratch;

	switch (field->value.as.ref.by) {
	case REF_BY_KEY:
		if (def && names_stranger(book, record, def->target, *key))
			return anonym_of(book, PURPOSE_KEY, email_normal(*key, arena), make, key, arena, err);
		return key_written(book, def ? def->target : OBJECT_NONE, *key, make, key, arena, err);
	case REF_BY_EMAIL: return anonym_of(book, PURPOSE_EMAIL, email_normal(*key, arena), make, key, arena, err);
	case REF_BY_NAME:
		if (def && field_private(def->target, FIELD_NAME))
			return anonym_of(book, PURPOSE_NAME, str_trim(*key), make, key, arena, err);
		return 0;
	}
	BUG("a reference of kind %d", (int)field->value.as.ref.by);
}

static uint64_t person_of_ref(struct book *book, const struct record *record, const struct record_field *field)
{
	const struct field_def *def = field_by_code(record->object, field->code);
	unsigned char id[IDENTITY_BYTES];

	/* References are written already: "anon-N". */
	if (field->value.as.ref.by == REF_BY_EMAIL)
		return strtoull(field->value.as.ref.key.at + 5, NULL, 10);
	if (!def || field->value.as.ref.by != REF_BY_KEY)
		return 0;
	identity_of(def->target, record->source, field->value.as.ref.key, id);
	const struct index_slot *slot = index_find(&book->index, id);
	return slot ? slot->person : 0;
}

/* Whose key seals the record: that of its address, of the contact or lead it speaks of now (a deal may pass from one contact to another;
 * a person's own record stays with its key), of the record before, or a new one. */
static int person_of_record(struct book *book, const struct offered *offered, const struct index_slot *slot,
			    uint64_t *person, struct err *err)
{
	const struct record *record = offered->record;
	bool any = false;

	*person = 0;
	for (size_t i = 0; i < offered->count; i++) {
		const struct record_field *f = &offered->fields[i];

		if (f->code == FIELD_EMAIL && f->value.kind == VALUE_TEXT && personal(record, f) &&
		    str_trim(f->value.as.text).len)
			return keys_person_of(book->keys, PURPOSE_EMAIL, email_normal(f->value.as.text, &book->scratch),
					      person, err);
		any = any || personal(record, f);
	}
	if (!any)
		return 0;
	uint64_t before = slot && keys_has(book->keys, slot->person) ? slot->person : 0;

	if (is_contact(record->object))
		*person = before;
	for (size_t i = 0; i < offered->count && *person == 0; i++) {
		const struct record_field *f = &offered->fields[i];

		if ((f->code == FIELD_CONTACT || f->code == FIELD_LEAD) && f->value.kind == VALUE_REF)
			*person = person_of_ref(book, record, f);
		if (!keys_has(book->keys, *person))
			*person = 0;
	}
	if (*person == 0)
		*person = before;
	return *person ? 0 : keys_new_person(book->keys, person, err);
}

/* The field that says which address stands for the person, without the address. That of the record's own is `person`. */
static int add_match(struct book *book, const struct record_field *of, uint64_t person, struct record_field *fields,
		     size_t *count, struct err *err)
{
	bool email = of->code == FIELD_EMAIL;
	struct arena *arena = &book->scratch;
	struct record_field *field = &fields[(*count)++];
	struct str normal = STR(""), anon = STR_NONE;
	int rc = 0;

	*field = (struct record_field){ .code = email ? FIELD_EMAIL_MATCH : FIELD_PHONE_MATCH };
	if (of->value.kind == VALUE_TEXT)
		normal = email ? str_trim(of->value.as.text) : phone_normal(of->value.as.text, arena);
	if (normal.len == 0)
		return 0;
	if (email)
		anon = anonym(person, arena);
	else
		rc = anonym_of(book, PURPOSE_PHONE, normal, true, &anon, arena, err);
	field->value = (struct value){ .kind = VALUE_TEXT, .as.text = anon };
	return rc;
}

/* All that is personal in one piece, the row's match with it. */
static struct str seal_fields(struct book *book, enum object object, const struct record_field *fields, size_t count,
			      uint64_t person)
{
	char context[16];

	buf_clear(&book->plain);
	payload_write(&book->plain, fields, count);
	return keys_seal(book->keys, person, buf_str(&book->plain), seal_context(object, context), &book->scratch);
}

static void add_own(const struct offered *offered, struct record_field *fields, size_t *count)
{
	struct str match = { (const char *)offered->match, MATCH_BYTES };

	fields[(*count)++] = (struct record_field){ .code = (enum field)FIELD_OWN_MATCH,
						    .value = { .kind = VALUE_TEXT, .as.text = match } };
	if (offered->record->generated_key)
		fields[(*count)++] = (struct record_field){ .code = (enum field)FIELD_OWN_GENERATED,
							    .value = { .kind = VALUE_YES } };
}

static bool to_seal(const struct record *record, const struct record_field *field)
{
	return field->code == (enum field)FIELD_OWN_MATCH ||
	       (personal(record, field) && field->code != FIELD_EMAIL_MATCH && field->code != FIELD_PHONE_MATCH &&
		field->code != (enum field)FIELD_OWN_GENERATED);
}

static void seal_personal(struct book *book, const struct record *record, struct record_field *fields, size_t count,
			  uint64_t person)
{
	struct record_field *plain = ARENA_ARRAY(&book->scratch, struct record_field, count);
	struct value **places = ARENA_ARRAY(&book->scratch, struct value *, count);
	struct value sealed = { .kind = VALUE_SEALED };
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (to_seal(record, &fields[i])) {
			places[n] = &fields[i].value;
			plain[n++] = fields[i];
		}
	sealed.as.text = seal_fields(book, record->object, plain, n, person);
	for (size_t i = 0; i < n; i++)
		*places[i] = sealed;
}

int seal(struct book *book, const struct offered *offered, const struct index_slot *slot, struct record_field **out,
	 size_t *out_count, uint64_t *person, struct err *err)
{
	const struct record *record = offered->record;
	struct record_field *fields = ARENA_ARRAY(&book->scratch, struct record_field, offered->count + 5);
	size_t count = 0;
	int rc = 0;

	for (size_t i = 0; i < offered->count && rc == 0; i++) {
		fields[count++] = offered->fields[i];
		if (fields[count - 1].value.kind == VALUE_REF)
			rc = ref_written(book, record, &fields[count - 1], true, err);
	}
	if (rc == 0) {
		struct offered written = *offered;

		written.fields = fields;
		rc = person_of_record(book, &written, slot, person, err);
	}
	for (size_t i = 0, n = count; i < n && rc == 0; i++) {
		if ((fields[i].code == FIELD_EMAIL || fields[i].code == FIELD_PHONE) &&
		    field_private(record->object, fields[i].code))
			rc = add_match(book, &fields[i], *person, fields, &count, err);
	}
	add_own(offered, fields, &count);
	fields_sort(fields, count);
	if (rc == 0 && *person)
		seal_personal(book, record, fields, count, *person);
	*out = fields;
	*out_count = count;
	return rc;
}
