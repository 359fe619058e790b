#include "desk/lead_file.h"

#include <stdlib.h>

static const char *const milestones[EVENT__COUNT] = {
	[EVENT_CREATED] = "created",
	[EVENT_PREQUALIFIED] = "prequalified",
	[EVENT_QUALIFIED] = "qualified",
	[EVENT_HANDED_OFF] = "handed_off",
	[EVENT_FIRST_RESPONSE] = "first_response",
	[EVENT_ACCEPTED] = "accepted",
	[EVENT_REJECTED] = "rejected",
	[EVENT_DISQUALIFIED] = "disqualified",
	[EVENT_OPPORTUNITY] = "opportunity",
	[EVENT_WON] = "won",
	[EVENT_LOST] = "lost",
	[EVENT_DISCONTINUED] = "discontinued",
};

struct lead_files {
	const struct facts *facts;
	int64_t now_ms;
	const struct column *milestones[EVENT__COUNT], *recycled, *voided, *owner;
	struct {
		const struct column *lead, *at, *step, *by, *owner, *reason, *outcome, *question, *score, *episode;
	} steps;
	struct {
		const struct column *at, *promise, *kind, *episode, *by, *reason, *outcome, *owner;
	} words;
	struct rows_by steps_of, words_of;
	enum lead_step *step_of_code; /* LEAD_STEP__COUNT: no step, or taken back */
	enum word_kind *word_of_code; /* WORD__COUNT: no word */
};

/* ---- columns ---- */

const struct column *lead_milestone(const struct facts *facts, enum lead_event event)
{
	return milestones[event] ? cells_of(facts, FACT_LEADS, milestones[event]) : NULL;
}

static void find_lead_columns(struct lead_files *f)
{
	for (int event = 0; event < EVENT__COUNT; event++)
		f->milestones[event] = lead_milestone(f->facts, (enum lead_event)event);
	f->recycled = cells_of(f->facts, FACT_LEADS, "recycled");
	f->voided = cells_of(f->facts, FACT_LEADS, "voided");
	f->owner = cells_of(f->facts, FACT_LEADS, "owner");
}

static void find_step_columns(struct lead_files *f)
{
	const struct column *kinds = cells_of(f->facts, FACT_LEAD_STEPS, "step");

	f->steps.lead = cells_of(f->facts, FACT_LEAD_STEPS, "lead");
	f->steps.at = cells_of(f->facts, FACT_LEAD_STEPS, "at");
	f->steps.step = kinds;
	f->steps.by = cells_of(f->facts, FACT_LEAD_STEPS, "by");
	f->steps.owner = cells_of(f->facts, FACT_LEAD_STEPS, "owner");
	f->steps.reason = cells_of(f->facts, FACT_LEAD_STEPS, "reason");
	f->steps.outcome = cells_of(f->facts, FACT_LEAD_STEPS, "outcome");
	f->steps.question = cells_of(f->facts, FACT_LEAD_STEPS, "question");
	f->steps.score = cells_of(f->facts, FACT_LEAD_STEPS, "score");
	f->steps.episode = cells_of(f->facts, FACT_LEAD_STEPS, "episode");
	f->step_of_code = must_calloc(rows_codes(kinds) + 1, sizeof(*f->step_of_code));
	for (uint32_t code = 0; code < rows_codes(kinds); code++)
		if (!lead_step_by_name(rows_name(kinds, code), &f->step_of_code[code]) ||
		    f->step_of_code[code] == LEAD_STEP_TAKEN_BACK)
			f->step_of_code[code] = LEAD_STEP__COUNT;
}

static void find_word_columns(struct lead_files *f)
{
	const struct column *kinds = cells_of(f->facts, FACT_PROMISE_WORDS, "kind");

	f->words.at = cells_of(f->facts, FACT_PROMISE_WORDS, "at");
	f->words.promise = cells_of(f->facts, FACT_PROMISE_WORDS, "promise");
	f->words.kind = kinds;
	f->words.episode = cells_of(f->facts, FACT_PROMISE_WORDS, "episode");
	f->words.by = cells_of(f->facts, FACT_PROMISE_WORDS, "by");
	f->words.reason = cells_of(f->facts, FACT_PROMISE_WORDS, "reason");
	f->words.outcome = cells_of(f->facts, FACT_PROMISE_WORDS, "outcome");
	f->words.owner = cells_of(f->facts, FACT_PROMISE_WORDS, "owner");
	f->word_of_code = must_calloc(rows_codes(kinds) + 1, sizeof(*f->word_of_code));
	for (uint32_t code = 0; code < rows_codes(kinds); code++)
		f->word_of_code[code] = word_kind_by_name(rows_name(kinds, code));
}

static struct lead_files *make(const struct facts *facts, int64_t now_ms, const uint64_t *wanted)
{
	struct lead_files *f = must_calloc(1, sizeof(*f));

