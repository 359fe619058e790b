/* What happened is told to who wants to hear of it: into the outbox, in the transaction of what happened (book/outbox.h). */
#ifndef DESK_NEWS_H
#define DESK_NEWS_H

#include "book/outlets.h"
#include "desk/lead_desk.h"

/* What happened longer ago is in the book, and nobody is told: else the first look at an old book would write to everybody about years. */
#define NEWS_FOR_MS (INT64_C(3) * 86400000)

/* To every outlet that wants that kind: "lead.accepted", "promise.broken". `message` has the facts; the rest is filled in. */
int news_tell(struct book *book, const struct outbox_message *message, int64_t now_ms, struct err *err);
/* A letter to a colleague, where there is mail; nothing where `to` is empty. */
int news_write(struct book *book, const struct outbox_message *message, struct str to, int64_t now_ms, struct err *err);

/* A step of a lead was recorded: its news, and a letter to whom the lead was given by somebody else. */
int news_of_step(struct lead_desk *desk, const struct lead_file *file, const struct step_record *step, struct err *err);
/* Steps of a lead that was told were taken back, the last first: "recycled, rejected". `word`: who did it and why. */
int news_of_undo(struct lead_desk *desk, const struct lead_file *file, struct str steps, const struct lead_word *word,
		 struct err *err);
/* The fact of a letter that names the word about a promise which says who is told: once it went out, that is recorded there. */
#define NEWS_WORD "word"
int news_went(struct lead_desk *desk, const struct outbox_message *message, struct err *err);

/* A lead came in. */
int news_of_lead(struct book *book, struct str source, struct str key, int64_t now_ms, struct err *err);

#endif
