/* Writing a columns snapshot: sections as they come, then the directory, the hashes, and last the header. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "facts/packed.h"
#include "facts/snapshot_file.h"

struct writer {
	int fd;
	const char *path;
	struct err *err;
	int failed;
	uint64_t at; /* of the next byte */
	unsigned char *block;
	size_t filled;
	struct buf hashes, directory;
};

/* ---- bytes ---- */

static void write_all(struct writer *w, const void *bytes, size_t len, uint64_t at)
{
	const char *from = bytes;

	while (len && !w->failed) {
		ssize_t put = pwrite(w->fd, from, len, (off_t)at);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0) {
			w->failed = err_system(w->err, "%s cannot be written", w->path);
			return;
		}
		from += put;
		at += (uint64_t)put;
		len -= (size_t)put;
	}
}

static void end_block(struct writer *w)
{
	unsigned char hash[SNAPSHOT_HASH];

	if (!w->filled)
		return;
	snapshot_hash(hash, w->block, w->filled);
	buf_add(&w->hashes, hash, sizeof(hash));
	write_all(w, w->block, w->filled, w->at - w->filled);
	w->filled = 0;
}

static void emit(struct writer *w, const void *bytes, uint64_t len)
{
	const char *from = bytes;

	while (len && !w->failed) {
		size_t part = SNAPSHOT_BLOCK - w->filled < len ? SNAPSHOT_BLOCK - w->filled : (size_t)len;

		memcpy(w->block + w->filled, from, part);
		w->filled += part;
		w->at += part;
		from += part;
		len -= part;
		if (w->filled == SNAPSHOT_BLOCK)
			end_block(w);
	}
}

static void fill_page(struct writer *w)
{
	static const char zeroes[SNAPSHOT_PAGE];

	emit(w, zeroes, snapshot_page_end(w->at) - w->at);
}

static void add_place(struct writer *w, uint64_t offset, uint64_t bytes)
{
	buf_add_u64(&w->directory, bytes ? offset : 0);
	buf_add_u64(&w->directory, bytes);
}

/* A section, noted in the directory. */
static void add_section(struct writer *w, const void *bytes, uint64_t len)
{
	uint64_t offset = w->at;

	emit(w, bytes, bytes ? len : 0);
	fill_page(w);
	add_place(w, offset, bytes ? len : 0);
}

static void add_text(struct writer *w, const char *text)
{
	buf_add_block(&w->directory, text, strlen(text));
}

/* ---- what stands in it ---- */

/* Lengths of the names in one section, the names in another, each with a NUL. */
static void add_dict(struct writer *w, const struct dict *dict)
{
	uint64_t bytes = 0, offset = w->at;

	for (uint32_t i = 1; i < dict->count; i++) {
		uint32_t len = (uint32_t)dict->names[i].len;

		emit(w, &len, sizeof(len));
		bytes += dict->names[i].len + 1;
	}
	fill_page(w);
	add_place(w, offset, (dict->count - 1) * sizeof(uint32_t));
	offset = w->at;
	for (uint32_t i = 1; i < dict->count; i++) {
		emit(w, dict->names[i].at, dict->names[i].len);
		emit(w, "", 1);
	}
	fill_page(w);
	add_place(w, offset, bytes);
}

static void add_column(struct writer *w, const struct column *column, uint32_t rows)
{
	const struct column_def *def = &column->def;
	bool any = column->at.any != NULL, based = any && def->type == COLUMN_REF && column->width < 4;

	add_text(w, def->name);
	buf_add_u8(&w->directory, (uint8_t)def->type);
	buf_add_u8(&w->directory, def->custom);
	add_text(w, def->custom ? def->sentence : "");
	buf_add_u64(&w->directory, column->unresolved);
	buf_add_u32(&w->directory, column->first_time);
	buf_add_u32(&w->directory, column->last_time);
	if (def->type == COLUMN_KEY) {
		add_section(w, column->at.keys->blocks, (uint64_t)key_list_blocks(rows) * sizeof(uint64_t));
		add_section(w, column->at.keys->bytes, column->at.keys->len);
		return;
	}
	buf_add_u8(&w->directory, column->width);
	buf_add_u8(&w->directory, column->one_currency);
	add_section(w, column->at.any, (uint64_t)rows * column->width);
	add_section(w, based ? column->bases : NULL, (uint64_t)ref_blocks(rows) * sizeof(*column->bases));
	add_section(w, any ? column->currency : NULL, rows);
	add_section(w, column->version_count ? column->versions : NULL, column->version_count * sizeof(struct version));
	if (def->type == COLUMN_NAME)
		add_dict(w, column->dict);
}

