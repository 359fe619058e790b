#include "domain/email.h"

#include <string.h>

bool email_fits(struct str address)
{
	enum { LOCAL_MOST = 64, MOST = 254 };
	struct str host = address, local = str_cut(&host, '@');

	for (size_t i = 0; i < address.len; i++)
		if ((unsigned char)address.at[i] <= ' ' || strchr("<>()[],;:\\\"\x7f", address.at[i]))
			return false;
	return local.len && local.len <= LOCAL_MOST && host.len > 2 && address.len <= MOST &&
	       !memchr(host.at, '@', host.len) && memchr(host.at, '.', host.len) && host.at[0] != '.' &&
	       host.at[host.len - 1] != '.';
}
