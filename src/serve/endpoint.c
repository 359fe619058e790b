#include "serve/endpoint.h"

#include <pthread.h>

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
	endpoints_known,
	endpoints_templates,
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

/* ---- finding ---- */

enum { ENDPOINTS_MOST = 512, SEGMENTS_MOST = 8 };

/* Paths in pieces, cut once. */
static struct pattern {
	const struct endpoint *endpoint;
	struct str segments[SEGMENTS_MOST];
	size_t count;
} patterns[ENDPOINTS_MOST];
static size_t pattern_count;

static void cut_paths(void)
{
	struct endpoint_walk walk = { 0, 0 };

	for (const struct endpoint *e; (e = endpoint_next(&walk)); pattern_count++) {
		struct pattern *pattern = &patterns[pattern_count];
		struct str rest = str_of(e->path + 1);

		if (pattern_count == ENDPOINTS_MOST)
			BUG("more than %d endpoints", ENDPOINTS_MOST);
		for (pattern->endpoint = e; rest.len; pattern->count++) {
			if (pattern->count == SEGMENTS_MOST)
				BUG("%s has more than %d segments", e->path, SEGMENTS_MOST);
			pattern->segments[pattern->count] = str_cut(&rest, '/');
		}
	}
}

static bool is_name(struct str segment)
{
	return segment.at[0] == '{';
}

static bool fits(const struct pattern *pattern, const struct http_request *request)
{
	if (pattern->count != request->segment_count)
		return false;
	/* Most differ in the last. */
	for (size_t i = pattern->count; i-- > 0;)
		if (!is_name(pattern->segments[i]) && !str_eq(pattern->segments[i], request->segments[i]))
			return false;
	return true;
}

const struct endpoint *endpoint_of(const struct http_request *request, struct str parts[CALL_PARTS], unsigned *others)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	size_t part = 0;

	pthread_once(&once, cut_paths);
	for (const struct pattern *p = patterns; p < patterns + pattern_count; p++) {
		if (!fits(p, request))
			continue;
		if (p->endpoint->method != request->method) {
			*others |= 1u << p->endpoint->method;
			continue;
		}
		for (size_t i = 0; i < p->count; i++)
			if (is_name(p->segments[i])) {
				if (part == CALL_PARTS)
					BUG("%s has more than %d names", p->endpoint->path, CALL_PARTS);
				parts[part++] = request->segments[i];
			}
		return p->endpoint;
	}
	return NULL;
}
