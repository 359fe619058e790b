#include "desk/directory.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/table.h"
#include "facts/cells.h"

/* More changes than that are read as a whole. */
enum { CHANGES_MOST = 20000 };

static const enum object objects[] = { OBJECT_CONTACT,  OBJECT_ACCOUNT, OBJECT_PERSON, OBJECT_STAGE,
				       OBJECT_CAMPAIGN, OBJECT_TEAM,    OBJECT_PARTNER };
enum { OBJECTS = sizeof(objects) / sizeof(*objects) };

struct list {
	bool read;            /* as of the directory's head; else it is empty */
	struct listed *items; /* by number */
	size_t count, capacity;
	struct table keys; /* to the number of the first of that key, twice; and one where there are several */
};

struct directory {
	pthread_mutex_t lock;
	struct book *book;
	struct arena texts;
	struct list lists[OBJECT__COUNT];
	struct book_head head; /* of which the lists are */
};

int directory_open(struct directory **out, const char *path, struct err *err)
{
	struct directory *directory = must_calloc(1, sizeof(*directory));

	if (book_open(&directory->book, path, BOOK_READ, err)) {
		free(directory);
		return err->kind;
	}
	book_rest(directory->book);
	pthread_mutex_init(&directory->lock, NULL);
	arena_init(&directory->texts);
	for (size_t i = 0; i < OBJECTS; i++)
		table_init(&directory->lists[objects[i]].keys);
	*out = directory;
	return 0;
}

static void forget(struct directory *directory)
{
	for (size_t i = 0; i < OBJECTS; i++) {
		directory->lists[objects[i]].count = 0;
		directory->lists[objects[i]].read = false;
		table_release(&directory->lists[objects[i]].keys);
		table_init(&directory->lists[objects[i]].keys);
	}
	arena_reset(&directory->texts);
}

void directory_close(struct directory *directory)
{
	if (!directory)
		return;
	for (size_t i = 0; i < OBJECTS; i++) {
		free(directory->lists[objects[i]].items);
		table_release(&directory->lists[objects[i]].keys);
	}
	arena_release(&directory->texts);
	pthread_mutex_destroy(&directory->lock);
	book_close(directory->book);
	free(directory);
}

/* ---- reading ---- */

/* The first that has a greater number, or the end. */
static size_t place_behind(const struct list *list, uint64_t subject)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list->items[middle].subject <= subject)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct listed *place_of(struct list *list, uint64_t subject)
{
	size_t at = place_behind(list, subject);

	if (at && list->items[at - 1].subject == subject)
		return &list->items[at - 1];
	if (list->count == list->capacity) {
		list->capacity = list->capacity ? list->capacity * 2 : 64;
		list->items = must_realloc(list->items, list->capacity * sizeof(*list->items));
	}
	memmove(&list->items[at + 1], &list->items[at], (list->count - at) * sizeof(*list->items));
	list->count++;
	return &list->items[at];
}

static void note_key(struct list *list, struct str key, uint64_t subject)
{
	bool is_new;
	uint64_t *known = table_put(&list->keys, key, &is_new);

	if (is_new)
		*known = subject * 2;
	else if (*known / 2 != subject)
		*known |= 1;
}

static struct str text_of(struct directory *directory, const struct record *record, enum field code)
{
	const struct value *value = record_get(record, code);

	if (!value || (value->kind != VALUE_TEXT && value->kind != VALUE_REF))
		return STR_NONE;
	return arena_str(&directory->texts, value->kind == VALUE_TEXT ? value->as.text : value->as.ref.key);
}

static int take(void *context, const struct state *state, struct err *err)
{
	struct directory *directory = context;
	const struct record *record = &state->record;
	bool person = record->object == OBJECT_CONTACT;

	(void)err;
	note_key(&directory->lists[record->object], record->key, state->subject);
	*place_of(&directory->lists[record->object], state->subject) =
		(struct listed){ .object = record->object,
				 .subject = state->subject,
				 .key = arena_str(&directory->texts, record->key),
				 .source = arena_str(&directory->texts, record->source),
				 .name = person ? STR_NONE : text_of(directory, record, FIELD_NAME),
				 .owner = text_of(directory, record, FIELD_OWNER),
				 .team = text_of(directory, record, FIELD_TEAM),
				 .partner = text_of(directory, record, FIELD_PARTNER),
				 .account = text_of(directory, record, FIELD_ACCOUNT) };
	return 0;
}

