/* What a map says apart from any row, and what a person should know about how a file was read. */
#include "map/reader.h"

size_t reader_columns(const struct reader *r, const struct mapped_column **columns)
{
	*columns = r->columns;
	return r->header.count;
}

/* ---- definitions ---- */

static struct record *definition(struct reader *r, enum object object, enum object of, struct str name, size_t fields)
{
	struct record *record = &r->definitions[r->definition_count++];

	*record = (struct record){ .object = object,
				   .source = r->map->source,
				   .key = str_of(arena_printf(&r->arena, "%s:%.*s", object_plural(of), STR_ARG(name))),
				   .observed_ms = r->settings.now_ms,
				   .fields = ARENA_ARRAY(&r->arena, struct record_field, fields) };
	return record;
}

static void put_text(struct record *record, enum field code, struct str text)
{
	struct record_field *field = &record->fields[record->count++];

	*field = (struct record_field){ .code = code };
	if (text.len) {
		field->value.kind = VALUE_TEXT;
		field->value.as.text = text;
	}
}

static void put_number(struct record *record, enum field code, int64_t number)
{
	struct record_field *field = &record->fields[record->count++];

	*field = (struct record_field){ .code = code, .value.kind = VALUE_NUMBER };
	field->value.as.number = (struct decimal){ number, 0 };
}

static void define_stage(struct reader *r, const struct stage_meaning *stage, size_t position)
{
	struct record *record = definition(r, OBJECT_STAGE, OBJECT_OPPORTUNITY, stage->name, 5);

	put_text(record, FIELD_NAME, stage->name);
	put_number(record, FIELD_POSITION, (int64_t)position);
	put_text(record, FIELD_MEANS, stage->means);
	record->fields[record->count++] =
		(struct record_field){ .code = FIELD_BID, .value.kind = stage->bid ? VALUE_YES : VALUE_NO };
	if (stage->limit_days)
		put_number(record, FIELD_LIMIT_DAYS, stage->limit_days);
}

static void define_custom(struct reader *r, const struct map_object *plan, const struct rule *rule)
{
	static const char *const types[] = {
		[FIELD_TEXT] = "text", [FIELD_NUMBER] = "number",       [FIELD_MONEY] = "money",
		[FIELD_WHEN] = "when", [FIELD_MILESTONE] = "milestone", [FIELD_FLAG] = "flag",
		[FIELD_REF] = "text"
	};
	struct record *record = definition(r, OBJECT_CUSTOM_FIELD, plan->as, rule->name, 4);

	put_text(record, FIELD_NAME, rule->name);
	put_text(record, FIELD_OF_OBJECT, str_of(object_plural(plan->as)));
	put_text(record, FIELD_VALUE_TYPE, str_of(types[rule->type]));
	put_text(record, FIELD_SENTENCE, rule->means);
}

void reader_define(struct reader *r)
{
	size_t most = 0;

	for (size_t i = 0; i < r->object_count; i++)
		most += r->objects[i].plan->stage_count + r->objects[i].count;
	r->definitions = ARENA_ARRAY(&r->arena, struct record, most + 1);
	for (size_t i = 0; i < r->object_count; i++) {
		const struct bound_object *object = &r->objects[i];

		for (size_t k = 0; k < object->plan->stage_count; k++)
			define_stage(r, &object->plan->stages[k], k + 1);
		for (size_t k = 0; k < object->count; k++)
			if (!object->bounds[k].rule->def && !object->bounds[k].rule->is_currency)
				define_custom(r, object->plan, object->bounds[k].rule);
	}
}

size_t reader_definitions(struct reader *r, struct record **records)
{
	*records = r->definitions;
	return r->definition_count;
}

/* ---- notes ---- */

struct notes {
	struct arena *arena;
	struct str *items;
	size_t count, capacity;
};

#define NOTE(n, ...)                                                                                                   \
	do {                                                                                                           \
		ARENA_PUSH((n)->arena, (n)->items, (n)->count, (n)->capacity);                                         \
		(n)->items[(n)->count++] = str_of(arena_printf((n)->arena, __VA_ARGS__));                              \
	} while (0)

static const char *many(uint64_t n, const char *one, const char *more)
{
	return n == 1 ? one : more;
}

/* "\"Discovery\" (12), \"Demo\" (3)": the most frequent ones, equal ones by name. */
static const char *tally_text(const struct tally *tally, struct arena *arena)
{
	struct str best[EXAMPLES];
	uint64_t counts[EXAMPLES] = { 0 };
	size_t at = 0, found = 0;
	const char *text = "";
	struct str word;
	uint64_t n;

	while (table_next(&tally->counts, &at, &word, &n)) {
		size_t place = found < EXAMPLES ? found++ : EXAMPLES;

		while (place > 0 &&
		       (counts[place - 1] < n || (counts[place - 1] == n && str_cmp(best[place - 1], word) > 0))) {
			if (place < EXAMPLES) {
				best[place] = best[place - 1];
				counts[place] = counts[place - 1];
			}
			place--;
		}
		if (place < EXAMPLES) {
			best[place] = word;
			counts[place] = n;
		}
	}
	for (size_t i = 0; i < found; i++)
		text = arena_printf(arena, "%s%s\"%.*s\" (%llu)", text, i ? ", " : "", STR_ARG(best[i]),
				    (unsigned long long)counts[i]);
	if (tally->counts.count > EXAMPLES)
		text = arena_printf(arena, "%s and %zu more", text, tally->counts.count - EXAMPLES);
	return text;
}

