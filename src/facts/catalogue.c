/* Each column of each fact: what it is called, what it holds, and the sentence people read. */
#include "facts/store.h"

#define TIME(n, s)                                                                                                     \
	{                                                                                                              \
		.name = n, .type = COLUMN_TIME, .unit = "", .sentence = s                                              \
	}
#define MILESTONE(n, s)                                                                                                \
	{                                                                                                              \
		.name = n, .type = COLUMN_TIME, .unit = "", .milestone = true, .sentence = s                           \
	}
#define NAME(n, s)                                                                                                     \
	{                                                                                                              \
		.name = n, .type = COLUMN_NAME, .unit = "", .sentence = s                                              \
	}
#define NUMBER(n, u, s)                                                                                                \
	{                                                                                                              \
		.name = n, .type = COLUMN_NUMBER, .unit = u, .sentence = s                                             \
	}
#define MONEY(n, s)                                                                                                    \
	{                                                                                                              \
		.name = n, .type = COLUMN_MONEY, .unit = "money", .sentence = s                                        \
	}
#define FLAG(n, s)                                                                                                     \
	{                                                                                                              \
		.name = n, .type = COLUMN_FLAG, .unit = "", .sentence = s                                              \
	}
#define REF(n, t, s)                                                                                                   \
	{                                                                                                              \
		.name = n, .type = COLUMN_REF, .unit = "", .target = t, .sentence = s                                  \
	}
#define KEY(s)                                                                                                         \
	{                                                                                                              \
		.name = "key", .type = COLUMN_KEY, .unit = "", .sentence = s                                           \
	}
#define HISTORIC(n, t, u, s)                                                                                           \
	{                                                                                                              \
		.name = n, .type = t, .unit = u, .historic = true, .sentence = s                                       \
	}
#define DERIVED(n, t, u, s)                                                                                            \
	{                                                                                                              \
		.name = n, .type = t, .unit = u, .derived = true, .sentence = s                                        \
	}
#define DERIVED_MILESTONE(n, s)                                                                                        \
	{                                                                                                              \
		.name = n, .type = COLUMN_TIME, .unit = "", .milestone = true, .derived = true, .sentence = s          \
	}
#define JUDGED(n, t, u, s)                                                                                             \
	{                                                                                                              \
		.name = n, .type = t, .unit = u, .judged = true, .sentence = s                                         \
	}
#define LIVED(n, t, u, s)                                                                                              \
	{                                                                                                              \
		.name = n, .type = t, .unit = u, .judged = true, .lived = true, .sentence = s                          \
	}
#define LIVED_MILESTONE(n, s)                                                                                          \
	{                                                                                                              \
		.name = n, .type = COLUMN_TIME, .unit = "", .milestone = true, .judged = true, .lived = true,          \
		.sentence = s                                                                                          \
	}
#define END                                                                                                            \
	{                                                                                                              \
		.name = NULL                                                                                           \
	}

