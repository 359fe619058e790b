/* What people tell of a lead: is it in order, and then it is written. */
#include <math.h>

#include "desk/lead_desk.h"

enum reason_need { REASON_FREE, REASON_LISTED };

/* Each verb: its step, what else is written with it, which reasons are accepted, and when it may be told. */
static const struct verb {
	const char *to;               /* "to reject" */
	enum lead_step step, besides; /* besides: LEAD_STEP__COUNT for none */
	enum reason_need need;
	const char *only;
} verbs[VERB__COUNT] = {
	[VERB_ACCEPT] = { "to accept", LEAD_STEP_ACCEPTED, LEAD_STEP__COUNT, REASON_FREE,
			  "only a lead that is open and was not accepted before can be accepted" },
	[VERB_REJECT] = { "to reject", LEAD_STEP_REJECTED, LEAD_STEP_RECYCLED, REASON_LISTED,
			  "only a lead that sales has can be rejected" },
	[VERB_WORKING] = { "to work", LEAD_STEP_WORKING, LEAD_STEP__COUNT, REASON_FREE,
			   "only a lead that sales has can be worked" },
	[VERB_DISQUALIFY] = { "to disqualify", LEAD_STEP_DISQUALIFIED, LEAD_STEP__COUNT, REASON_LISTED,
			      "only an open lead can be disqualified" },
	[VERB_REOPEN] = { "to reopen", LEAD_STEP_REOPENED, LEAD_STEP__COUNT, REASON_FREE,
			  "only a lead that was disqualified, lost or discontinued can be reopened" },
	[VERB_WAIT] = { "to wait", LEAD_STEP_WAITING, LEAD_STEP__COUNT, REASON_LISTED,
			"only an open lead that does not wait already can wait" },
	[VERB_RESUME] = { "to resume", LEAD_STEP_RESUMED, LEAD_STEP__COUNT, REASON_FREE,
			  "only a lead that waits can be taken up again" },
	[VERB_ASSIGN] = { "to assign", LEAD_STEP_ASSIGNED, LEAD_STEP__COUNT, REASON_FREE,
			  "only an open lead can be given to somebody" },
	[VERB_OPTED_OUT] = { "to opt out", LEAD_STEP_OPTED_OUT, LEAD_STEP__COUNT, REASON_FREE,
			     "only the person of an open lead can opt out" },
	[VERB_DUPLICATE] = { "to call a duplicate", LEAD_STEP_DUPLICATE, LEAD_STEP__COUNT, REASON_FREE,
			     "only an open lead can be called a duplicate" },
	[VERB_TEST] = { "to call a test", LEAD_STEP_TEST, LEAD_STEP__COUNT, REASON_FREE,
			"only an open lead can be called a test" },
};

/* ---- is it in order? ---- */

bool lead_desk_agreed(struct str reason, const struct names *agreed, const char *what, struct problems *problems)
{
	const char **words = ARENA_ARRAY(problems->arena, const char *, agreed->count + 1), *near;
	struct buf list;

	buf_init(&list, 1 << 16);
	for (size_t i = 0; i < agreed->count; i++) {
		if (str_eq(agreed->items[i], reason)) {
			buf_release(&list);
			return true;
		}
		words[i] = arena_cstr(problems->arena, agreed->items[i]);
		buf_addf(&list, "%s%s", i ? ", " : "", words[i]);
	}
	near = reason.len ? str_nearest(reason, words, agreed->count) : NULL;
	if (!agreed->count)
		problem_add(problems, STR("--reason"), 0, 0, STR_NONE,
			    "the agreement has no reason %s; one that has is to be proposed", what);
	else if (!reason.len)
		problem_add(problems, STR("--reason"), 0, 0, STR_NONE, "%s needs a reason of the agreement: %.*s", what,
			    STR_ARG(buf_str(&list)));
	else
		problem_add(problems, STR("--reason"), 0, 0, STR_NONE,
			    "\"%.*s\" is no agreed reason %s%s%s%s The agreement has: %.*s", STR_ARG(reason), what,
			    near ? "; did you mean \"" : ".", near ? near : "", near ? "\"?" : "",
			    STR_ARG(buf_str(&list)));
	buf_release(&list);
	return false;
}

static const struct names *reasons_of(enum lead_verb verb, const struct agreement *agreement)
{
	switch (verb) {
	case VERB_REJECT: return &agreement->reject;
	case VERB_DISQUALIFY: return &agreement->disqualify;
	default: return &agreement->waiting_states;
	}
}

struct str lead_desk_when(const struct lead_desk *desk, int64_t at_ms)
{
	char text[40];

