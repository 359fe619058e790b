#include "desk/lead_desk.h"

#include <math.h>

#include "desk/news.h"
#include "desk/record_fields.h"

enum { SAME_ID_SHOWN = 8 };

static int open_with(struct lead_desk *desk, struct book *book, struct facts *facts,
		     const struct agreements *agreements, bool shared, int64_t now_ms, const char *actor,
		     struct arena *arena, struct err *err)
{
	struct judge_options options = { .now_ms = now_ms, .limits_stand = shared };

	*desk = (struct lead_desk){ .book = book,
				    .facts = facts,
				    .arena = arena,
				    .now_ms = now_ms,
				    .actor = actor,
				    .zone = facts_zone(facts),
				    .agreements = *agreements,
				    .shared = shared };
	desk->terms = judge_terms_of(&desk->agreements, arena);
	if (judge_open(&desk->judge, facts, &desk->terms, &options, err))
		return err->kind;
	desk->files = judge_files(desk->judge);
	return 0;
}

int lead_desk_open(struct lead_desk *desk, struct book *book, struct facts *facts, int64_t now_ms, const char *actor,
		   struct arena *arena, struct err *err)
{
	struct agreements agreements;

	if (agreements_load(&agreements, book, arena, err))
		return err->kind;
	if (open_with(desk, book, facts, &agreements, false, now_ms, actor, arena, err)) {
		agreements_release(&agreements);
		return err->kind;
	}
	return 0;
}

int lead_desk_open_shared(struct lead_desk *desk, struct book *book, struct facts *facts,
			  const struct agreements *agreements, int64_t now_ms, const char *actor, struct arena *arena,
			  struct err *err)
{
	return open_with(desk, book, facts, agreements, true, now_ms, actor, arena, err);
}

void lead_desk_close(struct lead_desk *desk)
{
	judge_close(desk->judge);
	if (!desk->shared)
		agreements_release(&desk->agreements);
}

/* ---- finding ---- */

static void say_several(struct lead_desk *desk, struct str key, const uint32_t *rows, size_t count,
			struct problems *problems)
{
	struct buf list;

	buf_init(&list, 4096);
	for (size_t i = 0; i < count && i < SAME_ID_SHOWN; i++)
		buf_addf(&list, "%s%.*s:%.*s", i ? ", " : "", STR_ARG(cells_source(desk->facts, FACT_LEADS, rows[i])),
			 STR_ARG(key));
	problem_add(problems, key, 0, 0, STR_NONE, "%zu leads have this id; say which: %.*s", count,
		    STR_ARG(buf_str(&list)));
	buf_release(&list);
}

bool lead_desk_find(struct lead_desk *desk, struct str key, struct lead_file *out, struct problems *problems)
{
	uint32_t rows[SAME_ID_SHOWN];
	size_t count = cells_find(desk->facts, FACT_LEADS, STR_NONE, key, rows, SAME_ID_SHOWN);
	struct str rest = key, source = str_cut(&rest, ':');

	if (!count && rest.len)
		count = cells_find(desk->facts, FACT_LEADS, source, rest, rows, SAME_ID_SHOWN);
	if (!count) {
		problem_add(problems, key, 0, 0, STR_NONE,
			    "there is no lead with this id; lockstep rows --of leads lists them");
		return false;
	}
	if (count > 1) {
		say_several(desk, key, rows, count, problems);
		return false;
	}
	lead_file_read(desk->files, rows[0], out, desk->arena);
	return true;
}

const struct judge_version *lead_desk_version(const struct judged_lead *judged)
{
	return judged->episodes[judged->count - 1].version;
}

struct str lead_desk_zones(const struct lead_desk *desk, const struct judge_version *version)
{
	if (!version || zones_agree(desk->zone, version->zone, zone_date(desk->zone, desk->now_ms)))
		return STR_NONE;
	return str_of(arena_printf(desk->arena, "Times are those of %s; version %d keeps its hours by %.*s.",
				   facts_settings(desk->facts)->zone, version->number,
				   STR_ARG(version->agreement->zone)));
}

/* ---- writing ---- */

/* Of one lead, one kind and one second: told twice it is the same record. The kind's number stands in books: never change one. */
static struct str step_key(struct lead_desk *desk, const struct lead_file *file, const struct step_record *step)
{
	int64_t second = step->at_ms / 1000;

	return str_of(arena_printf(desk->arena, "%.*s#%lld.%02d.%s%s%.*s", STR_ARG(file->key), (long long)second,
				   (int)step->step, lead_step_name(step->step), step->question.len ? "." : "",
				   STR_ARG(step->question)));
}

bool lead_desk_wrote(struct lead_desk *desk, const struct lead_file *file, const struct told_step *step)
{
	struct step_record same = { .step = step->step, .at_ms = step->at_ms, .question = step->question };

	return str_eq(cells_key(desk->facts, FACT_LEAD_STEPS, step->row, desk->arena), step_key(desk, file, &same)) &&
	       str_eq(cells_source(desk->facts, FACT_LEAD_STEPS, step->row), file->source);
}

int lead_desk_expect(struct lead_desk *desk, const struct lead_file *file, struct err *err)
{
	return book_expect(desk->book, cells_subject(desk->facts, FACT_LEADS, file->row), err);
}

int lead_desk_offer(struct lead_desk *desk, enum object object, struct str source, struct str key,
		    const struct record_fields *fields, bool *news, struct err *err)
{
	struct append_context context = { .now_ms = desk->now_ms, .actor = desk->actor };
	struct record record = { .object = object,
				 .source = source,
				 .key = key,
				 .observed_ms = desk->now_ms,
				 .fields = (struct record_field *)fields->items,
				 .count = fields->count };
	enum append_result result;

	if (book_append(desk->book, &record, &context, &result, err))
		return err->kind;
	*news = result != APPEND_UNCHANGED;
	return 0;
}

int lead_desk_write(struct lead_desk *desk, const struct lead_file *file, const struct step_record *step, bool *news,
		    struct err *err)
{
	struct record_fields fields = { .count = 0 };

	fields_ref(&fields, FIELD_LEAD, file->key);
	fields_text(&fields, FIELD_KIND, str_of(lead_step_name(step->step)));
	fields_time(&fields, FIELD_AT, step->at_ms);
	fields_text(&fields, FIELD_BY, step->by);
	fields_text(&fields, FIELD_OWNER, step->owner);
	fields_text(&fields, FIELD_REASON, step->reason);
	fields_text(&fields, FIELD_OUTCOME, step->outcome);
	fields_text(&fields, FIELD_QUESTION, step->question);
	fields_text(&fields, FIELD_NOTES, step->notes);
	fields_number(&fields, FIELD_EPISODE, step->episode, 0);
	if (!isnan(step->score))
		fields_number(&fields, FIELD_SCORE, llround(step->score * 100), 2);
	if (step->version)
		fields_text(&fields, FIELD_AGREEMENT, str_of(arena_printf(desk->arena, "%d", step->version)));
	if (step->notes.len && lead_desk_expect(desk, file, err))
		return err->kind;
	if (lead_desk_offer(desk, OBJECT_LEAD_STEP, file->source, step_key(desk, file, step), &fields, news, err))
		return err->kind;
	return *news ? news_of_step(desk, file, step, err) : 0;
}
