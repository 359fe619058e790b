/* `lockstep agreement replay`: what an agreement would have said of what is in the book. */
#ifndef REPORT_REPLAY_H
#define REPORT_REPLAY_H

#include "report/report.h"

/* Of facts that were judged by the one text in request.agreements. With request.against the facts are judged by that too, and left so. Not
 * among the reports of `lockstep report`. */
extern const struct report report_replay;

#endif
