#include "desk/lead_find.h"

#include "base/buf.h"
#include "base/table.h"

enum { WORDS_MAX = 8, FOLDED_MAX = 512, TEXT_MAX = 1 << 16 };

struct finding {
	struct lead_desk *desk;
	struct str words[WORDS_MAX]; /* folded */
	size_t count, most;
	struct arena scratch;  /* for the record at hand */
	struct buf text;       /* of the record at hand: its parts, folded, a line each */
	struct table contacts; /* those read so far, by source and key: place + 1 */
	struct person {
		struct str name, email, phone;
	} * people;
	size_t people_count, people_capacity;
	struct lead_found *found;
	size_t found_count, found_capacity;
	uint64_t total;
};

static struct str text_of(const struct state *state, enum field code)
{
	const struct value *value = record_get(&state->record, code);

	return value && value->kind == VALUE_TEXT ? value->as.text : STR_NONE;
}

static struct str folded(struct str text, char *out)
{
	return (struct str){ out, str_fold_name(text, out, FOLDED_MAX) };
}

static void add_part(struct finding *f, struct str text)
{
	char out[FOLDED_MAX];

	buf_add_str(&f->text, folded(text, out));
	buf_add_char(&f->text, '\n');
}

static bool has_all_words(const struct finding *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (!memmem(f->text.at, f->text.len, f->words[i].at, f->words[i].len))
			return false;
	return true;
}

/* In the arena. */
static struct person person_of(const struct state *state, struct arena *arena)
{
	struct str name = text_of(state, FIELD_NAME);

	if (!name.len)
		name = str_trim(str_of(arena_printf(arena, "%.*s %.*s", STR_ARG(text_of(state, FIELD_FIRST_NAME)),
						    STR_ARG(text_of(state, FIELD_LAST_NAME)))));
	return (struct person){ arena_str(arena, name), arena_str(arena, text_of(state, FIELD_EMAIL)),
				arena_str(arena, text_of(state, FIELD_PHONE)) };
}

static struct str place_of(struct finding *f, struct str source, struct str key)
{
	return str_of(arena_printf(&f->scratch, "%.*s\n%.*s", STR_ARG(source), STR_ARG(key)));
}

static int take_contact(void *context, const struct state *state, struct err *err)
{
	struct finding *f = context;
	struct person person = person_of(state, f->desk->arena);

	(void)err;
	if (!person.name.len && !person.email.len && !person.phone.len)
		return 0;
	ARENA_PUSH(f->desk->arena, f->people, f->people_count, f->people_capacity);
	f->people[f->people_count++] = person;
	*table_put(&f->contacts, place_of(f, state->record.source, state->record.key), NULL) = f->people_count;
	arena_reset(&f->scratch);
	return 0;
}

static const struct person *contact_behind(struct finding *f, const struct state *state)
{
	const struct value *value = record_get(&state->record, FIELD_CONTACT);
	const uint64_t *place;

	if (!f->people_count || !value || value->kind != VALUE_REF)
		return NULL;
	place = table_get(&f->contacts, place_of(f, state->record.source, value->as.ref.key));
	return place ? &f->people[*place - 1] : NULL;
}

static void add_person(struct finding *f, const struct person *person)
{
	add_part(f, person->name);
	add_part(f, person->email);
	add_part(f, person->phone);
}

static void add_found(struct finding *f, const struct state *state, struct person *own, const struct person *contact)
{
	struct arena *arena = f->desk->arena;
	uint32_t row;

	if (!cells_find(f->desk->facts, FACT_LEADS, state->record.source, state->record.key, &row, 1))
		return;
	f->total++;
	if (f->found_count == f->most)
		return;
	ARENA_PUSH(arena, f->found, f->found_count, f->found_capacity);
	if (!own->name.len && contact)
		own->name = contact->name;
	if (!own->email.len && !own->phone.len && contact) {
		own->email = contact->email;
		own->phone = contact->phone;
	}
	f->found[f->found_count++] = (struct lead_found){ .row = row,
							  .name = arena_str(arena, own->name),
							  .company = arena_str(arena, text_of(state, FIELD_COMPANY)),
							  .email = arena_str(arena, own->email),
							  .phone = arena_str(arena, own->phone) };
}

static int take_lead(void *context, const struct state *state, struct err *err)
{
	struct finding *f = context;
	const struct person *contact = contact_behind(f, state);
	struct person own = person_of(state, &f->scratch);

	(void)err;
	buf_clear(&f->text);
	add_part(f, state->record.key);
	add_part(f, text_of(state, FIELD_COMPANY));
	add_person(f, &own);
	if (contact)
		add_person(f, contact);
	if (has_all_words(f))
		add_found(f, state, &own, contact);
	arena_reset(&f->scratch);
	return 0;
}

bool lead_find_can(const struct str *words, size_t count)
{
	char out[FOLDED_MAX];

	for (size_t i = 0; i < count; i++)
		if (folded(words[i], out).len)
			return true;
	return false;
}

int lead_find(struct lead_desk *desk, const struct str *words, size_t count, size_t most, struct lead_found **out,
	      size_t *found, uint64_t *total, struct err *err)
{
	const struct reading reading = { INT64_MAX, true };
	struct finding f = { .desk = desk, .most = most };
	int failed;

	for (size_t i = 0; i < count && i < WORDS_MAX; i++) {
		struct str word = folded(words[i], arena_alloc(desk->arena, FOLDED_MAX));

		if (word.len) /* of punctuation nothing is left: it is part of everything */
			f.words[f.count++] = word;
	}
	arena_init(&f.scratch);
	buf_init(&f.text, TEXT_MAX);
	table_init(&f.contacts);
	failed = book_states(desk->book, OBJECT_CONTACT, &reading, take_contact, &f, err);
	if (!failed)
		failed = book_states(desk->book, OBJECT_LEAD, &reading, take_lead, &f, err);
	table_release(&f.contacts);
	buf_release(&f.text);
	arena_release(&f.scratch);
	*out = f.found;
	*found = f.found_count;
	*total = f.total;
	return failed;
}
