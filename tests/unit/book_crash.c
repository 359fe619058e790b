/* One holder; and a process killed while it writes leaves whole transactions, or nothing. */
#include <signal.h>
#include <sys/wait.h>
#include "book_help.h"

#define BATCH 7
#define KILLS 20

static void write_batch(struct book *book, unsigned batch)
{
	MUST(book_begin(book, err));
	for (unsigned i = 0; i < BATCH; i++) {
		char key[32], mail[64];
		snprintf(key, sizeof(key), "k%u.%u", batch, i);
		snprintf(mail, sizeof(mail), "p%u.%u@example.com", batch, i);
		struct record_field fields[] = { text_field(FIELD_NAME, key), text_field(FIELD_EMAIL, mail),
						 text_field(FIELD_REGION, "r") };

		help_append(book, OBJECT_CONTACT, key, 1, fields, 3);
	}
	MUST(book_commit(book, err));
}

/* Tells the parent the number of each batch once it is committed. */
static _Noreturn void child(int out, unsigned from)
{
	struct book *book = help_open(BOOK_WRITE);

	for (unsigned batch = from;; batch++) {
		write_batch(book, batch);
		if (write(out, &batch, sizeof(batch)) != sizeof(batch))
			_exit(1);
	}
}

static int count_one(void *context, const struct state *state, struct err *err)
{
	(void)err;
	++*(unsigned *)context;
	return record_get(&state->record, FIELD_NAME) ? 0 : -1;
}

static unsigned count_states(struct book *book)
{
	struct reading reading = { INT64_MAX, true };
	unsigned count = 0;

	MUST(book_states(book, OBJECT_NONE, &reading, count_one, &count, err));
	return count;
}

static void test_kills(void)
{
	unsigned next = 0, halves = 0, lost = 0;

	book_close(help_fresh());
	for (int kill_number = 0; kill_number < KILLS; kill_number++) {
		int ends[2];
		unsigned batch, last = next;

		if (pipe(ends) != 0)
			bug_at(__FILE__, __LINE__, "no pipe");
		pid_t pid = fork();
		if (pid == 0)
			child(ends[1], next);
		close(ends[1]);
		/* After a number of commits that differs each time, at whatever the child is doing then. */
		for (int i = 0; i <= kill_number % 5 && read(ends[0], &batch, sizeof(batch)) == sizeof(batch); i++)
			last = batch + 1;
		usleep((useconds_t)(kill_number * 137 % 1500));
		kill(pid, SIGKILL);
		while (read(ends[0], &batch, sizeof(batch)) == sizeof(batch))
			last = batch + 1;
		close(ends[0]);
		waitpid(pid, NULL, 0);
		struct book *reader = help_open(BOOK_READ);
		unsigned seen = count_states(reader);
		book_close(reader);
		struct book *book = help_open(BOOK_WRITE);
		unsigned count = count_states(book);
		book_close(book);
		halves += count % BATCH != 0 || seen != count;
		lost += count / BATCH < last;
		next = count / BATCH;
	}
	is_int(halves, 0, "%d kills leave whole transactions", KILLS);
	is_int(lost, 0, "and nothing that was acknowledged is lost");
	ok(next > KILLS, "while the book grew to %u transactions", next);
	help_sound("after the kills");
}

static void test_holder(void)
{
	int ends[2];
	unsigned batch;
	struct book *book = NULL;
	struct err err = ERR_INIT;
	char process[64];

	book_close(help_fresh());
	if (pipe(ends) != 0)
		bug_at(__FILE__, __LINE__, "no pipe");
	pid_t pid = fork();
	if (pid == 0)
		child(ends[1], 0);
	close(ends[1]);
	is_int(read(ends[0], &batch, sizeof(batch)), sizeof(batch), "another process writes");
	snprintf(process, sizeof(process), "process %ld (", (long)pid);
	is_int(book_open(&book, help_path, BOOK_WRITE, &err), ERR_STATE, "a second writer is refused");
	ok(strstr(err.text, process) && strstr(err.text, "book_crash"), "and told which process holds the book: %s",
	   err.text);
	struct book *reader = help_open(BOOK_READ);
	unsigned first = count_states(reader);
	while (read(ends[0], &batch, sizeof(batch)) == sizeof(batch) && batch < 5)
		;
	is_int(count_states(reader), first, "a reader sees one state while the other writes");
	book_close(reader);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(ends[0]);
	is_int(book_open(&book, help_path, BOOK_WRITE, &err), 0, "killed, it holds nothing");
	book_close(book);
}

/* init killed at any moment leaves a book or none; the next one works. */
static void test_init_killed(void)
{
	int odd = 0;

	for (int i = 0; i < 40; i++) {
		struct err err = ERR_INIT;
		struct book *book = NULL;

		help_folder_empty();
		pid_t pid = fork();
		if (pid == 0) {
			book_create(help_path, &help_settings, 1, &err);
			_exit(0);
		}
		usleep((useconds_t)(i * 211));
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		bool there = access(help_path, F_OK) == 0;
		if (!there && book_create(help_path, &help_settings, 1, &err) != 0) {
			printf("# %s\n", err.text);
			odd++;
		}
		if (book_open(&book, help_path, BOOK_WRITE, &err) != 0) {
			printf("# %s\n", err.text);
			odd++;
		}
		book_close(book);
	}
	is_int(odd, 0, "init killed 40 times: a book or none, and it can be made");
}

int main(void)
{
	help_folder_make();
	test_holder();
	test_kills();
	test_init_killed();
	help_folder_remove();
	return done();
}
