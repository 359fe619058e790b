#include "desk/news.h"

int news_tell(struct book *book, const struct outbox_message *message, int64_t now_ms, struct err *err)
{
	const struct outlet *list;
	size_t count;

	if (outlets(book, &list, &count, err))
		return err->kind;
	for (size_t i = 0; i < count; i++) {
		struct outbox_message copy = *message;

		if (!outlet_wants(&list[i], message->kind))
			continue;
		copy.id[0] = '\0';
		copy.way = list[i].way;
		copy.to = list[i].id;
		copy.made_ms = copy.due_ms = now_ms;
		if (outbox_add(book, &copy, err))
			return err->kind;
	}
	return 0;
}

int news_write(struct book *book, const struct outbox_message *message, struct str to, int64_t now_ms, struct err *err)
{
	struct outbox_message copy = *message;
	bool on;

	if (!to.len)
		return 0;
	if (outbox_mail_on(book, &on, err))
		return err->kind;
	copy.way = OUTBOX_MAIL;
	copy.to = to;
	copy.made_ms = copy.due_ms = now_ms;
	return on ? outbox_add(book, &copy, err) : 0;
}

/* Nothing need be said where nobody hears it. */
static int anybody(struct book *book, bool *any, struct err *err)
{
	const struct outlet *list;
	size_t count = 0;
	bool mail = false;

	if (outlets(book, &list, &count, err) || outbox_mail_on(book, &mail, err))
		return err->kind;
	*any = count > 0 || mail;
	return 0;
}

int news_of_step(struct lead_desk *desk, const struct lead_file *file, const struct step_record *step, struct err *err)
{
	struct outbox_message message = { .kind = STR_NONE };
	bool any = false, given;

	if (step->at_ms < desk->now_ms - NEWS_FOR_MS)
		return 0;
	if (anybody(desk->book, &any, err))
		return err->kind;
	if (!any)
		return 0;
	message.kind = str_of(arena_printf(desk->arena, "lead.%s", lead_step_name(step->step)));
	outbox_say(&message, "lead", file->key);
	outbox_say(&message, "source", file->source);
	outbox_say(&message, "at", lead_desk_when(desk, step->at_ms));
	outbox_say(&message, "by", step->by);
	outbox_say(&message, "owner", step->owner);
	outbox_say(&message, "reason", step->reason);
	if (news_tell(desk->book, &message, desk->now_ms, err))
		return err->kind;
	given = (step->step == LEAD_STEP_HANDED_OFF || step->step == LEAD_STEP_ASSIGNED) &&
		!str_eq(step->owner, step->by);
	message.kind = STR("assignment");
	return given ? news_write(desk->book, &message, step->owner, desk->now_ms, err) : 0;
}

int news_of_undo(struct lead_desk *desk, const struct lead_file *file, struct str steps, const struct lead_word *word,
		 struct err *err)
{
	struct outbox_message message = { .kind = STR("lead.undone") };

	outbox_say(&message, "lead", file->key);
	outbox_say(&message, "source", file->source);
	outbox_say(&message, "steps", steps);
	outbox_say(&message, "at", lead_desk_when(desk, desk->now_ms));
	outbox_say(&message, "by", word->by);
	outbox_say(&message, "reason", word->reason);
	return news_tell(desk->book, &message, desk->now_ms, err);
}

int news_of_lead(struct book *book, struct str source, struct str key, int64_t now_ms, struct err *err)
{
	struct outbox_message message = { .kind = STR("lead.created") };

	outbox_say(&message, "lead", key);
	outbox_say(&message, "source", source);
	return news_tell(book, &message, now_ms, err);
}

int news_went(struct lead_desk *desk, const struct outbox_message *message, struct err *err)
{
	struct str key = outbox_fact(message, NEWS_WORD), source = outbox_fact(message, "source");
	struct record_fields fields = { .count = 0 };
	bool news;

	if (!key.len)
		return 0;
	fields_time(&fields, FIELD_SENT, desk->now_ms - desk->now_ms % 1000);
	return lead_desk_offer(desk, OBJECT_PROMISE_WORD, source.len ? source : STR("lockstep"), key, &fields, &news,
			       err);
}
