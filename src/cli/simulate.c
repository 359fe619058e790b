/* `lockstep simulate`: a made-up company in a book or in CSV files, with faults planted on purpose. */
#include <stdio.h>
#include <string.h>
#include "base/date.h"
#include "cli/load.h"
#include "cli/output.h"
#include "desk/simulate.h"
#include "io/file.h"
#include "io/terminal.h"

static void step(void *context, uint64_t leads, uint64_t records)
{
	progress_step(context, leads, records);
}

/* Defaults, then the story file, then the options. */
static enum exit_code settle(struct invocation *in, struct sim_story *story)
{
	const char *path = option_text(in, "story"), *plant = option_text(in, "plant");
	int64_t leads = option_number(in, "leads", -1), seed = option_number(in, "seed", -1);
	int32_t last_day = option_date(in, "last-day"), days;
	struct err err = ERR_INIT;
	struct problems problems;
	struct str text, word;
	int rc;

	problems_init(&problems, &in->arena);
	sim_story_default(story);
	if (path) {
		if (file_read(&text, path, 1 << 20, &in->arena, &err))
			return command_fail(in, &err);
		rc = sim_story_parse(story, text, path, &problems, &err);
		if (rc)
			return rc < 0 ? command_fail(in, &err) : print_problems(in, &problems);
	}
	if (option_text(in, "leads") && (leads < 1 || leads > SIM_LEADS_MAX))
		return command_usage(in, "--leads takes 1 to %u", SIM_LEADS_MAX);
	if (leads > 0)
		story->leads = (uint64_t)leads;
	if (option_text(in, "seed") && seed < 0)
		return command_usage(in, "--seed takes 0 or more");
	if (seed >= 0)
		story->seed = (uint64_t)seed;
	if (last_day != DATE_NONE) {
		days = story->first_day == DATE_NONE ? 363 : story->last_day - story->first_day;
		story->last_day = last_day;
		story->first_day = last_day - days;
	}
	if (plant && !sim_story_plant(story, str_of(plant), &word))
		return command_usage(
			in,
			"--plant knows slow_rep, junk_campaign, leaking_stage, over_qualification, under_qualification, all, none and random, "
			"not \"%.*s\"",
			STR_ARG(word));
	if (sim_story_check(story, &problems, path ? str_of(path) : STR("the story")))
		return print_problems(in, &problems);
	return EXIT_DONE;
}

/* Opens the book, made with the story's zone and currency where there is none. */
static enum exit_code open_or_make(struct invocation *in, const struct sim_story *story, struct book **book)
{
	struct book_settings settings = { .fiscal_start_month = 1 };
	struct err err = ERR_INIT;
	enum exit_code code;

	if (!file_exists(in->book_path)) {
		snprintf(settings.zone, sizeof(settings.zone), "%s", story->zone);
		snprintf(settings.name, sizeof(settings.name), "%s", story->company);
		memcpy(settings.currency, story->currency, sizeof(settings.currency));
		if (file_make_parents(in->book_path, &err) || book_create(in->book_path, &settings, in->now_ms, &err))
			return command_fail(in, &err);
	}
	code = open_book(in, BOOK_WRITE, book);
	if (code)
		return code;
	/* Working hours and weeks are counted in the book's zone. */
	if (strcmp(book_settings(*book)->zone, story->zone) || strcmp(book_settings(*book)->currency, story->currency))
		say(in, "Note: the book is in %s and %s, the story in %s and %s", book_settings(*book)->zone,
		    book_settings(*book)->currency, story->zone, story->currency);
	return EXIT_DONE;
}

static void print_text(const struct sim_story *story, const struct simulate_summary *summary, const char *where,
		       const char *story_path)
{
	static const enum object told[] = { OBJECT_LEAD,        OBJECT_ACCOUNT,      OBJECT_TOUCH, OBJECT_ACTIVITY,
					    OBJECT_OPPORTUNITY, OBJECT_STAGE_CHANGE, OBJECT_ORDER, OBJECT_SPEND };
	char first[16], last[16], number[32];

	date_format(story->first_day, first);
	date_format(story->last_day, last);
	printf("%s, %s to %s, seed %llu: in %s\n", story->company, first, last, (unsigned long long)story->seed, where);
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (story_path || summary->of[told[i]])
			printf("%12s %s\n", count_text((int64_t)summary->of[told[i]], number), object_plural(told[i]));
	if (summary->unchanged)
		printf("%12s records were there already\n", count_text((int64_t)summary->unchanged, number));
	if (story_path)
		printf("The story and what was planted: %s\n", story_path);
}

static json_t *or_null(const char *text)
{
	return *text ? json_str(str_of(text)) : json_null();
}

