#include "report/time_line.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/answer_json.h"
#include "report/lead_touches.h"
#include "report/lead_words.h"

/* One thing that happened. Texts are the arena's or the facts'. */
struct happening {
	int64_t at_ms;
	size_t order; /* of what happened within one second */
	const char *what;
	struct str text, by, why, about, note;
	unsigned episode; /* 0: none */
};

struct line {
	struct lead_desk *desk;
	const struct lead_file *file;
	struct happening *items;
	size_t count, capacity;
	struct err *err; /* of the first note that could not be read */
	int failed;
};

static struct happening *add(struct line *line, const char *what, int64_t at_ms, struct str text)
{
	struct happening *h;

	ARENA_PUSH(line->desk->arena, line->items, line->count, line->capacity);
	h = &line->items[line->count];
	*h = (struct happening){ .at_ms = at_ms, .order = line->count++, .what = what, .text = text };
	return h;
}

static bool is_dated(int64_t at_ms)
{
	return at_ms != CELL_NEVER && at_ms != CELL_UNKNOWN;
}

/* ---- notes ---- */

static struct str note_of(struct line *line, enum fact fact, enum object object, uint32_t row)
{
	struct str note = STR_NONE;

	if (!line->failed)
		line->failed = lead_note_of(line->desk, fact, object, row, &note, line->err);
	return note;
}

/* ---- what was told ---- */

/* Was what a source or a deal tells told as a step, too? */
static bool is_told(const struct lead_life *life, const struct told_step *milestone)
{
	for (size_t i = 0; i < life->told_count; i++)
		if (!life->told[i].milestone && lead_step_event(life->told[i].step) == milestone->event &&
		    life->told[i].at_ms == milestone->at_ms)
			return true;
	return false;
}

static void add_steps(struct line *line)
{
	const struct lead_life *life = &line->file->story.life;

	for (size_t i = 0; i < life->told_count; i++) {
		const struct told_step *s = &life->told[i];
		struct happening *h;

		if (!is_dated(s->at_ms) || (s->milestone && is_told(life, s)))
			continue;
		h = add(line, "step", s->at_ms,
			s->milestone ? lead_words_event(s->event) : lead_words_step(line->desk, s));
		h->by = s->by;
		h->why = s->reason;
		h->episode = s->episode;
		if (!s->milestone)
			h->note = note_of(line, FACT_LEAD_STEPS, OBJECT_LEAD_STEP, s->row);
	}
}

/* ---- what was sent and said ---- */

static struct str joined(struct line *line, struct str a, struct str b)
{
	return lead_touch_joined(line->desk, a, b);
}

static void add_touches(struct line *line)
{
	struct lead_touch_told *touches;
	size_t count = 0;

	if (!line->failed)
		line->failed = lead_touches(line->desk, line->file, &touches, &count, line->err);
	for (size_t i = 0; i < count; i++) {
		struct happening *h = add(line, "touch", touches[i].at_ms, touches[i].kind);

		if (!str_eq(touches[i].form, touches[i].kind))
			h->about = touches[i].form;
		h->about = joined(line, h->about, touches[i].about);
		h->note = touches[i].note;
	}
}

static void add_contact(struct line *line, uint32_t row)
{
	const struct facts *facts = line->desk->facts;
	struct str kind = cell_name(cells_of(facts, FACT_ACTIVITIES, "kind"), row);
	struct str outcome = cell_name(cells_of(facts, FACT_ACTIVITIES, "outcome"), row);
	struct str direction = cell_name(cells_of(facts, FACT_ACTIVITIES, "direction"), row);
	bool automatic = cell_yes(cells_of(facts, FACT_ACTIVITIES, "automatic"), row);
	double minutes = cells_number(cells_of(facts, FACT_ACTIVITIES, "duration_minutes"), row);
	struct happening *h =
		add(line, automatic ? "touch" : "contact", cell_time_ms(cells_of(facts, FACT_ACTIVITIES, "at"), row),
		    kind.len ? kind : STR("contact"));

	h->by = cell_name(cells_of(facts, FACT_ACTIVITIES, "owner"), row);
	h->about = joined(line, outcome, str_eq(direction, STR("in")) ? STR("from them") : STR_NONE);
	if (automatic)
		h->about = joined(line, h->about, STR("sent by a machine"));
	if (minutes > 0)
		h->about = joined(line, h->about, str_of(arena_printf(line->desk->arena, "%g min", minutes)));
	h->note = note_of(line, FACT_ACTIVITIES, OBJECT_ACTIVITY, row);
}

static void add_contacts(struct line *line)
{
	const struct facts *facts = line->desk->facts;
	const struct column *lead = cells_of(facts, FACT_ACTIVITIES, "lead");
	const struct column *at = cells_of(facts, FACT_ACTIVITIES, "at");

	for (uint32_t row = 0; row < facts_rows(facts, FACT_ACTIVITIES); row++)
		if (cell_ref(lead, row) == line->file->row && is_dated(cell_time_ms(at, row)))
			add_contact(line, row);
}

/* ---- what was promised and not done in time ---- */

