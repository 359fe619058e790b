/* A first map for a file that nobody has mapped yet: what the columns are called, and what their cells look like. */
#include "base/buf.h"
#include "base/table.h"
#include "map/formats.h"
#include "map/plan.h"

enum {
	SAMPLE_ROWS = 100000,
	MOST_STAGES = 40,
	NAME_BYTES = 60,
};

/* What a column is likely to be, by its name's letters. */
struct guess {
	const char *letters; /* as str_fold_name leaves them */
	const char *field;
};

static const struct guess guesses[] = {
	{ "owner", "owner" },
	{ "salesagent", "owner" },
	{ "salesrep", "owner" },
	{ "rep", "owner" },
	{ "salesperson", "owner" },
	{ "assignedto", "owner" },
	{ "accountmanager", "owner" },
	{ "besitzer", "owner" },
	{ "verantwortlich", "owner" },
	{ "betreuer", "owner" },
	{ "leadowner", "owner" },
	{ "dealowner", "owner" },
	{ "ownercode", "owner" },
	{ "ownername", "owner" },
	{ "firstname", "first_name" },
	{ "vorname", "first_name" },
	{ "lastname", "last_name" },
	{ "surname", "last_name" },
	{ "nachname", "last_name" },
	{ "fullname", "name" },
	{ "name", "name" },
	{ "dealname", "name" },
	{ "opportunityname", "name" },
	{ "title", "title" },
	{ "jobtitle", "title" },
	{ "email", "email" },
	{ "emailaddress", "email" },
	{ "mail", "email" },
	{ "phone", "phone" },
	{ "phonenumber", "phone" },
	{ "telefon", "phone" },
	{ "mobile", "phone" },
	{ "address", "address" },
	{ "notes", "notes" },
	{ "description", "notes" },
	{ "comments", "notes" },
	{ "company", "company" },
	{ "companyname", "company" },
	{ "firma", "company" },
	{ "organisation", "company" },
	{ "organization", "company" },
	{ "account", "account" },
	{ "accountid", "account" },
	{ "accountname", "account" },
	{ "client", "account" },
	{ "customer", "account" },
	{ "kunde", "account" },
	{ "industry", "industry" },
	{ "sector", "industry" },
	{ "branche", "industry" },
	{ "employees", "company_size" },
	{ "numberofemployees", "company_size" },
	{ "companysize", "company_size" },
	{ "country", "country" },
	{ "land", "country" },
	{ "region", "region" },
	{ "territory", "region" },
	{ "segment", "segment" },
	{ "businesssegment", "segment" },
	{ "team", "team" },
	{ "salesteam", "team" },
	{ "partner", "partner" },
	{ "origin", "origin" },
	{ "source", "source" },
	{ "leadsource", "source" },
	{ "channel", "source" },
	{ "originalsource", "source" },
	{ "medium", "source" },
	{ "quelle", "source" },
	{ "campaign", "campaign" },
	{ "campaignname", "campaign" },
	{ "campaignid", "campaign" },
	{ "kampagne", "campaign" },
	{ "type", "type" },
	{ "status", "status" },
	{ "leadstatus", "status" },
	{ "reason", "reason" },
	{ "lostreason", "reason" },
	{ "closedlostreason", "reason" },
	{ "product", "product" },
	{ "produkt", "product" },
	{ "score", "score" },
	{ "leadscore", "score" },
	{ "created", "created" },
	{ "createdate", "created" },
	{ "createddate", "created" },
	{ "createdat", "created" },
	{ "createdon", "created" },
	{ "creationdate", "created" },
	{ "dateadded", "created" },
	{ "angelegt", "created" },
	{ "angelegtam", "created" },
	{ "erstellt", "created" },
	{ "erstelltam", "created" },
	{ "firstcontactdate", "created" },
	{ "opened", "created" },
	{ "opendate", "created" },
	{ "modified", "modified" },
	{ "modifieddate", "modified" },
	{ "lastmodified", "modified" },
	{ "lastmodifieddate", "modified" },
	{ "updatedat", "modified" },
	{ "geaendertam", "modified" },
	{ "qualified", "qualified" },
	{ "qualifieddate", "qualified" },
	{ "mqldate", "qualified" },
	{ "handedoff", "handed_off" },
	{ "assigneddate", "handed_off" },
	{ "firstresponse", "first_response" },
	{ "firstcontacted", "first_response" },
	{ "accepted", "accepted" },
	{ "accepteddate", "accepted" },
	{ "saldate", "accepted" },
	{ "rejected", "rejected" },
	{ "won", "won" },
	{ "wondate", "won" },
	{ "wontime", "won" },
	{ "lost", "lost" },
	{ "lostdate", "lost" },
	{ "losttime", "lost" },
	{ "closed", "closed" },
	{ "closedate", "closed" },
	{ "closeddate", "closed" },
	{ "abgeschlossen", "closed" },
	{ "abschluss", "closed" },
	{ "expectedclose", "expected_close" },
	{ "expectedclosedate", "expected_close" },
	{ "tentativeclosedate", "expected_close" },
	{ "forecastdate", "expected_close" },
	{ "amount", "amount" },
	{ "value", "amount" },
	{ "dealvalue", "amount" },
	{ "closevalue", "amount" },
	{ "betrag", "amount" },
	{ "wert", "amount" },
	{ "revenue", "amount" },
	{ "total", "amount" },
	{ "spend", "amount" },
	{ "spent", "amount" },
	{ "cost", "cost" },
	{ "costs", "cost" },
	{ "currency", "currency" },
	{ "waehrung", "currency" },
	{ "stage", "stage" },
	{ "dealstage", "stage" },
	{ "phase", "stage" },
	{ "stagename", "stage" },
	{ "probability", "probability" },
	{ "fromstage", "from_stage" },
	{ "tostage", "stage" },
	{ "entered", "entered" },
	{ "date", "at" },
	{ "time", "at" },
	{ "at", "at" },
	{ "activitydate", "at" },
	{ "kind", "kind" },
	{ "activitytype", "kind" },
	{ "direction", "direction" },
	{ "outcome", "outcome" },
	{ "result", "outcome" },
	{ "duration", "duration_minutes" },
	{ "day", "day" },
	{ "impressions", "impressions" },
	{ "clicks", "clicks" },
	{ "conversions", "reported_conversions" },
	{ "leads", "reported_leads" },
	{ "orderdate", "booked" },
	{ "bookingdate", "booked" },
	{ "shipped", "shipped" },
	{ "shipdate", "shipped" },
	{ "delivered", "delivered" },
	{ "deliverydate", "delivered" },
	{ "invoiced", "invoiced" },
	{ "invoicedate", "invoiced" },
	{ "paid", "paid" },
	{ "paiddate", "paid" },
	{ "freight", "freight" },
	{ "shipping", "freight" },
	{ "tax", "tax" },
	{ "duedate", "due" },
	{ "lead", "lead" },
	{ "leadid", "lead" },
	{ "contact", "contact" },
	{ "contactid", "contact" },
	{ "dealid", "opportunity" },
	{ "opportunityid", "opportunity" },
	{ "manager", "manager" },
	{ "closingdate", "closed" },
	{ "callowner", "owner" },
	{ "activityowner", "owner" },
	{ "vertreter", "owner" },
	{ "callstarttime", "at" },
	{ "starttime", "at" },
	{ "firstrespondeddate", "at" },
	{ "datum", "at" },
	{ "relatedtoid", "opportunity" },
	{ "relatedto", "opportunity" },
	{ "createdtime", "created" },
	{ "modifiedtime", "modified" },
	{ "orderdatum", "booked" },
	{ "auftragsdatum", "booked" },
	{ "rechnungsdatum", "invoiced" },
	{ "bezahltam", "paid" },
	{ "fracht", "freight" },
	{ "einstand", "cost" },
	{ "netto", "amount" },
	{ "nettobetrag", "amount" },
	{ "mwst", "tax" },
	{ "steuer", "tax" },
	{ "impr", "impressions" },
	{ "currencycode", "currency" },
	{ "cost", "amount" },
	{ "wahrscheinlichkeit", "probability" },
	{ "calldurationinseconds", "duration_minutes" },
	{ "callduration", "duration_minutes" },
	{ "durationseconds", "duration_minutes" },
	{ "calltype", "direction" },
	{ "callresult", "outcome" },
	{ "memberstatus", "outcome" },
	{ "reasonforloss", "reason" },
	{ "email", "lead" },
	{ "emailaddress", "lead" },
	{ "contactemail", "lead" },
	{ "email", "contact" },
};

