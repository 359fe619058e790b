#include "facts/take_up.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "facts/graft.h"
#include "facts/taking.h"

/* ---- one try ---- */

static bool same_columns(const struct taking *t)
{
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		if (t->made->tables[f].column_count != t->facts->tables[f].column_count)
			return false;
	}
	return true;
}

static void make_rows(struct taking *t)
{
	load_parts(&t->loader, &t->part, 1);
	load_leads_follow(&t->loader);
	facts_finish(t->made, DATE_NONE);
	t->refused |= !same_columns(t);
}

static void begin_try(struct taking *t)
{
	t->made = builder_part_new(t->facts);
	part_init(&t->part, t->facts);
	loader_init(&t->loader, t->made, 1);
	part_bring_lasting(&t->part, t->made, t->facts);
}

static void end_try(struct taking *t)
{
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		places_release(&t->copies[f]);
		t->rows[f] = 0;
	}
	places_release(&t->accounts_seen);
	t->accounts.count = 0;
	arena_reset(&t->arena);
	if (!t->made)
		return;
	builder_part_free(t->part.facts);
	part_release(&t->part);
	loader_release(&t->loader);
	builder_part_free(t->made);
	t->made = NULL;
}

static int try(struct taking *t, struct err *err)
{
	int failed;

	end_try(t);
	begin_try(t);
	t->again = false;
	failed = read_all(t, err);
	if (failed || t->refused)
		return failed;
	bring_belongings(t);
	make_rows(t);
	if (t->refused)
		return 0;
	/* What changed has told by now which rows it has. */
	for (size_t i = 0; i < t->moved.count; i++)
		want(t, OBJECT_OPPORTUNITY, t->moved.items[i]);
	follow_rows(t);
	return 0;
}

int take_up_prepare(struct taking **out, struct facts *facts, struct finder *finder, struct book *book,
		    const struct changes *changes, struct err *err)
{
	struct taking *t = must_calloc(1, sizeof(*t));
	int failed = 0;

	*t = (struct taking){
		.facts = facts, .finder = finder, .book = book, .head = book_head(book), .refused = changes->all
	};
	arena_init(&t->arena);
	if (!t->refused)
		failed = note_changes(t, changes, err);
	/* Each time more rows are made, and there are only so many. */
	do {
		if (!failed && !t->refused)
			failed = try(t, err);
	} while (!failed && !t->refused && t->again);
	*out = failed || t->refused ? NULL : t;
	if (!*out)
		take_up_free(t);
	return failed;
}

size_t take_up_most(const struct facts *facts)
{
	enum { PART_OF_ROWS = 10, FEW = 100, MOST = 1 << 20 };
	uint64_t rows = 0;

	for (enum fact f = 0; f < FACT__COUNT; f++)
		rows += facts_rows(facts, f);
	return rows / PART_OF_ROWS < MOST ? (size_t)(rows / PART_OF_ROWS) + FEW : MOST;
}

/* ---- putting it in ---- */

static struct column *tied(struct facts *facts, enum fact fact, enum link link)
{
	static const char *const names[LINK__COUNT] = { "lead", "opportunity", NULL, "account" };

	return facts_known_column(facts, fact, names[link]);
}

/* Those of the rows made in place of what these had. */
static void put_ties(struct taking *t, const struct graft *graft)
{
	struct ties *ties = &t->facts->ties;
	size_t kept = 0;

	for (size_t i = 0; i < ties->count; i++) {
		struct tie tie = ties->items[i];
		enum object object = object_of_fact(tie.fact);

		if (!places_get(&t->wanted[object], places_hash(tie.row, object)))
			ties->items[kept++] = tie;
		else if (tie.missing)
			tied(t->facts, tie.fact, tie.link)->unresolved--;
	}
	ties->count = kept;
	for (size_t i = 0; i < t->made->ties.count; i++) {
		struct tie tie = t->made->ties.items[i];

		tie.row = graft->rows[tie.fact][tie.row];
		if (tie.missing)
			tied(t->facts, tie.fact, tie.link)->unresolved++;
		ties_add(ties, &tie);
	}
}

/* New ones come in order behind those that are there. */
static void put_moves(struct taking *t)
{
	struct column *visits = facts_known_column(t->facts, FACT_STAGE_VISITS, "opportunity");
	struct ties *ties = &t->facts->ties;
	size_t before = ties->move_count;

	for (size_t i = 0; i < t->made->ties.move_count; i++) {
		const struct told_move *move = &t->made->ties.moves[i];
		struct ties old = { .moves = ties->moves, .move_count = before };
		struct told_move *known = move_before(&old, move->subject);

		visits->unresolved += move->missing - (known ? known->missing : 0);
		if (known)
			*known = *move;
		else
			ties_add_move(ties, move);
	}
	for (size_t i = 0; i < t->names.count; i++)
		ties_add_name(ties, t->names.items[i]);
	ties->persons += t->persons;
}

static void put_rows(struct taking *t, struct graft *graft)
{
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		for (uint32_t i = 0; i < t->rows[f]; i++)
			graft_place(graft, f, i, t->to[f][i]);
	}
	graft_visits(graft, t->whole[FACT_OPPORTUNITIES]);
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		for (uint32_t i = 0; i < t->rows[f]; i++) {
			if (t->whole[f][i])
				graft_row(graft, f, i);
			else if (f == FACT_LEADS)
				graft_value(graft, f, i, "first_response");
		}
	}
}

void take_up_apply(struct taking *t, int32_t today)
{
	struct graft graft;

	graft_init(&graft, t->facts, t->made);
	put_rows(t, &graft);
	put_ties(t, &graft);
	put_moves(t);
	graft_finish(&graft, t->whole, today);
	t->facts->head = t->head;
	graft_release(&graft);
}

void take_up_free(struct taking *t)
{
	if (!t)
		return;
	end_try(t);
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		places_release(&t->walked[f]);
		free(t->whole[f]);
		free(t->to[f]);
	}
	for (enum object object = 0; object < OBJECT__COUNT; object++) {
		free(t->items[object].items);
		places_release(&t->wanted[object]);
	}
	free(t->moves.items);
	free(t->moved.items);
	free(t->names.items);
	free(t->accounts.items);
	places_release(&t->newcomers);
	arena_release(&t->arena);
	free(t);
}
