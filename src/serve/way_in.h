/* How people reach the server: under which address, over TLS or not, through which web servers before it. */
#ifndef SERVE_WAY_IN_H
#define SERVE_WAY_IN_H

#include <stdbool.h>
#include "base/arena.h"
#include "base/err.h"
#include "serve/http.h"

enum { PROXIES_MOST = 16 };

/* Texts are borrowed. */
struct way_in {
	const char *url; /* "https://lockstep.example.com"; NULL: as it listens */
	/* Those that stand before us: what they say of where a request came from counts. "127.0.0.1", "::1", "unix". */
	struct str proxies[PROXIES_MOST];
	size_t proxy_count;
	bool tls;
};

/* Is it an address of http or https, without a path? Else ERR_INPUT says what was expected. */
int way_in_url_check(const char *url, struct err *err);
/* "127.0.0.1,::1": into way->proxies. */
int way_in_proxies_parse(struct way_in *way, struct str list, struct err *err);
/* Does nobody between read what is sent, as far as we know? */
bool way_in_secure(const struct way_in *way);
/* Where the request came from: the nearest that is no proxy of ours. In the arena. */
const char *way_in_client(const struct way_in *way, const struct http_request *request, struct arena *arena);

#endif
