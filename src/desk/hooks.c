#include "desk/hooks.h"

#include <sodium.h>

#include "desk/arrival.h"
#include "desk/intake.h"
#include "desk/news.h"
#include "map/map.h"

enum { KEY_BYTES = 32 };

/* ---- reading ---- */

struct reading_hooks {
	struct hooks *out;
	struct arena *arena;
};

static struct str text_of(const struct record *record, enum field code, struct arena *arena)
{
	const struct value *value = record_get(record, code);

	return value && value->kind == VALUE_TEXT ? arena_str(arena, value->as.text) : STR_NONE;
}

static int take(void *context, const struct state *state, struct err *err)
{
	struct reading_hooks *r = context;
	const struct record *record = &state->record;

	(void)err;
	ARENA_PUSH(r->arena, r->out->items, r->out->count, r->out->capacity);
	r->out->items[r->out->count++] =
		(struct hook){ .name = arena_str(r->arena, record->key),
			       .title = text_of(record, FIELD_NAME, r->arena),
			       .kind = text_of(record, FIELD_KIND, r->arena),
			       .map = text_of(record, FIELD_WORDING, r->arena),
			       .hash = text_of(record, FIELD_HASH, r->arena),
			       .closed = str_is(text_of(record, FIELD_STATUS, r->arena), "closed") };
	return 0;
}

int hooks_read(struct hooks *out, struct book *book, struct arena *arena, struct err *err)
{
	const struct reading reading = READING_ALL;
	struct reading_hooks r = { out, arena };

	*out = (struct hooks){ .count = 0 };
	return book_states(book, OBJECT_HOOK, &reading, take, &r, err);
}

const struct hook *hooks_find(const struct hooks *hooks, struct str name)
{
	for (size_t i = 0; i < hooks->count; i++)
		if (str_eq(hooks->items[i].name, name))
			return &hooks->items[i];
	return NULL;
}

struct str hook_kind(const struct hook *hook)
{
	return hook->kind.len ? hook->kind : STR("hook");
}

/* ---- keys ---- */

static void hash_key(struct str key, char out[2 * KEY_BYTES + 1])
{
	unsigned char hash[KEY_BYTES];

	crypto_generichash(hash, sizeof(hash), (const unsigned char *)key.at, key.len, NULL, 0);
	sodium_bin2hex(out, 2 * KEY_BYTES + 1, hash, sizeof(hash));
}

void hook_make_key(struct hook *hook, char text[HOOK_KEY_TEXT], struct arena *arena)
{
	unsigned char random[KEY_BYTES];
	char hash[2 * KEY_BYTES + 1];

	randombytes_buf(random, sizeof(random));
	sodium_bin2base64(text, HOOK_KEY_TEXT, random, sizeof(random), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	hash_key(str_of(text), hash);
	hook->hash = arena_str(arena, str_of(hash));
}

bool hook_opens(const struct hook *hook, struct str key)
{
	char hash[2 * KEY_BYTES + 1];

	hash_key(key, hash);
	return hook->hash.len == sizeof(hash) - 1 && !sodium_memcmp(hook->hash.at, hash, sizeof(hash) - 1);
}

/* ---- writing ---- */

static bool name_fits(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !(c == '-' && i))
			return false;
	}
	return name.len > 0 && name.len <= HOOK_NAME_MOST;
}

/* NULL after saying what is wrong with it. */
static int read_map(struct lead_desk *desk, const struct hook *hook, const struct map **out, struct problems *problems,
		    struct err *err)
{
	return map_parse(out, hook->map, arena_printf(desk->arena, "map of %.*s", STR_ARG(hook->name)), desk->arena,
			 problems, err);
}

/* What is empty is said to be, so that it no longer is what it was. */
static void put(struct record_fields *fields, enum field code, struct str text)
{
	if (text.len)
		fields_text(fields, code, text);
	else
		fields_empty(fields, code);
}

