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
	struct str *title = &t->agreement->title;

	/* The contract begins with it: more lines could pass for what the parties agreed. */
	if (yaml_text(&t->w, node, "agreement", title) && str_find(*title, "\n") >= 0)
		WRONG(t, node, "agreement", "the title is one line.");
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

/* New leaves and kinds of touches stand where this does. */
static void place_words(struct agreement_text *t, const struct yaml_node *node, size_t leaves, size_t kinds)
{
	struct agreement *a = t->agreement;

	for (size_t i = leaves; i < a->words_of_rules.leaf_count; i++)
		a->leaf_places[i] = yaml_place(node);
	for (size_t i = kinds; i < a->words_of_rules.kind_count; i++)
		a->kind_places[i] = yaml_place(node);
}

bool read_rule(struct agreement_text *t, const struct yaml_node *node, const char *key, struct rule *out)
{
	const struct rule_words *words = &t->agreement->words_of_rules;
	size_t leaves = words->leaf_count, kinds = words->kind_count;
	struct err err = ERR_INIT;
	struct str text;

	if (!yaml_text(&t->w, node, key, &text))
		return false;
	if (rule_read(out, "rule", text, &t->agreement->words_of_rules, &err) < 0) {
		WRONG(t, node, key, "%s", err.text);
		return false;
	}
	place_words(t, node, leaves, kinds);
	return true;
}

uint16_t read_kind(struct agreement_text *t, const struct yaml_node *node, struct str kind)
{
	struct rule_words *words = &t->agreement->words_of_rules;
	size_t leaves = words->leaf_count, kinds = words->kind_count;
	uint16_t out = rule_kind(words, kind);

	place_words(t, node, leaves, kinds);
	return out;
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
	if (!phrase_match(text, "#", &phrase) || phrase.number[0] < least)
		WRONG(t, node, key, "\"%.*s\" under \"%s\" must be a number of at least %g.", STR_ARG(text), key,
		      least);
	else if (phrase.number[0] > AGREEMENT_MOST)
		WRONG(t, node, key, "\"%.*s\" under \"%s\" must be a number up to a billion.", STR_ARG(text), key);
	else
		return *out = phrase.number[0], true;
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

/* Where line `line` of the text begins, its end where it has fewer. YAML knows more line ends than \n: then this is too far down. */
static size_t line_start(struct str text, int line)
{
	struct str rest = text;

	while (--line > 0 && rest.len)
		str_cut(&rest, '\n');
	return text.len - rest.len;
}

/* Up to the line of the chapter `annexes`. All above it is signed and nothing below, so it must be the last and begin its line: by the
 * tree, as a text in quotes may have a line that looks like it. */
static struct str signed_part(struct agreement_text *t, const struct yaml_node *root)
{
	struct str text = t->agreement->text;

	for (size_t i = 0; root->kind == YAML_MAP && i < root->count; i++) {
		const struct yaml_node *key = &root->keys[i];
		size_t start;

		if (!str_is(key->text, "annexes"))
			continue;
		start = line_start(text, key->line);
		if (i + 1 < root->count || key->column != 1 ||
		    !str_starts((struct str){ text.at + start, text.len - start }, "annexes:"))
			WRONG(t, key, "annexes",
			      "\"annexes\" is the last chapter and begins a line: what stands behind it is not signed.");
		return (struct str){ text.at, start };
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

static uint32_t gate_events(const struct agreement *a)
{
	uint32_t events = 0;

	for (size_t i = 0; i < a->type_count; i++)
		events |= rule_events(&a->types[i].when);
	for (size_t i = 0; i < a->criterion_count; i++)
		events |= rule_events(&a->criteria[i].when);
	for (size_t i = 0; i < a->scoring.fit_count; i++)
		events |= rule_events(&a->scoring.fit[i].when);
	return events;
}

int agreement_read(struct agreement **out, struct str text, const char *file, struct problems *problems,
		   struct arena *arena, struct err *err)
{
	struct agreement *a = ARENA_NEW(arena, struct agreement);
	struct agreement_text t = { { arena, problems, str_of(file) }, a };
	struct yaml_node *root;
	int got;

	a->text = arena_str(arena, text);
	a->leaf_places = ARENA_ARRAY(arena, struct place, RULE_MAX_LEAVES);
	a->kind_places = ARENA_ARRAY(arena, struct place, RULE_MAX_KINDS);
	rule_words_init(&a->words_of_rules, arena);
	if (!utf8_valid(text))
		return err_set(err, ERR_INPUT, "%s is no UTF-8 text; save it as UTF-8", file);
	got = yaml_parse(&root, a->text, file, arena, err);
	if (got < 0)
		return got;
	*out = a;
	if (!yaml_plain_letters(&t.w, root))
		return 0; /* what else is wrong would be said in these letters */
	read_chapters(&t, root);
	a->gate_events = gate_events(a);
	a->signed_text = signed_part(&t, root);
	return 0;
}
