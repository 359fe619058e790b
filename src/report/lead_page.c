#include "report/lead_page.h"

#include <math.h>
#include <stdlib.h>

#include "desk/hand_over.h"
#include "desk/lead_contact.h"
#include "io/text.h"
#include "io/text_table.h"
#include "report/answer_json.h"
#include "report/lead_touches.h"
#include "report/lead_words.h"

enum { WIDTH = 100, TOUCHES_SHOWN = 12 };

struct writer {
	struct lead_desk *desk;
	const struct lead_file *file;
	struct lead_facts facts;
	struct judged_lead judged;
	struct lead_touch_told *touches;
	size_t touch_count;
	struct buf *out;
	bool colour;
};

/* ---- parts ---- */

static void heading(struct writer *w, const char *text)
{
	buf_addf(w->out, "\n%s%s%s\n", ink_on(INK_BOLD, w->colour), text, ink_off(w->colour));
}

/* Names and reasons come from files and people: control characters are spaces, as in tables. */
static struct str plain(struct writer *w, struct str text)
{
	return text_cut(text, SIZE_MAX, w->desk->arena);
}

static void line(struct writer *w, enum ink ink, struct str text)
{
	buf_addf(w->out, "  %s", ink_on(ink, w->colour));
	text_wrap(plain(w, text), 2, 2, WIDTH, w->out);
	buf_addf(w->out, "%s\n", ink_off(w->colour));
}

static void print_who(struct writer *w)
{
	struct str who = plain(w, lead_words_who(w->desk, w->file, &w->facts)), key = plain(w, w->file->key);
	struct lead_mark mark = lead_mark_of(w->desk, w->file);

	buf_addf(w->out, "%s%.*s%s", ink_on(INK_BOLD, w->colour), STR_ARG(key), ink_off(w->colour));
	if (who.len)
		buf_addf(w->out, "  %.*s", STR_ARG(who));
	buf_add_char(w->out, '\n');
	line(w, INK_PLAIN, lead_words_stands(w->desk, w->file, &w->judged));
	line(w, INK_DIM, lead_words_from(w->desk, w->file, &w->facts));
	if (mark.said)
		line(w, INK_DIM, lead_words_mark(w->desk, &mark));
}

/* ---- is it good enough? ---- */

static void add_score_row(struct writer *w, struct text_table *table, int64_t points, struct str text, enum ink ink)
{
	struct text_cell *cells = text_table_row(table);

	cells[0].text = lead_words_points(w->desk->arena, points);
	cells[1].text = text;
	cells[0].ink = cells[1].ink = ink;
}

/* Many touches: the newest stand alone, the rest in one line, so that the column still adds up. */
static void print_score(struct writer *w, const struct judged_episode *episode)
{
	const struct agreement *agreement = episode->version->agreement;
	struct score score = score_explain(&agreement->scoring, &episode->view, episode->at_ms, w->desk->arena);
	struct text_table table;
	int64_t rest = 0;
	size_t touches = 0;

	if (!score.count)
		return;
	text_table_init(&table, w->desk->arena);
	text_table_column(&table, STR("points"), TEXT_RIGHT);
	text_table_column(&table, STR("for"), TEXT_LEFT);
	for (size_t i = 0; i < score.count; i++) {
		const struct score_line *l = &score.lines[i];

		if (l->kind == SCORE_TOUCH && ++touches > TOUCHES_SHOWN) {
			rest += l->counted;
			continue;
		}
		add_score_row(w, &table, l->counted, lead_words_score_line(w->desk, agreement, l, episode->at_ms),
			      l->counted ? INK_PLAIN : INK_DIM);
	}
	if (touches > TOUCHES_SHOWN)
		add_score_row(w, &table, rest,
			      str_of(arena_printf(w->desk->arena, "%zu older touches", touches - TOUCHES_SHOWN)),
			      INK_DIM);
	text_table_rule(&table);
	add_score_row(w, &table, score.points, lead_words_sum(w->desk, episode, score.points), INK_BOLD);
	text_table_print(&table, 2, WIDTH, w->colour, w->out);
}

