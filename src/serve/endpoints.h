/* The endpoints by what they are about: each file of them ends with its list, endpoint.c has the list of lists. */
#ifndef SERVE_ENDPOINTS_H
#define SERVE_ENDPOINTS_H

#include "serve/endpoint.h"

/* clang-format off */
extern const struct endpoint
	*const endpoints_state[],
	*const endpoints_openapi[],
	*const endpoints_session[],
	*const endpoints_me[],
	*const endpoints_links[],
	*const endpoints_oidc[],
	*const endpoints_accounts[],
	*const endpoints_journal[],
	*const endpoints_tokens[],
	*const endpoints_leads[],
	*const endpoints_desk[],
	*const endpoints_lead_list[],
	*const endpoints_new_leads[],
	*const endpoints_duplicates[],
	*const endpoints_forms[],
	*const endpoints_form_page[],
	*const endpoints_hooks[],
	*const endpoints_events[],
	*const endpoints_questions[],
	*const endpoints_reports[],
	*const endpoints_outbox[],
	*const endpoints_outlets[],
	*const endpoints_notices[],
	*const endpoints_forgotten[],
	*const endpoints_form_confirm[],
	*const endpoints_promises[],
	*const endpoints_agreement[],
	*const endpoints_signing[],
	*const endpoints_records[],
	*const endpoints_record_writing[],
	*const endpoints_directory[],
	*const endpoints_api_page[],
	*const endpoints_replay[],
	*const endpoints_erasing[],
	*const endpoints_uploads[],
	*const endpoints_known[],
	*const endpoints_templates[],
	*const endpoints_imports[];
/* clang-format on */

#endif
