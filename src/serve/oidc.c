#include "serve/oidc.h"

#include <curl/curl.h>
#include <jansson.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { ANSWER_MAX = 1 << 20, TIMEOUT_S = 10, AT_ONCE = 2, RANDOM = 32, RANDOM_TEXT = 44, TO_MOST = 500 };
#define KEYS_FOR_MS INT64_C(3600000)
#define KEYS_AGAIN_MS INT64_C(30000)

struct oidc {
	struct oidc_options options;
	unsigned char secret[crypto_secretbox_KEYBYTES]; /* of the cookies */
	pthread_mutex_t lock;                            /* of all below */
	int busy;
	char *authorization, *token, *keys_at; /* addresses of the provider */
	char *keys;
	int64_t keys_ms; /* when they were asked for */
};

/* ---- opening ---- */

static bool on_this_machine(struct str rest)
{
	return str_starts(rest, "127.0.0.1:") || str_starts(rest, "localhost:") || str_starts(rest, "[::1]:");
}

bool oidc_issuer_fits(const char *issuer)
{
	struct str text = str_of(issuer);

	return (str_starts(text, "https://") && text.len > 8) ||
	       (str_starts(text, "http://") && on_this_machine((struct str){ text.at + 7, text.len - 7 }));
}

struct oidc *oidc_new(const struct oidc_options *options)
{
	struct oidc *oidc = must_calloc(1, sizeof(*oidc));

	oidc->options = *options;
	pthread_mutex_init(&oidc->lock, NULL);
	crypto_secretbox_keygen(oidc->secret);
	return oidc;
}

void oidc_free(struct oidc *oidc)
{
	if (!oidc)
		return;
	pthread_mutex_destroy(&oidc->lock);
	sodium_memzero(oidc->secret, sizeof(oidc->secret));
	free(oidc->authorization);
	free(oidc->token);
	free(oidc->keys_at);
	free(oidc->keys);
	free(oidc);
}

/* ---- asking the provider ---- */

static size_t take_bytes(char *bytes, size_t size, size_t count, void *context)
{
	struct buf *out = context;

	buf_add(out, bytes, size * count);
	return out->full ? 0 : size * count;
}

/* `form` NULL: GET. */
static int fetch(struct oidc *oidc, const char *address, const char *form, struct buf *out, struct err *err)
{
	CURL *curl = curl_easy_init();
	char why[CURL_ERROR_SIZE] = "";
	long status = 0;
	CURLcode code;

	if (!curl)
		return err_set(err, ERR_SYSTEM, "libcurl does not start");
	curl_easy_setopt(curl, CURLOPT_URL, address);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR,
			 str_starts(str_of(oidc->options.issuer), "https:") ? "https" : "http,https");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)TIMEOUT_S);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, out);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
	if (form)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form);
	if (form && oidc->options.secret) {
		char *client = curl_easy_escape(curl, oidc->options.client, 0);
		char *secret = curl_easy_escape(curl, oidc->options.secret, 0);

		curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
		curl_easy_setopt(curl, CURLOPT_USERNAME, client);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, secret);
		curl_free(client);
		curl_free(secret);
	}
	code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(curl);
	if (code != CURLE_OK)
		return err_set(err, ERR_SYSTEM, "%s: %s", address, *why ? why : curl_easy_strerror(code));
	if (status != 200)
		return err_set(err, ERR_SYSTEM, "%s answered %ld", address, status);
	return 0;
}

static int fetch_json(struct oidc *oidc, const char *address, const char *form, json_t **out, struct err *err)
{
	struct buf bytes;
	int failed;

	buf_init(&bytes, ANSWER_MAX);
	failed = fetch(oidc, address, form, &bytes, err);
	if (!failed) {
		*out = json_loadb(bytes.at ? bytes.at : "", bytes.len, 0, NULL);
		if (!json_is_object(*out)) {
			json_decref(*out);
			failed = err_set(err, ERR_SYSTEM, "%s answered no JSON object", address);
		}
	}
	buf_release(&bytes);
	return failed;
}

/* At most so many workers wait for the provider. */
static int enter(struct oidc *oidc, struct err *err)
{
	int failed = 0;

	pthread_mutex_lock(&oidc->lock);
	if (oidc->busy == AT_ONCE)
		failed = err_set(err, ERR_SYSTEM, "too many ask the provider at once");
	else
		oidc->busy++;
	pthread_mutex_unlock(&oidc->lock);
	return failed;
}

static void leave(struct oidc *oidc)
{
	pthread_mutex_lock(&oidc->lock);
	oidc->busy--;
	pthread_mutex_unlock(&oidc->lock);
}

static const char *address_in(const json_t *description, const char *name)
{
	const char *text = json_string_value(json_object_get(description, name));

	return text && oidc_issuer_fits(text) ? text : NULL;
}

