#include "desk/rejects.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "io/file.h"
#include "map/map.h"

enum { MOST_BYTES = 1 << 30 };

void rejects_init(struct rejects *r, const struct csv_row *header, struct arena *arena)
{
	*r = (struct rejects){ .arena = arena, .header = header };
	buf_init(&r->pending, MOST_BYTES);
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

int rejects_note(struct rejects *r, struct book *book, const struct append_context *context, struct err *err)
{
	char *real;
	int rc;

	if (r->noted || r->pending.len == 0)
		return 0;
	r->noted = true;
	rc = file_real_path(&real, folder_of(r->arena, r->path.at), r->arena, err);
	if (rc == 0) {
		r->path = str_of(arena_printf(r->arena, "%s/%s", real, name_of(r->arena, r->path.at)));
		rc = book_note_file(book, r->path, context, err);
	}
	return rc;
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
	return rc;
}

bool rejects_remove_stale(const struct rejects *r)
{
	char first[32] = "";
	FILE *file = fopen(r->path.at, "rb");
	bool ours;

	if (!file)
		return false;
	ours = fgets(first, sizeof(first), file) && !strncmp(first, "line,column,reason,", 19);
	fclose(file);
	return ours && unlink(r->path.at) == 0;
}
