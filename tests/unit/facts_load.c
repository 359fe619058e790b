/* Facts out of a real book: links, defaults, milestones by stage, visits, history, refused references. */
#include "facts/load.h"
#include "told_help.h"

static void first_day(void)
{
	ADD(OBJECT_STAGE, "New", { FIELD_NAME, "New" }, { FIELD_POSITION, "1" }, { FIELD_MEANS, "open" });
	ADD(OBJECT_STAGE, "Offer", { FIELD_NAME, "Offer" }, { FIELD_POSITION, "2" }, { FIELD_MEANS, "open" },
	    { FIELD_BID, "yes" });
	ADD(OBJECT_STAGE, "Won", { FIELD_NAME, "Won" }, { FIELD_POSITION, "3" }, { FIELD_MEANS, "won" });
	ADD(OBJECT_STAGE, "Ordered", { FIELD_NAME, "Ordered" }, { FIELD_POSITION, "4" }, { FIELD_MEANS, "order" });
	ADD(OBJECT_STAGE, "Lost", { FIELD_NAME, "Lost" }, { FIELD_POSITION, "5" }, { FIELD_MEANS, "lost" });
	ADD(OBJECT_PERSON, "u1", { FIELD_NAME, "Anna" }, { FIELD_TEAM, "north" }, { FIELD_REGION, "East" });
	ADD(OBJECT_PERSON, "u2", { FIELD_NAME, "Boris" }, { FIELD_MANAGER, "Cleo" });
	ADD(OBJECT_ACCOUNT, "a1", { FIELD_NAME, "Acme" }, { FIELD_SEGMENT, "large" }, { FIELD_REGION, "West" },
	    { FIELD_COMPANY_SIZE, "250" });
	ADD(OBJECT_LEAD, "l1", { FIELD_CREATED, "2017-01-01" }, { FIELD_HANDED_OFF, "2017-01-03" },
	    { FIELD_SOURCE, "web" }, { FIELD_ACCOUNT, "@a1" }, { FIELD_OWNER, "u1" });
	ADD(OBJECT_LEAD, "l2", { FIELD_SOURCE, "event" }, { FIELD_AMOUNT, "10" });
	ADD(OBJECT_LEAD, "l3", { FIELD_CREATED, "2017-01-05" }, { FIELD_SOURCE, "web" }, { FIELD_WON, "yes" });
	/* Won by its stage on its closing date; owner by id; source by its lead; segment by its account. */
	ADD(OBJECT_OPPORTUNITY, "o1", { FIELD_CREATED, "2017-01-10" }, { FIELD_CLOSED, "2017-02-09" },
	    { FIELD_STAGE, "Won" }, { FIELD_AMOUNT, "100.50" }, { FIELD_OWNER, "u1" }, { FIELD_LEAD, "@l1" },
	    { FIELD_ACCOUNT, "@a1" });
	/* Lost, nobody says when; the second deal of the lead. */
	ADD(OBJECT_OPPORTUNITY, "o2", { FIELD_CREATED, "2017-01-20" }, { FIELD_STAGE, "Lost" }, { FIELD_LEAD, "@l1" },
	    { FIELD_OWNER, "Boris" });
	/* Open: the close date is the expected one. */
	ADD(OBJECT_OPPORTUNITY, "o3", { FIELD_CREATED, "2017-02-01" }, { FIELD_CLOSED, "2017-06-30" },
	    { FIELD_STAGE, "New" }, { FIELD_AMOUNT, "40" }, { FIELD_LEAD, "@l2" }, { FIELD_PROBABILITY, "25" });
	/* An order stage counts as won, dated by the move into it; the record says "not lost". */
	ADD(OBJECT_OPPORTUNITY, "o4", { FIELD_CREATED, "2017-01-15" }, { FIELD_STAGE, "Ordered" },
	    { FIELD_LEAD, "@nobody" });
	ADD(OBJECT_STAGE_CHANGE, "m1", { FIELD_OPPORTUNITY_REF, "@o4" }, { FIELD_STAGE, "New" },
	    { FIELD_ENTERED, "2017-01-15" });
	ADD(OBJECT_STAGE_CHANGE, "m2", { FIELD_OPPORTUNITY_REF, "@o4" }, { FIELD_STAGE, "Offer" },
	    { FIELD_ENTERED, "2017-01-25" });
	ADD(OBJECT_STAGE_CHANGE, "m3", { FIELD_OPPORTUNITY_REF, "@o4" }, { FIELD_STAGE, "New" },
	    { FIELD_ENTERED, "2017-02-01" });
	ADD(OBJECT_STAGE_CHANGE, "m4", { FIELD_OPPORTUNITY_REF, "@o4" }, { FIELD_STAGE, "Ordered" },
	    { FIELD_ENTERED, "2017-03-01" });
	/* The history stops short of where the deal is now. */
	ADD(OBJECT_OPPORTUNITY, "o5", { FIELD_CREATED, "2017-02-10" }, { FIELD_STAGE, "Offer" });
	ADD(OBJECT_STAGE_CHANGE, "m5", { FIELD_OPPORTUNITY_REF, "@o5" }, { FIELD_STAGE, "New" },
	    { FIELD_ENTERED, "2017-02-10" });
	/* A machine's mail and a call of the lead's are no response; the call on the 5th is. */
	ADD(OBJECT_ACTIVITY, "c1", { FIELD_AT, "2017-01-04" }, { FIELD_LEAD, "@l1" }, { FIELD_AUTOMATIC, "yes" });
	ADD(OBJECT_ACTIVITY, "c2", { FIELD_AT, "2017-01-04" }, { FIELD_LEAD, "@l1" }, { FIELD_DIRECTION, "in" });
	ADD(OBJECT_ACTIVITY, "c3", { FIELD_AT, "2017-01-02" }, { FIELD_LEAD, "@l1" }, { FIELD_DIRECTION, "out" });
	ADD(OBJECT_ACTIVITY, "c4", { FIELD_AT, "2017-01-05" }, { FIELD_LEAD, "@l1" }, { FIELD_DIRECTION, "out" });
	ADD(OBJECT_ORDER, "r1", { FIELD_AMOUNT, "99" }, { FIELD_OPPORTUNITY_REF, "@o1" });
}

