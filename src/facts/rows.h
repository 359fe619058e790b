/* Rows of facts for who must go through each life in order (desk/judge.h). Single values: cells.h; questions: measure.h. */
#ifndef FACTS_ROWS_H
#define FACTS_ROWS_H

#include "facts/measure.h"

struct column;

/* The code of a name; 0: none. The number of codes, and what one is called. */
uint32_t rows_code(const struct column *column, uint32_t row);
uint32_t rows_codes(const struct column *column);
struct str rows_name(const struct column *column, uint32_t code);
/* Of a historic column: the code it had at that second; what it has now where nothing is known of then. */
uint32_t rows_code_at(const struct column *column, uint32_t row, uint32_t seconds);
/* The rows of a fact by what they refer to: those of target t are rows[starts[t]] … rows[starts[t + 1] − 1], in order of the time column,
 * those without a known time left out, of equal times in order of their keys, so that the order of arrival plays no part. */
struct rows_by {
	uint32_t *starts, *rows;
};
void rows_by_init(struct rows_by *by, const struct facts *facts, enum fact fact, const char *ref, const char *time);
void rows_by_release(struct rows_by *by);

/* Sets `bit` of words[row × stride] for each row of question->of where question->where holds, of those there on its as-of day. The
 * measure is not looked at. ERR_INPUT as measure_ask says it. */
int rows_mark(const struct facts *facts, const struct question *question, uint64_t *words, size_t stride, unsigned bit,
	      struct err *err);

/* What an activity was to the person: by docs/maps.md's words for outcomes and directions. */
enum contact {
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
enum contact contact_of(const struct contact_words *words, uint32_t activity);

#endif
