#include "report/row_index.h"

#include <stdlib.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/table.h"

struct row_index {
	struct table rows;
};

enum { MOST_KEY_BYTES = 1 << 26 };

struct row_index *row_index_new(void)
{
	struct row_index *index = must_alloc(sizeof(*index));

	table_init(&index->rows);
	return index;
}

void row_index_free(struct row_index *index)
{
	table_release(&index->rows);
	free(index);
}

size_t row_index_of(struct row_index *index, const struct str *labels, size_t count, size_t next)
{
	struct buf key;
	bool is_new;
	uint64_t *row;

	buf_init(&key, MOST_KEY_BYTES);
	for (size_t i = 0; i < count; i++)
		buf_add_block(&key, labels[i].at, labels[i].len);
	row = table_put(&index->rows, buf_str(&key), &is_new);
	buf_release(&key);
	if (is_new)
		*row = next;
	return (size_t)*row;
}
