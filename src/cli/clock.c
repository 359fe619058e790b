/* `lockstep clock`: records what fell due since it was last asked. */
#include <stdio.h>

#include "cli/at_desk.h"
#include "desk/clock.h"
#include "io/terminal.h"
#include "io/text_table.h"

enum { WIDTH = 100, OUTPUT_MAX = 1 << 24, EVENTS_SHOWN = 20, RISKS_SHOWN = 20 };

static const char *const kinds[CLOCK_EVENT__COUNT] = {
	[CLOCK_BROKEN] = "broken",       [CLOCK_WITHDRAWN] = "withdrawn", [CLOCK_TOLD] = "told",
	[CLOCK_QUALIFIED] = "qualified", [CLOCK_STANDING] = "standing",
};

struct shown {
	struct at_desk *at;
	struct clock *clock;
	struct clock_tick tick;
	struct clock_risk risks[RISKS_SHOWN];
	size_t risk_count; /* how many there are */
	int64_t now_ms;
};

/* ---- for programs ---- */

static json_t *json_events(const struct shown *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->tick.event_count; i++) {
		const struct clock_event *e = &s->tick.events[i];
		json_t *item = json_object();

		json_object_set_new(item, "kind", json_string(kinds[e->kind]));
		json_object_set_new(item, "at", json_time(s->at->desk.zone, e->at_ms));
		json_object_set_new(item, e->kind == CLOCK_STANDING ? "partner" : "lead", json_str(e->lead));
		json_object_set_new(item, e->kind == CLOCK_STANDING ? "standing" : "promise",
				    json_str_or_null(e->promise));
		json_object_set_new(item, "episode", e->episode ? json_integer(e->episode) : json_null());
		json_object_set_new(item, "owner", json_str_or_null(e->owner));
		json_object_set_new(item, "text", json_str_or_null(e->text));
		json_array_append_new(list, item);
	}
	return list;
}

static json_t *json_risks(const struct shown *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->risk_count && i < RISKS_SHOWN; i++) {
		json_t *item = json_object();

		json_object_set_new(item, "lead", json_str(s->risks[i].lead));
		json_object_set_new(item, "promise", json_str(s->risks[i].promise));
		json_object_set_new(item, "party", json_string(party_name(s->risks[i].party)));
		json_object_set_new(item, "owner", json_str_or_null(s->risks[i].owner));
		json_object_set_new(item, "due", json_time(s->at->desk.zone, s->risks[i].due_ms));
		json_array_append_new(list, item);
	}
	return list;
}

static json_t *json_next(const struct shown *s)
{
	int64_t next_ms = clock_next_ms(s->clock);

	return next_ms == EVENT_NEVER ? json_null() : json_time(s->at->desk.zone, next_ms);
}

static enum exit_code print_json(const struct shown *s)
{
	json_t *root = json_object();

	for (int i = 0; i < CLOCK_EVENT__COUNT; i++)
		json_object_set_new(root, kinds[i], json_integer((json_int_t)s->tick.counts[i]));
	json_object_set_new(root, "events", json_events(s));
	/* Counted, and in the book, but too many to be told one by one: those before the ones told. */
	json_object_set_new(root, "events_left_out", json_integer((json_int_t)(s->tick.written - s->tick.event_count)));
	json_object_set_new(root, "at_risk", json_integer((json_int_t)s->risk_count));
	json_object_set_new(root, "at_risk_first", json_risks(s));
	json_object_set_new(root, "next", json_next(s));
	return output_json(s->at->in, root);
}

/* ---- for people ---- */

static void add_event(const struct shown *s, struct text_table *table, const struct clock_event *e)
{
	static const enum ink inks[CLOCK_EVENT__COUNT] = {
		[CLOCK_BROKEN] = INK_BAD,
		[CLOCK_WITHDRAWN] = INK_GOOD,
		[CLOCK_STANDING] = INK_WARN,
	};
	struct text_cell *cells = text_table_row(table);

	cells[0].text = lead_desk_when(&s->at->desk, e->at_ms);
	/* Nothing is sent: it stands at when it was to be told, however late the clock is asked. */
	cells[1].text = e->kind == CLOCK_TOLD ? STR("to be told") : str_of(kinds[e->kind]);
	cells[1].ink = inks[e->kind];
	cells[2].text = e->lead;
	if (e->of_several)
		cells[2].text =
			str_of(arena_printf(&s->at->in->arena, "%.*s, episode %u", STR_ARG(e->lead), e->episode));
	cells[3].text = e->promise;
	cells[4].text = e->owner;
	cells[5].text = e->text;
}

