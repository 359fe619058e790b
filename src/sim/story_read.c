#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "io/yaml.h"
#include "sim/sim.h"

struct reading_story {
	struct sim_story *story;
	struct problems *problems;
	struct str file;
};

static void refuse(struct reading_story *in, const struct yaml_node *at, struct str key, const char *text)
{
	problem_add(in->problems, in->file, at->line, at->column, key, "%s", text);
}

static bool read_number(struct reading_story *in, const struct yaml_node *node, struct str key, uint64_t least,
			uint64_t most, uint64_t *out)
{
	struct decimal number;
	bool rounded;
	char text[128];

	if (node->kind == YAML_SCALAR && decimal_parse(node->text, '.', &number, &rounded) && number.scale == 0 &&
	    !rounded && number.mantissa >= 0 && (uint64_t)number.mantissa >= least &&
	    (uint64_t)number.mantissa <= most) {
		*out = (uint64_t)number.mantissa;
		return true;
	}
	snprintf(text, sizeof(text), "write a whole number from %llu to %llu", (unsigned long long)least,
		 (unsigned long long)most);
	refuse(in, node, key, text);
	return false;
}

static void read_count(struct reading_story *in, const struct yaml_node *node, struct str key, unsigned least,
		       unsigned most, unsigned *out)
{
	uint64_t number;

	if (read_number(in, node, key, least, most, &number))
		*out = (unsigned)number;
}

static void read_touches(struct reading_story *in, const struct yaml_node *node, struct str key, unsigned *out)
{
	struct decimal number;
	int64_t thousandths;
	bool rounded, good;

	good = node->kind == YAML_SCALAR && decimal_parse(node->text, '.', &number, &rounded) && !rounded &&
	       decimal_scaled(number, 3, &thousandths, &rounded) && !rounded && thousandths >= 0 &&
	       thousandths <= 20000;
	if (good)
		*out = (unsigned)thousandths;
	else
		refuse(in, node, key, "write a number from 0 to 20, as 5 or 5.25");
}

static void read_word(struct reading_story *in, const struct yaml_node *node, struct str key, char *out, size_t size)
{
	if (node->kind != YAML_SCALAR || node->text.len == 0 || node->text.len >= size) {
		refuse(in, node, key, "write a short text");
		return;
	}
	memcpy(out, node->text.at, node->text.len);
	out[node->text.len] = '\0';
}

static void read_day(struct reading_story *in, const struct yaml_node *node, struct str key, int32_t *out)
{
	if (node->kind != YAML_SCALAR || !date_parse(node->text, out))
		refuse(in, node, key, "write a day as 2025-06-29");
}

static void read_flag(struct reading_story *in, const struct yaml_node *node, struct str key, bool *out)
{
	if (node->kind == YAML_SCALAR && (str_is(node->text, "yes") || str_is(node->text, "no")))
		*out = str_is(node->text, "yes");
	else
		refuse(in, node, key, "write yes or no");
}

static void read_faults(struct reading_story *in, const struct yaml_node *node, struct str key)
{
	memset(in->story->plant, 0, sizeof(in->story->plant));
	if (node->kind != YAML_LIST) {
		refuse(in, node, key,
		       "write a list: [slow_rep, junk_campaign, leaking_stage, over_qualification, under_qualification]");
		return;
	}
	for (size_t n = 0; n < node->count; n++) {
		bool known = false;

		for (int i = 0; i < SIM_FAULT__COUNT; i++)
			if (node->items[n].kind == YAML_SCALAR &&
			    str_is(node->items[n].text, sim_fault_name((enum sim_fault)i)))
				in->story->plant[i] = known = true;
		if (!known)
			refuse(in, &node->items[n], key,
			       "not a fault: there are slow_rep, junk_campaign, leaking_stage, over_qualification and under_qualification");
	}
}

