/* The executor over columns: one pass over a fact's rows.
 *
 * Chunks that cannot hold what is asked for are left out; what remains is parted into stretches, which threads take one after another.
 * Each stretch leaves groups and tallies of its own; they are merged in the order of the rows, so that the answer is the same, to the
 * last bit of a sum, however many threads there were. Within a stretch rows come in batches that stay in the cache. */
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/cores.h"
#include "facts/kernels.h"

enum {
	UNIT_ROWS = 16384,   /* stretches are made of these */
	MOST_STRETCHES = 32, /* whatever the number of threads: see above */
	MOST_THREADS = 32,
	MOST_CONJUNCTS = 16,
	LONE_ROWS = 65536, /* fewer are not worth a second thread */
	FEW_STREAMS = 3,
	SPARSE = 5, /* less than one row in so many is worth gathering */
};

struct block {
	uint32_t start, end;
};

struct stretch {
	size_t first, end; /* units */
	uint32_t group_count;
	uint8_t *seen;  /* by group */
	uint32_t *keys; /* NULL: the groups are the codes of the one dimension */
	struct tally *tallies;
	struct tallier *tallier; /* whose interners its keys are of */
};

struct run {
	struct plan *plan;
	unsigned pass;
	const struct node *conjuncts[MOST_CONJUNCTS]; /* of the pass's condition */
	size_t conjunct_count;
	const struct column *together; /* its equal references stand together and must not be parted; NULL: none */
	struct block *units;
	size_t unit_count;
	struct stretch stretches[MOST_STRETCHES];
	size_t stretch_count;
	atomic_size_t next;
	struct tallier talliers[MOST_THREADS];
	unsigned thread_count;
	uint32_t **share_counts;
	bool counting_shares;
};

/* ---- which rows ---- */

/* `waiting` more will come. */
static void add_conjuncts(struct run *run, const struct node *node, size_t waiting)
{
	if (node->op == OP_AND && run->conjunct_count + waiting + 2 <= MOST_CONJUNCTS) {
		add_conjuncts(run, node->a, waiting + 1);
		add_conjuncts(run, node->b, waiting);
	} else {
		run->conjuncts[run->conjunct_count++] = node;
	}
}

static bool chunk_can_hold(const struct run *run, uint32_t chunk)
{
	const struct node *time = run->plan->passes[run->pass].time;

	for (size_t i = 0; i < run->conjunct_count; i++) {
		if (zone_condition(run->plan, run->conjuncts[i], chunk) == SURELY_NOT)
			return false;
	}
	return !time || zone_period(run->plan, time, chunk) != SURELY_NOT;
}

/* The first row of those with the same reference. */
static uint32_t run_start(const struct run *run, uint32_t row, uint32_t rows)
{
	const struct column *refs = run->together;

	while (refs && row && row < rows && column_ref(refs, row) != REF_NONE &&
	       column_ref(refs, row) == column_ref(refs, row - 1))
		row--;
	return row;
}

static void find_units(struct run *run)
{
	uint32_t rows = facts_rows(run->plan->facts, run->plan->passes[run->pass].fact);
	uint64_t left = 0;

	run->units = ARENA_ARRAY(run->plan->arena, struct block, rows / UNIT_ROWS + 1);
	for (uint32_t at = 0; at < rows; at += UNIT_ROWS) {
		uint32_t end = rows - at < UNIT_ROWS ? rows : at + UNIT_ROWS;

		/* Rows that stay together may belong to two chunks. */
		if (!run->together && !chunk_can_hold(run, at / FACT_CHUNK))
			continue;
		run->units[run->unit_count++] = (struct block){ run_start(run, at, rows), run_start(run, end, rows) };
		left += end - at;
	}
	run->stretch_count = run->unit_count < MOST_STRETCHES ? run->unit_count : MOST_STRETCHES;
	for (size_t s = 0; s < run->stretch_count; s++) {
		run->stretches[s].first = run->unit_count * s / run->stretch_count;
		run->stretches[s].end = run->unit_count * (s + 1) / run->stretch_count;
	}
	run->thread_count = run->plan->threads;
	if (!run->thread_count) {
		long cores = left < LONE_ROWS ? 1 : cores_count();

		run->thread_count = cores < 1 ? 1 : cores > MOST_THREADS ? MOST_THREADS : (unsigned)cores;
	}
	if (run->thread_count > MOST_THREADS)
		run->thread_count = MOST_THREADS;
	if (run->thread_count > run->stretch_count)
		run->thread_count = run->stretch_count ? (unsigned)run->stretch_count : 1;
}

