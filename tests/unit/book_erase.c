/* Erasing leaves no trace: strings that occur nowhere else are put into every personal field, the person is erased, and then the raw
 * bytes of every file are searched: as they are, in hex, in base64, in any alignment. */
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include "book/private.h"
#include "book_help.h"

static const char *const canaries[] = {
	"Zyxwvuta Qplmokniju",
	"Zyxwvuta",
	"Qplmokniju",
	"zq9canary@mail-qx.example",
	"+49 30 98765432101",
	"498765432101",
	"Canarystrasse 77, Quuxhausen",
	"Secret note xqzjkv 4711",
	"Chief Qwyjibo Officer",
	"Deal with Zyxwvuta",
	"+493098765432101",
};
#define CANARIES (sizeof(canaries) / sizeof(*canaries))

static bool contains(const char *bytes, size_t len, const char *what, size_t what_len)
{
	return what_len > 0 && memmem(bytes, len, what, what_len) != NULL;
}

/* Base64 of a text inside other text: three alignments, ends cut off where neighbours would show. */
static bool contains_base64(const char *bytes, size_t len, const char *what)
{
	char plain[256], coded[512];
	size_t n = strlen(what);

	for (size_t shift = 0; shift < 3; shift++) {
		memset(plain, 'x', shift);
		memcpy(plain + shift, what, n);
		sodium_bin2base64(coded, sizeof(coded), (unsigned char *)plain, shift + n,
				  sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
		if (contains(bytes, len, coded + (shift ? 4 : 0), (shift + n) / 3 * 4 - (shift ? 4 : 0)))
			return true;
	}
	return false;
}

static int traces_in(const char *path, bool tell)
{
	int fd = open(path, O_RDONLY), found = 0;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		return 0;
	char *bytes = must_alloc((size_t)st.st_size + 1);
	ssize_t len = read(fd, bytes, (size_t)st.st_size);
	close(fd);
	for (size_t i = 0; i < CANARIES && len > 0; i++) {
		char hex[512];

		sodium_bin2hex(hex, sizeof(hex), (const unsigned char *)canaries[i], strlen(canaries[i]));
		bool here = contains(bytes, (size_t)len, canaries[i], strlen(canaries[i])) ||
			    contains(bytes, (size_t)len, hex, strlen(hex)) ||
			    contains_base64(bytes, (size_t)len, canaries[i]);
		if (here && tell)
			printf("# %s holds \"%s\"\n", path, canaries[i]);
		found += here;
	}
	free(bytes);
	return found;
}

static int traces(bool tell)
{
	DIR *dir = opendir(help_folder);
	struct dirent *e;
	int found = 0;

	while (dir && (e = readdir(dir))) {
		char path[600];

		snprintf(path, sizeof(path), "%s/%s", help_folder, e->d_name);
		found += e->d_name[0] != '.' ? traces_in(path, tell) : 0;
	}
	if (dir)
		closedir(dir);
	return found;
}

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file) != 0)
		bug_at(__FILE__, __LINE__, "cannot write %s", path);
}

static void append_person(struct book *book, int64_t observed_ms, const char *title)
{
	struct record_field fields[] = {
		text_field(FIELD_NAME, canaries[0]),      text_field(FIELD_FIRST_NAME, canaries[1]),
		text_field(FIELD_LAST_NAME, canaries[2]), text_field(FIELD_EMAIL, canaries[3]),
		text_field(FIELD_PHONE, canaries[4]),     text_field(FIELD_ADDRESS, canaries[6]),
		text_field(FIELD_NOTES, canaries[7]),     text_field(FIELD_TITLE, title),
		text_field(FIELD_REGION, "north"),
	};

	help_append(book, OBJECT_CONTACT, canaries[3], observed_ms, fields, sizeof(fields) / sizeof(*fields));
	help_append(book, OBJECT_LEAD, "L-1", observed_ms, fields, sizeof(fields) / sizeof(*fields));
	/* Keyed by the telephone number. */
	help_append(book, OBJECT_CONTACT, canaries[4], observed_ms, fields, sizeof(fields) / sizeof(*fields));
}

