/* Signing in by a provider that people are signed in to already: OpenID Connect 1.0, the code flow with PKCE (RFC 7636).
 *
 * - What begins in a browser ends in the same one: state, nonce and verifier stand in a cookie that we alone can read, for ten minutes.
 * - The provider's addresses and keys come from its own description, under the issuer that whoever started the server named. Keys are asked for
 *   again when a token names one that is not known.
 * - Who comes is believed where the ID token's signature, issuer, audience, times and nonce are right, and nothing else is.
 */
#ifndef SERVE_OIDC_H
#define SERVE_OIDC_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct oidc_options {
	const char *issuer;          /* "https://login.example.com/realm"; NULL: there is no provider */
	const char *client, *secret; /* our id there; secret NULL: we have none */
	const char *name;            /* for the button */
};

struct oidc;

/* Texts are borrowed. Asks nobody yet. Returns owned. */
struct oidc *oidc_new(const struct oidc_options *options);
void oidc_free(struct oidc *oidc);
/* Is the issuer an address that we would ask: https, or http on this machine? */
bool oidc_issuer_fits(const char *issuer);

enum { OIDC_FOR_MS = 600000 };

/* Where to send the browser, with which cookie. `back`: where the provider sends it then; `to`: where the person wanted to go. In the arena. */
int oidc_begin(struct oidc *oidc, const char *back, struct str to, int64_t now_ms, struct arena *arena,
	       const char **address, const char **cookie, struct err *err);

/* Who came. In the arena. */
struct oidc_person {
	struct str subject; /* never changes at the provider */
	struct str email;   /* empty unless the provider has verified it */
	struct str to;
};
/* ERR_INPUT: it is not to be believed, or began elsewhere; err says why, for the log. */
int oidc_finish(struct oidc *oidc, struct str cookie, struct str state, struct str code, const char *back,
		int64_t now_ms, struct arena *arena, struct oidc_person *out, struct err *err);

/* ---- of the two files ---- */

/* Are the claims of the token those of somebody who signed in to us just now? Returns a JSON object's text in the arena, empty where no
 * key of the set fits (*key_missing). */
struct oidc_expected {
	const char *issuer, *client, *nonce;
	int64_t now_ms;
};
int oidc_token_read(struct str token, const char *keys, const struct oidc_expected *expected, struct arena *arena,
		    struct oidc_person *out, bool *key_missing, struct err *err);

#endif
