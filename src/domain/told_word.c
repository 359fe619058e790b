#include "domain/told_word.h"

static const char *const names[WORD__COUNT] = {
	[WORD_BROKEN] = "broken",     [WORD_WITHDRAWN] = "withdrawn", [WORD_EXCUSED] = "excused",
	[WORD_DISPUTED] = "disputed", [WORD_SETTLED] = "settled",     [WORD_TOLD] = "told",
};

const char *word_kind_name(enum word_kind kind)
{
	return names[kind];
}

enum word_kind word_kind_by_name(struct str name)
{
	int kind = 0;

	while (kind < WORD__COUNT && !str_is(name, names[kind]))
		kind++;
	return (enum word_kind)kind;
}

static unsigned rung_of(struct str who)
{
	for (int rung = 0; rung < RUNG__COUNT; rung++)
		if (str_is(who, rung_name((enum rung_who)rung)))
			return 1u << rung;
	return 0;
}

static void turn(struct promise_said *said, const struct told_word *word)
{
	said->turns++;
	if (word->at_ms > said->turned_ms)
		said->turned_ms = word->at_ms;
	said->was_broken |= word->kind == WORD_BROKEN;
}

/* Of the same second a dispute comes before what settles it. */
static bool is_later(const struct told_word *word, const struct told_word *than)
{
	return !than || word->at_ms > than->at_ms || (word->at_ms == than->at_ms && word->kind > than->kind);
}

struct promise_said promise_said(const struct told_word *words, size_t count, struct str promise, unsigned episode,
				 int64_t start_ms, int64_t now_ms)
{
	struct promise_said said = { .turned_ms = INT64_MIN };
	const struct told_word *dispute = NULL;

	for (size_t i = 0; i < count; i++) {
		const struct told_word *word = &words[i];

		if (word->episode != episode || word->at_ms > now_ms || !str_eq(word->promise, promise))
			continue;
		if (word->kind == WORD_BROKEN || word->kind == WORD_WITHDRAWN)
			turn(&said, word);
		if (word->at_ms < start_ms)
			continue;
		said.words.excused |=
			word->kind == WORD_EXCUSED || (word->kind == WORD_SETTLED && str_is(word->outcome, "upheld"));
		if ((word->kind == WORD_DISPUTED || word->kind == WORD_SETTLED) && is_later(word, dispute))
			dispute = word;
		if (word->kind == WORD_TOLD)
			said.rungs |= rung_of(word->outcome);
	}
	said.broken = said.turns & 1;
	said.words.disputed = dispute && dispute->kind == WORD_DISPUTED;
	return said;
}