static void append_related(struct book *book)
{
	struct record_field deal[] = { text_field(FIELD_NAME, canaries[9]),
				       { .code = FIELD_CONTACT },
				       text_field(FIELD_STAGE, "won") };
	struct record_field call[] = { text_field(FIELD_NOTES, canaries[7]),
				       { .code = FIELD_LEAD },
				       { .code = FIELD_CONTACT } };
	struct record_field step[] = { text_field(FIELD_NOTES, canaries[7]),
				       { .code = FIELD_LEAD },
				       text_field(FIELD_KIND, "rejected") };
	struct record_field other[] = { text_field(FIELD_NAME, "Kim Other"),
					text_field(FIELD_EMAIL, "kim@other.example"),
					text_field(FIELD_PHONE, "030 1234567") };

	deal[1].value =
		(struct value){ .kind = VALUE_REF, .as.ref = { STR("zq9canary@mail-qx.example"), REF_BY_EMAIL } };
	call[1].value = (struct value){ .kind = VALUE_REF, .as.ref = { STR("L-1"), REF_BY_KEY } };
	call[2].value = (struct value){ .kind = VALUE_REF, .as.ref = { str_of(canaries[0]), REF_BY_NAME } };
	/* Keyed by the address: it must not stand in the index of deals either. */
	help_append(book, OBJECT_OPPORTUNITY, canaries[3], 10, deal, 3);
	help_append(book, OBJECT_ACTIVITY, "A-1", 10, call, 3);
	step[1].value = call[1].value;
	help_append(book, OBJECT_LEAD_STEP, "L-1/1", 10, step, 3);
	help_append(book, OBJECT_CONTACT, "C-2", 10, other, 3);
}

static void fill(struct book *book, const char *rejects, const char *lost)
{
	for (int i = 0; i < 3; i++) {
		MUST(book_begin(book, err));
		append_person(book, 10 + i, i == 2 ? "" : canaries[8]);
		if (i == 0)
			append_related(book);
		MUST(book_commit(book, err));
	}
	MUST(book_begin(book, err));
	MUST(book_note_file(book, str_of(rejects), NULL, &help_context, err));
	MUST(book_note_file(book, str_of(lost), NULL, &help_context, err));
	MUST(book_commit(book, err));
	write_text(rejects, "line,reason,name,phone,mail\n"
			    "4,no date,\"Zyxwvuta Qplmokniju\",1,x\n"
			    "5,no date,\"a \"\"quoted\"\"\nname\",2,zq9CANARY@mail-qx.example\n"
			    "6,no date,Kim Other,3,kim@other.example\n"
			    "7,no date,\"Qplmokniju\",\"Zyxwvuta\",z\n"
			    "8,no date,someone,+493098765432101,z\n");
}

static int count_state(void *context, const struct state *state, struct err *err)
{
	int *counts = context;
	const struct value *name = record_get(&state->record, FIELD_NAME),
			   *region = record_get(&state->record, FIELD_REGION);

	(void)err;
	counts[0]++;
	counts[1] += state->erased;
	counts[2] += name && name->kind == VALUE_TEXT;
	counts[3] += region != NULL;
	counts[4] += record_get(&state->record, FIELD_CONTACT) != NULL;
	return 0;
}

static void is_states(struct book *book, const int want[5], const char *when)
{
	static const char *const what[] = { "records", "erased ones", "names", "regions", "references" };
	struct reading reading = { INT64_MAX, true };
	int counts[5] = { 0 };

	MUST(book_states(book, OBJECT_NONE, &reading, count_state, counts, err));
	for (int i = 0; i < 5; i++)
		is_int(counts[i], want[i], "%s: %s", when, what[i]);
}

static size_t find(struct book *book, const char *who)
{
	struct arena arena;
	struct erase_match *matches;
	size_t count;

	arena_init(&arena);
	MUST(book_find_person(book, str_of(who), &matches, &count, &arena, err));
	arena_release(&arena);
	return count;
}

static void erase(struct book *book, const char *who)
{
	struct arena arena;
	struct erase_match *matches;
	struct erase_report report;
	size_t count;

	arena_init(&arena);
	MUST(book_find_person(book, str_of(who), &matches, &count, &arena, err));
	MUST(book_erase(book, matches, count, &help_context, &report, &arena, err));
	is_int((long long)report.records, 6, "six records lose what is personal");
	is_int((long long)report.scrubbed_count, 1, "one file is scrubbed");
	is_int((long long)report.unreachable_count, 1, "one is named as out of reach");
	arena_release(&arena);
}

