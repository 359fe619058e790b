#include "book/statements.h"

#define ENTRY_COLUMNS                                                                                                  \
	"book_id, rowid, kind, object, source, key, subject, observed_ms, recorded_ms, actor, import_seq, payload, hash"
#define ENTRY_COLUMNS_OF_E                                                                                                 \
	"e.book_id, e.rowid AS seq, e.kind, e.object, e.source, e.key, e.subject, e.observed_ms, e.recorded_ms, e.actor, " \
	"e.import_seq, e.payload, e.hash"
#define LATER "kind = 2 AND subject <> rowid" /* observations of a record but its first: what index entry_later holds */
/* What is called by a name, when listed or referred to: accounts, opportunities, orders. Of no other record is its key in an index:
 * imports would pay for it. Without IN, for which SQLite would make a table in memory at every insert: a third of an import. */
#define NAMED(e) e "kind = 2 AND " e "subject = " e "rowid AND (" e "object = 3 OR " e "object = 4 OR " e "object = 9)"
/* What is agreed or set up, our own people, stages and custom fields: few records among millions. */
#define PAPER(e)                                                                                                       \
	e "kind = 2 AND " e "subject = " e "rowid AND ((" e "object >= 10 AND " e "object <= 12) OR (" e               \
	  "object >= 15 AND " e "object <= 23))"
/* What people tell singly: activities, touches, steps, words about promises, under keys that the desk makes of others. What a file calls by ids
 * without that sign costs no import anything. */
#define TOLD(e)                                                                                                        \
	e "kind = 2 AND " e "subject = " e "rowid AND (" e "object = 6 OR " e "object = 7 OR " e "object = 13 OR " e   \
	  "object = 14) AND " e "key LIKE '%#%'"
#define INDEX_TOLD "CREATE INDEX entry_told ON entry (book_id, object, source, key) WHERE " TOLD("") ";"
#define INDEX_NAMED "CREATE INDEX entry_called ON entry (book_id, object, source, key) WHERE " NAMED("") ";"
#define INDEX_PAPER "CREATE INDEX entry_paper ON entry (book_id, object) WHERE " PAPER("") ";"
#define STATE_COLUMNS                                                                                                  \
	"subject, observed_ms, standing_seq, first_seq, last_seq, versions, person, erased, row_match, payload"

#define SCAN_COLUMNS "SELECT rowid, object, source, key, subject, observed_ms, payload"
#define SCAN_ROWS "FROM entry WHERE +book_id = $1 AND rowid >= $2 AND rowid < $3 AND kind = 2 ORDER BY rowid"

/* Every record with what stands: its row of the state, or the one entry it has. */
#define OUTBOX_COLUMNS "id, way, kind, receiver, body, made_ms, due_ms, state, tries, trouble"
#define RECORDS                                                                                                        \
	"SELECT e.rowid, s.observed_ms, s.standing_seq, s.first_seq, s.last_seq, s.versions, s.person, s.erased, "     \
	"s.row_match, CASE WHEN s.subject IS NULL THEN e.payload ELSE s.payload END, "                                 \
	"e.object, e.source, e.key, e.observed_ms "                                                                    \
	"FROM entry e LEFT JOIN state s ON s.book_id = e.book_id AND s.subject = e.rowid "                             \
	"WHERE e.book_id = $1 AND e.kind = 2 AND e.subject = e.rowid "
#define BY_KEY "AND e.object = $2 AND e.source = $3 AND e.key = $4 ORDER BY e.rowid"

/* Kind 2 is ENTRY_OBSERVATION (entry.h), objects 3, 4 and 9 are OBJECT_ACCOUNT, OBJECT_OPPORTUNITY and OBJECT_ORDER, 6, 7, 13 and
 * 14 OBJECT_ACTIVITY, OBJECT_TOUCH, OBJECT_LEAD_STEP and OBJECT_PROMISE_WORD, and 10 to 12 and 15 to 23
 * those of object_is_few. */
