/* The endpoints by what they are about, one file each; endpoint.c has the list. */
#ifndef SERVE_ENDPOINTS_H
#define SERVE_ENDPOINTS_H

#include "serve/endpoint.h"

extern const struct endpoint
	/* api_state.c */
	endpoint_health,
	endpoint_ready, endpoint_metrics,
	/* openapi.c */
	endpoint_openapi,
	/* api_questions.c */
	endpoint_list_facts, endpoint_ask_measure, endpoint_list_rows, endpoint_list_kpis, endpoint_ask_kpi,
	/* api_reports.c */
	endpoint_list_reports, endpoint_get_report;

#endif
