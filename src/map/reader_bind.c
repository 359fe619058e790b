/* From the words of a map to the places of one header. */
#include "map/reader.h"

#include <stdlib.h>

#define REFUSE(r, where, key, ...)                                                                                     \
	problem_add(problems, str_of((r)->map->path), (where)->line, (where)->column, (key), __VA_ARGS__)

static const enum field name_fields[] = { FIELD_OWNER,   FIELD_PRODUCT,  FIELD_STAGE,   FIELD_SOURCE,    FIELD_CAMPAIGN,
					  FIELD_ACCOUNT, FIELD_COMPANY,  FIELD_SEGMENT, FIELD_REGION,    FIELD_TEAM,
					  FIELD_PARTNER, FIELD_INDUSTRY, FIELD_STATUS,  FIELD_REASON,    FIELD_KIND,
					  FIELD_TYPE,    FIELD_COUNTRY,  FIELD_MANAGER, FIELD_FROM_STAGE };

/* Names that stand for the same things in several files have one kind. */
static struct str name_kind(const struct rule *rule, enum object as)
{
	if (!rule->def)
		return STR_NONE;
	if (rule->def->code == FIELD_NAME)
		return as == OBJECT_ACCOUNT ? STR("account") : as == OBJECT_PERSON ? STR("owner") : STR_NONE;
	if (rule->type != FIELD_TEXT && !(rule->def->code == FIELD_ACCOUNT && rule->by != REF_BY_EMAIL))
		return STR_NONE;
	for (size_t i = 0; i < sizeof(name_fields) / sizeof(name_fields[0]); i++)
		if (rule->def->code == name_fields[i])
			return rule->name;
	return STR_NONE;
}

static void missing_column(struct reader *r, const struct column_choice *choice, struct problems *problems)
{
	struct str name = choice->names.items[0];
	const char *near = header_nearest(&r->header, name, &r->arena);

	if (near)
		REFUSE(r, choice, name, "the column \"%.*s\" is not in %s; did you mean \"%s\"?", STR_ARG(name),
		       r->settings.path, near);
	else
		REFUSE(r, choice, name, "the column \"%.*s\" is not in %s.", STR_ARG(name), r->settings.path);
}

static const char *joined_names(struct reader *r, const struct column_choice *choice)
{
	const char *text = "";

	for (size_t i = 0; i < choice->names.count; i++)
		if (header_find(&r->header, choice->names.items[i]) >= 0)
			text = arena_printf(&r->arena, "%s%s\"%.*s\"", text, text[0] ? " and " : "",
					    STR_ARG(choice->names.items[i]));
	return text;
}

/* The column of a choice; -1 when it is left unmapped. */
static int choose(struct reader *r, const struct column_choice *choice, struct str field, bool required,
		  struct problems *problems)
{
	int others, at;

	if (!choice->names.count)
		return -1;
	at = header_choose(&r->header, choice, &others);
	if (at < 0 && required && !r->map->optional)
		missing_column(r, choice, problems);
	if (at >= 0 && others && r->map->preset && !choice->prefer) {
		for (size_t i = 0; i < choice->names.count; i++) {
			int column = header_find(&r->header, choice->names.items[i]);

			if (column >= 0)
				r->columns[column].note =
					str_of(arena_printf(&r->arena, "ambiguous: %s could both be %.*s; not mapped",
							    joined_names(r, choice), STR_ARG(field)));
		}
		return -1;
	}
	return at;
}

static void mark_mapped(struct reader *r, int column, struct str field, enum object as)
{
	struct mapped_column *mapped;

	if (column < 0)
		return;
	mapped = &r->columns[column];
	if (as != r->file->objects[0].as)
		field = str_of(arena_printf(&r->arena, "%s.%.*s", object_singular(as), STR_ARG(field)));
	mapped->field = mapped->field.len
				? str_of(arena_printf(&r->arena, "%.*s, %.*s", STR_ARG(mapped->field), STR_ARG(field)))
				: arena_str(&r->arena, field);
}

static void lens_set(struct reader *r, struct lens *lens, int column, enum field_type type, const struct rule *rule)
{
	*lens = (struct lens){ .column = column };
	if (column < 0)
		return;
	lens->is_date = type == FIELD_WHEN || type == FIELD_MILESTONE;
	lens->is_number = type == FIELD_NUMBER || type == FIELD_MONEY;
	if (lens->is_date) {
		lens->dates = ARENA_NEW(&r->arena, struct date_evidence);
		lens->order = rule && rule->date_order ? rule->date_order : r->file->manner.date_order;
		if (!lens->order)
			lens->order = r->settings.date_order;
		lens->stated = lens->order != 0;
	}
	if (lens->is_number) {
		lens->numbers = ARENA_NEW(&r->arena, struct number_evidence);
		lens->mark = rule && rule->mark ? rule->mark : r->file->manner.mark;
		if (!lens->mark)
			lens->mark = r->settings.mark;
		lens->stated = lens->mark != 0;
	}
}