static int take_description(struct oidc *oidc, const json_t *description, struct err *err)
{
	const char *issuer = json_string_value(json_object_get(description, "issuer"));
	const char *authorization = address_in(description, "authorization_endpoint");
	const char *token = address_in(description, "token_endpoint"), *keys = address_in(description, "jwks_uri");

	if (!issuer || strcmp(issuer, oidc->options.issuer) != 0)
		return err_set(err, ERR_SYSTEM, "the provider calls itself %s, not %s", issuer ? issuer : "nothing",
			       oidc->options.issuer);
	if (!authorization || !token || !keys)
		return err_set(err, ERR_SYSTEM, "the provider does not say where it is asked");
	pthread_mutex_lock(&oidc->lock);
	if (!oidc->token) {
		oidc->authorization = strdup(authorization);
		oidc->token = strdup(token);
		oidc->keys_at = strdup(keys);
	}
	pthread_mutex_unlock(&oidc->lock);
	return 0;
}

/* Its addresses: asked for once. */
static int describe(struct oidc *oidc, struct arena *arena, struct err *err)
{
	size_t len = strlen(oidc->options.issuer);
	bool slash = len && oidc->options.issuer[len - 1] == '/';
	json_t *description;
	bool known;
	int failed;

	pthread_mutex_lock(&oidc->lock);
	known = oidc->token != NULL;
	pthread_mutex_unlock(&oidc->lock);
	if (known)
		return 0;
	if (fetch_json(
		    oidc,
		    arena_printf(arena, "%s%s.well-known/openid-configuration", oidc->options.issuer, slash ? "" : "/"),
		    NULL, &description, err))
		return err->kind;
	failed = take_description(oidc, description, err);
	json_decref(description);
	return failed;
}

/* The provider's keys, in the arena; `anew`: those we have do not do. */
static int get_keys(struct oidc *oidc, bool anew, int64_t now_ms, struct arena *arena, const char **out,
		    struct err *err)
{
	json_t *keys;
	char *text;
	bool good;

	pthread_mutex_lock(&oidc->lock);
	good = oidc->keys && now_ms - oidc->keys_ms < (anew ? KEYS_AGAIN_MS : KEYS_FOR_MS);
	*out = good ? arena_dup(arena, oidc->keys) : NULL;
	pthread_mutex_unlock(&oidc->lock);
	if (good)
		return 0;
	if (fetch_json(oidc, oidc->keys_at, NULL, &keys, err))
		return err->kind;
	text = json_dumps(keys, JSON_COMPACT);
	json_decref(keys);
	pthread_mutex_lock(&oidc->lock);
	free(oidc->keys);
	oidc->keys = text;
	oidc->keys_ms = now_ms;
	*out = arena_dup(arena, text);
	pthread_mutex_unlock(&oidc->lock);
	return 0;
}

/* ---- the cookie ---- */

