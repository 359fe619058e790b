#include "desk/lead_contact.h"

struct reading_contact {
	struct lead_contact *out;
	struct match_person person;
	struct arena *arena;
};

static struct str text_of(const struct reading_contact *r, const struct state *state, enum field code)
{
	const struct value *value = record_get(&state->record, code);

	return value && value->kind == VALUE_TEXT ? arena_str(r->arena, value->as.text) : STR_NONE;
}

static int take(void *context, const struct state *state, struct err *err)
{
	struct reading_contact *r = context;
	struct str first = text_of(r, state, FIELD_FIRST_NAME), last = text_of(r, state, FIELD_LAST_NAME);

	(void)err;
	r->out->company = text_of(r, state, FIELD_COMPANY);
	r->out->email = str_trim(text_of(r, state, FIELD_EMAIL));
	r->out->name = text_of(r, state, FIELD_NAME);
	r->person = (struct match_person){ .email = r->out->email,
					   .phone = text_of(r, state, FIELD_PHONE),
					   .country = text_of(r, state, FIELD_COUNTRY) };
	if (!r->out->name.len && (first.len || last.len))
		r->out->name = str_of(arena_printf(r->arena, "%.*s%s%.*s", STR_ARG(first),
						   first.len && last.len ? " " : "", STR_ARG(last)));
	return 0;
}

static bool has_opted_out(void *context, struct str source, struct str key)
{
	struct lead_desk *desk = context;
	struct lead_file file;
	uint32_t row;

	if (!cells_find(desk->facts, FACT_LEADS, source, key, &row, 1))
		return false;
	lead_file_read(desk->files, row, &file, desk->arena);
	return lead_opted_out(&file, desk->now_ms);
}

/* Who wants no contact wants none by another lead either. */
static int look_at_person(struct lead_desk *desk, const struct match_person *person, struct lead_contact *out,
			  struct err *err)
{
	if (out->opted_out || !desk->matches)
		return 0;
	if (matches_catch_up(desk->matches, err))
		return err->kind;
	out->unsure = !matches_complete(desk->matches);
	out->opted_out = !out->unsure && matches_any(desk->matches, person, has_opted_out, desk);
	return 0;
}

int lead_contact_read(struct lead_desk *desk, struct str key, struct lead_contact *out, struct err *err)
{
	const struct reading reading = { INT64_MAX, true };
	struct reading_contact r = { .out = out, .arena = desk->arena };
	struct problems problems;
	struct lead_file file;

	*out = (struct lead_contact){ .found = false };
	problems_init(&problems, desk->arena);
	if (!lead_desk_find(desk, key, &file, &problems))
		return 0;
	out->found = true;
	out->opted_out = lead_opted_out(&file, desk->now_ms);
	if (book_state_at(desk->book, cells_subject(desk->facts, FACT_LEADS, file.row), &reading, take, &r, err))
		return err->kind;
	return look_at_person(desk, &r.person, out, err);
}

int lead_person_opted_out(struct lead_desk *desk, const struct lead_file *file, bool *out, struct err *err)
{
	*out = lead_opted_out(file, desk->now_ms);
	if (*out || !desk->matches)
		return 0;
	if (matches_catch_up(desk->matches, err))
		return err->kind;
	*out = matches_complete(desk->matches) &&
	       matches_any_of(desk->matches, file->source, file->key, has_opted_out, desk);
	return 0;
}
