/* The state does not depend on the order in which observations arrive: random records, in random orders, in random transactions, some
 * in imports of their own, give the same state and the same answers; and every book that comes of it is sound. */
#include "book_help.h"

#define ROUNDS 1000
#define OFFERS_MAX 8

static uint64_t dice;

static unsigned roll(unsigned sides)
{
	dice = dice * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(dice >> 33) % sides;
}

struct offer {
	int key, region, segment; /* region, segment: 0 = empty, -1 = not mapped */
	int name;
	int64_t observed_ms;
};

static void offer(struct book *book, const struct offer *o, uint64_t import_seq)
{
	static const char *const regions[] = { "", "north", "south", "east" };
	static const char *const names[] = { "", "Ann", "Ben" };
	struct record_field fields[4];
	char key[2] = { (char)('a' + o->key), 0 };
	size_t n = 0;

	if (o->name >= 0)
		fields[n++] = text_field(FIELD_NAME, names[o->name]);
	if (o->segment >= 0)
		fields[n++] = text_field(FIELD_SEGMENT, regions[o->segment]);
	if (o->region >= 0)
		fields[n++] = text_field(FIELD_REGION, regions[o->region]);
	help_context.import_seq = import_seq;
	help_append(book, OBJECT_CONTACT, key, o->observed_ms, fields, n);
	help_context.import_seq = 0;
}

static int see(void *context, const struct state *state, struct err *err)
{
	struct buf *out = context;

	(void)err;
	/* Keys are single letters, and the states are sorted by key afterwards. */
	buf_addf(out, "%.*s", STR_ARG(state->record.key));
	for (size_t i = 0; i < state->record.count; i++) {
		/* Which number a person got depends on the order; that is not part of the state. */
		if (state->record.fields[i].code == FIELD_EMAIL_MATCH)
			continue;
		buf_addf(out, " %d=", (int)state->record.fields[i].code);
		value_format(out, &state->record.fields[i].value);
	}
	buf_add_char(out, '\n');
	return 0;
}

static int by_line(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The states, one a line, sorted. */
static void states(struct book *book, char *out, size_t size)
{
	struct reading reading = { INT64_MAX, true };
	char *lines[OFFERS_MAX], *rest;
	size_t n = 0, len = 0;
	struct buf buf;

	buf_init(&buf, 4096);
	MUST(book_states(book, OBJECT_CONTACT, &reading, see, &buf, err));
	rest = buf.at;
	for (char *line; rest && *rest && n < OFFERS_MAX && (line = strsep(&rest, "\n"));)
		lines[n++] = line;
	qsort(lines, n, sizeof(*lines), by_line);
	out[0] = '\0';
	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(out + len, size - len, "%s\n", lines[i]);
	buf_release(&buf);
}

static uint64_t begin_import(struct book *book, unsigned number)
{
	static struct import import; /* the book borrows it until the import is finished */

	import = (struct import){ .path = STR("/x"), .map = STR("m"), .object = OBJECT_CONTACT, .observed_ms = 1 };
	memset(import.file_hash, 0, HASH_BYTES);
	memcpy(import.file_hash, &number, sizeof(number));
	MUST(book_import_begin(book, &import, &help_context, err));
	return import.seq;
}

static void finish_import(struct book *book, uint64_t seq)
{
	struct import import = { .seq = seq };

	MUST(book_import_finish(book, &import, &help_context, err));
}

/* Each offer is an import of its own, as files arrive. */
static void arrive(struct book *book, const struct offer *offers, const int *order, int count)
{
	for (int i = 0; i < count; i++) {
		MUST(book_begin(book, err));
		uint64_t seq = begin_import(book, (unsigned)i + 1);
		offer(book, &offers[order[i]], seq);
		finish_import(book, seq);
		MUST(book_commit(book, err));
	}
}

static void shuffle(int *order, int count)
{
	for (int i = count - 1; i > 0; i--) {
		int k = (int)roll((unsigned)i + 1), t = order[i];

		order[i] = order[k];
		order[k] = t;
	}
}

/* Rows that differ in nothing but personal fields, at one time, are ordered by their keyed hash: so both books of a pair begin as copies
 * of one. */
static struct book *fresh_with_secret(bool first)
{
	static const char *const suffixes[] = { "", ".keys" };
	static char bytes[2][65536];
	static size_t sizes[2];

	help_folder_empty();
	if (first)
		MUST(book_create(help_path, &help_settings, 500, err));
	for (int i = 0; i < 2; i++) {
		char name[320];

		snprintf(name, sizeof(name), "%s%s", help_path, suffixes[i]);
		FILE *file = fopen(name, first ? "rb" : "wb");
		if (!file)
			bug_at(__FILE__, __LINE__, "no %s", name);
		if (first)
			sizes[i] = fread(bytes[i], 1, sizeof(bytes[i]), file);
		else if (fwrite(bytes[i], 1, sizes[i], file) != sizes[i])
			bug_at(__FILE__, __LINE__, "cannot write %s", name);
		fclose(file);
	}
	return help_open(BOOK_WRITE);
}

static void test_shuffles(void)
{
	int different = 0, unsound = 0, first_bad = -1;

	for (int round = 0; round < ROUNDS; round++) {
		struct offer offers[OFFERS_MAX];
		int order[OFFERS_MAX], count;
		char want[4096] = "", got[4096];

		dice = (uint64_t)round;
		count = 2 + (int)roll(OFFERS_MAX - 1);
		for (int i = 0; i < count; i++) {
			offers[i] = (struct offer){ (int)roll(2), (int)roll(5) - 1, (int)roll(4) - 1, (int)roll(4) - 1,
						    (int64_t)roll(4) };
			order[i] = i;
		}
		for (int try = 0; try < 2; try++) {
			struct book *book = fresh_with_secret(try == 0);

			arrive(book, offers, order, count);
			states(book, try ? got : want, sizeof(want));
			book_close(book);
			struct verify_options options = { 0 };
			struct verify_result result;
			MUST(book_verify(help_path, &options, &result, err));
			unsound += result.fault != VERIFY_SOUND;
			if (result.fault != VERIFY_SOUND && unsound == 1)
				printf("# round %d: %s\n", round, result.text);
			shuffle(order, count);
		}
		different += strcmp(want, got) != 0;
		if (strcmp(want, got) != 0 && first_bad < 0) {
			first_bad = round;
			printf("# round %d wanted:\n%s# got:\n%s", round, want, got);
		}
	}
	is_int(different, 0, "%d shuffles give the same states (first other: %d)", ROUNDS, first_bad);
	is_int(unsound, 0, "every book is sound");
}

int main(void)
{
	const char *memory = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NULL;

	/* Two thousand books: in memory where there is such a folder, for the sake of the disk. */
	if (memory)
		setenv("TMPDIR", memory, 1);
	help_folder_make();
	test_shuffles();
	help_folder_remove();
	return done();
}
