/* The one-connection rule: who holds the book for writing is the only one that writes and checkpoints it. A second one is refused,
 * whatever name it uses; readers change no byte of the book or its log, not even the last one to close, nor after a writer was killed. */
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include "base/date.h"
#include "book/private.h"
#include "book_help.h"
#include "facts/facts.h"

static void write_some(struct book *book, const char *prefix, int count)
{
	MUST(book_begin(book, err));
	for (int i = 0; i < count; i++) {
		char key[32], mail[48];
		snprintf(key, sizeof(key), "%s%d", prefix, i);
		snprintf(mail, sizeof(mail), "%s%d@example.com", prefix, i);
		struct record_field fields[] = { text_field(FIELD_EMAIL, mail), text_field(FIELD_REGION, "north") };

		help_append(book, OBJECT_LEAD, key, 1, fields, 2);
	}
	MUST(book_commit(book, err));
}

/* ---- what stands in the files ---- */

struct bytes {
	char *at;
	size_t len;
	bool there;
};

static struct bytes bytes_of(const char *suffix)
{
	struct bytes bytes = { 0 };
	char path[320];
	struct stat st;

	snprintf(path, sizeof(path), "%s%s", help_path, suffix);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return bytes;
	if (fstat(fd, &st) != 0)
		bug_at(__FILE__, __LINE__, "%s cannot be read", path);
	bytes = (struct bytes){ must_alloc((size_t)st.st_size + 1), (size_t)st.st_size, true };
	if (read(fd, bytes.at, bytes.len) != (ssize_t)bytes.len)
		bug_at(__FILE__, __LINE__, "%s cannot be read", path);
	close(fd);
	return bytes;
}

static bool same_bytes(struct bytes a, struct bytes b)
{
	bool same = a.there == b.there && a.len == b.len && (!a.len || memcmp(a.at, b.at, a.len) == 0);

	free(a.at);
	free(b.at);
	return same;
}

static int count_one(void *context, const struct state *state, struct err *err)
{
	(void)state;
	(void)err;
	++*(unsigned *)context;
	return 0;
}

/* Everything a reader does: the state, the facts (several connections), verify. */
static unsigned read_all(void)
{
	const struct facts_options options = { .known_at_ms = INT64_MAX, .today = DATE_NONE, .from_book = true };
	struct verify_options verify = { 0 };
	struct verify_result result;
	struct reading reading = READING_ALL;
	struct book *book = help_open(BOOK_READ), *other = help_open(BOOK_READ);
	struct facts *facts;
	unsigned count = 0;

	MUST(book_states(book, OBJECT_NONE, &reading, count_one, &count, err));
	MUST(facts_load(&facts, other, &options, err));
	facts_free(facts);
	MUST(book_verify(help_path, &verify, &result, err));
	book_close(other);
	book_close(book);
	return result.fault == VERIFY_SOUND ? count : 0;
}

static void check_readers(const char *when, unsigned records)
{
	struct bytes book = bytes_of(""), log = bytes_of("-wal"), keys = bytes_of(".keys"),
		     columns = bytes_of(".columns");

	ok(log.len > 4096, "%s: the log holds %zu bytes", when, log.len);
	is_int(read_all(), records, "%s: readers see every record", when);
	pid_t pid = fork();
	int status = 1;
	if (pid == 0)
		_exit(read_all() == records ? 0 : 1);
	waitpid(pid, &status, 0);
	is_int(status, 0, "%s: and so do those of another process", when);
	ok(same_bytes(book, bytes_of("")), "%s: no byte of the book is another", when);
	ok(same_bytes(log, bytes_of("-wal")), "%s: nor of its log", when);
	ok(same_bytes(keys, bytes_of(".keys")) && same_bytes(columns, bytes_of(".columns")),
	   "%s: nor of what stands beside it", when);
}

/* ---- who writes ---- */