/* Words in a name of a file or a column that tell what its rows are. */
static const struct {
	const char *letters;
	enum object object;
} kinds[] = {
	{ "stagehistory", OBJECT_STAGE_CHANGE },
	{ "history", OBJECT_STAGE_CHANGE },
	{ "opportunit", OBJECT_OPPORTUNITY },
	{ "pipeline", OBJECT_OPPORTUNITY },
	{ "deal", OBJECT_OPPORTUNITY },
	{ "lead", OBJECT_LEAD },
	{ "account", OBJECT_ACCOUNT },
	{ "compan", OBJECT_ACCOUNT },
	{ "kunden", OBJECT_ACCOUNT },
	{ "contact", OBJECT_CONTACT },
	{ "call", OBJECT_ACTIVITY },
	{ "activit", OBJECT_ACTIVITY },
	{ "task", OBJECT_ACTIVITY },
	{ "touch", OBJECT_TOUCH },
	{ "click", OBJECT_TOUCH },
	{ "member", OBJECT_TOUCH },
	{ "spend", OBJECT_SPEND },
	{ "ads", OBJECT_SPEND },
	{ "campaign", OBJECT_SPEND },
	{ "order", OBJECT_ORDER },
	{ "invoice", OBJECT_ORDER },
	{ "auftra", OBJECT_ORDER },
	{ "bestell", OBJECT_ORDER },
	{ "rechnung", OBJECT_ORDER },
	{ "rep", OBJECT_PERSON },
	{ "user", OBJECT_PERSON },
	{ "team", OBJECT_PERSON },
	{ "agent", OBJECT_PERSON },
};

