/* The ID token: signed by a key of the provider, for us, now. */
#include <cjose/header.h>
#include <cjose/jwk.h>
#include <cjose/jws.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "serve/oidc.h"

enum { LEEWAY_S = 60 };

static struct str text_of(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return json_is_string(value) ? (struct str){ json_string_value(value), json_string_length(value) } : STR_NONE;
}

/* By public keys alone: who knows those must not be able to sign. */
static bool algorithm_fits(struct str algorithm)
{
	static const char *const known[] = { "RS256", "RS384", "RS512", "PS256", "PS384",
					     "PS512", "ES256", "ES384", "ES512" };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (str_is(algorithm, known[i]))
			return true;
	return false;
}

/* ---- the signature ---- */

static bool verified_by(cjose_jws_t *jws, const json_t *key)
{
	cjose_err err;
	char *text = json_dumps(key, JSON_COMPACT);
	cjose_jwk_t *jwk = text ? cjose_jwk_import(text, strlen(text), &err) : NULL;
	bool right = jwk && cjose_jws_verify(jws, jwk, &err);

	if (jwk)
		cjose_jwk_release(jwk);
	free(text);
	return right;
}

/* *named: the set has a key of that name, or the token names none. */
static bool verified(cjose_jws_t *jws, const char *keys, const char *name, bool *named)
{
	json_t *set = json_loads(keys, 0, NULL);
	const json_t *list = json_object_get(set, "keys"), *key;
	bool right = false;
	size_t i;

	*named = false;
	json_array_foreach(list, i, key)
	{
		struct str id = text_of(key, "kid"), use = text_of(key, "use");

		if ((name && id.len && !str_is(id, name)) || (use.len && !str_is(use, "sig")))
			continue;
		*named = true;
		right = right || verified_by(jws, key);
	}
	json_decref(set);
	return right;
}

/* ---- the claims ---- */

static bool is_for(const json_t *claims, const char *client)
{
	const json_t *audience = json_object_get(claims, "aud"), *one;
	struct str party = text_of(claims, "azp");
	bool found = false;
	size_t i;

	if (party.len && !str_is(party, client))
		return false;
	if (json_is_string(audience))
		return str_is(text_of(claims, "aud"), client);
	json_array_foreach(audience, i, one) found =
		found || (json_is_string(one) && !strcmp(json_string_value(one), client));
	return found && (json_array_size(audience) == 1 || party.len);
}

/* NULL: nothing is wrong. */
static const char *what_is_wrong(const json_t *claims, const struct oidc_expected *expected)
{
	const json_t *until = json_object_get(claims, "exp"), *from = json_object_get(claims, "iat");
	double now_s = (double)expected->now_ms / 1000;

	if (!str_is(text_of(claims, "iss"), expected->issuer))
		return "it is of another issuer";
	if (!is_for(claims, expected->client))
		return "it is for somebody else";
	if (!json_is_number(until) || json_number_value(until) < now_s - LEEWAY_S)
		return "its time is over";
	if (!json_is_number(from) || json_number_value(from) > now_s + LEEWAY_S)
		return "it is of a time to come";
	if (!str_is(text_of(claims, "nonce"), expected->nonce))
		return "it answers another question";
	if (!text_of(claims, "sub").len)
		return "it says of nobody";
	return NULL;
}

static int read_claims(cjose_jws_t *jws, const struct oidc_expected *expected, struct arena *arena,
		       struct oidc_person *out, struct err *err)
{
	uint8_t *bytes = NULL;
	const char *wrong;
	json_t *claims;
	cjose_err why;
	size_t len = 0;

	if (!cjose_jws_get_plaintext(jws, &bytes, &len, &why))
		return err_set(err, ERR_INPUT, "the token cannot be read");
	claims = json_loadb((const char *)bytes, len, JSON_REJECT_DUPLICATES, NULL);
	wrong = json_is_object(claims) ? what_is_wrong(claims, expected) : "it holds no claims";
	if (!wrong) {
		out->subject = arena_str(arena, text_of(claims, "sub"));
		out->email = json_is_true(json_object_get(claims, "email_verified"))
				     ? arena_str(arena, text_of(claims, "email"))
				     : STR_NONE;
	}
	json_decref(claims);
	return wrong ? err_set(err, ERR_INPUT, "the token is not to be believed: %s", wrong) : 0;
}

int oidc_token_read(struct str token, const char *keys, const struct oidc_expected *expected, struct arena *arena,
		    struct oidc_person *out, bool *key_missing, struct err *err)
{
	cjose_err why;
	cjose_jws_t *jws = cjose_jws_import(token.at, token.len, &why);
	cjose_header_t *header = jws ? cjose_jws_get_protected(jws) : NULL;
	const char *algorithm = header ? cjose_header_get(header, CJOSE_HDR_ALG, &why) : NULL;
	bool named = false;
	int failed;

	*key_missing = false;
	if (!algorithm || !algorithm_fits(str_of(algorithm))) {
		failed = err_set(err, ERR_INPUT, "the token is not signed as we know it");
	} else if (!verified(jws, keys, cjose_header_get(header, CJOSE_HDR_KID, &why), &named)) {
		*key_missing = !named;
		failed = err_set(err, ERR_INPUT, "the token's signature is none of the provider's");
	} else {
		failed = read_claims(jws, expected, arena, out, err);
	}
	if (jws)
		cjose_jws_release(jws);
	return failed;
}
