/* Made-up names. Addresses stand at .example, a domain nobody can have (RFC 2606). */
#ifndef SIM_WORDS_H
#define SIM_WORDS_H

#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/str.h"

struct word_list {
	const char *const *words;
	uint32_t count;
};
extern const struct word_list words_first, words_last, words_company_front, words_company_back, words_industry,
	words_theme;

/* Person `i` of a list in which the first 4,800 differ from each other; `shift` turns the list. */
struct str words_colleague(uint64_t i, uint32_t shift, struct arena *arena);
/* Lower case ASCII letters and digits only. */
struct str words_slug(struct str text, struct arena *arena);

#endif
