/* verify finds a flipped bit in any column of an entry (in the bytes of the file: book_flips.c), a cut tail, a state that differs, keys that are not there. */
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include "book/engine.h"
#include "book_help.h"

static uint64_t dice = 42;

static unsigned roll(unsigned sides)
{
	dice = dice * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(dice >> 33) % sides;
}

static void fill(void)
{
	struct book *book = help_fresh();

	for (int i = 0; i < 60; i++) {
		char key[16], name[32], mail[48], region[32];
		snprintf(key, sizeof(key), "c%d", i % 40);
		snprintf(name, sizeof(name), "Person %d", i);
		snprintf(mail, sizeof(mail), "p%d@example.com", i % 40);
		snprintf(region, sizeof(region), "canary-region-%d", i);
		struct record_field fields[] = { text_field(FIELD_NAME, name), text_field(FIELD_EMAIL, mail),
						 text_field(FIELD_REGION, region) };

		MUST(book_begin(book, err));
		help_append(book, OBJECT_CONTACT, key, i, fields, 3);
		MUST(book_commit(book, err));
	}
	book_close(book);
}

static struct verify_result check(const struct book_head *expect)
{
	struct verify_options options = { .expect = expect };
	struct verify_result result;

	MUST(book_verify(help_path, &options, &result, err));
	return result;
}

static void sql(const char *text)
{
	sqlite3 *db;
	char *message = NULL;

	if (sqlite3_open(help_path, &db) != SQLITE_OK || sqlite3_exec(db, text, NULL, NULL, &message) != SQLITE_OK)
		bug_at(__FILE__, __LINE__, "%s: %s", text, message ? message : "?");
	sqlite3_close(db);
}

static const char *const columns[] = { "rowid",       "kind",        "object", "source",     "key",     "subject",
				       "observed_ms", "recorded_ms", "actor",  "import_seq", "payload", "hash" };

/* One bit of one column of one entry, through SQL: number columns by a number, the others by a byte. */
static bool flip_column(sqlite3 *db, unsigned seq, const char *column, bool *done)
{
	char text[160];
	sqlite3_stmt *read, *put;
	bool found = false;

	*done = false;
	snprintf(text, sizeof(text), "SELECT %s FROM entry WHERE rowid = %u", column, seq);
	if (sqlite3_prepare_v2(db, text, -1, &read, NULL) != SQLITE_OK || sqlite3_step(read) != SQLITE_ROW)
		bug_at(__FILE__, __LINE__, "%s", sqlite3_errmsg(db));
	int type = sqlite3_column_type(read, 0), len = sqlite3_column_bytes(read, 0);
	unsigned char bytes[4096];
	int64_t number = sqlite3_column_int64(read, 0) ^ (int64_t)((uint64_t)1 << roll(40));
	if (type != SQLITE_INTEGER && len > 0 && len < (int)sizeof(bytes)) {
		memcpy(bytes, sqlite3_column_blob(read, 0), (size_t)len);
		bytes[roll((unsigned)len)] ^= (unsigned char)(1u << roll(8));
	}
	sqlite3_finalize(read);
	if (type != SQLITE_INTEGER && (len == 0 || len >= (int)sizeof(bytes)))
		return false;
	sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
	snprintf(text, sizeof(text), "UPDATE entry SET %s = ?1 WHERE rowid = %u", column, seq);
	sqlite3_prepare_v2(db, text, -1, &put, NULL);
	if (type == SQLITE_INTEGER)
		sqlite3_bind_int64(put, 1, number);
	else if (type == SQLITE_TEXT)
		sqlite3_bind_text(put, 1, (char *)bytes, len, SQLITE_TRANSIENT);
	else
		sqlite3_bind_blob(put, 1, bytes, len, SQLITE_TRANSIENT);
	*done = sqlite3_step(put) == SQLITE_DONE;
	sqlite3_finalize(put);
	sqlite3_exec(db, *done ? "COMMIT" : "ROLLBACK", NULL, NULL, NULL);
	if (*done)
		found = check(NULL).fault != VERIFY_SOUND;
	return found;
}

