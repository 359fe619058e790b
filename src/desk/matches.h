/* Who is there already: all leads of a book by e-mail address, telephone number, name and company, in memory, so that one who arrives is looked
 * for in well under a millisecond among a million.
 *
 * - What is compared: domain/alike.h for names and companies, domain/phone.h for numbers; a company's mail domain, but for those at which
 *   anybody has an address. How much each says is added up as in I. P. Fellegi and A. B. Sunter, "A Theory for Record Linkage", Journal of the
 *   American Statistical Association 64 (1969): weights in bits, log2 of how much oftener such an agreement is seen in one person's records than in
 *   two persons'. The weights are ours (matches.c), and the score is what they make of even odds less what a lead must overcome.
 * - Candidates come from blocks: the same address, number, or the same beginnings of name and company. Whose names begin otherwise on both
 *   sides are not found. Of a large block the latest are looked at.
 * - What is sealed is held here open, in memory only. Where a person is erased all is forgotten and read anew.
 * - For who has the desk: one thread at a time. A large book takes a while to be read; who stays has that done by a thread (matches_begin), and
 *   until it is through nobody is found.
 */
#ifndef DESK_MATCHES_H
#define DESK_MATCHES_H

#include "book/book.h"

struct matches;

/* Of the book at `path`. Returns owned. */
struct matches *matches_new(const char *path);
void matches_free(struct matches *matches);

/* Reads the book beside what else is done, also whenever it must be read anew; waits for it a moment, in which a small one is read. */
void matches_begin(struct matches *matches);

/* All that is committed is known when it returns 0, unless a thread is reading still; all that follows is of that. */
int matches_catch_up(struct matches *matches, struct err *err);

/* Texts may be empty. */
struct match_person {
	struct str name, email, phone, company, country;
};

/* Of a lead's record; the name may be put together in the arena. */
struct match_person match_person_of(const struct record *record, struct arena *arena);

enum match_reason {
	MATCH_EMAIL, /* the same address */
	MATCH_PHONE,
	MATCH_NAME, /* the same name, or one alike */
	MATCH_COMPANY,
	MATCH_DOMAIN, /* of the mail address */
	MATCH_REASON__COUNT
};
const char *match_reason_name(enum match_reason reason); /* "same e-mail" */

struct match {
	struct str source, key;
	unsigned reasons; /* bits of enum match_reason */
	int score;        /* 0…100 */
};

enum { MATCH_LIKELY = 90, MATCH_POSSIBLE = 50 }; /* scores */

/* Leads of this very person, latest first: of the same address; where one of them has none, of the same number and a name alike. Returns how
 * many, at most `most`. Valid until the index changes. */
size_t matches_same(const struct matches *matches, const struct match_person *person, struct match *out, size_t most);
/* Leads that may be of this person, likeliest first, but for the lead `key` of `source`: of a score of MATCH_POSSIBLE and more. */
size_t matches_like(const struct matches *matches, const struct match_person *person, struct str source, struct str key,
		    struct match *out, size_t most);

/* The same of a lead that is known; the index has it. 0 where it has not. */
size_t matches_of(const struct matches *matches, struct str source, struct str key, struct match *out, size_t most);

/* Are all leads known, so that who is not found is not there? */
bool matches_complete(const struct matches *matches);
/* Is it so of any lead with this person's address or number? */
bool matches_any(const struct matches *matches, const struct match_person *person,
		 bool (*is)(void *context, struct str source, struct str key), void *context);
/* The same of a lead that is known, and its own person. */
bool matches_any_of(const struct matches *matches, struct str source, struct str key,
		    bool (*is)(void *context, struct str source, struct str key), void *context);

/* Two leads that may be of one person. */
struct match_pair {
	struct str source, key; /* the later one */
	struct match other;
};
/* Of the latest `among` leads with any that came before them, in order of score; in the arena. Returns how many. */
size_t matches_pairs(const struct matches *matches, size_t among, struct match_pair **out, struct arena *arena);

/* A lead that is written and not yet committed. Ends with matches_settle: `seq` of the book's head after the commit, if all that this held of
 * leads was added so; 0 where it was rolled back. */
void matches_add(struct matches *matches, struct str source, struct str key, const struct match_person *person);
void matches_settle(struct matches *matches, uint64_t seq);

#endif
