/* What other programs are told, and how they know it is from us: the signature of standardwebhooks.com, version 1. */
#ifndef SERVE_WEBHOOK_H
#define SERVE_WEBHOOK_H

#include "base/buf.h"
#include "base/zone.h"
#include "book/outlets.h"

/* "whsec_" and the secret in base64, for who is to check signatures. */
enum { WEBHOOK_SECRET_TEXT = 64, WEBHOOK_SIGNATURE = 64 };
void webhook_secret_text(const unsigned char secret[OUTLET_SECRET_BYTES], char out[WEBHOOK_SECRET_TEXT]);

/* "v1," and the base64 of HMAC-SHA256 over "ID.SECONDS.BODY". */
void webhook_sign(const unsigned char *secret, size_t secret_len, const char *id, int64_t at_s, struct str body,
		  char out[WEBHOOK_SIGNATURE]);

/* The body for that kind of receiver, JSON: the same at every try. */
void webhook_body(const struct outbox_message *message, const struct zone *zone, struct buf *out);

#endif
