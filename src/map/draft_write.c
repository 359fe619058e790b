/* A drafted map as text. */
#include "map/draft_inner.h"
#include "map/draft_steps.h"

enum { MOST_STAGES = 40, NAME_BYTES = 60 };

/* A name as YAML takes it. */
static void put_name(struct buf *out, struct str name)
{
	bool plain = name.len > 0 && !strchr("-?:!&*#%@`'\"{}[],>|= ", name.at[0]) && name.at[name.len - 1] != ' ';

	for (size_t i = 0; i < name.len; i++)
		plain &= (unsigned char)name.at[i] >= ' ' && strchr(":#,[]{}\"'\\\x7F", name.at[i]) == NULL;
	if (plain) {
		buf_add_str(out, name);
		return;
	}
	buf_add_char(out, '"');
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.at[i];

		if (c == '"' || c == '\\')
			buf_add_char(out, '\\');
		if (c < ' ' || c == 0x7F)
			buf_addf(out, "\\x%02X", c);
		else
			buf_add_char(out, name.at[i]);
	}
	buf_add_char(out, '"');
}

static bool has_field(const struct draft *d, const char *field)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->columns[i].field && !strcmp(d->columns[i].field, field))
			return true;
	return false;
}

static void write_missing(struct draft *d)
{
	for (size_t i = 0; i < DRAFT_NEEDED && draft_needed[d->as][i]; i++) {
		const char *field = draft_needed[d->as][i];
		bool linked = !strcmp(field, "lead") && (has_field(d, "contact") || has_field(d, "opportunity"));

		if (!has_field(d, field) && !linked)
			buf_addf(d->out, "      # %s: COLUMN      # which one? %s\n", field,
				 field_by_name(d->as, str_of(field))->sentence);
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
	bool unclear = false, german = false;
	char mark = 0;

	for (size_t i = 0; i < d->count; i++)
		german |= draft_is_date(&d->columns[i]) && d->columns[i].dotted * 2 > d->columns[i].filled;
	for (size_t i = 0; i < d->count && !mark; i++) {
		bool one;

		if (!draft_is_number(&d->columns[i]))
			continue;
		mark = number_evidence_mark(&d->columns[i].numbers, &one);
		unclear |= one;
	}
	if (mark == ',')
		buf_add_text(d->out, "    numbers: \"1.234,56\"\n");
	else if (!mark && unclear && german)
		buf_add_text(
			d->out,
			"    numbers: \"1.234,56\"      # like the dates; or \"1,234.56\"? both fit every row: choose\n");
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
	if (draft_is_date(c))
		return "date";
	if (c->currency_signs * 2 > c->filled)
		return "money";
	if (draft_is_number(c) &&
	    !(c->words.count > 0 && c->filled == c->words.count && c->numbers.dot + c->numbers.comma == 0))
		return "number";
	return c->flags == c->filled && c->words.count <= 2 ? "flag" : "text";
}

/* "Closure Probability" → closure_probability, "Größe" → grosse: what measures can be written with. */
static void put_own_name(struct draft *d, const struct column *c)
{
	char name[NAME_BYTES];
	size_t len = 0;

	for (struct str rest = c->name; rest.len && len < NAME_BYTES - 10;) {
		struct str letter = { rest.at, rest.len };
		char folded[8];
		size_t count;

		utf8_next(&rest);
		letter.len -= rest.len;
		count = str_fold_name(letter, folded, sizeof(folded));
		for (size_t i = 0; i < count && (unsigned char)folded[i] < 0x80; i++)
			name[len++] = folded[i];
		if ((!count || (unsigned char)folded[0] >= 0x80) && len && name[len - 1] != '_')
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

static bool is_addresses(const struct column *c)
{
	return c->addresses * 2 > c->filled;
}

/* Fields of one's own are not sealed: people's addresses do not belong there. */
static void warn_of_addresses(struct draft *d)
{
	for (size_t i = 0; i < d->count; i++) {
		const struct column *c = &d->columns[i];

		if (c->field || (int)i == d->key || !is_addresses(c))
			continue;
		buf_add_text(d->out, "    # left out: ");
		put_name(d->out, c->name);
		buf_add_text(
			d->out,
			" holds addresses, and fields under a name of your own are not sealed; email and contact are\n");
	}
}

static void write_custom(struct draft *d)
{
	bool begun = false;

	for (size_t i = 0; i < d->count; i++) {
		const struct column *c = &d->columns[i];

		if (c->field || (int)i == d->key || !c->filled || is_addresses(c))
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

/* Words that are no names of steps, with the step that each is; what could be none of them is asked for. */
static void write_steps(struct draft *d, const struct column *c)
{
	const char *before = ", values: {";
	bool any = false, asks = false;
	enum lead_step step;
	struct str word;
	size_t at = 0;
	uint64_t n;

	while (table_next(&c->words, &at, &word, &n))
		any |= !lead_step_by_name(word, &step);
	buf_addf(d->out, "      kind: %s", any ? "{column: " : "");
	put_name(d->out, c->name);
	for (at = 0; any && table_next(&c->words, &at, &word, &n);) {
		bool known = draft_step_of(word, &step);

		if (lead_step_by_name(word, &step))
			continue;
		buf_add_text(d->out, before);
		put_name(d->out, word);
		buf_addf(d->out, ": %s", known ? lead_step_name(step) : "STEP");
		before = ", ";
		asks |= !known;
	}
	buf_addf(d->out, "%s%s\n", any ? "}}" : "", asks ? "      # which steps are these?" : "");
}

/* What a word of a call log means: who began, and whether both sides talked. NULL: it stands for itself. */
static const char *call_word(const char *field, struct str word)
{
	static const struct {
		const char *field, *letters, *means;
	} words[] = {
		{ "direction", "eingehend", "in" },
		{ "direction", "eingang", "in" },
		{ "direction", "ein", "in" },
		{ "direction", "ausgehend", "out" },
		{ "direction", "ausgang", "out" },
		{ "direction", "aus", "out" },
		{ "outcome", "erreicht", "reached" },
		{ "outcome", "gesprochen", "spoke" },
		{ "outcome", "verbunden", "connected" },
		{ "outcome", "beantwortet", "answered" },
	};
	char letters[64];
	size_t len = str_fold_name(word, letters, sizeof(letters) - 1);

	letters[len] = 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i].field, field) && !strcmp(words[i].letters, letters))
			return words[i].means;
	return NULL;
}

/* False, and nothing written, where its words need no translation. */
static bool write_call_words(struct draft *d, const struct column *c)
{
	const char *means;
	bool any = false;
	struct str word;
	size_t at = 0;
	uint64_t n;

	if (d->as != OBJECT_ACTIVITY || c->words.count > MOST_STAGES)
		return false;
	while (table_next(&c->words, &at, &word, &n)) {
		means = call_word(c->field, word);
		if (!means)
			continue;
		if (!any) {
			buf_addf(d->out, "      %s: {column: ", c->field);
			put_name(d->out, c->name);
		}
		buf_add_text(d->out, any ? ", " : ", values: {");
		put_name(d->out, word);
		buf_addf(d->out, ": %s", means);
		any = true;
	}
	if (any)
		buf_add_text(d->out, "}}\n");
	return any;
}

static void write_field(struct draft *d, const struct column *c)
{
	static const char *const units[] = { [DRAFT_UNIT_SECONDS] = ", unit: seconds",
					     [DRAFT_UNIT_HOURS] = ", unit: hours",
					     [DRAFT_UNIT_OTHER] = NULL };
	bool person = !strcmp(c->field, "lead") || !strcmp(c->field, "contact");
	const char *more = units[c->unit];

	if (!strcmp(c->field, "account") && !strstr(c->letters, "id"))
		more = ", by: name";
	else if (person && (strstr(c->letters, "mail") || is_addresses(c)))
		more = ", by: email";
	buf_addf(d->out, "      %s: %s", c->field, more ? "{column: " : "");
	put_name(d->out, c->name);
	buf_addf(d->out, "%s%s", more ? more : "", more ? "}" : "");
	if (draft_is_duration(c) && c->unit == DRAFT_UNIT_NONE && !c->clocks)
		buf_add_text(d->out,
			     "      # minutes? its name does not say; else {column: …, unit: seconds}, or hours");
	if (c->only_date)
		buf_addf(d->out, "      # the only dates in the file; is it this? %s",
			 field_by_name(d->as, str_of(c->field))->sentence);
	buf_add_char(d->out, '\n');
}

/* A number that is taken for minutes and is none is wrong without a sound. */
static void warn_of_units(struct draft *d)
{
	for (size_t i = 0; i < d->count; i++) {
		if (d->columns[i].unit != DRAFT_UNIT_OTHER)
			continue;
		buf_add_text(d->out, "    # no duration_minutes: ");
		put_name(d->out, d->columns[i].name);
		buf_add_text(d->out, " is in another unit than seconds, minutes and hours, which are read\n");
	}
}

static void write_key(struct draft *d)
{
	const struct column *c = d->key >= 0 ? &d->columns[d->key] : NULL;
	uint64_t again = c ? draft_again(c) : 0, empty = c ? draft_empty(d, c) : 0;

	if (!c) {
		buf_add_text(d->out,
			     "    # key: COLUMN            # no column holds an id; rows are known by their content\n");
		return;
	}
	buf_add_text(d->out, "    key: ");
	put_name(d->out, c->name);
	if (again || empty)
		buf_add_text(d->out, "             # ");
	if (again)
		buf_addf(d->out, "twice in %llu row%s: the last one counts", (unsigned long long)again,
			 again == 1 ? "" : "s");
	if (empty)
		buf_addf(d->out, "%sempty in %llu: not taken in", again ? "; " : "", (unsigned long long)empty);
	buf_add_char(d->out, '\n');
}

void draft_write(struct draft *d, const char *path)
{
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	bool any = false;

	buf_addf(d->out,
		 "# Drafted from %llu rows. Read it through, mend it, then: lockstep import --dry-run --map THIS.yaml ",
		 (unsigned long long)d->rows);
	put_name(d->out, str_of(name));
	buf_add_text(
		d->out,
		"\nmap: my_crm                  # a name; ids are known by it, so keep one map for all files of one system\nfiles:\n  - match: ");
	put_name(d->out, str_of(name));
	if (d->skip_lines)
		buf_addf(d->out, "\n    skip lines: %ld            # titles above the header", d->skip_lines);
	buf_addf(
		d->out,
		"\n    as: %-20s # leads, opportunities, accounts, contacts, activities, touches, spend, orders, people, stage-history, lead-history\n",
		object_plural(d->as));
	write_key(d);
	write_dates(d);
	write_numbers(d);
	buf_addf(d->out, "    fields:                  # all that a column can be: lockstep fields %s\n",
		 object_plural(d->as));
	for (size_t i = 0; i < d->count; i++) {
		if (d->columns[i].field && d->as == OBJECT_LEAD_STEP && !strcmp(d->columns[i].field, "kind"))
			write_steps(d, &d->columns[i]);
		else if (d->columns[i].field && !write_call_words(d, &d->columns[i]))
			write_field(d, &d->columns[i]);
		any |= d->columns[i].field != NULL;
	}
	if (!any)
		buf_add_text(d->out, "      {}\n");
	write_missing(d);
	write_stages(d);
	write_custom(d);
	warn_of_addresses(d);
	warn_of_units(d);
}
