/* `lockstep lead VERB KEY …`: what is done with a lead, told where it is kept. */
#include <stdio.h>
#include <string.h>

#include "cli/at_desk.h"
#include "cli/lead_merge.h"
#include "cli/options.h"
#include "desk/hand_over.h"
#include "desk/lead_find.h"
#include "io/terminal.h"
#include "io/text_table.h"
#include "report/lead_page.h"
#include "report/lead_words.h"

enum {
	PAGE_MAX = 1 << 22,
	ANSWER_MAX = 1 << 16,
	PEOPLE_SHOWN = 12,
	MOST_ARGUMENTS = 7,
	FOUND_SHOWN = 50,
	FOUND_WIDTH = 120
};

/* One call at the desk. */
struct call {
	struct at_desk *at;
	struct invocation *in;
	const struct verb *verb;
	struct lead_file file;
	struct lead_word word;
	struct progress progress;
};

/* ---- answers ---- */

static enum exit_code print_json(const struct call *call, json_t *root)
{
	json_object_set_new(root, "lead", json_str(call->file.key));
	return output_json(call->in, root);
}

/* An answer in words: names in it come from the book. */
static enum exit_code print_text(const struct call *call, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static enum exit_code print_text(const struct call *call, const char *fmt, ...)
{
	va_list args;
	const char *text;

	va_start(args, fmt);
	text = arena_vprintf(&call->in->arena, fmt, args);
	va_end(args);
	return output_plain(call->in, str_of(text));
}

/* "answered, qualified" */
static const char *steps_text(const struct call *call, const struct lead_told *told)
{
	const char *text = "";

	for (size_t i = 0; i < told->count; i++)
		text = arena_printf(&call->in->arena, "%s%s%s", text, i ? ", " : "", lead_step_said(told->steps[i]));
	return text;
}

static json_t *one_member(const char *name, json_t *value)
{
	json_t *root = json_object();

	json_object_set_new(root, name, value);
	return root;
}

/* Sales' own leads pass no gate, which is said so that nobody walks round it unaware. */
static const char *took_itself(const struct call *call, const struct lead_told *told)
{
	if (told->steps[0] != LEAD_STEP_ACCEPTED || call->file.life.life >= LIFE_HANDED_OFF)
		return "";
	return call->file.owner.len
		       ? ", without a hand-over"
		       : arena_printf(&call->in->arena,
				      ", without a hand-over; nobody has it yet: lockstep lead assign %.*s --to PERSON",
				      STR_ARG(call->file.key));
}

static enum exit_code tell_steps(struct call *call, const struct lead_told *told)
{
	json_t *root, *steps;

	if (wants_json(call->in)) {
		root = json_object();
		steps = json_array();
		for (size_t i = 0; i < told->count; i++)
			json_array_append_new(steps, json_string(lead_step_name(told->steps[i])));
		json_object_set_new(root, "steps", steps);
		json_object_set_new(root, "life", json_string(life_name(told->life.life)));
		json_object_set_new(root, "episode", json_integer((json_int_t)told->life.episode));
		return print_json(call, root);
	}
	if (told->known) {
		say(call->in, "%.*s: this was told before, nothing was written", STR_ARG(call->file.key));
		return EXIT_DONE;
	}
	return print_text(call, "%.*s: %s%s%s\n", STR_ARG(call->file.key), steps_text(call, told),
			  told->life.episode > 1 ? arena_printf(&call->in->arena, " (episode %u)", told->life.episode)
						 : "",
			  took_itself(call, told));
}

/* ---- verbs ---- */

static enum exit_code show(struct call *call)
{
	struct err err = ERR_INIT;
	enum exit_code code;
	struct buf out;
	json_t *root;
	int failed;

	if (wants_json(call->in)) {
		failed = lead_page_json(&call->at->desk, &call->file, &root, &err);
		return failed ? command_fail(call->in, &err) : output_json(call->in, root);
	}
	buf_init(&out, PAGE_MAX);
	failed = lead_page_text(&call->at->desk, &call->file, terminal_colour(stdout), &out, &err);
	code = failed ? command_fail(call->in, &err) : output_bytes(call->in, buf_str(&out));
	buf_release(&out);
	return code;
}

static enum exit_code tell(struct call *call, enum lead_verb verb)
{
	struct err err = ERR_INIT;
	struct lead_told told;
	enum exit_code code = at_desk_ended(
		call->at,
		lead_desk_tell(&call->at->desk, &call->file, verb, &call->word, &told, &call->at->problems, &err),
		&err);

	return code ? code : tell_steps(call, &told);
}

/* clang-format off */
static enum exit_code accept(struct call *call) { return tell(call, VERB_ACCEPT); }
static enum exit_code reject(struct call *call) { return tell(call, VERB_REJECT); }
static enum exit_code working(struct call *call) { return tell(call, VERB_WORKING); }
static enum exit_code disqualify(struct call *call) { return tell(call, VERB_DISQUALIFY); }
static enum exit_code reopen(struct call *call) { return tell(call, VERB_REOPEN); }
static enum exit_code wait_for(struct call *call) { return tell(call, VERB_WAIT); }
static enum exit_code resume(struct call *call) { return tell(call, VERB_RESUME); }
static enum exit_code assign(struct call *call) { return tell(call, VERB_ASSIGN); }
static enum exit_code opted_out(struct call *call) { return tell(call, VERB_OPTED_OUT); }
static enum exit_code test(struct call *call) { return tell(call, VERB_TEST); }
/* clang-format on */

static enum exit_code duplicate(struct call *call)
{
	const char *of = option_text(call->in, "of");
	struct lead_told told;
	enum exit_code code;

	if (!of)
		return tell(call, VERB_DUPLICATE);
	if (option_flag(call->in, "preview"))
		return lead_merge_preview(call->at, &call->file, of);
	code = lead_merge(call->at, &call->file, of, &call->word, &told);
	return code ? code : tell_steps(call, &told);
}

static enum exit_code duplicates(struct call *call)
{
	return lead_duplicates(call->at, call->in->count > 1 ? &call->file : NULL);
}

static bool read_answer(struct call *call, const char *text, struct lead_answer *out)
{
	const char *names[BANT__COUNT], *near;
	struct str said = str_of(text), question = str_cut(&said, '=');

	for (int i = 0; i < BANT__COUNT; i++) {
		names[i] = bant_name((enum bant)i);
		if (!str_is(question, names[i]))
			continue;
		*out = (struct lead_answer){ (enum bant)i, str_is(said, "yes") };
		if (out->yes || str_is(said, "no"))
			return true;
		command_usage(call->in, "%s is answered yes or no: %s=yes", names[i], names[i]);
		return false;
	}
	near = str_nearest(question, names, BANT__COUNT);
	command_usage(call->in,
		      "answers are like budget=yes, for budget, authority, need, timeframe and trust; not \"%s\"%s%s%s",
		      text, near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	return false;
}

static enum exit_code answer(struct call *call)
{
	struct lead_answer answers[BANT__COUNT];
	struct err err = ERR_INIT;
	struct lead_told told;
	enum exit_code code;
	size_t count = 0;

	if (call->in->count < 3)
		return command_usage(call->in, "what was answered? budget=yes need=no");
	for (int i = 2; i < call->in->count; i++) {
		if (count == BANT__COUNT)
			return command_usage(call->in, "there are five questions");
		if (!read_answer(call, call->in->arguments[i], &answers[count]))
			return EXIT_USAGE;
		for (size_t k = 0; k < count; k++)
			if (answers[k].question == answers[count].question)
				return command_usage(call->in, "%s is answered twice",
						     bant_name(answers[count].question));
		count++;
	}
	code = at_desk_ended(call->at,
			     lead_desk_answer(&call->at->desk, &call->file, answers, count, &call->word, &told,
					      &call->at->problems, &err),
			     &err);
	return code ? code : tell_steps(call, &told);
}

static enum exit_code contact(struct call *call)
{
	const char *kind = option_text(call->in, "kind"), *outcome = option_text(call->in, "outcome");
	struct err err = ERR_INIT;
	enum exit_code code = at_desk_ended(call->at,
					    lead_desk_contact(&call->at->desk, &call->file, str_of(kind),
							      str_of(outcome), &call->word, &call->at->problems, &err),
					    &err);

	if (code)
		return code;
	if (wants_json(call->in))
		return print_json(call, one_member("contact", json_string(kind)));
	return print_text(call, "%.*s: %s at %.*s%s%s\n", STR_ARG(call->file.key), kind,
			  STR_ARG(lead_desk_when(&call->at->desk, call->word.at_ms)), outcome ? ", " : "",
			  outcome ? outcome : "");
}

static enum exit_code mark(struct call *call)
{
	bool in = call->in->count == 3 && strcmp(call->in->arguments[2], "in") == 0;
	struct err err = ERR_INIT;
	enum exit_code code;

	if (!in && (call->in->count != 3 || strcmp(call->in->arguments[2], "out") != 0))
		return command_usage(call->in, "mark KEY in, or mark KEY out: is it in the sweet spot?");
	code = at_desk_ended(call->at,
			     lead_desk_mark(&call->at->desk, &call->file, in, &call->word, &call->at->problems, &err),
			     &err);
	if (code)
		return code;
	if (wants_json(call->in))
		return print_json(call, one_member("sweet_spot", json_boolean(in)));
	return print_text(call, "%.*s: %s the sweet spot\n", STR_ARG(call->file.key), in ? "in" : "out of");
}

static enum exit_code undo(struct call *call)
{
	struct err err = ERR_INIT;
	struct lead_told told;
	enum exit_code code;

	if (!option_text(call->in, "at"))
		call->word.at_ms = EVENT_NEVER;
	code = at_desk_ended(
		call->at, lead_desk_undo(&call->at->desk, &call->file, &call->word, &told, &call->at->problems, &err),
		&err);

	if (code)
		return code;
	if (wants_json(call->in))
		return print_json(call, one_member("taken_back", json_integer((json_int_t)told.count)));
	return print_text(call, "%.*s: taken back: %s\n", STR_ARG(call->file.key), steps_text(call, &told));
}

/* ---- handing over ---- */

static json_t *json_hand_over(const struct hand_over *over)
{
	json_t *root = json_object();

	json_object_set_new(root, "owner", json_str(over->choice.owner));
	json_object_set_new(root, "pool", json_str_or_null(over->choice.pool));
	json_object_set_new(root, "why", json_str(over->choice.why));
	json_object_set_new(root, "points", json_real((double)over->gate.points / 100));
	json_object_set_new(root, "version", json_integer(over->version->number));
	json_object_set_new(root, "overridden", json_boolean(over->held_back.len > 0));
	json_object_set_new(root, "held_back", json_str_or_null(over->held_back));
	json_object_set_new(root, "episode", json_integer((json_int_t)over->episode));
	return root;
}

static enum exit_code hand_over(struct call *call)
{
	struct str override = str_of(option_text(call->in, "override"));
	struct err err = ERR_INIT;
	struct hand_over over;
	enum exit_code code = at_desk_ended(
		call->at,
		hand_over_lead(&call->at->desk, &call->file, &call->word, override, &over, &call->at->problems, &err),
		&err);

	if (code)
		return code;
	if (wants_json(call->in))
		return print_json(call, json_hand_over(&over));
	return print_text(call, "%.*s: handed over to %.*s with %.*s points%s%.*s\n  %.*s\n", STR_ARG(call->file.key),
			  STR_ARG(over.choice.owner), STR_ARG(lead_words_points(&call->in->arena, over.gate.points)),
			  over.held_back.len ? ", on a manager's word: " : "", STR_ARG(over.held_back),
			  STR_ARG(over.choice.why));
}

static void step(void *context, uint64_t done, uint64_t total)
{
	struct call *call = context;

	call->progress.total = total;
	progress_step(&call->progress, done, done);
}

static json_t *json_owners(const struct hand_over_all *all)
{
	json_t *owners = json_array();

	for (size_t i = 0; i < all->owner_count; i++) {
		json_t *item = json_object();

		json_object_set_new(item, "owner", json_str(all->owners[i].owner));
		json_object_set_new(item, "leads", json_integer((json_int_t)all->owners[i].leads));
		json_array_append_new(owners, item);
	}
	return owners;
}

static json_t *json_all(const struct hand_over_all *all)
{
	json_t *root = json_object();

	json_object_set_new(root, "handed_over", json_integer((json_int_t)all->handed));
	json_object_set_new(root, "nobody_there", json_integer((json_int_t)all->nobody_there));
	json_object_set_new(root, "owners", json_owners(all));
	return root;
}

static enum exit_code tell_all(const struct call *call, const struct hand_over_all *all)
{
	enum exit_code code;
	struct buf out;
	char text[32];

	buf_init(&out, ANSWER_MAX);
	buf_addf(&out, "%s lead%s handed over", count_text((int64_t)all->handed, text), all->handed == 1 ? "" : "s");
	for (size_t i = 0; i < all->owner_count && i < PEOPLE_SHOWN; i++)
		buf_addf(&out, "%s %.*s %s", i ? "," : ":", STR_ARG(all->owners[i].owner),
			 count_text((int64_t)all->owners[i].leads, text));
	buf_add_text(&out, all->owner_count > PEOPLE_SHOWN ? " …\n" : "\n");
	if (all->nobody_there)
		buf_addf(&out, "%s of them because nobody else could take them\n",
			 count_text((int64_t)all->nobody_there, text));
	code = output_plain(call->in, buf_str(&out));
	buf_release(&out);
	return code;
}

static enum exit_code hand_over_all_waiting(struct call *call)
{
	struct hand_over_all all;
	struct err err = ERR_INIT;
	int failed;

	if (!call->at->desk.terms.count) {
		fprintf(stderr, "lockstep lead: no agreement is in force that says which leads are good enough and who "
				"gets them: lockstep agreement propose FILE, then sign\n");
		return EXIT_REFUSED;
	}
	progress_start(&call->progress, "handing over", "leads", 0);
	failed = hand_over_waiting(&call->at->desk, &call->word, call->in->quiet ? NULL : step, call, &all, &err);
	progress_end(&call->progress);
	if (failed)
		return command_fail(call->in, &err);
	if (wants_json(call->in))
		return output_json(call->in, json_all(&all));
	if (all.handed)
		return tell_all(call, &all);
	say(call->in, "No lead that passes the gate waits to be handed over.");
	return EXIT_DONE;
}

/* ---- finding ---- */

static json_t *json_found(const struct lead_desk *desk, const struct lead_found *found)
{
	json_t *item = json_object();
	struct lead_file file;

	lead_file_read(desk->files, found->row, &file, desk->arena);
	json_object_set_new(item, "lead", json_str(file.key));
	json_object_set_new(item, "source", json_str(file.source));
	json_object_set_new(item, "name", json_str_or_null(found->name));
	json_object_set_new(item, "company", json_str_or_null(found->company));
	json_object_set_new(item, "email", json_str_or_null(found->email));
	json_object_set_new(item, "phone", json_str_or_null(found->phone));
	json_object_set_new(item, "owner", json_str_or_null(file.owner));
	json_object_set_new(item, "life", json_string(life_name(file.life.life)));
	json_object_set_new(item, "void", json_boolean(file.is_void));
	return item;
}

static enum exit_code print_found(const struct call *call, const struct lead_found *found, size_t count)
{
	static const char *const titles[] = { "lead", "name", "company", "e-mail", "owner", "stands" };
	const struct lead_desk *desk = &call->at->desk;
	struct text_table table;
	enum exit_code code;
	struct buf out;

	text_table_init(&table, &call->in->arena);
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		text_table_column(&table, str_of(titles[i]), TEXT_LEFT);
	for (size_t i = 0; i < count; i++) {
		struct text_cell *cells = text_table_row(&table);
		struct lead_file file;

		lead_file_read(desk->files, found[i].row, &file, desk->arena);
		cells[0].text = file.key;
		cells[1].text = found[i].name;
		cells[2].text = found[i].company;
		cells[3].text = found[i].email.len ? found[i].email : found[i].phone;
		cells[4].text = file.owner;
		cells[5].text = file.is_void ? STR("void") : str_of(life_name(file.life.life));
	}
	buf_init(&out, PAGE_MAX);
	text_table_print(&table, 0, FOUND_WIDTH, terminal_colour(stdout), &out);
	code = output_bytes(call->in, buf_str(&out));
	buf_release(&out);
	return code;
}

static enum exit_code tell_found(const struct call *call, const struct lead_found *found, size_t count, uint64_t total)
{
	char shown[32], all[32];
	json_t *root, *leads;

	if (wants_json(call->in)) {
		root = json_object();
		leads = json_array();
		for (size_t i = 0; i < count; i++)
			json_array_append_new(leads, json_found(&call->at->desk, &found[i]));
		json_object_set_new(root, "total", json_integer((json_int_t)total));
		json_object_set_new(root, "leads", leads);
		return output_json(call->in, root);
	}
	if (!total) {
		say(call->in, "No lead has all of these in its id, name, company, e-mail address or telephone number. "
			      "Who was erased cannot be found.");
		return EXIT_DONE;
	}
	if (total > count)
		say(call->in, "%s of %s leads; more words find fewer", count_text((int64_t)count, shown),
		    count_text((int64_t)total, all));
	return print_found(call, found, count);
}

static size_t words_of(const struct invocation *in, struct str words[MOST_ARGUMENTS])
{
	for (int i = 1; i < in->count; i++)
		words[i - 1] = str_of(in->arguments[i]);
	return (size_t)in->count - 1;
}

static enum exit_code find(struct call *call)
{
	struct str words[MOST_ARGUMENTS];
	size_t count = words_of(call->in, words), found;
	struct lead_found *leads;
	struct err err = ERR_INIT;
	uint64_t total;

	if (lead_find(&call->at->desk, words, count, FOUND_SHOWN, &leads, &found, &total, &err))
		return command_fail(call->in, &err);
	return tell_found(call, leads, found, total);
}

/* ---- the command ---- */

static const struct verb {
	const char *name;
	enum { READS, WRITES, STEPS } does; /* STEPS: writes a step of its own second */
	enum exit_code (*run)(struct call *call);
	const char *takes; /* of the options */
} verbs[] = {
	{ "find", READS, find, "format" },
	{ "show", READS, show, "format" },
	{ "answer", STEPS, answer, "reason by at note format" },
	{ "contact", WRITES, contact, "kind outcome by at note format" },
	{ "hand-over", STEPS, hand_over, "by at to override waiting note format" },
	{ "accept", STEPS, accept, "reason by at note format" },
	{ "reject", STEPS, reject, "reason by at note format" },
	{ "working", STEPS, working, "reason by at note format" },
	{ "disqualify", STEPS, disqualify, "reason by at note format" },
	{ "reopen", STEPS, reopen, "reason by at note format" },
	{ "wait", STEPS, wait_for, "reason by at note format" },
	{ "resume", STEPS, resume, "reason by at note format" },
	{ "assign", STEPS, assign, "reason by at to note format" },
	{ "mark", WRITES, mark, "by at format" },
	{ "opted-out", STEPS, opted_out, "reason by at note format" },
	{ "duplicate", STEPS, duplicate, "reason by at note of preview format" },
	{ "duplicates", READS, duplicates, "format" },
	{ "test", STEPS, test, "reason by at note format" },
	{ "undo", WRITES, undo, "reason by at format" },
};

enum { VERBS = sizeof(verbs) / sizeof(verbs[0]) };

static const struct verb *find_verb(struct invocation *in)
{
	const char *names[VERBS], *near;

	for (int i = 0; i < VERBS; i++) {
		names[i] = verbs[i].name;
		if (strcmp(in->arguments[0], verbs[i].name) == 0)
			return &verbs[i];
	}
	near = str_nearest(str_of(in->arguments[0]), names, VERBS);
	command_usage(in, "knows no \"%s\"%s%s%s", in->arguments[0], near ? "; did you mean \"" : "", near ? near : "",
		      near ? "\"?" : "");
	return NULL;
}

static enum exit_code run_verb(struct at_desk *at, void *context)
{
	struct call *call = context;
	enum exit_code code;

	call->at = at;
	code = at_desk_word(at, &call->word);
	if (code)
		return code;
	if (option_flag(call->in, "waiting"))
		return hand_over_all_waiting(call);
	if (call->verb->run == find || call->in->count == 1)
		return call->verb->run(call);
	if (!lead_desk_find(&at->desk, str_of(call->in->arguments[1]), &call->file, &at->problems))
		return print_problems(call->in, &at->problems);
	if (call->verb->does == STEPS)
		code = at_desk_own_second(at, &call->file, &call->word);
	return code ? code : call->verb->run(call);
}

/* --waiting names no lead, and each goes where the routes say. */
static enum exit_code check_waiting(struct invocation *in, const struct verb *verb)
{
	if (verb->run != hand_over)
		return command_usage(in, "--waiting is for hand-over");
	if (in->count > 1)
		return command_usage(in, "--waiting names no lead: all that wait are handed over");
	return options_for(in, "hand-over --waiting", "by at waiting note format");
}

static enum exit_code check_find(struct invocation *in, const struct verb *verb)
{
	struct str words[MOST_ARGUMENTS];

	if (in->count < 2)
		return command_usage(in, "find what? Part of a name, company, e-mail address, telephone number or id");
	if (!lead_find_can(words, words_of(in, words)))
		return command_usage(in, "find what? In \"%s\" is no letter and no digit to look for",
				     in->arguments[1]);
	return options_for(in, verb->name, verb->takes);
}

static enum exit_code check(struct invocation *in, const struct verb *verb)
{
	if (option_flag(in, "waiting"))
		return check_waiting(in, verb);
	if (verb->run == find)
		return check_find(in, verb);
	if (verb->run == duplicates && in->count == 1)
		return options_for(in, verb->name, verb->takes);
	if (option_flag(in, "preview") && !option_text(in, "of"))
		return command_usage(in, "--preview of what? --of names the lead that stays");
	if (in->count < 2 || (in->count > 2 && verb->run != answer && verb->run != mark))
		return command_usage(in, "%s takes one lead: its id, or SOURCE:ID", verb->name);
	return options_for(in, verb->name, verb->takes);
}

static enum exit_code run(struct invocation *in)
{
	struct call call = { .in = in, .verb = find_verb(in) };
	enum exit_code code = call.verb ? check(in, call.verb) : EXIT_USAGE;

	return code ? code : at_desk_run(in, call.verb->does != READS, run_verb, &call);
}

static const struct option_def options[] = {
	{ "reason", OPTION_TEXT, "TEXT", NULL, NULL, "why, in the agreement's words (reject, disqualify, wait)" },
	{ "by", OPTION_TEXT, "PERSON", NULL, NULL, "who did it; you, unless said" },
	{ "at", OPTION_TEXT, "TIME", NULL, NULL, "when it happened, where it is told late" },
	{ "to", OPTION_TEXT, "PERSON", NULL, NULL, "who gets it (assign; hand-over, instead of the routes)" },
	{ "override", OPTION_TEXT, "REASON", NULL, NULL,
	  "a manager lets it pass though the agreement holds it back (hand-over)" },
	{ "waiting", OPTION_FLAG, NULL, NULL, NULL, "hand over all that pass and wait, the longest first" },
	{ "kind", OPTION_TEXT, "KIND", NULL, "call", "what the contact was: call, mail, meeting, demo" },
	{ "outcome", OPTION_TEXT, "TEXT", NULL, NULL, "what came of the contact: reached, no answer" },
	{ "note", OPTION_TEXT, "TEXT", NULL, NULL, "a remark; sealed with the person's key" },
	{ "of", OPTION_TEXT, "KEY", NULL, NULL,
	  "the lead that stays (duplicate): what belongs to the other is its own then" },
	{ "preview", OPTION_FLAG, NULL, NULL, NULL, "say what would move, and write nothing (duplicate --of)" },
	{ "format", OPTION_CHOICE, NULL, "text|json", "text", "how to print the answer" },
	{ .name = NULL },
};

const struct command command_lead = {
	.name = "lead",
	.arguments = "VERB [KEY|WORDS] [ANSWER…]",
	.verbs =
		"find|show|answer|contact|hand-over|accept|reject|working|disqualify|reopen|wait|resume|assign|mark|opted-out|"
		"duplicate|duplicates|test|undo",
	.summary = "show a lead, and tell what is done with it",
	.about =
		"KEY is the lead's id in its source, or SOURCE:ID. What may not follow what is recorded, or is told for a reason "
		"that the agreement does not have, is refused, and nothing is written.\n"
		"find WORDS: leads that have each of the words in their name, company, e-mail address, telephone number or id; "
		"a name in quotes is one word. What is sealed is opened for it one by one, so it takes a while in a large book; "
		"postal addresses and remarks are not looked at, and who was erased is not found\n"
		"show KEY: who it is, whether it is good enough and why, what happened, its promises and their clocks\n"
		"answer KEY budget=yes need=no …: what nurture was told (budget, authority, need, timeframe, trust)\n"
		"contact KEY: a call, or what --kind says\n"
		"hand-over KEY: through the gate of the agreement to who its routes say; refused with what is missing\n"
		"accept, working, reject, disqualify, reopen KEY: what sales says of it; what sales found or took itself is "
		"accepted without a hand-over, and the report qualified counts it\n"
		"wait, resume KEY: its clocks stand still, and go on\n"
		"assign KEY --to PERSON: somebody else has it; its clocks go on\n"
		"mark KEY in, mark KEY out: of the seller's sweet spot\n"
		"opted-out KEY: it wants no contact, and is not handed over\n"
		"duplicate, test KEY: what it turned out to be; duplicate KEY --of OTHER merges it: touches, contacts, opportunities "
		"and orders of KEY are OTHER's from then on, in every report and in its points, until undo KEY\n"
		"duplicates, duplicates KEY: leads that may be of one person, with a score of 100 and why; nothing is merged by itself\n"
		"undo KEY: the last step that somebody told no longer counts; where it was marked or contacted since, --at says "
		"that the step is meant. A mark is mended by another mark",
	.examples = "lockstep lead find berg acme\n"
		    "lockstep lead show L17\n"
		    "lockstep lead answer L17 budget=yes need=yes\n"
		    "lockstep lead hand-over --waiting   # all that are good enough\n"
		    "lockstep lead contact L17 --at 2026-03-09T10:00 --outcome reached\n"
		    "lockstep lead reject L17 --reason \"no need\"",
	.least = 1,
	.most = MOST_ARGUMENTS,
	.options = options,
	.run = run,
};
