/* Records without rows among the facts, over the API (desk/directory.h): finding one, telling it, its version. */
#ifndef SERVE_LISTED_H
#define SERVE_LISTED_H

#include "desk/directory.h"
#include "desk/record_tell.h"
#include "serve/listing.h"

/* Before the first request. */
void listed_describe(void);

/* Looking them up for who asks. Facts first: they must stay as they are from before listed_begin until listed_end. */
struct listed_look {
	struct call *call;
	struct directory_view view;
};
/* Of that object, and what it refers to. False after saying why not. */
bool listed_begin(struct call *call, enum object object, const struct facts *facts, struct listed_look *look);
void listed_end(struct listed_look *look);

/* Facts and all, for who does not stand at the desk; listed_end and view_end must follow. */
bool listed_view_begin(struct call *call, enum object object, struct office_view *view, struct listed_look *look);

/* The one of told->kind, told->key and told->source (empty: any) that is seen: fills key, source and currency, and *tag, its version as an
 * ETag. False where there is none, or several. */
bool listed_find(struct listed_look *look, struct record_told *told, const char **tag);
/* For record_told: may who asks refer to it? */
bool listed_sees(void *look, enum object object, struct str source, struct str key);

#endif