static void copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ssize_t n = 0;

	while (in >= 0 && out >= 0 && (n = sendfile(out, in, NULL, 1 << 20)) > 0)
		;
	if (in < 0 || out < 0 || n != 0)
		bug_at(__FILE__, __LINE__, "cannot copy %s", from);
	close(in);
	close(out);
}

static void put_back(const char *saved)
{
	char name[400];

	snprintf(name, sizeof(name), "%s-wal", help_path);
	unlink(name);
	snprintf(name, sizeof(name), "%s-shm", help_path);
	unlink(name);
	copy_file(saved, help_path);
}

static void test_columns(const char *saved)
{
	int tried = 0, missed = 0, named = 0;

	for (unsigned i = 0; i < 48; i++) {
		const char *column = columns[i % 12];
		unsigned seq = 1 + roll(61);
		sqlite3 *db;
		bool flipped;

		put_back(saved);
		sqlite3_open(help_path, &db);
		bool found = flip_column(db, seq, column, &flipped);
		sqlite3_close(db);
		if (!flipped)
			continue;
		tried++;
		missed += !found;
		struct verify_result result = check(NULL);
		named += result.fault == VERIFY_CHAIN && (result.seq == seq || strcmp(column, "rowid") == 0);
		if (!found)
			printf("# missed: entry %u, %s\n", seq, column);
	}
	is_int(missed, 0, "%d bits flipped in columns are all found", tried);
	is_int(named, tried, "and the entry is named");
}

static void test_head(const char *saved)
{
	put_back(saved);
	struct book_head head = check(NULL).head, other = head;

	is_int((long long)head.seq, 61, "the head is the last entry");
	is_int(check(&head).fault, VERIFY_SOUND, "a head that is there");
	other.hash[3] ^= 1;
	is_int(check(&other).fault, VERIFY_HEAD, "a head that is another");
	sql("DELETE FROM entry WHERE rowid > 55; UPDATE state SET versions = versions");
	is_int(check(&head).fault, VERIFY_HEAD, "a tail cut off is found by the head that was printed");
	put_back(saved);
	sql("DELETE FROM entry WHERE rowid = 30");
	struct verify_result result = check(NULL);
	ok(result.fault == VERIFY_CHAIN && result.seq == 30, "an entry taken out is named: %s", result.text);
}

/* SQLite may number anew what has no column for its number. Entries keep theirs. */
static void test_vacuum(const char *saved)
{
	put_back(saved);
	struct book_head head = check(NULL).head;
	sql("VACUUM");
	struct verify_result result = check(&head);
	ok(result.fault == VERIFY_SOUND && result.head.seq == head.seq, "vacuumed, each entry has its number: %s",
	   result.text);
}

static void test_state(const char *saved)
{
	static const struct {
		const char *sql, *says;
	} cases[] = {
		{ "UPDATE state SET payload = (SELECT payload FROM state WHERE subject = 20) WHERE subject = 10",
		  "differs" },
		{ "UPDATE state SET versions = versions + 1 WHERE subject = 7", "versions" },
		{ "UPDATE state SET observed_ms = 0 WHERE subject = 8", "observed" },
		{ "DELETE FROM state WHERE subject = 7", "lacks" },
		{ "INSERT INTO state SELECT 9999, book_id, observed_ms, standing_seq, first_seq, last_seq, versions, person, "
		  "erased, row_match, payload FROM state WHERE subject = 7",
		  "no entry speaks" },
		{ "INSERT INTO state SELECT 30, book_id, observed_ms, 30, 30, 30, 1, person, erased, row_match, payload "
		  "FROM state WHERE subject = 7",
		  "stands in its one entry" },
		{ "DELETE FROM note WHERE kind = 1", "settings" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		put_back(saved);
		sql(cases[i].sql);
		struct verify_result result = check(NULL);
		ok(result.fault != VERIFY_SOUND && strstr(result.text, cases[i].says), "%s: %s", cases[i].says,
		   result.text);
	}
}

/* As many in the list of entries as there are, but one is not of that kind. */
static void test_notes(const char *saved)
{
	put_back(saved);
	struct book *book = help_open(BOOK_WRITE);
	MUST(book_begin(book, err));
	MUST(book_note_file(book, STR("rejected.csv"), NULL, &help_context, err));
	MUST(book_commit(book, err));
	book_close(book);
	help_sound("with a file noted");
	sql("UPDATE note SET seq = 20 WHERE kind = 7");
	struct verify_result result = check(NULL);
	ok(result.fault == VERIFY_STATE && strstr(result.text, "list of entries of kind 7"), "%s", result.text);
}

/* ---- memory ---- */

static sqlite3_mem_methods memory;
static int refuse_at; /* counted down; 0: none is refused */

static void *scarce(int size)
{
	return refuse_at && --refuse_at == 0 ? NULL : memory.xMalloc(size);
}

/* Before SQLite is asked for anything. */
static void make_memory_scarce(void)
{
	sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory);
	sqlite3_mem_methods methods = memory;
	methods.xMalloc = scarce;
	sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
}