static void bind_rule(struct reader *r, struct bound_object *object, const struct rule *rule, struct problems *problems)
{
	struct bound *bound = &object->bounds[object->count];
	int column = choose(r, &rule->from, rule->name, true, problems);

	*bound = (struct bound){ .rule = rule };
	for (size_t i = 0; i < rule->join.count; i++) {
		int at = header_find(&r->header, rule->join.items[i]);
		struct column_choice choice = { { &rule->join.items[i], 1 }, PREFER_FIRST, rule->line, rule->column };

		if (at < 0 && !r->map->optional)
			missing_column(r, &choice, problems);
		else if (at >= 0)
			bound->join[bound->join_count++] = at;
		mark_mapped(r, at, rule->name, object->plan->as);
	}
	if (column < 0 && !bound->join_count && !rule->constant)
		return;
	lens_set(r, &bound->lens, column, rule->type, rule);
	for (size_t i = 0; rule->from.prefer == PREFER_FILLED && i < rule->from.names.count; i++) {
		int other = header_find(&r->header, rule->from.names.items[i]);

		if (other < 0 || other == column)
			continue;
		bound->instead[bound->instead_count++] = other;
		mark_mapped(r, other, rule->name, object->plan->as);
	}
	lens_set(r, &bound->at, choose(r, &rule->at, rule->name, true, problems), FIELD_WHEN, rule);
	mark_mapped(r, column, rule->is_currency ? STR("currency") : rule->name, object->plan->as);
	mark_mapped(r, bound->at.column, rule->name, object->plan->as);
	bound->kind = name_kind(rule, object->plan->as);
	if (rule->is_currency)
		object->currency = (int)object->count;
	if (rule->def && rule->def->code == FIELD_MODIFIED && object == r->objects)
		r->dated = true;
	object->count++;
}

/* What the star of 'Date entered "* (*)"' stands for in this column's name; empty when the pattern does not fit. */
static struct str star(struct str pattern, struct str name)
{
	size_t head = (size_t)str_find(pattern, "*"), rest;
	struct str tail = { pattern.at + head + 1, pattern.len - head - 1 };
	ptrdiff_t second = str_find(tail, "*");

	if (name.len < head || !str_eq_fold((struct str){ pattern.at, head }, (struct str){ name.at, head }))
		return STR_NONE;
	name = (struct str){ name.at + head, name.len - head };
	if (second < 0) {
		if (name.len <= tail.len || !str_eq_fold(tail, (struct str){ name.at + name.len - tail.len, tail.len }))
			return STR_NONE;
		return str_trim((struct str){ name.at, name.len - tail.len });
	}
	/* text between the stars, text after the second */
	struct str between = { tail.at, (size_t)second }, end = { tail.at + second + 1, tail.len - (size_t)second - 1 };

	if (name.len <= between.len + end.len ||
	    !str_eq_fold(end, (struct str){ name.at + name.len - end.len, end.len }))
		return STR_NONE;
	for (rest = name.len - end.len - between.len; rest > 0; rest--)
		if (str_eq_fold(between, (struct str){ name.at + rest, between.len }))
			return str_trim((struct str){ name.at, rest });
	return STR_NONE;
}

static void add_stage_date(struct reader *r, struct bound_object *object, struct str stage, int column)
{
	struct bound_stage_date *date;

	for (size_t i = 0; i < object->stage_date_count; i++)
		if (object->stage_dates[i].lens.column == column || str_eq(object->stage_dates[i].stage, stage))
			return;
	date = &object->stage_dates[object->stage_date_count++];
	date->stage = stage;
	lens_set(r, &date->lens, column, FIELD_WHEN, NULL);
	mark_mapped(r, column, str_of(arena_printf(&r->arena, "entered \"%.*s\"", STR_ARG(stage))), object->plan->as);
}

