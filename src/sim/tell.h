/* Lives and companies told as records, the way a CRM would have written them down. */
#ifndef SIM_TELL_H
#define SIM_TELL_H

#include "sim/life.h"

struct telling {
	const struct company *company;
	sim_record_fn *each;
	void *context;
	struct arena arena; /* texts of the records of one call */
};

void telling_init(struct telling *telling, const struct company *company, sim_record_fn *each, void *context);
void telling_release(struct telling *telling);

/* Stages and people. */
int tell_company(struct telling *telling, struct err *err);
/* The company that a life came first from. */
int tell_life_account(struct telling *telling, const struct life *life, struct err *err);
/* Everything of one life that happened before the story's end. */
int tell_life(struct telling *telling, const struct life *life, struct err *err);
/* What the campaigns cost in the week that begins on `monday`. */
int tell_week(struct telling *telling, int32_t monday, struct err *err);

#endif
