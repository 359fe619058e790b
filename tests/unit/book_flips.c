/* One bit of a book is another: verify finds it and says where, each of 2,000 times in the entries as they stand in the file, 2,000 times
 * in the columns snapshot, 500 times in the keys. The same dice each time; FLIPS=100000 in the environment rolls them more often, FLIPS=all
 * flips every bit of every entry.
 *
 * Of an entry are: where its page says that it begins, its length and number, the types of its columns, its values and, where it is too
 * long for a page, the numbers of the pages on which it goes on and what stands there. The way to it, from page to page, is tried too.
 * What a page holds besides is no entry's: its kind and counts, free space between entries and behind the end of a long one. */
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include "base/date.h"
#include "book_help.h"
#include "desk/columns.h"
#include "desk/simulate.h"

enum { FLIPS = 2000, KEY_FLIPS = 500, KEY_PLACE = 64, LEADS = 12, LONG_ENTRIES = 8, LONG_TEXT = 5000 };

static unsigned roll(unsigned sides)
{
	static uint64_t dice = 42;

	dice = dice * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)((dice >> 33) % sides);
}

/* ---- where the entries stand in the file ---- */

/* The last is not of entries, but on the way to them. */
enum part { PART_BEGIN, PART_HEAD, PART_VALUES, PART_CHAIN, PART_REST, PART_TREE, PART__COUNT };

static const char *const part_names[PART__COUNT] = {
	[PART_BEGIN] = "where the page says it begins",
	[PART_HEAD] = "lengths, number and types",
	[PART_VALUES] = "values",
	[PART_CHAIN] = "page it goes on",
	[PART_REST] = "values on further pages",
	[PART_TREE] = "way to entries",
};

struct place {
	size_t at, len;
	uint64_t seq;
	unsigned page, cell; /* in which it begins */
};

