#include "domain/rule.h"

#include "tap.h"

enum { HOUR_MS = 3600 * 1000, DAY_MS = 24 * HOUR_MS };

static struct arena arena;
static struct rule_words words;

static struct rule rule(const char *text)
{
	struct rule out = { STR_NONE, NULL };
	struct err err = ERR_INIT;

	if (rule_read(&out, "rule", str_of(text), &words, &err) < 0)
		ok(false, "%s", err.text);
	return out;
}

static void refused(const char *text, const char *said)
{
	struct rule out;
	struct err err = ERR_INIT;

	is_int(rule_read(&out, "rule", str_of(text), &words, &err), ERR_INPUT, "'%s' is no rule", text);
	ok(strstr(err.text, said), "which says: %s", err.text);
}

static void leaf(const char *text, const char *wanted)
{
	size_t known = words.leaf_count;

	rule(text);
	is_int((int64_t)(words.leaf_count - known), 1, "%s asks one thing of the columns", text);
	ok(words.leaf_count > known && str_is(words.leaves[known], wanted), "namely %s", wanted);
}

static void test_touches(void)
{
	struct rule demo = rule("touched(demo_request, \"call in\")"), often = rule("touches_in(30 days) >= 3");
	struct rule webinars = rule("touches_in(2 days, webinar) = 1");
	struct lead_touch touches[] = { { 10 * (int64_t)DAY_MS, rule_kind(&words, STR("webinar")) },
					{ 11 * (int64_t)DAY_MS, TOUCH_OTHER },
					{ 40 * (int64_t)DAY_MS, rule_kind(&words, STR("call in")) } };
	int64_t events[EVENT__COUNT];
	struct rule_lead lead = { .touches = touches, .touch_count = 3, .events = events, .type = -1 };

	for (int i = 0; i < EVENT__COUNT; i++)
		events[i] = EVENT_NEVER;
	ok(!rule_holds(&demo, &lead, touches[2].at_ms - 1), "not touched before the touch");
	ok(rule_holds(&demo, &lead, touches[2].at_ms), "touched at its instant");
	ok(!rule_holds(&often, &lead, touches[2].at_ms), "30 times 24 hours: the first is outside, exactly");
	touches[0].at_ms++;
	ok(rule_holds(&often, &lead, touches[2].at_ms), "and a millisecond later inside");
	ok(rule_holds(&webinars, &lead, 11 * (int64_t)DAY_MS), "one webinar in two days");
	ok(!rule_holds(&webinars, &lead, 13 * (int64_t)DAY_MS), "none any more");
}

static void test_events_and_types(void)
{
	static const struct str types[] = { { "hand-raiser", 11 }, { "early meeting", 13 } };
	int64_t events[EVENT__COUNT];
	uint64_t leaves[RULE_MAX_LEAVES / 64] = { 0 };
	struct rule_lead lead = { .leaves = leaves, .events = events, .type = 1 };

	words.types = types;
	words.type_count = 2;
	for (int i = 0; i < EVENT__COUNT; i++)
		events[i] = EVENT_NEVER;

	struct rule accepted = rule("not accepted or on_time = yes"), early = rule("type = 'early meeting'");
	struct rule not_raiser = rule("type != hand-raiser and type in (hand-raiser, \"early meeting\")");
	size_t on_time = words.leaf_count - 1;

	ok(rule_holds(&accepted, &lead, 5), "not accepted");
	events[EVENT_ACCEPTED] = 5;
	ok(!rule_holds(&accepted, &lead, 5), "accepted at that instant");
	ok(rule_holds(&accepted, &lead, 4), "not before");
	leaves[on_time / 64] |= UINT64_C(1) << on_time % 64;
	ok(rule_holds(&accepted, &lead, 5), "or what the columns say");
	events[EVENT_ACCEPTED] = EVENT_UNKNOWN;
	leaves[on_time / 64] = 0;
	ok(!rule_holds(&accepted, &lead, 4), "at an unknown time is before any");
	ok(rule_holds(&early, &lead, 5) && rule_holds(&not_raiser, &lead, 5), "the type");
	lead.type = -1;
	ok(!rule_holds(&early, &lead, 5) && !rule_holds(&not_raiser, &lead, 5), "no type is none of them");
	refused("type = hand_raiser", "did you mean \"hand-raiser\"?");
}

/* ---- which rule takes all that another takes ---- */

static void covers(bool wanted, const char *a, const char *b)
{
	struct rule left = rule(a), right = rule(b);

	is_int(rule_covers(&left, &right), wanted, "'%s' %s '%s'", a, wanted ? "covers" : "need not cover", b);
}

