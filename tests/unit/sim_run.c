/* The simulated company's records: the same for the same seed everywhere, in order, within the story, and true to each other. */
#include <stdlib.h>
#include <sys/resource.h>
#include "tap.h"
#include "base/date.h"
#include "base/table.h"
#include "sim/life.h"
#include "sim/purpose.h"

static struct sim_story small(uint64_t seed, const char *plant)
{
	struct sim_story story;
	struct str word;

	sim_story_default(&story);
	story.leads = 600;
	story.seed = seed;
	ok(sim_story_plant(&story, str_of(plant), &word), "a story with %s planted", plant);
	return story;
}

/* ---- the same bytes everywhere ---- */

static void check_digest(uint64_t seed, const char *plant, uint64_t wanted)
{
	struct sim_story story = small(seed, plant);
	struct err err = ERR_INIT;
	uint64_t digest, records;

	is_int(sim_digest(&story, &digest, &records, &err), 0, "seed %llu runs", (unsigned long long)seed);
	ok(digest == wanted, "seed %llu gives the company it always gave", (unsigned long long)seed);
	if (digest != wanted)
		note("got 0x%016llx over %llu records", (unsigned long long)digest, (unsigned long long)records);
}

static void check_random(void)
{
	struct random random;
	int64_t sum = 0, squares = 0;

	/* The reference sequence of xoshiro256** from the state 1, 2, 3, 4. */
	random = (struct random){ { 1, 2, 3, 4 } };
	ok(random_next(&random) == 11520 && random_next(&random) == 0 && random_next(&random) == 1509978240 &&
		   random_next(&random) == 1215971899390074240u,
	   "the generator gives its published sequence");
	random_init(&random, 5, PURPOSE_LIFE, 9);
	for (int i = 0; i < 100000; i++) {
		int64_t z = random_normal_q16(&random);

		sum += z;
		squares += z * z >> 16;
	}
	ok(llabs(sum / 100000) < 1000, "normals have mean 0 (%lld / 65536)", (long long)(sum / 100000));
	ok(squares / 100000 > 64200 && squares / 100000 < 66900, "and variance 1 (%lld / 65536)",
	   (long long)(squares / 100000));
	is_int(exp2_q16(0), 65536, "2^0");
	is_int(exp2_q16(3 * 65536), 8 * 65536, "2^3");
	is_int(exp2_q16(32768), 92681, "2^(1/2)");
	is_int(exp2_q16(-65536), 32768, "2^-1");
	is_int(exp2_q16(-32768), 46340, "2^(-1/2)");
}

/* ---- every record ---- */

struct watch {
	struct zone *zone;
	struct table leads, deals, keys;
	int64_t first_ms, end_ms, last_lead_ms, deal_entered_ms;
	char deal[32];
	uint64_t of[OBJECT__COUNT];
	uint64_t unordered, outside, off_hours, dangling, backwards, repeated, unknown, no_values, before_lead;
};

static int64_t time_of(const struct record *record, enum field code)
{
	const struct value *value = record_get(record, code);

	return value && value->kind == VALUE_TIME ? value->as.time_ms : INT64_MIN;
}

static void watch_times(struct watch *w, const struct record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct value *value = &record->fields[i].value;

		w->unknown += !field_by_code(record->object, record->fields[i].code);
		if (value->kind == VALUE_TIME && record->fields[i].code != FIELD_RESPONSE_DUE)
			w->outside += value->as.time_ms < w->first_ms || value->as.time_ms >= w->end_ms ||
				      value->as.time_ms > record->observed_ms;
		if (value->kind == VALUE_REF) {
			enum object target = field_by_code(record->object, record->fields[i].code)->target;
			struct table *known = target == OBJECT_LEAD          ? &w->leads
					      : target == OBJECT_OPPORTUNITY ? &w->deals
									     : NULL;

			w->dangling += known && !table_get(known, value->as.ref.key);
		}
	}
}

/* Milestones that are there stand in the order of the lifecycle. */
static void watch_lead(struct watch *w, const struct record *record)
{
	static const enum field order[] = { FIELD_CREATED,    FIELD_PREQUALIFIED,   FIELD_QUALIFIED,
					    FIELD_HANDED_OFF, FIELD_FIRST_RESPONSE, FIELD_ACCEPTED,
					    FIELD_OPPORTUNITY };
	int64_t before = INT64_MIN, created = time_of(record, FIELD_CREATED);
	bool is_new;

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		int64_t at = time_of(record, order[i]);

		if (at == INT64_MIN)
			continue;
		w->backwards += at < before;
		before = at;
	}
	w->backwards += time_of(record, FIELD_RECYCLED) != INT64_MIN &&
			time_of(record, FIELD_RECYCLED) < time_of(record, FIELD_REJECTED);
	table_put(&w->leads, record->key, &is_new);
	if (is_new)
		w->unordered += created < w->last_lead_ms;
	w->last_lead_ms = created;
}