static int read_list(struct directory *directory, enum object object, struct err *err)
{
	const struct reading reading = READING_ALL;

	if (object == OBJECT_NONE || directory->lists[object].read)
		return 0;
	if (book_states(directory->book, object, &reading, take, directory, err))
		return err->kind;
	directory->lists[object].read = true;
	return 0;
}

static int read_changes(struct directory *directory, struct err *err)
{
	const struct reading reading = READING_ALL;
	struct changes changes;
	struct arena arena;
	int failed;

	arena_init(&arena);
	failed = book_changes(directory->book, directory->head.seq, CHANGES_MOST, &changes, &arena, err);
	if (!failed && changes.all)
		forget(directory);
	for (size_t i = 0; !failed && !changes.all && i < changes.count; i++)
		if (directory->lists[changes.items[i].object].read)
			failed = book_state_at(directory->book, changes.items[i].subject, &reading, take, directory,
					       err);
	arena_release(&arena);
	return failed;
}

static int catch_up(struct directory *directory, enum object object, struct err *err)
{
	struct book_head head;
	int failed = book_renew(directory->book, err);

	head = book_head(directory->book);
	if (!failed && head.seq != directory->head.seq)
		failed = read_changes(directory, err);
	directory->head = head;
	/* Persons are seen by whose company theirs is. */
	if (!failed && object == OBJECT_CONTACT)
		failed = read_list(directory, OBJECT_ACCOUNT, err);
	return failed ? failed : read_list(directory, object, err);
}

int directory_begin(struct directory *directory, enum object object, struct err *err)
{
	pthread_mutex_lock(&directory->lock);
	if (!catch_up(directory, object, err))
		return 0;
	forget(directory);
	directory_end(directory);
	return err->kind;
}

void directory_end(struct directory *directory)
{
	book_rest(directory->book);
	pthread_mutex_unlock(&directory->lock);
}

/* ---- looking ---- */

const struct listed *directory_next(const struct directory *directory, enum object object, uint64_t after)
{
	const struct list *list = &directory->lists[object];
	size_t at = place_behind(list, after);

	return at < list->count ? &list->items[at] : NULL;
}

size_t directory_count(const struct directory *directory, enum object object)
{
	return directory->lists[object].count;
}

static size_t find_of(const struct list *list, struct str source, struct str key, const struct listed **out)
{
	size_t found = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (!str_eq(list->items[i].key, key) || (source.len && !str_eq(list->items[i].source, source)))
			continue;
		if (!found++)
			*out = &list->items[i];
	}
	return found;
}

size_t directory_find(const struct directory *directory, enum object object, struct str source, struct str key,
		      const struct listed **out)
{
	const struct list *list = &directory->lists[object];
	const uint64_t *known = table_get(&list->keys, key);

	if (known && *known & 1)
		return find_of(list, source, key, out);
	if (!known)
		return 0;
	*out = &list->items[place_behind(list, *known / 2) - 1];
	return !source.len || str_eq((*out)->source, source);
}

int directory_read(struct directory *directory, const struct listed *listed, state_fn *each, void *context,
		   struct err *err)
{
	const struct reading reading = { INT64_MAX, true };

	return book_state_at(directory->book, listed->subject, &reading, each, context, err);
}

int directory_state(struct directory *directory, enum object object, struct str source, struct str key,
		    struct state *out, bool *found, struct arena *arena, struct err *err)
{
	const struct reading reading = { INT64_MAX, true };

	return book_state_of(directory->book, object, source, key, &reading, out, found, arena, err);
}

/* ---- who sees it ---- */

/* "SOURCE\nNAME": companies of one name in two systems are two. */
static struct str company_text(struct str source, struct str name, struct arena *arena)
{
	return str_of(arena_printf(arena, "%.*s\n%.*s", STR_ARG(source), STR_ARG(name)));
}