struct column {
	struct str name;
	char letters[128];
	const char *field; /* NULL: none guessed */
	struct date_evidence dates;
	struct number_evidence numbers;
	uint64_t filled, number, flags, currency_signs;
	struct table words;
	bool many_words;
};

struct draft {
	struct arena arena;
	struct column *columns;
	size_t count;
	uint64_t rows;
	enum object as;
	int key;
	struct buf *out;
};

static void look_at_cell(struct column *c, struct str cell, long line)
{
	struct value value;

	/* a header repeated inside says nothing about the column */
	if (cell_nothing(cell) != NOTHING_NOT || str_eq(cell, c->name))
		return;
	c->filled++;
	date_evidence_add(&c->dates, cell, line);
	c->number += number_look(cell) != NUMBER_NONE;
	number_evidence_add(&c->numbers, cell, line);
	c->flags += cell_flag(cell, &value) == CELL_OK;
	c->currency_signs += cell.len && ((unsigned char)cell.at[0] == 0xE2 || cell.at[0] == '$');
	if (!c->many_words && cell.len < 60) {
		++*table_put(&c->words, cell, NULL);
		c->many_words = c->words.count > SAMPLE_ROWS;
	}
}

/* "maskeddealvalue" holds "dealvalue": the longest word that is long enough to mean something. */
static const char *inner_guess(const struct column *c, enum object as)
{
	const char *best = NULL;
	size_t longest = 5;

	for (size_t i = 0; i < sizeof(guesses) / sizeof(guesses[0]); i++) {
		size_t len = strlen(guesses[i].letters);

		if (len > longest && strstr(c->letters, guesses[i].letters) &&
		    field_by_name(as, str_of(guesses[i].field))) {
			longest = len;
			best = guesses[i].field;
		}
	}
	return best;
}

static const char *guess_of(const struct column *c, enum object as)
{
	for (size_t i = 0; i < sizeof(guesses) / sizeof(guesses[0]); i++)
		if (!strcmp(guesses[i].letters, c->letters) &&
		    (field_by_name(as, str_of(guesses[i].field)) || !strcmp(guesses[i].field, "currency")))
			return guesses[i].field;
	return inner_guess(c, as);
}

