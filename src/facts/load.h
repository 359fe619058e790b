/* Loading facts. Private to src/facts.
 *
 * In steps: (1) parts: stretches of the book, each by a thread of its own, make rows of what their records say by themselves, and note
 * what these refer to; (2) the parts are put behind each other; (3) who refers to whom is looked up, and each row takes what it borrows:
 * leads from their steps, contacts and accounts, opportunities from leads, then visits, touches, activities, spend, orders; (4) what a lead takes
 * from all its opportunities and activities. Result and order do not depend on how many parts or threads there were.
 *
 * Step 3 is one function per kind of row (lead_row, opportunity_row, …): given a row with what its record says, and the rows it
 * depends on finished, it finishes the row.
 */
#ifndef FACTS_LOAD_H
#define FACTS_LOAD_H

#include "facts/facts_builder.h"
#include "facts/places.h"
#include "facts/store.h"
#include "facts/threads.h"

enum { LOAD_FIELDS = FIELD__LAST + 1 };

/* Columns that the loader knows by name. */
enum known_column {
	COL_ACCOUNT,
	COL_AMOUNT,
	COL_AT,
	COL_AUTOMATIC,
	COL_BOOKED,
	COL_CAMPAIGN,
	COL_COMPANY_SIZE,
	COL_COUNTRY,
	COL_CREATED,
	COL_DAY,
	COL_DIRECTION,
	COL_DISCONTINUED,
	COL_ENTERED,
	COL_EXPECTED_CLOSE,
	COL_FIRST_RESPONSE,
	COL_HANDED_OFF,
	COL_INBOUND,
	COL_INDUSTRY,
	COL_LEAD,
	COL_LEFT,
	COL_LOST,
	COL_MERGED_INTO,
	COL_NEXT_STAGE,
	COL_ON_HOLD,
	COL_OPPORTUNITY,
	COL_ORIGIN,
	COL_OUTCOME,
	COL_OWNER,
	COL_PARTNER,
	COL_POSITION,
	COL_PROBABILITY,
	COL_PRODUCT,
	COL_REASON,
	COL_REGION,
	COL_SCORE,
	COL_SEGMENT,
	COL_SOURCE,
	COL_STAGE,
	COL_STAGE_MEANS,
	COL_STEP,
	COL_TEAM,
	COL_WON,
	COL__COUNT
};

/* What a row refers to, as its record says it. */
enum link { LINK_LEAD, LINK_DEAL, LINK_CONTACT, LINK_ACCOUNT, LINK__COUNT };

/* Texts are words: codes into the part's dictionary of them; 0 = empty. */
struct colleague {
	uint64_t key, source; /* hashes */
	uint32_t name, team, region, partner;
};

struct account {
	uint64_t key, source;
	uint32_t name, industry, country, region, segment, partner;
	double company_size; /* NAN = not told */
};

struct contact {
	uint64_t key, source, email;
	uint64_t account_ref;
	uint32_t company, country, region, segment, origin, from, campaign;
	uint32_t account; /* place + 1, 0 = none; once looked up */
	uint32_t lead;    /* row of the first lead of this person */
};

/* What a stage change says, or where a deal was seen: one move of a deal, before it is a visit. */
struct move {
	uint64_t deal_ref, source; /* hashes; 0 when `deal` is known */
	uint64_t subject;          /* its number in the book; 0: it is no record of one */
	uint32_t deal;             /* row */
	uint32_t entered, left;    /* seconds; TIME_NOT_REACHED = not told */
	uint32_t order;            /* of appearance */
	uint32_t stage, owner;     /* words */
	uint32_t expected_close;
	int64_t amount; /* MONEY_NONE = not told */
	uint8_t currency;
	bool present;  /* where the deal is now, told by its record alone */
	bool observed; /* seen in the versions of the record, not told by a stage history */
};

struct stage_told {
	uint32_t name, means;
	int position;
	bool bid;
	double limit_days;
};

struct custom_told {
	enum fact fact;
	enum column_type type;
	uint32_t name, sentence;
};

/* A custom field's value: its column is known when all parts are. */
struct custom_value {
	enum fact fact;
	uint32_t row, order, name;
	struct value value;
};

/* How a deal ended, as its record says it: what that means depends on the meaning of its stage. */
struct deal_told {
	uint32_t closed;
	bool ended;    /* it says itself whether it was won, lost or discontinued */
	bool finished; /* a row that is done with, for others to take from */
};