static void random_text(char out[RANDOM_TEXT])
{
	unsigned char bytes[RANDOM];

	randombytes_buf(bytes, sizeof(bytes));
	sodium_bin2base64(out, RANDOM_TEXT, bytes, sizeof(bytes), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* What has to be known when the browser comes back. */
struct began {
	int64_t until_ms;
	struct str state, nonce, verifier, to;
};

static const char *seal(const struct oidc *oidc, const struct began *began, struct arena *arena)
{
	unsigned char *sealed;
	struct buf plain;
	size_t len, room;
	char *text;

	buf_init(&plain, ANSWER_MAX);
	buf_add_signed(&plain, began->until_ms);
	buf_add_block(&plain, began->state.at, began->state.len);
	buf_add_block(&plain, began->nonce.at, began->nonce.len);
	buf_add_block(&plain, began->verifier.at, began->verifier.len);
	buf_add_block(&plain, began->to.at, began->to.len);
	len = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + plain.len;
	sealed = arena_alloc(arena, len);
	randombytes_buf(sealed, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(sealed + crypto_secretbox_NONCEBYTES, (const unsigned char *)plain.at, plain.len, sealed,
			      oidc->secret);
	buf_release(&plain);
	room = sodium_base64_encoded_len(len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	text = arena_alloc(arena, room);
	sodium_bin2base64(text, room, sealed, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return text;
}

static bool unseal(const struct oidc *oidc, struct str cookie, struct began *out, struct arena *arena)
{
	unsigned char *sealed = arena_alloc(arena, cookie.len + 1), *plain;
	const size_t extra = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
	struct cursor in;
	size_t len = 0;

	if (sodium_base642bin(sealed, cookie.len + 1, cookie.at ? cookie.at : "", cookie.len, NULL, &len, NULL,
			      sodium_base64_VARIANT_URLSAFE_NO_PADDING) ||
	    len < extra)
		return false;
	plain = arena_alloc(arena, len - extra + 1);
	if (crypto_secretbox_open_easy(plain, sealed + crypto_secretbox_NONCEBYTES, len - crypto_secretbox_NONCEBYTES,
				       sealed, oidc->secret))
		return false;
	in = cursor_of(plain, len - extra);
	out->until_ms = cursor_signed(&in);
	out->state = cursor_block(&in);
	out->nonce = cursor_block(&in);
	out->verifier = cursor_block(&in);
	out->to = cursor_block(&in);
	return !in.failed;
}

/* ---- the two halves ---- */

static const char *escaped(const char *text, struct arena *arena)
{
	char *out = curl_easy_escape(NULL, text, 0);
	const char *kept = arena_dup(arena, out ? out : "");

	curl_free(out);
	return kept;
}

int oidc_begin(struct oidc *oidc, const char *back, struct str to, int64_t now_ms, struct arena *arena,
	       const char **address, const char **cookie, struct err *err)
{
	char state[RANDOM_TEXT], nonce[RANDOM_TEXT], verifier[RANDOM_TEXT], challenge[RANDOM_TEXT];
	unsigned char hash[crypto_hash_sha256_BYTES];
	struct began began = { .until_ms = now_ms + OIDC_FOR_MS, .to = to.len > TO_MOST ? STR_NONE : to };
	int failed;

	if (enter(oidc, err))
		return err->kind;
	failed = describe(oidc, arena, err);
	leave(oidc);
	if (failed)
		return failed;
	random_text(state);
	random_text(nonce);
	random_text(verifier);
	crypto_hash_sha256(hash, (const unsigned char *)verifier, strlen(verifier));
	sodium_bin2base64(challenge, sizeof(challenge), hash, sizeof(hash), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	began.state = str_of(state);
	began.nonce = str_of(nonce);
	began.verifier = str_of(verifier);
	*cookie = seal(oidc, &began, arena);
	*address = arena_printf(
		arena,
		"%s%cresponse_type=code&client_id=%s&redirect_uri=%s&scope=openid%%20email&state=%s&nonce=%s"
		"&code_challenge=%s&code_challenge_method=S256",
		oidc->authorization, strchr(oidc->authorization, '?') ? '&' : '?', escaped(oidc->options.client, arena),
		escaped(back, arena), state, nonce, challenge);
	return 0;
}

/* Changes the code for a token. */
static int redeem(struct oidc *oidc, const struct began *began, struct str code, const char *back, struct arena *arena,
		  struct str *token, struct err *err)
{
	const char *form =
		arena_printf(arena, "grant_type=authorization_code&code=%s&redirect_uri=%s&code_verifier=%.*s%s%s",
			     escaped(arena_cstr(arena, code), arena), escaped(back, arena), STR_ARG(began->verifier),
			     oidc->options.secret ? "" : "&client_id=",
			     oidc->options.secret ? "" : escaped(oidc->options.client, arena));
	const char *text;
	json_t *answer;

	if (fetch_json(oidc, oidc->token, form, &answer, err))
		return err->kind;
	text = json_string_value(json_object_get(answer, "id_token"));
	*token = arena_str(arena, str_of(text));
	json_decref(answer);
	return token->len ? 0 : err_set(err, ERR_INPUT, "the provider gave no ID token");
}

static int finish(struct oidc *oidc, const struct began *began, struct str code, const char *back, int64_t now_ms,
		  struct arena *arena, struct oidc_person *out, struct err *err)
{
	const struct oidc_expected expected = { .issuer = oidc->options.issuer,
						.client = oidc->options.client,
						.nonce = arena_cstr(arena, began->nonce),
						.now_ms = now_ms };
	struct err first = ERR_INIT;
	bool key_missing = false;
	const char *keys;
	struct str token;

	if (describe(oidc, arena, err) || redeem(oidc, began, code, back, arena, &token, err) ||
	    get_keys(oidc, false, now_ms, arena, &keys, err))
		return err->kind;
	if (!oidc_token_read(token, keys, &expected, arena, out, &key_missing, &first))
		return 0;
	if (!key_missing)
		return err_set(err, first.kind, "%s", first.text);
	/* It may have a new one. */
	if (get_keys(oidc, true, now_ms, arena, &keys, err))
		return err->kind;
	return oidc_token_read(token, keys, &expected, arena, out, &key_missing, err);
}

int oidc_finish(struct oidc *oidc, struct str cookie, struct str state, struct str code, const char *back,
		int64_t now_ms, struct arena *arena, struct oidc_person *out, struct err *err)
{
	struct began began;
	int failed;

	if (!unseal(oidc, cookie, &began, arena))
		return err_set(err, ERR_INPUT, "it did not begin in this browser");
	if (began.until_ms <= now_ms)
		return err_set(err, ERR_INPUT, "it took too long");
	if (!state.len || !str_eq(began.state, state))
		return err_set(err, ERR_INPUT, "the answer is to another question");
	if (enter(oidc, err))
		return err->kind;
	failed = finish(oidc, &began, code, back, now_ms, arena, out, err);
	leave(oidc);
	out->to = began.to;
	return failed;
}
