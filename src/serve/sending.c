/* One message on its way: made, given to libcurl, judged by what came back. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "serve/reach.h"
#include "serve/sender_private.h"

enum { CONNECT_MS = 10000, WHOLE_MS = 30000, BODY_MAX = 1 << 17 };

static void decide(struct sending *s, enum result result, const char *trouble)
{
	s->result = result;
	s->trouble = str_of(arena_dup(&s->arena, trouble));
}

/* ---- at the desk ---- */

static int begin_letter(struct sending *s, struct sender *sender, struct lead_desk *desk, struct err *err)
{
	letter_begin(&s->letter, sender->server, &s->arena, server_now_ms(sender->server));
	s->letter_begun = true;
	s->letter.desk = desk;
	s->kind = letter_kind_find(s->message.kind);
	if (!s->kind)
		decide(s, RESULT_DEAD, "nobody knows how to write this kind of letter");
	else if (letter_address(&s->letter, s->kind, &s->message, err))
		return err->kind;
	else if (s->letter.held)
		decide(s, RESULT_HELD, s->letter.held);
	else if (s->letter.waits)
		decide(s, RESULT_AGAIN, s->letter.waits);
	s->letter.desk = NULL;
	return 0;
}

static int begin_news(struct sending *s, struct sender *sender, struct lead_desk *desk, struct err *err)
{
	const char *allowed = server_ways_out(sender->server)->allow_internal;
	const struct outlet *list, *outlet = NULL;
	struct err why = ERR_INIT;
	size_t count;

	if (outlets(desk->book, &list, &count, err))
		return err->kind;
	for (size_t i = 0; i < count; i++)
		if (str_eq(list[i].id, s->message.to))
			outlet = &list[i];
	if (!outlet || outlet->off) {
		decide(s, RESULT_HELD, "the outlet is turned off or gone");
		return 0;
	}
	if (reach_check(outlet->url, allowed, &s->allowed, &why)) {
		decide(s, RESULT_DEAD, why.text);
		return 0;
	}
	s->message.way = outlet->way;
	s->url = arena_cstr(&s->arena, outlet->url);
	outlet_secret(desk->book, outlet->id, outlet->turn, s->secret);
	return 0;
}

int sending_begin(struct sending *s, struct sender *sender, struct lead_desk *desk,
		  const struct outbox_message *message, struct err *err)
{
	int failed;

	*s = (struct sending){ .used = true };
	arena_init(&s->arena);
	buf_init(&s->body, BODY_MAX);
	s->message = *message;
	s->message.kind = arena_str(&s->arena, message->kind);
	s->message.to = arena_str(&s->arena, message->to);
	for (size_t i = 0; i < message->fact_count; i++)
		s->message.facts[i] = (struct outbox_fact){ arena_str(&s->arena, message->facts[i].name),
							    arena_str(&s->arena, message->facts[i].value) };
	failed = message->way == OUTBOX_MAIL ? begin_letter(s, sender, desk, err) : begin_news(s, sender, desk, err);
	if (failed)
		sending_release(s, sender);
	return failed;
}

void sending_release(struct sending *s, struct sender *sender)
{
	if (s->curl) {
		curl_multi_remove_handle(sender->multi, s->curl);
		curl_easy_cleanup(s->curl);
	}
	if (s->letter_begun)
		letter_release(&s->letter);
	curl_mime_free(s->mime);
	curl_slist_free_all(s->headers);
	curl_slist_free_all(s->to);
	buf_release(&s->body);
	arena_release(&s->arena);
	s->used = false;
}

/* ---- away from it ---- */

static size_t take_answer(char *bytes, size_t size, size_t count, void *context)
{
	struct sending *s = context;
	size_t room = ANSWER_KEPT - s->answer_len, len = size * count;

	memcpy(s->answer + s->answer_len, bytes, len < room ? len : room);
	s->answer_len += len < room ? len : room;
	s->answer[s->answer_len] = '\0';
	return len;
}

