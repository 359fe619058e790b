#include "serve/lead_members.h"

#define GIVEN(n, t, s)                                                                                                 \
	{                                                                                                              \
		.name = n, .type = t, .required = true, .sentence = s                                                  \
	}
#define NULLABLE(n, t, s)                                                                                              \
	{                                                                                                              \
		.name = n, .type = t, .required = true, .null = true, .sentence = s                                    \
	}

static const struct member text_item = { .name = "", .type = MEMBER_TEXT };

/* ---- a lead's page ---- */

static const struct member mark_members[] = {
	GIVEN("in", MEMBER_FLAG, "in the sweet spot, or out of it"),
	NULLABLE("at", MEMBER_TIME, "since when"),
	NULLABLE("by", MEMBER_TEXT, "who said so"),
	{ .name = NULL },
};

static const struct member points_members[] = {
	{ .name = "kind",
	  .type = MEMBER_CHOICE,
	  .required = true,
	  .choices = "fit|touch|answer",
	  .sentence = "who it is, what it did, or what it said" },
	GIVEN("for", MEMBER_TEXT, "what there are points for"),
	{ .name = "at", .type = MEMBER_TIME, .null = true, .sentence = "when it happened" },
	GIVEN("full", MEMBER_NUMBER, "points that the agreement gives for it"),
	GIVEN("faded", MEMBER_NUMBER, "what is left of them since"),
	GIVEN("counted", MEMBER_NUMBER, "what counts of that, where there is a most"),
	{ .name = NULL },
};
static const struct member points_item = { .name = "", .type = MEMBER_OBJECT, .members = points_members };

static const struct member gate_members[] = {
	GIVEN("version", MEMBER_WHOLE, "of the agreement that it is held against"),
	GIVEN("passes", MEMBER_FLAG, "good enough for sales"),
	NULLABLE("type", MEMBER_TEXT, "of lead, as the agreement has it"),
	NULLABLE("at", MEMBER_TIME, "as of when"),
	NULLABLE("passed", MEMBER_TIME, "when it crossed the bar"),
	GIVEN("points", MEMBER_NUMBER, "that it has"),
	GIVEN("bar", MEMBER_NUMBER, "points that it needs"),
	{ .name = "lines",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &points_item,
	  .sentence = "what its points are made of" },
	{ .name = "missing",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &text_item,
	  .sentence = "what keeps it from passing" },
	{ .name = NULL },
};

static const struct member step_members[] = {
	NULLABLE("at", MEMBER_TIME, "when it happened"),
	GIVEN("step", MEMBER_TEXT, "accepted, rejected, handed_off …"),
	GIVEN("episode", MEMBER_WHOLE, "of the lead's life: it begins again where it comes back"),
	NULLABLE("by", MEMBER_TEXT, "who did it"),
	NULLABLE("owner", MEMBER_TEXT, "who got it"),
	NULLABLE("reason", MEMBER_TEXT, "of the agreement's list"),
	NULLABLE("outcome", MEMBER_TEXT, "what was said"),
	NULLABLE("question", MEMBER_TEXT, "budget, authority, need, timeframe or trust"),
	NULLABLE("score", MEMBER_NUMBER, "points that it had then"),
	{ .name = NULL },
};
static const struct member step_item = { .name = "", .type = MEMBER_OBJECT, .members = step_members };

#define PARTY GIVEN("party", MEMBER_TEXT, "who promised it: marketing, sales, partner, executive")

static const struct member promise_members[] = {
	GIVEN("promise", MEMBER_TEXT, "its name in the agreement"),
	PARTY,
	GIVEN("episode", MEMBER_WHOLE, "of the lead's life"),
	GIVEN("state", MEMBER_TEXT, "running, at risk, waiting, met, broken, excused, disputed or void"),
	NULLABLE("started", MEMBER_TIME, "when its clock started"),
	NULLABLE("due", MEMBER_TIME, "by when it is to be kept"),
	NULLABLE("stopped", MEMBER_TIME, "when what stops its clock happened"),
	NULLABLE("owner", MEMBER_TEXT, "who is to keep it"),
	GIVEN("recorded_late", MEMBER_FLAG, "recorded as broken until somebody recorded that it had been kept"),
	{ .name = NULL },
};
static const struct member promise_item = { .name = "", .type = MEMBER_OBJECT, .members = promise_members };

