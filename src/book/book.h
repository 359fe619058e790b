/* The book: append-only entries in a hash chain, and the current state derived from them.
 *
 * Invariants
 * - An entry, once committed, never changes. hash(n) covers every column of entry n, length-prefixed, and hash(n-1).
 * - The state is a function of the set of entries, not of the order in which they arrived: of two observations of one record by
 *   one source the later *observed* one wins, field by field (ties: fold.h); entries of an undone import do not count.
 * - Personal fields are sealed with the person's key before they are hashed; keys live in a second file (keys.h).
 * - One process holds the book for writing (`FILE.lock`), and inside it one connection writes and checkpoints.
 *   (SQLite 3.7.0–3.51.2 can corrupt a WAL database when several connections checkpoint at the wrong moment.)
 * - Nothing of a transaction is seen by anyone before book_commit has returned, nor lost after.
 *
 * Files beside FILE: FILE-wal, FILE-shm (SQLite), FILE.keys, FILE.lock, FILE.columns (derived; facts/snapshot.h), FILE.doors (doors.h).
 */
#ifndef BOOK_BOOK_H
#define BOOK_BOOK_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"
#include "domain/object.h"

#define HASH_BYTES 32
#define NOTED_BYTES 16
#define BOOK_COLUMNS ".columns" /* the facts, as derived from the book; erasing a person removes it first */

struct book;

struct book_settings {
	char zone[64];          /* tzdata name */
	char currency[4];       /* ISO 4217 */
	int fiscal_start_month; /* 1…12 */
	char name[128];         /* shown on reports; may be empty */
};

struct book_head {
	uint64_t seq; /* 0 = no entries */
	unsigned char hash[HASH_BYTES];
};

enum book_mode {
	BOOK_READ,  /* sees the last commit at the time of opening; never waits, never writes */
	BOOK_WRITE, /* holds the lock, or is refused (ERR_STATE) with the holder's process id and command */
};

/* Makes a new book, its keys, and the entry that states its settings. Refused where the file exists. */
int book_create(const char *path, const struct book_settings *settings, int64_t now_ms, struct err *err);
int book_open(struct book **out, const char *path, enum book_mode mode, struct err *err);
/* To try something on: opened for writing, but into a private copy under TMPDIR that goes with book_close. Needs no lock, writes nothing
 * where the book stands, leaves a pending erasing alone. People made meanwhile stay in memory: a transaction with new ones must be
 * rolled back. */
int book_open_trial(struct book **out, const char *path, struct err *err);
void book_close(struct book *book);

/* Of a book opened for reading: nobody writes it until book_let_go, or book_close; what is derived from it may be put beside it. Never waits.
 * False when somebody holds it, when it may not be held, when it has gone on since it was read, or when an erasing was cut short. */
bool book_hold(struct book *book);
void book_let_go(struct book *book);

/* Lending: who holds a book for writing lets another process write it for a while. book_lend closes all but the lock, whose file descriptor it
 * returns, still the book's: who is sent it holds the book too, and for nobody else it is ever free. Until book_take_back, which opens it
 * anew, nothing may be done with the book but closing it. A descriptor that was sent is book_open_lent's, also where that fails. */
int book_lend(struct book *book);
int book_take_back(struct book *book, struct err *err);
int book_open_lent(struct book **out, const char *path, int lock, struct err *err);

const struct book_settings *book_settings(const struct book *book);
const char *book_path(const struct book *book);
struct book_head book_head(const struct book *book); /* of what is committed */
uint64_t book_next_seq(const struct book *book);     /* of the entry that is written next, within a transaction too */
/* Of the rules by which entries become the state: what was derived under others is not to be believed. */
uint32_t book_fold_version(void);

/* ---- writing ---- */

/* What became of a record that was offered. */
enum append_result {
	APPEND_NEW,       /* first time this source speaks of this record */
	APPEND_CHANGED,   /* differs from what the source said before: a new entry, and the state follows it */
	APPEND_OLDER,     /* differs, but was observed before what stands: kept as history, the state stays */
	APPEND_UNCHANGED, /* the source said exactly this already: nothing written */
};

int book_begin(struct book *book, struct err *err);
/* Commits and makes durable. On error everything since book_begin is gone. */
int book_commit(struct book *book, struct err *err);
/* Commits and begins anew, and need not wait for the disk: durable once book_wait, or any later commit, has returned 0. At most one such
 * commit is under way: waits for the one before. On error everything that is not durable is gone, as after book_rollback. */
int book_commit_next(struct book *book, struct err *err);
/* For the commit under way, when there is one. On error it is gone, and what came after it. */
int book_wait(struct book *book, struct err *err);
/* The commit under way, if there is one, is durable: book_wait returns 0 at once. */
bool book_landed(const struct book *book);
/* Of everything since the last commit that was asked for; that one still counts when it succeeds. */
void book_rollback(struct book *book);

