/* What the reports' words mean. */
#include "report/known.h"

const struct ask TERM_LEADS = { .title = "Leads", .sentence = "leads that came in, by the day they did", .measure = "count()", .of = "leads",
				.period_of = "created" };
const struct ask TERM_QUALIFIED = { .title = "Qualified leads", .sentence = "leads that became qualified (MQL), by the day they first did",
				    .measure = "count(qualified)", .of = "leads", .period_of = "qualified" };
const struct ask TERM_HANDED_OFF = { .title = "Handed to sales", .sentence = "leads that marketing handed to sales, by the day it first did",
				     .measure = "count(handed_off)", .of = "leads", .period_of = "handed_off" };
const struct ask TERM_LEAD_OPPORTUNITY = { .title = "Leads that became opportunities",
					   .sentence = "leads with at least one opportunity, by the day the first was opened",
					   .measure = "count(opportunity)", .of = "leads", .period_of = "opportunity" };
const struct ask TERM_LEAD_WON = { .title = "Leads won", .sentence = "leads with at least one won deal, by the day of the first",
				   .measure = "count(won)", .of = "leads", .period_of = "won" };
const struct ask TERM_GOAL_OPPORTUNITY = { .title = "Lead to opportunity",
					   .sentence = "leads that became an opportunity by the as-of day, of all that came in (cohort)",
					   .measure = "count(opportunity) / count()", .of = "leads", .period_of = "created" };
const struct ask TERM_GOAL_WON = { .title = "Lead to won", .sentence = "leads won by the as-of day, of all that came in (cohort)",
				   .measure = "count(won) / count()", .of = "leads", .period_of = "created" };
const struct ask TERM_DEALS = { .title = "Opportunities", .sentence = "opportunities, by the day they were opened", .measure = "count()",
				.of = "opportunities", .period_of = "created" };
const struct ask TERM_CLOSED = { .title = "Closed", .sentence = "won or lost, by the day they closed; discontinued is not closed",
				 .measure = "count(closed)", .of = "opportunities", .period_of = "closed" };
const struct ask TERM_WON = { .title = "Won", .sentence = "deals won, by the day they were", .measure = "count(won)", .of = "opportunities",
			      .period_of = "won" };
const struct ask TERM_LOST = { .title = "Lost", .sentence = "deals lost, by the day they were", .measure = "count(lost)",
			       .of = "opportunities", .period_of = "lost" };
const struct ask TERM_DISCONTINUED = { .title = "Discontinued", .sentence = "deals given up without being lost to anyone, by the day",
				       .measure = "count(discontinued)", .of = "opportunities", .period_of = "discontinued" };
const struct ask TERM_OPEN = { .title = "Open", .sentence = "deals neither won, lost nor discontinued on the as-of day",
			       .measure = "count(open)", .of = "opportunities" };
const struct ask TERM_WIN_RATE = { .title = "Win rate", .sentence = "won of all closed (won or lost), by the day they closed (snapshot)",
				   .measure = "count(won) / count(closed)", .of = "opportunities", .period_of = "closed" };
const struct ask TERM_COHORT_WIN_RATE = { .title = "Cohort win rate",
					  .sentence = "won by the as-of day, of the opportunities opened in the period",
					  .measure = "count(won) / count()", .of = "opportunities", .period_of = "created" };
const struct ask TERM_WON_VALUE = { .title = "Won value", .sentence = "value of the deals won, by the day they were",
				    .measure = "sum(amount)", .of = "opportunities", .where = "won", .period_of = "won" };
const struct ask TERM_LOST_VALUE = { .title = "Lost value", .sentence = "value of the deals lost, as far as it is known, by the day they were",
				     .measure = "sum(amount)", .of = "opportunities", .where = "lost", .period_of = "lost" };
const struct ask TERM_OPEN_VALUE = { .title = "Open value", .sentence = "value of the deals open on the as-of day",
				     .measure = "sum(amount)", .of = "opportunities", .where = "open" };
const struct ask TERM_PIPELINE = { .title = "Pipeline generated", .sentence = "value of the opportunities, by the day they were opened",
				   .measure = "sum(amount)", .of = "opportunities", .period_of = "created" };
const struct ask TERM_AVERAGE_SALE = { .title = "Average sale", .sentence = "mean value of the deals won, by the day they were",
				       .measure = "average(amount)", .of = "opportunities", .where = "won", .period_of = "won" };
const struct ask TERM_CYCLE = { .title = "Won cycle", .sentence = "median days from the opening of a deal to its winning, by the day it was won",
				.measure = "median(days(created, won))", .of = "opportunities", .period_of = "won" };
const struct ask TERM_STAGNANT = { .title = "Stuck",
				   .sentence = "open deals that have been in their stage longer than the agreed limit, else longer than 90 % of "
					       "the deals that moved on from it",
				   .measure = "count(stagnant)", .of = "opportunities" };
const struct ask TERM_STAGNANT_VALUE = { .title = "Stuck value", .sentence = "value of the stuck deals, as far as it is known",
					 .measure = "sum(amount)", .of = "opportunities", .where = "stagnant" };
const struct ask TERM_SPEND = { .title = "Spend", .sentence = "what marketing spent, by the day it was spent", .measure = "sum(amount)",
				.of = "spend", .period_of = "day" };
