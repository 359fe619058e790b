/* Leads that wait to be taken in: one thread takes all who wait to the desk at once, and tells each what became of it when the one commit is
 * durable. Nobody waits for others to come; while a commit is under way the next stand in line.
 *
 * A request with an Idempotency-Key is answered as it was before (serve/asking.h). What is told was read and checked already.
 */
#ifndef SERVE_INTAKE_LINE_H
#define SERVE_INTAKE_LINE_H

#include "desk/intake.h"
#include "serve/asking.h"
#include "serve/call.h"

struct intake_line;

/* What one request tells: at least one lead, in the request's arena. */
struct intake_told {
	struct call *call;
	struct intake_lead *leads;
	size_t count;
	/* Says what became of them; a status below 300 where anything was written. */
	void (*say)(struct call *call, const struct intake_lead *leads, size_t count);
	/* The line's. */
	struct asking asking;
	bool again; /* it was asked before */
	struct intake_told *next;
};

/* Returns owned. */
int intake_line_open(struct intake_line **out, struct server *server, struct err *err);
/* Nobody comes any more; who waits is answered. */
void intake_line_close(struct intake_line *line);
/* By a handler, as the last it does; `told` in the request's arena. False after saying that the request's key is none. */
bool intake_line_add(struct intake_told *told);

#endif