static struct {
	unsigned char *bytes;
	size_t len, page;
	struct places {
		struct place *items;
		size_t count, capacity;
	} parts[PART__COUNT];
	size_t entries;
	unsigned last_leaf; /* the page of the last entry */
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

static void add_place(enum part part, struct place place)
{
	struct places *places = &file.parts[part];

	if (places->count == places->capacity) {
		places->capacity = 2 * places->capacity + 64;
		places->items = must_realloc(places->items, places->capacity * sizeof(*places->items));
	}
	places->items[places->count++] = place;
}

/* An entry in a leaf, as https://sqlite.org/fileformat2.html has it. */
static void read_entry(size_t said, unsigned page, unsigned cell)
{
	const size_t begin = (page - 1) * file.page + big16(file.bytes + said);
	const size_t more = file.page - 4, most = file.page - 35, least = (file.page - 12) * 32 / 255 - 23;
	struct place place = { said, 2, 0, page, cell };
	uint64_t whole, types;
	size_t at = begin + varint(file.bytes + begin, &whole);

	at += varint(file.bytes + at, &place.seq);
	varint(file.bytes + at, &types);
	add_place(PART_BEGIN, place);
	size_t left = (size_t)whole, here = left;
	if (left > most) {
		here = least + (left - least) % more;
		here = here <= most ? here : least;
	}
	place.at = begin;
	place.len = at - begin + (size_t)types;
	add_place(PART_HEAD, place);
	place.at += place.len;
	place.len = here - (size_t)types;
	add_place(PART_VALUES, place);
	if (left == here)
		return;
	place.at = at + here;
	for (left -= here; left > 0; left -= here) {
		place.len = 4;
		add_place(PART_CHAIN, place);
		size_t next = (big32(file.bytes + place.at) - 1) * file.page;
		here = left < more ? left : more;
		place.at = next + 4;
		place.len = here;
		add_place(PART_REST, place);
		place.at = next;
	}
	place.len = 4;
	add_place(PART_CHAIN, place); /* no further page */
}

static void walk(unsigned number)
{
	size_t start = (number - 1) * file.page, head = start + (number == 1 ? 100 : 0);
	const unsigned char *page = file.bytes + head;
	unsigned cells = big16(page + 3);
	bool leaf = page[0] == 13;

	file.last_leaf = leaf ? number : file.last_leaf;
	if (!leaf && page[0] != 5)
		bug_at(__FILE__, __LINE__, "page %u is of kind %d", number, page[0]);
	for (unsigned i = 0; i < cells; i++) {
		size_t said = head + (leaf ? 8 : 12) + 2 * (size_t)i, at = start + big16(file.bytes + said);
		uint64_t seq;

		if (leaf) {
			read_entry(said, number, i);
			file.entries++;
			continue;
		}
		add_place(PART_TREE, (struct place){ said, 2, 0, number, i });
		add_place(PART_TREE, (struct place){ at, 4 + varint(file.bytes + at + 4, &seq), 0, number, i });
		walk(big32(file.bytes + at));
	}
	if (leaf)
		return;
	add_place(PART_TREE, (struct place){ head + 8, 4, 0, number, cells });
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

static struct {
	int fd;
	size_t flipped, missed, unnamed;
} flips;

/* The entry; or its page and its place there, where the entry can be read all the same, as SQLite looks past what leads to it. On the
 * way to entries the first one that it hurts, or a page. */
static bool is_named(enum part part, const struct place *place, const struct verify_result *result)
{
	char name[48] = "page ";

	if (part == PART_TREE)
		return result->seq > 0 || strstr(result->text, name);
	if (result->seq == place->seq)
		return true;
	if (part != PART_BEGIN && part != PART_CHAIN)
		return false;
	snprintf(name, sizeof(name), "page %u cell %u: ", place->page, place->cell);
	if (strstr(result->text, name))
		return true;
	/* It may begin a byte too early, where that byte adds a nought to its length: then SQLite counts that byte twice and says so. */
	snprintf(name, sizeof(name), "of page %u;", place->page);
	return part == PART_BEGIN && strstr(result->text, "Multiple uses for byte ") && strstr(result->text, name);
}

static void flip(enum part part, const struct place *place, size_t byte, unsigned bit)
{
	size_t at = place->at + byte;

	put(flips.fd, at, file.bytes[at] ^ (unsigned char)(1u << bit));
	struct verify_result result = verify();
	put(flips.fd, at, file.bytes[at]);
	flips.flipped++;
	flips.missed += result.fault == VERIFY_SOUND;
	if (!is_named(part, place, &result) && flips.unnamed++ < 40)
		note("entry %llu, page %u cell %u, %s, bit %u of byte %zu of %zu: %d, %llu, %s",
		     (unsigned long long)place->seq, place->page, place->cell, part_names[part], bit, byte, place->len,
		     (int)result.fault, (unsigned long long)result.seq, result.text);
}

static void flip_bits(enum part part, const struct place *place)
{
	for (size_t byte = 0; byte < place->len; byte++)
		for (unsigned bit = 0; bit < 8; bit++)
			flip(part, place, byte, bit);
}

static void flip_all(void)
{
	for (enum part part = 0; part < PART__COUNT; part++)
		for (size_t i = 0; i < file.parts[part].count; i++)
			flip_bits(part, &file.parts[part].items[i]);
}

/* What leads to one entry, and what it says of itself before its values. */
static void flip_heads(uint64_t seq)
{
	for (enum part part = PART_BEGIN; part <= PART_HEAD; part++)
		for (size_t i = 0; i < file.parts[part].count; i++)
			if (file.parts[part].items[i].seq == seq)
				flip_bits(part, &file.parts[part].items[i]);
}

static void flip_any(enum part part)
{
	const struct place *place = &file.parts[part].items[roll((unsigned)file.parts[part].count)];

	flip(part, place, roll((unsigned)place->len), roll(8));
}

/* Each part of an entry as often as the others, however few bytes it has, and beside them all, so many times in entries, the way to them.
 * And all that could make an entry vanish, of the last one, which no other would miss. */
static void test_entries(void)
{
	const char *often = getenv("FLIPS");
	unsigned long times = often ? strtoul(often, NULL, 10) : FLIPS;

	flips.fd = open_rw(help_path);
	flip_heads(file.entries);
	if (often && strcmp(often, "all") == 0)
		flip_all();
	for (unsigned long i = 0; i < times; i++) {
		flip_any((enum part)(i % PART_TREE));
		if (i % PART_TREE == 0)
			flip_any(PART_TREE);
	}
	close(flips.fd);
	is_int((long long)flips.missed, 0, "%zu bits flipped in %zu entries are all found", flips.flipped,
	       file.entries);
	is_int((long long)flips.unnamed, 0, "and the place is named each time");
	help_sound("put back");
}

/* A page that says it has one entry less hides its last, which no other misses. Of what is not there nothing is said, and a head that was
 * printed names it. */
static void test_hidden(void)
{
	size_t at = (file.last_leaf - 1) * file.page + 3;
	unsigned cells = big16(file.bytes + at);
	struct verify_options options = { 0 };
	struct verify_result result;
	struct book_head head = verify().head;
	char said[64];

	flips.fd = open_rw(help_path);
	put(flips.fd, at, (unsigned char)((cells - 1) >> 8));
	put(flips.fd, at + 1, (unsigned char)(cells - 1));
	result = verify();
	snprintf(said, sizeof(said), "; %zu entries can be read, and are as they were written", file.entries - 1);
	ok(result.fault == VERIFY_STORAGE && strstr(result.text, said), "the last entry is hidden: %s", result.text);
	options.expect = &head;
	MUST(book_verify(help_path, &options, &result, err));
	ok(result.fault == VERIFY_STORAGE && result.seq == file.entries && strstr(result.text, "cannot be read"),
	   "which a head that was printed names: %s", result.text);
	put(flips.fd, at, file.bytes[at]);
	put(flips.fd, at + 1, file.bytes[at + 1]);
	close(flips.fd);
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

/* Some that need a page of their own, and some that need several. */
static void fill_long(struct book *book)
{
	static char text[LONG_ENTRIES * LONG_TEXT + 1];
	char key[16];

	memset(text, 'x', sizeof(text) - 1);
	MUST(book_begin(book, err));
	for (size_t i = 0; i < LONG_ENTRIES; i++) {
		struct record_field field = text_field(FIELD_NAME, text + i * LONG_TEXT);

		snprintf(key, sizeof(key), "long %zu", i);
		help_append(book, OBJECT_ACCOUNT, key, 1, &field, 1);
	}
	/* The last one is in no index. */
	struct record_field region = text_field(FIELD_REGION, "north");
	help_append(book, OBJECT_LEAD, "last", 1, &region, 1);
	MUST(book_commit(book, err));
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
	fill_long(book);
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
	is_int((long long)file.entries, (long long)verify().entries, "every entry of the book is found in the file");
	test_entries();
	test_hidden();
	test_keys();
	test_columns();
	free(file.bytes);
	for (enum part part = 0; part < PART__COUNT; part++)
		free(file.parts[part].items);
	help_folder_remove();
	return done();
}
