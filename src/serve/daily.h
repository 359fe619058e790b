/* Writes into the outbox what comes by itself: each working day when it begins by the agreement's hours, a list of what is due to whoever signs in with
 * a mail address and is not away; and once a week, when the agreement says, the weekly page. */
#ifndef SERVE_DAILY_H
#define SERVE_DAILY_H

#include "book/doors.h"
#include "desk/lead_desk.h"

/* At the desk, outside a transaction. Nothing where there is no mail or no agreement in force. */
int daily_write(struct doors *doors, struct lead_desk *desk, struct err *err);

#endif