#define LIST(type)                                                                                                     \
	struct {                                                                                                       \
		type *items;                                                                                           \
		size_t count, capacity;                                                                                \
	}
/* Room for one more, to be written by the caller. */
#define LIST_ADD(list)                                                                                                 \
	((list)->items = list_room((list)->items, (list)->count, &(list)->capacity, sizeof(*(list)->items)),           \
	 &(list)->items[(list)->count++])
void *list_room(void *items, size_t count, size_t *capacity, size_t size);

/* A list by row. */
struct row_list {
	uint64_t *items; /* NULL: all 0 */
	uint32_t capacity;
};

/* Rows as their records tell them, and what is not told in rows. The whole is a part, too. */
struct part {
	struct facts *facts;
	struct column *columns[FACT__COUNT][COL__COUNT]; /* NULL where the fact has none such */
	struct {
		struct column *column;
		int link; /* + 1 */
	} filling[OBJECT__COUNT][LOAD_FIELDS];
	struct row_list links[FACT__COUNT][LINK__COUNT];
	struct row_list keys[FACT__COUNT]; /* hashes, of leads and opportunities */
	struct row_list emails;            /* hashes, of leads */
	bool leads_by_email;               /* some row refers to its lead so */
	LIST(struct deal_told) deals;      /* by row of opportunities */
	LIST(struct colleague) colleagues;
	LIST(struct account) accounts;
	LIST(struct contact) contacts;
	LIST(struct move) moves;
	LIST(struct stage_told) stages;
	LIST(struct custom_told) customs;
	LIST(struct custom_value) values;
	struct dict words;
	uint64_t subject;   /* of the record that is told next; 0: of no book */
	struct arena arena; /* texts of `values` */
	struct {
		int32_t date;
		uint32_t seconds;
	} days[512]; /* first seconds of dates met lately */
	char text[48];
	/* Rows that wait for the rest of their record, in order, by what they are of; and those whose record is none. */
	LIST(uint32_t) waiting[OBJECT__COUNT];
	size_t waited[OBJECT__COUNT];
	LIST(uint32_t) dead[FACT__COUNT];
};

/* What rows take from the colleague who owns them: codes of their fact's dictionaries. */
struct owner {
	bool looked_up;
	uint32_t owner, team, region, partner; /* 0 = nothing */
};

/* All parts in one, and what is needed to find one's way in it. */
struct loader {
	struct part whole;
	uint32_t first[FACT__COUNT]; /* rows before these are done with; 0 when all comes from a book */
	struct places keys[OBJECT__COUNT], emails[OBJECT__COUNT], names[OBJECT__COUNT];
	/* by word, its code in that column's dictionary; UINT32_MAX = not looked up */
	struct {
		uint32_t *codes;
		uint32_t count;
	} words[FACT__COUNT][COL__COUNT];
	struct {
		struct owner *items; /* by code of the source, then of the owner as told */
		uint32_t sources, names;
	} owners[FACT__COUNT];
	const struct stage_def **stages; /* by code of the opportunities' stages */
	uint32_t stage_count;
	uint64_t *source_hashes[FACT__COUNT];
	uint32_t source_count[FACT__COUNT];
	unsigned threads;
	bool final; /* nothing is told after this: columns are packed as soon as they are done with */
};

/* ---- load_part.c: what a record says by itself ---- */