int hook_write(struct lead_desk *desk, const struct hook *hook, struct str by, bool *news, struct problems *problems,
	       struct err *err)
{
	struct record_fields fields = { .count = 0 };
	const struct map *map = NULL;
	int failed;

	if (!name_fits(hook->name)) {
		problem_add(problems, STR("--name"), 0, 0, STR_NONE,
			    "\"%.*s\" is no name of a hook: small letters, digits and hyphens, up to %d",
			    STR_ARG(hook->name), HOOK_NAME_MOST);
		return 1;
	}
	if (!touch_kind_fits(hook->kind)) {
		problem_add(problems, STR("--kind"), 0, 0, STR_NONE,
			    "a kind of touch is a word or a few, up to %d bytes", TOUCH_KIND_MOST);
		return 1;
	}
	failed = read_map(desk, hook, &map, problems, err);
	if (failed || !map)
		return failed ? failed : 1;
	put(&fields, FIELD_NAME, hook->title);
	put(&fields, FIELD_KIND, hook->kind);
	fields_text(&fields, FIELD_WORDING, hook->map);
	fields_text(&fields, FIELD_HASH, hook->hash);
	put(&fields, FIELD_STATUS, hook->closed ? STR("closed") : STR_NONE);
	fields_text(&fields, FIELD_BY, by);
	failed = lead_desk_begin(desk, err);
	if (failed)
		return failed;
	return lead_desk_commit(
		desk, lead_desk_offer(desk, OBJECT_HOOK, STR("lockstep"), hook->name, &fields, news, err), err);
}

/* ---- taking a row in ---- */

const char *hook_result_name(enum hook_result result)
{
	static const char *const names[HOOK_RESULT__COUNT] = { [HOOK_NEW] = "new",
							       [HOOK_CHANGED] = "changed",
							       [HOOK_UNCHANGED] = "unchanged",
							       [HOOK_TOUCH] = "touch",
							       [HOOK_SKIPPED] = "skipped" };

	return names[result];
}

static int offer(struct lead_desk *desk, const struct record *record, enum append_result *result, struct err *err)
{
	struct append_context context = { .now_ms = desk->now_ms, .actor = desk->actor };

	return book_append(desk->book, record, &context, result, err);
}

/* As it stands in the row: the row's own, and what else it speaks of. */
static int take_records(struct lead_desk *desk, const struct understood *row, struct hook_taken *out, struct err *err)
{
	static const enum hook_result results[] = { [APPEND_NEW] = HOOK_NEW,
						    [APPEND_CHANGED] = HOOK_CHANGED,
						    [APPEND_OLDER] = HOOK_UNCHANGED,
						    [APPEND_UNCHANGED] = HOOK_UNCHANGED };
	enum append_result result;

	for (size_t i = 0; i < row->count; i++) {
		if (offer(desk, &row->records[i], &result, err))
			return err->kind;
		if (i == 0) {
			out->key = arena_str(desk->arena, book_last_key(desk->book));
			out->source = arena_str(desk->arena, row->records[0].source);
			out->result = results[result];
		} else if (out->result == HOOK_UNCHANGED && results[result] != HOOK_UNCHANGED) {
			out->result = HOOK_CHANGED;
		}
	}
	return 0;
}

static int64_t created_ms(const struct record *lead, int64_t otherwise)
{
	const struct value *created = record_get(lead, FIELD_CREATED);

	return created && created->kind == VALUE_TIME && created->as.time_ms <= otherwise ? created->as.time_ms
											  : otherwise;
}

/* A row that does not say when it came in says nothing of that. */
static void leave_out_created(struct lead_desk *desk, struct record *lead)
{
	struct record_field *fields = ARENA_ARRAY(desk->arena, struct record_field, lead->count + 1);
	size_t count = 0;

	for (size_t i = 0; i < lead->count; i++)
		if (lead->fields[i].code != FIELD_CREATED || lead->fields[i].value.kind != VALUE_EMPTY)
			fields[count++] = lead->fields[i];
	lead->fields = fields;
	lead->count = count;
}