static void add_broken(struct line *line)
{
	struct lead_desk *desk = line->desk;
	struct judged_lead judged;

	judge_lead(desk->judge, line->file->row, desk->now_ms, &judged, desk->arena);
	for (size_t e = 0; e < judged.count; e++)
		for (size_t i = 0; i < judged.episodes[e].promise_count; i++) {
			const struct judged_promise *p = &judged.episodes[e].promises[i];
			struct happening *h;

			if (p->judged.state != PROMISE_BROKEN && p->judged.state != PROMISE_EXCUSED &&
			    p->judged.state != PROMISE_DISPUTED)
				continue;
			h = add(line, "promise", p->judged.due_ms, p->promise->name);
			h->by = p->owner;
			if (is_dated(p->judged.stop_ms))
				h->about = lead_words_clock(desk, &judged.episodes[e], p);
			h->episode = judged.episodes[e].number;
		}
}

/* ---- as JSON ---- */

static int by_time(const void *a, const void *b)
{
	const struct happening *x = a, *y = b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static json_t *instant(const struct lead_desk *desk, int64_t at_ms)
{
	char text[40];

	zone_format(desk->zone, at_ms, text);
	return json_string(text);
}

static json_t *line_json(const struct line *line)
{
	json_t *list = json_array();

	for (size_t i = 0; i < line->count; i++) {
		const struct happening *h = &line->items[i];
		json_t *item = json_object();

		json_object_set_new(item, "at", instant(line->desk, h->at_ms));
		json_object_set_new(item, "what", json_string(h->what));
		json_object_set_new(item, "text", json_str(h->text));
		json_object_set_new(item, "by", json_str_or_null(h->by));
		json_object_set_new(item, "why", json_str_or_null(h->why));
		json_object_set_new(item, "about", json_str_or_null(h->about));
		json_object_set_new(item, "note", json_str_or_null(h->note));
		json_object_set_new(item, "episode", h->episode ? json_integer(h->episode) : json_null());
		json_array_append_new(list, item);
	}
	return list;
}

static json_t *owners_json(const struct line *line)
{
	json_t *list = json_array();

	for (size_t i = 0; i < line->file->step_count; i++) {
		const struct told_step *s = &line->file->steps[i];
		json_t *item;

		if (!s->owner.len || (s->step != LEAD_STEP_HANDED_OFF && s->step != LEAD_STEP_ASSIGNED))
			continue;
		item = json_object();
		json_object_set_new(item, "at", instant(line->desk, s->at_ms));
		json_object_set_new(item, "owner", json_str(s->owner));
		json_object_set_new(item, "by", json_str_or_null(s->by));
		json_object_set_new(item, "why", json_str_or_null(s->reason));
		json_array_append_new(list, item);
	}
	return list;
}

/* ---- who it is ---- */

static const enum field person_fields[] = {
	FIELD_NAME,    FIELD_FIRST_NAME, FIELD_LAST_NAME, FIELD_TITLE,  FIELD_EMAIL,   FIELD_PHONE,
	FIELD_COMPANY, FIELD_INDUSTRY,   FIELD_COUNTRY,   FIELD_REGION, FIELD_SEGMENT, FIELD_PRODUCT,
	FIELD_SOURCE,  FIELD_CAMPAIGN,   FIELD_PARTNER,   FIELD_ORIGIN, FIELD_NOTES,
};

static int take_person(void *context, const struct state *state, struct err *err)
{
	json_t *person = context;

	(void)err;
	for (size_t i = 0; i < sizeof(person_fields) / sizeof(*person_fields); i++) {
		const struct value *value = record_get(&state->record, person_fields[i]);
		const struct field_def *field = field_by_code(OBJECT_LEAD, person_fields[i]);

		if (value && field && value->kind == VALUE_TEXT && value->as.text.len)
			json_object_set_new(person, field->name, json_str(value->as.text));
	}
	return 0;
}

static int person_json(struct lead_desk *desk, const struct lead_file *file, json_t *person, struct err *err)
{
	struct reading reading = { INT64_MAX, true };
	uint64_t subject = cells_subject(desk->facts, FACT_LEADS, file->row);
	double size = cells_number(cells_of(desk->facts, FACT_LEADS, "company_size"), file->row);
	int64_t created_ms = cell_time_ms(cells_of(desk->facts, FACT_LEADS, "created"), file->row);
	struct state state;
	bool found = false;

	if (subject && book_state_at(desk->book, subject, &reading, take_person, person, err))
		return err->kind;
	if (!subject &&
	    book_state_of(desk->book, OBJECT_LEAD, file->source, file->key, &reading, &state, &found, desk->arena, err))
		return err->kind;
	if (found)
		take_person(person, &state, err);
	if (!isnan(size))
		json_object_set_new(person, "company_size", json_real(size));
	json_object_set_new(person, "created", is_dated(created_ms) ? instant(desk, created_ms) : json_null());
	return 0;
}

int time_line_json(struct lead_desk *desk, const struct lead_file *file, json_t **out, struct err *err)
{
	struct line line = { .desk = desk, .file = file, .err = err };
	json_t *person = json_object();

	if (person_json(desk, file, person, err)) {
		json_decref(person);
		return err->kind;
	}
	add_steps(&line);
	add_touches(&line);
	add_contacts(&line);
	add_broken(&line);
	if (line.failed) {
		json_decref(person);
		return line.failed;
	}
	if (line.count)
		qsort(line.items, line.count, sizeof(*line.items), by_time);
	*out = json_object();
	json_object_set_new(*out, "person", person);
	json_object_set_new(*out, "line", line_json(&line));
	json_object_set_new(*out, "owners", owners_json(&line));
	return 0;
}
