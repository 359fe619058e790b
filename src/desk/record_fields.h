/* The fields of a record that the desk writes, one after another. Empty texts are left out. Borrows. */
#ifndef DESK_RECORD_FIELDS_H
#define DESK_RECORD_FIELDS_H

#include "domain/object.h"

enum { RECORD_FIELDS_MAX = 24 };

struct record_fields {
	struct record_field items[RECORD_FIELDS_MAX];
	size_t count;
};

void fields_text(struct record_fields *fields, enum field code, struct str text);
void fields_number(struct record_fields *fields, enum field code, int64_t mantissa, int scale);
void fields_time(struct record_fields *fields, enum field code, int64_t at_ms);
void fields_flag(struct record_fields *fields, enum field code, bool yes);
/* Said to be empty, whatever it was before. */
void fields_empty(struct record_fields *fields, enum field code);
/* A record of the same source. */
void fields_ref(struct record_fields *fields, enum field code, struct str key);

#endif
