/* Single values of rows, for who decides about one row at a time: the desk. Reports ask measures.
 *
 * A column is looked up once, not per row. Values are as the facts hold them: of today, history is not asked.
 */
#ifndef FACTS_CELLS_H
#define FACTS_CELLS_H

#include "facts/measure.h"

struct column;
struct table;

/* Not reached, and reached at a time that nobody wrote down: the same as EVENT_NEVER and EVENT_UNKNOWN of domain/lead_event.h. */
#define CELL_NEVER INT64_MAX
#define CELL_UNKNOWN INT64_MIN

/* BUG() when the fact has none such. */
const struct column *cells_of(const struct facts *facts, enum fact fact, const char *column);

int64_t cell_time_ms(const struct column *column, uint32_t row);
struct str cell_name(const struct column *column,
		     uint32_t row);                             /* borrowed from the facts; empty where there is none */
double cells_number(const struct column *column, uint32_t row); /* NaN where there is none */
bool cell_yes(const struct column *column, uint32_t row);
bool cell_no(const struct column *column, uint32_t row); /* says no; neither: says nothing */
uint32_t cell_ref(const struct column *column, uint32_t row);

/* The record behind a row. The key is a copy in the arena. */
struct str cells_key(const struct facts *facts, enum fact fact, uint32_t row, struct arena *arena);
struct str cells_source(const struct facts *facts, enum fact fact, uint32_t row);
/* The record's number in the book, by which it is read at once (book_state_at). Of leads; 0: not known. */
uint64_t cells_subject(const struct facts *facts, enum fact fact, uint32_t row);

/* Is the row among those that a question of that scope is asked of? Not of steps, words and promises, which are their lead's. */
bool cells_seen(const struct facts *facts, enum fact fact, uint32_t row, const struct scope *scope);

/* The rows of that key, and of that source unless it is empty: in `rows`, at most `most` of them. Returns how many there are. */
size_t cells_find(const struct facts *facts, enum fact fact, struct str source, struct str key, uint32_t *rows,
		  size_t most);
/* The same of many keys at once, in one walk: `each` gets every row whose key is in the table, with the place of its value there. */
void cells_find_all(const struct facts *facts, enum fact fact, const struct table *keys,
		    void (*each)(void *context, uint64_t *value, uint32_t row), void *context);

#endif