static const struct column_def leads[] = {
	KEY("the lead's id in its source"),
	MILESTONE("created", "when the lead came in"),
	MILESTONE("prequalified", "when it met the top-line criteria: size, market, fit"),
	MILESTONE("qualified", "when it became a qualified lead (MQL)"),
	MILESTONE("handed_off", "when marketing handed it to sales"),
	MILESTONE(
		"first_response",
		"when a person first tried to reach it after the hand-over, or first talked with it; of a lead not handed over, after it came in; automatic mail does not count"),
	TIME("response_due", "by when the first response was promised"),
	MILESTONE("accepted", "when sales accepted it (SAL)"),
	MILESTONE("rejected", "when sales gave it back"),
	MILESTONE("disqualified", "when it was found to be no lead"),
	MILESTONE("recycled", "when it returned to nurture"),
	MILESTONE("opportunity", "when its first opportunity was opened"),
	MILESTONE("won", "when its first deal was won"),
	MILESTONE("lost", "when the last of its deals was lost and none was won"),
	MILESTONE("discontinued", "when it was given up without being lost to anyone"),
	MILESTONE("on_hold", "when it was put on hold"),
	MILESTONE(
		"voided",
		"when it was found to be a test or a duplicate; from then on it is in no count that does not ask for this"),
	NAME("merged_into",
	     "the lead it was merged into, as SOURCE:ID: its touches, contacts, opportunities and orders are that one's"),
	HISTORIC("score", COLUMN_NUMBER, "points", "its score"),
	NUMBER("company_size", "people", "how many people its company has"),
	MONEY("amount", "won value of its deals; its own amount where it has no deals"),
	NAME("currency", "the currency of its amount"),
	NAME("origin", "who created the interest: marketing, sales, referral, partner, unknown"),
	NAME("source", "the channel it came through"),
	NAME("campaign", "the effort that spend is booked to"),
	NAME("team", "the team that has it"),
	HISTORIC("owner", COLUMN_NAME, "", "who has it"),
	NAME("partner", "the partner or reseller who has it or brought it"),
	NAME("region", "the region it is in"),
	NAME("segment", "the market segment it is in"),
	NAME("industry", "the industry of its company"),
	NAME("country", "the country it is in"),
	NAME("type", "the kind of lead, as the agreement names them"),
	NAME("status", "its status as its source last said"),
	NAME("reason", "why it was last rejected or disqualified; of a lost one why that was"),
	NAME("product", "the product it asks for"),
	FLAG("inbound", "the buyer moved first"),
	FLAG("sweet_spot", "the rep marked it as in (yes) or out (no) of the sweet spot"),
	MILESTONE("marked", "when it was last marked as in or out of the sweet spot"),
	NAME("marked_by", "who marked it so"),
	NAME("account", "its company"),
	DERIVED("open", COLUMN_FLAG, "",
		"neither won, lost, discontinued, disqualified, rejected nor voided; rejected ones that were recycled are open"),
	DERIVED_MILESTONE("closed", "won or lost; discontinued is not closed"),
	DERIVED("age", COLUMN_NUMBER, "days", "days from created to the as-of day"),
	JUDGED("agreed_type", COLUMN_NAME, "", "its type by the agreement's own rules"),
	JUDGED("points", COLUMN_NUMBER, "points",
	       "its points by the agreement: those it was handed over with, else those it reached the bar with, else today's"),
	{ .name = "passed",
	  .type = COLUMN_TIME,
	  .unit = "",
	  .milestone = true,
	  .judged = true,
	  .sentence = "when it first met the agreement's criteria and reached the bar of its type" },
	JUDGED("would_get", COLUMN_NAME, "", "who would have got it then, by the agreement's routes"),
	JUDGED("owes", COLUMN_NAME, "",
	       "whose promise about it is due first of those not done yet, a partner's before sales': marketing, sales, partner; "
	       "empty where all is done"),
	LIVED("current_episode", COLUMN_NUMBER, "",
	      "which episode it is in: 1, and one more whenever it was rejected, recycled, reopened, or handed over once more"),
	LIVED("current_state", COLUMN_NAME, "",
	      "where it stands in that episode: new, prequalified, nurturing, qualified, handed over, accepted, opportunity, won, "
	      "lost, discontinued, disqualified; void for duplicates and tests"),
	LIVED_MILESTONE("current_began", "when that episode began"),
	LIVED_MILESTONE("current_qualified", "when it became a qualified lead in that episode"),
	LIVED_MILESTONE("current_handed_off", "when marketing handed it to sales in that episode"),
	LIVED_MILESTONE(
		"current_first_response",
		"when a person first tried to reach it in that episode, after the hand-over where there was one"),
	LIVED_MILESTONE("current_accepted", "when sales accepted it in that episode"),
	LIVED_MILESTONE("current_ready", "since when sales could take it in that episode: qualified, else handed over"),
	LIVED_MILESTONE(
		"current_waiting",
		"since when it is put off, of those that are now: for a reason that stops the clocks of the agreement it is under, "
		"if it is under one"),
	END,
};