/* It came in now. */
static struct record_field came_now(const struct lead_desk *desk)
{
	return (struct record_field){
		.code = FIELD_CREATED, .value = { .kind = VALUE_TIME, .as.time_ms = desk->now_ms - desk->now_ms % 1000 }
	};
}

static void add_created(struct lead_desk *desk, struct record *lead)
{
	struct record_field *fields = ARENA_ARRAY(desk->arena, struct record_field, lead->count + 1);

	for (size_t i = 0; i < lead->count; i++)
		fields[i] = lead->fields[i];
	fields[lead->count++] = came_now(desk);
	lead->fields = fields;
}

/* Said before the row, by itself: so the same row told again is what was said last. */
static int date_lead(struct lead_desk *desk, const struct record *lead, struct err *err)
{
	struct record_field created = came_now(desk);
	const struct record record = { .object = OBJECT_LEAD,
				       .source = lead->source,
				       .key = lead->key,
				       .observed_ms = lead->observed_ms - 1,
				       .fields = &created,
				       .count = 1 };
	enum append_result result;

	return offer(desk, &record, &result, err);
}

/* The touch by which the row's person came to that lead; none where `key` is known. */
static int write_touch(struct lead_desk *desk, const struct hook *hook, const struct record *lead,
		       const struct hook_taken *of, struct str key, struct record *out, bool *news, struct err *err)
{
	struct record_fields *fields = ARENA_NEW(desk->arena, struct record_fields);
	bool known;

	*news = false;
	if (book_knows(desk->book, OBJECT_TOUCH, of->source, key, &known, err) || known)
		return err->kind;
	fields_ref(fields, FIELD_LEAD, of->key);
	fields_time(fields, FIELD_AT, created_ms(lead, desk->now_ms - desk->now_ms % 1000));
	fields_text(fields, FIELD_KIND, hook_kind(hook));
	fields_text(fields, FIELD_FORM, hook->name);
	fields_text(fields, FIELD_SOURCE, text_of(lead, FIELD_SOURCE, desk->arena));
	fields_text(fields, FIELD_CAMPAIGN, text_of(lead, FIELD_CAMPAIGN, desk->arena));
	fields_text(fields, FIELD_NOTES, text_of(lead, FIELD_NOTES, desk->arena));
	*out = (struct record){ .object = OBJECT_TOUCH,
				.source = of->source,
				.key = key,
				.observed_ms = desk->now_ms,
				.fields = fields->items,
				.count = fields->count };
	return lead_desk_offer(desk, OBJECT_TOUCH, of->source, key, fields, news, err);
}

static int take_new_lead(struct lead_desk *desk, const struct hook *hook, struct understood *row,
			 struct hook_taken *out, struct err *err)
{
	struct record *records = ARENA_ARRAY(desk->arena, struct record, row->count + 1);
	struct record *lead = &row->records[0];
	bool dated = record_get(lead, FIELD_CREATED), news;

	if ((!dated && date_lead(desk, lead, err)) || take_records(desk, row, out, err))
		return err->kind;
	out->result = HOOK_NEW;
	if (news_of_lead(desk->book, out->source, out->key, desk->now_ms, err))
		return err->kind;
	if (write_touch(desk, hook, lead, out,
			str_of(arena_printf(desk->arena, "%.*s" INTAKE_FIRST_TOUCH, STR_ARG(out->key))),
			&records[row->count], &news, err) ||
	    !news)
		return err->kind;
	for (size_t i = 0; i < row->count; i++)
		records[i] = row->records[i];
	records[0].key = out->key;
	if (!dated)
		add_created(desk, &records[0]);
	return intake_judge(desk, records, row->count + 1, out->key, err);
}

