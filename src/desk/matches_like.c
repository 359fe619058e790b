/* How much two leads say of each other, and looking for those that say most. */
#include <math.h>
#include <stdlib.h>

#include "desk/matches_private.h"
#include "domain/alike.h"
#include "domain/phone.h"

enum { BLOCK_MOST = 128, CANDIDATES_MOST = 1024 }; /* of one block; of all */

/* ---- how much it says ---- */

/* In bits: of agreement, and of what is told on both sides and differs. */
static const struct {
	double same, differs;
} weights[MATCH_REASON__COUNT] = {
	[MATCH_EMAIL] = { 16, -1 }, /* a shared mailbox is rare; one person has several addresses */
	[MATCH_PHONE] = { 11, -1 }, /* a switchboard is not */
	[MATCH_NAME] = { 9, -9 },   [MATCH_COMPANY] = { 5, -2 }, [MATCH_DOMAIN] = { 5, 0 },
};

/* What must be overcome: that two leads taken at random are of one person. */
static const double against = 9;

const char *match_reason_name(enum match_reason reason)
{
	static const char *const names[] = { [MATCH_EMAIL] = "same e-mail",
					     [MATCH_PHONE] = "same telephone number",
					     [MATCH_NAME] = "name alike",
					     [MATCH_COMPANY] = "company alike",
					     [MATCH_DOMAIN] = "same mail domain" };

	return names[reason];
}

/* Of a likeness: all that it can say from `full` on, nothing at `none`, and below that what a difference says. */
static double graded(enum match_reason reason, double alike, double full, double none, unsigned *reasons)
{
	if (alike <= none)
		return weights[reason].differs * (none - alike) / none;
	*reasons |= 1u << reason;
	return alike >= full ? weights[reason].same : weights[reason].same * (alike - none) / (full - none);
}

static double exact(enum match_reason reason, bool same, unsigned *reasons)
{
	*reasons |= (unsigned)same << reason;
	return same ? weights[reason].same : weights[reason].differs;
}

static int compare(const struct known *a, const struct known *b, unsigned *reasons)
{
	double company = 0, domain = 0, bits = -against;

	*reasons = 0;
	if (a->email.len && b->email.len)
		bits += exact(MATCH_EMAIL, str_eq(a->email, b->email), reasons);
	if (a->phone.len && b->phone.len)
		bits += exact(MATCH_PHONE, phone_same(a->phone, b->phone), reasons);
	if (a->name.len && b->name.len)
		bits += graded(MATCH_NAME, alike_names(a->name, b->name), 0.97, 0.8, reasons);
	if (a->company.len && b->company.len)
		company = graded(MATCH_COMPANY, alike_jaro_winkler(a->company, b->company), 0.97, 0.85, reasons);
	if (a->domain.len && b->domain.len)
		domain = exact(MATCH_DOMAIN, str_eq(a->domain, b->domain), reasons);
	/* One company says both. */
	bits += company > domain ? company : domain > 0 ? domain : company;
	return (int)lround(100 / (1 + exp2(-bits)));
}

/* ---- looking ---- */

struct candidates {
	uint32_t items[CANDIDATES_MOST];
	size_t count;
};

static void add_block(const struct matches *m, const struct known *who, enum block block, struct candidates *out)
{
	uint32_t at = known_first(m, block, known_block(who, block));

	for (size_t n = 0; at && n < BLOCK_MOST && out->count < CANDIDATES_MOST; n++, at = m->items[at - 1].next[block])
		if (!m->items[at - 1].gone)
			out->items[out->count++] = at - 1;
}

static struct match match_of(const struct known *k, int score, unsigned reasons)
{
	return (struct match){ k->source, k->key, reasons, score };
}

/* Keeps the likeliest first; of equals the earlier lead. */
static size_t keep(struct match *out, size_t count, size_t most, const struct match *match)
{
	size_t at = count;

	while (at && out[at - 1].score < match->score)
		at--;
	if (at == most)
		return count;
	count += count < most;
	memmove(&out[at + 1], &out[at], (count - 1 - at) * sizeof(*out));
	out[at] = *match;
	return count;
}

