/* The second pass: one row at a time, cells to values, values to records. */
#include "domain/lead_step.h"
#include "map/reader.h"

#include <stdio.h>
#include "base/buf.h"

static const enum field outcome_fields[] = { FIELD_WON, FIELD_LOST, FIELD_DISCONTINUED, FIELD_ON_HOLD };
static const char *const outcome_words[] = { "won", "lost", "discontinued", "on_hold" };

enum { MAX_TALLY = 10000 };

/* What one row needs while it is read. */
struct row_context {
	struct reader *reader;
	const struct csv_row *own;
	struct problems *problems;
	size_t problems_before;
	char currency[4];
	bool currency_stated; /* by a column of the row: an amount that contradicts it is wrong */
};

static void tally_add(struct tally *tally, struct str word)
{
	tally->total++;
	if (tally->counts.count < MAX_TALLY || table_get(&tally->counts, word))
		++*table_put(&tally->counts, word, NULL);
}

static struct str column_name(const struct reader *r, int column)
{
	return column >= 0 && (size_t)column < r->header.count ? r->header.cells[column] : STR_NONE;
}

/* Whole characters alone: rejects are files of text. */
static struct str shorten(struct str cell)
{
	size_t len = cell.len > 60 ? 60 : cell.len;

	while (len < cell.len && len && ((unsigned char)cell.at[len] & 0xC0) == 0x80)
		len--;
	return (struct str){ cell.at, len };
}

#define BAD_CELL(c, column_, ...)                                                                                      \
	problem_add((c)->problems, str_of((c)->reader->settings.path), (c)->own->line, (column_) + 1L,                 \
		    column_name((c)->reader, (column_)), __VA_ARGS__)

static void bad_cell(struct row_context *c, int column, struct str cell, enum field_type type, enum cell_result result)
{
	static const char *const wanted[] = {
		[FIELD_TEXT] = "a text",
		[FIELD_NUMBER] = "a number",
		[FIELD_MONEY] = "an amount",
		[FIELD_WHEN] = "a date",
		[FIELD_REF] = "a name",
		[FIELD_FLAG] = "yes or no",
		[FIELD_MILESTONE] = "a date, yes or no",
	};

	cell = shorten(cell);
	switch (result) {
	case CELL_NO_SUCH_DAY: BAD_CELL(c, column, "\"%.*s\" is a day that does not exist", STR_ARG(cell)); break;
	case CELL_OUT_OF_RANGE:
		if (type == FIELD_WHEN || type == FIELD_MILESTONE)
			BAD_CELL(c, column, "\"%.*s\" is out of range: dates from 1900 to 2200 are read",
				 STR_ARG(cell));
		else if (type == FIELD_MONEY)
			BAD_CELL(
				c, column,
				"\"%.*s\" is out of range: amounts up to 10^15 cents (or what the currency has) are read",
				STR_ARG(cell));
		else
			BAD_CELL(c, column, "\"%.*s\" is out of range: too large a number", STR_ARG(cell));
		break;
	case CELL_TWO_WAYS:
		BAD_CELL(c, column, "\"%.*s\" can be read in two ways; say which in the map, with %s", STR_ARG(cell),
			 type == FIELD_WHEN || type == FIELD_MILESTONE ? "`dates:`"
			 : str_find(cell, ":") >= 0 ? "`unit: minutes` (and seconds) or `unit: hours`"
						    : "`numbers:`");
		break;
	case CELL_CURRENCY:
		BAD_CELL(c, column, "\"%.*s\" is not in %s, the currency of the row", STR_ARG(cell), c->currency);
		break;
	case CELL_BAD:
	default: BAD_CELL(c, column, "\"%.*s\" is not %s", STR_ARG(cell), wanted[type]); break;
	}
}

/* Multiplies by `times` and divides by ten to the power of `places`. */
static enum cell_result multiplied(struct decimal *number, int64_t times, int places)
{
	int64_t mantissa;

	for (; number->scale > 0 && times % 10 == 0; times /= 10)
		number->scale--;
	if (__builtin_mul_overflow(number->mantissa, times, &mantissa))
		return CELL_OUT_OF_RANGE;
	*number = decimal_of(mantissa, number->scale + places);
	return number->scale <= DECIMAL_MAX_SCALE ? CELL_OK : CELL_OUT_OF_RANGE;
}

/* To two digits, half away from zero. */
static enum cell_result divided(struct decimal *number, int64_t by)
{
	int64_t scaled, rest;