static const struct column_def opportunities[] = {
	KEY("the opportunity's id in its source"),
	MILESTONE("created", "when the opportunity was opened"),
	MILESTONE("won", "when it was won"),
	MILESTONE("lost", "when it was lost"),
	MILESTONE("discontinued", "when it was given up without being lost to anyone"),
	MILESTONE("on_hold", "when it was put on hold"),
	HISTORIC("expected_close", COLUMN_TIME, "", "when it is expected to close"),
	HISTORIC("amount", COLUMN_MONEY, "money", "its value"),
	NAME("currency", "the currency of its amount"),
	HISTORIC("stage", COLUMN_NAME, "", "the stage it is in; of closed ones the last"),
	NAME("stage_means", "what its stage says: open, won, lost, discontinued, on_hold, order"),
	HISTORIC("owner", COLUMN_NAME, "", "who has it"),
	NAME("team", "the owner's team"),
	NAME("origin", "who created the interest: marketing, sales, referral, partner, unknown"),
	NAME("source", "the channel it came through"),
	NAME("campaign", "the effort that spend is booked to"),
	NAME("partner", "the partner or reseller"),
	NAME("region", "the region"),
	NAME("segment", "the market segment"),
	NAME("industry", "the industry of its company"),
	NAME("product", "the product"),
	NAME("type", "the kind of deal"),
	NAME("reason", "why it was lost or discontinued"),
	NAME("status", "its status as its source last said"),
	NUMBER("probability", "share", "chance to win as its source says, 0 to 1"),
	NUMBER("score", "points", "the score its source gives"),
	NAME("account", "its company"),
	REF("lead", FACT_LEADS, "the lead it came from"),
	FLAG("inbound", "the buyer moved first"),
	DERIVED_MILESTONE("closed", "won or lost; discontinued is not closed"),
	DERIVED("open", COLUMN_FLAG, "", "neither won, lost nor discontinued"),
	DERIVED("age", COLUMN_NUMBER, "days", "days from created to the as-of day, of closed ones to the closing"),
	DERIVED("stagnant", COLUMN_FLAG, "",
		"open, and in its stage longer than the agreed limit, else than 90 % of the visits that moved on (at least 20 of them)"),
	DERIVED("bid", COLUMN_FLAG, "", "has reached the quote or proposal stage"),
	DERIVED("net_new", COLUMN_FLAG, "", "won, and its account's first won deal"),
	END,
};

static const struct column_def stage_visits[] = {
	KEY("the id of the opportunity that stayed there"),
	REF("opportunity", FACT_OPPORTUNITIES, "the opportunity"),
	NAME("stage", "the stage visited"),
	NUMBER("position", "", "its place in the pipeline, from 1"),
	MILESTONE("entered", "when the opportunity entered the stage"),
	MILESTONE("left", "when it left the stage"),
	NAME("outcome", "where it went: forward, back, lost, discontinued, or still there"),
	NAME("next_stage", "the stage it went to"),
	NAME("owner", "who has the opportunity"),
	NAME("team", "the owner's team"),
	NAME("source", "the opportunity's source"),
	NAME("origin", "the opportunity's origin"),
	NAME("campaign", "the opportunity's campaign"),
	MONEY("amount", "the opportunity's value"),
	NAME("currency", "the currency of its amount"),
	NAME("region", "the opportunity's region"),
	NAME("segment", "the opportunity's segment"),
	NAME("product", "the opportunity's product"),
	NAME("reason", "the opportunity's reason for being lost or discontinued"),
	NAME("partner", "the opportunity's partner"),
	DERIVED("limit_days", COLUMN_NUMBER, "days",
		"how long a deal may stay: the agreed limit, else the 90th percentile of visits that moved on (at least 20), else empty"),
	DERIVED("stagnant", COLUMN_FLAG, "", "still there, and longer than the limit"),
	{ .name = "over_limit",
	  .type = COLUMN_TIME,
	  .unit = "",
	  .milestone = true,
	  .judged = true,
	  .sentence =
		  "when it had stood there as long as the agreement in force when it was entered allows, of those that stayed longer" },
	END,
};

static const struct column_def touches[] = {
	KEY("the touch's id in its source"),
	MILESTONE("at", "when it happened"),
	REF("lead", FACT_LEADS, "the lead that engaged"),
	REF("opportunity", FACT_OPPORTUNITIES, "the opportunity it belongs to"),
	NAME("kind", "form, click, open, webinar, visit …"),
	NAME("outcome", "what came of it"),
	NAME("campaign", "the campaign that caused it"),
	NAME("source", "its channel"),
	NAME("origin", "who created it"),
	NUMBER("score", "points", "the points it is worth"),
	NAME("form", "the form or hook by which it came"),
	NAME("consent", "what the person agreed to by a tick"),
	NAME("utm_source", "utm_source of the address by which the person came"),
	NAME("utm_medium", "utm_medium of that address"),
	NAME("utm_campaign", "utm_campaign of that address"),
	NAME("utm_term", "utm_term of that address"),
	NAME("utm_content", "utm_content of that address"),
	NAME("referrer", "the page that led there"),
	END,
};