static void test_canary(void)
{
	char rejects[400], lost[400], backup[400], old_keys[400], keys[400];
	struct book_head head;
	struct book *book = help_fresh();

	snprintf(rejects, sizeof(rejects), "%s/leads.csv.rejected.csv", help_folder);
	snprintf(lost, sizeof(lost), "%s/gone.csv", help_folder);
	snprintf(backup, sizeof(backup), "%s/backup", help_folder);
	snprintf(old_keys, sizeof(old_keys), "%s/backup.keys.old", help_folder);
	snprintf(keys, sizeof(keys), "%s.keys", help_path);
	fill(book, rejects, lost);
	ok(traces_in(rejects, false) > 0, "the search finds what is there");
	is_int(traces_in(help_path, true), 0, "the book never holds a personal field in the clear");
	MUST(book_backup(help_path, backup, NULL, &head, err));
	is_states(book, (int[]){ 7, 0, 5, 3, 2 }, "before");
	is_int((long long)find(book, "zq9canary@MAIL-QX.example"), 6, "found by address");
	is_int((long long)find(book, "+49 30 98765432101"), 6, "by number");
	is_int((long long)find(book, "zyxwvuta qplmokniju"), 6, "by name");
	is_int((long long)find(book, "L-1"), 6, "by key");
	is_int((long long)find(book, "lead:crm:L-1"), 6, "by object, source and key");
	is_int((long long)find(book, "nobody"), 0, "and nobody is not found");
	erase(book, "zq9canary@mail-qx.example");
	is_states(book, (int[]){ 7, 6, 1, 3, 2 }, "after");
	is_int((long long)find(book, "zq9canary@mail-qx.example"), 0, "the person is not found again");
	is_int((long long)find(book, "kim@other.example"), 1, "another one is");
	MUST(book_begin(book, err));
	append_person(book, 50, canaries[8]);
	MUST(book_commit(book, err));
	struct reading reading = { INT64_MAX, true };
	struct state state;
	struct arena arena;
	bool found = false;
	arena_init(&arena);
	MUST(book_state_of(book, OBJECT_LEAD, STR("crm"), STR("L-1"), &reading, &state, &found, &arena, err));
	ok(found && state.erased && !record_get(&state.record, FIELD_NAME),
	   "an erased record stays erased when it is read again");
	arena_release(&arena);
	book_close(book);
	is_int(traces(true), 0, "no trace in any file");
	help_sound("after erasing");

	/* The copy of before, put back with the keys of today. */
	char path[400], beside[420];
	struct verify_options options = { 0 };
	struct verify_result result;
	snprintf(path, sizeof(path), "%s/restored", help_folder);
	snprintf(beside, sizeof(beside), "%s.keys", path);
	MUST(book_restore(backup, path, keys, &head, err));
	is_int(traces(true), 0, "nor in the copy restored with today's keys");
	MUST(book_verify(path, &options, &result, err));
	is_int(result.fault, VERIFY_SOUND, "which is sound: %s", result.text);
	MUST(book_open(&book, path, BOOK_READ, err));
	is_states(book, (int[]){ 7, 6, 1, 3, 2 }, "restored");
	book_close(book);
}

/* A deal that passed from one contact to another: forgetting either leaves the other alone. */
static void test_passed_on(const char *gone, const char *kept)
{
	struct book *book = help_fresh();
	char rejects[400];

	snprintf(rejects, sizeof(rejects), "%s/rejected.csv", help_folder);
	write_text(
		rejects,
		"line,reason,name,first,last\n4,no date,Zoe Qandar,,\n5,no date,,Bob,Otter\nC-1,no date,Kim Lee,,\n");
	MUST(book_begin(book, err));
	for (int i = 0; i < 2; i++) {
		struct record_field person[] = { text_field(i ? FIELD_FIRST_NAME : FIELD_NAME, i ? "Zoe" : "Bob Otter"),
						 text_field(FIELD_LAST_NAME, i ? "Qandar" : ""),
						 text_field(FIELD_EMAIL, i ? "zoe@q.example" : "bob@o.example") };

		help_append(book, OBJECT_CONTACT, i ? "C-2" : "C-1", 10, person, 3);
	}
	for (int i = 0; i < 2; i++) {
		struct record_field deal[] = { text_field(FIELD_NAME, i ? "renewal" : "first sale"),
					       { .code = FIELD_CONTACT } };

		deal[1].value =
			(struct value){ .kind = VALUE_REF, .as.ref = { i ? STR("C-2") : STR("C-1"), REF_BY_KEY } };
		help_append(book, OBJECT_OPPORTUNITY, "O-1", 20 + i, deal, 2);
	}
	MUST(book_note_file(book, str_of(rejects), NULL, &help_context, err));
	MUST(book_commit(book, err));

	struct arena arena;
	struct erase_match *matches;
	struct erase_report report;
	size_t count;
	arena_init(&arena);
	MUST(book_find_person(book, str_of(gone), &matches, &count, &arena, err));
	is_int((long long)count, 2, "%s: the contact and the deal", gone);
	MUST(book_erase(book, matches, count, &help_context, &report, &arena, err));
	is_int((long long)report.scrubbed_count, 1, "however a file of rejected rows writes the name");
	arena_release(&arena);
	is_int((long long)find(book, gone), 0, "%s is forgotten", gone);
	ok(find(book, kept) > 0, "%s is not", kept);
	book_close(book);
	help_sound("after that");
}

