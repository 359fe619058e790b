/* The entries of the clock. */
#include <math.h>
#include <stdio.h>

#include "desk/clock_private.h"

/* A commit takes so many: what is written is durable soon, and memory stays small. */
enum { CHUNK = 16384 };

void clock_note(struct clock *clock, const struct clock_event *event)
{
	struct clock_tick *out = clock->out;
	size_t at = (size_t)(out->written++ % CLOCK_EVENTS_KEPT);

	out->counts[event->kind]++;
	if (at == out->event_count) {
		ARENA_PUSH(clock->desk->arena, out->events, out->event_count, out->event_capacity);
		out->event_count++;
	}
	out->events[at] = *event;
}

int clock_make_room(struct clock *clock, struct err *err)
{
	struct book *book = clock->desk->book;
	int failed = 0;

	if (!clock->writing)
		failed = book_begin(book, err);
	else if (clock->pending >= CHUNK)
		failed = book_commit_next(book, err);
	if (failed)
		return failed;
	if (!clock->writing || clock->pending >= CHUNK)
		clock->pending = 0;
	clock->writing = true;
	clock->pending++;
	return 0;
}

int clock_offer(struct clock *clock, enum object object, struct str source, struct str key,
		const struct record_fields *fields, struct err *err)
{
	bool news;
	int failed = clock_make_room(clock, err);

	return failed ? failed : lead_desk_offer(clock->desk, object, source, key, fields, &news, err);
}

/* ---- words about promises ---- */

struct word {
	enum word_kind kind;
	int64_t at_ms;
	const char *number; /* of several of the kind: which */
	struct str outcome, reason;
};

static struct str word_key(struct clock *clock, const struct clock_item *item, const struct word *word, struct str lead)
{
	return str_of(arena_printf(clock->desk->arena, "%.*s#%.*s#%u#%s%s", STR_ARG(lead), STR_ARG(item->promise->name),
				   item->episode, word_kind_name(word->kind), word->number));
}

static int write_word(struct clock *clock, const struct clock_item *item, const struct word *word, struct str lead,
		      struct err *err)
{
	struct str source =
		item->lead == REF_NONE ? STR("lockstep") : cells_source(clock->desk->facts, FACT_LEADS, item->lead);
	struct record_fields fields = { .count = 0 };
	struct str key = word_key(clock, item, word, lead);
	char version[16];

	snprintf(version, sizeof(version), "%d", item->version->number);
	if (item->lead != REF_NONE)
		fields_ref(&fields, FIELD_LEAD, lead);
	fields_text(&fields, FIELD_PROMISE, item->promise->name);
	fields_text(&fields, FIELD_KIND, str_of(word_kind_name(word->kind)));
	fields_time(&fields, FIELD_AT, word->at_ms - word->at_ms % 1000);
	if (item->lead != REF_NONE)
		fields_number(&fields, FIELD_EPISODE, item->episode, 0);
	fields_text(&fields, FIELD_AGREEMENT, str_of(version));
	fields_text(&fields, FIELD_OWNER, item->owner);
	fields_text(&fields, FIELD_OUTCOME, word->outcome);
	fields_text(&fields, FIELD_REASON, word->reason);
	return clock_offer(clock, OBJECT_PROMISE_WORD, source, key, &fields, err);
}

/* The lead's key, or the period. */
static struct str key_of(struct clock *clock, const struct clock_item *item)
{
	return item->lead == REF_NONE ? item->period
				      : cells_key(clock->desk->facts, FACT_LEADS, item->lead, clock->desk->arena);
}

static void number_of(const struct clock_item *item, char out[16])
{
	out[0] = '\0';
	if (item->words > 1)
		snprintf(out, 16, "-%d", item->words / 2 + 1);
}

static int note_item(struct clock *clock, const struct clock_item *item, const struct clock_event *event,
		     struct err *err)
{
	clock_note(clock, event);
	return clock_news(clock, event, item, STR_NONE, STR_NONE, STR_NONE, err);
}

int clock_write_warned(struct clock *clock, struct clock_item *item, struct err *err)
{
	item->warn = false;
	/* Nobody looked meanwhile: it is too late for a warning. */
	if (clock->desk->now_ms >= item->due_ms)
		return 0;
	if (clock_make_room(clock, err))
		return err->kind;
	return clock_news_of_risk(clock, item, key_of(clock, item), err);
}

/* At its due time; where it was withdrawn since, now: read by time, the words follow as they were told. */
int clock_write_broken(struct clock *clock, struct clock_item *item, struct err *err)
{
	struct str lead = key_of(clock, item);
	int64_t at_ms = item->due_ms > item->since_ms ? item->due_ms : clock->desk->now_ms;
	char number[16];
	struct word word = { WORD_BROKEN, at_ms, number, STR_NONE, item->counted };

	number_of(item, number);
	if (write_word(clock, item, &word, lead, err))
		return err->kind;
	item->broken = true;
	item->words++;
	item->since_ms = at_ms - at_ms % 1000;
	return note_item(clock, item,
			 &(struct clock_event){ CLOCK_BROKEN, at_ms, lead, item->episode, item->of_several,
						item->promise->name, item->owner, item->counted },
			 err);
}

