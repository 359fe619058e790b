#include "book/totp.h"

#include <gnutls/crypto.h>
#include <stdio.h>

#include "base/err.h"

int64_t totp_step(int64_t now_ms)
{
	return now_ms / TOTP_STEP_MS;
}

void totp_code(const unsigned char secret[TOTP_SECRET], int64_t step, char out[TOTP_DIGITS + 1])
{
	unsigned char counter[8], mac[20];
	unsigned at;
	uint32_t number;

	for (int i = 0; i < 8; i++)
		counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
	if (gnutls_hmac_fast(GNUTLS_MAC_SHA1, secret, TOTP_SECRET, counter, sizeof(counter), mac))
		BUG("no HMAC-SHA-1");
	/* Four bytes from where the last one says, without the sign. */
	at = mac[19] & 15u;
	number = (uint32_t)(mac[at] & 0x7fu) << 24 | (uint32_t)mac[at + 1] << 16 | (uint32_t)mac[at + 2] << 8 |
		 (uint32_t)mac[at + 3];
	snprintf(out, TOTP_DIGITS + 1, "%06u", (unsigned)(number % 1000000u));
}

void base32_write(const unsigned char *bytes, size_t len, char *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	unsigned held = 0, bits = 0;

	for (size_t i = 0; i < len; i++) {
		held = (held << 8 | bytes[i]) & 0xfffu;
		for (bits += 8; bits >= 5; bits -= 5)
			*out++ = digits[held >> (bits - 5) & 31u];
	}
	if (bits)
		*out++ = digits[held << (5 - bits) & 31u];
	*out = '\0';
}
