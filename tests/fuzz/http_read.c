/* Any bytes as a connection would send them, through libmicrohttpd and what we look at before a handler sees a request: what gets through has
 * one Host, one length at most, and a path and arguments that read one way. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve/http_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROUNDS = 200 };

static const struct http_limits limits = { .body = 1 << 16, .answer = 1 << 16 };

static bool controls(struct str text, bool lines)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if ((unsigned char)c < ' ' && !(lines && (c == '\t' || c == '\n' || c == '\r')))
			return true;
	}
	return false;
}

static void got_through(const struct http_request *request)
{
	if (!str_starts(request->path, "/") || request->segment_count > HTTP_SEGMENTS)
		BUG("a path of %zu segments: %.*s", request->segment_count, STR_ARG(request->path));
	for (size_t i = 0; i < request->segment_count; i++)
		if (!request->segments[i].len || !utf8_valid(request->segments[i]) ||
		    controls(request->segments[i], false))
			BUG("segment %zu is not well formed", i);
	for (size_t i = 0; i < request->argument_count; i++)
		if (!utf8_valid(request->arguments[i].name) || !utf8_valid(request->arguments[i].value) ||
		    controls(request->arguments[i].name, true) || controls(request->arguments[i].value, true))
			BUG("argument %zu is not well formed", i);
	if (!http_header(request, "Host").at)
		BUG("a request without Host");
	if (http_header(request, "Content-Length").at && http_header(request, "Transfer-Encoding").at)
		BUG("a request with a length and an encoding");
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url, const char *method,
			      const char *version, const char *upload, size_t *upload_size, void **state)
{
	struct exchange *exchange = *state;
	struct MHD_Response *response;
	enum MHD_Result result;

	(void)context;
	(void)version;
	(void)upload;
	if (exchange) {
		if (*upload_size) {
			*upload_size = 0;
			return MHD_YES;
		}
	} else {
		exchange = must_calloc(1, sizeof(*exchange));
		arena_init(&exchange->arena);
		buf_init(&exchange->reply.body, limits.answer);
		exchange->connection = connection;
		exchange->request.arena = &exchange->arena;
		exchange->request.exchange = exchange;
		*state = exchange;
		if (exchange_read(exchange, url, method, &limits)) {
			got_through(&exchange->request);
			return MHD_YES;
		}
		if (exchange->reply.status < 400 || !exchange->reply.body.len)
			BUG("refused without a word");
	}
	response = MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
	result = MHD_queue_response(connection, exchange->refused ? (unsigned)exchange->reply.status : 200, response);
	MHD_destroy_response(response);
	return result;
}

static void completed(void *context, struct MHD_Connection *connection, void **state,
		      enum MHD_RequestTerminationCode code)
{
	struct exchange *exchange = *state;

	(void)context;
	(void)connection;
	(void)code;
	if (!exchange)
		return;
	buf_release(&exchange->reply.body);
	arena_release(&exchange->arena);
	free(exchange);
	*state = NULL;
}

static void closed(void *context, struct MHD_Connection *connection, void **state,
		   enum MHD_ConnectionNotificationCode code)
{
	(void)connection;
	(void)state;
	if (code == MHD_CONNECTION_NOTIFY_CLOSED)
		*(bool *)context = true;
}

/* As http.c has it: http_read.c decodes. */
static size_t leave_encoded(void *context, struct MHD_Connection *connection, char *text)
{
	(void)context;
	(void)connection;
	return strlen(text);
}

static bool gone;

static struct MHD_Daemon *daemon_start(void)
{
	struct MHD_Daemon *daemon = MHD_start_daemon(
		MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, answer, NULL, MHD_OPTION_NOTIFY_COMPLETED, completed, NULL,
		MHD_OPTION_NOTIFY_CONNECTION, closed, &gone, MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded, NULL,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)8 << 10, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);

	if (!daemon)
		BUG("no daemon");
	return daemon;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct MHD_Daemon *daemon;
	const struct sockaddr nowhere = { .sa_family = AF_UNIX };
	char answers[4096];
	int ends[2];

	if (!daemon)
		daemon = daemon_start();
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends))
		BUG("no pair of sockets");
	if (write(ends[1], data, size) < 0)
		BUG("%zu bytes are too many at once", size);
	shutdown(ends[1], SHUT_WR);
	gone = false;
	if (MHD_add_connection(daemon, ends[0], &nowhere, sizeof(nowhere)) != MHD_YES)
		BUG("the connection is not taken");
	for (int i = 0; i < ROUNDS && !gone; i++) {
		MHD_run(daemon);
		while (read(ends[1], answers, sizeof(answers)) > 0)
			;
	}
	close(ends[1]);
	while (!gone)
		MHD_run(daemon);
	return 0;
}
