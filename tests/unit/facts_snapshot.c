/* The columns snapshot: the same facts either way, and never believed when a bit of it is another. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "book_help.h"
#include "company.h"
#include "desk/columns.h"
#include "desk/simulate.h"
#include "facts/snapshot.h"
#include "facts/store.h"

static char columns_path[320], fresh_path[340];
static unsigned char digest[HASH_BYTES];
static int warnings;

static bool same_digest(const struct facts *facts, const unsigned char wanted[HASH_BYTES])
{
	unsigned char its[HASH_BYTES];

	facts_digest(facts, its);
	return !memcmp(its, wanted, HASH_BYTES);
}

static void count_warning(void *context, const char *text)
{
	(void)context;
	warnings += strstr(text, columns_path) != NULL;
}

static void must(int failed, const struct err *err)
{
	if (failed)
		BUG("%s", err->text);
}

static struct facts *load(struct book *book, bool from_book, int64_t known_at_ms)
{
	const struct facts_options options = {
		.known_at_ms = known_at_ms, .today = DATE_NONE, .from_book = from_book, .warn = count_warning
	};
	struct err err = ERR_INIT;
	struct facts *facts;

	must(facts_load(&facts, book, &options, &err), &err);
	return facts;
}

static void refresh(struct book *book)
{
	const struct facts_options options = { .known_at_ms = INT64_MAX };
	struct err err = ERR_INIT;

	must(columns_refresh(book, &options, &err), &err);
}

static struct book *open_as(enum book_mode mode)
{
	struct err err = ERR_INIT;
	struct book *book;

	must(book_open(&book, help_path, mode, &err), &err);
	return book;
}

static enum snapshot_state try(const char *path)
{
	const struct snapshot_wanted wanted = { .today = DATE_NONE };
	struct facts *facts;
	char why[256];
	enum snapshot_state state = snapshot_read(&facts, path, &wanted, why);

	if (state == SNAPSHOT_GOOD && !same_digest(facts, digest))
		state = SNAPSHOT_ABSENT;
	if (state == SNAPSHOT_GOOD || state == SNAPSHOT_ABSENT)
		facts_free(facts);
	return state;
}

static unsigned char *read_whole(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY);
	struct stat facts;
	unsigned char *bytes;

	if (fd < 0 || fstat(fd, &facts))
		BUG("%s cannot be read", path);
	*len = (size_t)facts.st_size;
	bytes = must_alloc(*len);
	if (read(fd, bytes, *len) != (ssize_t)*len)
		BUG("%s cannot be read", path);
	close(fd);
	return bytes;
}

static void write_whole(const char *path, const unsigned char *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len)
		BUG("%s cannot be written", path);
	close(fd);
}

/* ---- the same either way ---- */

static void simulated(void)
{
	const struct simulate_options options = { .actor = "tester", .into = true };
	struct simulate_summary summary;
	struct err err = ERR_INIT;
	struct sim_story story;
	struct book *book;
	char path[340];

	sim_story_default(&story);
	story.leads = 300;
	snprintf(path, sizeof(path), "%s.story.yaml", help_path);
	must(book_create(help_path, &help_settings, 0, &err), &err);
	book = open_as(BOOK_WRITE);
	must(simulate_book(book, &story, path, &options, &summary, &err), &err);
	refresh(book);
	book_close(book);
}

/* The simulated company is the same for ever (sim_run.c holds it to that). When its facts become others, snapshots that an earlier
 * program made must not be believed: raise FACTS_VERSION, and put the new digest here beside it. */
static void pinned(void)
{
	static const struct {
		int version;
		const char *digest;
	} known = { 10, "bdca9a6378fe01e3" };
	char hex[17];

	for (int i = 0; i < 8; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	is_int(known.version, FACTS_VERSION, "the digest here is that of this version of the facts");
	is_str(hex, known.digest, "this version's facts are what they were, else raise FACTS_VERSION");
}

/* The same company, fed in parts instead of written into a book. */
static void without_book(void)
{
	static const uint64_t parts[] = { 0, 50, 1 };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const struct simulate_options options = { .actor = "tester", .part_leads = parts[i] };
		struct simulate_summary summary;
		struct err err = ERR_INIT;
		struct sim_story story;
		struct facts *facts;

		sim_story_default(&story);
		story.leads = 300;
		must(simulate_facts(&facts, &story, &options, &summary, &err), &err);
		ok(same_digest(facts, digest), "and so are facts made without a book, %d leads at a time",
		   (int)parts[i]);
		facts_free(facts);
	}
}

