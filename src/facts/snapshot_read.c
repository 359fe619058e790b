/* Reading a columns snapshot: arrays are used where the file is mapped; only names get an index in memory of their own. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cores.h"
#include "facts/facts_builder.h"
#include "facts/load.h"
#include "facts/packed.h"
#include "facts/snapshot_file.h"

struct reader {
	const unsigned char *bytes;
	uint64_t end; /* of the sections */
	struct cursor in;
	struct facts *facts;
	const char *wrong; /* first thing that cannot be so; NULL = none */
	char why[128];     /* it may stand here */
};

/* ---- small things of the directory ---- */

static void fail(struct reader *r, const char *what)
{
	if (!r->wrong)
		r->wrong = what;
}

/* A section of items of that size: NULL when it has none. */
static const void *take_section(struct reader *r, size_t item_bytes, uint64_t *count)
{
	uint64_t offset = cursor_u64(&r->in), bytes = cursor_u64(&r->in);

	*count = 0;
	if (!bytes || r->wrong)
		return NULL;
	if (offset % SNAPSHOT_PAGE || offset < SNAPSHOT_PAGE || offset > r->end || bytes > r->end - offset ||
	    bytes % item_bytes) {
		fail(r, "a section lies where none can be");
		return NULL;
	}
	*count = bytes / item_bytes;
	return r->bytes + offset;
}

/* One value for each row, or nothing. */
static void *take_array(struct reader *r, size_t item_bytes, uint64_t rows)
{
	uint64_t count;
	const void *items = take_section(r, item_bytes, &count);

	if (items && count != rows) {
		fail(r, "a column has not as many values as there are rows");
		return NULL;
	}
	/* Mapped for reading only: finished facts are not written to. */
	return (void *)(uintptr_t)items;
}

static bool below(const uint32_t *items, uint64_t count, uint32_t limit)
{
	uint32_t most = 0;

	for (uint64_t i = 0; i < count; i++)
		most = items[i] > most ? items[i] : most;
	return !count || most < limit;
}

static bool bytes_below(const uint8_t *items, uint64_t count, unsigned limit)
{
	uint8_t most = 0;

	for (uint64_t i = 0; i < count; i++)
		most = items[i] > most ? items[i] : most;
	return !count || most < limit;
}

static bool codes_below(const struct column *column, uint32_t rows, uint32_t limit)
{
	uint32_t most = 0;

	for (uint32_t i = 0; i < rows; i++)
		most = column_code(column, i) > most ? column_code(column, i) : most;
	return !rows || most < limit;
}

static bool refs_below(const struct column *column, uint32_t rows, uint32_t limit)
{
	uint32_t beyond = 0;

	for (uint32_t i = 0; i < rows; i++) {
		uint32_t ref = column_ref(column, i);

		beyond |= (ref != REF_NONE) & (ref >= limit);
	}
	return !beyond;
}

/* ---- names and keys ---- */

static void take_dict(struct reader *r, struct dict *dict)
{
	uint64_t count, bytes, at = 0;
	const uint32_t *lens = take_section(r, sizeof(uint32_t), &count);
	const char *text = take_section(r, 1, &bytes);

	if (r->wrong)
		return;
	if (count >= UINT32_MAX || count > bytes) {
		fail(r, "there are more names than text for them");
		return;
	}
	dict->names = must_realloc(dict->names, (count + 1) * sizeof(*dict->names));
	dict->names[0] = STR_NONE;
	dict->capacity = (uint32_t)count + 1;
	dict->count = 1;
	dict->sealed = dict->borrowed = true;
	for (uint64_t i = 0; i < count; i++) {
		if (lens[i] >= bytes - at || text[at + lens[i]] != '\0' || !lens[i]) {
			fail(r, "a name is longer than its text");
			return;
		}
		dict->names[dict->count++] = (struct str){ text + at, lens[i] };
		at += lens[i] + 1;
		if (at == bytes && i + 1 < count) {
			fail(r, "there are more names than text for them");
			return;
		}
	}
}

static void take_keys(struct reader *r, struct key_list *keys, uint32_t rows)
{
	uint64_t blocks, len;
	const uint64_t *starts = take_section(r, sizeof(uint64_t), &blocks);
	const unsigned char *bytes = take_section(r, 1, &len);

	if (!r->wrong && blocks != key_list_blocks(rows))
		fail(r, "there are not as many keys as rows");
	if (r->wrong)
		return;
	/* What is in the blocks is looked at when a key is asked for. */
	keys->blocks = (uint64_t *)(uintptr_t)starts;
	keys->bytes = (unsigned char *)(uintptr_t)bytes;
	keys->len = len;
	keys->count = rows;
	keys->borrowed = true;
}

