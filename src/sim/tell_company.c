#include "base/date.h"
#include "sim/purpose.h"
#include "sim/tell.h"
#include "sim/words.h"
#include "sim/writing.h"

static int tell_stages(struct telling *telling, struct err *err)
{
	int64_t at = telling->company->calendar.start_ms[0];

	for (unsigned i = 0; i < STAGES; i++) {
		struct writing w;
		int rc;

		writing_begin(&w, telling, OBJECT_STAGE, str_of(sim_stages[i].name), at);
		write_word(&w, FIELD_NAME, sim_stages[i].name);
		write_number(&w, FIELD_POSITION, (int64_t)i + 1);
		write_word(&w, FIELD_MEANS, sim_stages[i].means);
		write_flag(&w, FIELD_BID, i == STAGE_QUOTE);
		rc = writing_end(&w, telling, err);
		if (rc)
			return rc;
	}
	return 0;
}

static int tell_person(struct telling *telling, struct str key, struct str name, struct str email, const char *team,
		       struct str manager, const char *role, struct err *err)
{
	struct writing w;

	writing_begin(&w, telling, OBJECT_PERSON, key, telling->company->calendar.start_ms[0]);
	write_text(&w, FIELD_NAME, name);
	write_text(&w, FIELD_EMAIL, email);
	write_word(&w, FIELD_TEAM, team);
	write_word(&w, FIELD_REGION, team);
	write_text(&w, FIELD_MANAGER, manager);
	write_word(&w, FIELD_ROLE, role);
	write_flag(&w, FIELD_ACTIVE, true);
	return writing_end(&w, telling, err);
}

static int tell_people(struct telling *telling, struct err *err)
{
	const struct sim_story *story = &telling->company->story;
	struct arena *arena = &telling->arena;
	struct str managers[SIM_TEAMS_MAX];
	int rc;

	for (unsigned i = 0; i < story->teams; i++) {
		managers[i] = words_colleague(4800 - i, telling->company->name_shift, arena);
		rc = tell_person(telling, tell_key(arena, 'M', i, 0), managers[i],
				 str_of(arena_printf(arena, "manager%u@hollin.example", i + 1)), sim_teams[i], STR_NONE,
				 "manager", err);
		if (rc)
			return rc;
	}
	for (unsigned i = 0; i < story->reps; i++) {
		const struct sim_rep *rep = &telling->company->reps[i];

		rc = tell_person(telling, tell_key(arena, 'R', i, 0), rep->name, rep->email, sim_teams[rep->team],
				 managers[rep->team], "seller", err);
		if (rc)
			return rc;
	}
	return 0;
}

int tell_company(struct telling *telling, struct err *err)
{
	int rc;

	arena_reset(&telling->arena);
	rc = tell_stages(telling, err);
	return rc ? rc : tell_people(telling, err);
}

static int tell_spend(struct telling *telling, unsigned i, int32_t monday, uint64_t leads_milli, int64_t at_ms,
		      struct err *err)
{
	const struct sim_campaign *campaign = &telling->company->campaigns[i];
	const struct sim_source *source = &sim_sources[campaign->source];
	struct random random;
	struct writing w;
	int year, week;
	int64_t cost = source->cost_minor * campaign->cost / 1000, leads = (int64_t)leads_milli, clicks;

	random_init(&random, telling->company->story.seed, PURPOSE_SPEND, (uint64_t)(int64_t)monday << 16 | i);
	cost = cost * leads / 1000 * random_between(&random, 850, 1150) / 1000;
	clicks = leads * source->clicks / 1000 * random_between(&random, 850, 1150) / 1000;
	date_iso_week(monday, &year, &week);
	writing_begin(&w, telling, OBJECT_SPEND,
		      str_of(arena_printf(&telling->arena, "K%u-%d-W%02d", i + 1, year, week)), at_ms);
	write_word(&w, FIELD_ORIGIN, sim_origins[source->origin]);
	write_word(&w, FIELD_SOURCE, source->name);
	write_text(&w, FIELD_CAMPAIGN, campaign->name);
	write_date(&w, FIELD_DAY,
		   monday > telling->company->story.first_day ? monday : telling->company->story.first_day);
	write_money(&w, FIELD_AMOUNT, cost);
	write_number(&w, FIELD_IMPRESSIONS, clicks * random_between(&random, 35, 60));
	write_number(&w, FIELD_CLICKS, clicks);
	/* Platforms count more leads than arrive. */
	write_number(&w, FIELD_REPORTED_LEADS, (leads * random_between(&random, 1000, 1300) / 1000 + 500) / 1000);
	return writing_end(&w, telling, err);
}

int tell_week(struct telling *telling, int32_t monday, struct err *err)
{
	const struct company *company = telling->company;
	int32_t day = monday + 7 <= company->story.last_day + 1 ? monday + 7 : company->story.last_day + 1;
	int64_t at = company->calendar.start_ms[day - company->calendar.first] - 1000;

	arena_reset(&telling->arena);
	for (unsigned i = 0; i < company->story.campaigns; i++) {
		uint64_t leads = company_expected(company, i, monday, monday + 7);
		int rc = leads ? tell_spend(telling, i, monday, leads, at, err) : 0;

		if (rc)
			return rc;
	}
	return 0;
}
