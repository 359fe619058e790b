/* Addresses that are of our own network, however they are written; and signatures, against what standardwebhooks.com publishes. */
#include <arpa/inet.h>
#include <netdb.h>
#include <string.h>

#include "io/mail_address.h"
#include "serve/letter.h"
#include "serve/reach.h"
#include "serve/webhook.h"
#include "tap.h"

/* As libcurl asks for it: whatever the text, what counts is the address it comes to. */
static bool outside(const char *text)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM }, *list = NULL;
	bool out = true;

	if (getaddrinfo(text, "443", &hints, &list))
		return false;
	for (const struct addrinfo *a = list; a; a = a->ai_next)
		out &= reach_outside(a->ai_addr);
	freeaddrinfo(list);
	return out;
}

static void addresses(void)
{
	static const char *const inside[] = {
		"127.0.0.1",
		"127.1",
		"2130706433",
		"0x7f000001",
		"0177.0.0.1",
		"0x7f.0.0.1",
		"127.255.255.254",
		"0.0.0.0",
		"0",
		"10.0.0.1",
		"167772161",
		"172.16.0.1",
		"172.31.255.255",
		"192.168.0.1",
		"0xc0a80001",
		"169.254.169.254",
		"2852039166",
		"100.64.0.1",
		"100.127.255.255",
		"192.0.0.1",
		"192.0.2.1",
		"198.18.0.1",
		"198.19.255.255",
		"198.51.100.7",
		"203.0.113.9",
		"224.0.0.1",
		"239.255.255.255",
		"240.0.0.1",
		"255.255.255.255",
		"192.88.99.1",
		"::",
		"::1",
		"::ffff:127.0.0.1",
		"::ffff:10.0.0.1",
		"::ffff:7f00:1",
		"::127.0.0.1",
		"fe80::1",
		"febf::1",
		"fc00::1",
		"fdff::1",
		"ff02::1",
		"64:ff9b::7f00:1",
		"64:ff9b::10.0.0.1",
		"2002:7f00:1::",
		"2002:a00:1::",
		"2001:db8::1",
		"2001::1",
		"2001:1::1",
		"fec0::1",
		"100::1",
		"3fff::1",
		"5f00::1",
		"0:0:0:0:0:ffff:c0a8:101",
	};
	static const char *const open[] = { "1.1.1.1",          "9.9.9.9",        "172.15.255.255",
					    "172.32.0.1",       "100.63.255.255", "100.128.0.0",
					    "192.167.255.255",  "198.17.255.255", "198.20.0.0",
					    "11.0.0.1",         "128.0.0.1",      "223.255.255.255",
					    "2606:4700::1",     "2a00:1450::1",   "::ffff:1.1.1.1",
					    "64:ff9b::1.1.1.1", "2002:101:101::", "2001:4860:4860::8888" };

	for (size_t i = 0; i < sizeof(inside) / sizeof(*inside); i++)
		ok(!outside(inside[i]), "%s is inside", inside[i]);
	for (size_t i = 0; i < sizeof(open) / sizeof(*open); i++)
		ok(outside(open[i]), "%s is outside", open[i]);
}

static int check(const char *url, const char *allowed)
{
	struct err err = ERR_INIT;
	bool is_allowed;

	return reach_check(str_of(url), allowed, &is_allowed, &err);
}

static void urls(void)
{
	static const char *const wrong[] = {
		"",
		"example.com",
		"http://example.com/",
		"ftp://example.com/",
		"file:///etc/passwd",
		"gopher://127.0.0.1:25/",
		"https://",
		"https://user@example.com/",
		"https://a:b@example.com/",
		"https://127.0.0.1/",
		"https://0x7f.1/",
		"https://2130706433/",
		"https://[::1]/",
		"https://[::ffff:10.0.0.1]/",
		"https://[fe80::1%25eth0]/",
		"https://exa mple.com/",
		"https://example.com/\r\nHost: x",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ok(check(wrong[i], NULL) == ERR_INPUT, "wrong address %zu is refused", i);
	ok(!check("https://example.com/hooks?a=b", NULL), "one of the open network is not");
	ok(!check("http://127.0.0.1:9/", "example.com, 127.0.0.1"), "nor one that is allowed");
	ok(!check("http://[::1]:9/", "::1"), "in its own spelling");
	ok(check("http://127.0.0.2/", "127.0.0.1") == ERR_INPUT, "which its neighbour is not");
	ok(!check("http://CRM.lan/", "crm.lan"), "capitals do not count");
}

static void signatures(void)
{
	/* The secret is whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw; as standard-webhooks' own tests have it. */
	static const unsigned char secret[] = {
		0x31, 0xf2, 0x90, 0xf6, 0xbf, 0x06, 0x29, 0x8a, 0xab, 0x4f, 0x08, 0xd4,
		0x3c, 0x3f, 0x08, 0x2c, 0xf6, 0x48, 0xa3, 0x62, 0xda, 0x2d, 0xa4, 0xb0
	};
	char signature[WEBHOOK_SIGNATURE];

	webhook_sign(secret, sizeof(secret), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, STR("{\"test\": 2432232314}"),
		     signature);
	is_str(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "the published signature");
}

static void headers(void)
{
	static const char *const good[] = { "a@b.c", "first.last+tag@sub.example.com", "o'neil@example.com" };
	static const char *const wrong[] = {
		"",       "a",       "@b.c",        "a@",        "a@b@c.d",       "a b@c.d", "a@b.c\r\nBcc: x@y.z",
		"a@b.c>", "<a@b.c>", "a@b.c,x@y.z", "\"a\"@b.c", "a@[127.0.0.1]", "-a@b.c",  "a@-b.c",
		"a@b.c.", "ä@b.c",   "a@b.c\n",     "a(x)@b.c"
	};
	struct arena arena;
	const char *text;

	arena_init(&arena);
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		ok(mail_address_fits(str_of(good[i])), "%s is an address", good[i]);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ok(!mail_address_fits(str_of(wrong[i])), "wrong one %zu is none", i);
	ok(!mail_address_fits((struct str){ "a@b.c\0d", 7 }), "nor one with a NUL");
	is_str(letter_header_text(&arena, STR("Lead 7\r\nBcc: x@y.z")), "Lead 7  Bcc: x@y.z", "no line end stays");
	is_str(letter_header_text(&arena, STR("=?x?=")), "=?UTF-8?B?PT94Pz0=?=", "what looks encoded is encoded");
	is_str(letter_header_text(&arena, STR("Gr\xC3\xBC\xC3\x9F"
					      "e")),
	       "=?UTF-8?B?R3LDvMOfZQ==?=", "as is what is not ASCII");
	text = letter_header_text(&arena, str_of(arena_printf(&arena, "%0400d\xC3\xA4", 7)));
	ok(strlen(text) < 600 && !strpbrk(text, "\r\n"), "and it is not longer than a line may be");
	arena_release(&arena);
}

int main(void)
{
	addresses();
	urls();
	signatures();
	headers();
	return done();
}
