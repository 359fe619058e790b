#include "serve/way_in.h"

#include <arpa/inet.h>
#include <string.h>

enum { HOST_MOST = 255 };

static bool is_host(struct str host)
{
	static const char marks[] = ".-_:[]";

	for (size_t i = 0; i < host.len; i++) {
		char c = host.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !memchr(marks, c, sizeof(marks) - 1))
			return false;
	}
	return host.len > 0 && host.len <= HOST_MOST;
}

int way_in_url_check(const char *url, struct err *err)
{
	struct str text = str_of(url), host = text;

	if (str_starts(text, "https://"))
		host = (struct str){ text.at + 8, text.len - 8 };
	else if (str_starts(text, "http://"))
		host = (struct str){ text.at + 7, text.len - 7 };
	if (host.len == text.len || !is_host(host))
		return err_set(
			err, ERR_INPUT,
			"\"%s\" is no address; write https://lockstep.example.com, in small letters and without a path",
			url);
	return 0;
}

/* As inet_ntop writes it: so that the same address is the same text. */
static bool is_address(struct str text, char out[INET6_ADDRSTRLEN])
{
	unsigned char bytes[sizeof(struct in6_addr)];

	if (!text.len || text.len >= INET6_ADDRSTRLEN)
		return false;
	memcpy(out, text.at, text.len);
	out[text.len] = '\0';
	for (int i = 0; i < 2; i++) {
		int family = i ? AF_INET6 : AF_INET;

		if (inet_pton(family, out, bytes) == 1)
			return inet_ntop(family, bytes, out, INET6_ADDRSTRLEN) != NULL;
	}
	return false;
}

int way_in_proxies_parse(struct way_in *way, struct str list, struct err *err)
{
	char address[INET6_ADDRSTRLEN];

	while (list.len) {
		struct str one = str_trim(str_cut(&list, ','));

		if (!str_is(one, "unix") && !is_address(one, address))
			return err_set(err, ERR_INPUT, "\"%.*s\" is no address; write 127.0.0.1, ::1 or unix",
				       STR_ARG(one));
		if (way->proxy_count == PROXIES_MOST)
			return err_set(err, ERR_INPUT, "at most %d addresses", PROXIES_MOST);
		way->proxies[way->proxy_count++] = one;
	}
	return 0;
}

bool way_in_secure(const struct way_in *way)
{
	return way->tls || (way->url && str_starts(str_of(way->url), "https://"));
}

static bool is_proxy(const struct way_in *way, struct str client)
{
	char one[INET6_ADDRSTRLEN];

	for (size_t i = 0; i < way->proxy_count; i++)
		if (str_eq(way->proxies[i], client) || (is_address(way->proxies[i], one) && str_is(client, one)))
			return true;
	return false;
}

const char *way_in_client(const struct way_in *way, const struct http_request *request, struct arena *arena)
{
	/* Some proxies add a line of their own behind one that anybody may have sent. */
	struct str said = way->proxy_count ? http_header_joined(request, "X-Forwarded-For") : STR_NONE;
	const char *client = request->client;
	char address[INET6_ADDRSTRLEN];

	/* Each proxy writes behind the others whom it heard it from: so from the end, as long as one of ours says so. */
	while (said.len && is_proxy(way, str_of(client))) {
		size_t from = said.len;

		while (from > 0 && said.at[from - 1] != ',')
			from--;
		if (!is_address(str_trim((struct str){ said.at + from, said.len - from }), address))
			break;
		client = arena_dup(arena, address);
		said.len = from > 0 ? from - 1 : 0;
	}
	return client;
}
