/* Time-based one-time passwords: RFC 6238 over RFC 4226 with HMAC-SHA-1, six digits, a step of 30 seconds, as every authenticator knows them.
 * And base32 (RFC 4648), by which they are told their secret.
 */
#ifndef BOOK_TOTP_H
#define BOOK_TOTP_H

#include <stddef.h>
#include <stdint.h>

enum { TOTP_SECRET = 20, TOTP_DIGITS = 6, TOTP_STEP_MS = 30000, TOTP_SECRET_TEXT = 33 };

/* Which step a moment is in. */
int64_t totp_step(int64_t now_ms);
/* The code of a step, with its NUL. */
void totp_code(const unsigned char secret[TOTP_SECRET], int64_t step, char out[TOTP_DIGITS + 1]);
/* Capitals, no padding, with its NUL: `out` has room for ceil(8/5 len) + 1. */
void base32_write(const unsigned char *bytes, size_t len, char *out);

#endif
