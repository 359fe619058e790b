#include "serve/who.h"

#include <string.h>

#include "facts/cells.h"
#include "serve/endpoint.h"

const char *who_cookie_name(const struct server *server)
{
	return server_secure(server) ? "__Host-lockstep" : "lockstep";
}

struct str who_cookie_named(const struct call *call, const char *wanted)
{
	struct str rest = http_header(call->request, "Cookie");

	while (rest.len) {
		struct str value = str_trim(str_cut(&rest, ';')), name = str_cut(&value, '=');

		if (str_is(name, wanted))
			return value;
	}
	return STR_NONE;
}

struct str who_cookie(const struct call *call)
{
	return who_cookie_named(call, who_cookie_name(call->server));
}

void who_give_cookie(struct call *call, const char *pass, int64_t for_s)
{
	http_reply_header(call->reply, "Set-Cookie",
			  arena_printf(call->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s",
				       who_cookie_name(call->server), pass, (long long)for_s,
				       server_secure(call->server) ? "; Secure" : ""));
}

static struct str bearer(const struct call *call)
{
	struct str given = http_header(call->request, "Authorization"), scheme = str_cut(&given, ' ');

	return str_eq_fold(scheme, STR("bearer")) ? str_trim(given) : STR_NONE;
}

struct str who_pass(const struct call *call, enum pass_kind *kind)
{
	struct str token = bearer(call);

	*kind = token.len ? PASS_TOKEN : PASS_SESSION;
	return token.len ? token : who_cookie(call);
}

static void take_pass(struct call *call, enum pass_kind kind, const struct pass *pass)
{
	call->by_cookie = kind == PASS_SESSION;
	if (!call->known)
		return;
	call->grants = pass->grants;
	memcpy(call->pass_id, pass->id, sizeof(call->pass_id));
}

int who_asks(struct call *call, struct err *err)
{
	enum pass_kind kind;
	struct str text = who_pass(call, &kind);
	struct doors *doors = server_doors(call->server);
	struct pass pass;

	call->known = false;
	if (!text.len)
		return 0;
	if (doors_look_at(doors, kind, text, call->now_ms, &call->who, &pass, &call->known, call->arena, err))
		return err->kind;
	take_pass(call, kind, &pass);
	return 0;
}

bool who_is_known(struct call *call)
{
	enum pass_kind kind;
	struct str text = who_pass(call, &kind);
	struct pass pass;

	call->known = text.len && doors_recall(server_doors(call->server), kind, text, call->now_ms, &call->who, &pass,
					       call->arena);
	take_pass(call, kind, &pass);
	return call->known;
}

/* Where our pages are, as browsers name it. */
static const char *our_origin(const struct call *call)
{
	const char *url = server_way_in(call->server)->url;
	struct str origin = http_header(call->request, "Origin");
	ptrdiff_t at = str_find(origin, "://");

	return url ? url
		   : arena_printf(call->arena, "%.*s://%.*s", at > 0 ? (int)at : 4, at > 0 ? origin.at : "http",
				  STR_ARG(http_header(call->request, "Host")));
}

/* A page of another site may send a form here with our cookie; its browser says where it comes from. What says nothing is sent by a program: every
 * browser that keeps such cookies says it, and our cookies go with nothing that another site's page sends (SameSite). */
static bool from_our_pages(struct call *call)
{
	struct str site = http_header(call->request, "Sec-Fetch-Site"), origin = http_header(call->request, "Origin");

	if (site.len && !str_is(site, "same-origin") && !str_is(site, "none")) {
		call_problem(
			call, 403, "From another site",
			arena_printf(call->arena,
				     "Sec-Fetch-Site says %.*s: with a cookie, what changes something comes from our "
				     "own pages. A program leaves this header out, or sends a token.",
				     STR_ARG(site)));
		return false;
	}
	if (!site.len && origin.len && !str_is(origin, our_origin(call))) {
		call_problem(
			call, 403, "From another site",
			arena_printf(
				call->arena,
				"Origin says %.*s, and our own pages are at %s: with a cookie, what changes something "
				"comes from there. A program leaves this header out, or sends a token.",
				STR_ARG(origin), our_origin(call)));
		return false;
	}
	return true;
}

bool who_may(struct call *call)
{
	const struct endpoint *endpoint = call->endpoint;

	if (endpoint->roles == ROLES_ANYBODY)
		return true;
	if (!call->known) {
		http_reply_header(call->reply, "WWW-Authenticate", "Bearer");
		call_problem(call, 401, "Not signed in", "Sign in, or send a token.");
		return false;
	}
	if (call->by_cookie && call->request->method != HTTP_GET && !from_our_pages(call))
		return false;
	if (endpoint->in_person && !call->by_cookie) {
		call_problem(call, 403, "Not with a token", "This is for who is signed in.");
		return false;
	}
	if (!(call->grants >> endpoint->grant & 1)) {
		call_problem(call, 403, "Not with this token",
			     arena_printf(call->arena, "This needs a token with the scope %s.",
					  grant_name(endpoint->grant)));
		return false;
	}
	if (!(call->who.roles & endpoint->roles)) {
		call_problem(call, 403, "Not yours to do", "Your account has no role that may do this.");
		return false;
	}
	return true;
}

struct scope who_sees(const struct account *account)
{
	const unsigned everything = ROLE(EXECUTIVE) | ROLE(MARKETING) | ROLE(SALES_MANAGER) | ROLE(NURTURE) |
				    ROLE(FACILITATOR) | ROLE(VIEWER) | ROLE(ADMIN);

	if (account->roles & everything)
		return SCOPE_EVERYTHING;
	if (account->roles & ROLE(SALES_REP))
		return (struct scope){ SCOPE_OWNER, account->name, account->team };
	if (account->roles & ROLE(PARTNER) && account->partner.len)
		return (struct scope){ .kind = SCOPE_PARTNER, .name = account->partner };
	return (struct scope){ .kind = SCOPE_NOTHING };
}

static bool says(const struct facts *facts, uint32_t row, const char *column, struct str name)
{
	return name.len && str_eq(cell_name(cells_of(facts, FACT_LEADS, column), row), name);
}

bool who_sees_lead(const struct account *account, const struct facts *facts, uint32_t row)
{
	struct scope scope = who_sees(account);

	switch (scope.kind) {
	case SCOPE_ALL: return true;
	case SCOPE_OWNER: return says(facts, row, "owner", scope.name) || says(facts, row, "team", scope.team);
	case SCOPE_TEAM: return says(facts, row, "team", scope.name);
	case SCOPE_PARTNER: return says(facts, row, "partner", scope.name);
	default: return false;
	}
}
