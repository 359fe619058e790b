/* The journal: who came in, whose rights were changed, what was taken out. */
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/me.h"
#include "serve/who.h"

enum { LINES_USUAL = 100, LINES_MOST = 1000 };

static const struct member journal_arguments[] = {
	{ .name = "limit", .type = MEMBER_WHOLE, .least = 1, .most = LINES_MOST, .sentence = "at most so many; 100" },
	{ .name = "before", .type = MEMBER_WHOLE, .least = 1, .sentence = "the `next` of the page before" },
	{ .name = NULL },
};
static const struct member line_members[] = {
	{ .name = "seq", .type = MEMBER_WHOLE, .required = true, .sentence = "of the entry in the book's chain" },
	{ .name = "at", .type = MEMBER_TEXT, .required = true, .sentence = "when it was done" },
	{ .name = "kind",
	  .type = MEMBER_CHOICE,
	  .choices = "sign-in|rights|export",
	  .required = true,
	  .sentence = "what it is about" },
	{ .name = "who", .type = MEMBER_TEXT, .required = true, .sentence = "did it" },
	{ .name = "about", .type = MEMBER_TEXT, .null = true, .required = true, .sentence = "login of the account" },
	{ .name = "text", .type = MEMBER_TEXT, .required = true, .sentence = "what was done, in words" },
	{ .name = NULL },
};
static const struct member line_item = { .name = "", .type = MEMBER_OBJECT, .members = line_members };
static const struct member journal_members[] = {
	{ .name = "entries", .type = MEMBER_LIST, .required = true, .items = &line_item, .sentence = "newest first" },
	{ .name = "next",
	  .type = MEMBER_WHOLE,
	  .null = true,
	  .required = true,
	  .sentence = "`before` of the next page; null: there is none" },
	{ .name = NULL },
};

static json_t *line_json(const struct call *call, const struct journal_line *line)
{
	json_t *item = json_object();

	json_object_set_new(item, "seq", json_integer((json_int_t)line->seq));
	json_object_set_new(item, "at", instant_json(call, line->note.at_ms));
	json_object_set_new(item, "kind", json_string(journal_kind_name(line->note.kind)));
	json_object_set_new(item, "who", json_str(line->note.who));
	json_object_set_new(item, "about", line->note.about.len ? json_str(line->note.about) : json_null());
	json_object_set_new(item, "text", json_str(line->note.text));
	return item;
}

static void get_journal(struct call *call)
{
	size_t most = (size_t)call_whole(call, "limit", LINES_USUAL), count;
	uint64_t before = (uint64_t)call_whole(call, "before", INT64_MAX);
	struct journal_line *lines;
	struct err err = ERR_INIT;
	json_t *list, *body;

	if (book_journal_read(call->desk->book, before, most, &lines, &count, call->arena, &err)) {
		call_error(call, &err);
		return;
	}
	list = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, line_json(call, &lines[i]));
	body = json_pack("{s:o}", "entries", list);
	json_object_set_new(body, "next", count == most ? json_integer((json_int_t)lines[count - 1].seq) : json_null());
	call_json(call, 200, body);
}

static const struct endpoint endpoint_get_journal = {
	.method = HTTP_GET,
	.path = "/api/journal",
	.name = "getJournal",
	.tag = "accounts",
	.summary = "Who came in, whose rights were changed, what was taken out",
	.roles = ROLE(ADMIN),
	.desk = DESK_READS,
	.arguments = journal_arguments,
	.answer = journal_members,
	.run = get_journal,
};

const struct endpoint *const endpoints_journal[] = {
	&endpoint_get_journal,
	NULL,
};