int clock_write_withdrawn(struct clock *clock, struct clock_item *item, struct err *err)
{
	struct str lead = key_of(clock, item);
	struct str why = STR("its clock stood still, or the lead is void");
	int64_t at_ms = clock->desk->now_ms;
	char number[16];
	struct word word = { WORD_WITHDRAWN, at_ms, number, STR_NONE, STR_NONE };

	if (item->stop_ms != EVENT_NEVER)
		why = str_of(arena_printf(clock->desk->arena, "kept at %.*s, as was told later",
					  STR_ARG(lead_desk_when(clock->desk, item->stop_ms))));
	word.reason = why;
	number_of(item, number);
	if (write_word(clock, item, &word, lead, err))
		return err->kind;
	item->broken = item->withdraw = false;
	item->words++;
	item->since_ms = at_ms - at_ms % 1000;
	item->live &= item->stop_ms == EVENT_NEVER && item->due_ms != EVENT_NEVER;
	return note_item(clock, item,
			 &(struct clock_event){ CLOCK_WITHDRAWN, at_ms, lead, item->episode, item->of_several,
						item->promise->name, item->owner, why },
			 err);
}

/* ---- the ladder ---- */

static struct str first_to_sign(const struct clock_item *item, enum party party)
{
	const struct names *signs = &item->version->agreement->parties[party].signs;

	return signs->count ? signs->items[0] : STR_NONE;
}

/* Empty where nobody is known. */
static struct str whom(const struct clock *clock, const struct clock_item *item, enum rung_who who)
{
	struct str manager = people_manager_of(&clock->people, item->owner);

	if (who == RUNG_OWNER)
		return item->owner;
	if (who == RUNG_EXECUTIVE)
		return first_to_sign(item, PARTY_EXECUTIVE);
	if (who == RUNG_HEAD)
		manager = people_manager_of(&clock->people, manager);
	return manager.len ? manager : first_to_sign(item, item->promise->party);
}

int clock_write_told(struct clock *clock, struct clock_item *item, size_t rung, int64_t at_ms, struct err *err)
{
	enum rung_who who = item->promise->ladder[rung].who;
	struct str lead = key_of(clock, item), name;
	char number[32];
	struct word word = { WORD_TOLD, at_ms, number, str_of(rung_name(who)), STR_NONE };
	struct clock_event event;

	if (!clock->people_known && people_read(&clock->people, clock->desk->book, &clock->arena, err))
		return err->kind;
	clock->people_known = true;
	name = whom(clock, item, who);
	snprintf(number, sizeof(number), "-%s", rung_name(who));
	word.reason = name;
	if (write_word(clock, item, &word, lead, err))
		return err->kind;
	item->told |= (uint8_t)(1u << rung);
	event = (struct clock_event){ CLOCK_TOLD,
				      at_ms,
				      lead,
				      item->episode,
				      item->of_several,
				      item->promise->name,
				      item->owner,
				      str_of(arena_printf(clock->desk->arena, "%s%s%.*s", rung_name(who),
							  name.len ? " " : "", STR_ARG(name))) };
	clock_note(clock, &event);
	return clock_news(clock, &event, item, str_of(rung_name(who)), name, word_key(clock, item, &word, lead), err);
}

/* ---- crossing the bar ---- */

static int write_crossing(struct clock *clock, const struct clock_crossing *crossing, struct arena *arena,
			  struct err *err)
{
	struct lead_desk *desk = clock->desk;
	const struct told_step *against;
	const struct judged_episode *episode;
	struct judged_lead judged;
	struct lead_file file;
	struct lifecycle life;
	struct lead_view view;
	struct gate gate;
	bool news;

	lead_file_read(desk->files, crossing->lead, &file, arena);
	if (!lead_file_fits(desk->files, &file, LEAD_STEP_QUALIFIED, crossing->at_ms, &life, &against, arena))
		return 0;
	judge_lead(desk->judge, crossing->lead, desk->now_ms, &judged, arena);
	episode = &judged.episodes[judged.count - 1];
	view = episode->view;
	gate = gate_at(episode->version->agreement, &view, crossing->at_ms);
	if (clock_make_room(clock, err))
		return err->kind;
	clock_note(clock, &(struct clock_event){ CLOCK_QUALIFIED, crossing->at_ms, arena_str(desk->arena, file.key), 0,
						 false, STR_NONE, file.owner, STR_NONE });
	return lead_desk_write(desk, &file,
			       &(struct step_record){ .step = LEAD_STEP_QUALIFIED,
						      .at_ms = crossing->at_ms,
						      .episode = life.episode,
						      .version = episode->version->number,
						      .by = STR("lockstep"),
						      .reason = episode->version->agreement->types[gate.type].name,
						      .score = (double)gate.points / 100 },
			       &news, err);
}

int clock_write_crossing(struct clock *clock, const struct clock_crossing *crossing, struct err *err)
{
	struct arena arena;
	int failed;

	arena_init(&arena);
	failed = write_crossing(clock, crossing, &arena, err);
	arena_release(&arena);
	return failed;
}
