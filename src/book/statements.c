#include "book/statements.h"

#define ENTRY_COLUMNS                                                                                                  \
	"book_id, seq, kind, object, source, key, subject, observed_ms, recorded_ms, actor, import_seq, payload, hash"
#define STATE_COLUMNS                                                                                                       \
	"book_id, subject, object, source, key, observed_ms, standing_seq, first_seq, last_seq, versions, person, erased, " \
	"row_match, payload"

/* With the payload of the entry where there is but one observation. */
#define STATE_WHOLE                                                                                                    \
	"s.book_id, s.subject, s.object, s.source, s.key, s.observed_ms, s.standing_seq, s.first_seq, s.last_seq, "    \
	"s.versions, s.person, s.erased, s.row_match, CASE WHEN s.versions = 1 THEN e.payload ELSE s.payload END "     \
	"FROM state s LEFT JOIN entry e ON e.book_id = s.book_id AND e.seq = s.standing_seq AND s.versions = 1 "

/* Kind 2 is ENTRY_OBSERVATION (entry.h). */
const char *const statement_sql[STATEMENT__COUNT] = {
	[STATEMENT_ENTRY_ADD] = "INSERT INTO entry (" ENTRY_COLUMNS ") "
				"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
	[STATEMENT_ENTRY_HEAD] = "SELECT seq, hash FROM entry WHERE book_id = $1 ORDER BY seq DESC LIMIT 1",
	[STATEMENT_ENTRY_ONE] = "SELECT " ENTRY_COLUMNS " FROM entry WHERE book_id = $1 AND seq = $2",
	[STATEMENT_ENTRIES] = "SELECT " ENTRY_COLUMNS " FROM entry WHERE book_id = $1 ORDER BY seq",
	[STATEMENT_ENTRIES_OF_SUBJECT] = "SELECT " ENTRY_COLUMNS " FROM entry "
					 "WHERE book_id = $1 AND subject = $2 AND kind = 2 ORDER BY seq",
	[STATEMENT_ENTRIES_BY_SUBJECT] = "SELECT " ENTRY_COLUMNS " FROM entry "
					 "WHERE book_id = $1 AND subject > 0 AND kind = 2 AND (object = $2 OR $2 = 0) "
					 "ORDER BY subject, seq",
	[STATEMENT_ENTRIES_OF_IMPORT] = "SELECT " ENTRY_COLUMNS " FROM entry "
					"WHERE book_id = $1 AND seq > $2 AND import_seq = $3 ORDER BY seq",
	[STATEMENT_ENTRIES_NOTED] =
		"SELECT e.book_id, e.seq, e.kind, e.object, e.source, e.key, e.subject, e.observed_ms, "
		"e.recorded_ms, e.actor, e.import_seq, e.payload, e.hash "
		"FROM note n JOIN entry e ON e.book_id = n.book_id AND e.seq = n.seq "
		"WHERE n.book_id = $1 AND n.kind = $2 ORDER BY n.seq",
	[STATEMENT_ENTRIES_REPEATED] =
		"SELECT e.book_id, e.seq, e.kind, e.object, e.source, e.key, e.subject, e.observed_ms, "
		"e.recorded_ms, e.actor, e.import_seq, e.payload, e.hash "
		"FROM state s JOIN entry e ON e.book_id = s.book_id AND e.subject = s.subject "
		"WHERE s.book_id = $1 AND (s.object = $2 OR $2 = 0) AND s.versions > 1 AND e.kind = 2 "
		"ORDER BY s.subject, e.seq",
	[STATEMENT_RECORDED_RANGE] = "SELECT MIN(recorded_ms), MAX(recorded_ms) FROM entry WHERE book_id = $1",
	[STATEMENT_NOTE_ADD] = "INSERT INTO note (book_id, kind, seq) VALUES ($1, $2, $3)",
	[STATEMENT_NOTE_CLEAR] = "DELETE FROM note WHERE book_id = $1",
	[STATEMENT_STATE_ADD] = "INSERT INTO state (" STATE_COLUMNS ") "
				"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
	[STATEMENT_STATE_SET] = "UPDATE state SET observed_ms = $1, standing_seq = $2, first_seq = $3, last_seq = $4, "
				"versions = $5, person = $6, erased = $7, row_match = $8, payload = $9 "
				"WHERE book_id = $10 AND subject = $11",
	[STATEMENT_STATE_CLEAR] = "DELETE FROM state WHERE book_id = $1",
	[STATEMENT_STATE_ONE] = "SELECT " STATE_COLUMNS " FROM state WHERE book_id = $1 AND subject = $2",
	[STATEMENT_STATE_INDEX] =
		"SELECT subject, object, source, key, observed_ms, standing_seq, versions, person, erased, "
		"row_match FROM state WHERE book_id = $1",
	[STATEMENT_STATES] = "SELECT " STATE_WHOLE "WHERE s.book_id = $1 AND (s.object = $2 OR $2 = 0) "
			     "ORDER BY s.subject",
	[STATEMENT_STATE_BY_KEY] = "SELECT " STATE_WHOLE "WHERE s.book_id = $1 AND s.object = $2 AND s.source = $3 "
				   "AND s.key = $4 ORDER BY s.subject",
	[STATEMENT_META_GET] = "SELECT value FROM meta WHERE book_id = $1 AND name = $2",
	[STATEMENT_META_ADD] = "INSERT INTO meta (book_id, name, value) VALUES ($1, $2, $3)",
	[STATEMENT_META_SET] = "UPDATE meta SET value = $1 WHERE book_id = $2 AND name = $3",
};

