/* Stage visits: from a stage history where there is one, else from what the record itself said over time, else one visit of the
 * present stage whose beginning nobody knows. Stages that end a deal are no visits: a deal does not stay in *won*. */
#include <stdlib.h>
#include <string.h>

#include "facts/load.h"

struct ending {
	uint32_t at; /* TIME_NOT_REACHED: still open */
	const char *outcome;
};

static struct column *deal_column(struct loader *l, const char *name)
{
	return facts_known_column(l->facts, FACT_OPPORTUNITIES, name);
}

static struct column *visit_column(struct loader *l, const char *name)
{
	return facts_known_column(l->facts, FACT_STAGE_VISITS, name);
}

static int position_of(const struct loader *l, struct str stage)
{
	const struct stage_def *def = facts_stage(l->facts, stage);

	return def ? def->position : 0;
}

static const char *means_of(const struct loader *l, struct str stage)
{
	const struct stage_def *def = facts_stage(l->facts, stage);

	return def ? def->means : "open";
}

static bool ends(const char *means)
{
	return !strcmp(means, "won") || !strcmp(means, "order") || !strcmp(means, "lost") ||
	       !strcmp(means, "discontinued");
}

static int each_move(void *context, const struct state *state, struct err *err)
{
	struct loader *l = context;
	const struct record *record = &state->record;
	struct str stage = load_text(record, FIELD_STAGE), owner = load_text(record, FIELD_OWNER);
	uint64_t deal = load_find(l, OBJECT_OPPORTUNITY, record->source, record_get(record, FIELD_OPPORTUNITY_REF),
				  visit_column(l, "opportunity"));
	uint32_t entered = load_seconds(l, record_get(record, FIELD_ENTERED)), row = (uint32_t)deal - 1;
	const struct value *amount = record_get(record, FIELD_AMOUNT),
			   *close = record_get(record, FIELD_EXPECTED_CLOSE);

	(void)err;
	if (!deal || !stage.len)
		return 0;
	ARENA_PUSH(&l->arena, l->moves, l->move_count, l->move_capacity);
	l->moves[l->move_count] = (struct move){ .deal = row,
						 .entered = entered ? entered : TIME_UNKNOWN,
						 .left = load_seconds(l, record_get(record, FIELD_LEFT)),
						 .order = (uint32_t)l->move_count,
						 .stage = load_keep(l, stage) };
	l->move_count++;
	if (!entered || entered == TIME_UNKNOWN)
		return 0;
	/* A stage history often says what else held at the time. */
	if (amount && amount->kind == VALUE_MONEY)
		builder_version_money(l->facts, deal_column(l, "amount"), row, entered, amount->as.money.minor,
				      amount->as.money.currency);
	if (load_seconds(l, close) != TIME_NOT_REACHED)
		builder_version_time(deal_column(l, "expected_close"), row, entered, load_seconds(l, close));
	if (owner.len) {
		const struct colleague *colleague = load_colleague(l, record->source, owner);

		builder_version_name(l->facts, deal_column(l, "owner"), row, entered,
				     colleague && colleague->name.len ? colleague->name : owner);
	}
	return 0;
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

static uint32_t time_of(struct loader *l, const char *name, uint32_t deal)
{
	const struct column *column = deal_column(l, name);

	return column->at.any ? column->at.times[deal] : TIME_NOT_REACHED;
}

static struct ending ending_of(struct loader *l, uint32_t deal)
{
	uint32_t won = time_of(l, "won", deal), lost = time_of(l, "lost", deal);

	if (won != TIME_NOT_REACHED)
		return (struct ending){ won, "forward" };
	if (lost != TIME_NOT_REACHED)
		return (struct ending){ lost, "lost" };
	return (struct ending){ time_of(l, "discontinued", deal), "discontinued" };
}

static const char *outcome_between(const struct loader *l, struct str from, struct str to)
{
	const char *means = means_of(l, to);

	if (!strcmp(means, "lost") || !strcmp(means, "discontinued"))
		return means;
	if (!strcmp(means, "won") || !strcmp(means, "order"))
		return "forward";
	return position_of(l, to) < position_of(l, from) ? "back" : "forward";
}

static void add_visit(struct loader *l, const struct move *move, const struct move *next, bool last)
{
	struct ending ending = ending_of(l, move->deal);
	uint32_t row = builder_row(
		l->facts, FACT_STAGE_VISITS,
		key_list_at(l->facts->tables[FACT_OPPORTUNITIES].columns[0]->at.keys, move->deal, &l->arena));
	uint32_t left = move->left;
	const char *outcome = "still";
	struct str to = STR_NONE;
	int position = position_of(l, move->stage);

	builder_ref(l->facts, visit_column(l, "opportunity"), row, move->deal);
	builder_name(l->facts, visit_column(l, "stage"), row, move->stage);
	builder_time(l->facts, visit_column(l, "entered"), row, move->entered);
	if (position)
		builder_number(l->facts, visit_column(l, "position"), row, position);
	if (next) {
		outcome = outcome_between(l, move->stage, next->stage);
		to = next->stage;
		left = left ? left : next->entered;
	}
	/* The deal's own end is the end of its last stay. */
	if (last && ending.at != TIME_NOT_REACHED) {
		outcome = ending.outcome;
		left = ending.at != TIME_UNKNOWN || !left ? ending.at : left;
		to = to.len ? to : load_name_at(l, FACT_OPPORTUNITIES, "stage", move->deal);
		if (str_eq(to, move->stage))
			to = STR_NONE;
	} else if (!next) {
		left = TIME_NOT_REACHED;
	}
	if (left != TIME_NOT_REACHED)
		builder_time(l->facts, visit_column(l, "left"), row, left);
	builder_name(l->facts, visit_column(l, "outcome"), row, str_of(outcome));
	if (to.len)
		builder_name(l->facts, visit_column(l, "next_stage"), row, to);
}

/* An undated end is dated by the move into the stage that means it. */
static void date_ending(struct loader *l, const struct move *move)
{
	const char *means = means_of(l, move->stage);
	const char *name = !strcmp(means, "order") ? "won" : means;
	struct column *column = ends(means) ? deal_column(l, name) : NULL;

	if (column && column->at.any && column->at.times[move->deal] == TIME_UNKNOWN && move->entered != TIME_UNKNOWN)
		column->at.times[move->deal] = move->entered;
}

/* Moves of one deal, in order; repeated stages are one. */
static void visits_of_deal(struct loader *l, struct move *moves, size_t count)
{
	struct column *stage = deal_column(l, "stage");
	size_t kept = 0, last_stay = SIZE_MAX;

	for (size_t i = 0; i < count; i++) {
		/* A told history makes what was observed in passing needless. */
		if (moves[i].observed && !moves[0].observed)
			break;
		if (kept && str_eq(moves[kept - 1].stage, moves[i].stage)) {
			moves[kept - 1].left = moves[i].left;
			continue;
		}
		moves[kept++] = moves[i];
	}
	for (size_t i = 0; i < kept; i++) {
		/* A deal first seen won was won before. */
		if (i || !moves[i].observed)
			date_ending(l, &moves[i]);
		if (moves[i].entered != TIME_UNKNOWN)
			builder_version_name(l->facts, stage, moves[i].deal, moves[i].entered, moves[i].stage);
		if (!ends(means_of(l, moves[i].stage)))
			last_stay = i;
	}
	/* The stage of the first version was seen then, but entered before anyone looked. */
	if (kept && moves[0].observed)
		moves[0].entered = TIME_UNKNOWN;
	for (size_t i = 0; i < kept; i++) {
		if (!ends(means_of(l, moves[i].stage)))
			add_visit(l, &moves[i], i + 1 < kept ? &moves[i + 1] : NULL, i == last_stay);
	}
}

/* The present stage, where the history does not end with it. */
static void add_present_stages(struct loader *l)
{
	uint32_t first = l->first[FACT_OPPORTUNITIES], deals = facts_rows(l->facts, FACT_OPPORTUNITIES) - first;
	struct str *last = ARENA_ARRAY(&l->arena, struct str, deals + 1);
	bool *told = ARENA_ARRAY(&l->arena, bool, deals + 1);
	uint32_t *latest = ARENA_ARRAY(&l->arena, uint32_t, deals + 1);
	size_t count = l->move_count;

	for (size_t i = 0; i < count; i++) {
		const struct move *move = &l->moves[i];
		uint32_t t = move->entered == TIME_UNKNOWN ? 0 : move->entered, deal = move->deal - first;

		if (told[deal] && move->observed)
			continue;
		if (!last[deal].len || t >= latest[deal] || (!move->observed && !told[deal])) {
			last[deal] = move->stage;
			latest[deal] = t;
		}
		told[deal] |= !move->observed;
	}
	for (uint32_t deal = 0; deal < deals; deal++) {
		struct str stage = load_name_at(l, FACT_OPPORTUNITIES, "stage", first + deal);

		if (!stage.len || str_eq(stage, last[deal]) || ends(means_of(l, stage)))
			continue;
		ARENA_PUSH(&l->arena, l->moves, l->move_count, l->move_capacity);
		l->moves[l->move_count] = (struct move){ .deal = first + deal,
							 .entered = TIME_UNKNOWN,
							 .order = (uint32_t)l->move_count,
							 .stage = stage,
							 .present = true };
		l->move_count++;
	}
}

/* A deal whose record names no stage has that of its last move. */
static void default_stages(struct loader *l, const struct move *moves, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i + 1 == count || moves[i + 1].deal != moves[i].deal)
			load_default(l, FACT_OPPORTUNITIES, "stage", moves[i].deal, moves[i].stage);
	}
}