/* The settings and the zone of `like` must outlive the part. */
void part_init(struct part *part, const struct facts *like);
/* One that makes rows of `facts` itself, which stay the caller's. */
void part_init_whole(struct part *part, struct facts *facts);
void part_release(struct part *part);
/* What is the same in every part of `facts`, from which it is taken: colleagues, stages, fields of their own (newcomers.c). */
void part_bring_lasting(struct part *part, struct facts *made, const struct facts *facts);
/* A record of which all is known. */
void part_record(struct part *part, const struct record *record);
/* A record of which more comes (part_rest), in the same order among those of its object. */
void part_begin(struct part *part, const struct record *record);
/* The next of those; `none`: there is no such record, its row goes. */
void part_rest(struct part *part, const struct record *record, bool none);
/* An observation of the record whose rest was told last. */
void part_version(struct part *part, const struct record *record);
/* Nothing of that fact is told any more: it takes as little room as it can until it is merged. */
void part_pack(struct part *part, enum fact fact);
void part_pack_lists(struct part *part); /* what is not told in rows */
void part_forget(struct part *part);     /* that too is merged */
/* Rows of records that are none go. */
void part_drop_dead(struct part *part, enum fact fact);
/* What a record says by itself, into the row (of the fact, or place in the list) that is its own and empty. */
void part_fill(struct part *part, uint32_t row, const struct record *record);
uint64_t row_list_at(const struct row_list *list, uint32_t row);
void row_list_set(struct row_list *list, uint32_t row, uint64_t value);
/* Hash of a key, name or address, as links and lists keep it. */
static inline uint64_t text_hash(struct str text)
{
	return text.len ? (str_hash(text) & ~UINT64_C(3)) | 4 : 0;
}
/* A reference as links keep it; 0 when it names nothing. */
uint64_t part_ref(const struct value *value);
struct str part_text(const struct record *record, enum field field);
uint32_t part_word(struct part *part, struct str text);

/* ---- load_values.c: values into columns ---- */
/* The seconds of an instant of a value: TIME_NOT_REACHED when it is none. */
uint32_t part_seconds(struct part *part, const struct value *value);
/* May lie in part->text. */
struct str part_name_of(struct part *part, const struct value *value);
void part_value(struct part *part, struct column *column, uint32_t row, const struct value *value);
/* Which fields of records fill which columns. */
void part_prepare(struct part *part);
enum fact fact_of_object(enum object object); /* FACT__COUNT: none */
enum object object_of_fact(enum fact fact);   /* whose records are its rows; OBJECT_NONE: they are made otherwise */

/* ---- load_people.c: what is not told in rows ---- */
void part_fill_colleague(struct part *part, uint32_t at, const struct record *record);
void part_fill_stage(struct part *part, uint32_t at, const struct record *record);
void part_fill_account(struct part *part, uint32_t at, const struct record *record);
void part_fill_contact(struct part *part, uint32_t at, const struct record *record);
void part_fill_custom(struct part *part, uint32_t at, const struct record *record);
void part_fill_move(struct part *part, uint32_t at, const struct record *record);
/* ---- load_customs.c ---- */
/* Stages and custom columns as declared; then the custom columns' values, in order of rows. */
void load_customs(struct loader *l);

/* ---- load_merge.c ---- */
/* Puts parts behind the whole in order, and empties them. */
void load_merge(struct loader *l, struct part *parts, size_t count);

/* Columns of the fact that nobody sets any more take no more room than they need. `but` lists those still to be set, up to COL__COUNT. */
void load_pack(struct loader *l, enum fact fact, const enum known_column *but);
void load_forget_links(struct loader *l, enum fact fact);
void load_give_back(const struct loader *l);

/* ---- load_find.c ---- */
void loader_init(struct loader *l, struct facts *facts, unsigned threads);
void loader_release(struct loader *l);
/* Everything that others refer to, from what the whole tells. */
void load_index(struct loader *l);
/* Hash of whose record the row is. */
uint64_t load_source(const struct loader *l, enum fact fact, uint32_t row);
/* Place + 1; 0 when there is none, or several by that name. `told`: of a link; counts in `column` (may be NULL) what is not found. */
uint32_t load_find(const struct loader *l, enum object object, uint64_t source, uint64_t told, uint64_t *unresolved);
static inline struct column *load_column(const struct loader *l, enum fact fact, enum known_column column)
{
	return l->whole.columns[fact][column];
}
bool load_is_empty(const struct loader *l, enum fact fact, enum known_column column, uint32_t row);
static inline uint64_t load_link(const struct loader *l, enum fact fact, uint32_t row, enum link link)
{
	return row_list_at(&l->whole.links[fact][link], row - l->first[fact]);
}
uint32_t load_time(const struct loader *l, enum fact fact, enum known_column column, uint32_t row);
uint32_t load_code(struct loader *l, enum fact fact, enum known_column column, uint32_t word);
void load_set_word(struct loader *l, enum fact fact, enum known_column column, uint32_t row, uint32_t word);
/* Sets a name where the row has none. */
void load_default(struct loader *l, enum fact fact, enum known_column column, uint32_t row, uint32_t word);
/* A colleague's name as all rows call them, and what the row has of them where it has none. */
const struct owner *load_owner(struct loader *l, enum fact fact, uint32_t source, uint32_t owner);
void load_owned(struct loader *l, enum fact fact, uint32_t row);
void load_owned_versions(struct loader *l, enum fact fact);
/* Colleague of that name; NULL when there is none. */
const struct colleague *load_colleague(const struct loader *l, uint64_t source, struct str who);
/* Copies names along a reference where the rows of [from, to) have none. */
void load_copy_names(struct loader *l, enum fact of, enum fact into, enum known_column ref,
		     const enum known_column *columns, size_t count, uint32_t from, uint32_t to);

