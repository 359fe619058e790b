#include "serve/reach.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { URL_MOST = 2000 };

/* ---- addresses ---- */

struct block4 {
	uint32_t net;
	int bits;
};

static const struct block4 inside4[] = {
	{ 0x00000000, 8 },  /* this network */
	{ 0x0A000000, 8 },  /* private */
	{ 0x64400000, 10 }, /* carrier's */
	{ 0x7F000000, 8 },  /* loopback */
	{ 0xA9FE0000, 16 }, /* link-local, where clouds tell secrets */
	{ 0xAC100000, 12 }, /* private */
	{ 0xC0000000, 24 }, /* protocol assignments */
	{ 0xC0000200, 24 }, /* documentation */
	{ 0xC0586300, 24 }, /* relays of 6to4 */
	{ 0xC0A80000, 16 }, /* private */
	{ 0xC6120000, 15 }, /* benchmarks */
	{ 0xC6336400, 24 }, /* documentation */
	{ 0xCB007100, 24 }, /* documentation */
	{ 0xE0000000, 4 },  /* groups */
	{ 0xF0000000, 4 },  /* reserved, broadcast */
};

static bool outside4(uint32_t address)
{
	for (size_t i = 0; i < sizeof(inside4) / sizeof(*inside4); i++)
		if (address >> (32 - inside4[i].bits) == inside4[i].net >> (32 - inside4[i].bits))
			return false;
	return true;
}

static uint32_t quad(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Only 2000::/3 is the open network; of it not what stands for IPv4 addresses, and documentation. */
static bool outside6(const unsigned char a[16])
{
	static const unsigned char mapped[12] = { [10] = 0xFF, [11] = 0xFF };
	static const unsigned char translated[12] = { 0x00, 0x64, 0xFF, 0x9B };

	if (!memcmp(a, mapped, 12) || !memcmp(a, translated, 12))
		return outside4(quad(a + 12));
	if (a[0] >> 5 != 1)
		return false;
	if (a[0] == 0x20 && a[1] == 0x02)
		return outside4(quad(a + 2));
	if (a[0] == 0x20 && a[1] == 0x01)
		return a[2] >= 2 && !(a[2] == 0x0D && a[3] == 0xB8);
	return !(a[0] == 0x3F && a[1] == 0xFF);
}

bool reach_outside(const struct sockaddr *at)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (at->sa_family == AF_INET) {
		memcpy(&v4, at, sizeof(v4));
		return outside4(ntohl(v4.sin_addr.s_addr));
	}
	if (at->sa_family == AF_INET6) {
		memcpy(&v6, at, sizeof(v6));
		return outside6(v6.sin6_addr.s6_addr);
	}
	return false;
}

/* ---- URLs ---- */

static bool names_host(const char *allowed, const char *host)
{
	struct str rest = str_of(allowed), bare = str_of(host);

	if (bare.len > 1 && bare.at[0] == '[')
		bare = (struct str){ bare.at + 1, bare.len - 2 };
	while (rest.len) {
		struct str one = str_trim(str_cut(&rest, ','));

		if (one.len && (str_eq_fold(one, bare) || str_eq_fold(one, str_of(host))))
			return true;
	}
	return false;
}

/* Of a host that is an address as it stands, in any spelling the library reads. */
static bool literal_inside(const char *host)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	char text[64];
	size_t len = strlen(host);

	if (inet_aton(host, &v4.sin_addr))
		return !reach_outside((struct sockaddr *)&v4);
	if (len < 3 || len >= sizeof(text) || host[0] != '[')
		return false;
	memcpy(text, host + 1, len - 2);
	text[len - 2] = '\0';
	text[strcspn(text, "%")] = '\0';
	return inet_pton(AF_INET6, text, &v6.sin6_addr) == 1 && !reach_outside((struct sockaddr *)&v6);
}

static int check(CURLU *url, struct str text, const char *allowed, bool *is_allowed, struct err *err)
{
	char *scheme = NULL, *host = NULL, *user = NULL;
	int failed = 0;

	curl_url_get(url, CURLUPART_SCHEME, &scheme, 0);
	curl_url_get(url, CURLUPART_HOST, &host, 0);
	curl_url_get(url, CURLUPART_USER, &user, 0);
	*is_allowed = host && names_host(allowed, host);
	if (!scheme || !host || !*host || (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0))
		failed = err_set(err, ERR_INPUT, "%.*s is no address of the web; https://HOST/PATH is one",
				 STR_ARG(text));
	else if (user)
		failed = err_set(err, ERR_INPUT, "a name and password have no place in the address");
	else if (!*is_allowed && !strcmp(scheme, "http"))
		failed = err_set(err, ERR_INPUT,
				 "%s would be called without TLS, where anyone between can read it; use https", host);
	else if (!*is_allowed && literal_inside(host))
		failed = err_set(err, ERR_INPUT,
				 "%s is of our own network; lockstep serve --allow-internal %s would allow it", host,
				 host);
	curl_free(scheme);
	curl_free(host);
	curl_free(user);
	return failed;
}

int reach_check(struct str text, const char *allowed, bool *is_allowed, struct err *err)
{
	CURLU *url = curl_url();
	char copy[URL_MOST + 1];
	int failed;

	*is_allowed = false;
	if (!url)
		out_of_memory(sizeof(copy));
	if (text.len > URL_MOST) {
		curl_url_cleanup(url);
		return err_set(err, ERR_INPUT, "the address is longer than %d characters", URL_MOST);
	}
	if (text.len)
		memcpy(copy, text.at, text.len);
	copy[text.len] = '\0';
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)copy[i] <= ' ' || copy[i] == 0x7F)
			copy[0] = '\0';
	if (curl_url_set(url, CURLUPART_URL, copy, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
		failed = err_set(err, ERR_INPUT, "%.*s is no address of the web; https://HOST/PATH is one",
				 STR_ARG(text));
	else
		failed = check(url, text, allowed, is_allowed, err);
	curl_url_cleanup(url);
	return failed;
}