/* ---- one batch ---- */

/* The rows at hand that are still in, as a list. */
static void choose(struct tallier *t, const uint8_t *bits, uint32_t count)
{
	struct worker *w = &t->worker;

	kernel_positions(t->places, bits, w->count);
	for (uint32_t i = 0; i < count; i++)
		t->chosen[i] = w->chosen ? w->chosen[t->places[i]] : w->start + t->places[i];
	worker_choose(w, t->chosen, count);
	t->selected = NULL;
}

/* Leaves only the rows where the bits are set: as bits beside all of them where that is cheaper than to gather each column's values, else
 * as a list. False when there are none. */
static bool keep(const struct run *run, struct tallier *t, const uint8_t *bits)
{
	struct worker *w = &t->worker;
	uint32_t count;

	if (t->selected) {
		kernel_and(t->selection, t->selected, bits, w->count);
		bits = t->selection;
	}
	count = kernel_count(bits, w->count);
	if (!count || count == w->count)
		return count != 0;
	if (w->chosen || run->counting_shares || !t->by_bits || count < w->count / SPARSE) {
		choose(t, bits, count);
	} else if (bits != t->selection) {
		memcpy(t->selection, bits, w->count);
		t->selected = t->selection;
	}
	return true;
}

/* Puts the rows at hand whose time nobody knows aside. */
static uint32_t find_undated(struct tallier *t, const uint32_t *times)
{
	struct worker *w = &t->worker;
	uint32_t count;

	kernel_equals(t->mask, times, w->count, TIME_UNKNOWN);
	if (t->selected)
		kernel_and(t->mask, t->mask, t->selected, w->count);
	count = kernel_positions(t->places, t->mask, w->count);
	for (uint32_t i = 0; i < count; i++)
		t->undated[i] = w->chosen ? w->chosen[t->places[i]] : w->start + t->places[i];
	return count;
}

static void count_shares(struct run *run, struct tallier *t)
{
	for (size_t a = 0; a < run->plan->aggregate_count; a++) {
		const struct aggregate *aggregate = &run->plan->aggregates[a];
		const uint8_t *bits = NULL;
		struct vec keys;

		if (!aggregate->share_key || aggregate->pass != run->pass || !run->share_counts[a])
			continue;
		if (aggregate->condition)
			bits = eval(&t->worker, aggregate->condition).at.bits;
		keys = eval(&t->worker, aggregate->share_key);
		for (uint32_t i = 0; i < t->worker.count; i++) {
			uint32_t key = vec_name(&keys, i);

			if ((!bits || bits[i]) && key != REF_NONE)
				run->share_counts[a][key]++;
		}
	}
}

static void take_rows(struct run *run, struct tallier *t, bool undated)
{
	if (!run->counting_shares)
		tally_rows(t, undated);
	else if (!undated)
		count_shares(run, t);
}

