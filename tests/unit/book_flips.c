/* One bit of a book is another: verify finds it and says where, each of 2,000 times in the entries as they stand in the file, 2,000 times
 * in the columns snapshot, 500 times in the keys. The same dice each time.
 *
 * One bit of each entry says nothing: its number stands before the record, so SQLite writes "null" (0) as the type of that column inside and
 * passes over it. As 8 it would be the constant 0, which takes no room either; with any other bit the columns behind are read wrongly. */
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include "base/date.h"
#include "book_help.h"
#include "desk/columns.h"
#include "desk/simulate.h"

enum { FLIPS = 2000, KEY_FLIPS = 500, KEY_PLACE = 64, ENTRIES_MAX = 65536, LEADS = 12, SAYS_NOTHING = 8 };

static unsigned roll(unsigned sides)
{
	static uint64_t dice = 42;

	dice = dice * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)((dice >> 33) % sides);
}

/* ---- where the entries stand in the file ---- */

struct place {
	size_t at, len, number_type; /* the last from `at` */
	uint64_t seq;
};

static struct {
	unsigned char *bytes;
	size_t len, page;
	struct place *places;
	size_t count;
} file;

static size_t varint(const unsigned char *at, uint64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < 8; i++) {
		*out = *out << 7 | (at[i] & 0x7f);
		if (!(at[i] & 0x80))
			return i + 1;
	}
	*out = *out << 8 | at[8];
	return 9;
}

static unsigned big16(const unsigned char *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

static unsigned big32(const unsigned char *at)
{
	return big16(at) << 16 | big16(at + 2);
}

/* A table's tree, as https://sqlite.org/fileformat2.html has it. Entries too long for a page go on elsewhere: their beginning counts. */
static void walk(unsigned number)
{
	size_t start = (number - 1) * file.page, head = start + (number == 1 ? 100 : 0);
	const unsigned char *page = file.bytes + head;
	unsigned cells = big16(page + 3);
	bool leaf = page[0] == 13;

	if (!leaf && page[0] != 5)
		bug_at(__FILE__, __LINE__, "page %u is of kind %d", number, page[0]);
	for (unsigned i = 0; i < cells; i++) {
		size_t at = start + big16(page + (leaf ? 8 : 12) + 2 * (size_t)i);
		uint64_t len, seq;

		if (!leaf) {
			walk(big32(file.bytes + at));
			continue;
		}
		size_t head_len = varint(file.bytes + at, &len);
		head_len += varint(file.bytes + at + head_len, &seq);
		if (file.count == ENTRIES_MAX)
			bug_at(__FILE__, __LINE__, "too many entries");
		size_t whole = head_len + (size_t)len, here = start + file.page - at;
		file.places[file.count++] = (struct place){ at, whole < here ? whole : here, head_len + 1, seq };
	}
	if (!leaf)
		walk(big32(page + 8));
}

static unsigned root_of_entries(void)
{
	sqlite3_stmt *statement;
	sqlite3 *db;

	if (sqlite3_open(help_path, &db) != SQLITE_OK ||
	    sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, "SELECT rootpage FROM sqlite_master WHERE name = 'entry'", -1, &statement, NULL) !=
		    SQLITE_OK ||
	    sqlite3_step(statement) != SQLITE_ROW)
		bug_at(__FILE__, __LINE__, "%s", sqlite3_errmsg(db));
	unsigned root = (unsigned)sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return root;
}

static unsigned char *read_whole(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		bug_at(__FILE__, __LINE__, "%s cannot be read", path);
	unsigned char *bytes = must_alloc((size_t)st.st_size);
	*len = (size_t)st.st_size;
	if (read(fd, bytes, *len) != (ssize_t)*len)
		bug_at(__FILE__, __LINE__, "%s cannot be read", path);
	close(fd);
	return bytes;
}

static void read_places(void)
{
	unsigned root = root_of_entries();

	file.bytes = read_whole(help_path, &file.len);
	file.page = big16(file.bytes + 16);
	file.places = must_calloc(ENTRIES_MAX, sizeof(*file.places));
	walk(root);
}

/* ---- flipping ---- */

static void put(int fd, size_t at, unsigned char byte)
{
	if (pwrite(fd, &byte, 1, (off_t)at) != 1)
		bug_at(__FILE__, __LINE__, "cannot write");
}

static int open_rw(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		bug_at(__FILE__, __LINE__, "%s cannot be opened", path);
	return fd;
}

static struct verify_result verify(void)
{
	struct verify_options options = { 0 };
	struct verify_result result;

	MUST(book_verify(help_path, &options, &result, err));
	return result;
}