/* Which kind of record has most of these columns; the file's name weighs as much as three. */
static enum object guess_object(const struct draft *d, const char *path)
{
	enum object best = OBJECT_LEAD;
	size_t most = 0;
	char name[512];
	size_t len = str_fold_name(path_without_rejects(strrchr(path, '/') ? strrchr(path, '/') + 1 : path), name,
				   sizeof(name) - 1);

	name[len] = 0;
	for (int object = OBJECT_LEAD; object <= OBJECT_PERSON; object++) {
		size_t score = 0;

		for (size_t i = 0; i < d->count; i++)
			score += guess_of(&d->columns[i], (enum object)object) != NULL;
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
			if ((int)kinds[i].object == object && strstr(name, kinds[i].letters)) {
				score += 3;
				break;
			}
		if (score > most) {
			most = score;
			best = (enum object)object;
		}
	}
	return best;
}

static bool is_date(const struct column *c)
{
	return c->filled && c->dates.cells * 10 >= c->filled * 9 && c->dates.unix_s == 0;
}

static bool is_number(const struct column *c)
{
	return c->filled && c->number * 10 >= c->filled * 9;
}

static bool is_id(const struct draft *d, const struct column *c)
{
	return c->filled == d->rows && d->rows && !c->many_words && c->words.count == d->rows;
}

static int guess_key(const struct draft *d)
{
	int first = -1;

	for (size_t i = 0; i < d->count; i++) {
		const struct column *c = &d->columns[i];
		size_t len = strlen(c->letters);

		if (!is_id(d, c) || is_date(c))
			continue;
		if (!strcmp(c->letters, "id") || (len > 2 && !strcmp(c->letters + len - 2, "id")) ||
		    strstr(c->letters, "number") || strstr(c->letters, "nummer"))
			return (int)i;
		if (first < 0 && i == 0)
			first = (int)i;
	}
	return first;
}

/* A name as YAML takes it. */
static void put_name(struct buf *out, struct str name)
{
	bool plain = name.len > 0 && !strchr("-?:!&*#%@`'\"{}[],>|= ", name.at[0]) && name.at[name.len - 1] != ' ';

	for (size_t i = 0; i < name.len; i++)
		plain &= strchr(":#,[]{}\"'\\\n\t", name.at[i]) == NULL;
	if (plain) {
		buf_add_str(out, name);
		return;
	}
	buf_add_char(out, '"');
	for (size_t i = 0; i < name.len; i++) {
		if (name.at[i] == '"' || name.at[i] == '\\')
			buf_add_char(out, '\\');
		buf_add_char(out, name.at[i] == '\n' || name.at[i] == '\t' ? ' ' : name.at[i]);
	}
	buf_add_char(out, '"');
}

static bool type_fits(const struct column *c, const char *field, enum object as)
{
	const struct field_def *def = field_by_name(as, str_of(field));

	if (!def || !c->filled)
		return true;
	switch (def->type) {
	case FIELD_WHEN: return is_date(c);
	case FIELD_MILESTONE: return is_date(c) || c->flags == c->filled;
	case FIELD_NUMBER:
	case FIELD_MONEY: return is_number(c);
	case FIELD_FLAG: return c->flags == c->filled;
	case FIELD_TEXT:
	case FIELD_REF: return true;
	}
	return true;
}

static void settle_fields(struct draft *d)
{
	for (size_t i = 0; i < d->count; i++) {
		struct column *c = &d->columns[i];

		c->field = (int)i == d->key && d->as != OBJECT_PERSON && d->as != OBJECT_ACCOUNT ? NULL
												 : guess_of(c, d->as);
		if (c->field && !type_fits(c, c->field, d->as))
			c->field = NULL;
		for (size_t k = 0; k < i && c->field; k++)
			if (d->columns[k].field && !strcmp(d->columns[k].field, c->field))
				c->field = NULL;
	}
}