	f->facts = facts;
	f->now_ms = now_ms;
	find_lead_columns(f);
	find_step_columns(f);
	find_word_columns(f);
	rows_by_init_some(&f->steps_of, facts, FACT_LEAD_STEPS, "lead", "at", "step", wanted);
	rows_by_init_some(&f->words_of, facts, FACT_PROMISE_WORDS, "lead", "at", "kind", wanted);
	return f;
}

struct lead_files *lead_files_new(const struct facts *facts, int64_t now_ms)
{
	return make(facts, now_ms, NULL);
}

struct lead_files *lead_files_some(const struct facts *facts, int64_t now_ms, const uint32_t *rows, size_t count)
{
	uint64_t *wanted = must_calloc((size_t)facts_rows(facts, FACT_LEADS) / 64 + 1, sizeof(*wanted));
	struct lead_files *files;

	for (size_t i = 0; i < count; i++)
		wanted[rows[i] / 64] |= UINT64_C(1) << rows[i] % 64;
	files = make(facts, now_ms, wanted);
	free(wanted);
	return files;
}

void lead_files_free(struct lead_files *files)
{
	if (!files)
		return;
	rows_by_release(&files->steps_of);
	rows_by_release(&files->words_of);
	free(files->step_of_code);
	free(files->word_of_code);
	free(files);
}

/* ---- reading ---- */

/* False where it is none, or lies ahead. */
static bool read_step(const struct lead_files *f, uint32_t row, int64_t now_ms, struct told_step *out)
{
	enum lead_step step = f->step_of_code[rows_code(f->steps.step, row)];
	int64_t at_ms = cell_time_ms(f->steps.at, row);
	double episode;

	if (step == LEAD_STEP__COUNT || at_ms > now_ms)
		return false;
	*out = told_step_of(step, at_ms);
	out->row = row;
	out->by = cell_name(f->steps.by, row);
	out->owner = cell_name(f->steps.owner, row);
	out->reason = cell_name(f->steps.reason, row);
	out->outcome = cell_name(f->steps.outcome, row);
	out->question = cell_name(f->steps.question, row);
	out->score = cells_number(f->steps.score, row);
	episode = cells_number(f->steps.episode, row);
	out->said = episode >= 1 && episode <= UINT16_MAX ? (unsigned)episode : 0;
	return true;
}

size_t lead_files_steps(const struct lead_files *files)
{
	return facts_rows(files->facts, FACT_LEAD_STEPS);
}

bool lead_files_step(const struct lead_files *files, uint32_t step_row, struct told_step *out, uint32_t *lead)
{
	*lead = cell_ref(files->steps.lead, step_row);
	return *lead != REF_NONE && read_step(files, step_row, files->now_ms, out);
}

/* Steps, and what the columns say. The lead's own contacts are no part of its life. Returns how many there are. */
static size_t read_told(const struct lead_files *f, uint32_t row, int64_t now_ms, struct lead_story *out,
			struct told_step **told, struct arena *arena)
{
	uint32_t from = f->steps_of.starts[row], to = f->steps_of.starts[row + 1];
	int64_t recycled_ms = cell_time_ms(f->recycled, row);
	size_t count = 0;

	*told = ARENA_ARRAY(arena, struct told_step, to - from + EVENT__COUNT + 1);
	for (uint32_t i = from; i < to; i++)
		count += read_step(f, f->steps_of.rows[i], now_ms, &(*told)[count]);
	for (int event = 0; event < EVENT__COUNT; event++) {
		int64_t at_ms = f->milestones[event] ? cell_time_ms(f->milestones[event], row) : EVENT_NEVER;

		out->events[event] = at_ms;
		if (at_ms <= now_ms && event != EVENT_CREATED && event != EVENT_FIRST_RESPONSE)
			(*told)[count++] = told_milestone((enum lead_event)event, at_ms);
	}
	if (recycled_ms <= now_ms) {
		(*told)[count] = told_step_of(LEAD_STEP_RECYCLED, recycled_ms);
		(*told)[count++].milestone = true;
	}
	return count;
}

static void read_words(const struct lead_files *f, uint32_t row, int64_t now_ms, struct lead_story *out,
		       struct arena *arena)
{
	uint32_t from = f->words_of.starts[row], to = f->words_of.starts[row + 1];

	out->word_count = 0;
	out->words = to > from ? ARENA_ARRAY(arena, struct told_word, to - from) : NULL;
	for (uint32_t i = from; i < to; i++) {
		uint32_t word = f->words_of.rows[i];
		enum word_kind kind = f->word_of_code[rows_code(f->words.kind, word)];
		double episode = cells_number(f->words.episode, word);
		int64_t at_ms = cell_time_ms(f->words.at, word);

		if (kind == WORD__COUNT || at_ms > now_ms)
			continue;
		out->words[out->word_count++] = (struct told_word){ .row = word,
								    .kind = kind,
								    .promise = cell_name(f->words.promise, word),
								    .episode = episode >= 1 ? (unsigned)episode : 1,
								    .at_ms = at_ms,
								    .by = cell_name(f->words.by, word),
								    .reason = cell_name(f->words.reason, word),
								    .outcome = cell_name(f->words.outcome, word),
								    .owner = cell_name(f->words.owner, word) };
	}
}