static void run_batch(struct run *run, struct tallier *t, uint32_t start, uint32_t count)
{
	const struct plan *plan = run->plan;
	const struct node *time = plan->passes[run->pass].time;
	uint32_t chunk = start / FACT_CHUNK, undated;
	bool whole = start + count <= (chunk + 1) * (uint64_t)FACT_CHUNK;

	worker_range(&t->worker, start, count);
	t->selected = NULL;
	for (size_t i = 0; i < run->conjunct_count; i++) {
		if (whole && zone_condition(plan, run->conjuncts[i], chunk) == SURELY)
			continue;
		if (!keep(run, t, eval(&t->worker, run->conjuncts[i]).at.bits))
			return;
	}
	if (!time || (whole && zone_period(plan, time, chunk) == SURELY)) {
		take_rows(run, t, false);
		return;
	}

	const uint32_t *times = eval(&t->worker, time).at.codes;

	undated = find_undated(t, times);
	kernel_between(t->mask, times, t->worker.count, plan->period_start, plan->period_end);
	if (keep(run, t, t->mask))
		take_rows(run, t, false);
	if (undated) {
		t->selected = NULL;
		worker_choose(&t->worker, t->undated, undated);
		take_rows(run, t, true);
	}
}

/* Where few columns are read, a smaller batch stays in the nearest cache with all that is made of it; where many are, what each batch costs
 * counts for more. Rows that stand together are never so many as half of a whole batch. */
static uint32_t batch_rows(const struct run *run, const struct worker *worker)
{
	return worker->stream_count <= FEW_STREAMS && !run->together ? BATCH_ROWS / 4 : BATCH_ROWS;
}

static void run_units(struct run *run, struct tallier *t, size_t first, size_t end)
{
	uint32_t rows = facts_rows(run->plan->facts, run->plan->passes[run->pass].fact);

	for (size_t u = first; u < end; u++) {
		for (uint32_t at = run->units[u].start; at < run->units[u].end;) {
			uint32_t left = run->units[u].end - at;
			uint32_t most = batch_rows(run, &t->worker);
			uint32_t stop = left > most ? run_start(run, at + most, rows) : at + left;

			run_batch(run, t, at, stop - at);
			at = stop;
		}
	}
}

/* ---- threads ---- */

/* Counts of rows by code are whole numbers, and the same codes mean the same groups everywhere: they go on over a thread's stretches and
 * are settled in its last. Of values each stretch has its own, as sums depend on the order. */
static void end_stretch(const struct run *run, struct tallier *t, struct stretch *stretch, bool last)
{
	if (t->plain && !t->valued && !last)
		return;
	tally_settle(t, last);
	stretch->group_count = t->capacity ? tally_groups(t) : 0;
	stretch->keys = grouper_take(&t->grouper);
	stretch->seen = t->seen;
	stretch->tallies = t->tallies;
	stretch->tallier = t;
	t->seen = NULL;
	t->tallies = must_calloc(run->plan->aggregate_count, sizeof(*t->tallies));
	t->capacity = 0;
}

struct thread {
	struct run *run;
	struct tallier *tallier;
	pthread_t id;
	bool started;
};

static void *work(void *context)
{
	struct thread *thread = context;
	struct run *run = thread->run;

	tallier_init(thread->tallier, run->plan, run->pass);
	thread->tallier->share_counts = run->share_counts;
	for (size_t s = atomic_fetch_add(&run->next, 1), next; s < run->stretch_count; s = next) {
		struct stretch *stretch = &run->stretches[s];

		run_units(run, thread->tallier, stretch->first, stretch->end);
		next = atomic_fetch_add(&run->next, 1);
		end_stretch(run, thread->tallier, stretch, next >= run->stretch_count);
	}
	return NULL;
}

/* A thread that cannot be had is done without. */
static void run_all(struct run *run)
{
	struct thread threads[MOST_THREADS];

	for (unsigned i = 0; i < run->thread_count; i++) {
		threads[i] = (struct thread){ .run = run, .tallier = &run->talliers[i] };
		threads[i].started = i && !pthread_create(&threads[i].id, NULL, work, &threads[i]);
	}
	work(&threads[0]);
	for (unsigned i = 1; i < run->thread_count; i++) {
		if (threads[i].started)
			pthread_join(threads[i].id, NULL);
	}
}

