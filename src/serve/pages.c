#include "serve/pages.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "base/asset.h"
#include "base/version.h"
#include "io/html.h"
#include "serve/who.h"

#define POLICY                                                                                                         \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "          \
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
#define FOREVER "public, max-age=31536000, immutable"

enum { NAME_MAX_BYTES = 64, HASH_SHOWN = 8 };

/* ---- assets ---- */

enum asset { ASSET_SCRIPT, ASSET_STYLE, ASSET_CHARTS, ASSET_ICON, ASSET__COUNT };

static const struct {
	const char *bundle, *stem, *ending, *type;
} assets[ASSET__COUNT] = {
	[ASSET_SCRIPT] = { "web/app/app.js", "app", "js", "text/javascript; charset=utf-8" },
	[ASSET_STYLE] = { "web/app/app.css", "app", "css", "text/css; charset=utf-8" },
	[ASSET_CHARTS] = { "web/charts.js", "charts", "js", "text/javascript; charset=utf-8" },
	[ASSET_ICON] = { "web/app/icon.svg", "icon", "svg", "image/svg+xml" },
};

/* "app-1f3a….js": under /assets/. */
static char asset_names[ASSET__COUNT][NAME_MAX_BYTES];
static pthread_once_t named = PTHREAD_ONCE_INIT;

static void name_assets(void)
{
	unsigned char hash[HASH_SHOWN];
	char hex[2 * HASH_SHOWN + 1];

	for (int i = 0; i < ASSET__COUNT; i++) {
		struct str bytes = asset_get(assets[i].bundle);
		unsigned char whole[crypto_generichash_BYTES];

		crypto_generichash(whole, sizeof(whole), (const unsigned char *)bytes.at, bytes.len, NULL, 0);
		memcpy(hash, whole, sizeof(hash));
		sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
		snprintf(asset_names[i], sizeof(asset_names[i]), "%s-%s.%s", assets[i].stem, hex, assets[i].ending);
	}
}

static const char *asset_address(struct call *call, enum asset asset)
{
	return arena_printf(call->arena, "/assets/%s", asset_names[asset]);
}

static bool takes_gzip(const struct call *call)
{
	struct str rest = http_header(call->request, "Accept-Encoding");

	while (rest.len) {
		struct str coding = str_trim(str_cut(&rest, ','));

		if (str_is(str_trim(str_cut(&coding, ';')), "gzip"))
			return !str_is(str_trim(coding), "q=0");
	}
	return false;
}

static void say_asset(struct call *call, enum asset asset)
{
	struct str packed = asset_get(arena_printf(call->arena, "%s.gz", assets[asset].bundle));
	bool gzip = packed.at && takes_gzip(call);

	call_bytes(call, 200, assets[asset].type, gzip ? packed : asset_get(assets[asset].bundle));
	http_reply_header(call->reply, "Cache-Control", FOREVER);
	http_reply_header(call->reply, "Vary", "Accept-Encoding");
	if (gzip)
		http_reply_header(call->reply, "Content-Encoding", "gzip");
}

/* ---- the shell ---- */

static void write_head(struct call *call, struct html *html)
{
	html_open(html, "head", NULL);
	html_void(html, "meta", "charset", "utf-8", NULL);
	html_void(html, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1", NULL);
	html_void(html, "meta", "name", "color-scheme", "content", "light dark", NULL);
	html_element(html, "title", NULL, STR("Lockstep"));
	html_void(html, "link", "rel", "icon", "type", "image/svg+xml", "href", asset_address(call, ASSET_ICON), NULL);
	html_void(html, "link", "rel", "stylesheet", "href", asset_address(call, ASSET_STYLE), NULL);
	html_open(html, "script", "src", asset_address(call, ASSET_SCRIPT), "data-charts",
		  asset_address(call, ASSET_CHARTS), "data-version", LOCKSTEP_VERSION, "data-known",
		  who_cookie(call).len ? "yes" : "no", "defer", "", NULL);
	html_close(html, "script");
	html_close(html, "head");
}

static void say_shell(struct call *call)
{
	struct html html;

	buf_clear(&call->reply->body);
	html_init(&html, &call->reply->body);
	html_open(&html, "html", "lang", "en", NULL);
	write_head(call, &html);
	html_open(&html, "body", NULL);
	html_open(&html, "div", "id", "app", NULL);
	html_open(&html, "noscript", NULL);
	html_element(&html, "p", NULL,
		     STR("These pages need JavaScript. The program answers without it, too: lockstep --help."));
	html_close(&html, "noscript");
	html_close(&html, "div");
	html_close(&html, "body");
	html_close(&html, "html");
	html_finish(&html);
	call->reply->status = 200;
	call->reply->type = "text/html; charset=utf-8";
	http_reply_header(call->reply, "Content-Security-Policy", POLICY);
}

/* ---- which of them ---- */

static bool answer_asset(struct call *call)
{
	for (int i = 0; i < ASSET__COUNT; i++)
		if (call->request->segment_count == 2 && str_is(call->request->segments[1], asset_names[i])) {
			say_asset(call, (enum asset)i);
			return true;
		}
	return false;
}

bool pages_answer(struct call *call)
{
	const struct http_request *request = call->request;
	struct str first = request->segment_count ? request->segments[0] : STR_NONE;

	if (request->method != HTTP_GET || str_is(first, "api"))
		return false;
	pthread_once(&named, name_assets);
	if (str_is(first, "assets"))
		return answer_asset(call);
	if (str_find(http_header(request, "Accept"), "text/html") < 0)
		return false;
	say_shell(call);
	return true;
}
