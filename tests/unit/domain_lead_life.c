#include "domain/lead_life.h"

#include <math.h>
#include <stdlib.h>

#include "domain/told_word.h"
#include "tap.h"

/* The fold of a life: cases on paper, each told in all kinds of order; then random lives and what must hold of each. */

static struct arena arena;

#define DAY_MS INT64_C(86400000)
#define NOW_MS (100 * DAY_MS)

/* "qualified 3, handed_off/2 5, ?lost": steps by day, /2 told of the second episode; with + the milestone of a source or a deal, with ? one at an
 * unknown time. */
static size_t tell(const char *text, struct told_step *told)
{
	struct str rest = str_of(text);
	size_t count = 0;

	while (rest.len) {
		struct str name = str_trim(str_cut(&rest, ',')), day = name, said = str_cut(&day, ' ');
		struct str word = str_cut(&said, '/');
		char first = word.at[0];
		int64_t at_ms = day.len ? strtoll(day.at, NULL, 10) * DAY_MS : EVENT_UNKNOWN;
		enum lead_event event;
		enum lead_step step;

		if (first == '+' || first == '?')
			word = (struct str){ word.at + 1, word.len - 1 };
		if ((first == '+' || first == '?') && lead_event_by_name(word, &event))
			told[count++] = told_milestone(event, at_ms);
		else if (lead_step_by_name(word, &step))
			told[count++] = told_step_of(step, at_ms);
		else
			BUG("%.*s is no step", STR_ARG(word));
		told[count - 1].milestone = first == '+' || first == '?';
		told[count - 1].said = said.len ? (unsigned)strtoul(said.at, NULL, 10) : 0;
	}
	return count;
}

static void shuffle(struct told_step *told, size_t count)
{
	for (size_t i = count; i > 1; i--) {
		size_t other = (size_t)random() % i;
		struct told_step item = told[i - 1];

		told[i - 1] = told[other];
		told[other] = item;
	}
}

static const char *day_of(int64_t at_ms)
{
	if (at_ms == EVENT_NEVER)
		return "-";
	return at_ms == EVENT_UNKNOWN ? "?" : arena_printf(&arena, "%lld", (long long)(at_ms / DAY_MS));
}

/* "accepted, 2 episodes: 1 [1..5] handed_off 3, rejected 5; 2 [5..-] accepted 7" and the waits. */
static const char *written(const struct lead_life *life)
{
	const char *text = arena_printf(&arena, "%s%s%s", life_name(life->now.life), life->now.on_hold ? ", waits" : "",
					life->is_void ? ", void" : "");

	for (size_t e = 0; e < life->episode_count; e++) {
		const struct life_episode *episode = &life->episodes[e];

		text = arena_printf(&arena, "%s | %s..%s", text, day_of(episode->begin_ms), day_of(episode->end_ms));
		for (int event = EVENT_PREQUALIFIED; event < EVENT__COUNT; event++)
			if (episode->events[event] != EVENT_NEVER)
				text = arena_printf(&arena, "%s %s %s", text, lead_event_name((enum lead_event)event),
						    day_of(episode->events[event]));
		for (size_t i = 0; i < episode->wait_count; i++)
			text = arena_printf(&arena, "%s waits %s..%s", text,
					    day_of(life->waits[episode->first_wait + i].from_ms),
					    day_of(life->waits[episode->first_wait + i].to_ms));
	}
	return text;
}

static void is_life(const char *text, const char *wanted, const char *name)
{
	struct told_step told[32];
	size_t count = tell(text, told);
	struct lead_life life;
	const char *got = "";

	for (int i = 0; i < 20; i++) {
		shuffle(told, count);
		lead_life_fold(&life, told, count, DAY_MS, EVENT_NEVER, NOW_MS, &arena);
		got = written(&life);
		if (strcmp(got, wanted) != 0)
			break;
	}
	is_str(got, wanted, "%s", name);
}

