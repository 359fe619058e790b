/* What judging adds to finished facts (desk/judge.h): rows of promises, and the columns of leads that the catalogue calls judged.
 *
 * facts_judge_begin; facts_judge_promises; judged_column and its values, at full width; judged_done for each; facts_judge_end. By threads of their own for
 * columns of their own, as long as nobody asks questions meanwhile. What was judged before is forgotten first. */
#ifndef FACTS_JUDGED_H
#define FACTS_JUDGED_H

#include "facts/rows.h"

void facts_judge_begin(struct facts *facts);
/* Room for that many promises. */
void facts_judge_promises(struct facts *facts, uint32_t rows);
/* A judged column to fill, all empty; values are set by row. */
struct column *judged_column(struct facts *facts, enum fact fact, const char *name);
/* The code of a name of it, made where absent. */
uint32_t judged_code(struct column *column, struct str name);
void judged_set_time(struct column *column, uint32_t row, uint32_t seconds);
void judged_set_code(struct column *column, uint32_t row, uint32_t code); /* names; flags: 1 is no, 2 is yes */
void judged_set_ref(struct column *column, uint32_t row, uint32_t ref);
void judged_set_number(struct column *column, uint32_t row, double number);
/* It is as it stays: sealed and packed. */
void judged_done(struct facts *facts, struct column *column);
/* The promises' keys: those of their leads, by the column "lead", which is done. Then questions may be asked. */
void facts_judge_end(struct facts *facts);

/* What the text of a question names that only judging fills: a set. */
enum {
	JUDGING_LIFE = 1,      /* leads' episodes, which are told without an agreement too */
	JUDGING_AGREEMENT = 2, /* what comes of an agreement */
};
unsigned judging_needed(const char *text);
/* Does the text name what goes by the stages' limits (facts_agree_limits)? NULL names nothing. */
bool limits_needed(const char *text);

#endif
