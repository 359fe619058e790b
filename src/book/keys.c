#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/buf.h"
#include "book/files.h"
#include "book/keys.h"

#define MAGIC "Lockstep keys 2\n"
#define MAGIC_BYTES 16
#define KEY_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define SEAL_OVERHEAD (8 + NONCE_BYTES + TAG_BYTES)
#define PERSON_MAX ((uint64_t)UINT32_MAX - 1)

/* One place of the file, 64 bytes. Place 0 is the header, place N the person N. */
union place {
	struct {
		char magic[MAGIC_BYTES];
		unsigned char secret[32];
		unsigned char check[KEYS_HASH_BYTES];
	} header;
	struct {
		unsigned char key[KEY_BYTES];
		unsigned char
			made_of[KEYS_HASH_BYTES]; /* keyed hash of the address that stands for this person, or zero */
		unsigned char check[KEYS_HASH_BYTES]; /* keyed hash of the place's number and of what stands before */
	} person;
	unsigned char bytes[64];
};

#define CHECKED_BYTES (sizeof(union place) - KEYS_HASH_BYTES)

/* What stands before the places that keys_write is given. */
struct fresh {
	const char *path;
	int fd;
	uint64_t from, count;
};
_Static_assert(sizeof(struct fresh) <= sizeof(union place), "it takes the room of one place");

/* The tag is another part of the hash: most places that hold somebody else are told by it, without a look at the person. */
struct slot {
	uint32_t person; /* 0 = free */
	uint32_t tag;
};

struct keys {
	char *path;
	int fd;
	bool writing;
	union place *places;
	uint64_t count, capacity; /* places, the header included */
	uint64_t synced;          /* places that are in the file */
	union place *fresh;       /* for keys_fresh */
	uint64_t fresh_capacity;
	struct slot *slots; /* open addressing over made_of */
	uint64_t slot_count, used;
	unsigned char secret[32];                                    /* of the header */
	unsigned char purpose_keys[PURPOSE__COUNT][KEYS_HASH_BYTES]; /* made of it */
	unsigned char random[16384];
	size_t random_left;
};

/* The number is hashed too: places that changed seats are found. */
static void place_check(const unsigned char secret[32], uint64_t number, const union place *place,
			unsigned char out[KEYS_HASH_BYTES])
{
	unsigned char key[crypto_shorthash_siphashx24_KEYBYTES], bytes[8 + CHECKED_BYTES];

	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(number >> (8 * i));
	memcpy(bytes + 8, place->bytes, CHECKED_BYTES);
	crypto_shorthash_siphashx24(key, (const unsigned char *)"place", 5, secret);
	crypto_shorthash_siphashx24(out, bytes, sizeof(bytes), key);
	sodium_memzero(bytes, sizeof(bytes));
	sodium_memzero(key, sizeof(key));
}

static void begin_sodium(void)
{
	if (sodium_init() < 0)
		BUG("libsodium does not start");
}

int keys_create(const char *path, struct err *err)
{
	union place header = { .bytes = { 0 } };
	char *fresh = file_beside(path, ".new");
	int fd;

	unlink(fresh);
	fd = open(fresh, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0) {
		free(fresh);
		return err_system(err, "%s: cannot make the keys file", path);
	}
	begin_sodium();
	memcpy(header.header.magic, MAGIC, MAGIC_BYTES);
	randombytes_buf(header.header.secret, sizeof(header.header.secret));
	place_check(header.header.secret, 0, &header, header.header.check);
	bool written = write(fd, header.bytes, sizeof(header)) == (ssize_t)sizeof(header) && fsync(fd) == 0;
	written = written && link(fresh, path) == 0;
	int rc = written ? 0 : err_system(err, "%s: cannot write the keys file", path);
	close(fd);
	unlink(fresh);
	free(fresh);
	sodium_memzero(&header, sizeof(header));
	return rc == 0 ? folder_sync(path, err) : rc;
}

static bool is_zero(const unsigned char *bytes, size_t len)
{
	static const unsigned char zeros[64];

	return memcmp(bytes, zeros, len) == 0;
}