void lead_story_read(const struct lead_files *files, uint32_t row, int64_t heard_ms, int64_t now_ms,
		     struct lead_story *out, struct arena *arena)
{
	struct told_step *told;
	size_t count = read_told(files, row, now_ms, out, &told, arena);

	read_words(files, row, now_ms, out, arena);
	lead_life_fold(&out->life, told, count, out->events[EVENT_CREATED], heard_ms, now_ms, arena);
	/* Also where nobody wrote down when. */
	out->life.is_void |= cell_time_ms(files->voided, row) <= now_ms;
	for (size_t i = 0; i < out->life.episode_count; i++)
		for (int event = 0; event < EVENT__COUNT; event++) {
			int64_t at_ms = out->life.episodes[i].events[event];

			if (event_known(at_ms) && (at_ms < out->events[event] || out->events[event] == EVENT_UNKNOWN))
				out->events[event] = at_ms;
		}
}

void lead_file_read(const struct lead_files *files, uint32_t row, struct lead_file *out, struct arena *arena)
{
	const struct lead_life *life = &out->story.life;

	*out = (struct lead_file){ .row = row,
				   .source = cells_source(files->facts, FACT_LEADS, row),
				   .key = cells_key(files->facts, FACT_LEADS, row, arena),
				   .owner = cell_name(files->owner, row) };
	lead_story_read(files, row, EVENT_NEVER, files->now_ms, &out->story, arena);
	out->life = life->now;
	out->is_void = life->is_void;
	out->steps = ARENA_ARRAY(arena, struct told_step, life->told_count + 1);
	for (size_t i = 0; i < life->told_count; i++)
		if (!life->told[i].milestone)
			out->steps[out->step_count++] = life->told[i];
}

/* ---- one step more ---- */

bool lead_opted_out(const struct lead_file *file, int64_t at_ms)
{
	return file->story.events[EVENT_OPTED_OUT] <= at_ms;
}

bool lead_file_fits(const struct lead_files *files, const struct lead_file *file, enum lead_step step, int64_t at_ms,
		    struct lifecycle *life, const struct told_step **against, struct arena *arena)
{
	struct lead_trial trial;
	bool may = lead_life_try(&file->story.life, told_step_of(step, at_ms), file->story.events[EVENT_CREATED],
				 files->now_ms, &trial, arena);

	*life = trial.stands;
	*against = trial.against;
	return may;
}

/* Milestones tell again what the steps tell. */
static bool is_of(const struct told_step *told, const struct told_step *const *gone, size_t gone_count)
{
	for (size_t i = 0; i < gone_count; i++)
		if (told->milestone ? told->step == gone[i]->step && told->at_ms == gone[i]->at_ms
				    : told->row == gone[i]->row)
			return true;
	return false;
}

static void fold_without(const struct lead_files *files, const struct lead_file *file,
			 const struct told_step *const *gone, size_t gone_count, struct lead_life *after,
			 struct arena *arena)
{
	const struct lead_life *before = &file->story.life;
	struct told_step *told = ARENA_ARRAY(arena, struct told_step, before->told_count + 1);
	size_t count = 0;

	for (size_t i = 0; i < before->told_count; i++)
		if (!is_of(&before->told[i], gone, gone_count))
			told[count++] = before->told[i];
	lead_life_fold(after, told, count, file->story.events[EVENT_CREATED], EVENT_NEVER, files->now_ms, arena);
}

const struct told_step *lead_file_against(const struct lead_files *files, const struct lead_file *file,
					  const struct told_step *const *gone, size_t gone_count, struct arena *arena)
{
	struct lead_life after;

	fold_without(files, file, gone, gone_count, &after, arena);
	return lead_life_against(&file->story.life, &after);
}

struct lifecycle lead_file_without(const struct lead_files *files, const struct lead_file *file,
				   const struct told_step *const *gone, size_t gone_count, struct arena *arena)
{
	struct lead_life after;

	fold_without(files, file, gone, gone_count, &after, arena);
	return after.now;
}

bool lead_with_sales(const struct lead_files *files, uint32_t row, struct arena *arena)
{
	bool ever = files->steps_of.starts[row] < files->steps_of.starts[row + 1];
	struct lead_story story;
	enum life life;

	for (int event = EVENT_HANDED_OFF; event < EVENT__COUNT && !ever; event++)
		ever = files->milestones[event] && event != EVENT_FIRST_RESPONSE &&
		       cell_time_ms(files->milestones[event], row) != CELL_NEVER;
	if (!ever)
		return false;
	lead_story_read(files, row, EVENT_NEVER, files->now_ms, &story, arena);
	life = story.life.now.life;
	return !story.life.is_void && (life == LIFE_HANDED_OFF || life == LIFE_ACCEPTED || life == LIFE_OPPORTUNITY);
}
