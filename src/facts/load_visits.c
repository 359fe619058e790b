/* Stage visits: from a stage history where there is one, else from what the record itself said over time, else one visit of the
 * present stage whose beginning nobody knows. Stages that end a deal are no visits: a deal does not stay in *won*.
 * From here on a move's stage is a code of the opportunities' stage column. */
#include <stdlib.h>
#include <string.h>

#include "facts/load.h"

struct ending {
	uint32_t at; /* TIME_NOT_REACHED: still open */
	const char *outcome;
};

static struct column *deal_column(const struct loader *l, enum known_column name)
{
	return load_column(l, FACT_OPPORTUNITIES, name);
}

static struct column *visit_column(const struct loader *l, enum known_column name)
{
	return load_column(l, FACT_STAGE_VISITS, name);
}

/* ---- stages ---- */

const struct stage_def *load_stage(struct loader *l, uint32_t code)
{
	const struct dict *names = deal_column(l, COL_STAGE)->dict;

	for (; l->stage_count <= code; l->stage_count = names->count) {
		l->stages = must_realloc(l->stages, names->count * sizeof(const struct stage_def *));
		for (uint32_t i = l->stage_count; i < names->count; i++)
			l->stages[i] = facts_stage(l->whole.facts, names->names[i]);
	}
	return l->stages[code];
}

static int position_of(struct loader *l, uint32_t stage)
{
	const struct stage_def *def = load_stage(l, stage);

	return def ? def->position : 0;
}

static const char *means_of(struct loader *l, uint32_t stage)
{
	const struct stage_def *def = load_stage(l, stage);

	return def ? def->means : "open";
}

static bool ends(const char *means)
{
	return !strcmp(means, "won") || !strcmp(means, "order") || !strcmp(means, "lost") ||
	       !strcmp(means, "discontinued");
}

static uint32_t stage_of(const struct loader *l, uint32_t deal)
{
	const struct column *stage = deal_column(l, COL_STAGE);

	return stage->at.any ? stage->at.codes[deal] : 0;
}

/* ---- moves ---- */

/* A stage history often says what else held at the time. */
static void add_versions(struct loader *l, const struct move *move)
{
	struct facts *facts = l->whole.facts;

	if (move->amount != MONEY_NONE)
		builder_version_money(facts, deal_column(l, COL_AMOUNT), move->deal, move->entered, move->amount,
				      facts->currencies[move->currency]);
	if (move->expected_close != TIME_NOT_REACHED)
		builder_version_time(deal_column(l, COL_EXPECTED_CLOSE), move->deal, move->entered,
				     move->expected_close);
	if (move->owner) {
		const struct colleague *colleague = load_colleague(l, move->source, l->whole.words.names[move->owner]);

		builder_version_name(
			facts, deal_column(l, COL_OWNER), move->deal, move->entered,
			l->whole.words.names[colleague && colleague->name ? colleague->name : move->owner]);
	}
}

/* Which deal each move is of; those of none go. */
static void find_deals(struct loader *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->whole.moves.count; i++) {
		struct move move = l->whole.moves.items[i];

		if (!move.observed) {
			uint32_t deal = load_find(l, OBJECT_OPPORTUNITY, move.source, move.deal_ref,
						  &visit_column(l, COL_OPPORTUNITY)->unresolved);
			const struct told_move told = { move.subject, move.deal_ref, !deal && move.deal_ref };

			if (move.subject)
				ties_add_move(&l->whole.facts->ties, &told);
			if (!deal || !move.stage)
				continue;
			move.deal = deal - 1;
			add_versions(l, &move);
		}
		move.stage = load_code(l, FACT_OPPORTUNITIES, COL_STAGE, move.stage);
		l->whole.moves.items[kept++] = move;
	}
	l->whole.moves.count = kept;
}

/* By deal; told moves, the present stage, observed ones; then by time, undated ones by their place in the pipeline; then as they came. */
static int compare_moves(const void *a, const void *b)
{
	const struct move *x = a, *y = b;

	if (x->deal != y->deal)
		return x->deal < y->deal ? -1 : 1;
	if (x->observed != y->observed)
		return x->observed ? 1 : -1;
	if (x->present != y->present)
		return x->present ? 1 : -1;
	if (x->entered != y->entered) {
		/* Undated moves come first: what is dated happened later as far as anyone knows. */
		uint32_t from = x->entered == TIME_UNKNOWN ? 0 : x->entered,
			 to = y->entered == TIME_UNKNOWN ? 0 : y->entered;

		return from < to ? -1 : 1;
	}
	return x->order < y->order ? -1 : x->order > y->order;
}