static void write_dates(struct draft *d)
{
	bool unclear = false;
	unsigned order = 0;

	for (size_t i = 0; i < d->count && !order; i++) {
		bool one;

		order = date_evidence_order(&d->columns[i].dates, &one);
		unclear |= one;
	}
	if (order)
		buf_addf(d->out, "    dates: %s\n", date_order_text(order));
	else if (unclear)
		buf_add_text(d->out, "    dates: dd/mm/yyyy        # or mm/dd/yyyy? both fit every row: choose\n");
}

static void write_numbers(struct draft *d)
{
	bool unclear = false;
	char mark = 0;

	for (size_t i = 0; i < d->count && !mark; i++) {
		bool one;

		if (!is_number(&d->columns[i]))
			continue;
		mark = number_evidence_mark(&d->columns[i].numbers, &one);
		unclear |= one;
	}
	if (mark == ',')
		buf_add_text(d->out, "    numbers: \"1.234,56\"\n");
	else if (!mark && unclear)
		buf_add_text(d->out, "    numbers: \"1,234.56\"      # or \"1.234,56\"? both fit every row: choose\n");
}

static void write_stages(struct draft *d)
{
	static const struct {
		const char *letters, *means;
	} words[] = { { "won", "won" },       { "gewonnen", "won" }, { "lost", "lost" },
		      { "verloren", "lost" }, { "dead", "lost" },    { "hold", "on_hold" } };
	const struct column *stage = NULL;
	size_t at = 0;
	struct str word;
	uint64_t n;

	for (size_t i = 0; i < d->count; i++)
		if (d->columns[i].field && !strcmp(d->columns[i].field, "stage"))
			stage = &d->columns[i];
	if (!stage || d->as != OBJECT_OPPORTUNITY || stage->words.count > MOST_STAGES)
		return;
	buf_add_text(
		d->out,
		"    stages:                  # put them into the order of your pipeline; open, won, lost, discontinued, on_hold\n");
	while (table_next(&stage->words, &at, &word, &n)) {
		char letters[64];
		size_t len = str_fold_name(word, letters, sizeof(letters) - 1);
		const char *means = "open";

		letters[len] = 0;
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (strstr(letters, words[i].letters))
				means = words[i].means;
		buf_add_text(d->out, "      ");
		put_name(d->out, word);
		buf_addf(d->out, ": %s\n", means);
	}
}

static const char *custom_type(const struct column *c)
{
	if (!c->filled)
		return "text";
	if (is_date(c))
		return "date";
	if (c->currency_signs * 2 > c->filled)
		return "money";
	if (is_number(c) &&
	    !(c->words.count > 0 && c->filled == c->words.count && c->numbers.dot + c->numbers.comma == 0))
		return "number";
	return c->flags == c->filled && c->words.count <= 2 ? "flag" : "text";
}

/* "Closure Probability" → closure_probability, which measures can be written with. */
static void put_own_name(struct draft *d, const struct column *c)
{
	char name[NAME_BYTES];
	size_t len = 0;

	for (size_t i = 0; i < c->name.len && len < NAME_BYTES - 10; i++) {
		char letter = (char)(c->name.at[i] >= 'A' && c->name.at[i] <= 'Z' ? c->name.at[i] + 32 : c->name.at[i]);
		bool plain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');

		if (plain)
			name[len++] = letter;
		else if (len && name[len - 1] != '_')
			name[len++] = '_';
	}
	while (len && name[len - 1] == '_')
		len--;
	if (len == 0 || (name[0] >= '0' && name[0] <= '9'))
		buf_add_text(d->out, "column_");
	buf_add(d->out, name, len);
	if (field_by_name(d->as, (struct str){ name, len }))
		buf_add_text(d->out, "_of_file");
}

static void write_custom(struct draft *d)
{
	bool begun = false;

	for (size_t i = 0; i < d->count; i++) {
		const struct column *c = &d->columns[i];

		if (c->field || (int)i == d->key || !c->filled)
			continue;
		if (!begun)
			buf_add_text(
				d->out,
				"    custom:                  # not known here; keep what you want to ask about, under a name of your own\n");
		begun = true;
		buf_add_text(d->out, "      ");
		put_own_name(d, c);
		buf_add_text(d->out, ": {column: ");
		put_name(d->out, c->name);
		buf_addf(d->out, ", type: %s}\n", custom_type(c));
	}
}