const char *const statement_sql[STATEMENT__COUNT] = {
	[STATEMENT_ENTRY_ADD] = "INSERT INTO entry (" ENTRY_COLUMNS ") "
				"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
	[STATEMENT_ENTRY_HEAD] = "SELECT rowid, hash FROM entry WHERE book_id = $1 ORDER BY rowid DESC LIMIT 1",
	[STATEMENT_ENTRY_ONE] = "SELECT " ENTRY_COLUMNS " FROM entry WHERE book_id = $1 AND rowid = $2",
	[STATEMENT_ENTRIES] = "SELECT " ENTRY_COLUMNS " FROM entry WHERE book_id = $1 ORDER BY rowid",
	[STATEMENT_ENTRIES_FILED] = "SELECT " ENTRY_COLUMNS " FROM entry ORDER BY rowid",
	[STATEMENT_ENTRY_FIRST] = "SELECT " ENTRY_COLUMNS " FROM entry "
				  "WHERE book_id = $1 AND rowid = $2 AND subject = rowid AND kind = 2",
	[STATEMENT_ENTRIES_LATER] = "SELECT " ENTRY_COLUMNS " FROM entry "
				    "WHERE book_id = $1 AND subject = $2 AND " LATER " ORDER BY rowid",
	[STATEMENT_ENTRIES_BY_SUBJECT] =
		"SELECT " ENTRY_COLUMNS ", rowid AS record FROM entry "
		"WHERE book_id = $1 AND kind = 2 AND subject = rowid AND (object = $2 OR $2 = 0) "
		"UNION ALL SELECT " ENTRY_COLUMNS ", subject AS record FROM entry "
		"WHERE book_id = $1 AND " LATER " AND (object = $2 OR $2 = 0) "
		"ORDER BY record, rowid",
	[STATEMENT_ENTRIES_OF_IMPORT] = "SELECT " ENTRY_COLUMNS " FROM entry "
					"WHERE book_id = $1 AND rowid > $2 AND import_seq = $3 ORDER BY rowid",
	[STATEMENT_ENTRIES_NOTED] = "SELECT " ENTRY_COLUMNS_OF_E " "
				    "FROM note n JOIN entry e ON e.book_id = n.book_id AND e.rowid = n.seq "
				    "WHERE n.book_id = $1 AND n.kind = $2 ORDER BY n.seq",
	[STATEMENT_ENTRIES_NOTED_BEFORE] =
		"SELECT " ENTRY_COLUMNS_OF_E " "
		"FROM note n JOIN entry e ON e.book_id = n.book_id AND e.rowid = n.seq "
		"WHERE n.book_id = $1 AND n.kind = $2 AND n.seq < $3 ORDER BY n.seq DESC LIMIT $4",
	[STATEMENT_ENTRIES_REPEATED] = "SELECT " ENTRY_COLUMNS_OF_E ", s.subject AS record "
				       "FROM state s JOIN entry e ON e.book_id = s.book_id AND e.rowid = s.subject "
				       "WHERE s.book_id = $1 AND s.versions > 1 AND (e.object = $2 OR $2 = 0) "
				       "UNION ALL SELECT " ENTRY_COLUMNS_OF_E ", s.subject AS record "
				       "FROM state s JOIN entry e ON e.book_id = s.book_id AND e.subject = s.subject "
				       "AND e.kind = 2 AND e.subject <> e.rowid "
				       "WHERE s.book_id = $1 AND s.versions > 1 AND (e.object = $2 OR $2 = 0) "
				       "ORDER BY record, seq",
	/* The plus keeps SQLite to the table, which stands in this order already. */
	[STATEMENT_ENTRIES_SINCE] = "SELECT rowid, kind, object, subject FROM entry "
				    "WHERE +book_id = $1 AND rowid > $2 ORDER BY rowid",
	/* The plus keeps SQLite to the table, which stands in this order already. */
	[STATEMENT_ENTRIES_SCAN] = SCAN_COLUMNS ", recorded_ms, import_seq " SCAN_ROWS,
	[STATEMENT_ENTRIES_SCAN_ALL] = SCAN_COLUMNS " " SCAN_ROWS,
	[STATEMENT_RECORDS_REPEATED] = "SELECT DISTINCT subject FROM entry WHERE book_id = $1 AND " LATER,
	[STATEMENT_RECORDED_RANGE] = "SELECT MIN(recorded_ms), MAX(recorded_ms) FROM entry WHERE book_id = $1",
	[STATEMENT_NOTE_LAST] = "SELECT MAX(seq) FROM note WHERE book_id = $1 AND kind = $2",
	[STATEMENT_NOTE_ADD] = "INSERT INTO note (book_id, kind, seq) VALUES ($1, $2, $3)",
	[STATEMENT_NOTE_CLEAR] = "DELETE FROM note WHERE book_id = $1",
	[STATEMENT_STATE_ADD] = "INSERT INTO state (book_id, " STATE_COLUMNS ") "
				"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
	[STATEMENT_STATE_SET] = "UPDATE state SET observed_ms = $1, standing_seq = $2, first_seq = $3, last_seq = $4, "
				"versions = $5, person = $6, erased = $7, row_match = $8, payload = $9 "
				"WHERE book_id = $10 AND subject = $11",
	[STATEMENT_STATE_DROP] = "DELETE FROM state WHERE book_id = $1 AND subject = $2",
	[STATEMENT_STATE_CLEAR] = "DELETE FROM state WHERE book_id = $1",
	[STATEMENT_STATE_ONE] = "SELECT " STATE_COLUMNS " FROM state WHERE book_id = $1 AND subject = $2",
	[STATEMENT_STATE_STRAY] = "SELECT s.subject FROM state s LEFT JOIN entry e ON e.book_id = s.book_id "
				  "AND e.rowid = s.subject AND e.subject = e.rowid AND e.kind = 2 "
				  "WHERE s.book_id = $1 AND e.rowid IS NULL",
	[STATEMENT_RECORDS] = RECORDS "AND (e.object = $2 OR $2 = 0) ORDER BY e.rowid",
	/* SQLite takes a partial index where its condition stands word for word. */
	[STATEMENT_PAPERS] = RECORDS "AND " PAPER("e.") " AND e.object = $2 ORDER BY e.rowid",
	[STATEMENT_RECORD] = RECORDS "AND e.rowid = $2",
	[STATEMENT_RECORD_BY_KEY] = RECORDS BY_KEY,
	[STATEMENT_NAMED_BY_KEY] = RECORDS "AND " NAMED("e.") " " BY_KEY,
	[STATEMENT_PAPER_BY_KEY] = RECORDS "AND " PAPER("e.") " " BY_KEY,
	[STATEMENT_TOLD_BY_KEY] = RECORDS "AND " TOLD("e.") " " BY_KEY,
	[STATEMENT_META_GET] = "SELECT value FROM meta WHERE book_id = $1 AND name = $2",
	[STATEMENT_META_SET] = "INSERT INTO meta (book_id, name, value) VALUES ($1, $2, $3) "
			       "ON CONFLICT (book_id, name) DO UPDATE SET value = excluded.value",
	[STATEMENT_REPLY_ADD] = "INSERT INTO reply (book_id, key, made_ms, bytes) VALUES ($1, $2, $3, $4)",
	[STATEMENT_REPLY_GET] = "SELECT bytes FROM reply WHERE book_id = $1 AND key = $2",
	[STATEMENT_REPLY_DROP] = "DELETE FROM reply WHERE book_id = $1 AND made_ms < $2",
	[STATEMENT_OUTBOX_ADD] =
		"INSERT INTO outbox (book_id, id, way, kind, receiver, body, made_ms, due_ms, state, tries, trouble) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, '') ON CONFLICT (book_id, id) DO NOTHING",
	[STATEMENT_OUTBOX_SET] = "UPDATE outbox SET state = $1, due_ms = $2, tries = tries + $3, trouble = $4 "
				 "WHERE book_id = $5 AND id = $6",
	[STATEMENT_OUTBOX_DROP] = "DELETE FROM outbox WHERE book_id = $1 AND id = $2",
	[STATEMENT_OUTBOX_DROP_OLD] = "DELETE FROM outbox WHERE book_id = $1 AND state = $2 AND due_ms < $3",
	[STATEMENT_OUTBOX_DUE] = "SELECT " OUTBOX_COLUMNS " FROM outbox "
				 "WHERE book_id = $1 AND state = $2 AND due_ms <= $3 ORDER BY due_ms, id LIMIT $4",
	[STATEMENT_OUTBOX_LIST] =
		"SELECT " OUTBOX_COLUMNS " FROM outbox "
		"WHERE book_id = $1 AND state = $2 AND made_ms < $3 ORDER BY made_ms DESC, id LIMIT $4",
	[STATEMENT_OUTBOX_ONE] = "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE book_id = $1 AND id = $2",
	[STATEMENT_OUTBOX_COUNT] = "SELECT state, COUNT(*), MIN(due_ms) FROM outbox WHERE book_id = $1 GROUP BY state",
	[STATEMENT_OUTLET_ADD] = "INSERT INTO outlet (book_id, id, way, url, kinds, turn, off) "
				 "VALUES ($1, $2, $3, $4, $5, $6, $7)",
	[STATEMENT_OUTLET_SET] = "UPDATE outlet SET way = $1, url = $2, kinds = $3, turn = $4, off = $5 "
				 "WHERE book_id = $6 AND id = $7",
	[STATEMENT_OUTLET_DROP] = "DELETE FROM outlet WHERE book_id = $1 AND id = $2",
	[STATEMENT_OUTLETS] = "SELECT id, way, url, kinds, turn, off FROM outlet WHERE book_id = $1 ORDER BY id",
	[STATEMENT_WISH_SET] =
		"INSERT INTO wish (book_id, login, quiet, feed, digest_day, weekly_day) VALUES ($1, $2, $3, $4, $5, $6) "
		"ON CONFLICT (book_id, login) DO UPDATE SET quiet = excluded.quiet, feed = excluded.feed, "
		"digest_day = excluded.digest_day, weekly_day = excluded.weekly_day",
	[STATEMENT_WISHES] =
		"SELECT login, quiet, feed, digest_day, weekly_day FROM wish WHERE book_id = $1 ORDER BY login",
};