static void test_memory(const char *saved)
{
	unsigned refused = 0, damaged = 0;
	bool done = false;

	put_back(saved);
	for (int i = 1; !done; i++) {
		struct err why = ERR_INIT;
		struct engine *engine;

		MUST(engine_sqlite.open(&engine, help_path, false, err));
		refuse_at = i;
		int rc = engine_sqlite.check(engine, &why);
		done = refuse_at > 0;
		refuse_at = 0;
		engine_sqlite.close(engine);
		refused += rc == ERR_SYSTEM;
		damaged += rc == ERR_DAMAGED;
	}
	is_int(damaged, 0, "where memory is refused no damage is found");
	ok(refused > 0, "but it is said: %u times", refused);
}

/* Every byte of the head, of a person with an address, and of the last one: found by verify and by whoever would write. */
static void test_key_places(const char *keys, const char *aside)
{
	static const off_t places[] = { 0, 7, 40 };

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		int missed = 0, opened = 0, unnamed = 0;
		char name[32];

		snprintf(name, sizeof(name), places[i] ? "person %d" : "keys file", (int)places[i]);
		for (off_t at = places[i] * 64; at < places[i] * 64 + 64; at++) {
			struct book *book = NULL;
			struct err refusal = ERR_INIT;
			unsigned char c;

			copy_file(aside, keys);
			int fd = open(keys, O_RDWR);
			if (pread(fd, &c, 1, at) != 1)
				bug_at(__FILE__, __LINE__, "the keys file is shorter than it should be");
			c ^= (unsigned char)(1 << (at % 8));
			if (pwrite(fd, &c, 1, at) != 1)
				bug_at(__FILE__, __LINE__, "cannot write the keys file");
			close(fd);
			struct verify_result result = check(NULL);
			missed += result.fault != VERIFY_KEYS;
			unnamed += !strstr(result.text, name);
			opened += book_open(&book, help_path, BOOK_WRITE, &refusal) == 0;
			book_close(book);
		}
		is_int(missed, 0, "a bit flipped in any byte of place %d of the keys is found", (int)places[i]);
		is_int(unnamed, 0, "and named");
		is_int(opened, 0, "and such keys are not written to");
	}
}

static void test_keys(const char *saved)
{
	char keys[400], aside[400];

	snprintf(keys, sizeof(keys), "%s.keys", help_path);
	snprintf(aside, sizeof(aside), "%s/aside", help_folder);
	put_back(saved);
	copy_file(keys, aside);
	unlink(keys);
	is_int(check(NULL).fault, VERIFY_KEYS, "keys that are not there");
	copy_file(aside, keys);
	int fd = open(keys, O_WRONLY);
	static const char zeros[64];
	is_int(pwrite(fd, zeros, 64, 64 * 5), 64, "a key lost");
	close(fd);
	struct verify_result result = check(NULL);
	ok(result.fault == VERIFY_KEYS && strstr(result.text, "person 5"), "is named: %s", result.text);
	copy_file(aside, keys);
	fd = open(keys, O_WRONLY);
	is_int(pwrite(fd, "x", 1, 64 * 5), 1, "a key changed");
	close(fd);
	is_int(check(NULL).fault, VERIFY_KEYS, "is found");
	test_key_places(keys, aside);
	struct book *book = NULL;
	struct err refusal = ERR_INIT;
	copy_file(aside, keys);
	is_int(truncate(keys, 64 * 20), 0, "keys older than the book");
	ok(check(NULL).fault == VERIFY_KEYS, "are found");
	is_int(book_open(&book, help_path, BOOK_WRITE, &refusal), ERR_STATE, "and refused: %s", refusal.text);
	copy_file(aside, keys);
	is_int(check(NULL).fault, VERIFY_SOUND, "all put back is sound");
}

