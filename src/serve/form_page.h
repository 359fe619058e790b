/* Public pages, as anybody sees them: written here, whole, and without script. Their one style is named in the policy by its hash. */
#ifndef SERVE_FORM_PAGE_H
#define SERVE_FORM_PAGE_H

#include "desk/forms.h"
#include "serve/call.h"

/* What was filled in, or brought along; names of questions, and those of form_page.c. */
struct form_values {
	const struct http_argument *items;
	size_t count;
};

/* STR_NONE: there is none. */
struct str form_value(const struct form_values *values, const char *name);

/* The field that people do not see and robots fill in. */
#define FORM_TRAP "website"

/* The form, with `values` in it and what is wrong with them (call->problems, by name of question). */
void form_page_say(struct call *call, int status, const struct form *form, const struct form_values *values);
/* A page of a heading and a sentence. */
void form_page_tell(struct call *call, int status, struct str title, struct str sentence);

/* The same with a button that sends it back to the same address. */
void form_page_ask(struct call *call, struct str title, struct str sentence, struct str button);

/* A letter that asks who filled it in to confirm the consent (form_confirm.c), where there is mail. Within a transaction. */
int form_confirm_ask(struct lead_desk *desk, const struct form *form, struct str source, struct str lead,
		     struct err *err);

#endif
