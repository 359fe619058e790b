/* Stages, reasons, and the numbers both sides are measured by: `stages`, `reasons`, `kpis`, `pay`, `cadence`. */
#include "domain/agreement_text.h"

static const char *const thirds[STAGE_THIRD__COUNT + 1] = {
	[STAGE_EARLY] = "early",
	[STAGE_MID] = "mid",
	[STAGE_LATE] = "late",
};

void read_stages(struct agreement_text *t, const struct yaml_node *node)
{
	static const char *const keys[] = { "kind", "limit", "bid", "leave when", NULL };
	struct agreement *a = t->agreement;

	if (!yaml_is_map(&t->w, node, "stages", NULL))
		return;
	a->stages = ARENA_ARRAY(t->w.arena, struct agreed_stage, node->count);
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *item = &node->items[i], *kind, *limit, *bid, *leave;
		struct agreed_stage *stage = &a->stages[a->stage_count++];
		int third;

		stage->name = node->keys[i].text;
		stage->place = yaml_place(&node->keys[i]);
		if (!yaml_is_map(&t->w, item, "stages", keys))
			continue;
		kind = yaml_get(item, "kind");
		limit = yaml_get(item, "limit");
		bid = yaml_get(item, "bid");
		leave = yaml_get(item, "leave when");
		if (!kind)
			WRONG(t, item, "kind", "\"kind\" is missing: is the stage early, mid or late?");
		else if (yaml_choice(&t->w, kind, "kind", thirds, &third))
			stage->third = (enum stage_third)third;
		if (limit)
			read_allowance(t, limit, "limit", &stage->limit);
		if (bid)
			yaml_flag(&t->w, bid, "bid", &stage->bid);
		if (leave)
			yaml_names(&t->w, leave, "leave when", &stage->leave_when);
		if (i && stage->third < a->stages[i - 1].third)
			WRONG(t, item, "kind", "stages stand in order: early ones, then mid, then late.");
	}
}

void read_reasons(struct agreement_text *t, const struct yaml_node *node)
{
	static const char *const keys[] = { "reject", "disqualify", "lose", "excuse", NULL };
	struct agreement *a = t->agreement;
	struct names *const lists[] = { &a->reject, &a->disqualify, &a->lose, &a->excuse };

	if (!yaml_is_map(&t->w, node, "reasons", keys))
		return;
	for (size_t i = 0; keys[i]; i++) {
		const struct yaml_node *list = yaml_get(node, keys[i]);

		if (list)
			yaml_names(&t->w, list, keys[i], lists[i]);
	}
	if (!yaml_get(node, "reject"))
		WRONG(t, node, "reject", "\"reject\" is missing: for which reasons may sales send a lead back?");
}

/* ---- kpis, pay, cadence ---- */

static void read_owners(struct agreement_text *t, const struct yaml_node *node, struct agreed_kpi *kpi)
{
	struct names names;

	if (!yaml_names(&t->w, node, "owners", &names))
		return;
	for (size_t i = 0; i < names.count; i++) {
		const struct yaml_node *item = node->kind == YAML_LIST ? &node->items[i] : node;
		int party;

		if (yaml_choice(&t->w, item, "owners", party_names(), &party))
			kpi->owned_by[party] = true;
	}
}

/* `key`: "target" or "at most". */
static void read_target(struct agreement_text *t, const struct yaml_node *node, const char *key, struct agreed_kpi *kpi)
{
	struct phrase phrase;
	struct str text;

	if (!yaml_text(&t->w, node, key, &text))
		return;
	kpi->target_is_share = phrase_match(text, "# %", &phrase) || phrase_match(text, "# % each *", &phrase);
	if ((!kpi->target_is_share && !phrase_match(text, "#", &phrase) && !phrase_match(text, "# each *", &phrase)) ||
	    phrase.number[0] > 1e15 || (phrase.words && !every_by_name(phrase.word[0], &kpi->each))) {
		WRONG(t, node, key,
		      "\"%.*s\" under \"%s\" must be a number, or a share like \"30 %%\"; for each period like \"30 each month\".",
		      STR_ARG(text), key);
		return;
	}
	kpi->target = kpi->target_is_share ? phrase.number[0] / 100 : phrase.number[0];
}

