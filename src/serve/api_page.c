/* The API as a page to look through, written from the table of endpoints, without script; its one style is named in the policy by its hash. */
#include <sodium.h>
#include <string.h>

#include "io/html.h"
#include "serve/endpoints.h"
#include "serve/who.h"

enum { PAGE_MAX = 16 << 20, DEPTH_MOST = 6 };

static const char style[] = ":root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}"
			    "body{max-width:60rem;margin:2rem auto;padding:0 1rem}"
			    "code{font-family:ui-monospace,monospace}"
			    "section{margin:2rem 0}"
			    "details{border-top:1px solid #767676;padding:.5rem 0}"
			    "summary{cursor:pointer;overflow-wrap:anywhere}"
			    "ul{padding-left:1.2rem}"
			    "nav a{display:inline-block;margin-right:1rem}"
			    ":focus-visible{outline:3px solid #0b57d0;outline-offset:2px}"
			    "@media(prefers-color-scheme:dark){a{color:#a8c7fa}:focus-visible{outline-color:#a8c7fa}}";

static const char *style_hash(struct arena *arena)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char base64[sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES, sodium_base64_VARIANT_ORIGINAL)];

	crypto_hash_sha256(hash, (const unsigned char *)style, sizeof(style) - 1);
	sodium_bin2base64(base64, sizeof(base64), hash, sizeof(hash), sodium_base64_VARIANT_ORIGINAL);
	return arena_printf(arena, "'sha256-%s'", base64);
}

/* ---- members ---- */

static const char *type_of(const struct member *m)
{
	static const char *const types[MEMBER__COUNT] = {
		[MEMBER_TEXT] = "text",
		[MEMBER_WHOLE] = "whole number",
		[MEMBER_NUMBER] = "number",
		[MEMBER_FLAG] = "true or false",
		[MEMBER_DATE] = "date",
		[MEMBER_TIME] = "time",
		[MEMBER_CHOICE] = "text",
		[MEMBER_OBJECT] = "object",
		[MEMBER_LIST] = "list",
		[MEMBER_NAMED] = "object",
		[MEMBER_VALUE] = "number or text",
		[MEMBER_ANY] = "anything",
	};

	return types[m->type];
}

static void say_members(struct html *h, const struct member *members, bool sent, int depth, struct arena *arena);

static void say_member(struct html *h, const struct member *m, bool sent, int depth, struct arena *arena)
{
	const struct member *inner = m->type == MEMBER_LIST || m->type == MEMBER_NAMED ? m->items : m;

	html_open(h, "li", NULL);
	html_element(h, "code", NULL, str_of(m->name));
	html_say(h, arena_printf(arena, " %s%s%s", type_of(m), m->null ? " or null" : "",
				 sent && m->required ? ", needed" : ""));
	if (inner && inner->type == MEMBER_CHOICE)
		html_say(h, arena_printf(arena, ": %s", inner->choices));
	if (m->sentence)
		html_say(h, arena_printf(arena, " – %s", m->sentence));
	if (inner && inner->type == MEMBER_OBJECT && inner->members && depth < DEPTH_MOST)
		say_members(h, inner->members, sent, depth + 1, arena);
	html_close(h, "li");
}

static void say_members(struct html *h, const struct member *members, bool sent, int depth, struct arena *arena)
{
	html_open(h, "ul", NULL);
	for (; members->name; members++)
		say_member(h, members, sent, depth, arena);
	html_close(h, "ul");
}

static void say_part(struct html *h, const char *title, const struct member *members, bool sent, struct arena *arena)
{
	if (!members || !members->name)
		return;
	html_element(h, "h3", NULL, str_of(title));
	say_members(h, members, sent, 0, arena);
}

/* ---- endpoints ---- */

static void say_access(struct html *h, const struct endpoint *e, struct arena *arena)
{
	const char *who = "";

	for (int role = 0; role < ROLE__COUNT; role++)
		if (e->roles >> role & 1)
			who = arena_printf(arena, "%s%s%s", who, *who ? ", " : "", role_name((enum role)role));
	html_element(h, "p", NULL,
		     str_of(e->roles == ROLES_ANYBODY ? "Anybody."
			    : e->in_person            ? arena_printf(arena, "Signed in, by no token: %s.", who)
					   : arena_printf(arena, "With the scope %s: %s.", grant_name(e->grant), who)));
}

