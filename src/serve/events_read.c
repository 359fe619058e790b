/* From the book's entries to events: about which lead, and who may know. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/lead_file.h"
#include "domain/lead_step.h"
#include "report/answer_json.h"
#include "serve/events_private.h"

enum { TEXT_MOST = 1 << 14 };

/* An entry that was read. */
struct found {
	uint64_t seq;
	enum object object;
	struct str source, key; /* of the lead; no key: it is about none */
	bool undone;            /* a step that was taken back */
	struct str given;       /* to whom a step gave it, as far as it did */
	int64_t at_ms;          /* of that step */
	struct str loser;       /* who had it before */
};

static const char *const kinds[OBJECT__COUNT] = {
	[OBJECT_LEAD] = "lead",
	[OBJECT_OPPORTUNITY] = "opportunity",
	[OBJECT_STAGE_CHANGE] = "opportunity",
	[OBJECT_ACTIVITY] = "contact",
	[OBJECT_TOUCH] = "touch",
	[OBJECT_ORDER] = "order",
	[OBJECT_LEAD_STEP] = "step",
	[OBJECT_PROMISE_WORD] = "promise",
	[OBJECT_AGREEMENT] = "agreement",
	[OBJECT_SIGNATURE] = "agreement",
	[OBJECT_ANNEX] = "agreement",
	[OBJECT_STANDING] = "partner",
	[OBJECT_PERSON] = "person",
	[OBJECT_SPEND] = "spend",
	[OBJECT_CONTACT] = "contact person",
	[OBJECT_ACCOUNT] = "account",
	[OBJECT_CAMPAIGN] = "campaign",
	[OBJECT_TEAM] = "team",
	[OBJECT_PARTNER] = "partner",
};

/* ---- reading ---- */

struct reading_one {
	struct found *out;
	struct arena *arena;
};

static void see_step(struct reading_one *r, const struct record *record)
{
	const struct value *owner = record_get(record, FIELD_OWNER), *at = record_get(record, FIELD_AT);

	if (owner && owner->kind == VALUE_TEXT && at && at->kind == VALUE_TIME) {
		r->out->given = arena_str(r->arena, owner->as.text);
		r->out->at_ms = at->as.time_ms;
	}
}

static int see(void *context, const struct state *state, struct err *err)
{
	struct reading_one *r = context;
	const struct record *record = &state->record;
	const struct value *lead = record_get(record, FIELD_LEAD), *kind = record_get(record, FIELD_KIND);

	(void)err;
	r->out->undone = record->object == OBJECT_LEAD_STEP && kind && kind->kind == VALUE_TEXT &&
			 str_is(kind->as.text, lead_step_name(LEAD_STEP_TAKEN_BACK));
	r->out->source = arena_str(r->arena, record->source);
	if (record->object == OBJECT_LEAD)
		r->out->key = arena_str(r->arena, record->key);
	else if (lead && lead->kind == VALUE_REF && lead->as.ref.by == REF_BY_KEY)
		r->out->key = arena_str(r->arena, lead->as.ref.key);
	if (record->object == OBJECT_LEAD_STEP)
		see_step(r, record);
	return 0;
}

static int by_seq(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return (x->seq > y->seq) - (x->seq < y->seq);
}

/* *many: more than can be told one by one. */
static int read_since(struct events *events, uint64_t seq, struct found **out, size_t *count, bool *many,
		      struct arena *arena, struct err *err)
{
	const struct reading reading = READING_ALL;
	struct changes changes;
	int failed = book_changes(events->book, seq, EVENTS_AT_ONCE, &changes, arena, err);

	*count = 0;
	*many = changes.all || changes.imports;
	if (failed || *many)
		return failed;
	*out = ARENA_ARRAY(arena, struct found, changes.count + 1);
	for (size_t i = 0; i < changes.count && !failed; i++) {
		struct found *found = &(*out)[*count];
		struct reading_one one = { found, arena };

		if (!kinds[changes.items[i].object])
			continue;
		*found = (struct found){ .seq = changes.items[i].seq, .object = changes.items[i].object };
		failed = book_state_at(events->book, changes.items[i].subject, &reading, see, &one, err);
		++*count;
	}
	qsort(*out, *count, sizeof(**out), by_seq);
	return failed;
}

/* ---- saying ---- */

static char *text_of(const struct found *found, const char *kind)
{
	json_t *data = json_object();
	struct buf text;
	char *out;

	json_object_set_new(data, "kind", json_string(kind));
	json_object_set_new(data, "lead", json_str_or_null(found->key));
	if (found->key.len)
		json_object_set_new(data, "source", json_str(found->source));
	json_object_set_new(data, "seq", json_integer((json_int_t)found->seq));
	buf_init(&text, TEXT_MOST);
	buf_addf(&text, "id: %" PRIu64 "\ndata: ", found->seq);
	json_print(data, 0, &text);
	buf_add_text(&text, "\n\n");
	json_decref(data);
	out = must_alloc(text.len + 1);
	memcpy(out, text.at, text.len);
	out[text.len] = '\0';
	buf_release(&text);
	return out;
}

static void add_many(struct events *events, uint64_t seq)
{
	char *text = must_alloc(TEXT_MOST);

	snprintf(text, TEXT_MOST, "id: %" PRIu64 "\n" EVENT_MANY, seq, seq);
	events_add(events, (struct event){ .seq = seq, .text = text, .seen = SEEN_BY_ALL });
}

static void add_loss(struct events *events, const struct facts *facts, const struct found *found, uint32_t row)
{
	if (!found->loser.len || str_eq(found->loser, cell_name(cells_of(facts, FACT_LEADS, "owner"), row)))
		return;
	events_add(events,
		   (struct event){ .seq = found->seq,
				   .text = text_of(found, "gone"),
				   .seen = SEEN_BY_LOSER,
				   .owner = events_name(events, found->loser),
				   .team = events_name(events, cell_name(cells_of(facts, FACT_LEADS, "team"), row)) });
}