static int take_lead(struct lead_desk *desk, const struct hook *hook, struct understood *row, struct hook_taken *out,
		     struct err *err)
{
	const struct lead_word word = { .at_ms = desk->now_ms - desk->now_ms % 1000, .by = STR(INTAKE_BY) };
	struct record *lead = &row->records[0], touch;
	struct arrived arrived;
	struct hand_over over;
	bool known, news;
	struct str key;

	leave_out_created(desk, lead);
	if (book_knows(desk->book, OBJECT_LEAD, lead->source, lead->key, &known, err))
		return err->kind;
	if (known)
		return take_records(desk, row, out, err);
	if (arrival_known(desk, lead, &arrived, err))
		return err->kind;
	if (!arrived.known)
		return take_new_lead(desk, hook, row, out, err);
	*out = (struct hook_taken){ HOOK_TOUCH, arrived.lead, arrived.source };
	key = str_of(arena_printf(desk->arena, "%.*s#hook.%.*s.%.*s", STR_ARG(arrived.lead), STR_ARG(hook->name),
				  STR_ARG(lead->key)));
	if (write_touch(desk, hook, lead, out, key, &touch, &news, err) || !news)
		return err->kind;
	return hand_over_touched(desk, arrived.row, hook_kind(hook), &word, &over, &known, err);
}

static void hash_row(void *context, struct str bytes, unsigned char out[16])
{
	book_row_hash(context, bytes, out);
}

/* What stages mean, what custom fields are. */
static int take_definitions(struct lead_desk *desk, struct reader *reader, struct err *err)
{
	struct record *records;
	size_t count = reader_definitions(reader, &records);
	enum append_result result;

	for (size_t i = 0; i < count; i++)
		if (offer(desk, &records[i], &result, err))
			return err->kind;
	return 0;
}

static int take_row(struct lead_desk *desk, const struct hook *hook, struct reader *reader, const struct csv_row *row,
		    struct hook_taken *out, struct problems *problems, struct err *err)
{
	struct understood understood;
	size_t before = problems->count;
	enum row_kind kind;
	int failed;

	reader_scan(reader, row);
	reader_decide(reader, problems);
	if (problems->count > before)
		return 1;
	reader_observed(reader, desk->now_ms);
	kind = reader_row(reader, row, &understood, problems);
	if (kind != ROW_GOOD)
		return kind == ROW_BAD;
	failed = lead_desk_begin(desk, err);
	if (!failed)
		failed = take_definitions(desk, reader, err);
	if (failed)
		return failed;
	return understood.records[0].object == OBJECT_LEAD ? take_lead(desk, hook, &understood, out, err)
							   : take_records(desk, &understood, out, err);
}

int hook_take(struct lead_desk *desk, const struct hook *hook, const struct csv_row *header, const struct csv_row *row,
	      struct hook_taken *out, struct problems *problems, struct err *err)
{
	const char *path = arena_printf(desk->arena, "%.*s.json", STR_ARG(hook->name));
	struct reader_settings settings = { .zone = desk->zone,
					    .currency = book_settings(desk->book)->currency,
					    .now_ms = desk->now_ms,
					    .path = path,
					    .row_hash = hash_row,
					    .row_hash_context = desk->book };
	const struct map_file *file;
	const struct map *map = NULL;
	struct reader *reader = NULL;
	int failed = read_map(desk, hook, &map, problems, err);

	*out = (struct hook_taken){ .result = HOOK_SKIPPED };
	if (failed || !map)
		return failed ? failed : 1;
	file = map_for(map, path, header, OBJECT_NONE);
	if (!file) {
		problem_add(problems, STR_NONE, 0, 0, STR_NONE, "the map says nothing of what has such members");
		return 1;
	}
	failed = reader_new(&reader, map, file, header, &settings, problems, err);
	if (failed || !reader)
		return failed ? failed : 1;
	failed = take_row(desk, hook, reader, row, out, problems, err);
	reader_free(reader);
	return failed;
}