static void watch_hours(struct watch *w, const struct record *record)
{
	int64_t local = zone_local_s(w->zone, time_of(record, FIELD_AT));
	int32_t date = (int32_t)floor_div(local, DAY_SECONDS);
	int64_t minute = (local - (int64_t)date * DAY_SECONDS) / 60;
	const struct value *automatic = record_get(record, FIELD_AUTOMATIC);
	bool open = (minute >= 8 * 60 + 30 && minute < 12 * 60) || (minute >= 12 * 60 + 45 && minute < 17 * 60 + 15);

	if (automatic->kind == VALUE_NO)
		w->off_hours += !open || date_weekday(date) > 4 || sim_calendar_holiday(date);
}

static int watch_record(void *context, const struct record *record, struct err *err)
{
	struct watch *w = context;
	bool is_new;

	(void)err;
	w->of[record->object]++;
	if (record->object != OBJECT_LEAD && record->object != OBJECT_OPPORTUNITY && record->object != OBJECT_ORDER) {
		char text[80];

		snprintf(text, sizeof(text), "%d:%.*s", (int)record->object, STR_ARG(record->key));
		table_put(&w->keys, str_of(text), &is_new);
		w->repeated += !is_new;
	}
	if (record->object == OBJECT_OPPORTUNITY)
		table_put(&w->deals, record->key, NULL);
	if (record->object == OBJECT_LEAD)
		watch_lead(w, record);
	watch_times(w, record);
	if (record->object == OBJECT_ACTIVITY)
		watch_hours(w, record);
	if (record->object == OBJECT_ORDER)
		w->no_values += record_get(record, FIELD_AMOUNT)->as.money.minor <=
				record_get(record, FIELD_COST)->as.money.minor +
					record_get(record, FIELD_FREIGHT)->as.money.minor;
	return 0;
}

static int count_one(void *context, const struct record *record, struct err *err)
{
	uint64_t *of = context;

	(void)err;
	of[record->object]++;
	return 0;
}

static void check_without_activities(void)
{
	struct sim_story story = small(3, "none");
	uint64_t all[OBJECT__COUNT] = { 0 }, without[OBJECT__COUNT] = { 0 };
	struct sim_truth truth;
	struct err err = ERR_INIT;

	is_int(sim_run(&story, count_one, all, &truth, &err), 0, "the company runs");
	story.activities = false;
	is_int(sim_run(&story, count_one, without, &truth, &err), 0, "it runs and tells no activities");
	ok(all[OBJECT_ACTIVITY] && !without[OBJECT_ACTIVITY], "then there are none");
	all[OBJECT_ACTIVITY] = 0;
	ok(!memcmp(all, without, sizeof(all)), "and of everything else as many");
}

static void check_records(void)
{
	struct sim_story story = small(3, "all");
	struct watch w = { .last_lead_ms = INT64_MIN };
	struct sim_truth truth;
	struct err err = ERR_INIT;

	table_init(&w.leads);
	table_init(&w.deals);
	table_init(&w.keys);
	sim_story_complete(&story);
	is_int(zone_load(&w.zone, story.zone, &err), 0, "the story's zone");
	w.first_ms = zone_day_start_ms(w.zone, story.first_day);
	w.end_ms = zone_day_start_ms(w.zone, story.last_day + 1);
	is_int(sim_run(&story, watch_record, &w, &truth, &err), 0, "the company runs");
	is_int(w.leads.count, 600, "as many leads as asked for");
	ok(w.of[OBJECT_TOUCH] > 600 && w.of[OBJECT_ACTIVITY] > 600 && w.of[OBJECT_SPEND] > 50 &&
		   w.of[OBJECT_ORDER] > 2 && w.of[OBJECT_STAGE] == STAGES &&
		   w.of[OBJECT_STAGE_CHANGE] > w.of[OBJECT_OPPORTUNITY] / 2,
	   "and everything beside them");
	is_int(w.unordered, 0, "leads come in order of time");
	is_int(w.outside, 0, "nothing lies outside the story or after it was said");
	is_int(w.off_hours, 0, "people work in working hours");
	is_int(w.dangling, 0, "every reference was told before");
	is_int(w.backwards, 0, "no lifecycle runs backwards");
	is_int(w.repeated, 0, "no key is given twice");
	is_int(w.unknown, 0, "every field belongs to its object");
	is_int(w.no_values, 0, "every order leaves a margin");
	ok(*truth.slow_rep && *truth.junk_campaign && *truth.leaking_stage && truth.over_qualification,
	   "all faults are planted");
	zone_free(w.zone);
	table_release(&w.leads);
	table_release(&w.deals);
	table_release(&w.keys);
}

