/* Opening what a command works on, with the right hints where that fails. */
#include "cli/output.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io/file.h"
#include "serve/lend.h"

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

/* From a server that holds it. Its connection ends with this process, or before the book is borrowed once more. */
static int borrow(struct invocation *in, struct book **book, struct err *err)
{
	static int lender = -1;
	struct err none = ERR_INIT;
	int64_t now_ms;

	if (lender >= 0)
		close(lender);
	if (lend_borrow(book, in->book_path, &now_ms, &lender, &none)) {
		lender = -1;
		if (none.kind != ERR_STATE)
			*err = none;
		return err->kind;
	}
	command_time(in, now_ms);
	return 0;
}

enum exit_code open_book(struct invocation *in, enum book_mode mode, struct book **book)
{
	struct err err = ERR_INIT;
	enum exit_code code = need_book(in);

	if (code)
		return code;
	if (book_open(book, in->book_path, mode, &err) &&
	    (mode != BOOK_WRITE || err.kind != ERR_STATE || borrow(in, book, &err)))
		return command_fail(in, &err);
	return EXIT_DONE;
}
