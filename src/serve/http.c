#include "serve/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "serve/http_private.h"

/* Of a connection: request line and headers must fit, and idle streams keep it. */
enum { CONNECTION_MEMORY = 8 << 10, SMALL_BODY = 64 << 10, LOOK_EVERY_MS = 20 };

struct http {
	struct http_limits limits;
	struct http_handlers handlers;
	struct MHD_Daemon *daemon;
	struct visits visits;
	size_t large; /* bytes of bodies behind the first; of the thread that waits for all connections */
	pthread_t *workers;
	unsigned worker_count;
	pthread_mutex_t lock;
	pthread_cond_t wanted;
	struct exchange *first, *last; /* to be answered */
	unsigned waiting;
	unsigned under_way; /* whole, and not answered to the last byte */
	bool closing;       /* takes no more requests */
	bool ending;        /* the workers go home */
	struct http_counts counts;
};

/* ---- one exchange ---- */

static struct visit *visit_of(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static void name_client(struct exchange *exchange)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *at = info ? info->client_addr : NULL;

	exchange->request.client = exchange->client;
	if (at && at->sa_family == AF_INET)
		inet_ntop(AF_INET, &((const struct sockaddr_in *)at)->sin_addr, exchange->client,
			  sizeof(exchange->client));
	else if (at && at->sa_family == AF_INET6)
		inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)at)->sin6_addr, exchange->client,
			  sizeof(exchange->client));
	else
		memcpy(exchange->client, "unix", sizeof("unix"));
}

static struct exchange *exchange_new(struct http *http, struct MHD_Connection *connection)
{
	struct exchange *exchange = must_calloc(1, sizeof(*exchange));

	arena_init(&exchange->arena);
	exchange->connection = connection;
	exchange->visit = visit_of(connection);
	exchange->request.arena = &exchange->arena;
	exchange->request.exchange = exchange;
	exchange->reply.status = 200;
	exchange->reply.type = "application/json";
	buf_init(&exchange->body, http->limits.body);
	buf_init(&exchange->reply.body, http->limits.answer);
	name_client(exchange);
	return exchange;
}

static void exchange_free(struct exchange *exchange)
{
	/* It never came to be sent. */
	if (exchange->reply.stream.context)
		exchange->reply.stream.end(exchange->reply.stream.context);
	if (exchange->reply.over)
		exchange->reply.over(exchange->reply.context);
	buf_release(&exchange->body);
	buf_release(&exchange->reply.body);
	arena_release(&exchange->arena);
	free(exchange);
}

void http_reply_header(struct http_reply *reply, const char *name, const char *value)
{
	if (reply->header_count == HTTP_HEADERS)
		BUG("a reply has more than %d headers", HTTP_HEADERS);
	reply->headers[reply->header_count].name = name;
	reply->headers[reply->header_count++].value = value;
}

static bool closing(struct http *http)
{
	bool so;

	pthread_mutex_lock(&http->lock);
	so = http->closing;
	pthread_mutex_unlock(&http->lock);
	return so;
}

static enum MHD_Result send_reply(struct http *http, struct exchange *exchange)
{
	struct http_reply *reply = &exchange->reply;
	struct MHD_Response *response;
	bool streams = reply->stream.context != NULL;
	enum MHD_Result result;

	if (reply->body.full)
		exchange_refuse(exchange, 500, "The answer is too large.");
	if (reply->stream.context)
		response = stream_response(exchange, &http->visits, http->limits.answer_ms);
	else
		response = MHD_create_response_from_buffer(
			reply->body.len, reply->body.at ? reply->body.at : (void *)"", MHD_RESPMEM_MUST_COPY);
	if (!response)
		return MHD_NO;
	if (reply->body.len || reply->status != 204)
		MHD_add_response_header(response, "Content-Type", reply->type);
	for (size_t i = 0; i < reply->header_count; i++)
		MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value);
	if (exchange->refused || closing(http))
		MHD_add_response_header(response, "Connection", "close");
	visit_within(&http->visits, exchange->visit, http->limits.answer_ms);
	result = MHD_queue_response(exchange->connection, (unsigned)reply->status, response);
	MHD_destroy_response(response);
	/* It may last for hours. */
	if (streams) {
		arena_release(&exchange->arena);
		buf_release(&exchange->body);
	}
	pthread_mutex_lock(&http->lock);
	http->counts.requests++;
	http->counts.refused += exchange->refused;
	http->counts.by_class[reply->status / 100 % 6]++;
	pthread_mutex_unlock(&http->lock);
	return result;
}

/* ---- the workers ---- */

/* False: no more are taken. From here on it is waited for. */
static bool enter(struct http *http, struct exchange *exchange)
{
	pthread_mutex_lock(&http->lock);
	exchange->under_way = !http->closing;
	http->under_way += exchange->under_way;
	pthread_mutex_unlock(&http->lock);
	return exchange->under_way;
}

