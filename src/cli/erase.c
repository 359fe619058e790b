/* `lockstep erase PERSON`: shows what was found, asks, and forgets. */
#include "book/erase.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "cli/load.h"
#include "cli/output.h"
#include "desk/erasing.h"
#include "io/terminal.h"
#include "io/text_table.h"

enum { WIDTH = 100, ANSWER_MAX = 64 };

struct found {
	struct str who;
	struct erase_match *matches;
	size_t count;
};

/* ---- what was found ---- */

static json_t *json_match(const struct erase_match *match)
{
	json_t *item = json_object();

	json_object_set_new(item, "object", json_string(object_singular(match->object)));
	json_object_set_new(item, "source", json_str(match->source));
	json_object_set_new(item, "key", json_str(match->key));
	json_object_set_new(item, "name", json_str_or_null(match->name));
	json_object_set_new(item, "email", json_str_or_null(match->email));
	return item;
}

static json_t *json_matches(const struct found *found)
{
	json_t *list = json_array();

	for (size_t i = 0; i < found->count; i++)
		json_array_append_new(list, json_match(&found->matches[i]));
	return list;
}

static void show(const struct found *found, struct arena *arena, FILE *to)
{
	static const char *const titles[] = { "record", "source", "id", "name", "e-mail" };
	struct text_table table;
	struct buf out;

	text_table_init(&table, arena);
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		text_table_column(&table, str_of(titles[i]), TEXT_LEFT);
	for (size_t i = 0; i < found->count; i++) {
		const struct erase_match *match = &found->matches[i];
		struct text_cell *cells = text_table_row(&table);

		cells[0].text = str_of(object_singular(match->object));
		cells[1].text = match->source;
		cells[2].text = match->key;
		cells[3].text = match->name.len ? match->name : STR("–");
		cells[4].text = match->email.len ? match->email : STR("–");
	}
	buf_init(&out, 1 << 26);
	text_table_print(&table, 2, WIDTH, terminal_colour(to), &out);
	fwrite(out.at, 1, out.len, to);
	buf_release(&out);
}

/* ---- asking ---- */

static bool agreed(void)
{
	char answer[ANSWER_MAX];

	fputs("\nForget this person for good? Counts stay, names and addresses go, and no backup restored with\n"
	      "today's keys brings them back. Type yes: ",
	      stderr);
	if (!fgets(answer, sizeof(answer), stdin))
		return false;
	return str_is(str_trim(str_of(answer)), "yes");
}

static bool may_erase(const struct invocation *in)
{
	if (option_flag(in, "yes"))
		return true;
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
		fprintf(stderr, "lockstep erase: nobody can be asked here; say --yes, or --dry-run to only look\n");
		return false;
	}
	if (!agreed()) {
		fprintf(stderr, "lockstep erase: nothing was erased\n");
		return false;
	}
	return true;
}

/* ---- the outcome ---- */

static json_t *json_files(const struct str *files, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_str(files[i]));
	return list;
}

static enum exit_code print_json(const struct invocation *in, const struct found *found,
				 const struct erase_report *report)
{
	json_t *root = json_object();

	json_object_set_new(root, "erased", json_boolean(report != NULL));
	json_object_set_new(root, "found", json_matches(found));
	if (report) {
		json_object_set_new(root, "people", json_integer((json_int_t)report->people));
		json_object_set_new(root, "records", json_integer((json_int_t)report->records));
		json_object_set_new(root, "scrubbed", json_files(report->scrubbed, report->scrubbed_count));
		json_object_set_new(root, "unreachable", json_files(report->unreachable, report->unreachable_count));
	}
	return output_json(in, root);
}

static enum exit_code tell(const struct invocation *in, const struct found *found, const struct erase_report *report)
{
	char records[32];

	say(in, "Forgotten: %s %s lost what was personal in them.", count_text((int64_t)report->records, records),
	    report->records == 1 ? "record" : "records");
	say(in,
	    "An export that still holds the person brings them in again (as a new record where the key is an address): "
	    "no trace is kept by which they could be known. Delete them in the source system too.");
	for (size_t i = 0; i < report->scrubbed_count; i++)
		say(in, "Removed the person's rows from %.*s", STR_ARG(report->scrubbed[i]));
	for (size_t i = 0; i < report->unreachable_count; i++)
		fprintf(stderr, "lockstep erase: could not reach %.*s: remove the person's rows there by hand\n",
			STR_ARG(report->unreachable[i]));
	return wants_json(in) ? print_json(in, found, report) : EXIT_DONE;
}

/* ---- the command ---- */

