/* The versions of the agreement: as the book has them, or of a text that is only tried. Each is read with the annexes and the calendar
 * that go with it, ready to decide by.
 *
 * - A version is proposed, signed by all, in force from its date, superseded. What it says never changes: another text is another version.
 * - A signature is for the exact bytes above the line `annexes:`. Their hash (BLAKE2b-256) stands in the version and in each signature,
 *   and is worked out anew whenever the book is read.
 * - In force from the day it names, or from the last signature where that came later. Of the versions in force by an instant the highest
 *   number holds: once a later one is in force, an earlier one never is again.
 * - Annexes are outside versions: those of every version that was signed by all, and those recorded by themselves, hold for all versions
 *   in the order they were recorded. Days add up, and the last word about a date, a person's absence and a team counts.
 */
#ifndef DESK_AGREEMENTS_H
#define DESK_AGREEMENTS_H

#include "base/problem.h"
#include "base/zone.h"
#include "book/book.h"
#include "domain/agreement.h"

#define AGREEMENT_HASH_TEXT (2 * HASH_BYTES + 1)

enum version_state {
	VERSION_PROPOSED,  /* signatures are missing */
	VERSION_REPLACED,  /* another text was proposed before all had signed: its signatures are void */
	VERSION_WITHDRAWN, /* taken back before all had signed */
	VERSION_SIGNED,    /* by all; its day has not come */
	VERSION_IN_FORCE,
	VERSION_SUPERSEDED, /* a later one is in force */
	VERSION_STATE__COUNT
};

const char *version_state_name(enum version_state state); /* "in force" */

struct agreement_signature {
	enum party party;
	struct str who;
	int64_t at_ms;
};

struct agreement_version {
	int number;    /* from 1; 0: of a text that is tried */
	int tried;     /* then the number it has in the book; 0: of a file */
	struct str by; /* who proposed it */
	int64_t at_ms; /* when */
	char hash[AGREEMENT_HASH_TEXT];
	bool replaced, withdrawn;
	struct agreement_signature *signatures;
	size_t signature_count;
	size_t missing;  /* signatures: 0 when signed by all */
	int64_t from_ms; /* in force in [from, until); INT64_MAX where it never was, or is not signed by all */
	int64_t until_ms;
	const struct agreement *agreement; /* with the annexes that hold */
	const struct zone *zone;
	const struct calendar *calendar;
};

/* Annexes recorded by themselves. */
struct agreement_annex {
	struct str by, text;
	int64_t at_ms;
};

struct agreements {
	struct agreement_version *versions; /* by number: versions[0] is number 1 */
	size_t count;
	struct agreement_annex *annexes; /* by when they were recorded */
	size_t annex_count;
	struct annexes in_all; /* what they come to, with those of the versions that all signed */
	struct zone **zones;   /* of the versions; owned */
	size_t zone_count;
};

/* All that the book holds, or held at an earlier time; none is no error. In the arena but for the zones. ERR_DAMAGED when signed bytes are not what was signed. */
int agreements_load(struct agreements *out, struct book *book, struct arena *arena, struct err *err);
int agreements_load_known(struct agreements *out, struct book *book, int64_t known_at_ms, struct arena *arena,
			  struct err *err);
/* One version, number 0, in force always: for a text that is checked, compared or tried. What is wrong with it goes to `problems`, and
 * then there is no version. `.ics` files its annexes name are read beside it. */
int agreements_of_file(struct agreements *out, const char *path, struct problems *problems, struct arena *arena,
		       struct err *err);
/* The same of a text that came without a file: it can name no `.ics` files. `name`: what messages call it. */
int agreements_of_text(struct agreements *out, struct str text, const char *name, struct problems *problems,
		       struct arena *arena, struct err *err);
/* A version of the book as such a text, by its number as agreements_numbered. ERR_INPUT where there is none such. */
int agreements_of_version(struct agreements *out, struct book *book, struct str number, struct arena *arena,
			  struct err *err);
void agreements_release(struct agreements *agreements);

/* The version in force at an instant; NULL: none. */
const struct agreement_version *agreements_at(const struct agreements *agreements, int64_t at_ms);
/* By its number as the book writes it ("2"); NULL: there is none such. */
const struct agreement_version *agreements_numbered(const struct agreements *agreements, struct str number);
/* What is being signed: the last version, where it is neither signed by all nor taken back. NULL: nothing. */
const struct agreement_version *agreements_proposed(const struct agreements *agreements);
/* NULL: not signed by that person for that party. */
const struct agreement_signature *agreement_signature_of(const struct agreement_version *version, enum party party,
							 struct str who);
/* Of the bytes that are signed, in hexadecimal digits. */
void agreement_hash(struct str signed_text, char out[AGREEMENT_HASH_TEXT]);
enum version_state agreement_version_state(const struct agreement_version *version, int64_t now_ms);

#endif
