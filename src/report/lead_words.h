/* What is said of one lead, in words. All in the desk's arena. */
#ifndef REPORT_LEAD_WORDS_H
#define REPORT_LEAD_WORDS_H

#include "desk/lead_desk.h"

/* Who it is: sealed names are opened. */
struct lead_facts {
	struct str name, company, country, source, campaign;
	int64_t created_ms;
	int64_t snoozed_ms; /* until then who has it wants to see it no more; CELL_UNKNOWN: nobody said */
};
int lead_facts_read(struct lead_facts *out, struct lead_desk *desk, const struct lead_file *file, struct err *err);

struct str lead_words_who(struct lead_desk *desk, const struct lead_file *file, const struct lead_facts *facts);
/* "Came in 2026-03-02 09:14 · webinar · spring campaign · crm" */
struct str lead_words_from(struct lead_desk *desk, const struct lead_file *file, const struct lead_facts *facts);
/* Of the sweet spot; who and when are empty where nobody said. */
struct lead_mark {
	bool said, in;
	struct str by;
	int64_t at_ms; /* CELL_NEVER */
};
struct lead_mark lead_mark_of(const struct lead_desk *desk, const struct lead_file *file);
/* "In the sweet spot: marked 2026-03-05 10:00, by Anna" */
struct str lead_words_mark(struct lead_desk *desk, const struct lead_mark *mark);
/* "Handed over to Seller One, second episode" */
struct str lead_words_stands(struct lead_desk *desk, const struct lead_file *file, const struct judged_lead *judged);

/* The episode with its gate as of the instant to speak of: the hand-over, else when sales took it itself, else when it passed, else now. Was
 * it let through, or would it be now? */
bool lead_words_settle(struct lead_desk *desk, struct judged_episode *episode);
struct str lead_words_verdict(struct lead_desk *desk, const struct lead_file *file,
			      const struct judged_episode *episode, bool passed);
struct str lead_words_points(struct arena *arena, int64_t hundredths);
/* What a line of a score is for: "company_size >= 50", "webinar", "budget". */
struct str lead_words_score_item(const struct agreement *agreement, const struct score_line *line);
struct str lead_words_score_line(struct lead_desk *desk, const struct agreement *agreement,
				 const struct score_line *line, int64_t at_ms);
/* What the lines add up to, and what it is to be measured by. */
struct str lead_words_sum(struct lead_desk *desk, const struct judged_episode *episode, int64_t points);

struct str lead_words_event(enum lead_event event); /* "became an opportunity" */
struct str lead_words_step(struct lead_desk *desk, const struct told_step *step);
/* "2 h 5 min left": how a promise's clock stands, beside when it is due. */
struct str lead_words_clock(struct lead_desk *desk, const struct judged_episode *episode,
			    const struct judged_promise *promise);

#endif
