/* Rows of facts for who must go through each life in order (desk/judge.h). Single values: cells.h; questions: measure.h. */
#ifndef FACTS_ROWS_H
#define FACTS_ROWS_H

#include "facts/measure.h"

struct column;

/* The code of a name; 0: none. The number of codes, and what one is called. */
uint32_t rows_code(const struct column *column, uint32_t row);
uint32_t rows_codes(const struct column *column);
struct str rows_name(const struct column *column, uint32_t code);

/* What a historic column of names held before, row by row. */
struct rows_history {
	const struct version *versions;
	size_t count;
};
struct rows_history rows_history(const struct column *column, uint32_t row);
/* The code it had at that second; `otherwise` where nothing is known of then. */
uint32_t rows_history_code(struct rows_history history, uint32_t seconds, uint32_t otherwise);

/* The keys of all rows, in order, in the arena. */
struct str *rows_keys(const struct facts *facts, enum fact fact, struct arena *arena);
/* Colleagues of that team (empty: all), by name, each once; in the arena. */
struct str *rows_team(const struct facts *facts, struct str team, size_t *count, struct arena *arena);

/* The rows of a fact by what they refer to: those of target t are rows[starts[t]] … rows[starts[t + 1] − 1], in order of the time column,
 * without those whose time is not known. Of equal times the one of the lesser name in `name` comes first (NULL: they are all the same), so
 * that the order in which records arrived plays no part. */
struct rows_by {
	uint32_t *starts, *rows;
};
void rows_by_init(struct rows_by *by, const struct facts *facts, enum fact fact, const char *ref, const char *time,
		  const char *name);
/* The same of a few targets: those whose bit is set; of others it tells nothing. */
void rows_by_init_some(struct rows_by *by, const struct facts *facts, enum fact fact, const char *ref, const char *time,
		       const char *name, const uint64_t *wanted);
void rows_by_release(struct rows_by *by);

/* Sets `bit` of words[row × stride …] for each row of question->of that is there on its as-of day and of which question->where holds. Its
 * measure is not looked at. ERR_INPUT as measure_ask says it. */
int rows_mark(const struct facts *facts, const struct question *question, uint64_t *words, size_t stride, unsigned bit,
	      struct err *err);

/* The same asked of one row after another. Borrows facts, which must stay as they are, and the question's texts. */
struct rows_condition;
int rows_condition_open(struct rows_condition **out, const struct facts *facts, const struct question *question,
			struct err *err);
bool rows_condition_holds(struct rows_condition *condition, uint32_t row);
void rows_condition_close(struct rows_condition *condition);

/* What an activity was to the person, by the words for outcomes and directions that docs/maps.md lists. */
enum contact_kind {
	CONTACT_NONE,    /* a machine sent it, or it came in and nobody answered */
	CONTACT_ATTEMPT, /* a seller tried */
	CONTACT_TALK,    /* both sides talked, whoever began */
};
struct contact_words {
	const struct column *automatic, *direction, *outcome;
	bool *in, *talked; /* by code */
};
void contact_words_init(struct contact_words *words, const struct facts *facts);
void contact_words_release(struct contact_words *words);
enum contact_kind contact_of(const struct contact_words *words, uint32_t activity);

#endif
