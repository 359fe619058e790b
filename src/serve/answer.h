/* The way of a request: its endpoint, its form, who asks, the handler, and the headers that every answer has. */
#ifndef SERVE_ANSWER_H
#define SERVE_ANSWER_H

#include "serve/call.h"

/* What is told in few words and then waits in line (DESK_LINE); for a worker all else. */
enum http_outcome answer_at_once(struct server *server, const struct http_request *request, struct http_reply *reply);
enum http_outcome answer_call(struct server *server, const struct http_request *request, struct http_reply *reply);
/* The call that was kept is answered; it is gone after. From any thread. */
void answer_later(struct call *call);

#endif
