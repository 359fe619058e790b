/* What the endpoints about agreements share. */
#ifndef SERVE_API_AGREEMENT_H
#define SERVE_API_AGREEMENT_H

#include "desk/signing.h"
#include "serve/endpoints.h"
#include "serve/listing.h"

#define TEXT_NAME "agreement"
#define TEXT_MEMBER(n, needed)                                                                                         \
	{                                                                                                              \
		.name = n, .type = MEMBER_TEXT, .required = needed, .least = 1, .most = AGREEMENT_MAX_BYTES,           \
		.sentence = "the agreement, as YAML"                                                                   \
	}
#define NULLABLE(n, t, s)                                                                                              \
	{                                                                                                              \
		.name = n, .type = t, .required = true, .null = true, .sentence = s                                    \
	}
#define GIVEN(n, t, s)                                                                                                 \
	{                                                                                                              \
		.name = n, .type = t, .required = true, .sentence = s                                                  \
	}
#define PARTIES "marketing|sales|partner|executive"
#define WARNINGS                                                                                                       \
	{                                                                                                              \
		.name = "warnings", .type = MEMBER_LIST, .required = true, .items = &agreement_place,                  \
		.sentence = "what is most often a slip and may be meant"                                               \
	}

extern const struct member agreement_place;          /* a problem, with line and column */
extern const struct member agreement_text_members[]; /* {"text"} */

/* What has been said of agreements so far: another word makes another tag. */
const char *agreement_tag(struct call *call, const struct agreements *agreements);

/* A text that was sent. True where it is an agreement; else `problems` say why not, or *failed: an error was said. `out` is to be released in any
 * case. */
bool agreement_text(struct call *call, struct str text, struct agreements *out, struct problems *problems,
		    bool *failed);
/* What is no YAML is told with its place, too: "agreement:3:5: …". */
void agreement_problem(const struct err *err, struct problems *problems);

#endif
