#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/decimal.h"
#include "sim/company.h"
#include "sim/purpose.h"

static const char *const fault_names[SIM_FAULT__COUNT] = {
	[SIM_SLOW_REP] = "slow_rep",
	[SIM_JUNK_CAMPAIGN] = "junk_campaign",
	[SIM_LEAKING_STAGE] = "leaking_stage",
	[SIM_OVER_QUALIFICATION] = "over_qualification",
	[SIM_UNDER_QUALIFICATION] = "under_qualification",
};

const char *sim_fault_name(enum sim_fault fault)
{
	return fault_names[fault];
}

void sim_story_default(struct sim_story *story)
{
	*story = (struct sim_story){ .company = "Hollin Filters",
				     .leads = 3000,
				     .seed = 1,
				     .first_day = DATE_NONE,
				     .last_day = date_of_civil((struct civil){ 2025, 6, 29 }),
				     .zone = "Europe/Berlin",
				     .currency = "EUR",
				     .touches_per_lead_thousandths = 5000,
				     .history = true,
				     .activities = true };
}

static unsigned within(uint64_t value, unsigned least, unsigned most)
{
	return value < least ? least : value > most ? most : (unsigned)value;
}

void sim_story_complete(struct sim_story *story)
{
	if (story->first_day == DATE_NONE)
		story->first_day = story->last_day - 363;
	if (!story->reps)
		story->reps = within(story->leads / 250, 6, 200);
	if (!story->teams)
		story->teams = within(story->reps / 4, 1, SIM_TEAMS_MAX);
	if (!story->campaigns)
		story->campaigns = story->leads > 50000 ? within(40 + story->leads / 2000, 40, 500)
							: within(story->leads / 75, 10, 40);
}

bool sim_story_plant(struct sim_story *story, struct str list, struct str *word)
{
	struct random random;

	random_init(&random, story->seed, PURPOSE_FAULTS, 0);
	memset(story->plant, 0, sizeof(story->plant));
	while (list.len) {
		bool known = false, all;

		*word = str_trim(str_cut(&list, ','));
		all = str_is(*word, "all");
		for (int i = 0; i < SIM_FAULT__COUNT; i++) {
			if (str_is(*word, "random"))
				story->plant[i] = random_chance(&random, CERTAIN / 2), known = true;
			else if (all || str_is(*word, fault_names[i]))
				story->plant[i] = known = true;
		}
		if ((all || str_is(*word, "random")) && story->plant[SIM_OVER_QUALIFICATION])
			story->plant[SIM_UNDER_QUALIFICATION] = false;
		if (!known && !str_is(*word, "none"))
			return false;
	}
	return true;
}

static void add_quoted(struct buf *out, struct str text)
{
	buf_add_char(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '"' || text.at[i] == '\\')
			buf_add_char(out, '\\');
		buf_add_char(out, text.at[i]);
	}
	buf_add_char(out, '"');
}

static void add_truth(struct buf *out, const char *name, const char *what, const char *sentence)
{
	buf_addf(out, "  %s: ", name);
	if (*what)
		add_quoted(out, str_of(what));
	else
		buf_add_text(out, "none");
	buf_addf(out, "  # %s\n", sentence);
}

struct str sim_story_text(const struct sim_story *given, const struct sim_truth *truth, struct arena *arena)
{
	struct sim_story story = *given;
	struct buf out;
	char first[16], last[16], touches[48];
	struct str text;
	bool any = false;

	buf_init(&out, 65536);
	sim_story_complete(&story);
	date_format(story.first_day, first);
	date_format(story.last_day, last);
	buf_add_text(
		&out,
		"# A made-up company. Everything in it is invented. `lockstep simulate --story` reads this file.\ncompany: ");
	add_quoted(&out, str_of(story.company));
	buf_addf(&out, "\nleads: %llu\nseed: %llu\n", (unsigned long long)story.leads, (unsigned long long)story.seed);
	buf_addf(&out, "first day: %s\nlast day: %s\nzone: %s\ncurrency: %s\n", first, last, story.zone,
		 story.currency);
	buf_addf(&out, "reps: %u\nteams: %u\ncampaigns: %u\n", story.reps, story.teams, story.campaigns);
	decimal_format(decimal_of(story.touches_per_lead_thousandths, 3), touches);
	buf_addf(&out, "touches per lead: %s\nhistory: %s\nactivities: %s\nplant: [", touches,
		 story.history ? "yes" : "no", story.activities ? "yes" : "no");
	for (int i = 0; i < SIM_FAULT__COUNT; i++)
		if (story.plant[i]) {
			buf_addf(&out, "%s%s", any ? ", " : "", fault_names[i]);
			any = true;
		}
	buf_add_text(&out, "]\nplanted:  # the truth, for whoever checks what the reports find; not read again\n");
	add_truth(&out, "slow_rep", truth->slow_rep, "first responses about three times later, and fewer attempts");
	add_truth(&out, "junk_campaign", truth->junk_campaign, "many leads, next to no opportunities");
	add_truth(&out, "leaking_stage", truth->leaking_stage, "deals are lost here far more often than elsewhere");
	add_truth(&out, "over_qualification", truth->over_qualification ? "the bar" : "",
		  "so high that leads which would have bought wait in nurture");
	add_truth(&out, "under_qualification", truth->under_qualification ? "the bar" : "",
		  "so low that sellers get leads of which next to none buys");
	text = arena_str(arena, buf_str(&out));
	buf_release(&out);
	return text;
}
