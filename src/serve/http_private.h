/* What the files of the HTTP layer share. */
#ifndef SERVE_HTTP_PRIVATE_H
#define SERVE_HTTP_PRIVATE_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdbool.h>

#include "serve/http.h"

/* One connection, from its begin to its end. */
struct visit {
	int fd;
	int64_t deadline_ms; /* monotonic; 0: none, we are at work on it */
	struct visit *next, *previous;
};

/* All connections, and the thread that cuts off who is too slow. */
struct visits {
	pthread_mutex_t lock;
	pthread_cond_t ended;
	pthread_t thread;
	struct visit *first;
	unsigned count;
	uint64_t cut_off;
	bool ending;
};

int visits_open(struct visits *visits, struct err *err);
void visits_close(struct visits *visits);
struct visit *visit_begin(struct visits *visits, int fd, int64_t within_ms);
void visit_end(struct visits *visits, struct visit *visit);
/* From now on it has so long; 0: as long as it takes. */
void visit_within(struct visits *visits, struct visit *visit, int64_t within_ms);

/* One request with its reply. */
struct exchange {
	struct arena arena;
	struct http_request request;
	struct http_reply reply;
	struct buf body;
	size_t large; /* bytes of the body behind the first, which count among those of all */
	struct visit *visit;
	struct MHD_Connection *connection;
	bool refused;          /* `reply` says why; the connection is closed after it */
	bool under_way;        /* it is waited for */
	bool answered;         /* the handler is through */
	struct exchange *next; /* in the queue */
	char client[64];
};

/* ---- streams (http_stream.c) ---- */

/* NULL: not enough memory. */
struct MHD_Response *stream_response(struct exchange *exchange, struct visits *visits, int64_t answer_ms);

/* ---- reading (http_read.c) ---- */

/* Fills request and reply from what the connection sent so far: request line and headers. False where it is refused. */
bool exchange_read(struct exchange *exchange, const char *url, const char *method, const struct http_limits *limits);
void exchange_refuse(struct exchange *exchange, int status, const char *text);

#endif
