/* Kinds of touches by which people come in: a word of the agreement's rules, or of nobody. */
#ifndef DESK_TOUCH_KINDS_H
#define DESK_TOUCH_KINDS_H

#include "desk/lead_desk.h"

enum { TOUCH_KIND_MOST = 60 };

/* A word or a few. */
bool touch_kind_fits(struct str kind);
/* The kinds that rules and points of the agreement in force name; none where none is in force. In the desk's arena. */
struct names touch_kinds(const struct lead_desk *desk);
/* That no rule names the kind, and which they name: who comes by it would be no hand-raiser. Empty: one does, or there is no agreement. In the
 * desk's arena. */
struct str touch_kind_doubt(const struct lead_desk *desk, struct str kind);

#endif