static void bind_stage_dates(struct reader *r, struct bound_object *object, struct problems *problems)
{
	const struct map_object *plan = object->plan;

	object->stage_dates =
		ARENA_ARRAY(&r->arena, struct bound_stage_date, plan->stage_date_count + r->header.count + 1);
	for (size_t i = 0; i < plan->stage_date_count; i++) {
		const struct stage_date *date = &plan->stage_dates[i];
		int column;

		if (date->stage.len) {
			column = choose(r, &date->from, date->stage, true, problems);
			if (column >= 0)
				add_stage_date(r, object, date->stage, column);
			continue;
		}
		for (size_t c = 0; c < r->header.count; c++)
			for (size_t k = 0; k < date->from.names.count; k++) {
				struct str stage = star(date->from.names.items[k], r->header.cells[c]);

				for (size_t s = 0; s < plan->stage_count; s++)
					if (str_eq_fold(plan->stages[s].name, stage))
						stage = plan->stages[s].name;
				if (stage.len) {
					add_stage_date(r, object, stage, (int)c);
					break;
				}
			}
	}
}

static void bind_condition(struct reader *r, struct bound_condition *bound, const struct condition *plan,
			   struct problems *problems)
{
	bound->plan = plan;
	bound->column = plan->given ? choose(r, &plan->from, STR("a condition"), true, problems) : -1;
}

static void bind_outcome(struct reader *r, struct bound_object *object, struct problems *problems)
{
	const struct outcome *outcome = &object->plan->outcome;

	object->status = object->won = object->lost = object->closed = -1;
	if (!outcome->given)
		return;
	object->status = choose(r, &outcome->status, STR("outcome"), true, problems);
	object->won = choose(r, &outcome->won, STR("won"), true, problems);
	object->lost = choose(r, &outcome->lost, STR("lost"), true, problems);
	object->closed = choose(r, &outcome->closed, STR("closed"), true, problems);
	object->outcome = object->status >= 0 || (object->won >= 0 && (object->lost >= 0 || object->closed >= 0));
	mark_mapped(r, object->status, STR("outcome"), object->plan->as);
	mark_mapped(r, object->won, STR("outcome"), object->plan->as);
	mark_mapped(r, object->lost, STR("outcome"), object->plan->as);
	mark_mapped(r, object->closed, STR("outcome"), object->plan->as);
}

static bool is_filled(const struct bound_object *object, const struct field_def *def)
{
	for (size_t i = 0; i < object->count; i++)
		if (object->bounds[i].rule->def == def)
			return true;
	for (size_t i = 0; i < object->link_count; i++)
		if (object->links[i].def == def)
			return true;
	return false;
}

/* Records of one row know each other, unless the map says how; of two of one kind the first is known. */
static void bind_links(struct reader *r)
{
	for (size_t i = 0; i < r->object_count; i++) {
		struct bound_object *from = &r->objects[i];
		size_t field_count;
		const struct field_def *const *fields = object_fields(from->plan->as, &field_count);

		for (size_t k = 0; k < r->object_count; k++)
			for (size_t f = 0; f < field_count && k != i && from->link_count < MAX_LINKS; f++) {
				if (fields[f]->type != FIELD_REF || fields[f]->target != r->objects[k].plan->as ||
				    is_filled(from, fields[f]))
					continue;
				from->links[from->link_count].def = fields[f];
				from->links[from->link_count++].to = k;
			}
	}
}

static void bind_object(struct reader *r, struct bound_object *object, const struct map_object *plan,
			struct problems *problems)
{
	object->plan = plan;
	object->currency = -1;
	object->bounds = ARENA_ARRAY(&r->arena, struct bound, plan->rule_count + 1);
	for (size_t i = 0; i < plan->key_count; i++) {
		object->key[i] = header_choose(&r->header, &plan->key[i], NULL);
		if (object->key[i] < 0 && object == r->objects)
			missing_column(r, &plan->key[i], problems);
		mark_mapped(r, object->key[i], STR("key"), plan->as);
	}
	for (size_t i = 0; i < plan->rule_count; i++)
		bind_rule(r, object, &plan->rules[i], problems);
	bind_outcome(r, object, problems);
	bind_stage_dates(r, object, problems);
	bind_condition(r, &object->only, &plan->only, problems);
	object->fields = ARENA_ARRAY(&r->arena, struct record_field, object->count + OUTCOMES + MAX_LINKS);
	object->date_fields = ARENA_ARRAY(&r->arena, struct record_field, 3 * (object->stage_date_count + 1));
	r->max_records += 1 + object->stage_date_count;
}

static void note_ambiguous(struct reader *r)
{
	for (size_t i = 0; i < r->file->ambiguous_count; i++) {
		int column = header_find(&r->header, r->file->ambiguous[i].from);

		if (column >= 0 && !r->columns[column].field.len)
			r->columns[column].note = str_of(arena_printf(&r->arena, "ambiguous: %.*s; not mapped",
								      STR_ARG(r->file->ambiguous[i].to)));
	}
}

