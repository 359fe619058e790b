/* The simulated company is believable: shares and times lie within the bands that docs/simulator.md states. */
#include <stdlib.h>
#include "tap.h"
#include "base/date.h"
#include "sim/life.h"

struct tally {
	int64_t leads, prequalified, disqualified, qualified, handed, responded, on_time, accepted, rejected, recycled;
	int64_t opportunities, won, lost, discontinued, origins[ORIGIN__COUNT], activities, touches, cycles;
	int64_t visits[STAGES], losses[STAGES], full;
	int32_t cycle[20000];
	int64_t below, below_opportunities, above,
		above_opportunities; /* handed over without and with having qualified */
	int64_t junk, junk_opportunities, other, other_opportunities;
};

static int by_size(const void *a, const void *b)
{
	return *(const int32_t *)a - *(const int32_t *)b;
}

static void count_deal(struct tally *t, const struct company *company, const struct life *life)
{
	for (size_t i = 0; i < life->visit_count; i++) {
		unsigned stage = life->visits[i].stage;

		if (life->visits[i].slipped)
			continue;
		t->visits[stage]++;
		if (i && stage == STAGE_LOST)
			t->losses[life->visits[i - 1].stage]++;
		if (stage == STAGE_WON)
			t->cycle[t->cycles++ % 20000] =
				sim_calendar_date(&company->calendar, life->visits[i].entered_ms) -
				sim_calendar_date(&company->calendar, life->opportunity_ms);
	}
}

static void count(struct tally *t, const struct company *company, const struct life *life)
{
	bool handed = life->handed_off_ms != NEVER;

	t->leads++;
	t->origins[sim_sources[life->source].origin]++;
	t->prequalified += life->prequalified_ms != NEVER;
	t->disqualified += life->disqualified_ms != NEVER;
	t->qualified += life->qualified_ms != NEVER;
	t->handed += handed;
	t->responded += handed && life->first_response_ms != NEVER;
	t->on_time += handed && life->first_response_ms <= life->response_due_ms;
	t->accepted += handed && life->accepted_ms != NEVER;
	t->rejected += life->rejected_ms != NEVER;
	t->recycled += life->recycled_ms != NEVER;
	t->opportunities += life->opportunity_ms != NEVER;
	t->activities += (int64_t)life->activity_count;
	t->touches += (int64_t)life->touch_count;
	t->full += life->activity_count >= LIFE_ACTIVITIES - 1;
	if (handed && life->qualified_ms == NEVER) {
		t->below++;
		t->below_opportunities += life->opportunity_ms != NEVER;
	} else if (handed) {
		t->above++;
		t->above_opportunities += life->opportunity_ms != NEVER;
	}
	if (life->campaign >= 0 && company->campaigns[life->campaign].junk) {
		t->junk++;
		t->junk_opportunities += life->opportunity_ms != NEVER;
	} else if (life->campaign >= 0) {
		t->other++;
		t->other_opportunities += life->opportunity_ms != NEVER;
	}
	count_deal(t, company, life);
}

static double share(int64_t hits, int64_t of)
{
	return of ? 100.0 * (double)hits / (double)of : 0;
}

static void tally_of(struct tally *t, const char *plant, uint64_t leads)
{
	struct sim_story story;
	struct company company;
	struct arena arena;
	struct err err = ERR_INIT;
	struct str word;
	static struct life life;

	memset(t, 0, sizeof(*t));
	arena_init(&arena);
	sim_story_default(&story);
	story.leads = leads;
	story.seed = 11;
	sim_story_plant(&story, str_of(plant), &word);
	if (company_init(&company, &story, &arena, &err))
		note("%s", err.text);
	else
		for (uint64_t i = 0; i < leads; i++) {
			life_make(&company, i, &life);
			count(t, &company, &life);
		}
	arena_release(&arena);
	qsort(t->cycle, (size_t)(t->cycles < 20000 ? t->cycles : 20000), sizeof(int32_t), by_size);
}

#define SHARE(low, hits, of, high, what)                                                                               \
	do {                                                                                                           \
		double got = share(hits, of);                                                                          \
		ok(got >= (low) && got <= (high), "%s: %.1f %% is within %d and %d %%", what, got, (int)(low),         \
		   (int)(high));                                                                                       \
	} while (0)

static struct tally plain, faults;

int main(void)
{
	tally_of(&plain, "none", 20000);
	SHARE(76, plain.origins[ORIGIN_MARKETING], plain.leads, 84, "marketing's leads");
	SHARE(9, plain.origins[ORIGIN_SALES], plain.leads, 13, "sales' own leads");
	SHARE(42, plain.qualified, plain.leads, 50, "qualified of leads");
	SHARE(95, plain.handed, plain.qualified, 106, "handed over against qualified");
	SHARE(95, plain.responded, plain.handed, 99, "answered of handed over");
	SHARE(80, plain.on_time, plain.handed, 92, "answered in four hours of handed over");
	SHARE(76, plain.accepted, plain.handed, 84, "accepted of handed over");
	SHARE(18, plain.opportunities, plain.leads, 25, "opportunities of leads");
	SHARE(25, plain.visits[STAGE_WON], plain.visits[STAGE_WON] + plain.visits[STAGE_LOST], 38,
	      "won of won and lost");
	ok(plain.cycle[plain.cycles / 2] >= 40 && plain.cycle[plain.cycles / 2] <= 52, "median cycle: %d days",
	   plain.cycle[plain.cycles / 2]);
	SHARE(420, plain.touches, plain.leads, 580, "touches per 100 leads");
	note("activities per lead %.2f", (double)plain.activities / (double)plain.leads);
	is_int(plain.full, 0, "no lead runs out of room for contacts");
	for (int i = 0; i < STAGES_OPEN; i++)
		SHARE(14, plain.losses[i], plain.visits[i], 28, sim_stages[i].name);

	tally_of(&faults, "all", 20000);
	SHARE(5, faults.junk, faults.leads, 7, "the junk campaign's leads");
	SHARE(5, faults.junk_opportunities * faults.other, faults.other_opportunities * faults.junk, 15,
	      "the junk campaign's share of opportunities against the others'");
	SHARE(18, faults.qualified, faults.leads, 30, "qualified of leads under too high a bar");
	SHARE(10, faults.opportunities, faults.leads, 18, "opportunities of leads under too high a bar");
	SHARE(8, faults.below, faults.leads, 20, "leads that ask again from below too high a bar");
	SHARE(80, faults.below_opportunities * faults.above, faults.above_opportunities * faults.below, 120,
	      "their share of opportunities against those above it");
	SHARE(40, plain.below_opportunities * plain.above, plain.above_opportunities * plain.below, 80,
	      "the same where the bar is right");
	for (int i = 0; i < STAGES_OPEN; i++)
		note("%s lost %.1f of %lld", sim_stages[i].name, share(faults.losses[i], faults.visits[i]),
		     (long long)faults.visits[i]);
	return done();
}