static enum exit_code print_json(const struct invocation *in, const struct sim_story *story,
				 const struct simulate_summary *summary, const char *where, const char *story_path)
{
	json_t *root = json_object(), *planted = json_object(), *of = json_object();
	char first[16], last[16];

	date_format(story->first_day, first);
	date_format(story->last_day, last);
	json_object_set_new(root, "written_to", json_str(str_of(where)));
	json_object_set_new(root, "story", or_null(story_path));
	json_object_set_new(root, "seed", json_integer((json_int_t)story->seed));
	json_object_set_new(root, "first_day", json_string(first));
	json_object_set_new(root, "last_day", json_string(last));
	for (int i = 1; i < OBJECT__COUNT; i++)
		if (object_plural((enum object)i))
			json_object_set_new(of, object_plural((enum object)i),
					    json_integer((json_int_t)summary->of[i]));
	json_object_set_new(root, "new", of);
	json_object_set_new(root, "records", json_integer((json_int_t)summary->records));
	json_object_set_new(root, "unchanged", json_integer((json_int_t)summary->unchanged));
	json_object_set_new(planted, "slow_rep", or_null(summary->truth.slow_rep));
	json_object_set_new(planted, "junk_campaign", or_null(summary->truth.junk_campaign));
	json_object_set_new(planted, "leaking_stage", or_null(summary->truth.leaking_stage));
	json_object_set_new(planted, "over_qualification", json_boolean(summary->truth.over_qualification));
	json_object_set_new(planted, "under_qualification", json_boolean(summary->truth.under_qualification));
	json_object_set_new(root, "planted", planted);
	return output_json(in, root);
}

/* Columns alone, without a book. */
static enum exit_code run_facts(struct invocation *in, const struct sim_story *story,
				const struct simulate_options *options)
{
	const char *path = option_text(in, "columns");
	struct simulate_summary summary;
	struct err err = ERR_INIT;
	int rc;

	if (!path)
		return command_usage(in, "--facts-only needs --columns FILE: where should the columns go?");
	progress_start(options->progress_context, "simulating", "records", story->leads);
	rc = simulate_columns(path, story, options, &summary, &err);
	progress_end(options->progress_context);
	if (rc)
		return command_fail(in, &err);
	if (wants_json(in))
		return print_json(in, story, &summary, path, "");
	print_text(story, &summary, path, NULL);
	return output_flush(in);
}

static enum exit_code run(struct invocation *in)
{
	const char *folder = option_text(in, "to-csv"), *story_path;
	struct simulate_summary summary;
	struct err err = ERR_INIT;
	struct progress progress;
	struct sim_story story;
	struct book *book;
	int rc;
	enum exit_code code = settle(in, &story);
	struct simulate_options options = { .into = option_flag(in, "into"),
					    .now_ms = in->now_ms,
					    .actor = in->actor,
					    .progress = in->quiet ? NULL : step,
					    .progress_context = &progress };

	if (code)
		return code;
	sim_story_complete(&story);
	if (option_flag(in, "facts-only"))
		return run_facts(in, &story, &options);
	if (option_text(in, "columns"))
		return command_usage(in, "--columns goes with --facts-only; beside a book they are written anyway");
	story_path = folder ? arena_printf(&in->arena, "%s/story.yaml", folder)
			    : arena_printf(&in->arena, "%s.story.yaml", in->book_path);
	if (!folder) {
		code = open_or_make(in, &story, &book);
		if (code)
			return code;
	}
	progress_start(&progress, "simulating", "records", story.leads);
	rc = folder ? simulate_csv(folder, &story, &options, &summary, &err)
		    : simulate_book(book, &story, story_path, &options, &summary, &err);
	progress_end(&progress);
	if (!folder)
		close_written(in, book);
	if (rc)
		return command_fail(in, &err);
	if (wants_json(in))
		return print_json(in, &story, &summary, folder ? folder : in->book_path, story_path);
	print_text(&story, &summary, folder ? folder : in->book_path, story_path);
	return output_flush(in);
}

static const struct option_def options[] = {
	{ "leads", OPTION_NUMBER, "N", NULL, NULL, "how many leads; else the story's, else 3,000" },
	{ "seed", OPTION_NUMBER, "N", NULL, NULL, "another seed, another company; else the story's, else 1" },
	{ "story", OPTION_FILE, "FILE", NULL, NULL, "YAML file that describes the company" },
	{ "plant", OPTION_TEXT, "LIST", NULL, NULL, "faults, with commas between them; or all, none, random" },
	{ "last-day", OPTION_DATE, "DATE", NULL, NULL,
	  "the day on which the story ends; else the story's, else 2025-06-29" },
	{ "into", OPTION_FLAG, NULL, NULL, NULL, "also into a book that holds other things" },
	{ "facts-only", OPTION_FLAG, NULL, NULL, NULL, "no book, only the columns that questions are asked of" },
	{ "columns", OPTION_FILE, "FILE", NULL, NULL, "with --facts-only: the file for them; ask it with --book FILE" },
	{ "to-csv", OPTION_FILE, "DIR", NULL, NULL, "write CSV files there instead of a book" },
	{ "format", OPTION_CHOICE, NULL, "text|json", "text", "how to say what was made" },
	{ .name = NULL },
};

const struct command command_simulate = {
	.name = "simulate",
	.arguments = "",
	.summary = "make up a company, with faults planted on purpose",
	.about =
		"Writes a believable made-up company into a book, which is made where there is none: leads, touches, calls, "
		"opportunities, orders and spend of a year. The same story and seed give the same company. What was planted stands "
		"in a file beside the book, BOOK.story.yaml, so that reports can be held against the truth. Faults are slow_rep, "
		"junk_campaign, leaking_stage, over_qualification and under_qualification.",
	.examples = "lockstep simulate --book demo.lockstep --plant slow_rep,leaking_stage\n"
		    "lockstep simulate --book big.lockstep --leads 100000 --seed 7\n"
		    "lockstep simulate --to-csv exports   # files to try an import with",
	.least = 0,
	.most = 0,
	.options = options,
	.run = run,
};
