#include "serve/limiter.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

enum { SETS = 2048, WAYS = 8 };

/* `full_ms`: when all may be done at once again. 0: free. */
struct slot {
	uint64_t key;
	int64_t full_ms;
};

struct limiter {
	struct limiter_rate rate;
	pthread_mutex_t lock;
	unsigned char secret[crypto_shorthash_KEYBYTES]; /* nobody chooses who shares a set */
	struct slot slots[SETS][WAYS];
};

struct limiter *limiter_new(struct limiter_rate rate)
{
	struct limiter *limiter = must_calloc(1, sizeof(*limiter));

	limiter->rate = rate;
	pthread_mutex_init(&limiter->lock, NULL);
	crypto_shorthash_keygen(limiter->secret);
	return limiter;
}

void limiter_free(struct limiter *limiter)
{
	if (!limiter)
		return;
	pthread_mutex_destroy(&limiter->lock);
	free(limiter);
}

/* The slot of the key, or the one that gives way to it. */
static struct slot *slot_of(struct limiter *limiter, struct str key)
{
	unsigned char bytes[crypto_shorthash_BYTES];
	struct slot *set, *found;
	uint64_t hash;

	crypto_shorthash(bytes, (const unsigned char *)key.at, key.len, limiter->secret);
	memcpy(&hash, bytes, sizeof(hash));
	set = limiter->slots[hash % SETS];
	found = set;
	for (int i = 0; i < WAYS; i++) {
		if (set[i].key == hash)
			return &set[i];
		if (set[i].full_ms < found->full_ms)
			found = &set[i];
	}
	*found = (struct slot){ hash, 0 };
	return found;
}

bool limiter_take(struct limiter *limiter, struct str key, int64_t now_ms, int64_t *wait_ms)
{
	const int64_t room_ms = (int64_t)(limiter->rate.at_once - 1) * limiter->rate.every_ms;
	struct slot *slot;
	int64_t full_ms;

	pthread_mutex_lock(&limiter->lock);
	slot = slot_of(limiter, key);
	full_ms = slot->full_ms > now_ms ? slot->full_ms : now_ms;
	/* Nobody has to wait longer for the clock having been put back. */
	if (full_ms > now_ms + room_ms + limiter->rate.every_ms)
		full_ms = now_ms + room_ms + limiter->rate.every_ms;
	*wait_ms = full_ms - now_ms > room_ms ? full_ms - now_ms - room_ms : 0;
	slot->full_ms = full_ms + (*wait_ms ? 0 : limiter->rate.every_ms);
	pthread_mutex_unlock(&limiter->lock);
	return !*wait_ms;
}

void limiter_give_back(struct limiter *limiter, struct str key)
{
	pthread_mutex_lock(&limiter->lock);
	slot_of(limiter, key)->full_ms -= limiter->rate.every_ms;
	pthread_mutex_unlock(&limiter->lock);
}

struct str limiter_address(const char *client, char out[64])
{
	struct in6_addr address;
	const unsigned char *b = address.s6_addr;

	if (inet_pton(AF_INET6, client, &address) == 1 && !IN6_IS_ADDR_V4MAPPED(&address))
		snprintf(out, 64, "%02x%02x:%02x%02x:%02x%02x:%02x%02x::", b[0], b[1], b[2], b[3], b[4], b[5], b[6],
			 b[7]);
	else
		snprintf(out, 64, "%s", client);
	return str_of(out);
}
