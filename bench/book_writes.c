/* The same rows as in writes.c into a book: validated, compared with what is known, chained, durable when the caller goes on. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "book/writer.h"
#include "bench.h"

enum { MAX_CALLERS = 256, FIELDS = 20 };

struct caller {
	pthread_t id;
	struct writer *writer;
	const struct bench_rows *made;
	uint64_t number, writes;
	double until_s;
	bool personal;
};

static struct record_field text(enum field code, const char *s)
{
	return (struct record_field){ .code = code, .value = { .kind = VALUE_TEXT, .as.text = str_of(s) } };
}

static struct record_field when(enum field code, uint32_t t)
{
	return (struct record_field){
		.code = code, .value = { .kind = t ? VALUE_TIME : VALUE_EMPTY, .as.time_ms = (int64_t)t * 1000 }
	};
}

static size_t fill(struct record_field *fields, const struct bench_lead *lead, const char *email)
{
	bool has_rep = lead->rep < BENCH_REPS;
	size_t n = 0;

	fields[n++] = when(FIELD_CREATED, lead->created);
	fields[n++] = when(FIELD_QUALIFIED, lead->qualified);
	fields[n++] = when(FIELD_HANDED_OFF, lead->handed_off);
	fields[n++] = when(FIELD_RESPONSE_DUE, lead->response_due);
	fields[n++] = when(FIELD_FIRST_RESPONSE, lead->first_response);
	fields[n++] = when(FIELD_ACCEPTED, lead->accepted);
	fields[n++] = when(FIELD_REJECTED, lead->rejected);
	fields[n++] = when(FIELD_OPPORTUNITY, lead->opportunity);
	fields[n++] = when(FIELD_WON, lead->won);
	fields[n++] = when(FIELD_LOST, lead->lost);
	fields[n++] = text(FIELD_SOURCE, bench_source(lead->source));
	fields[n++] = text(FIELD_CAMPAIGN, bench_campaign(lead->campaign));
	if (has_rep) {
		fields[n++] = text(FIELD_TEAM, bench_team(lead->rep));
		fields[n++] = text(FIELD_OWNER, bench_rep(lead->rep));
	}
	fields[n++] = (struct record_field){ .code = FIELD_SCORE,
					     .value = { .kind = VALUE_NUMBER, .as.number = { lead->score, 0 } } };
	if (lead->amount_minor >= 0) {
		struct value amount = { .kind = VALUE_MONEY };

		amount.as.money.minor = lead->amount_minor;
		memcpy(amount.as.money.currency, "EUR", 4);
		fields[n++] = (struct record_field){ .code = FIELD_AMOUNT, .value = amount };
	}
	if (email)
		fields[n++] = text(FIELD_EMAIL, email);
	return n;
}

static void *call(void *context)
{
	struct caller *c = context;
	struct append_context said = { .now_ms = 1, .actor = "bench" };
	struct err err = ERR_INIT;

	while (bench_now_s() < c->until_s) {
		uint64_t number = c->number + c->writes * MAX_CALLERS;
		struct record_field fields[FIELDS];
		enum append_result result;
		struct bench_lead lead;
		char key[32], email[48];

		bench_rows_lead(c->made, number, &lead);
		snprintf(key, sizeof(key), "L%llu", (unsigned long long)number);
		snprintf(email, sizeof(email), "%s@example.com", key);
		struct record record = { .object = OBJECT_LEAD,
					 .source = STR("bench"),
					 .key = str_of(key),
					 .observed_ms = 1,
					 .fields = fields,
					 .count = fill(fields, &lead, c->personal ? email : NULL) };
		if (writer_append(c->writer, &record, 1, &said, &result, &err) != 0)
			bench_fail("append", err.text);
		c->writes++;
	}
	return NULL;
}

static uint64_t call_all(struct writer *writer, unsigned callers, double until_s, bool personal)
{
	static struct caller all[MAX_CALLERS];
	struct bench_rows rows;
	uint64_t writes = 0;

	bench_rows_init(&rows, 100000000);
	for (unsigned i = 0; i < callers; i++) {
		all[i] = (struct caller){
			.writer = writer, .made = &rows, .number = i, .until_s = until_s, .personal = personal
		};
		if (pthread_create(&all[i].id, NULL, call, &all[i]))
			bench_fail("threads", "cannot be started");
	}
	for (unsigned i = 0; i < callers; i++) {
		pthread_join(all[i].id, NULL);
		writes += all[i].writes;
	}
	return writes;
}

double bench_book_writes(const char *path, unsigned callers, double seconds, bool personal)
{
	struct err err = ERR_INIT;
	struct book *book;
	struct writer *writer;
	double start;
	uint64_t writes;

	if (!callers || callers > MAX_CALLERS)
		bench_fail("callers", "1 to 256");
	if (book_open(&book, path, BOOK_WRITE, &err) || writer_open(&writer, book, &err))
		bench_fail("book", err.text);
	start = bench_now_s();
	writes = call_all(writer, callers, start + seconds, personal);
	double rate = (double)writes / (bench_now_s() - start);
	writer_close(writer);
	book_close(book);
	return rate;
}
