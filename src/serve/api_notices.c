/* What I want to hear of by mail, and the calendar of what I owe. */
#include <sodium.h>
#include <stdlib.h>

#include "book/outlets.h"
#include "io/ics_write.h"
#include "serve/due_list.h"
#include "serve/endpoints.h"
#include "serve/who.h"

enum { EVENTS_MOST = 1000, EVENT_MINUTES = 15, FEED_MAX = 4 << 20, FEED_TEXT = 64 };

/* ---- notices ---- */

/* The names in JSON, by enum wish_of. */
static const char *const names[WISH__COUNT] = {
	[WISH_ASSIGNMENT] = "assignment", [WISH_AT_RISK] = "at_risk", [WISH_BREACH] = "breach",
	[WISH_DIGEST] = "digest",         [WISH_WEEKLY] = "weekly",
};

#define WISH_MEMBERS(needed)                                                                                           \
	{ .name = "assignment", .type = MEMBER_FLAG, .required = needed, .sentence = "a lead was given to me" },       \
		{ .name = "at_risk",                                                                                   \
		  .type = MEMBER_FLAG,                                                                                 \
		  .required = needed,                                                                                  \
		  .sentence = "the time of what I promised is nearly up" },                                            \
		{ .name = "breach",                                                                                    \
		  .type = MEMBER_FLAG,                                                                                 \
		  .required = needed,                                                                                  \
		  .sentence = "a promise is broken, and the agreement says that I am told" },                          \
		{ .name = "digest",                                                                                    \
		  .type = MEMBER_FLAG,                                                                                 \
		  .required = needed,                                                                                  \
		  .sentence = "what is due, when my working day begins" },                                             \
	{                                                                                                              \
		.name = "weekly", .type = MEMBER_FLAG, .required = needed, .sentence = "the weekly page"               \
	}

static const struct member notices_members[] = {
	{ .name = "mail",
	  .type = MEMBER_FLAG,
	  .required = true,
	  .sentence = "whether there is anybody who sends mail" },
	WISH_MEMBERS(true),
	{ .name = NULL },
};

static const struct member change_members[] = {
	WISH_MEMBERS(false),
	{ .name = NULL },
};

static bool find_wish(struct call *call, struct wish *wish)
{
	struct err err = ERR_INIT;

	if (!wish_find(call->desk->book, call->who.login, wish, call->arena, &err))
		return true;
	call_error(call, &err);
	return false;
}

static void say_notices(struct call *call, const struct wish *wish)
{
	json_t *root = json_object();

	json_object_set_new(root, "mail", json_boolean(server_ways_out(call->server)->server != NULL));
	for (int i = 0; i < WISH__COUNT; i++)
		json_object_set_new(root, names[i], json_boolean(!(wish->quiet >> i & 1)));
	call_json(call, 200, root);
}

static void get_notices(struct call *call)
{
	struct wish wish;

	if (find_wish(call, &wish))
		say_notices(call, &wish);
}

static const struct endpoint endpoint_get_notices = {
	.method = HTTP_GET,
	.path = "/api/me/notices",
	.name = "getNotices",
	.tag = "me",
	.summary = "What I am told by mail",
	.roles = ROLES_ALL,
	.desk = DESK_READS,
	.answer = notices_members,
	.run = get_notices,
};

static bool keep_wish(struct call *call, const struct wish *wish)
{
	struct err err = ERR_INIT;

	if (lead_desk_begin(call->desk, &err) || wish_set(call->desk->book, wish, &err)) {
		call_error(call, &err);
		return false;
	}
	return true;
}

static void change_notices(struct call *call)
{
	struct wish wish;

	if (!find_wish(call, &wish))
		return;
	for (int i = 0; i < WISH__COUNT; i++) {
		const json_t *wanted = json_object_get(call->body, names[i]);

		if (json_is_true(wanted))
			wish.quiet &= ~(1u << i);
		else if (json_is_false(wanted))
			wish.quiet |= 1u << i;
	}
	if (keep_wish(call, &wish))
		say_notices(call, &wish);
}

