/* Promises that cannot be judged, and why: unknown is not broken. */
#include "desk/judge.h"
#include "report/promises.h"

/* "No lead of the book …" */
static const char *const never[EVENT__COUNT] = {
	[EVENT_CREATED] = "has a day on which it came in",
	[EVENT_PREQUALIFIED] = "was pre-qualified",
	[EVENT_QUALIFIED] = "was qualified",
	[EVENT_HANDED_OFF] = "was handed over",
	[EVENT_FIRST_RESPONSE] = "was contacted",
	[EVENT_REACHED] = "was reached",
	[EVENT_WORKING] = "was worked on",
	[EVENT_ACCEPTED] = "was accepted",
	[EVENT_REJECTED] = "was rejected",
	[EVENT_DISQUALIFIED] = "was disqualified",
	[EVENT_OPTED_OUT] = "opted out",
	[EVENT_OPPORTUNITY] = "became an opportunity",
	[EVENT_WON] = "was won",
	[EVENT_LOST] = "was lost",
	[EVENT_DISCONTINUED] = "was given up",
};

static const char *any_of(struct page *page, uint32_t events)
{
	const char *list = NULL;

	for (int event = 0; event < EVENT__COUNT; event++)
		if (events >> event & 1)
			list = list ? page_printf(page, "%s or %s", list, never[event]) : never[event];
	return list;
}

/* Under a heading of its own, once there is one. */
static void say(struct page *page, bool *headed, const char *text)
{
	if (!*headed)
		page_heading(page, "What cannot be judged");
	*headed = true;
	page_sentence(page, 0, "%s", text);
}

static void say_clock(struct page *page, const struct promise_def *promise, uint32_t known, bool *headed)
{
	enum untold untold = judge_untold(promise, known);
	const char *name = title_case(page, promise->name);

	if (untold == UNTOLD_CONTACTS)
		say(page, headed, page_printf(page, "%s: the book has no calls or other contacts with leads.", name));
	else if (untold != UNTOLD_NOTHING)
		say(page, headed,
		    page_printf(page, "%s: the book knows of no lead that it %s.", name,
				any_of(page, untold == UNTOLD_FROM ? 1u << promise->from : promise->until)));
}

static void say_number(struct page *page, const struct promise_def *promise, bool *headed)
{
	const char *of = both(page, "kind = volume", is_name(page, "promise", promise->name));
	const char *where = both(page, of, in_period(page, "due", page->period));
	int64_t unknown = page_count(page, "promises", both(page, where, "state = void"));

	if (unknown)
		say(page, headed,
		    page_printf(
			    page,
			    "%s, in %s of %s %ss: the book does not know enough of what was counted, or of its days.",
			    title_case(page, promise->name), number(page, unknown),
			    number(page, page_count(page, "promises", where)), every_name(promise->every)));
}

void say_untold(struct page *page)
{
	const struct agreement_version *version = page_agreement(page);
	bool headed = false;
	uint32_t known;

	if (!version)
		return;
	known = version->number ? 0 : judge_known(page->request.facts);
	for (size_t i = 0; i < version->agreement->promise_count; i++) {
		const struct promise_def *promise = &version->agreement->promises[i];

		if (promise->kind == PROMISE_VOLUME)
			say_number(page, promise, &headed);
		else if (!version->number)
			say_clock(page, promise, known, &headed);
	}
}
