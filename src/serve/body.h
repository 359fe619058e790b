/* The JSON body of a request, from its bytes. */
#ifndef SERVE_BODY_H
#define SERVE_BODY_H

#include <jansson.h>
#include "base/problem.h"

enum { BODY_DEPTH_MOST = 32 };

/* Returns owned; NULL after adding to `problems` where the bytes are no JSON (RFC 8259), name a member twice, or are nested deeper than
 * BODY_DEPTH_MOST. */
json_t *body_read(struct str bytes, struct problems *problems);

#endif