/* Refuses, in `problems`, what does not fit the header. */
static void bind(struct reader *r, struct problems *problems)
{
	size_t before = problems->count;

	r->columns = ARENA_ARRAY(&r->arena, struct mapped_column, r->header.count + 1);
	for (size_t i = 0; i < r->header.count; i++)
		r->columns[i].column = r->header.cells[i];
	r->objects = ARENA_ARRAY(&r->arena, struct bound_object, r->file->object_count);
	r->object_count = r->file->object_count;
	for (size_t i = 0; i < r->object_count; i++)
		bind_object(r, &r->objects[i], &r->file->objects[i], problems);
	bind_condition(r, &r->skip, &r->file->skip_rows, problems);
	bind_links(r);
	note_ambiguous(r);
	r->records = ARENA_ARRAY(&r->arena, struct record, r->max_records + 1);
	if (r->objects[0].count == 0 && r->objects[0].plan->rule_count && problems->count == before)
		problem_add(problems, str_of(r->settings.path), 1, 0, STR_NONE,
			    "none of the map's columns is in this file.");
}

int reader_new(struct reader **out, const struct map *map, const struct map_file *file, const struct csv_row *header,
	       const struct reader_settings *settings, struct problems *problems, struct err *err)
{
	struct reader *r = must_calloc(1, sizeof(*r));
	size_t before = problems->count;

	*out = NULL;
	*r = (struct reader){ .map = map, .file = file, .settings = *settings, .zone = settings->zone };
	arena_init(&r->arena);
	arena_init(&r->scratch);
	table_init(&r->keys);
	table_init(&r->occurrences);
	table_init(&r->odd_stages.counts);
	table_init(&r->odd_origins.counts);
	table_init(&r->odd_outcomes.counts);
	table_init(&r->other_currencies.counts);
	table_init(&r->open_addresses.counts);
	memcpy(r->currency, file->manner.currency[0] ? file->manner.currency : settings->currency, 3);
	r->shift = is_rejects_header(header) ? 3 : 0;
	r->header.count = header->count - r->shift;
	r->header.cells = ARENA_ARRAY(&r->arena, struct str, r->header.count + 1);
	for (size_t i = 0; i < r->header.count; i++)
		r->header.cells[i] = arena_str(&r->arena, str_trim(header->cells[i + r->shift]));
	if (file->manner.zone.len) {
		struct err why = ERR_INIT;

		if (zone_load(&r->own_zone, arena_cstr(&r->arena, file->manner.zone), &why))
			problem_add(problems, str_of(map->path), file->line, file->column, STR("zone"), "%s", why.text);
		else
			r->zone = r->own_zone;
	}
	bind(r, problems);
	if (problems->count > before) {
		reader_free(r);
		return 0;
	}
	reader_define(r);
	*out = r;
	(void)err;
	return 0;
}

void reader_names(struct reader *r, struct lookalikes *names)
{
	r->names = names;
	if (!names)
		return;
	lookalikes_from(names, str_of(r->settings.path));
	for (size_t o = 0; o < r->object_count; o++)
		for (size_t i = 0; i < r->objects[o].count; i++) {
			struct bound *bound = &r->objects[o].bounds[i];

			if (bound->kind.len)
				bound->names_kind = lookalikes_kind(names, bound->kind);
		}
}

static void table_restart(struct table *table)
{
	table_release(table);
	table_init(table);
}

void reader_restart(struct reader *r)
{
	table_restart(&r->occurrences);
	table_restart(&r->odd_stages.counts);
	table_restart(&r->odd_origins.counts);
	table_restart(&r->odd_outcomes.counts);
	table_restart(&r->other_currencies.counts);
	table_restart(&r->open_addresses.counts);
	r->other_currencies.total = r->open_addresses.total = 0;
	r->odd_stages.total = r->odd_origins.total = r->odd_outcomes.total = 0;
	r->odd_emails = r->phone_keys = 0;
	r->error_cells = r->rounded_cells = r->identical_rows = r->superseded_rows = r->future_rows = 0;
	r->weighing = false;
}

void reader_observed(struct reader *r, int64_t at_ms)
{
	r->observed_ms = at_ms;
}

struct csv_row reader_header(const struct reader *r)
{
	return r->header;
}

void reader_free(struct reader *r)
{
	if (!r)
		return;
	if (r->own_zone)
		zone_free(r->own_zone);
	table_release(&r->keys);
	table_release(&r->occurrences);
	table_release(&r->odd_stages.counts);
	table_release(&r->odd_origins.counts);
	table_release(&r->odd_outcomes.counts);
	table_release(&r->open_addresses.counts);
	table_release(&r->other_currencies.counts);
	arena_release(&r->arena);
	arena_release(&r->scratch);
	free(r->standing);
	free(r);
}
