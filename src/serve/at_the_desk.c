#include "serve/at_the_desk.h"

#include <sodium.h>
#include <string.h>

#include "book/reply.h"
#include "serve/endpoint.h"

enum { KEY_MOST = 200, REQUEST_HASH_BYTES = 32 };
#define KEPT_MS INT64_C(86400000)

/* What makes a request the one that came before: who asks for what, by which key; and what it says. */
struct asking {
	bool keyed;
	unsigned char key[REPLY_KEY_BYTES], request[REQUEST_HASH_BYTES];
};

/* ---- asked before? ---- */

static void hash_parts(unsigned char out[32], const struct str *parts, size_t count)
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, 32);
	for (size_t i = 0; i < count; i++) {
		uint64_t len = parts[i].len;

		crypto_generichash_update(&state, (const unsigned char *)&len, sizeof(len));
		crypto_generichash_update(&state, (const unsigned char *)parts[i].at, parts[i].len);
	}
	crypto_generichash_final(&state, out, 32);
}

/* False after saying that the key is none. */
static bool read_key(struct call *call, struct asking *asking)
{
	struct str key = http_header(call->request, "Idempotency-Key");
	const struct str named[] = { call->who.login, key };
	const struct str said[] = { str_of(call->endpoint->name), call->request->path, call->request->body };

	asking->keyed = key.at && call->endpoint->desk == DESK_TELLS;
	if (!asking->keyed)
		return true;
	if (!key.len || key.len > KEY_MOST) {
		call_problem(call, 400, "No key",
			     arena_printf(call->arena, "Idempotency-Key has 1 to %d characters.", KEY_MOST));
		return false;
	}
	hash_parts(asking->key, named, 2);
	hash_parts(asking->request, said, 3);
	return true;
}

/* Bytes of a kept answer: hash of the request, status, body. */
static void say_again(struct call *call, const struct asking *asking, struct str kept)
{
	struct cursor in = cursor_of(kept.at, kept.len);
	const unsigned char *request = cursor_take(&in, REQUEST_HASH_BYTES);
	int status = cursor_u16(&in);

	if (!request || memcmp(request, asking->request, REQUEST_HASH_BYTES) != 0) {
		call_problem(call, 422, "Another request", "This Idempotency-Key came with another request before.");
		return;
	}
	http_reply_header(call->reply, "Idempotent-Replayed", "true");
	call_bytes(call, status, call->reply->type, (struct str){ (const char *)in.at, (size_t)(in.end - in.at) });
}

static int keep(struct call *call, const struct asking *asking, struct err *err)
{
	struct buf bytes;
	int failed;

	if (lead_desk_begin(call->desk, err))
		return err->kind;
	buf_init(&bytes, REPLY_MAX);
	buf_add(&bytes, asking->request, REQUEST_HASH_BYTES);
	buf_add_u16(&bytes, (uint16_t)call->reply->status);
	buf_add_str(&bytes, buf_str(&call->reply->body));
	failed = bytes.full ? err_set(err, ERR_LIMIT, "the answer is too long to be kept; ask without Idempotency-Key")
			    : book_reply_keep(call->desk->book, asking->key, buf_str(&bytes), call->now_ms,
					      call->now_ms - KEPT_MS, err);
	buf_release(&bytes);
	return failed;
}

/* ---- telling ---- */

static void run(struct call *call, const struct asking *asking)
{
	struct lead_desk *desk = call->desk;
	struct err err = ERR_INIT;
	int failed = 0;
	bool done;

	desk->joined = true;
	call->endpoint->run(call);
	done = !call->again_ms && call->reply->status < 400;
	if (done && asking->keyed)
		failed = keep(call, asking, &err);
	desk->joined = false;
	if (desk->begun && done)
		failed = lead_desk_commit(desk, failed, &err);
	else if (desk->begun)
		book_rollback(desk->book);
	if (failed)
		call_error(call, &err);
}

static void look_and_run(struct call *call)
{
	struct asking asking = { .keyed = false };
	struct err err = ERR_INIT;
	struct str kept = STR_NONE;

	if (!read_key(call, &asking))
		return;
	if (asking.keyed && book_reply_find(call->desk->book, asking.key, &kept, call->arena, &err))
		call_error(call, &err);
	else if (kept.at)
		say_again(call, &asking, kept);
	else
		run(call, &asking);
}

static void once(struct call *call)
{
	struct office *office = server_office(call->server);
	struct err err = ERR_INIT;
	struct lead_desk desk;
	bool told;

	if (office_desk(office, server_book(call->server), call->now_ms, arena_cstr(call->arena, call->who.login),
			call->arena, &desk, &err)) {
		call_error(call, &err);
		return;
	}
	call->desk = &desk;
	look_and_run(call);
	told = desk.begun;
	call->desk = NULL;
	office_desk_end(office, &desk);
	if (told)
		server_told(call->server);
}

void at_the_desk(struct call *call)
{
	once(call);
	while (call->again_ms) {
		server_wait(call->server, call->again_ms);
		call->now_ms = server_now_ms(call->server);
		call->again_ms = 0;
		once(call);
	}
}
