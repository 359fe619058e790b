/* Leads as a CRM would export them: twenty columns, the same leads as everywhere here, with people in them. */
#include <inttypes.h>
#include <stdlib.h>

#include "bench.h"
#include "base/date.h"

static void put_time(FILE *out, uint32_t t)
{
	struct civil day;

	fputc(',', out);
	if (!t)
		return;
	day = civil_of_date((int32_t)(t / DAY_SECONDS));
	t %= DAY_SECONDS;
	fprintf(out, "%04d-%02d-%02dT%02u:%02u:%02uZ", day.year, day.month, day.day, t / 3600, t / 60 % 60, t % 60);
}

static void put_lead(FILE *out, uint64_t number, const struct bench_lead *lead)
{
	static const char *const first[] = { "Anna", "Bruno", "Chioma", "Dag", "Elif", "Farid", "Grete", "Hiro" };
	static const char *const last[] = { "Abel",    "Brandt", "Castro", "Dvorak", "Eze",
					    "Fischer", "Gruber", "Haas",   "Ito" };
	static const char *const countries[] = { "Germany", "France", "Spain", "Poland", "Kenya", "Japan", "Brazil" };
	static const char *const regions[] = { "North", "South", "East", "West" };
	bool has_rep = lead->rep < BENCH_REPS;
	const char *given = first[number % 8], *family = last[number / 8 % 9];

	fprintf(out, "L%08" PRIu64 ",%s,%s,%s.%s.%" PRIu64 "@company%" PRIu64 ".example,\"Company %" PRIu64 ", Inc.\"",
		number, given, family, given, family, number, number / 3, number / 3);
	fprintf(out, ",%s,%s,%s,%s,%s,%s,%u", countries[number % 7], regions[number % 4],
		has_rep ? bench_team(lead->rep) : "", has_rep ? bench_rep(lead->rep) : "", bench_source(lead->source),
		bench_campaign(lead->campaign), lead->score);
	put_time(out, lead->created);
	put_time(out, lead->qualified);
	put_time(out, lead->handed_off);
	put_time(out, lead->response_due);
	put_time(out, lead->first_response);
	put_time(out, lead->accepted);
	put_time(out, lead->opportunity);
	fputc(',', out);
	if (lead->amount_minor >= 0)
		fprintf(out, "%" PRId64 ".%02" PRId64, lead->amount_minor / 100, lead->amount_minor % 100);
	fputc('\n', out);
}

void bench_leads_csv(const char *path, uint64_t leads)
{
	FILE *out = fopen(path, "w");
	struct bench_rows rows;
	struct bench_lead lead;

	if (!out)
		bench_fail(path, "cannot be written");
	fputs("id,first_name,last_name,email,company,country,region,team,owner,source,campaign,score,created,qualified,"
	      "handed_off,response_due,first_response,accepted,opportunity,amount\n",
	      out);
	bench_rows_init(&rows, leads);
	for (uint64_t i = 0; i < leads; i++) {
		bench_rows_lead(&rows, i, &lead);
		put_lead(out, i, &lead);
	}
	if (fclose(out))
		bench_fail(path, "cannot be written");
}