static void print_criteria(struct writer *w, const struct judged_episode *episode)
{
	const struct agreement *agreement = episode->version->agreement;

	for (size_t i = 0; i < agreement->criterion_count; i++) {
		bool holds = rule_holds(&agreement->criteria[i].when, &episode->view.lead, episode->at_ms);

		buf_addf(w->out, "  %s%s%s  %.*s\n", ink_on(holds ? INK_GOOD : INK_BAD, w->colour), holds ? "✓" : "✗",
			 ink_off(w->colour), STR_ARG(agreement->criteria[i].ask));
	}
}

static void print_missing(struct writer *w, const struct judged_episode *episode)
{
	struct problems missing;

	problems_init(&missing, w->desk->arena);
	hand_over_missing(w->desk, w->file, episode, &episode->gate, episode->at_ms, &missing);
	for (size_t i = 0; i < missing.count; i++)
		line(w, INK_PLAIN, str_of(arena_printf(w->desk->arena, "It %.*s.", STR_ARG(missing.items[i].text))));
}

static void print_gate(struct writer *w, const struct judged_episode *last)
{
	struct judged_episode episode = *last;
	bool passed;

	heading(w, "Good enough?");
	if (!episode.version) {
		line(w, INK_WARN, STR("No agreement is in force that says so."));
		return;
	}
	passed = lead_words_settle(w->desk, &episode);
	line(w, passed ? INK_GOOD : INK_WARN, lead_words_verdict(w->desk, w->file, &episode, passed));
	if (!passed)
		print_missing(w, &episode);
	print_criteria(w, &episode);
	print_score(w, &episode);
}

/* ---- what was done ---- */

/* One line: a step, or what sources, deals and contacts tell besides. */
struct happening {
	int64_t at_ms;
	unsigned episode;
	size_t order; /* within the second, and its episode */
	struct str text;
};