static void test_paper(void)
{
	is_life("", "new | 1..-", "nothing happened");
	is_life("qualified 2, handed_off 3, accepted 4, +opportunity 5, +won 9",
		"won | 1..- qualified 2 handed_off 3 accepted 4 opportunity 5 won 9", "one way to the end");
	is_life("qualified 2, handed_off 3, rejected 5, recycled 5, handed_off 7",
		"handed over | 1..5 qualified 2 handed_off 3 rejected 5 | 5..- handed_off 7", "a second way");
	is_life("handed_off 3, rejected 5, handed_off 7, rejected 8, handed_off 9, accepted 9",
		"accepted | 1..5 handed_off 3 rejected 5 | 5..8 handed_off 7 rejected 8 | 8..- handed_off 9 accepted 9",
		"a third");
	is_life("+qualified 2, +rejected 5", "nurturing | 1..5 qualified 2 rejected 5 | 5..-",
		"a rejection that skips the hand-over ends an episode");
	is_life("rejected 5", "nurturing | 1..5 rejected 5 | 5..-", "and of a new lead too");
	is_life("+rejected 5, rejected 6, recycled 6", "nurturing | 1..5 rejected 5 | 5..-",
		"what is told of it once more ends nothing");
	is_life("handed_off 3, recycled 5, rejected 6", "nurturing | 1..5 handed_off 3 rejected 6 | 5..-",
		"recycled before it was rejected: the rejection belongs to the way that ended");
	is_life("qualified 2, recycled 5, qualified 8", "qualified | 1..5 qualified 2 | 5..- qualified 8",
		"only recycled");
	is_life("handed_off 3, handed_off 6", "handed over | 1..6 handed_off 3 | 6..- handed_off 6",
		"handed over once more: another episode, not an overwrite");
	is_life("handed_off 3, +handed_off 3, handed_off 3", "handed over | 1..- handed_off 3",
		"told three times it is one hand-over");
	is_life("accepted 3, handed_off 4", "accepted | 1..- handed_off 4 accepted 3", "a lead that sales found");
	is_life("disqualified 3, qualified 4, reopened 6, qualified 7",
		"qualified | 1..6 qualified 4 disqualified 3 | 6..- qualified 7", "reopened");
	is_life("reopened 6", "new | 1..-", "nothing to reopen");
	is_life("disqualified 3, reopened 6, rejected 8", "nurturing | 1..6 disqualified 3 | 6..8 rejected 8 | 8..-",
		"rejected after it was reopened");
	is_life("handed_off 3, +lost 5, rejected 5", "lost | 1..- handed_off 3 rejected 5 lost 5",
		"what is over is not rejected any more");
	is_life("handed_off 3, duplicate 4", "handed over, void | 1..- handed_off 3", "a duplicate");
}

static void test_one_time(void)
{
	is_life("handed_off 3, handed_off 5, rejected 5",
		"handed over | 1..5 handed_off 3 rejected 5 | 5..- handed_off 5",
		"rejected and handed over again at one time");
	is_life("handed_off 3, qualified 5, handed_off 5, recycled 5, rejected 5, +rejected 5",
		"handed over | 1..5 handed_off 3 rejected 5 | 5..- qualified 5 handed_off 5",
		"what may not come before the rejection comes after it");
	is_life("handed_off 3, recycled 5, qualified 5", "qualified | 1..5 handed_off 3 | 5..- qualified 5",
		"and after a return to nurture without one");
	is_life("handed_off 3, accepted 5, rejected 5", "nurturing | 1..5 handed_off 3 accepted 5 rejected 5 | 5..-",
		"what may come before it does");
	is_life("handed_off 3, accepted/2 5, rejected/1 5", "accepted | 1..5 handed_off 3 rejected 5 | 5..- accepted 5",
		"unless it was told of the next");
	is_life("handed_off 3, accepted/7 5, rejected 5", "accepted | 1..5 handed_off 3 rejected 5 | 5..- accepted 5",
		"or a later one");
	is_life("handed_off 3, accepted/7 5", "accepted | 1..- handed_off 3 accepted 5", "which need not be there");
	is_life("disqualified 5, reopened 6, qualified 6, handed_off 6",
		"handed over | 1..6 disqualified 5 | 6..- qualified 6 handed_off 6", "reopened before the rest");
	is_life("handed_off 5, waiting 6, resumed 8, accepted 8", "accepted | 1..- handed_off 5 accepted 8 waits 6..8",
		"taken up again, then accepted");
	is_life("handed_off 5, waiting 6, waiting 8, resumed 8",
		"handed over, waits | 1..- handed_off 5 waits 6..8 waits 8..-", "taken up, and put off once more");
	is_life("handed_off 5, waiting/1 8, rejected 8", "nurturing | 1..8 handed_off 5 rejected 8 waits 8..8 | 8..-",
		"the rejection ends the waiting");
	is_life("handed_off 5, waiting/2 8, rejected 8",
		"nurturing, waits | 1..8 handed_off 5 rejected 8 | 8..- waits 8..-", "but not what was told after it");
	is_life("handed_off 3, ?handed_off, rejected 5", "nurturing | 1..5 handed_off 3 rejected 5 | 5..-",
		"what has no time stays before what comes later in a life");
}

