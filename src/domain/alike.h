/* How alike two texts are, by measures that others have published; 0 not at all, 1 the same.
 *
 * - Jaro: M. A. Jaro, "Advances in Record-Linkage Methodology as Applied to Matching the 1985 Census of Tampa, Florida", Journal of the American
 *   Statistical Association 84 (1989).
 * - Jaro–Winkler: W. E. Winkler, "String Comparator Metrics and Enhanced Decision Rules in the Fellegi–Sunter Model of Record Linkage" (1990):
 *   a tenth of what is missing is given for each of the first letters that agree, four at most.
 * - Dice: L. R. Dice, "Measures of the Amount of Ecologic Association Between Species" (1945), over pairs of neighbouring letters.
 * - Names of several words: A. E. Monge and C. P. Elkan, "The field matching problem" (1996): the mean, over the words of the shorter name, of
 *   the best Jaro–Winkler with a word of the other, each word used once; made the same both ways by going from the shorter to the longer.
 *
 * Texts are bytes in one spelling (str_fold_name, alike_fold): callers fold them first. Up to ALIKE_MOST bytes are looked at.
 */
#ifndef DOMAIN_ALIKE_H
#define DOMAIN_ALIKE_H

#include "base/str.h"

enum { ALIKE_MOST = 64, ALIKE_WORDS = 8 };

double alike_jaro(struct str a, struct str b);
double alike_jaro_winkler(struct str a, struct str b);
double alike_dice(struct str a, struct str b);
/* Of words with a space between them, in any order. */
double alike_names(struct str a, struct str b);

/* "Dr. José-María  Ruiz" → "dr jose maria ruiz": lower case, no accents, words of letters and digits with one space between them. Returns
 * the length; at most `size` bytes. */
size_t alike_fold(struct str text, char *out, size_t size);
/* The same of a company, without its legal form ("GmbH & Co. KG", "Inc."), unless nothing would be left. */
size_t alike_fold_company(struct str text, char *out, size_t size);

#endif