static void add_fact(struct writer *w, const struct fact_table *table)
{
	size_t judged = 0;

	buf_add_u32(&w->directory, table->rows);
	buf_add_u32(&w->directory, table->source);
	add_section(w, table->sources, (uint64_t)table->rows * sizeof(uint32_t));
	add_section(w, table->subjects, (uint64_t)table->rows * sizeof(uint32_t));
	add_dict(w, &table->source_names);
	for (size_t i = 0; i < table->column_count; i++)
		judged += table->columns[i]->def.judged;
	buf_add_u32(&w->directory, (uint32_t)(table->column_count - judged));
	for (size_t i = 0; i < table->column_count; i++) {
		if (!table->columns[i]->def.judged)
			add_column(w, table->columns[i], table->rows);
	}
}

static void add_general(struct writer *w, const struct facts *facts)
{
	unsigned char offsets[SNAPSHOT_HASH];

	add_text(w, facts->settings.zone);
	add_text(w, facts->settings.currency);
	add_text(w, facts->settings.name);
	buf_add_u8(&w->directory, (uint8_t)facts->settings.fiscal_start_month);
	snapshot_hash(offsets, facts->offsets, facts->offset_count * sizeof(*facts->offsets));
	buf_add(&w->directory, offsets, sizeof(offsets));
	buf_add_u32(&w->directory, facts->currency_count);
	for (unsigned i = 0; i < facts->currency_count; i++)
		buf_add(&w->directory, facts->currencies[i], sizeof(facts->currencies[i]));
	buf_add_u32(&w->directory, (uint32_t)facts->stage_count);
	for (size_t i = 0; i < facts->stage_count; i++) {
		const struct stage_def *stage = &facts->stages[i];
		uint64_t limit;

		memcpy(&limit, &stage->limit_days, sizeof(limit));
		buf_add_block(&w->directory, stage->name.at, stage->name.len);
		add_text(w, stage->means);
		buf_add_u32(&w->directory, (uint32_t)stage->position);
		buf_add_u8(&w->directory, stage->bid);
		buf_add_u64(&w->directory, limit);
	}
}

/* What rows that come later have to know. */
static void add_lasting(struct writer *w, const struct facts *facts)
{
	buf_add_u32(&w->directory, (uint32_t)facts->colleague_count);
	for (size_t i = 0; i < facts->colleague_count; i++) {
		const struct facts_colleague *c = &facts->colleagues[i];

		buf_add_u64(&w->directory, c->key);
		buf_add_u64(&w->directory, c->source);
		buf_add_block(&w->directory, c->name.at, c->name.len);
		buf_add_block(&w->directory, c->team.at, c->team.len);
		buf_add_block(&w->directory, c->region.at, c->region.len);
		buf_add_block(&w->directory, c->partner.at, c->partner.len);
	}
	buf_add_u8(&w->directory, facts->leads_by_email);
	buf_add_u64(&w->directory, facts->ties.persons);
	add_section(w, facts->ties.items, facts->ties.count * sizeof(*facts->ties.items));
	add_section(w, facts->ties.moves, facts->ties.move_count * sizeof(*facts->ties.moves));
	add_section(w, facts->ties.names, facts->ties.name_count * sizeof(*facts->ties.names));
}

/* ---- the file ---- */

