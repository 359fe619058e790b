/* The endpoints by what they are about, one file each; endpoint.c has the list. */
#ifndef SERVE_ENDPOINTS_H
#define SERVE_ENDPOINTS_H

#include "serve/endpoint.h"

extern const struct endpoint
	/* api_state.c */
	endpoint_health,
	endpoint_ready, endpoint_metrics,
	/* api_session.c */
	endpoint_get_session, endpoint_sign_in, endpoint_sign_out,
	/* openapi.c */
	endpoint_openapi,
	/* api_questions.c */
	endpoint_list_facts, endpoint_ask_measure, endpoint_list_rows, endpoint_list_kpis, endpoint_ask_kpi,
	/* api_leads.c */
	endpoint_get_lead, endpoint_tell_step, endpoint_answer, endpoint_contact, endpoint_hand_over, endpoint_mark,
	endpoint_undo,
	/* api_lead_list.c */
	endpoint_list_leads, endpoint_create_lead,
	/* api_tokens.c */
	endpoint_list_tokens, endpoint_create_token, endpoint_drop_token,
	/* api_reports.c */
	endpoint_list_reports, endpoint_get_report;

#endif
