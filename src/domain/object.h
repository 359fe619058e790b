/* What the book holds records of, and the fields each has: one table, used by maps, presets, the fold and the facts.
 * A field that is not in the table is *custom*: a text, a number, a date or money under the name the map gives it.
 */
#ifndef DOMAIN_OBJECT_H
#define DOMAIN_OBJECT_H

#include <stdbool.h>
#include "base/str.h"
#include "domain/value.h"

/* Written into entries: never renumber. */
enum object {
	OBJECT_NONE = 0,
	OBJECT_LEAD = 1,
	OBJECT_CONTACT = 2,
	OBJECT_ACCOUNT = 3,
	OBJECT_OPPORTUNITY = 4,
	OBJECT_STAGE_CHANGE = 5, /* one move of one opportunity into a stage: --as stage-history */
	OBJECT_ACTIVITY = 6,
	OBJECT_TOUCH = 7,
	OBJECT_SPEND = 8,
	OBJECT_ORDER = 9,
	OBJECT_PERSON = 10,       /* a seller or marketer of ours, not a customer */
	OBJECT_STAGE = 11,        /* what a stage name means and where it stands in the pipeline */
	OBJECT_CUSTOM_FIELD = 12, /* what a custom field is: object, name, type, sentence */
	OBJECT_LEAD_STEP = 13,    /* what was done with a lead, or found about it: --as lead-history */
	OBJECT_PROMISE_WORD = 14, /* what was recorded of one promise about one lead: broken, excused and so on */
	OBJECT_AGREEMENT = 15,    /* a version of the agreement as it was proposed; the key is its number */
	OBJECT_SIGNATURE = 16,    /* one person's, under one version */
	OBJECT_ANNEX = 17,        /* holidays, absences, teams: what needs no signature */
	OBJECT_STANDING = 18,     /* a partner's standing from a moment on */
	OBJECT_FORM = 19,         /* a public form; the key is its name */
	OBJECT_HOOK = 20,         /* by which another system tells of leads; the key is its name */
	OBJECT_CAMPAIGN =
		21, /* what is known of one beside what became of its leads; the key is its name, as of the two below */
	OBJECT_TEAM = 22,
	OBJECT_PARTNER = 23,
	OBJECT__COUNT
};

/* "leads", "stage-history", … as in --as; NULL for objects that no file holds. */
const char *object_plural(enum object object);
const char *object_singular(enum object object); /* "lead", "stage change" */
enum object object_by_plural(struct str name);   /* OBJECT_NONE when there is none such */
/* What a company agreed on or set up, rather than what happened to customers: few records, which name none of them. */
static inline bool object_is_paper(enum object object)
{
	return object >= OBJECT_AGREEMENT && object <= OBJECT_PARTNER;
}
/* Of which there are few among millions, so that they are found by an index: papers, our own people, stages and custom fields. */
static inline bool object_is_few(enum object object)
{
	return (object >= OBJECT_PERSON && object <= OBJECT_CUSTOM_FIELD) || object_is_paper(object);
}

enum field_type {
	FIELD_TEXT,
	FIELD_NUMBER,
	FIELD_MONEY,
	FIELD_WHEN,      /* a date or an instant */
	FIELD_MILESTONE, /* when, or only whether */
	FIELD_FLAG,      /* yes or no */
	FIELD_REF,       /* `target` says of what */
};

/* Field codes are written into entries: never renumber, never reuse. 0 is "custom, by name". Listed in object.c, which holds the
 * one table: code, object(s), name, type, target, personal, sentence. */
