/* Shared by the files of this folder only. */
#ifndef BOOK_PRIVATE_H
#define BOOK_PRIVATE_H

#include <stdatomic.h>
#include "book/book.h"
#include "book/engine.h"
#include "book/files.h"
#include "book/fold.h"
#include "book/index.h"
#include "book/keys.h"
#include "book/marks.h"
#include "book/statements.h"
#include "book/verify.h"

#define BOOK_ID 1     /* an SQLite file holds one book */
#define BOOK_FORMAT 5 /* of the tables: books of another are refused */

struct book {
	char *path;
	enum book_mode mode;
	int lock;
	char *trial;    /* folder of the private copy that is written to, or NULL */
	int trial_lock; /* file descriptor; held as long as the copy is in use */
	const struct engine_ops *ops;
	struct engine *engine;
	struct keys *keys;
	struct book_settings settings;
	struct book_head head, tip; /* committed; within the transaction */
	bool in_transaction;
	bool waiting; /* a commit was asked for and is not known to be durable: up to `asked` */
	struct book_head asked;
	uint64_t keys_safe, keys_asked; /* people whose keys are durable; will be with that commit */
	uint64_t people;                /* as stored with the entries */
	bool stored_state;              /* the state table was made by this fold */

	struct index
		index; /* writing: of all records where `index_loaded`, else of those that were asked for (recall.c) */
	bool index_loaded;
	uint64_t recalled; /* records that were asked for one by one */
	struct marks marks;
	bool marks_loaded;
	uint64_t marks_seq; /* the head they were loaded at */

	_Atomic uint64_t outbox_added;
	struct arena outlet_arena; /* of `outlets`, read when they are first asked for */
	struct outlet *outlets;
	size_t outlet_count;
	bool outlets_known;
	bool mail_known, mail_on;

	struct book_tally tally;
	struct import *announced; /* borrowed; begun when its first entry is written */
	struct confirm *pending;  /* confirmations not yet in an entry */
	size_t pending_count, pending_capacity;
	bool pending_news; /* one of them is later than what was known */
	struct append_context pending_context;
	char pending_actor[128];

	struct arena scratch; /* one record */
	struct str last_key;  /* of the record offered last, as written; in `scratch` */
	struct buf plain, payload;
};

/* What stands of a record. The table of states has a row only where that is more than the record's one entry says: more than one
 * observation, or one that does not count (its import was undone). */
struct state_row {
	uint64_t subject;
	bool stored; /* read from the table */
	enum object object;
	struct str source, key;
	int64_t observed_ms; /* of the standing observation */
	/* Read of a record that is not stored, person and match are not filled, nor `erased`: its payload, the entry's, tells. */
	uint64_t standing_seq, first_seq, last_seq, versions, person;
	bool erased;
	struct str match, payload;
};

/* book.c */
struct book *book_alloc(const char *path, enum book_mode mode);
int book_contents(struct book *book, struct err *err);
int format_check(struct book *book, struct err *err);
bool settings_fit(struct str payload, const struct keys *keys);

/* Begins already what the next commit needs of the disk besides: what is offered after that is seen to by the commit itself. */
int book_ready(struct book *book, struct err *err);

/* chain.c */
int chain_head(struct book *book, struct err *err);
/* Gives the entry its sequence and hash, and stores it. `subject` 0 in an observation: its own sequence. */
int chain_append(struct book *book, struct entry *entry, struct err *err);
typedef int entry_fn(void *context, const struct entry *entry, struct err *err);
int entries_run(struct book *book, enum statement statement, const struct engine_value *params, int count,
		entry_fn *each, void *context, struct err *err);
int entries_noted(struct book *book, enum entry_kind kind, entry_fn *each, void *context, struct err *err);
/* Walks all entries and checks every hash. `fault` gets a sentence and `seq` the place when one is wrong (returns 0). */
typedef void chain_progress(void *context, uint64_t done);
int chain_check(struct book *book, chain_progress *progress, void *context, entry_fn *each, void *each_context,
		uint64_t *seq, char *fault, size_t fault_size, struct err *err);