/* In blocks, each from a seed of the system's generator: asking that for every nonce costs more than sealing does. */
static void random_bytes(struct keys *keys, unsigned char *out, size_t len)
{
	if (keys->random_left < len) {
		unsigned char seed[randombytes_SEEDBYTES];

		randombytes_buf(seed, sizeof(seed));
		randombytes_buf_deterministic(keys->random, sizeof(keys->random), seed);
		sodium_memzero(seed, sizeof(seed));
		keys->random_left = sizeof(keys->random);
	}
	keys->random_left -= len;
	memcpy(out, keys->random + keys->random_left, len);
	sodium_memzero(keys->random + keys->random_left, len);
}

/* Erased, or with the check that belongs to it. */
static bool place_sound(const struct keys *keys, uint64_t number)
{
	const union place *place = &keys->places[number];
	unsigned char check[KEYS_HASH_BYTES];

	if (number > 0 && is_zero(place->bytes, sizeof(place->bytes)))
		return true;
	place_check(keys->secret, number, place, check);
	return memcmp(place->person.check, check, sizeof(check)) == 0;
}

int keys_check(const struct keys *keys, struct err *err)
{
	for (uint64_t n = 0; n < keys->synced; n++) {
		if (place_sound(keys, n))
			continue;
		if (n == 0)
			return err_set(err, ERR_DAMAGED,
				       "%s: the head of the keys file is damaged; put the latest copy there",
				       keys->path);
		return err_set(err, ERR_DAMAGED,
			       "%s: the place of person %llu (byte %llu) is damaged; put the latest copy there",
			       keys->path, (unsigned long long)n, (unsigned long long)(n * sizeof(union place)));
	}
	return 0;
}

static uint64_t slot_start(const struct keys *keys, const unsigned char *hash)
{
	uint64_t n;

	memcpy(&n, hash, sizeof(n));
	return n & (keys->slot_count - 1);
}

static uint32_t tag_of(const unsigned char *hash)
{
	uint32_t tag;

	memcpy(&tag, hash + KEYS_HASH_BYTES - sizeof(tag), sizeof(tag));
	return tag;
}

static void slot_add(struct keys *keys, uint64_t person)
{
	const unsigned char *hash = keys->places[person].person.made_of;
	uint64_t at = slot_start(keys, hash);

	while (keys->slots[at].person)
		at = (at + 1) & (keys->slot_count - 1);
	keys->slots[at] = (struct slot){ (uint32_t)person, tag_of(hash) };
	keys->used++;
}

static void slots_build(struct keys *keys)
{
	uint64_t size = 1024;

	/* With room for a quarter more, so that one that was just opened is not soon made anew. */
	while (size < keys->count / 2 * 5)
		size *= 2;
	free(keys->slots);
	keys->slots = must_calloc(size, sizeof(*keys->slots));
	keys->slot_count = size;
	keys->used = 0;
	for (uint64_t n = 1; n < keys->count; n++)
		if (!is_zero(keys->places[n].person.made_of, KEYS_HASH_BYTES))
			slot_add(keys, n);
}

static void slot_new(struct keys *keys, uint64_t person)
{
	if ((keys->used + 1) * 2 > keys->slot_count)
		slots_build(keys);
	else
		slot_add(keys, person);
}