	if (!decimal_scaled(*number, 2, &scaled, NULL))
		return CELL_OUT_OF_RANGE;
	rest = scaled % by;
	scaled /= by;
	if ((rest < 0 ? -rest : rest) * 2 >= by)
		scaled += number->mantissa < 0 ? -1 : 1;
	*number = decimal_of(scaled, 2);
	return CELL_OK;
}

static enum cell_result scaled_number(struct str cell, const struct bound *bound, struct value *out, bool *rounded)
{
	bool duration = bound->rule->def && bound->rule->def->code == FIELD_DURATION_MINUTES;
	int64_t times = bound->rule->times;
	enum cell_result result;

	if (duration && str_find(cell, ":") >= 0)
		return cell_clock(cell, bound->rule->clock, out);
	result = cell_number(cell, bound->lens.mark, out, rounded);

	if (result == CELL_OK && bound->rule->divide)
		return divided(&out->as.number, bound->rule->divide);
	if (result != CELL_OK || !times)
		return result;
	return multiplied(&out->as.number, times, bound->rule->times_scale);
}

static enum cell_result milestone(struct row_context *c, const struct bound *bound, struct str cell, struct value *out)
{
	struct str when;
	struct value at;

	if (cell_flag(cell, out) != CELL_OK)
		return cell_when(cell, bound->lens.order, bound->lens.whole_days, c->reader->zone, out);
	if (out->kind != VALUE_YES || bound->at.column < 0)
		return CELL_OK;
	when = own_cell(c->own, bound->at.column);
	if (cell_nothing(when) == NOTHING_NOT && !cell_nothing_typed(when)) {
		enum cell_result result = cell_when(when, bound->at.order, bound->at.whole_days, c->reader->zone, &at);

		if (result != CELL_OK)
			bad_cell(c, bound->at.column, when, FIELD_WHEN, result);
		else
			*out = at;
	}
	return CELL_OK;
}

static void origin(struct row_context *c, struct str cell, struct value *out)
{
	static const char *const known[] = { "marketing", "sales", "referral", "partner", "unknown" };

	out->as.text = STR("unknown");
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_eq_fold(cell, str_of(known[i]))) {
			out->as.text = str_of(known[i]);
			return;
		}
	tally_add(&c->reader->odd_origins, cell);
}

/* "anna@example.com": one @ with a dot somewhere behind it. */
static bool looks_like_address(struct str cell)
{
	ptrdiff_t at = str_find(cell, "@");

	return at > 0 && str_find((struct str){ cell.at + at, cell.len - (size_t)at }, ".") > 1;
}

static void text_value(struct row_context *c, const struct bound *bound, struct str cell, struct value *out)
{
	out->kind = VALUE_TEXT;
	out->as.text = cell;
	if (bound->rule->def && bound->rule->def->code == FIELD_ORIGIN)
		origin(c, cell, out);
	if (bound->rule->def && bound->rule->def->code == FIELD_EMAIL && str_find(cell, "@") < 0)
		c->reader->odd_emails++;
	if (!bound->rule->def && looks_like_address(cell))
		tally_add(&c->reader->open_addresses, bound->rule->name);
}

/* An amount that names its currency is in that one, whatever the book's or the map's is. */
static enum cell_result amount(struct row_context *c, struct str cell, char mark, struct value *out, bool *rounded)
{
	enum cell_result result = cell_money(cell, mark, c->currency, out, rounded);

	if (result != CELL_CURRENCY || c->currency_stated)
		return result;
	result = cell_money(cell, mark, "", out, rounded);
	if (result == CELL_OK)
		tally_add(&c->reader->other_currencies, str_of(out->as.money.currency));
	return result;
}

static enum cell_result typed(struct row_context *c, const struct bound *bound, struct str cell, struct value *out)
{
	const struct lens *lens = &bound->lens;
	enum cell_result result = CELL_OK;
	bool rounded = false;

	switch (bound->rule->type) {
	case FIELD_TEXT: text_value(c, bound, cell, out); break;
	case FIELD_REF:
		out->kind = VALUE_REF;
		out->as.ref.key = cell;
		out->as.ref.by = bound->rule->by;
		break;
	case FIELD_NUMBER: result = scaled_number(cell, bound, out, &rounded); break;
	case FIELD_MONEY: result = amount(c, cell, lens->mark, out, &rounded); break;
	case FIELD_WHEN: result = cell_when(cell, lens->order, lens->whole_days, c->reader->zone, out); break;
	case FIELD_MILESTONE: result = milestone(c, bound, cell, out); break;
	case FIELD_FLAG: result = cell_flag(cell, out); break;
	}
	if (result == CELL_OK)
		c->reader->rounded_cells += rounded;
	return result;
}

