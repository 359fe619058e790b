#include "desk/touch_kinds.h"

#include "desk/people.h"

bool touch_kind_fits(struct str kind)
{
	for (size_t i = 0; i < kind.len; i++)
		if ((unsigned char)kind.at[i] < ' ' || kind.at[i] == 0x7f)
			return false;
	return kind.len <= TOUCH_KIND_MOST;
}

struct names touch_kinds(const struct lead_desk *desk)
{
	const struct agreement_version *version = agreements_at(&desk->agreements, desk->now_ms);
	const struct rule_words *words = version ? &version->agreement->words_of_rules : NULL;

	return words ? (struct names){ words->kinds, words->kind_count } : (struct names){ .count = 0 };
}

struct str touch_kind_doubt(const struct lead_desk *desk, struct str kind)
{
	const struct names kinds = touch_kinds(desk);

	if (!kinds.count || names_have(&kinds, kind))
		return STR_NONE;
	return str_of(
		arena_printf(desk->arena,
			     "no rule of the agreement in force names a touch of the kind \"%.*s\", so who comes by it "
			     "has not asked for sales; it names %.*s",
			     STR_ARG(kind), STR_ARG(names_joined(&kinds, desk->arena))));
}