static int compare(const void *a, const void *b)
{
	const struct happening *x = a, *y = b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	if (x->episode != y->episode)
		return x->episode < y->episode ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

enum { BETWEEN = 4 }; /* room for contacts between two things that are told */

static bool is_told(const struct lead_file *file, enum lead_event event, int64_t at_ms)
{
	for (size_t i = 0; i < file->step_count; i++)
		if (lead_step_event(file->steps[i].step) == event && file->steps[i].at_ms == at_ms)
			return true;
	return false;
}

/* As the fold has it; a contact follows the hand-over of its instant, and stands before the rest. */
static size_t order_of(const struct lead_life *life, const struct judged_episode *episode, enum lead_event event)
{
	bool contact = event == EVENT_FIRST_RESPONSE || event == EVENT_REACHED;
	enum lead_event sought = contact ? EVENT_HANDED_OFF : event;
	size_t order = 0;

	for (size_t i = 0; i < life->told_count; i++)
		if (life->told[i].event == sought && life->told[i].at_ms == episode->events[event] &&
		    life->told[i].episode == episode->number)
			order = (i + 1) * BETWEEN;
	return contact ? order + 1 + (event == EVENT_REACHED) : order;
}

static void add_step(struct writer *w, const struct told_step *step, size_t order, struct happening *out)
{
	*out = (struct happening){
		.at_ms = step->at_ms,
		.episode = step->episode,
		.order = order,
		.text = str_of(arena_printf(w->desk->arena, "%.*s%s%.*s%s%.*s", STR_ARG(lead_words_step(w->desk, step)),
					    step->by.len ? ", by " : "", STR_ARG(step->by),
					    step->reason.len ? ": " : "", STR_ARG(step->reason))),
	};
}

static size_t gather(struct writer *w, struct happening *out)
{
	const struct lead_life *life = &w->file->story.life;
	size_t n = 0;

	for (size_t i = 0; i < life->told_count; i++)
		if (!life->told[i].milestone)
			add_step(w, &life->told[i], (i + 1) * BETWEEN, &out[n++]);
	for (size_t e = 0; e < w->judged.count; e++)
		for (int event = 0; event < EVENT__COUNT; event++) {
			const struct judged_episode *episode = &w->judged.episodes[e];
			int64_t at_ms = episode->events[event];

			if (at_ms != EVENT_NEVER && at_ms != EVENT_UNKNOWN && (event != EVENT_CREATED || !e) &&
			    !is_told(w->file, (enum lead_event)event, at_ms))
				out[n++] = (struct happening){ at_ms, episode->number,
							       order_of(life, episode, (enum lead_event)event),
							       lead_words_event((enum lead_event)event) };
		}
	return n;
}

static unsigned episode_at(const struct writer *w, int64_t at_ms)
{
	size_t e = w->judged.count;

	while (e > 1 && w->judged.episodes[e - 1].begin_ms > at_ms)
		e--;
	return w->judged.episodes[e - 1].number;
}

/* "demo_request by the form demo, spring: Please call" */
static struct str touch_words(struct writer *w, const struct lead_touch_told *touch)
{
	return str_of(arena_printf(w->desk->arena, "%.*s%s%.*s%s%.*s%s%.*s", STR_ARG(touch->kind),
				   touch->form.len ? " by " : "", STR_ARG(touch->form), touch->about.len ? ", " : "",
				   STR_ARG(touch->about), touch->note.len ? ": " : "", STR_ARG(touch->note)));
}

/* The newest; how it came in stands behind that of the same second, before what was made of it. */
static size_t gather_touches(struct writer *w, struct happening *out)
{
	size_t count = w->touch_count < TOUCHES_SHOWN ? w->touch_count : TOUCHES_SHOWN;
	size_t order = order_of(&w->file->story.life, &w->judged.episodes[0], EVENT_CREATED) + 1;

	for (size_t i = 0; i < count; i++) {
		const struct lead_touch_told *touch = &w->touches[w->touch_count - count + i];

		out[i] = (struct happening){ touch->at_ms, episode_at(w, touch->at_ms), order, touch_words(w, touch) };
	}
	return count;
}

static void print_steps(struct writer *w)
{
	struct happening *list = ARENA_ARRAY(w->desk->arena, struct happening,
					     w->file->step_count + EVENT__COUNT * w->judged.count + TOUCHES_SHOWN + 1);
	size_t count = gather(w, list), indent = w->judged.count > 1 ? 23 : 20;

	count += gather_touches(w, list + count);
	heading(w, w->judged.count > 1 ? "What happened, by episode" : "What happened");
	qsort(list, count, sizeof(*list), compare);
	for (size_t i = 0; i < count; i++) {
		buf_addf(w->out, "  %.*s  ", STR_ARG(lead_desk_when(w->desk, list[i].at_ms)));
		if (w->judged.count > 1)
			buf_addf(w->out, "%u  ", list[i].episode);
		text_wrap(plain(w, list[i].text), indent, indent, WIDTH, w->out);
		buf_add_char(w->out, '\n');
	}
	if (!count)
		line(w, INK_DIM, STR("Nobody wrote down when."));
	if (w->touch_count > TOUCHES_SHOWN)
		line(w, INK_DIM,
		     str_of(arena_printf(w->desk->arena, "The %d newest touches of %zu are told here.", TOUCHES_SHOWN,
					 w->touch_count)));
}

/* ---- what is promised ---- */

static enum ink ink_of(enum promise_state state)
{
	static const enum ink inks[PROMISE_STATE__COUNT] = {
		[PROMISE_AT_RISK] = INK_WARN,  [PROMISE_MET] = INK_GOOD,     [PROMISE_BROKEN] = INK_BAD,
		[PROMISE_EXCUSED] = INK_DIM,   [PROMISE_DISPUTED] = INK_DIM, [PROMISE_VOID] = INK_DIM,
		[PROMISE_WAITING] = INK_PLAIN,
	};

	return inks[state];
}

static void add_promises(struct writer *w, struct text_table *table, const struct judged_episode *episode, bool several)
{
	for (size_t i = 0; i < episode->promise_count; i++) {
		const struct judged_promise *p = &episode->promises[i];
		struct text_cell *cells = text_table_row(table);
		size_t c = 0;

		if (several)
			cells[c++].text = str_of(arena_printf(w->desk->arena, "%u", episode->number));
		cells[c++].text = p->promise->name;
		cells[c++].text = str_of(party_name(p->promise->party));
		cells[c].text = str_of(promise_state_name(p->judged.state));
		cells[c++].ink = ink_of(p->judged.state);
		cells[c++].text =
			p->judged.due_ms == EVENT_NEVER ? STR("–") : lead_desk_when(w->desk, p->judged.due_ms);
		cells[c].text = lead_words_clock(w->desk, episode, p);
	}
}

static void print_promises(struct writer *w)
{
	struct text_table table;
	struct str zones = lead_desk_zones(w->desk, lead_desk_version(&w->judged));
	bool several = w->judged.count > 1;

	heading(w, several ? "Promises, by episode" : "Promises");
	text_table_init(&table, w->desk->arena);
	if (several)
		text_table_column(&table, STR(""), TEXT_RIGHT);
	text_table_column(&table, STR("promise"), TEXT_LEFT);
	text_table_column(&table, STR("of"), TEXT_LEFT);
	text_table_column(&table, STR("state"), TEXT_LEFT);
	text_table_column(&table, STR("due"), TEXT_LEFT);
	text_table_column(&table, STR(""), TEXT_LEFT);
	for (size_t i = 0; i < w->judged.count; i++)
		add_promises(w, &table, &w->judged.episodes[i], several);
	if (table.row_count)
		text_table_print(&table, 2, WIDTH, w->colour, w->out);
	else
		line(w, INK_DIM, STR("No clock runs: none was started under an agreement."));
	if (table.row_count && zones.len)
		line(w, INK_DIM, zones);
}

int lead_page_text(struct lead_desk *desk, const struct lead_file *file, bool colour, struct buf *out, struct err *err)
{
	struct writer w = { .desk = desk, .file = file, .out = out, .colour = colour };

	if (lead_facts_read(&w.facts, desk, file, err) || lead_touches(desk, file, &w.touches, &w.touch_count, err))
		return err->kind;
	judge_lead(desk->judge, file->row, desk->now_ms, &w.judged, desk->arena);
	print_who(&w);
	print_gate(&w, &w.judged.episodes[w.judged.count - 1]);
	print_steps(&w);
	print_promises(&w);
	return 0;
}

/* ---- for programs ---- */

static json_t *json_instant(const struct lead_desk *desk, int64_t at_ms)
{
	char text[40];

	if (at_ms == EVENT_NEVER || at_ms == EVENT_UNKNOWN)
		return json_null();
	zone_format(desk->zone, at_ms, text);
	return json_string(text);
}

static json_t *json_points(int64_t hundredths)
{
	return json_real((double)hundredths / 100);
}

static json_t *json_score(struct lead_desk *desk, const struct judged_episode *episode)
{
	static const char *const kinds[] = { [SCORE_FIT] = "fit", [SCORE_TOUCH] = "touch", [SCORE_ANSWER] = "answer" };
	const struct agreement *agreement = episode->version->agreement;
	struct score score = score_explain(&agreement->scoring, &episode->view, episode->at_ms, desk->arena);
	json_t *lines = json_array();

	for (size_t i = 0; i < score.count; i++) {
		const struct score_line *l = &score.lines[i];
		json_t *item = json_object();

		json_object_set_new(item, "kind", json_string(kinds[l->kind]));
		json_object_set_new(item, "for", json_str(lead_words_score_item(agreement, l)));
		if (l->kind != SCORE_FIT)
			json_object_set_new(item, "at", json_instant(desk, l->at_ms));
		json_object_set_new(item, "full", json_points(l->full));
		json_object_set_new(item, "faded", json_points(l->faded));
		json_object_set_new(item, "counted", json_points(l->counted));
		json_array_append_new(lines, item);
	}
	return lines;
}

static json_t *json_gate(struct lead_desk *desk, const struct lead_file *file, const struct judged_episode *last)
{
	struct judged_episode settled = *last, *episode = &settled;
	const struct agreement *agreement = episode->version->agreement;
	json_t *gate = json_object(), *missing = json_array();
	bool passes = lead_words_settle(desk, episode);
	struct problems problems;

	problems_init(&problems, desk->arena);
	if (!passes)
		hand_over_missing(desk, file, episode, &episode->gate, episode->at_ms, &problems);
	for (size_t i = 0; i < problems.count; i++)
		json_array_append_new(missing, json_str(problems.items[i].text));
	json_object_set_new(gate, "version", json_integer(episode->version->number));
	json_object_set_new(gate, "passes", json_boolean(passes));
	json_object_set_new(gate, "type",
			    episode->gate.type < 0 ? json_null() : json_str(agreement->types[episode->gate.type].name));
	json_object_set_new(gate, "at", json_instant(desk, episode->at_ms));
	json_object_set_new(gate, "passed", json_instant(desk, episode->passed_ms));
	json_object_set_new(gate, "points", json_points(episode->points));
	json_object_set_new(gate, "bar", json_points(episode->gate.bar));
	json_object_set_new(gate, "lines", json_score(desk, episode));
	json_object_set_new(gate, "missing", missing);
	return gate;
}

static json_t *json_steps(struct lead_desk *desk, const struct lead_file *file)
{
	json_t *list = json_array();

	for (size_t i = 0; i < file->step_count; i++) {
		const struct told_step *s = &file->steps[i];
		json_t *item = json_object();

		json_object_set_new(item, "at", json_instant(desk, s->at_ms));
		json_object_set_new(item, "step", json_string(lead_step_name(s->step)));
		json_object_set_new(item, "episode", json_integer((json_int_t)s->episode));
		json_object_set_new(item, "by", json_str_or_null(s->by));
		json_object_set_new(item, "owner", json_str_or_null(s->owner));
		json_object_set_new(item, "reason", json_str_or_null(s->reason));
		json_object_set_new(item, "outcome", json_str_or_null(s->outcome));
		json_object_set_new(item, "question", json_str_or_null(s->question));
		json_object_set_new(item, "score", isnan(s->score) ? json_null() : json_real(s->score));
		json_array_append_new(list, item);
	}
	return list;
}

static json_t *json_promises(struct lead_desk *desk, const struct judged_lead *judged)
{
	json_t *list = json_array();

	for (size_t e = 0; e < judged->count; e++) {
		const struct judged_episode *episode = &judged->episodes[e];

		for (size_t i = 0; i < episode->promise_count; i++) {
			const struct judged_promise *p = &episode->promises[i];
			json_t *item = json_object();

			json_object_set_new(item, "promise", json_str(p->promise->name));
			json_object_set_new(item, "party", json_string(party_name(p->promise->party)));
			json_object_set_new(item, "episode", json_integer((json_int_t)episode->number));
			json_object_set_new(item, "state", json_string(promise_state_name(p->judged.state)));
			json_object_set_new(item, "started", json_instant(desk, p->judged.start_ms));
			json_object_set_new(item, "due", json_instant(desk, p->judged.due_ms));
			json_object_set_new(item, "stopped", json_instant(desk, p->judged.stop_ms));
			json_object_set_new(item, "owner", json_str_or_null(p->owner));
			json_object_set_new(item, "recorded_late", json_boolean(p->recorded_late));
			json_array_append_new(list, item);
		}
	}
	return list;
}

static json_t *json_mark(const struct lead_desk *desk, const struct lead_file *file)
{
	struct lead_mark mark = lead_mark_of(desk, file);
	json_t *item;

	if (!mark.said)
		return json_null();
	item = json_object();
	json_object_set_new(item, "in", json_boolean(mark.in));
	json_object_set_new(item, "at", json_instant(desk, mark.at_ms));
	json_object_set_new(item, "by", json_str_or_null(mark.by));
	return item;
}

int lead_page_json(struct lead_desk *desk, const struct lead_file *file, json_t **out, struct err *err)
{
	const struct judged_episode *episode;
	struct judged_lead judged;
	struct lead_facts facts;
	bool opted_out;
	json_t *root;

	if (lead_facts_read(&facts, desk, file, err) || lead_person_opted_out(desk, file, &opted_out, err))
		return err->kind;
	judge_lead(desk->judge, file->row, desk->now_ms, &judged, desk->arena);
	episode = &judged.episodes[judged.count - 1];
	root = json_object();
	json_object_set_new(root, "lead", json_str(file->key));
	json_object_set_new(root, "source", json_str(file->source));
	json_object_set_new(root, "name", json_str_or_null(facts.name));
	json_object_set_new(root, "company", json_str_or_null(facts.company));
	json_object_set_new(root, "owner", json_str_or_null(file->owner));
	json_object_set_new(root, "life", json_string(life_name(file->life.life)));
	json_object_set_new(root, "waits", json_boolean(file->life.on_hold));
	json_object_set_new(root, "void", json_boolean(file->is_void));
	json_object_set_new(root, "opted_out", json_boolean(opted_out));
	json_object_set_new(root, "episode", json_integer((json_int_t)file->life.episode));
	json_object_set_new(root, "sweet_spot", json_mark(desk, file));
	json_object_set_new(root, "gate", episode->version ? json_gate(desk, file, episode) : json_null());
	json_object_set_new(root, "steps", json_steps(desk, file));
	json_object_set_new(root, "promises", json_promises(desk, &judged));
	*out = root;
	return 0;
}
