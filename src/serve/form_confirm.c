/* Consent by a form that asks for it twice: it counts once the link of a letter was answered. Looking at the link changes nothing, as programs
 * that read mail look at links, too. */
#include <sodium.h>

#include "base/date.h"
#include "serve/endpoints.h"
#include "serve/form_page.h"
#include "serve/letters.h"
#include "serve/who.h"

enum { PROOF_TEXT = 64 };

/* Only who has the letter knows it; nothing of it is kept. */
static void proof_of(struct book *book, struct str form, struct str lead, char out[PROOF_TEXT])
{
	unsigned char secret[OUTLET_SECRET_BYTES];
	struct buf what;

	buf_init(&what, 4096);
	buf_add_text(&what, "confirm");
	buf_add_block(&what, form.at, form.len);
	buf_add_block(&what, lead.at, lead.len);
	outlet_secret(book, buf_str(&what), 0, secret);
	buf_release(&what);
	sodium_bin2base64(out, PROOF_TEXT, secret, sizeof(secret), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* ---- the letter ---- */

int form_confirm_ask(struct lead_desk *desk, const struct form *form, struct str source, struct str lead,
		     struct err *err)
{
	struct outbox_message message = {
		.way = OUTBOX_MAIL, .kind = STR("confirm"), .made_ms = desk->now_ms, .due_ms = desk->now_ms
	};
	bool on;

	if (outbox_mail_on(desk->book, &on, err))
		return err->kind;
	message.to = str_of(arena_printf(desk->arena, "%.*s:%.*s", STR_ARG(source), STR_ARG(lead)));
	outbox_say(&message, "form", form->name);
	return on ? outbox_add(desk->book, &message, err) : 0;
}

int letter_confirm(struct letter *letter, const struct outbox_message *message, struct err *err)
{
	struct str name = outbox_fact(message, "form");
	const struct form *form;
	char proof[PROOF_TEXT];
	struct forms forms;

	if (forms_read(&forms, letter->desk->book, letter->arena, err))
		return err->kind;
	form = forms_find(&forms, name);
	if (!form || !form->consent.len) {
		letter_hold(letter, "the form asks for no consent any more");
		return 0;
	}
	proof_of(letter->desk->book, name, message->to, proof);
	letter_subject(letter, "Please confirm: %.*s", STR_ARG(form->title));
	letter_say(letter, "You filled in \"%.*s\" and agreed to this:", STR_ARG(form->title));
	letter_say(letter, "%.*s", STR_ARG(form->consent));
	letter_say(letter, "It counts once you confirm it:");
	letter_link(letter, "Confirm",
		    arena_printf(letter->arena, "%s%s%s/%s", server_url(letter->server),
				 http_path(letter->arena, "/confirm/", name),
				 http_path(letter->arena, "/", message->to), proof));
	letter_say(letter, "Who did not fill it in need do nothing, and gets no more letters about it.");
	return 0;
}

/* ---- the link ---- */

/* The form that was agreed to; NULL after saying that the link is none. */
static const struct form *find(struct call *call)
{
	struct str name = call_part(call, 0), proof = call_part(call, 2);
	struct err err = ERR_INIT;
	const struct form *form;
	char wanted[PROOF_TEXT];
	struct forms forms;

	if (forms_read(&forms, call->desk->book, call->arena, &err)) {
		call_error(call, &err);
		return NULL;
	}
	form = forms_find(&forms, name);
	proof_of(call->desk->book, name, call_part(call, 1), wanted);
	if (form && form->consent.len && proof.len == strlen(wanted) && !sodium_memcmp(proof.at, wanted, proof.len))
		return form;
	form_page_tell(call, 404, STR("Not a link of ours"), STR("It may have been cut short. Nothing was confirmed."));
	return NULL;
}

static void show(struct call *call)
{
	const struct form *form = find(call);

	if (form)
		form_page_ask(call, form->title, form->consent, STR("Confirm"));
}

/* The consent itself, once. */
static int write_consent(struct call *call, const struct form *form, const struct lead_file *lead, struct err *err)
{
	struct lead_desk *desk = call->desk;
	struct record_fields fields = { .count = 0 };
	struct str key =
		str_of(arena_printf(call->arena, "%.*s#confirmed.%.*s", STR_ARG(lead->key), STR_ARG(form->name)));
	bool known, news;

	if (book_knows(desk->book, OBJECT_TOUCH, lead->source, key, &known, err))
		return err->kind;
	if (known)
		return 0;
	fields_ref(&fields, FIELD_LEAD, lead->key);
	fields_time(&fields, FIELD_AT, call->now_ms - call->now_ms % 1000);
	fields_text(&fields, FIELD_KIND, STR("confirmed"));
	fields_text(&fields, FIELD_FORM, form->name);
	fields_text(&fields, FIELD_CONSENT, form->consent);
	if (lead_desk_begin(desk, err) || lead_desk_expect(desk, lead, err))
		return err->kind;
	return lead_desk_offer(desk, OBJECT_TOUCH, lead->source, key, &fields, &news, err);
}

static void confirm(struct call *call)
{
	const struct form *form = find(call);
	struct err err = ERR_INIT;
	struct lead_file lead;

	if (!form)
		return;
	if (!lead_desk_find(call->desk, call_part(call, 1), &lead, &call->problems))
		form_page_tell(call, 404, STR("Gone"), STR("What you sent is not there any more."));
	else if (call_went_well(call, write_consent(call, form, &lead, &err), &err))
		form_page_tell(call, 200, STR("Thank you"), STR("It is confirmed."));
}

static const struct endpoint endpoint_show_confirm = {
	.method = HTTP_GET,
	.path = "/confirm/{form}/{lead}/{proof}",
	.name = "showConfirm",
	.tag = "public",
	.roles = ROLES_ANYBODY,
	.desk = DESK_READS,
	.strangers = true,
	.summary = "What a letter asks to confirm, as a page without script",
	.type = "text/html",
	.run = show,
};

static const struct endpoint endpoint_confirm = {
	.method = HTTP_POST,
	.path = "/confirm/{form}/{lead}/{proof}",
	.name = "confirmForm",
	.tag = "public",
	.roles = ROLES_ANYBODY,
	.desk = DESK_TELLS,
	.strangers = true,
	.summary = "Confirms it",
	.type = "text/html",
	.run = confirm,
};

const struct endpoint *const endpoints_form_confirm[] = {
	&endpoint_show_confirm,
	&endpoint_confirm,
	NULL,
};
