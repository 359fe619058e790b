/* Who asks: by the cookie of a session or by a token, and what that allows.
 *
 * - A session's cookie is "__Host-lockstep" over TLS and "lockstep" where only this machine is listened to; HttpOnly, SameSite=Lax.
 * - What changes something with a cookie must not come from another site's page: its browser would say so (Sec-Fetch-Site, else Origin). Who
 *   says neither is a program. Of tokens ("Authorization: Bearer …") nothing of it is asked.
 */
#ifndef SERVE_WHO_H
#define SERVE_WHO_H

#include "serve/call.h"

#define ROLE(name) (1u << ROLE_##name)
#define ROLES_ALL ((1u << ROLE__COUNT) - 1)
/* Nobody need be known. */
#define ROLES_ANYBODY 0u
/* Who works with leads; the others look on. */
#define ROLES_WORK                                                                                                     \
	(ROLE(MARKETING) | ROLE(SALES_MANAGER) | ROLE(SALES_REP) | ROLE(NURTURE) | ROLE(PARTNER) | ROLE(ADMIN))

/* All but partners, who see their own leads alone. */
#define ROLES_INSIDE (ROLES_ALL & ~ROLE(PARTNER))
/* Who sees every lead. */
#define ROLES_OVERSEE                                                                                                  \
	(ROLE(EXECUTIVE) | ROLE(MARKETING) | ROLE(SALES_MANAGER) | ROLE(NURTURE) | ROLE(FACILITATOR) | ROLE(VIEWER) |  \
	 ROLE(ADMIN))
/* Who changes what both sides go by. */
#define ROLES_LEAD (ROLE(EXECUTIVE) | ROLE(MARKETING) | ROLE(SALES_MANAGER) | ROLE(FACILITATOR) | ROLE(ADMIN))

/* Fills call->who, and call->known where the request proves who it is. */
int who_asks(struct call *call, struct err *err);
/* The same where it is remembered, without waiting; false where it is not: who_asks finds out. */
bool who_is_known(struct call *call);
/* The text of the pass that the request has; empty: none. */
struct str who_pass(const struct call *call, enum pass_kind *kind);
/* May who asks do what the endpoint does? False after saying why not: 401, 403. */
bool who_may(struct call *call);
/* The rows this person may see. */
struct scope who_sees(const struct account *account);
/* Is this row of leads among them? */
bool who_sees_lead(const struct account *account, const struct facts *facts, uint32_t row);

const char *who_cookie_name(const struct server *server);
void who_give_cookie(struct call *call, const char *pass, int64_t for_s);
/* The pass of the session's cookie; empty: none. */
struct str who_cookie(const struct call *call);
struct str who_cookie_named(const struct call *call, const char *wanted);

#endif