struct append_context {
	int64_t now_ms;      /* recorded */
	const char *actor;   /* who: operating-system user, later an account */
	uint64_t import_seq; /* the import this belongs to, 0 = none */
	/* Imports whose word this one replaces wholly: what they said of a record and this one does not mention is cleared. Borrowed. */
	const uint64_t *replaces;
	size_t replace_count;
};

/* Offers one record inside a transaction. Seals personal fields; pseudonymises keys that are addresses. */
int book_append(struct book *book, const struct record *record, const struct append_context *context,
		enum append_result *result, struct err *err);

/* A record will be offered, or referred to, of which the caller knows the number (state.subject; 0: does not): so it is found at once.
 * Records that people tell singly are found by an index. For any other one all records are read first: an import asks for many. */
int book_expect(struct book *book, uint64_t subject, struct err *err);
/* At least so many records are offered next. Where they are many beside those that are there, these are read at once; who does not say
 * so has them looked for one by one until that was the dearer way. */
int book_expect_many(struct book *book, uint64_t records, struct err *err);

/* How often something was written, counted on while the book is open for writing, and never the same in another one: what was derived is as good
 * as it was while the number it goes by stays. */
struct book_tally {
	uint64_t papers; /* agreements and the like, imports, people */
	uint64_t works;  /* these, and who has which lead and where it stands: leads, steps, opportunities */
};
struct book_tally book_tally(const struct book *book);
/* Is there a record of that key, in the transaction or before? */
int book_knows(struct book *book, enum object object, struct str source, struct str key, bool *known, struct err *err);

/* The key under which the record offered last stands: "anon-N" where it was an address. Valid until the next is offered. */
struct str book_last_key(const struct book *book);

/* ---- imports ---- */

enum import_state { IMPORT_FINISHED, IMPORT_UNFINISHED, IMPORT_UNDONE };

enum { IMPORT_MAP_KEPT = 1 << 16 }; /* bytes of a map that are kept with the import */

struct import {
	uint64_t seq;    /* of the entry that began it: its number for people */
	struct str path; /* as given, made absolute */
	unsigned char file_hash[HASH_BYTES];
	struct str map;    /* preset or map name */
	struct str source; /* whose ids its rows have; empty: an older entry */
	struct str
		map_text; /* of a map that is no preset; empty: a preset, larger than IMPORT_MAP_KEPT, an older entry */
	enum object object;
	int64_t began_ms, observed_ms;
	enum import_state state;
	long process;  /* that takes it in right now, of an unfinished one; 0: none that is known of */
	uint64_t rows; /* rows of the file: known once finished */
	uint64_t accepted, changed, unchanged, rejected;
	struct str rejected_path; /* where the rejected rows went; empty when none */
	bool again;               /* a file of the same contents was imported with the same map before */
};

/* The last part of its path; borrows from it. */
struct str import_file_name(const struct import *import);

/* By file_hash, map and object of `import`: fills observed_ms with that of the first import of the same contents (reading a copy of
 * an old export is no news), seq with that of an unfinished one to be taken up (else 0), and `again`. */
int book_import_find(struct book *book, struct import *import, bool *found, struct err *err);
/* Like book_import_begin, but nothing is written until a record makes it necessary: an import that changes nothing leaves no entry.
 * `import` is borrowed until book_import_finish; its seq is filled when it begins. Records are offered with import_seq = 0. */
int book_import_announce(struct book *book, struct import *import, struct err *err);

/* Ends an announced import without an entry, in a transaction that will be rolled back. */
void book_import_drop(struct book *book);

/* Begins an import inside a transaction, or takes up again an unfinished one of the same file contents and map; fills `import`,
 * which is borrowed until book_import_finish. */
int book_import_begin(struct book *book, struct import *import, const struct append_context *context, struct err *err);
int book_import_finish(struct book *book, const struct import *import, const struct append_context *context,
		       struct err *err);
/* Takes an import back: its entries no longer count; what a later import said too stays. `records`: those whose state became another.
 * ERR_STATE when it is undone already or there is none such. */
int book_import_undo(struct book *book, uint64_t seq, const struct append_context *context, uint64_t *records,
		     struct err *err);
/* All imports, oldest first, in the arena. */
int book_imports(struct book *book, struct import **out, size_t *count, struct arena *arena, struct err *err);
/* Notes that personal data was written to a file outside the book (rejected rows), so that erasing can reach it. `contents`: of
 * book_row_hash over all its bytes, when they are known; NULL before. Noting the same again writes nothing. */
int book_note_file(struct book *book, struct str path, const unsigned char contents[NOTED_BYTES],
		   const struct append_context *context, struct err *err);
/* Was this file noted, with these contents (NULL: with any or none)? */
int book_file_noted(struct book *book, struct str path, const unsigned char contents[NOTED_BYTES], bool *noted,
		    struct err *err);

/* Keyed hash of a row's cells: the key of rows that have no id of their own, without showing what stands in them. From any thread. */
void book_row_hash(const struct book *book, struct str bytes, unsigned char out[16]);

