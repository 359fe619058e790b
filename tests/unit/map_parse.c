#include "map/map.h"

#include "base/asset.h"
#include "map/formats.h"
#include "map/plan.h"
#include "tap.h"

static struct arena arena;

static const struct map *parse(const char *text, struct problems *problems)
{
	const struct map *map = NULL;
	struct err err = ERR_INIT;

	problems_init(problems, &arena);
	if (map_parse(&map, str_of(text), "m.yaml", &arena, problems, &err))
		problem_add(problems, STR("m.yaml"), 0, 0, STR_NONE, "%s", err.text);
	return map;
}

static struct csv_row header_of(const char *names)
{
	struct csv_row row = { ARENA_ARRAY(&arena, struct str, 64), 0, 1 };
	struct str rest = str_of(names);

	while (rest.len)
		row.cells[row.count++] = str_cut(&rest, ',');
	return row;
}

static void test_good(void)
{
	struct problems problems;
	const struct map *map = parse(
		"map: m\nfiles:\n  - match: \"deals*.csv\"\n    as: opportunities\n    key: id\n    fields: {owner: rep}\n"
		"  - header: [id, mail]\n    as: leads\n    key: id\n    fields: {email: mail}\n"
		"  - match: notes.csv\n    skip: not needed\n",
		&problems);
	struct csv_row deals = header_of("id,rep"), leads = header_of("ID,Mail,x");

	ok(map && problems.count == 0, "a good map has no problems");
	if (!map)
		return;
	is_bytes(map_name(map), "m", "its name");
	is_bytes(map_source(map), "m", "its source, by its name");
	is_int(map_file_object(map_for(map, "/x/deals_1.csv", &deals, OBJECT_NONE)), OBJECT_OPPORTUNITY, "by name");
	is_int(map_file_object(map_for(map, "/x/DEALS.CSV", &deals, OBJECT_NONE)), OBJECT_OPPORTUNITY, "in any case");
	is_int(map_file_object(map_for(map, "deals.csv.rejected.csv", &deals, OBJECT_NONE)), OBJECT_OPPORTUNITY,
	       "a file of rejects");
	is_int(map_file_object(map_for(map, "other.csv", &leads, OBJECT_NONE)), OBJECT_LEAD, "by header");
	ok(!map_for(map, "other.csv", &deals, OBJECT_NONE), "neither");
	ok(!map_for(map, "deals.csv", &deals, OBJECT_LEAD), "not as something else");
	is_bytes(map_file_skip(map_for(map, "notes.csv", &deals, OBJECT_NONE)), "not needed",
		 "left out, with the reason");
}

static void test_many_mistakes(void)
{
	struct problems problems;
	const struct map *map = parse(
		"map: m\nfiles:\n  - match: a.csv\n    as: leads\n    keys: id\n    dates: european\n    fields: {ownr: rep}\n",
		&problems);

	ok(!map, "a map with mistakes is refused");
	is_int(problems.count, 3, "with all three at once");
	is_int(problems.items[0].line, 5, "line of the first");
	is_int(problems.items[0].column, 5, "and its column");
	is_bytes(problems.items[0].text, "key \"keys\" is not known; did you mean \"key\"?", "and the nearest word");
}

static void test_version(void)
{
	struct problems problems;
	const struct map *a = parse("map: m\nfiles:\n  - match: a.csv\n    skip: x\n", &problems);
	const struct map *b = parse("map: m\nfiles:\n  - match: a.csv\n    skip: y\n", &problems);

	ok(a && b && !str_eq(map_version(a), map_version(b)), "another text is another version");
}

static void test_formats_named(void)
{
	is_int(date_order_named(STR("dd.mm.yyyy")), DATE_DMY, "dd.mm.yyyy");
	is_int(date_order_named(STR("d/m/yy")), DATE_DMY, "d/m/yy");
	is_int(date_order_named(STR("mm/dd/yyyy hh:mm")), DATE_MDY, "mm/dd/yyyy hh:mm");
	is_int(date_order_named(STR("yyyy-mm-dd")), DATE_YMD, "yyyy-mm-dd");
	is_int(date_order_named(STR("unix ms")), DATE_UNIX_MS, "unix ms");
	is_int(date_order_named(STR("dd.mm")), 0, "dd.mm is none");
	is_int(mark_named(STR("1.234,56")), ',', "1.234,56");
	is_int(mark_named(STR("1,234.56")), '.', "1,234.56");
	is_int(mark_named(STR("1.234")), 0, "1.234 says nothing");
}

