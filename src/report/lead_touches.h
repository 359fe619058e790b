/* How a lead came in and came back: its touches. */
#ifndef REPORT_LEAD_TOUCHES_H
#define REPORT_LEAD_TOUCHES_H

#include "desk/lead_desk.h"

struct lead_touch_told {
	int64_t at_ms;
	struct str kind;  /* "demo_request"; "touch" where nobody said */
	struct str form;  /* the form or hook it came by; empty: none */
	struct str about; /* what came of it, and the campaign: "registered · spring" */
	struct str note;  /* what they wrote, as far as the book finds it at once */
};

/* The dated ones, by time. In the desk's arena. */
int lead_touches(struct lead_desk *desk, const struct lead_file *file, struct lead_touch_told **out, size_t *count,
		 struct err *err);

/* "a · b", or the one that is not empty, or that both are. */
struct str lead_touch_joined(struct lead_desk *desk, struct str a, struct str b);
/* What stands sealed beside what was told at the desk or came in by itself, which the book finds at once by its key. */
int lead_note_of(struct lead_desk *desk, enum fact fact, enum object object, uint32_t row, struct str *out,
		 struct err *err);

#endif