/* False where too many wait already. */
static bool hand_on(struct http *http, struct exchange *exchange)
{
	bool room;

	pthread_mutex_lock(&http->lock);
	room = http->waiting < http->limits.waiting;
	if (room) {
		/* Before a worker can be through with it. */
		MHD_suspend_connection(exchange->connection);
		if (http->last)
			http->last->next = exchange;
		else
			http->first = exchange;
		http->last = exchange;
		http->waiting++;
		pthread_cond_signal(&http->wanted);
	}
	pthread_mutex_unlock(&http->lock);
	return room;
}

static struct exchange *take_up(struct http *http)
{
	struct exchange *exchange = http->first;

	http->first = exchange->next;
	if (!http->first)
		http->last = NULL;
	http->waiting--;
	return exchange;
}

void http_finish(const struct http_request *request)
{
	struct exchange *exchange = request->exchange;

	exchange->answered = true;
	MHD_resume_connection(exchange->connection);
}

static void answer(struct http *http, struct exchange *exchange)
{
	struct http_reply *reply = &exchange->reply;

	if (http->handlers.by_worker(http->handlers.context, &exchange->request, reply) == HTTP_LATER)
		reply->later(reply->context);
	else
		http_finish(&exchange->request);
}

static void *work(void *context)
{
	struct http *http = context;

	pthread_mutex_lock(&http->lock);
	for (;;) {
		struct exchange *exchange;

		while (!http->first && !http->ending)
			pthread_cond_wait(&http->wanted, &http->lock);
		if (!http->first)
			break;
		exchange = take_up(http);
		pthread_mutex_unlock(&http->lock);
		answer(http, exchange);
		pthread_mutex_lock(&http->lock);
	}
	pthread_mutex_unlock(&http->lock);
	return NULL;
}

/* ---- what libmicrohttpd tells ---- */

static void on_connection(void *context, struct MHD_Connection *connection, void **own,
			  enum MHD_ConnectionNotificationCode code)
{
	struct http *http = context;

	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		*own = visit_begin(&http->visits,
				   MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd,
				   http->limits.request_ms);
	else if (*own)
		visit_end(&http->visits, *own);
}

static void take_body(struct http *http, struct exchange *exchange, struct str bytes)
{
	size_t len = exchange->body.len + bytes.len, large = len > SMALL_BODY ? len - SMALL_BODY : 0;

	if (exchange->refused)
		return;
	if (http->large - exchange->large + large > http->limits.bodies) {
		exchange_refuse(exchange, 503, "Too much is sent here right now; try again in a moment.");
		http_reply_header(&exchange->reply, "Retry-After", "5");
	} else {
		buf_add_str(&exchange->body, bytes);
		if (exchange->body.full)
			exchange_refuse(exchange, 413, "The body is too large.");
	}
	if (exchange->refused) {
		buf_release(&exchange->body);
		large = 0;
	}
	http->large += large - exchange->large;
	exchange->large = large;
}

static enum MHD_Result refuse(struct http *http, struct exchange *exchange)
{
	exchange_refuse(exchange, 503, "No more can be taken up here right now; try again in a moment.");
	http_reply_header(&exchange->reply, "Retry-After", "1");
	return send_reply(http, exchange);
}

/* All of it is there. */
static enum MHD_Result begin(struct http *http, struct exchange *exchange)
{
	struct http_reply *reply = &exchange->reply;

	exchange->request.body = buf_str(&exchange->body);
	if (!enter(http, exchange))
		return refuse(http, exchange);
	visit_within(&http->visits, exchange->visit, 0);
	switch (http->handlers.at_once(http->handlers.context, &exchange->request, reply)) {
	case HTTP_ANSWERED: return send_reply(http, exchange);
	case HTTP_LATER:
		MHD_suspend_connection(exchange->connection);
		reply->later(reply->context);
		return MHD_YES;
	case HTTP_BY_WORKER: break;
	}
	return hand_on(http, exchange) ? MHD_YES : refuse(http, exchange);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
				  const char *version, const char *bytes, size_t *len, void **own)
{
	struct http *http = context;
	struct exchange *exchange = *own;

	(void)version;
	if (!exchange) {
		exchange = exchange_new(http, connection);
		*own = exchange;
		return exchange_read(exchange, url, method, &http->limits) ? MHD_YES : send_reply(http, exchange);
	}
	if (*len) {
		take_body(http, exchange, (struct str){ bytes, *len });
		*len = 0;
		return MHD_YES;
	}
	if (exchange->refused || exchange->answered)
		return send_reply(http, exchange);
	return begin(http, exchange);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **own,
			 enum MHD_RequestTerminationCode code)
{
	struct http *http = context;
	struct exchange *exchange = *own;