/* The present stage, where the history does not end with it. */
static void add_present_stages(struct loader *l)
{
	uint32_t first = l->first[FACT_OPPORTUNITIES], deals = facts_rows(l->whole.facts, FACT_OPPORTUNITIES) - first;
	struct {
		uint32_t stage, t;
		bool told;
	} *last = must_calloc(deals + 1, sizeof(*last));

	for (size_t i = 0; i < l->whole.moves.count; i++) {
		const struct move *move = &l->whole.moves.items[i];
		uint32_t t = move->entered == TIME_UNKNOWN ? 0 : move->entered, deal = move->deal - first;

		if (last[deal].told && move->observed)
			continue;
		if (!last[deal].stage || t >= last[deal].t || (!move->observed && !last[deal].told)) {
			last[deal].stage = move->stage;
			last[deal].t = t;
		}
		last[deal].told |= !move->observed;
	}
	for (uint32_t deal = 0; deal < deals; deal++) {
		uint32_t stage = stage_of(l, first + deal), order = (uint32_t)l->whole.moves.count;

		if (stage && stage != last[deal].stage && !ends(means_of(l, stage)))
			*LIST_ADD(&l->whole.moves) = (struct move){ .deal = first + deal,
								    .entered = TIME_UNKNOWN,
								    .order = order,
								    .stage = stage,
								    .present = true };
	}
	free(last);
}

/* ---- visits ---- */

static struct ending ending_of(const struct loader *l, uint32_t deal)
{
	uint32_t won = load_time(l, FACT_OPPORTUNITIES, COL_WON, deal),
		 lost = load_time(l, FACT_OPPORTUNITIES, COL_LOST, deal);

	if (won != TIME_NOT_REACHED)
		return (struct ending){ won, "forward" };
	if (lost != TIME_NOT_REACHED)
		return (struct ending){ lost, "lost" };
	return (struct ending){ load_time(l, FACT_OPPORTUNITIES, COL_DISCONTINUED, deal), "discontinued" };
}

static const char *outcome_between(struct loader *l, uint32_t from, uint32_t to)
{
	const char *means = means_of(l, to);

	if (!strcmp(means, "lost") || !strcmp(means, "discontinued"))
		return means;
	if (!strcmp(means, "won") || !strcmp(means, "order"))
		return "forward";
	return position_of(l, to) < position_of(l, from) ? "back" : "forward";
}

static struct str stage_name(const struct loader *l, uint32_t stage)
{
	return deal_column(l, COL_STAGE)->dict->names[stage];
}

static void fill_visit(struct loader *l, uint32_t row, const struct move *move, const struct move *next, bool last)
{
	struct ending ending = ending_of(l, move->deal);
	struct facts *facts = l->whole.facts;
	uint32_t left = move->left, to = 0;
	const char *outcome = "still";
	int position = position_of(l, move->stage);

	builder_ref(facts, visit_column(l, COL_OPPORTUNITY), row, move->deal);
	builder_name(facts, visit_column(l, COL_STAGE), row, stage_name(l, move->stage));
	builder_time(facts, visit_column(l, COL_ENTERED), row, move->entered);
	if (position)
		builder_number(facts, visit_column(l, COL_POSITION), row, position);
	if (next) {
		outcome = outcome_between(l, move->stage, next->stage);
		to = next->stage;
		left = left ? left : next->entered;
	}
	/* The deal's own end is the end of its last stay. */
	if (last && ending.at != TIME_NOT_REACHED) {
		outcome = ending.outcome;
		left = ending.at != TIME_UNKNOWN || !left ? ending.at : left;
		to = to ? to : stage_of(l, move->deal);
		if (to == move->stage)
			to = 0;
	} else if (!next) {
		left = TIME_NOT_REACHED;
	}
	if (left != TIME_NOT_REACHED)
		builder_time(facts, visit_column(l, COL_LEFT), row, left);
	builder_name(facts, visit_column(l, COL_OUTCOME), row, str_of(outcome));
	if (to)
		builder_name(facts, visit_column(l, COL_NEXT_STAGE), row, stage_name(l, to));
}

/* An undated end is dated by the move into the stage that means it. */
static void date_ending(struct loader *l, const struct move *move)
{
	const char *means = means_of(l, move->stage);
	struct column *column = NULL;

	if (!strcmp(means, "won") || !strcmp(means, "order"))
		column = deal_column(l, COL_WON);
	else if (ends(means))
		column = deal_column(l, !strcmp(means, "lost") ? COL_LOST : COL_DISCONTINUED);
	if (column && column->at.any && column->at.times[move->deal] == TIME_UNKNOWN && move->entered != TIME_UNKNOWN)
		column->at.times[move->deal] = move->entered;
}

