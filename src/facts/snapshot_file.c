#include "facts/snapshot_file.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/cores.h"

enum { THREADS_MAX = 16, HASHED = SNAPSHOT_PAGE - SNAPSHOT_HASH };

void snapshot_hash(unsigned char out[SNAPSHOT_HASH], const void *bytes, size_t len)
{
	crypto_generichash(out, SNAPSHOT_HASH, bytes, len, NULL, 0);
}

/* ---- the header ---- */

void snapshot_header_write(unsigned char page[SNAPSHOT_PAGE], const struct snapshot_header *header)
{
	uint32_t order = SNAPSHOT_ORDER;
	struct buf out;

	buf_init(&out, HASHED);
	buf_add_text(&out, SNAPSHOT_MAGIC);
	buf_add(&out, &order, sizeof(order));
	buf_add_u32(&out, header->format);
	buf_add_u32(&out, header->fold);
	buf_add_u32(&out, header->facts);
	buf_add_u64(&out, header->file_bytes);
	buf_add_u64(&out, header->directory.offset);
	buf_add_u64(&out, header->directory.bytes);
	buf_add_u64(&out, header->hashes.offset);
	buf_add_u64(&out, header->hashes.bytes);
	buf_add_u64(&out, header->head.seq);
	buf_add(&out, header->head.hash, HASH_BYTES);
	buf_add(&out, header->hash_of_hashes, SNAPSHOT_HASH);
	memset(page, 0, SNAPSHOT_PAGE);
	memcpy(page, out.at, out.len);
	snapshot_hash(page + HASHED, page, HASHED);
	buf_release(&out);
}

static bool no(char why[256], const char *text)
{
	snprintf(why, 256, "%s", text);
	return false;
}

static void take(struct cursor *in, unsigned char *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = cursor_u8(in);
}

/* Sections lie between the first page and the hashes, and these end the file. */
static bool header_holds(const struct snapshot_header *h, size_t len)
{
	uint64_t end = h->hashes.offset, blocks;

	if (h->file_bytes != len || end < SNAPSHOT_PAGE || end > len || end % SNAPSHOT_PAGE)
		return false;
	blocks = (end - SNAPSHOT_PAGE + SNAPSHOT_BLOCK - 1) / SNAPSHOT_BLOCK;
	return h->hashes.bytes == blocks * SNAPSHOT_HASH && len == end + snapshot_page_end(h->hashes.bytes) &&
	       h->directory.offset >= SNAPSHOT_PAGE && h->directory.offset <= end &&
	       h->directory.bytes <= end - h->directory.offset && h->directory.bytes <= SNAPSHOT_DIRECTORY_MAX;
}

bool snapshot_header_read(struct snapshot_header *h, const void *bytes, size_t len, char why[256])
{
	const unsigned char *page = bytes;
	struct cursor in = cursor_of(page, SNAPSHOT_PAGE);
	unsigned char hash[SNAPSHOT_HASH];
	uint32_t order;

	if (len < SNAPSHOT_PAGE)
		return no(why, "it is cut off");
	snapshot_hash(hash, page, HASHED);
	if (memcmp(hash, page + HASHED, SNAPSHOT_HASH) != 0)
		return no(why, "its first page is not what was written");
	in.at += sizeof(SNAPSHOT_MAGIC) - 1;
	memcpy(&order, in.at, sizeof(order));
	in.at += sizeof(order);
	*h = (struct snapshot_header){ .format = cursor_u32(&in) };
	if (memcmp(page, SNAPSHOT_MAGIC, sizeof(SNAPSHOT_MAGIC) - 1) != 0)
		return no(why, "it is no columns snapshot");
	/* Written on a machine of the other byte order: as good as written by another version. */
	if (order != SNAPSHOT_ORDER || h->format != SNAPSHOT_FORMAT) {
		h->format = 0;
		return true;
	}
	h->fold = cursor_u32(&in);
	h->facts = cursor_u32(&in);
	h->file_bytes = cursor_u64(&in);
	h->directory.offset = cursor_u64(&in);
	h->directory.bytes = cursor_u64(&in);
	h->hashes.offset = cursor_u64(&in);
	h->hashes.bytes = cursor_u64(&in);
	h->head.seq = cursor_u64(&in);
	take(&in, h->head.hash, HASH_BYTES);
	take(&in, h->hash_of_hashes, SNAPSHOT_HASH);
	return header_holds(h, len) ? true : no(why, "its length is not what was written");
}