static enum exit_code refuse_several(const struct found *found, struct arena *arena)
{
	show(found, arena, stderr);
	fprintf(stderr,
		"lockstep erase: \"%.*s\" fits several people. Name one by e-mail address, or by record like %.*s\n",
		STR_ARG(found->who), STR_ARG(erasing_id(&found->matches[0], arena)));
	return EXIT_REFUSED;
}

static enum exit_code erase(struct invocation *in, struct book *book, const struct found *found)
{
	struct append_context context = { .now_ms = in->now_ms, .actor = in->actor };
	struct erase_report report = { 0 };
	struct err err = ERR_INIT;

	if (book_erase(book, found->matches, found->count, &context, &report, &in->arena, &err))
		return command_fail(in, &err);
	return tell(in, found, &report);
}

/* Every row of this person was rejected. */
static enum exit_code only_rejected(struct invocation *in, struct book *book, const struct found *found)
{
	struct append_context context = { .now_ms = in->now_ms, .actor = in->actor };
	bool look = option_flag(in, "dry-run");
	struct erase_report report;
	struct err err = ERR_INIT;

	if (book_erase_rejected(book, found->who, true, &context, &report, &in->arena, &err))
		return command_fail(in, &err);
	if (!report.scrubbed_count) {
		fprintf(stderr,
			"lockstep erase: nobody fits \"%.*s\". Give an e-mail address, a phone number, a full name or a "
			"record's id.\nNames of colleagues (owners) are kept in the clear, since reports name them, and cannot be "
			"erased.\n",
			STR_ARG(found->who));
		return EXIT_REFUSED;
	}
	say(in, "No record is about this person, but rejected rows are.");
	if (look) {
		for (size_t i = 0; i < report.scrubbed_count; i++)
			say(in, "Rows in %.*s", STR_ARG(report.scrubbed[i]));
		say(in, "Nothing was erased: --dry-run");
		return wants_json(in) ? print_json(in, found, NULL) : EXIT_DONE;
	}
	if (!may_erase(in))
		return EXIT_REFUSED;
	if (book_erase_rejected(book, found->who, false, &context, &report, &in->arena, &err))
		return command_fail(in, &err);
	return tell(in, found, &report);
}

static enum exit_code decide(struct invocation *in, struct book *book, const struct found *found)
{
	struct err err = ERR_INIT;
	bool several;

	if (!found->count)
		return only_rejected(in, book, found);
	if (erasing_is_of_several(book, found->who, found->matches, found->count, &several, &in->arena, &err))
		return command_fail(in, &err);
	if (several)
		return refuse_several(found, &in->arena);
	if (option_flag(in, "dry-run")) {
		if (wants_json(in))
			return print_json(in, found, NULL);
		show(found, &in->arena, stdout);
		say(in, "Nothing was erased: --dry-run");
		return EXIT_DONE;
	}
	if (!in->quiet || !option_flag(in, "yes"))
		show(found, &in->arena, stderr);
	if (!may_erase(in))
		return EXIT_REFUSED;
	return erase(in, book, found);
}

static enum exit_code run(struct invocation *in)
{
	struct found found = { .who = str_trim(str_of(in->arguments[0])) };
	enum book_mode mode = option_flag(in, "dry-run") ? BOOK_READ : BOOK_WRITE;
	struct err err = ERR_INIT;
	struct book *book;
	enum exit_code code;

	if (!found.who.len)
		return command_usage(in, "whom? Give an e-mail address, a phone number, a full name or a record's id");
	code = open_book(in, mode, &book);
	if (code)
		return code;
	if (book_find_person(book, found.who, &found.matches, &found.count, &in->arena, &err))
		code = command_fail(in, &err);
	else
		code = decide(in, book, &found);
	if (mode == BOOK_WRITE)
		close_written(in, book);
	else
		book_close(book);
	return code;
}

static const struct option_def options[] = {
	{ "yes", OPTION_FLAG, NULL, NULL, NULL, "do not ask" },
	{ "dry-run", OPTION_FLAG, NULL, NULL, NULL, "only show what was found" },
	{ "format", OPTION_CHOICE, NULL, "text|json", "text", "how to print what was found and done" },
	{ .name = NULL },
};

const struct command command_erase = {
	.name = "erase",
	.arguments = "PERSON",
	.summary = "forget a person for good",
	.about =
		"PERSON is an e-mail address, a phone number, a full name or a record's id (leads:SOURCE:ID). All records "
		"of that person lose their names, addresses and notes; what they count for stays. The key that sealed them "
		"is destroyed, so that no copy of the book restored with today's keys can show them. Rows that were "
		"rejected at import are removed from the files Lockstep wrote; files it cannot reach are named.",
	.examples = "lockstep erase anna@example.com --dry-run   # what is known of her?\n"
		    "lockstep erase anna@example.com",
	.least = 1,
	.most = 1,
	.options = options,
	.run = run,
};
