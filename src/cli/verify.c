/* `lockstep verify`: the chain, the state derived from it, and the facts derived from that. */
#include "book/verify.h"

#include <string.h>
#include "cli/load.h"
#include "cli/output.h"
#include "desk/columns.h"
#include "io/terminal.h"

static const char *const parts[] = {
	[VERIFY_SOUND] = "sound", [VERIFY_CHAIN] = "chain", [VERIFY_STATE] = "state",
	[VERIFY_HEAD] = "head",   [VERIFY_KEYS] = "keys",   [VERIFY_STORAGE] = "storage",
};

struct finding {
	struct verify_result result;
	bool facts_differ;
	char facts_text[256];
	char columns_text[1024]; /* what is wrong with the columns snapshot; empty = nothing */
};

static void step(void *context, uint64_t done, uint64_t total)
{
	struct progress *progress = context;

	progress->total = total;
	progress_step(progress, done, done);
}

/* Names the first difference between the facts of the stored state and those of the entries folded anew. */
static void compare(const struct facts *stored, const struct facts *folded, struct finding *finding)
{
	unsigned char a[HASH_BYTES], b[HASH_BYTES];

	facts_digest(stored, a);
	facts_digest(folded, b);
	if (!memcmp(a, b, HASH_BYTES))
		return;
	finding->facts_differ = true;
	snprintf(finding->facts_text, sizeof(finding->facts_text),
		 "the facts of the stored state have as many rows as those of the entries, but other contents");
	for (enum fact fact = 0; fact < FACT__COUNT; fact++) {
		uint32_t here = facts_rows(stored, fact), there = facts_rows(folded, fact);

		if (here == there)
			continue;
		snprintf(finding->facts_text, sizeof(finding->facts_text),
			 "the stored state makes %u rows of %s, the entries make %u", here, fact_name(fact), there);
		break;
	}
}

static void compare_all(struct book *book, const struct facts *stored, const struct facts *folded,
			struct finding *finding)
{
	compare(stored, folded, finding);
	columns_check(book, folded, finding->columns_text);
}

static enum exit_code check_facts(struct invocation *in, struct finding *finding)
{
	struct err err = ERR_INIT;
	struct facts *stored = NULL, *folded = NULL;
	struct book *book;
	int64_t first_ms, last_ms;
	enum exit_code code = open_book(in, BOOK_READ, &book);

	if (code)
		return code;
	/* As known at the last instant is everything, and folded from the entries instead of read from the stored state. */
	if (book_recorded_range(book, &first_ms, &last_ms, &err) || load_stored(&stored, in, book, &err) ||
	    load_from(&folded, in, book, last_ms, &err))
		code = command_fail(in, &err);
	else
		compare_all(book, stored, folded, finding);
	facts_free(stored);
	facts_free(folded);
	book_close(book);
	return code;
}

static bool sound(const struct finding *finding)
{
	return finding->result.fault == VERIFY_SOUND && !finding->facts_differ && !finding->columns_text[0];
}

static enum exit_code print_json(const struct invocation *in, const struct finding *finding)
{
	const struct verify_result *result = &finding->result;
	json_t *root = json_object();
	bool fault = result->fault != VERIFY_SOUND;
	const char *text = fault ? result->text : finding->facts_differ ? finding->facts_text : finding->columns_text;
	const char *part = fault ? parts[result->fault] : finding->facts_differ ? "facts" : "columns";

	json_object_set_new(root, "sound", json_boolean(sound(finding)));
	json_object_set_new(root, "fault", sound(finding) ? json_null() : json_string(part));
	json_object_set_new(root, "seq", fault && result->seq ? json_integer((json_int_t)result->seq) : json_null());
	json_object_set_new(root, "text", sound(finding) ? json_null() : json_str(str_of(text)));
	json_object_set_new(root, "entries", json_integer((json_int_t)result->entries));
	json_object_set_new(root, "records", json_integer((json_int_t)result->records));
	json_object_set_new(root, "unfinished_imports", json_integer((json_int_t)result->unfinished_imports));
	json_object_set_new(root, "head", json_head(&result->head));
	return output_json(in, root);
}

