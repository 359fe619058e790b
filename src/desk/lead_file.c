#include "desk/lead_file.h"

#include <math.h>
#include <stdlib.h>

static const char *const word_names[WORD__COUNT] = {
	[WORD_BROKEN] = "broken",     [WORD_WITHDRAWN] = "withdrawn", [WORD_EXCUSED] = "excused",
	[WORD_DISPUTED] = "disputed", [WORD_SETTLED] = "settled",     [WORD_TOLD] = "told",
};

const char *word_kind_name(enum word_kind kind)
{
	return word_names[kind];
}

/* Milestones that a source or a deal may tell without a step. Those of one instant follow in the order of life. */
static const struct {
	const char *column;
	enum life_step step;
	int order;
} milestones[] = {
	{ "prequalified", STEP_PREQUALIFY, 10 * LEAD_STEP_PREQUALIFIED },
	{ "qualified", STEP_QUALIFY, 10 * LEAD_STEP_QUALIFIED },
	{ "handed_off", STEP_HAND_OFF, 10 * LEAD_STEP_HANDED_OFF },
	{ "accepted", STEP_ACCEPT, 10 * LEAD_STEP_ACCEPTED },
	{ "opportunity", STEP_OPPORTUNITY, 10 * LEAD_STEP_ACCEPTED + 1 },
	{ "won", STEP_WIN, 10 * LEAD_STEP_ACCEPTED + 2 },
	{ "lost", STEP_LOSE, 10 * LEAD_STEP_ACCEPTED + 3 },
	{ "discontinued", STEP_DISCONTINUE, 10 * LEAD_STEP_ACCEPTED + 4 },
	{ "rejected", STEP_REJECT, 10 * LEAD_STEP_REJECTED },
	{ "disqualified", STEP_DISQUALIFY, 10 * LEAD_STEP_DISQUALIFIED },
};

enum { MILESTONES = sizeof(milestones) / sizeof(*milestones) };

struct lead_files {
	const struct facts *facts;
	int64_t now_ms;
	const struct column *milestones[MILESTONES], *owner, *voided;
	struct {
		const struct column *lead, *at, *step, *by, *owner, *reason, *outcome, *question, *score;
	} steps;
	struct {
		const struct column *at, *promise, *kind, *episode, *by, *reason, *outcome, *owner;
	} words;
	struct rows_by steps_of, words_of;
	enum lead_step *step_of_code; /* LEAD_STEP__COUNT: no step */
	enum word_kind *word_of_code; /* WORD__COUNT: no word */
};

/* ---- columns ---- */

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
	for (uint32_t code = 0; code < rows_codes(kinds); code++) {
		int kind = 0;

		while (kind < WORD__COUNT && !str_is(rows_name(kinds, code), word_names[kind]))
			kind++;
		f->word_of_code[code] = (enum word_kind)kind;
	}
}

struct lead_files *lead_files_new(const struct facts *facts, int64_t now_ms)
{
	struct lead_files *f = must_calloc(1, sizeof(*f));

