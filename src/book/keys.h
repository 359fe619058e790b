/* The people's keys: one file beside the book, fixed-size records, person N at place N.
 *
 * A person's random 256-bit key seals their fields (XChaCha20-Poly1305, libsodium). Erasing overwrites the key with zeros and syncs;
 * what it sealed is then noise in every copy of the book. A key that is missing or zero reads as *erased*. The file's header holds the
 * book's own secret, used for keyed hashes (matching an address without storing it).
 * A place may hold, beside the key, the keyed hash of the address (or number, or key) that stands for the person. Only here: the book
 * says "anon-N" instead of an address or its hash, so that after erasing nothing leads from the address to N. The number goes on
 * joining what belongs together.
 * Every place ends in a keyed hash of its number and its other bytes; an erased place is all zeros, and that is its valid form. Opening
 * for writing checks all of them, as does verify: a damaged place would otherwise only read as erased, or join nobody any more.
 * Keys are made durable before the entries that need them. No SQLite here: nothing may linger in free pages or a log.
 */
#ifndef BOOK_KEYS_H
#define BOOK_KEYS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#define KEYS_HASH_BYTES 16

struct keys;

/* What is hashed under the book's secret; the same bytes for another purpose give another hash. */
enum keys_purpose {
	PURPOSE_BOOK,  /* which keys belong to which book */
	PURPOSE_ROW,   /* all fields of a record */
	PURPOSE_KEY,   /* a record's key that is an address, or personal otherwise */
	PURPOSE_EMAIL, /* normal forms of what stands for a person */
	PURPOSE_PHONE,
	PURPOSE_NAME,
	PURPOSE__COUNT
};

int keys_create(const char *path, struct err *err);
int keys_open(struct keys **out, const char *path, bool writing, struct err *err);
void keys_close(struct keys *keys);
/* Of keys opened for reading: takes up the people made since. Keys erased meanwhile are seen by keys_reread. */
int keys_renew(struct keys *keys, struct err *err);
/* Those that were erased since are gone from memory too. */
int keys_reread(struct keys *keys, struct err *err);
/* ERR_DAMAGED naming the first place whose bytes are not those that were written. */
int keys_check(const struct keys *keys, struct err *err);

/* A new person's number (1…). In memory until keys_sync. */
int keys_new_person(struct keys *keys, uint64_t *person, struct err *err);
/* The person that this address (number, key) stands for; made where there is none yet. */
int keys_person_of(struct keys *keys, enum keys_purpose purpose, struct str bytes, uint64_t *person, struct err *err);
uint64_t keys_find(const struct keys *keys, enum keys_purpose purpose, struct str bytes); /* 0 when there is none */
bool keys_same(const struct keys *a, const struct keys *b);                               /* byte for byte */
uint64_t keys_count(const struct keys *keys);                                             /* people ever made */
int keys_sync(struct keys *keys, struct err *err);
/* The same in two steps: the people not yet synced, taken for synced from now on (empty: nobody), and what writes and syncs them, which
 * may be called by another thread. Where that fails keys_again says from which person on they are not. Borrows until the next call. */
struct str keys_fresh(struct keys *keys);
int keys_write(struct str fresh, struct err *err);
void keys_again(struct keys *keys, uint64_t synced_people);
uint64_t keys_synced(const struct keys *keys);
bool keys_has(const struct keys *keys, uint64_t person);
int keys_erase(struct keys *keys, const uint64_t *people, size_t count, struct err *err); /* durable when it returns */

/* Sealed form: person number, nonce, ciphertext. Opening gives false when the key is gone; `context` binds the place (object, field). */
struct str keys_seal(struct keys *keys, uint64_t person, struct str plain, struct str context, struct arena *arena);
bool keys_open_sealed(struct keys *keys, struct str sealed, struct str context, struct str *plain, struct arena *arena);
uint64_t keys_sealed_person(struct str sealed);

/* Keyed hash of a normalised address or number, or of a row. Any thread may ask while others change the keys. */
void keys_hash(const struct keys *keys, enum keys_purpose purpose, struct str bytes,
	       unsigned char out[KEYS_HASH_BYTES]);
/* A secret for the outside, of 16 to 64 bytes, made of the book's own and `what`: it stands nowhere, and says nothing of the others. */
void keys_secret(const struct keys *keys, struct str what, unsigned char *out, size_t size);

#endif