static void equal(void)
{
	struct book *book = open_as(BOOK_READ);
	struct facts *made = load(book, true, INT64_MAX), *read = load(book, false, INT64_MAX);
	const struct column_def **columns;
	struct arena arena;

	arena_init(&arena);
	facts_digest(made, digest);
	ok(!made->map && read->map, "the one is made from the book, the other read from the snapshot");
	ok(same_digest(read, digest), "they are the same");
	pinned();
	without_book();
	is_int(facts_first_day(read), facts_first_day(made), "their first day is the same");
	is_int(facts_last_day(read), facts_last_day(made), "their last day");
	is_int(facts_as_of(read), facts_as_of(made), "the day they are asked as of");
	ok(!memcmp(made->head.hash, read->head.hash, HASH_BYTES), "their head");
	is_int(facts_columns(read, FACT_LEADS, &columns), facts_columns(made, FACT_LEADS, &columns), "their columns");
	ok(str_eq(facts_label(made, FACT_OPPORTUNITIES, 3, &arena), facts_label(read, FACT_OPPORTUNITIES, 3, &arena)),
	   "a deal's name is opened from the book");
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		bool same = facts_rows(read, f) == facts_rows(made, f);

		for (size_t i = 0; same && i < facts_columns(made, f, &columns); i++)
			same = facts_unresolved(made, f, str_of(columns[i]->name)) ==
			       facts_unresolved(read, f, str_of(columns[i]->name));
		ok(same, "rows and links of %s", fact_name(f));
	}
	facts_free(made);
	facts_free(read);
	read = load(book, false, INT64_MAX - 1);
	ok(!read->map && same_digest(read, digest), "as known at a time, they are made from the book");
	facts_free(read);
	arena_release(&arena);
	book_close(book);
}

/* All kinds of columns, own ones too, several sources and currencies, and a fact without rows. */
static void by_hand(void)
{
	struct facts *facts = company_facts(COMPANY_ALL), *read;
	const struct book_settings settings = { "Europe/Berlin", "EUR", 1, "By hand" };
	const struct snapshot_wanted wanted = { .today = 20000 };
	struct err err = ERR_INIT;
	unsigned char its[HASH_BYTES];
	char path[340], why[256];

	snprintf(path, sizeof(path), "%s.hand", help_path);
	facts_digest(facts, its);
	must(snapshot_write(facts, path, &err), &err);
	ok(snapshot_read(&read, path, &wanted, why) == SNAPSHOT_GOOD && same_digest(read, its), "facts made by hand");
	facts_free(read);
	facts_free(facts);
	must(facts_builder_new(&facts, &settings, &err), &err);
	for (uint32_t i = 0; i < 1000; i++) {
		uint32_t row = builder_row(facts, FACT_ORDERS, i % 7 ? STR("key") : STR(""));

		builder_source(facts, FACT_ORDERS, row, i < 500 ? STR("one") : STR("other"));
		builder_money(facts, builder_column(facts, FACT_ORDERS, "amount"), row, i, i % 2 ? "USD" : "JPY");
		builder_flag(facts,
			     builder_custom(facts, FACT_ORDERS, STR("own flag"), COLUMN_FLAG, STR("own sentence")), row,
			     i % 3);
		builder_name(facts, builder_custom(facts, FACT_ORDERS, STR("own"), COLUMN_NAME, STR_NONE), row,
			     i % 5 ? STR("a") : STR("b"));
	}
	facts_finish(facts, DATE_NONE);
	facts_digest(facts, its);
	facts_column(facts, FACT_ORDERS, STR("lead"))->width = 1;
	must(snapshot_write(facts, path, &err), &err);
	ok(snapshot_read(&read, path, &wanted, why) == SNAPSHOT_GOOD && same_digest(read, its),
	   "facts with own columns");
	is_int(facts_column(read, FACT_ORDERS, STR("lead"))->width, 4, "links of which there are none begin in full");
	ok(str_is(facts_source(read, FACT_ORDERS, 499), "one") && str_is(facts_source(read, FACT_ORDERS, 500), "other"),
	   "each row's source");
	is_str(facts_column(read, FACT_ORDERS, STR("own flag"))->def.sentence, "own sentence", "the map's sentence");
	facts_free(read);
	facts_free(facts);
}

