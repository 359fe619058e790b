#include "io/mail_address.h"

#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"

static bool made_of(struct str text, const char *characters)
{
	for (size_t i = 0; i < text.len; i++)
		if (!text.at[i] || !strchr(characters, text.at[i]))
			return false;
	return text.len && text.at[0] != '.' && text.at[0] != '-';
}

bool mail_address_fits(struct str address)
{
	struct str domain = address, local = str_cut(&domain, '@');

	return address.len <= MAIL_ADDRESS_MOST && local.len <= 64 && made_of(local, LETTERS "!#$%&'*+/=?^_`{|}~") &&
	       made_of(domain, LETTERS) && domain.at[domain.len - 1] != '.';
}
