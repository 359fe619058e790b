/* Public forms: the page, and taking in what is sent. */
#include "serve/form_page.h"

#include <sodium.h>

#include "base/asset.h"
#include "desk/arrival.h"
#include "domain/email.h"
#include "io/html.h"
#include "serve/endpoints.h"
#include "serve/limiter.h"
#include "serve/who.h"

enum { VALUES_MOST = 48, TEXT_MOST = 400, MESSAGE_MOST = 4000, PAGE_MAX = 1 << 18 };

/* What the address brings along, and the form carries. */
static const char *const brought[] = {
	"utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "referrer"
};

enum { BROUGHT = sizeof(brought) / sizeof(*brought) };

static const char style[] =
	":root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}"
	"body{max-width:34rem;margin:2rem auto;padding:0 1rem}"
	"label{display:block;margin-top:1rem;font-weight:600}"
	"input,textarea{display:block;box-sizing:border-box;width:100%;font:inherit;padding:.5rem;border:1px solid #767676;"
	"border-radius:.3rem;background:Field;color:FieldText}"
	"input[type=checkbox]{display:inline-block;width:auto;margin-right:.5rem}"
	"[aria-invalid]{border:2px solid #b00020}"
	".wrong{margin:.25rem 0 0;font-weight:600;color:#b00020}"
	".note{font-weight:400}"
	".away{position:absolute;left:-100rem;width:1px;height:1px;overflow:hidden}"
	"button{margin:1.5rem 0;font:inherit;padding:.6rem 1.4rem;border:0;border-radius:.3rem;background:#0b57d0;color:#fff}"
	":focus-visible{outline:3px solid #0b57d0;outline-offset:2px}"
	"@media(prefers-color-scheme:dark){.wrong{color:#ffb4ab}[aria-invalid]{border-color:#ffb4ab}"
	"button{background:#a8c7fa;color:#062e6f}:focus-visible{outline-color:#a8c7fa}}";

struct str form_value(const struct form_values *values, const char *name)
{
	for (size_t i = 0; i < values->count; i++)
		if (str_is(values->items[i].name, name))
			return str_trim(values->items[i].value);
	return STR_NONE;
}

/* ---- the page ---- */

static const char *style_hash(struct arena *arena)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char base64[sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES, sodium_base64_VARIANT_ORIGINAL)];

	crypto_hash_sha256(hash, (const unsigned char *)style, sizeof(style) - 1);
	sodium_bin2base64(base64, sizeof(base64), hash, sizeof(hash), sodium_base64_VARIANT_ORIGINAL);
	return arena_printf(arena, "'sha256-%s'", base64);
}

/* "https://example.com" of where the form leads: browsers hold redirects against form-action, too. */
static const char *origin_of(const struct form *form, struct arena *arena)
{
	struct str rest, host;

	if (!form || !str_starts(form->redirect, "https://"))
		return "";
	rest = (struct str){ form->redirect.at + 8, form->redirect.len - 8 };
	host = str_cut(&rest, '/');
	return arena_printf(arena, " https://%.*s", STR_ARG(host));
}