/* ---- columns ---- */

/* What judging makes stands in no snapshot; in a fact these are the catalogue's last. */
static size_t kept_columns(const struct fact_table *table)
{
	size_t kept = 0;

	for (size_t i = 0; i < table->column_count; i++)
		kept += !table->columns[i]->def.judged;
	return kept;
}

static struct column *find_column(struct reader *r, enum fact fact, size_t place, struct str name,
				  enum column_type type, bool custom, struct str sentence)
{
	struct fact_table *table = &r->facts->tables[fact];
	struct column *column;

	if (place < kept_columns(table)) {
		column = table->columns[place];
		return !custom && column->def.type == type && str_is(name, column->def.name) ? column : NULL;
	}
	if (!custom || !name.len || type > COLUMN_FLAG || memchr(name.at, '\0', name.len))
		return NULL;
	column = builder_custom(r->facts, fact, name, type, sentence);
	return column && place + 1 == kept_columns(table) ? column : NULL;
}

static const char *wrong_versions(const struct facts *facts, const struct column *column, uint32_t rows)
{
	for (size_t i = 0; i < column->version_count; i++) {
		const struct version *version = &column->versions[i];

		if (version->row >= rows || (i && version->row < column->versions[i - 1].row))
			return "the history of a column is not in order";
		if (column->def.type == COLUMN_NAME && version->value.code >= column->dict->count)
			return "a name of the past is not there";
		if (version->currency >= facts->currency_count)
			return "a currency is not there";
	}
	return NULL;
}

static const char *wrong_values(const struct facts *facts, const struct column *column, uint32_t rows)
{
	if (!column->at.any)
		return NULL;
	switch (column->def.type) {
	case COLUMN_NAME: return codes_below(column, rows, column->dict->count) ? NULL : "a name is not there";
	case COLUMN_REF:
		return refs_below(column, rows, facts->tables[column->def.target].rows) ? NULL : "a link leads nowhere";
	case COLUMN_FLAG:
		return bytes_below(column->at.flags, rows, FLAG_YES + 1) ? NULL : "a flag is neither yes nor no";
	case COLUMN_MONEY:
		return column->one_currency < facts->currency_count &&
				       (!column->currency || bytes_below(column->currency, rows, facts->currency_count))
			       ? NULL
			       : "a currency is not there";
	default: return NULL;
	}
}

/* All columns of all facts, to be looked at by several threads. */
struct columns {
	struct facts *facts;
	struct column **items;
};

static int look_at_column(void *context, size_t item, struct err *err)
{
	const struct columns *all = context;
	struct column *column = all->items[item];
	uint32_t rows = all->facts->tables[column->fact].rows;
	const char *wrong = wrong_values(all->facts, column, rows);

	if (!wrong)
		wrong = wrong_versions(all->facts, column, rows);
	if (wrong)
		return err_set(err, ERR_DAMAGED, "%s", wrong);
	column_note(column, rows);
	return 0;
}

/* Links lead to facts that come later too, so this waits until all are there. */
static void look_at_columns(struct reader *r)
{
	struct columns all = { .facts = r->facts };
	long cores = cores_count();
	struct err err = ERR_INIT;
	size_t count = 0;

	for (enum fact f = 0; f < FACT__COUNT; f++)
		count += r->facts->tables[f].column_count;
	all.items = must_alloc((count + 1) * sizeof(struct column *));
	count = 0;
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		for (size_t i = 0; i < r->facts->tables[f].column_count; i++)
			all.items[count++] = r->facts->tables[f].columns[i];
	}
	if (load_each(cores > 1 ? (unsigned)cores : 1, count, look_at_column, &all, NULL, &err)) {
		snprintf(r->why, sizeof(r->why), "%.*s", (int)sizeof(r->why) - 1, err.text);
		fail(r, r->why);
	}
	free(all.items);
}