/* A later export: o3 has grown, moved on and changed hands. */
static void second_day(void)
{
	ADD(OBJECT_OPPORTUNITY, "o3", { FIELD_CREATED, "2017-02-01" }, { FIELD_CLOSED, "2017-06-30" },
	    { FIELD_STAGE, "Offer" }, { FIELD_AMOUNT, "60" }, { FIELD_LEAD, "@l2" }, { FIELD_OWNER, "Boris" },
	    { FIELD_PROBABILITY, "50" });
}

static void write_book(const char *path)
{
	struct book_settings settings = { .zone = "UTC", .currency = "EUR", .fiscal_start_month = 1 };
	struct err err = ERR_INIT;
	void (*const days[])(void) = { first_day, second_day };

	if (book_create(path, &settings, 1488326400000, &err) || book_open(&book, path, BOOK_WRITE, &err))
		BUG("%s", err.text);
	for (size_t i = 0; i < 2; i++) {
		/* 2017-03-01 and 2017-03-11 */
		observed_ms = 1488326400000 + (int64_t)i * 10 * 86400000;
		if (book_begin(book, &err))
			BUG("%s", err.text);
		days[i]();
		if (book_commit(book, &err))
			BUG("%s", err.text);
	}
}

static void opportunities(const struct facts *facts)
{
	asks(facts, "opportunities", "count(won) / count(closed)", NULL, NULL, "66.7 %");
	asks(facts, "opportunities", "median(days(created, won))", NULL, NULL, "37.5 days");
	asks(facts, "opportunities", "count(lost is unknown)", NULL, NULL, "1");
	asks(facts, "opportunities", "count()", "owner", NULL, "Boris=2; Anna=1; =2");
	asks(facts, "opportunities", "count()", "team", NULL, "Cleo=2; north=1; =2");
	asks(facts, "opportunities", "count()", "source", NULL, "web=2; event=1; =2");
	asks(facts, "opportunities", "count(segment = large)", NULL, NULL, "2");
	/* Anna's region stands before her customer's; the second deal has it through the lead. */
	asks(facts, "opportunities", "count()", "region", NULL, "East=2; =3");
	asks(facts, "opportunities", "count(expected_close = 2017-06-30)", NULL, NULL, "1");
	asks(facts, "opportunities", "sum(amount * probability where open)", NULL, NULL, "30.00 EUR");
	asks(facts, "opportunities", "count(net_new)", NULL, NULL, "1");
	asks(facts, "opportunities", "count(bid)", NULL, NULL, "3");
	is_int(facts_unresolved(facts, FACT_OPPORTUNITIES, STR("lead")), 1, "a reference to nobody is counted");
	is_int(facts_unresolved(facts, FACT_ACTIVITIES, STR("lead")), 0, "others are found");
}

static void leads(const struct facts *facts)
{
	asks(facts, "leads", "count(opportunity)", "source", NULL, "event=1; web=1");
	asks(facts, "leads", "count(won)", "source", NULL, "web=2; event=0");
	asks(facts, "leads", "count(lost)", NULL, NULL, "0");
	asks(facts, "leads", "sum(amount)", "source", NULL, "web=100.50 EUR; event=–");
	asks(facts, "leads", "median(days(handed_off, first_response))", NULL, NULL, "2 days");
	asks(facts, "leads", "count(created is unknown)", NULL, NULL, "1");
	asks(facts, "leads", "count(account = Acme and company_size = 250 and owner = Anna)", NULL, NULL, "1");
	asks(facts, "orders", "sum(amount)", "owner", NULL, "Anna=99.00 EUR");
}

