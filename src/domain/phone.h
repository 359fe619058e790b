/* Telephone numbers in one spelling, E.164 (ITU-T Recommendation E.164, 11/2010): a plus sign, the country's code, the number; 15 digits at
 * most. "+49 (0)30 1234-567", "0049 30 1234567" and, of somebody in Germany, "030/1234567" are all "+49301234567".
 *
 * Where the country is not known a number without its code stays as it is, without the plus; phone_same then goes by its end.
 */
#ifndef DOMAIN_PHONE_H
#define DOMAIN_PHONE_H

#include "base/str.h"

enum { PHONE_MOST = 18 };

/* `country`: its name in English or its two letters; may be empty. Empty where there are too few digits for a number, or too many. An
 * extension ("x 12", "ext. 12") is left out. */
struct str phone_e164(struct str text, struct str country, char out[PHONE_MOST]);
/* Two of these: equal, or one of them lacks its country's code and the other ends in it. */
bool phone_same(struct str a, struct str b);
/* What numbers that may be the same have in common: their last eight digits, or all where there are fewer. */
struct str phone_end(struct str number);

#endif