static int read_from(struct keys *keys, uint64_t first, struct err *err)
{
	size_t want = (keys->count - first) * sizeof(union place), got = 0;

	while (got < want) {
		ssize_t n = pread(keys->fd, (char *)(keys->places + first) + got, want - got,
				  (off_t)(first * sizeof(union place) + got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_system(err, "%s: cannot read the keys", keys->path);
		if (n == 0)
			break;
		got += (size_t)n;
	}
	keys->count = first + got / sizeof(union place);
	keys->synced = keys->count;
	return 0;
}

/* Whole places. A torn last one was never needed by any entry: entries come after keys_sync. */
static int places_in_file(struct keys *keys, uint64_t *count, struct err *err)
{
	struct stat st;

	if (fstat(keys->fd, &st) != 0)
		return err_system(err, "%s: cannot read the keys", keys->path);
	*count = (uint64_t)st.st_size / sizeof(union place);
	return 0;
}

static void make_purpose_keys(struct keys *keys)
{
	static const char *const names[PURPOSE__COUNT] = {
		[PURPOSE_BOOK] = "book",   [PURPOSE_ROW] = "row",     [PURPOSE_KEY] = "key",
		[PURPOSE_EMAIL] = "email", [PURPOSE_PHONE] = "phone", [PURPOSE_NAME] = "name",
	};

	_Static_assert(crypto_shorthash_siphashx24_BYTES == KEYS_HASH_BYTES &&
			       crypto_shorthash_siphashx24_KEYBYTES == KEYS_HASH_BYTES,
		       "one hash is the key of the next");
	for (int i = 0; i < PURPOSE__COUNT; i++)
		crypto_shorthash_siphashx24(keys->purpose_keys[i], (const unsigned char *)names[i], strlen(names[i]),
					    keys->secret);
}

static int read_places(struct keys *keys, struct err *err)
{
	int rc = places_in_file(keys, &keys->count, err);

	if (rc != 0)
		return rc;
	/* Room for as many again: pages that nobody touches take no memory, and making room later copies every key there is, while all who
	 * write wait (a second, where there are ten million). */
	keys->capacity = keys->count * 2 + 1024;
	keys->places = must_calloc(keys->capacity, sizeof(union place));
	rc = read_from(keys, 0, err);
	if (rc != 0)
		return rc;
	if (keys->count == 0 || memcmp(keys->places[0].header.magic, MAGIC, MAGIC_BYTES) != 0)
		return err_set(err, ERR_DAMAGED, "%s: this is not a keys file", keys->path);
	memcpy(keys->secret, keys->places[0].header.secret, sizeof(keys->secret));
	make_purpose_keys(keys);
	return 0;
}

static void places_room(struct keys *keys, uint64_t capacity)
{
	union place *places = must_calloc(capacity, sizeof(union place));

	memcpy(places, keys->places, keys->count * sizeof(union place));
	sodium_memzero(keys->places, keys->count * sizeof(union place));
	free(keys->places);
	keys->places = places;
	keys->capacity = capacity;
}

int keys_renew(struct keys *keys, struct err *err)
{
	uint64_t count = 0, before = keys->count;
	int rc = places_in_file(keys, &count, err);

	if (rc != 0 || count <= before)
		return rc;
	if (count > keys->capacity)
		places_room(keys, count * 2);
	keys->count = count;
	rc = read_from(keys, before, err);
	if (rc != 0)
		keys->count = before;
	for (uint64_t n = before; n < keys->count; n++)
		if (!is_zero(keys->places[n].person.made_of, KEYS_HASH_BYTES))
			slot_new(keys, n);
	return rc;
}

int keys_reread(struct keys *keys, struct err *err)
{
	return read_from(keys, 0, err);
}

int keys_open(struct keys **out, const char *path, bool writing, struct err *err)
{
	int fd = open(path, (writing ? O_RDWR : O_RDONLY) | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return err_set(
			err, ERR_STATE,
			"%s: the keys of the book are missing; put the keys file that belongs to it there (it is backed up "
			"separately)",
			path);
	if (fd < 0)
		return err_system(err, "%s: cannot open the keys", path);
	begin_sodium();
	struct keys *keys = must_calloc(1, sizeof(*keys));
	keys->path = file_beside(path, "");
	keys->fd = fd;
	keys->writing = writing;
	int rc = read_places(keys, err);
	/* A reader does not wait for it: it joins nobody by address. */
	if (rc == 0 && writing)
		rc = keys_check(keys, err);
	if (rc != 0) {
		keys_close(keys);
		return rc;
	}
	slots_build(keys);
	*out = keys;
	return 0;
}

void keys_close(struct keys *keys)
{
	if (!keys)
		return;
	/* The rest was never written to, but for a torn place at the end of the file. */
	if (keys->places)
		sodium_memzero(keys->places, (keys->count + (keys->count < keys->capacity)) * sizeof(union place));
	sodium_memzero(keys->random, sizeof(keys->random));
	sodium_memzero(keys->secret, sizeof(keys->secret));
	sodium_memzero(keys->purpose_keys, sizeof(keys->purpose_keys));
	if (keys->fresh)
		sodium_memzero(keys->fresh, keys->fresh_capacity * sizeof(union place));
	free(keys->fresh);
	free(keys->places);
	free(keys->slots);
	free(keys->path);
	close(keys->fd);
	free(keys);
}

int keys_new_person(struct keys *keys, uint64_t *person, struct err *err)
{
	if (keys->count > PERSON_MAX)
		return err_set(err, ERR_LIMIT, "%s: no more than %llu people fit", keys->path,
			       (unsigned long long)PERSON_MAX);
	if (keys->count == keys->capacity)
		places_room(keys, keys->capacity * 2);
	random_bytes(keys, keys->places[keys->count].person.key, KEY_BYTES);
	*person = keys->count++;
	return 0;
}

static uint64_t find_hash(const struct keys *keys, const unsigned char hash[KEYS_HASH_BYTES])
{
	uint64_t at = slot_start(keys, hash);
	uint32_t tag = tag_of(hash), person;

	for (; (person = keys->slots[at].person) != 0; at = (at + 1) & (keys->slot_count - 1))
		if (keys->slots[at].tag == tag &&
		    memcmp(keys->places[person].person.made_of, hash, KEYS_HASH_BYTES) == 0)
			return person;
	return 0;
}

uint64_t keys_find(const struct keys *keys, enum keys_purpose purpose, struct str bytes)
{
	unsigned char hash[KEYS_HASH_BYTES];

	keys_hash(keys, purpose, bytes, hash);
	return find_hash(keys, hash);
}

int keys_person_of(struct keys *keys, enum keys_purpose purpose, struct str bytes, uint64_t *person, struct err *err)
{
	unsigned char hash[KEYS_HASH_BYTES];

	keys_hash(keys, purpose, bytes, hash);
	*person = find_hash(keys, hash);
	if (*person != 0)
		return 0;
	int rc = keys_new_person(keys, person, err);
	if (rc != 0)
		return rc;
	memcpy(keys->places[*person].person.made_of, hash, sizeof(hash));
	slot_new(keys, *person);
	return 0;
}

static int write_places(const struct fresh *to_write, const void *places, struct err *err)
{
	const char *at = places;
	size_t left = to_write->count * sizeof(union place);
	off_t to = (off_t)(to_write->from * sizeof(union place));

	while (left > 0) {
		ssize_t n = pwrite(to_write->fd, at, left, to);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_system(err, "%s: cannot write the keys", to_write->path);
		at += n;
		to += n;
		left -= (size_t)n;
	}
	return 0;
}

static void sync_places(const char *path, int fd)
{
	if (fdatasync(fd) != 0)
		disk_lost(path, strerror(errno));
}

static void fresh_room(struct keys *keys, uint64_t count)
{
	if (count <= keys->fresh_capacity)
		return;
	if (keys->fresh)
		sodium_memzero(keys->fresh, keys->fresh_capacity * sizeof(union place));
	free(keys->fresh);
	keys->fresh_capacity = count * 2;
	keys->fresh = must_calloc(keys->fresh_capacity, sizeof(union place));
}

struct str keys_fresh(struct keys *keys)
{
	const struct fresh head = { keys->path, keys->fd, keys->synced, keys->count - keys->synced };

	if (head.count == 0)
		return STR_NONE;
	if (!keys->writing)
		BUG("new people in a keys file opened for reading");
	fresh_room(keys, head.count + 1);
	for (uint64_t n = head.from; n < keys->count; n++)
		place_check(keys->secret, n, &keys->places[n], keys->places[n].person.check);
	memcpy(keys->fresh, &head, sizeof(head));
	memcpy(keys->fresh + 1, keys->places + head.from, head.count * sizeof(union place));
	keys->synced = keys->count;
	return (struct str){ (const char *)keys->fresh, (head.count + 1) * sizeof(union place) };
}

int keys_write(struct str fresh, struct err *err)
{
	struct fresh head;

	if (fresh.len == 0)
		return 0;
	memcpy(&head, fresh.at, sizeof(head));
	int rc = write_places(&head, fresh.at + sizeof(union place), err);
	if (rc == 0)
		sync_places(head.path, head.fd);
	return rc;
}

uint64_t keys_synced(const struct keys *keys)
{
	return keys->synced - 1;
}

void keys_again(struct keys *keys, uint64_t synced_people)
{
	keys->synced = synced_people + 1;
}

int keys_sync(struct keys *keys, struct err *err)
{
	uint64_t before = keys_synced(keys);
	int rc = keys_write(keys_fresh(keys), err);

	if (rc != 0)
		keys_again(keys, before);
	return rc;
}

bool keys_has(const struct keys *keys, uint64_t person)
{
	return person > 0 && person < keys->count && !is_zero(keys->places[person].person.key, KEY_BYTES);
}

bool keys_same(const struct keys *a, const struct keys *b)
{
	return a->count == b->count && memcmp(a->places, b->places, a->count * sizeof(union place)) == 0;
}

uint64_t keys_count(const struct keys *keys)
{
	return keys->count - 1;
}

int keys_erase(struct keys *keys, const uint64_t *people, size_t count, struct err *err)
{
	if (!keys->writing)
		BUG("erasing a key in a keys file opened for reading");
	int rc = keys_sync(keys, err);
	for (size_t i = 0; i < count && rc == 0; i++) {
		if (people[i] == 0 || people[i] >= keys->count)
			continue;
		sodium_memzero(&keys->places[people[i]], sizeof(union place));
		rc = write_places(&(struct fresh){ keys->path, keys->fd, people[i], 1 }, &keys->places[people[i]], err);
	}
	if (rc == 0)
		sync_places(keys->path, keys->fd);
	slots_build(keys);
	return rc;
}

struct str keys_seal(struct keys *keys, uint64_t person, struct str plain, struct str context, struct arena *arena)
{
	size_t len = plain.len + SEAL_OVERHEAD;
	unsigned char *out = arena_alloc(arena, len);
	unsigned long long written;

	if (!keys_has(keys, person))
		BUG("sealing with the key of a person who has none");
	for (int i = 0; i < 8; i++)
		out[i] = (unsigned char)(person >> (8 * i));
	random_bytes(keys, out + 8, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + 8 + NONCE_BYTES, &written, (const unsigned char *)plain.at,
						   plain.len, (const unsigned char *)context.at, context.len, NULL,
						   out + 8, keys->places[person].person.key);
	return (struct str){ (const char *)out, len };
}

uint64_t keys_sealed_person(struct str sealed)
{
	struct cursor in = cursor_of(sealed.at, sealed.len);

	return cursor_u64(&in);
}

bool keys_open_sealed(struct keys *keys, struct str sealed, struct str context, struct str *plain, struct arena *arena)
{
	uint64_t person = keys_sealed_person(sealed);
	const unsigned char *in = (const unsigned char *)sealed.at;
	unsigned long long len;

	if (sealed.len < SEAL_OVERHEAD || !keys_has(keys, person))
		return false;
	unsigned char *out = arena_alloc(arena, sealed.len - SEAL_OVERHEAD + 1);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, &len, NULL, in + 8 + NONCE_BYTES,
						       sealed.len - 8 - NONCE_BYTES, (const unsigned char *)context.at,
						       context.len, in + 8, keys->places[person].person.key) != 0)
		return false;
	*plain = (struct str){ (const char *)out, (size_t)len };
	return true;
}

void keys_hash(const struct keys *keys, enum keys_purpose purpose, struct str bytes, unsigned char out[KEYS_HASH_BYTES])
{
	crypto_shorthash_siphashx24(out, (const unsigned char *)bytes.at, bytes.len, keys->purpose_keys[purpose]);
}

void keys_secret(const struct keys *keys, struct str what, unsigned char *out, size_t size)
{
	crypto_generichash(out, size, (const unsigned char *)what.at, what.len, keys->secret, sizeof(keys->secret));
}
