/* What is to go out, and what could not: the page of dead letters. */
#include "book/outbox.h"
#include "desk/outlet_desk.h"
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/me.h"
#include "serve/who.h"

enum { LIMIT_USUAL = 50, LIMIT_MOST = 500 };

static const struct member fact_item = { .name = "", .type = MEMBER_TEXT };
static const struct member message_members[] = {
	{ .name = "id",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .sentence = "which receivers see, the same at every try" },
	{ .name = "state",
	  .type = MEMBER_CHOICE,
	  .required = true,
	  .choices = "waiting|dead|sent",
	  .sentence = "it waits to go out, was given up, or went" },
	{ .name = "way",
	  .type = MEMBER_CHOICE,
	  .required = true,
	  .choices = "mail|webhook|slack|teams",
	  .sentence = "by what it goes" },
	{ .name = "kind", .type = MEMBER_TEXT, .required = true, .sentence = "assignment, breach, lead.accepted …" },
	{ .name = "to",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .sentence = "a colleague, a login, a lead, or the outlet" },
	{ .name = "made", .type = MEMBER_TEXT, .required = true, .sentence = "when it was written" },
	{ .name = "due", .type = MEMBER_TEXT, .required = true, .sentence = "when it is tried next; was sent" },
	{ .name = "tries", .type = MEMBER_WHOLE, .required = true, .sentence = "how often it was tried" },
	{ .name = "trouble", .type = MEMBER_TEXT, .null = true, .most = 2000, .sentence = "why it did not go out" },
	{ .name = "facts",
	  .type = MEMBER_NAMED,
	  .required = true,
	  .items = &fact_item,
	  .sentence = "what it is about: lead, source, at, by …" },
	{ .name = NULL },
};
static const struct member message_item = { .name = "", .type = MEMBER_OBJECT, .members = message_members };

static json_t *message_json(struct call *call, const struct outbox_message *m)
{
	json_t *facts = json_object();

	for (size_t i = 0; i < m->fact_count; i++)
		if (m->facts[i].value.len)
			json_object_set_new(facts, arena_cstr(call->arena, m->facts[i].name),
					    json_str(m->facts[i].value));
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:I, s:o, s:o}", "id", m->id, "state",
			 outbox_state_name(m->state), "way", outbox_way_name(m->way), "kind", json_str(m->kind), "to",
			 json_str(m->to), "made", instant_json(call, m->made_ms), "due", instant_json(call, m->due_ms),
			 "tries", (json_int_t)m->tries, "trouble", json_str_or_null(m->trouble), "facts", facts);
}

/* ---- list ---- */

static const struct member list_arguments[] = {
	{ .name = "state", .type = MEMBER_CHOICE, .choices = "waiting|dead|sent", .sentence = "dead unless given" },
	{ .name = "limit", .type = MEMBER_WHOLE, .least = 1, .most = LIMIT_MOST, .sentence = "so many; 50" },
	{ .name = NULL },
};

static const struct member count_members[] = {
	{ .name = "waiting", .type = MEMBER_WHOLE, .required = true, .sentence = "are to go out" },
	{ .name = "dead", .type = MEMBER_WHOLE, .required = true, .sentence = "were given up" },
	{ .name = "sent", .type = MEMBER_WHOLE, .required = true, .sentence = "letters that went, of the last month" },
	{ .name = NULL },
};

static const struct member list_members[] = {
	{ .name = "messages",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &message_item,
	  .sentence = "the latest first" },
	{ .name = "counts",
	  .type = MEMBER_OBJECT,
	  .required = true,
	  .members = count_members,
	  .sentence = "of all, by state" },
	{ .name = NULL },
};

static enum outbox_state state_asked(const struct call *call)
{
	const char *text = call_text(call, "state");

	for (int i = 0; text && i < OUTBOX_STATE__COUNT; i++)
		if (str_is(str_of(text), outbox_state_name((enum outbox_state)i)))
			return (enum outbox_state)i;
	return OUTBOX_DEAD;
}

