/* A map on its way to be drafted: what was seen of the file and settled of its columns (draft.c), and how that is written (draft_write.c). */
#ifndef MAP_DRAFT_INNER_H
#define MAP_DRAFT_INNER_H

#include "base/buf.h"
#include "base/table.h"
#include "map/draft_words.h"
#include "map/formats.h"
#include "map/plan.h"

struct column {
	struct str name;
	char letters[128];
	const char *field; /* NULL: none guessed */
	bool only_date;    /* guessed for no other reason */
	struct date_evidence dates;
	struct number_evidence numbers;
	uint64_t filled, number, flags, currency_signs, addresses, clocks, dotted; /* dotted: days like 31.12.2024 */
	struct table words;
	bool many_words;
	enum draft_unit unit; /* of a duration, by the column's name */
};

struct draft {
	struct arena arena;
	struct column *columns;
	size_t count;
	uint64_t rows;
	long skip_lines; /* titles above the header */
	enum object as;
	int key;
	struct buf *out;
};

static inline bool draft_is_date(const struct column *c)
{
	return c->filled && c->dates.cells * 10 >= c->filled * 9 && c->dates.unix_s == 0;
}

static inline bool draft_is_number(const struct column *c)
{
	return c->filled && c->number * 10 >= c->filled * 9;
}

static inline bool draft_is_duration(const struct column *c)
{
	return !strcmp(c->field, "duration_minutes");
}

/* Rows in which a value of the column stands again, and those in which none stands. */
static inline uint64_t draft_again(const struct column *c)
{
	return c->filled - c->words.count;
}

static inline uint64_t draft_empty(const struct draft *d, const struct column *c)
{
	return d->rows - c->filled;
}

/* What records of a kind are counted by and found through: without these most questions have no answer. The first is a time. */
enum { DRAFT_NEEDED = 3 };
extern const char *const draft_needed[OBJECT__COUNT][DRAFT_NEEDED];

void draft_write(struct draft *d, const char *path);

#endif