/* Answers before a rejection are of its episode; contacts of its time, too. */
static void test_first_answer(void)
{
	struct told_step told[8];
	struct lead_life life;
	size_t count = tell("handed_off 3, answered/1 5, answered/2 5, rejected/1 5, handed_off 7", told);

	for (size_t i = 0; i < count; i++)
		told[i].question = STR("need");
	lead_life_fold(&life, told, count, DAY_MS, EVENT_NEVER, NOW_MS, &arena);
	is_int((int64_t)life.answer_count, 2, "two answers");
	is_int((int64_t)life.episodes[1].first_answer, 1, "one before the rejection of that time, one after it");
	is_int(life.episodes[0].contacts_end_ms, 5 * DAY_MS + 1, "a contact of its time was before it");
	lead_life_fold(&life, told, tell("handed_off 3, handed_off 5", told), DAY_MS, EVENT_NEVER, NOW_MS, &arena);
	is_int(life.episodes[0].contacts_end_ms, 5 * DAY_MS, "but after another hand-over");
}

static void test_unknown_times(void)
{
	is_life("+qualified 2, ?won", "won | 1..- qualified 2 won ?", "won, nobody knows when: last");
	is_life("?handed_off, rejected 5", "nurturing | 1..5 handed_off ? rejected 5 | 5..-",
		"a hand-over at an unknown time was before the rejection");
	is_life("?rejected, +handed_off 3", "nurturing | 1..- handed_off 3 rejected ?",
		"no episode begins when nobody knows");
	is_life("?disqualified, reopened 6", "nurturing | 1..6 disqualified ? | 6..-",
		"what was reopened was over before");
}

static void test_waits(void)
{
	is_life("handed_off 3, waiting 4", "handed over, waits | 1..- handed_off 3 waits 4..-", "it waits");
	is_life("handed_off 3, waiting 4, resumed 6, waiting 8, accepted 9",
		"accepted | 1..- handed_off 3 accepted 9 waits 4..6 waits 8..9", "until it is taken up, or goes on");
	is_life("handed_off 3, waiting 4, rejected 6, handed_off 8",
		"handed over | 1..6 handed_off 3 rejected 6 waits 4..6 | 6..- handed_off 8",
		"no longer than its episode");
	is_life("handed_off 3, waiting 4, handed_off 8",
		"handed over | 1..8 handed_off 3 waits 4..8 | 8..- handed_off 8",
		"also where another hand-over ends that");
	is_life("handed_off 3, waiting 4, qualified 5, working 6",
		"handed over, waits | 1..- qualified 5 handed_off 3 working 6 waits 4..-",
		"what moves it nowhere ends no waiting");
	is_life("disqualified 3, waiting 4", "disqualified | 1..- disqualified 3", "what is over does not wait");
}

/* ---- random lives ---- */