static _Noreturn void hold(int tell, unsigned records)
{
	struct book *book = help_open(BOOK_WRITE);

	write_some(book, "held", (int)records);
	if (write(tell, "x", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static pid_t start_holder(unsigned records)
{
	int ends[2];
	char c;

	if (pipe(ends) != 0)
		bug_at(__FILE__, __LINE__, "no pipe");
	pid_t pid = fork();
	if (pid == 0)
		hold(ends[1], records);
	close(ends[1]);
	if (read(ends[0], &c, 1) != 1)
		bug_at(__FILE__, __LINE__, "the holder did not start");
	close(ends[0]);
	return pid;
}

static void check_refused(const char *path, pid_t holder, const char *what)
{
	struct book *book = NULL;
	struct err err = ERR_INIT;
	char process[48];

	snprintf(process, sizeof(process), "process %ld (", (long)holder);
	is_int(book_open(&book, path, BOOK_WRITE, &err), ERR_STATE, "%s: refused", what);
	ok(strstr(err.text, process) && strstr(err.text, "book_readers"), "%s: and told by whom it is held: %s", what,
	   err.text);
	book_close(book);
}

/* A question that puts the columns in place holds the book for a moment; who wants to write then is not refused. */
static void test_held_for_a_moment(void)
{
	const struct timespec moment = { .tv_nsec = 200000000 };
	struct book *book = NULL;
	struct err why = ERR_INIT;
	int ends[2], status = -1;
	char c;

	if (pipe(ends) != 0)
		bug_at(__FILE__, __LINE__, "no pipe");
	pid_t pid = fork();
	if (pid == 0) {
		struct book *reader = help_open(BOOK_READ);
		bool held = book_hold(reader);

		if (write(ends[1], "x", 1) != 1)
			held = false;
		nanosleep(&moment, NULL);
		book_close(reader);
		_exit(held ? 0 : 1);
	}
	close(ends[1]);
	if (read(ends[0], &c, 1) != 1)
		bug_at(__FILE__, __LINE__, "nobody holds the book");
	close(ends[0]);
	is_int(book_open(&book, help_path, BOOK_WRITE, &why), 0,
	       "a writer waits for who holds the book for a moment %s", why.text);
	waitpid(pid, &status, 0);
	is_int(status, 0, "who held it, although the process that wrote before was killed");
	book_close(book);
}

/* The engine itself: a reading connection cannot write, whatever it is asked. */
static void test_reading_connection(void)
{
	const struct engine_value params[] = { engine_int(1), engine_int(1), engine_int(1) };
	struct engine *engine;
	struct err why = ERR_INIT;

	MUST(engine_sqlite.open(&engine, help_path, false, err));
	ok(engine_sqlite.run(engine, STATEMENT_NOTE_ADD, params, 3, NULL, NULL, &why) != 0,
	   "a reading connection refuses to write: %s", why.text);
	ok(engine_sqlite.compact(engine, &why) != 0, "and to make the file anew");
	engine_sqlite.close(engine);
}

/* ---- what a reader sees meanwhile ---- */

struct seen {
	unsigned versions;
	bool region;
};

static int see(void *context, const struct state *state, struct err *err)
{
	struct seen *seen = context;

	(void)err;
	seen->versions = state->versions;
	seen->region = record_get(&state->record, FIELD_REGION) != NULL;
	return 0;
}

static int see_nothing(void *context, const struct state *state, struct err *err)
{
	(void)context;
	(void)state;
	(void)err;
	return 0;
}

static void say(struct book *book, const char *name, const char *region, int64_t observed_ms)
{
	struct record_field fields[] = { text_field(FIELD_NAME, name), text_field(FIELD_REGION, region) };

	MUST(book_begin(book, err));
	help_append(book, OBJECT_CONTACT, "c", observed_ms, fields, 2);
	MUST(book_commit(book, err));
}

/* Another process, which begins to write when it is told. SQLite's connections must not come from before a fork. */
static pid_t start_writer(int *tell, int count)
{
	int ends[2];
	char c;

	if (pipe(ends) != 0)
		bug_at(__FILE__, __LINE__, "no pipe");
	pid_t pid = fork();
	if (pid == 0) {
		close(ends[1]);
		if (read(ends[0], &c, 1) != 1)
			_exit(1);
		struct book *book = help_open(BOOK_WRITE);
		write_some(book, "more", count);
		book_close(book);
		_exit(0);
	}
	close(ends[0]);
	*tell = ends[1];
	return pid;
}

/* A process that opened the book twice, as loading facts does, still has its locks when it closed one of the two: a writer that closes
 * in another process must not think itself alone, or it takes away what is being read. */
static void test_opened_twice(void)
{
	struct reading reading = READING_ALL;
	struct book *book = help_fresh();
	unsigned count = 0;
	int tell, status = -1;

	write_some(book, "first", 50);
	book_close(book);
	pid_t writer = start_writer(&tell, 2000);
	struct book *reader = help_open(BOOK_READ);
	book_close(help_open(BOOK_READ));
	if (write(tell, "x", 1) != 1)
		bug_at(__FILE__, __LINE__, "the writer is not there");
	close(tell);
	waitpid(writer, &status, 0);
	is_int(status, 0, "a writer comes and goes while somebody reads");
	struct bytes log = bytes_of("-wal");
	ok(log.len > 4096, "and leaves the log: %zu bytes", log.len);
	free(log.at);
	MUST(book_states(reader, OBJECT_NONE, &reading, count_one, &count, err));
	is_int(count, 50, "the reader goes on seeing what it saw");
	book_close(reader);
	is_int(read_all(), 2050, "whoever opens the book next sees all");
}

/* Its two observations are of one time and differ in what is sealed alone, so they are read again, by another connection. */
static void test_scan_stands_still(void)
{
	const struct reading reading = READING_ALL;
	struct book *book = help_fresh();
	struct book_scan *scan;
	struct seen seen = { 0 };

	say(book, "Ada", "", 5);
	say(book, "Bob", "", 5);
	struct book *reader = help_open(BOOK_READ);
	say(book, "Eve", "south", 9);
	MUST(book_scan_open(&scan, reader, &reading, SCAN_STRETCH, err));
	MUST(book_scan_first(scan, 0, see_nothing, NULL, err));
	MUST(book_scan_repeated(scan, 0, see, see_nothing, &seen, err));
	is_int(seen.versions, 2, "what is committed while all is read is not told");
	ok(!seen.region, "nor is anything that it says");
	book_scan_close(scan);
	book_close(reader);
	book_close(book);
}

/* ---- a look that fails ---- */

static int fail_once;

static int fail_or_run(struct engine *engine, int statement, const struct engine_value *params, int count,
		       engine_row_fn *row, void *context, struct err *err)
{
	if (statement == STATEMENT_META_GET && fail_once > 0 && --fail_once == 0)
		return err_set(err, ERR_SYSTEM, "the disk does not answer");
	return engine_sqlite.run(engine, statement, params, count, row, context, err);
}

/* What the reader has of the people's keys cannot be read until it is put back. Returns what puts it back. */
static int spoil_keys(int *fd)
{
	char name[64], path[320], keys[320];
	int kept;

	snprintf(keys, sizeof(keys), "%s.keys", help_path);
	for (*fd = 3; *fd < 256; ++*fd) {
		snprintf(name, sizeof(name), "/proc/self/fd/%d", *fd);
		ssize_t len = readlink(name, path, sizeof(path) - 1);

		path[len > 0 ? len : 0] = '\0';
		if (strcmp(path, keys) == 0 && (fcntl(*fd, F_GETFL) & O_ACCMODE) == O_RDONLY)
			break;
	}
	kept = dup(*fd);
	int unreadable = open(keys, O_WRONLY | O_CLOEXEC);
	if (kept < 0 || unreadable < 0 || dup2(unreadable, *fd) != *fd)
		bug_at(__FILE__, __LINE__, "the reader's keys are not found");
	close(unreadable);
	return kept;
}

static void test_renewed_in_part(void)
{
	const struct reading open = { INT64_MAX, true };
	struct engine_ops failing = engine_sqlite;
	struct book *book = help_fresh(), *reader;
	int fd, kept;
	struct arena arena;
	struct state state;
	struct err why = ERR_INIT;
	bool found = false;

	failing.run = fail_or_run;
	write_some(book, "first", 1);
	reader = help_open(BOOK_READ);
	reader->ops = &failing;
	write_some(book, "later", 1);
	fail_once = 2;
	is_int(book_renew(reader, &why), ERR_SYSTEM, "looking for the last commit fails half way");
	kept = spoil_keys(&fd);
	is_int(book_renew(reader, &why), ERR_SYSTEM, "and then the keys cannot be read: %s", why.text);
	dup2(kept, fd);
	close(kept);
	MUST(book_renew(reader, err));
	arena_init(&arena);
	MUST(book_state_of(reader, OBJECT_LEAD, STR("crm"), STR("later0"), &open, &state, &found, &arena, err));
	ok(found && !state.erased, "looking again finds what was written, and the keys that open it");
	arena_release(&arena);
	book_close(reader);
	book_close(book);
}

/* ---- a file that is another program's ---- */

static void test_foreign(void)
{
	struct err why = ERR_INIT;
	struct book *book = NULL;
	sqlite3 *db;

	help_folder_empty();
	if (sqlite3_open(help_path, &db) != SQLITE_OK ||
	    sqlite3_exec(db, "CREATE TABLE entry (a); INSERT INTO entry VALUES (1)", NULL, NULL, NULL) != SQLITE_OK)
		bug_at(__FILE__, __LINE__, "no database of another program");
	sqlite3_close(db);
	struct bytes before = bytes_of("");
	is_int(book_open(&book, help_path, BOOK_WRITE, &why), ERR_DAMAGED, "another program's database is refused: %s",
	       why.text);
	struct bytes after = bytes_of("");
	ok(after.len == before.len && memcmp(after.at, before.at, before.len) == 0, "and not a byte of it is changed");
	free(before.at);
	free(after.at);
}

int main(void)
{
	char link_path[320];

	help_folder_make();
	snprintf(link_path, sizeof(link_path), "%s/other-name", help_folder);
	struct book *book = help_fresh();
	write_some(book, "first", 50);
	book_close(book);

	pid_t holder = start_holder(200);
	check_refused(help_path, holder, "a second writer");
	if (symlink("book", link_path) != 0)
		bug_at(__FILE__, __LINE__, "no link");
	check_refused(link_path, holder, "by another name");
	check_readers("beside a writer", 250);
	check_refused(help_path, holder, "after readers came and went");
	test_reading_connection();
	kill(holder, SIGKILL);
	waitpid(holder, NULL, 0);
	check_readers("after a writer was killed", 250);
	test_held_for_a_moment();
	book = help_open(BOOK_WRITE);
	write_some(book, "last", 10);
	book_close(book);
	is_int(read_all(), 260, "the next writer takes over, with all of it");
	help_sound("in the end");
	test_opened_twice();
	test_scan_stands_still();
	test_renewed_in_part();
	test_foreign();
	help_folder_remove();
	return done();
}
