/* Text for a width of so many columns. */
#ifndef IO_TEXT_H
#define IO_TEXT_H

#include <stddef.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

/* At most `width` columns of `text`, "…" at the end when it was longer; control characters are spaces. In the arena. */
struct str text_cut(struct str text, size_t width, struct arena *arena);

/* Prose broken at spaces so that no line is longer than `width`; lines after the first begin with `indent` spaces. The first is
 * taken to start at column `at`. Line ends of `text` are kept. Ends without a line end. */
void text_wrap(struct str text, size_t at, size_t indent, size_t width, struct buf *out);

/* Control characters, C1 ones too, and those that turn the direction of writing. */
bool text_is_control(uint32_t code);
/* For a terminal: control characters other than line ends and tabs, and those that turn the direction of writing, are U+FFFD. */
void text_for_terminal(struct str text, struct buf *out);

#endif
