/* An agreement from any bytes. Refused with reasons and places, or: it can be told as a contract, differs in nothing from itself, nothing
 * but annexes stands outside what is signed, and its calendar, points and routes answer. */
#include "base/buf.h"
#include "base/err.h"
#include "domain/agreement_sense.h"
#include "domain/agreement_terms.h"
#include "domain/route.h"
#include "domain/score.h"
#include "report/contract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TOUCHES = 6, HOUR_MS = 3600000 };

static const int64_t now_ms = INT64_C(1790000000000);

static void check_problems(const struct problems *problems)
{
	for (size_t i = 0; i < problems->count; i++)
		if (problems->items[i].line < 1 || problems->items[i].column < 1 || !problems->items[i].text.len)
			BUG("a problem without a place or a word: %.*s", STR_ARG(problems->items[i].text));
}

/* Whoever changes what is not signed changes annexes alone. */
static void check_signed(const struct agreement *agreement, struct arena *arena)
{
	const struct term_change *changes;
	struct agreement *signed_alone;
	struct problems problems;
	struct err err = ERR_INIT;
	size_t count;

	problems_init(&problems, arena);
	if (agreement_read(&signed_alone, agreement->signed_text, "signed.yaml", &problems, arena, &err))
		BUG("what is signed is no agreement: %s", err.text);
	if (problems.count)
		BUG("what is signed is no agreement: %.*s", STR_ARG(problems.items[0].text));
	changes = agreement_diff(agreement, signed_alone, &count, arena);
	for (size_t i = 0; i < count; i++)
		if (changes[i].chapter != TERM_ANNEXES)
			BUG("not signed: %.*s", STR_ARG(changes[i].text));
	agreement_diff(agreement, agreement, &count, arena);
	if (count)
		BUG("differs from itself in %zu terms", count);
}

/* What can never work is told with a place, too. */
static void check_sense(const struct agreement *agreement, struct arena *arena)
{
	struct problems problems, doubts;

	problems_init(&problems, arena);
	problems_init(&doubts, arena);
	agreement_sense(agreement, "fuzz.yaml", &problems, &doubts);
	check_problems(&problems);
	check_problems(&doubts);
}

static void check_contract(const struct agreement *agreement)
{
	struct agreement_version tried = { .agreement = agreement };
	struct buf out;

	buf_init(&out, 64u << 20);
	contract_text(&tried, false, &out);
	contract_html(&tried, &out);
	buf_release(&out);
}

static void check_calendar(const struct agreement *agreement, const struct calendar *calendar)
{
	for (int64_t at_ms = now_ms; at_ms < now_ms + 400 * (int64_t)HOUR_MS; at_ms += 7 * HOUR_MS) {
		for (size_t i = 0; i < agreement->promise_count; i++) {
			const struct promise_def *promise = &agreement->promises[i];

			if (promise->kind != PROMISE_VOLUME &&
			    calendar_due_ms(calendar, at_ms, promise->within) < at_ms)
				BUG("\"%.*s\" is due before it begins", STR_ARG(promise->name));
		}
		if (calendar_next_open_ms(calendar, at_ms) < at_ms)
			BUG("the next opening is past");
	}
}

static struct pool *pool_of(void *context, const struct agreement *agreement, size_t route)
{
	struct arena *arena = context;
	struct pool *pool = ARENA_NEW(arena, struct pool);

	*pool = route_pool(agreement, route, arena);
	return pool;
}

static void check_lead(const struct agreement *agreement, const struct calendar *calendar, const struct zone *zone,
		       struct arena *arena)
{
	uint64_t leaves[RULE_MAX_LEAVES / 64] = { 0x5555, 1, 2, 3 };
	struct lead_touch touches[TOUCHES];
	int64_t events[EVENT__COUNT];
	struct bant_answer answer = { now_ms - 1, BANT_NEED, ANSWER_YES };
	struct lead_view view = { { leaves, touches, TOUCHES, -1, events }, &answer, 1 };
	const struct pools pools = { pool_of, arena };
	int64_t sum = 0;
	struct score score;
	struct gate gate;

	for (int i = 0; i < TOUCHES; i++)
		touches[i] = (struct lead_touch){ now_ms + (i - 4) * INT64_C(24) * HOUR_MS, (uint16_t)i };
	for (int i = 0; i < EVENT__COUNT; i++)
		events[i] = i % 2 ? EVENT_NEVER : now_ms - i;
	gate = gate_at(agreement, &view, now_ms);
	score = score_explain(&agreement->scoring, &view, now_ms, arena);
	for (size_t i = 0; i < score.count; i++)
		sum += score.lines[i].counted;
	if (sum != score.points || gate.points != sum)
		BUG("lines give %lld, the score is %lld, the gate's %lld", (long long)sum, (long long)score.points,
		    (long long)gate.points);
	if (!route_lead(agreement, calendar, zone, &view.lead, &pools, now_ms).owner.len)
		BUG("a lead without owner");
}

static void check(const struct agreement *agreement, struct arena *arena)
{
	struct err err = ERR_INIT;
	struct zone *zone;

	check_signed(agreement, arena);
	check_sense(agreement, arena);
	check_contract(agreement);
	/* A calendar of 130 years takes longer than all the rest. */
	if (str_hash(agreement->text) % 8)
		return;
	if (zone_load(&zone, arena_cstr(arena, agreement->zone), &err))
		BUG("%s", err.text);

	const struct calendar *calendar = agreement_calendar(agreement, zone, arena);

	check_calendar(agreement, calendar);
	check_lead(agreement, calendar, zone, arena);
	zone_free(zone);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct problems problems;
	struct agreement *agreement;
	struct err err = ERR_INIT;
	struct arena arena;

	arena_init(&arena);
	problems_init(&problems, &arena);
	if (agreement_read(&agreement, text, "fuzz.yaml", &problems, &arena, &err)) {
		if (!err.text[0])
			BUG("refused without a word");
	} else if (problems.count) {
		check_problems(&problems);
	} else {
		check(agreement, &arena);
	}
	arena_release(&arena);
	return 0;
}
