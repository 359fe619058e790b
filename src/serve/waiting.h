/* Waiting for something, but not longer than so long, by a clock that nobody sets. */
#ifndef SERVE_WAITING_H
#define SERVE_WAITING_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

int64_t monotonic_ms(void);
void waiting_init(pthread_cond_t *condition);
/* As pthread_cond_wait until then; true: the time is over. */
bool waiting_until(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t monotonic_until_ms);

#endif