static struct str joined(struct row_context *c, const struct bound *bound)
{
	size_t len = 0, at = 0;
	char *text;

	for (size_t i = 0; i < bound->join_count; i++)
		len += own_cell(c->own, bound->join[i]).len + bound->rule->with.len;
	text = arena_alloc(&c->reader->scratch, len + 1);
	for (size_t i = 0; i < bound->join_count; i++) {
		struct str cell = own_cell(c->own, bound->join[i]);

		if (cell.len == 0 || cell_nothing(cell) != NOTHING_NOT)
			continue;
		if (at) {
			memcpy(text + at, bound->rule->with.at, bound->rule->with.len);
			at += bound->rule->with.len;
		}
		memcpy(text + at, cell.at, cell.len);
		at += cell.len;
	}
	return (struct str){ text, at };
}

/* The cell as the map wants it read; an empty one where it says nothing. */
static struct str meant(struct row_context *c, const struct bound *bound)
{
	const struct rule *rule = bound->rule;
	const struct translation *t;
	struct str cell;

	if (rule->constant)
		return rule->constant_text;
	cell = bound->join_count ? joined(c, bound) : own_cell(c->own, bound->lens.column);
	for (size_t i = 0; i < bound->instead_count && cell_nothing(cell) != NOTHING_NOT; i++)
		cell = own_cell(c->own, bound->instead[i]);
	if (rule->value_count && (t = translation_of(rule->values, rule->value_count, cell)))
		return t->to;
	switch (cell_nothing(cell)) {
	case NOTHING_ERROR: c->reader->error_cells++; return STR_NONE;
	case NOTHING_EMPTY: return STR_NONE;
	case NOTHING_NOT: break;
	}
	if (c->reader->file->manner.empty.count && reader_empty_word(c->reader, cell))
		return STR_NONE;
	return rule->has_otherwise ? rule->otherwise : cell;
}

static void read_field(struct row_context *c, const struct bound *bound, struct record_field *field)
{
	const struct rule *rule = bound->rule;
	struct str cell = meant(c, bound);
	enum cell_result result;

	field->code = rule->def ? rule->def->code : FIELD_CUSTOM;
	field->name = rule->def ? STR_NONE : rule->name;
	field->value = (struct value){ .kind = VALUE_EMPTY };
	if (cell.len == 0)
		return;
	if (rule->type != FIELD_TEXT && rule->type != FIELD_REF && cell_nothing_typed(cell))
		return;
	result = typed(c, bound, cell, &field->value);
	if (result != CELL_OK) {
		field->value.kind = VALUE_EMPTY;
		bad_cell(c, bound->lens.column, cell, rule->type, result);
		return;
	}
	if (bound->kind.len && c->reader->names)
		lookalikes_add(c->reader->names, bound->names_kind, cell);
}

static void row_currency(struct row_context *c, const struct bound_object *object)
{
	const struct bound *bound;
	struct str cell;

	memcpy(c->currency, c->reader->currency, 4);
	c->currency_stated = false;
	if (object->currency < 0)
		return;
	bound = &object->bounds[object->currency];
	cell = meant(c, bound);
	c->currency_stated = cell.len > 0;
	if (cell.len && !currency_code(cell, c->currency))
		BAD_CELL(c, bound->lens.column, "\"%.*s\" is no currency", STR_ARG(shorten(cell)));
}

/* ---- outcome ---- */

static int flag_at(struct row_context *c, int column)
{
	struct str cell = own_cell(c->own, column);
	struct value value;

	if (cell.len == 0 || cell_nothing(cell) != NOTHING_NOT)
		return -1;
	if (cell_flag(cell, &value) != CELL_OK) {
		bad_cell(c, column, cell, FIELD_FLAG, CELL_BAD);
		return -1;
	}
	return value.kind == VALUE_YES;
}

