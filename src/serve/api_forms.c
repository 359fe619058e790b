/* Forms: made, changed and closed. The pages they are stand in form_page.c. */
#include "desk/forms.h"
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/who.h"

enum { TEXT_MOST = 400 };

#define ROLES_FORMS (ROLE(MARKETING) | ROLE(ADMIN))

/* ---- telling ---- */

#define FORM_MEMBERS(needed)                                                                                           \
	{ .name = "title", .type = MEMBER_TEXT, .most = TEXT_MOST, .sentence = "above the form" },                     \
		{ .name = "text", .type = MEMBER_TEXT, .most = FORM_TEXT_MOST, .sentence = "under its title" },        \
		{ .name = "asks",                                                                                      \
		  .type = MEMBER_TEXT,                                                                                 \
		  .required = needed,                                                                                  \
		  .most = TEXT_MOST,                                                                                   \
		  .sentence = "what it asks for, in order, a star behind what must be told: "                          \
			      "name* email* company message" },                                                        \
		{ .name = "kind",                                                                                      \
		  .type = MEMBER_TEXT,                                                                                 \
		  .most = TOUCH_KIND_MOST,                                                                             \
		  .sentence = "of the touch that sending it is, as rules of the agreement name it; form" },            \
		{ .name = "campaign",                                                                                  \
		  .type = MEMBER_TEXT,                                                                                 \
		  .most = TEXT_MOST,                                                                                   \
		  .sentence = "of leads that come by it" },                                                            \
		{ .name = "source",                                                                                    \
		  .type = MEMBER_TEXT,                                                                                 \
		  .most = TEXT_MOST,                                                                                   \
		  .sentence = "the channel, where the address has no utm_source; form" },                              \
		{ .name = "thanks", .type = MEMBER_TEXT, .most = FORM_TEXT_MOST, .sentence = "to who sent it" },       \
		{ .name = "redirect",                                                                                  \
		  .type = MEMBER_TEXT,                                                                                 \
		  .most = TEXT_MOST,                                                                                   \
		  .sentence = "where who sent it is led: https://…, or a path of this server" },                       \
		{ .name = "consent",                                                                                   \
		  .type = MEMBER_TEXT,                                                                                 \
		  .most = FORM_TEXT_MOST,                                                                              \
		  .sentence = "what is agreed to by a tick; empty: nobody is asked" },                                 \
	{                                                                                                              \
		.name = "confirm", .type = MEMBER_FLAG,                                                                \
		.sentence = "it counts once a letter to who sent it was answered"                                      \
	}

static const struct member form_members[] = {
	{ .name = "name", .type = MEMBER_TEXT, .required = true, .sentence = "in its address" },
	FORM_MEMBERS(true),
	{ .name = "closed", .type = MEMBER_FLAG, .required = true, .sentence = "it takes nothing in any more" },
	{ .name = "address", .type = MEMBER_TEXT, .required = true, .sentence = "where it is, on this server" },
	{ .name = "warning",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .null = true,
	  .sentence = "that no rule of the agreement in force names its kind" },
	{ .name = NULL },
};
static const struct member form_item = { .name = "", .type = MEMBER_OBJECT, .members = form_members };

static json_t *form_json(const struct call *call, const struct form *form)
{
	json_t *root = json_object();

	json_object_set_new(root, "name", json_str(form->name));
	json_object_set_new(root, "title", json_str(form->title));
	json_object_set_new(root, "text", json_str(form->text));
	json_object_set_new(root, "asks", json_str(form->asks));
	json_object_set_new(root, "kind", json_str(form_kind(form)));
	json_object_set_new(root, "campaign", json_str(form->campaign));
	json_object_set_new(root, "source", json_str(form->source));
	json_object_set_new(root, "thanks", json_str(form->thanks));
	json_object_set_new(root, "redirect", json_str(form->redirect));
	json_object_set_new(root, "consent", json_str(form->consent));
	json_object_set_new(root, "confirm", json_boolean(form->confirm));
	json_object_set_new(root, "closed", json_boolean(form->closed));
	json_object_set_new(root, "address", json_string(http_path(call->arena, "/forms/", form->name)));
	json_object_set_new(root, "warning", json_str_or_null(touch_kind_doubt(call->desk, form_kind(form))));
	return root;
}

/* False after saying what went wrong. */
static bool read_forms(struct call *call, struct forms *forms)
{
	struct err err = ERR_INIT;

	if (!forms_read(forms, call->desk->book, call->arena, &err))
		return true;
	call_error(call, &err);
	return false;
}

/* The one whose name stands in the path; NULL after saying that there is none. */
static const struct form *find(struct call *call)
{
	const struct form *form;
	struct forms forms;

	if (!read_forms(call, &forms))
		return NULL;
	form = forms_find(&forms, call_part(call, 0));
	if (!form)
		call_not_found(call, "There is no form of this name.");
	return form;
}

