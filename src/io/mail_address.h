/* The addresses that letters go to: fewer than RFC 5321 allows, and none that could be read two ways. */
#ifndef IO_MAIL_ADDRESS_H
#define IO_MAIL_ADDRESS_H

#include <stdbool.h>
#include "base/str.h"

enum { MAIL_ADDRESS_MOST = 254 };

/* One @, plain characters, no comment, no quotes. */
bool mail_address_fits(struct str address);

#endif
