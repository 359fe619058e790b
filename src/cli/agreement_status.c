/* `lockstep agreement status|history`: which versions there are, who has signed them, and when each is in force. */
#include <stdio.h>

#include "base/date.h"
#include "cli/agreement.h"
#include "cli/output.h"
#include "desk/agreements.h"
#include "io/terminal.h"
#include "io/text_table.h"

enum { WIDTH = 100, OUTPUT_MAX = 16 << 20 };

struct telling {
	struct invocation *in;
	const struct agreements *agreements;
	const struct zone *book_zone;
	const struct zone *zone; /* of what is told: the agreement's own, the book's of annexes */
	struct text_table table; /* name and text, of one version */
	bool colour;
	struct buf out;
	json_t *json; /* for programs: stands in the place of `out` */
};

static const char *time_text(const struct telling *t, int64_t at_ms)
{
	return minute_text(t->zone, at_ms, &t->in->arena);
}

static void line(struct telling *t, const char *name, const char *text, enum ink ink)
{
	struct text_cell *cells = text_table_row(&t->table);

	cells[0].text = str_of(name);
	cells[0].ink = INK_DIM;
	cells[1].text = str_of(text);
	cells[1].ink = ink;
}

#define LINE(t, name, ink, ...) line(t, name, arena_printf(&(t)->in->arena, __VA_ARGS__), ink)

/* "Version 2, in force since 2026-03-01 00:00" */
static void begin_version(struct telling *t, const struct agreement_version *version)
{
	enum version_state state = agreement_version_state(version, t->in->now_ms);

	t->zone = version->zone;
	if (t->out.len)
		buf_add_char(&t->out, '\n');
	buf_addf(&t->out, "%sVersion %d%s, %s\n", ink_on(INK_BOLD, t->colour), version->number, ink_off(t->colour),
		 version_state_name(state));
	text_table_init(&t->table, &t->in->arena);
	text_table_column(&t->table, STR_NONE, TEXT_LEFT);
	text_table_column(&t->table, STR_NONE, TEXT_LEFT);
	LINE(t, "title", INK_PLAIN, "%.*s", STR_ARG(version->agreement->title));
	LINE(t, "proposed", INK_PLAIN, "%s by %.*s", time_text(t, version->at_ms), STR_ARG(version->by));
}

static void end_version(struct telling *t)
{
	text_table_print(&t->table, 2, WIDTH, t->colour, &t->out);
}

/* Each who signs, in the order of the parties: when they did, or that it is missing. */
static void tell_signatures(struct telling *t, const struct agreement_version *version)
{
	bool open = version->missing && !version->withdrawn && !version->replaced, first = true;

	for (int p = 0; p < PARTY__COUNT; p++) {
		const struct names *signs = &version->agreement->parties[p].signs;

		for (size_t i = 0; i < signs->count; i++, first = false) {
			struct str who = signs->items[i];
			const struct agreement_signature *signature =
				agreement_signature_of(version, (enum party)p, who);
			const char *name = first ? "signed" : "", *party = party_name((enum party)p);

			if (signature)
				LINE(t, name, INK_PLAIN, "%s by %.*s for %s%s", time_text(t, signature->at_ms),
				     STR_ARG(who), party, version->missing && !open ? "; void" : "");
			else
				LINE(t, name, open ? INK_WARN : INK_PLAIN, "%s by %.*s for %s",
				     open ? "not yet" : "not", STR_ARG(who), party);
		}
	}
}

static void tell_times(struct telling *t, const struct agreement_version *version)
{
	char day[16];

	date_format(version->agreement->in_force, day);
	if (version->withdrawn || version->replaced)
		return;
	if (version->missing)
		LINE(t, "in force", INK_PLAIN, "from %s, or from the last signature where that is later", day);
	else if (version->from_ms == INT64_MAX)
		LINE(t, "in force", INK_PLAIN, "never: a later version was in force before its day");
	else if (version->until_ms != INT64_MAX)
		LINE(t, "in force", INK_PLAIN, "from %s until %s", time_text(t, version->from_ms),
		     time_text(t, version->until_ms));
	else
		LINE(t, "in force", INK_PLAIN, "from %s", time_text(t, version->from_ms));
}

/* ---- for programs ---- */

static json_t *json_instant(const struct telling *t, int64_t at_ms)
{
	return at_ms == INT64_MAX ? json_null() : json_time(t->zone, at_ms);
}

static json_t *json_signatures(const struct telling *t, const struct agreement_version *version)
{
	json_t *list = json_array();

	for (int p = 0; p < PARTY__COUNT; p++) {
		const struct names *signs = &version->agreement->parties[p].signs;

		for (size_t i = 0; i < signs->count; i++) {
			const struct agreement_signature *signature =
				agreement_signature_of(version, (enum party)p, signs->items[i]);
			json_t *item = json_object();

			json_object_set_new(item, "party", json_string(party_name((enum party)p)));
			json_object_set_new(item, "by", json_str(signs->items[i]));
			json_object_set_new(item, "at", json_instant(t, signature ? signature->at_ms : INT64_MAX));
			json_array_append_new(list, item);
		}
	}
	return list;
}

