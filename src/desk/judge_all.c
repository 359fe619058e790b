/* All leads judged, and put into the facts. Leads are parted into stretches, which threads take one after another; what comes of them is
 * kept small and in order, then written column by column. */
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/cores.h"
#include "desk/judge_inner.h"
#include "domain/route.h"
#include "facts/judged.h"
#include "facts/threads.h"

enum { STRETCH_LEADS = 8192 };

struct all {
	struct judge *judge;
	struct judged_rows *stretches;
	size_t stretch_count; /* and one list more: of numbers in periods */
	struct judged_volumes volumes;
	struct judged_lead_row *leads;
	atomic_uint_least64_t done;
	uint32_t rows;
};

static uint32_t seconds(int64_t ms)
{
	int64_t s = ms / 1000;

	if (ms == EVENT_NEVER)
		return TIME_NOT_REACHED;
	return ms == EVENT_UNKNOWN || s <= 0 || s >= (int64_t)UINT32_MAX ? TIME_UNKNOWN : (uint32_t)s;
}

static uint16_t small(size_t number)
{
	return number > UINT16_MAX ? UINT16_MAX : (uint16_t)number;
}

/* ---- one stretch ---- */

static uint16_t place_of(const struct all *all, const struct judge_version *version)
{
	return small((size_t)(version - all->judge->terms.versions));
}

static void keep_promise(struct all *all, struct judged_rows *stretch, const struct judged_lead *lead,
			 const struct judged_episode *episode, const struct judged_promise *promise)
{
	if (stretch->count == stretch->capacity) {
		stretch->capacity = stretch->capacity ? stretch->capacity * 2 : STRETCH_LEADS;
		stretch->rows = must_realloc(stretch->rows, stretch->capacity * sizeof(*stretch->rows));
	}
	stretch->rows[stretch->count++] = (struct judged_row){
		.lead = lead->row,
		.started = seconds(promise->judged.start_ms),
		.due = seconds(promise->judged.due_ms),
		.at_risk = seconds(promise->judged.at_risk_ms),
		.stopped = seconds(promise->judged.stop_ms),
		.owner = promise->owner_code,
		.version = place_of(all, episode->version),
		.promise = small((size_t)(promise->promise - episode->version->agreement->promises)),
		.episode = small(episode->number),
		.attempts = small((size_t)promise->judged.attempts),
		.type = (int16_t)episode->gate.type,
		.state = (uint8_t)promise->judged.state,
		.recorded_late = promise->recorded_late,
		.owed = judge_owed(lead, episode, &promise->judged),
	};
}

/* A lead's columns tell of the episode in which it was first handed over, else of the first. */
static const struct judged_episode *episode_of_columns(const struct judged_lead *lead)
{
	for (size_t i = 0; i < lead->count; i++)
		if (lead->episodes[i].events[EVENT_HANDED_OFF] != EVENT_NEVER)
			return &lead->episodes[i];
	return &lead->episodes[0];
}

/* The first time the gate let the lead through, and by which route it would have gone on. */
static void keep_passing(const struct all *all, const struct judged_lead *lead, struct judged_lead_row *row)
{
	for (size_t i = 0; i < lead->count; i++) {
		const struct judged_episode *episode = &lead->episodes[i];
		struct lead_view view = episode->view;

		if (!episode->version || episode->passed_ms == EVENT_NEVER)
			continue;
		if (episode->passed_ms != episode->at_ms)
			gate_at(episode->version->agreement, &view, episode->passed_ms);
		row->passed = seconds(episode->passed_ms);
		row->route_version = place_of(all, episode->version);
		row->route = small(route_find(episode->version->agreement, &view.lead, episode->passed_ms));
		return;
	}
}

/* When it kept its owner busy no more: TIME_NOT_REACHED while it does, TIME_UNKNOWN where nobody knows when, or it never came to sales. */
static uint32_t closed_at(const struct judged_lead *lead)
{
	static const enum lead_event begins[] = { EVENT_HANDED_OFF, EVENT_ACCEPTED, EVENT_OPPORTUNITY };
	static const enum lead_event ends[] = { EVENT_REJECTED, EVENT_DISQUALIFIED, EVENT_WON, EVENT_LOST,
						EVENT_DISCONTINUED };
	int64_t first_ms = EVENT_NEVER;
	bool came = false;

	for (size_t e = 0; e < lead->count; e++) {
		for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++)
			came |= lead->episodes[e].events[begins[i]] != EVENT_NEVER;
		for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
			if (lead->episodes[e].events[ends[i]] < first_ms)
				first_ms = lead->episodes[e].events[ends[i]];
	}
	return came ? seconds(first_ms) : TIME_UNKNOWN;
}

/* Of the promises that nobody has kept yet, late or not, the one due first says who is to move: as reports on promises list them. What a
 * partner promised begins when the lead is with the partner: then sales cannot move. */
static int8_t owes(const struct judged_lead *lead)
{
	const struct judged_episode *last = &lead->episodes[lead->count - 1];
	int64_t due_ms = INT64_MAX;
	int8_t party = -1;

	for (size_t i = 0; i < last->promise_count; i++) {
		const struct judged *judged = &last->promises[i].judged;
		int8_t whose = (int8_t)last->promises[i].promise->party;
		bool instead = whose == PARTY_PARTNER && party == PARTY_SALES;

		if (judged->stop_ms != EVENT_NEVER || judged->state == PROMISE_MET || judged->state == PROMISE_VOID ||
		    (whose == PARTY_SALES && party == PARTY_PARTNER) || (!instead && judged->due_ms >= due_ms))
			continue;
		due_ms = judged->due_ms;
		party = whose;
	}
	return party;
}