static void read_currency(struct reading_story *in, const struct yaml_node *node, struct str key)
{
	bool good = node->kind == YAML_SCALAR && node->text.len == 3;

	for (size_t i = 0; good && i < 3; i++)
		good = node->text.at[i] >= 'A' && node->text.at[i] <= 'Z';
	if (good)
		memcpy(in->story->currency, node->text.at, 3);
	else
		refuse(in, node, key, "write three capital letters, as EUR");
}

static void read_key(struct reading_story *in, struct str key, const struct yaml_node *key_at,
		     const struct yaml_node *node)
{
	struct sim_story *story = in->story;

	if (str_is(key, "company"))
		read_word(in, node, key, story->company, sizeof(story->company));
	else if (str_is(key, "leads"))
		read_number(in, node, key, 1, SIM_LEADS_MAX, &story->leads);
	else if (str_is(key, "seed"))
		read_number(in, node, key, 0, INT64_MAX, &story->seed);
	else if (str_is(key, "first day"))
		read_day(in, node, key, &story->first_day);
	else if (str_is(key, "last day"))
		read_day(in, node, key, &story->last_day);
	else if (str_is(key, "zone"))
		read_word(in, node, key, story->zone, sizeof(story->zone));
	else if (str_is(key, "currency"))
		read_currency(in, node, key);
	else if (str_is(key, "reps"))
		read_count(in, node, key, 1, SIM_REPS_MAX, &story->reps);
	else if (str_is(key, "teams"))
		read_count(in, node, key, 1, SIM_TEAMS_MAX, &story->teams);
	else if (str_is(key, "campaigns"))
		read_count(in, node, key, 10, SIM_CAMPAIGNS_MAX, &story->campaigns);
	else if (str_is(key, "touches per lead"))
		read_touches(in, node, key, &story->touches_per_lead_thousandths);
	else if (str_is(key, "history"))
		read_flag(in, node, key, &story->history);
	else if (str_is(key, "activities"))
		read_flag(in, node, key, &story->activities);
	else if (str_is(key, "plant"))
		read_faults(in, node, key);
	else if (!str_is(key, "planted"))
		refuse(in, key_at, key, "a story has no such key; docs/simulator.md lists them");
}

int sim_story_parse(struct sim_story *story, struct str yaml, const char *name, struct problems *problems,
		    struct err *err)
{
	struct reading_story in = { story, problems, str_of(name) };
	size_t before = problems->count;
	struct yaml_node *root;
	int rc = yaml_parse(&root, yaml, name, problems->arena, err);

	if (rc)
		return rc;
	if (root->kind != YAML_MAP) {
		refuse(&in, root, STR_NONE, "a story is a list of keys with values: docs/simulator.md");
		return 1;
	}
	for (size_t i = 0; i < root->count; i++)
		read_key(&in, root->keys[i].text, &root->keys[i], &root->items[i]);
	return problems->count > before;
}

int sim_story_check(const struct sim_story *given, struct problems *problems, struct str file)
{
	struct sim_story story = *given;
	size_t before = problems->count;
	int32_t earliest = date_of_civil((struct civil){ 1990, 1, 1 }),
		latest = date_of_civil((struct civil){ 2090, 1, 1 });

	sim_story_complete(&story);
	if (story.last_day < earliest || story.last_day > latest)
		problem_add(problems, file, 0, 0, STR("last day"), "must lie between 1990 and 2090");
	else if (story.first_day > story.last_day - 27 || story.first_day <= story.last_day - SIM_DAYS_MAX)
		problem_add(problems, file, 0, 0, STR("first day"),
			    "must lie between four weeks and ten years before the last day");
	if (story.reps < story.teams)
		problem_add(problems, file, 0, 0, STR("reps"),
			    "every team needs a rep: %u reps are not enough for %u teams", story.reps, story.teams);
	if (story.plant[SIM_OVER_QUALIFICATION] && story.plant[SIM_UNDER_QUALIFICATION])
		problem_add(problems, file, 0, 0, STR("plant"),
			    "a bar is not too high and too low at once: choose one");
	return problems->count > before;
}
