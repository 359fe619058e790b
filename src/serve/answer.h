/* The way of a request: its endpoint, its form, who asks, the handler, and the headers that every answer has. */
#ifndef SERVE_ANSWER_H
#define SERVE_ANSWER_H

#include "serve/call.h"

enum http_outcome answer_call(struct server *server, const struct http_request *request, struct http_reply *reply);
/* The call that was kept is answered; it is gone after. From any thread. */
void answer_later(struct call *call);

#endif
