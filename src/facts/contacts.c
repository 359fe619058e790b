/* What an activity was to the person it was about. */
#include <stdlib.h>

#include "facts/packed.h"
#include "facts/rows.h"

static bool is_one_of(struct str word, const char *const *words)
{
	while (*words && !str_eq_fold(word, str_of(*words)))
		words++;
	return *words;
}

/* By code: is the name one of the words? */
static bool *names_among(const struct column *column, const char *const *words)
{
	bool *among = must_calloc(column->dict->count, sizeof(*among));

	for (uint32_t i = 1; i < column->dict->count; i++)
		among[i] = is_one_of(column->dict->names[i], words);
	return among;
}

void contact_words_init(struct contact_words *words, const struct facts *facts)
{
	static const char *const in[] = { "in", "inbound", "incoming", NULL };
	/* docs/maps.md lists them. */
	static const char *const talked[] = { "answered", "connected", "conversation", "held",
					      "reached",  "spoke",     "talked",       NULL };

	words->automatic = facts_known_column(facts, FACT_ACTIVITIES, "automatic");
	words->direction = facts_known_column(facts, FACT_ACTIVITIES, "direction");
	words->outcome = facts_known_column(facts, FACT_ACTIVITIES, "outcome");
	words->in = names_among(words->direction, in);
	words->talked = names_among(words->outcome, talked);
}

void contact_words_release(struct contact_words *words)
{
	free(words->in);
	free(words->talked);
}

enum contact_kind contact_of(const struct contact_words *words, uint32_t activity)
{
	if (rows_code(words->automatic, activity) == FLAG_YES)
		return CONTACT_NONE;
	if (words->talked[rows_code(words->outcome, activity)])
		return CONTACT_TALK;
	return words->in[rows_code(words->direction, activity)] ? CONTACT_NONE : CONTACT_ATTEMPT;
}