static void read_kpi(struct agreement_text *t, const struct yaml_node *node, struct agreed_kpi *kpi)
{
	const struct yaml_node *says = yaml_get(node, "says"), *measure = yaml_get(node, "measure"),
			       *target = yaml_get(node, "target"), *most = yaml_get(node, "at most"),
			       *owners = yaml_get(node, "owners");

	if (!says || !measure || !target == !most || !owners) {
		WRONG(t, node, "kpis",
		      "a KPI has \"says\", \"measure\", \"owners\", and either \"target\" or \"at most\".");
		return;
	}
	yaml_text(&t->w, says, "says", &kpi->says);
	yaml_text(&t->w, measure, "measure", &kpi->measure);
	kpi->measure_place = yaml_place(measure);
	kpi->target_place = yaml_place(most ? most : target);
	kpi->owners_place = yaml_place(owners);
	kpi->at_most = most;
	read_target(t, most ? most : target, most ? "at most" : "target", kpi);
	read_owners(t, owners, kpi);
}

void read_kpis(struct agreement_text *t, const struct yaml_node *node)
{
	static const char *const keys[] = { "says", "measure", "target", "at most", "owners", NULL };
	struct agreement *a = t->agreement;

	if (!yaml_is_map(&t->w, node, "kpis", NULL))
		return;
	a->kpis = ARENA_ARRAY(t->w.arena, struct agreed_kpi, node->count);
	for (size_t i = 0; i < node->count; i++) {
		a->kpis[i].name = node->keys[i].text;
		a->kpi_count = i + 1;
		if (yaml_is_map(&t->w, &node->items[i], "kpis", keys))
			read_kpi(t, &node->items[i], &a->kpis[i]);
	}
}

void read_pay(struct agreement_text *t, const struct yaml_node *node)
{
	static const char *const keys[] = { "team share", "team kpis", "pays from", "pays up to", NULL };
	const struct yaml_node *share, *kpis, *from, *up_to;
	struct pay *pay = &t->agreement->pay;

	if (!yaml_is_map(&t->w, node, "pay", keys))
		return;
	share = yaml_get(node, "team share");
	kpis = yaml_get(node, "team kpis");
	from = yaml_get(node, "pays from");
	up_to = yaml_get(node, "pays up to");
	pay->place = yaml_place(node);
	pay->share_place = yaml_place(share ? share : node);
	pay->kpis_place = yaml_place(kpis ? kpis : node);
	pay->from_place = yaml_place(from ? from : node);
	if (share)
		read_share(t, share, "team share", 1, &pay->team_share);
	if (from)
		read_share(t, from, "pays from", 10, &pay->from);
	if (up_to)
		read_share(t, up_to, "pays up to", 10, &pay->up_to);
	if (!kpis || !yaml_names(&t->w, kpis, "team kpis", &pay->team_kpis))
		return;

	const char **names = ARENA_ARRAY(t->w.arena, const char *, t->agreement->kpi_count + 1);

	for (size_t k = 0; k < t->agreement->kpi_count; k++)
		names[k] = arena_cstr(t->w.arena, t->agreement->kpis[k].name);
	for (size_t i = 0; i < pay->team_kpis.count; i++) {
		const struct yaml_node *item = kpis->kind == YAML_LIST ? &kpis->items[i] : kpis;
		int kpi;

		yaml_choice(&t->w, item, "team kpis", names, &kpi);
	}
}

void read_cadence(struct agreement_text *t, const struct yaml_node *node)
{
	static const char *const keys[] = { "weekly page", "recap", "review", "planning", "half-year", NULL };
	struct cadence *cadence = &t->agreement->cadence;
	struct str *const texts[] = { &cadence->weekly_page, &cadence->recap, &cadence->review, &cadence->planning };
	const struct yaml_node *sub;

	if (!yaml_is_map(&t->w, node, "cadence", keys))
		return;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		sub = yaml_get(node, keys[i]);
		if (sub)
			yaml_text(&t->w, sub, keys[i], texts[i]);
	}
	sub = yaml_get(node, "half-year");
	if (sub)
		yaml_names(&t->w, sub, "half-year", &cadence->half_year);
}