static void list_outbox(struct call *call)
{
	int64_t limit = call_whole(call, "limit", LIMIT_USUAL), counts[OUTBOX_STATE__COUNT], next_ms;
	struct outbox_message *messages;
	struct err err = ERR_INIT;
	json_t *list;
	size_t count;

	if (outbox_list(call->desk->book, state_asked(call), INT64_MAX, (size_t)limit, &messages, &count, call->arena,
			&err) ||
	    outbox_counts(call->desk->book, counts, &next_ms, &err)) {
		call_error(call, &err);
		return;
	}
	list = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, message_json(call, &messages[i]));
	call_json(call, 200,
		  json_pack("{s:o, s:{s:I, s:I, s:I}}", "messages", list, "counts", "waiting",
			    (json_int_t)counts[OUTBOX_WAITING], "dead", (json_int_t)counts[OUTBOX_DEAD], "sent",
			    (json_int_t)counts[OUTBOX_SENT]));
}

static const struct endpoint endpoint_list_outbox = {
	.method = HTTP_GET,
	.path = "/api/outbox",
	.name = "listOutbox",
	.tag = "ways out",
	.summary = "What is to go out, went, or could not",
	.roles = ROLE(ADMIN),
	.desk = DESK_READS,
	.arguments = list_arguments,
	.answer = list_members,
	.run = list_outbox,
};

/* ---- one ---- */

/* False after saying that there is none. */
static bool find(struct call *call, struct outbox_message *out)
{
	struct err err = ERR_INIT;
	bool found = false;

	if (outbox_find(call->desk->book, call_part(call, 0), out, &found, call->arena, &err))
		call_error(call, &err);
	else if (!found)
		call_not_found(call, "There is no message of this id.");
	return found;
}

static void get_message(struct call *call)
{
	struct outbox_message message;

	if (find(call, &message))
		call_json(call, 200, message_json(call, &message));
}

static const struct endpoint endpoint_get_message = {
	.method = HTTP_GET,
	.path = "/api/outbox/{id}",
	.name = "getMessage",
	.tag = "ways out",
	.summary = "One message",
	.roles = ROLE(ADMIN),
	.desk = DESK_READS,
	.answer = message_members,
	.run = get_message,
};

static bool decide(struct call *call, int (*how)(const struct outlet_desk *desk, struct str id, struct err *err))
{
	struct outlet_desk desk = { call->desk->book, call->now_ms, call->who.login, call->arena, &call->problems };
	struct err err = ERR_INIT;
	int failed = lead_desk_begin(call->desk, &err);

	if (!failed)
		failed = how(&desk, call_part(call, 0), &err);
	return call_went_well(call, failed, &err);
}

static void send_again(struct call *call)
{
	struct outbox_message message;

	if (find(call, &message) && decide(call, outbox_desk_again) && find(call, &message))
		call_json(call, 200, message_json(call, &message));
}

static const struct endpoint endpoint_send_again = {
	.method = HTTP_POST,
	.path = "/api/outbox/{id}/again",
	.name = "sendAgain",
	.tag = "ways out",
	.summary = "Sends a message once more, with the same id",
	.roles = ROLE(ADMIN),
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.answer = message_members,
	.run = send_again,
};

static void drop_message(struct call *call)
{
	struct outbox_message message;

	if (find(call, &message) && decide(call, outbox_desk_drop))
		call_nothing(call);
}

static const struct endpoint endpoint_drop_message = {
	.method = HTTP_DELETE,
	.path = "/api/outbox/{id}",
	.name = "dropMessage",
	.tag = "ways out",
	.summary = "Takes a message away: it is not sent",
	.roles = ROLE(ADMIN),
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.status = 204,
	.run = drop_message,
};

const struct endpoint *const endpoints_outbox[] = {
	&endpoint_list_outbox, &endpoint_get_message, &endpoint_send_again, &endpoint_drop_message, NULL,
};