static void visits(const struct facts *facts)
{
	/* o4: New → Offer → back to New → ordered. o3: New, then Offer as seen ten days later. */
	asks(facts, "stage_visits", "count()", "stage, outcome", NULL, "New=forward=4; Offer=still=2; Offer=back=1");
	asks(facts, "stage_visits", "sum(days(entered, left))", "stage", NULL, "New=38 days; Offer=7 days");
	asks(facts, "stage_visits", "count(entered is unknown)", NULL, NULL, "2");
	asks(facts, "stage_visits", "count()", "stage, outcome", "2017-01-28", "New=forward=1; Offer=still=1");
}

static void history(const struct facts *facts)
{
	is_int(facts_last_day(facts), date_of_civil((struct civil){ 2017, 3, 11 }),
	       "the last day is that of the last move seen");
	asks(facts, "opportunities", "sum(amount where open)", NULL, NULL, "60.00 EUR");
	asks(facts, "opportunities", "sum(amount where open)", NULL, "2017-03-05", "40.00 EUR");
	asks(facts, "opportunities", "count(open)", "stage", "2017-03-05", "New=2; Won=0; Ordered=0; Lost=0");
	asks(facts, "opportunities", "count(open)", "stage", "2017-01-28", "Offer=1; Lost=0; =1");
	asks(facts, "opportunities", "count(won)", NULL, "2017-02-15", "1");
}

static void digests(const struct facts_options *options, const struct facts *facts)
{
	unsigned char first[HASH_BYTES], second[HASH_BYTES];
	struct facts_options earlier = { .known_at_ms = 1488326400000 + 86400000, .today = options->today };
	struct facts *again;
	struct err err = ERR_INIT;

	facts_digest(facts, first);
	if (facts_load(&again, book, options, &err))
		BUG("%s", err.text);
	facts_digest(again, second);
	ok(!memcmp(first, second, HASH_BYTES), "loaded twice, the facts are the same");
	facts_free(again);
	if (facts_load(&again, book, &earlier, &err))
		BUG("%s", err.text);
	facts_digest(again, second);
	ok(memcmp(first, second, HASH_BYTES) != 0, "as known a day after the first export they are others");
	asks(again, "opportunities", "sum(amount where open)", NULL, NULL, "40.00 EUR");
	facts_free(again);
}

static void scopes(const struct facts *facts)
{
	struct question question = { .measure = "count()",
				     .of = "opportunities",
				     .as_of = DATE_NONE,
				     .scope = { .kind = SCOPE_OWNER, .name = STR("Anna") } };
	struct answer answer;
	struct err err = ERR_INIT;

	ok(!measure_ask(facts, &question, &arena, &answer, &err) && answer.rows[0].n == 1, "Anna sees her own");
	question.of = "activities";
	ok(!measure_ask(facts, &question, &arena, &answer, &err) && answer.rows[0].n == 0, "and no contacts of others");
	question.of = "spend";
	ok(!measure_ask(facts, &question, &arena, &answer, &err) && answer.rows[0].n == 0, "and no spend");
	question.of = "opportunities";
	question.scope = (struct scope){ 0 };
	ok(!measure_ask(facts, &question, &arena, &answer, &err) && answer.rows[0].n == 0,
	   "without a scope nobody sees anything");
}

static void listing(const struct facts *facts)
{
	struct question question = {
		.of = "opportunities", .where = "amount is not empty", .as_of = DATE_NONE, .scope = SCOPE_EVERYTHING
	};
	struct listing rows;
	struct err err = ERR_INIT;

	ok(!measure_list(facts, &question, "key, amount, won, lead.source", "amount desc", 1, &arena, &rows, &err),
	   "rows are listed");
	is_int(rows.total, 2, "all are counted");
	is_int(rows.count, 1, "as many as asked for are given");
	is_bytes(rows.cells[0][0], "o1", "the largest first");
	is_bytes(rows.cells[0][1], "100.50 EUR", "money as people read it");
	is_bytes(rows.cells[0][2], "2017-02-09", "a date without a time");
	is_bytes(rows.cells[0][3], "web", "what stands behind a reference");
}

