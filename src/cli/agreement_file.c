#include "cli/agreement_file.h"

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
