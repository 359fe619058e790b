#include "desk/rejects.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "io/file.h"
#include "map/map.h"

enum { MOST_BYTES = 1 << 30, MOST_FILES = 99 };

void rejects_init(struct rejects *r, const struct csv_row *header, struct arena *arena)
{
	*r = (struct rejects){ .arena = arena, .header = header };
	buf_init(&r->pending, MOST_BYTES);
	crypto_generichash_init(&r->hash, NULL, 0, HASH_BYTES);
}

void rejects_release(struct rejects *r)
{
	buf_release(&r->pending);
}

static const char *folder_of(struct arena *arena, const char *path)
{
	return dirname(arena_dup(arena, path));
}

static const char *name_of(struct arena *arena, const char *path)
{
	return basename(arena_dup(arena, path));
}

void rejects_place(struct rejects *r, const char *file, const char *folder, const char *book_path)
{
	const char *name = arena_printf(r->arena, "%s.rejected.csv", name_of(r->arena, file));
	const char *place = folder ? folder : folder_of(r->arena, file);
	struct err why = ERR_INIT;

	if (folder && access(place, F_OK) != 0)
		file_make_parents(arena_printf(r->arena, "%s/%s", folder, name), &why); /* what fails is told below */
	if (access(place, W_OK | X_OK) != 0) {
		r->instead = str_of(arena_printf(
			r->arena, "%s cannot be written; the rejected rows stand beside the book.", place));
		place = folder_of(r->arena, book_path);
	}
	r->path = str_of(arena_printf(r->arena, "%s/%s", place, name));
}

void rejects_add(struct rejects *r, const struct csv_row *own, const struct problem *reasons, size_t count)
{
	size_t cells = own->count + 3;
	struct str *row = must_alloc(sizeof(*row) * cells);
	struct buf columns, texts;
	char line[32];

	buf_init(&columns, 1 << 16);
	buf_init(&texts, 1 << 16);
	for (size_t i = 0; i < count; i++) {
		if (i) {
			buf_add_text(&columns, "; ");
			buf_add_text(&texts, "; ");
		}
		buf_add_str(&columns, reasons[i].field);
		buf_add_str(&texts, reasons[i].text);
	}
	row[0] = (struct str){ line, (size_t)snprintf(line, sizeof(line), "%ld", own->line) };
	row[1] = buf_str(&columns);
	row[2] = buf_str(&texts);
	memcpy(row + 3, own->cells, sizeof(*row) * own->count);
	csv_write_row(&r->pending, row, cells, ',');
	buf_release(&columns);
	buf_release(&texts);
	free(row);
	r->rows++;
}

static void write_header(struct rejects *r, struct buf *out)
{
	struct str *row = must_alloc(sizeof(*row) * (r->header->count + 3));

	row[0] = STR("line");
	row[1] = STR("column");
	row[2] = STR("reason");
	memcpy(row + 3, r->header->cells, sizeof(*row) * r->header->count);
	csv_write_row(out, row, r->header->count + 3, ',');
	free(row);
}

/* Is what stands there what we wrote, or mended and taken in already? */
static int is_ours(struct rejects *r, struct book *book, struct str path, bool *ours, struct err *err)
{
	unsigned char contents[NOTED_BYTES];
	struct file_facts facts;
	struct import *imports;
	bool known = true;
	size_t count;
	int rc = file_facts(&facts, path.at, err);

	if (rc)
		return rc;
	book_row_hash(book, (struct str){ (const char *)facts.hash, HASH_BYTES }, contents);
	rc = book_file_noted(book, path, contents, ours, err);
	if (rc || *ours)
		return rc;
	rc = book_imports(book, &imports, &count, r->arena, err);
	for (size_t i = 0; i < count && rc == 0; i++)
		*ours |= imports[i].state == IMPORT_FINISHED && !memcmp(imports[i].file_hash, facts.hash, HASH_BYTES);
	if (rc == 0 && !*ours)
		rc = book_file_noted(book, path, NULL, &known, err);
	r->foreign = !known;
	return rc;
}

/* "x/leads.csv.rejected.csv", or where that was changed by somebody, "x/leads.csv.rejected-2.csv" and so on. */
static int choose_path(struct rejects *r, struct book *book, struct err *err)
{
	struct str first = r->path, stem = { first.at, first.len - strlen(".csv") };
	bool ours = false;

	for (int n = 2; n <= MOST_FILES; n++) {
		int rc = 0;

		if (!file_exists(r->path.at))
			return 0;
		rc = is_ours(r, book, r->path, &ours, err);
		if (rc || ours)
			return rc;
		r->kept = r->path;
		r->path = str_of(arena_printf(r->arena, "%.*s-%d.csv", STR_ARG(stem), n));
	}
	return err_set(err, ERR_STATE, "%s and %d more like it stand there already; move them away", first.at,
		       MOST_FILES - 1);
}