static void write_field(struct draft *d, const struct column *c)
{
	bool by_name = !strcmp(c->field, "account") && !strstr(c->letters, "id");

	bool by_email = (!strcmp(c->field, "lead") || !strcmp(c->field, "contact")) && strstr(c->letters, "mail");
	bool seconds = !strcmp(c->field, "duration_minutes") && strstr(c->letters, "second");

	buf_addf(d->out, "      %s: %s", c->field, by_name || by_email || seconds ? "{column: " : "");
	put_name(d->out, c->name);
	buf_add_text(d->out, by_name    ? ", by: name}\n"
			     : by_email ? ", by: email}\n"
			     : seconds  ? ", unit: seconds}\n"
					: "\n");
}

static void write_map(struct draft *d, const char *path)
{
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;

	buf_addf(d->out,
		 "# Drafted from %llu rows. Read it through, mend it, then: lockstep import --dry-run --map THIS.yaml ",
		 (unsigned long long)d->rows);
	buf_add_text(d->out, name);
	buf_add_text(
		d->out,
		"\nmap: my_crm                  # a name; ids are known by it, so keep one map for all files of one system\nfiles:\n  - match: ");
	put_name(d->out, str_of(name));
	buf_addf(
		d->out,
		"\n    as: %-20s # leads, opportunities, accounts, contacts, activities, touches, spend, orders, people, stage-history\n",
		object_plural(d->as));
	if (d->key >= 0) {
		buf_add_text(d->out, "    key: ");
		put_name(d->out, d->columns[d->key].name);
		buf_add_char(d->out, '\n');
	} else {
		buf_add_text(d->out,
			     "    # key: COLUMN            # no column holds an id; rows are known by their content\n");
	}
	write_dates(d);
	write_numbers(d);
	buf_add_text(d->out, "    fields:\n");
	for (size_t i = 0, n = 0; i < d->count || (n == 0 && i == d->count); i++) {
		if (i == d->count) {
			buf_add_text(d->out, "      {}\n");
			break;
		}
		if (!d->columns[i].field)
			continue;
		n++;
		write_field(d, &d->columns[i]);
	}
	write_stages(d);
	write_custom(d);
}

static int look(struct draft *d, const char *path, struct err *err)
{
	struct csv_options options = CSV_OPTIONS_DEFAULT;
	struct csv_row row;
	struct csv *csv;
	int rc = csv_open(&csv, path, &options, err);

	if (rc)
		return rc;
	d->count = csv_header(csv)->count;
	d->columns = ARENA_ARRAY(&d->arena, struct column, d->count + 1);
	for (size_t i = 0; i < d->count; i++) {
		struct column *c = &d->columns[i];
		size_t len;

		c->name = arena_str(&d->arena, csv_header(csv)->cells[i]);
		len = str_fold_name(c->name, c->letters, sizeof(c->letters) - 1);
		c->letters[len] = 0;
		table_init(&c->words);
	}
	while (d->rows < SAMPLE_ROWS && (rc = csv_next(csv, &row, err)) > 0) {
		d->rows++;
		for (size_t i = 0; i < d->count && i < row.count; i++)
			look_at_cell(&d->columns[i], str_trim(row.cells[i]), row.line);
	}
	csv_close(csv);
	return rc < 0 ? rc : 0;
}

int map_draft(struct buf *out, const char *path, enum object as, struct err *err)
{
	struct draft d = { .out = out, .as = as };
	int rc;

	arena_init(&d.arena);
	rc = look(&d, path, err);
	if (rc == 0) {
		if (as == OBJECT_NONE)
			d.as = guess_object(&d, path);
		d.key = guess_key(&d);
		settle_fields(&d);
		write_map(&d, path);
	}
	for (size_t i = 0; i < d.count; i++)
		table_release(&d.columns[i].words);
	arena_release(&d.arena);
	return rc;
}
