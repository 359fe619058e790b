/* Taking up, between its files. Private to take_up*.c. */
#ifndef FACTS_TAKING_H
#define FACTS_TAKING_H

#include "facts/load.h"
#include "facts/take_up.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* A record whose row is made. */
struct item {
	uint32_t row;     /* REF_NONE: it is new, or not looked for yet */
	uint64_t subject; /* 0: not known */
};

/* An account that a record names. */
struct named {
	struct str source, key;
};

struct taking {
	struct facts *facts; /* that are there */
	struct finder *finder;
	struct book *book;
	struct book_head head;
	bool refused;   /* this cannot be taken up alone */
	uint64_t walks; /* over all entries, to find a record by its key */
	bool again;     /* more rows are to be made */
	LIST(struct item) items[OBJECT__COUNT];
	struct places wanted[OBJECT__COUNT]; /* rows among them */
	struct places walked[FACT__COUNT];   /* rows found by a walk over their keys, by key */
	LIST(uint64_t) moves;                /* changed */
	LIST(uint32_t) moved;                /* deals that these are of, or were */
	struct places newcomers;             /* keys and names of new records */
	LIST(uint64_t) names;                /* of new accounts */
	uint64_t persons;                    /* new contacts */
	/* of one try */
	struct part part;     /* what changed, and what that refers to */
	struct loader loader; /* of the rows made of it */
	struct facts *made;
	struct arena arena;
	LIST(struct named) accounts;
	struct places accounts_seen;
	bool *whole[FACT__COUNT]; /* by row made: it is a record's own, not a copy of what others refer to */
	uint32_t *to[FACT__COUNT];
	uint32_t rows[FACT__COUNT], capacity[FACT__COUNT];
	struct places copies[FACT__COUNT]; /* by row there + 1: row made + 1 */
	/* the record at hand */
	struct item *item;
	unsigned versions;
	bool found;
	uint64_t email;
};

/* What leads lend their deals and orders; deals their orders. */
#define LEAD_LENDS "source", "campaign", "origin", "segment", "region", "product", "partner", "industry", "account"
#define DEAL_LENDS "owner", "team", "partner", "source", "origin", "campaign", "region", "segment", "product", "account"

/* ---- take_up_read.c ---- */
/* That old row is to be made, too. */
void want(struct taking *t, enum object object, uint32_t row);
struct told_move *move_before(const struct ties *ties, uint64_t subject); /* NULL: there is none such */
int note_changes(struct taking *t, const struct changes *changes, struct err *err);
/* The records of all rows to be made, and copies of what they refer to, into the part. */
int read_all(struct taking *t, struct err *err);
/* Copies of all that belongs to the leads that are made, but for what is made itself. */
void bring_belongings(struct taking *t);

/* ---- take_up_follow.c ---- */
/* Wants the rows that depend on what came out otherwise than before. */
void follow_rows(struct taking *t);

#endif
