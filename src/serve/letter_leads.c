/* Letters to colleagues about one lead. The lead is called by its key and company: who it is stands behind the sign-in. */
#include "serve/letters.h"

/* The rows that all of them have. */
static void about_lead(struct letter *letter, const struct outbox_message *message)
{
	struct problems problems;
	struct lead_file file;

	problems_init(&problems, letter->arena);
	letter_row(letter, "Lead", outbox_fact(message, "lead"));
	if (outbox_fact(message, "lead").len &&
	    lead_desk_find(letter->desk, outbox_fact(message, "lead"), &file, &problems)) {
		letter_row(letter, "Company",
			   cell_name(cells_of(letter->desk->facts, FACT_LEADS, "company"), file.row));
		letter_row(letter, "Came through",
			   cell_name(cells_of(letter->desk->facts, FACT_LEADS, "source"), file.row));
	}
	letter_row(letter, "Promise", outbox_fact(message, "promise"));
	letter_row(letter, "Of the period from", outbox_fact(message, "period"));
	letter_row(letter, "Due", outbox_fact(message, "due"));
	letter_row(letter, "Owner", outbox_fact(message, "owner"));
	letter_row(letter, "By", outbox_fact(message, "by"));
	letter_row(letter, "Reason", outbox_fact(message, "reason"));
}

static void open_page(struct letter *letter, const struct outbox_message *message)
{
	const char *url =
		outbox_fact(message, "lead").len ? letter_page(letter, "/leads/", outbox_fact(message, "lead")) : NULL;

	if (url)
		letter_link(letter, "Open the lead", url);
}

int letter_assignment(struct letter *letter, const struct outbox_message *message, struct err *err)
{
	struct str key = outbox_fact(message, "lead");

	(void)err;
	letter_subject(letter, "Lead %.*s is yours", STR_ARG(key));
	letter_say(letter, "A lead was given to you.");
	about_lead(letter, message);
	open_page(letter, message);
	return 0;
}

int letter_at_risk(struct letter *letter, const struct outbox_message *message, struct err *err)
{
	struct str key = outbox_fact(message, "lead"), promise = outbox_fact(message, "promise");

	(void)err;
	letter_subject(letter, "At risk: %.*s, lead %.*s, due %.*s", STR_ARG(promise), STR_ARG(key),
		       STR_ARG(outbox_fact(message, "due")));
	letter_say(letter, "The time that was promised is nearly up.");
	about_lead(letter, message);
	open_page(letter, message);
	return 0;
}

int letter_breach(struct letter *letter, const struct outbox_message *message, struct err *err)
{
	struct str key = outbox_fact(message, "lead"), promise = outbox_fact(message, "promise");
	struct str rung = outbox_fact(message, "told");

	(void)err;
	if (key.len)
		letter_subject(letter, "Broken: %.*s, lead %.*s", STR_ARG(promise), STR_ARG(key));
	else
		letter_subject(letter, "Broken: %.*s, %.*s", STR_ARG(promise), STR_ARG(outbox_fact(message, "period")));
	if (str_is(rung, "owner"))
		letter_say(letter, "What was promised was not kept in time.");
	else
		letter_say(letter, "What was promised was not kept in time. The agreement says that the %.*s is told.",
			   STR_ARG(rung));
	about_lead(letter, message);
	open_page(letter, message);
	return 0;
}