static size_t random_life(struct told_step *told)
{
	size_t count = (size_t)random() % 40;

	for (size_t i = 0; i < count; i++) {
		enum lead_step step = (enum lead_step)(random() % LEAD_STEP_TAKEN_BACK);
		enum lead_event event =
			(enum lead_event)(EVENT_QUALIFIED + random() % (EVENT__COUNT - EVENT_QUALIFIED));
		int64_t at_ms = (1 + random() % 20) * DAY_MS;
		bool milestone = random() % 4 == 0 && event != EVENT_FIRST_RESPONSE && event != EVENT_REACHED &&
				 event != EVENT_WORKING && event != EVENT_OPTED_OUT;

		if (random() % 3 == 0)
			step = random() % 2 ? LEAD_STEP_HANDED_OFF : LEAD_STEP_REJECTED;
		told[i] = milestone ? told_milestone(event, random() % 8 ? at_ms : EVENT_UNKNOWN)
				    : told_step_of(step, at_ms);
		told[i].row = (uint32_t)i;
		if (!milestone && random() % 3 == 0)
			told[i].said = 1 + (unsigned)random() % 4;
		if (!milestone && random() % 2)
			told[i].reason = random() % 2 ? STR("one") : STR("two");
	}
	return count;
}

static const char *broken_rule(const struct lead_life *life)
{
	size_t waits = 0;

	if (life->now.episode != life->episode_count)
		return "the number of the last episode is how many there are";
	for (size_t e = 0; e < life->episode_count; e++) {
		const struct life_episode *episode = &life->episodes[e];
		bool is_last = e + 1 == life->episode_count;

		if (episode->end_ms != (is_last ? EVENT_NEVER : episode[1].begin_ms))
			return "each episode ends where the next begins";
		if (episode->first_wait != waits)
			return "waits stand by episode";
		for (size_t i = 0; i < episode->wait_count; i++) {
			const struct life_wait *wait = &life->waits[waits++];

			if (wait->to_ms > episode->end_ms || wait->from_ms > wait->to_ms)
				return "no waiting outlasts its episode";
			if (wait->to_ms == EVENT_NEVER && !life->now.on_hold &&
			    life->told[life->told_count - 1].at_ms != EVENT_UNKNOWN)
				return "who waits is on hold";
		}
		if (!is_last && event_known(episode->events[EVENT_HANDED_OFF]) &&
		    episode->events[EVENT_HANDED_OFF] > episode->end_ms)
			return "what belongs to an episode lies before its end";
	}
	for (size_t i = 0; i < life->told_count; i++) {
		if (life->told[i].episode < 1 || life->told[i].episode > life->episode_count)
			return "each thing belongs to an episode";
		if (i && life->told[i].after.episode < life->told[i - 1].after.episode)
			return "episodes follow each other";
	}
	return NULL;
}

static void test_random(void)
{
	long wrong = 0, moved = 0, episodes = 0;
	const char *first = NULL;

	srandom(11);
	for (int round = 0; round < 20000; round++) {
		struct told_step told[40];
		size_t count = random_life(told);
		struct lead_life life;
		const char *text, *rule;

		lead_life_fold(&life, told, count, DAY_MS, EVENT_NEVER, NOW_MS, &arena);
		episodes += (long)life.episode_count;
		rule = broken_rule(&life);
		if (rule && !wrong++)
			first = rule;
		text = written(&life);
		shuffle(told, count);
		lead_life_fold(&life, told, count, DAY_MS, EVENT_NEVER, NOW_MS, &arena);
		moved += strcmp(text, written(&life)) != 0;
		arena_reset(&arena);
	}
	is_int(wrong, 0, "20,000 random lives keep the rules%s%s", first ? ": " : "", first ? first : "");
	is_int(moved, 0, "and the order in which they are told plays no part");
	ok(episodes > 50000, "%ld episodes", episodes);
}

/* ---- told at the desk ---- */

static const struct told_step *of_row(const struct lead_life *life, uint32_t row)
{
	for (size_t i = 0; i < life->told_count; i++)
		if (life->told[i].row == row)
			return &life->told[i];
	BUG("row %u is lost", row);
}

