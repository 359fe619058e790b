/* Forgetting a person for good. */
#include "desk/erasing.h"
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/lend.h"
#include "serve/who.h"

enum { WHO_MOST = 400, FOUND_MOST = 100000 };

#define GIVEN(n, t, s)                                                                                                 \
	{                                                                                                              \
		.name = n, .type = t, .required = true, .sentence = s                                                  \
	}
#define NULLABLE(n, t, s)                                                                                              \
	{                                                                                                              \
		.name = n, .type = t, .required = true, .null = true, .sentence = s                                    \
	}

static const struct member who_members[] = {
	{ .name = "who",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = WHO_MOST,
	  .sentence = "an e-mail address, a phone number, a full name or a record's id (leads:SOURCE:ID)" },
	{ .name = NULL },
};
static const struct member match_members[] = {
	GIVEN("id", MEMBER_TEXT, "of the record: leads:SOURCE:ID"),
	NULLABLE("name", MEMBER_TEXT, "the person's, opened"),
	NULLABLE("email", MEMBER_TEXT, "the person's, opened"),
	{ .name = NULL },
};
static const struct member match_item = { .name = "", .type = MEMBER_OBJECT, .members = match_members };
static const struct member found_members[] = {
	{ .name = "found",
	  .type = MEMBER_LIST,
	  .required = true,
	  .most = FOUND_MOST,
	  .items = &match_item,
	  .sentence = "the person's records" },
	GIVEN("several", MEMBER_FLAG, "they are several people's: name one by address or id"),
	{ .name = NULL },
};
static const struct member file_item = { .name = "", .type = MEMBER_TEXT, .most = 5000 };
static const struct member erased_members[] = {
	GIVEN("people", MEMBER_WHOLE, "keys that were destroyed"),
	GIVEN("records", MEMBER_WHOLE, "that lost what was personal in them"),
	GIVEN("scrubbed", MEMBER_WHOLE, "files from which rows were taken"),
	{ .name = "unreachable",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &file_item,
	  .sentence = "files from which the person's rows have to be taken by hand" },
	{ .name = NULL },
};

struct looking {
	struct call *call;
	struct book *book;
	struct str who;
	struct erase_match *matches;
	size_t count;
	bool several;
};

static int look(struct looking *l, struct err *err)
{
	struct arena *arena = l->call->arena;

	l->who = str_trim(call_member(l->call, "who"));
	if (book_find_person(l->book, l->who, &l->matches, &l->count, arena, err))
		return err->kind;
	return erasing_is_of_several(l->book, l->who, l->matches, l->count, &l->several, arena, err);
}

static json_t *found_json(const struct looking *l)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->count; i++)
		json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "id",
						      json_str(erasing_id(&l->matches[i], l->call->arena)), "name",
						      json_str_or_null(l->matches[i].name), "email",
						      json_str_or_null(l->matches[i].email)));
	return list;
}

static void find_person(struct call *call)
{
	struct looking l = { .call = call };
	struct err err = ERR_INIT;

	if (book_open(&l.book, book_path(server_book(call->server)), BOOK_READ, &err)) {
		call_error(call, &err);
		return;
	}
	if (look(&l, &err))
		call_error(call, &err);
	else
		call_json(call, 200, json_pack("{s:o, s:b}", "found", found_json(&l), "several", l.several));
	book_close(l.book);
}

static const struct endpoint endpoint_find_person = {
	.method = HTTP_POST,
	.path = "/api/erasures/look",
	.name = "findPerson",
	.tag = "erasing",
	.roles = ROLE(ADMIN),
	.in_person = true,
	.summary = "What the book has of a person",
	.members = who_members,
	.answer = found_members,
	.run = find_person,
};

static json_t *erased_json(const struct erase_report *report)
{
	json_t *files = json_array();

	for (size_t i = 0; i < report->unreachable_count; i++)
		json_array_append_new(files, json_str(report->unreachable[i]));
	return json_pack("{s:I, s:I, s:I, s:o}", "people", (json_int_t)report->people, "records",
			 (json_int_t)report->records, "scrubbed", (json_int_t)report->scrubbed_count, "unreachable",
			 files);
}

/* With the book to ourselves. */
static void erase_found(struct looking *l)
{
	struct call *call = l->call;
	struct append_context context = { .now_ms = call->now_ms, .actor = arena_cstr(call->arena, call->who.login) };
	struct erase_report report = { 0 };
	struct err err = ERR_INIT;
	int failed = look(l, &err);

	if (!failed && l->several) {
		problem_add(&call->problems, STR_NONE, 0, 0, STR("who"),
			    "fits several people; name one by e-mail address, or by record like %.*s",
			    STR_ARG(erasing_id(&l->matches[0], call->arena)));
		call_problem(call, 409, "Several people", "Nobody was erased.");
		return;
	}
	if (!failed && l->count)
		failed = book_erase(l->book, l->matches, l->count, &context, &report, call->arena, &err);
	else if (!failed)
		failed = book_erase_rejected(l->book, l->who, false, &context, &report, call->arena, &err);
	if (failed)
		call_error(call, &err);
	else if (!l->count && !report.scrubbed_count)
		call_not_found(call, "Nobody fits: names of colleagues cannot be erased, since reports name them.");
	else
		call_json(call, 200, erased_json(&report));
}

static void erase_person(struct call *call)
{
	struct looking l = { .call = call, .book = server_book(call->server) };

	lend_begin(server_lend(call->server));
	erase_found(&l);
	lend_end(server_lend(call->server));
	server_told(call->server);
}

static const struct endpoint endpoint_erase_person = {
	.method = HTTP_POST,
	.path = "/api/erasures",
	.name = "erasePerson",
	.tag = "erasing",
	.roles = ROLE(ADMIN),
	.in_person = true,
	.summary = "Forget a person for good: the key that sealed what is personal is destroyed; what counts stays",
	.members = who_members,
	.answer = erased_members,
	.run = erase_person,
};

const struct endpoint *const endpoints_erasing[] = {
	&endpoint_find_person,
	&endpoint_erase_person,
	NULL,
};
