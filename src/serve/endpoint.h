/* The table of endpoints: what can be asked over HTTP, by whom, with what, and who answers. Everything that is told about the API (the
 * OpenAPI document, the checks of requests, the test of who may what) comes from it.
 */
#ifndef SERVE_ENDPOINT_H
#define SERVE_ENDPOINT_H

#include <stdbool.h>
#include "serve/call.h"
#include "serve/member.h"

struct endpoint {
	enum http_method method;
	const char *path;               /* "/api/leads/{key}": names in braces stand for one segment */
	const char *name;               /* "acceptLead": operationId */
	const char *tag;                /* the heading it stands under */
	const char *summary;            /* one line, no full stop */
	unsigned roles;                 /* who may: bits of enum role */
	const struct member *arguments; /* behind the ?; NULL: none. Ends with a nameless one, as members */
	const struct member *members;   /* of the JSON body; NULL: no body */
	const struct member *answer;    /* of the JSON that comes back; NULL: something else, of `type` */
	const char *type;               /* of the answer, where it is no JSON */
	unsigned limits;                /* which refusals are to be expected: bits of enum refusal */
	void (*run)(struct call *call);
};

extern const struct endpoint *const endpoints[]; /* ends with NULL */

/* NULL where there is none; *others: methods that the path has. Fills call->path. */
const struct endpoint *endpoint_find(struct call *call, unsigned *others);

#endif