/* ---- the blocks ---- */

struct check {
	const unsigned char *bytes, *hashes;
	uint64_t end; /* of the sections */
	atomic_uint_fast64_t next;
	atomic_uint_fast64_t wrong; /* where the first wrong block begins; UINT64_MAX = none */
};

static void *check_blocks(void *context)
{
	struct check *check = context;

	for (;;) {
		uint64_t block = atomic_fetch_add(&check->next, 1), at = SNAPSHOT_PAGE + block * SNAPSHOT_BLOCK, wrong;
		unsigned char hash[SNAPSHOT_HASH];

		if (at >= check->end)
			return NULL;
		snapshot_hash(hash, check->bytes + at,
			      check->end - at < SNAPSHOT_BLOCK ? check->end - at : SNAPSHOT_BLOCK);
		if (!memcmp(hash, check->hashes + block * SNAPSHOT_HASH, SNAPSHOT_HASH))
			continue;
		wrong = atomic_load(&check->wrong);
		while (at < wrong && !atomic_compare_exchange_weak(&check->wrong, &wrong, at))
			;
	}
}

static size_t threads_for(uint64_t blocks)
{
	long cores = cores_count();
	size_t count = cores < 1 ? 1 : cores > THREADS_MAX ? THREADS_MAX : (size_t)cores;

	/* A thread for a few blocks costs more than it saves. */
	return count > blocks / 8 + 1 ? (size_t)(blocks / 8 + 1) : count;
}

bool snapshot_blocks_check(const struct snapshot_header *h, const unsigned char *bytes, char why[256])
{
	struct check check = { .bytes = bytes, .hashes = bytes + h->hashes.offset, .end = h->hashes.offset };
	size_t count = threads_for(h->hashes.bytes / SNAPSHOT_HASH), started = 0;
	unsigned char hash[SNAPSHOT_HASH];
	pthread_t threads[THREADS_MAX];

	snapshot_hash(hash, check.hashes, h->file_bytes - h->hashes.offset);
	if (memcmp(hash, h->hash_of_hashes, SNAPSHOT_HASH) != 0)
		return no(why, "its last pages are not what was written");
	atomic_init(&check.next, 0);
	atomic_init(&check.wrong, UINT64_MAX);
	while (started + 1 < count && pthread_create(&threads[started], NULL, check_blocks, &check) == 0)
		started++;
	check_blocks(&check);
	for (size_t i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	if (atomic_load(&check.wrong) == UINT64_MAX)
		return true;
	snprintf(why, 256, "its contents from byte %llu on are not what was written",
		 (unsigned long long)atomic_load(&check.wrong));
	return false;
}

void snapshot_forge(void *image, size_t len)
{
	unsigned char *bytes = image;
	struct snapshot_header h;
	char why[256];

	if (len < SNAPSHOT_PAGE)
		return;
	snapshot_hash(bytes + HASHED, bytes, HASHED);
	if (!snapshot_header_read(&h, bytes, len, why) || h.format != SNAPSHOT_FORMAT)
		return;
	for (uint64_t i = 0; i < h.hashes.bytes / SNAPSHOT_HASH; i++) {
		uint64_t at = SNAPSHOT_PAGE + i * SNAPSHOT_BLOCK, left = h.hashes.offset - at;

		snapshot_hash(bytes + h.hashes.offset + i * SNAPSHOT_HASH, bytes + at,
			      left < SNAPSHOT_BLOCK ? left : SNAPSHOT_BLOCK);
	}
	snapshot_hash(h.hash_of_hashes, bytes + h.hashes.offset, len - h.hashes.offset);
	snapshot_header_write(bytes, &h);
}
