/* Replaying an agreement: what it would have done with what is in the book. Judged on facts of its own, beside those that others ask. */
#include <pthread.h>

#include "base/date.h"
#include "desk/judge.h"
#include "report/replay.h"
#include "serve/api_agreement.h"
#include "serve/report_members.h"
#include "serve/who.h"

#define VERSION_MEMBER(n)                                                                                              \
	{                                                                                                              \
		.name = n, .type = MEMBER_WHOLE, .least = 1, .most = 100000, .sentence = "a version of the book's"     \
	}

static const struct member replay_members[] = {
	VERSION_MEMBER("version"),
	TEXT_MEMBER("text", false),
	VERSION_MEMBER("against_version"),
	TEXT_MEMBER("against_text", false),
	{ .name = "from", .type = MEMBER_DATE, .sentence = "first day" },
	{ .name = "to", .type = MEMBER_DATE, .sentence = "last day" },
	{ .name = "format",
	  .type = MEMBER_CHOICE,
	  .choices = "json|page",
	  .sentence = "as with a report; json unless given" },
	{ .name = NULL },
};

struct replay {
	struct call *call;
	struct book *book;
	struct facts *facts;
	struct agreements text, against;
};

static int judge_by(void *context, const struct agreements *by, struct err *err)
{
	struct replay *replay = context;
	struct judge_terms terms = judge_terms_of(by, replay->call->arena);
	struct judge_options options = { .now_ms = judge_now_ms(replay->facts, DATE_NONE, replay->call->now_ms) };
	struct judge *judge;
	int failed = judge_open(&judge, replay->facts, &terms, &options, err);

	if (failed)
		return failed;
	failed = judge_all(judge, err);
	judge_close(judge);
	return failed;
}

/* One text, of the members `version` or `text`. False after saying why not; *given: one of the two is. */
static bool text_of(struct replay *replay, const char *version, const char *text, struct agreements *out, bool *given)
{
	struct call *call = replay->call;
	const json_t *number = json_object_get(call->body, version);
	struct str said = call_member(call, text);
	struct err err = ERR_INIT;
	bool failed = false;

	*given = number || said.len;
	if (number && said.len) {
		problem_add(&call->problems, STR_NONE, 0, 0, str_of(text), "give either this or %s", version);
	} else if (said.len) {
		agreement_text(call, said, out, &call->problems, &failed);
	} else if (number && agreements_of_version(
				     out, replay->book,
				     str_of(arena_printf(call->arena, "%lld", (long long)json_integer_value(number))),
				     call->arena, &err)) {
		problem_add(&call->problems, STR_NONE, 0, 0, str_of(version), "%s", err.text);
	}
	if (call->problems.count)
		call_wrong(call);
	return !failed && !call->problems.count;
}

static int32_t date_of(const struct call *call, const char *member)
{
	int32_t date = DATE_NONE;

	return date_parse(call_member(call, member), &date) ? date : DATE_NONE;
}

static int say_replay(struct replay *replay, bool beside, struct err *err)
{
	struct call *call = replay->call;
	struct report_request request = { .facts = replay->facts,
					  .scope = who_sees(&call->who),
					  .from = date_of(call, "from"),
					  .to = date_of(call, "to"),
					  .as_of = DATE_NONE,
					  .book_name = facts_settings(replay->facts)->name,
					  .agreements = &replay->text,
					  .against = beside ? &replay->against : NULL,
					  .judge = judge_by,
					  .judge_context = replay };
	struct page *page;
	int failed;

	request.to += request.to != DATE_NONE;
	failed = judge_by(replay, &replay->text, err);
	if (!failed)
		failed = report_build(&report_replay, &request, &page, err);
	if (failed)
		return failed;
	failed = (str_is(call_member(call, "format"), "page") ? report_page_json
							      : report_json)(page, &call->reply->body, err);
	page_free(page);
	return failed;
}

static int load(struct replay *replay, struct err *err)
{
	struct facts_options options = { .known_at_ms = INT64_MAX, .today = replay->call->today };

	return facts_load(&replay->facts, replay->book, &options, err);
}

static void replay_texts(struct replay *replay)
{
	struct call *call = replay->call;
	int32_t from = date_of(call, "from"), to = date_of(call, "to");
	struct err err = ERR_INIT;
	bool given, beside;

	if (from != DATE_NONE && to != DATE_NONE && from > to)
		problem_add(&call->problems, STR_NONE, 0, 0, STR("from"), "must not lie after to");
	if (!text_of(replay, "version", "text", &replay->text, &given))
		return;
	if (!given) {
		problem_add(&call->problems, STR_NONE, 0, 0, STR("text"), "which one? Give this, or version");
		call_wrong(call);
		return;
	}
	if (text_of(replay, "against_version", "against_text", &replay->against, &beside) &&
	    (load(replay, &err) || say_replay(replay, beside, &err))) {
		buf_clear(&call->reply->body);
		call_error(call, &err);
	}
}

/* Facts of its own are as large as those that all others share: who comes meanwhile waits. */
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static void replay_alone(struct call *call)
{
	struct replay replay = { .call = call };
	struct err err = ERR_INIT;

	if (book_open(&replay.book, book_path(server_book(call->server)), BOOK_READ, &err)) {
		call_error(call, &err);
		return;
	}
	replay_texts(&replay);
	facts_free(replay.facts);
	book_close(replay.book);
	agreements_release(&replay.text);
	agreements_release(&replay.against);
}

static void run_replay(struct call *call)
{
	pthread_mutex_lock(&one_at_a_time);
	replay_alone(call);
	pthread_mutex_unlock(&one_at_a_time);
}

static const struct endpoint endpoint_replay = {
	.method = HTTP_POST,
	.path = "/api/agreement/replay",
	.name = "replayAgreement",
	.tag = "agreement",
	.roles = ROLES_OVERSEE,
	.summary =
		"What an agreement would have done with what is in the book, which it does not change; the answer is a report",
	.members = replay_members,
	.answer = report_members,
	.or_answer = page_members,
	.example = "{\"version\": 1}",
	.run = run_replay,
};

const struct endpoint *const endpoints_replay[] = {
	&endpoint_replay,
	NULL,
};
