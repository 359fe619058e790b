/* Signing in by a provider: there, and back. Both are pages' addresses: a browser goes there by itself. */
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/me.h"
#include "serve/oidc.h"
#include "serve/who.h"

enum { TO_MOST = 500, CODE_MOST = 2000, STATE_MOST = 200 };

#define REFUSED "/?refused=sign-in"

static const char *cookie_name(const struct call *call)
{
	return server_secure(call->server) ? "__Host-lockstep-oidc" : "lockstep-oidc";
}

static void give_cookie(struct call *call, const char *value, int for_s)
{
	http_reply_header(call->reply, "Set-Cookie",
			  arena_printf(call->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d%s",
				       cookie_name(call), value, for_s, server_secure(call->server) ? "; Secure" : ""));
}

static void send_to(struct call *call, const char *address)
{
	http_reply_header(call->reply, "Location", address);
	call_bytes(call, 302, "text/plain; charset=utf-8", STR_NONE);
}

static const char *way_back(const struct call *call)
{
	return arena_printf(call->arena, "%s/api/oidc/callback", server_url(call->server));
}

/* A path of ours, and no other host's in disguise. */
static bool is_own(struct str to)
{
	for (size_t i = 0; i < to.len; i++)
		if ((unsigned char)to.at[i] <= ' ' || (unsigned char)to.at[i] >= 0x7f || to.at[i] == '\\')
			return false;
	return to.len && to.at[0] == '/' && (to.len == 1 || to.at[1] != '/');
}

static struct oidc *provider(struct call *call)
{
	struct oidc *oidc = server_oidc(call->server);

	if (!oidc)
		call_not_found(call, "No provider is set up here; sign in with a password.");
	return oidc;
}

/* Nobody learns why but who reads the log. */
static void refuse(struct call *call, const char *why)
{
	server_log(call->server, json_pack("{s:s, s:s, s:s, s:o}", "level", "warning", "what", "sign-in refused",
					   "client", call_client(call), "why", json_str(str_of(why))));
	send_to(call, REFUSED);
}

/* ---- there ---- */

static const struct member start_arguments[] = {
	{ .name = "to", .type = MEMBER_TEXT, .most = TO_MOST, .sentence = "where to go then: a path" },
	{ .name = NULL },
};

static void start(struct call *call)
{
	struct oidc *oidc = provider(call);
	struct str to = http_argument(call->request, "to");
	const char *address, *cookie;
	struct err err = ERR_INIT;

	if (!oidc)
		return;
	if (oidc_begin(oidc, way_back(call), is_own(to) ? to : STR("/"), call->now_ms, call->arena, &address, &cookie,
		       &err)) {
		refuse(call, err.text);
		return;
	}
	give_cookie(call, cookie, OIDC_FOR_MS / 1000);
	send_to(call, address);
}

static const struct endpoint endpoint_start = {
	.method = HTTP_GET,
	.path = "/api/oidc/start",
	.name = "startOidc",
	.tag = "session",
	.summary = "Sends the browser to the provider to sign in",
	.status = 302,
	.type = "text/plain",
	.arguments = start_arguments,
	.run = start,
};

/* ---- and back ---- */

/* What providers add besides is not looked at. */
static const struct member callback_arguments[] = {
	{ .name = "code",
	  .type = MEMBER_TEXT,
	  .most = CODE_MOST,
	  .sentence = "what the provider gives for who signed in" },
	{ .name = "state", .type = MEMBER_TEXT, .most = STATE_MOST, .sentence = "what it was sent with" },
	{ .name = "error", .type = MEMBER_TEXT, .most = STATE_MOST, .sentence = "why nobody is signed in" },
	{ .name = NULL },
};

static void let_in(struct call *call, const struct oidc_person *person)
{
	struct accounts desk = accounts_of_call(call);
	struct err err = ERR_INIT;
	struct account who;
	bool found;

	if (accounts_by_subject(&desk, person->subject, person->email, &who, &found, &err)) {
		call_error(call, &err);
		return;
	}
	if (!found) {
		refuse(call, "the provider knows somebody who has no account here");
		return;
	}
	if (give_session(call, &who, "the provider"))
		send_to(call, arena_cstr(call->arena, person->to));
}

static void come_back(struct call *call)
{
	struct oidc *oidc = provider(call);
	struct oidc_person person = { .to = STR_NONE };
	struct err err = ERR_INIT;

	if (!oidc)
		return;
	give_cookie(call, "", 0);
	if (http_argument(call->request, "error").len)
		refuse(call, "the provider says no");
	else if (oidc_finish(oidc, who_cookie_named(call, cookie_name(call)), http_argument(call->request, "state"),
			     http_argument(call->request, "code"), way_back(call), call->now_ms, call->arena, &person,
			     &err))
		refuse(call, err.text);
	else
		let_in(call, &person);
}

static const struct endpoint endpoint_come_back = {
	.method = HTTP_GET,
	.path = "/api/oidc/callback",
	.name = "finishOidc",
	.tag = "session",
	.summary = "Where the provider sends the browser: signs in, and sends it on",
	.status = 302,
	.type = "text/plain",
	.strangers = true,
	.arguments = callback_arguments,
	.run = come_back,
};

const struct endpoint *const endpoints_oidc[] = {
	&endpoint_start,
	&endpoint_come_back,
	NULL,
};