/* -2: nothing said, -1: open, else which of outcome_words. */
static int outcome_of(struct row_context *c, const struct bound_object *object)
{
	const struct outcome *plan = &object->plan->outcome;

	if (object->status >= 0) {
		struct str cell = own_cell(c->own, object->status);
		const struct translation *t = translation_of(plan->values, plan->value_count, cell);

		if (!t) {
			if (cell.len && cell_nothing(cell) == NOTHING_NOT)
				tally_add(&c->reader->odd_outcomes, cell);
			return -2;
		}
		for (int i = 0; i < OUTCOMES; i++)
			if (str_is(t->to, outcome_words[i]))
				return i;
		return -1;
	}
	if (flag_at(c, object->won) == 1)
		return 0;
	if (object->lost >= 0)
		return flag_at(c, object->lost) == 1 ? 1 : -1;
	return flag_at(c, object->closed) == 1 ? 1 : -1;
}

/* The field of that code; a new one where the map has none. */
static struct record_field *field_of(struct record *record, enum field code)
{
	struct record_field *field;

	for (size_t i = 0; i < record->count; i++)
		if (record->fields[i].code == code)
			return &record->fields[i];
	field = &record->fields[record->count++];
	*field = (struct record_field){ .code = code };
	return field;
}

/* What the outcome says, where the map's own columns for won, lost and so on are silent. */
static void add_outcome(struct row_context *c, const struct bound_object *object, struct record *record)
{
	const struct value *found = record_get(record, FIELD_CLOSED);
	struct value closed = found ? *found : (struct value){ .kind = VALUE_EMPTY };
	int outcome = outcome_of(c, object);

	if (outcome == -2)
		closed.kind = VALUE_EMPTY;
	for (int i = 0; i < OUTCOMES; i++) {
		struct record_field *field = field_of(record, outcome_fields[i]);

		if (field->value.kind != VALUE_EMPTY || outcome == -2)
			continue;
		field->value.kind = outcome == i ? VALUE_YES : VALUE_NO;
		if (outcome == i && i != OUTCOMES - 1 && (closed.kind == VALUE_DATE || closed.kind == VALUE_TIME))
			field->value = closed;
	}
	/* many CRMs keep the expected and the real day in one column: an open deal is not closed, whatever stands there */
	if (found && (outcome == -1 || outcome == OUTCOMES - 1))
		field_of(record, FIELD_CLOSED)->value = (struct value){ .kind = VALUE_NO };
}

static bool is_stage_known(const struct map_object *plan, struct str stage)
{
	for (size_t i = 0; i < plan->stage_count; i++)
		if (str_eq(plan->stages[i].name, stage))
			return true;
	return false;
}

static void look_at_stage(struct row_context *c, const struct bound_object *object, const struct record *record)
{
	const struct value *stage = record_get(record, FIELD_STAGE);

	if (object->plan->stage_count == 0 && object->plan->as == OBJECT_STAGE_CHANGE)
		return;
	if (stage && stage->kind == VALUE_TEXT && !object->outcome && !record_get(record, FIELD_WON) &&
	    !is_stage_known(object->plan, stage->as.text) &&
	    !(c->reader->settings.stages && table_get(c->reader->settings.stages, stage->as.text)))
		tally_add(&c->reader->odd_stages, stage->as.text);
}

/* ---- records ---- */

/* A word that is no step would be kept and never counted. */
static void check_step(struct row_context *c, const struct bound *bound, const struct record_field *field)
{
	enum lead_step step;
	struct str word;

	if (field->code != FIELD_KIND || field->value.kind != VALUE_TEXT ||
	    lead_step_by_name(field->value.as.text, &step))
		return;
	word = shorten(field->value.as.text);
	BAD_CELL(c, bound->lens.column,
		 "\"%.*s\" is no step of a lead; say which it is: kind: {column: …, values: {%.*s: accepted}}",
		 STR_ARG(word), STR_ARG(word));
}

static void read_object(struct row_context *c, const struct bound_object *object, struct str key, struct record *record)
{
	*record = (struct record){
		.object = object->plan->as, .source = c->reader->map->source, .key = key, .fields = object->fields
	};
	row_currency(c, object);
	for (size_t i = 0; i < object->count; i++) {
		if (object->bounds[i].rule->is_currency)
			continue;
		read_field(c, &object->bounds[i], &record->fields[record->count]);
		if (record->object == OBJECT_LEAD_STEP)
			check_step(c, &object->bounds[i], &record->fields[record->count]);
		record->count++;
	}
	if (object->outcome)
		add_outcome(c, object, record);
	look_at_stage(c, object, record);
}

