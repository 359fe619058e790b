/* One call of the API: a request that found its endpoint, and what is said back.
 *
 * A handler ends in exactly one of call_json, call_bytes, call_nothing, call_problem and its like. What is refused is said as a problem
 * document (RFC 9457) that names every wrong member at once.
 */
#ifndef SERVE_CALL_H
#define SERVE_CALL_H

#include <jansson.h>
#include "base/problem.h"
#include "book/doors.h"
#include "desk/lead_desk.h"
#include "serve/http.h"
#include "serve/server.h"

struct endpoint;

enum { CALL_PARTS = 4 };

struct call {
	struct server *server;
	const struct endpoint *endpoint;
	const struct http_request *request;
	struct http_reply *reply;
	struct str parts[CALL_PARTS]; /* what stands for {names} in the path, in order */
	json_t *body;                 /* checked by the endpoint's members; NULL: the endpoint has none */
	struct account who;           /* where `known` */
	unsigned grants;              /* what may be done: all of them but by a token that has fewer */
	char pass_id[PASS_ID_TEXT];   /* of the session or token */
	bool known, by_cookie;
	struct lead_desk *desk; /* open, where the endpoint stands at it */
	/* Set by a handler that has said nothing: called when nobody else looks at the call any more, it sees to it that answer_later is. */
	void (*later)(struct call *call);
	void *kept; /* its own */
	int64_t came_ms, now_ms;
	int64_t again_ms; /* the handler asks to be run anew, not before then; it has said nothing. 0: it does not */
	int32_t today;    /* in the book's zone */
	struct arena *arena;
	struct problems problems; /* what is wrong so far */
};

/* ---- what was asked ---- */

struct str call_part(const struct call *call, size_t i);
/* Of an argument; NULL, `otherwise`, DATE_NONE where it is not given. Its form was checked by the endpoint. */
const char *call_text(const struct call *call, const char *argument);
int64_t call_whole(const struct call *call, const char *argument, int64_t otherwise);
int32_t call_date(const struct call *call, const char *argument);
bool call_flag(const struct call *call, const char *argument);
/* A text of the body; STR_NONE where it is not given, or null. */
struct str call_member(const struct call *call, const char *name);

/* Where it came from, as far as we can know (serve/way_in.h): "192.0.2.7", "unix". */
const char *call_client(const struct call *call);
/* Is what If-Match names still so? `tag`: of what is there now. False after saying that it is not, of `what`. */
bool call_unchanged(struct call *call, const char *tag, const char *what);

/* ---- what is said ---- */

void call_json(struct call *call, int status, json_t *body); /* takes it */
void call_bytes(struct call *call, int status, const char *type, struct str bytes);
void call_nothing(struct call *call); /* 204 */

/* As they stand in a problem document. */
json_t *call_problems_json(const struct problems *problems);
/* What a function of the desk returned: false after saying what was refused (409), or went wrong. */
bool call_went_well(struct call *call, int failed, const struct err *err);
/* A problem document. `detail`: a sentence for people, or NULL. The problems of the call stand in it. */
void call_problem(struct call *call, int status, const char *title, const char *detail);
void call_not_found(struct call *call, const char *what); /* "There is no report of this name." */
void call_wrong(struct call *call);                       /* 422: what stands in call->problems */
/* By the kind of error: 409, 413, 422, 500, 503; the last two stand in the log, and strangers learn no more. */
void call_error(struct call *call, const struct err *err);

#endif