/* observe.c: entries of one record to observations to a row of the state */
int observation_of(struct book *book, struct marks *marks, const struct entry *entry, struct observation *out,
		   struct arena *arena, struct err *err);
int observations_of_subject(struct book *book, uint64_t subject, struct observation **out, size_t *count,
			    struct arena *arena, struct err *err);
struct str seal_context(enum object object, char out[16]);
/* Payload goes to `payload`, and the row borrows it. One that is too large for a payload is none at all: row_write refuses it. */
void row_of_folded(struct state_row *row, const struct folded *folded, struct buf *payload);
/* Columns of STATEMENT_RECORDS, or of STATEMENT_STATE_ONE: then object, source and key stay empty. */
int row_of_columns(struct state_row *row, const struct engine_value *columns, int count, struct err *err);
/* Brings the table to what folding `observations` entries of the record gave. row->stored: it has a row there now; updated. */
int row_write(struct book *book, struct state_row *row, size_t observations, struct err *err);
/* Its one observation, of a record that is not stored: who it is sealed for and the row's match, or what of it is erased. */
int row_open(struct book *book, struct state_row *row, struct observation *out, struct arena *arena, struct err *err);
static inline bool row_needed(const struct state_row *row, size_t observations)
{
	return observations > 1 || row->versions == 0;
}
typedef int row_fn(void *context, const struct state_row *row, const struct observation *all, size_t count,
		   struct err *err);
/* Folds every record of an object from its entries, in the order of first appearance. */
/* `repeated`: only those with more than one observation that counts, by the stored state. */
int rows_fold(struct book *book, struct marks *marks, bool repeated, enum object object, int64_t known_at_ms,
	      row_fn *each, void *context, struct err *err);
int marks_load(struct book *book, struct marks *marks, int64_t known_at_ms, struct err *err);
int marks_ready(struct book *book, struct err *err); /* the writer's own */

/* state.c */
/* The observations that count as history, oldest first; `items` has room for twice as many. One met again after another one had come
 * between is told twice: it was so, then otherwise, then so again. */
size_t observations_spread(struct observation *items, const struct observation *all, size_t count);
int state_rebuild(struct book *book, struct err *err);
int meta_get(struct book *book, const char *name, int64_t *value, bool *found, struct err *err);
int meta_set(struct book *book, const char *name, int64_t value, struct err *err);
/* Fields of a row as a record; opened where asked. Borrows from the row and the arena. */
int state_of_row(struct book *book, const struct state_row *row, bool open_personal, struct state *out,
		 struct arena *arena, struct err *err);

/* A record on its way in. */
struct offered {
	const struct record *record;
	struct str key;              /* as written */
	struct record_field *fields; /* plain, sorted */
	size_t count;
	unsigned char match[MATCH_BYTES];
	unsigned char id[IDENTITY_BYTES];
};

/* recall.c: empties book->scratch, and slots may move */
int index_ready(struct book *book, struct err *err); /* with all records */
/* With those that are looked for when this one is offered: what index_find does not find then is not in the book. */
int recall_record(struct book *book, const struct record *record, struct err *err);
int recall_key(struct book *book, enum object object, struct str source, struct str key, struct err *err);
/* How a record is found by its key through an index; false: only by a walk over all. */
bool found_by(enum object object, struct str key, enum statement *statement);
void writer_forget(struct book *book); /* what is in memory may differ from what is stored */
void slot_of_row(struct index_slot *slot, const struct state_row *row, int64_t effective_ms, uint64_t changed_seq);

/* append.c */
/* Refuses what book_append would (ERR_INPUT, ERR_LIMIT), before anything is done. */
int record_check(const struct book *book, const struct record *record, struct err *err);
#define RECORD_MAX (PAYLOAD_MAX / 4) /* bytes: what it adds to what stands still fits */
/* The row's match, of the fields as offered. */
void match_row(struct book *book, struct offered *offered);
/* Seals, writes and chains it. `fields`: as written, with whose key (0: nobody's). */
int observation_write(struct book *book, const struct offered *offered, const struct index_slot *slot,
		      const struct append_context *context, struct entry *entry, struct record_field **fields,
		      size_t *count, uint64_t *person, struct err *err);