/* Repeated stages are one; a told history makes what was observed in passing needless. */
static size_t settle_moves(struct move *moves, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (moves[i].observed && !moves[0].observed)
			break;
		if (kept && moves[kept - 1].stage == moves[i].stage)
			moves[kept - 1].left = moves[i].left;
		else
			moves[kept++] = moves[i];
	}
	return kept;
}

void visits_of_deal(struct loader *l, struct move *moves, size_t count, struct str key)
{
	struct column *stage = deal_column(l, COL_STAGE);
	size_t kept, last_stay = SIZE_MAX;

	/* A deal whose record names no stage has that of its last move. */
	if (count && !stage_of(l, moves[0].deal)) {
		builder_writable(l->whole.facts, stage);
		stage->at.codes[moves[0].deal] = moves[count - 1].stage;
	}
	kept = settle_moves(moves, count);
	for (size_t i = 0; i < kept; i++) {
		/* A deal first seen won was won before. */
		if (i || !moves[i].observed)
			date_ending(l, &moves[i]);
		if (moves[i].entered != TIME_UNKNOWN)
			builder_version_name(l->whole.facts, stage, moves[i].deal, moves[i].entered,
					     stage_name(l, moves[i].stage));
		if (!ends(means_of(l, moves[i].stage)))
			last_stay = i;
	}
	/* The stage of the first version was seen then, but entered before anyone looked. */
	if (kept && moves[0].observed)
		moves[0].entered = TIME_UNKNOWN;
	for (size_t i = 0; i < kept; i++) {
		if (!ends(means_of(l, moves[i].stage)))
			fill_visit(l, builder_row(l->whole.facts, FACT_STAGE_VISITS, key), &moves[i],
				   i + 1 < kept ? &moves[i + 1] : NULL, i == last_stay);
	}
}

/* What visits take from their deals, once these are finished. */
void visit_rows(struct loader *l, uint32_t first, uint32_t past)
{
	static const enum known_column copied[] = { COL_OWNER,  COL_TEAM,    COL_SOURCE,  COL_ORIGIN, COL_CAMPAIGN,
						    COL_REGION, COL_SEGMENT, COL_PRODUCT, COL_REASON, COL_PARTNER };
	const struct column *deal = visit_column(l, COL_OPPORTUNITY), *from = deal_column(l, COL_AMOUNT);

	load_copy_names(l, FACT_OPPORTUNITIES, FACT_STAGE_VISITS, COL_OPPORTUNITY, copied,
			sizeof(copied) / sizeof(*copied), first, past);
	for (uint32_t i = first; deal->at.any && from->at.any && i < past; i++) {
		uint32_t row = deal->at.refs[i];

		if (from->at.moneys[row] != MONEY_NONE)
			builder_money(l->whole.facts, visit_column(l, COL_AMOUNT), i, from->at.moneys[row],
				      l->whole.facts->currencies[from->currency[row]]);
	}
}

/* Deals come in order, and so do their keys. */
static void add_visits(struct loader *l)
{
	struct move *moves = l->whole.moves.items;
	size_t count = l->whole.moves.count;
	struct str key = STR_NONE;
	struct key_walk walk;

	key_walk_init(&walk, l->whole.facts->tables[FACT_OPPORTUNITIES].columns[0]->at.keys);
	if (count)
		walk.next = moves[0].deal - moves[0].deal % KEY_BLOCK;
	for (size_t i = 0, j; i < count; i = j) {
		for (j = i + 1; j < count && moves[j].deal == moves[i].deal; j++)
			;
		while (walk.next <= moves[i].deal)
			key = key_walk_next(&walk);
		visits_of_deal(l, moves + i, j - i, key);
	}
	key_walk_release(&walk);
}

void load_visits(struct loader *l)
{
	uint32_t first = facts_rows(l->whole.facts, FACT_STAGE_VISITS);

	find_deals(l);
	add_present_stages(l);
	if (l->whole.moves.count)
		qsort(l->whole.moves.items, l->whole.moves.count, sizeof(*l->whole.moves.items), compare_moves);
	add_visits(l);
	free(l->whole.moves.items);
	l->whole.moves.items = NULL;
	l->whole.moves.count = l->whole.moves.capacity = 0;
	visit_rows(l, first, facts_rows(l->whole.facts, FACT_STAGE_VISITS));
}
