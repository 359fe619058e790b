/* What the clock records is told to who wants to hear of it, in the same transaction. */
#include "desk/clock_private.h"
#include "desk/news.h"

static const char *const kinds[CLOCK_EVENT__COUNT] = {
	[CLOCK_BROKEN] = "promise.broken",
	[CLOCK_WITHDRAWN] = "promise.withdrawn",
	[CLOCK_TOLD] = "promise.told",
	[CLOCK_STANDING] = "partner.standing",
};

/* The promise, and the lead or period it is about. */
static void say_item(struct clock *clock, const struct clock_item *item, struct str about,
		     struct outbox_message *message)
{
	struct lead_desk *desk = clock->desk;

	if (item->lead == REF_NONE) {
		outbox_say(message, "period", about);
	} else {
		outbox_say(message, "lead", about);
		outbox_say(message, "source", cells_source(desk->facts, FACT_LEADS, item->lead));
	}
	outbox_say(message, "promise", item->promise->name);
	outbox_say(message, "party", str_of(party_name(item->promise->party)));
	outbox_say(message, "due", lead_desk_when(desk, item->due_ms));
	outbox_say(message, "owner", item->owner);
}

int clock_news(struct clock *clock, const struct clock_event *event, const struct clock_item *item, struct str rung,
	       struct str name, struct str word, struct err *err)
{
	struct lead_desk *desk = clock->desk;
	struct outbox_message message = { .kind = str_of(kinds[event->kind]) };

	if (event->at_ms < desk->now_ms - NEWS_FOR_MS)
		return 0;
	if (item) {
		say_item(clock, item, event->lead, &message);
	} else {
		outbox_say(&message, "partner", event->lead);
		outbox_say(&message, "standing", event->promise);
	}
	outbox_say(&message, "at", lead_desk_when(desk, event->at_ms));
	if (event->kind == CLOCK_TOLD) {
		outbox_say(&message, "told", rung);
		outbox_say(&message, "name", name);
	} else {
		outbox_say(&message, "reason", event->text);
	}
	if (news_tell(desk->book, &message, desk->now_ms, err))
		return err->kind;
	message.kind = STR("breach");
	outbox_say(&message, NEWS_WORD, word);
	return event->kind == CLOCK_TOLD ? news_write(desk->book, &message, name, desk->now_ms, err) : 0;
}

int clock_news_of_risk(struct clock *clock, const struct clock_item *item, struct str about, struct err *err)
{
	struct lead_desk *desk = clock->desk;
	struct outbox_message message = { .kind = STR("promise.at_risk") };

	say_item(clock, item, about, &message);
	if (news_tell(desk->book, &message, desk->now_ms, err) || outbox_warned_set(desk->book, desk->now_ms, err))
		return err->kind;
	message.kind = STR("at-risk");
	return news_write(desk->book, &message, item->owner, desk->now_ms, err);
}