static int compare_numbers(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* `before`: only those before this place. */
static size_t like(const struct matches *m, const struct known *who, size_t before, struct match *out, size_t most)
{
	struct candidates candidates = { .count = 0 };
	size_t count = 0;

	for (int b = BLOCK_EMAIL; b < BLOCK__COUNT; b++)
		add_block(m, who, (enum block)b, &candidates);
	if (candidates.count)
		qsort(candidates.items, candidates.count, sizeof(*candidates.items), compare_numbers);
	for (size_t i = 0; i < candidates.count; i++) {
		const struct known *k = &m->items[candidates.items[i]];
		struct match match;
		unsigned reasons;
		int score;

		if ((i && candidates.items[i] == candidates.items[i - 1]) || candidates.items[i] >= before ||
		    (str_eq(k->key, who->key) && str_eq(k->source, who->source)))
			continue;
		score = compare(who, k, &reasons);
		match = match_of(k, score, reasons);
		if (score >= MATCH_POSSIBLE)
			count = keep(out, count, most, &match);
	}
	return count;
}

size_t matches_like(const struct matches *m, const struct match_person *person, struct str source, struct str key,
		    struct match *out, size_t most)
{
	struct arena arena;
	struct known who;
	size_t count;

	arena_init(&arena);
	who = known_of(person, &arena);
	who.source = source;
	who.key = key;
	count = like(m, &who, m->count, out, most);
	arena_release(&arena);
	return count;
}

size_t matches_of(const struct matches *m, struct str source, struct str key, struct match *out, size_t most)
{
	const struct known *k = known_find(m, source, key);

	return k ? like(m, k, m->count, out, most) : 0;
}

/* Of one address; where one of them has none, of one number and a name alike. */
static bool is_same(const struct known *a, const struct known *b)
{
	const double alike = 0.93;

	if (a->email.len && b->email.len)
		return str_eq(a->email, b->email);
	return phone_same(a->phone, b->phone) && a->name.len && b->name.len && alike_names(a->name, b->name) >= alike;
}

size_t matches_same(const struct matches *m, const struct match_person *person, struct match *out, size_t most)
{
	struct candidates candidates = { .count = 0 };
	struct arena arena;
	struct known who;
	size_t count = 0;

	arena_init(&arena);
	who = known_of(person, &arena);
	add_block(m, &who, BLOCK_EMAIL, &candidates);
	add_block(m, &who, BLOCK_PHONE, &candidates);
	for (size_t i = 0; i < candidates.count && count < most; i++) {
		const struct known *k = &m->items[candidates.items[i]];
		unsigned reasons;
		int score = compare(&who, k, &reasons);

		if (is_same(&who, k))
			out[count++] = match_of(k, score, reasons);
	}
	arena_release(&arena);
	return count;
}

/* ---- all ---- */

static int compare_pairs(const void *left, const void *right)
{
	const struct match_pair *a = left, *b = right;
	int order = b->other.score - a->other.score;

	order = order ? order : str_cmp(a->source, b->source);
	return order ? order : str_cmp(a->key, b->key);
}

size_t matches_pairs(const struct matches *m, size_t among, struct match_pair **out, struct arena *arena)
{
	enum { EACH = 4 };
	size_t count = 0, capacity = 0, from = m->count > among ? m->count - among : 0;

	*out = NULL;
	for (size_t i = from; i < m->count; i++) {
		const struct known *k = &m->items[i];
		struct match found[EACH];
		size_t n = k->gone ? 0 : like(m, k, i, found, EACH);

		for (size_t f = 0; f < n; f++) {
			ARENA_PUSH(arena, *out, count, capacity);
			(*out)[count++] = (struct match_pair){ k->source, k->key, found[f] };
		}
	}
	if (count)
		qsort(*out, count, sizeof(**out), compare_pairs);
	return count;
}
