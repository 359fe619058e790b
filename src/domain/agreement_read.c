/* The text of an agreement as a whole: its chapters, and what they have in common. */
#include <math.h>
#include <stdio.h>

#include "base/date.h"
#include "domain/agreement_text.h"

struct chapter {
	const char *key;
	bool needed;
	void (*read)(struct agreement_text *t, const struct yaml_node *node);
};

static void read_title(struct agreement_text *t, const struct yaml_node *node)
{
	yaml_text(&t->w, node, "agreement", &t->agreement->title);
}

static void read_in_force(struct agreement_text *t, const struct yaml_node *node)
{
	read_date(&t->w, node, "in force", &t->agreement->in_force);
}

static void read_waiting(struct agreement_text *t, const struct yaml_node *node)
{
	yaml_names(&t->w, node, "waiting states", &t->agreement->waiting_states);
}

static const struct chapter chapters[] = {
	{ "agreement", true, read_title },
	{ "between", true, read_parties },
	{ "in force", true, read_in_force },
	{ "calendar", true, read_hours },
	{ "words", false, read_words },
	{ "lead types", true, read_lead_types },
	{ "pre-qualify", false, read_criteria },
	{ "score", false, read_scoring },
	{ "route", true, read_routes },
	{ "promises", true, read_promises },
	{ "waiting states", false, read_waiting },
	{ "stages", false, read_stages },
	{ "reasons", true, read_reasons },
	{ "kpis", false, read_kpis },
	{ "pay", false, read_pay },
	{ "cadence", false, read_cadence },
	{ "annexes", false, read_annexes },
};

enum { CHAPTERS = sizeof(chapters) / sizeof(chapters[0]) };

/* ---- what several chapters hold ---- */

/* New leaves stand where this rule does. */
static void place_leaves(struct agreement_text *t, const struct yaml_node *node, size_t known)
{
	struct agreement *a = t->agreement;

	for (size_t i = known; i < a->words_of_rules.leaf_count; i++)
		a->leaf_places[i] = place_of(node);
}

bool read_rule(struct agreement_text *t, const struct yaml_node *node, const char *key, struct rule *out)
{
	size_t known = t->agreement->words_of_rules.leaf_count;
	struct err err = ERR_INIT;
	struct str text;

	if (!yaml_text(&t->w, node, key, &text))
		return false;
	if (rule_read(out, "rule", text, &t->agreement->words_of_rules, &err) < 0) {
		WRONG(t, node, key, "%s", err.text);
		return false;
	}
	place_leaves(t, node, known);
	return true;
}

bool read_allowance(struct agreement_text *t, const struct yaml_node *node, const char *key, struct allowance *out)
{
	const char *wrong;
	struct str text;

	if (!yaml_text(&t->w, node, key, &text))
		return false;
	wrong = allowance_parse(text, out);
	if (wrong)
		WRONG(t, node, key, "\"%.*s\" under \"%s\": %s.", STR_ARG(text), key, wrong);
	return !wrong;
}

bool read_date(struct yaml_words *w, const struct yaml_node *node, const char *key, int32_t *out)
{
	struct str text;

	if (!yaml_text(w, node, key, &text))
		return false;
	if (date_parse(text, out))
		return true;
	YAML_WRONG(w, node, key, "\"%.*s\" under \"%s\" is no day; write it like 2026-01-05.", STR_ARG(text), key);
	return false;
}

bool read_number(struct agreement_text *t, const struct yaml_node *node, const char *key, double least, double *out)
{
	struct phrase phrase;
	struct str text;

	if (!yaml_text(&t->w, node, key, &text))
		return false;
	if (phrase_match(text, "#", &phrase) && phrase.number[0] >= least) {
		*out = phrase.number[0];
		return true;
	}
	WRONG(t, node, key, "\"%.*s\" under \"%s\" must be a number of at least %g.", STR_ARG(text), key, least);
	return false;
}

bool read_share(struct agreement_text *t, const struct yaml_node *node, const char *key, double most, double *out)
{
	struct phrase phrase;
	struct str text;

	if (!yaml_text(&t->w, node, key, &text))
		return false;
	if (phrase_match(text, "# %", &phrase) && phrase.number[0] <= most * 100) {
		*out = phrase.number[0] / 100;
		return true;
	}
	WRONG(t, node, key, "\"%.*s\" under \"%s\" must be a share of at most %g %%, like \"95 %%\".", STR_ARG(text),
	      key, most * 100);
	return false;
}

/* ---- the whole ---- */

/* Up to the line that begins with "annexes:". A text that a line of a block scalar begins so is refused by the YAML around it. */
static struct str signed_part(struct str text)
{
	struct str rest = text;

	while (rest.len) {
		const char *line = rest.at;

		if (str_starts(rest, "annexes:"))
			return (struct str){ text.at, (size_t)(line - text.at) };
		str_cut(&rest, '\n');
	}
	return text;
}

static void read_chapters(struct agreement_text *t, const struct yaml_node *root)
{
	const char *keys[CHAPTERS + 1] = { NULL };

	for (size_t i = 0; i < CHAPTERS; i++)
		keys[i] = chapters[i].key;
	if (!yaml_is_map(&t->w, root, "agreement", keys))
		return;
	for (size_t i = 0; i < CHAPTERS; i++) {
		const struct yaml_node *node = yaml_get(root, chapters[i].key);

		if (node)
			chapters[i].read(t, node);
		else if (chapters[i].needed)
			WRONG(t, root, chapters[i].key, "\"%s\" is missing.", chapters[i].key);
	}
}

int agreement_read(struct agreement **out, struct str text, const char *file, struct problems *problems,
		   struct arena *arena, struct err *err)
{
	struct agreement *a = ARENA_NEW(arena, struct agreement);
	struct agreement_text t = { { arena, problems, str_of(file) }, a };
	struct yaml_node *root;
	int got;

	a->text = arena_str(arena, text);
	a->signed_text = signed_part(a->text);
	a->leaf_places = ARENA_ARRAY(arena, struct place, RULE_MAX_LEAVES);
	rule_words_init(&a->words_of_rules, arena);
	got = yaml_parse(&root, a->text, file, arena, err);
	if (got < 0)
		return got;
	read_chapters(&t, root);
	*out = a;
	return 0;
}
