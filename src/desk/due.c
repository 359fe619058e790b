#include "desk/due.h"

#include <stdlib.h>
#include <string.h>

#include "desk/hand_over.h"
#include "facts/rows.h"

const struct judged_episode *due_episode(const struct due_lead *lead)
{
	return &lead->judged.episodes[lead->judged.count - 1];
}

/* ---- one lead ---- */

static bool is_owed(const struct judged_lead *lead, const struct judged_episode *episode,
		    const struct judged_promise *p)
{
	if (p->promise->party != PARTY_SALES && p->promise->party != PARTY_PARTNER)
		return false;
	return p->judged.state == PROMISE_RUNNING || p->judged.state == PROMISE_AT_RISK ||
	       p->judged.state == PROMISE_WAITING || judge_owed(lead, episode, &p->judged);
}

static void find_owed(struct due_lead *lead)
{
	for (size_t e = 0; e < lead->judged.count; e++) {
		const struct judged_episode *episode = &lead->judged.episodes[e];

		for (size_t i = 0; i < episode->promise_count; i++) {
			const struct judged_promise *p = &episode->promises[i];

			if (!is_owed(&lead->judged, episode, p))
				continue;
			lead->owed++;
			if (!lead->promise || p->judged.due_ms < lead->promise->judged.due_ms)
				lead->promise = p;
		}
	}
}

static void look(struct lead_desk *desk, struct due_lead *lead)
{
	const struct episode *contacts;

	judge_lead(desk->judge, lead->file.row, desk->now_ms, &lead->judged, desk->arena);
	contacts = &due_episode(lead)->episode;
	lead->attempts = contacts->attempt_count;
	lead->tried_ms = contacts->attempt_count ? contacts->attempts_ms[contacts->attempt_count - 1] : EVENT_NEVER;
	find_owed(lead);
}

/* What came back to nurture lies there, whoever had it. */
static bool lies_here(const struct lead_file *file)
{
	enum life life = file->life.life;

	return life == LIFE_HANDED_OFF || life == LIFE_ACCEPTED || life == LIFE_NEW || life == LIFE_PREQUALIFIED ||
	       life == LIFE_QUALIFIED;
}

/* ---- whose it is ---- */

/* The code of a name in its column; 0: no row has it. */
static uint32_t code_of(const struct column *column, struct str name)
{
	for (uint32_t code = 1; name.len && code < rows_codes(column); code++)
		if (str_eq(rows_name(column, code), name))
			return code;
	return 0;
}

static struct due_lead *add(struct due_list *list, size_t *capacity, struct arena *arena)
{
	ARENA_PUSH(arena, list->leads, list->count, *capacity);
	list->leads[list->count] = (struct due_lead){ .tried_ms = EVENT_NEVER };
	return &list->leads[list->count++];
}

/* Those owed by when they are due; then what came last. */
static int by_clock(const void *a, const void *b)
{
	const struct due_lead *x = a, *y = b;
	int64_t due_x = x->promise ? x->promise->judged.due_ms : INT64_MAX;
	int64_t due_y = y->promise ? y->promise->judged.due_ms : INT64_MAX;

	if (!x->promise != !y->promise)
		return x->promise ? -1 : 1;
	if (due_x != due_y)
		return due_x < due_y ? -1 : 1;
	return (x->file.row < y->file.row) - (x->file.row > y->file.row);
}

static void cut(struct due_list *list, size_t most)
{
	list->total = list->count;
	if (list->count > most)
		list->count = most;
}

void due_for(struct lead_desk *desk, struct str owner, struct str partner, struct due_sees sees, size_t most,
	     struct due_list *out)
{
	const struct column *column = cells_of(desk->facts, FACT_LEADS, owner.len ? "owner" : "partner");
	uint32_t code = code_of(column, owner.len ? owner : partner), rows = facts_rows(desk->facts, FACT_LEADS);
	size_t capacity = 0;

	*out = (struct due_list){ .count = 0 };
	for (uint32_t row = 0; code && row < rows; row++) {
		struct due_lead *lead;

		if (rows_code(column, row) != code || !sees.row(sees.context, desk->facts, row))
			continue;
		lead = add(out, &capacity, desk->arena);
		lead_file_read(desk->files, row, &lead->file, desk->arena);
		if (lead->file.is_void || !life_open(lead->file.life.life)) {
			out->count--;
			continue;
		}
		look(desk, lead);
		if (!lead->owed && !lies_here(&lead->file))
			out->count--;
	}
	if (out->count)
		qsort(out->leads, out->count, sizeof(*out->leads), by_clock);
	cut(out, most);
}

/* ---- nurture ---- */

static bool in_nurture(const struct lead_file *file)
{
	enum life life = file->life.life;

	return !file->is_void &&
	       (life == LIFE_NEW || life == LIFE_PREQUALIFIED || life == LIFE_NURTURING || life == LIFE_QUALIFIED);
}

/* How near it is to its bar: above 1 where it passes or needs none, below 0 where points alone will not do. */
static double nearness(const struct due_lead *lead)
{
	const struct judged_episode *episode = due_episode(lead);
	struct gate gate;

	if (!episode->version)
		return -1;
	if (hand_over_passes(episode, episode->at_ms, &gate))
		return 2;
	if (gate.outcome == GATE_NO_TYPE || gate.outcome == GATE_UNFIT || !gate.bar)
		return -1;
	return (double)gate.points / (double)gate.bar;
}

static int by_bar(const void *a, const void *b)
{
	const struct due_lead *x = a, *y = b;

	if (x->nearness > y->nearness || x->nearness < y->nearness)
		return x->nearness > y->nearness ? -1 : 1;
	return (x->file.row < y->file.row) - (x->file.row > y->file.row);
}

void due_in_nurture(struct lead_desk *desk, struct due_sees sees, size_t looked_at, size_t most, struct due_list *out)
{
	size_t capacity = 0;

	*out = (struct due_list){ .count = 0 };
	for (uint32_t row = facts_rows(desk->facts, FACT_LEADS); row-- > 0 && out->count < looked_at;) {
		struct due_lead *lead;

		if (!sees.row(sees.context, desk->facts, row))
			continue;
		lead = add(out, &capacity, desk->arena);
		lead_file_read(desk->files, row, &lead->file, desk->arena);
		if (!in_nurture(&lead->file)) {
			out->count--;
			continue;
		}
		look(desk, lead);
		lead->nearness = nearness(lead);
		out->ready += lead->nearness >= 2;
	}
	if (out->count)
		qsort(out->leads, out->count, sizeof(*out->leads), by_bar);
	cut(out, most);
}