static int count_one(void *context, const struct state *state, struct err *err)
{
	(void)state;
	(void)err;
	++*(int *)context;
	return 0;
}

static int count_states(struct book *book)
{
	struct reading reading = READING_ALL;
	int count = 0;

	MUST(book_states(book, OBJECT_NONE, &reading, count_one, &count, err));
	return count;
}

/* A book whose state was made by another version of the fold. */
static void test_migration(const char *saved)
{
	put_back(saved);
	sql("UPDATE meta SET value = 0 WHERE name = 'fold'; DELETE FROM state");
	is_int(check(NULL).fault, VERIFY_SOUND, "an older state is no fault");
	struct book *book = help_open(BOOK_READ);
	is_int(count_states(book), 40, "a reader folds for itself");
	book_close(book);
	book = help_open(BOOK_WRITE);
	is_int(count_states(book), 40, "a writer makes the state anew");
	book_close(book);
	help_sound("after making it anew");
	book = help_open(BOOK_READ);
	is_int(count_states(book), 40, "which is read then");
	book_close(book);
}

static void test_format(const char *saved)
{
	static const char *const cases[][2] = {
		{ "DELETE FROM meta WHERE name = 'format'", "earlier build" },
		{ "UPDATE meta SET value = value - 1 WHERE name = 'format'", "earlier build" },
		{ "UPDATE meta SET value = value + 1 WHERE name = 'format'", "newer Lockstep" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct book *book;
		struct err read = ERR_INIT, write = ERR_INIT;

		put_back(saved);
		sql(cases[i][0]);
		is_int(book_open(&book, help_path, BOOK_READ, &read), ERR_STATE, "tables of another format: %s",
		       read.text);
		is_int(book_open(&book, help_path, BOOK_WRITE, &write), ERR_STATE, "are not written to");
		ok(strstr(read.text, cases[i][1]) && strstr(write.text, cases[i][1]), "and it is said why");
	}
}

static void test_backup(void)
{
	char to[400], keys[400], path[400];
	struct book_head head, restored;
	struct err refusal = ERR_INIT;
	struct stat st;
	struct verify_options options = { 0 };
	struct verify_result result;

	snprintf(to, sizeof(to), "%s/copy", help_folder);
	snprintf(keys, sizeof(keys), "%s/copy-keys", help_folder);
	snprintf(path, sizeof(path), "%s/second", help_folder);
	fill();
	struct book *book = help_open(BOOK_WRITE);
	MUST(book_begin(book, err));
	struct record_field field = text_field(FIELD_REGION, "not committed");
	help_append(book, OBJECT_CONTACT, "new", 1, &field, 1);
	is_int(book_backup(help_path, to, keys, &head, &refusal), 0, "a copy while a transaction is open");
	book_rollback(book);
	book_close(book);
	is_int((long long)head.seq, 61, "is of what is committed");
	ok(stat(keys, &st) == 0 && (st.st_mode & 0777) == 0600, "the keys' copy is for the owner only");
	is_int(book_backup(help_path, to, NULL, &head, &refusal), ERR_STATE, "a copy is not written over another file");
	unlink(to);
	is_int(book_backup(help_path, to, keys, &head, &refusal), 0,
	       "again, where only the keys had been put in place");
	unlink(to);
	is_int(book_backup(help_path, to, help_path, &head, &refusal), ERR_STATE,
	       "keys are not written over another file");
	ok(access(to, F_OK) != 0, "and nothing else is written then");
	MUST(book_backup(help_path, to, keys, &head, err));
	is_int(book_restore(to, help_path, keys, &restored, &refusal), ERR_STATE, "nor a book restored over one");
	is_int(book_restore(to, path, keys, &restored, &refusal), 0, "restored elsewhere: %s", refusal.text);
	unlink(path);
	is_int(book_restore(to, path, keys, &restored, &refusal), 0,
	       "again, where only the keys had been put in place: %s", refusal.text);
	ok(restored.seq == head.seq && memcmp(restored.hash, head.hash, HASH_BYTES) == 0, "with the same head");
	MUST(book_verify(path, &options, &result, err));
	is_int(result.fault, VERIFY_SOUND, "sound: %s", result.text);
	MUST(book_open(&book, path, BOOK_WRITE, err));
	is_int(count_states(book), 40, "and usable");
	book_close(book);
	char bare[400], bare_keys[420];
	snprintf(bare, sizeof(bare), "%s/bare", help_folder);
	snprintf(bare_keys, sizeof(bare_keys), "%s.keys", bare);
	is_int(book_restore(to, bare, NULL, &restored, &refusal), ERR_STATE, "without keys a copy is not put back");
	MUST(book_create(bare, &help_settings, 1, err));
	unlink(bare);
	is_int(book_restore(to, bare, NULL, &restored, &refusal), ERR_STATE, "nor with another book's: %s",
	       refusal.text);
	is_int(book_restore(to, bare, keys, &restored, &refusal), ERR_STATE, "which stay where they are");
	ok(strstr(refusal.text, "move them away") && access(bare_keys, F_OK) == 0, "and it is said what to do: %s",
	   refusal.text);
	ok(access(bare, F_OK) != 0, "and nothing is left of it");
	/* A copy that was damaged is not put back. */
	char third[400];
	snprintf(third, sizeof(third), "%s/third", help_folder);
	sqlite3 *db;
	sqlite3_open(to, &db);
	sqlite3_exec(db, "UPDATE entry SET actor = 'x' WHERE rowid = 9", NULL, NULL, NULL);
	sqlite3_close(db);
	is_int(book_restore(to, third, keys, &restored, &refusal), ERR_DAMAGED, "a damaged copy is refused: %s",
	       refusal.text);
	ok(access(third, F_OK) != 0, "and nothing is left of it");
}

/* A copy of the one file, in a folder where nothing may be made: read all the same, and nothing is written. */
static void test_lonely_file(void)
{
	struct err refusal = ERR_INIT;
	struct book *book = NULL;
	char name[400];

	fill();
	snprintf(name, sizeof(name), "%s-wal", help_path);
	unlink(name);
	snprintf(name, sizeof(name), "%s-shm", help_path);
	unlink(name);
	is_int(book_open(&book, help_path, BOOK_READ, &refusal), 0, "a book without its log is read");
	is_int(count_states(book), 40, "whole");
	book_close(book);
	unlink(name);
	if (geteuid() == 0) {
		skip("root may write everywhere");
		return;
	}
	chmod(help_folder, 0500);
	is_int(book_open(&book, help_path, BOOK_READ, &refusal), 0, "also where nothing may be written: %s",
	       refusal.text);
	is_int(book ? count_states(book) : 0, 40, "whole");
	book_close(book);
	chmod(help_folder, 0700);
}

int main(void)
{
	char saved[400];

	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 1);
	make_memory_scarce();
	help_folder_make();
	snprintf(saved, sizeof(saved), "%s/saved", help_folder);
	fill();
	copy_file(help_path, saved);
	help_sound("as written");
	test_columns(saved);
	test_head(saved);
	test_vacuum(saved);
	test_notes(saved);
	test_memory(saved);
	test_state(saved);
	test_keys(saved);
	test_format(saved);
	test_migration(saved);
	test_backup();
	test_lonely_file();
	help_folder_remove();
	return done();
}