static void print_text(const struct finding *finding)
{
	const struct verify_result *result = &finding->result;
	bool colour = terminal_colour(stdout);
	char head[HEAD_TEXT_BYTES], entries[32], records[32];

	count_text((int64_t)result->entries, entries);
	count_text((int64_t)result->records, records);
	if (sound(finding)) {
		printf("%sSound.%s %s entries in one unbroken chain; %s records and the facts agree with them.\n",
		       ink_on(INK_GOOD, colour), ink_off(colour), entries, records);
	} else {
		printf("%sNot sound.%s ", ink_on(INK_BAD, colour), ink_off(colour));
		if (result->fault == VERIFY_SOUND && !finding->facts_differ)
			printf("The book is; %s.\n", finding->columns_text);
		else if (result->fault == VERIFY_SOUND)
			printf("The facts differ: %s.\n", finding->facts_text);
		else if (result->seq)
			printf("First difference (%s), at entry %llu: %s\n", parts[result->fault],
			       (unsigned long long)result->seq, result->text);
		else
			printf("First difference (%s): %s\n", parts[result->fault], result->text);
	}
	if (result->unfinished_imports)
		printf("%s%llu unfinished import%s.%s Run the same import again to complete it, or take it back with\n"
		       "lockstep import --undo N; lockstep imports tells N.\n",
		       ink_on(INK_WARN, colour), (unsigned long long)result->unfinished_imports,
		       result->unfinished_imports == 1 ? "" : "s", ink_off(colour));
	head_format(&result->head, head);
	printf("head %s\n", head);
}

static enum exit_code run(struct invocation *in)
{
	const char *expected = option_text(in, "head");
	struct finding finding = { .facts_differ = false };
	struct progress progress;
	struct book_head head;
	struct verify_options options = {
		.expect = expected ? &head : NULL,
		.progress = in->quiet ? NULL : step,
		.context = &progress,
	};
	struct err err = ERR_INIT;
	enum exit_code code = need_book(in);
	int failed;

	if (code)
		return code;
	if (expected && !head_parse(expected, &head))
		return command_usage(in, "--head takes SEQ:HASH as verify and the weekly page print it, not \"%s\"",
				     expected);
	progress_start(&progress, "verifying", "entries", 0);
	failed = book_verify(in->book_path, &options, &finding.result, &err);
	progress_end(&progress);
	if (failed)
		return command_fail(in, &err);
	if (finding.result.fault == VERIFY_SOUND)
		code = check_facts(in, &finding);
	if (code)
		return code;
	if (wants_json(in))
		code = print_json(in, &finding);
	else
		print_text(&finding);
	return code ? code : sound(&finding) ? EXIT_DONE : EXIT_REFUSED;
}

static const struct option_def command_options[] = {
	{ "head", OPTION_TEXT, "SEQ:HASH", NULL, NULL,
	  "a head printed earlier, which must be in the chain: finds a cut tail" },
	{ "format", OPTION_CHOICE, NULL, "text|json", "text", "how to print the result" },
	{ .name = NULL },
};

const struct command command_verify = {
	.name = "verify",
	.arguments = "",
	.summary = "check that nothing in the book was changed or lost",
	.about =
		"Walks the chain of entries, folds them anew and compares with the stored state and with the facts that "
		"reports count; names the first difference. Prints the head: kept somewhere else, it proves later that "
		"no entry was cut off. Exit 1 when the book is not sound.",
	.examples = "lockstep verify\n"
		    "lockstep verify --head 81442:9f3c…   # a head from last month's page",
	.least = 0,
	.most = 0,
	.options = command_options,
	.run = run,
};
