#include "cli/agreement_file.h"

#include "cli/output.h"
#include "io/file.h"

enum { MAX_AGREEMENT_BYTES = 1 << 20 };

enum exit_code agreement_file_open(struct invocation *in, const char *path, struct agreement_file *out)
{
	struct problems problems;
	struct err err = ERR_INIT;
	struct str text;

	*out = (struct agreement_file){ .zone = NULL };
	problems_init(&problems, &in->arena);
	if (file_read(&text, path, MAX_AGREEMENT_BYTES, &in->arena, &err) ||
	    agreement_read(&out->agreement, text, path, &problems, &in->arena, &err))
		return command_fail(in, &err);
	if (problems.count)
		return print_problems(in, &problems);
	if (zone_load(&out->zone, arena_cstr(&in->arena, out->agreement->zone), &err))
		return command_fail(in, &err);
	out->calendar = agreement_calendar(out->agreement, out->zone, &in->arena);
	return EXIT_DONE;
}

void agreement_file_release(struct agreement_file *file)
{
	zone_free(file->zone);
}
