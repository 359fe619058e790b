#include "serve/endpoint.h"

#include <string.h>

#include "serve/endpoints.h"

/* clang-format off */
static const struct endpoint *const *const endpoint_groups[] = {
	endpoints_state,
	endpoints_openapi,
	endpoints_session,
	endpoints_me,
	endpoints_links,
	endpoints_oidc,
	endpoints_accounts,
	endpoints_journal,
	endpoints_tokens,
	endpoints_leads,
	endpoints_desk,
	endpoints_lead_list,
	endpoints_new_leads,
	endpoints_duplicates,
	endpoints_forms,
	endpoints_form_page,
	endpoints_hooks,
	endpoints_questions,
	endpoints_reports,
	endpoints_events,
	endpoints_outbox,
	endpoints_outlets,
	endpoints_notices,
	endpoints_forgotten,
	endpoints_form_confirm,
	endpoints_promises,
	endpoints_agreement,
	endpoints_signing,
	endpoints_records,
	endpoints_record_writing,
	endpoints_directory,
	endpoints_api_page,
	endpoints_replay,
	endpoints_erasing,
	endpoints_uploads,
	endpoints_imports,
	NULL,
};
/* clang-format on */

const struct endpoint *endpoint_next(struct endpoint_walk *walk)
{
	const struct endpoint *const *group;

	for (; (group = endpoint_groups[walk->group]); walk->group++, walk->place = 0)
		if (group[walk->place])
			return group[walk->place++];
	return NULL;
}

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
	struct endpoint_walk walk = { 0, 0 };

	for (const struct endpoint *e; (e = endpoint_next(&walk));) {
		struct str parts[CALL_PARTS] = { STR_NONE };

		if (!fits(e->path, call->request, parts))
			continue;
		if (e->method == call->request->method) {
			memcpy(call->parts, parts, sizeof(parts));
			return e;
		}
		*others |= 1u << e->method;
	}
	return NULL;
}
