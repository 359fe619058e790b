/* A columns snapshot with any bytes of it changed and its hashes put right: refused, or facts that can be read through and asked. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/date.h"
#include "facts/facts_builder.h"
#include "facts/measure.h"
#include "facts/snapshot.h"

enum { PAGE = 4096, PATCH = 13 };

static uint8_t *base;
static size_t base_len;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const struct facts *facts)
{
	static const struct {
		const char *measure, *of, *by;
	} questions[] = {
		{ "sum(amount where open)", "opportunities", "owner" },
		{ "median(days(created, won))", "leads", "source" },
		{ "count(stagnant)", "stage_visits", "stage" },
		{ "count(lead.won)", "touches", "kind" },
		{ "sum(margin)", "orders", "month" },
		{ "count(key = \"A1\")", "activities", "key" },
	};
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		const struct question question = { .measure = questions[i].measure,
						   .of = questions[i].of,
						   .by = questions[i].by,
						   .as_of = i % 2 ? 20000 : DATE_NONE,
						   .scope = SCOPE_EVERYTHING };
		struct err err = ERR_INIT;
		struct answer answer;

		measure_ask(facts, &question, &arena, &answer, &err);
	}
	arena_release(&arena);
}

/* A small snapshot with each kind of column in it. */
static void make_base(void)
{
	const struct book_settings settings = { "Europe/Berlin", "EUR", 1, "Fuzz" };
	char path[] = "/tmp/lockstep-fuzz-XXXXXX";
	struct err err = ERR_INIT;
	struct facts *facts;
	int fd = mkstemp(path);
	struct stat st;

	if (fd < 0 || facts_builder_new(&facts, &settings, &err))
		BUG("no facts to begin with");
	builder_stage(facts, &(struct stage_def){ .name = STR("New"), .position = 1, .means = "open" });
	for (uint32_t i = 0; i < 40; i++) {
		uint32_t row = builder_row(facts, FACT_LEADS, i % 2 ? STR("A1") : STR("A123"));
		uint32_t deal = builder_row(facts, FACT_OPPORTUNITIES, STR("D")), now = 1500000000 + i * 100000;
		struct column *stage = builder_column(facts, FACT_OPPORTUNITIES, "stage");

		builder_time(facts, builder_column(facts, FACT_LEADS, "created"), row, now);
		builder_name(facts, builder_column(facts, FACT_LEADS, "source"), row, i % 3 ? STR("web") : STR("fair"));
		builder_flag(facts, builder_column(facts, FACT_LEADS, "inbound"), row, i % 3);
		builder_number(facts, builder_column(facts, FACT_LEADS, "score"), row, i);
		builder_source(facts, FACT_LEADS, row, i % 4 ? STR("crm") : STR("forms"));
		builder_ref(facts, builder_column(facts, FACT_OPPORTUNITIES, "lead"), deal, row);
		builder_money(facts, builder_column(facts, FACT_OPPORTUNITIES, "amount"), deal, i,
			      i % 2 ? "USD" : "EUR");
		builder_name(facts, stage, deal, STR("New"));
		builder_version_name(facts, stage, deal, now, i % 2 ? STR("New") : STR("Old"));
		builder_name(facts, builder_custom(facts, FACT_LEADS, STR("own"), COLUMN_NAME, STR_NONE), row,
			     STR("x"));
	}
	facts_finish(facts, DATE_NONE);
	if (snapshot_write(facts, path, &err))
		BUG("%s", err.text);
	facts_free(facts);
	close(fd);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st))
		BUG("no snapshot to begin with");
	base_len = (size_t)st.st_size;
	base = aligned_alloc(PAGE, base_len);
	if (!base || read(fd, base, base_len) != (ssize_t)base_len)
		BUG("no snapshot to begin with");
	close(fd);
	unlink(path);
}

/* Each 13 bytes of input change 1 to 8 bytes somewhere: in the directory, which stands last but for a page of hashes, or anywhere. */
static size_t change(uint8_t *bytes, const uint8_t *data, size_t size)
{
	for (; size >= PATCH; data += PATCH, size -= PATCH) {
		size_t wide = (size_t)1 << (data[0] & 3), at, back = data[0] & 4 ? 4 * PAGE : base_len;
		uint32_t where;

		memcpy(&where, data + 1, sizeof(where));
		at = base_len - back + where % (back - wide);
		memcpy(bytes + at, data + 5, wide);
	}
	/* What is left may cut the end off. */
	return size > 1 ? base_len - data[0] * (size_t)PAGE % base_len : base_len;
}

static void look_at(const struct facts *facts)
{
	unsigned char digest[HASH_BYTES];
	struct arena arena;

	arena_init(&arena);
	facts_digest(facts, digest);
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		for (uint32_t row = 0; row < facts_rows(facts, f) && row < 40; row++)
			facts_label(facts, f, row, &arena);
	}
	arena_release(&arena);
	ask(facts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct snapshot_wanted wanted = { .today = 20000 };
	struct facts *facts;
	char why[256];
	void *bytes;
	size_t len;

	if (!base)
		make_base();
	bytes = aligned_alloc(PAGE, base_len);
	if (!bytes)
		return 0;
	memcpy(bytes, base, base_len);
	len = change(bytes, data, size);
	snapshot_forge(bytes, len);
	if (snapshot_of_bytes(&facts, bytes, len, &wanted, why) == SNAPSHOT_GOOD) {
		look_at(facts);
		facts_free(facts);
	}
	free(bytes);
	return 0;
}
