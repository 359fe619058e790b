/* Letters to colleagues about one lead. The lead is called by its key and company: who it is stands behind the sign-in. */
#include "desk/lead_contact.h"
#include "serve/letters.h"

static void open_page(struct letter *letter, const struct outbox_message *message)
{
	const char *url =
		outbox_fact(message, "lead").len ? letter_page(letter, "/leads/", outbox_fact(message, "lead")) : NULL;

	if (url)
		letter_link(letter, "Open the lead", url);
}

/* The rows that all of them have. */
static int about_lead(struct letter *letter, const struct outbox_message *message, struct err *err)
{
	struct lead_contact contact = { .found = false };
	struct str key = outbox_fact(message, "lead");

	if (key.len && lead_contact_read(letter->desk, key, &contact, err))
		return err->kind;
	letter_row(letter, "Lead", key);
	letter_row(letter, "Company", contact.company);
	letter_row(letter, "Promise", outbox_fact(message, "promise"));
	letter_row(letter, "Of the period from", outbox_fact(message, "period"));
	letter_row(letter, "Due", outbox_fact(message, "due"));
	letter_row(letter, "Owner", outbox_fact(message, "owner"));
	letter_row(letter, "By", outbox_fact(message, "by"));
	letter_row(letter, "Reason", outbox_fact(message, "reason"));
	open_page(letter, message);
	return 0;
}

int letter_assignment(struct letter *letter, const struct outbox_message *message, struct err *err)
{
	struct str key = outbox_fact(message, "lead");

	letter_subject(letter, "Lead %.*s is yours", STR_ARG(key));
	letter_say(letter, "A lead was given to you.");
	return about_lead(letter, message, err);
}

int letter_at_risk(struct letter *letter, const struct outbox_message *message, struct err *err)
{
	struct str key = outbox_fact(message, "lead"), promise = outbox_fact(message, "promise");

	letter_subject(letter, "At risk: %.*s, lead %.*s, due %.*s", STR_ARG(promise), STR_ARG(key),
		       STR_ARG(outbox_fact(message, "due")));
	letter_say(letter, "The time that was promised is nearly up.");
	return about_lead(letter, message, err);
}

int letter_breach(struct letter *letter, const struct outbox_message *message, struct err *err)
{
	struct str key = outbox_fact(message, "lead"), promise = outbox_fact(message, "promise");
	struct str rung = outbox_fact(message, "told");

	if (key.len)
		letter_subject(letter, "Broken: %.*s, lead %.*s", STR_ARG(promise), STR_ARG(key));
	else
		letter_subject(letter, "Broken: %.*s, %.*s", STR_ARG(promise), STR_ARG(outbox_fact(message, "period")));
	if (str_is(rung, "owner"))
		letter_say(letter, "What was promised was not kept in time.");
	else
		letter_say(letter, "What was promised was not kept in time. The agreement says that the %.*s is told.",
			   STR_ARG(rung));
	return about_lead(letter, message, err);
}
