/* The people's keys: one file beside the book, fixed-size records, person N at place N.
 *
 * A person's random 256-bit key seals their fields (XChaCha20-Poly1305, libsodium). Erasing overwrites the key with zeros and syncs;
 * what it sealed is then noise in every copy of the book. A key that is missing or zero reads as *erased*. The file's header holds the
 * book's own secret, used for keyed hashes (matching an address without storing it).
 * Keys are made durable before the entries that need them. No SQLite here: nothing may linger in free pages or a log.
 */
#ifndef BOOK_KEYS_H
#define BOOK_KEYS_H

#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct keys;

int keys_create(const char *path, struct err *err);
int keys_open(struct keys **out, const char *path, bool writing, struct err *err);
void keys_close(struct keys *keys);

/* A new person's number (1…). In memory until keys_sync. */
int keys_new_person(struct keys *keys, uint64_t *person, struct err *err);
int keys_sync(struct keys *keys, struct err *err);
bool keys_has(const struct keys *keys, uint64_t person);
int keys_erase(struct keys *keys, uint64_t person, struct err *err); /* durable when it returns */

/* Sealed form: person number, nonce, ciphertext. Opening gives false when the key is gone; `context` binds the place (object, field). */
struct str keys_seal(struct keys *keys, uint64_t person, struct str plain, struct str context, struct arena *arena);
bool keys_open_sealed(struct keys *keys, struct str sealed, struct str context, struct str *plain, struct arena *arena);
uint64_t keys_sealed_person(struct str sealed);

/* Keyed hash in hex (32 characters): of a normalised address or number, or of a row. `purpose` keeps uses apart. */
struct str keys_hash(const struct keys *keys, const char *purpose, struct str bytes, struct arena *arena);

#endif
