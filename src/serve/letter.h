/* A letter on its way to one person: a subject and paragraphs, said once, that become a text part and an HTML part.
 *
 * letter_begin; letter_subject, letter_say, letter_row, letter_link … in order; letter_send_as; letter_release. What stands in a header can
 * hold no line end, whatever is said: control characters become spaces, and what is not plain ASCII is encoded.
 */
#ifndef SERVE_LETTER_H
#define SERVE_LETTER_H

#include <curl/curl.h>
#include "io/html.h"
#include "serve/server.h"

enum { LETTER_MAX = 4 << 20 };

struct letter {
	struct server *server;
	struct arena *arena;
	int64_t now_ms;
	struct str to_name, to_address;
	struct account who;             /* whom it is for, where that is somebody who signs in; else id 0 */
	struct lead_desk *desk;         /* of kinds that stand at the desk */
	const struct office_view *view; /* of kinds that need what only judging tells */
	struct str subject;
	struct buf text, bytes;
	struct html html;
	bool in_table;
	const char *held;  /* why nobody gets it; NULL: it goes */
	const char *waits; /* why it is to be tried again; NULL: it is not */
};

void letter_begin(struct letter *letter, struct server *server, struct arena *arena, int64_t now_ms);
void letter_release(struct letter *letter);

void letter_subject(struct letter *letter, const char *format, ...) __attribute__((format(printf, 2, 3)));
void letter_say(struct letter *letter, const char *format, ...) __attribute__((format(printf, 2, 3)));
void letter_heading(struct letter *letter, const char *text);
void letter_row(struct letter *letter, const char *label, struct str value); /* left out where the value is empty */
void letter_link(struct letter *letter, const char *label, const char *url);
/* Nobody gets it: `why` is for the log. */
void letter_hold(struct letter *letter, const char *why);
/* It cannot be told now whether somebody gets it: it is tried again. */
void letter_wait(struct letter *letter, const char *why);

/* "Lockstep <desk@example.com>", or the address alone. */
bool letter_from_fits(struct str from);

/* Fills the request: from, to, headers and both parts. *headers and *to are the caller's to free after the request, as the mime. ERR_INPUT:
 * the address is none. */
int letter_put(struct letter *letter, CURL *curl, const char *id, int64_t made_ms, struct curl_slist **headers,
	       struct curl_slist **to, curl_mime **mime, struct err *err);

/* "=?UTF-8?B?…?=" where it has to be; no control characters. In the arena. */
const char *letter_header_text(struct arena *arena, struct str text);

#endif
