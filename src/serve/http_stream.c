/* Answers that go on and on: a connection that has nothing to send sleeps, and costs no more than its memory. */
#include <stdlib.h>

#include "serve/http_private.h"

/* Streams are sent in chunks; this is for clients of HTTP/1.0 alone. */
enum { BLOCK = 256 };

struct http_stream {
	struct http_streaming what;
	struct MHD_Connection *connection;
	struct visits *visits;
	struct visit *visit;
	int64_t answer_ms;
	pthread_mutex_t lock;
	bool asleep, woken;
};

void http_stream_wake(struct http_stream *stream)
{
	pthread_mutex_lock(&stream->lock);
	stream->woken = true;
	if (stream->asleep)
		MHD_resume_connection(stream->connection);
	stream->asleep = false;
	pthread_mutex_unlock(&stream->lock);
}

/* False: there is more meanwhile. */
static bool sleep_now(struct http_stream *stream)
{
	bool sleeps;

	pthread_mutex_lock(&stream->lock);
	sleeps = !stream->woken;
	if (sleeps) {
		visit_within(stream->visits, stream->visit, 0);
		MHD_suspend_connection(stream->connection);
		stream->asleep = true;
	}
	pthread_mutex_unlock(&stream->lock);
	return sleeps;
}

static ssize_t read_more(void *context, uint64_t at, char *bytes, size_t room)
{
	struct http_stream *stream = context;

	(void)at;
	for (;;) {
		ptrdiff_t got;

		pthread_mutex_lock(&stream->lock);
		stream->woken = false;
		pthread_mutex_unlock(&stream->lock);
		got = stream->what.read(stream->what.context, bytes, room);
		if (got < 0)
			return MHD_CONTENT_READER_END_OF_STREAM;
		if (got > 0) {
			/* Until these bytes are taken. */
			visit_within(stream->visits, stream->visit, stream->answer_ms);
			return got;
		}
		if (sleep_now(stream))
			return 0;
	}
}

static void end(void *context)
{
	struct http_stream *stream = context;

	stream->what.end(stream->what.context);
	pthread_mutex_destroy(&stream->lock);
	free(stream);
}

struct MHD_Response *stream_response(struct exchange *exchange, struct visits *visits, int64_t answer_ms)
{
	struct http_stream *stream = must_calloc(1, sizeof(*stream));
	struct MHD_Response *response =
		MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, read_more, stream, end);

	if (!response) {
		free(stream);
		return NULL;
	}
	stream->what = exchange->reply.stream;
	stream->connection = exchange->connection;
	stream->visits = visits;
	stream->visit = exchange->visit;
	stream->answer_ms = answer_ms;
	pthread_mutex_init(&stream->lock, NULL);
	exchange->reply.stream.context = NULL;
	stream->what.begin(stream->what.context, stream);
	return response;
}
