#include "desk/forms.h"

/* ---- what can be asked ---- */

static const struct form_question questions[] = {
	{ "name", FIELD_NAME, "Name", "text", "name" },
	{ "first_name", FIELD_FIRST_NAME, "First name", "text", "given-name" },
	{ "last_name", FIELD_LAST_NAME, "Last name", "text", "family-name" },
	{ "email", FIELD_EMAIL, "E-mail", "email", "email" },
	{ "phone", FIELD_PHONE, "Telephone", "tel", "tel" },
	{ "title", FIELD_TITLE, "Position", "text", "organization-title" },
	{ "company", FIELD_COMPANY, "Company", "text", "organization" },
	{ "industry", FIELD_INDUSTRY, "Industry", "text", NULL },
	{ "country", FIELD_COUNTRY, "Country", "text", "country-name" },
	{ "region", FIELD_REGION, "Region", "text", NULL },
	{ "product", FIELD_PRODUCT, "Product", "text", NULL },
	{ "message", FIELD_NOTES, "Message", NULL, NULL },
};

enum { QUESTIONS = sizeof(questions) / sizeof(*questions) };

static const struct form_question *question_named(struct str name, struct problems *problems)
{
	const char *names[QUESTIONS], *near;

	for (size_t i = 0; i < QUESTIONS; i++) {
		names[i] = questions[i].name;
		if (str_is(name, names[i]))
			return &questions[i];
	}
	near = str_nearest(name, names, QUESTIONS);
	problem_add(
		problems, STR("--asks"), 0, 0, STR_NONE,
		"\"%.*s\" cannot be asked%s%s%s: name, first_name, last_name, email, phone, title, company, industry, "
		"country, region, product and message can",
		STR_ARG(name), near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	return NULL;
}

static bool asked_before(const struct form_ask *asks, size_t count, const struct form_question *question)
{
	for (size_t i = 0; i < count; i++)
		if (asks[i].question == question)
			return true;
	return false;
}

size_t form_asks(struct str asks, struct form_ask out[FORM_ASKS], struct problems *problems)
{
	size_t count = 0;

	while (asks.len) {
		struct str word = str_trim(str_cut(&asks, memchr(asks.at, ',', asks.len) ? ',' : ' '));
		bool required = str_ends(word, "*");
		const struct form_question *question;

		word.len -= required;
		if (!word.len)
			continue;
		question = question_named(word, problems);
		if (question && !asked_before(out, count, question) && count < FORM_ASKS)
			out[count++] = (struct form_ask){ question, required };
	}
	return count;
}

/* ---- what sending it is ---- */

struct str form_kind(const struct form *form)
{
	return form->kind.len ? form->kind : STR("form");
}

/* ---- reading ---- */

struct reading_forms {
	struct forms *out;
	struct arena *arena;
};

static struct str text_of(const struct reading_forms *r, const struct state *state, enum field code)
{
	const struct value *value = record_get(&state->record, code);

	return value && value->kind == VALUE_TEXT ? arena_str(r->arena, value->as.text) : STR_NONE;
}

static int take(void *context, const struct state *state, struct err *err)
{
	struct reading_forms *r = context;
	const struct value *confirm = record_get(&state->record, FIELD_CONFIRM);

	(void)err;
	ARENA_PUSH(r->arena, r->out->items, r->out->count, r->out->capacity);
	r->out->items[r->out->count++] = (struct form){ .name = arena_str(r->arena, state->record.key),
							.title = text_of(r, state, FIELD_NAME),
							.text = text_of(r, state, FIELD_WORDING),
							.asks = text_of(r, state, FIELD_ASKS),
							.kind = text_of(r, state, FIELD_KIND),
							.campaign = text_of(r, state, FIELD_CAMPAIGN),
							.source = text_of(r, state, FIELD_SOURCE),
							.thanks = text_of(r, state, FIELD_THANKS),
							.redirect = text_of(r, state, FIELD_REDIRECT),
							.consent = text_of(r, state, FIELD_CONSENT),
							.confirm = confirm && confirm->kind == VALUE_YES,
							.closed = str_is(text_of(r, state, FIELD_STATUS), "closed") };
	return 0;
}

int forms_read(struct forms *out, struct book *book, struct arena *arena, struct err *err)
{
	const struct reading reading = READING_ALL;
	struct reading_forms r = { out, arena };

	*out = (struct forms){ .count = 0 };
	return book_states(book, OBJECT_FORM, &reading, take, &r, err);
}

const struct form *forms_find(const struct forms *forms, struct str name)
{
	for (size_t i = 0; i < forms->count; i++)
		if (str_eq(forms->items[i].name, name))
			return &forms->items[i];
	return NULL;
}

/* ---- writing ---- */

static bool name_fits(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !(c == '-' && i))
			return false;
	}
	return name.len > 0 && name.len <= FORM_NAME_MOST;
}