static void take_values(struct reader *r, struct column *column, uint32_t rows)
{
	unsigned width = cursor_u8(&r->in);

	if (!column_width_is(column->def.type, width)) {
		fail(r, "a column is as wide as none can be");
		return;
	}
	column->width = (uint8_t)width;
	column->capacity = rows;
	column->one_currency = cursor_u8(&r->in);
	column->at.any = take_array(r, width, rows);
	if (!column->at.any) /* as loading leaves it */
		column->width = (uint8_t)column_type_bytes(column->def.type);
	column->bases = take_array(r, sizeof(*column->bases), ref_blocks(rows));
	column->currency = take_array(r, 1, rows);
	if (column->at.any && column->def.type == COLUMN_REF && width < 4 && !column->bases)
		fail(r, "links have no beginning");
	if (column->last_time && (column->def.type != COLUMN_TIME || !column->at.any) && rows)
		fail(r, "a column ends at a time, but has none");
	if (!rows) /* nothing ends where there is nothing; with rows it is worked out from them */
		column->last_time = 0;
}

static void take_column(struct reader *r, enum fact fact, size_t place)
{
	uint32_t rows = r->facts->tables[fact].rows;
	struct str name = cursor_block(&r->in);
	enum column_type type = cursor_u8(&r->in);
	bool custom = cursor_u8(&r->in) == 1;
	struct str sentence = cursor_block(&r->in);
	struct column *column = r->in.failed ? NULL : find_column(r, fact, place, name, type, custom, sentence);
	uint64_t count;

	if (!column) {
		fail(r, "its columns are others");
		return;
	}
	column->borrowed = true;
	column->unresolved = cursor_u64(&r->in);
	column->first_time = cursor_u32(&r->in);
	column->last_time = cursor_u32(&r->in);
	if (column->last_time && column->first_time > column->last_time) {
		fail(r, "a column ends before it begins");
		return;
	}
	if (type == COLUMN_KEY) {
		take_keys(r, column->at.keys, rows);
		return;
	}
	take_values(r, column, rows);
	column->versions = (struct version *)(uintptr_t)take_section(r, sizeof(struct version), &count);
	column->version_count = column->version_capacity = count;
	if (type == COLUMN_NAME)
		take_dict(r, column->dict);
}

static void take_fact(struct reader *r, enum fact fact)
{
	struct fact_table *table = &r->facts->tables[fact];
	uint32_t columns;

	table->rows = table->capacity = cursor_u32(&r->in);
	table->source = cursor_u32(&r->in);
	table->borrowed = true;
	table->sources = take_array(r, sizeof(uint32_t), table->rows);
	table->subjects = take_array(r, sizeof(uint32_t), table->rows);
	take_dict(r, &table->source_names);
	columns = cursor_u32(&r->in);
	if (table->rows > UINT32_MAX / 2)
		fail(r, "there are more rows than can be");
	if (!r->wrong && (table->source >= table->source_names.count ||
			  (table->sources && !below(table->sources, table->rows, table->source_names.count))))
		fail(r, "a source is not there");
	if (columns < kept_columns(table))
		fail(r, "its columns are others");
	for (uint32_t i = 0; i < columns && !r->wrong && !r->in.failed; i++)
		take_column(r, fact, i);
}

/* ---- the whole ---- */

static void take_text(struct reader *r, char *out, size_t size)
{
	struct str text = cursor_block(&r->in);

	if (text.len >= size || (text.len && memchr(text.at, '\0', text.len))) {
		fail(r, "a setting is too long");
		return;
	}
	memcpy(out, text.len ? text.at : "", text.len);
	out[text.len] = '\0';
}

static void take_settings(struct reader *r, struct book_settings *settings)
{
	memset(settings, 0, sizeof(*settings));
	take_text(r, settings->zone, sizeof(settings->zone));
	take_text(r, settings->currency, sizeof(settings->currency));
	take_text(r, settings->name, sizeof(settings->name));
	settings->fiscal_start_month = cursor_u8(&r->in);
}

static void take_currencies(struct reader *r)
{
	struct facts *facts = r->facts;

	facts->currency_count = cursor_u32(&r->in);
	if (!facts->currency_count || facts->currency_count > MAX_CURRENCIES) {
		facts->currency_count = 1;
		fail(r, "there are more currencies than can be");
		return;
	}
	for (unsigned i = 0; i < facts->currency_count; i++) {
		for (size_t k = 0; k < sizeof(facts->currencies[i]); k++)
			facts->currencies[i][k] = (char)cursor_u8(&r->in);
		if (facts->currencies[i][sizeof(facts->currencies[i]) - 1] != '\0') {
			fail(r, "a currency has more than three letters");
			return;
		}
	}
}