static void add_companies(struct directory_view *view, enum fact fact)
{
	const struct column *account = cells_of(view->facts, fact, "account");
	uint32_t rows = facts_rows(view->facts, fact);
	struct arena arena;

	arena_init(&arena);
	for (uint32_t row = 0; row < rows; row++) {
		struct str name = cell_name(account, row);

		if (!name.len || !cells_seen(view->facts, fact, row, &view->scope))
			continue;
		table_put(&view->companies, company_text(cells_source(view->facts, fact, row), name, &arena), NULL);
		arena_reset(&arena);
	}
	arena_release(&arena);
}

static bool is(struct str own, struct str name)
{
	return name.len && str_eq(own, name);
}

/* By what it says itself. */
static bool is_own(const struct scope *scope, const struct listed *listed)
{
	if (scope->kind == SCOPE_PARTNER)
		return is(listed->partner, scope->name);
	return is(listed->owner, scope->name) || is(listed->team, scope->team);
}

/* By their ids, which persons speak of. */
static void add_own_companies(struct directory_view *view)
{
	const struct list *list = &view->directory->lists[OBJECT_ACCOUNT];

	for (size_t i = 0; i < list->count; i++)
		if (is_own(&view->scope, &list->items[i]))
			table_put(&view->own, company_text(list->items[i].source, list->items[i].key, &view->arena),
				  NULL);
}

void directory_view_init(struct directory_view *view, const struct directory *directory, const struct facts *facts,
			 const struct scope *scope)
{
	*view = (struct directory_view){ .directory = directory, .facts = facts, .scope = *scope };
	arena_init(&view->arena);
	table_init(&view->companies);
	table_init(&view->own);
	if (scope->kind == SCOPE_ALL || scope->kind == SCOPE_NOTHING)
		return;
	add_own_companies(view);
	add_companies(view, FACT_LEADS);
	add_companies(view, FACT_OPPORTUNITIES);
	add_companies(view, FACT_ORDERS);
}

void directory_view_release(struct directory_view *view)
{
	table_release(&view->own);
	table_release(&view->companies);
	arena_release(&view->arena);
}

/* Is it the name that leads who are seen have there? */
static bool leads_say(const struct directory_view *view, const char *name, struct str wanted)
{
	const struct column *column = cells_of(view->facts, FACT_LEADS, name);
	uint32_t rows = facts_rows(view->facts, FACT_LEADS);

	for (uint32_t row = 0; row < rows; row++)
		if (str_eq(cell_name(column, row), wanted) && cells_seen(view->facts, FACT_LEADS, row, &view->scope))
			return true;
	return false;
}

bool directory_owns(const struct directory_view *view, const struct listed *listed)
{
	return view->scope.kind == SCOPE_ALL || is_own(&view->scope, listed);
}

bool directory_sees(struct directory_view *view, const struct listed *listed)
{
	const struct scope *scope = &view->scope;

	if (scope->kind == SCOPE_ALL || scope->kind == SCOPE_NOTHING)
		return scope->kind == SCOPE_ALL;
	switch (listed->object) {
	case OBJECT_CONTACT:
		return is_own(scope, listed) ||
		       (listed->account.len &&
			table_get(&view->own, company_text(listed->source, listed->account, &view->arena)));
	case OBJECT_ACCOUNT:
		return is_own(scope, listed) ||
		       table_get(&view->companies, company_text(listed->source, listed->name, &view->arena));
	case OBJECT_PERSON: return is_own(scope, listed) || is(listed->name, scope->name);
	case OBJECT_STAGE: return true;
	case OBJECT_CAMPAIGN: return is_own(scope, listed) || leads_say(view, "campaign", listed->name);
	case OBJECT_TEAM: return is(listed->name, scope->team) || leads_say(view, "team", listed->name);
	case OBJECT_PARTNER:
		return scope->kind == SCOPE_PARTNER ? is(listed->name, scope->name)
						    : leads_say(view, "partner", listed->name);
	default: return false;
	}
}
