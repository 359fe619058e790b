/* How the server itself is: for who watches over it. */
#include <inttypes.h>

#include "base/version.h"
#include "serve/endpoints.h"
#include "serve/events.h"
#include "serve/who.h"

static const struct member state_members[] = {
	{ .name = "status", .type = MEMBER_CHOICE, .choices = "ok", .required = true, .sentence = "ok" },
	{ .name = "version", .type = MEMBER_TEXT, .required = true, .sentence = "of the program" },
	{ .name = NULL },
};

static void say_state(struct call *call)
{
	json_t *body = json_object();

	json_object_set_new(body, "status", json_string("ok"));
	json_object_set_new(body, "version", json_string(LOCKSTEP_VERSION));
	call_json(call, 200, body);
}

/* It answers: then it is well. */
static const struct endpoint endpoint_health = {
	.method = HTTP_GET,
	.path = "/healthz",
	.name = "getHealth",
	.tag = "server",
	.summary = "Is the process alive?",
	.answer = state_members,
	.run = say_state,
};

static void say_ready(struct call *call)
{
	struct err err = ERR_INIT;
	struct office_view view;

	if (office_begin(server_office(call->server), call->now_ms, false, &view, &err)) {
		call_error(call, &err);
		return;
	}
	office_end(server_office(call->server));
	say_state(call);
}

static const struct endpoint endpoint_ready = {
	.method = HTTP_GET,
	.path = "/readyz",
	.name = "getReadiness",
	.tag = "server",
	.summary = "Can questions be answered from all that is committed?",
	.answer = state_members,
	.run = say_ready,
};

/* ---- for Prometheus ---- */

static void add_metric(struct buf *out, const char *name, const char *type, const char *help, double value)
{
	buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n%s %.17g\n", name, help, name, type, name, value);
}

static void say_metrics(struct call *call)
{
	struct http_counts counts = server_counts(call->server);
	struct buf *out = &call->reply->body;
	uint64_t recorded, failed, sent, dead;

	add_metric(out, "lockstep_start_time_seconds", "gauge", "When the process began to serve.",
		   (double)server_since_ms(call->server) / 1000);
	add_metric(out, "lockstep_http_requests_total", "counter", "Requests answered.", (double)counts.requests);
	add_metric(out, "lockstep_http_refused_total", "counter", "Requests that could not be read.",
		   (double)counts.refused);
	add_metric(out, "lockstep_http_cut_off_total", "counter", "Connections cut off because they were too slow.",
		   (double)counts.cut_off);
	add_metric(out, "lockstep_http_connections", "gauge", "Open connections.", counts.connections);
	add_metric(out, "lockstep_http_waiting", "gauge", "Requests that wait for a worker.", counts.waiting);
	add_metric(out, "lockstep_streams", "gauge", "Who listens to events.",
		   events_listening(server_events(call->server)));
	buf_add_text(out, "# HELP lockstep_http_answers_total Answers by class.\n"
			  "# TYPE lockstep_http_answers_total counter\n");
	for (int class = 1; class < 6; class ++)
		buf_addf(out, "lockstep_http_answers_total{class=\"%dxx\"} %" PRIu64 "\n", class,
			 counts.by_class[class]);
	server_ticks(call->server, &recorded, &failed);
	add_metric(out, "lockstep_clock_recorded_total", "counter", "Events of promises recorded when they fell due.",
		   (double)recorded);
	add_metric(out, "lockstep_clock_failed_total", "counter", "Looks of the clock that failed.", (double)failed);
	server_sends(call->server, &sent, &failed, &dead);
	add_metric(out, "lockstep_sent_total", "counter", "Messages that went out.", (double)sent);
	add_metric(out, "lockstep_send_failed_total", "counter", "Messages that are to be tried again.",
		   (double)failed);
	add_metric(out, "lockstep_send_dead_total", "counter", "Messages that were given up.", (double)dead);
	call->reply->type = "text/plain; version=0.0.4; charset=utf-8";
}

static const struct endpoint endpoint_metrics = {
	.method = HTTP_GET,
	.path = "/metrics",
	.name = "getMetrics",
	.tag = "server",
	.summary = "Counts and gauges in the text form of Prometheus",
	.roles = ROLE(ADMIN),
	.grant = GRANT_METRICS,
	.type = "text/plain",
	.run = say_metrics,
};

const struct endpoint *const endpoints_state[] = {
	&endpoint_health,
	&endpoint_ready,
	&endpoint_metrics,
	NULL,
};