/* ---- stopping, planting ---- */

static int stop(void *context, const struct record *record, struct err *err)
{
	(void)record;
	return ++*(int *)context == 100 ? err_set(err, ERR_LIMIT, "enough") : 0;
}

static void check_stop(void)
{
	struct sim_story story = small(3, "none");
	struct err err = ERR_INIT;
	int count = 0;

	is_int(sim_run(&story, stop, &count, NULL, &err), ERR_LIMIT, "what takes the records can stop the run");
	is_int(count, 100, "at once");
}

static void check_planting(void)
{
	int planted[SIM_FAULT__COUNT] = { 0 };
	struct sim_story story;
	struct str word;

	sim_story_default(&story);
	for (story.seed = 0; story.seed < 400; story.seed++) {
		sim_story_plant(&story, STR("random"), &word);
		for (int i = 0; i < SIM_FAULT__COUNT; i++)
			planted[i] += story.plant[i];
	}
	for (int i = 0; i < SIM_UNDER_QUALIFICATION; i++)
		ok(planted[i] > 160 && planted[i] < 240, "random plants %s in about half: %d of 400",
		   sim_fault_name((enum sim_fault)i), planted[i]);
	ok(planted[SIM_UNDER_QUALIFICATION] > 60 && planted[SIM_UNDER_QUALIFICATION] < 140,
	   "and too low a bar in about half of those without too high a one: %d of 400",
	   planted[SIM_UNDER_QUALIFICATION]);
	ok(!sim_story_plant(&story, STR("slow_rep, slow_rap"), &word), "an unknown fault is refused");
	is_bytes(word, "slow_rap", "and named");
}

/* ---- streaming ---- */

static void check_alone(void)
{
	static struct life in_order[40], alone;
	struct sim_story story = small(9, "all");
	struct company company;
	struct err err = ERR_INIT;
	struct arena arena;
	int differ = 0;

	arena_init(&arena);
	is_int(company_init(&company, &story, &arena, &err), 0, "a company without its leads");
	for (int i = 0; i < 40; i++)
		life_make(&company, (uint64_t)i * 15, &in_order[i]);
	for (int i = 39; i >= 0; i--) {
		life_make(&company, (uint64_t)i * 15, &alone);
		differ += alone.created_ms != in_order[i].created_ms || alone.source != in_order[i].source ||
			  alone.touch_count != in_order[i].touch_count || alone.score != in_order[i].score ||
			  alone.activity_count != in_order[i].activity_count ||
			  alone.opportunity_ms != in_order[i].opportunity_ms ||
			  alone.visit_count != in_order[i].visit_count;
	}
	is_int(differ, 0, "any lead can be made alone");
	arena_release(&arena);
}

#if !defined(__SANITIZE_ADDRESS__)
static int drop(void *context, const struct record *record, struct err *err)
{
	(void)record;
	(void)err;
	++*(uint64_t *)context;
	return 0;
}

static long peak_after(uint64_t leads)
{
	struct sim_story story = small(4, "none");
	struct err err = ERR_INIT;
	struct rusage usage;
	uint64_t records = 0;

	story.leads = leads;
	story.reps = 12;
	story.campaigns = 40;
	is_int(sim_run(&story, drop, &records, NULL, &err), 0, "%llu leads run", (unsigned long long)leads);
	ok(records > leads * 8, "and make %llu records", (unsigned long long)records);
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}
#endif

static void check_memory(void)
{
#if defined(__SANITIZE_ADDRESS__)
	skip("the sanitizer keeps what is freed");
#else
	long few = peak_after(1000), many = peak_after(20000);

	ok(many - few <= 1024, "memory does not grow with the number of leads: %ld KiB for 20 times as many",
	   many - few);
#endif
}

int main(void)
{
	check_random();
	check_digest(1, "none", 0xda7dc8989e96c6fc);
	check_digest(2, "all", 0xae928b305e14b269);
	check_digest(UINT64_MAX, "slow_rep,leaking_stage", 0xfef0b29b6bc0acd2);
	check_records();
	check_without_activities();
	check_stop();
	check_planting();
	check_alone();
	check_memory();
	return done();
}