/* ---- shares ---- */

/* How many keys there can be: rows behind a reference, names of a dictionary. */
static size_t key_space(const struct plan *plan, const struct node *key)
{
	if (key->type == TYPE_REF)
		return (size_t)facts_rows(plan->facts, key->column->def.target) + 1;
	return key->column->dict->count;
}

static bool stand_together(const struct node *key)
{
	return key->op == OP_COLUMN && key->type == TYPE_REF && !key->hop_count && key->column->longest_run &&
	       key->column->longest_run < BATCH_ROWS / 2;
}

/* Rows of one key that stand together are seen together. Where they do not, they are counted beforehand, in a walk of its own. */
static void prepare_shares(struct run *run)
{
	const struct plan *plan = run->plan;
	bool scattered = false;

	for (size_t a = 0; a < plan->aggregate_count; a++) {
		const struct node *key = plan->aggregates[a].share_key;

		if (!key || plan->aggregates[a].pass != run->pass)
			continue;
		if (stand_together(key) && (!run->together || run->together == key->column))
			run->together = key->column;
		else
			scattered = true;
	}
	run->share_counts = ARENA_ARRAY(plan->arena, uint32_t *, plan->aggregate_count);
	for (size_t a = 0; scattered && a < plan->aggregate_count; a++) {
		const struct node *key = plan->aggregates[a].share_key;

		if (key && plan->aggregates[a].pass == run->pass && (!run->together || run->together != key->column))
			run->share_counts[a] = must_calloc(key_space(plan, key), sizeof(uint32_t));
	}
	find_units(run);
	if (!scattered)
		return;

	struct tallier *t = &run->talliers[0];

	run->counting_shares = true;
	tallier_init(t, run->plan, run->pass);
	run_units(run, t, 0, run->unit_count);
	tallier_release(t);
	run->counting_shares = false;
}

/* ---- what stretches left, together ---- */

static void merge_stretch(struct run *run, struct grouper *grouper, struct pass_result *result, struct stretch *stretch,
			  uint32_t *capacity)
{
	const struct plan *plan = run->plan;
	const struct pass *pass = &plan->passes[run->pass];
	uint32_t *renamed = must_alloc((stretch->group_count + 1) * sizeof(*renamed));
	uint32_t key[8];

	for (uint32_t g = 0; g < stretch->group_count; g++) {
		renamed[g] = UINT32_MAX;
		if (!stretch->seen[g])
			continue;
		for (size_t d = 0; d < plan->dimension_count; d++) {
			key[d] = stretch->keys ? stretch->keys[g * plan->dimension_count + d] : g;
			if (key[d] > SMALL_NUMBERS && is_interned(pass->dimensions[d]->type))
				key[d] = intern(&result->interners[d],
						interned(&stretch->tallier->interners[d], key[d]));
		}
		renamed[g] = group_of(grouper, key);
	}
	while (*capacity < grouper->count) {
		uint32_t more = *capacity ? *capacity * 2 : 64;

		for (size_t a = 0; a < plan->aggregate_count; a++) {
			if (plan->aggregates[a].pass == run->pass)
				tally_room(&result->tallies[a], *capacity, more);
		}
		*capacity = more;
	}
	for (size_t a = 0; a < plan->aggregate_count; a++) {
		if (plan->aggregates[a].pass == run->pass)
			tally_merge(&result->tallies[a], &stretch->tallies[a], renamed, stretch->group_count);
	}
	free(renamed);
}

/* Codes that are groups come in their own order: which stretch counted them is chance. */
static void add_plain_groups(const struct run *run, struct grouper *grouper)
{
	uint32_t plain = run->talliers[0].plain;

	for (uint32_t code = 0; run->plan->dimension_count && code < plain; code++) {
		for (size_t s = 0; s < run->stretch_count; s++) {
			if (code < run->stretches[s].group_count && run->stretches[s].seen[code]) {
				group_of(grouper, &code);
				break;
			}
		}
	}
}