static void add_version(struct telling *t, const struct agreement_version *version)
{
	bool counts = version->from_ms < version->until_ms;
	json_t *item = json_object();
	char day[16];

	t->zone = version->zone;
	date_format(version->agreement->in_force, day);
	json_object_set_new(item, "version", json_integer(version->number));
	json_object_set_new(item, "state",
			    json_string(version_state_name(agreement_version_state(version, t->in->now_ms))));
	json_object_set_new(item, "title", json_str(version->agreement->title));
	json_object_set_new(item, "proposed", json_instant(t, version->at_ms));
	json_object_set_new(item, "by", json_str(version->by));
	json_object_set_new(item, "day", json_string(day));
	json_object_set_new(item, "from", json_instant(t, counts ? version->from_ms : INT64_MAX));
	json_object_set_new(item, "until", json_instant(t, counts ? version->until_ms : INT64_MAX));
	json_object_set_new(item, "hash", json_string(version->hash));
	json_object_set_new(item, "missing", json_integer((json_int_t)version->missing));
	json_object_set_new(item, "signatures", json_signatures(t, version));
	json_array_append_new(json_object_get(t->json, "versions"), item);
}

static void add_annex(struct telling *t, const struct agreement_annex *annex, const struct annexes *read)
{
	json_t *item = json_object();

	json_object_set_new(item, "recorded", json_instant(t, annex->at_ms));
	json_object_set_new(item, "by", json_str(annex->by));
	json_object_set_new(item, "days", json_integer((json_int_t)read->day_count));
	json_object_set_new(item, "absences", json_integer((json_int_t)read->absence_count));
	json_object_set_new(item, "teams", json_integer((json_int_t)read->team_count));
	json_array_append_new(json_object_get(t->json, "annexes"), item);
}

/* ---- one after the other ---- */

static void tell_version(struct telling *t, const struct agreement_version *version, bool hash)
{
	if (t->json) {
		add_version(t, version);
		return;
	}
	begin_version(t, version);
	tell_signatures(t, version);
	tell_times(t, version);
	if (hash)
		LINE(t, "hash", INK_PLAIN, "%s", version->hash);
	end_version(t);
}

static void tell_annex(struct telling *t, const struct agreement_annex *annex, size_t number)
{
	struct annexes read;
	struct problems problems;
	struct err err = ERR_INIT;

	t->zone = t->book_zone;
	problems_init(&problems, &t->in->arena);
	if (annexes_read(&read, annex->text, "annexes", &problems, &t->in->arena, &err))
		return;
	if (t->json) {
		add_annex(t, annex, &read);
		return;
	}
	buf_addf(&t->out, "\n%sAnnexes %zu%s, recorded %s by %.*s\n", ink_on(INK_BOLD, t->colour), number,
		 ink_off(t->colour), time_text(t, annex->at_ms), STR_ARG(annex->by));
	buf_addf(&t->out, "  %s\n", annexes_summary(&read, &t->in->arena));
}

/* ---- the two commands ---- */

/* What is in force, what will be, and what is being signed. */
static void tell_status(struct telling *t)
{
	size_t told = 0;

	for (size_t i = 0; i < t->agreements->count; i++) {
		const struct agreement_version *version = &t->agreements->versions[i];
		enum version_state state = agreement_version_state(version, t->in->now_ms);

		if (state != VERSION_PROPOSED && state != VERSION_SIGNED && state != VERSION_IN_FORCE)
			continue;
		tell_version(t, version, false);
		told++;
	}
	if (!told)
		say(t->in, "Nothing is proposed, and nothing is in force. Begin with: lockstep agreement propose FILE");
	else if (agreements_proposed(t->agreements))
		say(t->in, "To sign: lockstep agreement sign --as PERSON");
}

/* Versions and annexes, as they were recorded. */
static void tell_history(struct telling *t)
{
	const struct agreements *a = t->agreements;
	size_t annex = 0;

	if (t->json)
		json_object_set_new(t->json, "annexes", json_array());
	for (size_t i = 0; i <= a->count; i++) {
		for (; annex < a->annex_count && (i == a->count || a->annexes[annex].at_ms < a->versions[i].at_ms);
		     annex++)
			tell_annex(t, &a->annexes[annex], annex + 1);
		if (i < a->count)
			tell_version(t, &a->versions[i], true);
	}
	if (!a->count)
		say(t->in, "Nothing was proposed yet. Begin with: lockstep agreement propose FILE");
}

static enum exit_code tell(struct invocation *in, struct book *book, void (*what)(struct telling *t))
{
	struct telling t = { .in = in, .colour = terminal_colour(stdout) };
	struct agreements agreements = { .count = 0 };
	struct err err = ERR_INIT;
	struct zone *zone = NULL;
	enum exit_code code = EXIT_DONE;

	if (wants_json(in)) {
		t.json = json_object();
		json_object_set_new(t.json, "versions", json_array());
	}
	buf_init(&t.out, OUTPUT_MAX);
	if (zone_load(&zone, book_settings(book)->zone, &err) || agreements_load(&agreements, book, &in->arena, &err)) {
		code = command_fail(in, &err);
	} else {
		t.agreements = &agreements;
		t.book_zone = zone;
		what(&t);
		code = t.json ? output_json(in, json_incref(t.json)) : output_bytes(in, buf_str(&t.out));
	}
	json_decref(t.json);
	buf_release(&t.out);
	agreements_release(&agreements);
	zone_free(zone);
	return code;
}

static enum exit_code from_book(struct invocation *in, void (*what)(struct telling *t))
{
	struct book *book;
	enum exit_code code;

	if (!wants_json(in) && !str_is(str_of(option_text(in, "format")), "text"))
		return command_usage(in, "%s is printed as text or json", in->arguments[0]);
	code = open_book(in, BOOK_READ, &book);
	if (code)
		return code;
	code = tell(in, book, what);
	book_close(book);
	return code;
}

enum exit_code agreement_verb_status(struct invocation *in)
{
	return from_book(in, tell_status);
}

enum exit_code agreement_verb_history(struct invocation *in)
{
	return from_book(in, tell_history);
}
