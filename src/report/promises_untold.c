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

/* What was found so far. */
struct finding_out {
	struct page *page;
	const char **items;
	size_t count, capacity;
};

static void add(struct finding_out *out, const char *text)
{
	ARENA_PUSH(&out->page->arena, out->items, out->count, out->capacity);
	out->items[out->count++] = text;
}

static void look_at_clock(struct finding_out *out, const struct promise_def *promise, uint32_t known)
{
	enum untold untold = judge_untold(promise, known);
	const char *name = title_case(out->page, promise->name);

	if (untold == UNTOLD_CONTACTS)
		add(out, page_printf(out->page, "%s: the book has no calls or other contacts with leads.", name));
	else if (untold != UNTOLD_NOTHING)
		add(out, page_printf(out->page, "%s: the book knows of no lead that it %s.", name,
				     any_of(out->page, untold == UNTOLD_FROM ? 1u << promise->from : promise->until)));
}

static void look_at_number(struct finding_out *out, const struct promise_def *promise)
{
	struct page *page = out->page;
	const char *of = both(page, "kind = volume", is_name(page, "promise", promise->name));
	const char *where = both(page, of, in_period(page, "due", page->period));
	int64_t unknown = page_count(page, "promises", both(page, where, "state = void"));

	if (unknown)
		add(out,
		    page_printf(
			    page,
			    "%s, in %s of %s %ss: the book does not know enough of what was counted, or of its days.",
			    title_case(page, promise->name), number(page, unknown),
			    number(page, page_count(page, "promises", where)), every_name(promise->every)));
}

const char **untold_of(struct page *page, const struct agreement_version *version, size_t *count)
{
	struct finding_out out = { .page = page };
	uint32_t known = version->number ? 0 : judge_known(page->request.facts);

	for (size_t i = 0; i < version->agreement->promise_count; i++) {
		const struct promise_def *promise = &version->agreement->promises[i];

		if (promise->kind == PROMISE_VOLUME)
			look_at_number(&out, promise);
		else if (!version->number)
			look_at_clock(&out, promise, known);
	}
	*count = out.count;
	return out.items;
}

void say_untold(struct page *page)
{
	const struct agreement_version *version = page_agreement(page);
	const char **untold;
	size_t count;

	if (!version)
		return;
	untold = untold_of(page, version, &count);
	if (count)
		page_heading(page, "What cannot be judged");
	for (size_t i = 0; i < count; i++)
		page_sentence(page, 0, "%s", untold[i]);
}