static void test_entries(void)
{
	unsigned missed = 0, unnamed = 0;
	int fd = open_rw(help_path);

	for (int i = 0; i < FLIPS; i++) {
		const struct place *place = &file.places[roll((unsigned)file.count)];
		size_t at = place->at + roll((unsigned)place->len);
		unsigned bit = 1u << roll(8);

		if (at == place->at + place->number_type && bit == SAYS_NOTHING)
			continue;
		put(fd, at, file.bytes[at] ^ (unsigned char)bit);
		struct verify_result result = verify();
		put(fd, at, file.bytes[at]);
		missed += result.fault == VERIFY_SOUND;
		if (result.seq == place->seq)
			continue;
		if (unnamed++ < 5)
			note("entry %llu, byte %zu of %zu: %d, %llu, %s", (unsigned long long)place->seq,
			     at - place->at, place->len, (int)result.fault, (unsigned long long)result.seq,
			     result.text);
	}
	close(fd);
	is_int(missed, 0, "%d bits flipped in %zu entries are all found", FLIPS, file.count);
	is_int(unnamed, 0, "and the entry is named each time");
	help_sound("put back");
}

static void test_keys(void)
{
	unsigned missed = 0, unnamed = 0;
	char path[320], name[48];
	size_t len;

	snprintf(path, sizeof(path), "%s.keys", help_path);
	unsigned char *bytes = read_whole(path, &len);
	int fd = open_rw(path);
	for (int i = 0; i < KEY_FLIPS; i++) {
		size_t at = roll((unsigned)len);

		if (at < KEY_PLACE)
			snprintf(name, sizeof(name), "keys file");
		else
			snprintf(name, sizeof(name), "person %zu ", at / KEY_PLACE);
		put(fd, at, bytes[at] ^ (unsigned char)(1u << roll(8)));
		struct verify_result result = verify();
		put(fd, at, bytes[at]);
		missed += result.fault != VERIFY_KEYS;
		unnamed += !strstr(result.text, name);
	}
	close(fd);
	free(bytes);
	is_int(missed, 0, "%d bits flipped in %zu bytes of keys are all found", KEY_FLIPS, len);
	is_int(unnamed, 0, "and the person is named each time");
	help_sound("put back");
}

/* The first page, the hashes at the end, or the MiB. */
static bool names_place(const char *text, size_t at, size_t len)
{
	const char *from = strstr(text, "from byte ");
	size_t begins = from ? strtoul(from + strlen("from byte "), NULL, 10) : 0;

	if (at < 4096)
		return strstr(text, "first page");
	return (from && begins <= at && at < begins + (1u << 20)) || (strstr(text, "last pages") && at >= len - 4096);
}

static void test_columns(void)
{
	const struct facts_options options = { .known_at_ms = INT64_MAX, .today = DATE_NONE, .from_book = true };
	struct book *book = help_open(BOOK_READ);
	unsigned missed = 0, unnamed = 0;
	char path[320], text[1024];
	struct facts *folded;
	size_t len;

	MUST(facts_load(&folded, book, &options, err));
	snprintf(path, sizeof(path), "%s%s", help_path, BOOK_COLUMNS);
	columns_check(book, folded, text);
	is_str(text, "", "the columns are sound");
	unsigned char *bytes = read_whole(path, &len);
	int fd = open_rw(path);
	for (int i = 0; i < FLIPS; i++) {
		/* A quarter where the header stands, which a large file would hardly have hit. */
		size_t at = roll((unsigned)(i % 4 ? len : 4096));

		put(fd, at, bytes[at] ^ (unsigned char)(1u << roll(8)));
		columns_check(book, folded, text);
		put(fd, at, bytes[at]);
		missed += !text[0];
		if (!strstr(text, path) || !names_place(text, at, len))
			if (unnamed++ < 5)
				note("byte %zu: %s", at, text);
	}
	close(fd);
	is_int(missed, 0, "%d bits flipped in %zu bytes of columns are all found", FLIPS, len);
	is_int(unnamed, 0, "and it is said where");
	columns_check(book, folded, text);
	is_str(text, "", "put back, they are sound");
	facts_free(folded);
	free(bytes);
	book_close(book);
}

/* A company with every kind of record, its imports and its columns. */
static void fill(void)
{
	const struct simulate_options simulate = { .actor = "tester", .into = true };
	const struct facts_options options = { .known_at_ms = INT64_MAX };
	struct simulate_summary summary;
	struct sim_story story;
	char path[340];

	sim_story_default(&story);
	story.leads = LEADS;
	snprintf(path, sizeof(path), "%s.story.yaml", help_path);
	MUST(book_create(help_path, &help_settings, 0, err));
	struct book *book = help_open(BOOK_WRITE);
	MUST(simulate_book(book, &story, path, &simulate, &summary, err));
	MUST(columns_refresh(book, &options, err));
	book_close(book);
}

int main(void)
{
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 1);
	help_folder_make();
	fill();
	read_places();
	is_int((long long)file.count, (long long)verify().entries, "every entry of the book is found in the file");
	test_entries();
	test_keys();
	test_columns();
	free(file.bytes);
	free(file.places);
	help_folder_remove();
	return done();
}