static void begin_page(struct call *call, struct html *h, struct buf *out, const struct form *form, struct str title)
{
	http_reply_header(call->reply, "Content-Security-Policy",
			  arena_printf(call->arena,
				       "default-src 'none'; style-src %s; form-action 'self'%s; base-uri 'none'; "
				       "frame-ancestors 'none'",
				       style_hash(call->arena), origin_of(form, call->arena)));
	buf_init(out, PAGE_MAX);
	html_init(h, out);
	html_open(h, "html", "lang", "en", NULL);
	html_open(h, "head", NULL);
	html_void(h, "meta", "charset", "utf-8", NULL);
	html_void(h, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1", NULL);
	html_void(h, "meta", "name", "robots", "content", "noindex", NULL);
	html_element(h, "title", NULL, title);
	html_open(h, "style", NULL);
	html_raw(h, STR(style));
	html_close(h, "style");
	html_close(h, "head");
	html_open(h, "body", NULL);
	html_open(h, "main", NULL);
	html_element(h, "h1", NULL, title);
}

static void end_page(struct call *call, int status, struct html *h, struct buf *out)
{
	html_close(h, "main");
	html_close(h, "body");
	html_close(h, "html");
	html_finish(h);
	call_bytes(call, status, "text/html; charset=utf-8", buf_str(out));
	buf_release(out);
}

/* What is wrong with that answer; NULL: nothing. */
static const struct problem *wrong_with(const struct call *call, const char *name)
{
	for (size_t i = 0; i < call->problems.count; i++)
		if (str_is(call->problems.items[i].field, name))
			return &call->problems.items[i];
	return NULL;
}

static void write_wrong(struct call *call, struct html *h, const char *name)
{
	const struct problem *wrong = wrong_with(call, name);

	if (!wrong)
		return;
	html_open(h, "p", "class", "wrong", "id", arena_printf(call->arena, "%s-wrong", name), NULL);
	html_text(h, wrong->text);
	html_close(h, "p");
}

static void write_ask(struct call *call, struct html *h, const struct form_ask *ask, const struct form_values *values)
{
	const struct form_question *q = ask->question;
	const char *value = arena_cstr(call->arena, form_value(values, q->name)), *wrong = NULL;
	const char *required = ask->required ? "" : NULL;

	if (wrong_with(call, q->name))
		wrong = arena_printf(call->arena, "%s-wrong", q->name);
	html_open(h, "label", "for", q->name, NULL);
	html_say(h, q->label);
	if (!ask->required)
		html_element(h, "span", "note", STR(" (optional)"));
	html_close(h, "label");
	if (q->type) {
		html_void(h, "input", "id", q->name, "name", q->name, "type", q->type, "maxlength",
			  arena_printf(call->arena, "%d", TEXT_MOST), "autocomplete", q->complete, "value",
			  *value ? value : NULL, "required", required, "aria-invalid", wrong ? "true" : NULL,
			  "aria-describedby", wrong, NULL);
	} else {
		html_open(h, "textarea", "id", q->name, "name", q->name, "rows", "5", "maxlength",
			  arena_printf(call->arena, "%d", MESSAGE_MOST), "required", required, "aria-invalid",
			  wrong ? "true" : NULL, "aria-describedby", wrong, NULL);
		html_say(h, value);
		html_close(h, "textarea");
	}
	write_wrong(call, h, q->name);
}

static void write_consent(struct call *call, struct html *h, const struct form *form, const struct form_values *values)
{
	bool ticked = form_value(values, "consent").len > 0, wrong = wrong_with(call, "consent") != NULL;

	if (!form->consent.len)
		return;
	html_open(h, "label", "for", "consent", NULL);
	html_void(h, "input", "id", "consent", "name", "consent", "type", "checkbox", "value", "yes", "required", "",
		  "checked", ticked ? "" : NULL, "aria-invalid", wrong ? "true" : NULL, "aria-describedby",
		  wrong ? "consent-wrong" : NULL, NULL);
	html_text(h, form->consent);
	html_close(h, "label");
	write_wrong(call, h, "consent");
}

/* People neither see it nor come to it by keyboard. */
static void write_trap(struct html *h)
{
	html_open(h, "div", "class", "away", "aria-hidden", "true", NULL);
	html_open(h, "label", "for", FORM_TRAP, NULL);
	html_say(h, "Leave this empty");
	html_close(h, "label");
	html_void(h, "input", "id", FORM_TRAP, "name", FORM_TRAP, "type", "text", "tabindex", "-1", "autocomplete",
		  "off", NULL);
	html_close(h, "div");
}

static bool is_plain(struct str text, bool lines)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if ((c < ' ' && !(lines && strchr("\r\n\t", c))) || c == 0x7f)
			return false;
	}
	return true;
}

/* Of what is brought along, by the form or by the address it is sent to, what cannot be kept is left out:
 * nobody typed it in. */
static struct str brought_value(const struct call *call, const struct form_values *values, const char *name)
{
	struct str value = form_value(values, name);

	if (!value.len)
		value = str_trim(http_argument(call->request, name));
	return value.len <= TEXT_MOST && is_plain(value, false) ? value : STR_NONE;
}

static void write_brought(struct call *call, struct html *h, const struct form_values *values)
{
	for (size_t i = 0; i < BROUGHT; i++) {
		struct str value = brought_value(call, values, brought[i]);

		if (value.len)
			html_void(h, "input", "type", "hidden", "name", brought[i], "value",
				  arena_cstr(call->arena, value), NULL);
	}
}

void form_page_say(struct call *call, int status, const struct form *form, const struct form_values *values)
{
	struct str title = form->title.len ? form->title : form->name;
	struct form_ask asks[FORM_ASKS];
	struct problems none;
	struct html h;
	struct buf out;
	size_t count;

	problems_init(&none, call->arena);
	count = form_asks(form->asks, asks, &none);
	begin_page(call, &h, &out, form, title);
	if (form->text.len)
		html_element(&h, "p", NULL, form->text);
	html_open(&h, "form", "method", "post", "action", http_path(call->arena, "/forms/", form->name), NULL);
	for (size_t i = 0; i < count; i++)
		write_ask(call, &h, &asks[i], values);
	write_consent(call, &h, form, values);
	write_trap(&h);
	write_brought(call, &h, values);
	html_open(&h, "button", "type", "submit", NULL);
	html_say(&h, "Send");
	html_close(&h, "button");
	html_close(&h, "form");
	end_page(call, status, &h, &out);
}

