#include "facts/newcomers.h"

#include "base/date.h"
#include "facts/load.h"

/* What every load begins with: who our colleagues are, what stages mean, which fields of their own companies keep. */
void part_bring_lasting(struct part *part, struct facts *made, const struct facts *facts)
{
	for (size_t i = 0; i < facts->colleague_count; i++) {
		const struct facts_colleague *c = &facts->colleagues[i];

		*LIST_ADD(&part->colleagues) = (struct colleague){ .key = c->key,
								   .source = c->source,
								   .name = part_word(part, c->name),
								   .team = part_word(part, c->team),
								   .region = part_word(part, c->region),
								   .partner = part_word(part, c->partner) };
	}
	for (size_t i = 0; i < facts->stage_count; i++)
		builder_stage(made, &facts->stages[i]);
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		for (size_t i = 0; i < facts->tables[f].column_count; i++) {
			const struct column_def *def = &facts->tables[f].columns[i]->def;

			if (def->custom)
				builder_custom(made, f, str_of(def->name), def->type, str_of(def->sentence));
		}
	}
}

struct facts *newcomers_facts(const struct facts *like, const struct record *records, size_t count)
{
	struct facts *made = builder_part_new(like);
	struct loader loader;

	/* Room for these alone; then there is none yet. */
	builder_rows(made, FACT_LEADS, (uint32_t)count);
	made->tables[FACT_LEADS].rows = 0;
	loader_init(&loader, made, 1);
	part_bring_lasting(&loader.whole, made, like);
	for (size_t i = 0; i < count; i++)
		part_record(&loader.whole, &records[i]);
	load_finish(&loader);
	load_leads_follow(&loader);
	facts_finish_few(made);
	loader_release(&loader);
	return made;
}

void newcomers_free(struct facts *facts)
{
	if (facts)
		builder_part_free(facts);
}
