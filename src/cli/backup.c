/* `lockstep backup` and `lockstep restore`. */
#include "book/backup.h"

#include "cli/output.h"
#include "io/file.h"

static enum exit_code print_head(struct invocation *in, const char *what, const char *file, const char *keys,
				 const struct book_head *head)
{
	json_t *root;
	char text[HEAD_TEXT_BYTES];

	if (wants_json(in)) {
		root = json_object();
		json_object_set_new(root, what, json_str(str_of(file)));
		json_object_set_new(root, "keys", keys ? json_str(str_of(keys)) : json_null());
		json_object_set_new(root, "head", json_head(head));
		return output_json(in, root);
	}
	head_format(head, text);
	printf("head %s\n", text);
	return EXIT_DONE;
}

static enum exit_code run_backup(struct invocation *in)
{
	const char *to = option_text(in, "to"), *keys = option_text(in, "keys-to");
	struct book_head head;
	struct err err = ERR_INIT;
	enum exit_code code = need_book(in);

	if (code)
		return code;
	if (to && in->count)
		return command_usage(in, "the copy goes to one place: name it once");
	if (in->count)
		to = in->arguments[0];
	if (!to)
		return command_usage(in, "FILE is missing: where should the copy go?");
	if (book_backup(in->book_path, to, keys, &head, &err))
		return command_fail(in, &err);
	say(in, "Copied %s to %s%s%s", in->book_path, to, keys ? ", and the keys to " : "", keys ? keys : "");
	if (!keys)
		say(in,
		    "Without people's keys: the copy opens only with %s.keys or a copy of it (--keys-to FILE makes one); "
		    "without them it does not open at all",
		    in->book_path);
	return print_head(in, "backup", to, keys, &head);
}

static enum exit_code run_restore(struct invocation *in)
{
	const char *keys = option_text(in, "keys");
	struct book_head head;
	struct err err = ERR_INIT;

	if (file_make_parents(in->book_path, &err) || book_restore(in->arguments[0], in->book_path, keys, &head, &err))
		return command_fail(in, &err);
	say(in, "Restored %s from %s; its chain is sound", in->book_path, in->arguments[0]);
	return print_head(in, "book", in->book_path, keys, &head);
}

static const struct option_def backup_options[] = {
	{ "to", OPTION_FILE, "FILE", NULL, NULL, "where the copy goes, like FILE; must not be there yet" },
	{ "keys-to", OPTION_FILE, "FILE", NULL, NULL, "copy people's keys too, to this file; keep it apart" },
	{ "format", OPTION_CHOICE, NULL, "text|json", "text", "how to print the head of the copy" },
	{ .name = NULL },
};

const struct command command_backup = {
	.name = "backup",
	.arguments = "[FILE]",
	.summary = "copy the book while it may be in use",
	.about = "The copy is one consistent state. Keys are not copied unless asked for: a copy restored with today's "
		 "keys does not bring back people who were erased since.",
	.examples = "lockstep backup --to /backup/book-2026-03-09 --keys-to /vault/book.keys",
	.least = 0,
	.most = 1,
	.options = backup_options,
	.run = run_backup,
};

static const struct option_def restore_options[] = {
	{ "keys", OPTION_FILE, "FILE", NULL, NULL, "people's keys; else the keys already standing beside the book" },
	{ "format", OPTION_CHOICE, NULL, "text|json", "text", "how to print the head of the book" },
	{ .name = NULL },
};

const struct command command_restore = {
	.name = "restore",
	.arguments = "FROM",
	.summary = "put a copy back where no book is",
	.examples = "lockstep restore /backup/book-2026-03-09 --keys /vault/book.keys",
	.least = 1,
	.most = 1,
	.options = restore_options,
	.run = run_restore,
};
