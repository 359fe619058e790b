/* Agreeing: a text is proposed, signed by everybody it names, and from its day in force. Each is one entry of the book.
 *
 * A refusal (nothing is proposed, a name that does not sign, signed already) is ERR_STATE with what to do. The book is open for writing,
 * outside a transaction; when these return 0 it is written. */
#ifndef DESK_SIGNING_H
#define DESK_SIGNING_H

#include "desk/lead_desk.h"

struct signing {
	struct book *book;
	struct lead_desk *desk; /* at which it is told, and in whose transaction; NULL: it is one of its own */
	int64_t now_ms;
	const char *actor; /* who enters it */
	const char *by;    /* who proposes, as people know them */
	struct arena *arena;
};

struct proposed {
	int version;
	bool same;     /* proposed or signed already: nothing was written */
	bool annexes;  /* … but what stands below the signed bytes is another than in the version's text */
	size_t voided; /* signatures given to the text that was proposed before */
	int voided_of; /* that version; 0: none was proposed */
	struct problems doubts;
};

/* Proposes a text that was read (agreements_of_file, agreements_of_text); `name` is its in messages. What is wrong by what `facts` know goes
 * to `problems`, and then nothing is written; what may be a slip stands in `out->doubts`. The days of `.ics` files stand in the book itself. */
int agreement_propose(const struct signing *signing, const struct agreements *read, const char *name,
		      const struct facts *facts, struct problems *problems, struct proposed *out, struct err *err);

struct signed_as {
	int version;
	enum party parties[PARTY__COUNT]; /* for which they signed just now */
	size_t party_count;
	size_t missing;   /* signatures of others still; 0: it is signed by all */
	int64_t from_ms;  /* in force from, when missing is 0 */
	const char *zone; /* of the agreement: in which its times are told */
};

/* Signs what is proposed, for every party for which that person signs. */
int agreement_sign(const struct signing *signing, struct str who, struct signed_as *out, struct err *err);

/* Takes back what is proposed; `voided` signatures go with it. */
int agreement_withdraw(const struct signing *signing, int *version, size_t *voided, struct err *err);

/* Records the annexes of a text: what stands there under `annexes:`, and nothing else of it. `path`: of the file it stands in, and its name in
 * messages; with `sent` it came without one, and can name no calendar files. `doubts`: people nobody knows. */
int agreement_annex(const struct signing *signing, struct str text, const char *path, bool sent,
		    const struct facts *facts, struct problems *problems, struct problems *doubts, struct annexes *out,
		    struct err *err);
/* What a file may hold. */
#define AGREEMENT_MAX_BYTES (1 << 20)

#endif
