/* What reads as an agreement and can never work: a bar that no lead reaches, a route behind one that takes all, a clock that nothing stops.
 * Not looked at when a text is read, as one that says such a thing may stand signed in a book. Pure. */
#ifndef DOMAIN_AGREEMENT_SENSE_H
#define DOMAIN_AGREEMENT_SENSE_H

#include "domain/agreement.h"

/* `file` is the text's name in messages. What can never work goes to `problems`; what is odd and may be meant, to `doubts`. */
void agreement_sense(const struct agreement *agreement, const char *file, struct problems *problems,
		     struct problems *doubts);

#endif