const struct member lead_members[] = {
	GIVEN("lead", MEMBER_TEXT, "its id"),
	GIVEN("source", MEMBER_TEXT, "whose id that is"),
	NULLABLE("name", MEMBER_TEXT, "the person's"),
	NULLABLE("company", MEMBER_TEXT, "where that person works"),
	NULLABLE("owner", MEMBER_TEXT, "who has it"),
	GIVEN("life", MEMBER_TEXT, "where it stands: new, nurturing, handed over, accepted …"),
	GIVEN("waits", MEMBER_FLAG, "its clocks stand still"),
	GIVEN("void", MEMBER_FLAG, "a duplicate or a test: it counts nowhere"),
	GIVEN("opted_out", MEMBER_FLAG, "the person wants no contact"),
	GIVEN("episode", MEMBER_WHOLE, "of its life: it begins again where it comes back"),
	{ .name = "sweet_spot",
	  .type = MEMBER_OBJECT,
	  .required = true,
	  .null = true,
	  .members = mark_members,
	  .sentence = "as who has it sees it; null: nobody said" },
	{ .name = "gate",
	  .type = MEMBER_OBJECT,
	  .required = true,
	  .null = true,
	  .members = gate_members,
	  .sentence = "whether it is good enough, and why; null: no agreement is in force" },
	{ .name = "steps",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &step_item,
	  .sentence = "what was done with it, oldest first" },
	{ .name = "promises",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &promise_item,
	  .sentence = "what is promised about it" },
	{ .name = NULL },
};

/* ---- on a desk ---- */

static const struct member due_promise_members[] = {
	GIVEN("promise", MEMBER_TEXT, "its name in the agreement"),
	PARTY,
	GIVEN("state", MEMBER_TEXT, "running, at risk, waiting or broken"),
	NULLABLE("started", MEMBER_TIME, "when its clock started"),
	NULLABLE("due", MEMBER_TIME, "by when it is to be kept"),
	NULLABLE("at_risk_at", MEMBER_TIME, "from when it is at risk"),
	GIVEN("clock", MEMBER_TEXT, "how it stands, in words"),
	{ .name = NULL },
};

#define WHO                                                                                                            \
	GIVEN("lead", MEMBER_TEXT, "its id"), GIVEN("source", MEMBER_TEXT, "whose id that is"),                        \
		NULLABLE("name", MEMBER_TEXT, "the person's"),                                                         \
		NULLABLE("company", MEMBER_TEXT, "where that person works"),                                           \
		NULLABLE("country", MEMBER_TEXT, "there"), NULLABLE("channel", MEMBER_TEXT, "by which it came"),       \
		NULLABLE("campaign", MEMBER_TEXT, "by which it came"), NULLABLE("owner", MEMBER_TEXT, "who has it"),   \
		NULLABLE("created", MEMBER_TIME, "when it came in"),                                                   \
		GIVEN("life", MEMBER_TEXT, "where it stands: handed over, accepted …"),                                \
		GIVEN("waits", MEMBER_FLAG, "its clocks stand still"),                                                 \
		GIVEN("opted_out", MEMBER_FLAG, "the person wants no contact"),                                        \
		NULLABLE("sweet_spot", MEMBER_FLAG, "as who has it sees it; null: nobody said"),                       \
		NULLABLE("snoozed", MEMBER_TIME, "put aside until then"),                                              \
		GIVEN("attempts", MEMBER_WHOLE, "of people to reach it, in this episode"),                             \
		NULLABLE("tried", MEMBER_TIME, "the last of them"),                                                    \
		GIVEN("version", MEMBER_TEXT, "for If-Match, where something is told of it")

static const struct member due_members[] = {
	WHO,
	{ .name = "promise",
	  .type = MEMBER_OBJECT,
	  .required = true,
	  .null = true,
	  .members = due_promise_members,
	  .sentence = "what is due first of what is owed" },
	GIVEN("owed", MEMBER_WHOLE, "promises that run, or broke and were not done yet"),
	{ .name = NULL },
};
const struct member due_item = { .name = "", .type = MEMBER_OBJECT, .members = due_members };

static const struct member answers_members[] = {
	NULLABLE("budget", MEMBER_FLAG, "null: nobody asked"),
	NULLABLE("authority", MEMBER_FLAG, "likewise"),
	NULLABLE("need", MEMBER_FLAG, "likewise"),
	NULLABLE("timeframe", MEMBER_FLAG, "likewise"),
	NULLABLE("trust", MEMBER_FLAG, "likewise"),
	{ .name = NULL },
};

static const struct member queue_gate_members[] = {
	GIVEN("passes", MEMBER_FLAG, "good enough for sales"),
	NULLABLE("type", MEMBER_TEXT, "of lead, as the agreement has it"),
	GIVEN("points", MEMBER_NUMBER, "that it has"),
	GIVEN("bar", MEMBER_NUMBER, "points that it needs"),
	{ .name = "missing",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &text_item,
	  .sentence = "what keeps it from passing" },
	{ .name = NULL },
};