/* An SQLite file holds one book, so there the entry's number alone can be the key: the rowid that every table has, undeclared. Declared as a
 * column it would stand in each record too, as a "null" that SQLite passes over: a byte that may change without a reader seeing it. VACUUM
 * may number undeclared rowids anew, from 1 on in their order: entries have no gaps, so each keeps its own. */
const char statement_create_sqlite[] =
	"CREATE TABLE entry (book_id INTEGER NOT NULL, kind INTEGER NOT NULL, "
	"object INTEGER NOT NULL, source TEXT NOT NULL, key TEXT NOT NULL, subject INTEGER NOT NULL, "
	"observed_ms INTEGER NOT NULL, recorded_ms INTEGER NOT NULL, actor TEXT NOT NULL, import_seq INTEGER NOT NULL, "
	"payload BLOB NOT NULL, hash BLOB NOT NULL) STRICT;"
	"CREATE INDEX entry_later ON entry (book_id, subject) WHERE " LATER ";" INDEX_NAMED INDEX_PAPER INDEX_TOLD
	"CREATE TABLE state (subject INTEGER PRIMARY KEY, book_id INTEGER NOT NULL, observed_ms INTEGER NOT NULL, standing_seq INTEGER NOT NULL, "
	"first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, versions INTEGER NOT NULL, person INTEGER NOT NULL, "
	"erased INTEGER NOT NULL, row_match BLOB NOT NULL, payload BLOB NOT NULL) STRICT;"
	"CREATE TABLE note (book_id INTEGER NOT NULL, kind INTEGER NOT NULL, seq INTEGER NOT NULL, "
	"PRIMARY KEY (book_id, kind, seq)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE meta (book_id INTEGER NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL, "
	"PRIMARY KEY (book_id, name)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE reply (book_id INTEGER NOT NULL, key BLOB NOT NULL, made_ms INTEGER NOT NULL, bytes BLOB NOT NULL, "
	"PRIMARY KEY (book_id, key)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX reply_age ON reply (book_id, made_ms);"
	"CREATE TABLE outbox (book_id INTEGER NOT NULL, id TEXT NOT NULL, way INTEGER NOT NULL, kind TEXT NOT NULL, "
	"receiver TEXT NOT NULL, body BLOB NOT NULL, made_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL, "
	"state INTEGER NOT NULL, tries INTEGER NOT NULL, trouble TEXT NOT NULL, PRIMARY KEY (book_id, id)) STRICT;"
	"CREATE INDEX outbox_due ON outbox (book_id, state, due_ms);"
	"CREATE TABLE outlet (book_id INTEGER NOT NULL, id TEXT NOT NULL, way INTEGER NOT NULL, url TEXT NOT NULL, "
	"kinds TEXT NOT NULL, turn INTEGER NOT NULL, off INTEGER NOT NULL, PRIMARY KEY (book_id, id)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE wish (book_id INTEGER NOT NULL, login TEXT NOT NULL, quiet INTEGER NOT NULL, feed INTEGER NOT NULL, "
	"digest_day INTEGER NOT NULL, weekly_day INTEGER NOT NULL, PRIMARY KEY (book_id, login)) STRICT, WITHOUT ROWID;";

