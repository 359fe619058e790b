#include "base/str.h"

int str_cmp(struct str a, struct str b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len ? memcmp(a.at, b.at, len) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool str_eq_fold(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.at[i]) != lower(b.at[i]))
			return false;
	return true;
}

static struct str tail(struct str s, size_t from)
{
	return s.at ? (struct str){ s.at + from, s.len - from } : s;
}

bool str_ends(struct str s, const char *suffix)
{
	size_t len = strlen(suffix);

	return s.len >= len && str_is(tail(s, s.len - len), suffix);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim_ends(struct str s)
{
	for (;;) {
		if (s.len && is_blank(s.at[0]))
			s = tail(s, 1);
		else if (str_starts(s, "\u00A0"))
			s = tail(s, strlen("\u00A0"));
		else if (str_starts(s, "\uFEFF"))
			s = tail(s, strlen("\uFEFF"));
		else
			break;
	}
	for (;;) {
		if (s.len && is_blank(s.at[s.len - 1]))
			s.len--;
		else if (str_ends(s, "\u00A0"))
			s.len -= strlen("\u00A0");
		else if (str_ends(s, "\uFEFF"))
			s.len -= strlen("\uFEFF");
		else
			return s;
	}
}

struct str str_cut(struct str *rest, char at)
{
	const char *found = rest->len ? memchr(rest->at, at, rest->len) : NULL;
	struct str taken = *rest;

	if (!found) {
		*rest = tail(*rest, rest->len);
		return taken;
	}
	taken.len = (size_t)(found - rest->at);
	*rest = tail(*rest, taken.len + 1);
	return taken;
}

ptrdiff_t str_find(struct str s, const char *needle)
{
	size_t len = strlen(needle);

	if (!len)
		return 0;
	const char *found = s.len ? memmem(s.at, s.len, needle, len) : NULL;

	return found ? found - s.at : -1;
}

static uint64_t mix(uint64_t h, uint64_t word)
{
	h = (h ^ word) * 0x9E3779B97F4A7C15u;
	return h ^ (h >> 32);
}

uint64_t str_hash(struct str s)
{
	uint64_t h = mix(0x243F6A8885A308D3u, s.len), word;

	while (s.len >= sizeof(word)) {
		memcpy(&word, s.at, sizeof(word));
		h = mix(h, word);
		s = tail(s, sizeof(word));
	}
	word = 0;
	if (s.len)
		memcpy(&word, s.at, s.len);
	return mix(mix(h, word), s.len);
}

/* Edit distance in which swapping two neighbours costs one; case is ignored. More than `most` is told as `most` + 1. */
static size_t edit_distance(struct str a, struct str b, size_t most)
{
	enum { LONGEST = 64 };
	size_t rows[3][LONGEST + 1];
	size_t *before = rows[0], *last = rows[1], *now = rows[2];

	if (a.len > LONGEST || b.len > LONGEST)
		return most + 1;
	for (size_t j = 0; j <= b.len; j++)
		last[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		now[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			bool same = lower(a.at[i - 1]) == lower(b.at[j - 1]);
			size_t best = last[j - 1] + !same;

			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && lower(a.at[i - 1]) == lower(b.at[j - 2]) &&
			    lower(a.at[i - 2]) == lower(b.at[j - 1]) && before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
		size_t *free_row = before;

		before = last;
		last = now;
		now = free_row;
	}
	return last[b.len] > most ? most + 1 : last[b.len];
}

static bool same_letter(char a, char b)
{
	return str_eq_fold((struct str){ &a, 1 }, (struct str){ &b, 1 });
}

/* Letters of `s` that stand at the beginning or the end of `other`. */
static size_t shared_ends(struct str s, struct str other)
{
	size_t most = s.len < other.len ? s.len : other.len, front = 0, back = 0;

	while (front < most && same_letter(s.at[front], other.at[front]))
		front++;
	while (front + back < most && same_letter(s.at[s.len - back - 1], other.at[other.len - back - 1]))
		back++;
	return front + back;
}

/* "week" of "weekly", "drymap" of "draft-map": at least four letters, and all but a quarter of them. */
static const char *nearest_by_ends(struct str s, const char *const *candidates, size_t count)
{
	size_t best = s.len - s.len / 4;
	const char *nearest = NULL;

	if (s.len < 4)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t shared = shared_ends(s, str_of(candidates[i]));

		if (shared >= best) {
			best = shared + 1;
			nearest = candidates[i];
		}
	}
	return nearest;
}

/* NULL: none begins so, or several do. */
static const char *only_beginning(struct str s, const char *const *candidates, size_t count)
{
	const char *found = NULL;

	for (size_t i = 0; s.len >= 3 && i < count; i++) {
		struct str candidate = str_of(candidates[i]);

		if (candidate.len < s.len || !str_eq_fold((struct str){ candidate.at, s.len }, s))
			continue;
		if (found)
			return NULL;
		found = candidates[i];
	}
	return found;
}

const char *str_nearest(struct str s, const char *const *candidates, size_t count)
{
	size_t best = s.len / 3 + 1;
	const char *nearest = only_beginning(s, candidates, count);

	if (nearest)
		return nearest;

	for (size_t i = 0; i < count; i++) {
		size_t distance = edit_distance(s, str_of(candidates[i]), best);

		if (distance < best) {
			best = distance;
			nearest = candidates[i];
		}
	}
	return nearest ? nearest : nearest_by_ends(s, candidates, count);
}
