/* The table of endpoints: what can be asked over HTTP, by whom, with what, and who answers. Everything that is told about the API (the
 * OpenAPI document, the checks of requests, the test of who may what) comes from it.
 */
#ifndef SERVE_ENDPOINT_H
#define SERVE_ENDPOINT_H

#include <stdbool.h>
#include "book/doors.h"
#include "serve/call.h"
#include "serve/member.h"

/* Does it stand at the desk (desk/lead_desk.h)? Then call->desk is open. What is told is one transaction, which is committed where the answer is
 * 2xx, with that answer where the request has an Idempotency-Key. */
/* DESK_LINE: its handler puts what is told into the line at the desk (serve/intake_line.h), and is answered later. */
enum endpoint_desk { DESK_NOT, DESK_READS, DESK_TELLS, DESK_LINE };

struct endpoint {
	enum http_method method;
	const char *path;    /* "/api/leads/{key}": names in braces stand for one segment */
	const char *name;    /* "acceptLead": operationId */
	const char *tag;     /* the heading it stands under */
	const char *summary; /* one line, no full stop */
	unsigned roles;      /* who may: bits of enum role; 0: anybody, known or not */
	enum grant grant;    /* what a token must allow */
	bool in_person;      /* no token allows it */
	enum endpoint_desk desk;
	bool strangers; /* arguments that are not known are passed over: people come by links that others made */
	bool versioned; /* its answer has an ETag; what is told may say by If-Match which one it goes by */
	bool told_once; /* its answer is a secret of which the book has a hash: it is not kept, and an Idempotency-Key means nothing */
	int status;                     /* of the answer when all went well; 0: 200 */
	const struct member *arguments; /* behind the ?; NULL: none. Ends with a nameless one, as members */
	const struct member *members;   /* of the JSON body; NULL: no body */
	const char *takes;              /* the body is a file, most often of this media type; any is taken */
	const struct member *answer;    /* of the JSON that comes back; NULL: something else, of `type` */
	const struct member *or_answer; /* of the JSON that comes back where another form is asked for */
	const char *
		example; /* a good body as JSON text, where what `members` need does not make one already; with `takes` such a file */
	const char *type; /* of the answer, where it is no JSON, or need not be: "text/html|text/csv" */
	void (*run)(struct call *call);
};

/* Is it answered as before where the same request comes again with its Idempotency-Key? */
static inline bool endpoint_keyed(const struct endpoint *endpoint)
{
	return (endpoint->desk == DESK_TELLS || endpoint->desk == DESK_LINE) && !endpoint->told_once;
}

/* All of them, one after another, from { 0, 0 }; NULL at the end. */
struct endpoint_walk {
	size_t group, place;
};
const struct endpoint *endpoint_next(struct endpoint_walk *walk);

/* NULL where there is none; *others: methods that the path has. `parts`: what stands for the names of its path. */
const struct endpoint *endpoint_of(const struct http_request *request, struct str parts[CALL_PARTS], unsigned *others);

#endif
