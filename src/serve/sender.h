/* Sends what is in the outbox (book/outbox.h): mail over SMTP, news to other programs over HTTPS.
 *
 * One thread, several at a time. What is due is read at the desk, sent away from it, and what became of it is recorded at the desk again; so a
 * server that was killed in between sends it once more, with the same id. What fails is tried again after a time that grows threefold, with some
 * chance in it; what is refused for good, or has failed too often, is dead until somebody decides.
 */
#ifndef SERVE_SENDER_H
#define SERVE_SENDER_H

#include <stdint.h>
#include "base/err.h"

struct server;
struct sender;

/* Nothing is sent before sender_start: letters name the address at which the server is reached. Returns owned. */
int sender_open(struct sender **out, struct server *server, struct err *err);
int sender_start(struct sender *sender, struct err *err);
/* What is under way has a few seconds. */
void sender_close(struct sender *sender);
/* Something may have been added. From any thread. */
void sender_wake(struct sender *sender);
/* Since it began: sent, failed tries, given up. */
void sender_counts(struct sender *sender, uint64_t *sent, uint64_t *failed, uint64_t *dead);

#endif
