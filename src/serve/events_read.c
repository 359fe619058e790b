/* From the book's entries to events: about which lead, and who may know. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/lead_step.h"
#include "facts/cells.h"
#include "report/answer_json.h"
#include "serve/events_private.h"

enum { TEXT_MOST = 1 << 14 };

/* An entry that was read. */
struct found {
	uint64_t seq;
	enum object object;
	struct str source, key; /* of the lead; no key: it is about none */
	bool undone;            /* a step that was taken back */
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

static char *text_of(const struct found *found)
{
	json_t *data = json_object();
	struct buf text;
	char *out;

	json_object_set_new(data, "kind", json_string(found->undone ? "undone" : kinds[found->object]));
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

/* What is about no lead that is there is for those who see everything. */
static void add_one(struct events *events, const struct facts *facts, const struct found *found)
{
	struct event event = { .seq = found->seq, .text = text_of(found), .seen = SEEN_BY_OVERSEERS };
	uint32_t row;

	if (found->key.len && cells_find(facts, FACT_LEADS, found->source, found->key, &row, 1)) {
		event.seen = SEEN_BY_ITS_OWN;
		event.owner = events_name(events, cell_name(cells_of(facts, FACT_LEADS, "owner"), row));
		event.team = events_name(events, cell_name(cells_of(facts, FACT_LEADS, "team"), row));
		event.partner = events_name(events, cell_name(cells_of(facts, FACT_LEADS, "partner"), row));
	}
	events_add(events, event);
}

static int add_all(struct events *events, const struct found *found, size_t count, struct err *err)
{
	struct office *office = server_office(events->server);
	struct office_view view;

	if (office_begin(office, server_now_ms(events->server), false, &view, err))
		return err->kind;
	pthread_mutex_lock(&events->lock);
	for (size_t i = 0; i < count; i++)
		add_one(events, view.facts, &found[i]);
	pthread_mutex_unlock(&events->lock);
	office_end(office);
	return 0;
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
		failed = add_all(events, found, count, err);
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
