#include "domain/alike.h"

static struct str short_of(struct str text)
{
	return (struct str){ text.at, text.len < ALIKE_MOST ? text.len : ALIKE_MOST };
}

/* ---- Jaro ---- */

/* Letters that both have, not further apart than `window`; marks them. */
static size_t common(struct str a, struct str b, size_t window, bool *in_a, bool *in_b)
{
	size_t count = 0;

	for (size_t i = 0; i < a.len; i++) {
		size_t from = i > window ? i - window : 0, to = i + window + 1 < b.len ? i + window + 1 : b.len;

		for (size_t k = from; k < to; k++) {
			if (in_b[k] || a.at[i] != b.at[k])
				continue;
			in_a[i] = in_b[k] = true;
			count++;
			break;
		}
	}
	return count;
}

/* Common letters that stand in another order. */
static size_t out_of_order(struct str a, struct str b, const bool *in_a, const bool *in_b)
{
	size_t count = 0, k = 0;

	for (size_t i = 0; i < a.len; i++) {
		if (!in_a[i])
			continue;
		while (!in_b[k])
			k++;
		count += a.at[i] != b.at[k++];
	}
	return count;
}

double alike_jaro(struct str a, struct str b)
{
	bool in_a[ALIKE_MOST] = { false }, in_b[ALIKE_MOST] = { false };
	size_t longer, window;
	double m, t;

	a = short_of(a);
	b = short_of(b);
	if (!a.len || !b.len)
		return a.len == b.len ? 1 : 0;
	longer = a.len > b.len ? a.len : b.len;
	window = longer / 2 ? longer / 2 - 1 : 0;
	m = (double)common(a, b, window, in_a, in_b);
	if (m < 1)
		return 0;
	t = (double)out_of_order(a, b, in_a, in_b) / 2;
	return (m / (double)a.len + m / (double)b.len + (m - t) / m) / 3;
}

double alike_jaro_winkler(struct str a, struct str b)
{
	enum { PREFIX_MOST = 4 };
	const double scale = 0.1;
	double jaro = alike_jaro(a, b);
	size_t prefix = 0;

	while (prefix < PREFIX_MOST && prefix < a.len && prefix < b.len && a.at[prefix] == b.at[prefix])
		prefix++;
	return jaro + (double)prefix * scale * (1 - jaro);
}

/* ---- Dice ---- */

double alike_dice(struct str a, struct str b)
{
	bool used[ALIKE_MOST] = { false };
	size_t shared = 0;

	a = short_of(a);
	b = short_of(b);
	if (a.len < 2 || b.len < 2)
		return str_eq(a, b) ? 1 : 0;
	for (size_t i = 0; i + 1 < a.len; i++)
		for (size_t k = 0; k + 1 < b.len; k++) {
			if (used[k] || a.at[i] != b.at[k] || a.at[i + 1] != b.at[k + 1])
				continue;
			used[k] = true;
			shared++;
			break;
		}
	return 2 * (double)shared / (double)(a.len - 1 + b.len - 1);
}

/* ---- names ---- */

static size_t words_of(struct str text, struct str out[ALIKE_WORDS])
{
	size_t count = 0;

	while (text.len && count < ALIKE_WORDS) {
		struct str word = str_cut(&text, ' ');

		if (word.len)
			out[count++] = word;
	}
	return count;
}

/* An initial stands for a name that begins so, not quite as sure as the name. */
static double word_alike(struct str a, struct str b)
{
	const double initial = 0.85;

	if ((a.len == 1 || b.len == 1) && a.len != b.len)
		return a.at[0] == b.at[0] ? initial : 0;
	return alike_jaro_winkler(a, b);
}

double alike_names(struct str a, struct str b)
{
	struct str x[ALIKE_WORDS], y[ALIKE_WORDS];
	size_t n = words_of(a, x), m = words_of(b, y);
	bool used[ALIKE_WORDS] = { false };
	double sum = 0;

	if (n > m)
		return alike_names(b, a);
	if (!n)
		return m ? 0 : 1;
	for (size_t i = 0; i < n; i++) {
		size_t best = ALIKE_WORDS;
		double most = 0;

		for (size_t k = 0; k < m; k++) {
			double alike = used[k] ? 0 : word_alike(x[i], y[k]);

			if (alike > most) {
				most = alike;
				best = k;
			}
		}
		if (best < ALIKE_WORDS)
			used[best] = true;
		sum += most;
	}
	return sum / (double)n;
}

/* ---- one spelling ---- */

/* Between words stand bytes that belong to none: below 0x80, no letter and no digit. */
static bool between(char c)
{
	return (signed char)c >= 0 && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9');
}

size_t alike_fold(struct str text, char *out, size_t size)
{
	size_t len = 0;

	while (text.len) {
		struct str word = { text.at, 0 };

		while (word.len < text.len && !between(text.at[word.len]))
			word.len++;
		text.at += word.len + (word.len < text.len);
		text.len -= word.len + (word.len < text.len);
		if (!word.len || len + 2 >= size)
			continue;
		if (len)
			out[len++] = ' ';
		word.len = str_fold_name(word, out + len, size - len);
		len = word.len ? len + word.len : len ? len - 1 : 0;
	}
	return len;
}

static bool is_legal_form(struct str word)
{
	static const char *const forms[] = { "gmbh", "mbh",  "ag",          "kg",      "kgaa", "ohg", "ug",
					     "se",   "co",   "ev",          "inc",     "llc",  "llp", "ltd",
					     "plc",  "corp", "corporation", "company", "sa",   "sas", "sarl",
					     "srl",  "spa",  "bv",          "nv",      "ab",   "as",  "oy",
					     "aps",  "pty",  "pte",         "limited", "und",  "and" };

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (str_is(word, forms[i]))
			return true;
	return false;
}

size_t alike_fold_company(struct str text, char *out, size_t size)
{
	size_t len = alike_fold(text, out, size), kept = 0;
	struct str rest = { out, len };

	while (rest.len) {
		struct str word = str_cut(&rest, ' ');

		if (kept && is_legal_form(word))
			continue;
		if (kept)
			out[kept++] = ' ';
		memmove(out + kept, word.at, word.len);
		kept += word.len;
	}
	return kept;
}