static const struct endpoint endpoint_change_notices = {
	.method = HTTP_PATCH,
	.path = "/api/me/notices",
	.name = "changeNotices",
	.tag = "me",
	.summary = "Tells me something by mail, or no more",
	.roles = ROLES_ALL,
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.members = change_members,
	.answer = notices_members,
	.run = change_notices,
};

/* ---- the calendar feed ---- */

/* "7-SECRET": the account and what proves it, for that turn. */
static const char *feed_text(const struct call *call, const struct account *who, int64_t turn)
{
	unsigned char secret[OUTLET_SECRET_BYTES];
	char text[FEED_TEXT];

	outlet_secret(call->desk->book, str_of(arena_printf(call->arena, "feed:%lld", (long long)who->id)), turn,
		      secret);
	sodium_bin2base64(text, sizeof(text), secret, sizeof(secret), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return arena_printf(call->arena, "%lld-%s", (long long)who->id, text);
}

static const struct member feed_members[] = {
	{ .name = "url",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .null = true,
	  .sentence = "of the calendar; whoever has it sees what I owe. null: there is none" },
	{ .name = NULL },
};

static void say_feed(struct call *call, const struct wish *wish)
{
	json_t *url = json_null();

	if (wish->feed)
		url = json_string(arena_printf(call->arena, "%s/feeds/%s", server_url(call->server),
					       feed_text(call, &call->who, wish->feed)));
	call_json(call, 200, json_pack("{s:o}", "url", url));
}

static void get_feed(struct call *call)
{
	struct wish wish;

	if (find_wish(call, &wish))
		say_feed(call, &wish);
}

static const struct endpoint endpoint_get_feed = {
	.method = HTTP_GET,
	.path = "/api/me/feed",
	.name = "getFeed",
	.tag = "me",
	.summary = "Where the calendar of what I owe is",
	.roles = ROLES_ALL,
	.desk = DESK_READS,
	.in_person = true,
	.answer = feed_members,
	.run = get_feed,
};

static void renew_feed(struct call *call)
{
	struct wish wish;

	if (!find_wish(call, &wish))
		return;
	wish.feed = call->now_ms > wish.feed ? call->now_ms : wish.feed + 1;
	if (keep_wish(call, &wish))
		say_feed(call, &wish);
}

static const struct endpoint endpoint_renew_feed = {
	.method = HTTP_POST,
	.path = "/api/me/feed",
	.name = "renewFeed",
	.tag = "me",
	.summary = "A new address for the calendar; the one until now is worth nothing",
	.roles = ROLES_ALL,
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.in_person = true,
	.answer = feed_members,
	.run = renew_feed,
};

static void drop_feed(struct call *call)
{
	struct wish wish;

	if (!find_wish(call, &wish))
		return;
	wish.feed = 0;
	if (keep_wish(call, &wish))
		call_nothing(call);
}

static const struct endpoint endpoint_drop_feed = {
	.method = HTTP_DELETE,
	.path = "/api/me/feed",
	.name = "dropFeed",
	.tag = "me",
	.summary = "No calendar any more",
	.roles = ROLES_ALL,
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.in_person = true,
	.status = 204,
	.run = drop_feed,
};

/* ---- what stands behind the address ---- */

/* Whose it is; false where it is nobody's, or no more. */
static bool feed_owner(struct call *call, struct str feed, struct account *who, struct err *err)
{
	struct str rest = feed, id = str_cut(&rest, '-');
	const char *wanted;
	struct wish wish;
	bool found;

	if (!id.len || id.len > 18 ||
	    doors_by_id(server_doors(call->server), strtoll(arena_cstr(call->arena, id), NULL, 10), who, &found,
			call->arena, err) ||
	    !found || who->closed || wish_find(call->desk->book, who->login, &wish, call->arena, err) || !wish.feed)
		return false;
	wanted = feed_text(call, who, wish.feed);
	return feed.len == strlen(wanted) && !sodium_memcmp(feed.at, wanted, feed.len);
}

/* Of one promise; the same whenever it is asked for. */
static const char *uid_of(const struct due_promise *due, struct arena *arena)
{
	const char *what = arena_printf(arena, "%.*s:%.*s#%.*s#%u", STR_ARG(due->source), STR_ARG(due->lead),
					STR_ARG(due->promise), due->episode);
	unsigned char hash[16];
	char text[40];

	crypto_generichash(hash, sizeof(hash), (const unsigned char *)what, strlen(what), NULL, 0);
	sodium_bin2hex(text, sizeof(text), hash, sizeof(hash));
	return arena_printf(arena, "%s@lockstep", text);
}

/* "first contact, Berg Software (lead L1)": who sees the calendar knows companies, hardly numbers. */
static const char *summary_of(const struct due_promise *due, struct arena *arena)
{
	const char *what = arena_printf(arena, "%s%.*s", due->overdue ? "Overdue: " : "", STR_ARG(due->promise));

	if (!due->lead.len)
		return what;
	if (!due->company.len)
		return arena_printf(arena, "%s, lead %.*s", what, STR_ARG(due->lead));
	return arena_printf(arena, "%s, %.*s (lead %.*s)", what, STR_ARG(due->company), STR_ARG(due->lead));
}

static void write_feed(struct call *call, const struct account *who, const struct facts *facts)
{
	size_t count, total;
	struct due_promise *due = due_list(facts, who, EVENTS_MOST, &count, &total, call->arena);
	struct ics_event *events = ARENA_ARRAY(call->arena, struct ics_event, count + 1);
	struct buf out;

	for (size_t i = 0; i < count; i++)
		events[i] = (struct ics_event){
			.uid = uid_of(&due[i], call->arena),
			.at_ms = due[i].due_ms,
			.minutes = EVENT_MINUTES,
			.summary = summary_of(&due[i], call->arena),
			.url = due[i].lead.len ? arena_printf(call->arena, "%s%s", server_url(call->server),
							      http_path(call->arena, "/leads/", due[i].lead))
					       : NULL,
		};
	buf_init(&out, FEED_MAX);
	ics_write(&out, "Lockstep: what I owe", events, count, call->now_ms);
	call_bytes(call, 200, "text/calendar; charset=utf-8", arena_str(call->arena, buf_str(&out)));
	buf_release(&out);
}

static bool whose(struct call *call, struct account *who)
{
	struct office *office = server_office(call->server);
	struct err err = ERR_INIT;
	struct lead_desk desk;
	bool good;

	if (!server_enter(call->server)) {
		call_problem(call, 503, "Not now", "A command has the book at the moment; ask again in a few seconds.");
		return false;
	}
	if (office_desk(office, server_book(call->server), call->now_ms, "feed", call->arena, &desk, &err)) {
		server_leave(call->server);
		call_error(call, &err);
		return false;
	}
	call->desk = &desk;
	good = feed_owner(call, call_part(call, 0), who, &err);
	call->desk = NULL;
	office_desk_end(office, &desk);
	server_leave(call->server);
	if (!good)
		call_not_found(call, "There is no such calendar.");
	return good;
}

static void read_feed(struct call *call)
{
	struct err err = ERR_INIT;
	struct office_view view;
	struct account who;

	if (!whose(call, &who))
		return;
	if (office_begin(server_office(call->server), call->now_ms, true, &view, &err)) {
		call_error(call, &err);
		return;
	}
	write_feed(call, &who, view.facts);
	office_end(server_office(call->server));
}

static const struct endpoint endpoint_read_feed = {
	.method = HTTP_GET,
	.path = "/feeds/{feed}",
	.name = "readFeed",
	.tag = "me",
	.summary = "The calendar of what somebody owes, for who has its address",
	.roles = ROLES_ANYBODY,
	.type = "text/calendar",
	.run = read_feed,
};

const struct endpoint *const endpoints_notices[] = {
	&endpoint_get_notices,
	&endpoint_change_notices,
	&endpoint_get_feed,
	&endpoint_renew_feed,
	&endpoint_drop_feed,
	&endpoint_read_feed,
	NULL,
};
