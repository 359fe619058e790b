/* What judging says of each lead into the columns of leads, as many at a time as there are threads. */
#include "desk/judge_inner.h"
#include "facts/judged.h"
#include "facts/threads.h"

enum put {
	/* names */
	PUT_AGREED_TYPE,
	PUT_OWES,
	PUT_STATE,
	/* numbers */
	PUT_POINTS,
	PUT_EPISODE,
	/* times */
	PUT_PASSED,
	PUT_BEGAN,
	PUT_QUALIFIED,
	PUT_HANDED_OFF,
	PUT_FIRST_RESPONSE,
	PUT_ACCEPTED,
	PUT_READY,
	PUT_WAITING,
	PUT__COUNT
};

static const char *const names[PUT__COUNT] = {
	[PUT_AGREED_TYPE] = "agreed_type",
	[PUT_POINTS] = "points",
	[PUT_PASSED] = "passed",
	[PUT_OWES] = "owes",
	[PUT_EPISODE] = "current_episode",
	[PUT_STATE] = "current_state",
	[PUT_BEGAN] = "current_began",
	[PUT_QUALIFIED] = "current_qualified",
	[PUT_HANDED_OFF] = "current_handed_off",
	[PUT_FIRST_RESPONSE] = "current_first_response",
	[PUT_ACCEPTED] = "current_accepted",
	[PUT_READY] = "current_ready",
	[PUT_WAITING] = "current_waiting",
};

/* Empty: none. */
static struct str name_of(const struct judge *judge, enum put what, const struct judged_lead_row *row)
{
	switch (what) {
	case PUT_AGREED_TYPE:
		return row->type < 0 ? STR_NONE : judge->terms.versions[row->version].agreement->types[row->type].name;
	case PUT_OWES: return row->owes < 0 ? STR_NONE : str_of(party_name((enum party)row->owes));
	default: return row->life == LIFE__COUNT ? STR("void") : str_of(life_name((enum life)row->life));
	}
}

static uint32_t time_of(enum put what, const struct judged_lead_row *row)
{
	switch (what) {
	case PUT_PASSED: return row->passed;
	case PUT_BEGAN: return row->began;
	case PUT_QUALIFIED: return row->qualified;
	case PUT_HANDED_OFF: return row->handed_off;
	case PUT_FIRST_RESPONSE: return row->first_response;
	case PUT_ACCEPTED: return row->accepted;
	case PUT_READY: return row->qualified != TIME_NOT_REACHED ? row->qualified : row->handed_off;
	default: return row->waiting;
	}
}

struct putting {
	const struct judge *judge;
	const struct judged_lead_row *leads;
};

static void put(const struct judge *judge, enum put what, struct column *column, uint32_t lead,
		const struct judged_lead_row *row)
{
	if (what >= PUT_PASSED) {
		judged_set_time(column, lead, time_of(what, row));
	} else if (what >= PUT_POINTS) {
		judged_set_number(column, lead, what == PUT_POINTS ? row->points : row->episode);
	} else {
		struct str name = name_of(judge, what, row);

		if (name.len)
			judged_set_code(column, lead, judged_code(column, name));
	}
}

static int put_column(void *context, size_t item, struct err *err)
{
	const struct putting *all = context;
	struct column *column = judged_column(all->judge->facts, FACT_LEADS, names[item]);

	(void)err;
	for (uint32_t lead = 0; lead < judge_leads(all->judge); lead++)
		put(all->judge, (enum put)item, column, lead, &all->leads[lead]);
	judged_done(all->judge->facts, column);
	return 0;
}

void judge_put_leads(const struct judge *judge, const struct judged_lead_row *leads)
{
	struct putting all = { judge, leads };
	struct err none = ERR_INIT;

	load_each(judge_threads(judge), PUT__COUNT, put_column, &all, NULL, &none);
}
