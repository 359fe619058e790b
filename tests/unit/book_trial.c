/* A private copy to try things on: beside a writer at work, with an erasing that is not over, and without a trace afterwards. */
#include <sys/stat.h>
#include <sys/wait.h>
#include "book/private.h"
#include "book_help.h"

static size_t files_in(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *e;
	size_t count = 0;

	while (dir && (e = readdir(dir)))
		count += e->d_name[0] != '.';
	if (dir)
		closedir(dir);
	return count;
}

static int count_one(void *context, const struct state *state, struct err *err)
{
	(void)state;
	(void)err;
	++*(int *)context;
	return 0;
}

static int records(struct book *book)
{
	struct reading reading = READING_ALL;
	int count = 0;

	MUST(book_states(book, OBJECT_NONE, &reading, count_one, &count, err));
	return count;
}

static void add(struct book *book, const char *key, const char *email)
{
	struct record_field person[] = { text_field(FIELD_NAME, "Ada Quorn"), text_field(FIELD_EMAIL, email) };

	help_append(book, OBJECT_CONTACT, key, 10, person, 2);
}

int main(void)
{
	char temporary[400];
	struct book *trial;

	help_folder_make();
	snprintf(temporary, sizeof(temporary), "%s/temporary", help_folder);
	struct book *writer = help_fresh();
	if (mkdir(temporary, 0700) != 0 || setenv("TMPDIR", temporary, 1) != 0)
		bug_at(__FILE__, __LINE__, "no folder for the copy");
	MUST(book_begin(writer, err));
	add(writer, "C-1", "ada@quorn.example");
	MUST(meta_set(writer, "erasing", 1, err));
	MUST(book_commit(writer, err));
	MUST(book_begin(writer, err));
	add(writer, "C-2", "bea@quorn.example");

	size_t there = files_in(help_folder);
	MUST(book_open_trial(&trial, help_path, err));
	ok(true, "is opened while somebody writes, and does not carry out an erasing");
	is_str(book_path(trial), book_path(writer), "goes by the book's name");
	is_int(records(trial), 1, "has what is committed");
	MUST(book_begin(trial, err));
	add(trial, "C-1", "ada@quorn.example");
	add(trial, "C-3", "cleo@quorn.example");
	is_int(records(trial), 2, "takes what is tried");
	is_int((long long)keys_count(trial->keys), 2, "with people of its own");
	book_rollback(trial);
	book_close(trial);
	is_int((long long)files_in(help_folder), (long long)there, "nothing was made beside the book");
	/* As one that was killed would leave it; and one that is in use. */
	MUST(book_open_trial(&trial, help_path, err));
	pid_t child = fork();
	if (child == 0) {
		struct err failed = ERR_INIT;
		struct book *killed;

		if (close(trial->trial_lock) || book_open_trial(&killed, help_path, &failed))
			_exit(1);
		_exit(0);
	}
	int status = -1;
	waitpid(child, &status, 0);
	is_int(status, 0, "a process ends without closing its copy");
	is_int((long long)files_in(temporary), 2, "which stays");
	struct book *next;
	MUST(book_open_trial(&next, help_path, err));
	is_int((long long)files_in(temporary), 2, "until the next copy is made; one that is in use is left alone");
	is_int(records(trial), 1, "and can be read");
	book_close(next);
	book_close(trial);
	is_int((long long)files_in(temporary), 0, "and the copy is gone");
	int64_t erasing = 0;
	bool found;
	MUST(meta_get(writer, "erasing", &erasing, &found, err));
	is_int(erasing, 1, "the erasing is as it was");
	MUST(meta_set(writer, "erasing", 0, err));
	MUST(book_commit(writer, err));
	is_int(records(writer), 2, "the writer goes on");
	book_close(writer);
	help_sound("afterwards");
	rmdir(temporary);
	help_folder_remove();
	return done();
}