/* ---- damage ---- */

static void flips(void)
{
	size_t len, wrong = 0;
	unsigned char *bytes = read_whole(columns_path, &len);
	uint64_t state = 7;
	char path[340];

	snprintf(path, sizeof(path), "%s.flipped", help_path);
	for (int i = 0; i < 200; i++) {
		size_t at;

		state = state * 6364136223846793005u + 1442695040888963407u;
		/* Half of them where the header, the directory and the hashes are. */
		at = (size_t)(state >> 20) % (i % 2 ? len : 4096);
		at = i % 4 == 2 ? len - 1 - at : at;
		bytes[at] ^= (unsigned char)(1u << (state >> 61));
		write_whole(path, bytes, len);
		wrong += try(path) != SNAPSHOT_DAMAGED;
		bytes[at] ^= (unsigned char)(1u << (state >> 61));
	}
	is_int(wrong, 0, "200 flipped bits, each found");
	for (size_t cut = 0; cut < 40; cut++) {
		write_whole(path, bytes, cut * len / 40);
		wrong += try(path) != SNAPSHOT_DAMAGED;
	}
	is_int(wrong, 0, "40 times cut off, each time found");
	write_whole(path, bytes, len);
	ok(try(path) == SNAPSHOT_GOOD, "put right, it is good");
	free(bytes);
}

static void passed_over(void)
{
	struct book *book = open_as(BOOK_READ);
	struct facts *facts, *folded = load(book, true, INT64_MAX);
	char text[1024];
	size_t len;
	unsigned char *bytes = read_whole(columns_path, &len);

	columns_check(book, folded, text);
	is_str(text, "", "nothing is wrong with it");
	bytes[len / 2] ^= 4;
	write_whole(columns_path, bytes, len);
	facts = load(book, false, INT64_MAX);
	ok(!facts->map && same_digest(facts, digest), "a damaged one is passed over");
	is_int(warnings, 1, "and said once");
	facts_free(facts);
	columns_check(book, folded, text);
	ok(strstr(text, columns_path) && strstr(text, "delete it"), "verify names it: %s", text);
	unlink(columns_path);
	facts = load(book, false, INT64_MAX);
	ok(!facts->map && same_digest(facts, digest), "none is needed");
	is_int(warnings, 1, "of which nothing is said");
	columns_check(book, folded, text);
	is_str(text, "", "nor is it missed");
	bytes[len / 2] ^= 4;
	write_whole(columns_path, bytes, len);
	facts_free(facts);
	facts_free(folded);
	free(bytes);
	book_close(book);
}

/* Another book's facts under this book's head: sound in itself, and still wrong. */
static void foreign(void)
{
	struct book *book = open_as(BOOK_READ);
	struct facts *folded = load(book, true, INT64_MAX), *other = company_facts(COMPANY_ALL);
	struct err err = ERR_INIT;
	char text[1024];

	other->head = folded->head;
	other->settings = folded->settings;
	must(snapshot_write(other, columns_path, &err), &err);
	columns_check(book, folded, text);
	ok(strstr(text, "other facts"), "verify compares what it holds: %s", text);
	facts_free(folded);
	facts_free(other);
	book_close(book);
	unlink(columns_path);
}

/* ---- the book goes on ---- */

static void goes_on(void)
{
	struct record_field field = { .code = FIELD_SOURCE, .value = { .kind = VALUE_TEXT, .as.text = STR("fair") } };
	struct record record = { .object = OBJECT_LEAD,
				 .source = STR("crm"),
				 .key = STR("one more"),
				 .observed_ms = 1,
				 .fields = &field,
				 .count = 1 };
	struct book *writer = open_as(BOOK_WRITE), *reader;
	enum append_result result;
	struct err err = ERR_INIT;
	struct facts *facts;

	refresh(writer);
	must(book_begin(writer, &err) || book_append(writer, &record, &help_context, &result, &err) ||
		     book_commit(writer, &err),
	     &err);
	reader = open_as(BOOK_READ);
	facts = load(reader, false, INT64_MAX);
	ok(facts->map && !same_digest(facts, digest), "an older one is gone on from");
	facts_digest(facts, digest);
	facts_free(facts);
	facts = load(reader, true, INT64_MAX);
	ok(same_digest(facts, digest), "to what the book holds");
	facts->head.seq--;
	must(snapshot_write(facts, columns_path, &err), &err);
	facts_free(facts);
	facts = load(reader, false, INT64_MAX);
	ok(!facts->map && same_digest(facts, digest), "one of a head that the chain does not go through is not used");
	facts_free(facts);
	refresh(writer);
	facts = load(reader, false, INT64_MAX);
	ok(facts->map != NULL, "made anew, it is");
	facts_digest(facts, digest);
	facts_free(facts);
	facts = load(reader, true, INT64_MAX);
	ok(same_digest(facts, digest), "and holds the same");
	facts_free(facts);
	book_close(reader);
	book_close(writer);
}

