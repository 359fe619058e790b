#include "serve/speaker.h"

#include "serve/who.h"

bool lead_found(struct call *call, struct lead_file *file)
{
	struct problems none;

	problems_init(&none, call->arena);
	if (lead_desk_find(call->desk, call_part(call, 0), file, &none) &&
	    who_sees_lead(&call->who, call->desk->facts, file->row))
		return true;
	call_not_found(call, "There is no such lead, or several have this id: SOURCE:ID says which.");
	return false;
}

/* May who asks tell what `by` did, and is there somebody of that name? False after saying why not. */
static bool may_speak(struct call *call, struct str by)
{
	struct err err = ERR_INIT;

	if (!by.len || str_eq(by, call->who.name))
		return true;
	if (call->who.roles & (ROLE(SALES_MANAGER) | ROLE(ADMIN)))
		return call_went_well(call, lead_desk_known(call->desk, by, &call->problems, &err), &err);
	problem_add(&call->problems, STR_NONE, 0, 0, STR("by"), "only a sales manager or an admin tells for others");
	call_problem(call, 403, "Not yours to tell", NULL);
	return false;
}

bool lead_word_read(struct call *call, struct lead_word *word)
{
	struct str at = call_member(call, "at"), by = call_member(call, "by");
	bool date_only;

	*word = (struct lead_word){ .at_ms = call->now_ms,
				    .by = by.len ? by : call->who.name,
				    .reason = call_member(call, "reason"),
				    .owner = call_member(call, "to"),
				    .notes = call_member(call, "note") };
	if (at.len)
		zone_parse(server_zone(call->server), at, &word->at_ms, &date_only);
	word->at_ms -= word->at_ms % 1000;
	return may_speak(call, by);
}
