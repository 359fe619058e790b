/* Every SQL statement of the book, by name. Written once, in the part of the language that SQLite and PostgreSQL share;
 * parameters $1…$n first appear in order, because SQLite numbers them by first appearance. Only the scripts that make the
 * tables differ: the two name bytes differently, and an entry's number is called rowid because in SQLite it is no column. */
#ifndef BOOK_STATEMENTS_H
#define BOOK_STATEMENTS_H

enum statement {
	STATEMENT_ENTRY_ADD,
	STATEMENT_ENTRY_HEAD,
	STATEMENT_ENTRY_ONE,
	STATEMENT_ENTRIES,       /* all, by seq */
	STATEMENT_ENTRIES_FILED, /* all that the file holds, whichever book they name; for a database of one book */
	STATEMENT_ENTRY_FIRST,   /* the observation that began record $2 */
	STATEMENT_ENTRIES_LATER, /* its further ones, by seq */
	STATEMENT_ENTRIES_BY_SUBJECT, /* observations of an object ($2; 0 = all), grouped by record; one column more */
	STATEMENT_ENTRIES_OF_IMPORT,  /* after the one that began it */
	STATEMENT_ENTRIES_NOTED,      /* other than observations, by kind and seq */
	STATEMENT_ENTRIES_NOTED_BEFORE, /* the same before $3, latest first, at most $4 */
	STATEMENT_ENTRIES_REPEATED,     /* observations of records of which more than one counts; one column more */
	STATEMENT_ENTRIES_SINCE,        /* seq, kind, object, subject of those after $2 */
	STATEMENT_ENTRIES_SCAN,         /* observations from $2 up to before $3, as scan.c reads them */
	STATEMENT_ENTRIES_SCAN_ALL,     /* without recorded_ms and import_seq: for who takes all that was ever said */
	STATEMENT_RECORDS_REPEATED,     /* the records that have an observation after their first */
	STATEMENT_RECORDED_RANGE,
	STATEMENT_NOTE_LAST,
	STATEMENT_NOTE_ADD,
	STATEMENT_NOTE_CLEAR,
	STATEMENT_STATE_ADD,
	STATEMENT_STATE_SET,
	STATEMENT_STATE_DROP,
	STATEMENT_STATE_CLEAR,
	STATEMENT_STATE_ONE,     /* a row of the table */
	STATEMENT_STATE_STRAY,   /* rows of no record */
	STATEMENT_RECORDS,       /* of an object ($2; 0 = all), in the order of first appearance */
	STATEMENT_PAPERS,        /* likewise of one that object_is_few, by an index */
	STATEMENT_RECORD,        /* one of them */
	STATEMENT_RECORD_BY_KEY, /* walks over all entries */
	STATEMENT_NAMED_BY_KEY,  /* the same of an account, an opportunity or an order, by an index */
	STATEMENT_PAPER_BY_KEY,  /* of one that object_is_few, by an index */
	STATEMENT_TOLD_BY_KEY,   /* of an activity, a step or a word about a promise whose key has a #, by an index */
	STATEMENT_META_GET,
	STATEMENT_META_SET,
	STATEMENT_REPLY_ADD,
	STATEMENT_REPLY_GET,
	STATEMENT_REPLY_DROP, /* those made before $2 */
	STATEMENT_OUTBOX_ADD,
	STATEMENT_OUTBOX_SET,
	STATEMENT_OUTBOX_DROP,
	STATEMENT_OUTBOX_DROP_OLD, /* of a state, due before $3 */
	STATEMENT_OUTBOX_DUE,
	STATEMENT_OUTBOX_LIST,
	STATEMENT_OUTBOX_ONE,
	STATEMENT_OUTBOX_COUNT,
	STATEMENT_OUTLET_ADD,
	STATEMENT_OUTLET_SET,
	STATEMENT_OUTLET_DROP,
	STATEMENT_OUTLETS,
	STATEMENT_WISH_SET,
	STATEMENT_WISHES,
	STATEMENT__COUNT
};

extern const char *const statement_sql[STATEMENT__COUNT];
/* Makes the tables. */
extern const char statement_create_sqlite[];
extern const char statement_create_postgresql[];

/* The columns of entry, in the order in which every statement gives them. */
enum entry_column {
	ENTRY_BOOK,
	ENTRY_SEQ,
	ENTRY_KIND,
	ENTRY_OBJECT,
	ENTRY_SOURCE,
	ENTRY_KEY,
	ENTRY_SUBJECT,
	ENTRY_OBSERVED,
	ENTRY_RECORDED,
	ENTRY_ACTOR,
	ENTRY_IMPORT,
	ENTRY_PAYLOAD,
	ENTRY_HASH,
	ENTRY__COLUMNS
};
/* What STATEMENT_STATE_ONE gives; of a record (STATEMENT_RECORDS) four more. Where a record has no row of the state, all before the
 * payload but the subject are NULL, and the payload is that of its entry. */
enum state_column {
	STATE_SUBJECT,
	STATE_OBSERVED,
	STATE_STANDING,
	STATE_FIRST,
	STATE_LAST,
	STATE_VERSIONS,
	STATE_PERSON,
	STATE_ERASED,
	STATE_MATCH,
	STATE_PAYLOAD,
	STATE__COLUMNS,
	RECORD_OBJECT = STATE__COLUMNS,
	RECORD_SOURCE,
	RECORD_KEY,
	RECORD_OBSERVED, /* of the entry */
	RECORD__COLUMNS
};

#endif