static void print_events(const struct shown *s, struct buf *out)
{
	static const char *const titles[] = {
		"when", "what", "about", "promise", "owner", "why, or who is to be told"
	};
	struct arena *arena = &s->at->in->arena;
	struct text_table table;
	size_t first = s->tick.event_count > EVENTS_SHOWN ? s->tick.event_count - EVENTS_SHOWN : 0;
	char text[32];

	if (!s->tick.event_count)
		return;
	text_table_init(&table, arena);
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		text_table_column(&table, str_of(titles[i]), TEXT_LEFT);
	for (size_t i = first; i < s->tick.event_count; i++)
		add_event(s, &table, &s->tick.events[i]);
	text_table_print(&table, 2, WIDTH, terminal_colour(stdout), out);
	if (s->tick.written > EVENTS_SHOWN)
		buf_addf(
			out,
			"  These are the latest; before them %s more: lockstep rows --of promise_words --order \"at desc\"\n",
			count_text((int64_t)(s->tick.written - EVENTS_SHOWN), text));
}

static void print_risks(const struct shown *s, struct buf *out)
{
	static const char *const titles[] = { "due", "lead", "promise", "of", "owner" };
	struct text_table table;
	char text[32];

	if (!s->risk_count)
		return;
	buf_addf(out, "\n%s at risk:\n", count_text((int64_t)s->risk_count, text));
	text_table_init(&table, &s->at->in->arena);
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		text_table_column(&table, str_of(titles[i]), TEXT_LEFT);
	for (size_t i = 0; i < s->risk_count && i < RISKS_SHOWN; i++) {
		struct text_cell *cells = text_table_row(&table);

		cells[0].text = lead_desk_when(&s->at->desk, s->risks[i].due_ms);
		cells[1].text = s->risks[i].lead;
		cells[2].text = s->risks[i].promise;
		cells[3].text = str_of(party_name(s->risks[i].party));
		cells[4].text = s->risks[i].owner;
	}
	text_table_print(&table, 2, WIDTH, terminal_colour(stdout), out);
}

static void print_summary(const struct shown *s, struct buf *out)
{
	static const struct {
		const char *one, *many;
	} said[CLOCK_EVENT__COUNT] = {
		[CLOCK_BROKEN] = { "broken", "broken" },
		[CLOCK_WITHDRAWN] = { "withdrawn by later evidence", "withdrawn by later evidence" },
		[CLOCK_TOLD] = { "to be told to whom it concerns", "to be told to whom it concerns" },
		[CLOCK_QUALIFIED] = { "lead crossed the bar", "leads crossed the bar" },
		[CLOCK_STANDING] = { "change of how partners stand", "changes of how partners stand" },
	};
	bool any = false;
	char text[32];

	for (int i = 0; i < CLOCK_EVENT__COUNT; i++) {
		uint64_t count = s->tick.counts[i];

		if (!count)
			continue;
		buf_addf(out, "%s%s %s", any ? ", " : "Recorded: ", count_text((int64_t)count, text),
			 count == 1 ? said[i].one : said[i].many);
		any = true;
	}
	buf_add_text(out, any ? ".\n" : "Nothing fell due since.\n");
}

static void print_next(const struct shown *s, struct buf *out)
{
	int64_t next_ms = clock_next_ms(s->clock);

	if (next_ms == EVENT_NEVER)
		buf_add_text(out, "No promise runs.\n");
	else
		buf_addf(out, "Next: %.*s\n", STR_ARG(lead_desk_when(&s->at->desk, next_ms)));
}