/* ---- reading the state ---- */

/* One record's current state. Sealed fields come opened, or VALUE_EMPTY when the person was erased. */
struct state {
	struct record record; /* fields merged; VALUE_EMPTY ones left out */
	uint64_t subject;     /* seq of the record's first entry: its number in this book */
	uint64_t first_seq, last_seq;
	unsigned versions; /* observations that count */
	bool erased;       /* personal fields were there and are gone */
};

struct reading {
	int64_t known_at_ms; /* only entries recorded up to then; INT64_MAX = all */
	bool open_personal;  /* false: sealed fields stay VALUE_SEALED (faster; facts need no names of people) */
};
#define READING_ALL                                                                                                    \
	{                                                                                                              \
		INT64_MAX, false                                                                                       \
	}

/* Calls `each` for every record of `object` (OBJECT_NONE = all) in the order of first appearance. `state` is valid during the
 * call. A nonzero return of `each` stops and is returned. Walks over all entries, but for what object_is_few: that is found by an
 * index, as long as no `known_at_ms` is asked for. */
typedef int state_fn(void *context, const struct state *state, struct err *err);
int book_states(struct book *book, enum object object, const struct reading *reading, state_fn *each, void *context,
		struct err *err);

/* Calls `each` for every counting observation of records that have more than one, oldest observation first within a record:
 * the history of stage, owner, amount, expected close. */
int book_history(struct book *book, enum object object, const struct reading *reading, state_fn *each, void *context,
		 struct err *err);

/* ---- reading all records at once, from several threads ---- */

/* The entries up to the book's head in stretches of the sequence, each read once. Personal fields are left out. First every stretch by
 * book_scan_first, then every stretch by book_scan_repeated; within each pass in any order, from as many threads as
 * book_scan_threads says. */
struct book_scan;

#define SCAN_STRETCH (UINT64_C(1) << 17) /* entries */

int book_scan_open(struct book_scan **out, struct book *book, const struct reading *reading, uint64_t stretch,
		   struct err *err);
void book_scan_close(struct book_scan *scan);
size_t book_scan_stretches(const struct book_scan *scan);
unsigned book_scan_threads(const struct book_scan *scan); /* how many may read at once: at least 1 */
/* How far it is: entries read, and records with several of them made. */
uint64_t book_scan_done(const struct book_scan *scan);
uint64_t book_scan_total(const struct book_scan *scan);
/* Calls `each` for every record whose first entry lies in the stretch, in order of first appearance. Of a record with several
 * observations `versions` is 0, and only object, source, key and subject are told: the rest follows. */
int book_scan_first(struct book_scan *scan, size_t stretch, state_fn *each, void *context, struct err *err);
/* For each record with several observations that begins in the stretch, in the same order: `each` with its state (`versions` 0: none
 * of them counts, there is no such record), then `version` for every observation if there are two or more, as book_history does. */
int book_scan_repeated(struct book_scan *scan, size_t stretch, state_fn *each, state_fn *version, void *context,
		       struct err *err);

/* Opens the sealed fields of one record (for "show me the row"). Walks over all entries, but for accounts, opportunities and orders, for what
 * people tell singly (book_expect), and within a transaction: these are found by an index. */
int book_state_of(struct book *book, enum object object, struct str source, struct str key,
		  const struct reading *reading, struct state *out, bool *found, struct arena *arena, struct err *err);

/* ---- following: what was committed since, for who derives something from the book ---- */

/* A record of which something was said. */
struct change {
	enum object object;
	uint64_t subject;
	uint64_t seq; /* of the last entry that says something of it */
};

struct changes {
	struct change *items; /* by object, then by subject; each record once */
	size_t count;
	bool all; /* there is more than a list can say: an import was undone, a person erased, or too much has happened */
	bool imports; /* one was begun or finished */
};

/* Only of books opened for reading. The last commit there is, all at once: what is read from here on, until the next call, is of it. */
int book_renew(struct book *book, struct err *err);
/* Lets go of that commit, so that the writer's log need not keep it. What is read now, call by call, may be of later ones. */
void book_rest(struct book *book);
/* Does the chain go through there? */
int book_has_head(struct book *book, const struct book_head *head, bool *has, struct err *err);
/* Of the entries after the one of that number; not more than `most` records. Items in the arena. */
int book_changes(struct book *book, uint64_t after, size_t most, struct changes *out, struct arena *arena,
		 struct err *err);
/* As book_states and book_history tell all records of an object, these tell one; nothing is told of a record that no longer counts. */
int book_state_at(struct book *book, uint64_t subject, const struct reading *reading, state_fn *each, void *context,
		  struct err *err);
int book_history_at(struct book *book, uint64_t subject, const struct reading *reading, state_fn *each, void *context,
		    struct err *err);

/* First and last day any record speaks of is for facts/ to say; this is when entries were recorded. */
int book_recorded_range(struct book *book, int64_t *first_ms, int64_t *last_ms, struct err *err);

#endif