	(void)connection;
	(void)code;
	if (!exchange)
		return;
	visit_within(&http->visits, exchange->visit, http->limits.request_ms);
	pthread_mutex_lock(&http->lock);
	http->under_way -= exchange->under_way;
	pthread_mutex_unlock(&http->lock);
	http->large -= exchange->large;
	exchange_free(exchange);
	*own = NULL;
}

/* Paths and arguments are decoded by http_read.c, which refuses what is not well encoded. */
static size_t leave_encoded(void *context, struct MHD_Connection *connection, char *text)
{
	(void)context;
	(void)connection;
	return strlen(text);
}

/* ---- opening and closing ---- */

static int start_daemon(struct http *http, int fd, const struct http_tls *tls, struct err *err)
{
	/* What ends the list where there is none. */
	struct MHD_OptionItem secure[] = {
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, tls ? (void *)(uintptr_t)tls->certificate : NULL },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, tls ? (void *)(uintptr_t)tls->key : NULL },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t) "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2" },
		{ MHD_OPTION_END, 0, NULL },
	};

	http->daemon = MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | (tls ? MHD_USE_TLS : 0), 0, NULL, NULL,
		on_request, http, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_NOTIFY_COMPLETED, on_completed, http,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, http, MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded, NULL,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_LIMIT,
		http->limits.connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT, http->limits.per_address,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, tls ? secure : &secure[3], MHD_OPTION_END);
	if (http->daemon)
		return 0;
	return err_set(err, ERR_SYSTEM, "the HTTP server cannot be started: %s",
		       tls ? "certificate and key are not PEM, or do not go together" : "too few descriptors?");
}

static void end_workers(struct http *http)
{
	pthread_mutex_lock(&http->lock);
	http->ending = true;
	pthread_cond_broadcast(&http->wanted);
	pthread_mutex_unlock(&http->lock);
	for (unsigned i = 0; i < http->worker_count; i++)
		pthread_join(http->workers[i], NULL);
	http->worker_count = 0;
}

static void http_free(struct http *http)
{
	pthread_cond_destroy(&http->wanted);
	pthread_mutex_destroy(&http->lock);
	free(http->workers);
	free(http);
}

int http_open(struct http **out, int fd, const struct http_limits *limits, const struct http_tls *tls,
	      const struct http_handlers *handlers, struct err *err)
{
	struct http *http = must_calloc(1, sizeof(*http));

	http->limits = *limits;
	http->handlers = *handlers;
	http->workers = must_calloc(limits->workers, sizeof(*http->workers));
	pthread_mutex_init(&http->lock, NULL);
	pthread_cond_init(&http->wanted, NULL);
	if (visits_open(&http->visits, err)) {
		close(fd);
		http_free(http);
		return err->kind;
	}
	for (; http->worker_count < limits->workers; http->worker_count++)
		if (pthread_create(&http->workers[http->worker_count], NULL, work, http))
			break;
	if (http->worker_count == limits->workers ? start_daemon(http, fd, tls, err)
						  : err_set(err, ERR_SYSTEM, "cannot start a thread")) {
		close(fd);
		end_workers(http);
		visits_close(&http->visits);
		http_free(http);
		return err->kind;
	}
	*out = http;
	return 0;
}

/* Whatever is under way, for so long. */
static void wait_for_all(struct http *http, int64_t grace_ms)
{
	for (int64_t waited_ms = 0; waited_ms < grace_ms; waited_ms += LOOK_EVERY_MS) {
		struct timespec span = { 0, LOOK_EVERY_MS * 1000000L };
		bool busy;

		pthread_mutex_lock(&http->lock);
		busy = http->under_way > 0;
		pthread_mutex_unlock(&http->lock);
		if (!busy)
			return;
		nanosleep(&span, NULL);
	}
}

void http_close(struct http *http, int64_t grace_ms)
{
	int fd = MHD_quiesce_daemon(http->daemon);

	pthread_mutex_lock(&http->lock);
	http->closing = true;
	pthread_mutex_unlock(&http->lock);
	wait_for_all(http, grace_ms);
	end_workers(http);
	MHD_stop_daemon(http->daemon);
	if (fd >= 0)
		close(fd);
	visits_close(&http->visits);
	http_free(http);
}

struct http_counts http_counts(struct http *http)
{
	struct http_counts counts;

	pthread_mutex_lock(&http->lock);
	counts = http->counts;
	counts.waiting = http->waiting;
	pthread_mutex_unlock(&http->lock);
	pthread_mutex_lock(&http->visits.lock);
	counts.connections = http->visits.count;
	counts.cut_off = http->visits.cut_off;
	pthread_mutex_unlock(&http->visits.lock);
	return counts;
}
