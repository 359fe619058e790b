/* What the files of the clock share. */
#ifndef DESK_CLOCK_PRIVATE_H
#define DESK_CLOCK_PRIVATE_H

#include "base/due_queue.h"
#include "desk/clock.h"
#include "desk/people.h"

/* One promise of one episode of one lead, or of a number in one period, that is not over yet, or of which something is to be recorded. */
struct clock_item {
	uint32_t lead;     /* REF_NONE: of a number in a period */
	struct str period; /* the day it began: "2026-03-02"; else empty */
	struct str counted;
	unsigned episode;
	const struct judge_version *version;
	const struct promise_def *promise;
	struct str owner;
	int64_t due_ms, at_risk_ms;
	int64_t stop_ms;  /* to be withdrawn: when it was in truth kept, else EVENT_NEVER */
	int64_t since_ms; /* of the latest of them; INT64_MIN: there is none */
	uint16_t words;   /* broken and withdrawn ones recorded so far */
	uint8_t told;     /* set of rungs */
	bool of_several;  /* the lead has other episodes */
	bool broken;      /* is recorded so */
	bool withdraw;    /* is recorded so, and is not */
	bool live;        /* runs */
	bool warn;        /* is to be told of when it comes at risk */
};

/* Leads that crossed the bar and of which that is not recorded. */
struct clock_crossing {
	uint32_t lead;
	int64_t at_ms;
};

/* What a partner promised, promise by promise. */
struct clock_case {
	struct str partner;
	const struct promise_def *promise;
	const struct judge_version *version;
	struct standing_case what;
};

struct clock {
	struct lead_desk *desk;
	struct arena arena; /* items' texts */
	struct clock_item *items;
	size_t item_count, item_capacity;
	struct due_queue queue;
	struct clock_crossing *crossings;
	size_t crossing_count, crossing_capacity;
	struct clock_case *cases;
	size_t case_count, case_capacity;
	int64_t period_ends_ms; /* the first of those that run; EVENT_NEVER */
	bool standings_due;     /* something happened to a partner's promise */
	bool numbers;           /* some were promised */
	bool recount;           /* what they count has changed since */
	int64_t warned_ms;      /* what came at risk by then was told of */
	const struct column *partners;
	struct people people; /* read when somebody is first to be told */
	bool people_known;
	/* Writing. */
	bool writing;
	uint64_t pending; /* records since the last commit */
	struct clock_tick *out;
};

/* ---- gathering (clock_items.c) ---- */

int clock_gather(struct clock *clock, struct err *err);
/* When the item is next to be looked at; EVENT_NEVER: never. *rung: which is then to be told; RUNG__COUNT: it breaks, or is withdrawn. */
int64_t clock_item_next_ms(const struct clock_item *item, size_t *rung);

/* ---- writing (clock_write.c) ---- */

int clock_write_broken(struct clock *clock, struct clock_item *item, struct err *err);
int clock_write_withdrawn(struct clock *clock, struct clock_item *item, struct err *err);
int clock_write_told(struct clock *clock, struct clock_item *item, size_t rung, int64_t at_ms, struct err *err);
/* No entry: news and a letter to the owner. */
int clock_write_warned(struct clock *clock, struct clock_item *item, struct err *err);
int clock_write_crossing(struct clock *clock, const struct clock_crossing *crossing, struct err *err);
/* Offers the record in a transaction that is begun where none is. */
int clock_offer(struct clock *clock, enum object object, struct str source, struct str key,
		const struct record_fields *fields, struct err *err);
void clock_note(struct clock *clock, const struct clock_event *event);

/* ---- news (clock_news.c) ---- */

/* What the event says goes to who wants to hear of it; `rung` and `name`: who is told of a breach, `word`: the
 * record that says so; empty otherwise. */
int clock_news(struct clock *clock, const struct clock_event *event, const struct clock_item *item, struct str rung,
	       struct str name, struct str word, struct err *err);
int clock_news_of_risk(struct clock *clock, const struct clock_item *item, struct str lead, struct err *err);
/* A transaction with room for one record more. */
int clock_make_room(struct clock *clock, struct err *err);

/* ---- partners (clock_standing.c) ---- */

int clock_standings(struct clock *clock, int64_t now_ms, struct err *err);

#endif
