/* Stages as declared, custom columns as declared or met, and their values. Which column a value belongs to is known only when all
 * records before have been seen; so values wait until then. */
#include <stdlib.h>

#include "facts/load.h"

/* A field's name as a name of the language: other characters become "_". */
static struct str language_name(struct part *part, struct str name)
{
	char *out = arena_alloc(&part->arena, name.len + 2);
	size_t len = 0;

	if (name.len && name.at[0] >= '0' && name.at[0] <= '9')
		out[len++] = '_';
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];
		bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    (unsigned char)c >= 0x80;

		out[len++] = fine ? c : '_';
	}
	return (struct str){ out, len };
}

static struct column *custom_column(struct part *part, enum fact fact, uint32_t name, enum column_type type,
				    uint32_t sentence)
{
	struct str known = language_name(part, part->words.names[name]), says = part->words.names[sentence];
	struct column *column = known.len ? builder_custom(part->facts, fact, known, type, says) : NULL;

	/* The name is taken by a column of another kind. */
	if (!column && known.len)
		column = builder_custom(part->facts, fact,
					str_of(arena_printf(&part->arena, "own_%.*s", STR_ARG(known))), type, says);
	return column;
}

/* The column of that field by the values met so far; NULL when a value of that kind makes none. */
static struct column *column_for(struct part *part, const struct custom_value *value)
{
	static const enum column_type types[] = {
		[VALUE_TEXT] = COLUMN_NAME, [VALUE_NUMBER] = COLUMN_NUMBER, [VALUE_MONEY] = COLUMN_MONEY,
		[VALUE_DATE] = COLUMN_TIME, [VALUE_TIME] = COLUMN_TIME,     [VALUE_YES] = COLUMN_FLAG,
		[VALUE_NO] = COLUMN_FLAG,
	};
	struct column *column =
		facts_column(part->facts, value->fact, language_name(part, part->words.names[value->name]));

	/* What judging makes has its name to itself. */
	if (column && column->def.judged)
		column = NULL;
	if (!column && value->value.kind >= VALUE_TEXT && value->value.kind <= VALUE_NO)
		column = custom_column(part, value->fact, value->name, types[value->value.kind], 0);
	return column;
}

static int by_row(const void *left, const void *right)
{
	const struct custom_value *a = left, *b = right;

	if (a->fact != b->fact)
		return a->fact < b->fact ? -1 : 1;
	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static void fill_values(struct part *part)
{
	struct column **known = must_calloc((size_t)part->words.count * FACT__COUNT, sizeof(struct column *));

	if (part->values.count)
		qsort(part->values.items, part->values.count, sizeof(*part->values.items), by_row);
	for (size_t i = 0; i < part->values.count; i++) {
		const struct custom_value *value = &part->values.items[i];
		struct column **column = &known[(size_t)value->name * FACT__COUNT + value->fact];

		if (!*column)
			*column = column_for(part, value);
		if (*column && (*column)->def.custom)
			part_value(part, *column, value->row, &value->value);
	}
	free(known);
}

static void declare_stage(struct part *part, const struct stage_told *told)
{
	struct stage_def stage = { .name = part->words.names[told->name],
				   .position = told->position,
				   .bid = told->bid,
				   .limit_days = told->limit_days };

	if (!told->name || facts_stage(part->facts, stage.name))
		return;
	stage.means = told->means ? arena_cstr(&part->arena, part->words.names[told->means]) : "open";
	builder_stage(part->facts, &stage);
}

void load_customs(struct loader *l)
{
	struct part *part = &l->whole;

	for (size_t i = 0; i < part->customs.count; i++) {
		const struct custom_told *custom = &part->customs.items[i];

		if (custom->fact != FACT__COUNT)
			custom_column(part, custom->fact, custom->name, custom->type, custom->sentence);
	}
	for (size_t i = 0; i < part->stages.count; i++)
		declare_stage(part, &part->stages.items[i]);
	if (part->values.count)
		fill_values(part);
}
