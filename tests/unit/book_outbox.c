/* What is to go out: there after the commit that caused it, with an id that stays; who is told what. */
#include <string.h>

#include "book/outlets.h"
#include "book_help.h"
#include "tap.h"

enum { NOW = 1000000 };

static struct arena arena;
static struct err err = ERR_INIT;

static struct outbox_message mail(const char *kind, int64_t due_ms)
{
	return (struct outbox_message){
		.way = OUTBOX_MAIL, .kind = str_of(kind), .to = STR("Anna"), .made_ms = NOW, .due_ms = due_ms
	};
}

static size_t due(struct book *book, int64_t now_ms, struct outbox_message **out)
{
	size_t count = 99;

	ok(!outbox_due(book, now_ms, 10, out, &count, &arena, &err), "asks what is due");
	return count;
}

static void messages(void)
{
	struct outbox_message first = mail("breach", NOW), later = mail("digest", NOW + 5), again, *list;
	struct book *book = help_fresh();
	int64_t counts[OUTBOX_STATE__COUNT], next_ms;
	bool found;

	outbox_say(&first, "lead", STR("L1"));
	outbox_say(&first, "promise", STR("first contact"));
	ok(!book_begin(book, &err) && !outbox_add(book, &first, &err), "adds a message");
	ok(str_starts(str_of(first.id), "msg_") && strlen(first.id) == 28, "which has an id since");
	book_rollback(book);
	ok(due(book, NOW, &list) == 0, "what was not committed is not there");
	ok(!book_begin(book, &err) && !outbox_add(book, &first, &err) && !outbox_add(book, &later, &err) &&
		   !outbox_add(book, &first, &err) && !book_commit(book, &err),
	   "the same id twice is one message");
	ok(due(book, NOW, &list) == 1 && !strcmp(list[0].id, first.id), "of two the one that is due");
	ok(str_is(outbox_fact(&list[0], "promise"), "first contact") && !outbox_fact(&list[0], "other").len,
	   "with its facts");
	ok(!book_begin(book, &err) &&
		   !outbox_failed(book, first.id, OUTBOX_WAITING, NOW + 100, STR("451 later"), &err) &&
		   !book_commit(book, &err) && due(book, NOW + 99, &list) == 1,
	   "what failed waits");
	ok(!outbox_find(book, str_of(first.id), &again, &found, &arena, &err) && found && again.tries == 1 &&
		   str_is(again.trouble, "451 later") && again.due_ms == NOW + 100,
	   "and says why");
	ok(!outbox_counts(book, counts, &next_ms, &err) && counts[OUTBOX_WAITING] == 2 && next_ms == NOW + 5,
	   "counted, and when the next is due");
	ok(!book_begin(book, &err) && !outbox_failed(book, first.id, OUTBOX_DEAD, NOW, STR("550 no"), &err) &&
		   !outbox_went(book, &later, NOW + 6, 0, &err) && !book_commit(book, &err) &&
		   due(book, NOW + 1000, &list) == 0,
	   "neither a dead one nor one that went is due");
	ok(!book_begin(book, &err) && !outbox_again(book, first.id, NOW + 7, &err) && !book_commit(book, &err) &&
		   due(book, NOW + 7, &list) == 1,
	   "a dead one may be sent again");
	ok(!book_begin(book, &err) && !outbox_drop(book, first.id, &err) && !book_commit(book, &err) &&
		   !outbox_counts(book, counts, &next_ms, &err) && counts[OUTBOX_WAITING] == 0 &&
		   counts[OUTBOX_SENT] == 1 && next_ms == INT64_MAX,
	   "or dropped");
	book_close(book);
}

static void programs(void)
{
	struct outlet crm = { .id = STR("crm"),
			      .way = OUTBOX_WEBHOOK,
			      .url = STR("https://example.com/in"),
			      .kinds = STR("lead.*, promise.broken"),
			      .turn = 1 };
	unsigned char one[OUTLET_SECRET_BYTES], two[OUTLET_SECRET_BYTES];
	struct book *book = help_fresh();
	const struct outlet *list;
	size_t count;

	ok(!book_begin(book, &err) && !outlet_add(book, &crm, &err) && !outlets(book, &list, &count, &err) &&
		   count == 1,
	   "an outlet");
	book_rollback(book);
	ok(!outlets(book, &list, &count, &err) && count == 0, "gone with its transaction");
	ok(!book_begin(book, &err) && !outlet_add(book, &crm, &err) && !book_commit(book, &err) &&
		   !outlets(book, &list, &count, &err) && count == 1 && str_is(list[0].url, "https://example.com/in"),
	   "there with it");
	ok(outlet_wants(&crm, STR("lead.accepted")) && outlet_wants(&crm, STR("promise.broken")) &&
		   !outlet_wants(&crm, STR("promise.told")) && !outlet_wants(&crm, STR("leader")),
	   "wants what its kinds say");
	outlet_secret(book, STR("crm"), 1, one);
	outlet_secret(book, STR("crm"), 2, two);
	ok(memcmp(one, two, sizeof(one)) != 0, "each turn has its own secret");
	outlet_secret(book, STR("crm"), 1, two);
	ok(!memcmp(one, two, sizeof(one)), "which is always the same");
	ok(outlet_id_fits(STR("crm-2")) && !outlet_id_fits(STR("-crm")) && !outlet_id_fits(STR("CRM")) &&
		   !outlet_id_fits(STR("")),
	   "ids are plain words");
	book_close(book);
}

static void people(void)
{
	struct book *book = help_fresh();
	struct wish wish;
	bool mail_on;

	ok(!wish_find(book, STR("mia"), &wish, &arena, &err) && !wish.quiet && !wish.feed, "at first all is wished");
	wish.quiet = 1u << WISH_DIGEST;
	ok(!book_begin(book, &err) && !wish_set(book, &wish, &err) && !wish_set(book, &wish, &err) &&
		   !book_commit(book, &err) && !wish_find(book, STR("mia"), &wish, &arena, &err) &&
		   wish.quiet == 1u << WISH_DIGEST,
	   "what was turned off stays off");
	ok(!outbox_mail_on(book, &mail_on, &err) && !mail_on, "there is no mail at first");
	ok(!book_begin(book, &err) && !outbox_mail_set(book, true, &err) && !book_commit(book, &err) &&
		   !outbox_mail_on(book, &mail_on, &err) && mail_on,
	   "until a server says so");
	book_close(book);
}

int main(void)
{
	arena_init(&arena);
	help_folder_make();
	messages();
	programs();
	people();
	arena_release(&arena);
	help_folder_remove();
	return done();
}