static bool is_there(const struct told_step *told, size_t count, enum lead_step step, int64_t at_ms)
{
	for (size_t i = 0; i < count; i++)
		if (told[i].step == step && told[i].at_ms == at_ms)
			return true;
	return false;
}

struct desk_book {
	struct told_step told[40];
	size_t count;
	long steps, episodes, wrong;
};

static void fold_all(const struct desk_book *book, struct lead_life *life)
{
	struct told_step *told = ARENA_ARRAY(&arena, struct told_step, book->count + 1);

	memcpy(told, book->told, sizeof(*told) * book->count);
	lead_life_fold(life, told, book->count, DAY_MS, EVENT_NEVER, NOW_MS, &arena);
}

static void record(struct desk_book *book, enum lead_step step, int64_t at_ms, unsigned episode)
{
	struct told_step one = told_step_of(step, at_ms);

	one.row = (uint32_t)book->count;
	one.said = episode;
	book->told[book->count++] = one;
}

/* As desk/lead_tell.c writes it. */
static void tell_desk(struct desk_book *book, enum lead_step step, int64_t at_ms)
{
	bool ends = step == LEAD_STEP_REJECTED || step == LEAD_STEP_REOPENED;
	uint32_t row = (uint32_t)book->count;
	const struct told_step *stands;
	struct lead_life before, after;
	struct lead_trial trial;

	fold_all(book, &before);
	if (is_there(book->told, book->count, step, at_ms) ||
	    !lead_life_try(&before, told_step_of(step, at_ms), DAY_MS, NOW_MS, &trial, &arena))
		return;
	record(book, step, at_ms, trial.stands.episode - ends);
	if (step == LEAD_STEP_REJECTED)
		record(book, LEAD_STEP_RECYCLED, at_ms, trial.stands.episode);
	shuffle(book->told, book->count);
	fold_all(book, &after);
	stands = of_row(&after, row);
	book->wrong += !stands->followed || stands->episode != trial.stands.episode - ends ||
		       stands->after.life != trial.stands.life || lead_life_against(&before, &after);
	book->episodes += (long)after.episode_count;
	book->steps++;
}

/* What the desk lets pass is recorded with its episode, and then stands as was said, in whatever order the records come. */
static void test_desk(void)
{
	struct desk_book book = { .count = 0 };

	for (int round = 0; round < 4000; round++) {
		book.count = 0;
		while (book.count + 2 < sizeof(book.told) / sizeof(*book.told) && random() % 40) {
			enum lead_step step = (enum lead_step)(random() % LEAD_STEP_TAKEN_BACK);

			if (step != LEAD_STEP_RECYCLED)
				tell_desk(&book, step, (2 + random() % 3) * DAY_MS);
		}
		arena_reset(&arena);
	}
	is_int(book.wrong, 0, "%ld steps told at the desk, many of one time, stand as they were told", book.steps);
	ok(book.steps > 20000 && book.episodes > book.steps * 3 / 2, "in %ld episodes", book.episodes);
}

/* A history longer than any: sorted, not shoved. */
static void test_long(void)
{
	enum { MANY = 100000 };
	struct told_step *told = ARENA_ARRAY(&arena, struct told_step, MANY);
	struct lead_life life;

	for (int64_t i = 0; i < MANY; i++)
		told[i] = told_step_of(i % 2 ? LEAD_STEP_REJECTED : LEAD_STEP_HANDED_OFF, (i + 1) * 1000);
	shuffle(told, MANY);
	lead_life_fold(&life, told, MANY, 0, EVENT_NEVER, NOW_MS, &arena);
	is_int((int64_t)life.episode_count, MANY / 2 + 1, "a hundred thousand steps");
}

/* ---- where it begins ---- */

static int64_t begin_of(int64_t came_ms, int64_t heard_ms, const char *text)
{
	struct told_step told[4];
	struct lead_life life;

	lead_life_fold(&life, told, tell(text, told), came_ms, heard_ms, NOW_MS, &arena);
	return life.episodes[0].begin_ms / DAY_MS;
}

