/* Rules of an agreement from any bytes, one a line. Refused with a word and a place, or: it holds or not, its negation the other way; and
 * each leaf, which goes to the facts as a text of its own, can stand alone. */
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "domain/grammar.h"
#include "domain/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TOUCHES = 12, DAY_MS = 86400000, MOST_RULES = 16 };

static const struct str types[] = { { "hand-raiser", 11 }, { "engaged", 7 } };

static void check_leaves(const struct rule_words *words, struct arena *arena)
{
	for (size_t i = 0; i < words->leaf_count; i++) {
		struct rule_words own;
		struct err err = ERR_INIT;
		struct rule rule;

		rule_words_init(&own, arena);
		own.types = types;
		own.type_count = 2;
		if (rule_read(&rule, "leaf", words->leaves[i], &own, &err))
			BUG("\"%.*s\" is a leaf that cannot be read: %s", STR_ARG(words->leaves[i]), err.text);
		if (own.leaf_count != 1 || !str_eq(own.leaves[0], words->leaves[i]))
			BUG("\"%.*s\" is a leaf that is another one alone", STR_ARG(words->leaves[i]));
	}
}

static void check_holds(const struct rule *rule, struct rule_words *words, uint64_t leaves)
{
	uint64_t bits[RULE_MAX_LEAVES / 64] = { leaves, ~leaves, leaves * 3, leaves * 5 };
	struct lead_touch touches[TOUCHES];
	int64_t events[EVENT__COUNT];
	struct rule_lead lead = { bits, touches, TOUCHES, (int)(leaves % 3) - 1, events };
	struct str text = str_of(arena_printf(words->arena, "not (%.*s)", STR_ARG(rule->text)));
	struct err err = ERR_INIT;
	struct rule not ;

	for (int i = 0; i < TOUCHES; i++)
		touches[i] =
			(struct lead_touch){ (int64_t)DAY_MS * (i * i - 3), (uint16_t)(i % 4 ? i % 3 : TOUCH_OTHER) };
	for (int i = 0; i < EVENT__COUNT; i++)
		events[i] = i % 3 == 0 ? EVENT_NEVER : i % 3 == 1 ? EVENT_UNKNOWN : (int64_t)DAY_MS * i;
	/* Too deep or too long with the brackets around it. */
	if (rule_read(&not, "rule", text, words, &err))
		return;
	for (int day = -2; day < 160; day += 9)
		if (rule_holds(rule, &lead, (int64_t)DAY_MS * day) == rule_holds(&not, &lead, (int64_t)DAY_MS * day))
			BUG("\"%.*s\" and its negation are both so", STR_ARG(rule->text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = { (const char *)data, size };
	struct rule_words words;
	struct arena arena;

	arena_init(&arena);
	rule_words_init(&words, &arena);
	words.types = types;
	words.type_count = 2;
	for (int i = 0; rest.len && i < MOST_RULES; i++) {
		struct str text = str_cut(&rest, '\n');
		struct err err = ERR_INIT;
		struct rule rule;

		if (rule_read(&rule, "rule", text, &words, &err)) {
			if (!err.text[0])
				BUG("refused without a word");
			continue;
		}
		check_holds(&rule, &words, str_hash(text));
	}
	check_leaves(&words, &arena);
	arena_release(&arena);
	return 0;
}
