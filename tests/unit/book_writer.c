/* Group commit: CALLERS callers (64) at once, each gets what it asked for, whole, or is told why not. */
#include <pthread.h>
#include "base/table.h"
#include "book/private.h"
#include "book/writer.h"
#include "book_help.h"

enum { MOST_CALLERS = 256, DECISIONS = 20 };

static unsigned callers = 64;
static struct writer *writer;

struct caller {
	pthread_t thread;
	unsigned number, decisions;
	unsigned wrong;
};

/* A decision: a contact, and a call with the contact. Half of one alone is a lost half. */
static int decide(unsigned caller, unsigned number, const char *region, enum append_result *results, struct err *err)
{
	char key[40], call[48], mail[64], name[64];

	snprintf(key, sizeof(key), "c%u.%u", caller, number);
	snprintf(call, sizeof(call), "%s+", key);
	snprintf(mail, sizeof(mail), "%s@example.com", key);
	snprintf(name, sizeof(name), "Name of %s", key);
	struct record_field fields[] = { text_field(FIELD_NAME, name), text_field(FIELD_EMAIL, mail),
					 text_field(FIELD_REGION, region) };
	struct record_field of_call[] = { text_field(FIELD_NOTES, name) };
	struct record records[] = {
		{ .object = OBJECT_CONTACT,
		  .source = STR("crm"),
		  .key = str_of(key),
		  .observed_ms = 1,
		  .fields = fields,
		  .count = 3 },
		{ .object = OBJECT_ACTIVITY,
		  .source = STR("crm"),
		  .key = str_of(call),
		  .observed_ms = 1,
		  .fields = of_call,
		  .count = 1 },
	};

	return writer_append(writer, records, 2, &help_context, results, err);
}

static void *call(void *context)
{
	struct caller *c = context;

	for (unsigned i = 0; i < c->decisions; i++) {
		enum append_result results[2] = { APPEND_UNCHANGED, APPEND_UNCHANGED };
		struct err err = ERR_INIT;

		if (decide(c->number, i, "north", results, &err) != 0 || results[0] != APPEND_NEW ||
		    results[1] != APPEND_NEW)
			c->wrong++;
	}
	return NULL;
}

static unsigned call_all(unsigned decisions)
{
	static struct caller all[MOST_CALLERS];
	unsigned wrong = 0;

	for (unsigned i = 0; i < callers; i++) {
		all[i] = (struct caller){ .number = i, .decisions = decisions };
		if (pthread_create(&all[i].thread, NULL, call, &all[i]) != 0)
			bug_at(__FILE__, __LINE__, "no thread");
	}
	for (unsigned i = 0; i < callers; i++) {
		pthread_join(all[i].thread, NULL);
		wrong += all[i].wrong;
	}
	return wrong;
}

static int gather(void *context, const struct state *state, struct err *err)
{
	(void)err;
	*table_put(context, state->record.key, NULL) = 1;
	return 0;
}

static void keys_of(struct book *book, struct table *keys)
{
	struct reading reading = READING_ALL;

	table_init(keys);
	MUST(book_states(book, OBJECT_NONE, &reading, gather, keys, err));
}

static void test_many(void)
{
	struct book *book = help_fresh();
	struct table keys;

	MUST(writer_open(&writer, book, err));
	is_int(call_all(DECISIONS), 0, "%u callers get what they asked for", callers);
	struct writer_counts counts = writer_counts(writer);
	is_int((long long)counts.decisions, (long long)callers * DECISIONS, "every decision is counted");
	is_int((long long)counts.records, (long long)callers * DECISIONS * 2, "and every record");
	ok(counts.commits > 0 && counts.commits < counts.decisions, "%llu decisions shared %llu commits",
	   (unsigned long long)counts.decisions, (unsigned long long)counts.commits);
	writer_close(writer);
	keys_of(book, &keys);
	is_int((long long)keys.count, (long long)callers * DECISIONS * 2, "all of them are in the book");
	table_release(&keys);
	book_close(book);
	help_sound("after many callers");
}

