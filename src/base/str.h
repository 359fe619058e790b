/* A borrowed run of bytes, usually UTF-8. Not NUL-terminated unless it says so. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *at;
	size_t len;
};

#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })
#define STR_NONE ((struct str){ NULL, 0 })
/* For printf("%.*s", STR_ARG(s)) */
#define STR_ARG(s) (int)(s).len, (s).at ? (s).at : ""

static inline struct str str_of(const char *text)
{
	return (struct str){ text, text ? strlen(text) : 0 };
}
static inline bool str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}
static inline bool str_is(struct str a, const char *text)
{
	return str_eq(a, str_of(text));
}

int str_cmp(struct str a, struct str b);      /* bytewise order, shorter first */
bool str_eq_fold(struct str a, struct str b); /* ASCII case ignored */
static inline bool str_starts(struct str s, const char *prefix)
{
	size_t len = strlen(prefix);

	return s.len >= len && (len == 0 || memcmp(s.at, prefix, len) == 0);
}
bool str_ends(struct str s, const char *suffix);
struct str str_trim_ends(struct str s);
/* Spaces, tabs, line ends, U+00A0 and U+FEFF off both ends. Most texts have none of them. */
static inline struct str str_trim(struct str s)
{
	return s.len == 0 || ((signed char)s.at[0] > ' ' && (signed char)s.at[s.len - 1] > ' ') ? s : str_trim_ends(s);
}
/* Takes up to `at` from `rest` and steps over it; all of it when absent. */
struct str str_cut(struct str *rest, char at);
ptrdiff_t str_find(struct str s, const char *needle); /* offset or -1 */
uint64_t str_hash(struct str s);                      /* 64-bit, for tables in memory; not stable between versions */

/* Look-alike spellings: `str_fold_name` writes lower case without spaces, punctuation and accents of Latin letters, so that
 * "GTXPro", "GTX Pro" and "gtx-pro" are alike. `out` takes at most `size` bytes; returns the length written. */
size_t str_fold_name(struct str s, char *out, size_t size);
/* The only candidate that begins so (three letters at least, case ignored), else the nearest to `s` by edit distance (at most a third of its
 * length), else one whose beginning and end hold nearly all of it, or NULL. For "did you mean". */
const char *str_nearest(struct str s, const char *const *candidates, size_t count);

bool utf8_valid(struct str s); /* no overlong forms, no surrogates */
/* Takes one character off the front of `rest`, which is not empty; a byte that makes no sense is U+FFFD. */
uint32_t utf8_next(struct str *rest);
size_t utf8_put(uint32_t code, char out[4]); /* number of bytes; `code` is at most U+10FFFF */
/* Columns on a terminal: code points, wide East Asian ones as two, combining ones as none. */
size_t utf8_width(struct str s);

#endif