static const struct column_def activities[] = {
	KEY("the activity's id in its source"),
	MILESTONE("at", "when it happened"),
	REF("lead", FACT_LEADS, "the lead contacted"),
	REF("opportunity", FACT_OPPORTUNITIES, "the opportunity it is about"),
	NAME("owner", "who did it"),
	NAME("team", "the team of who did it"),
	NAME("campaign", "the campaign it belongs to"),
	NAME("kind", "call, mail, meeting, demo …"),
	NAME("direction", "who began: out (the seller), in (the person) or two_way"),
	NAME("outcome", "what came of it: reached, no_answer …"),
	NUMBER("duration_minutes", "minutes", "how long it took"),
	FLAG("automatic", "sent by a machine: not a response"),
	END,
};

static const struct column_def spend[] = {
	KEY("the spend line's id in its source"),
	TIME("day", "the day it was spent"),
	NAME("campaign", "the campaign it was spent on"),
	NAME("source", "the channel it was spent on"),
	NAME("origin", "who spent it"),
	MONEY("amount", "what was spent"),
	NAME("currency", "the currency of its amount"),
	NUMBER("impressions", "", "impressions, as the platform reported"),
	NUMBER("clicks", "", "clicks, as the platform reported"),
	NUMBER("leads", "", "leads, as the platform reported"),
	NUMBER("conversions", "", "conversions, as the platform reported"),
	NAME("region", "the region it was spent in"),
	NAME("segment", "the segment it was spent on"),
	NAME("product", "the product it was spent on"),
	NAME("partner", "the partner it was spent with"),
	NAME("team", "the team that spent it"),
	END,
};

static const struct column_def orders[] = {
	KEY("the order's id in its source"),
	MILESTONE("booked", "when it was ordered"),
	MILESTONE("shipped", "when it was shipped"),
	MILESTONE("delivered", "when it was delivered"),
	MILESTONE("invoiced", "when it was invoiced"),
	MILESTONE("paid", "when it was paid"),
	TIME("due", "by when it is to be paid"),
	MONEY("amount", "its price without tax"),
	NAME("currency", "the currency of its amount"),
	MONEY("cost", "cost of goods"),
	MONEY("freight", "freight"),
	MONEY("other_cost", "other cost"),
	MONEY("tax", "tax"),
	MONEY("margin",
	      "price less cost of goods, freight and other cost; empty where price or cost of goods is not known, "
	      "while freight and other cost count as 0 where they are empty"),
	MONEY("billed", "what was billed"),
	MONEY("collected", "what was collected"),
	NAME("owner", "who sold it"),
	NAME("team", "the owner's team"),
	NAME("partner", "the partner or reseller"),
	NAME("source", "the channel it came through"),
	NAME("origin", "who created the interest"),
	NAME("campaign", "the effort that spend is booked to"),
	NAME("region", "the region"),
	NAME("segment", "the market segment"),
	NAME("product", "the product"),
	NAME("type", "the kind of order"),
	NAME("status", "its status as its source last said"),
	NAME("account", "the company that ordered"),
	REF("opportunity", FACT_OPPORTUNITIES, "the opportunity it came from"),
	REF("lead", FACT_LEADS, "the lead it came from"),
	END,
};

static const struct column_def lead_steps[] = {
	KEY("the step's id in its source"),
	MILESTONE("at", "when it happened"),
	REF("lead", FACT_LEADS, "the lead"),
	NAME("step",
	     "what was done: prequalified, qualified, handed_off, overridden, working, accepted, rejected, recycled, disqualified, reopened, "
	     "opted_out, duplicate, test, waiting, resumed, assigned, answered"),
	NAME("by", "who did it"),
	NAME("owner", "who has the lead from then on; empty where that stays"),
	NAME("reason", "why, in the agreement's words"),
	NAME("question", "what was asked: budget, authority, need, timeframe, trust"),
	NAME("outcome",
	     "of an answer yes or no; of a hand-over the pool it went to; of an override what held the lead back; of a duplicate the lead it was merged into"),
	NUMBER("score", "points", "the lead's points then"),
	NUMBER("episode", "", "which episode of the lead: a recycled lead begins another"),
	NAME("agreement", "the number of the version of the agreement it was done under"),
	END,
};

