#include "desk/standings.h"

struct reading_standings {
	struct standings *out;
	int64_t at_ms;
	struct arena *arena;
};

static struct partner_standing *find(struct standings *standings, struct str partner)
{
	for (size_t i = 0; i < standings->count; i++)
		if (str_eq(standings->items[i].partner, partner))
			return &standings->items[i];
	return NULL;
}

static int take(void *context, const struct state *state, struct err *err)
{
	struct reading_standings *r = context;
	const struct value *partner = record_get(&state->record, FIELD_PARTNER);
	const struct value *kind = record_get(&state->record, FIELD_KIND), *at = record_get(&state->record, FIELD_AT);
	const struct value *reason = record_get(&state->record, FIELD_REASON);
	struct partner_standing *one;
	enum standing standing;

	(void)err;
	if (!partner || !kind || !at || at->kind != VALUE_TIME || at->as.time_ms > r->at_ms ||
	    !standing_by_name(kind->as.text, &standing))
		return 0;
	one = find(r->out, partner->as.text);
	if (!one) {
		ARENA_PUSH(r->arena, r->out->items, r->out->count, r->out->capacity);
		one = &r->out->items[r->out->count++];
		*one = (struct partner_standing){ .partner = arena_str(r->arena, partner->as.text) };
	}
	/* In the order they were recorded; of one partner that is the order of time. */
	one->standing = standing;
	one->at_ms = at->as.time_ms;
	one->reason = reason ? arena_str(r->arena, reason->as.text) : STR_NONE;
	one->changes++;
	return 0;
}

int standings_read(struct standings *out, struct book *book, int64_t at_ms, int64_t known_at_ms, struct arena *arena,
		   struct err *err)
{
	const struct reading reading = { .known_at_ms = known_at_ms };
	struct reading_standings r = { out, at_ms, arena };

	*out = (struct standings){ .count = 0 };
	return book_states(book, OBJECT_STANDING, &reading, take, &r, err);
}

const struct partner_standing *standings_of(const struct standings *standings, struct str partner)
{
	return find((struct standings *)standings, partner);
}