static int64_t observed(struct row_context *c, const struct record *record)
{
	const struct value *modified = record_get(record, FIELD_MODIFIED);
	int64_t at = c->reader->observed_ms;

	if (modified && modified->kind == VALUE_TIME)
		at = modified->as.time_ms;
	else if (modified && modified->kind == VALUE_DATE)
		at = zone_day_start_ms(c->reader->zone, modified->as.date);
	if (at > c->reader->settings.now_ms) {
		c->reader->future_rows++;
		at = c->reader->settings.now_ms;
	}
	return at + c->reader->settings.later_ms;
}

static struct str stage_key(struct row_context *c, struct str key, struct str stage)
{
	char *text = arena_alloc(&c->reader->scratch, key.len + stage.len + 2);

	if (key.len) /* a row without an id is bad, but read to its end */
		memcpy(text, key.at, key.len);
	text[key.len] = '>';
	memcpy(text + key.len + 1, stage.at, stage.len);
	return (struct str){ text, key.len + 1 + stage.len };
}

static void read_stage_dates(struct row_context *c, const struct bound_object *object, const struct record *deal,
			     struct understood *out)
{
	for (size_t i = 0; i < object->stage_date_count; i++) {
		const struct bound_stage_date *date = &object->stage_dates[i];
		struct str cell = own_cell(c->own, date->lens.column);
		struct record_field *fields = &object->date_fields[3 * i];
		struct record *record = &out->records[out->count];
		enum cell_result result;

		if (cell_nothing(cell) != NOTHING_NOT || cell_nothing_typed(cell) || reader_empty_word(c->reader, cell))
			continue;
		result = cell_when(cell, date->lens.order, date->lens.whole_days, c->reader->zone, &fields[2].value);
		if (result != CELL_OK) {
			bad_cell(c, date->lens.column, cell, FIELD_WHEN, result);
			continue;
		}
		fields[0] = (struct record_field){ .code = FIELD_OPPORTUNITY_REF, .value.kind = VALUE_REF };
		fields[0].value.as.ref.key = deal->key;
		fields[0].value.as.ref.by = REF_BY_KEY;
		fields[1] = (struct record_field){ .code = FIELD_STAGE, .value.kind = VALUE_TEXT };
		fields[1].value.as.text = date->stage;
		fields[2].code = FIELD_ENTERED;
		*record = (struct record){ .object = OBJECT_STAGE_CHANGE,
					   .source = c->reader->map->source,
					   .key = stage_key(c, deal->key, date->stage),
					   .observed_ms = deal->observed_ms,
					   .fields = fields,
					   .count = 3,
					   .generated_key = deal->generated_key };
		out->count++;
	}
}

static void link_records(struct reader *r, struct record **of_object)
{
	for (size_t i = 0; i < r->object_count; i++)
		for (size_t k = 0; of_object[i] && k < r->objects[i].link_count; k++) {
			const struct record *to = of_object[r->objects[i].links[k].to];
			struct record_field *field = &of_object[i]->fields[of_object[i]->count++];

			*field = (struct record_field){ .code = r->objects[i].links[k].def->code };
			if (!to)
				continue;
			field->value.kind = VALUE_REF;
			field->value.as.ref.key = to->key;
			field->value.as.ref.by = REF_BY_KEY;
		}
}

/* The key of a row without id: what stands in it, and how often it stood before. */
static struct str content_key(struct reader *r, const struct csv_row *own, bool *identical)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char hash[16];
	uint64_t *times;
	struct buf bytes;
	char *key = arena_alloc(&r->scratch, 64);

	buf_init(&bytes, 1u << 28);
	for (size_t i = 0; i < own->count; i++) {
		struct str cell = str_trim(own->cells[i]);

		buf_add_block(&bytes, cell.at, cell.len);
	}
	r->settings.row_hash(r->settings.row_hash_context, buf_str(&bytes), hash);
	buf_release(&bytes);
	times = table_put(&r->occurrences, (struct str){ (const char *)hash, sizeof(hash) }, NULL);
	*identical = *times > 0;
	++*times;
	for (size_t i = 0; i < sizeof(hash); i++) {
		key[2 * i] = hex[hash[i] >> 4];
		key[2 * i + 1] = hex[hash[i] & 15];
	}
	return (struct str){ key, 32 + (size_t)snprintf(key + 32, 32, "-%llu", (unsigned long long)*times) };
}

/* As many cells as the header, but for empty ones behind. */
static bool is_whole(const struct reader *r, const struct csv_row *own)
{
	for (size_t i = r->header.count; i < own->count; i++)
		if (str_trim(own->cells[i]).len)
			return false;
	return own->count >= r->header.count;
}

