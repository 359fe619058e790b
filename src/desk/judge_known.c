/* What a text that is tried can judge: what the book knows of no lead at all is unknown, and did not fail to happen. */
#include "desk/judge_inner.h"
#include "domain/lead_step.h"

#define CONTACTS (1u << EVENT__COUNT)

static uint32_t of_milestones(const struct facts *facts)
{
	uint32_t known = 0;

	for (int event = 0; event < EVENT__COUNT; event++) {
		const struct column *times = lead_milestone(facts, (enum lead_event)event);

		for (uint32_t row = 0; times && row < facts_rows(facts, FACT_LEADS) && !(known >> event & 1); row++)
			known |= (uint32_t)(cell_time_ms(times, row) != CELL_NEVER) << event;
	}
	return known;
}

static uint32_t of_steps(const struct facts *facts)
{
	const struct column *steps = cells_of(facts, FACT_LEAD_STEPS, "step");
	uint32_t known = 0;

	for (uint32_t row = 0; row < facts_rows(facts, FACT_LEAD_STEPS); row++) {
		enum lead_step step;

		if (lead_step_by_name(cell_name(steps, row), &step) && lead_step_event(step) != EVENT__COUNT)
			known |= 1u << lead_step_event(step);
	}
	return known;
}

static uint32_t of_contacts(const struct facts *facts)
{
	const uint32_t all = CONTACTS | 1u << EVENT_FIRST_RESPONSE | 1u << EVENT_REACHED;
	struct contact_words words;
	uint32_t known = 0;

	contact_words_init(&words, facts);
	for (uint32_t row = 0; row < facts_rows(facts, FACT_ACTIVITIES) && known != all; row++) {
		enum contact_kind kind = contact_of(&words, row);

		known |= kind == CONTACT_TALK ? all : kind == CONTACT_NONE ? 0 : all & ~(1u << EVENT_REACHED);
	}
	contact_words_release(&words);
	return known;
}

uint32_t judge_known(const struct facts *facts)
{
	return of_milestones(facts) | of_steps(facts) | of_contacts(facts);
}

/* That somebody opted out does not tell when the others were contacted. */
enum untold judge_untold(const struct promise_def *promise, uint32_t known)
{
	uint32_t until = promise->until & ~(1u << EVENT_OPTED_OUT);

	if (promise->kind == PROMISE_VOLUME)
		return UNTOLD_NOTHING;
	if (!(known >> promise->from & 1))
		return UNTOLD_FROM;
	if (promise->kind == PROMISE_ATTEMPTS)
		return known & CONTACTS ? UNTOLD_NOTHING : UNTOLD_CONTACTS;
	return known & (until ? until : promise->until) ? UNTOLD_NOTHING : UNTOLD_UNTIL;
}
