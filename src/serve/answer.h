/* The way of a request: its endpoint, its form, who asks, the handler, and the headers that every answer has. */
#ifndef SERVE_ANSWER_H
#define SERVE_ANSWER_H

#include "serve/call.h"

void answer_call(struct server *server, const struct http_request *request, struct http_reply *reply);

#endif
