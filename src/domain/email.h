/* Addresses of mail, as people type them in. */
#ifndef DOMAIN_EMAIL_H
#define DOMAIN_EMAIL_H

#include <stdbool.h>
#include "base/str.h"

/* Can mail be sent there, as far as its form tells: name@host.tld, nothing quoted, no comment, no list, no part longer than RFC 5321 has it? */
bool email_fits(struct str address);

#endif
