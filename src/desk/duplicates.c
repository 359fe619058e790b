#include "desk/duplicates.h"

/* ---- suggesting ---- */

/* Of what the index knows, what the facts have, and that is not void. */
static bool read_file(struct lead_desk *desk, struct str source, struct str key, struct lead_file *out)
{
	uint32_t row;

	if (!cells_find(desk->facts, FACT_LEADS, source, key, &row, 1))
		return false;
	lead_file_read(desk->files, row, out, desk->arena);
	return !out->is_void;
}

static int need_matches(struct lead_desk *desk, struct err *err)
{
	if (!desk->matches)
		BUG("nobody is looked for at this desk");
	return matches_catch_up(desk->matches, err);
}

int duplicates_of(struct lead_desk *desk, const struct lead_file *file, struct duplicate **out, size_t *count,
		  struct err *err)
{
	enum { MOST = 20 };
	struct match found[MOST];
	size_t n;

	*count = 0;
	*out = ARENA_ARRAY(desk->arena, struct duplicate, MOST);
	if (need_matches(desk, err))
		return err->kind;
	n = matches_of(desk->matches, file->source, file->key, found, MOST);
	for (size_t i = 0; i < n; i++) {
		struct duplicate *one = &(*out)[*count];

		if (!read_file(desk, found[i].source, found[i].key, &one->file))
			continue;
		one->reasons = found[i].reasons;
		one->score = found[i].score;
		++*count;
	}
	return 0;
}

int duplicates_all(struct lead_desk *desk, size_t among, size_t most, struct duplicate_pair **out, size_t *count,
		   struct err *err)
{
	struct match_pair *pairs;
	size_t n;

	*count = 0;
	*out = ARENA_ARRAY(desk->arena, struct duplicate_pair, most + 1);
	if (need_matches(desk, err))
		return err->kind;
	n = matches_pairs(desk->matches, among ? among : SIZE_MAX, &pairs, desk->arena);
	for (size_t i = 0; i < n && *count < most; i++) {
		struct duplicate_pair *one = &(*out)[*count];

		if (!read_file(desk, pairs[i].source, pairs[i].key, &one->file) ||
		    !read_file(desk, pairs[i].other.source, pairs[i].other.key, &one->other.file))
			continue;
		one->other.reasons = pairs[i].other.reasons;
		one->other.score = pairs[i].other.score;
		++*count;
	}
	return 0;
}

/* ---- merging ---- */

static size_t count_of(const struct lead_desk *desk, enum fact fact, uint32_t lead)
{
	const struct column *refs = cells_of(desk->facts, fact, "lead");
	uint32_t rows = facts_rows(desk->facts, fact);
	size_t count = 0;

	for (uint32_t row = 0; row < rows; row++)
		count += cell_ref(refs, row) == lead;
	return count;
}

static int64_t points_of(const struct judged_lead *judged, bool *known)
{
	const struct judged_episode *last = &judged->episodes[judged->count - 1];

	*known |= last->version != NULL;
	return last->version ? last->points : 0;
}

static size_t open_promises(const struct judged_lead *judged)
{
	size_t count = 0;

	for (size_t i = 0; i < judged->count; i++)
		for (size_t k = 0; k < judged->episodes[i].promise_count; k++) {
			enum promise_state state = judged->episodes[i].promises[k].judged.state;

			count += state == PROMISE_RUNNING || state == PROMISE_AT_RISK || state == PROMISE_WAITING;
		}
	return count;
}

static bool may_merge(const struct lead_file *file, const struct lead_file *into, struct problems *problems)
{
	if (file->row == into->row)
		problem_add(problems, STR("--of"), 0, 0, STR_NONE, "a lead is no duplicate of itself");
	else if (into->is_void)
		problem_add(problems, STR("--of"), 0, 0, STR_NONE,
			    "%.*s is a test or a duplicate itself: say which lead stays", STR_ARG(into->key));
	else if (file->is_void)
		problem_add(problems, file->key, 0, 0, STR_NONE,
			    "it is a test or a duplicate already; lockstep lead undo takes that back");
	else
		return true;
	return false;
}

int merge_look(struct lead_desk *desk, const struct lead_file *file, const struct lead_file *into,
	       struct merge_preview *out, struct problems *problems)
{
	struct judged_lead goes, stays;

	if (!may_merge(file, into, problems))
		return 1;
	judge_lead(desk->judge, file->row, desk->now_ms, &goes, desk->arena);
	judge_lead(desk->judge, into->row, desk->now_ms, &stays, desk->arena);
	*out = (struct merge_preview){ .touches = count_of(desk, FACT_TOUCHES, file->row),
				       .contacts = count_of(desk, FACT_ACTIVITIES, file->row),
				       .opportunities = count_of(desk, FACT_OPPORTUNITIES, file->row),
				       .orders = count_of(desk, FACT_ORDERS, file->row),
				       .promises = open_promises(&goes) };
	out->points = points_of(&goes, &out->judged);
	out->into_points = points_of(&stays, &out->judged);
	return 0;
}

int merge_tell(struct lead_desk *desk, const struct lead_file *file, const struct lead_file *into,
	       const struct lead_word *word, struct lead_told *told, struct problems *problems, struct err *err)
{
	struct lead_word merged = *word;

	if (!may_merge(file, into, problems))
		return 1;
	merged.of = str_of(arena_printf(desk->arena, "%.*s:%.*s", STR_ARG(into->source), STR_ARG(into->key)));
	return lead_desk_tell(desk, file, VERB_DUPLICATE, &merged, told, problems, err);
}