const char statement_create_postgresql[] =
	"CREATE TABLE entry (book_id BIGINT NOT NULL, rowid BIGINT NOT NULL, kind BIGINT NOT NULL, object BIGINT NOT NULL, "
	"source TEXT NOT NULL, key TEXT NOT NULL, subject BIGINT NOT NULL, observed_ms BIGINT NOT NULL, "
	"recorded_ms BIGINT NOT NULL, actor TEXT NOT NULL, import_seq BIGINT NOT NULL, payload BYTEA NOT NULL, "
	"hash BYTEA NOT NULL, PRIMARY KEY (book_id, rowid));"
	"CREATE INDEX entry_later ON entry (book_id, subject) WHERE " LATER ";" INDEX_NAMED INDEX_PAPER INDEX_TOLD
	"CREATE TABLE state (book_id BIGINT NOT NULL, subject BIGINT NOT NULL, observed_ms BIGINT NOT NULL, standing_seq BIGINT NOT NULL, first_seq BIGINT NOT NULL, "
	"last_seq BIGINT NOT NULL, versions BIGINT NOT NULL, person BIGINT NOT NULL, erased BIGINT NOT NULL, "
	"row_match BYTEA NOT NULL, payload BYTEA NOT NULL, PRIMARY KEY (book_id, subject));"
	"CREATE TABLE note (book_id BIGINT NOT NULL, kind BIGINT NOT NULL, seq BIGINT NOT NULL, "
	"PRIMARY KEY (book_id, kind, seq));"
	"CREATE TABLE meta (book_id BIGINT NOT NULL, name TEXT NOT NULL, value BIGINT NOT NULL, "
	"PRIMARY KEY (book_id, name));"
	"CREATE TABLE reply (book_id BIGINT NOT NULL, key BYTEA NOT NULL, made_ms BIGINT NOT NULL, bytes BYTEA NOT NULL, "
	"PRIMARY KEY (book_id, key));"
	"CREATE INDEX reply_age ON reply (book_id, made_ms);"
	"CREATE TABLE outbox (book_id BIGINT NOT NULL, id TEXT NOT NULL, way BIGINT NOT NULL, kind TEXT NOT NULL, "
	"receiver TEXT NOT NULL, body BYTEA NOT NULL, made_ms BIGINT NOT NULL, due_ms BIGINT NOT NULL, "
	"state BIGINT NOT NULL, tries BIGINT NOT NULL, trouble TEXT NOT NULL, PRIMARY KEY (book_id, id));"
	"CREATE INDEX outbox_due ON outbox (book_id, state, due_ms);"
	"CREATE TABLE outlet (book_id BIGINT NOT NULL, id TEXT NOT NULL, way BIGINT NOT NULL, url TEXT NOT NULL, "
	"kinds TEXT NOT NULL, turn BIGINT NOT NULL, off BIGINT NOT NULL, PRIMARY KEY (book_id, id));"
	"CREATE TABLE wish (book_id BIGINT NOT NULL, login TEXT NOT NULL, quiet BIGINT NOT NULL, feed BIGINT NOT NULL, "
	"digest_day BIGINT NOT NULL, weekly_day BIGINT NOT NULL, PRIMARY KEY (book_id, login));";