/* ---- finishing rows: each takes one that has what its record says by itself, and whose owner, links and all it refers to are there.
 * Serial, but for link_row ---- */

/* The row of the lead that counts instead, where it was merged into another; else its own. Once steps are taken up. */
uint32_t load_survivor(const struct loader *l, uint32_t lead);
/* A lead: owner, contact, account. */
void lead_row(struct loader *l, uint32_t row);
/* Opportunities [from, to): milestones by the meaning of the stage, owner, lead, account, and what these lend. */
void opportunity_rows(struct loader *l, uint32_t from, uint32_t to);
/* Makes the visits of one deal of all its moves, in order; moves may be changed. `key`: the deal's. */
void visits_of_deal(struct loader *l, struct move *moves, size_t count, struct str key);
void visit_rows(struct loader *l, uint32_t from, uint32_t to);
/* Lead and opportunity of a touch, an activity or an order. */
void link_row(struct loader *l, enum fact fact, uint32_t row, uint64_t unresolved[LINK__COUNT]);
void order_rows(struct loader *l, uint32_t from, uint32_t to);
/* What a stage's name means, by its code among the opportunities' stages; NULL when nobody says. */
const struct stage_def *load_stage(struct loader *l, uint32_t code);

/* ---- what follows for a lead from all its opportunities and all its activities ---- */

struct lead_deals {
	uint32_t count, won, lost, discontinued; /* how many */
	uint32_t created, first_won, last_lost, last_discontinued;
	int64_t amount; /* won */
	uint8_t currency;
	bool has_amount, mixed;
};
void lead_add_deal(const struct loader *l, struct lead_deals *sum, uint32_t deal);
void lead_from_deals(struct loader *l, uint32_t row, const struct lead_deals *sum);
struct contact_words; /* rows.h */
/* When the activity was a response to the lead; TIME_NOT_REACHED when it was none. The earliest counts. It answers the hand-over; of a
 * lead that was not handed over, its coming in. */
uint32_t lead_response(const struct loader *l, uint32_t lead, uint32_t activity, const struct contact_words *words);
void lead_from_response(struct loader *l, uint32_t row, uint32_t first);

/* ---- all rows of a kind ---- */
/* Looks up the leads and deals of such rows, and who did it. */
void load_linked(struct loader *l, enum fact fact);
/* ---- load_steps.c: steps and words about promises, and what leads take from their steps; before the leads themselves ---- */
void load_steps(struct loader *l);
void load_leads(struct loader *l);
void load_opportunities(struct loader *l);
void load_visits(struct loader *l);
void load_events(struct loader *l);
void load_orders(struct loader *l);
void load_leads_follow(struct loader *l); /* from opportunities and activities, all leads there are */

/* ---- load_ties.c ---- */
/* Into the facts: what rows of a kind refer to otherwise than by the key of a record that is there, once they are finished; and who is there
 * to be referred to. Moves come by themselves. */
void load_ties(struct loader *l, enum fact fact);
void load_ties_to_people(struct loader *l);
/* Is such a link that leads nowhere counted? There is a column of it then. */
bool tie_counts(enum fact fact, enum link link);
void ties_add(struct ties *ties, const struct tie *tie);
void ties_add_move(struct ties *ties, const struct told_move *move);
void ties_add_name(struct ties *ties, uint64_t name);

/* The imports that are not finished, anew. */
int load_imports(struct facts *facts, struct book *book, struct err *err);
/* Everything from what the parts told: merge, look up, finish rows. */
void load_parts(struct loader *l, struct part *parts, size_t count);
/* The same of what the whole was told itself. */
void load_finish(struct loader *l);

#endif
