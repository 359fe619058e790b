/* HTTP/1.1 as the server speaks it, over libmicrohttpd: one request, one reply.
 *
 * - Requests come in on one thread that waits for all connections. What can be answered at once is, there: handing a request on costs more than
 *   many an answer. All else is answered by a few worker threads; there a handler may take its time.
 * - A request that could be read two ways never reaches a handler: no Host or several, several Content-Length, Content-Length beside
 *   Transfer-Encoding, a path or argument that is not well percent-encoded UTF-8. It is answered 400 and the connection closed.
 * - Everything has a maximum (struct http_limits). Who sends slowly is cut off at a fixed time, however busily he drips.
 * - Bytes of a request live as long as the handler runs; a reply is filled in the handler and sent after.
 */
#ifndef SERVE_HTTP_H
#define SERVE_HTTP_H

#include <stdint.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_METHOD__COUNT };

const char *http_method_name(enum http_method method);

enum { HTTP_SEGMENTS = 12, HTTP_HEADERS = 16 };

struct http_argument {
	struct str name, value;
};

struct http_request {
	enum http_method method;
	bool head;                          /* HEAD: as GET, and the body stays away */
	struct str path;                    /* as it was sent */
	struct str segments[HTTP_SEGMENTS]; /* of the path, decoded; none is empty */
	size_t segment_count;
	const struct http_argument *arguments; /* behind the ?, decoded, in order */
	size_t argument_count;
	struct str body;
	const char *client; /* "192.0.2.7", "unix" */
	struct arena *arena;
	void *exchange; /* for http_header and http_finish */
};

/* By name, whatever its case; empty where there is none. */
struct str http_header(const struct http_request *request, const char *name);
/* Where it may stand there several times: all of them in their order, with commas between. In the request's arena. */
struct str http_header_joined(const struct http_request *request, const char *name);
/* STR_NONE where there is none; an empty one has .at. */
struct str http_argument(const struct http_request *request, const char *name);

/* What a form sends (application/x-www-form-urlencoded), in order; as many as `most`. False: it is none. In the arena. */
bool http_form(struct str body, struct http_argument *out, size_t most, size_t *count, struct arena *arena);

/* The address of what is called `name` under `path`, percent-encoded. In the arena. */
const char *http_path(struct arena *arena, const char *path, struct str name);

/* An answer that goes on and on, a piece at a time (serve/events.h). All are called by the thread that waits for all connections: they must
 * not take their time. */
struct http_stream;
struct http_streaming {
	/* The answer's headers are on their way. `stream` is valid until `end`. */
	void (*begin)(void *context, struct http_stream *stream);
	/* The next bytes, at most `room`; 0: none for now, and nobody asks again before http_stream_wake; -1: that was all. */
	ptrdiff_t (*read)(void *context, char *at, size_t room);
	/* Called once, whatever became of it. */
	void (*end)(void *context);
	void *context; /* NULL: the reply is no stream */
};

/* There is more to read. From any thread. */
void http_stream_wake(struct http_stream *stream);

struct http_reply {
	struct http_streaming stream;
	int status;       /* 200 unless set */
	const char *type; /* media type of the body */
	struct buf body;
	struct {
		const char *name, *value; /* in the request's arena */
	} headers[HTTP_HEADERS];
	size_t header_count;
	/* Where a handler returns HTTP_LATER; and what is called when all is sent, by the thread that waits for all connections. */
	void (*later)(void *context);
	void (*over)(void *context); /* may be NULL */
	void *context;
};

void http_reply_header(struct http_reply *reply, const char *name, const char *value);

struct http_limits {
	size_t body;   /* bytes */
	size_t bodies; /* of all at once, but for the first 64 kB of each; who sends more then is answered 503 */
	size_t answer; /* bytes */
	unsigned connections;
	unsigned per_address; /* connections; 0: as many as there are */
	unsigned waiting;     /* requests that no worker has taken up yet; more are answered 503 */
	unsigned workers;
	int64_t request_ms; /* from the end of the answer before, or the connection's begin, to the request's last byte */
	int64_t answer_ms; /* to send an answer, or a piece of a stream */
};

#define HTTP_LIMITS                                                                                                    \
	((struct http_limits){ .body = 16u << 20,                                                                      \
			       .bodies = 256u << 20,                                                                   \
			       .answer = 256u << 20,                                                                   \
			       .connections = 12000,                                                                   \
			       .per_address = 0,                                                                       \
			       .waiting = 1024,                                                                        \
			       .workers = 4,                                                                           \
			       .request_ms = 15000,                                                                    \
			       .answer_ms = 60000 })

struct http_counts {
	uint64_t requests, refused; /* refused: never reached a handler */
	uint64_t cut_off;           /* were too slow */
	uint64_t by_class[6];       /* [2]: answered 2xx */
	unsigned connections, waiting;
};

/* HTTP_LATER: the reply is not filled yet; reply->later is called once the handler has returned, keeps both pointers, and sees to it that the
 * reply is filled and http_finish called, once. HTTP_BY_WORKER: it takes its time. */
enum http_outcome { HTTP_ANSWERED, HTTP_LATER, HTTP_BY_WORKER };
typedef enum http_outcome http_handler(void *context, const struct http_request *request, struct http_reply *reply);

struct http_handlers {
	http_handler *at_once;   /* on the thread that waits for all connections: must not take its time */
	http_handler *by_worker; /* on any of the workers; never returns HTTP_BY_WORKER */
	void *context;
};

/* From any thread; request and reply are not to be touched after. */
void http_finish(const struct http_request *request);

/* Certificate (with those up to the root's) and key, as PEM. */
struct http_tls {
	const char *certificate, *key;
};

struct http;

/* Listens on `fd`, which it takes; over TLS where `tls` is not NULL. Returns owned. */
int http_open(struct http **out, int fd, const struct http_limits *limits, const struct http_tls *tls,
	      const struct http_handlers *handlers, struct err *err);
/* Takes no more connections; requests that are under way are answered for at most `grace_ms`, then all is closed. */
void http_close(struct http *http, int64_t grace_ms);
struct http_counts http_counts(struct http *http);

#endif
