/* What a lead must be: `words`, `lead types`, `pre-qualify`, `score`. */
#include "domain/agreement_text.h"

/* ---- words ---- */

void read_words(struct agreement_text *t, const struct yaml_node *node)
{
	struct agreement *a = t->agreement;

	if (!yaml_is_map(&t->w, node, "words", NULL))
		return;
	a->words = ARENA_ARRAY(t->w.arena, struct agreement_word, node->count);
	for (size_t i = 0; i < node->count; i++) {
		struct agreement_word *word = &a->words[a->word_count];
		const struct yaml_node *means = &node->items[i];
		bool good = means->kind == YAML_LIST ? yaml_names(&t->w, means, "words", &word->checklist)
						     : yaml_text(&t->w, means, "words", &word->means);

		word->word = node->keys[i].text;
		a->word_count += good;
	}
}

/* ---- lead types ---- */

static void read_bar(struct agreement_text *t, const struct yaml_node *node, struct lead_type *type)
{
	struct phrase phrase;
	struct str text;

	type->bar_place = yaml_place(node);
	if (!yaml_text(&t->w, node, "hand over", &text))
		return;
	type->at_once = str_is(text, "at once");
	if (type->at_once)
		return;
	if (phrase_match(text, "score >= #", &phrase) && phrase.number[0] <= AGREEMENT_MOST)
		type->bar = phrase.number[0];
	else
		WRONG(t, node, "hand over", "\"hand over\" is \"at once\", or \"score >= 60\" with your own number.");
}

/* From here on rules may ask for a lead's type. */
static void name_types(struct agreement *a, struct arena *arena)
{
	struct str *names = ARENA_ARRAY(arena, struct str, a->type_count);

	for (size_t i = 0; i < a->type_count; i++)
		names[i] = a->types[i].name;
	a->words_of_rules.types = names;
	a->words_of_rules.type_count = a->type_count;
}

void read_lead_types(struct agreement_text *t, const struct yaml_node *node)
{
	static const char *const keys[] = { "means", "when", "hand over", NULL };
	struct agreement *a = t->agreement;

	if (!yaml_is_map(&t->w, node, "lead types", NULL))
		return;
	if (node->count == 0)
		WRONG(t, node, "lead types", "an agreement has one type of lead at least.");
	a->types = ARENA_ARRAY(t->w.arena, struct lead_type, node->count);
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *item = &node->items[i], *means, *when, *bar;
		struct lead_type *type = &a->types[a->type_count++];

		type->name = node->keys[i].text;
		if (!yaml_is_map(&t->w, item, "lead types", keys))
			continue;
		means = yaml_get(item, "means");
		when = yaml_get(item, "when");
		bar = yaml_get(item, "hand over");
		if (means)
			yaml_text(&t->w, means, "means", &type->means);
		if (when)
			read_rule(t, when, "when", &type->when), type->when_place = yaml_place(when);
		else
			WRONG(t, item, "when", "\"when\" is missing: which leads are \"%.*s\"?", STR_ARG(type->name));
		if (bar)
			read_bar(t, bar, type);
		else
			WRONG(t, item, "hand over", "\"hand over\" is missing: at once, or at which score?");
	}
	name_types(a, t->w.arena);
}

/* ---- pre-qualify ---- */

void read_criteria(struct agreement_text *t, const struct yaml_node *node)
{
	static const char *const keys[] = { "ask", "when", NULL };
	struct agreement *a = t->agreement;

	if (!yaml_is_list(&t->w, node, "pre-qualify"))
		return;
	a->criteria = ARENA_ARRAY(t->w.arena, struct criterion, node->count);
	for (size_t i = 0; i < node->count; i++) {
		struct criterion *criterion = &a->criteria[a->criterion_count];
		const struct yaml_node *item = &node->items[i], *ask, *when;

		if (!yaml_is_map(&t->w, item, "pre-qualify", keys))
			continue;
		ask = yaml_get(item, "ask");
		when = yaml_get(item, "when");
		if (!ask || !when)
			WRONG(t, item, "pre-qualify",
			      "a criterion has \"ask\", as a person would say it, and \"when\", its rule.");
		else if (yaml_text(&t->w, ask, "ask", &criterion->ask) && read_rule(t, when, "when", &criterion->when))
			a->criterion_count++;
	}
}

/* ---- score ---- */

static void read_fit(struct agreement_text *t, const struct yaml_node *node)
{
	static const char *const keys[] = { "points", "when", NULL };
	struct scoring *out = &t->agreement->scoring;

	if (!yaml_is_list(&t->w, node, "fit"))
		return;
	out->fit = ARENA_ARRAY(t->w.arena, struct fit_points, node->count);
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *item = &node->items[i], *points, *when;
		struct fit_points *fit = &out->fit[out->fit_count];

		if (!yaml_is_map(&t->w, item, "fit", keys))
			continue;
		points = yaml_get(item, "points");
		when = yaml_get(item, "when");
		if (!points || !when)
			WRONG(t, item, "fit", "each line of \"fit\" has \"points\" and \"when\".");
		else if (read_number(t, points, "points", 0, &fit->points) && read_rule(t, when, "when", &fit->when))
			out->fit_count++;
	}
}