static void merge_stretches(struct run *run, struct pass_result *result)
{
	struct grouper grouper;
	uint32_t capacity = 0;

	grouper_init(&grouper, run->plan, run->pass);
	result->interners = must_calloc(run->plan->dimension_count + 1, sizeof(*result->interners));
	result->tallies = must_calloc(run->plan->aggregate_count, sizeof(*result->tallies));
	if (!run->plan->dimension_count) { /* no dimension: one group, also of no rows */
		group_of(&grouper, NULL);
		capacity = 1;
		for (size_t a = 0; a < run->plan->aggregate_count; a++)
			tally_room(&result->tallies[a], 0, 1);
	}
	add_plain_groups(run, &grouper);
	for (size_t s = 0; s < run->stretch_count; s++) {
		if (run->stretches[s].tallies)
			merge_stretch(run, &grouper, result, &run->stretches[s], &capacity);
	}
	result->group_count = grouper.count;
	result->keys = grouper_take(&grouper);
	grouper_release(&grouper);
}

int pass_run(struct plan *plan, unsigned pass, struct pass_result *result)
{
	struct run *run = must_calloc(1, sizeof(*run));

	run->plan = plan;
	run->pass = pass;
	if (plan->passes[pass].condition)
		add_conjuncts(run, plan->passes[pass].condition, 0);
	prepare_shares(run);
	run_all(run);
	merge_stretches(run, result);
	for (size_t s = 0; s < run->stretch_count; s++) {
		free(run->stretches[s].keys);
		free(run->stretches[s].seen);
		tallies_release(plan, run->stretches[s].tallies);
	}
	for (unsigned i = 0; i < run->thread_count; i++)
		tallier_release(&run->talliers[i]);
	for (size_t a = 0; a < plan->aggregate_count; a++)
		free(run->share_counts[a]);
	free(run);
	return 0;
}

void pass_result_release(const struct plan *plan, struct pass_result *result)
{
	tallies_release(plan, result->tallies);
	for (size_t d = 0; result->interners && d < plan->dimension_count; d++)
		interner_release(&result->interners[d]);
	free(result->interners);
	free(result->keys);
}

/* ---- labels ---- */

static struct label name_label(const struct plan *plan, const struct node *node, uint32_t code)
{
	struct label label = { .text = node->column->dict->names[code] };
	const struct stage_def *stage = facts_stage(plan->facts, label.text);
	const char *name = node->column->def.name;

	if (!strcmp(name, "stage") || !strcmp(name, "next_stage")) {
		label.ordered = true;
		label.order = stage && stage->position ? stage->position : 1e6 + code;
	}
	return label;
}

static struct label number_label(const struct plan *plan, const struct node *node, double value)
{
	struct label label = { .ordered = true, .order = value };

	if (node->type == TYPE_PERIOD)
		label.text = period_label(plan->facts, node->period, value, plan->arena);
	else if (node->type == TYPE_DURATION)
		label.text = number_text(value / unit_seconds[node->unit], plan->arena);
	else
		label.text = number_text(value, plan->arena);
	return label;
}

struct label pass_label(const struct plan *plan, const struct pass_result *result, unsigned pass, size_t dimension,
			uint32_t code)
{
	const struct node *node = plan->passes[pass].dimensions[dimension];

	if (code == 0)
		return (struct label){ .empty = true, .order = INFINITY };
	switch (node->type) {
	case TYPE_NAME: return name_label(plan, node, code);
	case TYPE_REF:
		return (struct label){ .text = facts_label(plan->facts, node->column->def.target, code - 1,
							   plan->arena) };
	case TYPE_FLAG:
	case TYPE_CONDITION: return (struct label){ .text = code == FLAG_YES ? STR("yes") : STR("no") };
	default: return number_label(plan, node, interned(&result->interners[dimension], code));
	}
}