static void test_evidence(void)
{
	struct date_evidence dates = { 0 };
	struct number_evidence numbers = { 0 };
	bool unclear;

	date_evidence_add(&dates, STR("01/02/2024"), 7);
	is_int(date_evidence_order(&dates, &unclear), 0, "one date that fits both orders");
	ok(unclear && dates.example_line == 7, "is unclear, and remembered");
	date_evidence_add(&dates, STR("13/02/2024"), 8);
	is_int(date_evidence_order(&dates, &unclear), DATE_DMY, "a 13th tells");
	date_evidence_add(&dates, STR("99/99/2024"), 9);
	is_int(date_evidence_order(&dates, &unclear), DATE_DMY, "what is no date tells nothing");
	number_evidence_add(&numbers, STR("1.234"), 1);
	is_int(number_evidence_mark(&numbers, &unclear), 0, "one number that reads two ways");
	ok(unclear, "is unclear");
	number_evidence_add(&numbers, STR("1,5"), 2);
	is_int(number_evidence_mark(&numbers, &unclear), ',', "1,5 tells");
	number_evidence_add(&numbers, STR("1.5"), 3);
	is_int(number_evidence_mark(&numbers, &unclear), 0, "both styles: each speaks for itself");
	ok(!unclear, "which is clear");
}

static const char *recognised(const char *names)
{
	const struct map_file *file;
	const struct map *map;
	struct csv_row header = header_of(names);
	struct problems problems;
	struct err err = ERR_INIT;

	problems_init(&problems, &arena);
	if (preset_for(&map, &file, &header, OBJECT_NONE, &arena, &problems, &err))
		return arena_dup(&arena, err.text);
	return map ? arena_printf(&arena, "%.*s %s", STR_ARG(map_name(map)), object_plural(map_file_object(file)))
		   : "none";
}

static void test_presets(void)
{
	is_str(recognised("Id,LastName,Company,Email,LeadSource,Status,IsConverted,ConvertedDate,CreatedDate"),
	       "salesforce leads", "leads by API name");
	is_str(recognised("Lead ID,First Name,Last Name,Company / Account,Lead Source,Lead Status,Create Date"),
	       "salesforce leads", "leads by label");
	is_str(recognised("Id,AccountId,Name,StageName,Amount,CloseDate,IsWon,IsClosed,CreatedDate"),
	       "salesforce opportunities", "opportunities by API name");
	is_str(recognised("Opportunity ID,Opportunity Name,Stage,Amount,Close Date,Created Date,Won,Closed"),
	       "salesforce opportunities", "opportunities by label");
	is_str(recognised("Id,OpportunityId,StageName,Amount,CloseDate,CreatedDate"), "salesforce stage-history",
	       "OpportunityHistory");
	is_str(recognised("Id,CampaignId,LeadId,ContactId,Status,FirstRespondedDate"), "salesforce touches",
	       "CampaignMember");
	is_str(recognised("Id,WhoId,WhatId,Subject,ActivityDate,Status,TaskSubtype"), "salesforce activities", "Task");
	is_str(recognised(
		       "Record ID,First Name,Email,Lifecycle Stage,Create Date,Became a Marketing Qualified Lead Date"),
	       "hubspot leads", "contacts of HubSpot");
	is_str(recognised("Record ID,Deal Name,Deal Stage,Amount,Close Date,Create Date"), "hubspot opportunities",
	       "deals of HubSpot");
	is_str(recognised("id,name,type,stage_id,create_date,user_id,expected_revenue"), "odoo leads",
	       "crm.lead, technical");
	is_str(recognised("External ID,Opportunity,Type,Stage,Created on,Salesperson"), "odoo leads",
	       "crm.lead, labels");
	is_str(recognised("Deal - ID,Deal - Title,Deal - Stage,Deal - Status,Deal - Value,Deal - Won time"),
	       "pipedrive opportunities", "Pipedrive");
	is_str(recognised("ID,Title,Stage,Status,Value,Won time"), "pipedrive opportunities",
	       "Pipedrive without prefix");
	is_str(recognised("id,at,kind,direction,duration_minutes,lead"), "lockstep activities", "Lockstep's own names");
	is_str(recognised("a,b,c"), "none", "nothing");
}

int main(void)
{
	arena_init(&arena);
	test_good();
	test_many_mistakes();
	test_version();
	test_formats_named();
	test_evidence();
	test_presets();
	arena_release(&arena);
	return done();
}