static void take_stages(struct reader *r)
{
	uint32_t count = cursor_u32(&r->in);

	for (uint32_t i = 0; i < count && !r->in.failed && !r->wrong; i++) {
		struct stage_def stage = { .name = cursor_block(&r->in) };
		struct str means = cursor_block(&r->in);
		uint64_t limit;

		if (means.len && memchr(means.at, '\0', means.len)) {
			fail(r, "a stage means what none can");
			return;
		}
		stage.means = arena_cstr(&r->facts->arena, means);
		stage.position = (int)cursor_u32(&r->in);
		stage.bid = cursor_u8(&r->in) == 1;
		limit = cursor_u64(&r->in);
		memcpy(&stage.limit_days, &limit, sizeof(limit));
		if (!r->in.failed)
			builder_stage(r->facts, &stage);
	}
}

/* They go on: copied. */
static void *take_copy(struct reader *r, size_t item_bytes, size_t *count, size_t *capacity)
{
	uint64_t found;
	const void *items = take_section(r, item_bytes, &found);
	void *copy;

	*count = *capacity = items ? (size_t)found : 0;
	if (!items)
		return NULL;
	copy = must_alloc((size_t)found * item_bytes);
	memcpy(copy, items, (size_t)found * item_bytes);
	return copy;
}

static void take_ties(struct reader *r)
{
	struct ties *ties = &r->facts->ties;

	ties->persons = cursor_u64(&r->in);
	ties->items = take_copy(r, sizeof(*ties->items), &ties->count, &ties->capacity);
	ties->moves = take_copy(r, sizeof(*ties->moves), &ties->move_count, &ties->move_capacity);
	ties->names = take_copy(r, sizeof(*ties->names), &ties->name_count, &ties->name_capacity);
	for (size_t i = 0; i < ties->count; i++) {
		const struct tie *tie = &ties->items[i];

		if (tie->fact >= FACT__COUNT || tie->link >= LINK__COUNT || tie->missing > 1 ||
		    (tie->missing && !tie_counts(tie->fact, tie->link)))
			fail(r, "a reference is none");
	}
}

static void take_lasting(struct reader *r)
{
	struct facts *facts = r->facts;
	uint32_t count = cursor_u32(&r->in);
	size_t capacity = 0;

	for (uint32_t i = 0; i < count && !r->in.failed && !r->wrong; i++) {
		struct facts_colleague c;

		c.key = cursor_u64(&r->in);
		c.source = cursor_u64(&r->in);
		c.name = arena_str(&facts->arena, cursor_block(&r->in));
		c.team = arena_str(&facts->arena, cursor_block(&r->in));
		c.region = arena_str(&facts->arena, cursor_block(&r->in));
		c.partner = arena_str(&facts->arena, cursor_block(&r->in));
		ARENA_PUSH(&facts->arena, facts->colleagues, facts->colleague_count, capacity);
		facts->colleagues[facts->colleague_count++] = c;
	}
	facts->leads_by_email = cursor_u8(&r->in) == 1;
	take_ties(r);
}

static bool same_settings(const struct book_settings *a, const struct book_settings *b)
{
	return !strcmp(a->zone, b->zone) && !strcmp(a->currency, b->currency) && !strcmp(a->name, b->name) &&
	       a->fiscal_start_month == b->fiscal_start_month;
}

static enum snapshot_state say(char why[256], enum snapshot_state state, const char *text)
{
	snprintf(why, 256, "%s", text);
	return state;
}

/* The contents, once every byte is known to be as written. */
static enum snapshot_state take_facts(struct reader *r, const struct snapshot_header *header,
				      const struct snapshot_wanted *wanted, char why[256])
{
	struct book_settings settings;
	struct err err = ERR_INIT;
	unsigned char offsets[SNAPSHOT_HASH], now[SNAPSHOT_HASH];

	take_settings(r, &settings);
	if (r->wrong || r->in.failed)
		return say(why, SNAPSHOT_DAMAGED, "its settings cannot be read");
	if (wanted->settings && !same_settings(&settings, wanted->settings))
		return say(why, SNAPSHOT_OTHER, "it was written under other settings");
	if (facts_builder_new(&r->facts, &settings, &err))
		return say(why, SNAPSHOT_OTHER, "it was written in a zone that is not known here");
	r->facts->head = header->head;
	for (size_t i = 0; i < sizeof(offsets); i++)
		offsets[i] = cursor_u8(&r->in);
	take_currencies(r);
	take_stages(r);
	take_lasting(r);
	for (enum fact f = 0; f < FACT_PROMISES && !r->wrong; f++)
		take_fact(r, f);
	if (r->in.failed)
		fail(r, "its directory is cut off");
	if (!r->wrong)
		look_at_columns(r);
	if (r->wrong)
		return say(why, SNAPSHOT_DAMAGED, r->wrong);
	facts_settle(r->facts, wanted->today);
	snapshot_hash(now, r->facts->offsets, r->facts->offset_count * sizeof(*r->facts->offsets));
	if (memcmp(now, offsets, sizeof(now)) != 0)
		return say(why, SNAPSHOT_OTHER, "the rules of the time zone have changed");
	return SNAPSHOT_GOOD;
}