/* known.c */
/* Undoing the import that first brought a row must not take it away when a later import brought it too; and a row that was seen
 * again is newer than it was. So each import of another file confirms what it met. */
bool can_confirm(const struct book *book, const struct append_context *context);
void confirm(struct book *book, uint64_t seq, int64_t ms, bool news, const struct append_context *context);
/* Everything that is not simply "the same as what stands". */
int append_known(struct book *book, struct offered *offered, struct index_slot *slot,
		 const struct append_context *context, enum append_result *result, struct err *err);

/* seal.c */
/* A record that is a person, where others only speak of one. */
static inline bool is_contact(enum object object)
{
	return object == OBJECT_CONTACT || object == OBJECT_LEAD;
}
/* The key as it is written: addresses become "anon-N". `make` false: STR_NONE when the address is not known. */
int key_written(struct book *book, enum object object, struct str key, bool make, struct str *out, struct arena *arena,
		struct err *err);
/* "anon-N" for an address, number or name in its normal form; STR_NONE when it is not known and must not be made. */
int anonym_of(struct book *book, enum keys_purpose purpose, struct str normal, bool make, struct str *out,
	      struct arena *arena, struct err *err);
/* Is the record's key one of its own personal fields, such as a telephone number? */
bool key_personal(const struct record *record);
bool record_personal(const struct record *record); /* anything in it is */
/* A reference as it is written. `make` false: one by an address that is not known has no key. */
int ref_written(struct book *book, const struct record *record, struct record_field *field, bool make, struct err *err);
/* The fields as they are written, sorted, and whose key sealed them (0: nobody's). */
int seal(struct book *book, const struct offered *offered, const struct index_slot *slot, struct record_field **out,
	 size_t *out_count, uint64_t *person, struct err *err);
struct str email_normal(struct str text, struct arena *arena);
struct str phone_normal(struct str text, struct arena *arena);
/* The fields sealed in one piece. False when the key is gone. */
bool open_fields(struct book *book, enum object object, struct str sealed, struct record_field **fields, size_t *count,
		 struct arena *arena);
bool open_value(struct book *book, enum object object, enum field code, const struct value *sealed, struct value *out,
		struct arena *arena);

/* import.c */
int import_begin_announced(struct book *book, const struct append_context *context, uint64_t *seq, struct err *err);
int confirms_flush(struct book *book, struct err *err);
/* Folds one record anew. `changed`: its fields, or whether it is there at all, are others than before. */
int subject_refold(struct book *book, uint64_t subject, bool *changed, struct err *err);

/* outlets.c: reads them anew when they are next asked for; and whether there is mail */
void outlets_forget(struct book *book);

/* backup.c: a consistent copy under `fresh`, synced */
int book_copy(const char *from, const char *fresh, struct book_head *head, struct err *err);
/* Of a book without a log, which nobody has open: SQLite would make one only to read. Nothing is copied when there is one. */
int book_copy_closed(const char *from, const char *fresh, bool *copied, struct err *err);
/* trial.c: removes the copy */
void trial_end(struct book *book);

/* verify.c */
int verify_with_keys(const char *path, const char *keys_path, bool chain_only, const struct verify_options *options,
		     struct verify_result *result, struct err *err);

/* erase.c */
bool erased_read(struct str payload, uint64_t **people, size_t *count, struct arena *arena);
int erased_append(struct book *book, const uint64_t *people, size_t count, uint64_t records,
		  const struct append_context *context, uint64_t *seq, struct err *err);
/* erase_resume.c: ERR_STATE when all is done but that readers keep old pages in the log. */
int erase_resume(struct book *book, struct err *err);

#endif
