/* What a stream of random numbers is for. Changing a number changes every company that a seed makes. */
#ifndef SIM_PURPOSE_H
#define SIM_PURPOSE_H

enum {
	PURPOSE_FAULTS = 1,  /* which faults `random` plants */
	PURPOSE_COMPANY = 2, /* reps, campaigns */
	PURPOSE_WEEK = 3,    /* the luck of a week */
	PURPOSE_DAY = 4,     /* the luck of a day */
	PURPOSE_ARRIVAL = 5, /* when a lead comes in */
	PURPOSE_LIFE = 6,    /* what becomes of it */
	PURPOSE_ACCOUNT = 7, /* the company behind it */
	PURPOSE_PERSON = 8,  /* the name */
	PURPOSE_SPEND = 9,   /* a campaign's week */
	PURPOSE_MARK = 10,   /* whether the rep calls it right for them */
};

#endif
