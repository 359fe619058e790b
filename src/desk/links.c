#include "desk/links.h"

#include "base/buf.h"
#include "base/table.h"
#include "domain/lead_step.h"

enum { KEY_MAX = 1 << 20 };

struct linking {
	struct arena *arena;
	struct loose_links *all;
	size_t count, capacity;
	const struct link_targets *targets;
	struct table known; /* "object, by, source NUL key", with the source and without */
	struct table voided;
	struct buf key;
};

static struct str known_key(struct linking *l, enum object object, enum ref_by by, struct str source, struct str key)
{
	buf_clear(&l->key);
	buf_add_char(&l->key, (char)object);
	buf_add_char(&l->key, (char)by);
	buf_add_str(&l->key, source);
	buf_add_char(&l->key, 0);
	buf_add_str(&l->key, key);
	return buf_str(&l->key);
}

static bool is_known(struct linking *l, enum object object, enum ref_by by, struct str source, struct str key)
{
	return table_get(&l->known, known_key(l, object, by, source, key)) != NULL;
}

/* The target of a reference that can be looked up; OBJECT_NONE when it is none of these. */
static enum object target_of(const struct record *record, const struct record_field *field,
			     const struct field_def **def)
{
	*def = field->code == FIELD_CUSTOM ? NULL : field_by_code(record->object, field->code);
	if (!*def || (*def)->type != FIELD_REF || field->value.kind != VALUE_REF || !field->value.as.ref.key.len)
		return OBJECT_NONE;
	if ((*def)->target == OBJECT_ACCOUNT || field->value.as.ref.by == REF_BY_NAME)
		return OBJECT_NONE;
	return (*def)->target;
}

void links_targets_see(struct link_targets *targets, const struct record *record)
{
	const struct field_def *def;

	targets->have[record->object]++;
	for (size_t i = 0; i < record->count; i++)
		if (record->fields[i].value.kind == VALUE_REF)
			targets->wanted[target_of(record, &record->fields[i], &def)] = true;
}

static int see_known(void *context, const struct state *state, struct err *err)
{
	struct linking *l = context;
	const struct record *record = &state->record;
	const struct value *email = record_get(record, FIELD_EMAIL_MATCH);

	(void)err;
	table_put(&l->known, known_key(l, record->object, REF_BY_KEY, record->source, record->key), NULL);
	table_put(&l->known, known_key(l, record->object, REF_BY_KEY, STR_NONE, record->key), NULL);
	if (email && email->kind == VALUE_TEXT)
		table_put(&l->known, known_key(l, record->object, REF_BY_EMAIL, STR_NONE, email->as.text), NULL);
	return 0;
}

/* A lead is none any more by its own steps. */
static bool voids(const struct record *record)
{
	const struct value *kind = record->object == OBJECT_LEAD_STEP ? record_get(record, FIELD_KIND) : NULL;
	enum lead_step step;

	return kind && kind->kind == VALUE_TEXT && lead_step_by_name(kind->as.text, &step) && lead_step_voids(step);
}

static struct loose_links *links_of(struct linking *l, const struct record *record, const struct field_def *def)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->all[i].object == record->object && l->all[i].field == def &&
		    str_eq(l->all[i].source, record->source))
			return &l->all[i];
	ARENA_PUSH(l->arena, l->all, l->count, l->capacity);
	l->all[l->count] = (struct loose_links){ .object = record->object, .field = def };
	l->all[l->count].source = arena_str(l->arena, record->source);
	return &l->all[l->count++];
}

static int see_links(void *context, const struct state *state, struct err *err)
{
	struct linking *l = context;
	const struct record *record = &state->record;

	(void)err;
	if (!object_plural(record->object)) /* what the program wrote itself */
		return 0;
	for (size_t i = 0; i < record->count; i++) {
		const struct value *value = &record->fields[i].value;
		const struct field_def *def;
		enum object target = target_of(record, &record->fields[i], &def);
		bool email = target && value->as.ref.by == REF_BY_EMAIL;
		struct loose_links *links;

		/* No file of persons at all is said elsewhere; and their ids stand in every export. */
		if (!target || (target == OBJECT_CONTACT && !l->targets->have[target]))
			continue;
		links = links_of(l, record, def);
		links->named++;
		if (is_known(l, target, value->as.ref.by, email ? STR_NONE : record->source, value->as.ref.key)) {
			if (target == OBJECT_LEAD && voids(record))
				table_put(&l->voided, buf_str(&l->key), NULL);
			continue;
		}
		links->loose++;
		links->elsewhere += is_known(l, target, REF_BY_KEY, STR_NONE, value->as.ref.key);
	}
	return 0;
}

int links_count(struct book *book, const struct link_targets *targets, struct links *out, struct arena *arena,
		struct err *err)
{
	struct linking l = { .arena = arena, .targets = targets };
	struct reading reading = READING_ALL;
	bool any = false;
	size_t n = 0;
	int rc = 0;

	table_init(&l.known);
	table_init(&l.voided);
	buf_init(&l.key, KEY_MAX);
	for (int object = OBJECT_NONE + 1; object < OBJECT__COUNT && rc == 0; object++) {
		if (targets->wanted[object])
			rc = book_states(book, (enum object)object, &reading, see_known, &l, err);
		any |= targets->wanted[object];
	}
	if (rc == 0 && any)
		rc = book_states(book, OBJECT_NONE, &reading, see_links, &l, err);
	for (size_t i = 0; i < l.count; i++)
		if (l.all[i].loose)
			l.all[n++] = l.all[i];
	*out = (struct links){ l.all, n, l.voided.count };
	buf_release(&l.key);
	table_release(&l.voided);
	table_release(&l.known);
	return rc;
}
