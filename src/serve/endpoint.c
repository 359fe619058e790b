#include "serve/endpoint.h"

#include <string.h>

#include "serve/endpoints.h"

const struct endpoint *const endpoints[] = {
	&endpoint_health,       &endpoint_ready,        &endpoint_metrics,
	&endpoint_openapi,      &endpoint_get_session,  &endpoint_sign_in,
	&endpoint_sign_out,     &endpoint_list_facts,   &endpoint_ask_measure,
	&endpoint_list_rows,    &endpoint_list_kpis,    &endpoint_ask_kpi,
	&endpoint_list_tokens,  &endpoint_create_token, &endpoint_drop_token,
	&endpoint_list_leads,   &endpoint_create_lead,  &endpoint_get_lead,
	&endpoint_tell_step,    &endpoint_answer,       &endpoint_contact,
	&endpoint_hand_over,    &endpoint_mark,         &endpoint_undo,
	&endpoint_list_reports, &endpoint_get_report,   NULL,
};

/* Does the path fit? What stands for its names goes to `parts`. */
static bool fits(const char *pattern, const struct http_request *request, struct str parts[CALL_PARTS])
{
	struct str rest = str_of(pattern + 1);
	size_t segment = 0, part = 0;

	for (; rest.len; segment++) {
		struct str wanted = str_cut(&rest, '/');

		if (segment == request->segment_count)
			return false;
		if (wanted.at[0] == '{') {
			if (part == CALL_PARTS)
				BUG("%s has more than %d names", pattern, CALL_PARTS);
			parts[part++] = request->segments[segment];
		} else if (!str_eq(wanted, request->segments[segment])) {
			return false;
		}
	}
	return segment == request->segment_count;
}

const struct endpoint *endpoint_find(struct call *call, unsigned *others)
{
	for (const struct endpoint *const *e = endpoints; *e; e++) {
		struct str parts[CALL_PARTS] = { STR_NONE };

		if (!fits((*e)->path, call->request, parts))
			continue;
		if ((*e)->method == call->request->method) {
			memcpy(call->parts, parts, sizeof(parts));
			return *e;
		}
		*others |= 1u << (*e)->method;
	}
	return NULL;
}