static const struct member nurture_members[] = {
	WHO,
	GIVEN("episode", MEMBER_WHOLE, "of its life: it begins again where it comes back"),
	{ .name = "answers",
	  .type = MEMBER_OBJECT,
	  .required = true,
	  .members = answers_members,
	  .sentence = "what nurture was told" },
	{ .name = "gate",
	  .type = MEMBER_OBJECT,
	  .required = true,
	  .null = true,
	  .members = queue_gate_members,
	  .sentence = "whether it is good enough; null: no agreement is in force" },
	{ .name = NULL },
};
const struct member nurture_item = { .name = "", .type = MEMBER_OBJECT, .members = nurture_members };

/* ---- words ---- */

static const struct member points_of_members[] = {
	GIVEN("budget", MEMBER_NUMBER, "points for a yes"), GIVEN("authority", MEMBER_NUMBER, "likewise"),
	GIVEN("need", MEMBER_NUMBER, "likewise"),           GIVEN("timeframe", MEMBER_NUMBER, "likewise"),
	GIVEN("trust", MEMBER_NUMBER, "likewise"),          { .name = NULL },
};

#define REASONS(n, s)                                                                                                  \
	{                                                                                                              \
		.name = n, .type = MEMBER_LIST, .required = true, .items = &text_item, .sentence = s                   \
	}

const struct member words_members[] = {
	GIVEN("agreed", MEMBER_FLAG, "an agreement is in force"),
	REASONS("reject", "why a lead may be rejected"),
	REASONS("disqualify", "why it may be disqualified"),
	REASONS("wait", "why its clocks may stand still"),
	REASONS("excuse", "why a broken promise may be excused"),
	{ .name = "points",
	  .type = MEMBER_OBJECT,
	  .required = true,
	  .members = points_of_members,
	  .sentence = "for what nurture is told" },
	{ .name = NULL },
};

/* ---- the story ---- */

#define KNOWN(n, s)                                                                                                    \
	{                                                                                                              \
		.name = n, .type = MEMBER_TEXT, .sentence = s                                                          \
	}

const struct member person_members[] = {
	KNOWN("name", "as it was told; what is not known is not there"),
	KNOWN("first_name", "of the name"),
	KNOWN("last_name", "of the name"),
	KNOWN("title", "what the person is there"),
	KNOWN("email", "where letters reach the person"),
	KNOWN("phone", "as it was told"),
	KNOWN("company", "where the person works"),
	KNOWN("industry", "of the company"),
	KNOWN("country", "of the company"),
	KNOWN("region", "of the company"),
	KNOWN("segment", "of the company"),
	KNOWN("product", "asked for"),
	KNOWN("source", "the channel by which it came"),
	KNOWN("campaign", "by which it came"),
	KNOWN("partner", "who works on it"),
	KNOWN("origin", "who found it: marketing, sales, partner …"),
	KNOWN("notes", "what was noted, opened"),
	{ .name = "company_size", .type = MEMBER_NUMBER, .sentence = "people in the company" },
	NULLABLE("created", MEMBER_TIME, "when it came in"),
	{ .name = NULL },
};

static const struct member happening_members[] = {
	GIVEN("at", MEMBER_TIME, "when it happened"),
	{ .name = "what",
	  .type = MEMBER_CHOICE,
	  .required = true,
	  .choices = "step|touch|contact|promise",
	  .sentence = "a step of its life, what was sent or clicked, a contact, or a promise that was not kept" },
	GIVEN("text", MEMBER_TEXT, "what happened, in words"),
	NULLABLE("by", MEMBER_TEXT, "who did it"),
	NULLABLE("why", MEMBER_TEXT, "the reason that was given"),
	NULLABLE("about", MEMBER_TEXT, "what came of it, the campaign"),
	NULLABLE("note", MEMBER_TEXT, "what was noted, opened"),
	NULLABLE("episode", MEMBER_WHOLE, "of the lead's life"),
	{ .name = NULL },
};
const struct member happening_item = { .name = "", .type = MEMBER_OBJECT, .members = happening_members };

static const struct member owner_members[] = {
	GIVEN("at", MEMBER_TIME, "since when"),
	GIVEN("owner", MEMBER_TEXT, "who got it"),
	NULLABLE("by", MEMBER_TEXT, "who gave it"),
	NULLABLE("why", MEMBER_TEXT, "for which reason"),
	{ .name = NULL },
};
const struct member owner_item = { .name = "", .type = MEMBER_OBJECT, .members = owner_members };
