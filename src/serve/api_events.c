/* What was told, as it is told. */
#include <stdlib.h>

#include "serve/endpoints.h"
#include "serve/events.h"
#include "serve/who.h"

static const struct member event_arguments[] = {
	{ .name = "after",
	  .type = MEMBER_WHOLE,
	  .sentence = "what came after the entry of that number; the header Last-Event-ID says the same" },
	{ .name = NULL },
};

/* Who comes back says by the header what it saw last, whatever address it came by first. */
static bool read_after(struct call *call, uint64_t *after)
{
	struct str last = http_header(call->request, "Last-Event-ID");
	const char *text = last.len ? arena_cstr(call->arena, last) : call_text(call, "after");
	char *end;

	*after = EVENTS_FROM_NOW;
	if (!text)
		return true;
	*after = strtoull(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && *after < EVENTS_FROM_NOW)
		return true;
	call_problem(call, 400, "No event", "Last-Event-ID is the id of an event that was told here.");
	return false;
}

static void listen_to_events(struct call *call)
{
	struct listener listener = { .scope = who_sees(&call->who), .account = call->who.id };
	uint64_t after;

	if (!read_after(call, &after))
		return;
	listener.pass = who_pass(call, &listener.kind);
	if (events_join(server_events(call->server), &listener, after, call->reply))
		return;
	http_reply_header(call->reply, "Retry-After", "30");
	call_problem(call, 429, "Too often", "Your account listens in as many places as it may.");
}

static const struct endpoint endpoint_listen = {
	.method = HTTP_GET,
	.path = "/api/events",
	.name = "listen",
	.tag = "leads",
	.roles = ROLES_ALL,
	.summary =
		"What is told from now on: server-sent events {kind, lead, source, seq}; of kind gone: it is no longer yours to see; of kind many: look at everything anew",
	.arguments = event_arguments,
	.type = "text/event-stream",
	.run = listen_to_events,
};

const struct endpoint *const endpoints_events[] = {
	&endpoint_listen,
	NULL,
};