static void say_endpoint(struct html *h, const struct endpoint *e, struct arena *arena)
{
	html_open(h, "details", "id", e->name, NULL);
	html_open(h, "summary", NULL);
	html_element(h, "code", NULL, str_of(arena_printf(arena, "%s %s", http_method_name(e->method), e->path)));
	html_say(h, arena_printf(arena, " – %s", e->summary));
	html_close(h, "summary");
	say_access(h, e, arena);
	if (endpoint_keyed(e))
		html_element(h, "p", NULL, STR("Takes an Idempotency-Key."));
	if (e->versioned)
		html_element(h, "p", NULL,
			     str_of(e->method == HTTP_GET ? "Has an ETag."
							  : "Takes If-Match: refused where it is no longer so."));
	if (e->takes)
		html_element(h, "p", NULL, str_of(arena_printf(arena, "The body is a file, such as %s.", e->takes)));
	say_part(h, "Behind the ?", e->arguments, true, arena);
	say_part(h, "Body", e->members, true, arena);
	say_part(h, "Answer", e->answer, false, arena);
	say_part(h, "Answer in another form", e->or_answer, false, arena);
	html_close(h, "details");
}

/* Is it the first of its heading? */
static bool begins(const struct endpoint *endpoint)
{
	struct endpoint_walk walk = { 0, 0 };

	for (const struct endpoint *e; (e = endpoint_next(&walk));)
		if (!strcmp(e->tag, endpoint->tag))
			return e == endpoint;
	return false;
}

static void say_heading(struct html *h, const char *tag, struct arena *arena)
{
	struct endpoint_walk walk = { 0, 0 };

	html_open(h, "section", NULL);
	html_open(h, "h2", "id", arena_printf(arena, "about-%s", tag), NULL);
	html_say(h, tag);
	html_close(h, "h2");
	for (const struct endpoint *e; (e = endpoint_next(&walk));)
		if (!strcmp(e->tag, tag))
			say_endpoint(h, e, arena);
	html_close(h, "section");
}

static void say_body(struct html *h, struct arena *arena)
{
	struct endpoint_walk walk = { 0, 0 };

	html_element(h, "h1", NULL, STR("The API of Lockstep"));
	html_open(h, "p", NULL);
	html_say(
		h,
		"JSON over HTTP. What is refused comes as a problem document that names every wrong member at once. For programs: ");
	html_open(h, "a", "href", "/api/openapi.json", NULL);
	html_say(h, "openapi.json");
	html_close(h, "a");
	html_close(h, "p");
	html_open(h, "nav", "aria-label", "Headings", NULL);
	for (const struct endpoint *e; (e = endpoint_next(&walk));)
		if (begins(e)) {
			html_open(h, "a", "href", arena_printf(arena, "#about-%s", e->tag), NULL);
			html_say(h, e->tag);
			html_close(h, "a");
		}
	html_close(h, "nav");
	walk = (struct endpoint_walk){ 0, 0 };
	for (const struct endpoint *e; (e = endpoint_next(&walk));)
		if (begins(e))
			say_heading(h, e->tag, arena);
}

static void say_page(struct call *call)
{
	struct html h;
	struct buf out;

	http_reply_header(call->reply, "Content-Security-Policy",
			  arena_printf(call->arena,
				       "default-src 'none'; style-src %s; base-uri 'none'; form-action 'none'; "
				       "frame-ancestors 'none'",
				       style_hash(call->arena)));
	buf_init(&out, PAGE_MAX);
	html_init(&h, &out);
	html_open(&h, "html", "lang", "en", NULL);
	html_open(&h, "head", NULL);
	html_void(&h, "meta", "charset", "utf-8", NULL);
	html_void(&h, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1", NULL);
	html_element(&h, "title", NULL, STR("The API of Lockstep"));
	html_open(&h, "style", NULL);
	html_raw(&h, STR(style));
	html_close(&h, "style");
	html_close(&h, "head");
	html_open(&h, "body", NULL);
	html_open(&h, "main", NULL);
	say_body(&h, call->arena);
	html_close(&h, "main");
	html_close(&h, "body");
	html_close(&h, "html");
	html_finish(&h);
	call_bytes(call, 200, "text/html; charset=utf-8", buf_str(&out));
	buf_release(&out);
}

static const struct endpoint endpoint_api_page = {
	.method = HTTP_GET,
	.path = "/api",
	.name = "readApi",
	.tag = "server",
	.summary = "This description as a page",
	.type = "text/html",
	.run = say_page,
};

const struct endpoint *const endpoints_api_page[] = {
	&endpoint_api_page,
	NULL,
};
