#include "serve/letters.h"

#include <string.h>

#include "desk/lead_contact.h"
#include "desk/people.h"
#include "io/mail_address.h"

static const struct letter_kind kinds[] = {
	{ "assignment", LETTER_TO_COLLEAGUE, WISH_ASSIGNMENT, false, letter_assignment },
	{ "at-risk", LETTER_TO_COLLEAGUE, WISH_AT_RISK, false, letter_at_risk },
	{ "breach", LETTER_TO_COLLEAGUE, WISH_BREACH, false, letter_breach },
	{ "confirm", LETTER_TO_LEAD, WISH__COUNT, false, letter_confirm },
	{ "reset", LETTER_TO_LOGIN, WISH__COUNT, false, letter_reset },
	{ "invitation", LETTER_TO_LOGIN, WISH__COUNT, false, letter_invitation },
	{ "digest", LETTER_TO_LOGIN, WISH_DIGEST, true, letter_digest },
	{ "weekly", LETTER_TO_LOGIN, WISH_WEEKLY, true, letter_weekly },
};

const struct letter_kind *letter_kind_find(struct str name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_is(name, kinds[i].name))
			return &kinds[i];
	return NULL;
}

const char *letter_page(const struct letter *letter, const char *path, struct str name)
{
	const char *base = server_url(letter->server);

	return *base ? arena_printf(letter->arena, "%s%s", base, http_path(letter->arena, path, name)) : NULL;
}

/* ---- whom it is for ---- */

static int to_account(struct letter *letter, const struct account *account)
{
	letter->who = *account;
	letter->to_name = account->name;
	letter->to_address = account->login;
	if (account->closed)
		letter_hold(letter, "the account is closed");
	else if (!mail_address_fits(account->login))
		letter_hold(letter, "the login is no mail address");
	return 0;
}

static int to_login(struct letter *letter, struct str login, struct err *err)
{
	struct account account;
	bool found;

	if (doors_by_login(server_doors(letter->server), login, &account, &found, letter->arena, err))
		return err->kind;
	if (found)
		return to_account(letter, &account);
	letter_hold(letter, "there is no such account");
	return 0;
}

static int to_colleague(struct letter *letter, struct str name, struct err *err)
{
	struct account *accounts;
	struct people people;
	size_t count;

	if (doors_list(server_doors(letter->server), &accounts, &count, letter->arena, err))
		return err->kind;
	for (size_t i = 0; i < count; i++)
		if (!accounts[i].closed && str_eq(accounts[i].name, name))
			return to_account(letter, &accounts[i]);
	if (people_read(&people, letter->desk->book, letter->arena, err))
		return err->kind;
	letter->to_name = name;
	letter->to_address = people_email_of(&people, name);
	if (!letter->to_address.len)
		letter_hold(letter, "nobody has told an address");
	else if (!mail_address_fits(letter->to_address))
		letter_hold(letter, "that is no mail address");
	return 0;
}

static int to_lead(struct letter *letter, struct str key, struct err *err)
{
	struct lead_contact contact;

	if (lead_contact_read(letter->desk, key, &contact, err))
		return err->kind;
	/* The desk's memory ends with its turn, and the letter goes out after. */
	letter->to_name = arena_str(letter->arena, contact.name);
	letter->to_address = arena_str(letter->arena, contact.email);
	if (!contact.found)
		letter_hold(letter, "there is no such lead");
	else if (contact.opted_out)
		letter_hold(letter, "the person wants no contact");
	else if (contact.unsure)
		letter_wait(letter, "not all leads are known yet, and the person may want no contact");
	else if (!mail_address_fits(contact.email))
		letter_hold(letter, "the person has no mail address, or is erased");
	return 0;
}

static int is_quiet(struct letter *letter, enum wish_of of, struct err *err)
{
	struct wish wish;

	if (!letter->who.id || of == WISH__COUNT)
		return 0;
	if (wish_find(letter->desk->book, letter->who.login, &wish, letter->arena, err))
		return err->kind;
	if (wish.quiet >> of & 1)
		letter_hold(letter, "they turned this off");
	return 0;
}

int letter_address(struct letter *letter, const struct letter_kind *kind, const struct outbox_message *message,
		   struct err *err)
{
	int failed = kind->to == LETTER_TO_LOGIN       ? to_login(letter, message->to, err)
		     : kind->to == LETTER_TO_COLLEAGUE ? to_colleague(letter, message->to, err)
						       : to_lead(letter, message->to, err);

	if (!failed && !letter->held)
		failed = is_quiet(letter, kind->wish, err);
	if (!failed && !letter->held && !letter->waits && !kind->judged)
		failed = kind->write(letter, message, err);
	return failed;
}