/* However the book is cut into stretches, and however many read it. */
static void alike(struct facts_options options, const struct facts *facts)
{
	static const uint64_t stretches[] = { 1, 2, 7, 1000 };
	unsigned char wanted[HASH_BYTES], got[HASH_BYTES];
	struct facts *again;
	struct err err = ERR_INIT;

	facts_digest(facts, wanted);
	for (size_t i = 0; i < sizeof(stretches) / sizeof(*stretches); i++) {
		for (options.threads = 1; options.threads <= 3; options.threads++) {
			options.stretch = stretches[i];
			if (facts_load(&again, book, &options, &err))
				BUG("%s", err.text);
			facts_digest(again, got);
			ok(!memcmp(wanted, got, sizeof(got)) &&
				   facts_unresolved(again, FACT_OPPORTUNITIES, STR("lead")) == 1,
			   "the same in stretches of %d by %u threads", (int)options.stretch, options.threads);
			facts_free(again);
		}
	}
}

/* ---- records that are none ---- */

static void tell(struct part *part, enum object object, const char *key, const struct field_text *fields)
{
	struct record_field all[16] = { 0 };
	struct record record = record_of(object, key, fields, all);

	part_record(part, &record);
}

#define TELL(part, object, key, ...) tell(part, object, key, (const struct field_text[]){ __VA_ARGS__, { 0, NULL } })

/* Told of several times, and no longer counting. */
static void tell_none(struct part *part, enum object object, const char *key)
{
	const struct record record = { .object = object, .source = STR("crm"), .key = str_of(key) };

	part_begin(part, &record);
	part_rest(part, &record, true);
}

static void tell_parts(struct part *first, struct part *second)
{
	enum { TOUCHES = 1100, LINKED = 1023 };

	TELL(first, OBJECT_LEAD, "l1", { FIELD_SOURCE, "web" });
	tell_none(first, OBJECT_OPPORTUNITY, "o1");
	TELL(first, OBJECT_OPPORTUNITY, "o2", { FIELD_WON, "yes" }, { FIELD_CLOSED, "2017-01-02" });
	TELL(second, OBJECT_OPPORTUNITY, "o3", { FIELD_WON, "yes" }, { FIELD_CLOSED, "2017-01-03" });
	/* Links are kept in a list as long as need be: here for fewer rows than there are. */
	tell_none(first, OBJECT_TOUCH, "t0");
	for (int i = 0; i < LINKED; i++)
		TELL(first, OBJECT_TOUCH, "t1", { FIELD_LEAD, "@l1" });
	for (int i = LINKED; i < TOUCHES; i++)
		TELL(first, OBJECT_TOUCH, "t2", { FIELD_CAMPAIGN, "fair" });
}

/* Their rows go before parts are packed or merged, and all that stands beside the rows goes with them. */
static void gone(bool packed)
{
	const struct book_settings settings = { .zone = "UTC", .currency = "EUR", .fiscal_start_month = 1 };
	struct err err = ERR_INIT;
	struct facts *facts;
	struct part parts[2];
	struct loader l;

	if (facts_builder_new(&facts, &settings, &err))
		BUG("%s", err.text);
	loader_init(&l, facts, 1);
	for (size_t i = 0; i < 2; i++)
		part_init(&parts[i], facts);
	tell_parts(&parts[0], &parts[1]);
	for (enum fact f = 0; packed && f < FACT__COUNT; f++) {
		part_pack(&parts[0], f);
		part_pack(&parts[1], f);
	}
	load_parts(&l, parts, 2);
	load_leads_follow(&l);
	loader_release(&l);
	for (size_t i = 0; i < 2; i++) {
		builder_part_free(parts[i].facts);
		part_release(&parts[i]);
	}
	facts_finish(facts, DATE_NONE);
	asks(facts, "opportunities", "count()", "won", NULL, "2017-01-02=1; 2017-01-03=1");
	asks(facts, "touches", "count(lead)", NULL, NULL, "1,023");
	asks(facts, "touches", "count()", NULL, NULL, "1,100");
	facts_free(facts);
}

int main(void)
{
	char folder[] = "/tmp/facts_load.XXXXXX";
	const char *path;
	struct facts_options options = { .known_at_ms = INT64_MAX, .today = DATE_NONE };
	struct facts *facts;
	struct err err = ERR_INIT;

	arena_init(&arena);
	if (!mkdtemp(folder))
		BUG("no folder");
	path = arena_printf(&arena, "%s/book", folder);
	write_book(path);
	if (facts_load(&facts, book, &options, &err))
		BUG("%s", err.text);
	opportunities(facts);
	leads(facts);
	visits(facts);
	history(facts);
	digests(&options, facts);
	alike(options, facts);
	scopes(facts);
	listing(facts);
	facts_free(facts);
	gone(false);
	gone(true);
	book_close(book);
	ok(!system(arena_printf(&arena, "rm -r %s", folder)), "nothing is left behind");
	arena_release(&arena);
	return done();
}
