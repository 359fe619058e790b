/* Whatever is done in whatever order, entries and state agree: random imports, some cut off, some undone, people erased, transactions
 * given up, the book opened again in between. */
#include "book_help.h"

#define BOOKS 120
#define STEPS 25

static uint64_t dice;

static unsigned roll(unsigned sides)
{
	dice = dice * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(dice >> 33) % sides;
}

static const char *const texts[] = { "", "one", "two", "three" };
static const char *const mails[] = { "", "ann@example.com", "ben@example.com", "Ann@Example.com " };

static void offer_contact(struct book *book, int64_t observed_ms)
{
	struct record_field fields[6];
	char key[24];
	size_t n = 0;

	if (roll(4) == 0)
		snprintf(key, sizeof(key), "%s", mails[1 + roll(2)]);
	else
		snprintf(key, sizeof(key), "c%u", roll(4));
	if (roll(3))
		fields[n++] = text_field(FIELD_NAME, texts[roll(4)]);
	if (roll(3))
		fields[n++] = text_field(FIELD_EMAIL, mails[roll(4)]);
	if (roll(2))
		fields[n++] = text_field(FIELD_PHONE, roll(2) ? "030 123 456" : "");
	if (roll(3))
		fields[n++] = text_field(FIELD_REGION, texts[roll(4)]);
	help_append(book, roll(2) ? OBJECT_CONTACT : OBJECT_LEAD, key, observed_ms, fields, n);
}

static void offer_deal(struct book *book, int64_t observed_ms)
{
	struct record_field fields[3] = { text_field(FIELD_NAME, texts[roll(4)]),
					  text_field(FIELD_STAGE, texts[roll(4)]),
					  { .code = FIELD_CONTACT } };
	char key[8];

	snprintf(key, sizeof(key), "d%u", roll(3));
	fields[2].value = (struct value){ .kind = VALUE_REF, .as.ref = { STR("c1"), REF_BY_KEY } };
	if (roll(2)) {
		fields[2].value.as.ref.key = str_of(mails[1 + roll(3)]);
		fields[2].value.as.ref.by = REF_BY_EMAIL;
	}
	help_append(book, OBJECT_OPPORTUNITY, key, observed_ms, fields, 3);
}

static void step_import(struct book *book)
{
	/* The book borrows it until it is finished, which some never are. */
	static struct import import;
	int64_t observed_ms = (int64_t)roll(6);
	unsigned file = roll(12), rows = roll(6), ending = roll(8);
	uint64_t was = dice;

	import = (struct import){
		.path = STR("/x"), .map = STR("m"), .object = OBJECT_CONTACT, .observed_ms = observed_ms
	};
	memset(import.file_hash, (int)file, HASH_BYTES);
	MUST(book_begin(book, err));
	if (roll(2))
		MUST(book_import_announce(book, &import, err));
	else
		MUST(book_import_begin(book, &import, &help_context, err));
	/* The same file holds the same rows. */
	dice = file * 7919u + 1;
	for (unsigned i = 0; i < rows; i++) {
		if (roll(4))
			offer_contact(book, import.observed_ms);
		else
			offer_deal(book, import.observed_ms);
		if (i == 3) {
			MUST(book_commit(book, err));
			MUST(book_begin(book, err));
		}
	}
	dice = was + 1;
	if (ending > 0)
		MUST(book_import_finish(book, &import, &help_context, err));
	if (ending == 1)
		book_rollback(book);
	else
		MUST(book_commit(book, err));
}

static void step_undo(struct book *book)
{
	struct arena arena;
	struct import *all;
	size_t count;
	uint64_t records;

	arena_init(&arena);
	MUST(book_imports(book, &all, &count, &arena, err));
	if (count > 0) {
		struct import *one = &all[roll((unsigned)count)];

		MUST(book_begin(book, err));
		if (one->state != IMPORT_UNDONE)
			MUST(book_import_undo(book, one->seq, &help_context, &records, err));
		if (roll(4) == 0)
			book_rollback(book);
		else
			MUST(book_commit(book, err));
	}
	arena_release(&arena);
}

static void step_erase(struct book *book)
{
	struct arena arena;
	struct erase_match *matches;
	struct erase_report report;
	size_t count;

	arena_init(&arena);
	MUST(book_find_person(book, str_of(roll(2) ? mails[1 + roll(2)] : "c1"), &matches, &count, &arena, err));
	if (count > 0)
		MUST(book_erase(book, matches, count, &help_context, &report, &arena, err));
	arena_release(&arena);
}

static bool sound(int number, int step)
{
	struct verify_options options = { 0 };
	struct verify_result result;

	MUST(book_verify(help_path, &options, &result, err));
	if (result.fault != VERIFY_SOUND)
		printf("# book %d, step %d: %s\n", number, step, result.text);
	return result.fault == VERIFY_SOUND;
}

static bool live(int number)
{
	struct book *book = help_fresh();
	bool all_sound = true;

	dice = (uint64_t)number * 31 + 5;
	for (int step = 0; step < STEPS && all_sound; step++) {
		unsigned what = roll(12);

		help_context.now_ms = 1000 + step;
		if (what < 8)
			step_import(book);
		else if (what < 10)
			step_undo(book);
		else if (what == 10)
			step_erase(book);
		if (what == 11 || step % 5 == 4) {
			book_close(book);
			all_sound = sound(number, step);
			book = help_open(BOOK_WRITE);
		}
	}
	book_close(book);
	return all_sound && sound(number, STEPS);
}

int main(void)
{
	int bad = 0;

	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 1);
	help_folder_make();
	for (int i = 0; i < BOOKS && bad < 5; i++)
		bad += !live(i);
	is_int(bad, 0, "%d books of %d random steps are sound all the way", BOOKS, STEPS);
	help_folder_remove();
	return done();
}
