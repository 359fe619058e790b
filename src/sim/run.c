#include "base/buf.h"
#include "base/date.h"
#include "sim/tell.h"

/* Tells the weeks that have ended before `date`. */
static int tell_weeks(struct telling *telling, int32_t *monday, int32_t date, struct err *err)
{
	while (*monday + 7 <= date) {
		int rc = tell_week(telling, *monday, err);

		if (rc)
			return rc;
		*monday += 7;
	}
	return 0;
}

/* What the life refers to and another one told. */
static int tell_again(struct telling *telling, const struct life *life, struct err *err)
{
	struct life first;

	if (life->account == life->number)
		return 0;
	life_make(telling->company, life->account, &first);
	return tell_life_account(telling, &first, err);
}

static int tell_all(struct telling *telling, bool whole, struct err *err)
{
	const struct company *company = telling->company;
	int32_t monday = company->story.first_day - date_weekday(company->story.first_day);
	int rc = tell_company(telling, err);

	for (uint64_t i = 0; !rc && i < company->story.leads; i++) {
		struct life life;

		life_make(company, i, &life);
		rc = tell_weeks(telling, &monday, sim_calendar_date(&company->calendar, life.created_ms), err);
		if (!rc && whole)
			rc = tell_again(telling, &life, err);
		if (!rc)
			rc = tell_life(telling, &life, err);
	}
	/* The last week ends with the story. */
	return rc ? rc : tell_weeks(telling, &monday, company->story.last_day + 7, err);
}

static int run(const struct sim_story *story, bool whole, sim_record_fn *each, void *context, struct sim_truth *truth,
	       struct err *err)
{
	struct company company;
	struct telling telling;
	struct arena arena;
	int rc;

	arena_init(&arena);
	rc = company_init(&company, story, &arena, err);
	if (!rc) {
		telling_init(&telling, &company, each, context);
		rc = tell_all(&telling, whole, err);
		telling_release(&telling);
	}
	if (!rc && truth)
		*truth = company.truth;
	arena_release(&arena);
	return rc;
}

int sim_run(const struct sim_story *story, sim_record_fn *each, void *context, struct sim_truth *truth, struct err *err)
{
	return run(story, false, each, context, truth, err);
}

int sim_run_whole(const struct sim_story *story, sim_record_fn *each, void *context, struct sim_truth *truth,
		  struct err *err)
{
	return run(story, true, each, context, truth, err);
}

int sim_truth_of(const struct sim_story *story, struct sim_truth *truth, struct err *err)
{
	struct company company;
	struct arena arena;
	int rc;

	arena_init(&arena);
	rc = company_init(&company, story, &arena, err);
	if (!rc)
		*truth = company.truth;
	arena_release(&arena);
	return rc;
}

/* ---- digest ---- */

struct digest {
	struct buf bytes;
	uint64_t sum, records;
};

static int digest_record(void *context, const struct record *record, struct err *err)
{
	struct digest *digest = context;

	(void)err;
	buf_clear(&digest->bytes);
	buf_add_u8(&digest->bytes, (uint8_t)record->object);
	buf_add_block(&digest->bytes, record->key.at, record->key.len);
	buf_add_u64(&digest->bytes, (uint64_t)record->observed_ms);
	for (size_t i = 0; i < record->count; i++) {
		buf_add_u16(&digest->bytes, (uint16_t)record->fields[i].code);
		value_write(&digest->bytes, &record->fields[i].value);
	}
	/* FNV-1a, 64 bits */
	for (size_t i = 0; i < digest->bytes.len; i++)
		digest->sum = (digest->sum ^ (unsigned char)digest->bytes.at[i]) * 0x100000001b3u;
	digest->records++;
	return 0;
}

int sim_digest(const struct sim_story *story, uint64_t *sum, uint64_t *records, struct err *err)
{
	struct digest digest = { .sum = 0xcbf29ce484222325u };
	int rc;

	buf_init(&digest.bytes, 1 << 20);
	rc = sim_run(story, digest_record, &digest, NULL, err);
	buf_release(&digest.bytes);
	*sum = digest.sum;
	*records = digest.records;
	return rc;
}