/* Where what is due is told in another zone than the one it was reckoned in. */
static void print_zones(const struct shown *s, struct buf *out)
{
	const struct lead_desk *desk = &s->at->desk;
	const struct judge_version *version = NULL;
	struct str zones;

	for (size_t i = 0; i < desk->terms.count && desk->terms.versions[i].from_ms <= desk->now_ms; i++)
		version = &desk->terms.versions[i];
	zones = lead_desk_zones(desk, version);
	if (zones.len)
		buf_addf(out, "%.*s\n", STR_ARG(zones));
}

static enum exit_code print_text(const struct shown *s)
{
	enum exit_code code;
	struct buf out;

	buf_init(&out, OUTPUT_MAX);
	print_summary(s, &out);
	print_events(s, &out);
	print_risks(s, &out);
	print_next(s, &out);
	print_zones(s, &out);
	code = output_bytes(s->at->in, buf_str(&out));
	buf_release(&out);
	return code;
}

/* ---- the command ---- */

static enum exit_code print_next_alone(const struct shown *s)
{
	int64_t next_ms = clock_next_ms(s->clock);
	json_t *root;
	char text[40];

	if (wants_json(s->at->in)) {
		root = json_object();
		json_object_set_new(root, "next", json_next(s));
		return output_json(s->at->in, root);
	}
	if (next_ms == EVENT_NEVER) {
		say(s->at->in, "No promise runs.");
		return EXIT_DONE;
	}
	/* What should have been recorded already is due now. */
	zone_format(s->at->desk.zone, next_ms == INT64_MIN ? s->now_ms : next_ms, text);
	puts(text);
	return EXIT_DONE;
}

/* What names facts and the clock have, that are to be closed. */
static void keep_texts(struct clock_tick *tick, struct arena *arena)
{
	for (size_t i = 0; i < tick->event_count; i++) {
		struct clock_event *event = &tick->events[i];

		event->lead = arena_str(arena, event->lead);
		event->promise = arena_str(arena, event->promise);
		event->owner = arena_str(arena, event->owner);
		event->text = arena_str(arena, event->text);
	}
}

static int tick(struct shown *s, struct err *err)
{
	int failed = clock_tick(s->clock, s->now_ms, &s->tick, err);

	if (failed || !clock_recounts(s->clock))
		return failed;
	keep_texts(&s->tick, &s->at->in->arena);
	clock_close(s->clock);
	s->clock = NULL;
	if (at_desk_anew(s->at, err) || clock_open(&s->clock, &s->at->desk, err))
		return err->kind;
	return clock_tick(s->clock, s->now_ms, &s->tick, err);
}

static enum exit_code run_clock(struct at_desk *at, void *context)
{
	struct shown s = { .at = at, .now_ms = at->in->now_ms };
	struct err err = ERR_INIT;
	enum exit_code code;
	int failed = clock_open(&s.clock, &at->desk, &err);

	(void)context;
	if (failed)
		return command_fail(at->in, &err);
	if (option_flag(at->in, "next")) {
		code = print_next_alone(&s);
	} else if (tick(&s, &err)) {
		code = command_fail(at->in, &err);
	} else {
		s.risk_count = clock_at_risk(s.clock, s.now_ms, s.risks, RISKS_SHOWN);
		code = wants_json(at->in) ? print_json(&s) : print_text(&s);
	}
	clock_close(s.clock);
	return code;
}

static enum exit_code run(struct invocation *in)
{
	return at_desk_run(in, !option_flag(in, "next"), run_clock, NULL);
}

static const struct option_def options[] = {
	{ "next", OPTION_FLAG, NULL, NULL, NULL, "only say when something is next to be recorded; writes nothing" },
	{ "format", OPTION_CHOICE, NULL, "text|json", "text", "how to print what was recorded" },
	{ .name = NULL },
};

const struct command command_clock = {
	.name = "clock",
	.arguments = "",
	.summary = "record what fell due, and see what is at risk",
	.about =
		"Looks at all promises of the agreement and records what happened since it was last asked: each broken one "
		"at its due time, each breach that late evidence takes back, who is to be told of it (owner, manager, head, "
		"executive, each once), leads that crossed the bar, and partners whose standing changed. Asked again it "
		"records nothing new. Let cron or a timer ask it every few minutes.",
	.examples = "lockstep clock\n"
		    "lockstep clock --next   # when is it worth asking again?",
	.least = 0,
	.most = 0,
	.options = options,
	.run = run,
};