	zone_format(desk->zone, at_ms, text);
	text[10] = ' ';
	text[16] = '\0';
	return str_of(arena_dup(desk->arena, text));
}

bool lead_desk_time_fits(const struct lead_desk *desk, const struct lead_file *file, int64_t at_ms,
			 struct problems *problems)
{
	int64_t created_ms = cell_time_ms(cells_of(desk->facts, FACT_LEADS, "created"), file->row);

	if (at_ms > desk->now_ms) {
		problem_add(problems, STR("--at"), 0, 0, STR_NONE, "%.*s has not come yet",
			    STR_ARG(lead_desk_when(desk, at_ms)));
		return false;
	}
	if (created_ms != CELL_NEVER && at_ms < created_ms) {
		problem_add(problems, STR("--at"), 0, 0, STR_NONE, "%.*s is before the lead came in, %.*s",
			    STR_ARG(lead_desk_when(desk, at_ms)), STR_ARG(lead_desk_when(desk, created_ms)));
		return false;
	}
	return true;
}

/* Such a step may have been told after those it is put before. */
static const char *one_second(const struct lead_file *file, enum lead_step step, int64_t at_ms)
{
	for (size_t i = 0; i < file->step_count; i++)
		if (file->steps[i].at_ms == at_ms && file->steps[i].step != step)
			return "; steps of one second follow in the order of a life: if it came after, say --at a second later";
	return "";
}

bool lead_desk_follows(struct lead_desk *desk, const struct lead_file *file, enum lead_step step, int64_t at_ms,
		       const char *only, struct lifecycle *life, struct problems *problems)
{
	const char *hint = one_second(file, step, at_ms);
	const struct told_step *against;

	*life = file->life;
	if (lead_file_fits(desk->files, file, step, at_ms, life, &against, desk->arena))
		return true;
	if (against)
		problem_add(problems, file->key, 0, 0, STR_NONE, "it was %s at %.*s, which could not follow then%s",
			    lead_step_said(against->step), STR_ARG(lead_desk_when(desk, against->at_ms)), hint);
	else
		problem_add(problems, file->key, 0, 0, STR_NONE, "it is %s%s: %s%s", life_name(life->life),
			    life->on_hold ? " and waits" : "", only, hint);
	return false;
}

static bool in_order(struct lead_desk *desk, const struct lead_file *file, enum lead_verb verb,
		     const struct lead_word *word, const struct judge_version *version, struct lifecycle *life,
		     struct problems *problems)
{
	const struct verb *v = &verbs[verb];
	const struct agreement *agreement = version ? version->agreement : NULL;

	if (!lead_desk_time_fits(desk, file, word->at_ms, problems) ||
	    !lead_desk_follows(desk, file, v->step, word->at_ms, v->only, life, problems))
		return false;
	if (v->need == REASON_LISTED && agreement &&
	    !lead_desk_agreed(word->reason, reasons_of(verb, agreement), v->to, problems))
		return false;
	if (verb != VERB_ASSIGN)
		return true;
	if (!word->owner.len) {
		problem_add(problems, STR("--to"), 0, 0, STR_NONE, "whom is it given to?");
		return false;
	}
	return lead_desk_colleague(desk, agreement, word->owner, problems);
}

/* ---- writing ---- */

int lead_desk_begin(struct lead_desk *desk, struct err *err)
{
	if (desk->begun)
		return 0;
	if (book_begin(desk->book, err))
		return err->kind;
	desk->begun = desk->joined;
	return 0;
}

int lead_desk_commit(struct lead_desk *desk, int failed, struct err *err)
{
	if (desk->joined)
		return failed;
	if (!failed)
		failed = book_commit(desk->book, err);
	else
		book_rollback(desk->book);
	return failed;
}

static int add_step(struct lead_desk *desk, const struct lead_file *file, const struct step_record *step,
		    struct lead_told *told, struct err *err)
{
	bool news;
	int failed = lead_desk_write(desk, file, step, &news, err);

	if (!failed && news)
		told->steps[told->count++] = step->step;
	return failed;
}

static struct step_record record_of(enum lead_step step, const struct lead_word *word,
				    const struct judge_version *version, unsigned episode)
{
	return (struct step_record){ .step = step,
				     .at_ms = word->at_ms,
				     .episode = episode,
				     .version = version ? version->number : 0,
				     .by = word->by,
				     .owner = word->owner,
				     .reason = word->reason,
				     .notes = word->notes,
				     .outcome = step == LEAD_STEP_DUPLICATE ? word->of : STR_NONE,
				     .score = NAN };
}