/* The address is what libcurl is about to connect to, however it was found. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *at)
{
	struct sending *s = context;

	(void)purpose;
	if (!s->allowed && !reach_outside(&at->addr)) {
		s->inside = true;
		return CURL_SOCKET_BAD;
	}
	return socket(at->family, at->socktype | SOCK_CLOEXEC, at->protocol);
}

static void add_header(struct sending *s, const char *name, const char *value)
{
	struct curl_slist *longer = curl_slist_append(s->headers, arena_printf(&s->arena, "%s: %s", name, value));

	if (!longer)
		out_of_memory(strlen(value));
	s->headers = longer;
}

static void put_common(struct sending *s)
{
	curl_easy_setopt(s->curl, CURLOPT_ERRORBUFFER, s->error);
	curl_easy_setopt(s->curl, CURLOPT_PRIVATE, s);
	curl_easy_setopt(s->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(s->curl, CURLOPT_PROXY, "");
	curl_easy_setopt(s->curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(s->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(s->curl, CURLOPT_TIMEOUT_MS, (long)WHOLE_MS);
	curl_easy_setopt(s->curl, CURLOPT_WRITEFUNCTION, take_answer);
	curl_easy_setopt(s->curl, CURLOPT_WRITEDATA, s);
}

static void put_news(struct sending *s, struct sender *sender)
{
	int64_t now_s = server_now_ms(sender->server) / 1000;
	char signature[WEBHOOK_SIGNATURE], seconds[32];

	webhook_body(&s->message, server_zone(sender->server), &s->body);
	snprintf(seconds, sizeof(seconds), "%lld", (long long)now_s);
	webhook_sign(s->secret, sizeof(s->secret), s->message.id, now_s, buf_str(&s->body), signature);
	add_header(s, "Content-Type", "application/json");
	if (s->message.way == OUTBOX_WEBHOOK) {
		add_header(s, "webhook-id", s->message.id);
		add_header(s, "webhook-timestamp", seconds);
		add_header(s, "webhook-signature", signature);
	}
	curl_easy_setopt(s->curl, CURLOPT_URL, s->url);
	curl_easy_setopt(s->curl, CURLOPT_PROTOCOLS_STR, "https,http");
	curl_easy_setopt(s->curl, CURLOPT_USERAGENT, "Lockstep");
	curl_easy_setopt(s->curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(s->curl, CURLOPT_OPENSOCKETDATA, s);
	curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, s->headers);
	curl_easy_setopt(s->curl, CURLOPT_POSTFIELDSIZE, (long)s->body.len);
	curl_easy_setopt(s->curl, CURLOPT_POSTFIELDS, s->body.at);
}

/* Without TLS a password and letters could be read on the way: it may be missing only on this machine. */
static bool on_this_machine(const char *url)
{
	static const char *const hosts[] = { "127.0.0.1", "localhost", "[::1]" };
	const char *host = strstr(url, "://");

	host = host ? host + 3 : url;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		size_t len = strlen(hosts[i]);

		if (!strncmp(host, hosts[i], len) && (!host[len] || host[len] == ':' || host[len] == '/'))
			return true;
	}
	return false;
}

static int write_judged(struct sending *s, struct sender *sender, struct err *err)
{
	struct office *office = server_office(sender->server);
	struct office_view view;
	int failed;

	if (office_begin(office, s->letter.now_ms, true, &view, err))
		return err->kind;
	s->letter.view = &view;
	failed = s->kind->write(&s->letter, &s->message, err);
	s->letter.view = NULL;
	office_end(office);
	return failed;
}

static int put_letter(struct sending *s, struct sender *sender, struct err *err)
{
	const struct ways_out *mail = server_ways_out(sender->server);

	if (!mail->server)
		return err_set(err, ERR_STATE, "no mail server is named: lockstep serve --mail-server");
	if (s->kind->judged && write_judged(s, sender, err))
		return err->kind;
	if (letter_put(&s->letter, s->curl, s->message.id, s->message.made_ms, &s->headers, &s->to, &s->mime, err))
		return err->kind;
	curl_easy_setopt(s->curl, CURLOPT_URL, mail->server);
	curl_easy_setopt(s->curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(s->curl, CURLOPT_USE_SSL,
			 (long)(on_this_machine(mail->server) ? CURLUSESSL_TRY : CURLUSESSL_ALL));
	if (mail->ca)
		curl_easy_setopt(s->curl, CURLOPT_CAINFO, mail->ca);
	if (mail->user) {
		curl_easy_setopt(s->curl, CURLOPT_USERNAME, mail->user);
		curl_easy_setopt(s->curl, CURLOPT_PASSWORD, mail->password ? mail->password : "");
	}
	return 0;
}

void sending_start(struct sending *s, struct sender *sender)
{
	struct err err = ERR_INIT;

	s->curl = curl_easy_init();
	if (!s->curl)
		out_of_memory(sizeof(*s));
	put_common(s);
	if (s->message.way != OUTBOX_MAIL) {
		put_news(s, sender);
	} else if (put_letter(s, sender, &err)) {
		decide(s, err.kind == ERR_INPUT || err.kind == ERR_LIMIT ? RESULT_DEAD : RESULT_AGAIN, err.text);
		return;
	} else if (s->letter.held) {
		decide(s, RESULT_HELD, s->letter.held);
		return;
	}
	curl_multi_add_handle(sender->multi, s->curl);
	s->running = true;
}

/* ---- what became of it ---- */

static void finish_letter(struct sending *s, CURLcode code, long status)
{
	const char *said = *s->error ? s->error : curl_easy_strerror(code);

	if (code == CURLE_OK)
		s->result = RESULT_WENT;
	else if (status >= 500 && status < 600 && code != CURLE_LOGIN_DENIED)
		decide(s, RESULT_DEAD, arena_printf(&s->arena, "refused for good: %s", said));
	else
		decide(s, RESULT_AGAIN, said);
}

static void finish_news(struct sending *s, CURLcode code, long status)
{
	const char *said = *s->error ? s->error : curl_easy_strerror(code);

	if (s->inside)
		decide(s, RESULT_DEAD,
		       "the host is of our own network; lockstep serve --allow-internal HOST would allow it");
	else if (code != CURLE_OK)
		decide(s, RESULT_AGAIN, said);
	else if (status >= 200 && status < 300)
		s->result = RESULT_WENT;
	else
		decide(s, status == 410 ? RESULT_DEAD : RESULT_AGAIN,
		       arena_printf(&s->arena, "answered %ld: %s", status, s->answer));
}

void sending_finish(struct sending *s, struct sender *sender, CURLcode code)
{
	long status = 0;

	curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_multi_remove_handle(sender->multi, s->curl);
	s->running = false;
	if (s->message.way == OUTBOX_MAIL)
		finish_letter(s, code, status);
	else
		finish_news(s, code, status);
}
