#include "facts/kpi.h"

#include "base/date.h"

#define LEADS "leads"
#define DEALS "opportunities"
#define VISITS "stage_visits"

static const struct kpi kpis[] = {
	/* ---- leads ---- */
	{ "leads", "Leads", "leads that came in, by the day they came in", "count()", LEADS, NULL, "created", 1,
	  "leads" },
	{ "qualified_leads", "Qualified leads", "leads that became qualified (MQL), by the day they did",
	  "count(qualified) on qualified", LEADS, NULL, "qualified", 1, "qualified leads" },
	{ "handed_off_leads", "Leads handed over", "leads that marketing handed to sales, by the day it did",
	  "count(handed_off) on handed_off", LEADS, NULL, "handed_off", 1, "leads handed over" },
	{ "accepted_leads", "Leads accepted", "leads that sales accepted (SAL), by the day it did",
	  "count(accepted) on accepted", LEADS, NULL, "accepted", 1, "accepted leads" },
	{ "acceptance", "Acceptance",
	  "of the leads handed over in the period, those that sales accepted by the as-of day",
	  "count(handed_off and accepted) on handed_off / count(handed_off) on handed_off", LEADS, NULL, "handed_off",
	  1, "leads handed over" },
	{ "lead_to_opportunity", "Lead to opportunity",
	  "of the leads that came in, those that became an opportunity by the as-of day",
	  "count(opportunity) / count()", LEADS, NULL, "created", 1, "leads with opportunities" },
	{ "lead_to_won", "Lead to won", "of the leads that came in, those that were won by the as-of day",
	  "count(won) / count()", LEADS, NULL, "created", 1, "leads that were won" },
	{ "sweet_spot_share", "Sweet spot share",
	  "of the leads that reps marked, those they marked as in their sweet spot",
	  "count(sweet_spot = yes) / count(sweet_spot is not empty)", LEADS, NULL, "created", 1,
	  "leads marked by reps" },
	/* ---- pipeline ---- */
	{ "opportunities", "Opportunities", "opportunities opened, by the day they were", "count()", DEALS, NULL,
	  "created", 1, "opportunities" },
	{ "pipeline_generated", "Pipeline generated", "value of the opportunities opened, by the day they were",
	  "sum(amount)", DEALS, NULL, "created", 1, "opportunities with amounts" },
	{ "inbound_pipeline", "Inbound pipeline", "value of the opportunities opened in which the buyer moved first",
	  "sum(amount where inbound)", DEALS, NULL, "created", 1, "opportunities marked inbound" },
	{ "open_pipeline", "Open pipeline", "value of the opportunities open on the as-of day",
	  "sum(amount where open)", DEALS, NULL, NULL, 1, "open opportunities with amounts" },
	{ "open_deals", "Open deals", "opportunities open on the as-of day", "count(open)", DEALS, NULL, NULL, 0,
	  "open opportunities" },
	{ "factored_pipeline", "Factored pipeline",
	  "value of the open opportunities times their chance to win, as their source says it",
	  "sum(amount * probability where open)", DEALS, NULL, NULL, 1, "open opportunities with amounts and chances" },
	{ "stagnant_deals", "Stuck deals", "open opportunities that are in their stage longer than its limit",
	  "count(stagnant)", DEALS, NULL, NULL, -1, "times at which stages were entered" },
	{ "stagnant_value", "Value stuck",
	  "value of the open opportunities that are in their stage longer than its limit", "sum(amount where stagnant)",
	  DEALS, NULL, NULL, -1, "times at which stages were entered, and amounts" },
	{ "leakage", "Leakage",
	  "of the stage visits that ended, those that ended in a lost deal, by the day they ended",
	  "count(outcome = lost) on left / count(left) on left", VISITS, NULL, "left", -1, "stage history" },
	{ "leaked_value", "Value leaked", "value of the deals that left a stage to be lost, by the day they did",
	  "sum(amount where outcome = lost) on left", VISITS, NULL, "left", -1, "stage history and amounts" },
	{ "stage_conversion", "Stage conversion",
	  "of the stage visits that began, those that moved forward by the as-of day",
	  "count(outcome = forward) / count()", VISITS, NULL, "entered", 1, "stage history" },
	/* ---- closing ---- */
	{ "win_rate", "Win rate", "won of all closed (won or lost), by the day they closed",
	  "count(won) on closed / count(closed) on closed", DEALS, NULL, "closed", 1, "closed opportunities" },
	{ "cohort_win_rate", "Cohort win rate", "of the opportunities opened, those won by the as-of day",
	  "count(won) / count()", DEALS, NULL, "created", 1, "opportunities" },
	{ "won_deals", "Deals won", "opportunities won, by the day they were", "count(won) on won", DEALS, NULL, "won",
	  1, "won opportunities" },
	{ "won_value", "Won value", "value of the opportunities won, by the day they were",
	  "sum(amount where won) on won", DEALS, NULL, "won", 1, "won opportunities with amounts" },
	{ "inbound_won_value", "Inbound won value", "value of the opportunities won in which the buyer moved first",
	  "sum(amount where won and inbound) on won", DEALS, NULL, "won", 1, "won opportunities marked inbound" },
	{ "average_sale", "Average sale", "mean value of the opportunities won, by the day they were",
	  "average(amount where won) on won", DEALS, NULL, "won", 1, "won opportunities with amounts" },
	{ "cycle_days", "Cycle", "median of the days from opening to winning, of won opportunities",
	  "median(days(created, won)) on won", DEALS, NULL, "won", -1, "won opportunities with dates" },
	{ "lost_deals", "Deals lost", "opportunities lost, by the day they were", "count(lost) on lost", DEALS, NULL,
	  "lost", -1, "lost opportunities" },
	{ "lost_value", "Lost value", "value of the opportunities lost, by the day they were",
	  "sum(amount where lost) on lost", DEALS, NULL, "lost", -1, "lost opportunities with amounts" },
	{ "bid_to_close", "Bid to close",
	  "of the opportunities that reached the quote or proposal stage, those won; empty where the stages of closed deals are not known",
	  "count(won and bid) / count(bid)", DEALS, NULL, "created", 1, "a quote or proposal stage" },
	{ "velocity", "Velocity",
	  "open opportunities × win rate × mean won value ÷ mean cycle: what the pipeline brings in a day",
	  "count(open) * (count(won) / count(closed)) * average(amount where won) / average(days(created, won))", DEALS,
	  NULL, NULL, 1, "won opportunities with amounts and dates" },
	{ "net_new_customers", "New customers", "accounts whose first deal was won, by the day it was",
	  "count(net_new) on won", DEALS, NULL, "won", 1, "won opportunities with accounts" },
	/* ---- follow-up ---- */
	{ "first_response_hours", "First response", "median of the hours from hand-over to the first human response",
	  "median(hours(first_response - handed_off)) on handed_off", LEADS, NULL, "handed_off", -1,
	  "leads handed over, and activities" },
	{ "inquiry_response_hours", "Response to inquiry",
	  "median of the hours from the lead's coming in to the first human response",
	  "median(hours(first_response - created))", LEADS, NULL, "created", -1, "leads and activities" },
	{ "response_on_time", "On time", "of the first responses that fell due by the as-of day, those given in time",
	  "count(first_response <= response_due and response_due < as_of) on response_due / count(response_due < as_of) on response_due",
	  LEADS, NULL, "response_due", 1, "promised response times, and activities" },
	{ "attempts_per_lead", "Attempts per lead", "human contacts for each lead that was contacted at all",
	  "1 * count(lead is not empty and not automatic and direction not in (\"in\", inbound)) / distinct(lead where not automatic and direction not in (\"in\", inbound))",
	  "activities", NULL, "at", 1, "activities" },
	{ "touches", "Touches", "marketing engagements, by the day they happened", "count()", "touches", NULL, "at", 1,
	  "touches" },
	/* ---- money spent ---- */
	{ "spend", "Spend", "marketing money spent, by the day it was", "sum(amount)", "spend", NULL, "day", 0,
	  "spend" },
	{ "cost_per_lead", "Cost per lead", "spend of the period for each lead that came in",
	  "sum(spend.amount) / count(leads.created)", LEADS, NULL, "created", -1, "spend and leads" },
	{ "cost_per_opportunity", "Cost per opportunity", "spend of the period for each opportunity opened",
	  "sum(spend.amount) / count(opportunities.created)", DEALS, NULL, "created", -1, "spend and opportunities" },
	{ "cost_per_won", "Cost per won deal", "spend of the period for each opportunity won",
	  "sum(spend.amount) / count(opportunities.won) on won", DEALS, NULL, "won", -1,
	  "spend and won opportunities" },
	{ "return_on_spend", "Return on spend",
	  "margin of the orders booked whose cost is known, less spend, for each unit of spend",
	  "(sum(orders.margin) - sum(spend.amount)) / sum(spend.amount)", "orders", NULL, "booked", 1,
	  "spend, and orders with costs" },
	/* ---- orders ---- */
	{ "orders_booked", "Booked", "price of the orders booked, by the day they were", "sum(amount)", "orders", NULL,
	  "booked", 1, "orders with amounts" },
	{ "orders_billed", "Billed", "what was billed of the orders booked in the period", "sum(billed)", "orders",
	  NULL, "booked", 1, "orders with what was billed" },
	{ "orders_collected", "Collected", "what was collected of the orders booked in the period", "sum(collected)",
	  "orders", NULL, "booked", 1, "orders with what was collected" },
	{ "margin", "Margin",
	  "price less cost of goods, freight and other cost (0 where empty), of the orders booked whose cost of goods is known",
	  "sum(margin)", "orders", NULL, "booked", 1, "orders with costs" },
};

const struct kpi *kpi_at(size_t i)
{
	return i < sizeof(kpis) / sizeof(*kpis) ? &kpis[i] : NULL;
}

const struct kpi *kpi_find(struct str name)
{
	for (size_t i = 0; i < sizeof(kpis) / sizeof(*kpis); i++) {
		if (str_is(name, kpis[i].name))
			return &kpis[i];
	}
	return NULL;
}

int kpi_ask(const struct facts *facts, const struct kpi *kpi, const char *by, const char *where, int32_t from,
	    int32_t to, int32_t as_of, struct scope scope, struct arena *arena, struct answer *answer, struct err *err)
{
	struct question question = {
		.measure = kpi->measure, .of = kpi->of, .by = by, .where = kpi->where, .as_of = as_of, .scope = scope
	};
	bool both = kpi->where && where && str_trim(str_of(where)).len;

	if (both)
		question.where = arena_printf(arena, "(%s) and (%s)", kpi->where, where);
	else if (!kpi->where)
		question.where = where;
	/* A KPI of the as-of day (open pipeline, stuck deals) has no period. */
	if (kpi->period) {
		question.from = from;
		question.to = to;
	}
	return measure_ask(facts, &question, arena, answer, err);
}