static int settle_path(struct rejects *r, struct book *book, struct err *err)
{
	char *real;
	int rc = file_real_path(&real, folder_of(r->arena, r->path.at), r->arena, err);

	if (rc)
		return rc;
	r->path = str_of(arena_printf(r->arena, "%s/%s", real, name_of(r->arena, r->path.at)));
	return choose_path(r, book, err);
}

static void hash_pending(struct rejects *r, const struct book *book, unsigned char contents[NOTED_BYTES])
{
	unsigned char hash[HASH_BYTES];
	crypto_generichash_state copy;
	struct buf header;

	if (!r->opened && r->hashed == 0) {
		buf_init(&header, 1 << 26);
		write_header(r, &header);
		crypto_generichash_update(&r->hash, (const unsigned char *)header.at, header.len);
		buf_release(&header);
	}
	crypto_generichash_update(&r->hash, (const unsigned char *)r->pending.at + r->hashed,
				  r->pending.len - r->hashed);
	r->hashed = r->pending.len;
	copy = r->hash;
	crypto_generichash_final(&copy, hash, HASH_BYTES);
	book_row_hash(book, (struct str){ (const char *)hash, HASH_BYTES }, contents);
}

int rejects_note(struct rejects *r, struct book *book, const struct append_context *context, struct err *err)
{
	unsigned char contents[NOTED_BYTES];
	int rc = 0;

	if (r->pending.len == 0)
		return 0;
	if (!r->noted)
		rc = settle_path(r, book, err);
	r->noted = true;
	if (rc)
		return rc;
	hash_pending(r, book, contents);
	return book_note_file(book, r->path, contents, context, err);
}

static int write_all(int fd, struct str bytes)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.at, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		bytes.at += n;
		bytes.len -= (size_t)n;
	}
	return 0;
}

int rejects_flush(struct rejects *r, struct err *err)
{
	struct buf header;
	int fd, rc = 0;

	if (r->pending.len == 0)
		return 0;
	fd = open(r->path.at, O_WRONLY | O_CREAT | O_CLOEXEC | (r->opened ? O_APPEND : O_TRUNC), 0600);
	if (fd < 0)
		return err_system(err, "%s: cannot write the rejected rows", r->path.at);
	buf_init(&header, 1 << 26);
	if (!r->opened)
		write_header(r, &header);
	if (write_all(fd, buf_str(&header)) || write_all(fd, buf_str(&r->pending)) || fsync(fd))
		rc = err_system(err, "%s: cannot write the rejected rows", r->path.at);
	r->opened = true;
	close(fd);
	buf_release(&header);
	buf_clear(&r->pending);
	r->hashed = 0;
	return rc;
}

static bool looks_like_ours(const char *path)
{
	char first[32] = "";
	FILE *file = fopen(path, "rb");
	bool ours;

	if (!file)
		return false;
	ours = fgets(first, sizeof(first), file) && !strncmp(first, "line,column,reason,", 19);
	fclose(file);
	return ours;
}

bool is_rejects_file(const char *path)
{
	return path_without_rejects(path).len < strlen(path) && looks_like_ours(path);
}

int rejects_untouched(bool *untouched, const char *path, struct book *book, struct arena *arena, struct err *err)
{
	unsigned char contents[NOTED_BYTES];
	struct file_facts facts;
	struct err why = ERR_INIT; /* whoever reads the file will say it */
	char *real;

	*untouched = !file_exists(path);
	if (*untouched || file_real_path(&real, path, arena, &why) || file_facts(&facts, real, &why))
		return 0;
	book_row_hash(book, (struct str){ (const char *)facts.hash, HASH_BYTES }, contents);
	return book_file_noted(book, str_of(real), contents, untouched, err);
}

int rejects_remove_stale(struct rejects *r, struct book *book, bool *removed, struct err *err)
{
	bool ours;
	char *real;
	int rc;

	*removed = false;
	if (!looks_like_ours(r->path.at))
		return 0;
	rc = file_real_path(&real, r->path.at, r->arena, err);
	if (rc == 0)
		rc = is_ours(r, book, str_of(real), &ours, err);
	if (rc)
		return rc;
	if (ours)
		*removed = unlink(r->path.at) == 0;
	else
		r->kept = r->path;
	return 0;
}
