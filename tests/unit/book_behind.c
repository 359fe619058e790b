/* Commits that are asked for and not waited for: nothing is known to be durable before it is, what came after can be taken back alone,
 * and what fails in the thread that writes is told. */
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include "book/private.h"
#include "book_help.h"

enum { MANY = 3000 };

static enum append_result person_at(struct book *book, int number, const char *name, int64_t observed_ms)
{
	char key[16], mail[32];

	snprintf(key, sizeof(key), "c%d", number);
	snprintf(mail, sizeof(mail), "p%d@example.com", number);
	struct record_field fields[] = { text_field(FIELD_NAME, name), text_field(FIELD_EMAIL, mail) };
	return help_append(book, OBJECT_CONTACT, key, observed_ms, fields, 2);
}

static enum append_result person(struct book *book, int number, const char *name)
{
	return person_at(book, number, name, 10);
}

static int count_one(void *context, const struct state *state, struct err *err)
{
	(void)state;
	(void)err;
	++*(int *)context;
	return 0;
}

static int people_seen(void)
{
	struct book *reader = help_open(BOOK_READ);
	struct reading reading = READING_ALL;
	int count = 0;

	MUST(book_states(reader, OBJECT_CONTACT, &reading, count_one, &count, err));
	book_close(reader);
	return count;
}

static void test_order(void)
{
	struct book *book = help_fresh();

	MUST(book_begin(book, err));
	for (int i = 0; i < MANY; i++) {
		person(book, i, "Ada");
		if (i % 500 == 499)
			MUST(book_commit_next(book, err));
	}
	MUST(book_wait(book, err));
	is_int(people_seen(), MANY, "after waiting a reader sees all of several commits");
	is_int((long long)book_head(book).seq, MANY + 1, "and the head is the last");
	is_int(person(book, 7, "Ada"), APPEND_UNCHANGED, "what was said in an earlier commit is known");
	is_int(person_at(book, 8, "Bob", 11), APPEND_CHANGED, "and can be compared with");
	person(book, MANY, "Eve");
	is_int(person_at(book, MANY, "Eva", 11), APPEND_CHANGED, "so can what was said in the same transaction");
	struct book_head before = book_head(book);
	MUST(book_commit_next(book, err));
	is_int((long long)book_head(book).seq, (long long)before.seq, "the head is not told before it is durable");
	MUST(book_commit(book, err));
	is_int((long long)book_head(book).seq, (long long)before.seq + 3, "a commit after it waits for both");
	book_close(book);
	is_int(people_seen(), MANY + 1, "nothing is lost by closing");
	help_sound("after commits in a row");
}

static void test_taken_back(void)
{
	struct book *book = help_fresh();

	MUST(book_begin(book, err));
	for (int i = 0; i < MANY; i++)
		person(book, i, "Ada");
	MUST(book_commit_next(book, err));
	for (int i = MANY; i < 2 * MANY; i++)
		person(book, i, "Bob");
	book_rollback(book);
	is_int((long long)book_head(book).seq, MANY + 1, "what was asked for before stays when the rest is taken back");
	is_int(people_seen(), MANY, "and only that");
	MUST(book_begin(book, err));
	is_int(person(book, 5, "Ada"), APPEND_UNCHANGED, "what stays is known");
	is_int(person(book, MANY + 5, "Bob"), APPEND_NEW, "what was taken back is not");
	MUST(book_commit_next(book, err));
	person(book, 2 * MANY, "Eve");
	book_close(book);
	is_int(people_seen(), MANY + 1, "closing takes back what no commit was asked for, and nothing else");
	help_sound("after taking back");
}

/* The commit fails while the next rows are taken in. */
static void test_no_room(void)
{
	struct book *book = help_fresh();
	struct rlimit before, tight;
	struct err why = ERR_INIT;
	int rc = 0, tries = 0;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	tight = before;
	tight.rlim_cur = 1 << 20;
	MUST(book_begin(book, err));
	for (int i = 0; i < 10; i++)
		person(book, i, "Ada");
	MUST(book_commit_next(book, err));
	MUST(book_wait(book, err));
	setrlimit(RLIMIT_FSIZE, &tight);
	while (rc == 0 && ++tries < 100) {
		struct record_field name = text_field(FIELD_NAME, "Bob");
		struct record record = { .object = OBJECT_ACCOUNT, .source = STR("crm"), .fields = &name, .count = 1 };
		enum append_result result;
		char key[32];

		for (int i = 0; i < MANY && rc == 0; i++) {
			snprintf(key, sizeof(key), "a%d-%d", tries, i);
			record.key = str_of(key);
			rc = book_append(book, &record, &help_context, &result, &why);
		}
		if (rc == 0)
			rc = book_commit_next(book, &why);
		else
			book_rollback(book);
	}
	setrlimit(RLIMIT_FSIZE, &before);
	is_int(rc, ERR_SYSTEM, "a write that fails in the thread is told: %s", why.text);
	uint64_t seq = book_head(book).seq;
	MUST(book_begin(book, err));
	is_int(person(book, 3, "Ada"), APPEND_UNCHANGED, "what was durable before is there");
	is_int(person(book, 20, "Ada"), APPEND_NEW, "and the book goes on");
	MUST(book_commit(book, err));
	is_int((long long)book_head(book).seq, (long long)seq + 1, "behind what is durable");
	book_close(book);
	help_sound("after a write that failed");
}

/* Making the state anew writes while it reads, and more than one batch. */
static void test_rebuild(void)
{
	struct book *book = help_fresh();

	MUST(book_begin(book, err));
	for (int i = 0; i < MANY; i++) {
		person(book, i, "Ada");
		person_at(book, i, "Bob", 11);
	}
	MUST(book_commit(book, err));
	MUST(book_begin(book, err));
	MUST(meta_set(book, "fold", FOLD_VERSION - 1, err));
	MUST(book_commit(book, err));
	book_close(book);
	book_close(help_open(BOOK_WRITE));
	is_int(people_seen(), MANY, "a state made anew has every record");
	help_sound("after making the state anew");
}

int main(void)
{
	help_folder_make();
	test_order();
	test_rebuild();
	test_taken_back();
	test_no_room();
	help_folder_remove();
	return done();
}