/* Since when it is put off: under an agreement for what stops its clocks, else for any reason. EVENT_NEVER: it is not. */
static int64_t waits_since(const struct judged_lead *lead, const struct judged_episode *last)
{
	const struct lead_life *life = &lead->story.life;
	const struct life_episode *lived = &life->episodes[lead->count - 1];

	for (size_t i = 0; last->version && i < last->episode.waiting_count; i++)
		if (last->episode.waiting[i].to_ms == EVENT_NEVER)
			return last->episode.waiting[i].from_ms;
	for (size_t i = 0; !last->version && i < lived->wait_count; i++)
		if (life->waits[lived->first_wait + i].to_ms == EVENT_NEVER)
			return life->waits[lived->first_wait + i].from_ms;
	return EVENT_NEVER;
}

/* The episode it is in. */
static void keep_current(const struct judged_lead *lead, struct judged_lead_row *row)
{
	const struct judged_episode *last = &lead->episodes[lead->count - 1];

	row->life = lead->story.life.is_void ? LIFE__COUNT : (uint8_t)lead->story.life.now.life;
	row->episode = small(last->number);
	row->began = seconds(last->begin_ms);
	row->qualified = seconds(last->events[EVENT_QUALIFIED]);
	row->handed_off = seconds(last->events[EVENT_HANDED_OFF]);
	row->first_response = seconds(last->events[EVENT_FIRST_RESPONSE]);
	row->accepted = seconds(last->events[EVENT_ACCEPTED]);
	row->waiting = seconds(life_open(lead->story.life.now.life) ? waits_since(lead, last) : EVENT_NEVER);
}

static void keep_lead(struct all *all, const struct judged_lead *lead)
{
	const struct judged_episode *episode = episode_of_columns(lead);
	struct judged_lead_row *row = &all->leads[lead->row];

	*row = (struct judged_lead_row){ .points = NAN, .passed = TIME_NOT_REACHED, .type = -1 };
	keep_current(lead, row);
	keep_passing(all, lead, row);
	row->closed = closed_at(lead);
	row->owes = owes(lead);
	if (!episode->version || episode->at_ms < episode->version->from_ms)
		return;
	row->points = (double)episode->points / 100;
	row->version = place_of(all, episode->version);
	row->type = (int16_t)episode->gate.type;
}

static int judge_stretch(void *context, size_t item, struct err *err)
{
	struct all *all = context;
	uint32_t leads = judge_leads(all->judge), from = (uint32_t)item * STRETCH_LEADS;
	uint32_t end = leads - from < STRETCH_LEADS ? leads : from + STRETCH_LEADS;
	struct judged_rows *stretch = &all->stretches[item];
	struct arena arena;

	(void)err;
	arena_init(&arena);
	for (uint32_t row = from; row < end; row++) {
		struct judged_lead lead;

		judge_lead(all->judge, row, all->judge->options.now_ms, &lead, &arena);
		keep_lead(all, &lead);
		for (size_t e = 0; e < lead.count; e++)
			for (size_t p = 0; p < lead.episodes[e].promise_count; p++)
				keep_promise(all, stretch, &lead, &lead.episodes[e], &lead.episodes[e].promises[p]);
		arena_reset(&arena);
	}
	arena_release(&arena);
	atomic_fetch_add(&all->done, end - from);
	return 0;
}

static void tick(void *context)
{
	const struct all *all = context;
	const struct judge_options *options = &all->judge->options;

	if (options->progress)
		options->progress(options->progress_context, atomic_load(&all->done), judge_leads(all->judge));
}

unsigned judge_threads(const struct judge *judge)
{
	long cores = cores_count();

	if (judge->options.threads)
		return judge->options.threads;
	return cores < 1 ? 1 : (unsigned)cores;
}

/* ---- the whole ---- */

static void count_rows(struct all *all)
{
	uint64_t rows = 0;

	for (size_t i = 0; i <= all->stretch_count; i++)
		rows += all->stretches[i].count;
	if (rows > UINT32_MAX / 2)
		BUG("more than 2^31 promises");
	all->rows = (uint32_t)rows;
}

static void all_release(struct all *all)
{
	for (size_t i = 0; i <= all->stretch_count; i++)
		free(all->stretches[i].rows);
	free(all->volumes.counted);
	free(all->stretches);
	free(all->leads);
}

int judge_all(struct judge *judge, struct err *err)
{
	struct all all = { .judge = judge, .stretch_count = (judge_leads(judge) + STRETCH_LEADS - 1) / STRETCH_LEADS };
	int failed = judge_mark_all(judge, err);

	if (failed)
		return failed;
	all.stretches = must_calloc(all.stretch_count + 1, sizeof(*all.stretches));
	all.leads = must_calloc((size_t)judge_leads(judge) + 1, sizeof(*all.leads));
	atomic_init(&all.done, 0);
	failed = load_each(judge_threads(judge), all.stretch_count, judge_stretch, &all, tick, err);
	facts_judge_begin(judge->facts);
	if (!failed) {
		judge_put_leads(judge, all.leads);
		judge_routes(judge, all.leads);
		judge_stages(judge);
		failed = judge_volumes(judge, &all.volumes, err);
		all.stretches[all.stretch_count] = all.volumes.rows;
	}
	if (!failed) {
		count_rows(&all);
		facts_judge_promises(judge->facts, all.rows);
		judge_put(judge, all.stretches, all.stretch_count + 1, all.volumes.counted);
		facts_judge_end(judge->facts);
	}
	all_release(&all);
	return failed;
}
