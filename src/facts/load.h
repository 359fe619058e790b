/* Loading facts from the book. Private to src/facts.
 *
 * Order: colleagues, stages, custom fields, accounts, contacts; then leads and opportunities; then what refers to them; last what
 * follows from several (a lead's milestones from its opportunities, first responses from activities).
 */
#ifndef FACTS_LOAD_H
#define FACTS_LOAD_H

#include "facts/facts_builder.h"
#include "facts/store.h"

enum { LOAD_FIELDS = FIELD_SENTENCE + 1 };

/* What is known of a colleague, company or person by name; empty where not. */
struct colleague {
	struct str key, name, team, region, partner;
};

struct account {
	struct str name, industry, country, region, segment, partner;
	double company_size;
};

struct contact {
	struct str company, country, region, segment, origin, source, campaign;
	uint32_t account; /* place + 1, 0 = none */
	uint32_t lead;    /* row of the first lead of this person */
};

/* Which columns the fields of an object fill. */
struct filling {
	enum fact fact;
	enum object object;
	struct column *columns[LOAD_FIELDS];
};

/* One move of a deal, before it is a visit. */
struct move {
	uint32_t deal;          /* row */
	uint32_t entered, left; /* seconds; TIME_NOT_REACHED = not told */
	uint32_t order;         /* of appearance */
	struct str stage;
	bool present;  /* where the deal is now, told by its record alone */
	bool observed; /* seen in the versions of the record, not told by a stage history */
};

/* A record that is fed instead of read from a book: as it was told first, then each time it was told otherwise. */
struct fed {
	struct record *told;
	size_t count, capacity;
};

struct fed_list {
	struct fed *items;
	size_t count, capacity;
};

struct loader {
	struct facts *facts;
	struct book *book;           /* NULL when fed */
	struct fed_list *feed;       /* by object; NULL when read from the book */
	uint32_t first[FACT__COUNT]; /* rows before these are done with; 0 when all comes from a book */
	struct reading reading;
	struct err *err;
	const struct facts_options *options;
	struct arena arena;
	struct filling filling; /* of the object being read */
	/* "object NUL source NUL key" → row or place + 1; e-mail and name likewise, UINT64_MAX = several */
	struct table keys, emails, names;
	struct colleague *colleagues;
	size_t colleague_count, colleague_capacity;
	struct account *accounts;
	size_t account_count, account_capacity;
	struct contact *contacts;
	size_t contact_count, contact_capacity;
	struct move *moves;
	size_t move_count, move_capacity;
	uint64_t done;
	uint32_t *deal_accounts; /* by row of opportunities from the first on: place + 1 */
	size_t deal_capacity;
};

/* ---- load.c ---- */
int load_states(struct loader *l, enum object object, state_fn *each);
/* Records that were told more than once, each time they were told. */
int load_history(struct loader *l, enum object object, state_fn *each);
/* All but what follows from several (load_leads_follow). */
int load_records(struct loader *l);
void load_remember(struct loader *l, enum object object, struct str source, struct str key, uint64_t place);
void load_remember_as(struct loader *l, struct table *table, enum object object, struct str source, struct str key,
		      uint64_t place);
/* Under its source, and under none: an address is one person's in all sources of the book. */
void load_remember_email(struct loader *l, const struct record *record, uint64_t place);
/* Place + 1; 0 when there is none, or several by that name. Counts what is not found in `column` (may be NULL). */
uint64_t load_find(struct loader *l, enum object object, struct str source, const struct value *ref,
		   struct column *column);
const struct colleague *load_colleague(const struct loader *l, struct str source, struct str who);
struct str load_text(const struct record *record, enum field field);
struct str load_keep(struct loader *l, struct str text);
/* Fills the columns of a row from the fields of the record that have one, custom ones included. */
void load_fill(struct loader *l, uint32_t row, const struct record *record);
/* An instant of a value: TIME_NOT_REACHED when it is none. */
uint32_t load_seconds(const struct loader *l, const struct value *value);
struct str load_name_of(struct loader *l, const struct value *value);
/* Sets a name where the row has none. */
void load_default(struct loader *l, enum fact fact, const char *column, uint32_t row, struct str name);
bool load_is_empty(const struct loader *l, enum fact fact, const char *column, uint32_t row);
/* A colleague's name as all rows call them, and team and region where the row has none. */
void load_owner(struct loader *l, enum fact fact, uint32_t row, struct str source);
struct str load_name_at(const struct loader *l, enum fact fact, const char *column, uint32_t row);
/* Copies a name column's values along a reference, where the row has none. */
void load_copy_names(struct loader *l, enum fact from, enum fact to, const char *ref, const char *const *columns,
		     size_t count);

/* ---- load_people.c ---- */
int load_people(struct loader *l);
/* ---- load_leads.c ---- */
int load_leads(struct loader *l);
void load_leads_follow(struct loader *l); /* from opportunities and activities */
/* ---- load_opportunities.c ---- */
int load_opportunities(struct loader *l);
/* ---- load_visits.c ---- */
int load_visits(struct loader *l);
/* ---- load_others.c ---- */
int load_others(struct loader *l);

#endif
