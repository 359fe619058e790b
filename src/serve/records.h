/* Records over the API: what they have follows from the catalogue of facts (serve/api_records.c), what can be told of them from the table of
 * what is told singly (serve/api_record_writing.c). */
#ifndef SERVE_RECORDS_H
#define SERVE_RECORDS_H

#include <jansson.h>
#include "facts/facts.h"
#include "serve/call.h"

/* Before the first request. */
void records_describe(void);
void record_writing_describe(void);

/* One row, as it is answered where it is asked for alone: with what is sealed, of deals and orders. Returns owned; NULL after saying what went
 * wrong. */
json_t *record_json(struct call *call, const struct facts *facts, enum fact fact, uint32_t row);
/* Its version, as an ETag: of all that this says. With its quotation marks; in the arena; NULL likewise. */
const char *record_tag(struct call *call, const struct facts *facts, enum fact fact, uint32_t row);
void record_not_found(struct call *call);

#endif
