#include <stdlib.h>
#include "base/buf.h"
#include "book/fold.h"

bool field_private(enum object object, enum field code)
{
	if (code == FIELD_CUSTOM)
		return false;
	if (code == FIELD_EMAIL_MATCH || code == FIELD_PHONE_MATCH || code >= (enum field)FIELD_OWN_MATCH)
		return true;
	const struct field_def *def = field_by_code(object, code);
	return def && def->personal;
}

void clear_write(struct buf *out, enum object object, const struct record_field *fields, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!field_private(object, fields[i].code))
			payload_write(out, &fields[i], 1);
}

static int compare_clear(enum object object, const struct observation *a, const struct observation *b)
{
	struct buf left, right;

	buf_init(&left, PAYLOAD_MAX);
	buf_init(&right, PAYLOAD_MAX);
	clear_write(&left, object, a->fields, a->count);
	clear_write(&right, object, b->fields, b->count);
	int order = str_cmp(buf_str(&left), buf_str(&right));
	buf_release(&left);
	buf_release(&right);
	return order;
}

static int compare(enum object object, const struct observation *a, const struct observation *b, bool *tied)
{
	if (a->effective_ms != b->effective_ms)
		return a->effective_ms < b->effective_ms ? -1 : 1;
	int order = compare_clear(object, a, b);
	if (order == 0 && a->has_match && b->has_match)
		order = memcmp(a->match, b->match, MATCH_BYTES);
	if (order != 0)
		return order;
	*tied = true;
	return a->seq < b->seq ? -1 : a->seq > b->seq;
}

/* By insertion: a record has few observations, and they come nearly in order. A record with very many is still sorted, slowly. */
static bool sort(enum object object, struct observation *all, size_t count)
{
	bool tied = false;

	for (size_t i = 1; i < count; i++) {
		struct observation moving = all[i];
		size_t at = i;

		for (; at > 0 && compare(object, &all[at - 1], &moving, &tied) > 0; at--)
			all[at] = all[at - 1];
		all[at] = moving;
	}
	return tied;
}

struct record_field *fold_overlay(const struct record_field *lower, size_t lower_count,
				  const struct record_field *upper, size_t upper_count, size_t *count,
				  struct arena *arena)
{
	struct record_field *out = ARENA_ARRAY(arena, struct record_field, lower_count + upper_count + 1);
	size_t i = 0, k = 0, n = 0;

	while (i < lower_count || k < upper_count) {
		int order = i == lower_count ? 1 : k == upper_count ? -1 : field_order(&lower[i], &upper[k]);

		out[n++] = order < 0 ? lower[i] : upper[k];
		i += order <= 0;
		k += order >= 0;
	}
	*count = n;
	return out;
}

void fold_lay(struct folded *folded, const struct observation *o, struct arena *arena)
{
	folded->erased |= o->erased;
	if (o->person && o->seq > folded->person_seq) {
		folded->person = o->person;
		folded->person_seq = o->seq;
	}
	if (!o->counts)
		return;
	folded->fields = fold_overlay(folded->fields, folded->count, o->fields, o->count, &folded->count, arena);
	folded->standing = o;
	folded->versions++;
	if (folded->first_seq == 0 || o->seq < folded->first_seq)
		folded->first_seq = o->seq;
	if (o->seq > folded->last_seq)
		folded->last_seq = o->seq;
}

void fold_end(struct folded *folded)
{
	size_t n = 0;

	for (size_t i = 0; i < folded->count; i++)
		if (folded->fields[i].value.kind != VALUE_EMPTY)
			folded->fields[n++] = folded->fields[i];
	folded->count = n;
}

void fold(enum object object, struct observation *observations, size_t count, struct folded *out, struct arena *arena)
{
	*out = (struct folded){ 0 };
	out->tied = sort(object, observations, count);
	for (size_t i = 0; i < count; i++)
		fold_lay(out, &observations[i], arena);
	fold_end(out);
}