/* What the first page alone can tell. */
static enum snapshot_state look(struct snapshot_header *header, const void *bytes, size_t len,
				const struct snapshot_wanted *wanted, char why[256])
{
	if (!snapshot_header_read(header, bytes, len, why))
		return SNAPSHOT_DAMAGED;
	if (header->format != SNAPSHOT_FORMAT || header->fold != book_fold_version() || header->facts != FACTS_VERSION)
		return say(why, SNAPSHOT_OTHER, "it was written by another version");
	if (wanted->head &&
	    (header->head.seq != wanted->head->seq || memcmp(header->head.hash, wanted->head->hash, HASH_BYTES) != 0))
		return say(why, SNAPSHOT_STALE, "the book has gone on since it was written");
	return SNAPSHOT_GOOD;
}

enum snapshot_state snapshot_of_bytes(struct facts **out, const void *bytes, size_t len,
				      const struct snapshot_wanted *wanted, char why[256])
{
	struct snapshot_header header;
	struct reader r = { .bytes = bytes };
	enum snapshot_state state = look(&header, bytes, len, wanted, why);

	if (state != SNAPSHOT_GOOD)
		return state;
	if (!snapshot_blocks_check(&header, bytes, why))
		return SNAPSHOT_DAMAGED;
	r.end = header.hashes.offset;
	r.in = cursor_of(r.bytes + header.directory.offset, header.directory.bytes);
	state = take_facts(&r, &header, wanted, why);
	if (state == SNAPSHOT_GOOD)
		*out = r.facts;
	else
		facts_free(r.facts);
	return state;
}

static enum snapshot_state read_mapped(struct facts **out, int fd, size_t len, const struct snapshot_wanted *wanted,
				       char why[256])
{
	enum snapshot_state state;
	void *map;

	if (len < SNAPSHOT_PAGE)
		return say(why, SNAPSHOT_DAMAGED, "it is cut off");
	map = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return say(why, SNAPSHOT_DAMAGED, "it cannot be mapped");
	state = snapshot_of_bytes(out, map, len, wanted, why);
	if (state != SNAPSHOT_GOOD) {
		munmap(map, len);
	} else {
		(*out)->map = map;
		(*out)->map_bytes = len;
	}
	return state;
}

enum snapshot_state snapshot_read(struct facts **out, const char *path, const struct snapshot_wanted *wanted,
				  char why[256])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum snapshot_state state;
	struct stat facts;

	if (fd < 0 && errno == ENOENT)
		return say(why, SNAPSHOT_ABSENT, "there is none");
	if (fd < 0 || fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode))
		state = say(why, SNAPSHOT_DAMAGED, "it cannot be read");
	else
		state = read_mapped(out, fd, (size_t)facts.st_size, wanted, why);
	if (fd >= 0)
		close(fd);
	return state;
}

bool snapshot_is_of(const char *path, const struct book_head *head)
{
	const struct snapshot_wanted wanted = { .head = head };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	unsigned char page[SNAPSHOT_PAGE];
	struct snapshot_header header;
	struct stat facts;
	char why[256];
	bool good = fd >= 0 && fstat(fd, &facts) == 0 && read(fd, page, sizeof(page)) == (ssize_t)sizeof(page) &&
		    look(&header, page, (size_t)facts.st_size, &wanted, why) == SNAPSHOT_GOOD;

	if (fd >= 0)
		close(fd);
	return good;
}

bool snapshot_is(const char *path)
{
	char magic[sizeof(SNAPSHOT_MAGIC) - 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t got = fd < 0 ? -1 : read(fd, magic, sizeof(magic));

	if (fd >= 0)
		close(fd);
	return got == (ssize_t)sizeof(magic) && !memcmp(magic, SNAPSHOT_MAGIC, sizeof(magic));
}