void form_page_tell(struct call *call, int status, struct str title, struct str sentence)
{
	struct html h;
	struct buf out;

	begin_page(call, &h, &out, NULL, title);
	html_element(&h, "p", NULL, sentence);
	end_page(call, status, &h, &out);
}

void form_page_ask(struct call *call, struct str title, struct str sentence, struct str button)
{
	struct html h;
	struct buf out;

	begin_page(call, &h, &out, NULL, title);
	html_element(&h, "p", NULL, sentence);
	html_open(&h, "form", "method", "post", NULL);
	html_open(&h, "button", "type", "submit", NULL);
	html_text(&h, button);
	html_close(&h, "button");
	html_close(&h, "form");
	end_page(call, 200, &h, &out);
}

/* ---- asking for it ---- */

/* NULL after saying that there is none, or that it is closed. */
static const struct form *find(struct call *call)
{
	struct err err = ERR_INIT;
	const struct form *form;
	struct forms forms;

	if (forms_read(&forms, call->desk->book, call->arena, &err)) {
		call_error(call, &err);
		return NULL;
	}
	form = forms_find(&forms, call_part(call, 0));
	if (!form)
		form_page_tell(call, 404, STR("Not found"), STR("There is no form at this address."));
	else if (form->closed)
		form_page_tell(call, 410, STR("Closed"), STR("This form takes nothing in any more."));
	return form && !form->closed ? form : NULL;
}

static void show(struct call *call)
{
	const struct form *form = find(call);
	struct http_argument values[BROUGHT];
	struct form_values all = { values, 0 };

	if (!form)
		return;
	for (size_t i = 0; i < BROUGHT; i++) {
		struct str value = http_argument(call->request, brought[i]);

		if (!value.len && i + 1 == BROUGHT)
			value = arrival_referrer(http_header(call->request, "Referer"), call->arena);
		if (value.len && value.len <= TEXT_MOST)
			values[all.count++] = (struct http_argument){ str_of(brought[i]), value };
	}
	form_page_say(call, 200, form, &all);
}

/* ---- taking it in ---- */

static bool is_form(struct str type)
{
	return str_eq_fold(str_trim(str_cut(&type, ';')), STR("application/x-www-form-urlencoded"));
}

static bool is_phone(struct str text)
{
	enum { LEAST = 5, MOST = 20 };
	size_t digits = 0;

	for (size_t i = 0; i < text.len; i++) {
		digits += text.at[i] >= '0' && text.at[i] <= '9';
		if (!strchr("+-()/. 0123456789x", text.at[i]))
			return false;
	}
	return digits >= LEAST && digits <= MOST;
}

static void check_ask(struct call *call, const struct form_ask *ask, struct str value)
{
	const struct form_question *q = ask->question;
	struct str name = str_of(q->name);

	if (!value.len && ask->required)
		problem_add(&call->problems, STR_NONE, 0, 0, name, "This is needed.");
	else if (value.len > (q->type ? TEXT_MOST : MESSAGE_MOST))
		problem_add(&call->problems, STR_NONE, 0, 0, name, "This is too long.");
	else if (!is_plain(value, !q->type))
		problem_add(&call->problems, STR_NONE, 0, 0, name, "This has characters that cannot be used.");
	else if (value.len && q->field == FIELD_EMAIL && !email_fits(value))
		problem_add(&call->problems, STR_NONE, 0, 0, name, "This is no e-mail address.");
	else if (value.len && q->field == FIELD_PHONE && !is_phone(value))
		problem_add(&call->problems, STR_NONE, 0, 0, name, "This is no telephone number.");
}

static void read_person(struct call *call, const struct form *form, const struct form_values *values,
			struct arrival *arrival)
{
	struct form_ask asks[FORM_ASKS];
	struct problems none;
	size_t count;

	problems_init(&none, call->arena);
	count = form_asks(form->asks, asks, &none);
	for (size_t i = 0; i < count; i++) {
		struct str value = form_value(values, asks[i].question->name);

		check_ask(call, &asks[i], value);
		if (asks[i].question->field == FIELD_NOTES)
			arrival->notes = value;
		else
			fields_text(&arrival->person, asks[i].question->field, value);
	}
	if (form->consent.len && !form_value(values, "consent").len)
		problem_add(&call->problems, STR_NONE, 0, 0, STR("consent"), "This is needed.");
}

static struct str first_of(struct str a, struct str b)
{
	return a.len ? a : b;
}