/* An SQLite file holds one book, so there the sequence alone can be the key, and with it the place in the file. */
const char statement_create_sqlite[] =
	"CREATE TABLE entry (seq INTEGER PRIMARY KEY, book_id INTEGER NOT NULL, kind INTEGER NOT NULL, "
	"object INTEGER NOT NULL, source TEXT NOT NULL, key TEXT NOT NULL, subject INTEGER NOT NULL, "
	"observed_ms INTEGER NOT NULL, recorded_ms INTEGER NOT NULL, actor TEXT NOT NULL, import_seq INTEGER NOT NULL, "
	"payload BLOB NOT NULL, hash BLOB NOT NULL) STRICT;"
	"CREATE INDEX entry_subject ON entry (book_id, subject, seq);"
	"CREATE TABLE state (subject INTEGER PRIMARY KEY, book_id INTEGER NOT NULL, object INTEGER NOT NULL, "
	"source TEXT NOT NULL, key TEXT NOT NULL, observed_ms INTEGER NOT NULL, standing_seq INTEGER NOT NULL, "
	"first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, versions INTEGER NOT NULL, person INTEGER NOT NULL, "
	"erased INTEGER NOT NULL, row_match BLOB NOT NULL, payload BLOB NOT NULL) STRICT;"
	"CREATE TABLE note (book_id INTEGER NOT NULL, kind INTEGER NOT NULL, seq INTEGER NOT NULL, "
	"PRIMARY KEY (book_id, kind, seq)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE meta (book_id INTEGER NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL, "
	"PRIMARY KEY (book_id, name)) STRICT, WITHOUT ROWID;";

const char statement_create_postgresql[] =
	"CREATE TABLE entry (book_id BIGINT NOT NULL, seq BIGINT NOT NULL, kind BIGINT NOT NULL, object BIGINT NOT NULL, "
	"source TEXT NOT NULL, key TEXT NOT NULL, subject BIGINT NOT NULL, observed_ms BIGINT NOT NULL, "
	"recorded_ms BIGINT NOT NULL, actor TEXT NOT NULL, import_seq BIGINT NOT NULL, payload BYTEA NOT NULL, "
	"hash BYTEA NOT NULL, PRIMARY KEY (book_id, seq));"
	"CREATE INDEX entry_subject ON entry (book_id, subject, seq);"
	"CREATE TABLE state (book_id BIGINT NOT NULL, subject BIGINT NOT NULL, object BIGINT NOT NULL, source TEXT NOT NULL, "
	"key TEXT NOT NULL, observed_ms BIGINT NOT NULL, standing_seq BIGINT NOT NULL, first_seq BIGINT NOT NULL, "
	"last_seq BIGINT NOT NULL, versions BIGINT NOT NULL, person BIGINT NOT NULL, erased BIGINT NOT NULL, "
	"row_match BYTEA NOT NULL, payload BYTEA NOT NULL, PRIMARY KEY (book_id, subject));"
	"CREATE TABLE note (book_id BIGINT NOT NULL, kind BIGINT NOT NULL, seq BIGINT NOT NULL, "
	"PRIMARY KEY (book_id, kind, seq));"
	"CREATE TABLE meta (book_id BIGINT NOT NULL, name TEXT NOT NULL, value BIGINT NOT NULL, "
	"PRIMARY KEY (book_id, name));";
