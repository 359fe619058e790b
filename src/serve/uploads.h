/* Files that were sent to be imported. They stand beside the book, in BOOK.uploads, each in a folder of its own under the name it came with (a map
 * may go by it), readable for the server's user alone, until they are imported, dropped, or a day old. Rows that were rejected stand in
 * BOOK.rejected, where erasing a person reaches them.
 */
#ifndef SERVE_UPLOADS_H
#define SERVE_UPLOADS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"

#define UPLOADS_FOLDER ".uploads"
#define REJECTED_FOLDER ".rejected"

enum { UPLOADS_MOST = 100, UPLOAD_ID = 17, UPLOAD_NAME_MOST = 120 };

/* Is it a file's name, without a folder, that can be used here? */
bool upload_name_fits(struct str name);
/* Writes the file; ERR_LIMIT where there are too many already. `id` gets what it is called by from now on. What is older than a day goes. */
int upload_put(const char *book_path, struct str name, struct str bytes, char id[UPLOAD_ID], struct err *err);
/* Its path, in the arena; NULL: there is none (any more). */
const char *upload_path(const char *book_path, struct str id, struct arena *arena);
/* Writes a map beside it. */
int upload_put_map(const char *book_path, struct str id, struct str map, struct err *err);
const char *upload_map_path(const char *book_path, struct str id, struct arena *arena);
/* False: there is none. */
bool upload_drop(const char *book_path, struct str id);
/* BOOK.rejected, which is made where it is not there. NULL: it cannot be. */
const char *rejected_folder(const char *book_path, struct arena *arena);

#endif