	f->facts = facts;
	f->now_ms = now_ms;
	for (int i = 0; i < MILESTONES; i++)
		f->milestones[i] = cells_of(facts, FACT_LEADS, milestones[i].column);
	f->owner = cells_of(facts, FACT_LEADS, "owner");
	f->voided = cells_of(facts, FACT_LEADS, "voided");
	find_step_columns(f);
	find_word_columns(f);
	rows_by_init(&f->steps_of, facts, FACT_LEAD_STEPS, "lead", "at", "step");
	rows_by_init(&f->words_of, facts, FACT_PROMISE_WORDS, "lead", "at", "kind");
	return f;
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

/* False where it is none. */
static bool read_step(const struct lead_files *f, uint32_t row, struct told_step *out)
{
	enum lead_step step = f->step_of_code[rows_code(f->steps.step, row)];

	*out = (struct told_step){ .row = row, .step = step };
	out->at_ms = cell_time_ms(f->steps.at, row);
	if (step == LEAD_STEP__COUNT || out->at_ms > f->now_ms)
		return false;
	out->by = cell_name(f->steps.by, row);
	out->owner = cell_name(f->steps.owner, row);
	out->reason = cell_name(f->steps.reason, row);
	out->outcome = cell_name(f->steps.outcome, row);
	out->question = cell_name(f->steps.question, row);
	out->score = cells_number(f->steps.score, row);
	return true;
}

size_t lead_files_steps(const struct lead_files *files)
{
	return facts_rows(files->facts, FACT_LEAD_STEPS);
}

bool lead_files_step(const struct lead_files *files, uint32_t step_row, struct told_step *out, uint32_t *lead)
{
	*lead = cell_ref(files->steps.lead, step_row);
	return *lead != REF_NONE && read_step(files, step_row, out);
}

static int compare_steps(const void *a, const void *b)
{
	const struct told_step *x = a, *y = b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	return x->step != y->step ? (x->step < y->step ? -1 : 1) : str_cmp(x->question, y->question);
}

static void read_steps(const struct lead_files *f, struct lead_file *file, struct arena *arena)
{
	uint32_t from = f->steps_of.starts[file->row], to = f->steps_of.starts[file->row + 1];

	file->steps = ARENA_ARRAY(arena, struct told_step, to - from + 1);
	for (uint32_t i = from; i < to; i++)
		file->step_count += read_step(f, f->steps_of.rows[i], &file->steps[file->step_count]);
	if (file->step_count)
		qsort(file->steps, file->step_count, sizeof(*file->steps), compare_steps);
}

static void read_words(const struct lead_files *f, struct lead_file *file, struct arena *arena)
{
	uint32_t from = f->words_of.starts[file->row], to = f->words_of.starts[file->row + 1];

	file->words = ARENA_ARRAY(arena, struct told_word, to - from + 1);
	for (uint32_t i = from; i < to; i++) {
		uint32_t row = f->words_of.rows[i];
		enum word_kind kind = f->word_of_code[rows_code(f->words.kind, row)];
		double episode = cells_number(f->words.episode, row);

		if (kind == WORD__COUNT)
			continue;
		file->words[file->word_count++] = (struct told_word){ .row = row,
								      .kind = kind,
								      .promise = cell_name(f->words.promise, row),
								      .episode = episode >= 1 ? (unsigned)episode : 1,
								      .at_ms = cell_time_ms(f->words.at, row),
								      .by = cell_name(f->words.by, row),
								      .reason = cell_name(f->words.reason, row),
								      .outcome = cell_name(f->words.outcome, row),
								      .owner = cell_name(f->words.owner, row) };
	}
}

/* ---- folding ---- */

/* One thing of a life: a milestone, a recorded step, or the step that is tried. */
struct mark {
	int64_t at_ms; /* of unknown time: after all others */
	int order;
	struct told_step *told; /* NULL: a milestone */
	enum life_step milestone;
	bool tried;
	bool followed;
};

static int compare(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return (y->told != NULL) - (x->told != NULL);
}

static size_t gather(const struct lead_files *f, const struct lead_file *file, struct mark *marks)
{
	size_t n = 0;

	for (int i = 0; i < MILESTONES; i++) {
		int64_t at_ms = cell_time_ms(f->milestones[i], file->row);

		if (at_ms <= f->now_ms)
			marks[n++] = (struct mark){ .at_ms = at_ms == CELL_UNKNOWN ? INT64_MAX : at_ms,
						    .order = milestones[i].order,
						    .milestone = milestones[i].step };
	}
	for (size_t i = 0; i < file->step_count; i++)
		marks[n++] = (struct mark){ .at_ms = file->steps[i].at_ms,
					    .order = 10 * (int)file->steps[i].step,
					    .told = &file->steps[i] };
	return n;
}

/* A milestone that a step tells too is folded once: of the two the milestone comes second, and may not follow. */
static void fold(struct mark *marks, size_t count, struct lifecycle *life, struct lifecycle *at_tried)
{
	if (count)
		qsort(marks, count, sizeof(*marks), compare);
	*life = LIFECYCLE_INIT;
	for (size_t i = 0; i < count; i++) {
		struct mark *m = &marks[i];

		if (m->told && !m->tried)
			m->told->episode = life->episode;
		m->followed = m->told ? lead_step_follow(life, m->told->step) : lifecycle_step(life, m->milestone);
		if (m->tried)
			*at_tried = *life;
	}
}

void lead_file_read(const struct lead_files *files, uint32_t row, struct lead_file *out, struct arena *arena)
{
	struct mark *marks;

	*out = (struct lead_file){ .row = row,
				   .source = cells_source(files->facts, FACT_LEADS, row),
				   .key = cells_key(files->facts, FACT_LEADS, row, arena),
				   .owner = cell_name(files->owner, row) };
	read_steps(files, out, arena);
	read_words(files, out, arena);
	marks = ARENA_ARRAY(arena, struct mark, out->step_count + MILESTONES);
	fold(marks, gather(files, out, marks), &out->life, NULL);
	out->is_void = cell_time_ms(files->voided, row) <= files->now_ms;
}

static bool followed_before(const struct mark *marks, size_t count, const struct told_step *told)
{
	for (size_t i = 0; i < count; i++)
		if (marks[i].told == told)
			return marks[i].followed;
	return false;
}

bool lead_file_fits(const struct lead_files *files, const struct lead_file *file, enum lead_step step, int64_t at_ms,
		    struct lifecycle *life, const struct told_step **against, struct arena *arena)
{
	struct mark *before = ARENA_ARRAY(arena, struct mark, file->step_count + MILESTONES);
	struct mark *after = ARENA_ARRAY(arena, struct mark, file->step_count + MILESTONES + 1);
	struct told_step tried = { .step = step, .at_ms = at_ms };
	size_t count = gather(files, file, before);
	struct lifecycle end;
	bool fits = false;

	memcpy(after, before, count * sizeof(*before));
	after[count] = (struct mark){ .at_ms = at_ms, .order = 10 * (int)step, .told = &tried, .tried = true };
	fold(after, count + 1, &end, life);
	fold(before, count, &end, NULL);
	*against = NULL;
	for (size_t i = 0; i <= count; i++) {
		if (after[i].tried)
			fits = after[i].followed;
		else if (after[i].told && !after[i].followed && !*against &&
			 followed_before(before, count, after[i].told))
			*against = after[i].told;
	}
	if (!fits)
		*against = NULL;
	return fits && !*against;
}

bool lead_with_sales(const struct lead_files *files, uint32_t row, bool *answered, struct arena *arena)
{
	struct lead_file file;
	bool ever = files->steps_of.starts[row] < files->steps_of.starts[row + 1];

	for (int i = 0; i < MILESTONES && !ever; i++)
		ever = milestones[i].step != STEP_PREQUALIFY && milestones[i].step != STEP_QUALIFY &&
		       cell_time_ms(files->milestones[i], row) != CELL_NEVER;
	if (!ever)
		return false;
	lead_file_read(files, row, &file, arena);
	*answered = file.life.life != LIFE_HANDED_OFF;
	return !file.is_void && (file.life.life == LIFE_HANDED_OFF || file.life.life == LIFE_ACCEPTED ||
				 file.life.life == LIFE_OPPORTUNITY);
}
