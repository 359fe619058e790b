/* Public forms: what each asks, of which campaign its leads are, and where who sent it is led.
 *
 * A form is a record of the book; making, changing and closing it are entries. Forms are read from the book whenever they are asked for:
 * there are few of them.
 */
#ifndef DESK_FORMS_H
#define DESK_FORMS_H

#include "desk/touch_kinds.h"

enum { FORM_NAME_MOST = 60, FORM_TEXT_MOST = 2000, FORM_ASKS = 16 };

struct form {
	struct str name;                     /* in its address: small letters, digits, hyphens */
	struct str title, text;              /* above the form, and under that */
	struct str asks;                     /* "name* email* company message": see form_asks */
	struct str kind;                     /* of the touch that sending it is; empty: see form_kind */
	struct str campaign, source, thanks; /* source: where the address says nothing of it; "form" */
	struct str redirect;                 /* https://…, or a path of ours; empty: a page that says thanks */
	struct str consent;                  /* what is agreed to by a tick; empty: nobody is asked */
	bool confirm;                        /* it counts once the mail that is sent was answered */
	bool closed;
};

struct forms {
	struct form *items; /* in the order they were made */
	size_t count, capacity;
};

/* In the arena. */
int forms_read(struct forms *out, struct book *book, struct arena *arena, struct err *err);
const struct form *forms_find(const struct forms *forms, struct str name); /* NULL: there is none */

/* The kind of touch that sending it is, by which rules of the agreement know it: "form" unless it has one of its own. */
struct str form_kind(const struct form *form);
/* What can be asked. */
struct form_question {
	const char *name;     /* "email" */
	enum field field;     /* of the lead; FIELD_NOTES: the message */
	const char *label;    /* for who fills it in */
	const char *type;     /* of the HTML input; NULL: several lines */
	const char *complete; /* for the browser to fill in */
};

struct form_ask {
	const struct form_question *question;
	bool required;
};

/* Returns how many; what `asks` has that cannot be asked goes to `problems`. */
size_t form_asks(struct str asks, struct form_ask out[FORM_ASKS], struct problems *problems);

/* Makes or changes the form: all of it as it stands here. 1: refused, and `problems` says why; 0: done. *news: something changed. `by`: who. */
int form_write(struct lead_desk *desk, const struct form *form, struct str by, bool *news, struct problems *problems,
	       struct err *err);

#endif