static void test_begin(void)
{
	is_int(begin_of(5 * DAY_MS, 2 * DAY_MS, "qualified 3"), 5, "it begins when the lead came");
	is_int(begin_of(EVENT_NEVER, 2 * DAY_MS, "qualified 3"), 2, "else when it was first heard of");
	is_int(begin_of(EVENT_UNKNOWN, EVENT_NEVER, "?won, qualified 3"), 3, "by what is told");
	is_int(begin_of(EVENT_NEVER, 2 * DAY_MS, ""), 2, "or by touches alone");
	is_int(begin_of(EVENT_NEVER, EVENT_NEVER, ""), 100, "else now");
}

/* ---- words ---- */

static struct promise_said said_by(const struct told_word *words, size_t count, int64_t now_ms)
{
	return promise_said(words, count, STR("first"), 1, 2 * DAY_MS, now_ms);
}

static void test_words(void)
{
	struct told_word words[] = {
		{ .kind = WORD_EXCUSED, .promise = STR("first"), .episode = 1, .at_ms = 9 * DAY_MS },
		{ .kind = WORD_SETTLED,
		  .promise = STR("first"),
		  .episode = 1,
		  .at_ms = 7 * DAY_MS,
		  .outcome = STR("dropped") },
		{ .kind = WORD_DISPUTED, .promise = STR("first"), .episode = 1, .at_ms = 5 * DAY_MS },
		{ .kind = WORD_TOLD,
		  .promise = STR("first"),
		  .episode = 1,
		  .at_ms = 4 * DAY_MS,
		  .outcome = STR("head") },
		{ .kind = WORD_TOLD, .promise = STR("first"), .episode = 1, .at_ms = DAY_MS, .outcome = STR("owner") },
		{ .kind = WORD_BROKEN, .promise = STR("first"), .episode = 1, .at_ms = 3 * DAY_MS },
		{ .kind = WORD_WITHDRAWN, .promise = STR("first"), .episode = 1, .at_ms = 8 * DAY_MS },
		{ .kind = WORD_EXCUSED, .promise = STR("other"), .episode = 1, .at_ms = 3 * DAY_MS },
		{ .kind = WORD_EXCUSED, .promise = STR("first"), .episode = 2, .at_ms = 3 * DAY_MS },
		{ .kind = WORD_EXCUSED, .promise = STR("first"), .episode = 1, .at_ms = DAY_MS },
	};
	size_t count = sizeof(words) / sizeof(*words);
	struct promise_said said = said_by(words, count, 2 * DAY_MS);

	ok(!said.broken && !said.words.excused && !said.words.disputed && !said.rungs,
	   "by the second day nothing was said, whatever was before its clock started");
	said = said_by(words, count, 6 * DAY_MS);
	ok(said.broken && said.words.disputed && !said.words.excused, "by the sixth it was broken, and disputed");
	is_int(said.rungs, 1 << RUNG_HEAD, "and one was told");
	said = said_by(words, count, 7 * DAY_MS);
	ok(!said.words.disputed && !said.words.excused, "the dispute was dropped on the seventh");
	words[1].outcome = STR("upheld");
	said = said_by(words, count, 7 * DAY_MS);
	ok(!said.words.disputed && said.words.excused, "or was right");
	said = said_by(words, count, 8 * DAY_MS);
	ok(!said.broken && said.was_broken && said.turns == 2 && said.turned_ms == 8 * DAY_MS, "then withdrawn");
	ok(said_by(words, count, 9 * DAY_MS).words.excused, "and excused on the ninth");
}

int main(void)
{
	arena_init(&arena);
	srandom(3);
	test_paper();
	test_one_time();
	test_first_answer();
	test_unknown_times();
	test_waits();
	test_begin();
	test_words();
	test_long();
	test_random();
	test_desk();
	arena_release(&arena);
	return done();
}