static const char *const compared[] = {
	"touched(a)",
	"touched()",
	"touched(a, b)",
	"touches_in(30 days) >= 3",
	"touches_in(30 days) > 1",
	"touches_in(30 days, a) >= 2",
	"touches_in(90 days, a, b) >= 1",
	"touches_in(9 days) < 2",
	"touches_in(9 days) >= 0",
	"touches_in(9 days) = 1",
	"x",
	"not x",
	"x and y",
	"x or y",
	"not (x and y)",
	"not (x or y)",
	"x and touched(a)",
	"(x or touched(a)) and y",
	"accepted or y",
	"accepted and not x",
};

enum { COMPARED = sizeof(compared) / sizeof(compared[0]), LEADS = 2000, TOUCHES = 4 };

/* Whatever the lead: where one covers another, it holds whenever that does. */
static void test_covers_any_lead(void)
{
	const uint16_t kinds[] = { rule_kind(&words, STR("a")), rule_kind(&words, STR("b")), TOUCH_OTHER };
	struct rule rules[COMPARED];
	uint32_t random = 7;
	int covered = 0, wrong = 0;

	for (int i = 0; i < COMPARED; i++)
		rules[i] = rule(compared[i]);
	for (int n = 0; n < LEADS; n++) {
		struct lead_touch touches[TOUCHES];
		int64_t events[EVENT__COUNT];
		uint64_t leaves[RULE_MAX_LEAVES / 64];
		struct rule_lead lead = { .leaves = leaves, .touches = touches, .events = events, .type = -1 };

		random = random * 1664525 + 1013904223;
		memset(leaves, (random >> 28) & 1 ? 0xff : 0, sizeof(leaves));
		leaves[0] ^= (uint64_t)random << 7;
		for (int i = 0; i < EVENT__COUNT; i++)
			events[i] = random >> 27 & 1 ? 5 : EVENT_NEVER;
		lead.touch_count = random >> 24 & 3;
		for (uint32_t i = 0; i < lead.touch_count; i++)
			touches[i] = (struct lead_touch){ (int64_t)(i * (random >> 20 & 15)) * DAY_MS,
							  kinds[(random >> (2 * i + 8) & 3) % 3] };
		for (int a = 0; a < COMPARED; a++)
			for (int b = 0; b < COMPARED; b++)
				if (rule_covers(&rules[a], &rules[b])) {
					covered++;
					wrong += rule_holds(&rules[b], &lead, 40 * (int64_t)DAY_MS) &&
						 !rule_holds(&rules[a], &lead, 40 * (int64_t)DAY_MS);
				}
	}
	is_int(wrong, 0, "what covers holds where the other does");
	ok(covered >= 40 * LEADS, "%d pairs do", covered / LEADS);
}

static void test_covers(void)
{
	covers(true, "x", "x and y");
	covers(true, "x or y", "x");
	covers(true, "x or y", "(x or y) and z");
	covers(true, "not (x and y)", "not x");
	covers(true, "touched(a, b)", "touched(b) and x");
	covers(true, "touched()", "touches_in(3 days, a) >= 1");
	covers(true, "touches_in(30 days) >= 2", "touches_in(7 days, a) > 1");
	covers(true, "touches_in(30 days) >= 0", "x");
	covers(false, "x and y", "x");
	covers(false, "touches_in(7 days) >= 2", "touches_in(30 days) >= 2");
	covers(false, "touches_in(7 days) >= 2", "touched(a)");
	covers(false, "touched(a)", "touched()");
	covers(false, "touches_in(30 days) < 9", "touches_in(30 days) < 2");
	test_covers_any_lead();
}

int main(void)
{
	arena_init(&arena);
	rule_words_init(&words, &arena);
	test_touches();
	test_events_and_types();
	leaf("(company_size + 1) * 2 >= 50", "(company_size + 1) * 2 >= 50");
	leaf("(company_size) + 1 > 50", "(company_size) + 1 > 50");
	leaf("not ((company_size) + 2)", "(company_size) + 2");
	leaf("not (region in (midwest, 'south east'))", "region in (midwest, 'south east')");
	leaf("touched(a) and partner is set", "partner is set");
	leaf("won or score between 1 and 5", "score between 1 and 5");
	refused("touched(1)", "a kind of touch should stand here");
	refused("touches_in(30 days)", "compare it");
	refused("touches_in(3) > 1", "begins with a time");
	refused("touches_in(3 days) > score", "compared with a number");
	refused("touches_in(36526 days) > 1", "a hundred years at most");
	refused("touches_in(99999999999999 weeks) > 1", "a hundred years at most");
	refused("3 < touches_in(3 days)", "on the left of a number");
	refused("", "");
	refused("region = ", "");
	test_covers();
	arena_release(&arena);
	return done();
}