/* Someone all of whose rows were rejected. */
static void test_only_rejected(void)
{
	struct book *book = help_open(BOOK_WRITE);
	struct erase_report report;
	struct arena arena;

	arena_init(&arena);
	MUST(book_erase_rejected(book, STR("Nobody There"), false, &help_context, &report, &arena, err));
	is_int((long long)report.scrubbed_count, 0, "nobody's rows are in no file");
	MUST(book_erase_rejected(book, STR("kim lee"), true, &help_context, &report, &arena, err));
	is_int((long long)report.scrubbed_count, 1, "rejected rows of someone without a record are found");
	MUST(book_erase_rejected(book, STR("kim lee"), false, &help_context, &report, &arena, err));
	is_int((long long)report.scrubbed_count, 1, "looking changed nothing; now they are taken out");
	MUST(book_erase_rejected(book, STR("kim lee"), true, &help_context, &report, &arena, err));
	is_int((long long)report.scrubbed_count, 0, "and are gone");
	arena_release(&arena);
	book_close(book);
}

/* Cut short between the entry and what follows from it: said as what it is, and carried out by the next writer. */
static void test_unfinished(void)
{
	struct verify_options options = { 0 };
	struct verify_result result;
	struct book *book = help_open(BOOK_WRITE);

	MUST(book_begin(book, err));
	MUST(meta_set(book, "erasing", (int64_t)book_head(book).seq, err));
	MUST(book_commit(book, err));
	book_close(book);
	MUST(book_verify(help_path, &options, &result, err));
	ok(result.fault == VERIFY_STATE && strstr(result.text, "being erased"), "an unfinished erasing is named: %s",
	   result.text);
	book_close(help_open(BOOK_WRITE));
	help_sound("once it is carried out");
}

static int no_compacting(struct engine *engine, struct err *err)
{
	(void)engine;
	return err_set(err, ERR_SYSTEM, "no space left");
}

/* The old pages that a compacting would have removed are removed by the next writer. */
static void test_compacting_failed(void)
{
	struct verify_options options = { 0 };
	struct verify_result result;
	struct book *book = help_fresh();
	struct engine_ops broken = *book->ops;
	struct record_field person[] = { text_field(FIELD_NAME, "Ada Quorn"),
					 text_field(FIELD_EMAIL, "ada@quorn.example") };
	struct erase_match *matches;
	struct erase_report report;
	struct err failure = ERR_INIT;
	struct arena arena;
	size_t count;

	MUST(book_begin(book, err));
	help_append(book, OBJECT_CONTACT, "C-1", 10, person, 2);
	MUST(book_commit(book, err));
	broken.compact = no_compacting;
	book->ops = &broken;
	arena_init(&arena);
	MUST(book_find_person(book, STR("ada@quorn.example"), &matches, &count, &arena, err));
	is_int(book_erase(book, matches, count, &help_context, &report, &arena, &failure), ERR_SYSTEM,
	       "a compacting that fails is told");
	arena_release(&arena);
	book_close(book);
	MUST(book_verify(help_path, &options, &result, err));
	ok(result.fault == VERIFY_STATE && strstr(result.text, "being erased"), "the erasing is not over: %s",
	   result.text);
	book_close(help_open(BOOK_WRITE));
	help_sound("once it is repeated");
}

/* A reader that stands still keeps the old pages in the log. */
static void test_read_meanwhile(void)
{
	struct verify_options options = { 0 };
	struct verify_result result;
	struct book *book = help_fresh(), *reader;
	struct record_field person[] = { text_field(FIELD_NAME, "Ada Quorn"),
					 text_field(FIELD_EMAIL, "ada@quorn.example") };
	struct erase_match *matches;
	struct erase_report report;
	struct err failure = ERR_INIT;
	struct arena arena;
	size_t count;

	MUST(book_begin(book, err));
	help_append(book, OBJECT_CONTACT, "C-1", 10, person, 2);
	MUST(book_commit(book, err));
	reader = help_open(BOOK_READ);
	arena_init(&arena);
	MUST(book_find_person(book, STR("ada@quorn.example"), &matches, &count, &arena, err));
	is_int(book_erase(book, matches, count, &help_context, &report, &arena, &failure), ERR_STATE,
	       "erasing is not done while somebody reads what was before: %s", failure.text);
	arena_release(&arena);
	book_close(book);
	book_close(help_open(BOOK_WRITE));
	MUST(book_verify(help_path, &options, &result, err));
	ok(result.fault == VERIFY_STATE && strstr(result.text, "being erased"),
	   "the book can be opened for writing meanwhile, and the erasing is not over: %s", result.text);
	book_close(reader);
	book_close(help_open(BOOK_WRITE));
	help_sound("once the reader has gone");
}

int main(void)
{
	help_folder_make();
	test_read_meanwhile();
	test_canary();
	test_passed_on("zoe@q.example", "bob@o.example");
	test_passed_on("bob@o.example", "zoe@q.example");
	test_unfinished();
	test_only_rejected();
	test_compacting_failed();
	help_folder_remove();
	return done();
}
