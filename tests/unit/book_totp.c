/* One-time passwords: the numbers of RFC 6238, appendix B (SHA-1), the last six digits of the eight there; base32 by RFC 4648. */
#include <string.h>

#include "book/totp.h"
#include "tap.h"

int main(void)
{
	static const struct {
		int64_t at_s;
		const char *code;
	} rows[] = {
		{ 59, "287082" },         { 1111111109, "081804" }, { 1111111111, "050471" },
		{ 1234567890, "005924" }, { 2000000000, "279037" }, { 20000000000, "353130" },
	};
	unsigned char secret[TOTP_SECRET];
	char code[TOTP_DIGITS + 1], text[TOTP_SECRET_TEXT];

	memcpy(secret, "12345678901234567890", TOTP_SECRET);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		totp_code(secret, totp_step(rows[i].at_s * 1000), code);
		ok(!strcmp(code, rows[i].code), "the code of %lld is %s", (long long)rows[i].at_s, rows[i].code);
	}
	base32_write((const unsigned char *)"foobar", 6, text);
	ok(!strcmp(text, "MZXW6YTBOI"), "base32 of six bytes");
	base32_write((const unsigned char *)"f", 1, text);
	ok(!strcmp(text, "MY"), "of one");
	base32_write(secret, TOTP_SECRET, text);
	ok(!strcmp(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "of a secret");
	return done();
}
