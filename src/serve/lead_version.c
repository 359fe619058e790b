#include "serve/lead_version.h"

const char *lead_version(const struct facts *facts, const struct lead_file *file, struct arena *arena)
{
	const char *tag;
	struct buf all;

	buf_init(&all, 1 << 20);
	for (size_t i = 0; i < file->step_count; i++) {
		const struct told_step *s = &file->steps[i];

		buf_addf(&all, "%lld %d %u %.*s|%.*s|%.*s|%.*s|%.*s\n", (long long)s->at_ms, (int)s->step, s->episode,
			 STR_ARG(s->by), STR_ARG(s->owner), STR_ARG(s->reason), STR_ARG(s->outcome),
			 STR_ARG(s->question));
	}
	buf_addf(&all, "%.*s %d %lld", STR_ARG(file->owner),
		 cell_yes(cells_of(facts, FACT_LEADS, "sweet_spot"), file->row),
		 (long long)cell_time_ms(cells_of(facts, FACT_LEADS, "marked"), file->row));
	tag = arena_printf(arena, "\"%016llx\"", (unsigned long long)str_hash(buf_str(&all)));
	buf_release(&all);
	return tag;
}