/* What is about no lead that is there is for those who see everything. */
static void add_one(struct events *events, const struct facts *facts, const struct found *found)
{
	struct event event = { .seq = found->seq,
			       .text = text_of(found, found->undone ? "undone" : kinds[found->object]),
			       .seen = SEEN_BY_OVERSEERS };
	uint32_t row;

	if (found->key.len && cells_find(facts, FACT_LEADS, found->source, found->key, &row, 1)) {
		event.seen = SEEN_BY_ITS_OWN;
		event.owner = events_name(events, cell_name(cells_of(facts, FACT_LEADS, "owner"), row));
		event.team = events_name(events, cell_name(cells_of(facts, FACT_LEADS, "team"), row));
		event.partner = events_name(events, cell_name(cells_of(facts, FACT_LEADS, "partner"), row));
		add_loss(events, facts, found, row);
	}
	events_add(events, event);
}

/* ---- who loses a lead ---- */

static int see_owner(void *context, const struct state *state, struct err *err)
{
	struct reading_one *r = context;
	const struct value *owner = record_get(&state->record, FIELD_OWNER);

	(void)err;
	if (owner && owner->kind == VALUE_TEXT)
		r->out->loser = arena_str(r->arena, owner->as.text);
	return 0;
}

/* Who had it before the step gave it to somebody else, by another step or as its source said; or, where the step was taken back, who had got
 * it. */
static int find_loser(struct events *events, const struct facts *facts, const struct lead_files *files,
		      struct found *found, uint32_t row, struct arena *arena, struct err *err)
{
	const struct reading reading = READING_ALL;
	struct reading_one one = { found, arena };
	struct lead_file file;

	lead_file_read(files, row, &file, arena);
	found->loser = str_eq(file.owner, found->given) ? STR_NONE : found->given;
	for (size_t i = 0; i < file.step_count && str_eq(file.owner, found->given); i++)
		if (file.steps[i].owner.len && file.steps[i].at_ms < found->at_ms)
			found->loser = file.steps[i].owner;
	if (found->loser.len)
		return 0;
	return book_state_at(events->book, cells_subject(facts, FACT_LEADS, row), &reading, see_owner, &one, err);
}

/* The facts' row of each lead that a step gave to somebody; REF_NONE: none did. */
static uint32_t *given_rows(const struct facts *facts, const struct found *found, size_t count, size_t *given,
			    struct arena *arena)
{
	uint32_t *rows = ARENA_ARRAY(arena, uint32_t, count + 1);

	*given = 0;
	for (size_t i = 0; i < count; i++) {
		rows[i] = REF_NONE;
		if (found[i].given.len && found[i].key.len &&
		    cells_find(facts, FACT_LEADS, found[i].source, found[i].key, &rows[i], 1))
			++*given;
	}
	return rows;
}

static int find_losers(struct events *events, const struct facts *facts, struct found *found, size_t count,
		       struct arena *arena, struct err *err)
{
	size_t given, some = 0;
	uint32_t *rows = given_rows(facts, found, count, &given, arena), *wanted;
	struct lead_files *files;
	int failed = 0;

	if (!given)
		return 0;
	wanted = ARENA_ARRAY(arena, uint32_t, given);
	for (size_t i = 0; i < count; i++)
		if (rows[i] != REF_NONE)
			wanted[some++] = rows[i];
	files = lead_files_some(facts, server_now_ms(events->server), wanted, given);
	for (size_t i = 0; i < count && !failed; i++)
		if (rows[i] != REF_NONE)
			failed = find_loser(events, facts, files, &found[i], rows[i], arena, err);
	lead_files_free(files);
	return failed;
}

static int add_all(struct events *events, struct found *found, size_t count, struct arena *arena, struct err *err)
{
	struct office *office = server_office(events->server);
	struct office_view view;
	int failed;

	if (office_begin(office, server_now_ms(events->server), false, &view, err))
		return err->kind;
	failed = find_losers(events, view.facts, found, count, arena, err);
	pthread_mutex_lock(&events->lock);
	for (size_t i = 0; i < count && !failed; i++)
		add_one(events, view.facts, &found[i]);
	pthread_mutex_unlock(&events->lock);
	office_end(office);
	return failed;
}

static int look(struct events *events, uint64_t seq, bool skip, struct err *err)
{
	struct found *found;
	size_t count = 0;
	bool many = false;
	struct arena arena;
	int failed = 0;

	arena_init(&arena);
	if (!skip)
		failed = read_since(events, seq, &found, &count, &many, &arena, err);
	if (!failed && many) {
		pthread_mutex_lock(&events->lock);
		add_many(events, book_head(events->book).seq);
		pthread_mutex_unlock(&events->lock);
	} else if (!failed && count) {
		failed = add_all(events, found, count, &arena, err);
	}
	arena_release(&arena);
	return failed;
}

void events_look(struct events *events, bool skip)
{
	uint64_t seq = events->seq, head = 0;
	struct err err = ERR_INIT;
	int failed;

	pthread_mutex_unlock(&events->lock);
	failed = book_renew(events->book, &err);
	if (!failed)
		head = book_head(events->book).seq;
	if (!failed && head != seq)
		failed = look(events, seq, skip, &err);
	book_rest(events->book);
	if (failed)
		server_log_error(events->server, "events", &err);
	pthread_mutex_lock(&events->lock);
	if (failed)
		return;
	events->seq = head;
	if (skip && head != seq) {
		events->first = events->end;
		events->floor = head;
	}
}