/* clang-format off */
enum field {
	FIELD_CUSTOM = 0,
	/* who and what (most objects) */
	FIELD_NAME = 1, FIELD_FIRST_NAME = 2, FIELD_LAST_NAME = 3, FIELD_EMAIL = 4, FIELD_PHONE = 5, FIELD_ADDRESS = 6,
	FIELD_NOTES = 7, FIELD_TITLE = 8,
	FIELD_EMAIL_MATCH = 9,  /* "anon-N", made by book/ when e-mail is given; never mapped */
	FIELD_PHONE_MATCH = 10, /* likewise */
	FIELD_COMPANY = 11, FIELD_INDUSTRY = 12, FIELD_COMPANY_SIZE = 13, FIELD_COUNTRY = 14, FIELD_REGION = 15,
	FIELD_SEGMENT = 16, FIELD_TEAM = 17, FIELD_OWNER = 18, FIELD_PARTNER = 19, FIELD_ORIGIN = 20, FIELD_SOURCE = 21,
	FIELD_CAMPAIGN = 22, FIELD_TYPE = 23, FIELD_STATUS = 24, FIELD_REASON = 25, FIELD_PRODUCT = 26, FIELD_SCORE = 27,
	FIELD_INBOUND = 28, FIELD_MODIFIED = 29, FIELD_MANAGER = 30, FIELD_ROLE = 31, FIELD_ACTIVE = 32,
	FIELD_SWEET_SPOT = 33,
	/* links */
	FIELD_LEAD = 40, FIELD_CONTACT = 41, FIELD_ACCOUNT = 42, FIELD_OPPORTUNITY_REF = 43,
	/* lead lifecycle */
	FIELD_CREATED = 50, FIELD_PREQUALIFIED = 51, FIELD_QUALIFIED = 52, FIELD_HANDED_OFF = 53, FIELD_FIRST_RESPONSE = 54,
	FIELD_RESPONSE_DUE = 55, FIELD_ACCEPTED = 56, FIELD_REJECTED = 57, FIELD_DISQUALIFIED = 58, FIELD_RECYCLED = 59,
	FIELD_OPPORTUNITY = 60, FIELD_WON = 61, FIELD_LOST = 62, FIELD_DISCONTINUED = 63, FIELD_ON_HOLD = 64,
	/* opportunities */
	FIELD_CLOSED = 70, /* the date column most CRMs have: becomes won, lost or discontinued by the stage's meaning */
	FIELD_EXPECTED_CLOSE = 71, FIELD_AMOUNT = 72, FIELD_STAGE = 73, FIELD_PROBABILITY = 74,
	/* stage changes */
	FIELD_FROM_STAGE = 80, FIELD_ENTERED = 81, FIELD_LEFT = 82,
	/* activities and touches */
	FIELD_AT = 90, FIELD_KIND = 91, FIELD_DIRECTION = 92, FIELD_OUTCOME = 93, FIELD_DURATION_MINUTES = 94,
	FIELD_AUTOMATIC = 95,
	/* spend */
	FIELD_DAY = 100, FIELD_IMPRESSIONS = 101, FIELD_CLICKS = 102, FIELD_REPORTED_LEADS = 103,
	FIELD_REPORTED_CONVERSIONS = 104,
	/* orders */
	FIELD_BOOKED = 110, FIELD_SHIPPED = 111, FIELD_DELIVERED = 112, FIELD_INVOICED = 113, FIELD_PAID = 114,
	FIELD_COST = 115, FIELD_FREIGHT = 116, FIELD_OTHER_COST = 117, FIELD_TAX = 118, FIELD_BILLED = 119,
	FIELD_COLLECTED = 120, FIELD_DUE = 121,
	/* stages: what a name means */
	FIELD_POSITION = 130, /* 1-based order in the pipeline */
	FIELD_MEANS = 131,    /* open, won, lost, discontinued, on_hold, order (won, and an order is booked) */
	FIELD_BID = 132,      /* quote/proposal stage */
	FIELD_LIMIT_DAYS = 133,
	/* custom fields: what one is */
	FIELD_OF_OBJECT = 140, FIELD_VALUE_TYPE = 141, FIELD_SENTENCE = 142,
	/* agreements, their promises, steps of leads */
	FIELD_BY = 150, FIELD_PROMISE = 151, FIELD_EPISODE = 152, FIELD_AGREEMENT = 153, FIELD_WORDING = 154,
	FIELD_HASH = 155, FIELD_IN_FORCE = 156, FIELD_PARTY = 157, FIELD_QUESTION = 158,
	FIELD_MARKED = 159, FIELD_MARKED_BY = 160,
	/* ways in */
	FIELD_ASKS = 161, FIELD_THANKS = 162, FIELD_REDIRECT = 163, FIELD_CONSENT = 164, FIELD_CONFIRM = 165,
	FIELD_UTM_SOURCE = 166, FIELD_UTM_MEDIUM = 167, FIELD_UTM_CAMPAIGN = 168, FIELD_UTM_TERM = 169,
	FIELD_UTM_CONTENT = 170, FIELD_REFERRER = 171, FIELD_FORM = 172,
	FIELD_SNOOZED = 180,
	/* letters */
	FIELD_SENT = 181,
	/* campaigns */
	FIELD_BEGINS = 190, FIELD_ENDS = 191, FIELD_BUDGET = 192,
	FIELD__LAST = FIELD_BUDGET,
};
/* clang-format on */

struct field_def {
	enum field code;
	const char *name;
	enum field_type type;
	enum object target; /* FIELD_REF only */
	bool personal;      /* sealed with the person's key before it is written */
	const char *sentence;
};

/* NULL when the object has no such field. */
const struct field_def *field_by_name(enum object object, struct str name);
const struct field_def *field_by_code(enum object object, enum field code);
/* All of an object's fields, in the order of the table. */
const struct field_def *const *object_fields(enum object object, size_t *count);

/* A row understood: what one source says of one record at one time. */
struct record_field {
	enum field code;
	struct str name; /* custom fields only */
	struct value value;
};

struct record {
	enum object object;
	struct str source;           /* whose ids these are: "salesforce", "olist" */
	struct str key;              /* the record's id there; pseudonymised by book/ when it is an address */
	int64_t observed_ms;         /* when the source said so: the row's own "modified", else the export's time */
	struct record_field *fields; /* each field at most once; every mapped field is there, VALUE_EMPTY included */
	size_t count;
	bool generated_key; /* no id in the source: the key is the row's hash and occurrence */
};

/* NULL when absent. */
const struct value *record_get(const struct record *record, enum field code);

#endif