static void test_answers(void)
{
	struct book *book = help_fresh();
	enum append_result results[2];

	MUST(writer_open(&writer, book, err));
	MUST(decide(1, 1, "north", results, err));
	MUST(decide(1, 1, "north", results, err));
	is_int(results[0], APPEND_UNCHANGED, "said again: unchanged");
	help_context.now_ms++;
	MUST(decide(1, 1, "south", results, err));
	ok(results[0] == APPEND_CHANGED || results[0] == APPEND_OLDER, "and is told apart");
	writer_close(writer);
	book_close(book);
	help_sound("after answers");
}

/* A record that cannot go in takes the rest of its decision with it, and nobody else's. */
static void *call_wrongly(void *context)
{
	static struct record_field many[600];
	struct record_field fields[] = { text_field(FIELD_REGION, "x") };
	struct record records[] = {
		{ .object = OBJECT_CONTACT,
		  .source = STR("crm"),
		  .key = STR("good half"),
		  .observed_ms = 1,
		  .fields = fields,
		  .count = 1 },
		{ .object = OBJECT_CONTACT,
		  .source = STR("crm"),
		  .key = STR("bad half"),
		  .observed_ms = 1,
		  .fields = many,
		  .count = 600 },
	};
	unsigned *refused = context;

	for (int i = 0; i < DECISIONS; i++) {
		enum append_result results[2];
		struct err err = ERR_INIT;

		*refused += writer_append(writer, records, 2, &help_context, results, &err) == ERR_LIMIT && err.text[0];
	}
	return NULL;
}

static unsigned taken_back;

static void count_rollback(struct engine *engine)
{
	taken_back++;
	engine_behind.rollback(engine);
}

static void test_wrong(void)
{
	struct book *book = help_fresh();
	struct engine_ops counting = engine_behind;
	unsigned refused = 0;
	struct table keys;
	pthread_t thread;

	counting.rollback = count_rollback;
	book->ops = &counting;
	MUST(writer_open(&writer, book, err));
	pthread_create(&thread, NULL, call_wrongly, &refused);
	is_int(call_all(DECISIONS), 0, "the others go in while one caller is refused");
	pthread_join(thread, NULL);
	is_int(refused, DECISIONS, "who is refused is told each time");
	is_int(taken_back, 0, "and costs the others nothing: no transaction is taken back");
	writer_close(writer);
	keys_of(book, &keys);
	is_int((long long)keys.count, (long long)callers * DECISIONS * 2,
	       "no half of a refused decision is in the book");
	table_release(&keys);
	book_close(book);
	help_sound("after refusals");
}

/* That a record outgrows what can be read is seen only when it is written. */
static void *call_too_much(void *context)
{
	enum { PARTS = 6, BYTES = (int)(PAYLOAD_MAX / 4) - 1024 };
	char *text = must_alloc(BYTES + 1), name[16];
	struct record_field field = { .code = FIELD_CUSTOM };
	struct record record = {
		.object = OBJECT_LEAD, .source = STR("crm"), .key = STR("wide"), .fields = &field, .count = 1
	};
	unsigned *refused = context;

	memset(text, 'x', BYTES);
	field.value = (struct value){ .kind = VALUE_TEXT, .as.text = { text, BYTES } };
	for (int i = 0; i < PARTS; i++) {
		enum append_result result;
		struct err err = ERR_INIT;

		snprintf(name, sizeof(name), "part %d", i);
		field.name = str_of(name);
		record.observed_ms = i;
		*refused += writer_append(writer, &record, 1, &help_context, &result, &err) == ERR_LIMIT && err.text[0];
	}
	free(text);
	return NULL;
}

static void test_outgrown(void)
{
	struct book *book = help_fresh();
	unsigned refused = 0;
	pthread_t thread;

	MUST(writer_open(&writer, book, err));
	pthread_create(&thread, NULL, call_too_much, &refused);
	is_int(call_all(DECISIONS), 0, "the others go in while one caller's record outgrows the book");
	pthread_join(thread, NULL);
	is_int(refused, 2, "who is told what no longer fits");
	writer_close(writer);
	book_close(book);
	help_sound("after a record that outgrew the book");
}

int main(void)
{
	const char *many = getenv("CALLERS");

	if (many && strtoul(many, NULL, 10) > 0 && strtoul(many, NULL, 10) <= MOST_CALLERS)
		callers = (unsigned)strtoul(many, NULL, 10);
	help_folder_make();
	test_many();
	test_answers();
	test_wrong();
	test_outgrown();
	help_folder_remove();
	return done();
}