static void add_end(struct writer *w, const struct facts *facts)
{
	struct snapshot_header header = {
		.format = SNAPSHOT_FORMAT, .fold = book_fold_version(), .facts = FACTS_VERSION, .head = facts->head
	};
	static const char zeroes[SNAPSHOT_PAGE];
	unsigned char page[SNAPSHOT_PAGE];

	if (w->directory.full)
		BUG("a directory of columns of more than %zu bytes", w->directory.max);
	header.directory = (struct section){ w->at, w->directory.len };
	emit(w, w->directory.at, w->directory.len);
	fill_page(w);
	end_block(w);
	header.hashes = (struct section){ w->at, w->hashes.len };
	buf_add(&w->hashes, zeroes, snapshot_page_end(w->hashes.len) - w->hashes.len);
	header.file_bytes = w->at + w->hashes.len;
	snapshot_hash(header.hash_of_hashes, w->hashes.at, w->hashes.len);
	write_all(w, w->hashes.at, w->hashes.len, w->at);
	snapshot_header_write(page, &header);
	write_all(w, page, sizeof(page), 0);
}

static void write_facts(struct writer *w, const struct facts *facts)
{
	add_general(w, facts);
	add_lasting(w, facts);
	for (enum fact f = 0; f < FACT_PROMISES; f++)
		add_fact(w, &facts->tables[f]);
	add_end(w, facts);
	if (!w->failed && fsync(w->fd) != 0)
		w->failed = err_system(w->err, "%s cannot be made durable", w->path);
}

/* A renamed file survives a power cut only when its folder is on the disk too. */
static int put_in_place(const char *fresh, const char *path, struct err *err)
{
	char *copy, *folder;
	int fd, failed = 0;

	if (rename(fresh, path) != 0)
		return err_system(err, "%s cannot be renamed to %s", fresh, path);
	copy = strdup(path);
	if (!copy)
		out_of_memory(strlen(path));
	folder = dirname(copy);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0)
		failed = err_system(err, "%s cannot be made durable", folder);
	if (fd >= 0)
		close(fd);
	free(copy);
	return failed;
}

static char *with_suffix(const char *path, const char *suffix)
{
	size_t len = strlen(path), more = strlen(suffix);
	char *out = must_alloc(len + more + 1);

	memcpy(out, path, len);
	memcpy(out + len, suffix, more + 1);
	return out;
}

static int write_to(int fd, const char *path, const struct facts *facts, struct err *err)
{
	struct writer w = { .fd = fd, .path = path, .err = err, .at = SNAPSHOT_PAGE };

	w.block = must_alloc(SNAPSHOT_BLOCK);
	buf_init(&w.hashes, SNAPSHOT_DIRECTORY_MAX);
	buf_init(&w.directory, SNAPSHOT_DIRECTORY_MAX);
	write_facts(&w, facts);
	buf_release(&w.hashes);
	buf_release(&w.directory);
	free(w.block);
	return w.failed;
}

int snapshot_write(const struct facts *facts, const char *path, struct err *err)
{
	char *fresh = with_suffix(path, ".new");
	int fd, failed;

	unlink(fresh);
	fd = open(fresh, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) {
		failed = err_system(err, "%s cannot be made", fresh);
		free(fresh);
		return failed;
	}
	failed = write_to(fd, fresh, facts, err);
	if (close(fd) != 0 && !failed)
		failed = err_system(err, "%s cannot be written", fresh);
	if (!failed)
		failed = put_in_place(fresh, path, err);
	if (failed)
		unlink(fresh);
	free(fresh);
	return failed;
}

int snapshot_write_nameless(int *fd, const struct facts *facts, const char *path, struct err *err)
{
	char *copy = with_suffix(path, "");
	int failed = 0;

	*fd = open(dirname(copy), O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	free(copy);
	if (*fd < 0)
		return err_set(err, ERR_STATE, "no file can be made beside %s", path);
	failed = write_to(*fd, path, facts, err);
	if (failed)
		close(*fd);
	return failed;
}

int snapshot_name(int fd, const char *path, struct err *err)
{
	char *fresh = with_suffix(path, ".new"), self[64];
	int failed = 0;

	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	unlink(fresh);
	if (linkat(AT_FDCWD, self, AT_FDCWD, fresh, AT_SYMLINK_FOLLOW) != 0)
		failed = err_system(err, "%s cannot be made", fresh);
	else
		failed = put_in_place(fresh, path, err);
	if (failed)
		unlink(fresh);
	free(fresh);
	return failed;
}

char *snapshot_path(const char *book_path)
{
	return strstr(book_path, "://") ? NULL : with_suffix(book_path, BOOK_COLUMNS);
}
