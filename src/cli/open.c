/* Opening what a command works on, with the right hints where that fails. */
#include "cli/output.h"

#include <stdio.h>
#include <string.h>
#include "io/file.h"

enum exit_code need_book(const struct invocation *in)
{
	if (strstr(in->book_path, "://") || file_exists(in->book_path))
		return EXIT_DONE;
	fprintf(stderr,
		"lockstep %s: there is no book at %s\n"
		"Make one with: lockstep init%s%s\n",
		in->command->name, in->book_path, in->book_given ? " --book " : "",
		in->book_given ? in->book_path : "");
	return EXIT_REFUSED;
}

enum exit_code open_book(const struct invocation *in, enum book_mode mode, struct book **book)
{
	struct err err = ERR_INIT;
	enum exit_code code = need_book(in);

	if (code)
		return code;
	if (book_open(book, in->book_path, mode, &err))
		return command_fail(in, &err);
	return EXIT_DONE;
}
