#include "cli/agreement_file.h"

#include <string.h>

#include "cli/options.h"
#include "cli/output.h"

enum exit_code agreement_file_open(struct invocation *in, const char *path, struct agreements *out)
{
	struct problems problems;
	struct err err = ERR_INIT;

	problems_init(&problems, &in->arena);
	if (agreements_of_file(out, path, &problems, &in->arena, &err))
		return command_fail(in, &err);
	if (problems.count)
		return print_problems(in, &problems);
	print_passed_over(in, &problems);
	return EXIT_DONE;
}

bool agreement_text_is_version(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return digits && !text[digits];
}

enum exit_code agreement_text_open(struct invocation *in, const char *text, struct agreements *out)
{
	struct err err = ERR_INIT;
	enum exit_code code;
	struct book *book;

	if (!agreement_text_is_version(text))
		return agreement_file_open(in, text, out);
	*out = (struct agreements){ .count = 0 };
	code = open_book(in, BOOK_READ, &book);
	if (code)
		return code;
	if (agreements_of_version(out, book, str_of(text), &in->arena, &err))
		code = command_fail(in, &err);
	book_close(book);
	return code;
}