/* An address that the form leads to is told here and nowhere else, so nobody is led to where a stranger likes. */
static bool redirect_fits(struct str to)
{
	bool path = str_starts(to, "/") && !str_starts(to, "//");
	struct str host = to;

	for (size_t i = 0; i < to.len; i++)
		if ((unsigned char)to.at[i] <= ' ' || (unsigned char)to.at[i] >= 0x7f || strchr("\"\\<>;,'", to.at[i]))
			return false;
	if (path || !to.len)
		return true;
	if (!str_starts(to, "https://"))
		return false;
	host.at += 8;
	host.len -= 8;
	host = str_cut(&host, '/');
	return host.len && !memchr(host.at, '@', host.len) && !memchr(host.at, '?', host.len) &&
	       !memchr(host.at, '#', host.len);
}

static bool somebody_is_meant(const struct form_ask *asks, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (asks[i].required &&
		    (asks[i].question->field == FIELD_EMAIL || asks[i].question->field == FIELD_PHONE))
			return true;
	return false;
}

static bool asks_email(const struct form_ask *asks, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (asks[i].required && asks[i].question->field == FIELD_EMAIL)
			return true;
	return false;
}

static bool fits(const struct form *form, struct problems *problems)
{
	struct form_ask asks[FORM_ASKS];
	size_t before = problems->count, count = form_asks(form->asks, asks, problems);

	if (!name_fits(form->name))
		problem_add(problems, STR("--name"), 0, 0, STR_NONE,
			    "\"%.*s\" is no name of a form: small letters, digits and hyphens, up to %d",
			    STR_ARG(form->name), FORM_NAME_MOST);
	if (!touch_kind_fits(form->kind))
		problem_add(problems, STR("--kind"), 0, 0, STR_NONE,
			    "a kind of touch is a word or a few, up to %d bytes", TOUCH_KIND_MOST);
	if (!redirect_fits(form->redirect))
		problem_add(
			problems, STR("--redirect"), 0, 0, STR_NONE,
			"\"%.*s\" leads nowhere: an address that begins with https://, or a path that begins with /",
			STR_ARG(form->redirect));
	if (problems->count == before && !somebody_is_meant(asks, count))
		problem_add(problems, STR("--asks"), 0, 0, STR_NONE,
			    "how is who sent it reached? email* or phone* is needed");
	if (problems->count == before && form->confirm && !asks_email(asks, count))
		problem_add(problems, STR("--confirm"), 0, 0, STR_NONE, "needs an address to write to: ask for email*");
	return problems->count == before;
}

/* What is empty is said to be, so that it no longer is what it was. */
static void put(struct record_fields *fields, enum field code, struct str text)
{
	if (text.len)
		fields_text(fields, code, text);
	else
		fields_empty(fields, code);
}

int form_write(struct lead_desk *desk, const struct form *form, struct str by, bool *news, struct problems *problems,
	       struct err *err)
{
	struct record_fields fields = { .count = 0 };
	int failed;

	if (!fits(form, problems))
		return 1;
	put(&fields, FIELD_NAME, form->title);
	put(&fields, FIELD_WORDING, form->text);
	put(&fields, FIELD_ASKS, form->asks);
	put(&fields, FIELD_KIND, form->kind);
	put(&fields, FIELD_CAMPAIGN, form->campaign);
	put(&fields, FIELD_SOURCE, form->source);
	put(&fields, FIELD_THANKS, form->thanks);
	put(&fields, FIELD_REDIRECT, form->redirect);
	put(&fields, FIELD_CONSENT, form->consent);
	put(&fields, FIELD_STATUS, form->closed ? STR("closed") : STR_NONE);
	put(&fields, FIELD_BY, by);
	fields_flag(&fields, FIELD_CONFIRM, form->confirm);
	failed = lead_desk_begin(desk, err);
	if (failed)
		return failed;
	return lead_desk_commit(
		desk, lead_desk_offer(desk, OBJECT_FORM, STR("lockstep"), form->name, &fields, news, err), err);
}
