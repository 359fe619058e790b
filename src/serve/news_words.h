/* News in one sentence, for chats. Names nobody but colleagues: the lead is called by its key. */
#ifndef SERVE_NEWS_WORDS_H
#define SERVE_NEWS_WORDS_H

#include "base/buf.h"
#include "book/outbox.h"

void news_words(const struct outbox_message *message, struct buf *out);

#endif
