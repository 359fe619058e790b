/* What the reports' words mean. */
#include "report/known.h"

const struct ask TERM_LEADS = { .kpi = "leads" };
const struct ask TERM_QUALIFIED = { .kpi = "qualified_leads" };
const struct ask TERM_HANDED_OFF = { .kpi = "handed_off_leads" };
const struct ask TERM_LEAD_WON = { .title = "Leads won",
				   .sentence = "leads with at least one won deal, by the day of the first",
				   .measure = "count(won)",
				   .of = "leads",
				   .period_of = "won" };
const struct ask TERM_GOAL_OPPORTUNITY = { .kpi = "lead_to_opportunity" };
const struct ask TERM_GOAL_WON = { .kpi = "lead_to_won" };
const struct ask TERM_DEALS = { .kpi = "opportunities" };
const struct ask TERM_WON = { .kpi = "won_deals" };
const struct ask TERM_LOST = { .kpi = "lost_deals" };
const struct ask TERM_OPEN = { .kpi = "open_deals" };
const struct ask TERM_WIN_RATE = { .kpi = "win_rate" };
const struct ask TERM_COHORT_WIN_RATE = { .kpi = "cohort_win_rate" };
const struct ask TERM_WON_VALUE = { .kpi = "won_value" };
const struct ask TERM_LOST_VALUE = { .kpi = "lost_value" };
const struct ask TERM_OPEN_VALUE = { .kpi = "open_pipeline" };
const struct ask TERM_PIPELINE = { .kpi = "pipeline_generated" };
const struct ask TERM_AVERAGE_SALE = { .kpi = "average_sale" };
const struct ask TERM_CYCLE = { .kpi = "cycle_days" };
const struct ask TERM_STAGNANT = { .kpi = "stagnant_deals" };
const struct ask TERM_STAGNANT_VALUE = { .kpi = "stagnant_value" };
const struct ask TERM_SPEND = { .kpi = "spend" };
const struct ask TERM_BOOKED = { .kpi = "orders_booked" };
