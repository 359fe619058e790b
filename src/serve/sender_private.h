/* What the files of the sender share. */
#ifndef SERVE_SENDER_PRIVATE_H
#define SERVE_SENDER_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "serve/letters.h"
#include "serve/sender.h"
#include "serve/webhook.h"

enum { SENDINGS = 16, PER_RECEIVER = 4, ANSWER_KEPT = 300 };

enum result { RESULT_NONE, RESULT_WENT, RESULT_HELD, RESULT_AGAIN, RESULT_DEAD };

/* One message on its way. */
struct sending {
	bool used, running;
	bool letter_begun;
	struct arena arena;
	struct outbox_message message;
	const struct letter_kind *kind;
	struct letter letter;
	struct buf body;
	CURL *curl;
	struct curl_slist *headers, *to;
	curl_mime *mime;
	const char *url;
	unsigned char secret[OUTLET_SECRET_BYTES];
	bool allowed, inside; /* the host may be of our own network; it was, and may not */
	char error[CURL_ERROR_SIZE], answer[ANSWER_KEPT + 1];
	size_t answer_len;
	enum result result;
	struct str trouble;
};

struct sender {
	struct server *server;
	pthread_t thread;
	bool started;
	CURLM *multi;
	atomic_bool ending, woken;
	_Atomic uint64_t sent, failed, dead;
	struct sending sendings[SENDINGS];
	uint64_t added;   /* to the outbox, when it was last looked at */
	int64_t daily_ms; /* when to look next whether a day or a week begins */
	int64_t next_ms;  /* when something is next due, as far as was seen */
};

/* ---- one of them (sending.c) ---- */

/* At the desk: fills it from the message; a result already where it need not go out. */
int sending_begin(struct sending *s, struct sender *sender, struct lead_desk *desk,
		  const struct outbox_message *message, struct err *err);
/* Away from the desk: writes what is not written yet, and gives it to the multi handle. */
void sending_start(struct sending *s, struct sender *sender);
/* What became of it. */
void sending_finish(struct sending *s, struct sender *sender, CURLcode code);
void sending_release(struct sending *s, struct sender *sender);

#endif