static const struct column_def promise_words[] = {
	KEY("the word's id in its source"),
	MILESTONE("at",
		  "from when it holds: of a broken promise when it was due, of a withdrawn breach when that was known"),
	REF("lead", FACT_LEADS, "the lead"),
	NAME("promise", "the promise, as the agreement calls it"),
	NAME("kind",
	     "what is said of it: broken, withdrawn, excused, disputed, settled; told: at that time somebody was to be told"),
	NAME("by", "who said it"),
	NAME("owner", "who was to keep it"),
	NAME("reason", "why, in the agreement's words"),
	NAME("outcome", "of a settled one: upheld or dropped; of a told one: owner, manager, head or executive"),
	TIME("sent", "of a told one: when the letter went out"),
	NUMBER("episode", "", "which episode of the lead"),
	NAME("agreement", "the number of the version of the agreement the promise was made under"),
	END,
};

static const struct column_def promises[] = {
	KEY("the lead's id in its source; empty where a number in a period was promised"),
	MILESTONE("started", "when its clock started, or its period began"),
	NAME("promise", "its name in the agreement"),
	NAME("party", "who promised it: marketing, sales, partner or executive"),
	NAME("kind", "clock, attempts or volume"),
	REF("lead", FACT_LEADS, "the lead it is about"),
	NUMBER("episode", "", "which episode of the lead: a recycled lead begins another"),
	NUMBER("version", "", "the version of the agreement it was opened under"),
	TIME("due", "by when it was to be kept, pauses added"),
	TIME("at_risk_at", "from when it is at risk"),
	TIME("stopped", "when what stops its clock happened"),
	NAME("state", "running, at risk, waiting, met, broken, excused, disputed or void"),
	MILESTONE("met", "when it was kept"),
	MILESTONE("broken", "when it was due and not kept; excused and disputed ones are not counted"),
	MILESTONE(
		"fell_due",
		"when it was due, of those met or broken: the on-time share is count(met and fell_due) / count(fell_due)"),
	NAME("owner",
	     "who was to keep it: who had the lead when the clock stopped or was due, of running ones who has it; "
	     "what marketing or the executive promised: who signs for that"),
	NAME("team", "the lead's team"),
	NAME("partner", "the lead's partner"),
	NAME("source", "the lead's channel"),
	NAME("type", "the lead's type by the agreement"),
	FLAG("recorded_late", "it was recorded as broken until somebody recorded that it had been kept"),
	FLAG("owed",
	     "what stops its clock has not happened and still can, late or not; of void, excused and disputed ones no"),
	NUMBER("attempts", "", "attempts to reach the lead within the time"),
	NUMBER("counted", "", "of a number in a period: what it came to"),
	NUMBER("at_least", "", "of a number in a period: what was promised"),
	NUMBER("agreed_share", "share", "the share of what falls due that was agreed to be kept, 0 to 1"),
	END,
};

static const struct {
	const char *name, *main_time, *sentence;
	const struct column_def *columns;
} table[FACT__COUNT] = {
	[FACT_LEADS] = { "leads", "created", "one row for each person who showed interest or was found", leads },
	[FACT_OPPORTUNITIES] = { "opportunities", "created", "one row for each deal", opportunities },
	[FACT_STAGE_VISITS] = { "stage_visits", "entered", "one row for each stay of a deal in a stage", stage_visits },
	[FACT_TOUCHES] = { "touches", "at", "one row for each marketing engagement: form, click, webinar, visit …",
			   touches },
	[FACT_ACTIVITIES] = { "activities", "at", "one row for each contact by a seller: call, mail, meeting, demo",
			      activities },
	[FACT_SPEND] = { "spend", "day", "one row for each line of marketing spend", spend },
	[FACT_ORDERS] = { "orders", "booked", "one row for each booked sale", orders },
	[FACT_LEAD_STEPS] = { "lead_steps", "at",
			      "one row for each thing done with a lead: handed over, accepted, rejected …",
			      lead_steps },
	[FACT_PROMISE_WORDS] = { "promise_words", "at",
				 "one row for each word recorded of a promise: broken, excused, settled …",
				 promise_words },
	[FACT_PROMISES] = { "promises", "started",
			    "one row for each promise of the agreement about a lead, or about a period", promises },
};

const struct column_def *catalogue_of(enum fact fact)
{
	return table[fact].columns;
}

const char *fact_name(enum fact fact)
{
	return table[fact].name;
}

const char *fact_sentence(enum fact fact)
{
	return table[fact].sentence;
}

const char *fact_main_time(enum fact fact)
{
	return table[fact].main_time;
}

bool fact_by_name(struct str name, enum fact *fact)
{
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		if (str_is(name, table[f].name)) {
			*fact = f;
			return true;
		}
	}
	return false;
}
