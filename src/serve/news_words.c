#include "serve/news_words.h"

/* " by Ona", where somebody is named. */
static void add(struct buf *out, const struct outbox_message *message, const char *before, const char *fact,
		const char *after)
{
	struct str value = outbox_fact(message, fact);

	if (value.len)
		buf_addf(out, "%s%.*s%s", before, STR_ARG(value), after);
}

static void lead_words(const struct outbox_message *message, struct buf *out)
{
	struct str what = message->kind;

	str_cut(&what, '.');
	add(out, message, "Lead ", "lead", " ");
	for (size_t i = 0; i < what.len; i++)
		buf_add_char(out, what.at[i] == '_' ? ' ' : what.at[i]);
	add(out, message, " by ", "by", "");
	add(out, message, ", owner ", "owner", "");
	add(out, message, ": ", "reason", "");
	buf_add_char(out, '.');
}

static void undone_words(const struct outbox_message *message, struct buf *out)
{
	add(out, message, "Lead ", "lead", ": ");
	add(out, message, "", "steps", " was taken back");
	add(out, message, " by ", "by", "");
	add(out, message, " (", "reason", ")");
	buf_add_char(out, '.');
}

static void promise_words(const struct outbox_message *message, struct buf *out)
{
	struct str what = message->kind;

	str_cut(&what, '.');
	add(out, message, "\"", "promise", "\"");
	add(out, message, " of lead ", "lead", "");
	add(out, message, " of the period from ", "period", "");
	if (str_is(what, "at_risk"))
		add(out, message, " is at risk: due ", "due", "");
	else if (str_is(what, "withdrawn"))
		buf_add_text(out, " was not broken after all");
	else if (str_is(what, "told"))
		add(out, message, " is broken; to be told: ", "told", "");
	else
		buf_add_text(out, " is broken");
	add(out, message, ", owner ", "owner", "");
	add(out, message, " (", "reason", ")");
	buf_add_char(out, '.');
}

void news_words(const struct outbox_message *message, struct buf *out)
{
	if (str_is(message->kind, "lead.undone"))
		undone_words(message, out);
	else if (str_starts(message->kind, "lead."))
		lead_words(message, out);
	else if (str_starts(message->kind, "promise."))
		promise_words(message, out);
	else if (str_starts(message->kind, "partner.")) {
		add(out, message, "Partner ", "partner", "");
		add(out, message, " is now ", "standing", "");
		add(out, message, ": ", "reason", ".");
	} else {
		buf_addf(out, "Lockstep says %.*s.", STR_ARG(message->kind));
	}
}
