#include "desk/import_feed.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

/* Rows may be of many megabytes. */
enum { ROWS_AT_ONCE = 256, BATCHES = 8, BATCH_BYTES = 4 << 20 };

struct batch {
	struct arena arena;
	struct fed_row items[ROWS_AT_ONCE];
	struct fed_rows rows;
};

/* Batches made and not yet taken are those from `taken` to `made`, both counted from the beginning. */
struct feed {
	struct reader *reader;
	struct csv *csv;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	struct batch batches[BATCHES];
	uint64_t made, taken;
	bool holding; /* the caller uses the batch `taken` */
	bool ended, stopped;
	int rc; /* of the end */
	struct err err;
};

static struct record copy_record(const struct record *record, struct arena *arena)
{
	struct record copy = *record;

	copy.source = arena_str(arena, record->source);
	copy.key = arena_str(arena, record->key);
	copy.fields = ARENA_ARRAY(arena, struct record_field, record->count + 1);
	for (size_t i = 0; i < record->count; i++) {
		struct record_field *field = &copy.fields[i];

		*field = record->fields[i];
		if (field->code == FIELD_CUSTOM)
			field->name = arena_str(arena, field->name);
		if (field->value.kind == VALUE_TEXT)
			field->value.as.text = arena_str(arena, field->value.as.text);
		else if (field->value.kind == VALUE_REF)
			field->value.as.ref.key = arena_str(arena, field->value.as.ref.key);
	}
	return copy;
}

static struct understood copy_understood(const struct understood *row, struct arena *arena)
{
	struct understood copy = *row;

	copy.records = ARENA_ARRAY(arena, struct record, row->count + 1);
	for (size_t i = 0; i < row->count; i++)
		copy.records[i] = copy_record(&row->records[i], arena);
	return copy;
}

static struct csv_row copy_cells(const struct csv_row *row, struct arena *arena)
{
	struct csv_row copy = { ARENA_ARRAY(arena, struct str, row->count + 1), row->count, row->line };
	size_t len = 0;

	for (size_t i = 0; i < row->count; i++)
		len += row->cells[i].len;
	char *at = arena_alloc(arena, len + 1);
	for (size_t i = 0; i < row->count; i++) {
		struct str cell = row->cells[i];

		copy.cells[i] = (struct str){ at, cell.len };
		if (cell.len)
			memcpy(at, cell.at, cell.len);
		at += cell.len;
	}
	return copy;
}

/* Problems are made in the batch's arena already. */
static void add(struct feed *feed, struct batch *batch, const struct csv_row *row)
{
	struct fed_row *item = &batch->items[batch->rows.count++];
	struct understood understood = { 0 };

	*item = (struct fed_row){ 0 };
	if (!feed->reader) {
		item->own = copy_cells(row, &batch->arena);
		return;
	}
	problems_init(&item->wrong, &batch->arena);
	item->kind = reader_row(feed->reader, row, &understood, &item->wrong);
	if (item->kind == ROW_GOOD)
		item->row = copy_understood(&understood, &batch->arena);
	if (item->kind == ROW_BAD) {
		struct csv_row own = reader_own(feed->reader, row);

		item->own = copy_cells(&own, &batch->arena);
	}
}

/* 1 when more may come. */
static int fill(struct feed *feed, struct batch *batch, struct err *err)
{
	struct csv_row row;
	int rc = 1;

	if (batch->arena.total_bytes > BATCH_BYTES)
		arena_release(&batch->arena);
	arena_reset(&batch->arena);
	batch->rows = (struct fed_rows){ .items = batch->items };
	while (batch->rows.count < ROWS_AT_ONCE && batch->arena.total_bytes <= BATCH_BYTES &&
	       (rc = csv_next(feed->csv, &row, err)) > 0)
		add(feed, batch, &row);
	batch->rows.bytes_read = csv_bytes_read(feed->csv);
	batch->rows.bytes_total = csv_bytes_total(feed->csv);
	return rc;
}

static void *run(void *context)
{
	struct feed *feed = context;
	struct err err = ERR_INIT;
	int rc = 1;

	pthread_mutex_lock(&feed->mutex);
	while (rc > 0) {
		while (feed->made - feed->taken == BATCHES && !feed->stopped)
			pthread_cond_wait(&feed->changed, &feed->mutex);
		if (feed->stopped)
			break;
		pthread_mutex_unlock(&feed->mutex);
		rc = fill(feed, &feed->batches[feed->made % BATCHES], &err);
		pthread_mutex_lock(&feed->mutex);
		feed->made++;
		pthread_cond_broadcast(&feed->changed);
	}
	feed->ended = true;
	feed->rc = rc;
	feed->err = err;
	pthread_cond_broadcast(&feed->changed);
	pthread_mutex_unlock(&feed->mutex);
	return NULL;
}

static void release(struct feed *feed)
{
	for (int i = 0; i < BATCHES; i++)
		arena_release(&feed->batches[i].arena);
	pthread_cond_destroy(&feed->changed);
	pthread_mutex_destroy(&feed->mutex);
	free(feed);
}

int feed_open(struct feed **out, struct reader *reader, struct csv *csv, struct err *err)
{
	int rc = csv_restart(csv, err);

	if (rc)
		return rc;
	struct feed *feed = must_calloc(1, sizeof(*feed));
	feed->reader = reader;
	feed->csv = csv;
	pthread_mutex_init(&feed->mutex, NULL);
	pthread_cond_init(&feed->changed, NULL);
	for (int i = 0; i < BATCHES; i++)
		arena_init(&feed->batches[i].arena);
	errno = pthread_create(&feed->thread, NULL, run, feed);
	if (errno != 0) {
		rc = err_system(err, "no thread to read the file");
		release(feed);
		return rc;
	}
	*out = feed;
	return 0;
}

int feed_next(struct feed *feed, const struct fed_rows **rows, struct err *err)
{
	int rc = 1;

	pthread_mutex_lock(&feed->mutex);
	if (feed->holding) {
		feed->taken++;
		feed->holding = false;
		pthread_cond_broadcast(&feed->changed);
	}
	while (feed->made == feed->taken && !feed->ended)
		pthread_cond_wait(&feed->changed, &feed->mutex);
	if (feed->made > feed->taken) {
		feed->holding = true;
		*rows = &feed->batches[feed->taken % BATCHES].rows;
	} else {
		rc = feed->rc;
		if (rc < 0)
			*err = feed->err;
	}
	pthread_mutex_unlock(&feed->mutex);
	return rc;
}

void feed_close(struct feed *feed)
{
	pthread_mutex_lock(&feed->mutex);
	feed->stopped = true;
	pthread_cond_broadcast(&feed->changed);
	pthread_mutex_unlock(&feed->mutex);
	pthread_join(feed->thread, NULL);
	release(feed);
}