static struct arrival read_arrival(struct call *call, const struct form *form, const struct form_values *values)
{
	struct arrival arrival = { .at_ms = call->now_ms - call->now_ms % 1000,
				   .kind = form_kind(form),
				   .way = form->name,
				   .consent = form->confirm ? STR_NONE : form->consent,
				   .utm_source = brought_value(call, values, "utm_source"),
				   .utm_medium = brought_value(call, values, "utm_medium"),
				   .utm_campaign = brought_value(call, values, "utm_campaign"),
				   .utm_term = brought_value(call, values, "utm_term"),
				   .utm_content = brought_value(call, values, "utm_content") };

	arrival.referrer = arrival_referrer(brought_value(call, values, "referrer"), call->arena);
	arrival.source = first_of(arrival.utm_source, first_of(form->source, STR("form")));
	arrival.campaign = first_of(arrival.utm_campaign, form->campaign);
	read_person(call, form, values, &arrival);
	return arrival;
}

static void say_thanks(struct call *call, const struct form *form)
{
	if (form->redirect.len) {
		http_reply_header(call->reply, "Location", arena_cstr(call->arena, form->redirect));
		form_page_tell(call, 303, STR("Thank you"), STR("You are led on."));
		return;
	}
	form_page_tell(call, 200, STR("Thank you"),
		       form->thanks.len ? form->thanks : STR("We have what you sent and will be in touch."));
}

/* Anybody may type in anybody's address: who was asked lately is not asked again, and who typed it learns nothing of it. */
static int ask_twice(struct call *call, const struct form *form, const struct form_values *values,
		     const struct arrived *arrived, struct err *err)
{
	struct str email = form_value(values, "email");
	int64_t wait_ms;

	if (!limiter_take(server_limiter(call->server, LIMIT_LETTERS), arena_lower(call->arena, email), call->now_ms,
			  &wait_ms))
		return 0;
	if (lead_desk_begin(call->desk, err))
		return err->kind;
	return form_confirm_ask(call->desk, form, arrived->source, arrived->lead, err);
}

static void take_in(struct call *call, const struct form *form, const struct form_values *values)
{
	struct arrival arrival = read_arrival(call, form, values);
	struct err err = ERR_INIT;
	struct arrived arrived;

	if (call->problems.count)
		form_page_say(call, 422, form, values);
	else if (form_value(values, FORM_TRAP).len)
		say_thanks(call, form); /* a robot learns nothing */
	else if (call_went_well(call, arrival_tell(call->desk, &arrival, &arrived, &call->problems, &err), &err) &&
		 (!form->confirm || call_went_well(call, ask_twice(call, form, values, &arrived, &err), &err)))
		say_thanks(call, form);
}

/* False after saying that it is too often. */
static bool may_send(struct call *call)
{
	char address[64];
	struct str from = limiter_address(call_client(call), address);
	int64_t wait_ms;

	if (limiter_take(server_limiter(call->server, LIMIT_ARRIVALS),
			 str_of(arena_printf(call->arena, "%.*s %.*s", STR_ARG(call_part(call, 0)), STR_ARG(from))),
			 call->now_ms, &wait_ms))
		return true;
	http_reply_header(call->reply, "Retry-After",
			  arena_printf(call->arena, "%lld", (long long)((wait_ms + 999) / 1000)));
	form_page_tell(call, 429, STR("Too often"), STR("This was sent many times already; try again later."));
	return false;
}

static void receive(struct call *call)
{
	struct http_argument items[VALUES_MOST];
	struct form_values values = { items, 0 };
	const struct form *form;

	if (!is_form(http_header(call->request, "Content-Type")) ||
	    !http_form(call->request->body, items, VALUES_MOST, &values.count, call->arena)) {
		form_page_tell(call, 415, STR("Not a form"), STR("What was sent is not what a form sends."));
		return;
	}
	form = may_send(call) ? find(call) : NULL;
	if (form)
		take_in(call, form, &values);
}

static const struct endpoint endpoint_show = {
	.method = HTTP_GET,
	.path = "/forms/{name}",
	.name = "showForm",
	.tag = "public",
	.roles = ROLES_ANYBODY,
	.desk = DESK_READS,
	.strangers = true,
	.summary = "A form that anybody may fill in, as a page without script",
	.type = "text/html",
	.run = show,
};

static const struct endpoint endpoint_send = {
	.method = HTTP_POST,
	.path = "/forms/{name}",
	.name = "sendForm",
	.tag = "public",
	.roles = ROLES_ANYBODY,
	.desk = DESK_TELLS,
	.strangers = true,
	.summary = "What was filled in, as a browser sends it",
	.type = "text/html",
	.run = receive,
};

const struct endpoint *const endpoints_form_page[] = {
	&endpoint_show,
	&endpoint_send,
	NULL,
};