static void erased(void)
{
	struct record_field fields[] = { { .code = FIELD_EMAIL,
					   .value = { .kind = VALUE_TEXT, .as.text = STR("eve@example.com") } } };
	struct record record = { .object = OBJECT_LEAD,
				 .source = STR("crm"),
				 .key = STR("eve@example.com"),
				 .observed_ms = 1,
				 .fields = fields,
				 .count = 1 };
	struct book *book = open_as(BOOK_WRITE);
	struct erase_match *matches;
	struct erase_report report;
	struct err err = ERR_INIT;
	enum append_result result;
	struct arena arena;
	size_t count, len;
	unsigned char *bytes;

	arena_init(&arena);
	must(book_begin(book, &err) || book_append(book, &record, &help_context, &result, &err) ||
		     book_commit(book, &err),
	     &err);
	refresh(book);
	bytes = read_whole(columns_path, &len);
	ok(!memmem(bytes, len, "eve@example.com", 15), "a key that is an address stands by another name");
	free(bytes);
	must(book_find_person(book, STR("eve@example.com"), &matches, &count, &arena, &err), &err);
	write_whole(fresh_path, (const unsigned char *)"left", 4);
	must(book_erase(book, matches, count, &help_context, &report, &arena, &err), &err);
	ok(access(columns_path, F_OK) && access(fresh_path, F_OK), "before an erasure is done nothing of it is left");
	refresh(book);
	ok(!access(columns_path, F_OK), "and it is made again");
	book_close(book);
	arena_release(&arena);
}

/* ---- others at the same time, and sudden ends ---- */

static pid_t rewrite(int times)
{
	struct err err = ERR_INIT;
	struct book *book;
	struct facts *facts;
	pid_t child = fork();

	if (child)
		return child;
	book = open_as(BOOK_READ);
	facts = load(book, true, INT64_MAX);
	for (int i = 0; i < times; i++)
		must(snapshot_write(facts, columns_path, &err), &err);
	_exit(0);
}

static void rewritten(void)
{
	struct book *book = open_as(BOOK_READ);
	struct facts *facts = load(book, true, INT64_MAX);
	int good = 0, bad = 0, status;
	pid_t child;

	facts_digest(facts, digest);
	facts_free(facts);
	book_close(book);
	child = rewrite(60);
	do {
		if (try(columns_path) == SNAPSHOT_GOOD)
			good++;
		else
			bad++;
	} while (waitpid(child, &status, WNOHANG) == 0);
	ok(WIFEXITED(status) && !WEXITSTATUS(status) && good && !bad, "read while it is rewritten, it is always whole");
	for (int i = 0; i < 20; i++) {
		child = rewrite(1000);
		usleep((useconds_t)(2000 + 1500 * i));
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
		bad += try(columns_path) != SNAPSHOT_GOOD;
	}
	is_int(bad, 0, "killed 20 times while writing, it is always whole");
	write_whole(fresh_path, (const unsigned char *)"half of it", 10);
	ok(try(columns_path) == SNAPSHOT_GOOD, "what an interrupted writing left is not looked at");
	child = rewrite(1);
	waitpid(child, &status, 0);
	ok(!status && access(fresh_path, F_OK) && try(columns_path) == SNAPSHOT_GOOD, "and replaced by the next");
}

int main(void)
{
	help_folder_make();
	snprintf(columns_path, sizeof(columns_path), "%s.columns", help_path);
	snprintf(fresh_path, sizeof(fresh_path), "%s.new", columns_path);
	simulated();
	equal();
	by_hand();
	flips();
	passed_over();
	foreign();
	goes_on();
	erased();
	rewritten();
	help_folder_remove();
	return done();
}