static bool whole_row(struct row_context *c)
{
	const struct reader *r = c->reader;
	const struct csv_row *own = c->own;

	if (is_whole(r, own))
		return true;
	problem_add(c->problems, str_of(r->settings.path), own->line, 0, STR_NONE,
		    "the row has %zu cell%s, the header has %zu%s", own->count, own->count == 1 ? "" : "s",
		    r->header.count, own->count > r->header.count ? "; a separator inside a cell needs quotes" : "");
	return false;
}

static struct standing *standing_of(struct reader *r, struct str key)
{
	const uint64_t *at = r->dated || !r->repeated ? NULL : table_get(&r->keys, key);

	return at ? &r->standing[*at] : NULL;
}

/* True when a later good row of the file has the same key and other contents. */
static bool superseded(struct reader *r, const struct standing *last, struct str key, const struct csv_row *own,
		       bool *identical)
{
	if (last->last_line <= own->line)
		return false;
	if (last->content == reader_content(own)) {
		*identical = true;
		return false;
	}
	if (!r->superseded_rows++)
		r->superseded_key = arena_str(&r->arena, key);
	return true;
}

static struct str main_key(struct row_context *c, struct understood *out)
{
	struct reader *r = c->reader;
	const struct bound_object *object = &r->objects[0];
	struct str key;

	if (!object->plan->key_count)
		return content_key(r, c->own, &out->identical);
	key = reader_key(r, object, c->own);
	if (key.len == 0 || cell_nothing(key) != NOTHING_NOT || key.len > 1000) {
		int column = object->key[0];

		for (size_t i = 0; i < object->plan->key_count; i++)
			if (own_cell(c->own, object->key[i]).len == 0)
				column = object->key[i];
		if (key.len > 1000)
			BAD_CELL(c, column, "the key is longer than 1,000 letters");
		else
			BAD_CELL(c, column, "the key is missing");
		return STR_NONE;
	}
	for (size_t i = 0; i < object->plan->key_count; i++) {
		struct str cell = own_cell(c->own, object->key[i]);

		if (cell_shortened(cell)) {
			BAD_CELL(
				c, object->key[i],
				"the id was shortened to %.*s by a spreadsheet; export it again and do not save it from there",
				STR_ARG(cell));
			return STR_NONE;
		}
	}
	r->phone_keys += cell_like_phone(key);
	return key;
}

enum row_kind reader_row(struct reader *r, const struct csv_row *row, struct understood *out, struct problems *problems)
{
	struct csv_row own = reader_own(r, row);
	struct row_context c = { .reader = r, .own = &own, .problems = problems, .problems_before = problems->count };
	struct record *of_object[MAP_MAX_OBJECTS] = { NULL };
	enum row_kind kind = reader_class(r, &own);
	struct standing *standing;
	struct str key;

	arena_reset(&r->scratch);
	*out = (struct understood){ .records = r->records };
	if (kind != ROW_GOOD)
		return kind;
	if (!whole_row(&c))
		return ROW_BAD;
	if (!condition_holds(&r->objects[0].only, &own))
		return ROW_SKIPPED;
	key = main_key(&c, out);
	standing = key.len && r->objects[0].plan->key_count ? standing_of(r, key) : NULL;
	if (r->weighing && !(standing && standing->contested))
		return ROW_SKIPPED;
	if (standing && superseded(r, standing, key, &own, &out->identical))
		return ROW_SUPERSEDED;
	for (size_t i = 0; i < r->object_count; i++) {
		const struct bound_object *object = &r->objects[i];
		struct record *record = &out->records[out->count];
		struct str own_key = i && object->plan->key_count ? reader_key(r, object, &own) : key;

		if (i &&
		    (own_key.len == 0 || cell_nothing(own_key) != NOTHING_NOT || !condition_holds(&object->only, &own)))
			continue;
		read_object(&c, object, own_key, record);
		record->generated_key = !r->objects[0].plan->key_count && !(i && object->plan->key_count);
		record->observed_ms = i ? out->records[0].observed_ms : observed(&c, record);
		of_object[i] = record;
		out->count++;
		read_stage_dates(&c, object, record, out);
	}
	link_records(r, of_object);
	if (problems->count > c.problems_before)
		return ROW_BAD;
	if (r->weighing) {
		standing->last_line = (uint32_t)own.line;
		standing->content = reader_content(&own);
	}
	r->identical_rows += out->identical;
	return ROW_GOOD;
}
