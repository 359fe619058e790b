/* Real files, as published: rows and columns as another reader of CSV counts them. */
#include "io/csv.h"

#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

static const struct {
	const char *name;
	long rows;
	size_t columns;
	char separator;
} files[] = {
	{ "bank/bank-full.csv", 45211, 17, ';' },
	{ "kag/KAG_conversion_data.csv", 1143, 11, ',' },
	{ "maven_crm/accounts.csv", 85, 7, ',' },
	{ "maven_crm/data_dictionary.csv", 21, 3, ',' },
	{ "maven_crm/products.csv", 7, 3, ',' },
	{ "maven_crm/sales_pipeline.csv", 8800, 8, ',' },
	{ "maven_crm/sales_teams.csv", 35, 3, ',' },
	{ "olist/olist_closed_deals_dataset.csv", 842, 14, ',' },
	{ "olist/olist_marketing_qualified_leads_dataset.csv", 8000, 4, ',' },
	{ "olist/olist_sellers_dataset.csv", 3095, 4, ',' },
	{ "skylark/deals.csv", 346, 12, ',' },
	{ "skylark/work_orders.csv", 176, 38, ',' },
};

int main(void)
{
	const char *folder = getenv("LOCKSTEP_DATA");

	folder = folder ? folder : "../shared/data";
	if (access(folder, R_OK) != 0) {
		skip("no real data here; LOCKSTEP_DATA names its folder");
		return done();
	}
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct csv *csv = NULL;
		struct csv_row row;
		struct err err = ERR_INIT;
		char path[4096];
		long rows = 0, uneven = 0;

		snprintf(path, sizeof(path), "%s/%s", folder, files[i].name);
		if (!ok(csv_open(&csv, path, NULL, &err) == 0, "%s opens", files[i].name)) {
			note("%s", err.text);
			continue;
		}
		is_int(csv_separator(csv), files[i].separator, "%s: separator", files[i].name);
		is_int(csv_header(csv)->count, files[i].columns, "%s: columns", files[i].name);
		while (csv_next(csv, &row, &err) == 1) {
			rows++;
			uneven += row.count != files[i].columns;
		}
		is_int(rows, files[i].rows, "%s: rows", files[i].name);
		is_int(uneven, 0, "%s: all of one length", files[i].name);
		is_int(err.kind, ERR_NONE, "%s: to the end", files[i].name);
		is_int(csv_odd_bytes(csv), 0, "%s: in one encoding", files[i].name);
		csv_close(csv);
	}
	return done();
}