static void copy_amounts(struct loader *l)
{
	const struct column *deal = visit_column(l, "opportunity"), *from = deal_column(l, "amount");

	for (uint32_t i = l->first[FACT_STAGE_VISITS];
	     deal->at.any && from->at.any && i < facts_rows(l->facts, FACT_STAGE_VISITS); i++) {
		uint32_t row = deal->at.refs[i];

		if (from->at.moneys[row] != MONEY_NONE)
			builder_money(l->facts, visit_column(l, "amount"), i, from->at.moneys[row],
				      l->facts->currencies[from->currency[row]]);
	}
}

int load_visits(struct loader *l)
{
	static const char *const copied[] = { "owner",  "team",    "source",  "origin", "campaign",
					      "region", "segment", "product", "reason", "partner" };
	int failed = load_states(l, OBJECT_STAGE_CHANGE, each_move);

	if (failed)
		return failed;
	add_present_stages(l);
	if (l->move_count)
		qsort(l->moves, l->move_count, sizeof(*l->moves), compare_moves);
	default_stages(l, l->moves, l->move_count);
	for (size_t i = 0, j; i < l->move_count; i = j) {
		for (j = i + 1; j < l->move_count && l->moves[j].deal == l->moves[i].deal; j++)
			;
		visits_of_deal(l, l->moves + i, j - i);
	}
	load_copy_names(l, FACT_OPPORTUNITIES, FACT_STAGE_VISITS, "opportunity", copied,
			sizeof(copied) / sizeof(*copied));
	copy_amounts(l);
	return 0;
}
