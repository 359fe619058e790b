#include "serve/asking.h"

#include <sodium.h>
#include <string.h>

#include "serve/endpoint.h"

enum { KEY_MOST = 200 };
#define KEPT_MS INT64_C(86400000)

static void hash_part(crypto_generichash_state *state, struct str part)
{
	uint64_t len = part.len;

	crypto_generichash_update(state, (const unsigned char *)&len, sizeof(len));
	crypto_generichash_update(state, (const unsigned char *)part.at, part.len);
}

static void hash_asker(const struct call *call, struct str key, unsigned char out[REPLY_KEY_BYTES])
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, REPLY_KEY_BYTES);
	hash_part(&state, call->who.login);
	hash_part(&state, key);
	crypto_generichash_final(&state, out, REPLY_KEY_BYTES);
}

static void hash_request(const struct call *call, unsigned char out[ASKING_HASH_BYTES])
{
	const struct http_request *request = call->request;
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, ASKING_HASH_BYTES);
	hash_part(&state, str_of(call->endpoint->name));
	hash_part(&state, request->path);
	for (size_t i = 0; i < request->argument_count; i++) {
		hash_part(&state, request->arguments[i].name);
		hash_part(&state, request->arguments[i].value);
	}
	hash_part(&state, request->body);
	crypto_generichash_final(&state, out, ASKING_HASH_BYTES);
}

bool asking_read(struct call *call, struct asking *asking)
{
	struct str key = http_header(call->request, "Idempotency-Key");

	asking->keyed = key.at && endpoint_keyed(call->endpoint);
	if (!asking->keyed)
		return true;
	if (!key.len || key.len > KEY_MOST) {
		call_problem(call, 400, "No key",
			     arena_printf(call->arena, "Idempotency-Key has 1 to %d characters.", KEY_MOST));
		return false;
	}
	hash_asker(call, key, asking->key);
	hash_request(call, asking->request);
	return true;
}

/* Bytes of a kept answer: hash of the request, status, body. */
static void say_again(struct call *call, const struct asking *asking, struct str kept)
{
	struct cursor in = cursor_of(kept.at, kept.len);
	const unsigned char *request = cursor_take(&in, ASKING_HASH_BYTES);
	int status = cursor_u16(&in);

	if (!request || memcmp(request, asking->request, ASKING_HASH_BYTES) != 0) {
		call_problem(call, 422, "Another request", "This Idempotency-Key came with another request before.");
		return;
	}
	http_reply_header(call->reply, "Idempotent-Replayed", "true");
	call_bytes(call, status, call->reply->type, (struct str){ (const char *)in.at, (size_t)(in.end - in.at) });
}

int asking_before(struct call *call, const struct asking *asking, struct book *book, bool *again, struct err *err)
{
	struct str kept = STR_NONE;

	*again = false;
	if (!asking->keyed)
		return 0;
	if (book_reply_find(book, asking->key, &kept, call->arena, err))
		return err->kind;
	*again = kept.at != NULL;
	if (*again)
		say_again(call, asking, kept);
	return 0;
}

int asking_keep(struct call *call, const struct asking *asking, struct book *book, struct err *err)
{
	struct buf bytes;
	int failed;

	if (!asking->keyed)
		return 0;
	buf_init(&bytes, REPLY_MAX);
	buf_add(&bytes, asking->request, ASKING_HASH_BYTES);
	buf_add_u16(&bytes, (uint16_t)call->reply->status);
	buf_add_str(&bytes, buf_str(&call->reply->body));
	failed = bytes.full ? err_set(err, ERR_LIMIT, "the answer is too long to be kept; ask without Idempotency-Key")
			    : book_reply_keep(book, asking->key, buf_str(&bytes), call->now_ms, call->now_ms - KEPT_MS,
					      err);
	buf_release(&bytes);
	return failed;
}