int lead_desk_tell(struct lead_desk *desk, const struct lead_file *file, enum lead_verb verb,
		   const struct lead_word *word, struct lead_told *told, struct problems *problems, struct err *err)
{
	const struct verb *v = &verbs[verb];
	const struct judge_version *version;
	struct judged_lead judged;
	struct step_record step;
	bool next; /* the step begins an episode: it belongs to the one it ends */
	int failed;

	*told = (struct lead_told){ .count = 0 };
	judge_lead(desk->judge, file->row, desk->now_ms, &judged, desk->arena);
	version = lead_desk_version(&judged);
	if (!in_order(desk, file, verb, word, version, &told->life, problems))
		return 1;
	next = verb == VERB_REJECT || verb == VERB_REOPEN;
	step = record_of(v->step, word, version, told->life.episode - next);
	failed = lead_desk_begin(desk, err);
	if (failed)
		return failed;
	failed = add_step(desk, file, &step, told, err);
	if (!failed && v->besides != LEAD_STEP__COUNT) {
		step = record_of(v->besides, word, version, told->life.episode);
		failed = add_step(desk, file, &step, told, err);
	}
	told->known = !told->count;
	return lead_desk_commit(desk, failed, err);
}

/* ---- answers ---- */

static int write_answers(struct lead_desk *desk, const struct lead_file *file, const struct lead_answer *answers,
			 size_t count, const struct lead_word *word, const struct judge_version *version,
			 struct lead_told *told, struct err *err)
{
	struct step_record step = record_of(LEAD_STEP_ANSWERED, word, version, told->life.episode);
	bool news, any = false;

	for (size_t i = 0; i < count; i++) {
		step.question = str_of(bant_name(answers[i].question));
		step.outcome = answers[i].yes ? STR("yes") : STR("no");
		if (lead_desk_write(desk, file, &step, &news, err))
			return err->kind;
		any |= news;
	}
	if (any)
		told->steps[told->count++] = LEAD_STEP_ANSWERED;
	return 0;
}

/* Do the answers take it over its bar? The agreement is asked with them added to what it knew. */
static bool crosses(struct lead_desk *desk, const struct judged_episode *episode, const struct lead_answer *answers,
		    size_t count, int64_t at_ms, struct gate *gate)
{
	struct lead_view view = episode->view;
	struct bant_answer *all = ARENA_ARRAY(desk->arena, struct bant_answer, view.answer_count + count);

	if (view.answer_count)
		memcpy(all, view.answers, view.answer_count * sizeof(*all));
	for (size_t i = 0; i < count; i++)
		all[view.answer_count++] =
			(struct bant_answer){ at_ms, answers[i].question, answers[i].yes ? ANSWER_YES : ANSWER_NO };
	view.answers = all;
	*gate = gate_at(episode->version->agreement, &view, at_ms);
	return gate->outcome == GATE_PASSES;
}

static int qualify(struct lead_desk *desk, const struct lead_file *file, const struct judged_episode *episode,
		   const struct lead_word *word, const struct gate *gate, struct lead_told *told, struct err *err)
{
	struct step_record step = record_of(LEAD_STEP_QUALIFIED, word, episode->version, told->life.episode);

	if (!lead_step_follow(&told->life, LEAD_STEP_QUALIFIED))
		return 0;
	step.score = (double)gate->points / 100;
	step.reason = episode->version->agreement->types[gate->type].name;
	return add_step(desk, file, &step, told, err);
}

int lead_desk_answer(struct lead_desk *desk, const struct lead_file *file, const struct lead_answer *answers,
		     size_t count, const struct lead_word *word, struct lead_told *told, struct problems *problems,
		     struct err *err)
{
	const struct judged_episode *episode;
	struct judged_lead judged;
	struct gate gate;
	int failed;

	*told = (struct lead_told){ .count = 0 };
	if (!lead_desk_time_fits(desk, file, word->at_ms, problems) ||
	    !lead_desk_follows(desk, file, LEAD_STEP_ANSWERED, word->at_ms, "only an open lead is asked", &told->life,
			       problems))
		return 1;
	judge_lead(desk->judge, file->row, desk->now_ms, &judged, desk->arena);
	episode = &judged.episodes[judged.count - 1];
	failed = lead_desk_begin(desk, err);
	if (failed)
		return failed;
	failed = write_answers(desk, file, answers, count, word, episode->version, told, err);
	if (!failed && episode->version && crosses(desk, episode, answers, count, word->at_ms, &gate))
		failed = qualify(desk, file, episode, word, &gate, told, err);
	told->known = !told->count;
	return lead_desk_commit(desk, failed, err);
}
