/* Ways in for other systems: each sends JSON to an address of its own, with its key, and a map says what that means: the language of imports
 * (map/map.h), whose columns are the members of the object ("contact.email", "tags.0").
 *
 * A hook is a record of the book, with the map's text and a hash of its key (BLAKE2b-256 of 256 random bits): making, changing, closing and a new
 * key are entries, and the key is told once.
 *
 * A new lead comes with a touch of the hook's kind, and is judged with it and handed over at once where it passes the gate, as by a form.
 *
 * A row is known by the map's key: told again it changes nothing. A lead that has come by no row of that key yet, of a person who is an open
 * lead already, becomes a touch on that lead (desk/arrival.h).
 */
#ifndef DESK_HOOKS_H
#define DESK_HOOKS_H

#include "desk/touch_kinds.h"
#include "io/csv.h"

enum { HOOK_NAME_MOST = 60, HOOK_MAP_MOST = 1 << 16, HOOK_KEY_TEXT = 44 }; /* of URL-safe base64, with its NUL */

struct hook {
	struct str name;  /* in its address: small letters, digits, hyphens */
	struct str title; /* what it is for */
	struct str kind;  /* of the touch by which a lead comes in; empty: see hook_kind */
	struct str map;   /* YAML */
	struct str hash;  /* of its key */
	bool closed;
};

struct hooks {
	struct hook *items; /* in the order they were made */
	size_t count, capacity;
};

/* In the arena. */
int hooks_read(struct hooks *out, struct book *book, struct arena *arena, struct err *err);
const struct hook *hooks_find(const struct hooks *hooks, struct str name); /* NULL: there is none */

/* The kind of touch by which a lead comes in: "hook" unless it has one of its own. */
struct str hook_kind(const struct hook *hook);

/* A new key; its hash goes into the hook. `text` is told once. */
void hook_make_key(struct hook *hook, char text[HOOK_KEY_TEXT], struct arena *arena);
bool hook_opens(const struct hook *hook, struct str key);

/* Makes or changes the hook: all of it as it stands here. 1: refused, and `problems` says why; 0: done. */
int hook_write(struct lead_desk *desk, const struct hook *hook, struct str by, bool *news, struct problems *problems,
	       struct err *err);

enum hook_result { HOOK_NEW, HOOK_CHANGED, HOOK_UNCHANGED, HOOK_TOUCH, HOOK_SKIPPED, HOOK_RESULT__COUNT };
const char *hook_result_name(enum hook_result result);

struct hook_taken {
	enum hook_result result;
	struct str key, source; /* of the record, or of the lead that has the touch; in the desk's arena */
};

/* One row; header and cells in the order of the members. 1: refused, and `problems` says why. */
int hook_take(struct lead_desk *desk, const struct hook *hook, const struct csv_row *header, const struct csv_row *row,
	      struct hook_taken *out, struct problems *problems, struct err *err);

#endif
