/* What records have over the API follows from the catalogue of facts (serve/api_records.c). */
#ifndef SERVE_RECORDS_H
#define SERVE_RECORDS_H

/* Before the first request. */
void records_describe(void);

#endif