static void list_forms(struct call *call)
{
	const struct names kinds = touch_kinds(call->desk);
	json_t *list, *names;
	struct forms forms;

	if (!read_forms(call, &forms))
		return;
	list = json_array();
	names = json_array();
	for (size_t i = 0; i < kinds.count; i++)
		json_array_append_new(names, json_str(kinds.items[i]));
	for (size_t i = 0; i < forms.count; i++)
		json_array_append_new(list, form_json(call, &forms.items[i]));
	call_json(call, 200, json_pack("{s:o, s:o}", "forms", list, "kinds", names));
}

static const struct member kind_item = { .name = "", .type = MEMBER_TEXT };
static const struct member list_members[] = {
	{ .name = "forms", .type = MEMBER_LIST, .required = true, .items = &form_item, .sentence = "all there are" },
	{ .name = "kinds",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &kind_item,
	  .sentence = "of touches that the agreement in force names" },
	{ .name = NULL },
};

static const struct endpoint endpoint_list = {
	.method = HTTP_GET,
	.path = "/api/forms",
	.name = "listForms",
	.tag = "forms",
	.roles = ROLES_FORMS,
	.desk = DESK_READS,
	.summary = "The public forms",
	.answer = list_members,
	.run = list_forms,
};

static void get_form(struct call *call)
{
	const struct form *form = find(call);

	if (form)
		call_json(call, 200, form_json(call, form));
}

static const struct endpoint endpoint_get = {
	.method = HTTP_GET,
	.path = "/api/forms/{name}",
	.name = "getForm",
	.tag = "forms",
	.roles = ROLES_FORMS,
	.desk = DESK_READS,
	.summary = "One form",
	.answer = form_members,
	.run = get_form,
};

/* ---- making and changing ---- */

static void take(const struct call *call, const char *name, struct str *into)
{
	if (json_object_get(call->body, name))
		*into = call_member(call, name);
}

static void take_all(const struct call *call, struct form *form)
{
	take(call, "title", &form->title);
	take(call, "text", &form->text);
	take(call, "asks", &form->asks);
	take(call, "kind", &form->kind);
	take(call, "campaign", &form->campaign);
	take(call, "source", &form->source);
	take(call, "thanks", &form->thanks);
	take(call, "redirect", &form->redirect);
	take(call, "consent", &form->consent);
	if (json_object_get(call->body, "confirm"))
		form->confirm = json_is_true(json_object_get(call->body, "confirm"));
}

static void write_form(struct call *call, int status, const struct form *form)
{
	struct err err = ERR_INIT;
	bool news;

	if (call_went_well(call, form_write(call->desk, form, call->who.name, &news, &call->problems, &err), &err))
		call_json(call, status, form_json(call, form));
}

static const struct member new_members[] = {
	{ .name = "name",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = FORM_NAME_MOST,
	  .sentence = "in its address: small letters, digits, hyphens" },
	FORM_MEMBERS(true),
	{ .name = NULL },
};

static void create_form(struct call *call)
{
	struct form form = { .name = call_member(call, "name") };
	struct forms forms;

	if (!read_forms(call, &forms))
		return;
	if (forms_find(&forms, form.name)) {
		problem_add(&call->problems, STR_NONE, 0, 0, STR("name"), "there is a form of this name already");
		call_problem(call, 409, "Refused", NULL);
		return;
	}
	take_all(call, &form);
	http_reply_header(call->reply, "Location", http_path(call->arena, "/api/forms/", form.name));
	write_form(call, 201, &form);
}

static const struct endpoint endpoint_create = {
	.method = HTTP_POST,
	.path = "/api/forms",
	.name = "createForm",
	.tag = "forms",
	.roles = ROLES_FORMS,
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.status = 201,
	.summary = "A new form",
	.example = "{\"name\": \"spring\", \"asks\": \"name* email*\"}",
	.members = new_members,
	.answer = form_members,
	.run = create_form,
};

static const struct member change_members[] = {
	FORM_MEMBERS(false),
	{ .name = "closed",
	  .type = MEMBER_FLAG,
	  .sentence = "true: it takes nothing in any more; false: it does again" },
	{ .name = NULL },
};

static void change_form(struct call *call)
{
	const json_t *closed = json_object_get(call->body, "closed");
	const struct form *before = find(call);
	struct form form;

	if (!before)
		return;
	form = *before;
	take_all(call, &form);
	if (closed)
		form.closed = json_is_true(closed);
	write_form(call, 200, &form);
}

static const struct endpoint endpoint_change = {
	.method = HTTP_PATCH,
	.path = "/api/forms/{name}",
	.name = "changeForm",
	.tag = "forms",
	.roles = ROLES_FORMS,
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.summary = "Changes what is given, or closes it",
	.members = change_members,
	.answer = form_members,
	.run = change_form,
};

const struct endpoint *const endpoints_forms[] = {
	&endpoint_list, &endpoint_get, &endpoint_create, &endpoint_change, NULL,
};