static void read_cap(struct agreement_text *t, const struct yaml_node *node, double *out)
{
	struct phrase phrase;
	struct str text;

	if (!yaml_text(&t->w, node, "no more than", &text))
		return;
	/* Points are counted in hundredths; less would be no cap. */
	if (phrase_match(text, "# points", &phrase) && phrase.number[0] >= 0.01 && phrase.number[0] <= AGREEMENT_MOST)
		*out = phrase.number[0];
	else
		WRONG(t, node, "no more than", "\"%.*s\" under \"no more than\" must be points, like \"10 points\".",
		      STR_ARG(text));
}

/* Points of touches fade by the clock on the wall, not by working time. */
static void read_half_life(struct agreement_text *t, const struct yaml_node *node)
{
	struct phrase phrase;
	struct str text;

	if (!yaml_text(&t->w, node, "halve every", &text))
		return;
	if ((phrase_match(text, "# days", &phrase) || phrase_match(text, "# day", &phrase)) && phrase.number[0] >= 1 &&
	    phrase.number[0] <= 3660)
		t->agreement->scoring.half_life_ms = (int64_t)(phrase.number[0] * 86400000);
	else
		WRONG(t, node, "halve every", "\"%.*s\" under \"halve every\" must be days, like \"14 days\".",
		      STR_ARG(text));
}

static void read_engagement_line(struct agreement_text *t, const struct yaml_node *item)
{
	static const char *const keys[] = { "points", "touch", "no more than", "halve every", NULL };
	struct scoring *out = &t->agreement->scoring;
	struct engagement_points *line = &out->engagement[out->engagement_count];
	const struct yaml_node *points, *touch, *cap, *half;
	struct str kind;

	if (!yaml_is_map(&t->w, item, "engagement", keys))
		return;
	points = yaml_get(item, "points");
	touch = yaml_get(item, "touch");
	cap = yaml_get(item, "no more than");
	half = yaml_get(item, "halve every");
	if (half) {
		read_half_life(t, half);
		if (item->count > 1)
			WRONG(t, half, "halve every",
			      "\"halve every\" stands on a line of its own; it is of all touches.");
		return;
	}
	if (!points || !touch) {
		WRONG(t, item, "engagement",
		      "each line of \"engagement\" has \"points\" and \"touch\", or \"halve every\".");
		return;
	}
	if (cap)
		read_cap(t, cap, &line->most);
	if (!read_number(t, points, "points", 0, &line->points) || !yaml_text(&t->w, touch, "touch", &kind))
		return;
	line->place = yaml_place(cap ? cap : points);
	line->touch = read_kind(t, touch, kind);
	if (line->touch == TOUCH_OTHER) {
		WRONG(t, touch, "touch", "an agreement names at most 1,024 different kinds of touches.");
		return;
	}
	for (size_t i = 0; i < out->engagement_count; i++)
		if (out->engagement[i].touch == line->touch) {
			WRONG(t, touch, "touch", "the touch \"%.*s\" has points already.", STR_ARG(kind));
			return;
		}
	out->engagement_count++;
}

static const char *const bants[BANT__COUNT + 1] = {
	[BANT_BUDGET] = "budget",       [BANT_AUTHORITY] = "authority", [BANT_NEED] = "need",
	[BANT_TIMEFRAME] = "timeframe", [BANT_TRUST] = "trust",
};

const char *bant_name(enum bant bant)
{
	return bants[bant];
}

static void read_answers(struct agreement_text *t, const struct yaml_node *node)
{
	if (!yaml_is_map(&t->w, node, "answers", bants))
		return;
	for (int bant = 0; bant < BANT__COUNT; bant++) {
		const struct yaml_node *points = yaml_get(node, bants[bant]);

		if (points)
			read_number(t, points, bants[bant], 0, &t->agreement->scoring.answers[bant]);
	}
}

void read_scoring(struct agreement_text *t, const struct yaml_node *node)
{
	static const char *const keys[] = { "fit", "engagement", "answers", NULL };
	struct scoring *out = &t->agreement->scoring;
	const struct yaml_node *fit, *engagement, *answers;

	if (!yaml_is_map(&t->w, node, "score", keys))
		return;
	fit = yaml_get(node, "fit");
	engagement = yaml_get(node, "engagement");
	answers = yaml_get(node, "answers");
	if (fit)
		read_fit(t, fit);
	if (engagement && yaml_is_list(&t->w, engagement, "engagement")) {
		out->engagement = ARENA_ARRAY(t->w.arena, struct engagement_points, engagement->count);
		for (size_t i = 0; i < engagement->count; i++)
			read_engagement_line(t, &engagement->items[i]);
	}
	if (answers)
		read_answers(t, answers);
}