static void note_words(const struct reader *r, struct notes *n)
{
	if (r->odd_stages.total)
		NOTE(n, "No meaning in the map for the %s %s: deals there count as open. Add them under `stages:`.",
		     many(r->odd_stages.counts.count, "stage", "stages"), tally_text(&r->odd_stages, n->arena));
	if (r->odd_outcomes.total)
		NOTE(n, "No outcome in the map for %s: read as not known. Add them under `outcome:`.",
		     tally_text(&r->odd_outcomes, n->arena));
	if (r->other_currencies.total)
		NOTE(n,
		     "%llu %s another currency than %s and %s taken in it: %s. If that is wrong, say what the file's is with `currency:` in a map.",
		     (unsigned long long)r->other_currencies.total,
		     many(r->other_currencies.total, "amount names", "amounts name"), r->currency,
		     many(r->other_currencies.total, "is", "are"), tally_text(&r->other_currencies, n->arena));
	if (r->open_addresses.total)
		NOTE(n,
		     "Addresses in fields of your own, which are not sealed: %s. Map them to email or contact, or leave them out.",
		     tally_text(&r->open_addresses, n->arena));
	if (r->odd_origins.total)
		NOTE(n,
		     "An origin is marketing, sales, referral, partner or unknown; read as unknown: %s. Add them under `values:`.",
		     tally_text(&r->odd_origins, n->arena));
}

/* Numbers that the row also has as a personal field go into no book in the clear. */
static void note_phone_keys(const struct reader *r, struct notes *n)
{
	const struct bound_object *object = &r->objects[0];

	for (size_t i = 0; i < object->count; i++) {
		const struct bound *bound = &object->bounds[i];

		if (bound->rule->def && bound->rule->def->personal && bound->lens.column == object->key[0] &&
		    object->plan->key_count == 1)
			return;
	}
	if (r->phone_keys)
		NOTE(n,
		     "%llu %s like a telephone number: ids are not sealed, and stay when the person is erased. Map the column to phone as well, and they are.",
		     (unsigned long long)r->phone_keys, many(r->phone_keys, "id looks", "ids look"));
}

static void note_rows(const struct reader *r, struct notes *n)
{
	if (r->identical_rows)
		NOTE(n, "%llu %s stood in this file before, cell by cell; %s.", (unsigned long long)r->identical_rows,
		     many(r->identical_rows, "row", "rows"),
		     r->objects[0].plan->key_count ? "the key is the same, so each counts once" : "kept, each counts");
	if (r->superseded_rows)
		NOTE(n,
		     "%llu %s a key that stands again below with different contents (the first: %.*s); the last one counts.",
		     (unsigned long long)r->superseded_rows, many(r->superseded_rows, "row has", "rows have"),
		     STR_ARG(r->superseded_key));
	if (r->future_rows)
		NOTE(n, "%llu %s changed in the future by the file's own word; taken as of now.",
		     (unsigned long long)r->future_rows, many(r->future_rows, "row was", "rows were"));
}

/* "Firma;Firma": which of them a map means can only be guessed, so the guess is said. */
static void note_twins(const struct reader *r, struct notes *n)
{
	for (size_t i = 0; i < r->header.count; i++) {
		struct str name = r->header.cells[i];

		for (size_t k = i + 1; k < r->header.count && r->columns[i].field.len; k++) {
			struct str twin = r->header.cells[k];

			/* csv.h: the second one of a name has " (2)" behind it */
			if (r->columns[k].field.len || twin.len != name.len + 4 ||
			    !str_eq_fold((struct str){ twin.at, name.len }, name) || !str_ends(twin, " (2)"))
				continue;
			NOTE(n,
			     "Two columns are called %.*s: the first is read as %.*s, the second is not read. A map names it \"%.*s\".",
			     STR_ARG(name), STR_ARG(r->columns[i].field), STR_ARG(twin));
		}
	}
}

size_t reader_notes(const struct reader *r, struct arena *arena, struct str **sentences)
{
	struct notes n = { .arena = arena };

	for (size_t i = 0; i < r->header.count; i++)
		if (r->columns[i].note.len)
			NOTE(&n, "%.*s: %.*s.", STR_ARG(r->columns[i].column), STR_ARG(r->columns[i].note));
	if (r->error_cells)
		NOTE(&n, "%llu %s a spreadsheet's error (#REF! and the like): read as empty.",
		     (unsigned long long)r->error_cells, many(r->error_cells, "cell holds", "cells hold"));
	if (r->rounded_cells)
		NOTE(&n, "%llu %s more digits than the currency has: rounded half away from zero.",
		     (unsigned long long)r->rounded_cells, many(r->rounded_cells, "amount has", "amounts have"));
	note_twins(r, &n);
	if (r->odd_emails)
		NOTE(&n, "%llu %s no @, so no address: taken as %s.", (unsigned long long)r->odd_emails,
		     many(r->odd_emails, "e-mail cell has", "e-mail cells have"),
		     many(r->odd_emails, "it stands", "they stand"));
	note_phone_keys(r, &n);
	note_rows(r, &n);
	note_words(r, &n);
	*sentences = n.items;
	return n.count;
}
